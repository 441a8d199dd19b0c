/* foictl_outbox.c - foictl outbox: what is not sent, and an officer's word about it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/foictl_page.h"

enum {
	LIMIT_DEFAULT = 100,
	LIMIT_MAX = 1000000,
	CELL_MAX = 80,
};

static const char usage[] =
	"usage: foictl outbox [--state STATE] [--limit N] [--json] [--socket PATH]\n"
	"       foictl outbox retry ID [--anyway] [--why TEXT] [--json] [--socket PATH]\n"
	"       foictl outbox hold ID [--why TEXT] [--json] [--socket PATH]\n"
	"       foictl outbox release ID [--anyway] [--why TEXT] [--json] [--socket PATH]\n"
	"\n"
	"Mails of ours that are not sent, each with its number, and what the mail server said.\n"
	"  retry     try one that failed, or that waits, at once and as if it were new\n"
	"  hold      keep one that waits for its next try\n"
	"  release   let one go that is held\n"
	"  --state   queued, sending, failed, held or any (the default)\n"
	"  --limit   at most N mails; default 100\n"
	"  --anyway  although the case has ended, or the acknowledgement would come late\n"
	"  --why     the reason, for the history of the case\n"
	"An acknowledgement that states a last day which is past, or which the case has no\n"
	"more, is never let go: write to the requester yourself.\n"
	"\n"
	"  foictl outbox --state failed\n"
	"  foictl outbox retry 17 --why 'their mail server is back'\n"
	"  foictl outbox release 18 --anyway --why 'told by telephone that it comes'\n";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "state", required_argument, NULL, 't' },
	{ "limit", required_argument, NULL, 'l' },
	{ "anyway", no_argument, NULL, 'a' },
	{ "why", required_argument, NULL, 'w' },
	{ NULL, 0, NULL, 0 },
};

static const struct order {
	const char *word;
	const char *method;
	bool may_waive; /* takes --anyway */
} orders[] = {
	{ "retry", "RetryMail", true },
	{ "hold", "HoldMail", false },
	{ "release", "ReleaseMail", true },
};

struct request {
	struct foictl_options common;
	const struct order *order; /* NULL: the list */
	int64_t id;
	bool is_anyway;
	const char *why; /* NULL: none was given */
};

/* ---- the command line -------------------------------------------------------------------------- */

static int complain(FILE *err, const char *before, const char *what)
{
	(void) fprintf(err, "foictl: outbox: %s%s; see \"foictl outbox --help\"\n", before, what);
	return FOICTL_USAGE;
}

static int take_state(struct request *q, const char *value)
{
	static const char *const states[] = { "queued", "sending", "failed", "held", "any" };

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(states[i], value) == 0)
			q->common.state = states[i];
	return q->common.state ? 0 : -EINVAL;
}

static int take_limit(struct request *q, const char *value)
{
	uint64_t n;

	if (text_uint(value, 1, LIMIT_MAX, &n) < 0)
		return -EINVAL;
	q->common.limit = (unsigned) n;
	return 0;
}

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
	case 't':
		return take_state(q, value);
	case 'l':
		return take_limit(q, value);
	case 'a':
		q->is_anyway = true;
		return 0;
	case 'w':
		q->why = value;
		return 0;
	default:
		return -EINVAL; /* getopt met something it does not know */
	}
}

static int take_words(char **words, int n, struct request *q, FILE *err)
{
	uint64_t id;

	if (n == 0)
		return FOICTL_DONE;
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (strcmp(orders[i].word, words[0]) == 0)
			q->order = &orders[i];
	if (!q->order)
		return complain(err, "there is no order ", words[0]);
	if (n != 2)
		return complain(err, words[0], " takes the number of one mail");
	if (text_uint(words[1], 1, INT64_MAX, &id) < 0)
		return complain(err, "this is no number of a mail: ", words[1]);
	q->id = (int64_t) id;
	return FOICTL_DONE;
}

/* Whether the options go together. */
static int check(const struct request *q, FILE *err)
{
	if (!q->order && (q->why || q->is_anyway))
		return complain(err, "--why and --anyway go with an order", "");
	if (q->order && (q->common.state || q->common.limit))
		return complain(err, "--state and --limit go with the list", "");
	if (q->order && q->is_anyway && !q->order->may_waive)
		return complain(err, "--anyway goes with retry and release", "");
	return FOICTL_DONE;
}

/* Return: FOICTL_DONE; FOICTL_USAGE after a line on @err. */
static int read_request(int argc, char **argv, struct request *q, FILE *err)
{
	int option;
	int r;

	*q = (struct request){ .common.socket = foictl_socket() };
	opterr = 0;
	optind = 0; /* glibc: begins anew */
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (take_option(q, option, optarg) < 0)
			return complain(err, "cannot understand ", argv[optind - 1]);
	if (q->common.is_help)
		return FOICTL_DONE;
	r = take_words(argv + optind, argc - optind, q, err);
	return r == FOICTL_DONE ? check(q, err) : r;
}

/* ---- the list ---------------------------------------------------------------------------------- */

static const struct table_column columns[] = {
	{ "ID", true, false },
	{ "CASE", false, false },
	{ "KIND", false, false },
	{ "STATE", false, false },
	{ "TRIES", true, false },
	{ "NEXT TRY", true, false },
	{ "CODE", false, false },
	{ "REPLY", false, true },
};

enum {
	COLUMNS = sizeof columns / sizeof *columns,
};

