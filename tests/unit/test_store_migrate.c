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
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"

enum {
	TABLES_MAX = 40,
	SQL_MAX = 2048,
	DUMP_MAX = 16 * 1024,
};

/* What the first release would have left: six cases that differ in their acknowledgement. */
static const char old_rows[] =
	"INSERT INTO meta VALUES (1, CAST(zeroblob(31) || x'07' AS BLOB), 0, 1, 2);"
	"INSERT INTO mailbox VALUES (1, 'foi');"
	"INSERT INTO folder VALUES (1, 1, 'INBOX', 3);"
	"INSERT INTO epoch VALUES (1, 1, 77, 1, '', 4);"
	"UPDATE fate SET mails = 6 WHERE word = 'request';"
	"INSERT INTO counter VALUES ('request', '', 6);"
	"INSERT INTO authority VALUES (1, 'Example Constabulary');"
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6)"
	" INSERT INTO foi_case SELECT i, 'FOI ' || i, 'request',"
	" CASE i WHEN 5 THEN 'closed' WHEN 6 THEN 'triage' ELSE 'open' END, NULL, NULL, 1,"
	" '2018-05-16', '2018-06-14', 0, i, 5, 'jane@example.org', 'Jane', 'Bicycles' FROM n;"
	"INSERT INTO case_reference SELECT reference, id FROM foi_case;"
	"INSERT INTO message SELECT id, 1, id, 'request', 6, 7, 8, 9, '2018-05-16', 0, 0, 1, id,"
	" NULL, '<' || id || '@example.org>', 'c0', 10, 'jane@example.org', 'Jane', NULL"
	" FROM foi_case;"
	"INSERT INTO message_text SELECT id, 's', 't', 'n', 'r', 'w' FROM message;"
	"INSERT INTO raw_mail SELECT id, x'00ff' FROM message;"
	"UPDATE foi_case SET message = id;"
	"INSERT INTO part SELECT id, id, 1, '', 'foia', state, due FROM foi_case;"
	"INSERT INTO part_authority SELECT id, 1 FROM part;"
	"INSERT INTO party SELECT id, 'jane@example.org', 'Jane', 'requester', 5 FROM foi_case;"
	/* Case 1 was counted again, past the horizon; case 6 never, as if by another hand. */
	"INSERT INTO deadline SELECT id, id, 5, 'foia', 'statute', 20, '2018-05-16', due, 0,"
	" 'ca1e' FROM part WHERE id < 6;"
	"INSERT INTO deadline VALUES (9, 1, 6, 'foia', 'statute', 20, '2018-05-16',"
	" '2018-06-15', 1, 'beef');"
	"INSERT INTO event SELECT id, id, id, 5, 'daemon', 'opened', 'why' FROM foi_case;"
	"INSERT INTO outbox SELECT id, id, 1, 'acknowledgement', '<a' || id || '@example.org>',"
	" 'foi@example.org', 'Jane@example.org',"
	" CASE id WHEN 4 THEN NULL ELSE '2018-06-14' END, 0,"
	" CASE id WHEN 1 THEN 'sent' WHEN 2 THEN 'held' WHEN 3 THEN 'failed' ELSE 'queued' END,"
	" 0, 5, 6, 7, NULL, 0, '', '' FROM foi_case WHERE id < 6;"
	"INSERT INTO outbox_mail SELECT id, x'41' FROM outbox;";

static void run(sqlite3 *db, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %.60s", error, sql);
}

static sqlite3 *open_by_hand(const struct store_fixture *x)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
	return db;
}

