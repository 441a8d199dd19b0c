/* calendar_change.c - what a new answer of the feed would change, and what of it is grave. */
/* SPDX-License-Identifier: MIT */
#include "domain/calendar_change.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/calendar.h"
#include "domain/calendar_change_private.h"

static int change_new(size_t days_max, struct calendar_change **ret)
{
	struct calendar_change *c = calloc(1, sizeof *c);

	if (!c)
		return -ENOMEM;
	c->days = calloc(days_max + 1, sizeof *c->days); /* one more: none is no failure */
	if (!c->days) {
		free(c);
		return -ENOMEM;
	}
	*ret = c;
	return 0;
}

struct calendar_change *calendar_change_free(struct calendar_change *c)
{
	if (!c)
		return NULL;
	free(c->days);
	free(c);
	return NULL;
}

void calendar_change_freep(struct calendar_change **c)
{
	*c = calendar_change_free(*c);
}

static bool has(const struct calendar *cal, const struct calendar_entry *e)
{
	return calendar_find(cal, e->division, e->day, NULL) != 0;
}

/* Takes note of @e; @today NULL: it is never grave. */
static void note(struct calendar_change *c, const struct calendar_entry *e, bool is_removed,
	const struct day *today)
{
	struct calendar_change_day *d = &c->days[c->n++];

	*d = (struct calendar_change_day){
		.day = e->day, .division = e->division, .title = e->title, .is_removed = is_removed
	};
	if (!today)
		return;
	d->is_past = day_compare(e->day, *today) <= 0;
	d->is_grave = day_compare(e->day, day_add(*today, CALENDAR_CHANGE_NEAR_DAYS)) <= 0;
	c->needs_officer |= d->is_grave;
}

static void find_added(const struct calendar_change_input *in, struct calendar_change *c)
{
	for (size_t i = 0; i < calendar_count(in->feed); i++) {
		struct calendar_entry e = calendar_at(in->feed, i);
		bool is_known_year = calendar_covers(in->now, e.division, e.day);

		if (!has(in->now, &e))
			note(c, &e, false, is_known_year ? &in->today : NULL);
	}
}

/* Of a year that the last answer lacked, as of one never asked, nobody knows what the feed had. */
static bool may_have_had(const struct calendar *last, const struct calendar_entry *e)
{
	return !last || has(last, e) || !calendar_covers(last, e->division, e->day);
}

static void find_dropped(const struct calendar_change_input *in, struct calendar_change *c)
{
	for (size_t i = 0; i < calendar_count(in->now); i++) {
		struct calendar_entry e = calendar_at(in->now, i);

		if (has(in->feed, &e) || !calendar_covers(in->feed, e.division, e.day))
			continue;
		if (may_have_had(in->last, &e))
			note(c, &e, true, &in->today);
	}
}

/* The first year that the feed is expected to have. */
static int first_year(const struct calendar_change_input *in)
{
	return in->last ? CALENDAR_YEAR_MIN
			: day_to_civil(in->today).year - CALENDAR_CHANGE_YEARS_BACK;
}

static void find_lost(const struct calendar_change_input *in, struct calendar_change *c)
{
	const struct calendar *known = in->last ? in->last : in->now;

	for (int year = CALENDAR_YEAR_MIN; year <= CALENDAR_YEAR_MAX; year++) {
		struct day january = { 0 };

		if (year < first_year(in))
			continue;
		(void) day_from_civil(year, 1, 1, &january); /* there is such a day */
		for (unsigned i = 0; i < CALENDAR_DIVISION_COUNT; i++) {
			unsigned division = 1U << i;

			if (calendar_covers(known, division, january) &&
				!calendar_covers(in->feed, division, january))
				c->lost[year - CALENDAR_YEAR_MIN] |= (unsigned char) division;
		}
		c->needs_officer |= c->lost[year - CALENDAR_YEAR_MIN] != 0;
	}
}

