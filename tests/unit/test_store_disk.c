/* test_store_disk.c - killed, full, read-only, damaged: what a store must get over, or name. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"
#include "base/text.h"

/* Half of a mail is written, also a committed one before; then the plug is pulled. */
static void die_in_the_middle(struct store_fixture *x)
{
	struct fault f = { 0 };
	uint64_t n = 0;

	if (store_open(x->path, 1, &x->store, &f) < 0 || store_begin(x->store, &f) < 0)
		_exit(98);
	(void) store_fixture_case(x, 1, "FOI 000001/18");
	if (store_commit(x->store, &f) < 0 || store_begin(x->store, &f) < 0)
		_exit(97);
	if (store_number_next(x->store, "request", "", 7, &n, &f) < 0)
		_exit(96);
	(void) store_fixture_case(x, 2, "FOI 000002/18");
	/* Spills what is written so far into the WAL, so that a reader could find it there. */
	if (sqlite3_db_cacheflush(x->store->db) != SQLITE_OK)
		_exit(95);
	(void) raise(SIGKILL);
}

static void a_kill_leaves_nothing_half_done(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	int status;

	x->store = store_close(x->store);
	status = store_fixture_fork(die_in_the_middle, x);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);

	store_fixture_expect(store_open(x->path, 1, &x->store, &f), &f);
	assert_false(store_was_clean(x->store));
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM message"), 1);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM foi_case"), 1);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM raw_mail"), 1);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM counter"), 0);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM pragma_integrity_check"
						 " WHERE integrity_check = 'ok'"),
		1);
	store_fixture_reopen(x);
	assert_true(store_was_clean(x->store));
}

static void open_as_nobody(struct store_fixture *x)
{
	struct fault f = { 0 };
	int r;

	if (setgid(65534) < 0 || setuid(65534) < 0)
		_exit(90);
	r = store_open(x->path, 1, &x->store, &f);
	if (r != -EACCES || !text_find_ci(f.text, "permission denied"))
		_exit(91);
	_exit(0);
}

static void a_missing_right_is_named(void **state)
{
	struct store_fixture *x = *state;

	if (geteuid() != 0)
		skip();
	x->store = store_close(x->store);
	assert_int_equal(store_fixture_fork(open_as_nobody, x), 0);
}

/* Fills the store until @limit refuses more. Return: number of mails that were committed. */
static unsigned fill(struct store_fixture *x, int *ret, struct fault *f)
{
	unsigned n = 0;

	*ret = 0;
	while (n < 1000) {
		static char raw[64 * 1024];
		struct store_message m = store_fixture_message(x, n + 1);
		int64_t id;

		m.raw = raw;
		m.raw_bytes = sizeof raw;
		*ret = store_begin(x->store, f);
		if (*ret == 0)
			*ret = store_message_add(x->store, &m, &id, f);
		if (*ret == 0)
			*ret = store_commit(x->store, f);
		if (*ret < 0)
			break;
		n++;
	}
	store_rollback(x->store);
	return n;
}

static void assert_full_and_recover(
	struct store_fixture *x, unsigned n, int r, const struct fault *f)
{
	assert_int_equal(r, -ENOSPC);
	store_fixture_fault(f, FAULT_STORE_FULL, "no space left");
	assert_in_range(n, 1, 999);
	assert_false(store_is_open(x->store));
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM message"), n);
}

static void commit_one_more(struct store_fixture *x, unsigned n)
{
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, n + 1, "FOI 009999/18");
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM message"), n + 1);
}

static void add_one_more(struct store_fixture *x, unsigned n)
{
	commit_one_more(x, n);
	store_fixture_reopen(x);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM raw_mail"), n + 1);
}

static void a_full_database_recovers(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	unsigned n;
	int r;

	(void) store_fixture_number(x, "PRAGMA max_page_count = 300");
	n = fill(x, &r, &f);
	assert_full_and_recover(x, n, r, &f);
	(void) store_fixture_number(x, "PRAGMA max_page_count = 1073741823");
	add_one_more(x, n);
}

/* As when the quota is used up: write() fails with EFBIG at a limit, in the WAL, in mid-commit. */
static void a_full_disk_recovers_on_the_same_connection(void **state)
{
	struct store_fixture *x = *state;
	struct rlimit whole;
	struct rlimit small = { 0 };
	struct fault f = { 0 };
	unsigned n;
	int r;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	small = (struct rlimit){ .rlim_cur = 1 << 20, .rlim_max = whole.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	n = fill(x, &r, &f);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
	assert_full_and_recover(x, n, r, &f);
	add_one_more(x, n);
}

enum {
	CHILD_CANNOT = 77, /* this machine lets nobody mount */
};

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd) < 0)
		_exit(CHILD_CANNOT);
}

