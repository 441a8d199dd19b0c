/* test_intake.c - from one mail to its row, cases, numbers, deadlines and history. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "adapters/store.h"
#include "tests/support/intake_world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define JANE  "From: Jane Roe <jane@example.net>\n"
#define ALEX  "From: Alex Poe <alex@example.com>\n"
#define ASKS  "Under the Freedom of Information Act, how many bicycles does the force own?"
#define AGAIN "Under the Freedom of Information Act, how many horses does the force own?"

static void test_request(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	assert_int_equal(w->out.verdict.fate, FATE_REQUEST);
	assert_int_equal(w->out.n_cases, 1);
	assert_int_equal(w->out.cases[0].kind, CASE_REQUEST);
	assert_int_equal(w->out.cases[0].state, FOI_CASE_OPEN);
	assert_int_equal(w->out.cases[0].flags, 0);
	assert_string_equal(w->out.cases[0].reference, "FOI 000001/18");
	intake_world_expect_day(w->out.cases[0].received, "2018-05-16");
	intake_world_expect_day(w->out.cases[0].due, "2018-06-14"); /* 28 May does not count */
	assert_int_equal(w->out.is_queued, true);
	assert_int_equal(w->out.hold, HOLD_NONE);

	intake_world_expect_text(w,
		"SELECT reference || '|' || kind || '|' || state || '|' || received || '|' || due"
		" || '|' || requester || '|' || requester_name || '|' || subject FROM foi_case",
		"FOI 000001/18|request|open|2018-05-16|2018-06-14|jane@example.net|Jane Roe|"
		"Bicycles");
	intake_world_expect_text(w, "SELECT regime || due FROM deadline", "foia2018-06-14");
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM message"), w->out.cases[0].id);
	assert_int_equal(intake_world_number(w, "SELECT message FROM foi_case"), 1);
	intake_world_expect_text(w,
		"SELECT group_concat(what) FROM (SELECT what FROM event ORDER BY id)",
		"request,opened,received,acknowledgement-queued");
	intake_world_expect_text(w, "SELECT DISTINCT actor FROM event", "daemon");
}

static void test_numbers(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: One\n", ASKS);
	intake_world_take(w, ALEX "Subject: Two\n", AGAIN);
	assert_string_equal(w->out.cases[0].reference, "FOI 000002/18");

	/* A rollback gives the number back: no gap. */
	assert_int_equal(intake_world_try(w, JANE "Subject: Lost\n", ASKS " And where?"), 0);
	assert_string_equal(w->out.cases[0].reference, "FOI 000003/18");
	store_rollback(w->in.store);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM message"), 2);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 2);
	intake_world_take(w, JANE "Subject: Three\n", ASKS " And when?");
	assert_string_equal(w->out.cases[0].reference, "FOI 000003/18");
}

/* When numbers begin again, and by which day: received on New Year's Eve, taken in the year after. */
static const struct {
	const char *why;
	bool reset_yearly;
	enum config_year_of year_of;
	const char *second; /* reference of the mail of New Year's Eve */
	const char *third;  /* of one of 2 January */
} years[] = {
	{ "never, by the day of receipt", false, CONFIG_YEAR_RECEIVED, "FOI 000002/18",
		"FOI 000003/19" },
	{ "never, by the day of logging", false, CONFIG_YEAR_LOGGED, "FOI 000002/19",
		"FOI 000003/19" },
	{ "yearly, by the day of receipt", true, CONFIG_YEAR_RECEIVED, "FOI 000002/18",
		"FOI 000001/19" },
	{ "yearly, by the day of logging", true, CONFIG_YEAR_LOGGED, "FOI 000001/19",
		"FOI 000002/19" },
};

static void test_years(void **state)
{
	for (size_t i = 0; i < COUNT(years); i++) {
		struct intake_world *w;

		(void) state;
		print_message("%s\n", years[i].why);
		assert_int_equal(intake_world_setup((void **) &w), 0);
		w->conf->reset_yearly = years[i].reset_yearly;
		w->conf->year_of = years[i].year_of;
		intake_world_take(w, JANE "Subject: May\n", ASKS);
		assert_string_equal(w->out.cases[0].reference, "FOI 000001/18");
		w->now = 1546430400;		   /* 2019-01-02 12:00 */
		w->mail.internaldate = 1546300799; /* 2018-12-31 23:59:59 */
		intake_world_take(w, ALEX "Subject: Eve\n", AGAIN);
		assert_string_equal(w->out.cases[0].reference, years[i].second);
		intake_world_expect_day(w->out.cases[0].received, "2018-12-31");
		w->mail.internaldate = 0;
		intake_world_take(w, JANE "Subject: New\n", ASKS " And now?");
		assert_string_equal(w->out.cases[0].reference, years[i].third);
		assert_int_equal(intake_world_teardown((void **) &w), 0);
	}
}

