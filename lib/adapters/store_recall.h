/* store_recall.h - what our own mail tells a store that is a copy of before.
 *
 * Such a store (see store_recovering() in store_care.h) does not know which numbers were given and
 * what was sent after the copy was made. Our acknowledgements do: each carries a keyed token of its
 * case and names the mail that it answers. What they tell is kept here until the cases are there
 * again. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_RECALL_H
#define ADAPTERS_STORE_RECALL_H

#include "adapters/store.h"
#include "domain/token.h"

enum {
	STORE_RECALLED_ADDRESS_MAX = 512,
	STORE_RECALLED_TEXT_MAX = 16 * 1024,
};

/* How surely our own mail tells of a case. */
enum store_proof {
	STORE_PROOF_QUOTED,  /* somebody quotes its token */
	STORE_PROOF_MAILBOX, /* a mail of that Message-ID lies in the mailbox */
	STORE_PROOF_SENT,    /* in the Sent folder, where no outsider writes */
};

/* A case that our mail names and the store does not know. */
struct store_recalled {
	char reference[REFERENCE_MAX]; /* "" : none was found */
	char second[REFERENCE_MAX];    /* of the other case that the same mail opened; "" : none */
	enum store_proof proof;
	char mailbox[STORE_MAILBOX_MAX];
	char message_id[TOKEN_ID_MAX]; /* of the acknowledgement; "" : only quoted */
	char recipient[STORE_RECALLED_ADDRESS_MAX];
	int64_t at;  /* when it was sent, or first seen */
	char *text;  /* owned; what it says; "" : not known */
	char *bytes; /* owned; the acknowledgement itself */
	size_t n;
};

void store_recalled_done(struct store_recalled *r);

/* The mail that tells it. Borrowed. */
struct store_recalled_mail {
	const char *in_reply_to; /* what it acknowledges; NULL or "": that has no Message-ID */
	const char *text;	 /* NULL: not known, or of no worth */
	const char *bytes;	 /* NULL: none are kept */
	size_t n;
};

/* Keeps what is told about r->reference, with the text and bytes of @mail. What is known with a
 * better proof stays. */
int store_recalled_add(struct store *s, const struct store_recalled *r,
	const struct store_recalled_mail *mail, struct fault *f);

/**
 * store_recalled_find - the acknowledgement of a mail.
 * @message_id: of the mail; "" : it has none, and that of the same requester is meant
 *
 * Of several the oldest whose case is not there yet. Return: 1 with @ret, store_recalled_done() it;
 * 0 none; the store's faults.
 */
int store_recalled_find(struct store *s, const char *message_id, const char *requester,
	struct store_recalled *ret, struct fault *f);

/* Any whose case is not there yet. Return: as above. */
int store_recalled_next(struct store *s, struct store_recalled *ret, struct fault *f);

/* The case is there. */
int store_recalled_use(struct store *s, const char *reference, int64_t case_id, struct fault *f);

/* How many cases are not there yet. */
int store_recalled_count(struct store *s, uint64_t *ret, struct fault *f);

/* The acknowledgement of that case was sent, whatever its row says. @is_filed: its copy lies in the
 * Sent folder. Return: 1 the row said otherwise; 0 it said so, or there is none. */
int store_outbox_prove(
	struct store *s, int64_t case_id, int64_t at, bool is_filed, struct fault *f);

/* The counter goes on behind @value, if it stands below it. */
int store_number_raise(
	struct store *s, const char *counter, const char *period, uint64_t value, struct fault *f);

struct store_recovery {
	int64_t since;	     /* when the copy was made; 0: the store is none */
	bool is_known;	     /* numbers may be given again */
	int64_t hold_before; /* mail that came before may have been acknowledged; 0: all is known */
};

int store_recovery(struct store *s, struct store_recovery *ret, struct fault *f);

/* @hold_before: 0 leaves it as it is. */
int store_recovery_set(struct store *s, bool is_known, int64_t hold_before, struct fault *f);

/* One line of the history of recoveries; never changed or deleted. */
int store_recovery_note(struct store *s, int64_t at, const char *actor, const char *what,
	const char *why, struct fault *f);

#endif
