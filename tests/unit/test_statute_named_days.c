/* test_statute_named_days.c - leap days, days proclaimed once, nights on which the clocks change, and
 * the end of the calendar. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "domain/receipt.h"
#include "domain/statute.h"
#include "tests/support/shipped_calendar.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct expected {
	const char *why;
	enum statute_regime regime;
	const char *received;
	unsigned days; /* 0: the regime's */
	const char *due;
	bool is_provisional;
};

static void expect(const struct expected *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct statute_clock in = { .regime = rows[i].regime,
			.working_days = rows[i].days,
			.received = day(rows[i].received) };
		CLEANUP(deadline_done) struct deadline d = { 0 };
		char iso[DAY_ISO_MAX];

		assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
		if (strcmp(day_iso(d.due, iso), rows[i].due) != 0)
			fail_msg("%s: %s, expected %s", rows[i].why, iso, rows[i].due);
		if (d.provisional != rows[i].is_provisional)
			fail_msg("%s: provisional %d", rows[i].why, d.provisional);
	}
}

/* ---- leap days ------------------------------------------------------------------------------- */

static void leap_days(void **state)
{
	static const struct expected rows[] = {
		{ "received on 29 February 2016", STATUTE_FOIA, "2016-02-29", 0, "2016-03-31", 0 },
		{ "due on it", STATUTE_FOIA, "2016-02-01", 0, "2016-02-29", 0 },
		{ "counted as a day of its own", STATUTE_FOIA, "2016-02-15", 0, "2016-03-14", 0 },
		{ "a year before there was none", STATUTE_FOIA, "2015-02-15", 0, "2015-03-13", 0 },
		{ "in Scotland", STATUTE_FOISA, "2016-02-29", 0, "2016-03-29", 0 },
		{ "subject access of that day", STATUTE_SAR, "2016-02-29", 0, "2016-03-29", 0 },
		{ "subject access due on it", STATUTE_SAR, "2016-01-31", 0, "2016-02-29", 0 },

		{ "29 February 2020 was a Saturday", STATUTE_FOIA, "2020-02-29", 0, "2020-03-30",
			0 },
		{ "and took nothing from the count", STATUTE_FOIA, "2020-02-28", 1, "2020-03-02",
			0 },
		{ "in Scotland", STATUTE_FOISA, "2020-02-29", 0, "2020-03-27", 0 },
		{ "subject access rolls off it", STATUTE_SAR, "2020-01-29", 0, "2020-03-02", 0 },
		{ "subject access of that day rolls off a Sunday", STATUTE_SAR, "2020-02-29", 0,
			"2020-03-30", 0 },

		{ "received on 29 February 2024", STATUTE_FOIA, "2024-02-29", 0, "2024-04-02", 0 },
		{ "due on it", STATUTE_FOIA, "2024-02-01", 0, "2024-02-29", 0 },
		{ "in Scotland", STATUTE_FOISA, "2024-02-29", 0, "2024-03-28", 0 },
		{ "subject access of that day rolls over Easter", STATUTE_SAR, "2024-02-29", 0,
			"2024-04-02", 0 },

		{ "received on 29 February 2028", STATUTE_FOIA, "2028-02-29", 0, "2028-03-29", 0 },
		{ "due on it", STATUTE_FOIA, "2028-02-01", 0, "2028-02-29", 0 },
		{ "in Scotland", STATUTE_FOISA, "2028-02-29", 0, "2028-03-28", 0 },
		{ "subject access due on it", STATUTE_SAR, "2028-01-31", 0, "2028-02-29", 0 },
	};

	(void) state;
	expect(rows, COUNT(rows));
}

/* ---- days that were proclaimed once ---------------------------------------------------------- */

/* The day stops the clocks of the laws whose divisions keep it, and stands in the list of those that
 * did not count under the title that GOV.UK gave it. */
