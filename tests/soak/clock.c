/* clock.c - a wall clock that the soak steps, preloaded into the daemon.
 *
 * $SOAK_CLOCK names a file of one int64_t, the seconds by which the clock is ahead; who writes it
 * steps the clock of every process at once, as somebody does who sets a machine's. It is mapped
 * before main() begins, so that nothing is opened behind the wall of the parse process.
 *
 * Timers of the wall clock are the kernel's, whose clock stands still: they ring as they were set,
 * moved by what the clock was ahead then. */
/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
	TIMERS_MAX = 1024,
};

static const volatile int64_t *ahead; /* NULL: not at all */
static int (*real_gettime)(clockid_t clock, struct timespec *ret);
static bool is_wall_timer[TIMERS_MAX]; /* by descriptor */

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("SOAK_CLOCK");
	void *symbol = dlsym(RTLD_NEXT, "clock_gettime");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *map;

	memcpy(&real_gettime, &symbol, sizeof real_gettime);
	if (fd < 0)
		return;
	map = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		ahead = map;
	(void) close(fd);
}

static bool is_wall_clock(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	/* Before begin() other libraries may ask. */
	int r = real_gettime ? real_gettime(clock, ret)
			     : (int) syscall(SYS_clock_gettime, clock, ret);

	if (r == 0 && ahead && is_wall_clock(clock))
		ret->tv_sec += *ahead;
	return r;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
	struct timespec now;

	(void) zone; /* nobody asks for it any more */
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return -1;
	ret->tv_sec = now.tv_sec;
	ret->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *ret)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return -1;
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int timerfd_create(clockid_t clock, int flags)
{
	int fd = (int) syscall(SYS_timerfd_create, clock, flags);

	if (fd >= 0 && fd < TIMERS_MAX)
		is_wall_timer[fd] = is_wall_clock(clock);
	return fd;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *set, struct itimerspec *ret_old)
{
	struct itimerspec moved = *set;

	if (ahead && fd >= 0 && fd < TIMERS_MAX && is_wall_timer[fd] && flags & TFD_TIMER_ABSTIME &&
		moved.it_value.tv_sec > 1) { /* not what disarms it, nor "at once" */
		moved.it_value.tv_sec -= *ahead;
		if (moved.it_value.tv_sec < 1)
			moved.it_value.tv_sec = 1;
	}
	return (int) syscall(SYS_timerfd_settime, fd, flags, &moved, ret_old);
}
