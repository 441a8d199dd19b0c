/* store_outbox.c - what is to be sent, and what became of it. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store.h"

#include <errno.h>
#include <string.h>

#include "adapters/store_internal.h"
#include "adapters/store_outbox.h"
#include "base/cleanup.h"

static const char *const state_words[STORE_OUTBOX_STATE_COUNT] = {
	[STORE_OUTBOX_QUEUED] = "queued",
	[STORE_OUTBOX_SENDING] = "sending",
	[STORE_OUTBOX_SENT] = "sent",
	[STORE_OUTBOX_FAILED] = "failed",
	[STORE_OUTBOX_HELD] = "held",
};

const char *store_outbox_state_word(enum store_outbox_state state)
{
	return state_words[state];
}

int store_outbox_state_of(const char *word, enum store_outbox_state *ret, struct fault *f)
{
	for (unsigned i = 0; i < STORE_OUTBOX_STATE_COUNT; i++) {
		if (strcmp(word, state_words[i]) == 0) {
			*ret = (enum store_outbox_state) i;
			return 0;
		}
	}
	return store_damaged(f, "state of the outbox");
}

/* Only a queued row has a time for its next try: the index of what is due rests on it. */
static struct store_param next_try(enum store_outbox_state state, int64_t when)
{
	return state == STORE_OUTBOX_QUEUED ? store_int(when) : store_id(0);
}

int store_outbox_add(
	struct store *s, const struct store_outbox *o, int64_t *ret_id, struct fault *f)
{
	int64_t id;
	int r;

	if (o->state != STORE_OUTBOX_QUEUED && o->state != STORE_OUTBOX_HELD)
		return fault_set_kind(f, FAULT_STORE, -EINVAL, "a mail begins as queued or held");
	r = STORE_RUN(s, STORE_SQL_MAILBOX_ADD, f, store_text(o->mailbox));
	if (r < 0)
		return r;
	r = STORE_RUN(s, STORE_SQL_OUTBOX_ADD, f, store_id(o->case_id), store_text(o->mailbox),
		store_text(o->kind), store_text(o->message_id), store_text(o->from),
		store_text(o->to), o->tells_due ? store_day(o->due_told) : store_no_day(),
		store_int(o->wants_copy), store_text(state_words[o->state]),
		store_int(o->created_at), next_try(o->state, o->next_try),
		store_text(o->counted_as), store_text(hold_word(o->hold)));
	if (r < 0)
		return r;
	if (r == 0)
		return fault_set_kind(
			f, FAULT_STORE, -EEXIST, "the case has an acknowledgement already");
	id = store_last_id(s);
	r = STORE_RUN(s, STORE_SQL_OUTBOX_MAIL_ADD, f, store_int(id), store_blob(o->bytes, o->n));
	if (r >= 0 && o->case_id && o->tells_due && o->state == STORE_OUTBOX_QUEUED)
		r = STORE_RUN(
			s, STORE_SQL_CASE_TOLD, f, store_int(o->case_id), store_day(o->due_told));
	if (r < 0)
		return r;
	*ret_id = id;
	return 0;
}

static int read_row(sqlite3_stmt *q, struct store_outbox *ret, struct fault *f)
{
	*ret = (struct store_outbox){
		.id = sqlite3_column_int64(q, 0),
		.case_id = sqlite3_column_int64(q, 1),
		.mailbox = store_column_text(q, 2),
		.kind = store_column_text(q, 3),
		.reference = store_column_text(q, 4),
		.message_id = store_column_text(q, 5),
		.from = store_column_text(q, 6),
		.to = store_column_text(q, 7),
		.bytes = sqlite3_column_blob(q, 8),
		.n = (size_t) sqlite3_column_bytes(q, 8),
		.wants_copy = sqlite3_column_int(q, 9) != 0,
		.tells_due = sqlite3_column_type(q, 10) != SQLITE_NULL,
		.tries = (unsigned) sqlite3_column_int(q, 12),
		.created_at = sqlite3_column_int64(q, 13),
		.next_try = sqlite3_column_int64(q, 14),
		.queued_at = sqlite3_column_int64(q, 15),
	};
	if (!ret->bytes)
		ret->bytes = ""; /* an empty value reads as NULL */
	if (ret->tells_due && store_column_day(q, 10, &ret->due_told, f) < 0)
		return -EUCLEAN;
	if (ret->case_id && store_column_day(q, 17, &ret->received, f) < 0)
		return -EUCLEAN;
	if (hold_of(store_column_text(q, 16), &ret->hold) < 0)
		return store_damaged(f, "reason why a mail is held");
	return store_outbox_state_of(store_column_text(q, 11), &ret->state, f);
}

