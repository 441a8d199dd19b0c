/* foictl_recovered.c - foictl recovered: an officer ends the recovery after a restore. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "daemon/foictl_case.h"

static const char usage[] =
	"usage: foictl recovered [--next REFERENCE] [--next-review REFERENCE] [--json]\n"
	"                        [--socket PATH]\n"
	"\n"
	"Ends the recovery after a backup was restored: from now on mail is sent again. Until "
	"then\n"
	"foimaild sends nothing, and rebuilds from our own acknowledgements what the backup does "
	"not\n"
	"know. Compare \"foictl list\" with the Sent folder first, and record again what was "
	"recorded\n"
	"after the backup was made.\n"
	"  --next         the next reference that a request may get, where nothing tells the "
	"highest\n"
	"                 that was given: choose one well above it\n"
	"  --next-review  the same for a review\n"
	"\n"
	"  foictl recovered\n"
	"  foictl recovered --next 'FOI 001900/26' --next-review 'IR 000100/26'\n";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "next", required_argument, NULL, 'n' },
	{ "next-review", required_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 },
};

struct request {
	struct foictl_options common;
	const char *next; /* NULL: none was given */
	const char *next_review;
};

static int take_option(struct request *q, int option, const char *value)
{
	switch (option) {
	case 'j':
		q->common.is_json = true;
		return 0;
	case 's':
		q->common.socket = value;
		return 0;
	case 'h':
		q->common.is_help = true;
		return 0;
	case 'n':
		q->next = value;
		return 0;
	case 'r':
		q->next_review = value;
		return 0;
	default:
		return -EINVAL; /* getopt met something it does not know */
	}
}

/* Return: FOICTL_DONE; FOICTL_USAGE after a line on @err. */
static int read_request(int argc, char **argv, struct request *q, FILE *err)
{
	const char *bad = NULL;
	int option;

	*q = (struct request){ .common.socket = foictl_socket() };
	opterr = 0;
	optind = 0; /* glibc: begins anew */
	while (!bad && (option = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (take_option(q, option, optarg) < 0)
			bad = argv[optind - 1];
	if (!bad && optind < argc)
		bad = argv[optind];
	if (!bad)
		return FOICTL_DONE;
	(void) fprintf(err,
		"foictl: recovered: cannot understand %s; see \"foictl recovered --help\"\n", bad);
	return FOICTL_USAGE;
}

static void json_freep(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

int recovered_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *answer = NULL;
	struct request q;
	int r = read_request(argc, argv, &q, err);

	if (r != FOICTL_DONE)
		return r;
	if (q.common.is_help)
		return fputs(usage, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
	/* "*": left out where it is NULL. */
	r = foictl_ask(&q.common, "Recovered",
		json_pack("{s:s*, s:s*}", "next", q.next, "next_review", q.next_review), &answer,
		err);
	if (r == FOICTL_DONE && q.common.is_json)
		return foictl_json(answer, out, err);
	if (r != FOICTL_DONE)
		return r;
	if (json_is_true(json_object_get(answer, "recovered")))
		return fputs("Recovered: mail is sent again.\n", out) < 0 ? FOICTL_FAILED
									  : FOICTL_DONE;
	(void) fprintf(err, "foictl: not yet: %s\n", foictl_text(answer, "why"));
	return FOICTL_FAILED;
}
