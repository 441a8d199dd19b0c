/* store_outbox.h - what is not sent, as officers see it, and what they make of it. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_OUTBOX_H
#define ADAPTERS_STORE_OUTBOX_H

#include "adapters/store.h"

/* Return: 0; -EUCLEAN it is no state. */
int store_outbox_state_of(const char *word, enum store_outbox_state *ret, struct fault *f);

/* A mail of ours in a list. Texts live until the callback returns. */
struct store_outbox_entry {
	int64_t id;
	int64_t case_id; /* 0: about no case, as the next four */
	const char *reference;
	struct day received;
	struct day due;
	enum foi_case_state case_state;
	const char *mailbox;
	const char *kind;
	enum store_outbox_state state;
	enum hold hold; /* why it was held last */
	unsigned tries; /* since it was queued last */
	int64_t created_at;
	int64_t next_try;   /* 0: none */
	int code;	    /* of the server's last answer; 0: none */
	const char *status; /* "5.1.1" or "" */
	const char *reply;  /* may name people */
	bool tells_due;
	struct day due_told;
};
typedef int store_outbox_entry_taker(void *context, const struct store_outbox_entry *entry);

struct store_outbox_filter {
	int state;     /* an enum store_outbox_state but STORE_OUTBOX_SENT, or STORE_ANY */
	int64_t after; /* id of the last row of the page before; 0 to begin */
	size_t limit;  /* 1 to STORE_PAGE_MAX */
};

/* Mails that are not sent, in the order in which they were made. A negative result of @take ends the
 * walk with it. Return: 0; -EINVAL a filter that is none. */
int store_outbox_list(struct store *s, const struct store_outbox_filter *filter,
	store_outbox_entry_taker *take, void *context, struct fault *f);

/* One mail, sent or not. Return: 1 it was handed to @take; 0 there is none. */
int store_outbox_get(struct store *s, int64_t id, store_outbox_entry_taker *take, void *context,
	struct fault *f);

/* A queued one is held. The day that it tells is told no more, unless it may have left. Return: 0;
 * -EALREADY it is not queued. */
int store_outbox_hold(struct store *s, int64_t id, enum hold hold, struct fault *f);

/* One that is queued, held or failed gets a time of its own from @at on, as a new one.
 * @hold: HOLD_NONE leaves why it was held last. Return: 0; -EALREADY it is sent, or being sent. */
int store_outbox_again(struct store *s, int64_t id, enum hold hold, int64_t at, struct fault *f);

/* The requester is to be told @due: as of a new one. */
int store_outbox_tells(struct store *s, int64_t case_id, struct day due, struct fault *f);

#endif
