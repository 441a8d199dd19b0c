/* test_store_list.c - pages of cases, counts, and that an index carries each of them. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"

/* The cases of the test, in the order in which they are opened. */
static const struct {
	const char *reference;
	const char *due;
	enum case_kind kind;
	enum foi_case_state state;
} cases[] = {
	{ "A", "2018-06-14", CASE_REQUEST, FOI_CASE_OPEN },
	{ "B", "2018-06-12", CASE_REQUEST, FOI_CASE_OPEN },
	{ "C", "2018-06-14", CASE_REVIEW, FOI_CASE_OPEN },
	{ "D", "2018-06-13", CASE_REQUEST, FOI_CASE_TRIAGE },
	{ "E", "2018-01-01", CASE_REQUEST, FOI_CASE_CLOSED },
	{ "F", "2018-02-01", CASE_REVIEW, FOI_CASE_CLOSED },
	{ "G", "2018-06-14", CASE_REQUEST, FOI_CASE_OPEN },
	{ "H", "2018-01-01", CASE_REQUEST, FOI_CASE_CLOSED },
};

static void add_cases(struct store_fixture *x)
{
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct foi_case_opening c = store_fixture_opening(cases[i].reference);
		int64_t id;

		c.kind = cases[i].kind;
		c.state = cases[i].state;
		c.deadline.due = store_fixture_day(cases[i].due);
		store_fixture_expect(store_case_add(x->store, &c, &id, &f), &f);
	}
	store_fixture_expect(store_commit(x->store, &f), &f);
}

struct page {
	char references[64]; /* one letter a row */
	char cursor[STORE_CURSOR_MAX];
	int answer;
};

static int take(void *context, const struct store_case_row *row)
{
	struct page *page = context;

	strncat(page->references, row->reference, 1);
	(void) snprintf(page->cursor, sizeof page->cursor, "%s", row->cursor);
	return page->answer;
}

static const struct {
	const char *name;
	int kind;
	int state;
	const char *overdue_on; /* NULL: no matter */
	const char *want;
} lists[] = {
	{ "all: the last opened first", STORE_ANY, STORE_ANY, NULL, "HGFEDCBA" },
	{ "live: the earliest last day first", STORE_ANY, STORE_LIVE, NULL, "BDACG" },
	{ "open", STORE_ANY, FOI_CASE_OPEN, NULL, "BACG" },
	{ "triage", STORE_ANY, FOI_CASE_TRIAGE, NULL, "D" },
	{ "closed: the latest last day first", STORE_ANY, FOI_CASE_CLOSED, NULL, "FHE" },
	{ "reviews", CASE_REVIEW, STORE_ANY, NULL, "FC" },
	{ "live reviews", CASE_REVIEW, STORE_LIVE, NULL, "C" },
	{ "closed requests", CASE_REQUEST, FOI_CASE_CLOSED, NULL, "HE" },
	{ "the last day itself is not over", STORE_ANY, STORE_ANY, "2018-06-12", "" },
	{ "overdue the day after", STORE_ANY, STORE_ANY, "2018-06-13", "B" },
	{ "overdue, triage too", STORE_ANY, STORE_LIVE, "2018-06-14", "BD" },
	{ "overdue and open", STORE_ANY, FOI_CASE_OPEN, "2018-06-14", "B" },
	{ "overdue reviews", CASE_REVIEW, STORE_ANY, "2018-06-15", "C" },
};

static struct store_filter filter_of(size_t i)
{
	return (struct store_filter){
		.kind = lists[i].kind,
		.state = lists[i].state,
		.is_overdue = lists[i].overdue_on != NULL,
		.today =
			store_fixture_day(lists[i].overdue_on ? lists[i].overdue_on : "2018-05-16"),
		.limit = STORE_PAGE_MAX,
	};
}

static void each_list_has_its_order(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	add_cases(x);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct store_filter filter = filter_of(i);
		struct page page = { 0 };

		store_fixture_expect(store_list(x->store, &filter, take, &page, &f), &f);
		if (strcmp(page.references, lists[i].want) != 0)
			fail_msg("%s: %s", lists[i].name, page.references);
	}
}

static void pages_join_without_seam(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	add_cases(x);
	for (size_t limit = 1; limit <= 3; limit++) {
		for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
			struct store_filter filter = filter_of(i);
			struct page page = { 0 };
			size_t before = SIZE_MAX;

			filter.limit = limit;
			while (strlen(page.references) != before) {
				before = strlen(page.references);
				filter.after = page.cursor;
				store_fixture_expect(
					store_list(x->store, &filter, take, &page, &f), &f);
			}
			if (strcmp(page.references, lists[i].want) != 0)
				fail_msg("%s: %s", lists[i].name, page.references);
		}
	}
}