static unsigned days_of_year(const struct calendar *cal, int year, unsigned division)
{
	unsigned n = 0;

	for (size_t i = 0; i < calendar_count(cal); i++) {
		struct calendar_entry e = calendar_at(cal, i);

		n += e.division == division && day_to_civil(e.day).year == year;
	}
	return n;
}

static void find_crowded(const struct calendar_change_input *in, struct calendar_change *c)
{
	unsigned char counted[CALENDAR_YEAR_MAX - CALENDAR_YEAR_MIN + 1] = { 0 };

	for (size_t i = 0; i < c->n; i++) {
		const struct calendar_change_day *d = &c->days[i];
		int year = day_to_civil(d->day).year;
		int place = year - CALENDAR_YEAR_MIN;

		if (d->is_removed || (counted[place] & d->division))
			continue;
		counted[place] |= (unsigned char) d->division;
		if (days_of_year(in->feed, year, d->division) <= CALENDAR_CHANGE_YEAR_DAYS)
			continue;
		c->crowded[place] |= (unsigned char) d->division;
		c->needs_officer = true;
	}
}

static int order(const void *a, const void *b)
{
	const struct calendar_change_day *one = a;
	const struct calendar_change_day *other = b;
	int days = day_compare(one->day, other->day);

	return days ? days : (one->division > other->division) - (one->division < other->division);
}

int calendar_change_find(const struct calendar_change_input *in, struct calendar_change **ret)
{
	int r = change_new(calendar_count(in->now) + calendar_count(in->feed), ret);

	if (r < 0)
		return r;
	find_added(in, *ret);
	find_dropped(in, *ret);
	find_lost(in, *ret);
	find_crowded(in, *ret);
	qsort((*ret)->days, (*ret)->n, sizeof *(*ret)->days, order);
	return 0;
}

static void note_missing(struct calendar_change *c, const struct calendar *from,
	const struct calendar *in, bool is_removed)
{
	for (size_t i = 0; i < calendar_count(from); i++) {
		struct calendar_entry e = calendar_at(from, i);

		if (!has(in, &e))
			note(c, &e, is_removed, NULL);
	}
}

int calendar_change_between(
	const struct calendar *now, const struct calendar *next, struct calendar_change **ret)
{
	int r = change_new(calendar_count(now) + calendar_count(next), ret);

	if (r < 0)
		return r;
	note_missing(*ret, next, now, false);
	note_missing(*ret, now, next, true);
	qsort((*ret)->days, (*ret)->n, sizeof *(*ret)->days, order);
	return 0;
}

bool calendar_change_needs_officer(const struct calendar_change *c)
{
	return c->needs_officer;
}

size_t calendar_change_count(const struct calendar_change *c)
{
	return c->n;
}

struct calendar_change_day calendar_change_at(const struct calendar_change *c, size_t place)
{
	assert(place < c->n);
	return c->days[place];
}

static bool is_dropped(const struct calendar_change *c, const struct calendar_entry *e)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->days[i].is_removed && c->days[i].division == e->division &&
			day_compare(c->days[i].day, e->day) == 0)
			return true;
	return false;
}

int calendar_change_apply(const struct calendar *now, const struct calendar_change *c,
	struct calendar **ret, struct fault *f)
{
	CLEANUP(calendar_freep) struct calendar *next = NULL;
	int r = calendar_new(&next);

	if (r < 0)
		return fault_set(f, r, "no memory for a calendar");
	for (size_t i = 0; r >= 0 && i < calendar_count(now); i++) {
		struct calendar_entry e = calendar_at(now, i);

		if (!is_dropped(c, &e))
			r = calendar_add(next, e.day, e.division, e.title, f);
	}
	for (size_t i = 0; r >= 0 && i < c->n; i++) {
		const struct calendar_change_day *d = &c->days[i];

		if (!d->is_removed)
			r = calendar_add(next, d->day, d->division, d->title, f);
	}
	if (r < 0)
		return r;
	*ret = TAKE_PTR(next);
	return 0;
}
