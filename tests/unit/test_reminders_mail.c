/* test_reminders_mail.c - what officers are sent: the digest, and what is escalated. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "tests/support/reminders_world.h"

static char *replace(char *text, const char *with)
{
	free(text);
	text = strdup(with);
	assert_non_null(text);
	return text;
}

static void set_list(struct config_list *list, const char *a, const char *b)
{
	list->entries = calloc(2, sizeof *list->entries);
	assert_non_null(list->entries);
	list->n = b ? 2 : 1;
	list->entries[0] = strdup(a);
	list->entries[1] = b ? strdup(b) : NULL;
	assert_non_null(list->entries[0]);
}

static void name_officers(struct intake_world *w)
{
	w->in.store = w->fixture->store;
	w->conf->smtp_url = replace(w->conf->smtp_url, "smtp://localhost");
	set_list(&w->conf->digest_to, "kim@authority.example.org", "Lee@authority.example.org");
	set_list(&w->conf->escalate_to, "head@authority.example.org", NULL);
}

static void expect_mails(struct intake_world *w, int digests, int escalations)
{
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM outbox WHERE kind = 'digest'"),
		digests);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM outbox WHERE kind = 'escalation'"),
		escalations);
}

static void a_digest_goes_once_a_day_to_each(void **state)
{
	struct intake_world *w = *state;
	struct reminders_run *run = malloc(sizeof *run);
	char told[REMINDERS_WORLD_TEXT_MAX];

	assert_non_null(run);
	name_officers(w);
	reminders_world_run(w, reminders_world_morning("2018-05-16"), false, told, run);
	assert_int_equal(run->n_mails[OFFICER_MAIL_DIGEST], 2);
	expect_mails(w, 2, 0); /* also when nothing is due */
	store_fixture_reopen(w->fixture);
	w->in.store = w->fixture->store;
	reminders_world_run(w, reminders_world_morning("2018-05-16") + 3600, false, told, run);
	assert_int_equal(run->n_mails[OFFICER_MAIL_DIGEST], 0);
	w->conf->digest_to.entries[1][0] = 'l'; /* the same address */
	reminders_world_run(w, reminders_world_morning("2018-05-16") + 3700, false, told, NULL);
	expect_mails(w, 2, 0);
	reminders_world_run(w, reminders_world_morning("2018-05-17"), false, told, NULL);
	expect_mails(w, 4, 0);
	assert_string_equal(
		intake_world_text(w,
			"SELECT group_concat(kind || '|' || state || '|' || recipient || '|' ||"
			" sender || '|' || ifnull(case_id, 0) || '|' || wants_copy, ' ')"
			" FROM (SELECT * FROM outbox WHERE id <= 2 ORDER BY id)"),
		"digest|queued|kim@authority.example.org|foi@authority.example.org|0|0 "
		"digest|queued|Lee@authority.example.org|foi@authority.example.org|0|0");
	free(run);
}

static void without_a_server_or_an_address_nothing_is_queued(void **state)
{
	struct intake_world *w = *state;
	char told[REMINDERS_WORLD_TEXT_MAX];

	reminders_world_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-05-14");
	w->conf->smtp_url = replace(w->conf->smtp_url, "smtp://localhost");
	reminders_world_run(w, reminders_world_morning("2018-05-16"), false, told, NULL);
	name_officers(w);
	w->conf->smtp_url = replace(w->conf->smtp_url, "");
	reminders_world_run(w, reminders_world_morning("2018-05-17"), false, told, NULL);
	expect_mails(w, 0, 0);
	assert_string_equal(told, "P3"); /* the journal is told all the same */
}