static void a_page_goes_on_when_its_last_row_has_moved(void **state)
{
	struct store_fixture *x = *state;
	struct store_filter filter = filter_of(1);
	struct page page = { 0 };
	struct fault f = { 0 };

	add_cases(x);
	filter.limit = 2;
	store_fixture_expect(store_list(x->store, &filter, take, &page, &f), &f);
	assert_string_equal(page.references, "BD");
	assert_int_equal(sqlite3_exec(x->store->db,
				 "UPDATE foi_case SET state = 'closed' WHERE reference = 'D'", NULL,
				 NULL, NULL),
		SQLITE_OK);
	filter.after = page.cursor;
	store_fixture_expect(store_list(x->store, &filter, take, &page, &f), &f);
	assert_string_equal(page.references, "BDAC");
}

static void bad_filters_are_refused(void **state)
{
	static const struct {
		const char *name;
		struct store_filter filter;
	} rows[] = {
		{ "no rows", { .kind = -1, .state = -1, .limit = 0 } },
		{ "too many rows", { .kind = -1, .state = -1, .limit = STORE_PAGE_MAX + 1 } },
		{ "no such kind", { .kind = CASE_KIND_COUNT, .state = -1, .limit = 1 } },
		{ "negative kind", { .kind = -2, .state = -1, .limit = 1 } },
		{ "no such state", { .kind = -1, .state = FOI_CASE_STATE_COUNT, .limit = 1 } },
		{ "negative state", { .kind = -1, .state = -3, .limit = 1 } },
		{ "closed and overdue",
			{ .kind = -1, .state = FOI_CASE_CLOSED, .is_overdue = true, .limit = 1 } },
		{ "no day", { .kind = -1, .state = -1, .limit = 1, .after = "x" } },
		{ "no id", { .kind = -1, .state = -1, .limit = 1, .after = "2018-06-14," } },
		{ "no comma", { .kind = -1, .state = -1, .limit = 1, .after = "2018-06-14" } },
		{ "no such day", { .kind = -1, .state = -1, .limit = 1, .after = "2018-06-31,1" } },
		{ "negative id",
			{ .kind = -1, .state = -1, .limit = 1, .after = "2018-06-14,-1" } },
		{ "SQL", { .kind = -1, .state = -1, .limit = 1, .after = "2018-06-14,1 OR 1=1" } },
		{ "too large", { .kind = -1,
				       .state = -1,
				       .limit = 1,
				       .after = "2018-06-14,9223372036854775808" } },
	};
	struct store_fixture *x = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct page page = { 0 };
		struct fault f = { 0 };

		if (store_list(x->store, &rows[i].filter, take, &page, &f) != -EINVAL)
			fail_msg("%s", rows[i].name);
	}
}

static void a_callback_ends_the_list(void **state)
{
	struct store_fixture *x = *state;
	struct store_filter filter = filter_of(0);
	struct page page = { .answer = -EPIPE };
	struct fault f = { 0 };

	add_cases(x);
	assert_int_equal(store_list(x->store, &filter, take, &page, &f), -EPIPE);
	assert_string_equal(page.references, "H");
	page = (struct page){ 0 };
	store_fixture_expect(store_list(x->store, &filter, take, &page, &f), &f);
	assert_int_equal(strlen(page.references), 8);
}

static void a_case_is_got_by_its_reference(void **state)
{
	struct store_fixture *x = *state;
	struct page page = { 0 };
	struct fault f = { 0 };

	add_cases(x);
	assert_int_equal(store_get(x->store, "C", take, &page, &f), 1);
	assert_string_equal(page.references, "C");
	assert_int_equal(store_get(x->store, "c", take, &page, &f), 0);
}

