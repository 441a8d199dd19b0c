/* deadline_show.c - a deadline as a person checks it: the law, the months, the result. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "daemon/deadline.h"
#include "base/text.h"

enum {
	LINE = 76,   /* columns of running text */
	WHY_AT = 21, /* column at which the reason stands */
	WHY_ROOM = 80 - WHY_AT,
	WHY_COLUMNS = 28,
	NAMES_MAX = 64,
};

/* @text in a style of the terminal, if it has any. */
static void put(
	const struct deadline_report *report, FILE *out, const char *style, const char *text)
{
	if (report->has_colour)
		(void) fprintf(out, "\033[%sm%s\033[0m", style, text);
	else
		(void) fputs(text, out);
}

/* Running text in lines of LINE columns; ASCII, words apart by one space. */
static void show_text(const char *text, FILE *out)
{
	size_t column = 0;

	while (*text) {
		size_t word = strcspn(text, " ");
		bool is_first = column == 0;

		if (!is_first && column + 1 + word > LINE) {
			(void) fputc('\n', out);
			is_first = true;
			column = 0;
		}
		(void) fprintf(out, "%s%.*s", is_first ? "  " : " ", (int) word, text);
		column += word + !is_first;
		text += word;
		text += *text == ' ';
	}
	(void) fputc('\n', out);
}

static void show_law(const struct deadline_report *report, FILE *out)
{
	const struct statute *law = statute_of(report->regime);
	unsigned days = report->deadline->working_days;
	char text[512];

	put(report, out, "1", law->name);
	(void) fputs("\n", out);
	(void) snprintf(text, sizeof(text), "%s %s (%s; %s)", law->sentence, law->sentence_working,
		law->law_request, law->law_working_day);
	show_text(text, out);
	if (days != law->request_days) {
		(void) snprintf(
			text, sizeof(text), "Counted here: %u working days, as asked for.", days);
		show_text(text, out);
	}
	if (report->rule == STATUTE_RULE_S45CODE)
		show_text("Receipt on a day that is no working day counts as receipt on the next"
			  " working day (s.45 Code of Practice 2018, para 4.2).",
			out);
	(void) fputc('\n', out);
}

/* Who keeps a holiday, in few columns: "Scotland, N. Ireland". */
static void name_divisions(unsigned divisions, char buf[static NAMES_MAX])
{
	static const struct {
		unsigned division;
		const char *name;
	} names[] = {
		{ CALENDAR_ENGLAND_WALES, "England & Wales" },
		{ CALENDAR_SCOTLAND, "Scotland" },
		{ CALENDAR_NORTHERN_IRELAND, "N. Ireland" },
	};
	size_t n = 0;

	buf[0] = '\0';
	if (divisions == CALENDAR_UK)
		(void) snprintf(buf, NAMES_MAX, "all parts of the UK");
	for (size_t i = 0; divisions != CALENDAR_UK && i < sizeof(names) / sizeof(*names); i++) {
		if (divisions & names[i].division)
			n += (size_t) snprintf(
				buf + n, NAMES_MAX - n, "%s%s", n ? ", " : "", names[i].name);
	}
}

static void show_excluded_day(
	const struct deadline_report *report, FILE *out, const struct deadline_excluded *e)
{
	struct day_civil c = day_to_civil(e->day);
	int columns = (int) text_columns(e->why);
	char names[NAMES_MAX];

	name_divisions(e->divisions, names);
	put(report, out, "33", "  × ");
	(void) fprintf(out, "%.3s %2u %.3s %d  %s",
		day_weekday_name(day_weekday(e->day), DAY_ENGLISH), c.dayofmonth,
		day_month_name(c.month, DAY_ENGLISH), c.year, e->why);
	if (columns + (int) strlen(names) + 2 > WHY_ROOM)
		(void) fprintf(out, "\n%*s", WHY_AT, "");
	else if (names[0])
		(void) fprintf(
			out, "%*s", columns < WHY_COLUMNS ? WHY_COLUMNS - columns + 2 : 2, "");
	(void) fprintf(out, "%s\n", names);
}

static void show_excluded(const struct deadline_report *report, FILE *out)
{
	const struct deadline *d = report->deadline;

	for (size_t i = 0; i < d->n_excluded; i++)
		show_excluded_day(report, out, &d->excluded[i]);
	if (d->n_excluded > 0)
		(void) fputc('\n', out);
}

static const char *ordinal(unsigned n)
{
	static const char *const endings[] = { "th", "st", "nd", "rd" };

	return n % 100 / 10 == 1 || n % 10 > 3 ? endings[0] : endings[n % 10];
}

static void show_result(const struct deadline_report *report, FILE *out)
{
	const struct deadline *d = report->deadline;
	char text[DAY_TEXT_MAX];

	(void) fprintf(out, "Received   %s\n", day_text_weekday(d->received, DAY_ENGLISH, text));
	if (day_compare(d->received, d->counted_from) != 0)
		(void) fprintf(out, "Counted as %s\n",
			day_text_weekday(d->counted_from, DAY_ENGLISH, text));
	(void) fputs("Last day   ", out);
	put(report, out, "1", day_text_weekday(d->due, DAY_ENGLISH, text));
	(void) fprintf(out, ", the %u%s working day%s\n", d->working_days, ordinal(d->working_days),
		d->provisional ? " (provisional)" : "");
	if (!d->provisional)
		return;
	if (d->has_covers_until && day_compare(d->due, d->covers_until) > 0)
		(void) fprintf(out, "\nThe calendar in use ends on %s.\n",
			day_text(d->covers_until, DAY_ENGLISH, text));
	else
		(void) fputs("\nThe calendar in use does not reach back so far.\n", out);
	(void) fputs("Bank holidays of this time are not known: tell this day to nobody.\n", out);
}

static void show_legend(const struct deadline_report *report, FILE *out)
{
	const struct deadline *d = report->deadline;
	bool is_moved = day_compare(d->received, d->counted_from) != 0;

	(void) fprintf(out, "  %s   #1 counted   [%u] last day   × does not count\n\n",
		is_moved ? "R received   0 day zero" : "0 day of receipt", d->working_days);
}

void deadline_show(const struct deadline_report *report, FILE *out)
{
	show_law(report, out);
	deadline_show_grid(report, out);
	show_legend(report, out);
	show_excluded(report, out);
	show_result(report, out);
}
