/* test_foi_walk.c - what holds for every history of a case: many of them, drawn from a fixed seed. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/foi_history.h"

enum {
	HISTORIES = 3000,
	TRIES = 40, /* moves that are tried on each; about half are refused */
	TEXT_MAX = 512,
};

static struct calendar *calendar;
static uint64_t seed;

static int load_calendar(void **state)
{
	(void) state;
	assert_int_equal(calendar_new(&calendar), 0);
	assert_int_equal(holidays_load(FOIMAILD_CONF "/bank-holidays.json", calendar, NULL), 0);
	return 0;
}

static int free_calendar(void **state)
{
	(void) state;
	calendar = calendar_free(calendar);
	return 0;
}

/* 0 to @n - 1. A generator of our own, so that a failure comes again on every machine. */
static unsigned draw(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % n;
}

/* ---- one history ----------------------------------------------------------------------------- */

struct walk {
	struct foi_history history;
	struct foi_move_record moves[2 * TRIES];
	struct foi_status now;
	struct foi_law law;
	struct statute_settings settings;
	struct day day; /* about when the next move is */
	int number;
};

static void draw_settings(struct statute_settings *s)
{
	*s = statute_settings_default;
	if (draw(3) == 0)
		return;
	s->eir_charge_days = 1 + draw(250);
	s->eir_charge = (enum statute_fee) draw(STATUTE_FEE_ENDS + 1);
	s->eir_particulars_restart = draw(2);
	s->eir_transfer_ends = draw(2);
	s->foia_extension_needs_date = draw(2);
	s->foisa_clarification_restarts = draw(2);
}

static void begin(struct walk *w, int number)
{
	*w = (struct walk){ .number = number };
	w->day = day_add((struct day){ 16801 }, (int32_t) draw(2500)); /* 2016 to 2022 */
	w->history.begins[0] =
		(struct foi_part_begin){ .kind = draw(4) ? CASE_REQUEST : CASE_REVIEW,
			.regime = (enum statute_regime) draw(STATUTE_SAR),
			.rule = (enum statute_rule) draw(STATUTE_RULE_COUNT),
			.received = w->day };
	w->history.n_parts = 1;
	w->history.moves = w->moves;
	draw_settings(&w->settings);
	w->law = (struct foi_law){
		.calendar = calendar, .settings = &w->settings, .today = { 20000 }
	};
	assert_int_equal(foi_history_replay(&w->history, 0, &w->settings, &w->now, NULL), 0);
}

static void draw_exemptions(struct foi_details *d, enum statute_regime regime)
{
	static const char *const sections[STATUTE_REGIME_COUNT][3] = {
		[STATUTE_FOIA] = { "s.31(1)", "s.21", "s.43(2)" },
		[STATUTE_EIR] = { "reg 12(4)(b)", "reg 12(5)(e)", "reg 13(1)" },
		[STATUTE_FOISA] = { "s.25(1)", "s.30(c)", "s.33(1)(b)" },
		[STATUTE_SAR] = { "s.31(1)", "reg 12(4)(b)", "s.25(1)" },
	};

	d->n_exemptions = 1;
	(void) snprintf(d->exemptions[0].section, sizeof d->exemptions[0].section, "%s",
		sections[regime][draw(3)]);
}

static void draw_details(struct foi_move_record *m, enum statute_regime regime)
{
	const struct foi_move_row *row = foi_move_of(m->move);
	unsigned wanted = row->needs | (draw(2) ? row->may : 0);
	struct foi_details *d = &m->details;

	if (wanted & FOI_DETAIL_TEXT)
		(void) snprintf(d->text, sizeof d->text, "a text");
	if (wanted & FOI_DETAIL_OUTCOME)
		d->outcome = (enum foi_outcome)(1 + draw(FOI_OUTCOME_COUNT - 1));
	if (wanted & FOI_DETAIL_EXEMPTIONS)
		draw_exemptions(d, regime);
	d->has_regime = wanted & FOI_DETAIL_REGIME;
	if (d->has_regime)
		d->regime = (enum statute_regime) draw(STATUTE_REGIME_COUNT);
	d->is_complex = d->is_voluminous = (wanted & FOI_DETAIL_REASONS) != 0;
	d->has_until = wanted & FOI_DETAIL_UNTIL;
	if (d->has_until)
		d->until = day_add(m->day, (int32_t) draw(60));
}