static void close_by_hand(sqlite3 *db)
{
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The first row of a query as one text, "NULL" for none. */
static void ask(sqlite3 *db, const char *sql, char ret[static DUMP_MAX])
{
	sqlite3_stmt *q = NULL;
	const char *text;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %.200s", sqlite3_errmsg(db), sql);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	text = (const char *) sqlite3_column_text(q, 0);
	assert_true(snprintf(ret, DUMP_MAX, "%s", text ? text : "NULL") < DUMP_MAX);
	assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
}

static void expect(sqlite3 *db, const char *sql, const char *wanted)
{
	char got[DUMP_MAX];

	ask(db, sql, got);
	if (strcmp(got, wanted) != 0)
		fail_msg("%s: %s, expected %s", sql, got, wanted);
}

/* Replaces the fixture's new store by an old one. */
static void make_old(struct store_fixture *x)
{
	sqlite3 *db;

	x->store = store_close(x->store);
	assert_int_equal(unlink(x->path), 0);
	db = open_by_hand(x);
	run(db, "PRAGMA journal_mode = WAL");
	run(db, "BEGIN");
	for (const char *const *s = store_migrations[0]; *s; s++)
		run(db, *s);
	run(db, old_rows);
	run(db, "COMMIT");
	close_by_hand(db);
}

/* Each table of the old schema: a query that shows all of it, and what it showed. */
struct snapshot {
	char queries[TABLES_MAX][SQL_MAX];
	char *shown[TABLES_MAX]; /* owned */
	size_t n;
};

/* The columns are named, so that the queries do not see those that a migration adds. Left out are
 * the tables that opening or migrating writes to: meta, and the words of states and regimes. */
static void take_snapshot(sqlite3 *db, struct snapshot *ret)
{
	sqlite3_stmt *q = NULL;
	char text[DUMP_MAX];

	ret->n = 0;
	assert_int_equal(sqlite3_prepare_v2(db,
				 "SELECT 'SELECT group_concat(row, char(10)) FROM (SELECT ' ||"
				 " group_concat('quote(' || c.name || ')', ' || '','' || ')"
				 " || ' AS row FROM ' || t.name || ' ORDER BY 1)'"
				 " FROM pragma_table_list t, pragma_table_info(t.name) c"
				 " WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%'"
				 " AND t.name NOT IN ('meta', 'case_state', 'regime')"
				 " GROUP BY t.name",
				 -1, &q, NULL),
		SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW) {
		assert_true(ret->n < TABLES_MAX);
		assert_true(snprintf(ret->queries[ret->n], SQL_MAX, "%s",
				    (const char *) sqlite3_column_text(q, 0)) < SQL_MAX);
		ask(db, ret->queries[ret->n], text);
		ret->shown[ret->n] = strdup(text);
		assert_non_null(ret->shown[ret->n]);
		ret->n++;
	}
	assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
	assert_in_range(ret->n, 20, TABLES_MAX);
}

static void expect_snapshot(sqlite3 *db, const struct snapshot *s)
{
	for (size_t i = 0; i < s->n; i++)
		expect(db, s->queries[i], s->shown[i]);
}

static void snapshot_done(struct snapshot *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->shown[i]);
}

static void expect_old(struct store_fixture *x, const struct snapshot *s)
{
	sqlite3 *db = open_by_hand(x);

	expect(db, "PRAGMA user_version", "1");
	expect(db, "SELECT count(*) FROM pragma_table_info('part') WHERE name = 'ended'", "0");
	expect(db, "SELECT count(*) FROM case_state", "3");
	expect_snapshot(db, s);
	close_by_hand(db);
}

static void old_snapshot(struct store_fixture *x, struct snapshot *ret)
{
	sqlite3 *db = open_by_hand(x);

	take_snapshot(db, ret);
	close_by_hand(db);
}

static void open_new(struct store_fixture *x)
{
	struct fault f = { 0 };

	store_fixture_expect(store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f), &f);
}

static void everything_is_still_there(void **state)
{
	struct store_fixture *x = *state;
	struct snapshot before;
	char newest[16];
	int n = 0;

	make_old(x);
	old_snapshot(x, &before);
	open_new(x);
	while (store_migrations[n])
		n++;
	(void) snprintf(newest, sizeof newest, "%d", n);
	expect(x->store->db, "PRAGMA user_version", newest);
	expect_snapshot(x->store->db, &before);
	snapshot_done(&before);
	expect(x->store->db, "PRAGMA integrity_check", "ok");
	expect(x->store->db, "SELECT count(*) FROM pragma_foreign_key_check", "0");
	assert_int_equal(store_key(x->store)[DIGEST_KEY_BYTES - 1], 7);
	assert_true(store_was_clean(x->store));
}

