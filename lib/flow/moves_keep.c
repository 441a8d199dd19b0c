/* moves_keep.c - what follows from a case's moves, kept: states and last days.
 *
 * Days are counted for parts whose clock runs or waits. A part that has ended keeps the days that it
 * ended under, unless what made them is undone. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/moves_internal.h"

struct foi_law moves_law(const struct moves *in, int64_t now)
{
	return (struct foi_law){
		.calendar = in->calendar, .settings = &in->conf->law, .today = day_of_instant(now)
	};
}

void moves_done(struct moves_work *w)
{
	w->file = store_file_free(w->file);
}

int moves_begin(
	const struct moves *in, int64_t case_id, int64_t now, struct moves_work *w, struct fault *f)
{
	int r;

	*w = (struct moves_work){ .in = in, .now = now, .law = moves_law(in, now) };
	r = store_file_load(in->store, case_id, &w->file, f);
	if (r == 0)
		foi_history_settle(&w->file->history, 0, &in->conf->law, &w->status);
	return r;
}

static bool is_same_optional(bool has_a, struct day a, bool has_b, struct day b)
{
	return has_a == has_b && (!has_a || day_compare(a, b) == 0);
}

/* Whether a count says the same as what is kept. */
static bool is_same_days(const struct store_part *a, const struct store_part *b)
{
	return day_compare(a->due, b->due) == 0 && a->is_provisional == b->is_provisional &&
	       is_same_optional(a->has_notice, a->notice, b->has_notice, b->notice) &&
	       is_same_optional(a->has_final, a->final, b->has_final, b->final);
}

static int add_deadline(struct moves_work *w, const struct foi_part *part,
	const struct store_part *now, const char *cause, struct fault *f)
{
	struct foi_case_deadline d = { .regime = part->regime,
		.rule = part->begin.rule,
		.working_days = part->working_days,
		.received = part->received,
		.due = now->due,
		.is_provisional = now->is_provisional };

	(void) snprintf(d.calendar_hash, sizeof d.calendar_hash, "%s", now->checked);
	return store_deadline_add(w->in->store, now->id, w->now, cause, &d, f);
}

/* The days of a part whose clock runs or waits. */
static int count_part(
	struct moves_work *w, const struct foi_part *part, struct store_part *now, struct fault *f)
{
	CLEANUP(foi_clock_done) struct foi_clock clock = { 0 };
	int r = foi_part_count(part, &w->law, &clock, f);

	if (r < 0)
		return r;
	now->due = clock.due;
	now->is_provisional = clock.is_provisional;
	now->has_notice = clock.has_notice;
	now->notice = clock.notice;
	now->has_final = clock.has_final;
	now->final = clock.final;
	(void) snprintf(now->checked, sizeof now->checked, "%s", clock.deadline.calendar_hash);
	return 0;
}

/* Return: 1 its last day has changed; 0; negative errno. */
static int keep_part(struct moves_work *w, size_t i, const char *cause, struct fault *f)
{
	const struct foi_part *part = &w->status.parts[i];
	struct store_part *kept = &w->file->parts[i];
	struct store_part now = *kept;
	bool is_changed;
	int r = 0;

	now.state = w->status.is_closed ? FOI_CASE_CLOSED : part->state;
	now.regime = part->regime;
	now.outcome = part->outcome;
	now.has_ended = part->outcome != FOI_OUTCOME_NONE;
	now.ended = part->ended;
	if (foi_case_is_live(part->state) || w->is_count_stale[i])
		r = count_part(w, part, &now, f);
	is_changed = !is_same_days(&now, kept);
	if (r == 0 && is_changed)
		r = add_deadline(w, part, &now, cause, f);
	if (r == 0)
		r = store_part_set(w->in->store, &now, f);
	if (r < 0)
		return r;
	*kept = now;
	return is_changed;
}

/* The case's last day: the earliest of its running parts; where none runs, of those that wait. */
static struct moves_days days_of(const struct moves_work *w)
{
	struct moves_days days = { .due = w->file->due };

	for (size_t i = 0; i < w->status.n_parts; i++) {
		const struct store_part *part = &w->file->parts[i];

		if (part->state != w->status.state)
			continue;
		if (!foi_case_is_live(part->state))
			continue;
		if (!days.has_due || day_compare(part->due, days.due) < 0)
			days.due = part->due;
		days.has_due = true;
		days.is_provisional = days.is_provisional || part->is_provisional;
	}
	return days;
}

static int keep_case(struct moves_work *w, const struct moves_days *days, struct fault *f)
{
	bool is_told = w->file->has_acknowledged && !w->status.is_clock_changed;
	bool is_otherwise = is_told && days->has_due && foi_case_is_running(w->status.state) &&
			    day_compare(days->due, w->file->acknowledged) != 0;
	const struct store_case_now now = { .state = w->status.state,
		.due = days->due,
		.is_provisional = days->is_provisional,
		.is_told = is_told,
		.clear = FOI_CASE_PROVISIONAL | FOI_CASE_ICO | FOI_CASE_TOLD_OTHERWISE,
		.set = (days->is_provisional ? (unsigned) FOI_CASE_PROVISIONAL : 0) |
		       (w->status.n_regulator > 0 ? (unsigned) FOI_CASE_ICO : 0) |
		       (is_otherwise ? (unsigned) FOI_CASE_TOLD_OTHERWISE : 0) };
	int r = store_case_set(w->in->store, w->file->id, &now, f);

	if (r < 0)
		return r;
	w->file->state = now.state;
	w->file->due = now.due;
	w->file->is_told = is_told;
	w->file->told = w->file->acknowledged;
	return 0;
}

int moves_keep(struct moves_work *w, const char *cause, struct moves_days *ret, struct fault *f)
{
	struct day before = w->file->due;
	struct moves_days days;
	int changed = 0;
	int r;

	for (size_t i = 0; i < w->status.n_parts; i++) {
		r = keep_part(w, i, cause, f);
		if (r < 0)
			return r;
		changed |= r;
	}
	days = days_of(w);
	r = keep_case(w, &days, f);
	if (r < 0)
		return r;
	*ret = days;
	return changed || day_compare(before, days.due) != 0;
}

int moves_load(const struct moves *in, const char *reference, struct store_file **ret_file,
	struct foi_status *ret_status, struct fault *f)
{
	CLEANUP(store_file_freep) struct store_file *file = NULL;
	int64_t id;
	int r = store_file_find(in->store, reference, &id, f);

	if (r == 0)
		r = store_file_load(in->store, id, &file, f);
	if (r == 0)
		foi_history_settle(&file->history, 0, &in->conf->law, ret_status);
	if (r == 0)
		*ret_file = TAKE_PTR(file);
	return r;
}
