/* day.h - civil days of Europe/London, the unit of every statutory clock.
 *
 * A day is no instant: it has no hour and no zone, so no clock change can move it. The only way
 * from an instant (seconds since the epoch, UTC) to a day is day_of_instant(), by the rule of the
 * Summer Time Order 2002 and not by a time zone database, so that the answer is the same on every
 * machine. Nothing here reads the clock. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_DAY_H
#define DOMAIN_DAY_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DAY_ISO_MAX = 11,  /* "2018-06-14" and the NUL */
	DAY_TEXT_MAX = 48, /* the longest day_text_weekday() and the NUL, with room */
	DAY_YEAR_MIN = 1,
	DAY_YEAR_MAX = 9999,
};

/* Days since 1970-01-01, Europe/London civil date. */
struct day {
	int32_t n;
};

struct day_civil {
	int year;	     /* DAY_YEAR_MIN to DAY_YEAR_MAX */
	unsigned month;	     /* 1 to 12 */
	unsigned dayofmonth; /* 1 to 31 */
};

/* An instant as a clock on a wall in London shows it. */
struct day_time {
	struct day day;
	unsigned hour;	 /* 0 to 23 */
	unsigned minute; /* 0 to 59 */
	unsigned second; /* 0 to 59 */
	int offset_sec;	 /* ahead of UTC: 0 or 3600 */
};

enum day_language {
	DAY_ENGLISH,
	DAY_WELSH,
};

/* Numbered as in ISO 8601. */
enum day_weekday {
	DAY_MONDAY = 1,
	DAY_TUESDAY,
	DAY_WEDNESDAY,
	DAY_THURSDAY,
	DAY_FRIDAY,
	DAY_SATURDAY,
	DAY_SUNDAY,
};

/* The day of a proleptic Gregorian date. Return: 0; -EINVAL no such date. */
int day_from_civil(int year, unsigned month, unsigned dayofmonth, struct day *ret);

struct day_civil day_to_civil(struct day d);

/* Days of a month, 28 to 31. @month is 1 to 12. */
unsigned day_month_length(int year, unsigned month);

/**
 * day_parse - a day from "YYYY-MM-DD", that form and nothing around it.
 *
 * Return:   0; -EINVAL another form (also NULL), or no such date.
 * Security: @iso may come from anyone; at most 11 bytes of it are looked at.
 */
int day_parse(const char *iso, struct day *ret);

/* ISO 8601, "2018-06-14". Return: @buf. */
char *day_iso(struct day d, char buf[static DAY_ISO_MAX]);

/* As in a letter: "14 June 2018", "14 Mehefin 2018". Return: @buf. */
char *day_text(struct day d, enum day_language language, char buf[static DAY_TEXT_MAX]);

/* "Thursday 14 June 2018", "Dydd Iau 14 Mehefin 2018". Return: @buf. */
char *day_text_weekday(struct day d, enum day_language language, char buf[static DAY_TEXT_MAX]);

/* "June", "Mehefin". @month is 1 to 12. */
const char *day_month_name(unsigned month, enum day_language language);

/* "Thursday", "Dydd Iau". */
const char *day_weekday_name(enum day_weekday weekday, enum day_language language);

enum day_weekday day_weekday(struct day d);

/* @days may be negative. The result stays between the first day of DAY_YEAR_MIN and the last of
 * DAY_YEAR_MAX. */
struct day day_add(struct day d, int32_t days);

/* The same date @months later, or the last day of that month if it has no such date; held to the
 * same range. */
struct day day_add_months(struct day d, unsigned months);

/* Below, equal to or above 0 as @a is before, the same as or after @b. */
int day_compare(struct day a, struct day b);

/**
 * day_of_instant - the civil date in London at an instant.
 * @instant: seconds since 1970-01-01 00:00 UTC
 *
 * From 1996 on this is the law of the United Kingdom. Before, summer time ended on other days:
 * an instant between 23:00 and 24:00 UTC of an earlier autumn may then fall on the wrong side.
 * Instants outside DAY_YEAR_MIN to DAY_YEAR_MAX give the first or last day of that range.
 *
 * Law: Summer Time Act 1972 s.1 as amended by the Summer Time Order 2002 (SI 2002/262): from
 *      01:00 GMT on the last Sunday in March to 01:00 GMT on the last Sunday in October.
 */
struct day day_of_instant(int64_t instant);

/* As day_of_instant(), with the time of day, for showing to people. */
struct day_time day_london_time(int64_t instant);

/* The instant at which @d begins in London. The clocks change at 01:00 or 02:00, so every day has
 * exactly one midnight. */
int64_t day_start(struct day d);

#endif
