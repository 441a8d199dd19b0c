/* test_store_transaction.c - all of a transaction or nothing of it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"

static void rollback_takes_everything_back(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	uint64_t n = 0;

	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_true(store_is_open(x->store));
	store_fixture_expect(store_number_next(x->store, "request", "", 1761, &n, &f), &f);
	assert_int_equal(n, 1761);
	(void) store_fixture_case(x, 1, "FOI 001761/18");
	store_rollback(x->store);
	assert_false(store_is_open(x->store));
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM message"), 0);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM foi_case"), 0);
	assert_int_equal(store_fixture_number(x, "SELECT sum(mails) FROM fate"), 0);

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_number_next(x->store, "request", "", 1761, &n, &f), &f);
	assert_int_equal(n, 1761);
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_rollback(x->store); /* nothing is open: nothing happens */
	store_fixture_reopen(x);
	assert_int_equal(store_fixture_number(x, "SELECT value FROM counter"), 1761);
}

static void a_failed_call_spoils_its_transaction(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, 1, "FOI 000001/18");
	assert_int_equal(
		store_event_add(x->store, 4711, 0, 1, "daemon", "opened", "", &f), -EINVAL);
	store_fixture_fault(&f, FAULT_STORE, "FOREIGN KEY");
	assert_int_equal(store_commit(x->store, &f), -ECANCELED);
	assert_false(store_is_open(x->store));
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM foi_case"), 0);

	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, 1, "FOI 000001/18");
	store_fixture_expect(store_commit(x->store, &f), &f);
}

/* A COMMIT that SQLite refuses and leaves open, as a constraint does that is looked at late. */
static void a_refused_commit_leaves_nothing_open(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(
		sqlite3_exec(x->store->db, "PRAGMA defer_foreign_keys = ON", NULL, NULL, NULL),
		SQLITE_OK);
	store_fixture_expect(store_event_add(x->store, 4711, 0, 1, "daemon", "x", "", &f), &f);
	assert_int_equal(store_commit(x->store, &f), -EINVAL);
	assert_false(store_is_open(x->store));
	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM event"), 0);
	store_fixture_expect(store_commit(x->store, &f), &f);
}

static void writes_need_a_transaction(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	uint64_t n = 99;

	assert_int_equal(store_number_next(x->store, "request", "", 1, &n, &f), -EPERM);
	store_fixture_fault(&f, FAULT_STORE, "outside a transaction");
	assert_int_equal(n, 99);
	assert_int_equal(store_commit(x->store, &f), -EPERM);
	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_begin(x->store, &f), -EALREADY);
	store_rollback(x->store);
}

static int64_t msec(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void a_busy_database_is_told_soon(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	sqlite3 *other = NULL;
	int64_t start;

	assert_int_equal(sqlite3_open(x->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	start = msec();
	assert_int_equal(store_begin(x->store, &f), -EBUSY);
	/* SQLite's waits add up to the limit or just over it; the rest is a loaded machine. */
	assert_in_range(msec() - start, STORE_BUSY_MSEC / 2, STORE_BUSY_MSEC * 20);
	store_fixture_fault(&f, FAULT_STORE_BUSY, "another process");
	assert_true(f.transient);
	assert_false(store_is_open(x->store));
	assert_int_equal(sqlite3_close(other), SQLITE_OK);

	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, 1, "FOI 000001/18");
	store_fixture_expect(store_commit(x->store, &f), &f);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rollback_takes_everything_back),
		TEST(a_failed_call_spoils_its_transaction),
		TEST(a_refused_commit_leaves_nothing_open),
		TEST(writes_need_a_transaction),
		TEST(a_busy_database_is_told_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
