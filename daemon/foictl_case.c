/* foictl_case.c - the commands of foictl that ask the daemon: options, calls, lists. */
/* SPDX-License-Identifier: MIT */
#include "daemon/foictl_case.h"

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	LIMIT_DEFAULT = 100,
	LIMIT_MAX = 1000000,
};

static const char status_usage[] =
	"usage: foictl status [--json] [--socket PATH]\n"
	"\n"
	"How the daemon and its mailboxes are, and how many mails and cases there are.\n";

static const char list_usage[] =
	"usage: foictl list [--overdue] [--state STATE] [--kind KIND] [--limit N]\n"
	"                   [--json] [--socket PATH]\n"
	"\n"
	"Cases, the earliest last day first.\n"
	"  --overdue  only those whose last day is past\n"
	"  --state    live (open, waiting or in triage; the default), open, triage, waiting,\n"
	"             answered, closed or any\n"
	"  --kind     request or review\n"
	"  --limit    at most N cases; default 100\n"
	"\n"
	"  foictl list --overdue          what is late\n"
	"  foictl list --state triage     what waits for a person to look\n"
	"  foictl list --json | jq -r '.cases[] | [.reference, .due] | @tsv'\n";

static const char show_usage[] =
	"usage: foictl show REFERENCE [--json] [--socket PATH]\n"
	"\n"
	"One case: its clock, its mails and why they are there, its acknowledgement, its history.\n"
	"\n"
	"  foictl show 'FOI 001761/18'\n";

static const char reload_usage[] = "usage: foictl reload [--socket PATH]\n"
				   "\n"
				   "Makes the daemon read its configuration again; with mistakes "
				   "in it, it keeps the old one.\n";

static const struct option common_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const struct option list_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "overdue", no_argument, NULL, 'o' },
	{ "state", required_argument, NULL, 't' },
	{ "kind", required_argument, NULL, 'k' },
	{ "limit", required_argument, NULL, 'l' },
	{ NULL, 0, NULL, 0 },
};

/* The value, if it is one of @words. Return: 0; -EINVAL. */
static int take_word(const char *const *words, const char *value, const char **ret)
{
	for (; *words; words++) {
		if (strcmp(*words, value) == 0) {
			*ret = *words;
			return 0;
		}
	}
	return -EINVAL;
}

static int take_option(struct foictl_options *o, int option, const char *value)
{
	static const char *const states[] = { "live", "open", "triage", "waiting", "answered",
		"closed", "any", NULL };
	static const char *const kinds[] = { "request", "review", NULL };
	uint64_t n;

	switch (option) {
	case 'j':
		o->is_json = true;
		return 0;
	case 'h':
		o->is_help = true;
		return 0;
	case 's':
		o->socket = value;
		return 0;
	case 'o':
		o->is_overdue = true;
		return 0;
	case 't':
		return take_word(states, value, &o->state);
	case 'k':
		return take_word(kinds, value, &o->kind);
	case 'l':
		if (text_uint(value, 1, LIMIT_MAX, &n) < 0)
			return -EINVAL;
		o->limit = (unsigned) n;
		return 0;
	default:
		return -EINVAL; /* getopt met something it does not know */
	}
}

/* Reads the command line. Return: FOICTL_DONE; FOICTL_USAGE after a line on @err. */
static int read_options(int argc, char **argv, const struct option *options, bool has_argument,
	struct foictl_options *ret, FILE *err)
{
	int option;

	*ret = (struct foictl_options){ .socket = foictl_socket(), .limit = LIMIT_DEFAULT };
	opterr = 0;
	optind = 0; /* glibc: begins anew */
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (take_option(ret, option, optarg) == 0)
			continue;
		(void) fprintf(err,
			"foictl: %s: cannot understand \"%s\"; see \"foictl %s --help\"\n", argv[0],
			argv[optind - 1], argv[0]);
		return FOICTL_USAGE;
	}
	if (ret->is_help)
		return FOICTL_DONE;
	if (argc - optind != (has_argument ? 1 : 0)) {
		(void) fprintf(err, "foictl: %s %s; see \"foictl %s --help\"\n", argv[0],
			has_argument ? "takes one reference" : "takes only options", argv[0]);
		return FOICTL_USAGE;
	}
	ret->argument = has_argument ? argv[optind] : NULL;
	return FOICTL_DONE;
}

static void json_freep(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

static int help(const char *text, FILE *out)
{
	return fputs(text, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
}

int status_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *answer = NULL;
	struct table_page page = table_page_of(out);
	struct foictl_options o;
	const json_t *status;
	int r = read_options(argc, argv, common_options, false, &o, err);

	if (r != FOICTL_DONE || o.is_help)
		return r != FOICTL_DONE ? r : help(status_usage, out);
	r = foictl_ask(&o, "Status", NULL, &answer, err);
	if (r != FOICTL_DONE)
		return r;
	status = json_object_get(answer, "status");
	if (o.is_json)
		return foictl_json(status, out, err);
	foictl_status_page(status, &page);
	return FOICTL_DONE;
}

int show_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *answer = NULL;
	struct table_page page = table_page_of(out);
	struct foictl_options o;
	const json_t *c;
	int r = read_options(argc, argv, common_options, true, &o, err);

	if (r != FOICTL_DONE || o.is_help)
		return r != FOICTL_DONE ? r : help(show_usage, out);
	r = foictl_ask(&o, "Get", json_pack("{s:s}", "reference", o.argument), &answer, err);
	if (r != FOICTL_DONE)
		return r;
	c = json_object_get(answer, "case");
	if (o.is_json)
		return foictl_json(c, out, err);
	foictl_show_page(c, &page);
	return FOICTL_DONE;
}

int reload_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *answer = NULL;
	struct foictl_options o;
	int r = read_options(argc, argv, common_options, false, &o, err);

	if (r != FOICTL_DONE || o.is_help)
		return r != FOICTL_DONE ? r : help(reload_usage, out);
	r = foictl_ask(&o, "Reload", NULL, &answer, err);
	if (r == FOICTL_DONE && o.is_json)
		return foictl_json(answer, out, err);
	return r;
}

static int print_rows(
	const struct foictl_options *o, const struct foictl_rows *l, FILE *out, FILE *err)
{
	struct table_page page = table_page_of(out);

	if (o->is_json) {
		CLEANUP(json_freep)
		json_t *all = json_pack("{s:O, s:b}", "cases", l->rows, "more", l->cursor != NULL);

		return foictl_json(all, out, err);
	}
	if (foictl_list_page(l->rows, &page) < 0) {
		(void) fprintf(err, "foictl: no memory\n");
		return FOICTL_FAILED;
	}
	if (l->cursor)
		(void) fprintf(err, "There are more: foictl list --limit %u\n", o->limit * 10);
	return FOICTL_DONE;
}

int list_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(foictl_rows_done) struct foictl_rows l = { 0 };
	CLEANUP(json_freep) json_t *filter = NULL;
	struct foictl_options o;
	int r = read_options(argc, argv, list_options, false, &o, err);

	if (r != FOICTL_DONE || o.is_help)
		return r != FOICTL_DONE ? r : help(list_usage, out);
	/* "*": left out where it is NULL. */
	filter = json_pack("{s:s*, s:s, s:b}", "kind", o.kind, "state", o.state ? o.state : "live",
		"overdue", (int) o.is_overdue);
	r = foictl_fetch_rows(&o, "List", "case", filter, &l, err);
	return r == FOICTL_DONE ? print_rows(&o, &l, out, err) : r;
}