static void an_old_reference_still_leads_to_the_case(void **state)
{
	struct store_fixture *x = *state;
	struct page page = { 0 };
	struct triage_case found = { 0 };
	struct fault f = { 0 };

	add_cases(x);
	assert_int_equal(
		sqlite3_exec(x->store->db,
			"UPDATE foi_case SET reference = 'Z' WHERE reference = 'D';"
			"INSERT INTO case_reference SELECT 'Z', case_id FROM case_reference"
			" WHERE reference = 'D'",
			NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(store_get(x->store, "D", take, &page, &f), 1);
	assert_int_equal(store_get(x->store, "Z", take, &page, &f), 1);
	assert_string_equal(page.references, "ZZ");
	store_fixture_expect(store_case_by_reference(x->store, "D", "", &found, &f), &f);
	assert_string_equal(found.reference, "Z");
}

static void counts_tell_the_truth(void **state)
{
	static const struct triage_verdict unreadable = { .fate = FATE_UNREADABLE };
	struct store_fixture *x = *state;
	struct store_counts counts = { .mails = 99 };
	struct store_message m = store_fixture_message(x, 9);
	struct store_outbox o = { .mailbox = "foi",
		.kind = "digest",
		.message_id = "<1@example.com>",
		.from = "",
		.to = "officer@example.com",
		.bytes = "x",
		.n = 1,
		.next_try = 5 };
	struct fault f = { 0 };
	int64_t id;

	store_fixture_expect(
		store_counts(x->store, store_fixture_day("2018-06-14"), &counts, &f), &f);
	assert_int_equal(counts.mails, 0);
	add_cases(x);
	m.verdict = &unreadable;
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	m = store_fixture_message(x, 10);
	store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	store_fixture_expect(store_outbox_add(x->store, &o, &id, &f), &f);
	store_fixture_expect(store_outbox_mark(x->store,
				     &(struct store_outbox_result){
					     .id = id, .state = STORE_OUTBOX_SENT, .at = 6 },
				     &f),
		&f);
	o.message_id = "<2@example.com>";
	o.state = STORE_OUTBOX_HELD;
	store_fixture_expect(store_outbox_add(x->store, &o, &id, &f), &f);
	/* Also in an open transaction, as register asks in the middle of a batch. */
	store_fixture_expect(
		store_counts(x->store, store_fixture_day("2018-06-14"), &counts, &f), &f);
	assert_true(store_is_open(x->store));
	store_fixture_expect(store_commit(x->store, &f), &f);

	assert_int_equal(counts.mails, 2);
	assert_int_equal(counts.fates[FATE_UNREADABLE], 1);
	assert_int_equal(counts.fates[FATE_REQUEST], 1);
	assert_int_equal(counts.fates[FATE_REVIEW], 0);
	assert_int_equal(counts.unreadable, 1);
	assert_int_equal(counts.cases_open, 4);
	assert_int_equal(counts.cases_triage, 1);
	assert_int_equal(counts.cases_ended, 3);
	assert_int_equal(counts.overdue, 2);
	assert_int_equal(counts.outbox[STORE_OUTBOX_SENT], 1);
	assert_int_equal(counts.outbox[STORE_OUTBOX_HELD], 1);
	assert_int_equal(counts.outbox[STORE_OUTBOX_QUEUED], 0);
}

/* The plan of a statement, its steps joined by " | ". */
static void plan_of(struct store_fixture *x, enum store_sql sql, char *ret, size_t room)
{
	sqlite3_stmt *statement = NULL;
	char text[4096];
	size_t n = 0;

	(void) snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", store_sql_text(sql));
	assert_int_equal(sqlite3_prepare_v2(x->store->db, text, -1, &statement, NULL), SQLITE_OK);
	ret[0] = '\0';
	while (sqlite3_step(statement) == SQLITE_ROW && n < room)
		n += (size_t) snprintf(ret + n, room - n, "%s | ",
			(const char *) sqlite3_column_text(statement, 3));
	(void) sqlite3_finalize(statement);
}

static const struct {
	enum store_sql sql;
	const char *index;
} plans[] = {
	{ STORE_SQL_UIDS, "sqlite_autoindex_message_1 (epoch=? AND uid>?)" },
	{ STORE_SQL_SEEN_SAME,
		"message_seen (message_id=? AND content=? AND date=? AND sender=?)" },
	{ STORE_SQL_SEEN, "message_seen (message_id=?)" },
	{ STORE_SQL_SEEN_NAMELESS_SAME, "message_nameless (content=? AND sender=? AND"
					" date=? AND internaldate=?)" },
	{ STORE_SQL_SEEN_NAMELESS, "message_nameless (content=? AND sender=? AND date=?)" },
	{ STORE_SQL_SEEN_PLATFORM, "message_platform (platform_message=?)" },
	{ STORE_SQL_CASE_BY_REFERENCE, "sqlite_autoindex_party_1 (case_id=? AND address=?)" },
	{ STORE_SQL_CASE_BY_PLATFORM, "(kind=? AND value=?)" },
	{ STORE_SQL_OUTBOX_DUE, "outbox_due (next_try<?)" },
	{ STORE_SQL_OUTBOX_NEXT, "outbox_due" },
	{ STORE_SQL_OUTBOX_MARK, "INTEGER PRIMARY KEY (rowid=?)" },
	{ STORE_SQL_OUTBOX_REQUEUE, "outbox_unsent (state=?)" },
	{ STORE_SQL_OUTBOX_UNFILED, "outbox_unfiled (mailbox=?)" },
	{ STORE_SQL_OUTBOX_COUNT_TO,
		"INDEX outbox_counted (counted_as=? AND held_for=? AND created_at>?"
		" AND created_at<?)" },
	{ STORE_SQL_OUTBOX_COUNT, "INDEX outbox_made (held_for=? AND created_at>?"
				  " AND created_at<?)" },
	{ STORE_SQL_COUNT_LIVE, "foi_case_state (state=?)" },
	{ STORE_SQL_COUNT_OVERDUE, "foi_case_live (due<?)" },
	{ STORE_SQL_LIST_LIVE, "SEARCH c USING INDEX foi_case_live (due>? AND due<?)" },
	{ STORE_SQL_LIST_STATE,
		"SEARCH c USING INDEX foi_case_state (state=? AND due>? AND due<?)" },
	{ STORE_SQL_LIST_ENDED, "SEARCH c USING INDEX foi_case_state (state=? AND due<?)" },
	{ STORE_SQL_LIST_ALL, "SEARCH c USING INTEGER PRIMARY KEY (rowid<?)" },
	{ STORE_SQL_FILE_FIND, "sqlite_autoindex_case_reference_1 (reference=?)" },
	{ STORE_SQL_FILE_PARTS, "(case_id=?)" },
	{ STORE_SQL_FILE_MOVES, "event_case (case_id=?)" },
	{ STORE_SQL_UNCHECKED, "part_live (case_id>?)" },
	{ STORE_SQL_VIEW_MESSAGES, "message_case (case_id=?)" },
	{ STORE_SQL_VIEW_EVENTS, "event_case (case_id=?)" },
	{ STORE_SQL_VIEW_DEADLINES, "deadline_part (part=?)" },
	{ STORE_SQL_VIEW_OUTBOX, "outbox_case (case_id=?)" },
	{ STORE_SQL_REMIND_CASES, "SEARCH c USING INDEX foi_case_live (due>?)" },
	{ STORE_SQL_REMIND_FATES, "SEARCH message USING INTEGER PRIMARY KEY (rowid>?)" },
	{ STORE_SQL_REMIND_OPENED, "SEARCH foi_case USING INTEGER PRIMARY KEY (rowid>?)" },
	{ STORE_SQL_REMIND_UNSENT, "outbox_unsent (state=?)" },
	{ STORE_SQL_REMIND_HELD, "outbox_unsent (state=?)" },
	{ STORE_SQL_REMIND_QUEUED, "(message_id=?)" },
};

static void an_index_carries_every_frequent_question(void **state)
{
	struct store_fixture *x = *state;

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		char plan[2048];
		const char *scan;

		plan_of(x, plans[i].sql, plan, sizeof plan);
		if (!strstr(plan, plans[i].index))
			fail_msg("%s: %s", plans[i].index, plan);
		/* A page is read in its order, not sorted when all of it was read. */
		if (strstr(plan, "TEMP B-TREE FOR ORDER BY") && strstr(plans[i].index, "SEARCH c"))
			fail_msg("%s", plan);
		/* Of a subquery, which ends at the limit, it is no scan. */
		scan = strstr(plan, "SCAN");
		if (scan && strncmp(scan, "SCAN (subquery", 14) != 0 &&
			plans[i].sql != STORE_SQL_OUTBOX_NEXT &&
			plans[i].sql != STORE_SQL_VIEW_MESSAGES)
			fail_msg("%s", plan);
	}
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_list_has_its_order),
		TEST(pages_join_without_seam),
		TEST(a_page_goes_on_when_its_last_row_has_moved),
		TEST(bad_filters_are_refused),
		TEST(a_callback_ends_the_list),
		TEST(a_case_is_got_by_its_reference),
		TEST(an_old_reference_still_leads_to_the_case),
		TEST(counts_tell_the_truth),
		TEST(an_index_carries_every_frequent_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
