/* test_store.c - open, lock and close; other files and other processes. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"
#include "base/text.h"

/* SQL by another hand, on a connection of its own. Return: SQLite's primary result code. */
static int by_hand(const struct store_fixture *x, const char *sql)
{
	sqlite3 *db = NULL;
	int code;

	assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
	code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return code & 0xff;
}

static void files_are_for_their_owner_only(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
	struct store_fixture *x = *state;

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		char path[128];
		struct stat st;

		(void) snprintf(path, sizeof path, "%s%s", x->path, suffixes[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
}

static void pragmas_are_set(void **state)
{
	static const struct {
		const char *sql;
		int64_t value;
	} rows[] = {
		{ "PRAGMA synchronous", 2 },
		{ "PRAGMA foreign_keys", 1 },
		{ "PRAGMA secure_delete", 1 },
		{ "PRAGMA trusted_schema", 0 },
		{ "PRAGMA cell_size_check", 1 },
		{ "PRAGMA recursive_triggers", 1 },
		{ "PRAGMA busy_timeout", STORE_BUSY_MSEC },
		{ "PRAGMA application_id", 0x464f494d },
		{ "PRAGMA journal_size_limit", 16777216 },
		{ "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'", 1 },
		{ "SELECT count(*) FROM pragma_foreign_key_check", 0 },
		{ "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND NOT strict"
		  " AND name NOT LIKE 'sqlite_%'",
			0 },
	};
	struct store_fixture *x = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t value = store_fixture_number(x, rows[i].sql);

		if (value != rows[i].value)
			fail_msg("%s: %lld", rows[i].sql, (long long) value);
	}
}

static void the_key_is_made_once(void **state)
{
	static const uint8_t zero[DIGEST_KEY_BYTES];
	struct store_fixture *x = *state;
	uint8_t key[DIGEST_KEY_BYTES];

	memcpy(key, store_key(x->store), sizeof key);
	assert_memory_not_equal(key, zero, sizeof key);
	store_fixture_reopen(x);
	assert_memory_equal(store_key(x->store), key, sizeof key);
}

static void every_statement_can_be_prepared(void **state)
{
	struct store_fixture *x = *state;

	for (unsigned i = 0; i < STORE_SQL_COUNT; i++) {
		sqlite3_stmt *statement = NULL;

		assert_string_not_equal(store_sql_text((enum store_sql) i), "");
		if (sqlite3_prepare_v2(x->store->db, store_sql_text((enum store_sql) i), -1,
			    &statement, NULL) != SQLITE_OK)
			fail_msg("%s: %s", store_sql_text((enum store_sql) i),
				sqlite3_errmsg(x->store->db));
		(void) sqlite3_finalize(statement);
	}
}

static void a_second_opener_is_refused(void **state)
{
	struct store_fixture *x = *state;
	struct store *second = NULL;
	struct fault f = { 0 };

	assert_int_equal(store_open(x->path, 1, &second, &f), -EBUSY);
	store_fixture_fault(&f, FAULT_STORE_BUSY, "another daemon");
	assert_true(f.transient);
	assert_null(second);
}

/* A worker as the daemon's: it inherited the lock over exec, and lives until its pipe closes. */
static pid_t start_heir(int *ret_pipe)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe2(ends, 0), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void) dup2(ends[0], STDIN_FILENO);
		(void) close(ends[0]);
		(void) close(ends[1]);
		(void) execl("/bin/cat", "cat", (char *) NULL);
		_exit(99);
	}
	(void) close(ends[0]);
	*ret_pipe = ends[1];
	return pid;
}

