/* foi_history.c - a case from its moves. */
/* SPDX-License-Identifier: MIT */
#include "domain/foi_history.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

#include "base/fault.h"
#include "domain/foi_part_internal.h"

/* Where the case stands: what is most urgent on any of its parts. */
static enum foi_case_state state_of(const struct foi_status *s)
{
	static const enum foi_case_state by_urgency[] = { FOI_CASE_TRIAGE, FOI_CASE_OPEN,
		FOI_CASE_WAITING };

	if (s->is_closed)
		return FOI_CASE_CLOSED;
	for (size_t i = 0; i < sizeof by_urgency / sizeof *by_urgency; i++)
		for (size_t n = 0; n < s->n_parts; n++)
			if (s->parts[n].state == by_urgency[i])
				return by_urgency[i];
	return FOI_CASE_ANSWERED;
}

/* What its parts make of the case. */
static void sum_up(struct foi_status *s)
{
	bool is_any_changed = false, is_any_as_told = false;

	s->state = state_of(s);
	for (size_t i = 0; i < s->n_parts; i++) {
		const struct foi_part *part = &s->parts[i];

		is_any_changed = is_any_changed || part->is_clock_changed;
		is_any_as_told = is_any_as_told ||
				 (foi_case_is_live(part->state) && part->state == s->state &&
					 !part->is_clock_changed);
	}
	s->is_clock_changed = is_any_changed && !is_any_as_told;
}

/* The first day on which a part was refused for its cost. Return: whether one was. */
static bool find_refusal(const struct foi_status *s, struct day *ret)
{
	bool is_found = false;

	for (size_t i = 0; i < s->n_parts; i++) {
		const struct foi_part *part = &s->parts[i];

		if (part->outcome != FOI_OUTCOME_COST ||
			(is_found && day_compare(part->ended, *ret) >= 0))
			continue;
		*ret = part->ended;
		is_found = true;
	}
	return is_found;
}

/* A part that was added begins as the first did, under the law that was named for it. */
static int add_part(struct foi_status *s, const struct foi_move_record *m, struct fault *f)
{
	struct foi_part_begin begin = s->parts[0].begin;

	if (s->n_parts == FOI_PARTS_MAX)
		return fault_set(f, -E2BIG, "a case has at most %d parts", FOI_PARTS_MAX);
	assert(m->part == s->n_parts + 1);
	if (m->details.has_regime) {
		begin.regime = m->details.regime;
		begin.working_days = 0;
	}
	foi_part_begin(&begin, &s->parts[s->n_parts++]);
	return 0;
}

static int close_case(struct foi_status *s, const struct foi_move_record *m, struct fault *f)
{
	(void) m;
	(void) f;
	s->is_closed = true;
	return 0;
}

static int open_regulator(struct foi_status *s, const struct foi_move_record *m, struct fault *f)
{
	(void) m;
	(void) f;
	s->n_regulator++;
	return 0;
}

static int close_regulator(struct foi_status *s, const struct foi_move_record *m, struct fault *f)
{
	(void) m;
	if (s->n_regulator == 0)
		return fault_set(f, -EPERM, "the regulator has no matter open about this case");
	s->n_regulator--;
	return 0;
}

/* FOI 2000 s.16: help to narrow it down follows a refusal for cost, and nothing else. */
static int narrow(struct foi_status *s, const struct foi_move_record *m, struct fault *f)
{
	struct day refused;

	if (find_refusal(s, &refused))
		return foi_part_not_before(m->day, refused, "the refusal,", f);
	return fault_set(f, -EPERM,
		"no part was refused for its cost: what comes now is a new request of its own");
}

/* By move; NULL: it changes nothing (an acknowledgement), or it is about a part. */
static int (*const case_functions[FOI_MOVE_COUNT])(
	struct foi_status *s, const struct foi_move_record *m, struct fault *f) = {
	[FOI_MOVE_NARROWED] = narrow,
	[FOI_MOVE_PART_ADDED] = add_part,
	[FOI_MOVE_CLOSED] = close_case,
	[FOI_MOVE_REGULATOR_OPENED] = open_regulator,
	[FOI_MOVE_REGULATOR_CLOSED] = close_regulator,
};