static void test_first_number_and_template(void **state)
{
	struct intake_world *w = *state;
	struct fault f = { 0 };

	w->conf->first = 1761;
	assert_int_equal(reference_template_parse("F{yyyy}-{mm}-{seq}", &w->conf->request, &f), 0);
	intake_world_take(w, JANE "Subject: One\n", ASKS);
	assert_string_equal(w->out.cases[0].reference, "F2018-05-1761");
}

/* The parent is known by our token, whatever the sender and the subject say. */
static void test_review_by_token(void **state)
{
	struct intake_world *w = *state;
	char headers[1024];
	char token[TOKEN_ID_MAX];
	int64_t parent;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	parent = w->out.cases[0].id;
	assert_int_equal(token_message_id(store_key(w->in.store), TOKEN_THREAD, "FOI 000001/18",
				 "authority.example.org", token),
		0);
	(void) snprintf(headers, sizeof headers,
		JANE "Subject: Not good enough\nReferences: <x@example.net> %s\n", token);
	w->now += 40 * 86400;
	intake_world_take(w, headers, "I request an internal review of your handling.");
	assert_int_equal(w->out.verdict.fate, FATE_REVIEW);
	assert_int_equal(w->out.n_cases, 1);
	assert_int_equal(w->out.cases[0].kind, CASE_REVIEW);
	assert_string_equal(w->out.cases[0].reference, "IR 000001/18");
	assert_int_equal(w->out.cases[0].flags, 0);
	assert_int_equal(
		intake_world_number(w, "SELECT parent FROM foi_case WHERE kind = 'review'"),
		parent);
	intake_world_expect_day(w->out.cases[0].received, "2018-06-25");
	intake_world_expect_day(
		w->out.cases[0].due, "2018-07-24"); /* 20 days; 12 July does not count */
}

static void test_review_without_parent(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, ALEX "Subject: Complaint\n",
		"I am dissatisfied with your response to my FOI request and want an internal"
		" review.");
	assert_int_equal(w->out.verdict.fate, FATE_REVIEW);
	assert_int_equal(w->out.cases[0].flags, FOI_CASE_NO_PARENT);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM foi_case WHERE parent IS NULL"), 1);
}

static void test_two_cases(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	intake_world_take(w, JANE "Subject: Re: Your request FOI 000001/18\n",
		"I request an internal review of your decision.\n\n"
		"I would also like to know the cost of the drones.");
	assert_int_equal(w->out.verdict.fate, FATE_REVIEW);
	assert_int_equal(w->out.n_cases, 2);
	assert_string_equal(w->out.cases[0].reference, "IR 000001/18");
	assert_string_equal(w->out.cases[1].reference, "FOI 000002/18");
	assert_int_equal(w->out.cases[1].kind, CASE_REQUEST);
	/* Linked, one mail for both, and it tells no date. */
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM case_link"), 1);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 2);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM outbox WHERE told IS NULL"), 1);
	assert_int_equal(
		intake_world_number(w, "SELECT case_id FROM message ORDER BY id DESC LIMIT 1"),
		w->out.cases[0].id);
	/* Only the review has a parent. */
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM foi_case WHERE parent = 1"), 1);
}

static void test_duplicate(void **state)
{
	struct intake_world *w = *state;
	const char *headers = JANE "Subject: Bicycles\nMessage-ID: <same@example.net>\n";

	intake_world_take(w, headers, ASKS);
	intake_world_take(w, headers, ASKS);
	assert_int_equal(w->out.verdict.fate, FATE_DUPLICATE);
	assert_int_equal(w->out.n_cases, 0);
	assert_int_equal(w->out.is_queued, false);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM foi_case"), 1);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 1);
	assert_int_equal(
		intake_world_number(w, "SELECT duplicate_of FROM message WHERE uid = 2"), 1);
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM message WHERE uid = 2"), 1);
	intake_world_expect_text(w, "SELECT what FROM event WHERE message = 2", "duplicate");
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM event WHERE message = 2"), 1);

	/* Other words under the same Message-ID are another request, and suspect. */
	intake_world_take(w, headers, AGAIN);
	assert_int_equal(w->out.verdict.is_suspect, true);
	assert_int_equal(w->out.n_cases, 1);
	assert_int_equal(w->out.cases[0].flags & FOI_CASE_SUSPECT, FOI_CASE_SUSPECT);
}