/* Ends the child unless it has a small file system of its own over the fixture's folder. */
static void mount_small_disk(const struct store_fixture *x, unsigned long flags)
{
	char users[64];
	char groups[64];

	(void) snprintf(users, sizeof users, "0 %u 1", geteuid());
	(void) snprintf(groups, sizeof groups, "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		_exit(CHILD_CANNOT);
	write_text("/proc/self/uid_map", users);
	write_text("/proc/self/setgroups", "deny");
	write_text("/proc/self/gid_map", groups);
	if (mount("none", x->folder, "tmpfs", flags, "size=3m,mode=0700") < 0)
		_exit(CHILD_CANNOT);
}

static void assert_child_did(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_CANNOT)
		skip();
	assert_int_equal(status, 0);
}

/* A file system without a free block, and then with some again. */
static void fill_a_small_disk(struct store_fixture *x)
{
	static const char ballast_bytes[512 * 1024];
	char ballast[128];
	struct fault f = { 0 };
	unsigned n;
	int fd;
	int r;

	mount_small_disk(x, 0);
	(void) snprintf(ballast, sizeof ballast, "%s/ballast", x->folder);
	fd = open(ballast, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || write(fd, ballast_bytes, sizeof ballast_bytes) < 0 || close(fd) < 0)
		_exit(1);
	if (store_open(x->path, 1, &x->store, &f) < 0)
		_exit(2);
	store_fixture_epoch(x);
	n = fill(x, &r, &f);
	if (r != -ENOSPC || f.kind != FAULT_STORE_FULL || n < 1 || n > 999)
		_exit(3);
	if (unlink(ballast) < 0 || store_fixture_number(x, "SELECT count(*) FROM message") != n)
		_exit(4);
	/* Not opened anew: the checkpoint of closing has no room for all of the WAL here. */
	commit_one_more(x, n);
	x->store = store_close(x->store);
	_exit(0);
}

static void a_disk_without_a_free_block_recovers(void **state)
{
	struct store_fixture *x = *state;

	x->store = store_close(x->store);
	assert_child_did(store_fixture_fork(fill_a_small_disk, x));
}

static void open_on_a_read_only_disk(struct store_fixture *x)
{
	struct fault f = { 0 };

	mount_small_disk(x, MS_RDONLY);
	if (store_open(x->path, 1, &x->store, &f) != -EROFS || f.kind != FAULT_STORE)
		_exit(1);
	_exit(text_find_ci(f.text, "read-only file system") ? 0 : 2);
}

static void a_read_only_disk_is_named(void **state)
{
	struct store_fixture *x = *state;

	x->store = store_close(x->store);
	assert_child_did(store_fixture_fork(open_on_a_read_only_disk, x));
}

static void a_damaged_file_is_told_as_such(void **state)
{
	static const char rubbish[4096] = "rubbish";
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	int fd;
	int r;

	x->store = store_close(x->store);
	fd = open(x->path, O_WRONLY);
	assert_true(fd >= 0);
	for (off_t page = 1; page < 40; page++)
		assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, page * 4096), 4096);
	assert_int_equal(close(fd), 0);
	r = store_open(x->path, 1, &x->store, &f);
	assert_int_equal(r, -EUCLEAN);
	store_fixture_fault(&f, FAULT_STORE_DAMAGED, "damaged");
	assert_null(x->store);
}

static void the_wal_does_not_grow_for_ever(void **state)
{
	static char raw[64 * 1024];
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	char path[128];
	struct stat st;

	for (uint32_t uid = 1; uid <= 600; uid++) {
		struct store_message m = store_fixture_message(x, uid);
		int64_t id;

		m.raw = raw;
		m.raw_bytes = sizeof raw;
		store_fixture_expect(store_begin(x->store, &f), &f);
		store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
		store_fixture_expect(store_commit(x->store, &f), &f);
	}
	(void) snprintf(path, sizeof path, "%s-wal", x->path);
	assert_int_equal(stat(path, &st), 0);
	assert_in_range(st.st_size, 1, 16777216);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_kill_leaves_nothing_half_done),
		TEST(a_missing_right_is_named),
		TEST(a_full_database_recovers),
		TEST(a_full_disk_recovers_on_the_same_connection),
		TEST(a_disk_without_a_free_block_recovers),
		TEST(a_read_only_disk_is_named),
		TEST(a_damaged_file_is_told_as_such),
		TEST(the_wal_does_not_grow_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
