/* register_recover.h - a store that is a copy of before is told what it has lost.
 *
 * While it lasts nothing is sent. fetch first brings our own mails, from which recall (flow/recall.h)
 * learns which numbers were given and what was acknowledged; no folder is looked at and no number is
 * given before that is done for all mailboxes. Where nothing tells the highest number an officer must.
 * Then mail is taken in as always, and its acknowledgements wait for an officer's word. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_RECOVER_H
#define DAEMON_REGISTER_RECOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/fault.h"

struct mail;
struct register_state;
struct watch;

struct recover {
	bool is_on;
	bool is_known; /* numbers may be given */
	bool is_found; /* a mail of ours was, in this run */
	bool is_told;  /* that an officer must name the next number */
	int64_t since; /* when the copy was made */
};

/* How far one mailbox is. */
struct recover_scan {
	bool is_paused; /* fetch waits for "on" */
	bool is_done;
	bool has_sent; /* the Sent folder was read whole */
	size_t n;      /* mails that are not committed yet */
};

/* Asks the store whether it is such a copy. */
int recover_load(struct register_state *reg, struct fault *f);

/* Whether fetch brings our own mails first; and that it begins. */
bool recover_wants_scan(const struct watch *w);
void recover_started(struct watch *w);

/* Records of fetch: "recall", "paused", "recalled". */
bool recover_is_record(const char *type);
int recover_take_record(struct watch *w, const json_t *record, int *passed, struct fault *f);

/* Whether mails must not be taken in yet. */
bool recover_waits(const struct register_state *reg);

int recover_record(
	struct register_state *reg, const struct mail *m, struct fault *f); /* in a turn */
void recover_finish_mail(const struct mail *m);				    /* behind its commit */
void recover_go_on(struct register_state *reg);				    /* behind each turn */

/* A mail has proved that the store is older than what was sent: the recovery begins. */
void recover_enter(struct register_state *reg);

/* Whether all mailboxes have been gone through, and what they told is durable. */
bool recover_is_scanned(const struct register_state *reg);

/* A mailbox whose Sent folder could not be read whole; NULL: none. */
const struct watch *recover_unread_sent(const struct register_state *reg);

/* Numbers may be given. Inside a transaction; @hold: as store_recovery_set(). */
int recover_set_known(struct register_state *reg, const char *actor, const char *why, int64_t hold,
	struct fault *f);

/* ---- register_recovered.c -------------------------------------------------------------------- */

/* What an officer must know, a sentence each, for the status. */
void recover_troubles(const struct register_state *reg, json_t *array);

/* The order of an officer to go on. Texts are borrowed; NULL: none. */
struct recover_order {
	const char *next;	 /* the next reference of a request */
	const char *next_review; /* and of a review */
	const char *actor;
	int64_t uid;
};

/**
 * recover_end - end the recovery.
 * @ret_why: why it goes on all the same, a sentence; NULL: it has ended
 *
 * Return: 0; -EINVAL a reference is none of ours; -EPERM it cannot end, the text of @f says why; the
 *         store's faults.
 */
int recover_end(struct register_state *reg, const struct recover_order *o, const char **ret_why,
	struct fault *f);

#endif
