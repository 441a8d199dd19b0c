/* test_sealed.c - sealed buffers: what is taken from another process and what is refused. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/sealed.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_round_trip(void **state)
{
	CLEANUP(closep) int fd = sealed_new("mail", "abc\0def", 7);
	struct sealed s;
	struct fault f = { 0 };

	(void) state;
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(sealed_map(fd, 7, &s, &f), 0);
	assert_int_equal(s.n, 7);
	assert_memory_equal(s.bytes, "abc\0def", 7);
	sealed_unmap(&s);
	assert_null(s.bytes);
	assert_int_equal(s.n, 0);
	sealed_unmap(&s);
	sealed_unmap(NULL);
}

static void test_empty(void **state)
{
	CLEANUP(closep) int fd = sealed_new("mail", "", 0);
	struct sealed s = { .bytes = NULL, .n = 99 };

	(void) state;
	assert_true(fd >= 0);
	assert_int_equal(sealed_map(fd, 0, &s, NULL), 0);
	assert_int_equal(s.n, 0);
	assert_string_equal(s.bytes, "");
	sealed_unmap(&s);
}

static void test_too_long(void **state)
{
	CLEANUP(closep) int fd = sealed_new("mail", "12345678", 8);
	struct sealed s = { .bytes = NULL, .n = 99 };
	struct fault f = { 0 };

	(void) state;
	assert_true(fd >= 0);
	assert_int_equal(sealed_map(fd, 7, &s, &f), -EMSGSIZE);
	assert_string_equal(f.text, "a buffer of 8 bytes is over the limit of 7");
	assert_int_equal(s.n, 99);
}

/* Whoever seals cannot write, grow or shrink afterwards, nor unseal. */
static void test_nobody_can_change_it(void **state)
{
	CLEANUP(closep) int fd = sealed_create("mail");

	(void) state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_int_equal(sealed_finish(fd), 0);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, 2), -1);
	assert_int_equal(ftruncate(fd, 4), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	assert_int_equal(sealed_finish(fd), -EPERM);
}

static const struct {
	const char *why;
	int seals;
} missing[] = {
	{ "no seal at all", 0 },
	{ "can be unsealed by more seals", F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE },
	{ "can shrink under the reader", F_SEAL_SEAL | F_SEAL_GROW | F_SEAL_WRITE },
	{ "can grow", F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_WRITE },
	{ "can be written", F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW },
};

static void test_missing_seals(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(missing); i++) {
		CLEANUP(closep) int fd = sealed_create("mail");
		struct sealed s = { .bytes = NULL, .n = 99 };
		struct fault f = { 0 };

		print_message("%s\n", missing[i].why);
		assert_true(fd >= 0);
		assert_int_equal(write(fd, "abc", 3), 3);
		if (missing[i].seals)
			assert_int_equal(fcntl(fd, F_ADD_SEALS, missing[i].seals), 0);
		assert_int_equal(sealed_map(fd, 100, &s, &f), -EPERM);
		assert_string_equal(f.text, "a buffer from another process is not sealed");
		assert_int_equal(s.n, 99);
	}
}

static void test_not_a_memfd(void **state)
{
	CLEANUP(closep) int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int pipes[2];
	struct sealed s;

	(void) state;
	assert_true(file >= 0);
	assert_int_equal(sealed_map(file, SIZE_MAX, &s, NULL), -EPERM);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(sealed_map(pipes[0], SIZE_MAX, &s, NULL), -EPERM);
	closep(&pipes[0]);
	closep(&pipes[1]);
	assert_int_equal(sealed_map(-1, SIZE_MAX, &s, NULL), -EPERM);
	assert_int_equal(sealed_finish(-1), -EBADF);
}

/* A memfd may be long without holding anything: the bound is on its size, before it is mapped. */
static void test_sparse(void **state)
{
	CLEANUP(closep) int fd = sealed_create("mail");
	struct sealed s;

	(void) state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t) 1 << 40), 0);
	assert_int_equal(sealed_finish(fd), 0);
	assert_int_equal(sealed_map(fd, 1 << 20, &s, NULL), -EMSGSIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_nobody_can_change_it),
		cmocka_unit_test(test_missing_seals),
		cmocka_unit_test(test_not_a_memfd),
		cmocka_unit_test(test_sparse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
