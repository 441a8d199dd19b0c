/* test_intake_duplicate.c - one mail in two places is one case; two mails that look alike are two. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/intake_world.h"

enum {
	DAY_SEC = 86400,
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define FROM  "From: Jane Roe <jane@example.net>\nSubject: Bicycles\n"
#define ID    "Message-ID: <same@example.net>\n"
#define DATE  "Date: Wed, 16 May 2018 10:10:00 +0100\n"
#define RIVER "Please tell me how clean the river was in May."
#define ASKS  "Under the Freedom of Information Act, how many bicycles does the force own?"

/* The second mail lies elsewhere, or came later, and differs in what the row says. */
static const struct {
	const char *why;
	const char *headers[2];
	const char *texts[2]; /* [1] NULL: the same */
	int later_sec;	      /* the second is seen so much later */
	int internal_sec;     /* and its INTERNALDATE is so much later */
	bool is_moved;	      /* to another folder of the mailbox */
	enum fate fate;	      /* of the second */
	bool is_suspect;
	enum hold hold;
} rows[] = {
	{ "moved between watched folders", { FROM ID DATE, FROM ID DATE }, { ASKS }, 60, 0, true,
		FATE_DUPLICATE, false, HOLD_NONE },
	{ "moved by a program that sets the date anew", { FROM ID DATE, FROM ID DATE }, { ASKS },
		60, 60, true, FATE_DUPLICATE, false, HOLD_NONE },
	{ "copied back from an archive, weeks later", { FROM ID DATE, FROM ID DATE }, { ASKS },
		40 * DAY_SEC, 0, false, FATE_DUPLICATE, false, HOLD_NONE },
	{ "the folder was made anew", { FROM ID DATE, FROM ID DATE }, { ASKS }, 40 * DAY_SEC,
		40 * DAY_SEC, false, FATE_DUPLICATE, false, HOLD_NONE },
	{ "the Message-ID of another, and other words: never dropped",
		{ FROM ID DATE, FROM ID DATE }, { ASKS, ASKS " And horses?" }, 60, 60, false,
		FATE_REQUEST, true, HOLD_OFFICER },
	{ "the Message-ID and the words of another, from somebody else",
		{ FROM ID DATE, "From: Alex Poe <alex@example.com>\nSubject: B\n" ID DATE },
		{ ASKS }, 60, 60, false, FATE_REQUEST, true, HOLD_OFFICER },
	{ "the same words under a Message-ID of its own: two requests",
		{ FROM ID DATE, FROM "Message-ID: <two@example.net>\n" DATE }, { ASKS }, 60, 60,
		false, FATE_REQUEST, false, HOLD_NONE },
	{ "no Message-ID, moved", { FROM DATE, FROM DATE }, { ASKS }, 60, 0, true, FATE_DUPLICATE,
		false, HOLD_NONE },
	{ "no Message-ID, the date set anew: its own Date tells", { FROM DATE, FROM DATE },
		{ ASKS }, 40 * DAY_SEC, 40 * DAY_SEC, false, FATE_DUPLICATE, false, HOLD_NONE },
	{ "no Message-ID, the same words sent again later",
		{ FROM DATE, FROM "Date: Wed, 16 May 2018 10:11:00 +0100\n" }, { ASKS }, 60, 60,
		false, FATE_REQUEST, false, HOLD_NONE },
	{ "no Message-ID, other words in the same second", { FROM DATE, FROM DATE },
		{ ASKS, ASKS " And horses?" }, 60, 0, false, FATE_REQUEST, false, HOLD_NONE },
	{ "no Message-ID, somebody else in the same second",
		{ FROM DATE, "From: Alex Poe <alex@example.com>\nSubject: B\n" DATE }, { ASKS }, 60,
		0, false, FATE_REQUEST, false, HOLD_NONE },
	{ "neither Message-ID nor Date, moved: the server keeps its own", { FROM, FROM }, { ASKS },
		60, 0, true, FATE_DUPLICATE, false, HOLD_NONE },
	{ "neither, came later: one mail or two, so nothing is lost and a person looks",
		{ FROM, FROM }, { ASKS }, 60, 60, false, FATE_REQUEST, true, HOLD_OFFICER },
	{ "neither, other words", { FROM, FROM }, { ASKS, ASKS " And horses?" }, 60, 60, false,
		FATE_REQUEST, false, HOLD_NONE },
	{ "one with a Message-ID is no copy of one without", { FROM DATE, FROM ID DATE }, { ASKS },
		60, 0, false, FATE_REQUEST, false, HOLD_NONE },
};

