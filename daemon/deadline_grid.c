/* deadline_grid.c - the months of a deadline, its days numbered.
 *
 * Two months stand side by side; below each date stands its number in the count, or a mark. All
 * of it comes from the deadline itself, so that what is shown is what was counted. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/text.h"
#include "daemon/deadline.h"

enum {
	CELL = 5,	  /* columns of a day */
	MONTH = 7 * CELL, /* of a month */
	MARGIN = 2,	  /* before each month */
};

enum style {
	STYLE_PLAIN,
	STYLE_DIM,
	STYLE_HEAD,
	STYLE_COUNTED,
	STYLE_EXCLUDED,
	STYLE_DUE,
};

static const char *const style_codes[] = {
	[STYLE_PLAIN] = "",
	[STYLE_DIM] = "\033[2m",
	[STYLE_HEAD] = "\033[1m",
	[STYLE_COUNTED] = "\033[32m",
	[STYLE_EXCLUDED] = "\033[33m",
	[STYLE_DUE] = "\033[1;7m",
};

/* What stands below a date. */
struct mark {
	char text[16];
	enum style style;
};

/* A line that is being written. Blanks are held back until something follows them. */
struct line {
	const struct deadline_report *report; /* borrowed */
	FILE *out;
	int blanks;
};

static void put(struct line *l, enum style style, const char *text)
{
	bool has_style = l->report->has_colour && style != STYLE_PLAIN;

	(void) fprintf(l->out, "%*s%s%s%s", l->blanks, "", has_style ? style_codes[style] : "",
		text, has_style ? "\033[0m" : "");
	l->blanks = 0;
}

static void end_line(struct line *l)
{
	(void) fputc('\n', l->out);
	l->blanks = 0;
}

/* @text at the right edge of a cell. */
static void put_cell(struct line *l, enum style style, const char *text)
{
	int columns = (int) text_columns(text);

	l->blanks += columns < CELL ? CELL - columns : 0;
	if (text[0])
		put(l, style, text);
}

static bool is_excluded(const struct deadline *d, struct day day)
{
	for (size_t i = 0; i < d->n_excluded; i++) {
		if (day_compare(d->excluded[i].day, day) == 0)
			return true;
	}
	return false;
}

unsigned deadline_number(const struct deadline *d, struct day day)
{
	unsigned n = 0;

	for (struct day at = day_add(d->counted_from, 1); day_compare(at, day) <= 0;
		at = day_add(at, 1))
		n += day_weekday(at) < DAY_SATURDAY && !is_excluded(d, at);
	return n;
}

static struct mark number_mark(const struct deadline *d, struct day day)
{
	bool is_due = day_compare(day, d->due) == 0;
	struct mark m = { .style = is_due ? STYLE_DUE : STYLE_COUNTED };

	(void) snprintf(m.text, sizeof(m.text), is_due ? "[%u]" : "#%u", deadline_number(d, day));
	return m;
}

/* Where months count there are no numbers: the same date later, and the last day. */
static struct mark month_mark(const struct deadline *d, struct day day)
{
	if (day_compare(day, d->due) == 0)
		return (struct mark){ .text = "[L]", .style = STYLE_DUE };
	if (day_compare(day, d->counted_from) == 0)
		return (struct mark){ .text = "M", .style = STYLE_HEAD };
	if (day_compare(day, d->counted_from) < 0)
		return (struct mark){ .text = "" };
	if (day_weekday(day) >= DAY_SATURDAY)
		return (struct mark){ .text = "·", .style = STYLE_DIM };
	return (struct mark){ .text = "×", .style = STYLE_EXCLUDED };
}

/* The last day that has a mark. */
static struct day end_of(const struct deadline_report *report)
{
	return report->is_stopped ? report->stopped : report->deadline->due;
}

static struct mark mark_of(const struct deadline_report *report, struct day day)
{
	const struct deadline *d = report->deadline;

	if (day_compare(day, d->received) < 0 || day_compare(day, end_of(report)) > 0)
		return (struct mark){ .text = "" };
	if (report->is_stopped && day_compare(day, report->stopped) == 0)
		return (struct mark){ .text = "=", .style = STYLE_DUE };
	if (day_compare(day, d->due) > 0)
		return (struct mark){ .text = "" };
	if (day_compare(day, d->received) == 0 && day_compare(day, d->counted_from) != 0)
		return (struct mark){ .text = "R", .style = STYLE_HEAD };
	if (d->months > 0)
		return month_mark(d, day);
	if (day_compare(day, d->counted_from) == 0)
		return (struct mark){ .text = "0", .style = STYLE_HEAD };
	if (day_weekday(day) >= DAY_SATURDAY)
		return (struct mark){ .text = "·", .style = STYLE_DIM };
	if (is_excluded(d, day))
		return (struct mark){ .text = "×", .style = STYLE_EXCLUDED };
	return number_mark(d, day);
}

