/* fetch_internal.h - what the files of the fetch role share; for no one else. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FETCH_INTERNAL_H
#define DAEMON_FETCH_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "adapters/imap.h"
#include "base/fault.h"
#include "base/uidset.h"
#include "daemon/fetch.h"

enum {
	FETCH_FOLDERS_MAX = 64,
	FETCH_KNOWN_MAX = IMAP_BATCH_MAX,
	FETCH_SEEK_US = 2 * 60 * 1000 * 1000, /* spent at one look on mails that vanished */
};

enum fetch_after {
	FETCH_AFTER_NONE,
	FETCH_AFTER_KEYWORD,
	FETCH_AFTER_MOVE,
};

/* A watched folder. */
struct fetch_folder {
	const char *name; /* borrowed from the "begin" record */
	bool junk;
	bool is_open;	      /* opened at the last attempt */
	uint32_t uidvalidity; /* 0: never opened */
	uint32_t exists;      /* at the last look */
	int64_t full_us;      /* when all UIDs were compared; 0: not on this connection */
	struct uidset known;  /* what the server showed on this connection */
	struct uidset untold; /* durable, the server is still to be told */
};

/* A mail that register has not called durable yet. */
struct fetch_flight {
	const struct fetch_folder *folder;
	uint32_t uidvalidity;
	uint32_t uid;
	uint64_t bytes;
};

/* What register wants of a folder. */
struct fetch_want {
	struct imap_mail known[FETCH_KNOWN_MAX]; /* UID, INTERNALDATE, size as they were */
	size_t n_known;
	struct uidset uids;	   /* plain ones */
	struct uidset careful;	   /* each alone */
	struct uidset header_only; /* each alone, only the header */
};

struct fetch {
	int channel;
	bool is_closed;		       /* register is gone: every way leads out */
	struct imap *imap;	       /* owned; NULL: no connection */
	struct fetch_folder *selected; /* NULL: none */

	json_t *begin; /* owned; texts below are borrowed from it */
	struct imap_options options;
	const char *sent_folder;
	const char *after_argument;
	enum fetch_after after;
	unsigned poll_sec;
	uint64_t mail_bytes_max;
	bool once;
	bool change;
	bool recall; /* our own mails are still to be brought */

	struct fetch_folder folders[FETCH_FOLDERS_MAX];
	size_t n_folders;
	struct fetch_flight flights[FETCH_CREDIT];
	size_t n_flights;
	uint64_t flight_bytes;

	bool has_no_ids;	/* the server cannot be asked for Message-IDs */
	int64_t seek_left_us;	/* of FETCH_SEEK_US */
	const char *awaited;	/* type of the answer that is due; NULL: none */
	int64_t since;		/* of the last "look" */
	struct fetch_want want; /* of the last "want" */
};

int64_t fetch_now_us(void);

/* Milliseconds until the next attempt, after one that failed with @f behind a pause of @ms (0: none). */
unsigned fetch_next_pause(unsigned ms, const struct fault *f);

/* ---- fetch_begin.c ---- */

/* Takes the "begin" record and keeps it. Return: 0; -EBADMSG. */
int fetch_begin(struct fetch *p, struct fault *f);

/* ---- fetch_record.c: records in and out. A negative result is the end of this process when
 * p->is_closed, else of the connection. ---- */

/* Announces a step. @folder and @set may be NULL. */
int fetch_step(struct fetch *p, const char *what, uint64_t ms, struct fault *f);
/* Takes the record over. @passed stays the caller's; -1: none. */
int fetch_send(struct fetch *p, json_t *record, int passed, struct fault *f);
/* A record about @folder: type, folder, uidvalidity. NULL when memory is short. */
json_t *fetch_record(const char *type, const struct fetch_folder *folder);
/* With the set in a memfd. Takes the record over. */
int fetch_send_set(struct fetch *p, json_t *record, const struct uidset *set, struct fault *f);
/* With the set as member "set". Takes the record over. */
int fetch_send_text(struct fetch *p, json_t *record, const struct uidset *set, struct fault *f);
/* A fault record with the folder's name; NULL: "". */
int fetch_send_fault(struct fetch *p, const struct fetch_folder *folder, const struct fault *what);

/* Takes what register has sent, until nothing is left; @ms: waits so long for the first. Appends
 * are carried out at once. */
int fetch_take(struct fetch *p, uint64_t ms, struct fault *f);
/* Waits for the answer @type, "look" or "want". */
int fetch_await(struct fetch *p, const char *type, struct fault *f);

/* ---- fetch_folder.c ---- */

/* Looks at a folder and brings what register wants of it. @heard_us: see "mail". A folder that
 * cannot be opened is reported and left out: 0. */
int fetch_look(struct fetch *p, struct fetch_folder *folder, int64_t heard_us, struct fault *f);

/* ---- fetch_batch.c ---- */

/* Brings p->want of the selected folder. */
int fetch_bring(struct fetch *p, int64_t heard_us, struct fault *f);
/* Names the UIDs in hand, so that register knows what killed us if something does. */
int fetch_announce(struct fetch *p, const struct imap_mail *mails, size_t n, struct fault *f);
int fetch_send_mail(struct fetch *p, const struct imap_mail *mail, bool is_cut, int64_t heard_us,
	struct fault *f);
/* A record about @mail of the selected folder. NULL when memory is short. */
json_t *fetch_describe(const char *type, struct fetch *p, const struct imap_mail *mail);
/* At most @max UIDs from the beginning of @s. Return: 0; -ENOMEM. */
int fetch_head(const struct uidset *s, uint32_t max, struct uidset *ret);
void fetch_want_done(struct fetch_want *w);

/* ---- fetch_missing.c ---- */

/* Sends of each of @mails that did not come what has become of it: found in another folder,
 * refused, gone. */
int fetch_settle_missing(struct fetch *p, struct imap_mail *mails, size_t n, enum imap_part part,
	int64_t heard_us, struct fault *f);

/* ---- fetch_recall.c ---- */

/* Brings our own mails, if register wants them and does not have them yet. */
int fetch_recall(struct fetch *p, struct fault *f);

/* ---- fetch_tell.c ---- */

/* Takes a "done": gives credit back, notes what is to be told. */
int fetch_done(struct fetch *p, const json_t *record, struct fault *f);
/* Tells the server what is durable of the selected folder. */
int fetch_tell(struct fetch *p, struct fault *f);
/* Carries out an "append" and answers it. */
int fetch_append(struct fetch *p, const json_t *record, int passed, struct fault *f);

#endif
