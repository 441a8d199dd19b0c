/* foictl.c - the officers' program: which command, and help that teaches by example. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "daemon/deadline.h"
#include "daemon/explain.h"
#include "daemon/foictl_case.h"
#include "daemon/role.h"

static const struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	int (*run)(int argc, char **argv, FILE *out, FILE *err);
} commands[] = {
	{ "status", "", "how the daemon and its mailboxes are", status_command },
	{ "list", "[--overdue]", "cases, the earliest last day first", list_command },
	{ "show", "REFERENCE", "one case: clock, mails, acknowledgement, history", show_command },
	{ "why", "REFERENCE", "how its last day was found, and what stopped or moved it",
		why_command },
	{ "record", "REFERENCE MOVE", "record what happened: an answer, an extension, a fee",
		record_command },
	{ "undo", "REFERENCE [ID]", "take back what was recorded by mistake", undo_command },
	{ "outbox", "[--state STATE]", "mails of ours that are not sent; retry, hold, release one",
		outbox_command },
	{ "calendar", "", "the bank holidays in force; refresh them, accept a change",
		calendar_command },
	{ "backup", "[NAME]", "copy the register while the daemon runs", backup_command },
	{ "recovered", "", "after a restore: go on, and send again", recovered_command },
	{ "reload", "", "make the daemon read its configuration again", reload_command },
	{ "explain", "FILE", "what the daemon would do with a mail, and why; needs no daemon",
		explain_command },
	{ "deadline", "DATE", "count the last lawful day; needs no daemon", deadline_command },
};

static int help(FILE *out)
{
	(void) fputs("usage: foictl COMMAND [OPTION]...\n"
		     "\n"
		     "Looks after the Freedom of Information cases that foimaild keeps.\n"
		     "\n",
		out);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		(void) fprintf(out, "  %-9s %-14s %s\n", commands[i].name, commands[i].arguments,
			commands[i].summary);
	(void) fputs("\n"
		     "Each takes --help, and --json for scripts. For example:\n"
		     "\n"
		     "  foictl list                      what is to be answered, and by when\n"
		     "  foictl list --overdue            what is late\n"
		     "  foictl show 'FOI 001761/18'      everything about one case\n"
		     "  foictl why 'FOI 001761/18'       its days, counted one by one\n"
		     "  foictl record 'FOI 001761/18' responded --outcome granted --on 2018-06-11\n"
		     "  foictl deadline 2018-05-16       the last day for a request of that day\n"
		     "  foictl explain letter.eml        what this mail would become\n"
		     "\n"
		     "Exit status: 0 done, 1 failed, 2 usage, 3 not found, 4 not permitted, 5 the "
		     "daemon\n"
		     "is not reachable. The manual is foictl(1).\n",
		out);
	return FOICTL_DONE;
}

static bool is_word(const char *s, const char *a, const char *b)
{
	return strcmp(s, a) == 0 || strcmp(s, b) == 0;
}

static int run(int argc, char **argv)
{
	if (argc < 2) {
		(void) help(stderr); /* it cannot fail */
		return FOICTL_USAGE;
	}
	if (is_word(argv[1], "--help", "help"))
		return help(stdout);
	if (is_word(argv[1], "--version", "version"))
		return puts("foictl " FOIMAILD_VERSION) < 0 ? FOICTL_FAILED : FOICTL_DONE;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1, stdout, stderr);
	(void) fprintf(stderr, "foictl: there is no such command; see \"foictl --help\"\n");
	return FOICTL_USAGE;
}

int main(int argc, char **argv)
{
	/* `explain` reads a mail in a process of its own, which is this program again. */
	int status = role_run(argc, argv);

	if (status >= 0)
		return status;
	status = run(argc, argv);
	/* A full disk or a closed pipe shows at the last write only. */
	if (fflush(stdout) == EOF && status == FOICTL_DONE)
		status = FOICTL_FAILED;
	return status;
}
