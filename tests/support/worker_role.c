/* worker_role.c - small roles for the tests of worker. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/worker_role.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/role.h"

static void say(json_t *record)
{
	if (!record || channel_send(ROLE_CHANNEL_FD, record, -1, NULL) < 0)
		_exit(EXIT_FAILURE);
	json_decref(record);
}

/* A test that fails leaves no process behind: PR_SET_PDEATHSIG ends this one with it. */
static _Noreturn void wait_for_ever(void)
{
	for (;;)
		(void) pause();
}

static int play_echo(const char *argument)
{
	json_t *record;
	int passed;

	(void) argument;
	while (channel_receive(ROLE_CHANNEL_FD, &record, &passed, NULL) > 0) {
		if (channel_send(ROLE_CHANNEL_FD, record, passed, NULL) < 0)
			return EXIT_FAILURE;
		json_decref(record);
		closep(&passed);
	}
	return EXIT_SUCCESS;
}

static int play_talker(const char *argument)
{
	(void) argument;
	for (int i = 0; i < 100; i++)
		say(json_pack("{s:s, s:i}", "type", "said", "n", i));
	(void) raise(SIGUSR1);
	return EXIT_SUCCESS;
}

static int play_junk(const char *argument)
{
	(void) argument;
	say(json_pack("{s:s}", "type", "before"));
	if (send(ROLE_CHANNEL_FD, "junk", 4, MSG_NOSIGNAL) != 4)
		return EXIT_FAILURE;
	say(json_pack("{s:s}", "type", "after"));
	wait_for_ever();
}

static int play_forbidden(const char *argument)
{
	(void) argument;
	say(json_pack("{s:s}", "type", "forbidden"));
	wait_for_ever();
}

static int play_step(const char *argument)
{
	say(json_pack("{s:s, s:o}", "type", "step", "ms",
		strcmp(argument, "none") == 0 ? json_null() : json_integer(atoll(argument))));
	wait_for_ever();
}

static int play_steps(const char *argument)
{
	(void) argument;
	say(json_pack("{s:s, s:i}", "type", "step", "ms", 60000));
	say(json_pack("{s:s, s:i, s:s}", "type", "step", "ms", 60000, "set", "1:4"));
	say(json_pack("{s:s}", "type", "last"));
	return EXIT_SUCCESS;
}

static int play_flood(const char *argument)
{
	json_t *record = json_pack("{s:s}", "type", "drop");

	(void) argument;
	while (record && channel_send(ROLE_CHANNEL_FD, record, -1, NULL) == 0)
		;
	return EXIT_FAILURE;
}

static int play_deaf(const char *argument)
{
	(void) argument;
	say(json_pack("{s:s}", "type", "here"));
	wait_for_ever();
}

static int play_staller(const char *argument)
{
	json_t *record;
	int passed;

	(void) argument;
	say(json_pack("{s:s}", "type", "here"));
	if (channel_receive(ROLE_CHANNEL_FD, &record, &passed, NULL) != 0)
		return EXIT_FAILURE;
	say(json_pack("{s:s, s:i}", "type", "step", "ms", 3600000));
	say(json_pack("{s:s}", "type", "last"));
	wait_for_ever();
}

static int play_quick(const char *argument)
{
	(void) argument;
	return EXIT_FAILURE;
}

static json_t *open_descriptors(void)
{
	json_t *list = json_array();
	DIR *d = opendir("/proc/self/fd");
	const struct dirent *entry;

	while (list && d && (entry = readdir(d)))
		(void) json_array_append_new(list, json_string(entry->d_name));
	if (d)
		(void) closedir(d);
	return list;
}

static int play_self(const char *argument)
{
	json_t *names = json_array();
	sigset_t blocked;

	(void) argument;
	for (char **e = environ; names && *e; e++)
		(void) json_array_append_new(names, json_stringn(*e, strcspn(*e, "=")));
	(void) sigprocmask(SIG_SETMASK, NULL, &blocked);
	say(json_pack("{s:s, s:o, s:o, s:b}", "type", "self", "environment", names, "descriptors",
		open_descriptors(), "blocked", sigismember(&blocked, SIGCHLD)));
	return EXIT_SUCCESS;
}

static const struct {
	const char *name;
	int (*play)(const char *argument);
} roles[] = {
	{ "echo", play_echo },
	{ "talker", play_talker },
	{ "junk", play_junk },
	{ "forbidden", play_forbidden },
	{ "step-", play_step },
	{ "steps", play_steps },
	{ "flood", play_flood },
	{ "deaf", play_deaf },
	{ "staller", play_staller },
	{ "quick", play_quick },
	{ "self", play_self },
};

int worker_role_play(int argc, char **argv)
{
	char parent[32];

	if (argc < 2 || strncmp(argv[1], "--role=", 7) != 0)
		return -1;
	(void) prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void) snprintf(parent, sizeof parent, "--parent=%ld", (long) getppid());
	if (argc != 3 || strcmp(argv[2], parent) != 0)
		return 99;
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		size_t n = strlen(roles[i].name);
		const char *name = argv[1] + 7;

		if (strcmp(name, roles[i].name) == 0 ||
			(roles[i].name[n - 1] == '-' && strncmp(name, roles[i].name, n) == 0))
			return roles[i].play(name + n);
	}
	return 98;
}
