/* store.h - everything that is kept: folders, mails, cases, history, what is to be sent.
 *
 * SQLite in WAL mode with synchronous=FULL; the only module that holds SQL. register alone opens it
 * for writing (a lock file beside it keeps a second daemon out); the query role opens it read-only.
 * The schema and its invariants are described at the top of store_schema.c.
 *
 * Writing happens inside one transaction: store_begin(), any calls, store_commit(). A call that
 * fails leaves the transaction to be rolled back by store_rollback(); nothing is half done, for
 * store_commit() refuses what a call before it failed in. Only -EEXIST, where it is documented,
 * leaves the transaction as it was, to go on with. A write outside a transaction is refused.
 * Callbacks that are handed rows may read from the store, but not write to it.
 * The store never reads the clock: every instant (seconds since 1970 UTC) is an argument.
 *
 * Faults: FAULT_STORE_FULL (ENOSPC, EDQUOT, SQLITE_FULL), FAULT_STORE_BUSY (another process holds
 * it; transient; the call never waits longer than STORE_BUSY_MSEC), FAULT_STORE_DAMAGED (what is
 * read back is not what was written), FAULT_STORE. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_H
#define ADAPTERS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/fault.h"
#include "base/uidset.h"
#include "domain/fate.h"
#include "domain/foi_case.h"
#include "domain/hint.h"
#include "domain/hold.h"
#include "domain/letter.h"
#include "domain/likeness.h"
#include "domain/review_window.h"
#include "domain/triage.h"

enum {
	STORE_BUSY_MSEC = 50,	       /* register must not block; it tries again from its timer */
	STORE_START_BUSY_MSEC = 10000, /* store_open() waits so long for a backup or a browser */
	STORE_PAGE_MAX = 500,	       /* rows of one page of a list */
	STORE_CURSOR_MAX = 40,
	STORE_MAILBOX_MAX = 33,	  /* of a mailbox's name, with the NUL */
	STORE_LIKE_BAND_MAX = 16, /* mails of one band that a mail is compared with */
};

struct store;

/**
 * store_open - open for writing, making or migrating the schema as needed.
 * @now: for the rows that a new store begins with
 *
 * Takes the lock "PATH.lock" first; its descriptor is inherited by workers on purpose, so that no
 * new daemon starts while an old worker lives. Files are made with mode 0600, a directory is not.
 * A store of an older schema is copied to "PATH.schema-N" before it is migrated, in one transaction.
 *
 * Return: 0; -EBUSY another daemon has it, or another process held the database for all of
 *         STORE_START_BUSY_MSEC; -EPROTO the schema is newer than this program; -EBADMSG
 *         the file is no store of ours; -ENOENT (FAULT_MISSING) no such directory; -EACCES; others
 *         with the fault kinds above.
 */
int store_open(const char *path, int64_t now, struct store **ret, struct fault *f);

/* Opens read-only, beside a writer or alone. It must be of exactly this program's schema. */
int store_open_reader(const char *path, struct store **ret, struct fault *f);

struct store *store_close(struct store *s); /* NULL is fine; returns NULL */
void store_closep(struct store **s);

/* Whether the last writer closed it; false after a crash, and to a reader beside a writer. */
bool store_was_clean(const struct store *s);

/* The secret key of this store (DIGEST_KEY_BYTES), made when the store was. Borrowed. */
const uint8_t *store_key(const struct store *s);

int store_begin(struct store *s, struct fault *f);
/* Durable on return 0. On failure it is rolled back, and the store can be used again. */
int store_commit(struct store *s, struct fault *f);
void store_rollback(struct store *s);	   /* fine when nothing is open */
bool store_is_open(const struct store *s); /* a transaction is open */

/* ---- folders --------------------------------------------------------------------------------- */

/* One UIDVALIDITY of a folder. */
struct store_epoch {
	int64_t id;
	uint32_t uidvalidity;
	uint32_t baseline;     /* UIDs from here on are wanted */
	struct uidset backlog; /* older ones that are wanted too */
};

struct store_folder {
	int64_t id;
	int64_t created_at; /* when the configuration first named it */
	bool has_epochs;    /* some UIDVALIDITY was seen before */
};

/* The folder of that name, made if there is none (only then it needs a transaction). */
int store_folder(struct store *s, const char *mailbox, const char *folder, int64_t now,
	struct store_folder *ret, struct fault *f);

