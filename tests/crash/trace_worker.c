/* trace_worker.c - a worker of foimaild is run under a tracer from its first instruction on.
 *
 * Register starts its workers itself, by executing its own program again, so that nobody else could
 * put a tracer in front of one of them. This library, preloaded into the daemon, does: in the first
 * process of the role TRACE_ROLE it executes TRACE_BY with the program and its arguments. The file
 * TRACE_ARMED goes with it, so that the worker that replaces this one is left alone. */
/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The C library of Debian hands the arguments of main() to a constructor too. */
__attribute__((constructor)) static void trace_worker(int argc, char **argv)
{
	const char *role = getenv("TRACE_ROLE");
	const char *armed = getenv("TRACE_ARMED");
	char *by = getenv("TRACE_BY");
	char program[4096] = "";

	if (!role || !armed || !by || argc != 3 || strncmp(argv[1], "--role=", 7) != 0 ||
		strcmp(argv[1] + 7, role) != 0)
		return;
	if (readlink("/proc/self/exe", program, sizeof program - 1) < 0 || unlink(armed) < 0)
		return;
	(void) unsetenv("LD_PRELOAD");
	(void) execv(by, (char *[]){ by, program, argv[1], argv[2], NULL });
	_exit(127); /* register tells that the worker died, and the test that nothing was traced */
}