static void a_living_worker_holds_the_lock(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	int status = 0;
	int end = -1;
	pid_t pid = start_heir(&end);

	x->store = store_close(x->store);
	assert_int_equal(store_open(x->path, 1, &x->store, &f), -EBUSY);
	assert_int_equal(close(end), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	store_fixture_expect(store_open(x->path, 1, &x->store, &f), &f);
}

static void clean_is_told_from_killed(void **state)
{
	struct store_fixture *x = *state;

	assert_true(store_was_clean(x->store));
	store_fixture_reopen(x);
	assert_true(store_was_clean(x->store));
	assert_int_equal(store_fixture_number(x, "SELECT is_dirty FROM meta"), 1);
}

static void a_newer_schema_is_refused(void **state)
{
	struct store_fixture *x = *state;
	struct store *reader = NULL;
	struct fault f = { 0 };
	char newest[48];

	(void) snprintf(newest, sizeof newest, "PRAGMA user_version = %d",
		(int) store_fixture_number(x, "SELECT user_version FROM pragma_user_version"));
	x->store = store_close(x->store);
	assert_int_equal(by_hand(x, "PRAGMA user_version = 1000"), SQLITE_OK);
	assert_int_equal(store_open(x->path, 1, &x->store, &f), -EPROTO);
	store_fixture_fault(&f, FAULT_STORE, "newer version");
	assert_null(x->store);
	assert_int_equal(store_open_reader(x->path, &reader, &f), -EPROTO);
	assert_int_equal(by_hand(x, newest), SQLITE_OK);
	store_fixture_expect(store_open(x->path, 1, &x->store, &f), &f);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void a_foreign_file_is_refused_and_left_alone(void **state)
{
	struct store_fixture *x = *state;
	struct store *s = NULL;
	struct fault f = { 0 };
	char path[128];
	char text[64] = { 0 };
	FILE *file;

	(void) snprintf(path, sizeof path, "%s/letter.txt", x->folder);
	write_file(path, "Dear Sir or Madam, this is a letter and no database at all.");
	assert_int_equal(store_open(path, 1, &s, &f), -EBADMSG);
	store_fixture_fault(&f, FAULT_STORE_DAMAGED, "no database");
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof text - 1, file), 59);
	(void) fclose(file);
	assert_null(s);
}

static void another_programs_database_is_refused(void **state)
{
	struct store_fixture *x = *state;
	struct store *s = NULL;
	struct fault f = { 0 };
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	char path[128];

	(void) snprintf(path, sizeof path, "%s/other.db", x->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (a)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(store_open(path, 1, &s, &f), -EBADMSG);
	store_fixture_fault(&f, FAULT_STORE, "another program");
	/* Nor is its journal mode changed, which would be a write. */
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
				 "SELECT 1 FROM pragma_journal_mode WHERE"
				 " journal_mode = 'delete'",
				 -1, &statement, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_missing_folder_is_named(void **state)
{
	struct store *s = NULL;
	struct fault f = { 0 };

	(void) state;
	assert_int_equal(
		store_open("/tmp/foi-store-there-is-none/register.db", 1, &s, &f), -ENOENT);
	store_fixture_fault(&f, FAULT_MISSING, "the directory is not there");
	assert_int_equal(
		store_open_reader("/tmp/foi-store-there-is-none/register.db", &s, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_MISSING);
	assert_null(s);
}

static void a_reader_looks_beside_the_writer(void **state)
{
	struct store_fixture *x = *state;
	struct store *reader = NULL;
	struct triage_case found = { 0 };
	struct fault f = { 0 };
	uint64_t n;

	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, 1, "FOI 000001/18");
	store_fixture_expect(store_open_reader(x->path, &reader, &f), &f);
	assert_memory_equal(store_key(reader), store_key(x->store), DIGEST_KEY_BYTES);

	/* Not committed: not seen; and the reader does not wait for the writer. */
	store_fixture_expect(store_case_by_reference(reader, "FOI 000001/18", "", &found, &f), &f);
	assert_int_equal(found.id, 0);
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_fixture_expect(store_case_by_reference(reader, "FOI 000001/18", "", &found, &f), &f);
	assert_int_not_equal(found.id, 0);

	store_fixture_expect(store_begin(reader, &f), &f);
	assert_true(store_number_next(reader, "request", "", 1, &n, &f) < 0);
	store_rollback(reader);
	reader = store_close(reader);

	/* Alone it can be read too, and a reader's end does not pass for the writer's. */
	x->store = store_close(x->store);
	store_fixture_expect(store_open_reader(x->path, &reader, &f), &f);
	assert_true(store_was_clean(reader));
	reader = store_close(reader);
	store_fixture_expect(store_open(x->path, 1, &x->store, &f), &f);
	assert_true(store_was_clean(x->store));
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_are_for_their_owner_only),
		TEST(pragmas_are_set),
		TEST(the_key_is_made_once),
		TEST(every_statement_can_be_prepared),
		TEST(a_second_opener_is_refused),
		TEST(a_living_worker_holds_the_lock),
		TEST(clean_is_told_from_killed),
		TEST(a_newer_schema_is_refused),
		TEST(a_foreign_file_is_refused_and_left_alone),
		TEST(another_programs_database_is_refused),
		cmocka_unit_test(a_missing_folder_is_named),
		TEST(a_reader_looks_beside_the_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
