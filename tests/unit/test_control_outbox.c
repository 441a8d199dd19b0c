/* test_control_outbox.c - what is not sent, as the local socket tells it, and officers' orders about it. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/role.h"
#include "tests/support/control_stage.h"

#define COUNT(a)	    (sizeof(a) / sizeof *(a))
#define CASES		    CONTROL_STAGE_CASES
#define JANE		    "From: Jane Roe <jane@example.net>\n"
#define ASKS		    "Under the Freedom of Information Act, how many bicycles does the force own?"
#define ORDER(method, more) "{\"method\":\"" CASES method "\",\"parameters\":{\"id\":1" more "}}"
#define LIST(more)	    "{\"method\":\"" CASES "Outbox\",\"more\":true,\"parameters\":{" more "}}"

/* Two cases of 2018, so that by today's clock both acknowledgements are late and their days past; the
 * first one is brought to life. */
static void begin(struct control_stage *s)
{
	intake_world_take(s->world, JANE "Subject: One\n", ASKS);
	intake_world_take(s->world, JANE "Subject: Two\n", ASKS " And where?");
	store_fixture_run(s->world->fixture,
		"UPDATE outbox SET told = NULL, code = 450, status = '4.2.0',"
		" reply = '<jane@example.net> later' WHERE id = 1");
	store_fixture_run(s->world->fixture, "UPDATE outbox SET state = 'failed', next_try = NULL,"
					     " code = 550 WHERE id = 2");
}

static const struct step {
	const char *why;
	const char *call;
	const char *answer[4];
} steps[] = {
	{ "no such mail", "{\"method\":\"" CASES "HoldMail\",\"parameters\":{\"id\":77}}",
		{ CASES "NoSuchMail", "\"id\":77" } },
	{ "no number", "{\"method\":\"" CASES "HoldMail\"}", { "InvalidParameter" } },
	{ "a number that is none", "{\"method\":\"" CASES "HoldMail\",\"parameters\":{\"id\":0}}",
		{ "InvalidParameter", "\"id\"" } },
	{ "not held", ORDER("ReleaseMail", ""),
		{ CASES "ImpossibleForMail", "it waits for its next try", "\"anyway\":false" } },
	{ "held", ORDER("HoldMail", ",\"why\":\"a mistake\""),
		{ "\"id\":1,\"reference\":\"FOI 000001/18\"",
			"\"state\":\"held\",\"held\":\"officer\",\"tries\":0",
			"\"next_try\":null,\"code\":450,\"status\":\"4.2.0\"",
			"\"reply\":\"<jane@example.net> later\",\"due_told\":null" } },
	{ "held already", ORDER("HoldMail", ""), { CASES "ImpossibleForMail", "held already" } },
	{ "late", ORDER("ReleaseMail", ""),
		{ CASES "ImpossibleForMail", "days after the mail was received, 16 May 2018",
			"--anyway", "\"anyway\":true" } },
	{ "late, but released", ORDER("ReleaseMail", ",\"anyway\":true,\"why\":\"told so\""),
		{ "\"state\":\"queued\",\"held\":null" } },
	{ "past, and never sent",
		"{\"method\":\"" CASES "RetryMail\",\"parameters\":{\"id\":2,\"anyway\":true}}",
		{ CASES "ImpossibleForMail", "14 June 2018, is past", "\"anyway\":false" } },
};

static void an_officer_orders(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = -1;

	begin(s);
	fd = control_stage_join(s, true, true);
	for (size_t i = 0; i < COUNT(steps); i++) {
		const char *answer = control_stage_ask(s, fd, steps[i].call);

		print_message("%s\n", steps[i].why);
		for (size_t n = 0; n < COUNT(steps[i].answer) && steps[i].answer[n]; n++)
			control_stage_expect(answer, steps[i].answer[n]);
	}
	assert_true(control_stage_has_told(
		s, "INFO outbox-order ref=\"FOI 000001/18\" kind=acknowledgement"));
	assert_true(control_stage_has_told(s, ": hold\n"));
	assert_true(control_stage_has_told(s, ": release\n"));
	assert_false(control_stage_has_told(s, "told so"));
	intake_world_expect_text(s->world,
		"SELECT substr(actor, 1, 4) || '|' || why FROM event"
		" WHERE what = 'acknowledgement-held'",
		"uid |a mistake");
	assert_int_equal(intake_world_number(s->world,
				 "SELECT count(*) FROM event"
				 " WHERE what = 'acknowledgement-released'"
				 " AND why LIKE 'all the same: it would leave %: told so'"),
		1);
}

