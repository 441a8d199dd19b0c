/* test_intake_clarify.c - the requester's answer to a request for clarification starts a new clock. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "domain/token.h"
#include "flow/moves.h"
#include "tests/support/intake_world.h"

#define JANE  "From: Jane Roe <jane@example.net>\n"
#define ASKS  "Under the Freedom of Information Act, how many bicycles does the force own?"
#define REPLY "Subject: Re: FOI 000001/18\n"
#define CASE  "SELECT state || ' ' || due || ' ' || coalesce(told, '-') FROM foi_case WHERE id = 1"

/* A request of 16 May 2018 that waits for clarification since @day. */
static void wait_since(struct intake_world *w, const char *iso)
{
	const struct moves in = {
		.store = w->in.store, .conf = w->conf, .calendar = w->in.calendar
	};
	struct moves_order o = { .reference = "FOI 000001/18",
		.move = FOI_MOVE_CLARIFICATION_ASKED,
		.has_day = true,
		.actor = "uid 1000 (jo)",
		.is_person = true,
		.why = "" };
	struct moves_result result;
	struct fault f = { 0 };

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	assert_int_equal(day_parse(iso, &o.day), 0);
	store_fixture_expect(store_begin(w->in.store, &f), &f);
	store_fixture_expect(moves_record(&in, &o, w->now + 30 * 86400, &result, &f), &f);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
	w->now += 10 * 86400; /* 26 May, a Saturday */
}

static void the_answer_starts_a_new_clock(void **state)
{
	struct intake_world *w = *state;
	char iso[DAY_ISO_MAX];

	wait_since(w, "2018-05-21");
	intake_world_take(w, JANE REPLY, "I mean bicycles of all kinds, police and private.");
	assert_int_equal(w->out.verdict.fate, FATE_CORRESPONDENCE);
	assert_true(w->out.is_clarified);
	assert_string_equal(day_iso(w->out.clarified_due, iso), "2018-06-25");
	intake_world_expect_text(w, CASE, "open 2018-06-25 -");
	intake_world_expect_text(w,
		"SELECT actor || ' ' || day FROM event WHERE what = 'clarified'",
		"daemon 2018-05-26");
}

/* It may hold a question too: it is the answer all the same, and no addition. */
static void a_question_in_the_answer_is_part_of_it(void **state)
{
	struct intake_world *w = *state;

	wait_since(w, "2018-05-21");
	intake_world_take(w, JANE REPLY, "All of them. How many of these are electric?");
	assert_true(w->out.is_clarified);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'added-questions'"),
		0);
}

static void thanks_are_no_answer(void **state)
{
	struct intake_world *w = *state;

	wait_since(w, "2018-05-21");
	intake_world_take(w, JANE REPLY, "Thank you.");
	assert_false(w->out.is_clarified);
	intake_world_expect_text(w, CASE, "waiting 2018-08-21 2018-06-14");
}

/* Filed on the case by our token, but from an address that did not ask: the clock may have to run. */
static void an_answer_from_another_address_is_proposed(void **state)
{
	struct intake_world *w = *state;
	char headers[512];
	char id[TOKEN_ID_MAX];

	wait_since(w, "2018-05-21");
	assert_int_equal(token_message_id(store_key(w->in.store), TOKEN_MESSAGE_ID, "FOI 000001/18",
				 "authority.example.org", id),
		0);
	(void) snprintf(headers, sizeof headers,
		"From: Jane Roe <jane@work.example.com>\nIn-Reply-To: %s\n", id);
	intake_world_take(w, headers, "I mean bicycles of all kinds.");
	assert_int_equal(w->out.verdict.fate, FATE_CORRESPONDENCE);
	assert_false(w->out.is_clarified);
	intake_world_expect_text(w, CASE, "waiting 2018-08-21 2018-06-14");
	intake_world_expect_text(w, "SELECT why FROM event WHERE what = 'clarification-proposed'",
		"a mail came on 26 May 2018; if it makes clear what is wanted, the clock starts "
		"anew on that day: foictl record REFERENCE clarified --on 2018-05-26");
	assert_int_equal(
		intake_world_number(w, "SELECT flags & 2048 FROM foi_case WHERE id = 1"), 2048);
}

/* "Looking forward to your reply" may stand below an answer: a person must see it. */
static void a_reminder_is_proposed(void **state)
{
	struct intake_world *w = *state;

	wait_since(w, "2018-05-21");
	intake_world_take(w, JANE REPLY, "All of them. I am looking forward to your reply.");
	assert_int_equal(w->out.verdict.fate, FATE_CORRESPONDENCE);
	assert_false(w->out.is_clarified);
	assert_int_equal(
		intake_world_number(
			w, "SELECT count(*) FROM event WHERE what = 'clarification-proposed'"),
		1);
}

static void a_stranger_answers_nothing(void **state)
{
	struct intake_world *w = *state;

	wait_since(w, "2018-05-21");
	intake_world_take(w, "From: Kim Foe <kim@example.com>\n" REPLY, "I mean all of them.");
	assert_false(w->out.is_clarified);
	intake_world_expect_text(w, CASE, "waiting 2018-08-21 2018-06-14");
}

static void a_case_whose_clock_runs_is_left_alone(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	intake_world_take(w, JANE REPLY, "I mean all of them.");
	assert_false(w->out.is_clarified);
	intake_world_expect_text(w, CASE, "open 2018-06-14 2018-06-14");
}

/* The mail came before it was asked: it cannot be the answer. */
static void an_older_mail_is_no_answer(void **state)
{
	struct intake_world *w = *state;

	wait_since(w, "2018-05-28");
	intake_world_take(w, JANE REPLY, "I mean all of them.");
	assert_int_equal(w->out.verdict.fate, FATE_CORRESPONDENCE);
	assert_false(w->out.is_clarified);
	intake_world_expect_text(w, CASE, "waiting 2018-08-28 2018-06-14");
}

/* What is kept about a case may have been spoiled by a hand: the mail has its row all the same. */
static void a_spoiled_case_loses_no_mail(void **state)
{
	struct intake_world *w = *state;

	wait_since(w, "2018-05-21");
	store_fixture_run(w->fixture, "UPDATE part SET outcome = 'nonsense'");
	intake_world_take(w, JANE REPLY, "I mean all of them.");
	assert_false(w->out.is_clarified);
	intake_world_expect_text(w,
		"SELECT why FROM event WHERE what = 'clarification-not-recorded'",
		"the database holds a outcome that is none");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_answer_starts_a_new_clock),
		TEST(a_question_in_the_answer_is_part_of_it),
		TEST(thanks_are_no_answer),
		TEST(an_answer_from_another_address_is_proposed),
		TEST(a_reminder_is_proposed),
		TEST(a_stranger_answers_nothing),
		TEST(a_case_whose_clock_runs_is_left_alone),
		TEST(an_older_mail_is_no_answer),
		TEST(a_spoiled_case_loses_no_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
