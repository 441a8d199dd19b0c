/* test_calendar_change.c - what a new answer of the feed changes, and what waits for an officer. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/calendar.h"
#include "domain/calendar_change.h"

enum {
	DATE = 10, /* characters of 2027-08-30 */
};

static struct calendar *shipped; /* conf/bank-holidays.json, 2012 to 2028 */

static struct day day(const char *iso)
{
	struct day d = { 0 };

	assert_int_equal(day_parse(iso, &d), 0);
	return d;
}

/* The mask of "esn". */
static unsigned divisions_of(const char *letters)
{
	unsigned mask = 0;

	for (; *letters && *letters != ' '; letters++)
		mask |= *letters == 'e'	  ? CALENDAR_ENGLAND_WALES
			: *letters == 's' ? CALENDAR_SCOTLAND
					  : CALENDAR_NORTHERN_IRELAND;
	return mask;
}

/* Which divisions the edits "-2027-08-30s +2027-08-02s" give (@sign +) to or take (-) from a day. */
static unsigned edited(const char *edits, char sign, struct day d)
{
	char iso[DAY_ISO_MAX];
	unsigned mask = 0;

	(void) day_iso(d, iso);
	for (const char *s = edits; (s = strstr(s, iso)) != NULL; s += DATE)
		if (s[-1] == sign)
			mask |= divisions_of(s + DATE);
	return mask;
}

static void add_edits(struct calendar *cal, const char *edits)
{
	for (const char *s = edits; (s = strchr(s, '+')) != NULL; s++) {
		char iso[DAY_ISO_MAX] = "";
		unsigned divisions = divisions_of(s + 1 + DATE);

		memcpy(iso, s + 1, DATE);
		for (unsigned bit = 1; bit <= CALENDAR_UK; bit <<= 1)
			if (divisions & bit)
				assert_int_equal(
					calendar_add(cal, day(iso), bit, "A day", NULL), 1);
	}
}

/* What is shipped, from @from to @to, with edits. */
static struct calendar *edit(int from, int to, const char *edits)
{
	struct calendar *cal = NULL;

	assert_int_equal(calendar_new(&cal), 0);
	for (size_t i = 0; i < calendar_count(shipped); i++) {
		struct calendar_entry e = calendar_at(shipped, i);
		int year = day_to_civil(e.day).year;

		if (year >= from && year <= to && !(edited(edits, '-', e.day) & e.division))
			assert_int_equal(calendar_add(cal, e.day, e.division, e.title, NULL), 1);
	}
	add_edits(cal, edits);
	return cal;
}

/* A calendar in force, perhaps an earlier answer, a new one. Years 0: none. */
struct version {
	int from;
	int to;
	const char *edits;
};

#define SHIPPED                                                                                    \
	{                                                                                          \
		2012, 2028, ""                                                                     \
	}
#define NEVER                                                                                      \
	{                                                                                          \
		0, 0, ""                                                                           \
	}

/* Northern Ireland's ten days of 2027 become fifteen. */
#define CROWD "+2027-10-01n +2027-10-04n +2027-10-05n +2027-10-06n +2027-10-07n "

