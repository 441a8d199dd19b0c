/* foictl_backup.c - foictl backup: a copy of the register, made while the daemon runs. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "adapters/store_care.h"
#include "base/cleanup.h"
#include "daemon/foictl_case.h"

enum {
	MEGABYTE = 1000000,
};

static const char usage[] =
	"usage: foictl backup [NAME] [--json] [--socket PATH]\n"
	"\n"
	"Copies the register into the folder \"backup\" beside it, as NAME.db, while the daemon "
	"runs.\n"
	"Without NAME it is named after the date and time. The copy is read over and is on the "
	"disk\n"
	"when the command ends; a backup of the same name is never replaced, and none is removed.\n"
	"\n"
	"  foictl backup                    for each night\n"
	"  foictl backup before-upgrade\n";

static const char holds[] =
	"It holds every mail, case, deadline and letter, the bank holidays in force and the secret "
	"key, so it is as secret as the register itself. Keep it on another machine too.";

static const char lacks[] =
	"It does not hold the configuration, edited templates, passwords, TLS certificates, or the "
	"mailbox itself. How to restore it: foimaild(8), BACKUP AND RESTORE.";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int take_option(struct foictl_options *o, int option, const char *value)
{
	switch (option) {
	case 'j':
		o->is_json = true;
		return 0;
	case 's':
		o->socket = value;
		return 0;
	case 'h':
		o->is_help = true;
		return 0;
	default:
		return -EINVAL; /* getopt met something it does not know */
	}
}

static int complain(FILE *err, const char *before, const char *what)
{
	(void) fprintf(err, "foictl: backup: %s%s; see \"foictl backup --help\"\n", before, what);
	return FOICTL_USAGE;
}

/* Return: FOICTL_DONE; FOICTL_USAGE after a line on @err. */
static int read_options(int argc, char **argv, struct foictl_options *o, FILE *err)
{
	int option;

	*o = (struct foictl_options){ .socket = foictl_socket() };
	opterr = 0;
	optind = 0; /* glibc: begins anew */
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (take_option(o, option, optarg) < 0)
			return complain(err, "cannot understand ", argv[optind - 1]);
	if (o->is_help)
		return FOICTL_DONE;
	if (optind < argc)
		o->argument = argv[optind++];
	if (optind < argc)
		return complain(err, "this is too much: ", argv[optind]);
	if (o->argument && !store_backup_is_name(o->argument))
		return complain(err,
			"a name is of letters, digits, \"-\", \"_\" and \".\", begins with a "
			"letter "
			"or digit, and is no path and no longer than 63 characters",
			"");
	return FOICTL_DONE;
}

/* What is kept of the replies. */
struct outcome {
	json_t *backup; /* owned; NULL: not made yet */
	FILE *progress; /* NULL: nobody sees it */
};

static double megabytes(const json_t *object, const char *key)
{
	return (double) json_integer_value(json_object_get(object, key)) / MEGABYTE;
}

static int take(void *context, json_t *reply)
{
	struct outcome *o = context;
	json_t *backup = json_object_get(reply, "backup");

	if (json_is_object(backup))
		o->backup = json_incref(backup);
	else if (o->progress)
		(void) fprintf(o->progress, "copied %.0f of %.0f MB\r", megabytes(reply, "copied"),
			megabytes(reply, "of"));
	return 0;
}

static void outcome_done(struct outcome *o)
{
	json_decref(o->backup);
}

static void show(const json_t *backup, FILE *out)
{
	struct table_page page = table_page_of(out);

	(void) fprintf(out, "Backup made: %s (%.1f MB)\n\n", foictl_text(backup, "file"),
		megabytes(backup, "bytes"));
	table_paragraph(&page, 0, holds);
	table_paragraph(&page, 0, lacks);
}

static int carry_out(const struct foictl_options *o, FILE *out, FILE *err)
{
	CLEANUP(outcome_done) struct outcome outcome = { 0 };
	int r;

	if (isatty(fileno(err)) == 1)
		outcome.progress = err;
	/* "*": left out where it is NULL. */
	r = foictl_call(
		o, "Backup", json_pack("{s:s*}", "name", o->argument), true, take, &outcome, err);
	if (r != FOICTL_DONE)
		return r;
	if (o->is_json)
		return foictl_json(outcome.backup, out, err);
	show(outcome.backup, out);
	return FOICTL_DONE;
}

int backup_command(int argc, char **argv, FILE *out, FILE *err)
{
	struct foictl_options o;
	int r = read_options(argc, argv, &o, err);

	if (r != FOICTL_DONE)
		return r;
	if (o.is_help)
		return fputs(usage, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
	return carry_out(&o, out, err);
}