/* Opened on Wednesday 16 May 2018. */
static void triage_that_nobody_touches_is_escalated(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(freep) struct reminders_run *run = malloc(sizeof *run);
	char told[REMINDERS_WORLD_TEXT_MAX];
	int64_t touched;

	assert_non_null(run);
	name_officers(w);
	reminders_world_case(w, "IN 000001/18", FOI_CASE_TRIAGE, STATUTE_FOIA, "2018-06-14");
	touched = reminders_world_case(
		w, "IN 000002/18", FOI_CASE_TRIAGE, STATUTE_FOIA, "2018-06-14");
	assert_int_equal(touched, 2);
	reminders_world_sql(w,
		"INSERT INTO event (case_id, at, actor, what, why) VALUES"
		" (1, 0, 'daemon', 'opened', ''), (2, 0, 'uid 1000 (kim)', 'note', '')");
	reminders_world_run(w, reminders_world_morning("2018-05-17"), false, told, run);
	assert_int_equal(run->report.triage.total, 2);
	assert_int_equal(run->report.triage.items[0].days, 1);
	assert_int_equal(run->report.untouched.total, 0);
	reminders_world_run(w, reminders_world_morning("2018-05-18"), false, told, run);
	assert_int_equal(run->report.triage.total, 2);
	assert_int_equal(run->report.untouched.total, 1);
	assert_string_equal(run->report.untouched.items[0].reference, "IN 000001/18");
	assert_int_equal(run->n_mails[OFFICER_MAIL_ESCALATION], 1);
	expect_mails(w, 4, 1);
}

static void the_digest_tells_what_the_store_has(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(freep) struct reminders_run *run = malloc(sizeof *run);
	char told[REMINDERS_WORLD_TEXT_MAX];

	assert_non_null(run);
	name_officers(w);
	w->conf->mailboxes[0].acknowledge = ACKNOWLEDGE_HOLD;
	intake_world_take(w, "From: Jane Roe <jane@example.net>\nSubject: x\n",
		"Under the Freedom of Information Act, how many bicycles does the force own?");
	reminders_world_run(w, reminders_world_morning("2018-05-17"), false, told, run);
	assert_int_equal(run->report.fates[FATE_REQUEST], 1);
	assert_int_equal(run->report.n_opened, 1);
	assert_int_equal(run->report.held.total, 1);
	assert_string_equal(run->report.held.items[0].reference, "FOI 000001/18");
	assert_int_equal(run->report.since, 0);
	assert_false(run->report.feed_waits);
	reminders_world_sql(w, "UPDATE outbox SET state = 'failed' WHERE kind = 'acknowledgement';"
			       "UPDATE calendar_feed SET pending_hash = 'ab'");
	reminders_world_run(w, reminders_world_morning("2018-05-18"), false, told, run);
	assert_int_equal(run->report.fates[FATE_REQUEST], 0); /* told yesterday */
	assert_int_equal(run->report.n_opened, 0);
	assert_int_equal(run->report.held.total, 0);
	assert_int_equal(run->report.failed.total, 1);
	assert_int_equal(run->report.since, reminders_world_morning("2018-05-17"));
	assert_true(run->report.feed_waits);
	reminders_world_sql(w,
		"UPDATE outbox SET state = 'queued', next_try = 5 WHERE kind = 'acknowledgement'");
	reminders_world_run(w, reminders_world_morning("2018-05-21"), false, told, run);
	assert_int_equal(run->report.n_unsent, 1); /* not the digests beside it */
	assert_int_equal(run->report.oldest_unsent, INTAKE_WORLD_NOW);
	reminders_world_sql(w, "UPDATE outbox SET state = 'failed' WHERE kind = 'acknowledgement';"
			       "UPDATE foi_case SET state = 'answered'");
	reminders_world_run(w, reminders_world_morning("2018-05-22"), false, told, run);
	assert_int_equal(run->report.failed.total, 0); /* it matters no more */
}

/* Each mail in one list: what is held is not lost, and what was sent and came back is. */
static void held_and_lost_are_two_lists(void **state)
{
	static const char *const letters[][2] = {
		{ "From: jane@example.net\nSubject: sent\n", "1" },
		{ "From: jane@example.net\nSubject: over the limit of a sender\n", "2" },
		{ "From: jane@example.net\nSubject: over it too\n", "3" },
		{ "From: alex@example.net\nSubject: comes back\n", "4" },
		{ "From: kim@example.net\nSubject: over the limit of an hour\n", "5" },
	};
	struct intake_world *w = *state;
	CLEANUP(freep) struct reminders_run *run = malloc(sizeof *run);
	char told[REMINDERS_WORLD_TEXT_MAX];

	assert_non_null(run);
	name_officers(w);
	w->conf->sender_limit = 1;
	w->conf->hour_limit = 2;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		char text[128];

		(void) snprintf(text, sizeof text,
			"Under the Freedom of Information Act, how many bicycles are in ward %s?",
			letters[i][1]);
		intake_world_take(w, letters[i][0], text);
	}
	reminders_world_sql(w, "UPDATE outbox SET state = 'sent', sent_at = 1 WHERE state ="
			       " 'queued' AND kind = 'acknowledgement';"
			       "UPDATE foi_case SET flags = flags | 32 WHERE id = 4");
	reminders_world_run(w, reminders_world_morning("2018-05-17"), false, told, run);
	assert_int_equal(run->report.held.total, 3);
	assert_string_equal(run->report.held.items[0].reference, "FOI 000002/18");
	assert_string_equal(run->report.held.items[2].reference, "FOI 000005/18");
	assert_int_equal(run->report.n_sender_limited, 2);
	assert_int_equal(run->report.n_hour_limited, 1);
	assert_int_equal(run->report.failed.total, 1);
	assert_string_equal(run->report.failed.items[0].reference, "FOI 000004/18");
}

