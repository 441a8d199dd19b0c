/* reminders.c - which last days are near or past, and when that is looked at. */
/* SPDX-License-Identifier: MIT */
#include "flow/reminders.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/statute.h"
#include "flow/reminders_internal.h"

enum {
	CLOCK_WRONG_DAYS = 7,	/* a day further ahead was written by a clock that was wrong */
	HOLIDAYS_MAX_DAYS = 60, /* in a row, until a working day is found */
};

/* ---- when ------------------------------------------------------------------------------------ */

int64_t reminders_instant(const struct config *conf, struct day day)
{
	int64_t wanted = (int64_t) conf->reminders_at * 60;
	int64_t instant = day_start(day) + wanted;
	struct day_time shown = day_london_time(instant);

	/* Where the clocks change before that time, it is an hour away from where it was counted. */
	return instant + wanted - (int64_t) shown.hour * 3600 - (int64_t) shown.minute * 60;
}

static bool is_working_day(const struct reminders *in, struct day day)
{
	return statute_is_working_day(in->conf->regime, in->calendar, day);
}

/* The first day from @day on whose run is still to be. */
static struct day next_day(const struct reminders *in, struct day day)
{
	for (unsigned i = 0; i < HOLIDAYS_MAX_DAYS && !is_working_day(in, day); i++)
		day = day_add(day, 1);
	return day;
}

int reminders_next(const struct reminders *in, int64_t now, int64_t *ret_when, struct fault *f)
{
	struct day day = day_of_instant(now);
	struct store_daily last = { 0 };
	int r = store_daily(in->store, REMINDERS_NAME, &last, f);

	if (r < 0)
		return r;
	if (r > 0 && day_compare(last.day, day) >= 0 &&
		day_compare(last.day, day_add(day, CLOCK_WRONG_DAYS)) <= 0)
		day = day_add(last.day, 1);
	*ret_when = reminders_instant(in->conf, next_day(in, day));
	return 0;
}

void reminders_begin(const struct reminders *in, int64_t now, struct reminders_run *run)
{
	*run = (struct reminders_run){ .today = day_of_instant(now) };
	run->report.today = run->today;
	run->report.now = now;
	run->report.due_soon_days = in->conf->due_soon_days;
	run->report.escalate_after_days = in->conf->escalate_after_days;
}

/* ---- one case -------------------------------------------------------------------------------- */

/* A case of the page, kept until the rows are read: only then the store can be written. */
struct page_case {
	struct store_remind_case row; /* its reference is below */
	char reference[REFERENCE_MAX];
};

struct page {
	struct page_case cases[REMINDERS_PAGE_MAX];
	size_t n;
};

static int take_case(void *context, const struct store_remind_case *row)
{
	struct page *page = context;
	struct page_case *c = &page->cases[page->n++];

	c->row = *row;
	(void) snprintf(c->reference, sizeof c->reference, "%s", row->reference); /* same bound */
	c->row.reference = c->reference;
	return 0;
}

struct work {
	const struct reminders *in;
	struct reminders_run *run;
	int64_t now;
	struct fault *f;
};

/* Working days after @from up to @to, which is not earlier. */
static unsigned days_between(
	const struct work *w, const struct store_remind_case *c, struct day from, struct day to)
{
	int n = statute_working_days_between(c->regime, w->in->calendar, from, to);

	return n > 0 ? (unsigned) n : 0;
}

/* Gives the reminder, unless it was given. */
static int give(struct work *w, const struct store_remind_case *c, enum reminder_kind kind,
	struct day due, int step, unsigned days)
{
	struct reminders_run *run = w->run;
	struct reminder *told = &run->told[run->n_told];
	int r = store_remind_use(w->in->store, c->id, due, step, w->now, w->f);

	if (r <= 0)
		return r;
	*told = (struct reminder){ .kind = kind, .due = due, .days = days };
	(void) snprintf(told->reference, sizeof told->reference, "%s", c->reference);
	run->n_told++;
	return 0;
}

