/* test_store_backup.c - a backup has a name, a folder of its own and room, or there is none. */
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
#include <unistd.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_calendar.h"
#include "adapters/store_internal.h"
#include "base/cleanup.h"

enum {
	MAILS = 20,
	MADE_AT = STORE_FIXTURE_NOW + 3600,
	SQL_MAX = 200,
};

#define LONG_63 "a23456789b123456789c123456789d123456789e123456789f123456789g123"

static const struct {
	const char *why;
	const char *name;
	bool is_name;
} names[] = {
	{ "a word", "before-upgrade", true },
	{ "a moment", "2026-11-25-190633Z", true },
	{ "all that is allowed", "a_B.9-", true },
	{ "as long as may be", LONG_63, true },
	{ "longer", LONG_63 "4", false },
	{ "nothing", "", false },
	{ "another folder", "../store", false },
	{ "a folder below", "a/b", false },
	{ "the root", "/etc/passwd", false },
	{ "this folder", ".", false },
	{ "the folder above", "..", false },
	{ "a hidden file", ".hidden", false },
	{ "an option", "-rf", false },
	{ "a space", "last night", false },
	{ "the end of a line", "a\nb", false },
	{ "an escape", "a\033[2J", false },
	{ "a letter beyond ASCII", "caf\xc3\xa9", false },
	{ "a wildcard", "a*", false },
	{ "a variable", "$HOME", false },
};

static void a_name_is_no_path(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		print_message("%s\n", names[i].why);
		assert_int_equal(store_backup_is_name(names[i].name), names[i].is_name);
	}
}

static void it_stands_beside_the_store(void **state)
{
	CLEANUP(freep) char *path = store_backup_path("/var/lib/foimaild/foimaild.db", "a");
	CLEANUP(freep) char *here = store_backup_path("store", "b.c");

	(void) state;
	assert_string_equal(path, "/var/lib/foimaild/backup/a.db");
	assert_string_equal(here, "./backup/b.c.db");
}

/* As the query role does it, beside the writer. */
static int backup(const struct store_fixture *x, const char *name, struct fault *f)
{
	struct store *reader = NULL;
	int r = store_open_reader(x->path, &reader, f);

	if (r == 0)
		r = store_backup(reader, x->path, name, MADE_AT, f);
	store_close(reader);
	return r;
}

static struct store *open_backup(const struct store_fixture *x, const char *name)
{
	CLEANUP(freep) char *path = store_backup_path(x->path, name);
	struct store *s = NULL;
	struct fault f = { 0 };

	store_fixture_expect(store_open(path, MADE_AT + 60, &s, &f), &f);
	return s;
}

static int64_t number(struct store *s, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(s->db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
	return n;
}

static void fill(struct store_fixture *x)
{
	struct fault f = { 0 };

	store_fixture_add_mails(x, 1, MAILS);
	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, MAILS + 1, "FOI 000001/18");
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_fixture_run(x, "INSERT INTO calendar_entry (day, division, title) VALUES"
			     " ('2018-08-27', 'england-and-wales', 'Summer bank holiday')");
}

/* Every table has as many rows in the copy, but for the mark. */
static void expect_same_rows(struct store *a, struct store *b)
{
	sqlite3_stmt *q = NULL;
	unsigned tables = 0;

	assert_int_equal(sqlite3_prepare_v2(a->db,
				 "SELECT name FROM sqlite_schema WHERE type = 'table'"
				 " AND name NOT LIKE 'sqlite%' AND name <> 'recovering'",
				 -1, &q, NULL),
		SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW) {
		char sql[SQL_MAX];

		(void) snprintf(sql, sizeof sql, "SELECT count(*) FROM %s",
			(const char *) sqlite3_column_text(q, 0));
		print_message("%s\n", sql);
		assert_int_equal(number(a, sql), number(b, sql));
		tables++;
	}
	assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
	assert_in_range(tables, 25, 100);
}

