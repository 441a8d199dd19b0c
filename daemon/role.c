/* role.c - the roles that one binary can play, and how a worker begins its life. */
/* SPDX-License-Identifier: MIT */
#include "daemon/role.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/text.h"
#include "daemon/feed.h"
#include "daemon/fetch.h"
#include "daemon/parse.h"
#include "daemon/query.h"
#include "daemon/send.h"

static const struct {
	const char *name;
	int (*run)(int channel);
} roles[] = {
	{ "fetch", fetch_main },
	{ "parse", parse_main },
	{ "send", send_main },
	{ "query", query_main },
	{ "feed", feed_main },
};

/* A worker must not outlive its register: a new daemon would find the store's lock taken. */
static int tie_to_parent(const char *text)
{
	uint64_t parent;

	if (text_uint(text, 1, INT32_MAX, &parent) < 0)
		return -1;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -1;
	/* The parent may have died before the line above: then the signal never comes. */
	return (uint64_t) getppid() == parent ? 0 : -1;
}

/* Workers end at EOF of their channel, so that what they have in hand is finished. SIGINT comes to
 * the whole group when a person presses ^C; register tells the workers. */
static void settle_signals(void)
{
	static const int ignored[] = { SIGTERM, SIGINT, SIGHUP, SIGPIPE };
	sigset_t none;

	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		(void) signal(ignored[i], SIG_IGN); /* cannot fail for these */
	(void) sigemptyset(&none);
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
}

int role_run(int argc, char **argv)
{
	const char *name;

	if (argc != 3 || strncmp(argv[1], "--role=", 7) != 0 ||
		strncmp(argv[2], "--parent=", 9) != 0)
		return -1;
	name = argv[1] + 7;
	settle_signals();
	/* A core of ours would hold mails and passwords. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0 || tie_to_parent(argv[2] + 9) < 0)
		return EXIT_FAILURE;
	if (fcntl(ROLE_CHANNEL_FD, F_SETFD, FD_CLOEXEC) < 0) {
		(void) fprintf(stderr, "foimaild: --role is for the daemon's own use\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (strcmp(name, roles[i].name) == 0)
			return roles[i].run(ROLE_CHANNEL_FD);
	(void) fprintf(stderr, "foimaild: there is no role of that name\n");
	return 2;
}
