/* moves.c - one order of an officer's, checked, recorded and followed up. */
/* SPDX-License-Identifier: MIT */
#include "flow/moves.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/moves_internal.h"

/* Under the law of the part: "31 (1)" becomes "s.31(1)". */
static int normalise(struct foi_details *d, enum statute_regime regime, struct fault *f)
{
	for (size_t i = 0; i < d->n_exemptions; i++) {
		char section[EXEMPTION_MAX];
		const struct exemption *row;
		int r = exemption_parse(regime, d->exemptions[i].section, section, &row, f);

		if (r < 0)
			return r == -ENOMEM ? r : fault_recode(f, -EINVAL);
		(void) snprintf(d->exemptions[i].section, sizeof d->exemptions[i].section, "%s",
			section); /* same bound */
	}
	return 0;
}

/* ---- which parts ----------------------------------------------------------------------------- */

/* The numbers of the parts that an order is about. */
struct chosen {
	unsigned numbers[FOI_PARTS_MAX];
	size_t n;
};

static bool may_be_meant(const struct foi_part *part)
{
	return foi_case_is_live(part->state);
}

/* The parts that have not ended; where all have, the first, whose refusal then says why. */
static void choose_live(const struct foi_status *s, struct chosen *ret)
{
	for (size_t i = 0; i < s->n_parts; i++)
		if (may_be_meant(&s->parts[i]))
			ret->numbers[ret->n++] = (unsigned) i + 1;
	if (ret->n == 0)
		ret->numbers[ret->n++] = 1;
}

static int choose(const struct foi_status *s, const struct moves_order *o, struct chosen *ret,
	struct fault *f)
{
	*ret = (struct chosen){ 0 };
	if (foi_move_of(o->move)->is_of_case) {
		if (o->part > 0 || o->is_every_part)
			return fault_set(f, -EINVAL, "\"%s\" is about the whole case: name no part",
				foi_move_of(o->move)->word);
		ret->numbers[ret->n++] = 0;
		return 0;
	}
	if (o->part > 0) {
		ret->numbers[ret->n++] = o->part;
		return 0;
	}
	choose_live(s, ret);
	if (ret->n > 1 && !o->is_every_part)
		return fault_set(f, -EINVAL,
			"the case has %zu parts that are not answered: say which part, or every "
			"part",
			ret->n);
	return 0;
}

/* ---- recording ------------------------------------------------------------------------------- */

/* A part that is added begins in the store before its move, which names it. */
static int open_part(
	struct moves_work *w, const struct foi_move_record *m, int64_t *ret_id, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	const struct foi_part *part = &w->status.parts[m->part - 1];
	struct store_part_opening o = { .n = m->part,
		.question = m->details.text,
		.authority = m->details.authority,
		.state = part->state,
		.at = w->now,
		.deadline = { .regime = part->regime,
			.rule = part->begin.rule,
			.working_days = part->working_days,
			.received = part->received } };
	int r = foi_part_count(part, &w->law, &clock, f);

	if (r < 0)
		return r;
	o.deadline.due = clock.due;
	o.deadline.is_provisional = clock.is_provisional;
	(void) snprintf(o.deadline.calendar_hash, sizeof o.deadline.calendar_hash, "%s",
		clock.deadline.calendar_hash);
	r = store_part_add(w->in->store, w->file->id, &o, ret_id, f);
	if (r < 0)
		return r;
	/* As it would be read back: moves_keep() compares with it. */
	w->file->parts[m->part - 1] = (struct store_part){ .id = *ret_id,
		.state = part->state,
		.regime = part->regime,
		.due = clock.due,
		.is_provisional = clock.is_provisional };
	return 0;
}

/* How many moves a case may have before another one of this kind: one that is full must still end. */
static size_t most_moves(enum foi_move move)
{
	static const enum foi_move spare[] = { FOI_MOVE_RESPONDED, FOI_MOVE_WITHDRAWN,
		FOI_MOVE_LAPSED, FOI_MOVE_CLOSED, FOI_MOVE_UNDONE };

	for (size_t i = 0; i < sizeof spare / sizeof *spare; i++)
		if (move == spare[i])
			return FOI_MOVES_MAX - 1;
	return FOI_MOVES_MAX - FOI_MOVES_SPARE;
}

