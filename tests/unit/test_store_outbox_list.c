/* test_store_outbox_list.c - what is not sent, page by page, and what an order makes of it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"
#include "adapters/store_outbox.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Five acknowledgements, one of each state, and a sixth that is queued; the last is to an officer. */
static void fill(struct store_fixture *x)
{
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	for (uint32_t i = 1; i <= 6; i++) {
		char reference[REFERENCE_MAX];
		struct store_outbox o = { .mailbox = "foi",
			.kind = i < 6 ? "acknowledgement" : "digest",
			.message_id = reference,
			.from = "foi@example.com",
			.to = "jane@example.org",
			.bytes = "x",
			.n = 1,
			.tells_due = i < 6,
			.due_told = store_fixture_day("2018-06-14"),
			.created_at = 100 + i,
			.next_try = 200 };
		int64_t id;

		(void) snprintf(reference, sizeof reference, "FOI %06u/18", i);
		if (i < 6)
			o.case_id = store_fixture_case(x, i, reference);
		store_fixture_expect(store_outbox_add(x->store, &o, &id, &f), &f);
		assert_int_equal(id, i);
	}
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_fixture_run(x, "UPDATE outbox SET state = 'sending' WHERE id = 2");
	store_fixture_run(x, "UPDATE outbox SET state = 'sent', sent_at = 1 WHERE id = 3");
	store_fixture_run(x, "UPDATE outbox SET state = 'failed', code = 550, status = '5.1.1',"
			     " reply = 'no', tries = 1, next_try = NULL WHERE id = 4");
	store_fixture_run(x, "UPDATE outbox SET state = 'held', held_for = 'late',"
			     " next_try = NULL WHERE id = 5");
}

/* Notes the ids, "1 2 4 ". */
static int note(void *context, const struct store_outbox_entry *e)
{
	char *text = context;
	size_t n = strlen(text);

	(void) snprintf(text + n, 32 - n, "%d ", (int) e->id);
	return 0;
}

static const struct {
	const char *why;
	struct store_outbox_filter filter;
	int r;
	const char *ids;
} pages[] = {
	{ "all but what is sent", { STORE_ANY, 0, 9 }, 0, "1 2 4 5 6 " },
	{ "a page of them", { STORE_ANY, 0, 2 }, 0, "1 2 " },
	{ "the next", { STORE_ANY, 2, 2 }, 0, "4 5 " },
	{ "behind the last", { STORE_ANY, 6, 2 }, 0, "" },
	{ "queued", { STORE_OUTBOX_QUEUED, 0, 9 }, 0, "1 6 " },
	{ "queued, behind the first", { STORE_OUTBOX_QUEUED, 1, 9 }, 0, "6 " },
	{ "held", { STORE_OUTBOX_HELD, 0, 9 }, 0, "5 " },
	{ "failed", { STORE_OUTBOX_FAILED, 0, 9 }, 0, "4 " },
	{ "what is sent is not listed", { STORE_OUTBOX_SENT, 0, 9 }, -EINVAL, "" },
	{ "no such state", { STORE_OUTBOX_STATE_COUNT, 0, 9 }, -EINVAL, "" },
	{ "a page of nothing", { STORE_ANY, 0, 0 }, -EINVAL, "" },
	{ "a page too large", { STORE_ANY, 0, STORE_PAGE_MAX + 1 }, -EINVAL, "" },
	{ "no place", { STORE_ANY, -1, 9 }, -EINVAL, "" },
};

static void a_page_has_what_was_asked_for(void **state)
{
	struct store_fixture *x = *state;

	fill(x);
	for (size_t i = 0; i < COUNT(pages); i++) {
		char ids[32] = "";
		struct fault f = { 0 };

		print_message("%s\n", pages[i].why);
		assert_int_equal(
			store_outbox_list(x->store, &pages[i].filter, note, ids, &f), pages[i].r);
		assert_string_equal(ids, pages[i].ids);
	}
}

static int look_closely(void *context, const struct store_outbox_entry *e)
{
	(void) context;
	assert_int_equal(e->id, 4);
	assert_int_equal(e->case_id, 4);
	assert_string_equal(e->reference, "FOI 000004/18");
	assert_int_equal(e->received.n, store_fixture_day("2018-05-16").n);
	assert_int_equal(e->due.n, store_fixture_day("2018-06-14").n);
	assert_int_equal(e->case_state, FOI_CASE_OPEN);
	assert_string_equal(e->mailbox, "foi");
	assert_string_equal(e->kind, "acknowledgement");
	assert_int_equal(e->state, STORE_OUTBOX_FAILED);
	assert_int_equal(e->hold, HOLD_NONE);
	assert_int_equal(e->tries, 1);
	assert_int_equal(e->created_at, 104);
	assert_int_equal(e->next_try, 0);
	assert_int_equal(e->code, 550);
	assert_string_equal(e->status, "5.1.1");
	assert_string_equal(e->reply, "no");
	assert_true(e->tells_due);
	assert_int_equal(e->due_told.n, store_fixture_day("2018-06-14").n);
	return 0;
}

static void one_is_shown_whole(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	fill(x);
	assert_int_equal(store_outbox_get(x->store, 4, look_closely, NULL, &f), 1);
	assert_int_equal(store_outbox_get(x->store, 99, look_closely, NULL, &f), 0);
}

/* The list of years must not be read to find the few that are left. */
static void a_page_is_read_from_the_index_of_what_is_left(void **state)
{
	static const enum store_sql texts[] = { STORE_SQL_OUTBOX_LIST,
		STORE_SQL_OUTBOX_LIST_STATE };
	struct store_fixture *x = *state;

	for (size_t i = 0; i < COUNT(texts); i++) {
		char sql[2048];
		sqlite3_stmt *q = NULL;
		const char *plan;

		(void) snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", store_sql_text(texts[i]));
		assert_int_equal(sqlite3_prepare_v2(x->store->db, sql, -1, &q, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(q), SQLITE_ROW);
		plan = (const char *) sqlite3_column_text(q, 3);
		if (!strstr(plan, "outbox_left"))
			fail_msg("%s", plan);
		while (sqlite3_step(q) == SQLITE_ROW)
			assert_null(strstr((const char *) sqlite3_column_text(q, 3), "TEMP"));
		assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
	}
}

static void only_what_is_queued_is_held(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	fill(x);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_outbox_hold(x->store, 1, HOLD_OFFICER, &f), &f);
	for (int64_t id = 2; id <= 5; id++)
		assert_int_equal(store_outbox_hold(x->store, id, HOLD_OFFICER, &f), -EALREADY);
	store_rollback(x->store);
}

static void what_is_on_its_way_is_not_begun_again(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	fill(x);
	store_fixture_expect(store_begin(x->store, &f), &f);
	for (int64_t id = 1; id <= 5; id++)
		assert_int_equal(store_outbox_again(x->store, id, HOLD_NONE, 900, &f),
			id == 2 || id == 3 ? -EALREADY : 0);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM outbox WHERE next_try = 900"
						 " AND queued_at = 900 AND tries = 0"
						 " AND state = 'queued'"),
		3);
	assert_int_equal(
		store_fixture_number(x, "SELECT held_for = 'late' FROM outbox WHERE id = 5"), 1);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_has_what_was_asked_for),
		TEST(one_is_shown_whole),
		TEST(a_page_is_read_from_the_index_of_what_is_left),
		TEST(only_what_is_queued_is_held),
		TEST(what_is_on_its_way_is_not_begun_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