/* A day that is past, but behind which no working day was yet, counts with the next one. */
static int look_at_overdue(struct work *w, const struct store_remind_case *c, struct day rules)
{
	unsigned late = days_between(w, c, rules, w->run->today);

	officer_list_add(&w->run->report.overdue, c->reference, rules, late);
	return late > 0 ? give(w, c, REMINDER_PASSED, rules, -(int) late, late) : 0;
}

/* The nearest step that is reached or was passed; those before it are used up with it. */
static int look_at_near(struct work *w, const struct store_remind_case *c, struct day rules)
{
	const struct config_steps *steps = &w->in->conf->reminder_steps;
	unsigned left = days_between(w, c, w->run->today, rules);
	size_t n = 0;

	if (left <= w->in->conf->due_soon_days)
		officer_list_add(&w->run->report.due_soon, c->reference, rules, left);
	while (n < steps->n && steps->days[n] >= left)
		n++;
	return n > 0 ? give(w, c, REMINDER_NEAR, rules, (int) steps->days[n - 1], left) : 0;
}

static int look_at_running(struct work *w, const struct store_remind_case *c)
{
	struct day rules = c->due;

	if (c->has_told && day_compare(c->told, rules) < 0)
		rules = c->told;
	return day_compare(rules, w->run->today) < 0 ? look_at_overdue(w, c, rules)
						     : look_at_near(w, c, rules);
}

static void look_at_triage(struct work *w, const struct store_remind_case *c)
{
	struct officer_report *report = &w->run->report;
	struct day opened = day_of_instant(c->opened_at);
	unsigned age = days_between(w, c, opened, w->run->today);

	officer_list_add(&report->triage, c->reference, opened, age);
	if (!c->is_touched && age >= report->escalate_after_days)
		officer_list_add(&report->untouched, c->reference, opened, age);
}

/* Only a person records that a case has lapsed; here it is said that one may. */
static int look_at_waiting(struct work *w, const struct store_remind_case *c)
{
	if (day_compare(c->due, w->run->today) >= 0)
		return 0;
	officer_list_add(&w->run->report.lapse, c->reference, c->due, 0);
	return give(w, c, REMINDER_LAPSE, c->due, STORE_REMIND_LAPSE, 0);
}

static int look_at(struct work *w, const struct store_remind_case *c)
{
	switch (c->state) {
	case FOI_CASE_TRIAGE:
		look_at_triage(w, c);
		return look_at_running(w, c);
	case FOI_CASE_OPEN:
		return look_at_running(w, c);
	case FOI_CASE_WAITING:
		return look_at_waiting(w, c);
	case FOI_CASE_ANSWERED:
	case FOI_CASE_CLOSED:
	case FOI_CASE_STATE_COUNT:
		break;
	}
	return 0; /* the store shows live cases only */
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Return: number of cases; negative errno. */
static int look_at_page(struct work *w, struct page *page)
{
	int n = store_remind_cases(
		w->in->store, &w->run->place, REMINDERS_PAGE_MAX, take_case, page, w->f);

	for (size_t i = 0; n >= 0 && i < page->n; i++) {
		const struct store_remind_case *c = &page->cases[i].row;
		int r = look_at(w, c);

		if (r < 0)
			return r;
		w->run->place = (struct store_remind_place){ .due = c->due, .id = c->id };
	}
	return n;
}

int reminders_step(const struct reminders *in, struct reminders_run *run, int64_t now,
	const struct officer_look *looks, size_t n_looks, struct fault *f)
{
	CLEANUP(freep) struct page *page = calloc(1, sizeof *page);
	struct work w = { .in = in, .run = run, .now = now, .f = f };
	int r;

	if (!page)
		return fault_set(f, -ENOMEM, "no memory for reminders");
	run->n_told = 0;
	r = look_at_page(&w, page);
	if (r != 0)
		return r < 0 ? r : 0;
	run->report.looks = looks;
	run->report.n_looks = n_looks;
	r = reminders_end(in, run, now, f);
	run->report.looks = NULL; /* the caller's */
	run->report.n_looks = 0;
	if (r == 0)
		run->is_done = true;
	return r;
}
