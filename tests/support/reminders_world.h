/* reminders_world.h - runs of the reminders over cases in a real store, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_REMINDERS_WORLD_H
#define TESTS_REMINDERS_WORLD_H

#include "flow/reminders.h"
#include "tests/support/intake_world.h"

enum {
	REMINDERS_WORLD_TEXT_MAX = 1024,
};

/* One mailbox that was looked at. */
extern const struct officer_look reminders_world_looks[1];

struct reminders reminders_world_of(struct intake_world *w);

/* Changes the store by hand. */
void reminders_world_sql(struct intake_world *w, const char *text);

/* Half past seven of that day. */
int64_t reminders_world_morning(const char *iso);

/* Return: the id of a new case. */
int64_t reminders_world_case(struct intake_world *w, const char *reference,
	enum foi_case_state state, enum statute_regime regime, const char *due);

bool reminders_world_is_due(struct intake_world *w, int64_t now);

/* One step, committed; what it decided is added to @ret: "N5" or with its reference "A:N5". */
void reminders_world_step(struct intake_world *w, struct reminders_run *run, int64_t now,
	bool with_reference, char ret[static REMINDERS_WORLD_TEXT_MAX]);

/* A whole run, due or not. @ret_run: what it came to; may be NULL. */
void reminders_world_run(struct intake_world *w, int64_t now, bool with_reference,
	char ret[static REMINDERS_WORLD_TEXT_MAX], struct reminders_run *ret_run);

#endif
