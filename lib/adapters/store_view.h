/* store_view.h - everything that the store keeps about one case. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_VIEW_H
#define ADAPTERS_STORE_VIEW_H

#include "adapters/store.h"

/* Parts of a case for `show`; each callback may be NULL. */
struct store_message_row {
	int64_t id;
	const char *mailbox;
	const char *folder;
	uint32_t uidvalidity;
	uint32_t uid;
	enum fate fate;
	int64_t first_seen;
	int64_t internaldate;
	int64_t gateway;
	struct day received;
	const char *from;
	const char *from_name;
	const char *subject;
	const char *message_id;
	const char *text;
	const char *new_text;
	const char *reasons;  /* JSON array of {rule, evidence} */
	const char *warnings; /* JSON array of texts */
	const char *hints;    /* JSON array of {hint, evidence} */
};

struct store_attachment_row {
	int64_t message;
	const char *name;
	const char *type;
	uint64_t bytes;
	const char *sha256;
};

struct store_event_row {
	int64_t id;
	int64_t at;
	const char *actor;
	const char *what;
	const char *why;
	unsigned part; /* its number; 0: the whole case */
	bool has_day;
	struct day day;	     /* when it happened in the world */
	const char *details; /* JSON object of a move; "" : it is no move */
	int64_t undoes;	     /* the move taken back; 0: none */
	int64_t undone;	     /* the move that takes it back; 0: none */
};

struct store_deadline_row {
	int64_t at;
	struct foi_case_deadline deadline;
	const char *part;
	const char *authority;
};

struct store_outbox_view {
	int64_t id;
	const char *kind;
	enum store_outbox_state state;
	const char *to;
	const char *message_id;
	unsigned tries;
	int64_t created_at;
	int64_t sent_at;  /* 0: not yet */
	int64_t next_try; /* 0: none */
	int code;
	const char *status;
	const char *reply;
	bool tells_due;
	struct day due_told;
	enum hold hold; /* why it was held when it was made */
};

struct store_case_view {
	int (*message)(void *context, const struct store_message_row *row);
	int (*attachment)(void *context, const struct store_attachment_row *row);
	int (*event)(void *context, const struct store_event_row *row);
	int (*deadline)(void *context, const struct store_deadline_row *row);
	int (*outbox)(void *context, const struct store_outbox_view *row);
	int (*linked)(void *context, const char *reference, const char *how);
};

/* Everything of one case, as of one moment, each kind in the order of its making. */
int store_view(struct store *s, int64_t case_id, const struct store_case_view *view, void *context,
	struct fault *f);

#endif
