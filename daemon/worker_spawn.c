/* worker_spawn.c - starting this binary again under another role. */
/* SPDX-License-Identifier: MIT */
#include "daemon/worker_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/role.h"

/* systemd speaks to register alone: a worker must neither notify nor find secrets. */
static const char *const hidden[] = { "NOTIFY_SOCKET=", "WATCHDOG_USEC=", "WATCHDOG_PID=",
	"LISTEN_FDS=", "LISTEN_PID=", "LISTEN_FDNAMES=", "CREDENTIALS_DIRECTORY=" };

static int is_hidden(const char *variable)
{
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (strncmp(variable, hidden[i], strlen(hidden[i])) == 0)
			return 1;
	return 0;
}

/* The environment without what is hidden; the texts stay those of environ. NULL: no memory. */
static char **clean_environment(void)
{
	size_t n = 0;
	size_t k = 0;
	char **clean;

	while (environ[n])
		n++;
	clean = calloc(n + 1, sizeof *clean);
	if (!clean)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (!is_hidden(environ[i]))
			clean[k++] = environ[i];
	return clean;
}

/* In the child: only calls that are safe after fork(). */
static _Noreturn void become(int channel, char *const argv[], char *const environment[])
{
	sigset_t none;

	if (channel == ROLE_CHANNEL_FD) {
		if (fcntl(channel, F_SETFD, 0) < 0)
			_exit(127);
	} else if (dup2(channel, ROLE_CHANNEL_FD) < 0) {
		_exit(127);
	}
	(void) sigemptyset(&none);
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
	(void) execve("/proc/self/exe", argv, environment); /* the one beside a failure is next */
	_exit(127);
}

int worker_spawn(const char *role, pid_t *ret_pid, int *ret_channel, struct fault *f)
{
	CLEANUP(freep) char **environment = clean_environment();
	char role_argument[64];
	char parent_argument[64];
	char name[] = "foimaild";
	char *argv[] = { name, role_argument, parent_argument, NULL };
	int ends[2];
	pid_t pid;
	int r;

	if (!environment)
		return fault_set(f, -ENOMEM, "no memory to start worker %s", role);
	(void) snprintf(role_argument, sizeof role_argument, "--role=%s", role);
	(void) snprintf(parent_argument, sizeof parent_argument, "--parent=%ld", (long) getpid());
	r = channel_pair(ends, f);
	if (r < 0)
		return r;
	pid = fork();
	if (pid == 0)
		become(ends[1], argv, environment);
	r = pid < 0 ? -errno : 0;
	closep(&ends[1]);
	if (r == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		r = -errno; /* the child sees EOF and ends */
	if (r < 0) {
		closep(&ends[0]);
		return fault_set(f, r, "worker %s does not start: %s", role, strerror(-r));
	}
	*ret_pid = pid;
	*ret_channel = ends[0];
	return 0;
}
