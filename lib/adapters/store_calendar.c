/* store_calendar.c - the bank holidays in force, and what is known of GOV.UK's feed. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_calendar.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

/* ---- what is in force ------------------------------------------------------------------------ */

/* Adds the day that @q stands on: day, division, title. */
static int add_row(sqlite3_stmt *q, struct calendar *cal, struct fault *f)
{
	unsigned division = calendar_division_of(store_column_text(q, 1));
	struct day day;
	int r = store_column_day(q, 0, &day, f);

	if (r < 0)
		return r;
	if (!division)
		return store_damaged(f, "division");
	r = calendar_add(cal, day, division, store_column_text(q, 2), f);
	return r == -EINVAL || r == -ERANGE ? store_damaged(f, "bank holiday") : r < 0 ? r : 0;
}

static int add_rows(struct store *s, enum store_sql sql, struct calendar *cal, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = store_query_params(s, sql, NULL, 0, &q, f);

	while (r >= 0 && (r = store_step(s, q, f)) > 0)
		r = add_row(q, cal, f);
	return r;
}

int store_calendar_load(struct store *s, struct calendar *cal, struct fault *f)
{
	return add_rows(s, STORE_SQL_CALENDAR, cal, f);
}

static int new_calendar(struct calendar **ret, struct fault *f)
{
	int r = calendar_new(ret);

	return r < 0 ? fault_set(f, r, "no memory for a calendar") : 0;
}

int store_calendar_correct(
	struct store *s, const struct calendar *files, struct calendar **ret, struct fault *f)
{
	CLEANUP(calendar_freep) struct calendar *removed = NULL;
	CLEANUP(calendar_freep) struct calendar *cal = NULL;
	int r = new_calendar(&removed, f);

	if (r == 0)
		r = new_calendar(&cal, f);
	if (r == 0)
		r = add_rows(s, STORE_SQL_CALENDAR_REMOVED, removed, f);
	for (size_t i = 0; r >= 0 && i < calendar_count(files); i++) {
		struct calendar_entry e = calendar_at(files, i);

		if (!calendar_find(removed, e.division, e.day, NULL))
			r = calendar_add(cal, e.day, e.division, e.title, f);
	}
	if (r >= 0)
		r = add_rows(s, STORE_SQL_CALENDAR_ADDED, cal, f);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(cal);
	return 0;
}

static int add_entries(struct store *s, const struct calendar *cal, struct fault *f)
{
	int r = store_run_params(s, STORE_SQL_CALENDAR_CLEAR, NULL, 0, f);

	for (size_t i = 0; r >= 0 && i < calendar_count(cal); i++) {
		struct calendar_entry e = calendar_at(cal, i);

		r = STORE_RUN(s, STORE_SQL_CALENDAR_ADD, f, store_day(e.day),
			store_text(calendar_division_word(e.division)), store_text(e.title));
	}
	return r < 0 ? r : 0;
}

int store_calendar_save(struct store *s, const struct calendar *cal,
	const struct store_calendar_change *change, struct fault *f)
{
	int r = add_entries(s, cal, f);

	if (r == 0)
		r = STORE_RUN(s, STORE_SQL_CALENDAR_CHANGE_ADD, f, store_int(change->at),
			store_text(change->actor), store_text(change->old_hash),
			store_text(change->new_hash), store_text(change->why));
	return r < 0 ? r : 0;
}

int store_calendar_correction(
	struct store *s, const struct calendar_change *c, int64_t at, struct fault *f)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < calendar_change_count(c); i++) {
		struct calendar_change_day d = calendar_change_at(c, i);

		r = STORE_RUN(s, STORE_SQL_CALENDAR_CORRECTION_ADD, f, store_day(d.day),
			store_text(calendar_division_word(d.division)), store_text(d.title),
			store_int(d.is_removed), store_int(at));
	}
	return r < 0 ? r : 0;
}

/* ---- the feed -------------------------------------------------------------------------------- */

static int copy_column(sqlite3_stmt *q, int column, char *to, size_t room, struct fault *f)
{
	int n = snprintf(to, room, "%s", store_column_text(q, column));

	return n < 0 || (size_t) n >= room ? store_damaged(f, "text of the feed") : 0;
}

int store_calendar_feed(struct store *s, struct store_calendar_feed *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = store_query_params(s, STORE_SQL_CALENDAR_FEED, NULL, 0, &q, f);

	if (r == 0)
		r = store_step(s, q, f);
	if (r == 0)
		return store_damaged(f, "row of the feed");
	if (r < 0)
		return r;
	*ret = (struct store_calendar_feed){
		.asked_at = sqlite3_column_int64(q, 2),
		.answered_at = sqlite3_column_int64(q, 3),
	};
	r = copy_column(q, 6, ret->url, sizeof ret->url, f);
	if (r == 0)
		r = copy_column(q, 0, ret->etag, sizeof ret->etag, f);
	if (r == 0)
		r = copy_column(q, 1, ret->modified, sizeof ret->modified, f);
	if (r == 0)
		r = copy_column(q, 4, ret->pending_hash, sizeof ret->pending_hash, f);
	if (r == 0)
		r = copy_column(q, 5, ret->pending_why, sizeof ret->pending_why, f);
	return r;
}

int store_calendar_asked(struct store *s, int64_t at, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_CALENDAR_ASKED, f, store_int(at));

	return r < 0 ? r : 0;
}

int store_calendar_answered(struct store *s, const char *url, const char *etag,
	const char *modified, int64_t at, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_CALENDAR_ANSWERED, f, store_text(url), store_text(etag),
		store_text(modified), store_int(at));

	return r < 0 ? r : 0;
}

int store_calendar_forget(struct store *s, struct fault *f)
{
	int r = store_run_params(s, STORE_SQL_CALENDAR_FORGET, NULL, 0, f);

	return r < 0 ? r : 0;
}

int store_calendar_pend(struct store *s, const char *bytes, size_t n, const char *hash,
	const char *why, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_CALENDAR_PEND, f, store_blob(bytes, n), store_text(hash),
		store_text(why));

	return r < 0 ? r : 0;
}

int store_calendar_take(struct store *s, const char *bytes, size_t n, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_CALENDAR_TAKE, f, store_blob(bytes, n));

	return r < 0 ? r : 0;
}

static int read_blob(
	struct store *s, enum store_sql sql, char **ret, size_t *ret_n, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	char *copy;
	size_t n;
	int r = store_query_params(s, sql, NULL, 0, &q, f);

	if (r == 0)
		r = store_step(s, q, f);
	if (r <= 0)
		return r;
	n = (size_t) sqlite3_column_bytes(q, 0);
	copy = malloc(n + 1);
	if (!copy)
		return store_out_of_memory(s, f);
	if (n > 0)
		memcpy(copy, sqlite3_column_blob(q, 0), n);
	*ret = copy;
	*ret_n = n;
	return 1;
}

int store_calendar_pending(struct store *s, char **ret, size_t *ret_n, struct fault *f)
{
	return read_blob(s, STORE_SQL_CALENDAR_PENDING, ret, ret_n, f);
}

int store_calendar_taken(struct store *s, char **ret, size_t *ret_n, struct fault *f)
{
	return read_blob(s, STORE_SQL_CALENDAR_TAKEN, ret, ret_n, f);
}
