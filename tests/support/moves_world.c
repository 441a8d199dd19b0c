/* moves_world.c - orders of officers on cases in a real store, for tests. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/move_script.h"
#include "tests/support/moves_world.h"

/* A request that came by mail on 16 May 2018 and was acknowledged: FOI 000001/18. */
void moves_world_take(struct intake_world *w)
{
	intake_world_take(w, "From: Jane Doe <jane@example.net>\nSubject: FOI request\n",
		"Please send me a list of all contracts under the Freedom of Information Act.");
	assert_int_equal(w->out.n_cases, 1);
	assert_string_equal(w->out.cases[0].reference, "FOI 000001/18");
	assert_true(w->out.is_queued);
}

struct moves moves_world_of(const struct intake_world *w)
{
	return (struct moves){ .store = w->in.store, .conf = w->conf, .calendar = w->in.calendar };
}

struct moves_order moves_world_order(const struct foi_move_record *m, const char *reference)
{
	bool is_of_case = foi_move_of(m->move)->is_of_case;

	return (struct moves_order){ .reference = reference,
		.move = m->move,
		.part = is_of_case ? 0 : m->part,
		.has_day = true,
		.day = m->day,
		.undoes = m->undoes,
		.details = m->details,
		.actor = m->is_person ? "uid 1000 (jane)" : "daemon",
		.is_person = m->is_person,
		.why = "as the officer says" };
}

int moves_world_record(struct intake_world *w, const struct moves_order *o,
	struct moves_result *ret, struct fault *f)
{
	const struct moves in = moves_world_of(w);
	int r;

	store_fixture_expect(store_begin(w->in.store, f), f);
	r = moves_record(&in, o, MOVES_WORLD_LATER, ret, f);
	if (r == 0)
		store_fixture_expect(store_commit(w->in.store, f), f);
	else
		store_rollback(w->in.store);
	return r;
}

/* All moves of a script on one case; the result of the last. */
struct moves_result moves_world_run(
	struct intake_world *w, const char *reference, const char *script)
{
	struct moves_result result = { 0 };
	struct foi_move_record m;
	struct fault f = { 0 };

	while (move_script_next(&script, &m)) {
		const struct moves_order o = moves_world_order(&m, reference);

		if (moves_world_record(w, &o, &result, &f) < 0)
			fail_msg("%s: %s", foi_move_of(m.move)->word, f.text);
	}
	return result;
}

void moves_world_refused(struct intake_world *w, const char *reference, const char *script,
	int expected, const char *part)
{
	struct moves_result result = { .case_id = 4711 };
	struct foi_move_record m;
	struct fault f = { 0 };
	int64_t events = intake_world_number(w, "SELECT count(*) FROM event");

	assert_true(move_script_next(&script, &m));
	const struct moves_order o = moves_world_order(&m, reference);

	assert_int_equal(moves_world_record(w, &o, &result, &f), expected);
	assert_int_equal(f.code, expected);
	if (!strstr(f.text, part))
		fail_msg("%s, expected %s", f.text, part);
	assert_int_equal(result.case_id, 4711);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM event"), events);
}

void moves_world_day(struct day d, const char *expected)
{
	char iso[DAY_ISO_MAX];

	assert_string_equal(day_iso(d, iso), expected);
}
