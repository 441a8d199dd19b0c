/* foictl_why.c - `foictl why`: how the last days of a case were found. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/foictl_clock.h"
#include "domain/foi_history.h"

static const char usage[] =
	"usage: foictl why REFERENCE [--part N] [--json] [--socket PATH]\n"
	"\n"
	"How the last day of a case was found: the law, the days one by one, what stopped\n"
	"or moved the clock, what the requester was told, and how it ended and whether\n"
	"that was in time.\n"
	"  --part  only that part of the case\n"
	"\n"
	"  foictl why 'FOI 001761/18'\n";

static const struct option options[] = {
	{ "part", required_argument, NULL, 'p' },
	{ "json", no_argument, NULL, 'j' },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct question {
	struct foictl_options common;
	uint64_t part; /* 0: all */
};

static int take_option(struct question *q, int option, const char *value)
{
	switch (option) {
	case 'p':
		return text_uint(value, 1, FOI_PARTS_MAX, &q->part);
	case 'j':
		q->common.is_json = true;
		return 0;
	case 's':
		q->common.socket = value;
		return 0;
	case 'h':
		q->common.is_help = true;
		return 0;
	default:
		return -EINVAL;
	}
}

/* Return: FOICTL_DONE; FOICTL_USAGE after a line on @err. */
static int take_options(struct question *q, int argc, char **argv, FILE *err)
{
	int option;

	opterr = 0;
	optind = 0; /* glibc: begins anew */
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (take_option(q, option, optarg) == 0)
			continue;
		(void) fprintf(err,
			"foictl: why: cannot understand \"%s\"; see \"foictl why --help\"\n",
			argv[optind - 1]);
		return FOICTL_USAGE;
	}
	if (q->common.is_help || argc - optind == 1) {
		q->common.argument = argv[optind];
		return FOICTL_DONE;
	}
	(void) fprintf(err, "foictl: why takes one reference; see \"foictl why --help\"\n");
	return FOICTL_USAGE;
}

static void json_freep(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

/* The clocks that are wanted. NULL: no memory. */
static json_t *choose(const struct question *q, const json_t *clocks)
{
	json_t *chosen = json_array();

	for (size_t i = 0; chosen && i < json_array_size(clocks); i++) {
		json_t *clock = json_array_get(clocks, i);
		bool is_wanted =
			q->part == 0 || foictl_number(clock, "part") == (json_int_t) q->part;

		if (is_wanted && json_array_append(chosen, clock) < 0) {
			json_decref(chosen);
			return NULL;
		}
	}
	return chosen;
}

static void show_clock(const json_t *clock, const struct table_page *page)
{
	const char *question = foictl_text(clock, "question");
	char value[FOICTL_VALUE_MAX];

	(void) snprintf(value, sizeof value, "Part %" JSON_INTEGER_FORMAT "%s%.500s",
		foictl_number(clock, "part"), *question ? ": " : "", question);
	foictl_heading(page, value);
	foictl_field(page, "Authority", "%s", foictl_text(clock, "authority"));
	(void) fputc('\n', page->out);
	foictl_clock_page(clock, page);
}

static void show(const json_t *clocks, bool has_parts, const struct table_page *page)
{
	const json_t *clock;

	for (size_t i = 0; (clock = json_array_get(clocks, i)) != NULL; i++) {
		if (has_parts)
			show_clock(clock, page);
		else
			foictl_clock_page(clock, page);
	}
}

static int answer(const struct question *q, const json_t *clocks, FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *chosen = choose(q, clocks);
	struct table_page page = table_page_of(out);

	if (!chosen) {
		(void) fprintf(err, "foictl: no memory\n");
		return FOICTL_FAILED;
	}
	if (json_array_size(chosen) == 0 && q->part > 0) {
		(void) fprintf(err, "foictl: the case has no part %ju\n", (uintmax_t) q->part);
		return FOICTL_NOT_FOUND;
	}
	if (q->common.is_json) {
		CLEANUP(json_freep) json_t *object = json_pack("{s:O}", "clocks", chosen);

		return foictl_json(object, out, err);
	}
	show(chosen, json_array_size(clocks) > 1, &page);
	return FOICTL_DONE;
}

int why_command(int argc, char **argv, FILE *out, FILE *err)
{
	CLEANUP(json_freep) json_t *reply = NULL;
	struct question q = { .common = { .socket = foictl_socket() } };
	int r = take_options(&q, argc, argv, err);

	if (r == FOICTL_DONE && q.common.is_help)
		return fputs(usage, out) < 0 ? FOICTL_FAILED : FOICTL_DONE;
	if (r == FOICTL_DONE)
		r = foictl_ask(&q.common, "Why", json_pack("{s:s}", "reference", q.common.argument),
			&reply, err);
	if (r != FOICTL_DONE)
		return r;
	return answer(&q, json_object_get(reply, "clocks"), out, err);
}
