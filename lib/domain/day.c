/* day.c - civil days of Europe/London. */
/* SPDX-License-Identifier: MIT */
#include "domain/day.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	DAY_SECONDS = 86400,
	HOUR_SECONDS = 3600,
	DAYS_TO_1970 = 719162,	 /* from 0001-01-01 */
	FIRST_N = -DAYS_TO_1970, /* 0001-01-01 */
	LAST_N = 2932896,	 /* 9999-12-31 */
	DAYS_IN_400_YEARS = 146097,
	MONTHS = 12,
	WEEK = 7,
	EPOCH_WEEKDAY = DAY_THURSDAY,
};

static const char *const month_names[][MONTHS] = {
	[DAY_ENGLISH] = { "January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" },
	[DAY_WELSH] = { "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf",
		"Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr" },
};

static const char *const weekday_names[][WEEK] = {
	[DAY_ENGLISH] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
		"Sunday" },
	[DAY_WELSH] = { "Dydd Llun", "Dydd Mawrth", "Dydd Mercher", "Dydd Iau", "Dydd Gwener",
		"Dydd Sadwrn", "Dydd Sul" },
};

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since the epoch of 1 January. */
static int32_t new_year(int year)
{
	int32_t past = year - 1;

	return 365 * past + past / 4 - past / 100 + past / 400 - DAYS_TO_1970;
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

unsigned day_month_length(int year, unsigned month)
{
	static const unsigned lengths[MONTHS] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	assert(month >= 1 && month <= MONTHS);
	return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

int day_from_civil(int year, unsigned month, unsigned dayofmonth, struct day *ret)
{
	int32_t n;

	if (year < DAY_YEAR_MIN || year > DAY_YEAR_MAX || month < 1 || month > MONTHS)
		return -EINVAL;
	if (dayofmonth < 1 || dayofmonth > day_month_length(year, month))
		return -EINVAL;

	n = new_year(year) + (int32_t) dayofmonth - 1;
	for (unsigned m = 1; m < month; m++)
		n += (int32_t) day_month_length(year, m);
	ret->n = n;
	return 0;
}

struct day_civil day_to_civil(struct day d)
{
	int32_t n = (int32_t) clamp(d.n, FIRST_N, LAST_N);
	struct day_civil c = { .month = 1 };
	unsigned left;

	/* The mean length of a year gives the year, or a neighbour near a New Year. */
	c.year = (int) ((int64_t) (n + DAYS_TO_1970) * 400 / DAYS_IN_400_YEARS) + 1;
	if (new_year(c.year) > n)
		c.year--;
	else if (new_year(c.year + 1) <= n)
		c.year++;

	left = (unsigned) (n - new_year(c.year));
	while (left >= day_month_length(c.year, c.month))
		left -= day_month_length(c.year, c.month++);
	c.dayofmonth = left + 1;
	return c;
}

/* The number that @n decimal digits at @s make; -1 if they are no digits. */
static int digits(const char *s, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

int day_parse(const char *iso, struct day *ret)
{
	int year, month, dayofmonth;

	if (!iso || strnlen(iso, DAY_ISO_MAX) != DAY_ISO_MAX - 1)
		return -EINVAL;
	if (iso[4] != '-' || iso[7] != '-')
		return -EINVAL;

	year = digits(iso, 4);
	month = digits(iso + 5, 2);
	dayofmonth = digits(iso + 8, 2);
	if (year < 0 || month < 0 || dayofmonth < 0)
		return -EINVAL;
	return day_from_civil(year, (unsigned) month, (unsigned) dayofmonth, ret);
}

char *day_iso(struct day d, char buf[static DAY_ISO_MAX])
{
	struct day_civil c = day_to_civil(d);

	/* The bounds are repeated for the compiler, which cannot see day_to_civil()'s. */
	(void) snprintf(buf, DAY_ISO_MAX, "%04u-%02u-%02u", (unsigned) c.year % 10000,
		c.month % 100, c.dayofmonth % 100);
	return buf;
}

const char *day_month_name(unsigned month, enum day_language language)
{
	assert(month >= 1 && month <= MONTHS);
	return month_names[language][month - 1];
}

const char *day_weekday_name(enum day_weekday weekday, enum day_language language)
{
	assert(weekday >= DAY_MONDAY && weekday <= DAY_SUNDAY);
	return weekday_names[language][weekday - 1];
}

char *day_text(struct day d, enum day_language language, char buf[static DAY_TEXT_MAX])
{
	struct day_civil c = day_to_civil(d);

	(void) snprintf(buf, DAY_TEXT_MAX, "%u %s %d", c.dayofmonth,
		day_month_name(c.month, language), c.year);
	return buf;
}

char *day_text_weekday(struct day d, enum day_language language, char buf[static DAY_TEXT_MAX])
{
	struct day_civil c = day_to_civil(d);

	(void) snprintf(buf, DAY_TEXT_MAX, "%s %u %s %d",
		day_weekday_name(day_weekday(d), language), c.dayofmonth,
		day_month_name(c.month, language), c.year);
	return buf;
}

enum day_weekday day_weekday(struct day d)
{
	int64_t since_monday = ((int64_t) d.n + EPOCH_WEEKDAY - 1) % WEEK;

	return (enum day_weekday)((since_monday + WEEK) % WEEK + 1);
}

struct day day_add(struct day d, int32_t days)
{
	return (struct day){ (int32_t) clamp((int64_t) d.n + days, FIRST_N, LAST_N) };
}

struct day day_add_months(struct day d, unsigned months)
{
	struct day_civil c = day_to_civil(d);
	unsigned month = c.month - 1 + months % 12;
	unsigned length;
	struct day later = d;

	if (months / 12 > DAY_YEAR_MAX)
		months = 12 * DAY_YEAR_MAX; /* held to the last day below */
	c.year += (int) (months / 12 + month / 12);
	c.month = month % 12 + 1;
	if (c.year > DAY_YEAR_MAX)
		return day_add(d, INT32_MAX);
	length = day_month_length(c.year, c.month);
	if (c.dayofmonth > length)
		c.dayofmonth = length;
	(void) day_from_civil(c.year, c.month, c.dayofmonth, &later); /* there is such a date */
	return later;
}

int day_compare(struct day a, struct day b)
{
	return (a.n > b.n) - (a.n < b.n);
}

/* 01:00 UTC on the last Sunday of a month. */
static int64_t clock_change(int year, unsigned month)
{
	struct day last = { 0 };
	int r = day_from_civil(year, month, day_month_length(year, month), &last);

	assert(r == 0);
	(void) r; /* the year comes from day_to_civil() */
	last.n -= (int32_t) day_weekday(last) % WEEK;
	return (int64_t) last.n * DAY_SECONDS + HOUR_SECONDS;
}

static int32_t day_of_seconds(int64_t seconds)
{
	int64_t n = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);

	return (int32_t) clamp(n, FIRST_N, LAST_N);
}

/* Seconds that London is ahead of UTC. Summer Time Act 1972 s.1. */
static int london_offset(int64_t instant)
{
	int year = day_to_civil((struct day){ day_of_seconds(instant) }).year;

	if (instant >= clock_change(year, 3) && instant < clock_change(year, 10))
		return HOUR_SECONDS;
	return 0;
}

struct day_time day_london_time(int64_t instant)
{
	/* Bounded first, so that adding the offset cannot overflow. */
	int64_t bounded = clamp(instant, (int64_t) FIRST_N * DAY_SECONDS,
		(int64_t) LAST_N * DAY_SECONDS + DAY_SECONDS - 1);
	struct day_time t = { .offset_sec = london_offset(bounded) };
	int64_t local = bounded + t.offset_sec;
	unsigned seconds;

	t.day.n = day_of_seconds(local);
	seconds = (unsigned) (local - (int64_t) t.day.n * DAY_SECONDS);
	t.hour = seconds / HOUR_SECONDS;
	t.minute = seconds / 60 % 60;
	t.second = seconds % 60;
	return t;
}

struct day day_of_instant(int64_t instant)
{
	return day_london_time(instant).day;
}

int64_t day_start(struct day d)
{
	int64_t utc_midnight = (int64_t) d.n * DAY_SECONDS;
	int64_t summer_midnight = utc_midnight - HOUR_SECONDS;

	return london_offset(summer_midnight) ? summer_midnight : utc_midnight;
}
