/* test_control_move.c - officers' orders at the local socket: recorded, refused, taken back. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "tests/support/control_stage.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define CASES	 CONTROL_STAGE_CASES
#define JANE	 "From: Jane Roe <jane@example.net>\n"
#define ASKS	 "Under the Freedom of Information Act, how many bicycles does the force own?"

/* A call of a method about the case, with further parameters. */
#define CALL(method, more)                                                                         \
	"{\"method\":\"" CASES method "\",\"parameters\":{\"reference\":\"FOI 000001/18\"" more "}}"
#define RECORD(move, more) CALL("Record", ",\"move\":\"" move "\"" more)
#define ON(day)		   ",\"day\":\"" day "\""
#define DETAILS(details)   ",\"details\":{" details "}"

/* Calls of an officer, one after the other about one case, and what is in each answer. */
struct step {
	const char *why;
	const char *call;
	const char *answer[4];
};

static void walk(struct control_stage *s, int fd, const struct step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *answer = control_stage_ask(s, fd, steps[i].call);

		print_message("%s\n", steps[i].why);
		for (size_t a = 0; a < COUNT(steps[i].answer) && steps[i].answer[a]; a++)
			control_stage_expect(answer, steps[i].answer[a]);
	}
}

static int begin(struct control_stage *s)
{
	intake_world_take(s->world, JANE "Subject: Bicycles\n", ASKS);
	return control_stage_join(s, true, true);
}

static const struct step a_life[] = {
	{ "how it was counted", CALL("Why", ""),
		{ "\"counted_to\":\"2018-06-14\"", "\"due\":\"2018-06-14\"",
			"\"told\":{\"day\":\"2018-06-14\",\"counts\":true}",
			"\"citation\":\"FOI 2000 s.10(1)\"" } },
	{ "which days did not count", CALL("Why", ""),
		{ "\"excluded\":[{\"date\":\"2018-05-28\",\"why\":\"Spring bank holiday\"",
			"\"waiting\":null,\"since\":null", "\"fees\":[]", "\"outcome\":null" } },
	{ "more time without a reason for it",
		RECORD("extended-public-interest",
			ON("2018-06-01") DETAILS("\"until\":\"2018-07-12\"")),
		{ CASES "ImpossibleMove", "no qualified exemption" } },
	{ "an exemption as an officer writes it",
		RECORD("exemption", ON("2018-05-21") DETAILS("\"exemptions\":[{\"section\":"
							     "\"31 (1)\",\"denies\":true}]")),
		{ "\"state\":\"open\"", "\"due\":\"2018-06-14\"",
			"{\"section\":\"s.31(1)\",\"denies\":true}" } },
	{ "more time with a reason for it",
		RECORD("extended-public-interest",
			ON("2018-06-01") DETAILS("\"until\":\"2018-07-12\"")),
		{ "\"notice\":\"2018-06-14\"", "\"final\":\"2018-07-12\"", "\"due\":\"2018-06-14\"",
			"\"extension\":\"FOI 2000 s.10(3), s.17(2)\"" } },
	{ "the parts know it", CALL("Get", ""),
		{ "\"parts\":[{\"number\":1", "\"notice\":\"2018-06-14\"",
			"\"final\":\"2018-07-12\"", "\"outcome\":null" } },
	{ "the refusal notice", RECORD("notice-given", ON("2018-06-14")),
		{ "\"due\":\"2018-07-12\"", "\"notice_given\":true" } },
	{ "an answer with a mistake in it",
		RECORD("responded", ON("2018-07-10") DETAILS("\"outcome\":\"granted\"")),
		{ "\"state\":\"answered\"", "\"due\":null", "\"outcome\":\"granted\"",
			"\"ended\":\"2018-07-10\"" } },
	{ "is taken back", CALL("Undo", ",\"why\":\"another case\""),
		{ "\"state\":\"open\"", "\"move\":\"responded\"", "\"due\":\"2018-07-12\"" } },
	{ "both are in the history", CALL("Get", ""),
		{ "\"what\":\"responded\"", "\"what\":\"undone\"", "another case", "uid 4711" } },
	{ "and recorded anew",
		RECORD("responded", ON("2018-07-11") DETAILS("\"outcome\":\"part-granted\"")),
		{ "\"state\":\"answered\"", "\"outcome\":\"part-granted\"" } },
	{ "the case is in no list of what is due", CALL("Get", ""),
		{ "\"state\":\"answered\"", "\"days_left\":null", "\"due\":null" } },
	{ "the file", RECORD("closed", ON("2018-07-12")), { "\"state\":\"closed\"" } },
	{ "nothing more", RECORD("responded", ON("2018-07-13") DETAILS("\"outcome\":\"granted\"")),
		{ CASES "ImpossibleMove", "closed" } },
};