/* The first day of the month that lies @months after that of @day. */
static struct day month_of(struct day day, unsigned months)
{
	struct day_civil c = day_to_civil(day);

	day = day_add(day, 1 - (int32_t) c.dayofmonth);
	while (months-- > 0) {
		c = day_to_civil(day);
		day = day_add(day, (int32_t) day_month_length(c.year, c.month));
	}
	return day;
}

static void show_month_name(struct line *l, struct day first)
{
	struct day_civil c = day_to_civil(first);
	char name[DAY_TEXT_MAX];
	int n = snprintf(name, sizeof(name), "%s %d", day_month_name(c.month, DAY_ENGLISH), c.year);
	int left = (MONTH - n) / 2;

	l->blanks += MARGIN + left;
	put(l, STYLE_HEAD, name);
	l->blanks += MONTH - n - left;
}

static void show_weekdays(struct line *l)
{
	l->blanks += MARGIN;
	for (unsigned w = DAY_MONDAY; w <= DAY_SUNDAY; w++) {
		char name[DAY_TEXT_MAX];

		(void) snprintf(name, sizeof(name), "%.3s",
			day_weekday_name((enum day_weekday) w, DAY_ENGLISH));
		put_cell(l, STYLE_DIM, name);
	}
}

/* The first day, perhaps of the month before, of a week of the month that starts at @first. */
static struct day monday_of(struct day first, unsigned week)
{
	return day_add(first, (int32_t) (7 * week) + 1 - (int32_t) day_weekday(first));
}

static bool has_marks(const struct deadline_report *report, struct day first, unsigned week)
{
	unsigned month = day_to_civil(first).month;
	struct day day = monday_of(first, week);

	for (unsigned i = 0; i < 7; i++, day = day_add(day, 1)) {
		if (day_to_civil(day).month == month && mark_of(report, day).text[0])
			return true;
	}
	return false;
}

/* The days of a week of the month that starts at @first: their dates, or the marks below them. */
static void show_week(struct line *l, struct day first, unsigned week, bool is_marks)
{
	unsigned month = day_to_civil(first).month;
	struct day day = monday_of(first, week);

	l->blanks += MARGIN;
	for (unsigned i = 0; i < 7; i++, day = day_add(day, 1)) {
		struct day_civil c = day_to_civil(day);
		struct mark m = { .text = "", .style = STYLE_DIM };

		if (c.month == month && is_marks)
			m = mark_of(l->report, day);
		else if (c.month == month)
			(void) snprintf(m.text, sizeof(m.text), "%u", c.dayofmonth);
		put_cell(l, m.style, m.text);
	}
}

/* A week of one or two months: a line of dates and, if there are any, one of marks. */
static void show_weeks(struct line *l, const struct day *first, unsigned n, unsigned week)
{
	bool is_marked = has_marks(l->report, first[0], week) ||
			 (n > 1 && has_marks(l->report, first[1], week));

	for (unsigned i = 0; i < n; i++)
		show_week(l, first[i], week, false);
	end_line(l);
	if (!is_marked)
		return;
	for (unsigned i = 0; i < n; i++)
		show_week(l, first[i], week, true);
	end_line(l);
}

static unsigned weeks_of(struct day first)
{
	struct day_civil c = day_to_civil(first);

	return (day_weekday(first) - 1 + day_month_length(c.year, c.month) + 6) / 7;
}

/* One or two months beside each other. */
static void show_months(struct line *l, const struct day *first, unsigned n)
{
	unsigned weeks = weeks_of(first[0]);

	if (n > 1 && weeks_of(first[1]) > weeks)
		weeks = weeks_of(first[1]);
	for (unsigned i = 0; i < n; i++)
		show_month_name(l, first[i]);
	end_line(l);
	for (unsigned i = 0; i < n; i++)
		show_weekdays(l);
	end_line(l);
	for (unsigned week = 0; week < weeks; week++)
		show_weeks(l, first, n, week);
}

void deadline_show_grid(const struct deadline_report *report, FILE *out)
{
	struct line l = { .report = report, .out = out };
	struct day from = report->deadline->received;
	struct day end = end_of(report);

	for (unsigned i = 0; day_compare(month_of(from, i), end) <= 0; i += 2) {
		struct day first[] = { month_of(from, i), month_of(from, i + 1) };

		show_months(&l, first, day_compare(first[1], end) <= 0 ? 2 : 1);
		end_line(&l);
	}
}