/* Return: 1 with @ret (store_epoch_done() it); 0 that UIDVALIDITY was never seen. */
int store_epoch(struct store *s, int64_t folder, uint32_t uidvalidity, struct store_epoch *ret,
	struct fault *f);
void store_epoch_done(struct store_epoch *e);

int store_epoch_add(struct store *s, int64_t folder, uint32_t uidvalidity, uint32_t baseline,
	const struct uidset *backlog, int64_t now, int64_t *ret_id, struct fault *f);

/* The UIDs of @epoch name other mails now, under the same UIDVALIDITY: its rows stay, it is found by
 * that number no more. (It gets one from the top of the range, which no server takes.) */
int store_epoch_retire(struct store *s, int64_t epoch, struct fault *f);

/* What tells a mail from another one that got its UID. */
struct store_known {
	uint32_t uid;
	int64_t internaldate;
	int64_t size;
};

enum {
	STORE_KNOWN_MAX = 32,
};

/* The last of the UIDs among @seen that have a row. */
int store_known(struct store *s, int64_t epoch, const struct uidset *seen,
	struct store_known ret[STORE_KNOWN_MAX], size_t *ret_n, struct fault *f);

/* UIDs of @epoch from @from on that have a row. */
int store_uids(struct store *s, int64_t epoch, uint32_t from, struct uidset *ret, struct fault *f);

/* UIDs of @epoch that have a row, and of which the mail server is still to be told by the keyword or the
 * move that the configuration asks for. @ret: uidset_done() it. */
int store_untold(struct store *s, int64_t epoch, struct uidset *ret, struct fault *f);
/* Replaces them; the empty set removes them. */
int store_untold_set(struct store *s, int64_t epoch, const struct uidset *uids, struct fault *f);

/* ---- mails ----------------------------------------------------------------------------------- */

/* One mail as it is recorded. Texts are borrowed and may be "". */
struct store_message {
	int64_t epoch;
	uint32_t uid;
	int64_t first_seen; /* our own first sight */
	int64_t internaldate;
	int64_t gateway;	     /* instant in our own gateway's Received line; 0: none */
	uint64_t size;		     /* RFC822.SIZE */
	const struct letter *letter; /* NULL: unreadable */
	const struct triage_verdict *verdict; /* its fate, reasons, suspect mark */
	const char *platform_message;	      /* matching_keys.platform_message */
	const struct hint_list *hints;	      /* NULL: none */
	struct day received;		      /* proposed day of receipt */
	bool is_receipt_disputed;
	int64_t case_id;      /* the case it belongs to or opened first; 0: none */
	int64_t duplicate_of; /* message; 0: none */
	const char *raw;      /* the mail itself; kept as proof; NULL: it could not be had */
	size_t raw_bytes;
};

/* Return: 0 with the new id; -EEXIST that (epoch, UID) has a row already (nothing is written). */
int store_message_add(
	struct store *s, const struct store_message *m, int64_t *ret_id, struct fault *f);

/* Ties a message to the case that it opened (the case's row needs the message's id first). */
int store_message_case(struct store *s, int64_t message, int64_t case_id, struct fault *f);

/**
 * store_likeness_add - keep the sketch of a mail, for comparison with later ones.
 *
 * It is found once the mail has a case: see store_message_case().
 */
int store_likeness_add(struct store *s, int64_t message, const struct likeness *l, struct fault *f);

/**
 * store_like - the case whose mail says most nearly the same.
 * @sender: for hint_like.is_same_sender
 *
 * Of several that are equally near, the newest. At most LIKENESS_BANDS times STORE_LIKE_BAND_MAX
 * mails are looked at.
 *
 * Return: 1 with @ret; 0 none shares LIKENESS_NEAR of the sketch's numbers; the store's faults.
 */
int store_like(struct store *s, const struct likeness *l, const char *sender, struct hint_like *ret,
	struct fault *f);

/* ---- cases ----------------------------------------------------------------------------------- */

/* Fill a triage_case, id 0 when there is none. @sender: whose place on the case is asked. A case in
 * triage is open. A reference is found for ever, also when the case got another. */
int store_case_by_reference(struct store *s, const char *reference, const char *sender,
	struct triage_case *ret, struct fault *f);