static void take_second(struct intake_world *w, size_t i)
{
	int64_t internal = w->now - 60;

	if (rows[i].is_moved)
		w->mail.epoch = intake_world_folder(w, 0, "Requests");
	w->now += rows[i].later_sec;
	w->mail.internaldate = internal + rows[i].internal_sec;
	intake_world_take(
		w, rows[i].headers[1], rows[i].texts[1] ? rows[i].texts[1] : rows[i].texts[0]);
}

static void test_rows(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool is_copy = rows[i].fate == FATE_DUPLICATE;
		struct intake_world *w;

		print_message("%s\n", rows[i].why);
		assert_int_equal(intake_world_setup((void **) &w), 0);
		w->is_nameless = true;
		intake_world_take(w, rows[i].headers[0], rows[i].texts[0]);
		assert_int_equal(w->out.is_queued, true);
		take_second(w, i);
		assert_int_equal(w->out.verdict.fate, rows[i].fate);
		assert_int_equal(w->out.verdict.is_suspect, rows[i].is_suspect);
		assert_int_equal(w->out.hold, rows[i].hold);
		assert_int_equal(
			intake_world_number(w, "SELECT count(*) FROM foi_case"), is_copy ? 1 : 2);
		assert_int_equal(
			intake_world_number(w, "SELECT count(*) FROM outbox"), is_copy ? 1 : 2);
		assert_int_equal(intake_world_number(w, "SELECT count(*) FROM message"), 2);
		assert_int_equal(intake_world_number(w, "SELECT count(*) FROM message WHERE"
							" duplicate_of = 1 AND case_id = 1"),
			is_copy);
		assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case ORDER BY id"
							" DESC LIMIT 1") &
					 FOI_CASE_SUSPECT,
			rows[i].is_suspect ? FOI_CASE_SUSPECT : 0);
		assert_int_equal(intake_world_teardown((void **) &w), 0);
	}
}

/* The case says where else the mail lies, and under whose law it stays. */
static void test_two_mailboxes(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, FROM ID DATE, ASKS);
	w->mail.mailbox = 1;
	w->mail.epoch = intake_world_folder(w, 1, "INBOX");
	intake_world_take(w, FROM ID DATE, ASKS);
	assert_int_equal(w->out.verdict.fate, FATE_DUPLICATE);
	assert_string_equal(w->out.verdict.about.reference, "FOI 000001/18");
	assert_int_equal(w->out.is_earlier, false);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM foi_case"), 1);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 1);
	assert_string_equal(intake_world_text(w, "SELECT regime FROM part"), "foia");
	assert_string_equal(
		intake_world_text(w, "SELECT what || ': ' || why FROM event WHERE case_id = 1"
				     " ORDER BY id DESC LIMIT 1"),
		"duplicate: The same mail is here already. It is in mailbox eir too; the case"
		" stays with mailbox foi, where it was seen first, under the Freedom of"
		" Information Act 2000.");
}

/* The first that was seen, whichever it is. */
static void test_two_mailboxes_the_other_way(void **state)
{
	struct intake_world *w = *state;

	w->mail.mailbox = 1;
	w->mail.epoch = intake_world_folder(w, 1, "INBOX");
	intake_world_take(w, FROM ID DATE, RIVER);
	w->mail.mailbox = 0;
	w->mail.epoch = 0;
	intake_world_take(w, FROM ID DATE, RIVER);
	assert_int_equal(w->out.verdict.fate, FATE_DUPLICATE);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM foi_case"), 1);
	/* Its acknowledgement is held, as the first mailbox wants it; the second sends none. */
	assert_string_equal(intake_world_text(w, "SELECT state FROM outbox"), "held");
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM event WHERE case_id = 1 AND"
						" why LIKE '%mailbox eir, where it was seen first,"
						" under the Environmental Information"
						" Regulations 2004.'"),
		1);
}

