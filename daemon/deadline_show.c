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

/* What was counted where it is not what the law says. */
static void show_other_days(const struct deadline_report *report, FILE *out)
{
	const struct statute *law = statute_of(report->regime);
	unsigned days = report->deadline->working_days;
	char text[256];

	if (days == (report->kind == CASE_REVIEW ? law->review_days : law->request_days))
		return;
	(void) snprintf(text, sizeof(text), "Counted here: %u working days, %s.", days,
		report->days_because ? report->days_because : "as configured");
	show_text(text, out);
}

static void show_law(const struct deadline_report *report, FILE *out)
{
	const struct statute *law = statute_of(report->regime);
	bool is_review = report->kind == CASE_REVIEW;
	char text[512];

	put(report, out, "1", law->name);
	(void) fputs("\n", out);
	(void) snprintf(text, sizeof(text), "%s %s (%s; %s)",
		is_review ? law->sentence_review : law->sentence, law->sentence_working,
		is_review ? law->law_review : law->law_request, law->law_working_day);
	show_text(text, out);
	show_other_days(report, out);
	if (report->rule == STATUTE_RULE_S45CODE && report->deadline->months == 0)
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

/* "Mon 28 May 2018" */
static void short_text(struct day day, char buf[static DAY_TEXT_MAX])
{
	struct day_civil c = day_to_civil(day);

	(void) snprintf(buf, DAY_TEXT_MAX, "%.3s %2u %.3s %d",
		day_weekday_name(day_weekday(day), DAY_ENGLISH), c.dayofmonth,
		day_month_name(c.month, DAY_ENGLISH), c.year); /* fits */
}

static void show_excluded_day(
	const struct deadline_report *report, FILE *out, const struct deadline_excluded *e)
{
	int columns = (int) text_columns(e->why);
	char names[NAMES_MAX];
	char day[DAY_TEXT_MAX];

	name_divisions(e->divisions, names);
	short_text(e->day, day);
	put(report, out, "33", "  × ");
	(void) fprintf(out, "%s  %s", day, e->why);
	if (columns + (int) strlen(names) + 2 > WHY_ROOM)
		(void) fprintf(out, "\n%*s", WHY_AT, "");
	else if (names[0])
		(void) fprintf(
			out, "%*s", columns < WHY_COLUMNS ? WHY_COLUMNS - columns + 2 : 2, "");
	(void) fprintf(out, "%s\n", names);
}

/* Working days that one fee takes out, in one line. */
static void show_excluded_span(const struct deadline_report *report, FILE *out,
	const struct deadline_excluded *first, size_t n)
{
	char from[DAY_TEXT_MAX], to[DAY_TEXT_MAX];

	short_text(first->day, from);
	short_text(first[n - 1].day, to);
	put(report, out, "33", "  × ");
	(void) fprintf(
		out, "%s to %s  %s\n%*s%zu working days\n", from, to, first->why, WHY_AT, "", n);
}

/* Days from @first on that nobody keeps as a holiday and that have the same reason, with only a
 * weekend between one and the next. */
static size_t span_of(const struct deadline_excluded *first, size_t n)
{
	size_t i = 1;

	while (first->divisions == 0 && i < n && first[i].divisions == 0 &&
		strcmp(first[i].why, first->why) == 0 &&
		day_compare(first[i].day, day_add(first[i - 1].day, 3)) <= 0)
		i++;
	return i;
}

static void show_excluded(const struct deadline_report *report, FILE *out)
{
	const struct deadline *d = report->deadline;
	size_t n = d->n_excluded;

	while (report->is_stopped && n > 0 &&
		day_compare(d->excluded[n - 1].day, report->stopped) >= 0)
		n--;
	for (size_t i = 0, span; i < n; i += span) {
		span = span_of(&d->excluded[i], n - i);
		if (span > 2)
			show_excluded_span(report, out, &d->excluded[i], span);
		else
			show_excluded_day(report, out, &d->excluded[i]);
		span = span > 2 ? span : 1;
	}
	if (n > 0)
		(void) fputc('\n', out);
}

static const char *ordinal(unsigned n)
{
	static const char *const endings[] = { "th", "st", "nd", "rd" };

	return n % 100 / 10 == 1 || n % 10 > 3 ? endings[0] : endings[n % 10];
}

/* "the 20th working day"; "one month after it was received", and what moved it on. */
static void last_day_text(const struct deadline *d, char buf[static DAY_TEXT_MAX])
{
	if (d->months == 0)
		(void) snprintf(buf, DAY_TEXT_MAX, "the %u%s working day", d->working_days,
			ordinal(d->working_days));
	else if (day_compare(d->counted_from, d->due) != 0)
		(void) snprintf(buf, DAY_TEXT_MAX, "the next working day");
	else if (d->months == 1)
		(void) snprintf(buf, DAY_TEXT_MAX, "one month after the receipt");
	else
		(void) snprintf(buf, DAY_TEXT_MAX, "%u months after the receipt", d->months);
}

/* Where the count is not simply from one day to another: the day between. */
static void show_between(const struct deadline *d, FILE *out)
{
	struct day none = d->months ? d->due : d->received;
	char text[DAY_TEXT_MAX];

	if (day_compare(d->counted_from, none) == 0)
		return;
	(void) fprintf(out, "%-11s%s\n", d->months ? "A month on" : "Counted as",
		day_text_weekday(d->counted_from, DAY_ENGLISH, text));
}

static void show_doubt(const struct deadline *d, FILE *out)
{
	char text[DAY_TEXT_MAX];

	if (!d->provisional)
		return;
	if (d->has_covers_until && day_compare(d->due, d->covers_until) > 0)
		(void) fprintf(out, "\nThe calendar in use ends on %s.\n",
			day_text(d->covers_until, DAY_ENGLISH, text));
	else
		(void) fputs("\nThe calendar in use does not reach back so far.\n", out);
	(void) fputs("Bank holidays of this time are not known: tell this day to nobody.\n", out);
}

static void show_stop(const struct deadline_report *report, FILE *out)
{
	struct day before = day_add(report->stopped, -1);
	char text[DAY_TEXT_MAX];

	(void) fprintf(
		out, "Stands     since %s", day_text_weekday(report->stopped, DAY_ENGLISH, text));
	if (report->deadline->months == 0 && day_compare(before, report->deadline->due) <= 0)
		(void) fprintf(out, "; %u of %u working days had passed",
			deadline_number(report->deadline, before), report->deadline->working_days);
	(void) fputc('\n', out);
}

static void show_result(const struct deadline_report *report, FILE *out)
{
	const struct deadline *d = report->deadline;
	char day[DAY_TEXT_MAX];
	char which[DAY_TEXT_MAX];

	(void) fprintf(out, "Received   %s\n", day_text_weekday(d->received, DAY_ENGLISH, day));
	if (report->is_stopped) {
		show_stop(report, out);
		return;
	}
	show_between(d, out);
	last_day_text(d, which);
	(void) fputs("Last day   ", out);
	put(report, out, "1", day_text_weekday(d->due, DAY_ENGLISH, day));
	(void) fprintf(out, ", %s%s\n", which, d->provisional ? " (provisional)" : "");
	show_doubt(d, out);
}

static void show_legend(const struct deadline_report *report, FILE *out)
{
	const struct deadline *d = report->deadline;
	bool is_moved = day_compare(d->received, d->counted_from) != 0;

	if (d->months > 0)
		(void) fprintf(out, "  R received   %s[L] last day%s\n\n",
			day_compare(d->counted_from, d->due) != 0 ? "M a month on   " : "",
			d->n_excluded > 0 ? "   × does not count" : "");
	else if (report->is_stopped)
		(void) fprintf(out, "  %s   #1 counted   = the clock stands\n\n",
			is_moved ? "R received   0 day zero" : "0 day of receipt");
	else
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