static void expect_proclaimed(const char *iso, unsigned divisions, const char *title)
{
	for (unsigned regime = 0; regime <= STATUTE_FOISA; regime++) {
		struct statute_clock in = { .regime = (enum statute_regime) regime,
			.received = day_add(day(iso), -3) };
		const struct statute *law = statute_of(in.regime);
		CLEANUP(deadline_done) struct deadline d = { 0 };
		bool is_listed = false;

		assert_int_equal(statute_is_working_day(in.regime, calendar, day(iso)),
			(law->divisions & divisions) == 0);
		assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
		for (size_t i = 0; i < d.n_excluded; i++) {
			if (day_compare(d.excluded[i].day, day(iso)) != 0)
				continue;
			is_listed = true;
			assert_string_equal(d.excluded[i].why, title);
			assert_int_equal(d.excluded[i].divisions, law->divisions & divisions);
		}
		assert_true(is_listed);
	}
}

static void victory_day_on_8_may_2020(void **state)
{
	static const struct expected rows[] = {
		{ "8 May 2020 is jumped over", STATUTE_FOIA, "2020-05-07", 1, "2020-05-11", 0 },
		{ "in Scotland, which said so a year later", STATUTE_FOISA, "2020-05-07", 1,
			"2020-05-11", 0 },
		{ "4 May 2020, from which it was moved, counts", STATUTE_FOIA, "2020-05-01", 1,
			"2020-05-04", 0 },
		{ "there too", STATUTE_FOISA, "2020-05-01", 1, "2020-05-04", 0 },
		{ "a request around it", STATUTE_FOIA, "2020-05-01", 0, "2020-06-02", 0 },
	};

	(void) state;
	expect_proclaimed("2020-05-08", CALENDAR_UK, "Early May bank holiday (VE day)");
	expect(rows, COUNT(rows));
}

static void jubilee_on_2_and_3_june_2022(void **state)
{
	static const struct expected rows[] = {
		{ "both are jumped over", STATUTE_FOIA, "2022-06-01", 1, "2022-06-06", 0 },
		{ "from the first", STATUTE_FOIA, "2022-06-02", 1, "2022-06-06", 0 },
		{ "in Scotland", STATUTE_FOISA, "2022-06-01", 1, "2022-06-06", 0 },
		{ "30 May 2022, from which the spring holiday was moved, counts", STATUTE_FOIA,
			"2022-05-27", 1, "2022-05-30", 0 },
		{ "a request around them", STATUTE_FOIA, "2022-05-26", 0, "2022-06-27", 0 },
	};

	(void) state;
	expect_proclaimed("2022-06-02", CALENDAR_UK, "Spring bank holiday");
	expect_proclaimed("2022-06-03", CALENDAR_UK, "Platinum Jubilee bank holiday");
	expect(rows, COUNT(rows));
}

static void funeral_on_19_september_2022(void **state)
{
	static const struct expected rows[] = {
		{ "it is jumped over", STATUTE_FOIA, "2022-09-18", 1, "2022-09-20", 0 },
		{ "in Scotland", STATUTE_FOISA, "2022-09-18", 1, "2022-09-20", 0 },
		{ "a request around it", STATUTE_FOIA, "2022-09-12", 0, "2022-10-11", 0 },
	};

	(void) state;
	expect_proclaimed("2022-09-19", CALENDAR_UK,
		"Bank Holiday for the State Funeral of Queen Elizabeth II");
	expect(rows, COUNT(rows));
}

static void coronation_on_8_may_2023(void **state)
{
	static const struct expected rows[] = {
		{ "it is jumped over", STATUTE_FOIA, "2023-05-07", 1, "2023-05-09", 0 },
		{ "in Scotland", STATUTE_FOISA, "2023-05-07", 1, "2023-05-09", 0 },
		{ "a request around it", STATUTE_FOIA, "2023-05-01", 0, "2023-05-31", 0 },
	};

	(void) state;
	expect_proclaimed(
		"2023-05-08", CALENDAR_UK, "Bank holiday for the coronation of King Charles III");
	expect(rows, COUNT(rows));
}

