/* test_day.c - civil days of Europe/London. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "domain/day.h"

static struct day day(const char *iso)
{
	struct day d = { 0 };

	assert_int_equal(day_parse(iso, &d), 0);
	return d;
}

/* Seconds since the epoch of a UTC time such as "2018-06-30 23:30:00". */
static int64_t utc(const char *text)
{
	struct tm tm = { 0 };

	assert_non_null(strptime(text, "%Y-%m-%d %H:%M:%S", &tm));
	return timegm(&tm);
}

static void every_day_agrees_with_gmtime(void **state)
{
	(void) state;
	for (int32_t n = -60000; n < 80000; n++) {
		time_t seconds = (time_t) n * 86400;
		struct day_civil c = day_to_civil((struct day){ n });
		struct day back = { 0 };
		struct tm tm;

		assert_non_null(gmtime_r(&seconds, &tm));
		assert_int_equal(c.year, tm.tm_year + 1900);
		assert_int_equal(c.month, tm.tm_mon + 1);
		assert_int_equal(c.dayofmonth, tm.tm_mday);
		assert_int_equal(day_weekday((struct day){ n }), tm.tm_wday ? tm.tm_wday : 7);
		assert_int_equal(day_from_civil(c.year, c.month, c.dayofmonth, &back), 0);
		assert_int_equal(back.n, n);
	}
}

static void the_ends_of_the_range(void **state)
{
	char iso[DAY_ISO_MAX];

	(void) state;
	assert_string_equal(day_iso(day("0001-01-01"), iso), "0001-01-01");
	assert_string_equal(day_iso(day("9999-12-31"), iso), "9999-12-31");
	assert_string_equal(day_iso(day_add(day("9999-12-31"), 1), iso), "9999-12-31");
	assert_string_equal(day_iso(day_add(day("0001-01-01"), INT32_MIN), iso), "0001-01-01");
	assert_string_equal(day_iso((struct day){ INT32_MAX }, iso), "9999-12-31");
	assert_string_equal(day_iso((struct day){ INT32_MIN }, iso), "0001-01-01");
	assert_string_equal(day_iso(day_of_instant(INT64_MIN), iso), "0001-01-01");
	assert_string_equal(day_iso(day_of_instant(INT64_MAX), iso), "9999-12-31");
	assert_in_range(day_weekday((struct day){ INT32_MIN }), DAY_MONDAY, DAY_SUNDAY);
}

static void parse_takes_one_form_only(void **state)
{
	static const struct {
		const char *why;
		const char *text;
		int expected;
	} rows[] = {
		{ "a plain date", "2018-06-14", 0 },
		{ "a leap day", "2028-02-29", 0 },
		{ "a leap day of a century divisible by 400", "2000-02-29", 0 },
		{ "no leap day in 2100", "2100-02-29", -EINVAL },
		{ "no leap day in 2026", "2026-02-29", -EINVAL },
		{ "no 31 June", "2018-06-31", -EINVAL },
		{ "no month 13", "2018-13-01", -EINVAL },
		{ "no month 0", "2018-00-01", -EINVAL },
		{ "no day 0", "2018-06-00", -EINVAL },
		{ "no year 0", "0000-06-14", -EINVAL },
		{ "missing zero", "2018-6-14", -EINVAL },
		{ "missing zero, padded elsewhere", "2018-6-014", -EINVAL },
		{ "space before", " 2018-06-14", -EINVAL },
		{ "space after", "2018-06-14 ", -EINVAL },
		{ "a time after", "2018-06-14T00:00", -EINVAL },
		{ "line end after", "2018-06-14\n", -EINVAL },
		{ "slashes", "2018/06/14", -EINVAL },
		{ "a slash at the second place", "2018-06/14", -EINVAL },
		{ "a sign before the day", "2018-06-+4", -EINVAL },
		{ "a sign before the year", "-018-06-14", -EINVAL },
		{ "a space for a zero", "2018-06- 4", -EINVAL },
		{ "digits of another script", "２０18-06-14", -EINVAL },
		{ "short", "2018-06-1", -EINVAL },
		{ "empty", "", -EINVAL },
		{ "none", NULL, -EINVAL },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct day d = { 4711 };

		if (day_parse(rows[i].text, &d) != rows[i].expected)
			fail_msg("%s", rows[i].why);
		if (rows[i].expected < 0)
			assert_int_equal(d.n, 4711);
	}
}

