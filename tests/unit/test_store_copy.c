/* test_store_copy.c - a copy is whole or is none, and one is kept before a migration. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_recall.h"
#include "adapters/store_internal.h"

enum {
	MAILS = 50,
	COPIED_AT = STORE_FIXTURE_NOW + 3600,
};

struct paths {
	char copy[128];
	char part[160];
	char wal[160];
};

static struct paths paths_of(const struct store_fixture *x)
{
	struct paths p;

	(void) snprintf(p.copy, sizeof p.copy, "%s/copy", x->folder);
	(void) snprintf(p.part, sizeof p.part, "%s.part", p.copy);
	(void) snprintf(p.wal, sizeof p.wal, "%s-wal", p.copy);
	return p;
}

static int64_t ask(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	int64_t n;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return n;
}

/* As the query role does it, beside the writer. */
static int copy(const struct store_fixture *x, const char *path, struct fault *f)
{
	struct store *reader = NULL;
	int r = store_open_reader(x->path, &reader, f);

	if (r == 0)
		r = store_copy(reader, path, COPIED_AT, f);
	store_close(reader);
	return r;
}

static void a_copy_is_what_was_committed(void **state)
{
	struct store_fixture *x = *state;
	const struct paths p = paths_of(x);
	struct fault f = { 0 };
	struct store *copied = NULL;
	struct store_message m;
	struct stat st;
	int64_t id;

	store_fixture_add_mails(x, 1, MAILS);
	store_fixture_expect(store_begin(x->store, &f), &f);
	m = store_fixture_message(x, MAILS + 1);
	store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	store_fixture_expect(copy(x, p.copy, &f), &f);
	store_rollback(x->store);
	assert_int_equal(stat(p.copy, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(access(p.part, F_OK), -1);
	assert_int_equal(access(p.wal, F_OK), -1);
	assert_int_equal(ask(p.copy, "SELECT count(*) FROM raw_mail"), MAILS);
	store_fixture_expect(store_open(p.copy, STORE_FIXTURE_NOW, &copied, &f), &f);
	assert_memory_equal(store_key(copied), store_key(x->store), DIGEST_KEY_BYTES);
	assert_false(store_was_clean(copied)); /* a backup is looked over when it is put in place */
	copied = store_close(copied);
}

static void a_new_copy_replaces_the_old(void **state)
{
	struct store_fixture *x = *state;
	const struct paths p = paths_of(x);
	struct fault f = { 0 };
	int fd;

	store_fixture_expect(copy(x, p.copy, &f), &f);
	store_fixture_add_mails(x, 1, MAILS);
	/* What an attempt that was killed has left is in nobody's way. */
	fd = open(p.part, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "rubbish", 7), 7);
	assert_int_equal(close(fd), 0);
	store_fixture_expect(copy(x, p.copy, &f), &f);
	assert_int_equal(ask(p.copy, "SELECT count(*) FROM raw_mail"), MAILS);
	assert_int_equal(access(p.part, F_OK), -1);
}

static void damage_is_no_backup(void **state)
{
	static const unsigned char rubbish[64] = { 0x0d, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct store_fixture *x = *state;
	const struct paths p = paths_of(x);
	struct fault f = { 0 };
	int64_t page;
	int fd;

	store_fixture_expect(copy(x, p.copy, &f), &f);
	store_fixture_add_mails(x, 1, MAILS);
	store_fixture_reopen(x);
	page = store_fixture_number(
		x, "SELECT pageno FROM dbstat WHERE name = 'raw_mail' AND pagetype = 'leaf'");
	fd = open(x->path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, (page - 1) * 4096), sizeof rubbish);
	assert_int_equal(copy(x, p.copy, &f), -EUCLEAN);
	store_fixture_fault(&f, FAULT_STORE_DAMAGED, "damaged");
	assert_int_equal(access(p.part, F_OK), -1);
	assert_int_equal(ask(p.copy, "SELECT count(*) FROM raw_mail"), 0); /* the one of before */
	assert_int_equal(close(fd), 0);
}

/* No file grows beyond @bytes until limit(RLIM_INFINITY). */
static void limit(rlim_t bytes)
{
	struct rlimit now;

	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &now), 0);
	now.rlim_cur = bytes == RLIM_INFINITY ? now.rlim_max : bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
}

static void a_full_disk_leaves_the_old_copy(void **state)
{
	struct store_fixture *x = *state;
	const struct paths p = paths_of(x);
	struct fault f = { 0 };
	int r;

	store_fixture_expect(copy(x, p.copy, &f), &f);
	store_fixture_add_mails(x, 1, MAILS);
	limit(64 * 1024);
	r = copy(x, p.copy, &f);
	limit(RLIM_INFINITY);
	assert_int_equal(r, -ENOSPC);
	store_fixture_fault(&f, FAULT_STORE_FULL, "no space left");
	assert_int_equal(access(p.part, F_OK), -1);
	assert_int_equal(ask(p.copy, "SELECT count(*) FROM raw_mail"), 0);
}

/* ---- the mark ------------------------------------------------------------------------------ */

static int64_t since(struct store *s)
{
	struct fault f = { 0 };
	int64_t since = -1;

	store_fixture_expect(store_recovering(s, &since, &f), &f);
	return since;
}

/* Opens the copy as the daemon does that it was put in place for. */
static struct store *open_copy(const char *path)
{
	struct store *s = NULL;
	struct fault f = { 0 };

	store_fixture_expect(store_open(path, STORE_FIXTURE_NOW + 7200, &s, &f), &f);
	return s;
}