static const struct {
	const char *name;
	struct version now;
	struct version last;
	struct version feed;
	const char *today;
	const char *what;
	const char *why; /* "" : it counts by itself */
} rows[] = {
	{ "nothing new", SHIPPED, NEVER, SHIPPED, "2026-11-25", "", "" },
	{ "GOV.UK's file begins in 2019, ours in 2012: that is no loss", SHIPPED, NEVER,
		{ 2019, 2028, "" }, "2026-11-25", "", "" },
	{ "2028 comes, as each November", { 2012, 2027, "" }, { 2019, 2027, "" },
		{ 2019, 2028, "" }, "2025-11-24",
		"added 3 January 2028 (all parts of the UK), 4 January 2028 (Scotland), 17 March "
		"2028 (Northern Ireland), 14 April 2028 (all parts of the UK), 17 April 2028 "
		"(England and Wales, Northern Ireland), 1 May 2028 (all parts of the UK), 29 May "
		"2028 (all parts of the UK), 12 July 2028 (Northern Ireland), 7 August 2028 "
		"(Scotland), 28 August 2028 (England and Wales, Northern Ireland), 30 November "
		"2028 (Scotland), 25 December 2028 (all parts of the UK), 26 December 2028 (all "
		"parts of the UK)",
		"" },
	{ "a year learned late, with days that are past, needs nobody", { 2012, 2025, "" },
		{ 2019, 2025, "" }, { 2019, 2026, "" }, "2026-12-20", NULL, "" },
	{ "the Early May day of 2020 is moved to 8 May, told on 10 June 2019",
		{ 2012, 2020, "-2020-05-08esn +2020-05-04esn" },
		{ 2012, 2020, "-2020-05-08esn +2020-05-04esn" },
		{ 2012, 2020, "-2020-05-08s +2020-05-04s" }, "2019-06-10",
		"added 8 May 2020 (England and Wales, Northern Ireland); "
		"dropped 4 May 2020 (England and Wales, Northern Ireland)",
		"" },
	{ "Scotland follows on 2 July 2019", { 2012, 2020, "-2020-05-08s +2020-05-04s" },
		{ 2012, 2020, "-2020-05-08s +2020-05-04s" }, { 2012, 2020, "" }, "2019-07-02",
		"added 8 May 2020 (Scotland); dropped 4 May 2020 (Scotland)", "" },
	{ "the Queen's funeral, proclaimed nine days ahead, waits",
		{ 2012, 2023, "-2022-09-19esn" }, { 2012, 2023, "-2022-09-19esn" },
		{ 2012, 2023, "" }, "2022-09-10", "added 19 September 2022 (all parts of the UK)",
		"it adds Monday 19 September 2022 (all parts of the UK), which is within 14 days" },
	{ "the Coronation, half a year ahead", { 2012, 2023, "-2023-05-08esn" },
		{ 2012, 2023, "-2023-05-08esn" }, { 2012, 2023, "" }, "2022-11-10",
		"added 8 May 2023 (all parts of the UK)", "" },
	{ "a day for Scotland alone, four months ahead", { 2012, 2028, "-2026-06-15s" },
		{ 2012, 2028, "-2026-06-15s" }, SHIPPED, "2026-02-25",
		"added 15 June 2026 (Scotland)", "" },
	{ "one that the authority has from the proclamation, while GOV.UK lags, stays", SHIPPED,
		{ 2012, 2028, "-2026-06-15s" }, { 2012, 2028, "-2026-06-15s" }, "2026-02-16", "",
		"" },
	{ "Scotland's summer day 2027 is corrected", { 2012, 2028, "-2027-08-02s +2027-08-30s" },
		{ 2019, 2028, "-2027-08-02s +2027-08-30s" }, { 2019, 2028, "" }, "2025-01-09",
		"added 2 August 2027 (Scotland); dropped 30 August 2027 (Scotland)", "" },
	{ "the same at the first answer ever", { 2012, 2028, "-2027-08-02s +2027-08-30s" }, NEVER,
		{ 2019, 2028, "" }, "2026-11-25",
		"added 2 August 2027 (Scotland); dropped 30 August 2027 (Scotland)", "" },
	{ "GOV.UK loses 2019 to 2023, as in August 2025", SHIPPED, { 2019, 2027, "" },
		{ 2024, 2027, "" }, "2025-08-07", "",
		"it no longer has the days of 2019 to 2023 for all parts of the UK" },
	{ "the same at the first answer ever", SHIPPED, NEVER, { 2024, 2028, "" }, "2026-11-25", "",
		"it no longer has the days of 2019 to 2023 for all parts of the UK" },
	{ "that loss was accepted: it is none again", SHIPPED, { 2024, 2028, "" },
		{ 2024, 2028, "" }, "2026-11-25", "", "" },
	{ "the years come back, as in January 2026", SHIPPED, { 2024, 2028, "" },
		{ 2019, 2028, "" }, "2026-11-25", "", "" },
	{ "a year that was lost comes back with a day moved: the old one goes",
		{ 2012, 2028, "-2027-08-02s +2027-08-30s" }, { 2019, 2026, "" }, { 2019, 2028, "" },
		"2026-11-25", "added 2 August 2027 (Scotland); dropped 30 August 2027 (Scotland)",
		"" },
	{ "one comes back without a day that is past: for an officer", SHIPPED, { 2024, 2028, "" },
		{ 2019, 2028, "-2020-05-08n" }, "2026-11-25",
		"dropped 8 May 2020 (Northern Ireland)",
		"it drops Friday 8 May 2020 (Northern Ireland), which has come already" },
	{ "a year ahead is lost, and only for one division", SHIPPED, SHIPPED,
		{ 2012, 2028,
			"-2028-01-03s -2028-01-04s -2028-04-14s -2028-05-01s -2028-05-29s "
			"-2028-08-07s -2028-11-30s -2028-12-25s -2028-12-26s" },
		"2026-11-25", "", "it no longer has the days of 2028 for Scotland" },
	{ "England's year of eight that lacks one counts as lost: no day of it goes", SHIPPED,
		SHIPPED, { 2012, 2028, "-2027-08-30e" }, "2026-11-25", "",
		"it no longer has the days of 2027 for England and Wales" },
	{ "a past day is dropped", SHIPPED, SHIPPED, { 2012, 2028, "-2026-07-13n" }, "2026-11-25",
		"dropped 13 July 2026 (Northern Ireland)",
		"it drops Monday 13 July 2026 (Northern Ireland), which has come already" },
	{ "a past day is added", { 2012, 2028, "-2026-06-15s" }, { 2012, 2028, "-2026-06-15s" },
		SHIPPED, "2026-11-25", "added 15 June 2026 (Scotland)",
		"it adds Monday 15 June 2026 (Scotland), which has come already" },
	{ "today is dropped", SHIPPED, SHIPPED, { 2012, 2028, "-2026-11-30s" }, "2026-11-30",
		"dropped 30 November 2026 (Scotland)",
		"it drops Monday 30 November 2026 (Scotland), which has come already" },
	{ "the fourteenth day from today is near", SHIPPED, SHIPPED, { 2012, 2028, "-2026-11-30s" },
		"2026-11-16", "dropped 30 November 2026 (Scotland)",
		"it drops Monday 30 November 2026 (Scotland), which is within 14 days" },
	{ "the fifteenth is not", SHIPPED, SHIPPED, { 2012, 2028, "-2026-11-30s" }, "2026-11-15",
		"dropped 30 November 2026 (Scotland)", "" },
	{ "a day is moved away from near", SHIPPED, SHIPPED,
		{ 2012, 2028, "-2026-11-30s +2027-02-01s" }, "2026-11-25",
		"added 1 February 2027 (Scotland); dropped 30 November 2026 (Scotland)",
		"it drops Monday 30 November 2026 (Scotland), which is within 14 days" },
	{ "a day is moved to near", SHIPPED, SHIPPED, { 2012, 2028, "-2027-11-30s +2026-12-01s" },
		"2026-11-25",
		"added 1 December 2026 (Scotland); dropped 30 November 2027 (Scotland)",
		"it adds Tuesday 1 December 2026 (Scotland), which is within 14 days" },
	{ "all of it at once", SHIPPED, { 2019, 2028, "" },
		{ 2024, 2028, "-2026-11-30s +2026-12-02en" }, "2026-11-25",
		"added 2 December 2026 (England and Wales, Northern Ireland); "
		"dropped 30 November 2026 (Scotland)",
		"it no longer has the days of 2019 to 2023 for all parts of the UK\n"
		"it drops Monday 30 November 2026 (Scotland), which is within 14 days\n"
		"it adds Wednesday 2 December 2026 (England and Wales, Northern Ireland), which is "
		"within 14 days" },
	{ "days of a year far ahead are more than a year ever had", { 2012, 2028, CROWD },
		{ 2012, 2028, CROWD }, { 2012, 2028, CROWD "+2027-10-15n" }, "2026-11-25",
		"added 15 October 2027 (Northern Ireland)",
		"it has more days than any year ever had in 2027 for Northern Ireland" },
	{ "as many as may be", { 2012, 2028, "" }, { 2012, 2028, "" }, { 2012, 2028, CROWD },
		"2026-11-25", NULL, "" },
	{ "that so many are there was accepted: what goes, and other years, are no news of it",
		{ 2012, 2028, CROWD "+2027-10-15n +2027-10-18n" },
		{ 2012, 2028, CROWD "+2027-10-15n +2027-10-18n" },
		{ 2012, 2028, CROWD "+2027-10-15n +2028-06-06n" }, "2026-11-25",
		"added 6 June 2028 (Northern Ireland); "
		"dropped 18 October 2027 (Northern Ireland)",
		"" },
	{ "a year that was not known, with too many", { 2012, 2026, "" }, { 2012, 2026, "" },
		{ 2012, 2027, CROWD "+2027-10-15n" }, "2026-11-25", NULL,
		"it has more days than any year ever had in 2027 for Northern Ireland" },
	{ "one proclaimed day of an unknown year is known before the year is", SHIPPED, SHIPPED,
		{ 2012, 2028, "+2029-06-04esn" }, "2026-11-25",
		"added 4 June 2029 (all parts of the UK)", "" },
};

