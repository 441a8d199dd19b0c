/* foi_part_move.c - what each move does to a part. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/fault.h"
#include "domain/foi_part_internal.h"

unsigned foi_part_allowance(enum case_kind kind, enum statute_regime regime)
{
	const struct statute *law = statute_of(regime);

	return kind == CASE_REVIEW ? law->review_days : law->request_days;
}

/* ---- helpers of the moves -------------------------------------------------------------------- */

void foi_part_end(struct foi_part *p, enum foi_outcome outcome, struct day day)
{
	p->state = FOI_CASE_ANSWERED;
	p->outcome = outcome;
	p->ended = day;
	p->wait = FOI_WAIT_NOTHING;
}

int foi_part_not_before(struct day day, struct day earliest, const char *what, struct fault *f)
{
	char text[DAY_TEXT_MAX];

	if (day_compare(day, earliest) >= 0)
		return 0;
	return fault_set(f, -EINVAL, "the day lies before %s %s", what,
		day_text(earliest, DAY_ENGLISH, text));
}

/* What this move does, as it was recorded, or as the settings have it now. */
static enum foi_effect effect_of(const struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings)
{
	/* Once a change of law is undone, a move stands under another one than it was made under. */
	if (foi_effect_is_chosen(m->move, p->regime) && m->details.effect != FOI_EFFECT_NONE)
		return m->details.effect;
	return foi_effect_of(m->move, p->regime, settings);
}

/* A clock that begins anew: what belonged to the one before is gone with it. */
static void start_clock(struct foi_part *p, struct day received)
{
	p->received = received;
	p->n_pauses = 0;
	p->working_days = foi_part_allowance(p->begin.kind, p->regime);
	p->is_extended = false;
	p->has_until = false;
	p->is_notice_given = false;
	p->is_clock_changed = true;
	p->wait = FOI_WAIT_NOTHING;
	p->state = FOI_CASE_OPEN;
}

/* ---- the moves ------------------------------------------------------------------------------- */

/* FOI 2000 s.1(3), s.10(6)(b): the clock stands until what was asked for comes. */
static int ask_clarification(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	(void) f;
	if (p->wait == FOI_WAIT_CLARIFICATION)
		return fault_set(f, -EPERM, "clarification has been asked for already");
	if (p->wait == FOI_WAIT_FEE)
		return fault_set(f, -EPERM, "a fees notice was given and is not paid yet");
	p->wait = FOI_WAIT_CLARIFICATION;
	p->wait_since = m->day;
	p->wait_stops = effect_of(p, m, settings) == FOI_EFFECT_STOPS;
	if (p->wait_stops)
		p->state = FOI_CASE_WAITING;
	return 0;
}

/* FOI 2000 s.10(6)(b), EIR 2004 reg 9(4): the day it comes is the day of receipt. */
static int take_clarification(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	int r;

	(void) settings;
	if (p->wait != FOI_WAIT_CLARIFICATION)
		return fault_set(f, -EPERM, "no clarification was asked for");
	r = foi_part_not_before(m->day, p->wait_since, "it was asked for,", f);
	if (r < 0)
		return r;
	if (p->wait_stops)
		start_clock(p, m->day);
	p->wait = FOI_WAIT_NOTHING;
	return 0;
}

/* FOI 2000 s.9, s.10(2); EIR 2004 reg 8. */
static int ask_fee(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	enum foi_effect effect = effect_of(p, m, settings);

	if (p->wait == FOI_WAIT_FEE)
		return fault_set(f, -EPERM, "a fees notice has been given already");
	if (p->wait == FOI_WAIT_CLARIFICATION)
		return fault_set(f, -EPERM, "clarification was asked for and has not come yet");
	if (p->n_pauses == STATUTE_PAUSES_MAX)
		return fault_set(
			f, -E2BIG, "more than %d fees notices on one clock", STATUTE_PAUSES_MAX);
	if (p->n_pauses > 0) {
		int r = foi_part_not_before(
			m->day, p->pauses[p->n_pauses - 1].paid, "the last payment,", f);

		if (r < 0)
			return r;
	}
	p->wait = FOI_WAIT_FEE;
	p->wait_since = m->day;
	p->wait_stops = effect != FOI_EFFECT_RUNS;
	if (!p->wait_stops)
		return 0;
	p->fee = effect == FOI_EFFECT_STOPS_BETWEEN ? STATUTE_FEE_BETWEEN : STATUTE_FEE_ENDS;
	p->state = FOI_CASE_WAITING;
	return 0;
}