static void a_copy_knows_that_it_is_one(void **state)
{
	struct store_fixture *x = *state;
	const struct paths p = paths_of(x);
	struct fault f = { 0 };
	struct store *copied;

	assert_int_equal(since(x->store), 0);
	store_fixture_expect(copy(x, p.copy, &f), &f);
	assert_int_equal(since(x->store), 0); /* the one that is in use does not change */
	copied = open_copy(p.copy);
	assert_int_equal(since(copied), COPIED_AT);
	copied = store_close(copied);
	copied = open_copy(p.copy); /* a restart does not end it */
	assert_int_equal(since(copied), COPIED_AT);
	copied = store_close(copied);
}

static void the_mark_stays_until_it_is_ended(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	assert_int_equal(store_recovering_begin(x->store, 5, &f), -EPERM); /* no transaction */
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_recovering_begin(x->store, 7, &f), &f);
	store_fixture_expect(store_recovering_begin(x->store, 9, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(since(x->store), 7); /* a copy of a copy lacks what the first lacks */
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_recovering_end(x->store, &f), &f);
	store_rollback(x->store);
	assert_int_equal(since(x->store), 7);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_recovering_end(x->store, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(since(x->store), 0);
}

static void a_copy_of_a_copy_tells_of_the_first(void **state)
{
	struct store_fixture *x = *state;
	const struct paths p = paths_of(x);
	struct fault f = { 0 };
	struct store *copied;

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_recovering_begin(x->store, COPIED_AT - 60, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_fixture_expect(copy(x, p.copy, &f), &f);
	copied = open_copy(p.copy);
	assert_int_equal(since(copied), COPIED_AT - 60);
	copied = store_close(copied);
}

/* What has come since it was made, the scan before it cannot have told. */
static void a_copy_of_a_recovery_begins_it_anew(void **state)
{
	struct store_fixture *x = *state;
	const struct paths p = paths_of(x);
	struct store_recovery recovery = { 0 };
	struct fault f = { 0 };
	struct store *copied;

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_recovering_begin(x->store, COPIED_AT - 60, &f), &f);
	store_fixture_expect(store_recovery_set(x->store, true, 77, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_fixture_expect(copy(x, p.copy, &f), &f);
	copied = open_copy(p.copy);
	store_fixture_expect(store_recovery(copied, &recovery, &f), &f);
	assert_false(recovery.is_known);
	assert_int_equal(recovery.hold_before, 77);
	copied = store_close(copied);
	store_fixture_expect(store_recovery(x->store, &recovery, &f), &f);
	assert_true(recovery.is_known);
}

/* ---- before a migration ---------------------------------------------------------------------- */

static void make_old(struct store_fixture *x)
{
	sqlite3 *db = NULL;

	x->store = store_close(x->store);
	assert_int_equal(unlink(x->path), 0);
	assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL), SQLITE_OK);
	for (const char *const *s = store_migrations[0]; *s; s++)
		assert_int_equal(sqlite3_exec(db, *s, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				 "INSERT INTO meta VALUES (1, zeroblob(32), 0, 1, 2);"
				 "INSERT INTO mailbox VALUES (7, 'foi')",
				 NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_copy_is_kept_before_a_migration(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	char kept[128];

	(void) snprintf(kept, sizeof kept, "%s.schema-1", x->path);
	assert_int_equal(access(kept, F_OK), -1); /* a new store has none */
	make_old(x);
	store_fixture_expect(store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f), &f);
	assert_int_equal(ask(kept, "PRAGMA user_version"), 1);
	assert_int_equal(ask(kept, "SELECT id FROM mailbox WHERE name = 'foi'"), 7);
	assert_true(store_fixture_number(x, "PRAGMA user_version") > 1);
	assert_int_equal(unlink(kept), 0);
	store_fixture_reopen(x);
	assert_int_equal(access(kept, F_OK), -1); /* and one of this program's schema has none */
}

/* By the program of then, which does not look at the mark, and by this one, that migrates it. */
static void what_was_kept_before_a_migration_is_a_copy(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	char kept[128];

	(void) snprintf(kept, sizeof kept, "%s.schema-1", x->path);
	make_old(x);
	store_fixture_expect(store_open(x->path, COPIED_AT, &x->store, &f), &f);
	assert_int_equal(since(x->store), 0);
	x->store = store_close(x->store);
	assert_int_equal(rename(kept, x->path), 0);
	store_fixture_expect(store_open(x->path, COPIED_AT + 60, &x->store, &f), &f);
	assert_int_equal(since(x->store), COPIED_AT);
}

static void without_a_copy_there_is_no_migration(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	int r;

	make_old(x);
	limit(40 * 1024);
	r = store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f);
	limit(RLIM_INFINITY);
	assert_int_equal(r, -ENOSPC);
	store_fixture_fault(&f, FAULT_STORE_FULL, "could not be copied");
	assert_int_equal(ask(x->path, "PRAGMA user_version"), 1);
	store_fixture_expect(store_open(x->path, STORE_FIXTURE_NOW, &x->store, &f), &f);
	assert_int_equal(store_fixture_number(x, "SELECT id FROM mailbox WHERE name = 'foi'"), 7);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_copy_is_what_was_committed),
		TEST(a_new_copy_replaces_the_old),
		TEST(damage_is_no_backup),
		TEST(a_full_disk_leaves_the_old_copy),
		TEST(a_copy_knows_that_it_is_one),
		TEST(the_mark_stays_until_it_is_ended),
		TEST(a_copy_of_a_copy_tells_of_the_first),
		TEST(a_copy_of_a_recovery_begins_it_anew),
		TEST(a_copy_is_kept_before_a_migration),
		TEST(what_was_kept_before_a_migration_is_a_copy),
		TEST(without_a_copy_there_is_no_migration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
