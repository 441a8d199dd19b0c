/* test_intake_answered.c - mail on a case that is answered, in all its parts or in some. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/moves_world.h"

#define ANSWERED "responded 2018-05-25 outcome=granted"
#define REPLY	 "From: Jane Roe <jane@example.net>\nSubject: Re: FOI 000001/18\n"

/* What came before the mail, the mail, and what it is then. */
static const struct row {
	const char *why;
	const char *moves;
	const char *text;
	enum fate fate;
	bool clock;
	const char *rule;
	size_t n_cases;
} rows[] = {
	{ "a question on an answered case", ANSWERED, "And where are they kept?", FATE_TRIAGE, true,
		"on-closed-case", 1 },
	{ "the same on a closed case", ANSWERED "; closed 2018-05-26", "And where are they kept?",
		FATE_TRIAGE, true, "on-closed-case", 1 },
	{ "a remark on an answered case", ANSWERED, "Your table has only nine rows.", FATE_TRIAGE,
		true, "on-closed-case", 1 },
	{ "thanks on an answered case", ANSWERED, "Thank you very much.", FATE_CORRESPONDENCE,
		false, "thanks", 0 },
	{ "a demand for review on an answered case", ANSWERED,
		"I request an internal review of this.", FATE_REVIEW, true, "asks-for-review", 1 },
	{ "withdrawn is as good as answered", "withdrawn 2018-05-25", "And where are they kept?",
		FATE_TRIAGE, true, "on-closed-case", 1 },
	{ "one part of two is answered", "part-added 2018-05-17 text=Where?; " ANSWERED " part=1",
		"And where are they kept?", FATE_CORRESPONDENCE, true, "added-questions", 0 },
	{ "both parts are answered",
		"part-added 2018-05-17 text=Where?; " ANSWERED " part=1; " ANSWERED " part=2",
		"And where are they kept?", FATE_TRIAGE, true, "on-closed-case", 1 },
	{ "the answer was undone", ANSWERED "; undone 2018-05-26", "And where are they kept?",
		FATE_CORRESPONDENCE, true, "added-questions", 0 },
};

static bool has_rule(const struct triage_verdict *v, const char *rule)
{
	for (size_t i = 0; i < v->n_reasons; i++)
		if (strcmp(v->reasons[i].rule, rule) == 0)
			return true;
	return false;
}

static void one_row(const struct row *row)
{
	void *state = NULL;
	struct intake_world *w;

	assert_int_equal(intake_world_setup(&state), 0);
	w = state;
	moves_world_take(w);
	(void) moves_world_run(w, "FOI 000001/18", row->moves);
	w->now += 20 * 86400;
	intake_world_take(w, REPLY, row->text);
	if (w->out.verdict.fate != row->fate || w->out.verdict.clock != row->clock ||
		w->out.n_cases != row->n_cases || !has_rule(&w->out.verdict, row->rule))
		fail_msg("%s: %s", row->why, fate_word(w->out.verdict.fate));
	/* The officer finds the one from the other. */
	if (row->fate == FATE_TRIAGE)
		assert_string_equal(
			intake_world_text(w, "SELECT case_id || ' ' || other || ' ' || how"
					     " FROM case_link"),
			"1 2 related");
	assert_int_equal(w->out.is_queued, row->fate == FATE_REVIEW);
	assert_int_equal(intake_world_teardown(&state), 0);
}

static void mail_on_an_answered_case(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		one_row(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail_on_an_answered_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
