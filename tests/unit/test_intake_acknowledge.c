/* test_intake_acknowledge.c - what is answered, with which date, what waits and what never goes. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/intake_world.h"

#define JANE  "From: Jane Roe <jane@example.net>\n"
#define ASKS  "Under the Freedom of Information Act, how many bicycles does the force own?"
#define BYTES "SELECT CAST(bytes AS TEXT) FROM outbox_mail"

static void expect_in_mail(struct intake_world *w, const char *words)
{
	const char *bytes = intake_world_text(w, BYTES);

	if (!strstr(bytes, words))
		fail_msg("no \"%s\" in\n%s", words, bytes);
}

/* That the mail of the last outbox row tells no day at all. */
static void expect_neutral(struct intake_world *w)
{
	const char *bytes;

	assert_int_equal(w->out.is_queued, true);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM outbox WHERE told IS NULL"), 1);
	bytes = intake_world_text(w, BYTES);
	assert_non_null(strstr(bytes, w->out.cases[0].reference));
	assert_null(strstr(bytes, "June 2018"));
	assert_null(strstr(bytes, "July 2018"));
	assert_null(strstr(bytes, "working days"));
}

static void test_queued(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Secret words\nMessage-ID: <one@example.net>\n", ASKS);
	intake_world_expect_text(w,
		"SELECT kind || '|' || state || '|' || recipient || '|' || sender || '|' || told ||"
		" '|' || next_try || '|' || wants_copy FROM outbox",
		"acknowledgement|queued|jane@example.net|foi@authority.example.org|2018-06-14|"
		"1526462100|0");
	expect_in_mail(w, "14 June 2018");
	expect_in_mail(w, "16 May 2018");
	expect_in_mail(w, "FOI 000001/18");
	expect_in_mail(w, "In-Reply-To:\r\n <one@example.net>\r\n");
	expect_in_mail(w, "Auto-Submitted: auto-replied");
	assert_null(strstr(intake_world_text(w, BYTES), "Secret words"));
	assert_null(strstr(intake_world_text(w, BYTES), "bicycles"));
}

/* The Message-ID in the row is the one in the mail, and a reader of it finds the case. */
static void test_tokens(void **state)
{
	struct intake_world *w = *state;
	char id[TOKEN_ID_MAX];
	char reference[REFERENCE_MAX];
	enum token_purpose purpose;

	w->conf->bounce = CONFIG_BOUNCE_TAGGED;
	intake_world_take(w, JANE "Subject: x\n", ASKS);
	(void) snprintf(id, sizeof id, "%s", intake_world_text(w, "SELECT message_id FROM outbox"));
	expect_in_mail(w, id);
	assert_int_equal(token_read(store_key(w->in.store), id, &purpose, reference), 0);
	assert_int_equal(purpose, TOKEN_MESSAGE_ID);
	assert_string_equal(reference, "FOI 000001/18");
	(void) snprintf(id, sizeof id, "%s", intake_world_text(w, "SELECT sender FROM outbox"));
	assert_int_equal(strncmp(id, "foi+", 4), 0);
	assert_int_equal(token_read(store_key(w->in.store), id, &purpose, reference), 0);
	assert_int_equal(purpose, TOKEN_BOUNCE);
	assert_string_equal(reference, "FOI 000001/18");
}

static void test_null_sender(void **state)
{
	struct intake_world *w = *state;

	w->conf->bounce = CONFIG_BOUNCE_NULL;
	intake_world_take(w, JANE "Subject: x\n", ASKS);
	intake_world_expect_text(w, "SELECT sender FROM outbox", "");
	expect_in_mail(w, "foi@authority.example.org");
}

static void test_review(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: x\n",
		"I am dissatisfied with your response to my FOI"
		" request and want an internal review.");
	assert_int_equal(w->out.is_queued, true);
	intake_world_expect_text(w, "SELECT told FROM outbox", "2018-06-14");
	expect_in_mail(w, "IR 000001/18");
}

static void test_off_and_hold(void **state)
{
	struct intake_world *w = *state;

	w->conf->mailboxes[0].acknowledge = ACKNOWLEDGE_NO;
	intake_world_take(w, JANE "Subject: x\n", ASKS);
	assert_int_equal(w->out.n_cases, 1);
	assert_int_equal(w->out.cases[0].flags, 0);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 0);

	w->mail.mailbox = 1;
	intake_world_take(w, JANE "Subject: y\n", ASKS " And where?");
	assert_int_equal(w->out.hold, HOLD_OFFICER);
	assert_int_equal(w->out.is_queued, false);
	assert_int_equal(w->out.cases[0].flags, 0);
	intake_world_expect_text(w, "SELECT state FROM outbox", "held");
	intake_world_expect_text(
		w, "SELECT what FROM event ORDER BY id DESC LIMIT 1", "acknowledgement-held");
}

