/* test_store_migrate.c - a store of the first schema becomes one of this program's, or stays as it
 * was. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/old_store.h"

static void everything_is_still_there(void **state)
{
	struct store_fixture *x = *state;
	struct old_store_snapshot before;
	char newest[16];
	int n = 0;

	old_store_make(x);
	old_store_snapshot(x, &before);
	old_store_migrate(x);
	while (store_migrations[n])
		n++;
	(void) snprintf(newest, sizeof newest, "%d", n);
	old_store_expect(x->store->db, "PRAGMA user_version", newest);
	old_store_expect_snapshot(x->store->db, &before);
	old_store_snapshot_done(&before);
	old_store_expect(x->store->db, "PRAGMA integrity_check", "ok");
	old_store_expect(x->store->db, "SELECT count(*) FROM pragma_foreign_key_check", "0");
	assert_int_equal(store_key(x->store)[DIGEST_KEY_BYTES - 1], 7);
	assert_true(store_was_clean(x->store));
}

static void what_is_new_is_filled_from_what_was_known(void **state)
{
	struct store_fixture *x = *state;
	sqlite3 *db;

	old_store_make(x);
	old_store_migrate(x);
	db = x->store->db;
	/* Sent: told. Held and failed: the requester knows of no day. One that told none; one that
	 * is on its way; and no acknowledgement at all. */
	old_store_expect(db,
		"SELECT group_concat(ifnull(told, '-'), ' ')"
		" FROM (SELECT told FROM foi_case ORDER BY id)",
		"2018-06-14 - - - 2018-06-14 -");
	/* The last count of each part: the calendar it was made with, and whether it is sure. */
	old_store_expect(db,
		"SELECT group_concat(is_provisional || checked, ' ')"
		" FROM (SELECT * FROM part ORDER BY id)",
		"1beef 0ca1e 0ca1e 0ca1e 0ca1e 0");
	old_store_expect(db, "SELECT group_concat(DISTINCT cause) FROM deadline", "opened");
	old_store_expect(db,
		"SELECT count(*) FROM part WHERE notice IS NULL AND final IS NULL AND ended IS NULL"
		" AND outcome = ''",
		"6");
	old_store_expect(db,
		"SELECT count(*) FROM event WHERE part IS NULL AND day IS NULL AND details IS NULL"
		" AND undoes IS NULL",
		"6");
	old_store_expect(
		db, "SELECT count(*) FROM case_state WHERE word IN ('waiting', 'answered')", "2");
	old_store_expect(db, "SELECT count(*) FROM regime WHERE word = 'sar'", "1");
	old_store_expect(db, "SELECT count(*) FROM calendar_feed", "1");
	/* What was sent counts for its sender; what is held was held for an officer. */
	old_store_expect(db,
		"SELECT group_concat(counted_as || ':' || held_for, ' ')"
		" FROM (SELECT * FROM outbox ORDER BY id)",
		"jane@example.org: jane@example.org:officer jane@example.org: jane@example.org:"
		" jane@example.org:");
	old_store_expect(db, "SELECT sum(mails) FROM mailbox_fate", "6");
	old_store_expect(db,
		"SELECT count(*) FROM (SELECT fate, mails FROM mailbox_fate"
		" EXCEPT SELECT fate, count(*) FROM message GROUP BY fate)",
		"0");
	old_store_expect(db, "SELECT count(*) FROM shown", "0");
	old_store_expect(db, "SELECT count(*) FROM outbox WHERE queued_at = created_at", "5");
}

static int count_row(void *context, const struct store_case_row *row)
{
	(void) row; /* that it is listed is enough */
	++*(int *) context;
	return 0;
}

static void it_is_worked_with_as_any_other(void **state)
{
	struct store_fixture *x = *state;
	struct store_filter live = { .kind = STORE_ANY, .state = STORE_LIVE, .limit = 10 };
	struct store_counts counts;
	struct fault f = { 0 };
	int rows = 0;

	old_store_make(x);
	old_store_migrate(x);
	x->epoch = 1;
	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_fixture_case(x, 70, "FOI 7"), 7);
	store_fixture_expect(store_commit(x->store, &f), &f);
	old_store_run(x->store->db, "UPDATE foi_case SET state = 'waiting' WHERE id = 1");
	old_store_run(x->store->db, "UPDATE part SET regime = 'sar' WHERE id = 2");
	store_fixture_expect(store_list(x->store, &live, count_row, &rows, &f), &f);
	assert_int_equal(rows, 6); /* but for the closed one */
	store_fixture_expect(
		store_counts(x->store, store_fixture_day("2018-06-14"), &counts, &f), &f);
	assert_int_equal(counts.cases_waiting, 1);
	assert_int_equal(counts.cases_ended, 1);
	/* What may not be changed may still not be. */
	assert_int_equal(sqlite3_exec(x->store->db, "UPDATE event SET why = ''", NULL, NULL, NULL),
		SQLITE_CONSTRAINT_TRIGGER);
	assert_int_equal(sqlite3_exec(x->store->db, "DELETE FROM deadline", NULL, NULL, NULL),
		SQLITE_CONSTRAINT_TRIGGER);
}