static int take_fee(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	int r;

	(void) settings;
	if (p->wait != FOI_WAIT_FEE)
		return fault_set(f, -EPERM, "no fees notice was given");
	r = foi_part_not_before(m->day, p->wait_since, "the fees notice was given,", f);
	if (r < 0)
		return r;
	if (p->wait_stops) {
		p->pauses[p->n_pauses++] =
			(struct statute_pause){ .notice = p->wait_since, .paid = m->day };
		p->is_clock_changed = true;
	}
	p->wait = FOI_WAIT_NOTHING;
	p->state = FOI_CASE_OPEN;
	return 0;
}

static int consider_exemptions(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	(void) settings;
	return foi_part_add_exemptions(p, &m->details, f);
}

/* FOI 2000 s.10(3): only where a qualified exemption makes the public interest a question. */
static int extend_interest(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	int r = foi_part_add_exemptions(p, &m->details, f);

	(void) settings; /* whether a date is needed is asked when it is recorded */
	if (r < 0)
		return r;
	if (!foi_part_has_qualified(p))
		return fault_set(f, -EPERM,
			"no qualified exemption is recorded on this part, and only one of those "
			"gives time to weigh the public interest (FOI 2000 s.10(3))");
	p->is_extended = true;
	p->has_until = m->details.has_until;
	p->until = m->details.until;
	return m->details.has_until ? foi_part_not_before(p->until, m->day, "the move itself,", f)
				    : 0;
}

/* FOI 2000 s.17(1): due on day 20 also where s.10(3) gives more time for the answer. */
static int give_notice(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	(void) m;
	(void) settings;
	if (!p->is_extended)
		return fault_set(f, -EPERM,
			"the time was not extended: a refusal without that is an answer, record "
			"\"responded\"");
	if (p->is_notice_given)
		return fault_set(f, -EPERM, "the notice has been given already");
	p->is_notice_given = true;
	p->is_clock_changed = true;
	return 0;
}

/* EIR 2004 reg 7(1): complex and voluminous, both. */
static int extend_complex(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	unsigned days = statute_of(p->regime)->extended_days;

	(void) settings;
	if (!m->details.is_complex || !m->details.is_voluminous)
		return fault_set(f, -EPERM,
			"the time grows only for a request that is complex and voluminous, both "
			"(EIR 2004 reg 7(1))");
	if (p->working_days == days)
		return fault_set(f, -EPERM, "the time was extended already");
	p->working_days = days;
	p->is_clock_changed = true;
	return 0;
}

/* s.45 Code of Practice 2018, section 5: 40 working days where the review is complex. */
static int extend_review(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	unsigned days = statute_of(p->regime)->review_days_max;

	(void) m;
	(void) settings;
	if (p->working_days == days)
		return fault_set(f, -EPERM, "the time was extended already");
	p->working_days = days;
	p->is_clock_changed = true;
	return 0;
}

static int change_regime(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	struct day received = p->received;
	bool is_changed = p->is_clock_changed;

	(void) settings;
	if (m->details.regime == p->regime)
		return fault_set(f, -EPERM, "the %s applies already", statute_of(p->regime)->name);
	if (m->details.regime == STATUTE_SAR)
		return fault_set(f, -EPERM, "record \"subject-access\" for that");
	if (p->is_extended || p->n_pauses > 0 ||
		p->working_days > foi_part_allowance(p->begin.kind, p->regime))
		return fault_set(f, -EPERM,
			"an extension or a fee under the %s counts on this part; undo it first",
			statute_of(p->regime)->short_name);
	p->regime = m->details.regime;
	p->n_exemptions = 0; /* they were another law's */
	start_clock(p, received);
	p->is_clock_changed = is_changed; /* what the requester was told stays theirs */
	return 0;
}