static void test_a_life(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = begin(s);
	char undone[80];

	walk(s, fd, a_life, COUNT(a_life));
	assert_true(control_stage_has_told(s, "INFO case-moved ref=\"FOI 000001/18\" kind=request "
					      "due=2018-07-12: an officer recorded what happened "
					      "to a case: notice-given"));
	assert_true(control_stage_has_told(s, "kind=request: an officer recorded"));
	(void) snprintf(undone, sizeof undone,
		"\"outcome\":\"granted\"},\"undoes\":null,\"undone\":%d}",
		(int) intake_world_number(s->world, "SELECT id FROM event WHERE what = 'undone'"));
	control_stage_expect(control_stage_ask(s, fd, CALL("Get", "")), undone);
	assert_false(control_stage_has_told(s, "another case"));
}

static const struct step clocks[] = {
	{ "a question", RECORD("clarification-asked", ON("2018-06-01")),
		{ "\"state\":\"waiting\"", "\"waiting\":\"clarification\",\"since\":\"2018-06-01\"",
			"\"due\":\"2018-09-01\"" } },
	{ "an answer before the question", RECORD("clarified", ON("2018-05-31")),
		{ CASES "BadMove", "it was asked for, 1 June 2018" } },
	{ "an answer", RECORD("clarified", ON("2018-06-04")),
		{ "\"received\":\"2018-06-04\"", "\"first_received\":\"2018-05-16\"",
			"\"due\":\"2018-07-02\"", "\"clarification\":\"FOI 2000 s.10(6)(b)\"" } },
	{ "what was told counts no more", CALL("Why", ""),
		{ "\"told\":{\"day\":\"2018-06-14\",\"counts\":false}" } },
	{ "a fee", RECORD("fee-asked", ON("2018-06-11") DETAILS("\"text\":\"12 pounds\"")),
		{ "\"waiting\":\"fee\",\"since\":\"2018-06-11\"", "\"due\":\"2018-09-11\"",
			"\"fee\":\"FOI 2000 s.9, s.10(2)\"" } },
	{ "not over yet", RECORD("lapsed", ON("2018-09-11")),
		{ CASES "ImpossibleMove", "may pay until 11 September 2018" } },
	{ "paid", RECORD("fee-paid", ON("2018-06-13")),
		{ "\"fees\":[{\"asked\":\"2018-06-11\",\"paid\":\"2018-06-13\"}]",
			"\"due\":\"2018-07-05\"",
			"{\"date\":\"2018-06-12\",\"why\":\"fees notice not yet paid\","
			"\"divisions\":[]}" } },
	{ "another law", RECORD("subject-access", ON("2018-06-14")),
		{ "\"regime\":\"sar\"", "\"working_days\":0,\"months\":1",
			"\"received\":\"2018-05-16\"", "\"due\":\"2018-06-18\"" } },
};

static void test_clocks(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = begin(s);

	walk(s, fd, clocks, COUNT(clocks));
}

static const struct step parts[] = {
	{ "a second part",
		RECORD("part-added", ON("2018-05-17") DETAILS("\"text\":\"Which colour?\","
							      "\"authority\":\"Other Council\"")),
		{ "\"part\":2,\"question\":\"Which colour?\",\"authority\":\"Other Council\"" } },
	{ "which of the two", RECORD("responded", DETAILS("\"outcome\":\"granted\"")),
		{ CASES "BadMove", "say which part" } },
	{ "one of them",
		RECORD("responded", ",\"part\":2" ON("2018-06-01") DETAILS("\"outcome\":"
									   "\"not-held\"")),
		{ "\"state\":\"open\"", "\"due\":\"2018-06-14\"", "\"clocks\":[{\"part\":2",
			"\"outcome\":\"not-held\"" } },
	{ "taken back", CALL("Undo", ""), { "\"part\":2", "\"clocks\":[{\"part\":2" } },
	{ "both",
		RECORD("responded", ",\"every_part\":true" ON("2018-06-01")
					    DETAILS("\"outcome\":\"refused-cost\"")),
		{ "\"state\":\"answered\"", "{\"part\":1", "{\"part\":2" } },
	{ "and a narrowed request", RECORD("narrowed", ON("2018-06-04")),
		{ "\"opened\":\"FOI 000002/18\"", "\"clocks\":[]" } },
	{ "of which another is linked", CALL("Get", ""), { "\"reference\":\"FOI 000002/18\"" } },
};

