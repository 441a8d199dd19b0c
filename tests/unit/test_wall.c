/* test_wall.c - what a process behind the wall can do, and what kills it. */
/* SPDX-License-Identifier: MIT */
#include "daemon/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <seccomp.h>

#include "base/bytes.h"
#include "base/sanitizer.h"
#include "base/sealed.h"
#include "domain/charset.h"
#include "tests/unit/charset_rows.h"

enum {
	WALL_FAILED = 99,
	MEGABYTE = 1024 * 1024,
};

static int open_file(void)
{
	return open("/etc/hostname", O_RDONLY) < 0 ? errno : 0;
}

static int create_file(void)
{
	return open("/tmp/foimaild-wall-test", O_CREAT | O_WRONLY, 0600) < 0 ? errno : 0;
}

static int open_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int start_program(void)
{
	char *const arguments[] = { (char *) (uintptr_t) "/bin/true", NULL };

	return execv("/bin/true", arguments) < 0 ? errno : 0;
}

static int use_memory(void)
{
	char *p = malloc(8 * 1024 * 1024);

	if (!p)
		return ENOMEM;
	memset(p, 1, 8 * 1024 * 1024);
	free(p);
	return 0;
}

static int make_sealed(void)
{
	int fd = sealed_new("test", "abc", 3);
	struct sealed s;
	int r = fd < 0 ? fd : sealed_map(fd, 10, &s, NULL);

	return -r;
}

/* As many shells and services have it: the wall's limit must not be the one that was there. */
static void raise_stack_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void) setrlimit(RLIMIT_STACK, &limit); /* the row fails if it was not */
	}
}

#if !HAS_SANITIZER
/* The limits: each of these goes far beyond one, but not so far that a machine would suffer where
 * the limit is missing. Addresses that are not used take no memory. */
