/* wall.c - what a process that reads a stranger's mail may still do.
 *
 * Security: this is the second line. The first is that the reader is bounded (letter.h); this one
 * holds when it is not, and a mail has taken the process over. */
/* SPDX-License-Identifier: MIT */
#include "daemon/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <seccomp.h>

#include "base/sanitizer.h"

#define MEGABYTE ((rlim_t) 1024 * 1024)

/* Processor time is summed over a life of thousands of mails, so it is a backstop only: register
 * kills by wall time. A letter's record is at most 16 MiB (letter_record.h). Files cannot be opened
 * anyway; the kernel holds the number of descriptors on the way between all processes of this user
 * against the limit of the one that sends, so a low one would refuse letters in a busy minute. */
static const struct {
	__rlimit_resource_t resource;
	rlim_t value;
	bool breaks_sanitizers; /* they reserve terabytes of addresses */
} limits[] = {
	{ RLIMIT_CPU, 1800, false },
	{ RLIMIT_AS, 1024 * MEGABYTE, true },
	{ RLIMIT_STACK, 8 * MEGABYTE, false },
	{ RLIMIT_CORE, 0, false },
	{ RLIMIT_NOFILE, 65536, true },
	{ RLIMIT_FSIZE, 32 * MEGABYTE, false },
};

/* System calls whatever their arguments are. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(ftruncate),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(memfd_create),
	SCMP_SYS(futex),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(sched_yield),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(restart_syscall),
};

/* Ways to a file: refused, not deadly, since libraries try them and go on. */
static const int refused[] = {
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(openat2),
	SCMP_SYS(creat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(stat),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
};

/* What stays deadly under sanitizers. */
static const int deadly[] = {
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(mkdir),
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

#if HAS_SANITIZER
/* The leak check at the end of a process opens files. It asks this first (lsan_interface.h). */
static bool is_raised;

int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return is_raised;
}
#endif

static void seccomp_releasep(scmp_filter_ctx *ctx)
{
	if (*ctx)
		seccomp_release(*ctx);
}

static int set_limits(struct fault *f)
{
	for (size_t i = 0; i < COUNT(limits); i++) {
		struct rlimit limit = { limits[i].value, limits[i].value };
		struct rlimit now;

		if (HAS_SANITIZER && limits[i].breaks_sanitizers)
			continue;
		if (getrlimit(limits[i].resource, &now) < 0)
			return fault_set(f, -errno, "a resource limit cannot be read");
		/* The service's own limit may be lower already: never raise it. */
		if (now.rlim_max < limit.rlim_max)
			limit = (struct rlimit){ now.rlim_max, now.rlim_max };
		if (setrlimit(limits[i].resource, &limit) < 0)
			return fault_set(f, -errno, "a resource limit cannot be set");
	}
	return 0;
}

static int add_all(scmp_filter_ctx ctx, uint32_t action, const int *calls, size_t n)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		/* A call that this machine's kernel interface lacks needs no rule. */
		if (calls[i] >= 0)
			r = seccomp_rule_add(ctx, action, calls[i], 0);
	return r;
}

/* Calls that are harmless with some arguments only: @mask of argument @index equals @value. */
static const struct {
	int call;
	unsigned index;
	uint64_t mask;
	uint64_t value;
} bounded[] = {
	{ SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
	/* fstat() of glibc 2.33 and later is newfstatat(fd, "", ..., AT_EMPTY_PATH). */
	{ SCMP_SYS(newfstatat), 3, UINT32_MAX, AT_EMPTY_PATH },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_ADD_SEALS },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_GET_SEALS },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_GETFD },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_SETFD },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_GETFL },
};

static int add_bounded(scmp_filter_ctx ctx)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(bounded); i++) {
		struct scmp_arg_cmp condition = { bounded[i].index, SCMP_CMP_MASKED_EQ,
			bounded[i].mask, bounded[i].value };

		r = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, bounded[i].call, 1, &condition);
	}
	return r;
}

static int add_rules(scmp_filter_ctx ctx)
{
	int r = add_all(ctx, SCMP_ACT_ERRNO(EPERM), refused, COUNT(refused));

	if (r < 0)
		return r;
	if (HAS_SANITIZER)
		return add_all(ctx, SCMP_ACT_KILL_PROCESS, deadly, COUNT(deadly));
	r = add_all(ctx, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
	return r < 0 ? r : add_bounded(ctx);
}

static int load_filter(struct fault *f)
{
	__attribute__((cleanup(seccomp_releasep))) scmp_filter_ctx ctx =
		seccomp_init(HAS_SANITIZER ? SCMP_ACT_ALLOW : SCMP_ACT_KILL_PROCESS);
	int r;

	if (!ctx)
		return fault_set(f, -ENOMEM, "no memory for the filter of system calls");
	/* Another architecture's calls (32-bit on a 64-bit kernel) would pass by the rules. */
	r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = add_rules(ctx);
	if (r == 0)
		r = seccomp_load(ctx);
	if (r < 0)
		return fault_set(f, r, "the filter of system calls cannot be loaded");
	return 0;
}

int wall_raise(struct fault *f)
{
	int r;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return fault_set(f, -errno, "core dumps cannot be switched off");
	r = set_limits(f);
	if (r < 0)
		return r;
#if HAS_SANITIZER
	is_raised = true;
	(void) fputs("wall: built with sanitizers, so the filter of system calls is wider\n",
		stderr); /* a notice for developers: nothing depends on it */
#endif
	return load_filter(f);
}
