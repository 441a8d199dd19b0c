/* calendar_change.h - what a new answer of GOV.UK's feed would change in the bank holidays in force.
 *
 * Pure: calendars and today's date are arguments. The feed is merged, it never replaces: a year that
 * it does not have keeps its days. Only in a year and division that it covers does a day that is
 * missing mean that it was dropped, and only if the feed had it before, or lacked that year: one that
 * an authority has added from a proclamation, which GOV.UK may publish days later, stays.
 *
 * Most changes are a new year, or a day far ahead, and may count at once. Those that would move last
 * days which people have been told, or that look like a feed cut short, are for an officer to judge.
 *
 * Life: calendar_change_find() or calendar_change_between(), questions, calendar_change_free(). */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_CALENDAR_CHANGE_H
#define DOMAIN_CALENDAR_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/day.h"

struct calendar;
struct calendar_change;
struct fault;

enum {
	CALENDAR_CHANGE_NEAR_DAYS = 14, /* a change so near is for an officer */
	/* Years before this one that a feed which was never taken must have: GOV.UK's go back about
	 * so far, while the file that is shipped goes back further. */
	CALENDAR_CHANGE_YEARS_BACK = 7,
	/* Days of a division in a year, of which none ever had more than 12. */
	CALENDAR_CHANGE_YEAR_DAYS = 15,
	CALENDAR_CHANGE_TEXT_MAX = 1200, /* bytes with the NUL */
};

/* Calendars are borrowed, and must live as long as what was found in them. */
struct calendar_change_input {
	const struct calendar *now;  /* in force */
	const struct calendar *last; /* the feed when it was last taken; NULL: it never was */
	const struct calendar *feed;
	struct day today;
};

/* One day of one division that comes or goes. */
struct calendar_change_day {
	struct day day;
	unsigned division; /* one bit */
	const char *title; /* borrowed from the calendar it stands in */
	bool is_removed;
	bool is_grave; /* for an officer: it is past, or near */
	bool is_past;
};

/**
 * calendar_change_find - what is different, and whether it may count by itself.
 *
 * For an officer are: a year of a division that the feed had (or, if it was never taken, one of
 * this and the last CALENDAR_CHANGE_YEARS_BACK years or a later one that is in force) and has no
 * longer; one of which it adds a day and then has more than CALENDAR_CHANGE_YEAR_DAYS: each makes
 * last days later than they are; and a day that is dropped or added, up to CALENDAR_CHANGE_NEAR_DAYS after today. A day
 * that is only added makes last days later, so it costs nobody a day to wait for the officer. A year
 * that was not known is learned whole and else needs nobody.
 *
 * Law: FOI 2000 s.10(6): which days are bank holidays decides every last day.
 * Return: 0; -ENOMEM.
 */
int calendar_change_find(const struct calendar_change_input *in, struct calendar_change **ret);

/* All that @next has beside @now or lacks of it; nothing of it is for an officer: it is how the
 * configured files have changed. Return: 0; -ENOMEM. */
int calendar_change_between(
	const struct calendar *now, const struct calendar *next, struct calendar_change **ret);
struct calendar_change *calendar_change_free(struct calendar_change *c); /* returns NULL */
void calendar_change_freep(struct calendar_change **c);

bool calendar_change_needs_officer(const struct calendar_change *c);

/* Days that come or go, sorted by day, then division. */
size_t calendar_change_count(const struct calendar_change *c);
struct calendar_change_day calendar_change_at(const struct calendar_change *c, size_t place);

/* @now with the change made to it. Return: 0; -E2BIG; -ENOMEM. */
int calendar_change_apply(const struct calendar *now, const struct calendar_change *c,
	struct calendar **ret, struct fault *f);

/* "added 2 August 2027 (Scotland); dropped 30 August 2027 (Scotland)"; "" for no change. Cut after
 * whole days, with the number of those left out. Return: @buf. */
char *calendar_change_what(
	const struct calendar_change *c, char buf[static CALENDAR_CHANGE_TEXT_MAX]);

/* Why an officer must judge: a sentence a line, without full stops; "" when none must. Cut as above.
 * Return: @buf. */
char *calendar_change_why(
	const struct calendar_change *c, char buf[static CALENDAR_CHANGE_TEXT_MAX]);

#endif