/* The first case of that address: a review keeps the address of the request. */
int store_case_by_platform(struct store *s, const char *platform_address, const char *sender,
	struct triage_case *ret, struct fault *f);
int store_case_by_id(
	struct store *s, int64_t id, const char *sender, struct triage_case *ret, struct fault *f);

/**
 * store_number_next - the next number of a counter.
 * @counter: "request", "review", "intake"
 * @period:  "2018" when counters reset yearly, else ""
 * @first:   what a new counter begins with
 *
 * Allocated inside the caller's transaction: gap-free, because a rollback takes it back.
 */
int store_number_next(struct store *s, const char *counter, const char *period, uint64_t first,
	uint64_t *ret, struct fault *f);

/* Adds the case, its part, authority, deadline, correspondent and platform address. */
int store_case_add(
	struct store *s, const struct foi_case_opening *c, int64_t *ret_id, struct fault *f);

/* One more computation of a part's last day. @cause: "opened", "calendar", or a move's word. */
int store_deadline_add(struct store *s, int64_t part, int64_t at, const char *cause,
	const struct foi_case_deadline *d, struct fault *f);

/* Sets marks (of enum foi_case_flag) beside those that the case has. Return: 0; -ENOENT. */
int store_case_flag(struct store *s, int64_t case_id, unsigned flags, struct fault *f);
int store_case_unflag(struct store *s, int64_t case_id, unsigned flags, struct fault *f);

/* Whether and when a case was answered: the last of its answers, the earliest last day of its parts,
 * and the regime of the part answered last (without an answer, of the first). Return: 0; -ENOENT. */
int store_case_answer(
	struct store *s, int64_t case_id, struct review_window_answer *ret, struct fault *f);

/* Links the two cases that one mail opened. */
int store_case_sibling(struct store *s, int64_t a, int64_t b, struct fault *f);

/* Links a case with the one that the mail which opened it was about. */
int store_case_relate(struct store *s, int64_t a, int64_t b, struct fault *f);

/**
 * store_event_add - one line of the history; never changed or deleted.
 * @case_id, @message: either may be 0, not both
 * @actor: "daemon", or "uid 1000 (name)"
 * @what:  a fixed word, "opened", "mail", "acknowledgement-queued", ...
 * @why:   English for an officer
 */
int store_event_add(struct store *s, int64_t case_id, int64_t message, int64_t at,
	const char *actor, const char *what, const char *why, struct fault *f);

/* ---- what is to be sent ---------------------------------------------------------------------- */

enum store_outbox_state {
	STORE_OUTBOX_QUEUED,
	STORE_OUTBOX_SENDING, /* handed over; after a crash it goes back to queued: at least once */
	STORE_OUTBOX_SENT,
	STORE_OUTBOX_FAILED,
	STORE_OUTBOX_HELD, /* waits for an officer */
	STORE_OUTBOX_STATE_COUNT,
};
const char *store_outbox_state_word(enum store_outbox_state state);

struct store_outbox {
	int64_t id;
	int64_t case_id;
	const char *mailbox;
	const char *kind;      /* "acknowledgement", or "digest", "escalation" to an officer */
	const char *reference; /* of the case */
	const char *message_id;
	const char *from; /* envelope sender; "" : null */
	const char *to;
	const char *bytes;
	size_t n;
	bool wants_copy;     /* a copy is to be filed in the Sent folder once it is sent */
	bool tells_due;	     /* it tells the requester the last day ... */
	struct day due_told; /* ... which is this */
	enum store_outbox_state state;
	enum hold hold;		/* why it was held last; HOLD_NONE: it never was */
	const char *counted_as; /* hold_counted_as(); NULL: of no count */
	unsigned tries;
	int64_t created_at;
	int64_t next_try;
	int64_t queued_at;   /* when its time began, after which it is given up */
	struct day received; /* the mail that opened the case */
};

/* At most one acknowledgement a case: -EEXIST for a second (nothing is written). The day that a
 * queued one tells becomes the case's. @o's id and tries
 * and what stands behind next_try are not looked at; case_id 0: about no case. State: queued or held. */
int store_outbox_add(
	struct store *s, const struct store_outbox *o, int64_t *ret_id, struct fault *f);

/* Called once a row; texts live until it returns. A negative result ends the walk with it. */
typedef int store_outbox_row(void *context, const struct store_outbox *o);

