/* test_statute_every_day.c - every receipt from 2012 to 2028 against a counter of another make.
 *
 * The slow counter shares nothing with ours: it picks the dates out of the file's text by hand,
 * steps and finds weekdays with the C library, and asks a flat table. It knows no day behind the
 * table: a span that ends there must be provisional. */
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
	BEHIND = 0, /* what the slow counter returns when it comes to the end of the table */
	DAYS = YEARS * 365 + 5, /* of the table; five of its years are leap years */
	NOON = 43200,		/* no clock change of any zone comes near the date */
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

static time_t first_noon(void)
{
	struct tm first = { .tm_year = YEAR_FIRST - 1900, .tm_mday = 1, .tm_hour = 12 };

	return timegm(&first);
}

static bool is_behind(time_t noon)
{
	return noon >= first_noon() + (time_t) DAYS * DAY;
}

/* Whether a fee takes the day out, by the seconds of its noon. */
static bool is_slow_paused(const struct statute_clock *in, time_t noon)
{
	for (size_t i = 0; i < in->n_pauses; i++) {
		time_t notice = (time_t) in->pauses[i].notice.n * DAY + NOON;
		time_t paid = (time_t) in->pauses[i].paid.n * DAY + NOON;

		if (in->fee == STATUTE_FEE_ENDS && noon >= notice && noon <= paid)
			return true;
		if (in->fee == STATUTE_FEE_BETWEEN && noon > notice && noon < paid)
			return true;
	}
	return false;
}

static time_t slow_days(const struct statute_clock *in, time_t noon, int column, unsigned days)
{
	bool is_code = in->rule == STATUTE_RULE_S45CODE;

	while (is_code && !is_behind(noon) && !is_slow_working(noon, column))
		noon += DAY;
	while (days > 0) {
		noon += DAY;
		if (is_behind(noon))
			return BEHIND;
		if (is_slow_working(noon, column) && !is_slow_paused(in, noon))
			days--;
	}
	return noon;
}

/* Subject access: timegm() carries 31 February over into March, which tells a month too short. */
static time_t slow_months(time_t noon, int months)
{
	struct tm tm, carried;

	assert_non_null(gmtime_r(&noon, &tm));
	tm.tm_mon += months;
	do {
		carried = tm;
		noon = timegm(&carried);
		tm.tm_mday--;
	} while (carried.tm_mon != tm.tm_mon % 12);
	while (!is_behind(noon) && !is_slow_working(noon, ANYWHERE))
		noon += DAY;
	return is_behind(noon) ? BEHIND : noon;
}

/* Return: whether the span ends within the table. */
static bool check_due(const struct statute_clock *in, const struct deadline *d, time_t wanted)
{
	time_t end = first_noon() + (time_t) DAYS * DAY;
	char received[DAY_ISO_MAX];
	char due[DAY_ISO_MAX];

	(void) day_iso(in->received, received);
	if (d->provisional != (wanted == BEHIND))
		fail_msg("received %s: provisional %d", received, d->provisional);
	if (wanted == BEHIND)
		assert_true((time_t) d->due.n * DAY + NOON >= end);
	else if (d->due.n != wanted / DAY)
		fail_msg("received %s: %s, expected %lld", received, day_iso(d->due, due),
			(long long) (wanted / DAY));
	return wanted != BEHIND;
}

/* Every day that is said not to count is one that does not. */
static void check_excluded(const struct statute_clock *in, const struct deadline *d, int column)
{
	for (size_t i = 0; i < d->n_excluded; i++) {
		time_t noon = (time_t) d->excluded[i].day.n * DAY + NOON;

		assert_true(is_behind(noon) || !is_slow_working(noon, column) ||
			    is_slow_paused(in, noon));
	}
}

static bool check_day(const struct statute_clock *in, time_t noon, int column)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	time_t wanted;

	assert_int_equal(statute_deadline(in, calendar, &d, NULL), 0);
	wanted = d.months > 0 ? slow_months(noon, (int) d.months)
			      : slow_days(in, noon, column, d.working_days);
	check_excluded(in, &d, column);
	assert_int_equal(statute_is_working_day(in->regime, calendar, in->received),
		is_slow_working(noon, column));
	if (!check_due(in, &d, wanted))
		return false;
	if (d.months == 0 && in->n_pauses == 0)
		assert_int_equal(
			statute_working_days_between(in->regime, calendar, d.counted_from, d.due),
			d.working_days);
	return true;
}