static void it_holds_what_the_store_holds(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	struct store *copy;
	int64_t since = 0;

	fill(x);
	store_fixture_expect(backup(x, "one", &f), &f);
	copy = open_backup(x, "one");
	expect_same_rows(x->store, copy);
	assert_memory_equal(store_key(copy), store_key(x->store), DIGEST_KEY_BYTES);
	assert_int_equal(
		number(copy, "SELECT count(*) FROM calendar_entry WHERE day = '2018-08-27'"), 1);
	store_fixture_expect(store_recovering(copy, &since, &f), &f);
	assert_int_equal(since, MADE_AT);
	copy = store_close(copy);
}

static void only_its_owner_may_read_it(void **state)
{
	struct store_fixture *x = *state;
	CLEANUP(freep) char *path = store_backup_path(x->path, "one");
	struct fault f = { 0 };
	struct stat st;
	char folder[128];

	(void) umask(0);
	store_fixture_expect(backup(x, "one", &f), &f);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	(void) snprintf(folder, sizeof folder, "%s/backup", x->folder);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void none_is_replaced(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	struct store *copy;

	store_fixture_expect(backup(x, "one", &f), &f);
	fill(x);
	assert_int_equal(backup(x, "one", &f), -EEXIST);
	store_fixture_fault(&f, FAULT_OTHER, "there is a backup of that name already");
	store_fixture_expect(backup(x, "two", &f), &f);
	copy = open_backup(x, "one");
	assert_int_equal(number(copy, "SELECT count(*) FROM raw_mail"), 0);
	copy = store_close(copy);
	assert_int_equal(backup(x, "../one", &f), -EINVAL);
}

static void touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

/* What was killed leaves no backup, and the next one clears it away: nothing else. */
static void what_was_killed_is_cleared_away(void **state)
{
	static const struct {
		const char *file;
		bool goes;
	} files[] = {
		{ "killed.db.part", true },
		{ "killed.db.part-journal", true },
		{ "x.part.db", false },
		{ "part", false },
		{ "notes.part.txt", false },
	};
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	char path[160];

	store_fixture_expect(backup(x, "one", &f), &f);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		(void) snprintf(path, sizeof path, "%s/backup/%s", x->folder, files[i].file);
		touch(path);
	}
	store_fixture_expect(backup(x, "two", &f), &f);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		print_message("%s\n", files[i].file);
		(void) snprintf(path, sizeof path, "%s/backup/%s", x->folder, files[i].file);
		assert_int_equal(access(path, F_OK), files[i].goes ? -1 : 0);
	}
}

/* A store that seems larger than any disk: the copy is not begun. */
static void without_room_none_is_begun(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	struct store *reader = NULL;
	char sparse[128];

	store_fixture_expect(store_open_reader(x->path, &reader, &f), &f);
	(void) snprintf(sparse, sizeof sparse, "%s/sparse", x->folder);
	touch(sparse);
	assert_int_equal(truncate(sparse, (off_t) 1 << 43), 0);
	assert_int_equal(store_backup(reader, sparse, "one", MADE_AT, &f), -ENOSPC);
	store_fixture_fault(&f, FAULT_STORE_FULL, "no space left for a backup");
	(void) snprintf(sparse, sizeof sparse, "%s/backup/one.db.part", x->folder);
	assert_int_equal(access(sparse, F_OK), -1);
	store_close(reader);
}

static void where_no_folder_can_be_made_there_is_none(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	char folder[128];

	(void) snprintf(folder, sizeof folder, "%s/backup", x->folder);
	touch(folder);
	assert_int_equal(backup(x, "one", &f), -ENOTDIR);
	store_fixture_fault(&f, FAULT_STORE, "not a directory");
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_no_path),
		cmocka_unit_test(it_stands_beside_the_store),
		TEST(it_holds_what_the_store_holds),
		TEST(only_its_owner_may_read_it),
		TEST(none_is_replaced),
		TEST(what_was_killed_is_cleared_away),
		TEST(without_room_none_is_begun),
		TEST(where_no_folder_can_be_made_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
