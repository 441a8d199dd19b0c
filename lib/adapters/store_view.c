/* store_view.c - everything of one case. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_view.h"

#include <stdio.h>
#include <string.h>

#include "adapters/store_internal.h"
#include "adapters/store_outbox.h"
#include "base/cleanup.h"

int store_view_begin(struct store *s, bool *ret_own, struct fault *f)
{
	int r;

	*ret_own = sqlite3_get_autocommit(s->db) != 0;
	if (!*ret_own)
		return 0;
	r = store_exec(s, "BEGIN", "the store could not be read", f);
	return r;
}

void store_view_end(struct store *s, bool is_own)
{
	if (is_own && !sqlite3_get_autocommit(s->db))
		(void) sqlite3_exec(
			s->db, "ROLLBACK", NULL, NULL, NULL); /* only read; cannot fail */
}

/* Reads the row that @q stands on and hands it over. */
typedef int give_row(
	const struct store_case_view *view, void *context, sqlite3_stmt *q, struct fault *f);

static int give_message(
	const struct store_case_view *view, void *context, sqlite3_stmt *q, struct fault *f)
{
	struct store_message_row row = {
		.id = sqlite3_column_int64(q, 0),
		.mailbox = store_column_text(q, 1),
		.folder = store_column_text(q, 2),
		.uidvalidity = (uint32_t) sqlite3_column_int64(q, 3),
		.uid = (uint32_t) sqlite3_column_int64(q, 4),
		.first_seen = sqlite3_column_int64(q, 6),
		.internaldate = sqlite3_column_int64(q, 7),
		.gateway = sqlite3_column_int64(q, 8),
		.from = store_column_text(q, 10),
		.from_name = store_column_text(q, 11),
		.subject = store_column_text(q, 12),
		.message_id = store_column_text(q, 13),
		.text = store_column_text(q, 14),
		.new_text = store_column_text(q, 15),
		.reasons = store_column_text(q, 16),
		.warnings = store_column_text(q, 17),
		.hints = store_column_text(q, 18),
	};
	int r;

	if (fate_of(store_column_text(q, 5), &row.fate) < 0)
		return store_damaged(f, "fate");
	r = store_column_day(q, 9, &row.received, f);
	return r < 0 ? r : view->message(context, &row);
}

static int give_attachment(
	const struct store_case_view *view, void *context, sqlite3_stmt *q, struct fault *f)
{
	const struct store_attachment_row row = {
		.message = sqlite3_column_int64(q, 0),
		.name = store_column_text(q, 1),
		.type = store_column_text(q, 2),
		.bytes = (uint64_t) sqlite3_column_int64(q, 3),
		.sha256 = store_column_text(q, 4),
	};

	(void) f; /* nothing in it can be wrong */
	return view->attachment(context, &row);
}

static int give_event(
	const struct store_case_view *view, void *context, sqlite3_stmt *q, struct fault *f)
{
	struct store_event_row row = {
		.id = sqlite3_column_int64(q, 0),
		.at = sqlite3_column_int64(q, 1),
		.actor = store_column_text(q, 2),
		.what = store_column_text(q, 3),
		.why = store_column_text(q, 4),
		.part = (unsigned) sqlite3_column_int(q, 5),
		.has_day = sqlite3_column_type(q, 6) != SQLITE_NULL,
		.details = store_column_text(q, 7),
		.undoes = sqlite3_column_int64(q, 8),
		.undone = sqlite3_column_int64(q, 9),
	};
	int r = row.has_day ? store_column_day(q, 6, &row.day, f) : 0;

	return r < 0 ? r : view->event(context, &row);
}