static int apply(struct foi_status *s, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	const struct foi_part *first = &s->parts[0];
	int r;

	if (foi_move_of(m->move)->is_of_case) {
		r = foi_move_check(m, first->begin.kind, first->regime, s->state, f);
		if (r == 0 && case_functions[m->move])
			r = case_functions[m->move](s, m, f);
	} else if (m->part < 1 || m->part > s->n_parts) {
		r = fault_set(f, -EINVAL, "the case has no part %u", m->part);
	} else if (s->is_closed) {
		r = fault_set(f, -EPERM, "the case is closed: undo that first");
	} else {
		r = foi_part_apply(&s->parts[m->part - 1], m, settings, f);
	}
	if (r == 0)
		sum_up(s);
	return r;
}

static bool is_undone(const struct foi_history *h, int64_t id)
{
	for (size_t i = 0; i < h->n_moves; i++)
		if (h->moves[i].move == FOI_MOVE_UNDONE && h->moves[i].undoes == id)
			return true;
	return false;
}

/* A part whose adding was undone keeps its number, so that no later part takes it. */
static int void_part(struct foi_status *s, const struct foi_move_record *m, struct fault *f)
{
	int r = add_part(s, m, f);

	if (r < 0)
		return r;
	s->parts[m->part - 1].state = FOI_CASE_ANSWERED;
	s->parts[m->part - 1].outcome = FOI_OUTCOME_VOID;
	s->parts[m->part - 1].ended = m->day;
	sum_up(s);
	return 0;
}

/* A move that no longer fits is a fact all the same. */
static int settle(struct foi_status *s, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f)
{
	if (apply(s, m, settings, f) == 0)
		return 0;
	s->n_unfit++;
	if (foi_move_of(m->move)->is_of_case) {
		if (case_functions[m->move])
			(void) case_functions[m->move](s, m, NULL); /* else passed over */
	} else if (m->part >= 1 && m->part <= s->n_parts) {
		foi_part_settle(&s->parts[m->part - 1], m, settings);
	}
	sum_up(s);
	return 0;
}

typedef int apply_function(struct foi_status *s, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f);

static int replay_one(const struct foi_history *h, const struct foi_move_record *m, int64_t undo,
	const struct statute_settings *settings, apply_function *how, struct foi_status *s,
	struct fault *f)
{
	bool is_gone = m->id == undo || is_undone(h, m->id);
	int r = 0;

	if (m->move == FOI_MOVE_UNDONE)
		return 0;
	if (is_gone && m->move == FOI_MOVE_PART_ADDED)
		r = void_part(s, m, f);
	else if (!is_gone)
		r = how(s, m, settings, f);
	if (r < 0)
		fault_prefix(f, "\"%s\" (number %" PRId64 ")", foi_move_of(m->move)->word, m->id);
	return r;
}

/* Parts that were there from the beginning, before those that moves add. */
static size_t n_first_parts(const struct foi_history *h)
{
	size_t n = h->n_parts;

	for (size_t i = 0; i < h->n_moves; i++)
		n -= h->moves[i].move == FOI_MOVE_PART_ADDED && n > 1;
	return n;
}

static int replay(const struct foi_history *h, int64_t undo,
	const struct statute_settings *settings, apply_function *how, struct foi_status *ret,
	struct fault *f)
{
	int r = 0;

	*ret = (struct foi_status){ .n_parts = n_first_parts(h) };
	for (size_t i = 0; i < ret->n_parts; i++)
		foi_part_begin(&h->begins[i], &ret->parts[i]);
	sum_up(ret);
	for (size_t i = 0; r == 0 && i < h->n_moves; i++)
		r = replay_one(h, &h->moves[i], undo, settings, how, ret, f);
	return r;
}

int foi_history_replay(const struct foi_history *h, int64_t undo,
	const struct statute_settings *settings, struct foi_status *ret, struct fault *f)
{
	return replay(h, undo, settings, apply, ret, f);
}

void foi_history_settle(const struct foi_history *h, int64_t undo,
	const struct statute_settings *settings, struct foi_status *ret)
{
	(void) replay(h, undo, settings, settle, ret, NULL); /* nothing is refused */
}

int foi_history_try(struct foi_status *s, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f)
{
	struct foi_status changed = *s;
	bool is_of_part = !foi_move_of(m->move)->is_of_case;
	int r = apply(&changed, m, law->settings, f);

	assert(m->move != FOI_MOVE_UNDONE);
	if (r == 0)
		r = foi_part_check(&s->parts[is_of_part ? m->part - 1 : 0], m, law, f);
	if (r == 0)
		*s = changed;
	return r;
}

const struct foi_move_record *foi_history_find(const struct foi_history *h, int64_t id)
{
	for (size_t i = 0; i < h->n_moves; i++)
		if (h->moves[i].id == id && !is_undone(h, id))
			return &h->moves[i];
	return NULL;
}