/* However far it came. */
static void a_migration_that_is_taken_back_leaves_the_old_store(void **state)
{
	struct store_fixture *x = *state;
	const char *const *step = store_migrations[1];
	struct old_store_snapshot before;

	old_store_make(x);
	old_store_snapshot(x, &before);
	for (size_t n = 1; step[n - 1]; n++) {
		sqlite3 *db = old_store_open(x);

		old_store_run(db, "BEGIN IMMEDIATE");
		for (size_t i = 0; i < n; i++)
			old_store_run(db, step[i]);
		old_store_run(db, "ROLLBACK");
		old_store_close(db);
		old_store_expect_old(x, &before);
	}
	old_store_snapshot_done(&before);
	old_store_migrate(x);
}

/* Dies with the transaction open, its pages partly in the file beside the store. */
static void die_half_way(struct store_fixture *x)
{
	const char *const *step = store_migrations[1];
	sqlite3 *db = NULL;
	size_t n = 0;

	if (sqlite3_open(x->path, &db) != SQLITE_OK)
		return;
	while (step[n])
		n++;
	(void) sqlite3_exec(db, "PRAGMA cache_size = 1; BEGIN IMMEDIATE", NULL, NULL, NULL);
	for (size_t i = 0; i < n / 2; i++)
		if (sqlite3_exec(db, step[i], NULL, NULL, NULL) != SQLITE_OK)
			return;
	(void) raise(SIGKILL);
}

static void a_migration_that_is_killed_leaves_the_old_store(void **state)
{
	struct store_fixture *x = *state;
	struct old_store_snapshot before;
	int status;

	old_store_make(x);
	old_store_snapshot(x, &before);
	status = store_fixture_fork(die_half_way, x);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	old_store_expect_old(x, &before);
	old_store_migrate(x);
	old_store_expect_snapshot(x->store->db, &before);
	old_store_snapshot_done(&before);
}

/* The program's own migration fails at a table that somebody made by hand. */
static void a_migration_that_fails_leaves_the_old_store(void **state)
{
	struct store_fixture *x = *state;
	struct old_store_snapshot before;
	struct fault f = { 0 };
	sqlite3 *db;

	old_store_make(x);
	db = old_store_open(x);
	old_store_run(db, "CREATE TABLE reminder (note TEXT)");
	old_store_close(db);
	old_store_snapshot(x, &before);
	assert_true(store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f) < 0);
	assert_null(x->store);
	store_fixture_fault(&f, FAULT_STORE, "the tables could not be made");
	old_store_expect_old(x, &before);
	old_store_snapshot_done(&before);

	db = old_store_open(x);
	old_store_run(db, "DROP TABLE reminder");
	old_store_close(db);
	old_store_migrate(x);
}

/* From the second schema: mails of before have no hints, and are compared with nothing. */
static void mails_of_before_have_no_hints(void **state)
{
	struct store_fixture *x = *state;
	struct old_store_snapshot before;
	sqlite3 *db;

	old_store_make(x);
	db = old_store_open(x);
	old_store_run(db, "BEGIN");
	for (const char *const *s = store_migrations[1]; *s; s++)
		old_store_run(db, *s);
	old_store_run(db, "COMMIT");
	old_store_expect(db, "PRAGMA user_version", "2");
	old_store_close(db);
	old_store_snapshot(x, &before);
	old_store_migrate(x);
	old_store_expect_snapshot(x->store->db, &before);
	old_store_snapshot_done(&before);
	old_store_expect(x->store->db, "SELECT count(*) FROM message_text WHERE hints = '[]'", "6");
	old_store_expect(x->store->db, "SELECT count(*) FROM likeness", "0");
	old_store_expect(x->store->db, "PRAGMA integrity_check", "ok");
}

static void a_reader_refuses_the_first_schema(void **state)
{
	struct store_fixture *x = *state;
	struct store *reader = NULL;
	struct fault f = { 0 };

	old_store_make(x);
	assert_int_equal(store_open_reader(x->path, &reader, &f), -EPROTO);
	assert_null(reader);
	store_fixture_fault(&f, FAULT_STORE, "the database has an older schema");
	old_store_migrate(x);
	store_fixture_expect(store_open_reader(x->path, &reader, &f), &f);
	reader = store_close(reader);
}

#define TEST(function)                                                                             \
	cmocka_unit_test_setup_teardown(function, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everything_is_still_there),
		TEST(what_is_new_is_filled_from_what_was_known),
		TEST(it_is_worked_with_as_any_other),
		TEST(a_migration_that_is_taken_back_leaves_the_old_store),
		TEST(a_migration_that_is_killed_leaves_the_old_store),
		TEST(a_migration_that_fails_leaves_the_old_store),
		TEST(mails_of_before_have_no_hints),
		TEST(a_reader_refuses_the_first_schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