static void from_civil_leaves_the_result_alone_on_failure(void **state)
{
	struct day d = { 4711 };

	(void) state;
	assert_int_equal(day_from_civil(0, 1, 1, &d), -EINVAL);
	assert_int_equal(day_from_civil(10000, 1, 1, &d), -EINVAL);
	assert_int_equal(day_from_civil(2018, 0, 1, &d), -EINVAL);
	assert_int_equal(day_from_civil(2018, 13, 1, &d), -EINVAL);
	assert_int_equal(day_from_civil(2018, 4, 31, &d), -EINVAL);
	assert_int_equal(day_from_civil(2018, 4, 0, &d), -EINVAL);
	assert_int_equal(d.n, 4711);
}

static void texts_in_both_languages(void **state)
{
	static const struct {
		const char *iso, *english, *welsh;
	} rows[] = {
		{ "2018-01-01", "Monday 1 January 2018", "Dydd Llun 1 Ionawr 2018" },
		{ "2018-02-06", "Tuesday 6 February 2018", "Dydd Mawrth 6 Chwefror 2018" },
		{ "2018-03-07", "Wednesday 7 March 2018", "Dydd Mercher 7 Mawrth 2018" },
		{ "2018-04-05", "Thursday 5 April 2018", "Dydd Iau 5 Ebrill 2018" },
		{ "2018-05-11", "Friday 11 May 2018", "Dydd Gwener 11 Mai 2018" },
		{ "2018-06-16", "Saturday 16 June 2018", "Dydd Sadwrn 16 Mehefin 2018" },
		{ "2018-07-01", "Sunday 1 July 2018", "Dydd Sul 1 Gorffennaf 2018" },
		{ "2018-08-01", "Wednesday 1 August 2018", "Dydd Mercher 1 Awst 2018" },
		{ "2018-09-03", "Monday 3 September 2018", "Dydd Llun 3 Medi 2018" },
		{ "2018-10-04", "Thursday 4 October 2018", "Dydd Iau 4 Hydref 2018" },
		{ "2018-11-05", "Monday 5 November 2018", "Dydd Llun 5 Tachwedd 2018" },
		{ "2018-12-31", "Monday 31 December 2018", "Dydd Llun 31 Rhagfyr 2018" },
	};
	char buf[DAY_TEXT_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct day d = day(rows[i].iso);

		assert_string_equal(day_text_weekday(d, DAY_ENGLISH, buf), rows[i].english);
		assert_string_equal(day_text_weekday(d, DAY_WELSH, buf), rows[i].welsh);
	}
	assert_string_equal(day_text(day("2018-06-14"), DAY_ENGLISH, buf), "14 June 2018");
	assert_string_equal(day_text(day("2018-06-14"), DAY_WELSH, buf), "14 Mehefin 2018");
}

static void order_and_steps(void **state)
{
	char iso[DAY_ISO_MAX];

	(void) state;
	assert_int_equal(day_compare(day("2018-06-14"), day("2018-06-15")), -1);
	assert_int_equal(day_compare(day("2018-06-14"), day("2018-06-14")), 0);
	assert_int_equal(day_compare(day("2019-01-01"), day("2018-12-31")), 1);
	assert_string_equal(day_iso(day_add(day("2028-02-28"), 1), iso), "2028-02-29");
	assert_string_equal(day_iso(day_add(day("2028-03-01"), -1), iso), "2028-02-29");
}

