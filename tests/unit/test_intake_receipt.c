/* test_intake_receipt.c - the day on which a mail was received, by the evidence and the law. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/intake_world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define JANE "From: Jane Roe <jane@example.net>\n"
#define ASKS "Under the Freedom of Information Act, how many bicycles does the force own?"

/* The mailbox's own regime and rule count, and what the gateway wrote. */
static void test_evidence(void **state)
{
	struct intake_world *w = *state;

	w->now = 1530401460; /* 2018-06-30 23:31 UTC: 1 July in London, a Sunday */
	w->mail.mailbox = 1;
	intake_world_take(w,
		JANE "Subject: Air\nReceived: from out.example.net by mx.authority.example.org;"
		     " Sat, 30 Jun 2018 23:29:00 +0000\n",
		ASKS);
	intake_world_expect_day(w->out.cases[0].received, "2018-07-01");
	intake_world_expect_day(w->out.cases[0].due, "2018-07-30");
	assert_int_equal(w->out.receipt.is_disputed, false);
	assert_int_equal(intake_world_number(w, "SELECT gateway FROM message"), 1530401340);
	intake_world_expect_text(
		w, "SELECT name FROM mailbox WHERE id = (SELECT mailbox FROM foi_case)", "eir");
}

/* Scotland presumes an e-mail received on the day it was sent; no other law does. */
static const struct {
	const char *why;
	enum statute_regime regime;
	const char *date; /* of the header; the mail came on Wednesday 16 May 2018 */
	const char *received;
	const char *due;
	unsigned flags;
	bool is_told; /* the acknowledgement tells the last day */
} sents[] = {
	{ "the same day", STATUTE_FOISA, "Wed, 16 May 2018 09:00:00 +0100", "2018-05-16",
		"2018-06-14", 0, true },
	{ "the evening before", STATUTE_FOISA, "Tue, 15 May 2018 21:00:00 +0100", "2018-05-15",
		"2018-06-13", FOI_CASE_RECEIPT_DISPUTED, false },
	{ "a forged Date", STATUTE_FOISA, "Mon, 1 Jan 1990 09:00:00 +0000", "2018-05-16",
		"2018-06-14", FOI_CASE_RECEIPT_DISPUTED, false },
	{ "a Date in the future", STATUTE_FOISA, "Fri, 18 May 2018 09:00:00 +0100", "2018-05-16",
		"2018-06-14", FOI_CASE_RECEIPT_DISPUTED, false },
	{ "England: only recorded", STATUTE_FOIA, "Tue, 15 May 2018 21:00:00 +0100", "2018-05-16",
		"2018-06-14", 0, true },
};

static void test_day_it_was_sent(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(sents); i++) {
		struct intake_world *w;
		char headers[128];

		print_message("%s\n", sents[i].why);
		assert_int_equal(intake_world_setup((void **) &w), 0);
		w->conf->mailboxes[0].regime = sents[i].regime;
		(void) snprintf(headers, sizeof headers, JANE "Subject: Bicycles\nDate: %s\n",
			sents[i].date);
		intake_world_take(w, headers, "How many bicycles does the force own?");
		assert_int_equal(w->out.verdict.regime, sents[i].regime);
		intake_world_expect_day(w->out.cases[0].received, sents[i].received);
		intake_world_expect_day(w->out.cases[0].due, sents[i].due);
		assert_int_equal(w->out.cases[0].flags, sents[i].flags);
		intake_world_expect_text(w, "SELECT received FROM message", sents[i].received);
		assert_int_equal(
			intake_world_number(w, "SELECT date FROM message"), w->letter->date);
		assert_int_equal(w->out.is_queued, true);
		assert_int_equal(
			intake_world_number(w, "SELECT count(*) FROM outbox WHERE told IS NULL"),
			!sents[i].is_told);
		assert_int_equal(
			intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'received'"
					       " AND why LIKE '%FOISA 2002 s.74%'"),
			sents[i].flags != 0);
		assert_int_equal(intake_world_teardown((void **) &w), 0);
	}
}

/* A server that does not know a mail's date says 1970: the mail must not be lost by it. */
static void test_absurd_dates(void **state)
{
	static const int64_t dates[] = { 1, -1, 86400, 1104537599, 4102444800, INT64_MAX / 2 };
	struct intake_world *w = *state;

	for (size_t i = 0; i < COUNT(dates); i++) {
		char subject[128];

		(void) snprintf(subject, sizeof subject, JANE "Subject: %zu\n", i);
		w->mail.internaldate = dates[i];
		intake_world_take(w, subject, subject);
		assert_int_equal(w->out.n_cases, 1);
		intake_world_expect_day(w->out.cases[0].received, "2018-05-16");
		assert_int_equal(w->out.cases[0].flags & FOI_CASE_RECEIPT_DISPUTED,
			FOI_CASE_RECEIPT_DISPUTED);
	}
}

#define WORLD_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_evidence),
		cmocka_unit_test(test_day_it_was_sent),
		WORLD_TEST(test_absurd_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