/* An absence note, a report of failure, the mail itself: none of them is a case with a clock. */
static void what_comes_back_of_a_digest_is_recognised(void **state)
{
	static const struct {
		const char *headers; /* with the Message-ID or the envelope sender of the digest */
		const char *text;
		const char *column;
		enum fate fate;
	} answers[] = {
		{ "From: Kim <kim@authority.example.org>\nIn-Reply-To: %s\n"
		  "Subject: Automatic reply: FOI: nothing due (16 May 2018)\n"
		  "Auto-Submitted: auto-replied\n",
			"I am away. Can you ask the FOI team?%s", "message_id", FATE_AUTOMATIC },
		{ "From: Kim <kim@authority.example.org>\nReferences: %s\n"
		  "Subject: Out of office: FOI: nothing due (16 May 2018)\n",
			"I am away.%s", "message_id", FATE_AUTOMATIC },
		{ "From: Mail Delivery System <mailer-daemon@mx.example.org>\nX-Id: %s\n"
		  "Subject: Mail delivery failed: returning message to sender\n",
			"This message was created automatically by mail delivery software.\n"
			"Message-ID: %s\n",
			"message_id", FATE_BOUNCE },
		{ "From: Mail Delivery System <mailer-daemon@mx.example.org>\nTo: <%s>\n"
		  "Subject: Mail delivery failed: returning message to sender\n",
			"This message was created automatically by mail delivery software.%s",
			"sender", FATE_BOUNCE },
		{ "From: FOI <foi@authority.example.org>\nMessage-ID: %s\n"
		  "Subject: FOI: nothing due (16 May 2018)\nAuto-Submitted: auto-generated\n",
			"Nothing is overdue.%s", "message_id", FATE_OWN },
	};
	struct intake_world *w = *state;
	char told[REMINDERS_WORLD_TEXT_MAX];

	name_officers(w);
	w->conf->bounce = CONFIG_BOUNCE_TAGGED;
	reminders_world_run(w, reminders_world_morning("2018-05-16"), false, told, NULL);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		char query[128];
		char id[REMINDERS_WORLD_TEXT_MAX];
		CLEANUP(freep) char *headers = NULL;
		CLEANUP(freep) char *text = NULL;

		(void) snprintf(query, sizeof query, "SELECT %s FROM outbox WHERE id = 1",
			answers[i].column);
		(void) snprintf(id, sizeof id, "%s", intake_world_text(w, query));
		assert_true(strlen(id) < 200);
		assert_true(strcspn(id, "@") <= 64 + 1); /* RFC 5321 s.4.5.3.1.1, and the "<" */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		assert_true(asprintf(&headers, answers[i].headers, id) > 0);
		assert_true(asprintf(&text, answers[i].text, i == 2 ? id : "") > 0);
#pragma GCC diagnostic pop
		intake_world_take(w, headers, text);
		if (w->out.verdict.fate != answers[i].fate || w->out.n_cases != 0)
			fail_msg("%zu: %s, %zu cases", i, fate_word(w->out.verdict.fate),
				w->out.n_cases);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_digest_goes_once_a_day_to_each),
		TEST(without_a_server_or_an_address_nothing_is_queued),
		TEST(triage_that_nobody_touches_is_escalated),
		TEST(the_digest_tells_what_the_store_has),
		TEST(held_and_lost_are_two_lists),
		TEST(what_comes_back_of_a_digest_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
