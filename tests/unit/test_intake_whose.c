/* test_intake_whose.c - one mail that comes twice, and the mail of a public platform, with a real
 * store. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/store_internal.h"
#include "tests/support/intake_world.h"

#define JANE	 "From: Jane Roe <jane@example.net>\n"
#define PAT	 "From: Pat Coe <request-4711-0a1b2c3d@asks.example.net>\n"
#define KIT	 "From: Kit Doe <request-4712-0b1c2d3e@asks.example.net>\n"
#define PLATFORM "From: Asks <contact@asks.example.net>\n"
#define ASKS	 "Under the Freedom of Information Act, how many bicycles does the force own?"

/* From now on mails come from another folder, as fetch sees it. */
static void use_folder(struct intake_world *w, const char *mailbox, const char *name)
{
	struct fault f = { 0 };
	struct store_folder folder;

	store_fixture_expect(store_begin(w->in.store, &f), &f);
	store_fixture_expect(
		store_folder(w->in.store, mailbox, name, INTAKE_WORLD_NOW, &folder, &f), &f);
	store_fixture_expect(store_epoch_add(w->in.store, folder.id, 78, 1, NULL, INTAKE_WORLD_NOW,
				     &w->fixture->epoch, &f),
		&f);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
}

static void expect_one_of_all(struct intake_world *w)
{
	assert_int_equal(w->out.verdict.fate, FATE_DUPLICATE);
	assert_int_equal(w->out.n_cases, 0);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM message"), 2);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM foi_case"), 1);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 1);
	assert_int_equal(
		intake_world_number(w, "SELECT case_id FROM message WHERE duplicate_of"), 1);
}

static void one_mail_to_two_mailboxes_is_one_request(void **state)
{
	struct intake_world *w = *state;
	const char *headers = JANE "To: foi@authority.example.org, eir@authority.example.org\n"
				   "Subject: Bicycles\nMessage-ID: <same@example.net>\n";

	intake_world_take(w, headers, ASKS);
	use_folder(w, "eir", "INBOX");
	w->mail.mailbox = 1;
	intake_world_take(w, headers, ASKS);
	expect_one_of_all(w);
}

static void one_mail_moved_to_another_folder_is_one_request(void **state)
{
	struct intake_world *w = *state;
	const char *headers = JANE "Subject: Bicycles\nMessage-ID: <same@example.net>\n";

	intake_world_take(w, headers, ASKS);
	use_folder(w, "foi", "Requests");
	w->now += 40 * 86400;
	intake_world_take(w, headers, ASKS);
	expect_one_of_all(w);
}

/* One address a request for its whole life, and no In-Reply-To ever. */
static void a_platform_has_one_address_a_request(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, PAT "Subject: Freedom of Information request - Bicycles\n", ASKS);
	assert_int_equal(w->out.is_queued, true);
	intake_world_take(w, KIT "Subject: Freedom of Information request - Bicycles\n", ASKS);
	assert_int_equal(w->out.verdict.fate, FATE_REQUEST);
	assert_int_equal(w->out.is_queued, true);
	assert_string_equal(w->out.cases[0].reference, "FOI 000002/18");
	assert_string_equal(
		intake_world_text(w, "SELECT group_concat(recipient) FROM (SELECT recipient FROM"
				     " outbox ORDER BY id)"),
		"request-4711-0a1b2c3d@asks.example.net,request-4712-0b1c2d3e@asks.example.net");
	intake_world_take(w, PAT "Subject: Re: Freedom of Information request - Bicycles\n",
		"Thank you very much.");
	assert_int_equal(w->out.verdict.fate, FATE_CORRESPONDENCE);
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM message WHERE uid = 3"), 1);
	intake_world_take(w,
		KIT "Subject: Internal review of Freedom of Information request - Bicycles\n",
		"Yours faithfully,\n\nKit Doe");
	assert_int_equal(w->out.verdict.fate, FATE_REVIEW);
	assert_int_equal(
		intake_world_number(w, "SELECT parent FROM foi_case WHERE reference LIKE 'IR%'"),
		2);
}

static void a_platform_sends_one_message_twice(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w,
		PAT "Subject: Freedom of Information request - Bicycles\n"
		    "Message-ID: <ogm-9+0123456789abc-0001@asks.example.net>\n",
		ASKS);
	intake_world_take(w,
		PAT "Subject: Freedom of Information request - Bicycles\n"
		    "Message-ID: <ogm-9+fedcba9876543-0002@asks.example.net>\n",
		ASKS);
	expect_one_of_all(w);
	/* The same number of somebody else's message says nothing. */
	intake_world_take(w,
		KIT "Subject: Freedom of Information request - Horses\n"
		    "Message-ID: <ogm-9+0123456789abc-0003@asks.example.net>\n",
		ASKS);
	assert_int_equal(w->out.verdict.fate, FATE_REQUEST);
}

static void a_platform_that_refuses_our_answer_is_a_failure(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, PAT "Subject: Freedom of Information request - Bicycles\n", ASKS);
	intake_world_take(w,
		PLATFORM "Auto-Submitted: auto-replied\n"
			 "Subject: Your response to an FOI request was not delivered\n",
		"Your message \"Your request for information: FOI 000001/18\" was refused.");
	assert_int_equal(w->out.verdict.fate, FATE_BOUNCE);
	assert_int_equal(w->out.is_queued, false);
	assert_int_equal(intake_world_number(w, "SELECT case_id FROM message WHERE uid = 2"), 1);
	assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 1"),
		FOI_CASE_NOT_ACKNOWLEDGED);
}

/* What is sent to a platform is published: nobody's name or address, nor what the mail said. */
static void what_a_platform_publishes_names_no_officer(void **state)
{
	struct intake_world *w = *state;
	static char officer[] = "kim.officer@authority.example.org";
	static char *officers[] = { officer };
	const char *bytes;

	w->conf->digest_to = (struct config_list){ .entries = officers, .n = 1 };
	w->conf->escalate_to = (struct config_list){ .entries = officers, .n = 1 };
	intake_world_take(w, PAT "Subject: Freedom of Information request - Bicycles\n", ASKS);
	w->conf->digest_to = (struct config_list){ 0 };
	w->conf->escalate_to = (struct config_list){ 0 };
	bytes = intake_world_text(w, "SELECT CAST(bytes AS TEXT) FROM outbox_mail");
	assert_non_null(strstr(bytes, "FOI 000001/18"));
	assert_non_null(strstr(bytes, "14 June 2018"));
	assert_null(strstr(bytes, "officer"));
	assert_null(strstr(bytes, "Pat"));
	assert_null(strstr(bytes, "Bicycles"));
	assert_null(strstr(bytes, "bicycles"));
	/* A platform takes no answer to an address that nobody reads. */
	assert_null(strstr(bytes, "reply@"));
}

/* Never a new number with an acknowledgement. */
static void a_reference_that_is_in_no_case_gets_no_number_of_its_kind(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: FOI 000077/18\n", ASKS);
	assert_int_equal(w->out.verdict.fate, FATE_TRIAGE);
	assert_string_equal(w->out.cases[0].reference, "IN 000001/18");
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 0);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM deadline"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_mail_to_two_mailboxes_is_one_request),
		TEST(one_mail_moved_to_another_folder_is_one_request),
		TEST(a_platform_has_one_address_a_request),
		TEST(a_platform_sends_one_message_twice),
		TEST(a_platform_that_refuses_our_answer_is_a_failure),
		TEST(what_a_platform_publishes_names_no_officer),
		TEST(a_reference_that_is_in_no_case_gets_no_number_of_its_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