static void test_parts(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = begin(s);

	walk(s, fd, parts, COUNT(parts));
	assert_true(control_stage_has_told(s, "case-opened ref=\"FOI 000002/18\" kind=request "
					      "received=2018-06-04 due=2018-07-02"));
}

static const struct step mistakes[] = {
	{ "no such case",
		"{\"method\":\"" CASES "Record\",\"parameters\":{\"reference\":\"FOI 000009/18\","
		"\"move\":\"closed\"}}",
		{ CASES "NoSuchCase", "FOI 000009/18" } },
	{ "no such case to explain",
		"{\"method\":\"" CASES "Why\",\"parameters\":{\"reference\":\"x\"}}",
		{ CASES "NoSuchCase" } },
	{ "no such case to undo",
		"{\"method\":\"" CASES "Undo\",\"parameters\":{\"reference\":\"x\"}}",
		{ CASES "NoSuchCase" } },
	{ "no such move", RECORD("eaten", ""), { CASES "BadMove", "no such move" } },
	{ "an undoing by another name", RECORD("undone", ""), { CASES "BadMove", "Undo" } },
	{ "nothing to undo", CALL("Undo", ""), { CASES "BadMove", "no such move" } },
	{ "no day", RECORD("withdrawn", ON("tomorrow")), { CASES "BadMove", "YYYY-MM-DD" } },
	{ "a day that is not yet", RECORD("withdrawn", ON("2199-01-01")),
		{ CASES "BadMove", "in the future" } },
	{ "a day before the request", RECORD("withdrawn", ON("2018-05-15")), { CASES "BadMove" } },
	{ "a part that is not there", RECORD("withdrawn", ",\"part\":2"),
		{ CASES "BadMove", "no part 2" } },
	{ "a part that cannot be", RECORD("withdrawn", ",\"part\":0"),
		{ "InvalidParameter", "\"part\"" } },
	{ "details that are none", RECORD("responded", ",\"details\":[]"),
		{ "InvalidParameter", "\"details\"" } },
	{ "a detail that is none", RECORD("responded", DETAILS("\"outcomes\":\"granted\"")),
		{ CASES "BadMove" } },
	{ "no outcome", RECORD("responded", ""), { CASES "BadMove", "needs the outcome" } },
	{ "an exemption of another law",
		RECORD("exemption", DETAILS("\"exemptions\":[{\"section\":\"reg 12(5)(e)\","
					    "\"denies\":false}]")),
		{ CASES "BadMove" } },
	{ "what another law knows",
		RECORD("extended-complex", DETAILS("\"complex\":true,\"voluminous\":true")),
		{ CASES "ImpossibleMove", "Freedom of Information Act 2000" } },
	{ "a parameter too many", RECORD("closed", ",\"actor\":\"jane\""),
		{ "InvalidParameter", "\"actor\"" } },
};

static void test_mistakes(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = begin(s);

	walk(s, fd, mistakes, COUNT(mistakes));
	assert_int_equal(intake_world_number(
				 s->world, "SELECT count(*) FROM event WHERE details IS NOT NULL"),
		0);
	assert_false(control_stage_has_told(s, "case-moved"));
}

static void test_a_reader_asks_only(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int officer = begin(s);
	CLEANUP(closep) int reader = control_stage_join(s, true, false);

	(void) officer; /* only that the case is there */
	control_stage_expect(
		control_stage_ask(s, reader, RECORD("withdrawn", "")), "\"need\":\"foi-officer\"");
	control_stage_expect(control_stage_ask(s, reader, CALL("Undo", "")), "NotPermitted");
	control_stage_expect(control_stage_ask(s, reader, CALL("Why", "")), "\"clocks\":[{");
}

