/* reminders_world.c - runs of the reminders over cases in a real store, for tests. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "tests/support/reminders_world.h"

const struct officer_look reminders_world_looks[1] = { { .mailbox = "foi", .last_look = 1 } };

struct reminders reminders_world_of(struct intake_world *w)
{
	return (struct reminders){
		.store = w->fixture->store, .conf = w->conf, .calendar = w->calendar
	};
}

void reminders_world_sql(struct intake_world *w, const char *text)
{
	store_fixture_run(w->fixture, text);
}

/* Half past seven of that day. */
int64_t reminders_world_morning(const char *iso)
{
	return day_start(store_fixture_day(iso)) + 27000;
}

int64_t reminders_world_case(struct intake_world *w, const char *reference,
	enum foi_case_state state, enum statute_regime regime, const char *due)
{
	struct foi_case_opening c = store_fixture_opening(reference);
	struct fault f = { 0 };
	int64_t id;

	c.state = state;
	c.deadline.regime = regime;
	c.deadline.due = store_fixture_day(due);
	store_fixture_expect(store_begin(w->fixture->store, &f), &f);
	store_fixture_expect(store_case_add(w->fixture->store, &c, &id, &f), &f);
	store_fixture_expect(store_commit(w->fixture->store, &f), &f);
	return id;
}

bool reminders_world_is_due(struct intake_world *w, int64_t now)
{
	struct reminders in = reminders_world_of(w);
	struct fault f = { 0 };
	int64_t when = 0;

	store_fixture_expect(reminders_next(&in, now, &when, &f), &f);
	return when <= now;
}

static const char letters[] = {
	[REMINDER_NEAR] = 'N', [REMINDER_PASSED] = 'P', [REMINDER_LAPSE] = 'L'
};

/* One step, committed; what it decided is added to @ret: "N5" or with its reference "A:N5". */
void reminders_world_step(struct intake_world *w, struct reminders_run *run, int64_t now,
	bool with_reference, char ret[static REMINDERS_WORLD_TEXT_MAX])
{
	struct reminders in = reminders_world_of(w);
	struct fault f = { 0 };

	store_fixture_expect(store_begin(in.store, &f), &f);
	store_fixture_expect(reminders_step(&in, run, now, reminders_world_looks, 1, &f), &f);
	store_fixture_expect(store_commit(in.store, &f), &f);
	for (size_t i = 0; i < run->n_told; i++) {
		const struct reminder *told = &run->told[i];
		size_t n = strlen(ret);

		(void) snprintf(ret + n, REMINDERS_WORLD_TEXT_MAX - n, "%s%s%s%c%u", n ? " " : "",
			with_reference ? told->reference : "", with_reference ? ":" : "",
			letters[told->kind], told->days);
	}
}

/* A whole run, due or not. @ret_run: what it came to; may be NULL. */
void reminders_world_run(struct intake_world *w, int64_t now, bool with_reference,
	char ret[static REMINDERS_WORLD_TEXT_MAX], struct reminders_run *ret_run)
{
	CLEANUP(freep) struct reminders_run *run = malloc(sizeof *run);
	struct reminders in = reminders_world_of(w);

	assert_non_null(run);
	ret[0] = '\0';
	reminders_begin(&in, now, run);
	while (!run->is_done)
		reminders_world_step(w, run, now, with_reference, ret);
	if (ret_run)
		*ret_run = *run;
}