/* Mostly a move that the part may make; days mostly rise. */
static struct foi_move_record draw_move(struct walk *w)
{
	struct foi_move_record m = { .id = (int64_t) w->history.n_moves + 1,
		.is_person = true,
		.move = (enum foi_move) draw(FOI_MOVE_UNDONE) };
	unsigned part = draw((unsigned) w->now.n_parts);

	m.day = day_add(w->day, draw(5) ? (int32_t) draw(8) : -(int32_t) draw(8));
	if (!foi_move_of(m.move)->is_of_case)
		m.part = part + 1;
	if (m.move == FOI_MOVE_PART_ADDED)
		m.part = (unsigned) w->now.n_parts + 1;
	draw_details(&m, w->now.parts[part].regime);
	/* As it is kept; a record without it goes by the settings. */
	if (m.part > 0 && draw(2) && foi_effect_is_chosen(m.move, w->now.parts[part].regime))
		m.details.effect = foi_effect_of(m.move, w->now.parts[part].regime, &w->settings);
	return m;
}

/* ---- what must hold -------------------------------------------------------------------------- */

static void describe_part(const struct foi_part *p, char *text, size_t room)
{
	size_t n = (size_t) snprintf(text, room, "%d %d %d %u %d %d %zu %zu %d%d%d%d%d%d %d %d %d",
		(int) p->state, (int) p->regime, p->received.n, p->working_days, (int) p->wait,
		p->wait == FOI_WAIT_NOTHING ? 0 : p->wait_since.n, p->n_pauses, p->n_exemptions,
		p->is_extended, p->has_until, p->is_notice_given, p->is_transferred,
		p->is_holding_told, p->is_clock_changed, p->has_until ? p->until.n : 0,
		(int) p->outcome, p->outcome == FOI_OUTCOME_NONE ? 0 : p->ended.n);

	for (size_t i = 0; i < p->n_pauses; i++)
		n += (size_t) snprintf(
			text + n, room - n, " %d-%d", p->pauses[i].notice.n, p->pauses[i].paid.n);
}

static void assert_same(const struct walk *w, const struct foi_status *a,
	const struct foi_status *b, const char *what)
{
	char one[TEXT_MAX], other[TEXT_MAX];

	assert_int_equal(a->n_parts, b->n_parts);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->is_closed, b->is_closed);
	assert_int_equal(a->n_regulator, b->n_regulator);
	assert_int_equal(a->is_clock_changed, b->is_clock_changed);
	for (size_t i = 0; i < a->n_parts; i++) {
		describe_part(&a->parts[i], one, sizeof one);
		describe_part(&b->parts[i], other, sizeof other);
		if (strcmp(one, other) != 0)
			fail_msg("history %d, %s: part %zu: %s / %s", w->number, what, i + 1, one,
				other);
	}
}

static void check_part(const struct walk *w, const struct foi_part *p)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	struct fault f = { 0 };

	assert_int_equal(p->outcome != FOI_OUTCOME_NONE, !foi_case_is_live(p->state));
	if (p->state == FOI_CASE_WAITING)
		assert_int_not_equal(p->wait, FOI_WAIT_NOTHING);
	if (!foi_case_is_live(p->state))
		return;
	if (foi_part_count(p, &w->law, &clock, &f) < 0)
		fail_msg("history %d: a live part has no last day: %s", w->number, f.text);
	assert_true(day_compare(clock.deadline.due, p->received) > 0);
	if (p->state == FOI_CASE_WAITING)
		assert_true(day_compare(clock.due, p->wait_since) > 0);
	else
		assert_true(day_compare(clock.due, p->received) >= 0);
}