static enum table_tone tone_of(const char *state)
{
	if (strcmp(state, "failed") == 0)
		return TABLE_LATE;
	return strcmp(state, "held") == 0 ? TABLE_SOON : TABLE_PLAIN;
}

/* "450 4.2.0" */
static void code_cell(const json_t *row, char buf[static CELL_MAX])
{
	json_int_t code = foictl_number(row, "code");
	const char *status = foictl_text(row, "status");

	buf[0] = '\0';
	if (code > 0)
		(void) snprintf(buf, CELL_MAX, "%" JSON_INTEGER_FORMAT "%s%.20s", code,
			*status ? " " : "", status);
	else
		(void) snprintf(buf, CELL_MAX, "%.20s", status);
}

static int add_row(struct table *t, const json_t *row)
{
	const char *held = foictl_text(row, "held");
	const char *next = foictl_text(row, "next_try");
	char id[CELL_MAX];
	char state[CELL_MAX];
	char tries[CELL_MAX];
	char at[FOICTL_DATE_MAX] = "";
	char code[CELL_MAX];
	const char *cells[COLUMNS] = { id, foictl_text(row, "reference"), foictl_text(row, "kind"),
		state, tries, at, code, foictl_text(row, "reply") };

	(void) snprintf(id, sizeof id, "%" JSON_INTEGER_FORMAT, foictl_number(row, "id"));
	(void) snprintf(tries, sizeof tries, "%" JSON_INTEGER_FORMAT, foictl_number(row, "tries"));
	(void) snprintf(state, sizeof state, "%.20s%s%.20s%s", foictl_text(row, "state"),
		*held ? " (" : "", held, *held ? ")" : "");
	code_cell(row, code);
	if (*next)
		(void) foictl_instant(next, at);
	return table_add(t, cells, tone_of(foictl_text(row, "state")));
}

int foictl_outbox_page(const json_t *rows, const struct table_page *page)
{
	CLEANUP(table_freep) struct table *t = table_new(columns, COLUMNS);
	const json_t *row;

	if (!t)
		return -ENOMEM;
	for (size_t i = 0; (row = json_array_get(rows, i)) != NULL; i++)
		if (add_row(t, row) < 0)
			return -ENOMEM;
	if (json_array_size(rows) == 0)
		(void) fputs("No mails: all that was made is sent.\n", page->out);
	else
		table_print(t, page);
	return 0;
}

static void json_freep(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

static int list(const struct request *q, FILE *out, FILE *err)
{
	CLEANUP(foictl_rows_done) struct foictl_rows rows = { 0 };
	CLEANUP(json_freep)
	json_t *filter = json_pack("{s:s}", "state", q->common.state ? q->common.state : "any");
	struct table_page page = table_page_of(out);
	struct foictl_options o = q->common;
	int r;

	o.limit = o.limit ? o.limit : LIMIT_DEFAULT;
	r = foictl_fetch_rows(&o, "Outbox", "mail", filter, &rows, err);
	if (r != FOICTL_DONE)
		return r;
	if (o.is_json) {
		CLEANUP(json_freep)
		json_t *all =
			json_pack("{s:O, s:b}", "mails", rows.rows, "more", rows.cursor != NULL);

		return foictl_json(all, out, err);
	}
	if (foictl_outbox_page(rows.rows, &page) < 0) {
		(void) fprintf(err, "foictl: no memory\n");
		return FOICTL_FAILED;
	}
	if (rows.cursor)
		(void) fprintf(err, "There are more: foictl outbox --limit %u\n", o.limit * 10);
	return FOICTL_DONE;
}

/* ---- an order ---------------------------------------------------------------------------------- */

static const struct {
	const char *state;
	const char *what;
} outcomes[] = {
	{ "queued", "is queued: it is tried as soon as the mail server can be reached" },
	{ "held", "is held until it is released" },
	{ "sending", "is being sent at this moment" },
	{ "sent", "is sent" },
	{ "failed", "was given up" },
};

static void show_outcome(const struct request *q, const json_t *row, const struct table_page *page)
{
	const char *reference = foictl_text(row, "reference");
	char text[FOICTL_VALUE_MAX];
	const char *what = "was dealt with";

	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		if (strcmp(outcomes[i].state, foictl_text(row, "state")) == 0)
			what = outcomes[i].what;
	(void) snprintf(text, sizeof text, "Mail %" PRId64 "%s%.60s %s.", q->id,
		*reference ? " of " : "", reference, what); /* fits */
	table_paragraph(page, 0, text);
}

static int order(const struct request *q, FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *reply = NULL;
	struct table_page page = table_page_of(out);
	json_t *parameters = json_pack("{s:I, s:s*}", "id", (json_int_t) q->id, "why", q->why);
	const json_t *row;
	int r;

	if (parameters && q->is_anyway &&
		json_object_set_new(parameters, "anyway", json_true()) < 0)
		json_freep(&parameters);
	if (!parameters)
		return complain(err, "--why needs a text in UTF-8", "");
	r = foictl_ask(&q->common, q->order->method, parameters, &reply, err);
	if (r != FOICTL_DONE)
		return r;
	row = json_object_get(reply, "mail");
	if (q->common.is_json)
		return foictl_json(row, out, err);
	show_outcome(q, row, &page);
	return FOICTL_DONE;
}

int outbox_command(int argc, char **argv, FILE *out, FILE *err)
{
	struct request q;
	int r = read_request(argc, argv, &q, err);

	if (r != FOICTL_DONE)
		return r;
	if (q.common.is_help)
		return fputs(usage, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
	return q.order ? order(&q, out, err) : list(&q, out, err);
}