static void check_row(size_t i)
{
	CLEANUP(calendar_freep)
	struct calendar *now = edit(rows[i].now.from, rows[i].now.to, rows[i].now.edits);
	CLEANUP(calendar_freep)
	struct calendar *last = edit(rows[i].last.from, rows[i].last.to, rows[i].last.edits);
	CLEANUP(calendar_freep)
	struct calendar *feed = edit(rows[i].feed.from, rows[i].feed.to, rows[i].feed.edits);
	CLEANUP(calendar_change_freep) struct calendar_change *c = NULL;
	const struct calendar_change_input in = { .now = now,
		.last = rows[i].last.to ? last : NULL,
		.feed = feed,
		.today = day(rows[i].today) };
	char buf[CALENDAR_CHANGE_TEXT_MAX];

	print_message("%s\n", rows[i].name);
	assert_int_equal(calendar_change_find(&in, &c), 0);
	if (rows[i].what)
		assert_string_equal(calendar_change_what(c, buf), rows[i].what);
	assert_string_equal(calendar_change_why(c, buf), rows[i].why);
	assert_int_equal(calendar_change_needs_officer(c), *rows[i].why != '\0');
}

static void finds_what_changes(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(i);
}

static void applies_it_and_loses_no_year(void **state)
{
	CLEANUP(calendar_freep) struct calendar *last = edit(2019, 2028, "");
	CLEANUP(calendar_freep)
	struct calendar *feed = edit(2024, 2028, "-2027-11-30s +2027-12-01s");
	CLEANUP(calendar_freep)
	struct calendar *expected = edit(2012, 2028, "-2027-11-30s +2027-12-01s");
	CLEANUP(calendar_freep) struct calendar *next = NULL;
	CLEANUP(calendar_change_freep) struct calendar_change *c = NULL;
	const struct calendar_change_input in = {
		.now = shipped, .last = last, .feed = feed, .today = day("2026-11-25")
	};
	char hash[DIGEST_HEX_MAX];
	char other[DIGEST_HEX_MAX];

	(void) state;
	assert_int_equal(calendar_change_find(&in, &c), 0);
	assert_int_equal(calendar_change_count(c), 2);
	assert_true(calendar_change_at(c, 0).is_removed);
	assert_string_equal(calendar_change_at(c, 1).title, "A day");
	assert_int_equal(calendar_change_apply(shipped, c, &next, NULL), 0);
	assert_int_equal(calendar_hash(next, hash), 0);
	assert_int_equal(calendar_hash(expected, other), 0);
	assert_string_equal(hash, other);
}

