/* test_io.c - whole reads and writes: pieces, the bound, failures. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/io.h"

enum {
	MUCH = 300 * 1000, /* more than a pipe holds, so that it comes in pieces */
};

/* A child that writes @n bytes, byte i being i % 251, into a pipe. Return: the end to read. */
static int pipe_of(size_t n)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		char *bytes = malloc(n + 1);

		for (size_t i = 0; bytes && i < n; i++)
			bytes[i] = (char) (i % 251);
		(void) close(ends[0]);
		_exit(bytes && io_write(ends[1], bytes, n) == 0 ? 0 : 1);
	}
	(void) close(ends[1]);
	return ends[0];
}

static void assert_child_ended(int status_expected)
{
	int status;

	assert_true(wait(&status) > 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), status_expected);
}

static void test_pieces(void **state)
{
	CLEANUP(closep) int fd = pipe_of(MUCH);
	CLEANUP(freep) char *buf = malloc(MUCH + 1);
	size_t n = 0;

	(void) state;
	assert_non_null(buf);
	assert_int_equal(io_read(fd, buf, MUCH + 1, &n), 0);
	assert_int_equal(n, MUCH);
	for (size_t i = 0; i < n; i++)
		if (buf[i] != (char) (i % 251))
			fail_msg("byte %zu is another", i);
	assert_child_ended(0);
}

static void test_bound(void **state)
{
	static const struct {
		const char *name;
		size_t there;
		size_t room;
		size_t n;
	} rows[] = {
		{ "nothing there", 0, 4, 0 },
		{ "less than the room", 3, 4, 3 },
		{ "exactly the room", 4, 4, 4 },
		{ "one more than the room stays where it is", 5, 4, 4 },
		{ "no room", 5, 0, 0 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CLEANUP(closep) int fd = pipe_of(rows[i].there);
		char buf[8] = "xxxxxxx";
		size_t n = 99;

		print_message("%s\n", rows[i].name);
		assert_int_equal(io_read(fd, buf, rows[i].room, &n), 0);
		assert_int_equal(n, rows[i].n);
		assert_int_equal(buf[rows[i].room], 'x');
		assert_child_ended(0);
	}
}

static void test_failures(void **state)
{
	CLEANUP(closep) int dir = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(closep) int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	char buf[4];
	size_t n = 99;

	(void) state;
	assert_int_equal(io_read(dir, buf, sizeof buf, &n), -EISDIR);
	assert_int_equal(io_read(-1, buf, sizeof buf, &n), -EBADF);
	assert_int_equal(n, 99);
	assert_int_equal(io_write(full, "abc", 3), -ENOSPC);
	assert_int_equal(io_write(full, "", 0), 0);
	assert_int_equal(io_write(-1, "abc", 3), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