static void scotland_on_15_june_2026(void **state)
{
	static const struct expected rows[] = {
		{ "it is jumped over by an English body too", STATUTE_FOIA, "2026-06-14", 1,
			"2026-06-16", 0 },
		{ "by a Scottish one", STATUTE_FOISA, "2026-06-14", 1, "2026-06-16", 0 },
		{ "a request around it", STATUTE_EIR, "2026-06-08", 0, "2026-07-07", 0 },
		{ "subject access rolls off it", STATUTE_SAR, "2026-05-15", 0, "2026-06-16", 0 },
	};

	(void) state;
	expect_proclaimed("2026-06-15", CALENDAR_SCOTLAND, "World Cup bank holiday");
	expect(rows, COUNT(rows));
}

/* ---- instants -------------------------------------------------------------------------------- */

static int64_t utc(int year, int month, int mday, int hour, int minute, int second)
{
	struct tm tm = { .tm_year = year - 1900,
		.tm_mon = month - 1,
		.tm_mday = mday,
		.tm_hour = hour,
		.tm_min = minute,
		.tm_sec = second };

	return timegm(&tm);
}

/* The last Sunday of March or October, which has 31 days. */
static int last_sunday(int year, int month)
{
	time_t last = utc(year, month, 31, 12, 0, 0);
	struct tm tm;

	assert_non_null(gmtime_r(&last, &tm));
	return 31 - tm.tm_wday;
}

/* @offset_sec from midnight UTC at the beginning of that Sunday; @later: days from it. */
struct around {
	const char *why;
	int64_t offset_sec;
	int32_t later;
};

enum {
	HOUR = 3600,
	DAY = 24 * HOUR,
};

static void expect_around(int month, const struct around *rows, size_t n)
{
	for (int year = 2012; year <= 2028; year++) {
		int sunday = last_sunday(year, month);
		int64_t midnight = utc(year, month, sunday, 0, 0, 0);
		struct day d = { 0 };

		assert_int_equal(day_from_civil(year, (unsigned) month, (unsigned) sunday, &d), 0);
		for (size_t i = 0; i < n; i++)
			if (day_of_instant(midnight + rows[i].offset_sec).n != d.n + rows[i].later)
				fail_msg("%d: %s", year, rows[i].why);
	}
}

static void the_night_on_which_the_clocks_go_forward(void **state)
{
	static const struct around rows[] = {
		{ "the last second of Saturday", -1, -1 },
		{ "the first of Sunday: still winter time", 0, 0 },
		{ "the last of winter time", HOUR - 1, 0 },
		{ "the first of summer time", HOUR, 0 },
		{ "the last of Sunday, which has 23 hours", 23 * HOUR - 1, 0 },
		{ "23:00 UTC on Sunday is Monday", 23 * HOUR, 1 },
	};

	(void) state;
	expect_around(3, rows, COUNT(rows));
}

static void the_night_on_which_the_clocks_go_back(void **state)
{
	static const struct around rows[] = {
		{ "the last second of Saturday: still summer time", -HOUR - 1, -1 },
		{ "23:00 UTC on Saturday is Sunday", -HOUR, 0 },
		{ "the last of summer time", HOUR - 1, 0 },
		{ "the first of winter time", HOUR, 0 },
		{ "23:00 UTC on Sunday is Sunday", 23 * HOUR, 0 },
		{ "the last of Sunday, which has 25 hours", DAY - 1, 0 },
		{ "the first of Monday", DAY, 1 },
	};

	(void) state;
	expect_around(10, rows, COUNT(rows));
}