static void files_that_changed_are_compared_whole(void **state)
{
	CLEANUP(calendar_freep)
	struct calendar *next = edit(2013, 2028, "-2026-06-15s +2026-11-26esn");
	CLEANUP(calendar_change_freep) struct calendar_change *c = NULL;
	char buf[CALENDAR_CHANGE_TEXT_MAX];

	(void) state;
	assert_int_equal(calendar_change_between(shipped, next, &c), 0);
	assert_false(calendar_change_needs_officer(c));
	assert_int_equal(calendar_change_count(c), 3 + 1 + 9 + 10 + 11);
	assert_non_null(strstr(calendar_change_what(c, buf),
		"added 26 November 2026 (all parts of the UK); dropped 2 January 2012 ("));
	assert_string_equal(calendar_change_why(c, buf), "");
}

static void a_long_text_is_cut_after_a_whole_day(void **state)
{
	CLEANUP(calendar_freep) struct calendar *none = edit(0, 0, "");
	CLEANUP(calendar_change_freep) struct calendar_change *c = NULL;
	char buf[CALENDAR_CHANGE_TEXT_MAX];
	const char *end;

	(void) state;
	assert_int_equal(calendar_change_between(none, shipped, &c), 0);
	(void) calendar_change_what(c, buf);
	assert_in_range(strlen(buf), CALENDAR_CHANGE_TEXT_MAX - 120, CALENDAR_CHANGE_TEXT_MAX - 1);
	end = strstr(buf, "), and ");
	assert_non_null(end);
	assert_string_equal(buf + strlen(buf) - 5, " more");
}

static int load(void **state)
{
	struct fault f = { 0 };

	(void) state;
	if (calendar_new(&shipped) < 0)
		return -1;
	return holidays_load(FOIMAILD_CONF "/bank-holidays.json", shipped, &f);
}

static int unload(void **state)
{
	(void) state;
	shipped = calendar_free(shipped);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_changes),
		cmocka_unit_test(applies_it_and_loses_no_year),
		cmocka_unit_test(files_that_changed_are_compared_whole),
		cmocka_unit_test(a_long_text_is_cut_after_a_whole_day),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