static void test_late(void **state)
{
	struct intake_world *w = *state;
	int64_t now = w->now;

	/* Received on the 16th, seen on the 19th: the last day on which a program may answer. */
	w->mail.internaldate = now - 60;
	w->now = now + 3 * 86400;
	intake_world_take(w, JANE "Subject: x\n", ASKS);
	assert_int_equal(w->out.is_queued, true);
	assert_int_equal(w->out.cases[0].flags, 0);
	w->now += 86400;
	intake_world_take(w, JANE "Subject: y\n", ASKS " And where?");
	assert_int_equal(w->out.hold, HOLD_LATE);
	intake_world_expect_text(w, "SELECT state FROM outbox WHERE id = 2", "held");
	/* An officer sees it in the list of cases. */
	assert_int_equal(w->out.cases[0].flags, FOI_CASE_NOT_ACKNOWLEDGED);
	assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 2"),
		FOI_CASE_NOT_ACKNOWLEDGED);
}

static void test_provisional(void **state)
{
	struct intake_world *w = *state;

	w->now = 1860000000; /* December 2028: the calendar's last year */
	intake_world_take(w, JANE "Subject: x\n", ASKS);
	assert_int_equal(w->out.cases[0].flags, FOI_CASE_PROVISIONAL);
	expect_neutral(w);
	assert_null(strstr(intake_world_text(w, BYTES), "January 2029"));
}

static void test_disputed(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w,
		JANE "Subject: x\nReceived: from out.example.net by mx.authority.example.org; Tue,"
		     " 15 May 2018 21:00:00 +0000\n",
		ASKS);
	assert_int_equal(w->out.cases[0].flags, FOI_CASE_RECEIPT_DISPUTED);
	assert_int_equal(w->out.cases[0].due.n, store_fixture_day("2018-06-13").n);
	expect_neutral(w);
}

static void test_subject_access(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Subject access request\n",
		"Under the Freedom of Information Act please send me all the personal data that you"
		" hold about me.");
	assert_int_equal(w->out.cases[0].flags, FOI_CASE_SUBJECT_ACCESS);
	expect_neutral(w);
}

static void test_two_cases(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Complaint\n",
		"I am dissatisfied with your response to my FOI request and want an internal"
		" review.\n\nThis is also a new request: how many drones were lost?");
	assert_int_equal(w->out.n_cases, 2);
	expect_neutral(w);
	expect_in_mail(w, "IR 000001/18 and FOI 000001/18");
}

static void take_question(struct intake_world *w, const char *from, int n)
{
	char headers[128];
	char text[128];

	(void) snprintf(headers, sizeof headers, "From: %s\nSubject: %d\n", from, n);
	(void) snprintf(text, sizeof text, ASKS " And in ward %d?", n);
	intake_world_take(w, headers, text);
}

/* The sender's address costs him the acknowledgement, never the case. */
static const char *const bad_addresses[] = {
	"\"a b\"@example.net x",
	"jane@exa mple.net",
	"jane\x01@example.net",
	"jane",
	"jane@",
	"jane@example.net\x7F",
};

static void test_bad_addresses(void **state)
{
	struct intake_world *w = *state;

	for (size_t i = 0; i < sizeof bad_addresses / sizeof *bad_addresses; i++) {
		char sql[96];

		print_message("%zu\n", i);
		take_question(w, bad_addresses[i], (int) i);
		assert_int_equal(w->out.n_cases, 1);
		assert_int_equal(w->out.is_queued, false);
		assert_int_equal(w->out.hold, HOLD_NONE);
		if (w->out.verdict.acknowledge == ACKNOWLEDGE_NO)
			continue;
		assert_int_equal(w->out.cases[0].flags, FOI_CASE_NOT_ACKNOWLEDGED);
		(void) snprintf(sql, sizeof sql, "SELECT flags FROM foi_case WHERE id = %d",
			(int) w->out.cases[0].id);
		assert_int_equal(intake_world_number(w, sql), FOI_CASE_NOT_ACKNOWLEDGED);
		intake_world_expect_text(w, "SELECT what FROM event ORDER BY id DESC LIMIT 1",
			"acknowledgement-impossible");
	}
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 0);
	assert_true(intake_world_number(w, "SELECT count(*) FROM event WHERE what ="
					   " 'acknowledgement-impossible'") > 0);
}

#define WORLD_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_queued),
		WORLD_TEST(test_tokens),
		WORLD_TEST(test_null_sender),
		WORLD_TEST(test_review),
		WORLD_TEST(test_off_and_hold),
		WORLD_TEST(test_late),
		WORLD_TEST(test_provisional),
		WORLD_TEST(test_disputed),
		WORLD_TEST(test_subject_access),
		WORLD_TEST(test_two_cases),
		WORLD_TEST(test_bad_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