static int walk(
	struct store *s, sqlite3_stmt *q, store_outbox_row *row, void *context, struct fault *f)
{
	struct store_outbox o;
	int r;

	while ((r = store_step(s, q, f)) > 0) {
		r = read_row(q, &o, f);
		if (r < 0)
			return r;
		s->walks++;
		r = row(context, &o);
		s->walks--;
		if (r < 0)
			return r;
	}
	return r;
}

int store_outbox_due(struct store *s, int64_t now, size_t max, store_outbox_row *row, void *context,
	struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = STORE_QUERY(s, STORE_SQL_OUTBOX_DUE, &q, f, store_int(now), store_uint(max));
	return r < 0 ? r : walk(s, q, row, context, f);
}

int store_outbox_unfiled(struct store *s, const char *mailbox, size_t max, store_outbox_row *row,
	void *context, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = STORE_QUERY(s, STORE_SQL_OUTBOX_UNFILED, &q, f, store_text(mailbox), store_uint(max));
	return r < 0 ? r : walk(s, q, row, context, f);
}

int store_outbox_next(struct store *s, int64_t *ret_when, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = store_query_params(s, STORE_SQL_OUTBOX_NEXT, NULL, 0, &q, f);
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r < 0)
		return r;
	*ret_when = r > 0 ? sqlite3_column_int64(q, 0) : 0;
	return 0;
}

/* Why a mark changed no row. */
static int explain_unmarked(struct store *s, int64_t id, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = STORE_QUERY(s, STORE_SQL_OUTBOX_STATE, &q, f, store_int(id));
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r < 0)
		return r;
	if (r == 0)
		return fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such mail in the outbox");
	return fault_set_kind(f, FAULT_STORE, -EALREADY, "the mail was sent already");
}

int store_outbox_mark(struct store *s, const struct store_outbox_result *result, struct fault *f)
{
	bool is_sent = result->state == STORE_OUTBOX_SENT;
	int r;

	r = STORE_RUN(s, STORE_SQL_OUTBOX_MARK, f, store_int(result->id),
		store_text(state_words[result->state]), store_int(result->is_try),
		next_try(result->state, result->next_try),
		is_sent ? store_int(result->at) : store_id(0), store_int(result->code),
		store_text(result->status), store_text(result->reply));
	if (r < 0)
		return r;
	return r > 0 ? 0 : explain_unmarked(s, result->id, f);
}

int store_outbox_requeue(struct store *s, int64_t now, size_t *ret_n, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_OUTBOX_REQUEUE, f, store_int(now));

	if (r < 0)
		return r;
	*ret_n = (size_t) r;
	return 0;
}

int store_outbox_filed(struct store *s, int64_t id, int64_t at, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_OUTBOX_FILED, f, store_int(id), store_int(at));

	if (r < 0)
		return r;
	return r > 0 ? 0 : fault_set_kind(f, FAULT_MISSING, -ENOENT, "no sent mail to be filed");
}

/* Answers from one of the two indexes of counting. */
static int query_count(
	struct store *s, const struct store_outbox_span *span, sqlite3_stmt **ret, struct fault *f)
{
	const char *hold = hold_word(span->hold);

	if (!span->counted_as)
		return STORE_QUERY(s, STORE_SQL_OUTBOX_COUNT, ret, f, store_text(hold),
			store_int(span->from), store_int(span->to), store_uint(span->max));
	return STORE_QUERY(s, STORE_SQL_OUTBOX_COUNT_TO, ret, f, store_text(span->counted_as),
		store_text(hold), store_int(span->from), store_int(span->to),
		store_uint(span->max));
}

int store_outbox_count(
	struct store *s, const struct store_outbox_span *span, uint64_t *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = query_count(s, span, &q, f);

	if (r == 0)
		r = store_step(s, q, f);
	if (r < 0)
		return r;
	*ret = r > 0 ? (uint64_t) sqlite3_column_int64(q, 0) : 0;
	return 0;
}