/* Asks for each day of the table. @make changes the clock of each; NULL: nothing is changed. */
static void check_every_day(
	struct statute_clock in, void (*make)(struct statute_clock *in, struct statute_pause *p))
{
	int column = in.regime == STATUTE_FOISA ? SCOTLAND : ANYWHERE;
	int within = 0;

	for (int i = 0; i < DAYS; i++) {
		time_t noon = first_noon() + (time_t) i * DAY;
		struct statute_pause pauses[2];
		struct statute_clock one = in;

		one.received = (struct day){ (int32_t) (noon / DAY) };
		if (make)
			make(&one, pauses);
		within += check_day(&one, noon, column);
	}
	/* At least the last day of the table has its last day behind it; few others do. */
	assert_in_range(within, DAYS - 180, DAYS - 1);
}

static void requests_by_the_statute(void **state)
{
	(void) state;
	for (unsigned regime = 0; regime < STATUTE_REGIME_COUNT; regime++)
		check_every_day(
			(struct statute_clock){ .regime = (enum statute_regime) regime }, NULL);
}

static void requests_by_the_code(void **state)
{
	(void) state;
	for (unsigned regime = 0; regime <= STATUTE_FOISA; regime++)
		check_every_day((struct statute_clock){ .regime = (enum statute_regime) regime,
					.rule = STATUTE_RULE_S45CODE },
			NULL);
}

static void reviews_and_extensions(void **state)
{
	(void) state;
	for (unsigned regime = 0; regime <= STATUTE_FOISA; regime++) {
		struct statute_clock in = { .regime = (enum statute_regime) regime };

		in.working_days = statute_of(in.regime)->review_days_max;
		check_every_day(in, NULL);
		in.working_days = 1;
		check_every_day(in, NULL);
	}
}

static void subject_access_that_is_extended(void **state)
{
	(void) state;
	check_every_day((struct statute_clock){ .regime = STATUTE_SAR, .months = 3 }, NULL);
}

/* A number below @below that looks random and is the same in each run. */
static int32_t scatter(struct day d, uint32_t salt, uint32_t below)
{
	uint32_t x = ((uint32_t) d.n + salt * 7919U) * 2654435761U;

	x ^= x >> 15;
	x *= 2246822519U;
	return (int32_t) ((x >> 8) % below);
}

/* One fees notice, or two, somewhere in the span: on the day of receipt too, paid on the same day
 * too, and now and then so late that it changes nothing. */
static void put_fees(struct statute_clock *in, struct statute_pause *p)
{
	p[0].notice = day_add(in->received, scatter(in->received, 1, 35));
	p[0].paid = day_add(p[0].notice, scatter(in->received, 2, 45));
	p[1].notice = day_add(p[0].paid, scatter(in->received, 3, 12));
	p[1].paid = day_add(p[1].notice, scatter(in->received, 4, 20));
	in->pauses = p;
	in->n_pauses = 1 + (size_t) scatter(in->received, 5, 2);
}

static void fees_that_take_days_out(void **state)
{
	static const enum statute_fee fees[] = { STATUTE_FEE_ENDS, STATUTE_FEE_BETWEEN };

	(void) state;
	for (unsigned regime = 0; regime <= STATUTE_FOISA; regime++)
		for (size_t i = 0; i < 4; i++)
			check_every_day(
				(struct statute_clock){ .regime = (enum statute_regime) regime,
					.rule = i < 2 ? STATUTE_RULE_STATUTE : STATUTE_RULE_S45CODE,
					.fee = fees[i % 2] },
				put_fees);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_by_the_statute),
		cmocka_unit_test(requests_by_the_code),
		cmocka_unit_test(reviews_and_extensions),
		cmocka_unit_test(subject_access_that_is_extended),
		cmocka_unit_test(fees_that_take_days_out),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