/* What reached any address of the authority was received then (FOI 2000 s.10(1)). */
static void test_an_earlier_copy(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, FROM ID DATE, ASKS);
	assert_int_equal(w->out.cases[0].flags, 0);
	w->mail.mailbox = 1;
	w->mail.epoch = intake_world_folder(w, 1, "INBOX");
	w->mail.internaldate = w->now - 2 * DAY_SEC;
	intake_world_take(w, FROM ID DATE, ASKS);
	assert_int_equal(w->out.verdict.fate, FATE_DUPLICATE);
	assert_int_equal(w->out.is_earlier, true);
	assert_int_equal(
		intake_world_number(w, "SELECT flags FROM foi_case"), FOI_CASE_RECEIPT_DISPUTED);
	assert_string_equal(
		intake_world_text(w, "SELECT what || ': ' || why FROM event WHERE case_id = 1"
				     " ORDER BY id DESC LIMIT 1"),
		"received-earlier: this copy was received on 14 May 2018, the one that opened the"
		" case on 16 May 2018: see which day counts");
	/* The case's own day is a person's to change. */
	assert_string_equal(intake_world_text(w, "SELECT received FROM foi_case"), "2018-05-16");
}

/* Mails that a person must look at are looked at once, wherever they are moved. */
static const struct {
	const char *why;
	const char *headers;
	const char *text;
	enum fate fate; /* of the first */
	unsigned cases;
} moved[] = {
	{ "a robot's mail that may be a request",
		"From: Forms <noreply@forms.example.com>\nSubject: Form\n" ID DATE
		"Auto-Submitted: auto-generated\n",
		ASKS, FATE_TRIAGE, 1 },
	{ "a colleague's", "From: Kim <kim@authority.example.org>\nSubject: Fw: x\n" ID DATE, ASKS,
		FATE_TRIAGE, 1 },
	{ "a partner's", "From: Lee <lee@partner.example.org>\nSubject: x\n" ID DATE, ASKS,
		FATE_TRIAGE, 1 },
	{ "one without any sign of a request", FROM ID DATE, "I was in town on Monday.",
		FATE_TRIAGE, 1 },
	{ "a regulator's", "From: C <c@commissioner.example.org>\nSubject: x\n" ID DATE, ASKS,
		FATE_CORRESPONDENCE, 0 },
};

static void test_moved(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(moved); i++) {
		struct intake_world *w;

		print_message("%s\n", moved[i].why);
		assert_int_equal(intake_world_setup((void **) &w), 0);
		intake_world_take(w, moved[i].headers, moved[i].text);
		assert_int_equal(w->out.verdict.fate, moved[i].fate);
		w->mail.epoch = intake_world_folder(w, 0, "Requests");
		intake_world_take(w, moved[i].headers, moved[i].text);
		assert_int_equal(w->out.verdict.fate, FATE_DUPLICATE);
		assert_int_equal(
			intake_world_number(w, "SELECT count(*) FROM foi_case"), moved[i].cases);
		assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 0);
		assert_int_equal(intake_world_teardown((void **) &w), 0);
	}
}

/* A report of failure that is moved does not alarm anybody a second time. */
static void test_moved_report(void **state)
{
	static const char report[] = "From: MAILER-DAEMON@mx.example.org\nSubject: Mail delivery"
				     " failed: FOI 000001/18\nMessage-ID: <dsn@mx.example.org>\n";
	static const char text[] = "This message was created automatically by mail delivery"
				   " software.";
	struct intake_world *w = *state;

	intake_world_take(w, FROM ID DATE, ASKS);
	intake_world_take(w, report, text);
	assert_int_equal(w->out.verdict.fate, FATE_BOUNCE);
	assert_int_equal(w->out.is_undelivered, true);
	w->mail.epoch = intake_world_folder(w, 0, "Reports");
	intake_world_take(w, report, text);
	assert_int_equal(w->out.verdict.fate, FATE_DUPLICATE);
	assert_int_equal(w->out.is_undelivered, false);
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM message WHERE uid = 3"), 1);
}

#define WORLD_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		WORLD_TEST(test_two_mailboxes),
		WORLD_TEST(test_two_mailboxes_the_other_way),
		WORLD_TEST(test_an_earlier_copy),
		cmocka_unit_test(test_moved),
		WORLD_TEST(test_moved_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
