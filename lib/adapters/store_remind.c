/* store_remind.c - what reminders and the mails to officers are made from, and what was given. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_remind.h"

#include "adapters/store_internal.h"
#include "base/cleanup.h"

/* ---- cases ----------------------------------------------------------------------------------- */

static int read_case(sqlite3_stmt *q, struct store_remind_case *ret, struct fault *f)
{
	int r;

	*ret = (struct store_remind_case){
		.id = sqlite3_column_int64(q, 0),
		.reference = store_column_text(q, 1),
		.has_told = sqlite3_column_type(q, 5) != SQLITE_NULL,
		.opened_at = sqlite3_column_int64(q, 6),
		.is_touched = sqlite3_column_int(q, 7) != 0,
	};
	if (foi_case_state_of(store_column_text(q, 2), &ret->state) < 0)
		return store_damaged(f, "state of a case");
	if (statute_regime_parse(store_column_text(q, 3), &ret->regime) < 0)
		return store_damaged(f, "regime");
	r = store_column_day(q, 4, &ret->due, f);
	if (r == 0 && ret->has_told)
		r = store_column_day(q, 5, &ret->told, f);
	return r;
}

int store_remind_cases(struct store *s, const struct store_remind_place *after, size_t max,
	store_remind_case_taker *take, void *context, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	struct store_remind_case row;
	int n = 0;
	int r;

	/* Before every day that can be written, not before 1970. */
	r = STORE_QUERY(s, STORE_SQL_REMIND_CASES, &q, f,
		after->id ? store_day(after->due) : store_text(""), store_int(after->id),
		store_uint(max));
	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0) {
		r = read_case(q, &row, f);
		if (r < 0)
			return r;
		s->walks++;
		r = take(context, &row);
		s->walks--;
		if (r < 0)
			return r;
		n++;
	}
	return r < 0 ? r : n;
}

int store_remind_use(
	struct store *s, int64_t case_id, struct day due, int step, int64_t at, struct fault *f)
{
	/* A lapse uses no step of a clock up, and the other way round. */
	int behind = step == STORE_REMIND_LAPSE ? step : STORE_REMIND_LAPSE + 1;
	int r = STORE_RUN(s, STORE_SQL_REMIND_UNGIVE, f, store_int(case_id), store_day(due),
		store_int(at + STORE_REMIND_AHEAD_SEC));

	if (r < 0)
		return r;
	return STORE_RUN(s, STORE_SQL_REMIND_USE, f, store_int(case_id), store_day(due),
		store_int(step), store_int(at), store_int(behind));
}

/* ---- once a day ------------------------------------------------------------------------------ */

int store_daily(struct store *s, const char *name, struct store_daily *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	struct store_daily daily = { 0 };
	int r;

	r = STORE_QUERY(s, STORE_SQL_DAILY, &q, f, store_text(name));
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r <= 0)
		return r;
	r = store_column_day(q, 0, &daily.day, f);
	if (r < 0)
		return r;
	daily.at = sqlite3_column_int64(q, 1);
	daily.last_message = sqlite3_column_int64(q, 2);
	daily.last_case = sqlite3_column_int64(q, 3);
	*ret = daily;
	return 1;
}

int store_daily_done(struct store *s, const char *name, struct day day, int64_t at, struct fault *f)
{
	int r = STORE_RUN(
		s, STORE_SQL_DAILY_DONE, f, store_text(name), store_day(day), store_int(at));

	return r < 0 ? r : 0;
}

/* ---- numbers and lists for officers ---------------------------------------------------------- */

static int read_fates(struct store *s, int64_t since, uint64_t fates[FATE_COUNT], struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = STORE_QUERY(s, STORE_SQL_REMIND_FATES, &q, f, store_int(since));
	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0) {
		enum fate fate;

		if (fate_of(store_column_text(q, 0), &fate) < 0)
			return store_damaged(f, "fate");
		fates[fate] = (uint64_t) sqlite3_column_int64(q, 1);
	}
	return r;
}

/* The first row's first one or two numbers; 0 where there is no row. */
static int read_numbers(struct store *s, enum store_sql sql, const struct store_param *params,
	size_t n, int64_t ret[static 2], struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = store_query_params(s, sql, params, n, &q, f);
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r < 0)
		return r;
	ret[0] = r > 0 ? sqlite3_column_int64(q, 0) : 0;
	ret[1] = r > 0 && sqlite3_column_count(q) > 1 ? sqlite3_column_int64(q, 1) : 0;
	return 0;
}

int store_remind_news(struct store *s, const struct store_daily *since, uint64_t fates[FATE_COUNT],
	uint64_t *ret_cases, struct fault *f)
{
	const struct store_param last = store_int(since->last_case);
	int64_t numbers[2];
	int r;

	for (unsigned i = 0; i < FATE_COUNT; i++)
		fates[i] = 0;
	r = read_fates(s, since->last_message, fates, f);
	if (r == 0)
		r = read_numbers(s, STORE_SQL_REMIND_OPENED, &last, 1, numbers, f);
	if (r == 0)
		*ret_cases = (uint64_t) numbers[0];
	return r;
}

int store_remind_unsent(struct store *s, uint64_t *ret_n, int64_t *ret_oldest, struct fault *f)
{
	int64_t numbers[2];
	int r = read_numbers(s, STORE_SQL_REMIND_UNSENT, NULL, 0, numbers, f);

	if (r < 0)
		return r;
	*ret_n = (uint64_t) numbers[0];
	*ret_oldest = numbers[1];
	return 0;
}

static int take_mails(struct store *s, sqlite3_stmt *q, store_remind_mail_taker *take,
	void *context, struct fault *f)
{
	int r;

	while ((r = store_step(s, q, f)) > 0) {
		enum hold hold;

		if (hold_of(store_column_text(q, 2), &hold) < 0)
			return store_damaged(f, "reason of a held mail");
		s->walks++;
		r = take(context, store_column_text(q, 0), sqlite3_column_int64(q, 1), hold);
		s->walks--;
		if (r < 0)
			return r;
	}
	return r;
}

int store_remind_held(
	struct store *s, store_remind_mail_taker *take, void *context, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = store_query_params(s, STORE_SQL_REMIND_HELD, NULL, 0, &q, f);

	return r < 0 ? r : take_mails(s, q, take, context, f);
}

int store_remind_failed(
	struct store *s, store_remind_mail_taker *take, void *context, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = STORE_QUERY(
		s, STORE_SQL_REMIND_FAILED, &q, f, store_int(FOI_CASE_NOT_ACKNOWLEDGED));

	return r < 0 ? r : take_mails(s, q, take, context, f);
}

int store_remind_is_queued(struct store *s, const char *message_id, struct fault *f)
{
	const struct store_param id = store_text(message_id);
	int64_t numbers[2];
	int r = read_numbers(s, STORE_SQL_REMIND_QUEUED, &id, 1, numbers, f);

	return r < 0 ? r : numbers[0] > 0;
}