static void a_reader_sees_no_words_of_a_mail_server(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int reader = -1;
	CLEANUP(closep) int officer = -1;
	const char *answer;

	begin(s);
	reader = control_stage_join(s, true, false);
	control_stage_expect(control_stage_ask(s, reader, ORDER("HoldMail", "")), "foi-officer");
	control_stage_expect(control_stage_ask(s, reader, ORDER("RetryMail", "")), "NotPermitted");
	control_stage_expect(
		control_stage_ask(s, reader, ORDER("ReleaseMail", "")), "NotPermitted");
	answer = control_stage_ask(s, reader, LIST("\"state\":\"queued\""));
	control_stage_expect(answer, "\"code\":450,\"status\":\"4.2.0\",\"reply\":null");
	control_stage_expect(control_stage_hear(s, reader), "\"cursor\":null");
	officer = control_stage_join(s, true, true);
	answer = control_stage_ask(s, officer, LIST("\"state\":\"queued\""));
	control_stage_expect(answer, "\"reply\":\"<jane@example.net> later\"");
	control_stage_expect(control_stage_hear(s, officer), "\"cursor\":null");
}

static void a_list_has_pages(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = -1;

	begin(s);
	fd = control_stage_join(s, true, false);
	control_stage_expect(control_stage_ask(s, fd, LIST("\"limit\":1")), "\"id\":1");
	control_stage_expect(control_stage_hear(s, fd), "{\"cursor\":\"1\"}");
	control_stage_expect(
		control_stage_ask(s, fd, LIST("\"limit\":1,\"cursor\":\"1\"")), "\"id\":2");
	control_stage_expect(control_stage_hear(s, fd), "{\"cursor\":\"2\"}");
	control_stage_expect(
		control_stage_ask(s, fd, LIST("\"cursor\":\"2\"")), "{\"cursor\":null}");
	control_stage_expect(
		control_stage_ask(s, fd, LIST("\"cursor\":\"2018-06-14,1\"")), "BadCursor");
	control_stage_expect(
		control_stage_ask(s, fd, LIST("\"state\":\"sent\"")), "InvalidParameter");
	control_stage_expect(
		control_stage_ask(s, fd, "{\"method\":\"" CASES "Outbox\"}"), "ExpectedMore");
}

/* An order that would not be on disk is refused, and changes nothing. */
static void not_now(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = -1;

	begin(s);
	fd = control_stage_join(s, true, true);
	s->reg.store_trouble.on = true;
	control_stage_expect(control_stage_ask(s, fd, ORDER("HoldMail", "")), "Unavailable");
	s->reg.store_trouble.on = false;
	s->reg.phase = REGISTER_STOPPING;
	control_stage_expect(control_stage_ask(s, fd, ORDER("RetryMail", "")), "Unavailable");
	intake_world_expect_text(s->world, "SELECT state FROM outbox WHERE id = 1", "queued");
}

#define TEST(function)                                                                             \
	cmocka_unit_test_setup_teardown(function, control_stage_setup, control_stage_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(an_officer_orders),
		TEST(a_reader_sees_no_words_of_a_mail_server),
		TEST(a_list_has_pages),
		TEST(not_now),
	};
	int r = role_run(argc, argv); /* this program is query too */
	sigset_t child;

	if (r >= 0)
		return r;
	/* sd-event asks for that. */
	(void) sigemptyset(&child);
	(void) sigaddset(&child, SIGCHLD);
	(void) sigprocmask(SIG_BLOCK, &child, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
