/* test_statute.c - the statutory clocks: every published vector, and the days that bite. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/statute.h"

enum {
	VECTOR_COUNT = 59,
};

/* The shipped calendars, 2005 to 2028. */
static struct calendar *calendar;

static int load_calendars(void **state)
{
	struct fault f = { 0 };

	(void) state;
	assert_int_equal(calendar_new(&calendar), 0);
	if (holidays_load(FOIMAILD_CONF "/bank-holidays.json", calendar, &f) < 0 ||
		holidays_load(FOIMAILD_CONF "/bank-holidays-2005-2011.json", calendar, &f) < 0)
		fail_msg("%s", f.text);
	return 0;
}

static int free_calendars(void **state)
{
	(void) state;
	calendar = calendar_free(calendar);
	return 0;
}

static struct day day(const char *iso)
{
	struct day d = { 0 };

	if (day_parse(iso, &d) < 0)
		fail_msg("no date: '%s'", iso);
	return d;
}

/* The shipped days up to the end of a year. */
static struct calendar *calendar_up_to(int year)
{
	struct calendar *cal = NULL;

	assert_int_equal(calendar_new(&cal), 0);
	for (size_t i = 0; i < calendar_count(calendar); i++) {
		struct calendar_entry e = calendar_at(calendar, i);

		if (day_to_civil(e.day).year <= year)
			assert_int_equal(calendar_add(cal, e.day, e.division, e.title, NULL), 1);
	}
	return cal;
}

/* The deadline as text; "" when refused. */
static const char *due(
	const struct statute_clock *in, const struct calendar *cal, char buf[static DAY_ISO_MAX])
{
	CLEANUP(deadline_done) struct deadline d = { 0 };

	buf[0] = '\0';
	if (statute_deadline(in, cal, &d, NULL) == 0)
		(void) day_iso(d.due, buf);
	return buf;
}

/* ---- the vectors ---- */

enum { ID, REGIME, CALENDAR, START_KIND, START_DATE, LENGTH, RULE, EXPECTED, CELLS };

/* Cuts a CSV line into its cells in place; a quoted cell may hold commas and doubled quotes. */
static size_t cut_cells(char *line, char *cells[], size_t max)
{
	size_t n = 0;

	line[strcspn(line, "\r\n")] = '\0';
	while (n < max) {
		bool quoted = *line == '"';
		char *end = quoted ? strchr(line + 1, '"') : line + strcspn(line, ",");

		while (quoted && end[1] == '"')
			end = strchr(end + 2, '"');
		cells[n++] = line + quoted;
		line = end + quoted;
		if (*line != ',')
			return n;
		*end = *line = '\0';
		line++;
	}
	return n;
}

static enum statute_regime regime_of(const char *word)
{
	static const struct {
		const char *word;
		enum statute_regime regime;
	} words[] = {
		{ "FOIA", STATUTE_FOIA },
		{ "FOIA-fee", STATUTE_FOIA },
		{ "FOIA-archives", STATUTE_FOIA },
		{ "FOISA", STATUTE_FOISA },
		{ "FOISA-review", STATUTE_FOISA },
		{ "EIR-extended", STATUTE_EIR },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(words[i].word, word) == 0)
			return words[i].regime;
	}
	fail_msg("unknown regime '%s'", word);
	return STATUTE_FOIA;
}

/* @pause: room for the one fee that a vector may hold. */
static struct statute_clock clock_of(char *cells[], struct statute_pause *pause)
{
	struct statute_clock in = {
		.regime = regime_of(cells[REGIME]),
		.working_days = (unsigned) atoi(cells[LENGTH]),
		.received = day(cells[START_DATE]),
	};
	char notice[DAY_ISO_MAX], paid[DAY_ISO_MAX];