/* Queued rows whose time has come, oldest first, at most @max. */
int store_outbox_due(struct store *s, int64_t now, size_t max, store_outbox_row *row, void *context,
	struct fault *f);

/* When the next queued row is due; 0: none. */
int store_outbox_next(struct store *s, int64_t *ret_when, struct fault *f);

/* What became of one row. */
struct store_outbox_result {
	int64_t id;
	enum store_outbox_state state;
	int64_t at;
	int64_t next_try;   /* when queued again */
	int code;	    /* SMTP reply; 0: none */
	const char *status; /* "5.1.1" or "" */
	const char *reply;  /* server's text; kept in the case only */
	bool is_try;	    /* counts as one */
};

/* Return: 0; -ENOENT no such row; -EALREADY it was sent, which is final. */
int store_outbox_mark(struct store *s, const struct store_outbox_result *r, struct fault *f);
/* After a start: rows left as sending go back to queued. @ret_n: how many. */
int store_outbox_requeue(struct store *s, int64_t now, size_t *ret_n, struct fault *f);

/* Rows sent whose copy for the Sent folder is still to be filed; and that it was. */
int store_outbox_unfiled(struct store *s, const char *mailbox, size_t max, store_outbox_row *row,
	void *context, struct fault *f);
int store_outbox_filed(struct store *s, int64_t id, int64_t at, struct fault *f);

/* Which acknowledgements are counted. */
struct store_outbox_span {
	const char *counted_as; /* NULL: to whomever */
	enum hold hold;		/* held for this, or HOLD_NONE: not held */
	int64_t from;		/* when they were made */
	int64_t to;
	unsigned max; /* it is counted no further */
};

/* Acknowledgements of @span as they were made, those of this transaction too. One that an officer
 * has released stays among those that were held. */
int store_outbox_count(
	struct store *s, const struct store_outbox_span *span, uint64_t *ret, struct fault *f);

/* ---- looking --------------------------------------------------------------------------------- */

struct store_counts {
	uint64_t mails;
	uint64_t fates[FATE_COUNT];
	uint64_t cases_open;
	uint64_t cases_triage;
	uint64_t cases_waiting; /* for the requester: the clock stands */
	uint64_t cases_ended;	/* answered or closed */
	uint64_t overdue;	/* the clock runs, last day before today */
	uint64_t outbox[STORE_OUTBOX_STATE_COUNT];
	uint64_t unreadable;
};

int store_counts(struct store *s, struct day today, struct store_counts *ret, struct fault *f);

enum {
	STORE_ANY = -1,	 /* of kinds and states */
	STORE_LIVE = -2, /* of states: open, waiting or in triage */
};
struct store_filter {
	int kind;	 /* of enum case_kind; STORE_ANY */
	int state;	 /* of enum foi_case_state; STORE_ANY; STORE_LIVE */
	bool is_overdue; /* last day before @today, and the clock runs */
	struct day today;
	const char
		*after; /* cursor of the last row seen, from anyone; NULL or "": from the start */
	size_t limit;	/* 1 to STORE_PAGE_MAX */
};

/* One row of a list; texts live until the callback returns. */
struct store_case_row {
	int64_t id;
	const char *reference;
	enum case_kind kind;
	enum foi_case_state state;
	unsigned flags;
	struct day received;
	struct day due;
	bool is_provisional;
	enum statute_regime regime;
	const char *subject;
	const char *requester;
	const char *requester_name;
	const char *parent_reference; /* "" : none */
	const char *mailbox;
	const char *authority;
	const char *acknowledgement; /* outbox state word; "" : none was made */
	int64_t opened_at;
	const char *cursor; /* for store_filter.after */
};
typedef int store_case_row_taker(void *context, const struct store_case_row *row);

/**
 * store_list - one page of cases.
 *
 * Earliest last day first for live cases (also with STORE_LIVE and is_overdue); latest last day
 * first for answered and closed ones; with STORE_ANY the last opened first. The cursor holds the place
 * itself, so that pages go on rightly when the row it came from has changed.
 *
 * Return: 0; -EINVAL bad filter or cursor; what the callback returned.
 */
int store_list(struct store *s, const struct store_filter *filter, store_case_row_taker *take,
	void *context, struct fault *f);

/* One row by reference. Return: 1; 0 no such case. */
int store_get(struct store *s, const char *reference, store_case_row_taker *take, void *context,
	struct fault *f);

#endif
