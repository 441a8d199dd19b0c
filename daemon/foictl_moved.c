/* foictl_moved.c - what came of an order: what was recorded, and what follows from it. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "daemon/foictl_clock.h"
#include "daemon/foictl_move.h"
#include "domain/foi_move.h"

static const char *title_of(const char *word)
{
	enum foi_move move;

	return foi_move_parse(word, &move) < 0 ? word : foi_move_of(move)->title;
}

static void paragraph(const struct table_page *page, const char *text)
{
	table_paragraph(page, 0, text);
}

/* What holds now, of each part that the order was about. */
static void show_clocks(const json_t *result, bool is_named, const struct table_page *page)
{
	const json_t *clocks = json_object_get(result, "clocks");
	const json_t *clock;

	for (size_t i = 0; (clock = json_array_get(clocks, i)) != NULL; i++) {
		char now[FOICTL_VALUE_MAX];
		char text[FOICTL_VALUE_MAX + FOICTL_DATE_MAX];

		(void) foictl_clock_now(clock, now);
		if (is_named)
			(void) snprintf(text, sizeof text, "Part %" JSON_INTEGER_FORMAT ": %s",
				foictl_number(clock, "part"), now); /* fits */
		else
			(void) snprintf(text, sizeof text, "%s", now); /* fits */
		if (*now)
			paragraph(page, text);
	}
}

/* " of part 2", " of 3 parts", or "" where the case has but one. */
static void name_parts(const json_t *parameters, const json_t *result, size_t n_ids,
	char buf[static FOICTL_DATE_MAX])
{
	json_int_t part = foictl_number(parameters, "part");
	const json_t *first = json_array_get(json_object_get(result, "clocks"), 0);

	buf[0] = '\0';
	if (n_ids > 1)
		(void) snprintf(buf, FOICTL_DATE_MAX, " of %zu parts", n_ids);
	else if (part == 0 && foictl_number(first, "part") > 1)
		part = foictl_number(first, "part");
	if (part > 0)
		(void) snprintf(buf, FOICTL_DATE_MAX, " of part %" JSON_INTEGER_FORMAT, part);
}

/* "(move 17; undo with: foictl undo 'FOI 000042/26' 17)" */
static void show_ids(const json_t *result, const struct table_page *page)
{
	const json_t *ids = json_object_get(result, "ids");
	const char *reference = foictl_text(result, "reference");
	const json_t *id;
	char text[FOICTL_VALUE_MAX];

	for (size_t i = 0; (id = json_array_get(ids, i)) != NULL; i++) {
		(void) snprintf(text, sizeof text,
			"(move %" JSON_INTEGER_FORMAT "; undo with: foictl undo '%.100s' "
			"%" JSON_INTEGER_FORMAT ")",
			json_integer_value(id), reference, json_integer_value(id));
		paragraph(page, text);
	}
}

static void show_opened(const json_t *result, const struct table_page *page)
{
	const char *opened = foictl_text(result, "opened");
	char text[FOICTL_VALUE_MAX];

	if (!*opened)
		return;
	(void) snprintf(text, sizeof text,
		"The narrowed request is the new case %.100s, with a clock of its own.", opened);
	paragraph(page, text);
}

void foictl_recorded_page(
	const json_t *parameters, const json_t *result, const struct table_page *page)
{
	size_t n_ids = json_array_size(json_object_get(result, "ids"));
	const char *on = foictl_text(parameters, "day");
	char parts[FOICTL_DATE_MAX];
	char day[FOICTL_DATE_MAX];
	char text[FOICTL_VALUE_MAX];

	name_parts(parameters, result, n_ids, parts);
	(void) snprintf(text, sizeof text, "%.100s: recorded%s: %s, %s.",
		foictl_text(result, "reference"), parts, title_of(foictl_text(parameters, "move")),
		*on ? foictl_day(on, day) : "today");
	paragraph(page, text);
	show_opened(result, page);
	show_clocks(result, *parts != '\0', page);
	show_ids(result, page);
}

void foictl_undone_page(
	const json_t *parameters, const json_t *result, const struct table_page *page)
{
	const json_t *undone = json_object_get(result, "undone");
	char day[FOICTL_DATE_MAX];
	char text[FOICTL_VALUE_MAX];

	(void) parameters;
	(void) snprintf(text, sizeof text,
		"%.100s: taken back: %s, %s (move %" JSON_INTEGER_FORMAT ").",
		foictl_text(result, "reference"), title_of(foictl_text(undone, "move")),
		foictl_day(foictl_text(undone, "day"), day), foictl_number(undone, "id"));
	paragraph(page, text);
	show_clocks(result, foictl_number(undone, "part") > 1, page);
}