static int add_move(struct moves_work *w, const struct moves_order *o,
	const struct foi_move_record *m, struct moves_result *ret, struct fault *f)
{
	bool is_new_part = m->move == FOI_MOVE_PART_ADDED;
	int64_t part_id = 0;
	char text[MOVES_TEXT_MAX];
	int r = 0;

	if (w->file->history.n_moves + ret->n_ids >= most_moves(m->move))
		return fault_set(f, -E2BIG,
			"a case holds at most %zu moves of this kind; end it, or undo what was "
			"recorded by mistake",
			most_moves(m->move));
	if (is_new_part)
		r = open_part(w, m, &part_id, f);
	else if (m->part > 0)
		part_id = w->file->parts[m->part - 1].id;
	if (r < 0)
		return r;
	moves_describe(m, o->why, text);
	return store_move_add(w->in->store, w->file->id, part_id, m, w->now, o->actor, text,
		&ret->ids[ret->n_ids++], f);
}

static int record_one(struct moves_work *w, const struct moves_order *o, unsigned number,
	struct moves_result *ret, struct fault *f)
{
	struct foi_move_record m = { .move = o->move,
		.part = number,
		.is_person = o->is_person,
		.day = o->has_day ? o->day : w->law.today,
		.details = o->details };
	int r = 0;

	if (number > w->status.n_parts)
		return fault_set(f, -EINVAL, "the case has no part %u", number);
	m.details.effect = FOI_EFFECT_NONE; /* ours to say, whatever the order holds */
	if (number > 0) {
		enum statute_regime regime = w->status.parts[number - 1].regime;

		if (foi_effect_is_chosen(m.move, regime))
			m.details.effect = foi_effect_of(m.move, regime, w->law.settings);
		r = normalise(&m.details, regime, f);
	}
	if (m.move == FOI_MOVE_PART_ADDED)
		m.part = (unsigned) w->status.n_parts + 1;
	if (r == 0)
		r = foi_history_try(&w->status, &m, &w->law, f);
	if (r == 0 && m.move == FOI_MOVE_NARROWED)
		r = moves_open_narrowed(w, &m, o, ret, f);
	if (r == 0 && m.move == FOI_MOVE_NARROWED)
		(void) snprintf(m.details.text, sizeof m.details.text, "%s", ret->opened);
	return r < 0 ? r : add_move(w, o, &m, ret, f);
}

/* ---- taking back ----------------------------------------------------------------------------- */

/* The last move that was not undone. That the acknowledgement left is not meant unless it is named: it
 * leaves by itself at any time. */
static const struct foi_move_record *last_move(const struct foi_history *h)
{
	for (size_t i = h->n_moves; i > 0; i--) {
		const struct foi_move_record *m = &h->moves[i - 1];

		if (m->move != FOI_MOVE_UNDONE && m->move != FOI_MOVE_ACKNOWLEDGED &&
			foi_history_find(h, m->id))
			return m;
	}
	return NULL;
}

static int find_undone(const struct foi_history *h, int64_t id, const struct foi_move_record **ret,
	struct fault *f)
{
	*ret = id ? foi_history_find(h, id) : last_move(h);
	if (!*ret)
		return fault_set(f, -EINVAL, "the case has no such move, or it was undone already");
	if ((*ret)->move == FOI_MOVE_UNDONE)
		return fault_set(f, -EPERM, "what was undone is not undone again: record it anew");
	return 0;
}

/* The new case that a narrowed request opened has a clock of its own: it must have ended first. */
static int check_narrowed(
	const struct moves *in, const struct foi_move_record *narrowed, struct fault *f)
{
	CLEANUP(store_file_freep) struct store_file *file = NULL;
	struct foi_status status;
	const char *reference = narrowed->details.text;
	int r = moves_load(in, reference, &file, &status, f);

	if (r < 0)
		return r;
	if (foi_case_is_live(status.state))
		return fault_set(f, -EPERM,
			"the narrowed request is a case of its own, %s: record there what becomes "
			"of it, such as withdrawn, then undo this",
			reference);
	return 0;
}

static bool is_same_clock(const struct foi_part *a, const struct foi_part *b)
{
	if (a->regime != b->regime || day_compare(a->received, b->received) != 0 ||
		a->working_days != b->working_days || a->n_pauses != b->n_pauses ||
		a->is_extended != b->is_extended || a->is_notice_given != b->is_notice_given ||
		a->has_until != b->has_until || day_compare(a->until, b->until) != 0)
		return false;
	for (size_t i = 0; i < a->n_pauses; i++)
		if (day_compare(a->pauses[i].notice, b->pauses[i].notice) != 0 ||
			day_compare(a->pauses[i].paid, b->pauses[i].paid) != 0)
			return false;
	return true;
}

