/* test_intake_review.c - what the history of a review says about the day it was asked for. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/store_internal.h"
#include "tests/support/intake_world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define JANE	 "From: Jane Roe <jane@example.net>\n"
#define ASKS	 "Under the Freedom of Information Act, how many bicycles does the force own?"
#define REVIEW	 "I request an internal review of your decision."

#define ANSWERED                                                                                   \
	"UPDATE part SET state = 'answered', ended = '2018-06-14' WHERE case_id = 1;"              \
	"UPDATE foi_case SET state = 'answered' WHERE id = 1;"

/* A request of 16 May 2018, its last day 14 June 2018, and a demand for review. */
static const struct {
	const char *why;
	enum statute_regime regime;
	const char *sql; /* what became of the request before */
	int32_t days;	 /* after 16 May on which the review is asked for, at 09:15 UTC */
	const char *says;
	bool is_late;
} rows[] = {
	{ "within the Code's time", STATUTE_FOIA, ANSWERED, 40,
		"asked for on 25 June 2018, in time: the request was answered on 14 June 2018, and"
		" a review may be asked for until 13 August 2018 (40 working days; s.45 Code of"
		" Practice 2018, section 5)",
		false },
	{ "on its last day", STATUTE_FOIA, ANSWERED, 89, "asked for on 13 August 2018, in time",
		false },
	{ "a day late", STATUTE_FOIA, ANSWERED, 90,
		"asked for on 14 August 2018, late: % its clock runs all the same, and an officer"
		" decides",
		true },
	{ "about silence", STATUTE_FOIA, "", 40,
		"asked for on 25 June 2018: the request was not answered; its last day for an"
		" answer is 14 June 2018, and the time to ask for a review begins with the answer",
		false },
	{ "silence has an end in Scotland", STATUTE_FOISA, "", 90,
		"asked for on 14 August 2018, late: the request was not answered; its last day for"
		" an answer is 14 June 2018, and a review may be asked for until 10 August 2018 (40"
		" working days; FOISA 2002 s.20(5))",
		true },
	{ "withdrawn is not answered: no day is known", STATUTE_FOIA,
		"UPDATE part SET state = 'closed' WHERE case_id = 1", 90, "% was not answered",
		false },
	{ "a part that is still open has no answer", STATUTE_FOIA,
		"UPDATE part SET ended = '2018-05-20' WHERE case_id = 1", 40, "% was not answered",
		false },
	{ "the later of two answers, under its law", STATUTE_FOIA,
		ANSWERED "INSERT INTO part (case_id, n, question, regime, state, due, ended) VALUES"
			 " (1, 2, 'air', 'eir', 'closed', '2018-06-20', '2018-06-18')",
		40, "% answered on 18 June 2018, % until 15 August 2018 (40 % EIR 2004 reg 11(2))",
		false },
	{ "the last day is the earliest of the parts'", STATUTE_FOIA,
		"INSERT INTO part (case_id, n, question, regime, state, due) VALUES"
		" (1, 2, 'air', 'eir', 'open', '2018-06-12')",
		40, "% last day for an answer is 12 June 2018%", false },
};

static void ask(struct intake_world *w, const char *headers)
{
	intake_world_take(w, headers, REVIEW);
	assert_int_equal(w->out.verdict.fate, FATE_REVIEW);
	assert_int_equal(w->out.n_cases, 1);
}

static void the_history_says_whether_it_is_in_time(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned expected = rows[i].is_late ? (unsigned) FOI_CASE_REVIEW_LATE : 0;
		struct intake_world *w;
		char sql[1024];

		print_message("%s\n", rows[i].why);
		assert_int_equal(intake_world_setup((void **) &w), 0);
		w->conf->mailboxes[0].regime = rows[i].regime;
		intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
		assert_int_equal(
			sqlite3_exec(w->in.store->db, rows[i].sql, NULL, NULL, NULL), SQLITE_OK);
		w->now += (int64_t) rows[i].days * 86400;
		ask(w, JANE "Subject: Re: FOI 000001/18\n");
		assert_int_equal(w->out.cases[0].flags, expected);
		assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 2"),
			expected);
		(void) snprintf(sql, sizeof sql,
			"SELECT count(*) FROM event WHERE case_id = 2 AND actor = 'daemon'"
			" AND what = 'review-asked' AND why LIKE '%s%%'",
			rows[i].says);
		if (intake_world_number(w, sql) != 1)
			fail_msg(
				"%s", intake_world_text(w,
					      "SELECT why FROM event WHERE what = 'review-asked'"));
		/* Late or not, the clock runs and the requester is answered. */
		assert_int_equal(w->out.cases[0].state, FOI_CASE_OPEN);
		assert_int_equal(w->out.is_queued, true);
		assert_int_equal(intake_world_teardown((void **) &w), 0);
	}
}