/* fetch may bring a mail twice: nothing changes, and the transaction goes on. */
static void test_same_uid_again(void **state)
{
	struct intake_world *w = *state;
	struct fault f = { 0 };

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	w->uid--;
	assert_int_equal(intake_world_try(w, ALEX "Subject: Horses\n", AGAIN), -EEXIST);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM message"), 1);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM foi_case"), 1);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM event"), 4);
	intake_world_take(w, ALEX "Subject: Horses\n", AGAIN);
	assert_string_equal(w->out.cases[0].reference, "FOI 000002/18");
}

static void test_triage(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, ALEX "Subject: Hello\n", "I was in town on Monday.");
	assert_int_equal(w->out.verdict.fate, FATE_TRIAGE);
	assert_int_equal(w->out.n_cases, 1);
	assert_string_equal(w->out.cases[0].reference, "IN 000001/18");
	assert_int_equal(w->out.cases[0].state, FOI_CASE_TRIAGE);
	intake_world_expect_day(w->out.cases[0].due, "2018-06-14");
	assert_int_equal(w->out.is_queued, false);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 0);
	/* It took no number from the requests. */
	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	assert_string_equal(w->out.cases[0].reference, "FOI 000001/18");
}

/* Who names another's case neither changes nor gets it: his mail has its own clock. */
static void test_stranger_names_a_case(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	intake_world_take(w, ALEX "Subject: FOI 000001/18\n", "Please close this case.");
	assert_int_equal(w->out.verdict.fate, FATE_TRIAGE);
	assert_string_equal(w->out.cases[0].reference, "IN 000001/18");
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM message WHERE uid = 2"), 2);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE case_id = 1 AND message ="
				       " 2"),
		0);
}

static void test_correspondence(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	intake_world_take(w, JANE "Subject: Re: FOI 000001/18\n", "Thank you.");
	assert_int_equal(w->out.verdict.fate, FATE_CORRESPONDENCE);
	assert_int_equal(w->out.n_cases, 0);
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM message WHERE uid = 2"), 1);
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM event WHERE message = 2"), 1);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 1);
}

/* Questions that come later have a date of their own; the case's stays. */
static void test_added_questions(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	w->now += 7 * 86400;
	intake_world_take(w, JANE "Subject: Re: FOI 000001/18\n",
		"Please also tell me which streets these were.");
	assert_int_equal(w->out.verdict.fate, FATE_CORRESPONDENCE);
	assert_int_equal(w->out.verdict.clock, true);
	assert_int_equal(w->out.n_cases, 0);
	assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 1"),
		FOI_CASE_ADDED_QUESTIONS);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM event WHERE case_id = 1"
						" AND what = 'added-questions'"
						" AND why LIKE 'received % 2018; %last day%2018'"),
		1);
	assert_int_equal(intake_world_number(w, "SELECT count(DISTINCT due) FROM deadline"), 1);
}

static void test_bounce(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	intake_world_take(w,
		"From: MAILER-DAEMON@mx.example.org\nSubject: Mail delivery failed: FOI "
		"000001/18\n",
		"This message was created automatically by mail delivery software.");
	assert_int_equal(w->out.verdict.fate, FATE_BOUNCE);
	assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 1"),
		FOI_CASE_NOT_ACKNOWLEDGED);
}

static void test_unreadable(void **state)
{
	struct intake_world *w = *state;

	intake_world_take_unreadable(w);
	assert_int_equal(w->out.verdict.fate, FATE_UNREADABLE);
	assert_int_equal(w->out.n_cases, 1);
	assert_string_equal(w->out.cases[0].reference, "FOI 000001/18");
	assert_int_equal(w->out.cases[0].flags, FOI_CASE_UNREADABLE);
	intake_world_expect_day(w->out.cases[0].due, "2018-06-14");
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 0);
	assert_int_equal(intake_world_number(w, "SELECT is_readable FROM message"), 0);
}

#define WORLD_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_request),
		WORLD_TEST(test_numbers),
		cmocka_unit_test(test_years),
		WORLD_TEST(test_first_number_and_template),
		WORLD_TEST(test_review_by_token),
		WORLD_TEST(test_review_without_parent),
		WORLD_TEST(test_two_cases),
		WORLD_TEST(test_duplicate),
		WORLD_TEST(test_same_uid_again),
		WORLD_TEST(test_triage),
		WORLD_TEST(test_stranger_names_a_case),
		WORLD_TEST(test_correspondence),
		WORLD_TEST(test_added_questions),
		WORLD_TEST(test_bounce),
		WORLD_TEST(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
