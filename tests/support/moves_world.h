/* moves_world.h - orders of officers on cases in a real store, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_MOVES_WORLD_H
#define TESTS_MOVES_WORLD_H

#include "flow/moves.h"
#include "tests/support/intake_world.h"

enum {
	MOVES_WORLD_LATER = INTAKE_WORLD_NOW + 200 * 86400,
};

/* How the first case and its first part stand, as the store has them. */
#define MOVES_WORLD_CASE                                                                           \
	"SELECT state || ' ' || due || ' ' || coalesce(told, '-') FROM foi_case WHERE id = 1"
#define MOVES_WORLD_PART                                                                           \
	"SELECT state || ' ' || due || ' ' || coalesce(notice, '-') || ' ' || "                    \
	"coalesce(final, '-') || ' ' || outcome || ' ' || coalesce(ended, '-') FROM part WHERE "   \
	"case_id = 1 AND n = 1"

/* A request that came by mail on 16 May 2018 and was acknowledged: FOI 000001/18. */
void moves_world_take(struct intake_world *w);

struct moves moves_world_of(const struct intake_world *w);
struct moves_order moves_world_order(const struct foi_move_record *m, const char *reference);

/* One order in a transaction of its own, rolled back if it is refused. Return: of moves_record(). */
int moves_world_record(struct intake_world *w, const struct moves_order *o,
	struct moves_result *ret, struct fault *f);

/* All moves of a script (move_script.h) on one case; the result of the last. */
struct moves_result moves_world_run(
	struct intake_world *w, const char *reference, const char *script);

/* The first move of @script is refused with @expected and a text that holds @part, and nothing is
 * recorded. */
void moves_world_refused(struct intake_world *w, const char *reference, const char *script,
	int expected, const char *part);

void moves_world_day(struct day d, const char *expected);

#endif
