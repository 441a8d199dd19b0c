/* statute_count.c - the one loop that counts a statutory clock to its last lawful day. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/statute.h"

enum {
	FEE_SPAN_MAX = 366, /* days; FOI 2000 s.9(2) gives three months to pay */
	EXCLUDED_ROOM = 16, /* more than any span without a fee needs */
};

/* A count under way. */
struct count {
	const struct statute *law;
	const struct calendar *cal;
	const struct statute_clock *in;
	struct deadline *result; /* borrowed */
	size_t room;		 /* of result->excluded */
};

static int exclude(struct count *c, struct day day, const char *why, unsigned divisions)
{
	struct deadline *d = c->result;
	struct deadline_excluded *list = d->excluded;

	if (d->n_excluded == c->room) {
		c->room = c->room ? 2 * c->room : EXCLUDED_ROOM;
		list = reallocarray(list, c->room, sizeof(*list));
		if (!list)
			return -ENOMEM;
		d->excluded = list;
	}
	list[d->n_excluded] = (struct deadline_excluded){ .day = day, .divisions = divisions };
	(void) snprintf(list[d->n_excluded].why, STATUTE_WHY_MAX, "%s", why);
	d->n_excluded++;
	return 0;
}

/* FOI 2000 s.10(2): both end days are disregarded. EIR 2004 reg 8: the days between. */
static bool is_under_fee(const struct statute_clock *in, struct day day)
{
	int32_t inset = in->fee == STATUTE_FEE_BETWEEN;

	for (size_t i = 0; i < in->n_pauses; i++)
		if (day_compare(day, day_add(in->pauses[i].notice, inset)) >= 0 &&
			day_compare(day, day_add(in->pauses[i].paid, -inset)) <= 0)
			return true;
	return false;
}

/* Whether @day is a working day: 1 or 0, noting why not; -ENOMEM. */
static int judge(struct count *c, struct day day)
{
	unsigned divisions = 0;
	const char *why;

	if (day_weekday(day) >= DAY_SATURDAY)
		return 0;
	why = statute_why_not(c->law, c->cal, day, &divisions);
	return why ? exclude(c, day, why, divisions) : 1;
}

/* Whether @day counts: as judge(), but not while a fee is unpaid. */
static int judge_with_fee(struct count *c, struct day day)
{
	int r = judge(c, day);

	if (r > 0 && is_under_fee(c->in, day))
		return exclude(c, day, "fees notice not yet paid", 0);
	return r;
}

/* The Code's day zero: the day of receipt or the next working day. A fee takes days out of the count
 * that follows (FOI 2000 s.10(2)); the day of receipt itself it does not move. */
static int find_day_zero(struct count *c)
{
	struct day day = c->result->received;
	int r = judge(c, day);

	while (r == 0) {
		day = day_add(day, 1);
		r = judge(c, day);
	}
	c->result->counted_from = day;
	return r < 0 ? r : 0;
}

static int count_days(struct count *c)
{
	struct day day = c->result->counted_from;

	for (unsigned counted = 0; counted < c->result->working_days;) {
		int r;

		day = day_add(day, 1);
		r = judge_with_fee(c, day);
		if (r < 0)
			return r;
		counted += (unsigned) r;
	}
	c->result->due = day;
	return 0;
}

/* How far the years known without a gap reach from @first. */
static int known_until(const struct count *c, struct day first, struct day *ret)
{
	struct day until = first, next = first;

	if (!calendar_covers(c->cal, c->law->divisions, first))
		return calendar_covers_until(c->cal, c->law->divisions, ret);
	while (calendar_covers(c->cal, c->law->divisions, next)) {
		int year = day_to_civil(next).year;

		if (day_from_civil(year, 12, 31, &until) < 0)
			break;
		next = day_add(until, 1);
	}
	*ret = until;
	return 0;
}

/* Says how much of the result is known. @first is the first day that was looked at. */
static int vouch(struct count *c, struct day first, struct fault *f)
{
	struct deadline *d = c->result;
	int r;

	if (day_to_civil(d->due).year > CALENDAR_YEAR_MAX)
		return fault_set(f, -ERANGE, "the last day would be after %d", CALENDAR_YEAR_MAX);
	d->has_covers_until = known_until(c, first, &d->covers_until) == 0;
	d->provisional = !calendar_covers(c->cal, c->law->divisions, first) ||
			 day_compare(d->due, d->covers_until) > 0;
	r = calendar_hash(c->cal, d->calendar_hash);
	return r < 0 ? fault_set(f, r, "no memory for the calendar's hash") : 0;
}

static int check_received(struct day received, struct fault *f)
{
	int year = day_to_civil(received).year;

	if (year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX)
		return fault_set(f, -ERANGE, "the day of receipt is outside %d to %d",
			CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX);
	return 0;
}

