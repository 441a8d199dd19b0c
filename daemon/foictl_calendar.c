/* foictl_calendar.c - foictl calendar: the bank holidays in force, and what waits for an officer. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "daemon/foictl_case.h"

enum {
	LABEL = 14, /* columns of a label */
	VALUE_MAX = 1000,
};

static const char usage[] =
	"usage: foictl calendar [--json] [--socket PATH]\n"
	"       foictl calendar refresh [--json] [--socket PATH]\n"
	"       foictl calendar accept HASH [--why TEXT] [--json] [--socket PATH]\n"
	"\n"
	"The bank holidays that deadlines are counted with: how far they are known, and what "
	"GOV.UK\n"
	"has changed. A change of a past or near day, or the loss of a year, waits for an "
	"officer.\n"
	"  refresh  ask GOV.UK now\n"
	"  accept   use the change that waits; open cases are counted again\n"
	"  --why    the reason, for the history\n"
	"\n"
	"  foictl calendar accept HASH --why 'proclaimed on 10 September'\n";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "why", required_argument, NULL, 'w' },
	{ NULL, 0, NULL, 0 },
};

struct request {
	struct foictl_options common;
	const char *verb; /* "" : show */
	const char *hash; /* NULL: none was given */
	const char *why;
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
	case 'w':
		q->why = value;
		return 0;
	default:
		return -EINVAL; /* getopt met something it does not know */
	}
}

static int complain(FILE *err, const char *before, const char *what)
{
	(void) fprintf(
		err, "foictl: calendar: %s%s; see \"foictl calendar --help\"\n", before, what);
	return FOICTL_USAGE;
}

/* Return: FOICTL_DONE; FOICTL_USAGE after a line on @err. */
static int read_request(int argc, char **argv, struct request *q, FILE *err)
{
	int option;

	*q = (struct request){ .common.socket = foictl_socket(), .verb = "" };
	opterr = 0;
	optind = 0; /* glibc: begins anew */
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (take_option(q, option, optarg) < 0)
			return complain(err, "cannot understand ", argv[optind - 1]);
	if (q->common.is_help)
		return FOICTL_DONE;
	if (optind < argc)
		q->verb = argv[optind++];
	if (optind < argc && strcmp(q->verb, "accept") == 0)
		q->hash = argv[optind++];
	if (optind < argc)
		return complain(err, "this is too much: ", argv[optind]);
	if (q->why && strcmp(q->verb, "accept") != 0)
		return complain(err, "--why goes with accept", "");
	return FOICTL_DONE;
}

static void json_freep(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

static void line(const struct table_page *page, const char *label, const char *value)
{
	if (!*value)
		return;
	(void) fprintf(page->out, "%-*s", LABEL, label);
	table_paragraph(page, LABEL, value);
}

static void instant_line(const struct table_page *page, const char *label, const char *instant)
{
	char at[FOICTL_DATE_MAX];

	if (*instant)
		line(page, label, foictl_instant(instant, at));
}

static void feed_lines(const json_t *c, const struct table_page *page)
{
	const char *url = foictl_text(c, "url");

	line(page, "Feed", *url ? url : "none: the configured files alone count");
	if (!*url)
		return;
	instant_line(page, "Asked", foictl_text(c, "asked"));
	instant_line(page, "Answered", foictl_text(c, "answered"));
	if (json_is_true(json_object_get(c, "asking")))
		line(page, "Next", "it is asked at this moment");
	else
		instant_line(page, "Next", foictl_text(c, "next"));
	(void) fputs(table_tone_on(page, TABLE_LATE), page->out);
	line(page, "Trouble", foictl_text(c, "trouble"));
	(void) fputs(table_tone_off(page, TABLE_LATE), page->out);
}

static void pending_lines(const json_t *pending, const struct table_page *page)
{
	const json_t *why = json_object_get(pending, "why");
	const json_t *entry;

	(void) fprintf(page->out, "\n%sWaiting for an officer%s\n",
		table_tone_on(page, TABLE_STRONG), table_tone_off(page, TABLE_STRONG));
	for (size_t i = 0; (entry = json_array_get(why, i)) != NULL; i++)
		line(page, i == 0 ? "Because" : "",
			json_is_string(entry) ? json_string_value(entry) : "");
	/* Not broken, so that it can be copied. */
	(void) fprintf(page->out,
		"\nIf it is right:\n    foictl calendar accept %s --why REASON\n"
		"If not, do nothing: a later answer takes its place.\n",
		foictl_text(pending, "hash"));
}

static void show_page(const json_t *c, const struct table_page *page)
{
	const char *until = foictl_text(c, "covers_until");
	const json_t *pending = json_object_get(c, "pending");
	char value[VALUE_MAX];
	char day[FOICTL_DATE_MAX];

	line(page, "Known until", *until ? foictl_day(until, day) : "no year is known");
	(void) snprintf(value, sizeof value, "%" JSON_INTEGER_FORMAT,
		json_integer_value(json_object_get(c, "days"))); /* fits */
	line(page, "Days", value);
	line(page, "Hash", foictl_text(c, "hash"));
	feed_lines(c, page);
	if (json_is_object(pending))
		pending_lines(pending, page);
}

static int show(const struct request *q, FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *answer = NULL;
	struct table_page page = table_page_of(out);
	const json_t *calendar;
	int r = foictl_ask(&q->common, "Calendar", NULL, &answer, err);

	if (r != FOICTL_DONE)
		return r;
	calendar = json_object_get(answer, "calendar");
	if (q->common.is_json)
		return foictl_json(calendar, out, err);
	show_page(calendar, &page);
	return FOICTL_DONE;
}

/* Gives an order that answers with nothing. @parameters is taken over. */
static int order(const struct request *q, const char *method, json_t *parameters, const char *said,
	FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *answer = NULL;
	int r = foictl_ask(&q->common, method, parameters, &answer, err);

	if (r != FOICTL_DONE)
		return r;
	if (q->common.is_json)
		return foictl_json(answer, out, err);
	return fputs(said, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
}

static int refresh(const struct request *q, FILE *out, FILE *err)
{
	return order(q, "RefreshCalendar", NULL,
		"The feed is asked; \"foictl calendar\" says what came of it.\n", out, err);
}

static int accept_pending(const struct request *q, FILE *out, FILE *err)
{
	if (!q->hash)
		return complain(err, "accept needs the hash that \"foictl calendar\" shows", "");
	/* "*": left out where it is NULL. */
	return order(q, "AcceptCalendar", json_pack("{s:s, s:s*}", "hash", q->hash, "why", q->why),
		"Accepted: the bank holidays count from now on, and open cases are counted "
		"again.\n",
		out, err);
}

static const struct {
	const char *verb;
	int (*run)(const struct request *q, FILE *out, FILE *err);
} verbs[] = {
	{ "", show },
	{ "refresh", refresh },
	{ "accept", accept_pending },
};

int calendar_command(int argc, char **argv, FILE *out, FILE *err)
{
	struct request q;
	int r = read_request(argc, argv, &q, err);

	if (r != FOICTL_DONE)
		return r;
	if (q.common.is_help)
		return fputs(usage, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].verb, q.verb) == 0)
			return verbs[i].run(&q, out, err);
	return complain(err, "cannot understand ", q.verb);
}