	if (sscanf(cells[RULE], "statute; fees notice %10[0-9-]; fee received %10s", notice,
		    paid) == 2) {
		*pause = (struct statute_pause){ .notice = day(notice), .paid = day(paid) };
		in.fee = statute_of(in.regime)->fee;
		in.pauses = pause;
		in.n_pauses = 1;
	} else {
		assert_int_equal(statute_rule_parse(cells[RULE], &in.rule), 0);
	}
	return in;
}

static void check_vector(char *cells[])
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	struct fault f = { .text = "not refused" };
	char iso[DAY_ISO_MAX] = "";
	int r;

	if (strcmp(cells[RULE], "calendar-month") == 0) {
		assert_string_equal(cells[LENGTH], "1 month");
		r = statute_calendar_month(calendar, day(cells[START_DATE]), 1, &d, &f);
	} else {
		struct statute_pause pause;
		struct statute_clock in = clock_of(cells, &pause);
		unsigned wanted =
			strcmp(cells[CALENDAR], "scotland") == 0 ? CALENDAR_SCOTLAND : CALENDAR_UK;

		assert_int_equal(statute_of(in.regime)->divisions, wanted);
		r = statute_deadline(&in, calendar, &d, &f);
	}
	if (r < 0)
		fail_msg("%s: %s", cells[ID], f.text);
	if (strcmp(day_iso(d.due, iso), cells[EXPECTED]) != 0 || d.provisional)
		fail_msg("%s: %s, expected %s", cells[ID], iso, cells[EXPECTED]);
}

static void every_vector(void **state)
{
	FILE *file = fopen(FOIMAILD_TESTS "/data/deadline-vectors.csv", "re");
	char line[2048];
	int rows = 0;

	(void) state;
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file)); /* the names of the columns */
	while (fgets(line, sizeof(line), file)) {
		char *cells[CELLS] = { NULL };

		assert_int_equal(cut_cells(line, cells, CELLS), CELLS);
		assert_string_equal(cells[START_KIND], "receipt");
		check_vector(cells);
		rows++;
	}
	(void) fclose(file);
	assert_int_equal(rows, VECTOR_COUNT);
}

/* ---- the days that bite ---- */

static void named_deadlines(void **state)
{
	static const struct {
		const char *why;
		enum statute_regime regime;
		enum statute_rule rule;
		const char *received, *due;
	} rows[] = {
		{ "the real letter of 2018", STATUTE_FOIA, 0, "2018-05-16", "2018-06-14" },
		{ "received on a leap day", STATUTE_FOIA, 0, "2024-02-29", "2024-04-02" },
		{ "due on a leap day", STATUTE_FOIA, 0, "2028-02-01", "2028-02-29" },
		{ "4 May 2020 was a working day", STATUTE_FOIA, 0, "2020-04-03", "2020-05-05" },
		{ "8 May 2020 was not", STATUTE_FOIA, 0, "2020-04-09", "2020-05-12" },
		{ "30 May 2022 was; 2 and 3 June were not", STATUTE_FOIA, 0, "2022-05-05",
			"2022-06-06" },
		{ "the same in Scotland", STATUTE_FOISA, 0, "2022-05-05", "2022-06-06" },
		{ "19 September 2022", STATUTE_FOIA, 0, "2022-09-12", "2022-10-11" },
		{ "8 May 2023 and 1 May 2023", STATUTE_FOIA, 0, "2023-04-06", "2023-05-10" },
		{ "15 June 2026, Scotland's, for an English body", STATUTE_FOIA, 0, "2026-05-20",
			"2026-06-19" },
		{ "15 June 2026 in Scotland", STATUTE_FOISA, 0, "2026-05-20", "2026-06-19" },
		{ "12 July stops an English clock", STATUTE_EIR, 0, "2026-07-10", "2026-08-11" },
		{ "but not a Scottish one", STATUTE_FOISA, 0, "2026-07-10", "2026-08-10" },
		{ "Scotland works on Easter Monday", STATUTE_FOISA, 0, "2018-03-21", "2018-04-19" },
		{ "Scotland works on the last Monday of August", STATUTE_FOISA, 0, "2026-08-10",
			"2026-09-07" },
		{ "a Saturday is day zero", STATUTE_FOIA, 0, "2018-05-19", "2018-06-18" },
		{ "by the Code the Monday is", STATUTE_FOIA, STATUTE_RULE_S45CODE, "2018-05-19",
			"2018-06-19" },
		{ "on a working day the Code agrees", STATUTE_FOIA, STATUTE_RULE_S45CODE,
			"2018-05-16", "2018-06-14" },
	};
	char iso[DAY_ISO_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct statute_clock in = { .regime = rows[i].regime,
			.rule = rows[i].rule,
			.received = day(rows[i].received) };

		if (strcmp(due(&in, calendar, iso), rows[i].due) != 0)
			fail_msg("%s: %s, expected %s", rows[i].why, iso, rows[i].due);
	}
}