static int check_pause(const struct statute_pause *p, struct day not_before, struct fault *f)
{
	if (day_compare(p->notice, not_before) < 0)
		return fault_set(f, -EINVAL, "the fees notice is older than what it follows");
	if (day_compare(p->paid, p->notice) < 0)
		return fault_set(f, -EINVAL, "the fee was paid before the fees notice was given");
	if (day_compare(p->paid, day_add(p->notice, FEE_SPAN_MAX)) > 0)
		return fault_set(f, -EINVAL, "the fee was paid more than a year after the notice");
	return 0;
}

static int check_pauses(const struct statute_clock *in, struct fault *f)
{
	struct day not_before = in->received;

	if (in->n_pauses > STATUTE_PAUSES_MAX)
		return fault_set(f, -EINVAL, "more than %d fees notices", STATUTE_PAUSES_MAX);
	if (in->n_pauses > 0 && in->fee == STATUTE_FEE_NONE)
		return fault_set(f, -EINVAL, "a fees notice does not stop the clock under the %s",
			statute_of(in->regime)->short_name);
	for (size_t i = 0; i < in->n_pauses; i++) {
		int r = check_pause(&in->pauses[i], not_before, f);

		if (r < 0)
			return r;
		not_before = in->pauses[i].paid;
	}
	return 0;
}

static int check(const struct statute_clock *in, struct fault *f)
{
	int r;

	if (in->regime >= STATUTE_REGIME_COUNT || in->rule >= STATUTE_RULE_COUNT)
		return fault_set(f, -EINVAL, "no such regime or rule");
	if (in->working_days > STATUTE_DAYS_MAX)
		return fault_set(f, -EINVAL, "more than %d working days", STATUTE_DAYS_MAX);
	r = check_received(in->received, f);
	return r < 0 ? r : check_pauses(in, f);
}

/* A regime of months. No rule of receipt and no number of working days means anything to it. */
static int count_months(const struct statute_clock *in, const struct calendar *cal,
	struct deadline *ret, struct fault *f)
{
	unsigned months = in->months ? in->months : statute_of(in->regime)->request_months;

	if (in->working_days > 0)
		return fault_set(f, -EINVAL, "the %s counts months, not working days",
			statute_of(in->regime)->short_name);
	return statute_calendar_month(cal, in->received, months, ret, f);
}

int statute_deadline(const struct statute_clock *in, const struct calendar *cal,
	struct deadline *ret, struct fault *f)
{
	CLEANUP(deadline_done) struct deadline d = { .received = in->received };
	struct count c = { .cal = cal, .in = in, .result = &d };
	bool is_code = in->rule == STATUTE_RULE_S45CODE;
	int r;

	r = check(in, f);
	if (r < 0)
		return r;
	c.law = statute_of(in->regime);
	if (c.law->request_months > 0)
		return count_months(in, cal, ret, f);
	d.working_days = in->working_days ? in->working_days : c.law->request_days;
	d.counted_from = in->received;

	r = is_code ? find_day_zero(&c) : 0;
	if (r == 0)
		r = count_days(&c);
	if (r < 0)
		return fault_set(f, r, "no memory for the days that do not count");

	r = vouch(&c, is_code ? in->received : day_add(in->received, 1), f);
	if (r < 0)
		return r;
	*ret = d;
	d = (struct deadline){ 0 };
	return 0;
}

void deadline_done(struct deadline *d)
{
	if (!d)
		return;
	free(d->excluded);
	*d = (struct deadline){ 0 };
}

int statute_calendar_month(const struct calendar *cal, struct day received, unsigned months,
	struct deadline *ret, struct fault *f)
{
	CLEANUP(deadline_done) struct deadline d = { .received = received, .months = months };
	const struct statute_clock plain = { .regime = STATUTE_SAR, .received = received };
	struct count c = { .law = statute_of(STATUTE_SAR), .cal = cal, .in = &plain, .result = &d };
	int r;

	if (months < 1 || months > STATUTE_MONTHS_MAX)
		return fault_set(f, -EINVAL, "months must be 1 to %d", STATUTE_MONTHS_MAX);
	r = check_received(received, f);
	if (r < 0)
		return r;

	d.counted_from = day_add_months(received, months);
	d.due = d.counted_from;
	for (r = judge(&c, d.due); r == 0; r = judge(&c, d.due))
		d.due = day_add(d.due, 1);
	if (r < 0)
		return fault_set(f, r, "no memory for the days that do not count");

	r = vouch(&c, d.counted_from, f);
	if (r < 0)
		return r;
	*ret = d;
	d = (struct deadline){ 0 };
	return 0;
}
