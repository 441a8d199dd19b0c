/* test_statute_every_day.c - every receipt from 2012 to 2027 against a counter of another make.
 *
 * The slow counter shares nothing with ours: it picks the dates out of the file's text by hand,
 * steps and finds weekdays with the C library, and asks a flat table. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/statute.h"

enum {
	YEAR_FIRST = 2012,
	YEARS = 17,
	ANYWHERE = 0, /* columns of the table */
	SCOTLAND = 1,
	NOON = 43200, /* no clock change of any zone comes near the date */
	DAY = 86400,
};

static bool holidays[2][YEARS][12][31];
static struct calendar *calendar;

static void note(const char *date, bool is_scottish)
{
	int year = 0, month = 0, mday = 0;

	assert_int_equal(sscanf(date, "%4d-%2d-%2d", &year, &month, &mday), 3);
	assert_in_range(year, YEAR_FIRST, YEAR_FIRST + YEARS - 1);
	holidays[ANYWHERE][year - YEAR_FIRST][month - 1][mday - 1] = true;
	if (is_scottish)
		holidays[SCOTLAND][year - YEAR_FIRST][month - 1][mday - 1] = true;
}

/* Reads the file line by line: the division's name, then its dates. */
static int load(void **state)
{
	FILE *file = fopen(FOIMAILD_CONF "/bank-holidays.json", "re");
	bool is_scottish = false;
	char line[512];
	int dates = 0;

	(void) state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		const char *date = strstr(line, "\"date\": \"");

		if (strstr(line, "\"division\": \""))
			is_scottish = strstr(line, "scotland");
		if (!date)
			continue;
		note(date + strlen("\"date\": \""), is_scottish);
		dates++;
	}
	(void) fclose(file);
	assert_int_equal(dates, 140 + 158 + 174);

	assert_int_equal(calendar_new(&calendar), 0);
	assert_int_equal(holidays_load(FOIMAILD_CONF "/bank-holidays.json", calendar, NULL), 0);
	return 0;
}

static int unload(void **state)
{
	(void) state;
	calendar = calendar_free(calendar);
	return 0;
}

static bool is_slow_working(time_t noon, int column)
{
	struct tm tm;

	assert_non_null(gmtime_r(&noon, &tm));
	if (tm.tm_wday == 0 || tm.tm_wday == 6)
		return false;
	return !holidays[column][tm.tm_year + 1900 - YEAR_FIRST][tm.tm_mon][tm.tm_mday - 1];
}

static time_t slow_deadline(time_t noon, int column, unsigned days, bool is_code)
{
	while (is_code && !is_slow_working(noon, column))
		noon += DAY;
	while (days > 0) {
		noon += DAY;
		if (is_slow_working(noon, column))
			days--;
	}
	return noon;
}

static void check_day(const struct statute_clock *in, time_t noon, int column)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	bool is_code = in->rule == STATUTE_RULE_S45CODE;
	time_t wanted;
	char iso[DAY_ISO_MAX];

	assert_int_equal(statute_deadline(in, calendar, &d, NULL), 0);
	wanted = slow_deadline(noon, column, d.working_days, is_code);
	if (d.due.n != wanted / DAY || d.provisional)
		fail_msg("received %s: %d, expected %lld", day_iso(in->received, iso), d.due.n,
			(long long) (wanted / DAY));
	assert_int_equal(statute_is_working_day(in->regime, calendar, in->received),
		is_slow_working(noon, column));
	assert_int_equal(statute_working_days_between(in->regime, calendar, d.counted_from, d.due),
		d.working_days);
	/* Every weekday of the span was counted or is listed. */
	for (size_t i = 0; i < d.n_excluded; i++)
		assert_false(is_slow_working((time_t) d.excluded[i].day.n * DAY + NOON, column));
}

static void check_every_day(enum statute_regime regime, enum statute_rule rule, unsigned days)
{
	struct tm first = { .tm_year = YEAR_FIRST - 1900, .tm_mday = 1, .tm_hour = 12 };
	struct tm last = { .tm_year = 2028 - 1900, .tm_mday = 1, .tm_hour = 12 };
	int column = regime == STATUTE_FOISA ? SCOTLAND : ANYWHERE;
	int checked = 0;

	for (time_t noon = timegm(&first); noon < timegm(&last); noon += DAY) {
		const struct statute_clock in = { .regime = regime,
			.rule = rule,
			.working_days = days,
			.received = { (int32_t) (noon / DAY) } };

		check_day(&in, noon, column);
		checked++;
	}
	assert_int_equal(checked, 16 * 365 + 4);
}

static void requests_by_the_statute(void **state)
{
	(void) state;
	for (unsigned regime = 0; regime <= STATUTE_FOISA; regime++)
		check_every_day((enum statute_regime) regime, STATUTE_RULE_STATUTE, 0);
}

static void requests_by_the_code(void **state)
{
	(void) state;
	for (unsigned regime = 0; regime <= STATUTE_FOISA; regime++)
		check_every_day((enum statute_regime) regime, STATUTE_RULE_S45CODE, 0);
}

static void reviews_and_extensions(void **state)
{
	(void) state;
	for (unsigned regime = 0; regime <= STATUTE_FOISA; regime++) {
		const struct statute *s = statute_of((enum statute_regime) regime);

		check_every_day(
			(enum statute_regime) regime, STATUTE_RULE_STATUTE, s->review_days_max);
		check_every_day((enum statute_regime) regime, STATUTE_RULE_STATUTE, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_by_the_statute),
		cmocka_unit_test(requests_by_the_code),
		cmocka_unit_test(reviews_and_extensions),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