static void received_near_midnight(void **state)
{
	static const struct {
		const char *why;
		int64_t instant;
		const char *received, *due;
	} rows[] = {
		{ "23:30 UTC on 30 June 2026 is 1 July", 1782862200, "2026-07-01", "2026-07-30" },
		{ "an hour earlier is 30 June", 1782858600, "2026-06-30", "2026-07-29" },
		{ "23:30 UTC before the spring change", 1774740600, "2026-03-28", "2026-04-28" },
		{ "23:30 UTC after the spring change", 1774827000, "2026-03-30", "2026-04-29" },
		{ "23:30 UTC before the autumn change", 1792884600, "2026-10-25", "2026-11-20" },
		{ "23:30 UTC after the autumn change", 1792971000, "2026-10-25", "2026-11-20" },
	};
	char iso[DAY_ISO_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct statute_clock in = { .received = day_of_instant(rows[i].instant) };

		if (strcmp(day_iso(in.received, iso), rows[i].received) != 0)
			fail_msg("%s: received %s", rows[i].why, iso);
		if (strcmp(due(&in, calendar, iso), rows[i].due) != 0)
			fail_msg("%s: due %s", rows[i].why, iso);
	}
}

static void the_horizon(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = calendar_up_to(2026);
	static const struct {
		const char *why, *received, *due;
		bool provisional;
		const char *until;
	} rows[] = {
		{ "due on the last covered day", "2026-12-01", "2026-12-31", false, "2026-12-31" },
		{ "one past it", "2026-12-02", "2027-01-01", true, "2026-12-31" },
		{ "received past it", "2027-03-01", "2027-03-30", true, "2026-12-31" },
		{ "received before the first year", "2004-12-30", "2005-01-31", true,
			"2026-12-31" },
		{ "counted from the first covered day", "2004-12-31", "2005-02-01", false,
			"2026-12-31" },
	};
	char iso[DAY_ISO_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CLEANUP(deadline_done) struct deadline d = { 0 };
		const struct statute_clock in = { .received = day(rows[i].received) };

		assert_int_equal(statute_deadline(&in, cal, &d, NULL), 0);
		if (strcmp(day_iso(d.due, iso), rows[i].due) != 0)
			fail_msg("%s: %s", rows[i].why, iso);
		if (d.provisional != rows[i].provisional)
			fail_msg("%s: provisional %d", rows[i].why, d.provisional);
		assert_true(d.has_covers_until);
		assert_string_equal(day_iso(d.covers_until, iso), rows[i].until);
	}
}