/* An answer that is late without the extension that was undone must not count as one in time. */
static void find_stale(struct moves_work *w, const struct foi_status *before)
{
	for (size_t i = 0; i < w->status.n_parts; i++)
		w->is_count_stale[i] = !foi_case_is_live(w->status.parts[i].state) &&
				       !is_same_clock(&before->parts[i], &w->status.parts[i]);
}

/* The case without one move. Where its moves did not fit each other before, a misfit tells nothing
 * against taking back this one; it may be the very one that does not fit. */
static int take_out(struct moves_work *w, int64_t id, struct fault *f)
{
	const struct statute_settings *settings = &w->in->conf->law;
	const struct foi_status before = w->status;
	int r = 0;

	if (w->status.n_unfit == 0)
		r = foi_history_replay(&w->file->history, id, settings, &w->status, f);
	else
		foi_history_settle(&w->file->history, id, settings, &w->status);
	if (r < 0)
		fault_prefix(f, "it cannot be undone alone, undo first what rests on it");
	else
		find_stale(w, &before);
	return r;
}

static int undo(struct moves_work *w, const struct moves_order *o, struct moves_result *ret,
	struct fault *f)
{
	const struct foi_move_record *target;
	struct foi_move_record m = {
		.move = FOI_MOVE_UNDONE, .is_person = o->is_person, .day = w->law.today
	};
	int r = find_undone(&w->file->history, o->undoes, &target, f);

	if (r == 0 && !o->is_person)
		r = fault_set(f, -EPERM, "only a person may undo a move");
	if (r == 0 && target->move == FOI_MOVE_NARROWED)
		r = check_narrowed(w->in, target, f);
	if (r < 0)
		return r;
	r = take_out(w, target->id, f);
	if (r < 0)
		return r;
	m.undoes = target->id;
	(void) snprintf(m.details.text, sizeof m.details.text, "%s",
		foi_move_of(target->move)->word); /* fits */
	return add_move(w, o, &m, ret, f);
}

/* ---- the order ------------------------------------------------------------------------------- */

static int carry_out(struct moves_work *w, const struct moves_order *o, struct moves_result *ret,
	struct fault *f)
{
	struct chosen chosen;
	int r;

	if (o->move == FOI_MOVE_UNDONE)
		return undo(w, o, ret, f);
	r = choose(&w->status, o, &chosen, f);
	for (size_t i = 0; r == 0 && i < chosen.n; i++)
		r = record_one(w, o, chosen.numbers[i], ret, f);
	return r;
}

static void tell(
	const struct moves_work *w, const struct moves_days *days, struct moves_result *ret)
{
	ret->case_id = w->file->id;
	ret->kind = w->file->kind;
	(void) snprintf(ret->reference, sizeof ret->reference, "%s", w->file->reference);
	ret->state = w->status.state;
	ret->has_due = days->has_due;
	ret->due = days->due;
	ret->is_provisional = days->is_provisional;
}

/* An officer must see that the case is not what its moves once made of it. */
static int note_unfit(const struct moves_work *w, struct fault *f)
{
	char why[MOVES_TEXT_MAX];

	if (w->status.n_unfit == 0)
		return 0;
	(void) snprintf(why, sizeof why,
		"moves recorded earlier that do not fit the others by the law as it is read now: "
		"%u; look whether state and last day are right",
		w->status.n_unfit); /* fits */
	return store_event_add(
		w->in->store, w->file->id, 0, w->now, "daemon", "moves-unfit", why, f);
}

int moves_record(const struct moves *in, const struct moves_order *o, int64_t now,
	struct moves_result *ret, struct fault *f)
{
	CLEANUP(moves_done) struct moves_work w = { 0 };
	struct moves_result result = { 0 };
	struct moves_days days = { 0 };
	int64_t id = 0;
	int r;

	if (strlen(o->why) >= MOVES_WHY_MAX)
		return fault_set(
			f, -EINVAL, "the reason is longer than %d bytes", MOVES_WHY_MAX - 1);
	r = store_file_find(in->store, o->reference, &id, f);
	if (r == 0)
		r = moves_begin(in, id, now, &w, f);
	if (r == 0)
		r = carry_out(&w, o, &result, f);
	if (r == 0)
		r = moves_keep(&w, foi_move_of(o->move)->word, &days, f);
	if (r >= 0)
		r = note_unfit(&w, f);
	if (r < 0)
		return r;
	assert(w.file); /* moves_begin() has loaded it */
	tell(&w, &days, &result);
	*ret = result;
	return 0;
}
