/* foi_part.c - a part of a case from what it began with, and what may happen to it next. */
/* SPDX-License-Identifier: MIT */
#include "domain/foi_part.h"

#include <assert.h>
#include <errno.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/foi_part_internal.h"

void foi_part_begin(const struct foi_part_begin *begin, struct foi_part *ret)
{
	*ret = (struct foi_part){
		.begin = *begin,
		.state = begin->state,
		.regime = begin->regime,
		.received = begin->received,
		.working_days = begin->working_days
					? begin->working_days
					: foi_part_allowance(begin->kind, begin->regime),
	};
}

int foi_part_apply(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	struct foi_part changed = *p;
	int r = foi_move_check(m, p->begin.kind, p->regime, p->state, f);

	assert(foi_part_functions[m->move] != NULL);
	if (r == 0)
		r = foi_part_not_before(m->day, p->received, "the day of receipt,", f);
	if (r == 0)
		r = foi_part_functions[m->move](&changed, m, settings, f);
	if (r == 0)
		*p = changed;
	return r;
}

/* Whether the move is the end of a part, whatever else is known about it. */
static bool is_end(enum foi_move move)
{
	static const enum foi_move ends[] = { FOI_MOVE_RESPONDED, FOI_MOVE_WITHDRAWN,
		FOI_MOVE_LAPSED, FOI_MOVE_INVALID, FOI_MOVE_BUSINESS_AS_USUAL };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (move == ends[i])
			return true;
	return false;
}

void foi_part_settle(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings)
{
	struct foi_part changed = *p;

	if (p->outcome == FOI_OUTCOME_VOID)
		return;
	/* What ends it now ended nothing when an answer was still recorded: that is the end. */
	if (!foi_case_is_live(p->state) && !is_end(m->move))
		return;
	/* A pause or a new clock from before the day of receipt could not be counted. */
	if (day_compare(m->day, p->received) < 0 && !is_end(m->move))
		return;
	if (foi_part_functions[m->move](&changed, m, settings, NULL) == 0)
		*p = changed;
	else if (m->move == FOI_MOVE_RESPONDED)
		foi_part_end(p, m->details.outcome, m->day);
}

/* ---- new moves ------------------------------------------------------------------------------- */

/* FOI 2000 s.9(1), EIR 2004 reg 8(4): a notice that comes later stops no clock, because its days are
 * over. */
static int check_fee(const struct foi_part *p, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	char text[DAY_TEXT_MAX];
	int r = foi_part_count(p, law, &clock, f);

	if (r < 0 || day_compare(m->day, clock.deadline.due) <= 0)
		return r;
	return fault_set(f, -EPERM,
		"a fees notice must be given by the last day for the answer, %s (%s)",
		day_text(clock.deadline.due, DAY_ENGLISH, text),
		p->regime == STATUTE_EIR ? "EIR 2004 reg 8(4)" : "FOI 2000 s.9(1)");
}

/* Clarification is asked for promptly and within the time for the answer: who asks later is late all
 * the same, and a clock that has run out cannot stand. Where it stops no clock it may be asked at any
 * time. */
static int check_clarification(const struct foi_part *p, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	char text[DAY_TEXT_MAX];
	int r;

	if (foi_effect_of(m->move, p->regime, law->settings) == FOI_EFFECT_RUNS)
		return 0;
	r = foi_part_count(p, law, &clock, f);
	if (r < 0 || day_compare(m->day, clock.deadline.due) <= 0)
		return r;
	return fault_set(f, -EPERM,
		"the last day, %s, had passed: a request for clarification stops no clock any "
		"more (%s)",
		day_text(clock.deadline.due, DAY_ENGLISH, text),
		foi_move_of(m->move)->law[p->regime]);
}

/* EIR 2004 reg 7(3): the requester must hear of it within the first 20 working days. */
static int check_complex(const struct foi_part *p, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	char text[DAY_TEXT_MAX];
	int r = foi_part_count(p, law, &clock, f);

	if (r < 0 || day_compare(m->day, clock.deadline.due) <= 0)
		return r;
	return fault_set(f, -EPERM,
		"the requester must be told by the last day of the first 20 working days, %s (EIR "
		"2004 reg 7(3))",
		day_text(clock.deadline.due, DAY_ENGLISH, text));
}

/* FOI 2000 s.17(2): with an estimated date, where the authority reads it so. An estimated date within
 * the 20 working days would be no extension. */
static int check_interest(const struct foi_part *p, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	char text[DAY_TEXT_MAX];
	int r;

	if (!m->details.has_until && law->settings->foia_extension_needs_date)
		return fault_set(f, -EINVAL,
			"the requester must be given an estimated date (FOI 2000 s.17(2))");
	r = foi_part_count(p, law, &clock, f);
	if (r < 0 || !m->details.has_until || day_compare(m->details.until, clock.deadline.due) > 0)
		return r;
	return fault_set(f, -EINVAL, "the estimated date must lie after the last day, %s",
		day_text(clock.deadline.due, DAY_ENGLISH, text));
}

/* FOI 2000 s.9(2), EIR 2004 reg 8: until then the requester may still pay. How long clarification
 * may take no law says: there a person judges. */
static int check_lapse(const struct foi_part *p, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	char text[DAY_TEXT_MAX];
	int r = foi_part_count(p, law, &clock, f);

	if (r < 0 || p->wait != FOI_WAIT_FEE || day_compare(m->day, clock.due) > 0)
		return r;
	return fault_set(f, -EPERM, "the requester may pay until %s",
		day_text(clock.due, DAY_ENGLISH, text));
}

static int (*const checks[FOI_MOVE_COUNT])(const struct foi_part *p,
	const struct foi_move_record *m, const struct foi_law *law, struct fault *f) = {
	[FOI_MOVE_CLARIFICATION_ASKED] = check_clarification,
	[FOI_MOVE_FEE_ASKED] = check_fee,
	[FOI_MOVE_EXTENDED_COMPLEX] = check_complex,
	[FOI_MOVE_EXTENDED_INTEREST] = check_interest,
	[FOI_MOVE_LAPSED] = check_lapse,
};

int foi_part_check(const struct foi_part *p, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f)
{
	const struct foi_move_row *row = foi_move_of(m->move);

	if (!m->is_person && !row->may_daemon)
		return fault_set(f, -EPERM, "only a person may record \"%s\"", row->word);
	if (day_compare(m->day, law->today) > 0)
		return fault_set(f, -EINVAL, "the day lies in the future");
	return checks[m->move] ? checks[m->move](p, m, law, f) : 0;
}
