/* old_store.c - a store as the first release left it, and what is in it. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/old_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

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

void old_store_run(sqlite3 *db, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %.60s", error, sql);
}

sqlite3 *old_store_open(const struct store_fixture *x)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
	return db;
}

void old_store_close(sqlite3 *db)
{
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The first row of a query as one text, "NULL" for none. */
static void ask(sqlite3 *db, const char *sql, char ret[static OLD_STORE_DUMP_MAX])
{
	sqlite3_stmt *q = NULL;
	const char *text;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %.200s", sqlite3_errmsg(db), sql);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	text = (const char *) sqlite3_column_text(q, 0);
	assert_true(
		snprintf(ret, OLD_STORE_DUMP_MAX, "%s", text ? text : "NULL") < OLD_STORE_DUMP_MAX);
	assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
}

void old_store_expect(sqlite3 *db, const char *sql, const char *wanted)
{
	char got[OLD_STORE_DUMP_MAX];

	ask(db, sql, got);
	if (strcmp(got, wanted) != 0)
		fail_msg("%s: %s, expected %s", sql, got, wanted);
}

void old_store_make(struct store_fixture *x)
{
	sqlite3 *db;

	x->store = store_close(x->store);
	assert_int_equal(unlink(x->path), 0);
	db = old_store_open(x);
	old_store_run(db, "PRAGMA journal_mode = WAL");
	old_store_run(db, "BEGIN");
	for (const char *const *s = store_migrations[0]; *s; s++)
		old_store_run(db, *s);
	old_store_run(db, old_rows);
	old_store_run(db, "COMMIT");
	old_store_close(db);
}

/* The columns are named, so that the queries do not see those that a migration adds. Left out are
 * the tables that opening or migrating writes to: meta, and the words of states and regimes. */
static void take_snapshot(sqlite3 *db, struct old_store_snapshot *ret)
{
	sqlite3_stmt *q = NULL;
	char text[OLD_STORE_DUMP_MAX];

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
		assert_true(ret->n < OLD_STORE_TABLES_MAX);
		assert_true(snprintf(ret->queries[ret->n], OLD_STORE_SQL_MAX, "%s",
				    (const char *) sqlite3_column_text(q, 0)) < OLD_STORE_SQL_MAX);
		ask(db, ret->queries[ret->n], text);
		ret->shown[ret->n] = strdup(text);
		assert_non_null(ret->shown[ret->n]);
		ret->n++;
	}
	assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
	assert_in_range(ret->n, 20, OLD_STORE_TABLES_MAX);
}

void old_store_expect_snapshot(sqlite3 *db, const struct old_store_snapshot *s)
{
	for (size_t i = 0; i < s->n; i++)
		old_store_expect(db, s->queries[i], s->shown[i]);
}

void old_store_snapshot_done(struct old_store_snapshot *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->shown[i]);
}

void old_store_expect_old(struct store_fixture *x, const struct old_store_snapshot *s)
{
	sqlite3 *db = old_store_open(x);

	old_store_expect(db, "PRAGMA user_version", "1");
	old_store_expect(
		db, "SELECT count(*) FROM pragma_table_info('part') WHERE name = 'ended'", "0");
	old_store_expect(db, "SELECT count(*) FROM case_state", "3");
	old_store_expect_snapshot(db, s);
	old_store_close(db);
}

void old_store_snapshot(struct store_fixture *x, struct old_store_snapshot *ret)
{
	sqlite3 *db = old_store_open(x);

	take_snapshot(db, ret);
	old_store_close(db);
}

void old_store_migrate(struct store_fixture *x)
{
	struct fault f = { 0 };

	store_fixture_expect(store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f), &f);
}