static void a_gap_in_the_calendar_is_never_told(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = calendar_up_to(2018);
	const struct statute_clock into = { .received = day("2018-12-20") };
	const struct statute_clock after = { .received = day("2024-02-01") };
	struct deadline d = { 0 };
	char iso[DAY_ISO_MAX];

	(void) state;
	for (size_t i = 0; i < calendar_count(calendar); i++) {
		struct calendar_entry e = calendar_at(calendar, i);

		if (day_to_civil(e.day).year >= 2024)
			(void) calendar_add(cal, e.day, e.division, e.title, NULL);
	}
	assert_int_equal(statute_deadline(&into, cal, &d, NULL), 0);
	assert_true(d.provisional);
	assert_string_equal(day_iso(d.covers_until, iso), "2018-12-31");
	deadline_done(&d);
	assert_int_equal(statute_deadline(&after, cal, &d, NULL), 0);
	assert_false(d.provisional);
	assert_string_equal(day_iso(d.covers_until, iso), "2028-12-31");
	deadline_done(&d);
}

static void the_law_names_days_of_its_own(void **state)
{
	CLEANUP(calendar_freep) struct calendar *none = NULL;

	(void) state;
	assert_int_equal(calendar_new(&none), 0);
	for (struct day d = day("2005-01-01"); d.n <= day("2028-12-31").n; d.n++) {
		struct day_civil c = day_to_civil(d);
		const char *title = "";
		bool weekday = day_weekday(d) < DAY_SATURDAY;
		bool christmas = c.month == 12 && c.dayofmonth == 25;
		bool good_friday = calendar_find(calendar, CALENDAR_ENGLAND_WALES, d, &title) &&
				   strcmp(title, "Good Friday") == 0;

		assert_int_equal(statute_is_working_day(STATUTE_FOIA, none, d),
			weekday && !christmas && !good_friday);
		assert_int_equal(statute_is_working_day(STATUTE_EIR, none, d),
			weekday && !christmas && !good_friday);
		assert_int_equal(
			statute_is_working_day(STATUTE_FOISA, none, d), weekday && !christmas);
	}
}

static void excluded_days_say_why(void **state)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	const struct statute_clock in = { .received = day("2026-03-16") };
	char iso[DAY_ISO_MAX], hash[DIGEST_HEX_MAX];

	(void) state;
	assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
	assert_int_equal(d.n_excluded, 3);
	assert_string_equal(day_iso(d.excluded[0].day, iso), "2026-03-17");
	assert_int_equal(d.excluded[0].divisions, CALENDAR_NORTHERN_IRELAND);
	assert_string_equal(d.excluded[1].why, "Good Friday");
	assert_int_equal(d.excluded[1].divisions, CALENDAR_UK);
	assert_string_equal(d.excluded[2].why, "Easter Monday");
	assert_int_equal(
		d.excluded[2].divisions, CALENDAR_ENGLAND_WALES | CALENDAR_NORTHERN_IRELAND);
	assert_int_equal(calendar_hash(calendar, hash), 0);
	assert_string_equal(d.calendar_hash, hash);
	assert_int_equal(d.working_days, 20);
	assert_int_equal(d.received.n, in.received.n);
	assert_int_equal(d.counted_from.n, in.received.n);
}

static void the_code_moves_day_zero_and_lists_what_it_passed(void **state)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	const struct statute_clock in = { .rule = STATUTE_RULE_S45CODE,
		.received = day("2026-03-17") };

	(void) state;
	assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
	assert_int_equal(d.received.n, day("2026-03-17").n);
	assert_int_equal(d.counted_from.n, day("2026-03-18").n);
	assert_int_equal(d.excluded[0].day.n, day("2026-03-17").n);
	assert_int_equal(d.n_excluded, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector),
		cmocka_unit_test(named_deadlines),
		cmocka_unit_test(received_near_midnight),
		cmocka_unit_test(the_horizon),
		cmocka_unit_test(a_gap_in_the_calendar_is_never_told),
		cmocka_unit_test(the_law_names_days_of_its_own),
		cmocka_unit_test(excluded_days_say_why),
		cmocka_unit_test(the_code_moves_day_zero_and_lists_what_it_passed),
	};

	return cmocka_run_group_tests(tests, load_calendars, free_calendars);
}