/* The seed of a real letter: its "20 days" are days of the calendar. */
static void the_authority_has_its_own_window(void **state)
{
	struct intake_world *w = *state;

	w->conf->review_window = (struct review_window){ 20, REVIEW_WINDOW_DAYS };
	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	assert_int_equal(sqlite3_exec(w->in.store->db, ANSWERED, NULL, NULL, NULL), SQLITE_OK);
	w->now += 49 * 86400;
	ask(w, JANE "Subject: Re: FOI 000001/18\n");
	assert_int_equal(w->out.cases[0].flags, 0); /* 4 July 2018 */
	w->now += 86400;
	ask(w, JANE "Subject: FOI 000001/18\n");
	assert_int_equal(w->out.cases[0].flags, FOI_CASE_REVIEW_LATE);
}

/* The mailbox's law is FOIA, the request named the Regulations, and the demand names nothing or the
 * Act: the review is one of EIR 2004 reg 11, with its 40 working days. */
static void a_review_falls_under_the_law_of_its_request(void **state)
{
	static const char *const demands[] = { REVIEW,
		"Under the Freedom of Information Act I request an internal review." };
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Air\n",
		"Under the Environmental Information Regulations, how clean is the air?");
	assert_int_equal(w->out.verdict.regime, STATUTE_EIR);
	for (size_t i = 0; i < COUNT(demands); i++) {
		char iso[DAY_ISO_MAX];

		intake_world_take(w, JANE "Subject: Re: FOI 000001/18\n", demands[i]);
		assert_int_equal(w->out.verdict.fate, FATE_REVIEW);
		assert_int_equal(w->out.verdict.regime, STATUTE_EIR);
		assert_string_equal(day_iso(w->out.cases[0].due, iso), "2018-07-13");
	}
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'opened'"
						" AND why LIKE '%falls under the EIR%'"),
		2);
	/* And the other way round. */
	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	intake_world_take(w, JANE "Subject: Re: FOI 000002/18\n",
		"Under the Environmental Information Regulations I request an internal review.");
	assert_int_equal(w->out.verdict.fate, FATE_REVIEW);
	assert_int_equal(w->out.verdict.regime, STATUTE_FOIA);
	/* Subject access knows no review. */
	assert_int_equal(sqlite3_exec(w->in.store->db,
				 "UPDATE part SET regime = 'sar' WHERE case_id ="
				 " (SELECT id FROM foi_case WHERE reference = 'FOI 000002/18')",
				 NULL, NULL, NULL),
		SQLITE_OK);
	intake_world_take(w, JANE "Subject: Re: FOI 000002/18\n", REVIEW);
	assert_int_equal(w->out.verdict.regime, STATUTE_FOIA);
}

static void without_a_known_request_nothing_is_said(void **state)
{
	struct intake_world *w = *state;

	ask(w, JANE "Subject: Internal review of Freedom of Information request - Bicycles\n");
	assert_int_equal(w->out.cases[0].flags, FOI_CASE_NO_PARENT);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'review-asked'"),
		0);
}

static void no_case_has_no_answer(void **state)
{
	struct intake_world *w = *state;
	struct review_window_answer answer;
	struct fault f = { 0 };

	assert_int_equal(store_case_answer(w->in.store, 7, &answer, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_MISSING);
}

#define WORLD_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_history_says_whether_it_is_in_time),
		WORLD_TEST(the_authority_has_its_own_window),
		WORLD_TEST(a_review_falls_under_the_law_of_its_request),
		WORLD_TEST(without_a_known_request_nothing_is_said),
		WORLD_TEST(no_case_has_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