static void london_day_of_an_instant(void **state)
{
	static const struct {
		const char *why, *utc, *iso;
		unsigned hour, minute;
	} rows[] = {
		{ "23:30 UTC on 30 June is already 1 July", "2018-06-30 23:30:00", "2018-07-01", 0,
			30 },
		{ "22:59 UTC on 30 June is still June", "2018-06-30 22:59:59", "2018-06-30", 23,
			59 },
		{ "23:30 UTC in January stays", "2018-01-30 23:30:00", "2018-01-30", 23, 30 },
		{ "night before the spring change", "2018-03-24 23:30:00", "2018-03-24", 23, 30 },
		{ "last second of winter time", "2018-03-25 00:59:59", "2018-03-25", 0, 59 },
		{ "first second of summer time", "2018-03-25 01:00:00", "2018-03-25", 2, 0 },
		{ "evening after the spring change", "2018-03-25 23:00:00", "2018-03-26", 0, 0 },
		{ "night before the autumn change", "2018-10-27 23:00:00", "2018-10-28", 0, 0 },
		{ "last second of summer time", "2018-10-28 00:59:59", "2018-10-28", 1, 59 },
		{ "first second of winter time", "2018-10-28 01:00:00", "2018-10-28", 1, 0 },
		{ "evening after the autumn change", "2018-10-28 23:59:59", "2018-10-28", 23, 59 },
		{ "the last day of March is its last Sunday", "2024-03-31 01:00:00", "2024-03-31",
			2, 0 },
		{ "the last day of October is its last Sunday", "2027-10-31 00:30:00", "2027-10-31",
			1, 30 },
		{ "New Year's Eve", "2025-12-31 23:59:59", "2025-12-31", 23, 59 },
		{ "before the epoch", "1969-01-31 23:59:59", "1969-01-31", 23, 59 },
	};
	char iso[DAY_ISO_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t instant = utc(rows[i].utc);
		struct day_time t = day_london_time(instant);

		if (strcmp(day_iso(t.day, iso), rows[i].iso) != 0 || t.hour != rows[i].hour ||
			t.minute != rows[i].minute)
			fail_msg("%s: %s %u:%u", rows[i].why, iso, t.hour, t.minute);
		assert_int_equal(day_of_instant(instant).n, t.day.n);
	}
}

/* The C library's reading of the same rule, given as a POSIX TZ text: it needs no database. */
static void every_half_hour_agrees_with_localtime(void **state)
{
	int64_t end = utc("2040-01-01 00:00:00");

	(void) state;
	assert_int_equal(setenv("TZ", "GMT0BST,M3.5.0/1,M10.5.0/2", 1), 0);
	tzset();
	for (int64_t at = utc("1996-01-01 00:00:00"); at < end; at += 1799) {
		struct day_time t = day_london_time(at);
		struct day_civil c = day_to_civil(t.day);
		char ours[64], theirs[64];
		time_t seconds = at;
		struct tm tm;

		assert_non_null(localtime_r(&seconds, &tm));
		(void) strftime(theirs, sizeof(theirs), "%Y-%m-%d %H:%M:%S", &tm);
		(void) snprintf(ours, sizeof(ours), "%d-%02u-%02u %02u:%02u:%02u", c.year, c.month,
			c.dayofmonth, t.hour, t.minute, t.second);
		assert_string_equal(ours, theirs);
		assert_int_equal(t.offset_sec, tm.tm_gmtoff);
	}
}

static void a_day_starts_at_its_midnight(void **state)
{
	(void) state;
	assert_int_equal(day_start(day("2018-06-14")), utc("2018-06-13 23:00:00"));
	assert_int_equal(day_start(day("2018-01-14")), utc("2018-01-14 00:00:00"));
	assert_int_equal(day_start(day("2018-03-25")), utc("2018-03-25 00:00:00"));
	assert_int_equal(day_start(day("2018-10-28")), utc("2018-10-27 23:00:00"));
	for (struct day d = day("1996-01-01"); d.n < day("2040-01-01").n; d.n++) {
		int64_t start = day_start(d);

		assert_int_equal(day_of_instant(start).n, d.n);
		assert_int_equal(day_of_instant(start - 1).n, d.n - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_agrees_with_gmtime),
		cmocka_unit_test(the_ends_of_the_range),
		cmocka_unit_test(parse_takes_one_form_only),
		cmocka_unit_test(from_civil_leaves_the_result_alone_on_failure),
		cmocka_unit_test(texts_in_both_languages),
		cmocka_unit_test(order_and_steps),
		cmocka_unit_test(london_day_of_an_instant),
		cmocka_unit_test(every_half_hour_agrees_with_localtime),
		cmocka_unit_test(a_day_starts_at_its_midnight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
