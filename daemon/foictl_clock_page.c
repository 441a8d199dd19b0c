/* foictl_clock_page.c - a clock as `foictl why` explains it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "daemon/deadline.h"
#include "daemon/foictl_clock.h"

enum {
	EXCLUDED_MAX = 4096, /* days: more than STATUTE_DAYS_MAX and a fee of a year can have */
	BECAUSE_MAX = 128,
};

/* ---- the count, read back -------------------------------------------------------------------- */

static int read_day(const json_t *object, const char *key, struct day *ret)
{
	return day_parse(foictl_text(object, key), ret);
}

static unsigned read_divisions(const json_t *words)
{
	unsigned divisions = 0;
	const json_t *word;

	for (size_t i = 0; (word = json_array_get(words, i)) != NULL; i++)
		if (json_is_string(word))
			divisions |= calendar_division_of(json_string_value(word));
	return divisions;
}

static int read_excluded(const json_t *list, struct deadline *ret)
{
	size_t n = json_array_size(list);

	if (n > EXCLUDED_MAX)
		return -E2BIG;
	ret->excluded = calloc(n ? n : 1, sizeof *ret->excluded);
	if (!ret->excluded)
		return -ENOMEM;
	for (; ret->n_excluded < n; ret->n_excluded++) {
		const json_t *entry = json_array_get(list, ret->n_excluded);
		struct deadline_excluded *e = &ret->excluded[ret->n_excluded];
		int r = read_day(entry, "date", &e->day);

		if (r < 0)
			return r;
		(void) snprintf(e->why, sizeof e->why, "%s", foictl_text(entry, "why"));
		e->divisions = read_divisions(json_object_get(entry, "divisions"));
	}
	return 0;
}

/* Return: 0, deadline_done() @ret; -EINVAL the daemon speaks another language. */
static int read_count(const json_t *clock, struct deadline *ret)
{
	json_int_t days = foictl_number(clock, "working_days");
	json_int_t months = foictl_number(clock, "months");
	int r = read_day(clock, "received", &ret->received);

	if (r == 0)
		r = read_day(clock, "counted_from", &ret->counted_from);
	if (r == 0)
		r = read_day(clock, "counted_to", &ret->due);
	if (r == 0 &&
		(days < 0 || days > STATUTE_DAYS_MAX || months < 0 || months > STATUTE_MONTHS_MAX ||
			(days == 0) == (months == 0) || day_compare(ret->due, ret->received) < 0 ||
			day_compare(ret->due, day_add(ret->received, EXCLUDED_MAX)) > 0))
		r = -EINVAL;
	if (r < 0)
		return r;
	ret->working_days = (unsigned) days;
	ret->months = (unsigned) months;
	ret->provisional = json_is_true(json_object_get(clock, "provisional"));
	ret->has_covers_until = read_day(clock, "covers_until", &ret->covers_until) == 0;
	return read_excluded(json_object_get(clock, "excluded"), ret);
}

/* Why more days are counted than the law's own. */
static void say_because(const json_t *clock, char buf[static BECAUSE_MAX])
{
	const char *law = foictl_text(json_object_get(clock, "law"), "extension");

	if (*law)
		(void) snprintf(buf, BECAUSE_MAX, "extended under %.80s", law);
	else
		(void) snprintf(buf, BECAUSE_MAX, "as configured");
}

static void show_count(const json_t *clock, const struct table_page *page)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	char because[BECAUSE_MAX];
	struct deadline_report report = {
		.deadline = &d, .days_because = because, .has_colour = page->has_colour
	};

	if (case_kind_of(foictl_text(clock, "kind"), &report.kind) < 0 ||
		statute_regime_parse(foictl_text(clock, "regime"), &report.regime) < 0 ||
		statute_rule_parse(foictl_text(clock, "rule"), &report.rule) < 0 ||
		read_count(clock, &d) < 0) {
		(void) fputs("How it was counted is told by foictl why --json.\n", page->out);
		return;
	}
	say_because(clock, because);
	report.is_stopped = strcmp(foictl_text(clock, "state"), "waiting") == 0 &&
			    read_day(clock, "since", &report.stopped) == 0;
	deadline_show(&report, page->out);
}

/* ---- what stopped or moved it ---------------------------------------------------------------- */

static void show_restart(const json_t *clock, const struct table_page *page)
{
	const char *received = foictl_text(clock, "received");
	const char *first = foictl_text(clock, "first_received");
	char came[FOICTL_DATE_MAX];
	char restarted[FOICTL_DATE_MAX];

	if (strcmp(received, first) == 0)
		return;
	foictl_field(page, "Clarified",
		"the request came on %s; clarification was asked for, and came on %s, which is the "
		"day of receipt since then (%s)",
		foictl_day(first, came), foictl_day(received, restarted),
		foictl_text(json_object_get(clock, "law"), "clarification"));
}

static void show_fees(const json_t *clock, const struct table_page *page)
{
	const json_t *fees = json_object_get(clock, "fees");
	const json_t *fee;
	char asked[FOICTL_DATE_MAX];
	char paid[FOICTL_DATE_MAX];

	for (size_t i = 0; (fee = json_array_get(fees, i)) != NULL; i++)
		foictl_field(page, "Fee",
			"asked for on %s and paid on %s: the clock stood meanwhile (%s)",
			foictl_day(foictl_text(fee, "asked"), asked),
			foictl_day(foictl_text(fee, "paid"), paid),
			foictl_text(json_object_get(clock, "law"), "fee"));
}

static void show_told(const json_t *clock, const struct table_page *page)
{
	const json_t *told = json_object_get(clock, "told");
	const char *day = foictl_text(told, "day");
	const char *note = "";
	char text[FOICTL_DATE_MAX];

	if (!*day)
		return;
	if (!json_is_true(json_object_get(told, "counts")))
		note = ", of a clock that no longer runs";
	else if (*foictl_text(clock, "due") && strcmp(day, foictl_text(clock, "due")) != 0)
		note = ", which is another day: keep to the earlier, or write to them";
	foictl_field(page, "Told", "the requester was told %s%s", foictl_day(day, text), note);
}

static void show_moves(const json_t *clock, const struct table_page *page)
{
	bool is_open = !*foictl_text(clock, "outcome");
	char value[FOICTL_VALUE_MAX];

	show_restart(clock, page);
	show_fees(clock, page);
	if (is_open && *foictl_text(clock, "waiting") &&
		strcmp(foictl_text(clock, "state"), "waiting") != 0)
		foictl_field(page, "Asked", "for a %s, which stops no clock here",
			foictl_text(clock, "waiting"));
	if (is_open)
		foictl_field(page, "Exemptions", "%s",
			foictl_exemptions(json_object_get(clock, "exemptions"), value));
	show_told(clock, page);
}

void foictl_clock_page(const json_t *clock, const struct table_page *page)
{
	char value[FOICTL_VALUE_MAX];

	show_count(clock, page);
	(void) fputc('\n', page->out);
	show_moves(clock, page);
	foictl_field(page, *foictl_text(clock, "outcome") ? "Ended" : "Now", "%s",
		foictl_clock_now(clock, value));
}
