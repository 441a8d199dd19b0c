/* store_outbox_list.c - what is not sent, as officers see it, and what they make of it. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_outbox.h"

#include <errno.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

static int read_case(sqlite3_stmt *q, struct store_outbox_entry *e, struct fault *f)
{
	int r = store_column_day(q, 14, &e->received, f);

	if (r == 0)
		r = store_column_day(q, 15, &e->due, f);
	if (r == 0 && foi_case_state_of(store_column_text(q, 16), &e->case_state) < 0)
		r = store_damaged(f, "state of a case");
	return r;
}

static int read_entry(sqlite3_stmt *q, struct store_outbox_entry *ret, struct fault *f)
{
	int r;

	*ret = (struct store_outbox_entry){
		.id = sqlite3_column_int64(q, 0),
		.case_id = sqlite3_column_int64(q, 1),
		.reference = store_column_text(q, 2),
		.kind = store_column_text(q, 3),
		.tries = (unsigned) sqlite3_column_int(q, 6),
		.created_at = sqlite3_column_int64(q, 7),
		.next_try = sqlite3_column_int64(q, 8),
		.code = sqlite3_column_int(q, 9),
		.status = store_column_text(q, 10),
		.reply = store_column_text(q, 11),
		.tells_due = sqlite3_column_type(q, 12) != SQLITE_NULL,
		.mailbox = store_column_text(q, 13),
	};
	r = store_outbox_state_of(store_column_text(q, 4), &ret->state, f);
	if (r == 0 && hold_of(store_column_text(q, 5), &ret->hold) < 0)
		r = store_damaged(f, "reason why a mail is held");
	if (r == 0 && ret->tells_due)
		r = store_column_day(q, 12, &ret->due_told, f);
	return r == 0 && ret->case_id ? read_case(q, ret, f) : r;
}

/* Return: number of rows; negative errno, or what the callback said. */
static int walk(struct store *s, sqlite3_stmt *q, store_outbox_entry_taker *take, void *context,
	struct fault *f)
{
	struct store_outbox_entry entry;
	int n = 0;
	int r;

	while ((r = store_step(s, q, f)) > 0) {
		r = read_entry(q, &entry, f);
		if (r < 0)
			return r;
		s->walks++;
		r = take(context, &entry);
		s->walks--;
		if (r < 0)
			return r;
		n++;
	}
	return r < 0 ? r : n;
}

static int check(const struct store_outbox_filter *filter, struct fault *f)
{
	if (filter->limit < 1 || filter->limit > STORE_PAGE_MAX)
		return fault_set(f, -EINVAL, "a page has 1 to %d rows", STORE_PAGE_MAX);
	if (filter->state < STORE_ANY || filter->state >= STORE_OUTBOX_STATE_COUNT ||
		filter->state == STORE_OUTBOX_SENT)
		return fault_set(f, -EINVAL, "no such state of a mail that is not sent");
	return filter->after < 0 ? fault_set(f, -EINVAL, "the cursor is none of ours") : 0;
}

int store_outbox_list(struct store *s, const struct store_outbox_filter *filter,
	store_outbox_entry_taker *take, void *context, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = check(filter, f);

	if (r < 0)
		return r;
	if (filter->state == STORE_ANY)
		r = STORE_QUERY(s, STORE_SQL_OUTBOX_LIST, &q, f, store_int(filter->after),
			store_uint(filter->limit));
	else
		r = STORE_QUERY(s, STORE_SQL_OUTBOX_LIST_STATE, &q, f, store_int(filter->after),
			store_uint(filter->limit),
			store_text(
				store_outbox_state_word((enum store_outbox_state) filter->state)));
	if (r == 0)
		r = walk(s, q, take, context, f);
	return r < 0 ? r : 0;
}

int store_outbox_get(
	struct store *s, int64_t id, store_outbox_entry_taker *take, void *context, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = STORE_QUERY(s, STORE_SQL_OUTBOX_GET, &q, f, store_int(id));

	return r < 0 ? r : walk(s, q, take, context, f);
}

int store_outbox_hold(struct store *s, int64_t id, enum hold hold, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_OUTBOX_HOLD, f, store_int(id), store_text(hold_word(hold)));

	if (r == 0)
		return fault_set_kind(f, FAULT_STORE, -EALREADY, "the mail is not queued");
	if (r > 0)
		r = STORE_RUN(s, STORE_SQL_CASE_UNTOLD, f, store_int(id));
	return r < 0 ? r : 0;
}

int store_outbox_again(struct store *s, int64_t id, enum hold hold, int64_t at, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_OUTBOX_AGAIN, f, store_int(id), store_int(at),
		store_text(hold_word(hold)));

	if (r < 0)
		return r;
	return r > 0 ? 0 : fault_set_kind(f, FAULT_STORE, -EALREADY, "the mail is sent");
}

int store_outbox_tells(struct store *s, int64_t case_id, struct day due, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_CASE_TOLD, f, store_int(case_id), store_day(due));

	return r < 0 ? r : 0;
}