static int want_addresses(void)
{
	for (unsigned i = 0; i < 16; i++)
		if (mmap(NULL, 128 * MEGABYTE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED)
			return errno;
	return 0;
}

static volatile unsigned sink; /* what the compiler cannot know it cannot leave out */

static unsigned go_down(unsigned left)
{
	volatile char frame[64 * 1024];

	frame[0] = (char) left;
	frame[sizeof frame - 1] = left > 0 ? (char) go_down(left - 1) : 0;
	return (unsigned) (frame[0] + frame[sizeof frame - 1]);
}

static int recurse(void)
{
	sink += go_down(64 * 16); /* 64 MiB */
	return 0;
}

static int write_much(void)
{
	static const char block[MEGABYTE];
	int fd = memfd_create("much", MFD_CLOEXEC);

	for (unsigned i = 0; i < 64; i++)
		if (write(fd, block, sizeof block) != (ssize_t) sizeof block)
			return errno;
	return 0;
}

static int execute_memory(void)
{
	void *p = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static int make_process(void)
{
	return fork() < 0 ? errno : 0;
}
#endif

static const struct act {
	const char *why;
	int (*act)(void);
	int status; /* exit status: an errno, or 0 */
	int signal; /* 0: it must live */
	bool raises_itself;
} acts[] = {
	{ "a file cannot be opened", open_file, EPERM, 0, false },
	{ "a file cannot be made", create_file, EPERM, 0, false },
	{ "a socket is deadly", open_socket, 0, SIGSYS, false },
	{ "another program is deadly", start_program, 0, SIGSYS, false },
	{ "memory can be had", use_memory, 0, 0, false },
	{ "memfds can be made, sealed and mapped", make_sealed, 0, 0, false },
#if !HAS_SANITIZER
	{ "a gigabyte of addresses is all there is", want_addresses, ENOMEM, 0, false },
	{ "a recursion ends at the bottom of its stack", recurse, 0, SIGSEGV, false },
	{ "no memfd can be longer than 32 MiB", write_much, 0, SIGXFSZ, false },
	{ "memory that can be executed is deadly", execute_memory, 0, SIGSYS, false },
	{ "another process is deadly", make_process, 0, SIGSYS, false },
#endif
};

static void check_act(const struct act *a)
{
	int status = 0;
	pid_t child = fork();

	assert_int_not_equal(child, -1);
	if (child == 0) {
		raise_stack_limit();
		_exit(!a->raises_itself && wall_raise(NULL) < 0 ? WALL_FAILED : a->act());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (a->signal && (!WIFSIGNALED(status) || WTERMSIG(status) != a->signal))
		fail_msg("%s: wait status %d", a->why, status);
	if (!a->signal && (!WIFEXITED(status) || WEXITSTATUS(status) != a->status))
		fail_msg("%s: wait status %d", a->why, status);
}

/* What no test can wait for, or the system calls behind the wall cannot show. */
static const struct ceiling {
	__rlimit_resource_t resource;
	rlim_t most;
} ceilings[] = {
	{ RLIMIT_CPU, 1800 },
	{ RLIMIT_CORE, 0 },
	{ RLIMIT_STACK, 8 * MEGABYTE },
};

static void test_ceilings(void **state)
{
	int gate[2];
	char byte;
	pid_t child;

	(void) state;
	assert_int_equal(pipe(gate), 0);
	child = fork();
	assert_int_not_equal(child, -1);
	if (child == 0) {
		(void) prctl(
			PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
		raise_stack_limit();
		if (wall_raise(NULL) < 0 || write(gate[1], "x", 1) != 1)
			_exit(WALL_FAILED);
		(void) poll(NULL, 0, -1);
		_exit(WALL_FAILED);
	}
	close(gate[1]);
	assert_int_equal(read(gate[0], &byte, 1), 1);
	for (size_t i = 0; i < sizeof ceilings / sizeof ceilings[0]; i++) {
		struct rlimit limit;

		assert_int_equal(prlimit(child, ceilings[i].resource, NULL, &limit), 0);
		assert_in_range(limit.rlim_max, 0, ceilings[i].most);
	}
	(void) kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(gate[0]);
}

static void test_acts(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		check_act(&acts[i]);
}

/* The wall refuses a file, and a library goes on without it: here the wish is deadly. */
static int forbid_files(void)
{
	static const int calls[] = { SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2),
		SCMP_SYS(creat) };
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int r = ctx ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < sizeof calls / sizeof calls[0]; i++)
		if (calls[i] >= 0)
			r = seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, calls[i], 0);
	if (r == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	return r;
}

static int open_forbidden(void)
{
	return forbid_files() < 0 || wall_raise(NULL) < 0 ? WALL_FAILED : open_file();
}

/* Behind the wall: 0, or one more than the index of a set that does not decode. */
static int decode_all_sets(void)
{
	struct charset_table *t = NULL;

	if (charset_open_all(&t, NULL) < 0 || forbid_files() < 0 || wall_raise(NULL) < 0)
		return WALL_FAILED;
	for (size_t i = 0; charset_name(i); i++) {
		/* These bytes hold an "A" in every width and order. */
		struct bytes out;
		int r;

		bytes_init(&out, 100);
		r = charset_decode(t, charset_name(i), "\0\0\0AA\0\0\0", 8, &out);
		if (!charset_is_open(t, i) || r != 0 || !memchr(out.at, 'A', out.n))
			return (int) i + 1;
		bytes_done(&out);
	}
	charset_close_all(t);
	return 0;
}

/* Behind the wall: 0, or one more than the index of a name that is not read as it is meant. */
static int decode_all_names(void)
{
	struct charset_table *t = NULL;

	if (charset_open_all(&t, NULL) < 0 || forbid_files() < 0 || wall_raise(NULL) < 0)
		return WALL_FAILED;
	for (int i = 0; i < CHARSET_ROWS; i++) {
		const struct charset_row *row = &charset_rows[i];
		struct bytes out;

		bytes_init(&out, 100);
		if (charset_decode(t, row->name, row->bytes, strlen(row->bytes), &out) !=
				row->unknown ||
			out.n != strlen(row->wanted) || memcmp(out.at, row->wanted, out.n) != 0)
			return i + 1;
		bytes_done(&out);
	}
	charset_close_all(t);
	return 0;
}

static void test_charsets(void **state)
{
	static const struct act rows[] = {
		{ "here even the wish for a file is deadly", open_forbidden, 0, SIGSYS, true },
		{ "every set decodes and asks for no file", decode_all_sets, 0, 0, true },
		{ "so does every name", decode_all_names, 0, 0, true },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check_act(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acts),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_charsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
