/* foi_part_clock.c - the last days of a part. */
/* SPDX-License-Identifier: MIT */
#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/foi_part_internal.h"

void foi_part_clock(const struct foi_part *p, struct statute_clock *ret)
{
	*ret = (struct statute_clock){
		.regime = p->regime,
		.rule = p->begin.rule,
		.working_days = p->working_days,
		.received = p->received,
		.fee = p->fee,
		.pauses = p->pauses,
		.n_pauses = p->n_pauses,
	};
}

/* The day on which the requester's time to pay or to clarify is over. */
static int wait_over(const struct foi_part *p, const struct foi_law *law, struct day *ret,
	bool *ret_provisional, struct fault *f)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	const struct statute_clock clock = { .regime = STATUTE_EIR,
		.working_days = law->settings->eir_charge_days,
		.received = p->wait_since };
	int r;

	*ret_provisional = false;
	if (p->wait == FOI_WAIT_CLARIFICATION || p->regime != STATUTE_EIR) {
		*ret = day_add_months(p->wait_since,
			p->wait == FOI_WAIT_CLARIFICATION ? FOI_CLARIFY_MONTHS : FOI_FEE_MONTHS);
		return 0;
	}
	r = statute_deadline(&clock, law->calendar, &d, f);
	if (r < 0)
		return r;
	*ret = d.due;
	*ret_provisional = d.provisional;
	return 0;
}

/* FOI 2000 s.10(3): the answer may wait, the notice of s.17(1) may not. Without an estimated date
 * what the ICO takes as the longest counts: 40 working days in all. */
static int count_extension(const struct foi_part *p, const struct foi_law *law,
	const struct statute_clock *first, struct foi_clock *c, struct fault *f)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	struct statute_clock longer = *first;
	int r = 0;

	c->has_notice = true;
	c->notice = c->deadline.due;
	c->has_final = true;
	c->final = p->until;
	if (!p->has_until) {
		longer.working_days = FOI_INTEREST_DAYS;
		r = statute_deadline(&longer, law->calendar, &d, f);
		c->final = d.due;
		c->is_provisional = c->is_provisional || d.provisional;
	}
	if (p->is_notice_given)
		c->due = c->final;
	return r;
}

int foi_part_count(
	const struct foi_part *p, const struct foi_law *law, struct foi_clock *ret, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock c = { 0 };
	struct statute_clock clock;
	int r;

	foi_part_clock(p, &clock);
	r = statute_deadline(&clock, law->calendar, &c.deadline, f);
	if (r < 0)
		return r;
	c.due = c.deadline.due;
	c.is_provisional = c.deadline.provisional;
	if (p->is_extended)
		r = count_extension(p, law, &clock, &c, f);
	if (r == 0 && p->state == FOI_CASE_WAITING)
		r = wait_over(p, law, &c.due, &c.is_provisional, f);
	if (r < 0)
		return r;
	*ret = c;
	c = (struct foi_clock){ 0 };
	return 0;
}

void foi_clock_done(struct foi_clock *c)
{
	if (c)
		deadline_done(&c->deadline);
}
