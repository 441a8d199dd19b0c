/* store_list.c - pages of cases, in the order in which officers need them.
 *
 * A cursor is "DAY,ID" of the last row of a page: the place in the order itself, so that nothing is
 * shown twice or passed over when that row has moved meanwhile.
 *
 * Security: a cursor comes back from whoever may read the socket; it is checked and bound, and can
 * name nothing but a place. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

/* A place between rows. */
struct place {
	struct day due;
	int64_t id;
};

static int place_parse(const char *cursor, struct place *ret, struct fault *f)
{
	char day[DAY_ISO_MAX] = "";
	struct place place;
	uint64_t id;

	if (strlen(cursor) > DAY_ISO_MAX && cursor[DAY_ISO_MAX - 1] == ',')
		memcpy(day, cursor, DAY_ISO_MAX - 1);
	if (day_parse(day, &place.due) < 0 ||
		text_uint(cursor + DAY_ISO_MAX, 0, INT64_MAX, &id) < 0)
		return fault_set(f, -EINVAL, "the cursor is none of ours");
	place.id = (int64_t) id;
	*ret = place;
	return 0;
}

static void place_text(struct place place, char ret[static STORE_CURSOR_MAX])
{
	char day[DAY_ISO_MAX];

	(void) snprintf(ret, STORE_CURSOR_MAX, "%s,%" PRId64, day_iso(place.due, day), place.id);
}

static struct day first_day(void)
{
	return day_add((struct day){ INT32_MIN }, 0); /* held to DAY_YEAR_MIN */
}

static struct day last_day(void)
{
	return day_add((struct day){ INT32_MAX }, 0);
}

/* Which statement gives the order, and how many of the values it takes. */
struct order {
	enum store_sql sql;
	size_t n_params;
	bool goes_up;
};

static const struct order by_live = { STORE_SQL_LIST_LIVE, 6, true };
static const struct order by_state = { STORE_SQL_LIST_STATE, 6, true };
static const struct order by_ended = { STORE_SQL_LIST_ENDED, 6, false };
static const struct order by_age = { STORE_SQL_LIST_ALL, 4, false };

static const struct order *order_of(const struct store_filter *filter)
{
	if (filter->state == STORE_LIVE || (filter->state == STORE_ANY && filter->is_overdue))
		return &by_live;
	if (filter->state == STORE_ANY)
		return &by_age;
	return foi_case_is_live((enum foi_case_state) filter->state) ? &by_state : &by_ended;
}

static int check(const struct store_filter *filter, struct fault *f)
{
	if (filter->limit < 1 || filter->limit > STORE_PAGE_MAX)
		return fault_set(f, -EINVAL, "a page has 1 to %d rows", STORE_PAGE_MAX);
	if (filter->kind < STORE_ANY || filter->kind >= CASE_KIND_COUNT)
		return fault_set(f, -EINVAL, "no such kind of case");
	if (filter->state < STORE_LIVE || filter->state >= FOI_CASE_STATE_COUNT)
		return fault_set(f, -EINVAL, "no such state of a case");
	if (filter->is_overdue && filter->state >= 0 &&
		!foi_case_is_running((enum foi_case_state) filter->state))
		return fault_set(f, -EINVAL, "a case whose clock does not run is not overdue");
	return 0;
}

static int start_of(const struct store_filter *filter, const struct order *order, struct place *ret,
	struct fault *f)
{
	if (filter->after && *filter->after)
		return place_parse(filter->after, ret, f);
	*ret = order->goes_up ? (struct place){ .due = first_day(), .id = 0 }
			      : (struct place){ .due = last_day(), .id = INT64_MAX };
	return 0;
}

enum {
	PARAMS_MAX = 6,
};

/* @params: room for the values, which must live as long as the walk. */
static int query(struct store *s, const struct store_filter *filter,
	struct store_param params[static PARAMS_MAX], sqlite3_stmt **ret, struct fault *f)
{
	const struct order *order = order_of(filter);
	const char *kind = filter->kind < 0 ? "" : case_kind_word((enum case_kind) filter->kind);
	/* Among the live ones it says which are passed over. */
	const char *state = filter->state >= 0
				    ? foi_case_state_word((enum foi_case_state) filter->state)
			    : filter->is_overdue ? foi_case_state_word(FOI_CASE_WAITING)
						 : "";
	struct day until = filter->is_overdue ? day_add(filter->today, -1) : last_day();
	struct place start = { 0 };
	int r;

	r = start_of(filter, order, &start, f);
	if (r < 0)
		return r;
	params[0] = store_key_text(kind);
	params[1] = store_day(start.due);
	params[2] = store_int(start.id);
	params[3] = store_uint(filter->limit);
	params[4] = store_day(until);
	params[5] = store_text(state);
	return store_query_params(s, order->sql, params, order->n_params, ret, f);
}

static int read_words(sqlite3_stmt *q, struct store_case_row *row, struct fault *f)
{
	if (case_kind_of(store_column_text(q, 2), &row->kind) < 0)
		return store_damaged(f, "kind of case");
	if (foi_case_state_of(store_column_text(q, 3), &row->state) < 0)
		return store_damaged(f, "state of a case");
	if (statute_regime_parse(store_column_text(q, 8), &row->regime) < 0)
		return store_damaged(f, "regime");
	return 0;
}

/* @cursor is room for the row's. */
static int read_row(sqlite3_stmt *q, char cursor[static STORE_CURSOR_MAX],
	struct store_case_row *row, struct fault *f)
{
	int r;

	*row = (struct store_case_row){
		.id = sqlite3_column_int64(q, 0),
		.reference = store_column_text(q, 1),
		.flags = (unsigned) sqlite3_column_int64(q, 4),
		.is_provisional = sqlite3_column_int(q, 7) != 0,
		.subject = store_column_text(q, 9),
		.requester = store_column_text(q, 10),
		.requester_name = store_column_text(q, 11),
		.parent_reference = store_column_text(q, 12),
		.mailbox = store_column_text(q, 13),
		.authority = store_column_text(q, 14),
		.acknowledgement = store_column_text(q, 15),
		.opened_at = sqlite3_column_int64(q, 16),
		.cursor = cursor,
	};
	r = read_words(q, row, f);
	if (r == 0)
		r = store_column_day(q, 5, &row->received, f);
	if (r == 0)
		r = store_column_day(q, 6, &row->due, f);
	if (r < 0)
		return r;
	place_text((struct place){ .due = row->due, .id = row->id }, cursor);
	return 0;
}

/* Return: number of rows; negative errno, or what the callback said. */
static int walk(struct store *s, sqlite3_stmt *q, store_case_row_taker *take, void *context,
	struct fault *f)
{
	char cursor[STORE_CURSOR_MAX];
	struct store_case_row row;
	int n = 0;
	int r;

	while ((r = store_step(s, q, f)) > 0) {
		r = read_row(q, cursor, &row, f);
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

int store_list(struct store *s, const struct store_filter *filter, store_case_row_taker *take,
	void *context, struct fault *f)
{
	struct store_param params[PARAMS_MAX];
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = check(filter, f);
	if (r < 0)
		return r;
	r = query(s, filter, params, &q, f);
	if (r < 0)
		return r;
	r = walk(s, q, take, context, f);
	return r < 0 ? r : 0;
}

int store_get(struct store *s, const char *reference, store_case_row_taker *take, void *context,
	struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = STORE_QUERY(s, STORE_SQL_GET, &q, f, store_text(reference));
	return r < 0 ? r : walk(s, q, take, context, f);
}