/* The rest is still due: nothing changes but the history. */
static int answer_partly(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	(void) p;
	(void) m;
	(void) settings;
	(void) f;
	return 0;
}

static int respond(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	enum foi_outcome outcome = m->details.outcome;
	int r = foi_outcome_check(outcome, p->begin.kind, p->regime, f);

	(void) settings;
	if (r == 0)
		r = foi_part_add_exemptions(p, &m->details, f);
	if (r < 0)
		return r;
	/* Subject access has exemptions of its own, which are not foimaild's. */
	if (foi_outcome_of(outcome)->needs_exemption && p->n_exemptions == 0 &&
		p->regime != STATUTE_SAR)
		return fault_set(f, -EINVAL, "\"%s\" needs the exemption it rests on (%s)",
			foi_outcome_of(outcome)->word, foi_outcome_of(outcome)->law[p->regime]);
	foi_part_end(p, outcome, m->day);
	return 0;
}

/* FOI 2000 s.1(1)(a): who passes a request on still owes the answer whether it holds the
 * information. EIR 2004 reg 10: the transfer is an end of its own. */
static int transfer(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	bool ends = effect_of(p, m, settings) == FOI_EFFECT_ENDS;

	if (p->is_transferred)
		return fault_set(f, -EPERM, "it was transferred already");
	p->is_transferred = true;
	if (ends || p->is_holding_told)
		foi_part_end(p, FOI_OUTCOME_TRANSFERRED, m->day);
	return 0;
}

static int tell_holding(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	(void) settings;
	(void) f;
	p->is_holding_told = true;
	if (p->is_transferred)
		foi_part_end(p, FOI_OUTCOME_TRANSFERRED, m->day);
	return 0;
}

static int end_otherwise(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	static const enum foi_outcome outcomes[FOI_MOVE_COUNT] = {
		[FOI_MOVE_WITHDRAWN] = FOI_OUTCOME_WITHDRAWN,
		[FOI_MOVE_LAPSED] = FOI_OUTCOME_LAPSED,
		[FOI_MOVE_INVALID] = FOI_OUTCOME_INVALID,
		[FOI_MOVE_BUSINESS_AS_USUAL] = FOI_OUTCOME_BUSINESS_AS_USUAL,
	};

	(void) settings;
	(void) f;
	foi_part_end(p, outcomes[m->move], m->day);
	return 0;
}

/* UK GDPR art 12(3): a month from the day of receipt, which is the first one whatever was asked
 * and answered since. */
static int take_as_subject_access(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	(void) m;
	(void) settings;
	(void) f;
	p->regime = STATUTE_SAR;
	p->n_exemptions = 0;
	start_clock(p, p->begin.received);
	return 0;
}

foi_part_function *const foi_part_functions[FOI_MOVE_COUNT] = {
	[FOI_MOVE_CLARIFICATION_ASKED] = ask_clarification,
	[FOI_MOVE_CLARIFIED] = take_clarification,
	[FOI_MOVE_FEE_ASKED] = ask_fee,
	[FOI_MOVE_FEE_PAID] = take_fee,
	[FOI_MOVE_EXEMPTION] = consider_exemptions,
	[FOI_MOVE_EXTENDED_INTEREST] = extend_interest,
	[FOI_MOVE_NOTICE_GIVEN] = give_notice,
	[FOI_MOVE_EXTENDED_COMPLEX] = extend_complex,
	[FOI_MOVE_EXTENDED_REVIEW] = extend_review,
	[FOI_MOVE_REGIME] = change_regime,
	[FOI_MOVE_PART_ANSWERED] = answer_partly,
	[FOI_MOVE_RESPONDED] = respond,
	[FOI_MOVE_WITHDRAWN] = end_otherwise,
	[FOI_MOVE_TRANSFERRED] = transfer,
	[FOI_MOVE_HOLDING_TOLD] = tell_holding,
	[FOI_MOVE_LAPSED] = end_otherwise,
	[FOI_MOVE_INVALID] = end_otherwise,
	[FOI_MOVE_BUSINESS_AS_USUAL] = end_otherwise,
	[FOI_MOVE_SUBJECT_ACCESS] = take_as_subject_access,
};