static int read_deadline(sqlite3_stmt *q, struct foi_case_deadline *ret, struct fault *f)
{
	const char *hash = store_column_text(q, 7);
	int r;

	if (statute_regime_parse(store_column_text(q, 1), &ret->regime) < 0)
		return store_damaged(f, "regime");
	if (statute_rule_parse(store_column_text(q, 2), &ret->rule) < 0)
		return store_damaged(f, "rule of receipt");
	if (strlen(hash) >= sizeof ret->calendar_hash)
		return store_damaged(f, "sum of a calendar");
	(void) snprintf(ret->calendar_hash, sizeof ret->calendar_hash, "%s", hash);
	ret->working_days = (unsigned) sqlite3_column_int(q, 3);
	ret->is_provisional = sqlite3_column_int(q, 6) != 0;
	r = store_column_day(q, 4, &ret->received, f);
	return r < 0 ? r : store_column_day(q, 5, &ret->due, f);
}

static int give_deadline(
	const struct store_case_view *view, void *context, sqlite3_stmt *q, struct fault *f)
{
	struct store_deadline_row row = {
		.at = sqlite3_column_int64(q, 0),
		.part = store_column_text(q, 8),
		.authority = store_column_text(q, 9),
	};
	int r = read_deadline(q, &row.deadline, f);

	return r < 0 ? r : view->deadline(context, &row);
}

static int give_outbox(
	const struct store_case_view *view, void *context, sqlite3_stmt *q, struct fault *f)
{
	struct store_outbox_view row = {
		.id = sqlite3_column_int64(q, 0),
		.kind = store_column_text(q, 1),
		.to = store_column_text(q, 3),
		.message_id = store_column_text(q, 4),
		.tries = (unsigned) sqlite3_column_int(q, 5),
		.created_at = sqlite3_column_int64(q, 6),
		.sent_at = sqlite3_column_int64(q, 7),
		.next_try = sqlite3_column_int64(q, 8),
		.code = sqlite3_column_int(q, 9),
		.status = store_column_text(q, 10),
		.reply = store_column_text(q, 11),
		.tells_due = sqlite3_column_type(q, 12) != SQLITE_NULL,
	};
	int r = store_outbox_state_of(store_column_text(q, 2), &row.state, f);

	if (r == 0 && hold_of(store_column_text(q, 13), &row.hold) < 0)
		return store_damaged(f, "reason of a held mail");
	if (r == 0 && row.tells_due)
		r = store_column_day(q, 12, &row.due_told, f);
	return r < 0 ? r : view->outbox(context, &row);
}

static int give_linked(
	const struct store_case_view *view, void *context, sqlite3_stmt *q, struct fault *f)
{
	(void) f; /* nothing in it can be wrong */
	return view->linked(context, store_column_text(q, 0), store_column_text(q, 1));
}

static int walk(struct store *s, enum store_sql sql, int64_t case_id, give_row *give,
	const struct store_case_view *view, void *context, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = STORE_QUERY(s, sql, &q, f, store_int(case_id));
	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0) {
		s->walks++;
		r = give(view, context, q, f);
		s->walks--;
		if (r < 0)
			return r;
	}
	return r;
}

static int view_all(struct store *s, int64_t case_id, const struct store_case_view *view,
	void *context, struct fault *f)
{
	const struct {
		bool is_wanted;
		enum store_sql sql;
		give_row *give;
	} kinds[] = {
		{ view->message != NULL, STORE_SQL_VIEW_MESSAGES, give_message },
		{ view->attachment != NULL, STORE_SQL_VIEW_ATTACHMENTS, give_attachment },
		{ view->event != NULL, STORE_SQL_VIEW_EVENTS, give_event },
		{ view->deadline != NULL, STORE_SQL_VIEW_DEADLINES, give_deadline },
		{ view->outbox != NULL, STORE_SQL_VIEW_OUTBOX, give_outbox },
		{ view->linked != NULL, STORE_SQL_VIEW_LINKED, give_linked },
	};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].is_wanted)
			r = walk(s, kinds[i].sql, case_id, kinds[i].give, view, context, f);
	return r < 0 ? r : 0;
}

int store_view(struct store *s, int64_t case_id, const struct store_case_view *view, void *context,
	struct fault *f)
{
	bool is_own = false;
	int r;

	r = store_view_begin(s, &is_own, f);
	if (r < 0)
		return r;
	r = view_all(s, case_id, view, context, f);
	store_view_end(s, is_own);
	return r;
}