static void what_is_new_is_filled_from_what_was_known(void **state)
{
	struct store_fixture *x = *state;
	sqlite3 *db;

	make_old(x);
	open_new(x);
	db = x->store->db;
	/* Sent: told. Held and failed: the requester knows of no day. One that told none; one that
	 * is on its way; and no acknowledgement at all. */
	expect(db,
		"SELECT group_concat(ifnull(told, '-'), ' ')"
		" FROM (SELECT told FROM foi_case ORDER BY id)",
		"2018-06-14 - - - 2018-06-14 -");
	/* The last count of each part: the calendar it was made with, and whether it is sure. */
	expect(db,
		"SELECT group_concat(is_provisional || checked, ' ')"
		" FROM (SELECT * FROM part ORDER BY id)",
		"1beef 0ca1e 0ca1e 0ca1e 0ca1e 0");
	expect(db, "SELECT group_concat(DISTINCT cause) FROM deadline", "opened");
	expect(db,
		"SELECT count(*) FROM part WHERE notice IS NULL AND final IS NULL AND ended IS NULL"
		" AND outcome = ''",
		"6");
	expect(db,
		"SELECT count(*) FROM event WHERE part IS NULL AND day IS NULL AND details IS NULL"
		" AND undoes IS NULL",
		"6");
	expect(db, "SELECT count(*) FROM case_state WHERE word IN ('waiting', 'answered')", "2");
	expect(db, "SELECT count(*) FROM regime WHERE word = 'sar'", "1");
	expect(db, "SELECT count(*) FROM calendar_feed", "1");
	/* What was sent counts for its sender; what is held was held for an officer. */
	expect(db,
		"SELECT group_concat(counted_as || ':' || held_for, ' ')"
		" FROM (SELECT * FROM outbox ORDER BY id)",
		"jane@example.org: jane@example.org:officer jane@example.org: jane@example.org:"
		" jane@example.org:");
	expect(db, "SELECT sum(mails) FROM mailbox_fate", "6");
	expect(db,
		"SELECT count(*) FROM (SELECT fate, mails FROM mailbox_fate"
		" EXCEPT SELECT fate, count(*) FROM message GROUP BY fate)",
		"0");
	expect(db, "SELECT count(*) FROM shown", "0");
	expect(db, "SELECT count(*) FROM outbox WHERE queued_at = created_at", "5");
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

	make_old(x);
	open_new(x);
	x->epoch = 1;
	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_fixture_case(x, 70, "FOI 7"), 7);
	store_fixture_expect(store_commit(x->store, &f), &f);
	run(x->store->db, "UPDATE foi_case SET state = 'waiting' WHERE id = 1");
	run(x->store->db, "UPDATE part SET regime = 'sar' WHERE id = 2");
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
	struct snapshot before;

	make_old(x);
	old_snapshot(x, &before);
	for (size_t n = 1; step[n - 1]; n++) {
		sqlite3 *db = open_by_hand(x);

		run(db, "BEGIN IMMEDIATE");
		for (size_t i = 0; i < n; i++)
			run(db, step[i]);
		run(db, "ROLLBACK");
		close_by_hand(db);
		expect_old(x, &before);
	}
	snapshot_done(&before);
	open_new(x);
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
	struct snapshot before;
	int status;

	make_old(x);
	old_snapshot(x, &before);
	status = store_fixture_fork(die_half_way, x);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	expect_old(x, &before);
	open_new(x);
	expect_snapshot(x->store->db, &before);
	snapshot_done(&before);
}

/* The program's own migration fails at a table that somebody made by hand. */
static void a_migration_that_fails_leaves_the_old_store(void **state)
{
	struct store_fixture *x = *state;
	struct snapshot before;
	struct fault f = { 0 };
	sqlite3 *db;

	make_old(x);
	db = open_by_hand(x);
	run(db, "CREATE TABLE reminder (note TEXT)");
	close_by_hand(db);
	old_snapshot(x, &before);
	assert_true(store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f) < 0);
	assert_null(x->store);
	store_fixture_fault(&f, FAULT_STORE, "the tables could not be made");
	expect_old(x, &before);
	snapshot_done(&before);

	db = open_by_hand(x);
	run(db, "DROP TABLE reminder");
	close_by_hand(db);
	open_new(x);
}

/* From the second schema: mails of before have no hints, and are compared with nothing. */
static void mails_of_before_have_no_hints(void **state)
{
	struct store_fixture *x = *state;
	struct snapshot before;
	sqlite3 *db;

	make_old(x);
	db = open_by_hand(x);
	run(db, "BEGIN");
	for (const char *const *s = store_migrations[1]; *s; s++)
		run(db, *s);
	run(db, "COMMIT");
	expect(db, "PRAGMA user_version", "2");
	take_snapshot(db, &before);
	close_by_hand(db);
	open_new(x);
	expect_snapshot(x->store->db, &before);
	snapshot_done(&before);
	expect(x->store->db, "SELECT count(*) FROM message_text WHERE hints = '[]'", "6");
	expect(x->store->db, "SELECT count(*) FROM likeness", "0");
	expect(x->store->db, "PRAGMA integrity_check", "ok");
}

static void a_reader_refuses_the_first_schema(void **state)
{
	struct store_fixture *x = *state;
	struct store *reader = NULL;
	struct fault f = { 0 };

	make_old(x);
	assert_int_equal(store_open_reader(x->path, &reader, &f), -EPROTO);
	assert_null(reader);
	store_fixture_fault(&f, FAULT_STORE, "the database has an older schema");
	open_new(x);
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