static void check_status(const struct walk *w, const struct foi_status *s)
{
	bool is_open = false, is_live = false;

	for (size_t i = 0; i < s->n_parts; i++) {
		check_part(w, &s->parts[i]);
		is_open = is_open || s->parts[i].state == FOI_CASE_OPEN;
		is_live = is_live || foi_case_is_live(s->parts[i].state);
	}
	if (s->is_closed)
		assert_int_equal(s->state, FOI_CASE_CLOSED);
	else
		assert_int_equal(s->state, is_open   ? FOI_CASE_OPEN
					   : is_live ? FOI_CASE_WAITING
						     : FOI_CASE_ANSWERED);
}

/* ---- the walks ------------------------------------------------------------------------------- */

/* Takes back some move; then the history goes on from there. */
static void undo_some(struct walk *w)
{
	struct foi_history *h = &w->history;
	const struct foi_move_record *target = &h->moves[draw((unsigned) h->n_moves)];
	struct foi_status without = { 0 };

	if (target->move == FOI_MOVE_UNDONE || !foi_history_find(h, target->id) ||
		foi_history_replay(h, target->id, &w->settings, &without, NULL) < 0)
		return;
	h->moves[h->n_moves] = (struct foi_move_record){
		.id = (int64_t) h->n_moves + 1, .move = FOI_MOVE_UNDONE, .undoes = target->id
	};
	h->n_moves++;
	w->now = without;
}

/* Return: whether the move was possible. */
static bool step(struct walk *w)
{
	struct foi_history *h = &w->history;
	struct foi_status before = w->now, replayed = { 0 };
	struct foi_move_record m = draw_move(w);
	struct fault f = { 0 };
	int r = foi_history_try(&w->now, &m, &w->law, &f);

	if (r < 0) {
		assert_same(w, &w->now, &before, "a refused move");
		assert_true(f.text[0]);
		return false;
	}
	if (m.move == FOI_MOVE_PART_ADDED)
		h->n_parts++;
	h->moves[h->n_moves++] = m;
	w->day = m.day;
	assert_int_equal(foi_history_replay(h, 0, &w->settings, &replayed, &f), 0);
	assert_same(w, &w->now, &replayed, "replayed");
	assert_int_equal(foi_history_replay(h, m.id, &w->settings, &replayed, &f), 0);
	if (m.move != FOI_MOVE_PART_ADDED) /* its number stays used */
		assert_same(w, &before, &replayed, "undone");
	return true;
}

static unsigned walk(struct walk *w, int number)
{
	unsigned moves = 0;

	begin(w, number);
	for (int i = 0; i < TRIES; i++) {
		moves += step(w);
		if (w->history.n_moves > 0 && draw(8) == 0)
			undo_some(w);
		check_status(w, &w->now);
	}
	return moves;
}

static void every_history_can_be_taken_again(void **state)
{
	static struct walk w;
	unsigned moves = 0;

	(void) state;
	seed = 20001130;
	for (int i = 0; i < HISTORIES; i++)
		moves += walk(&w, i);
	assert_true(moves > 5 * HISTORIES); /* else the walks look at nothing */
}

/* A setting of [law] is another one after an upgrade or by the authority's choice. */
static void no_setting_ends_a_history(void **state)
{
	static struct walk w;
	static struct foi_status settled;
	unsigned unfit = 0;

	(void) state;
	seed = 20020528;
	for (int i = 0; i < HISTORIES; i++) {
		walk(&w, i);
		foi_history_settle(&w.history, 0, &w.settings, &settled);
		assert_int_equal(settled.n_unfit, 0);
		assert_same(&w, &w.now, &settled, "settled");
		draw_settings(&w.settings);
		foi_history_settle(&w.history, 0, &w.settings, &settled);
		unfit += settled.n_unfit;
		for (size_t n = 0; n < settled.n_parts; n++)
			check_part(&w, &settled.parts[n]);
	}
	assert_true(unfit > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_history_can_be_taken_again),
		cmocka_unit_test(no_setting_ends_a_history),
	};

	return cmocka_run_group_tests(tests, load_calendar, free_calendar);
}