/* An order that would not be on disk is refused, and changes nothing. */
static void test_not_now(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = begin(s);

	s->reg.store_trouble.on = true;
	control_stage_expect(control_stage_ask(s, fd, RECORD("withdrawn", "")), "Unavailable");
	s->reg.store_trouble.on = false;
	s->reg.phase = REGISTER_STOPPING;
	control_stage_expect(control_stage_ask(s, fd, RECORD("withdrawn", "")), "Unavailable");
	s->reg.phase = REGISTER_RELOADING;
	control_stage_expect(control_stage_ask(s, fd, CALL("Undo", "")), "Unavailable");
	control_stage_expect(control_stage_ask(s, fd, CALL("Why", "")), "\"clocks\"");
	s->reg.phase = REGISTER_RUNNING;
	control_stage_expect(control_stage_ask(s, fd, CALL("Get", "")), "\"state\":\"open\"");
}

static const struct step before_the_change[] = {
	{ "the environment", RECORD("regime", ON("2018-05-17") DETAILS("\"regime\":\"eir\"")),
		{ "\"regime\":\"eir\"" } },
	{ "a transfer that is no end",
		RECORD("transferred", ON("2018-05-18") DETAILS("\"text\":\"Other Council\"")),
		{ "\"state\":\"open\"" } },
	{ "an answer", RECORD("responded", ON("2018-05-21") DETAILS("\"outcome\":\"granted\"")),
		{ "\"state\":\"answered\"" } },
};

/* A part that was added by mistake is kept, but shown no more. */
static void test_a_part_by_mistake(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = begin(s);

	control_stage_expect(
		control_stage_ask(s, fd,
			RECORD("part-added", ON("2018-05-17") DETAILS("\"text\":\"Which?\""))),
		"\"part\":2");
	control_stage_expect(control_stage_ask(s, fd, CALL("Undo", "")), "\"clocks\":[]");
	assert_null(strstr(control_stage_ask(s, fd, CALL("Why", "")), "\"part\":2"));
	assert_null(strstr(control_stage_ask(s, fd, CALL("Get", "")), "\"number\":2"));
}

/* A move keeps what the setting of its time made of it. */
static void test_another_setting(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = begin(s);

	s->world->conf->law.eir_transfer_ends = false;
	walk(s, fd, before_the_change, COUNT(before_the_change));
	s->world->conf->law.eir_transfer_ends = true;
	control_stage_expect(control_stage_ask(s, fd, CALL("Get", "")), "\"number\":1");
	control_stage_expect(control_stage_ask(s, fd, CALL("Why", "")), "\"outcome\":\"granted\"");
}

/* Moves that do not fit each other, as only a hand at the store can write them, hide nothing of
 * the case. */
static void test_a_spoiled_history(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = begin(s);

	walk(s, fd, before_the_change + 2, 1);
	store_fixture_run(s->world->fixture,
		"INSERT INTO event (case_id, part, at, actor, what, why, day, details)"
		" VALUES (1, 1, 1, 'uid 0 (root)', 'clarified', '', '2018-05-22', '{}')");
	control_stage_expect(control_stage_ask(s, fd, CALL("Get", "")), "\"what\":\"responded\"");
	control_stage_expect(control_stage_ask(s, fd, CALL("Get", "")), "\"outcome\":\"granted\"");
	control_stage_expect(control_stage_ask(s, fd, CALL("Why", "")), "\"outcome\":\"granted\"");
}

#define STAGE_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, control_stage_setup, control_stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(test_a_life),
		STAGE_TEST(test_clocks),
		STAGE_TEST(test_parts),
		STAGE_TEST(test_mistakes),
		STAGE_TEST(test_a_reader_asks_only),
		STAGE_TEST(test_not_now),
		STAGE_TEST(test_a_part_by_mistake),
		STAGE_TEST(test_another_setting),
		STAGE_TEST(test_a_spoiled_history),
	};
	sigset_t child;

	/* sd-event asks for that. */
	(void) sigemptyset(&child);
	(void) sigaddset(&child, SIGCHLD);
	(void) sigprocmask(SIG_BLOCK, &child, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