/* Mails whose server took them over at these instants, with their last day. */
static const struct {
	const char *why;
	int month, mday, hour, minute; /* UTC, 2026 */
	const char *received;
	const char *foia;
	const char *foisa;
} mails[] = {
	{ "23:30 UTC on 30 June is 1 July in London", 6, 30, 23, 30, "2026-07-01", "2026-07-30",
		"2026-07-29" },
	{ "22:30 UTC on 30 June is 30 June", 6, 30, 22, 30, "2026-06-30", "2026-07-29",
		"2026-07-28" },
	{ "23:30 UTC on 30 January is 30 January", 1, 30, 23, 30, "2026-01-30", "2026-02-27",
		"2026-02-27" },
	{ "Saturday before the clocks go forward", 3, 28, 23, 30, "2026-03-28", "2026-04-28",
		"2026-04-27" },
	{ "half an hour into that Sunday", 3, 29, 0, 30, "2026-03-29", "2026-04-28", "2026-04-27" },
	{ "23:30 UTC on that Sunday is Monday", 3, 29, 23, 30, "2026-03-30", "2026-04-29",
		"2026-04-28" },
	{ "22:30 UTC on the Saturday before they go back", 10, 24, 22, 30, "2026-10-24",
		"2026-11-20", "2026-11-20" },
	{ "23:30 UTC on that Saturday is Sunday", 10, 24, 23, 30, "2026-10-25", "2026-11-20",
		"2026-11-20" },
	{ "23:30 UTC on that Sunday is Sunday", 10, 25, 23, 30, "2026-10-25", "2026-11-20",
		"2026-11-20" },
	{ "half an hour later is Monday", 10, 26, 0, 0, "2026-10-26", "2026-11-23", "2026-11-23" },
};

static void mails_of_these_nights(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(mails); i++) {
		int64_t at =
			utc(2026, mails[i].month, mails[i].mday, mails[i].hour, mails[i].minute, 0);
		struct receipt_evidence e = {
			.internaldate = at, .first_seen = at + 1, .sent = at
		};
		const struct expected rows[] = {
			{ mails[i].why, STATUTE_FOIA, mails[i].received, 0, mails[i].foia, 0 },
			{ mails[i].why, STATUTE_FOISA, mails[i].received, 0, mails[i].foisa, 0 },
		};
		struct receipt receipt;
		char iso[DAY_ISO_MAX];

		print_message("%s\n", mails[i].why);
		receipt_propose(&e, statute_of(STATUTE_FOISA), &receipt);
		assert_string_equal(day_iso(receipt.day, iso), mails[i].received);
		assert_false(receipt.is_disputed);
		expect(rows, COUNT(rows));
	}
}

/* ---- the end of the calendar ----------------------------------------------------------------- */

/* The shipped calendar ends on Sunday 31 December 2028. St Andrew's Day, 30 November, is out. */
static void the_last_covered_day(void **state)
{
	static const struct expected rows[] = {
		{ "due on its last working day", STATUTE_FOIA, "2028-11-28", 0, "2028-12-29", 0 },
		{ "in Scotland", STATUTE_FOISA, "2028-11-28", 0, "2028-12-29", 0 },
		{ "subject access", STATUTE_SAR, "2028-11-29", 0, "2028-12-29", 0 },
		{ "a day of the calendar is left, but no working day", STATUTE_FOIA, "2028-12-29",
			1, "2029-01-01", 1 },
	};

	(void) state;
	expect(rows, COUNT(rows));
}

/* New Year's Day counts here, because nobody has said yet that it does not. */
static void a_deadline_one_past_the_horizon_is_provisional(void **state)
{
	static const struct expected rows[] = {
		{ "FOIA", STATUTE_FOIA, "2028-11-29", 0, "2029-01-01", 1 },
		{ "EIR", STATUTE_EIR, "2028-11-30", 0, "2029-01-01", 1 },
		{ "FOISA", STATUTE_FOISA, "2028-11-29", 0, "2029-01-01", 1 },
		{ "subject access of 30 November ends on a Saturday", STATUTE_SAR, "2028-11-30", 0,
			"2029-01-01", 1 },
	};

	(void) state;
	expect(rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leap_days),
		cmocka_unit_test(victory_day_on_8_may_2020),
		cmocka_unit_test(jubilee_on_2_and_3_june_2022),
		cmocka_unit_test(funeral_on_19_september_2022),
		cmocka_unit_test(coronation_on_8_may_2023),
		cmocka_unit_test(scotland_on_15_june_2026),
		cmocka_unit_test(the_night_on_which_the_clocks_go_forward),
		cmocka_unit_test(the_night_on_which_the_clocks_go_back),
		cmocka_unit_test(mails_of_these_nights),
		cmocka_unit_test(the_last_covered_day),
		cmocka_unit_test(a_deadline_one_past_the_horizon_is_provisional),
	};

	return cmocka_run_group_tests(tests, load_calendar, free_calendar);
}
