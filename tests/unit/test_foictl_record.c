/* test_foictl_record.c - what `foictl record` and `undo` order, and what they say in the end. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/foictl_case.h"
#include "tests/support/foictl_service.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define CALL(method, parameters)                                                                   \
	"{\"method\":\"org.foimaild.Cases." method "\",\"parameters\":{" parameters "}}"
#define DONE(result) "{\"parameters\":{\"result\":{" result "}}}"

/* A command line, the call that comes of it. */
static const struct order {
	const char *why;
	foictl_command *c;
	const char *words[14];
	const char *call;
} orders[] = {
	{ "as short as it can be", record_command, { "record", "FOI 1", "withdrawn" },
		CALL("Record", "\"reference\":\"FOI 1\",\"move\":\"withdrawn\"") },
	{ "a day, a part, a reason", record_command,
		{ "record", "FOI 1", "clarified", "--on", "2018-06-04", "--part=2", "--why",
			"by telephone" },
		CALL("Record", "\"day\":\"2018-06-04\",\"part\":2,\"why\":\"by telephone\","
			       "\"reference\":\"FOI 1\",\"move\":\"clarified\"") },
	{ "every part, exemptions of both kinds", record_command,
		{ "record", "FOI 1", "responded", "--every-part", "--outcome", "withheld",
			"--exemption", "31 (1)", "--deny=s.24(2)", "--exemption=21" },
		CALL("Record", "\"every_part\":true,\"reference\":\"FOI 1\",\"move\":\"responded\","
			       "\"details\":{\"outcome\":\"withheld\",\"exemptions\":["
			       "{\"section\":\"31 (1)\",\"denies\":false},"
			       "{\"section\":\"s.24(2)\",\"denies\":true},"
			       "{\"section\":\"21\",\"denies\":false}]}") },
	{ "reasons of the EIR", record_command,
		{ "record", "--complex", "FOI 1", "--voluminous", "extended-complex" },
		CALL("Record", "\"reference\":\"FOI 1\",\"move\":\"extended-complex\","
			       "\"details\":{\"complex\":true,\"voluminous\":true}") },
	{ "an estimated date", record_command,
		{ "record", "FOI 1", "extended-public-interest", "--until=2018-07-12" },
		CALL("Record", "\"reference\":\"FOI 1\",\"move\":\"extended-public-interest\","
			       "\"details\":{\"until\":\"2018-07-12\"}") },
	{ "whom to", record_command, { "record", "FOI 1", "transferred", "--to", "Other Council" },
		CALL("Record", "\"reference\":\"FOI 1\",\"move\":\"transferred\","
			       "\"details\":{\"text\":\"Other Council\"}") },
	{ "the regulator's number", record_command,
		{ "record", "FOI 1", "regulator-opened", "--number", "IC-1" },
		CALL("Record", "\"reference\":\"FOI 1\",\"move\":\"regulator-opened\","
			       "\"details\":{\"text\":\"IC-1\"}") },
	{ "a part", record_command,
		{ "record", "FOI 1", "part-added", "--question", "Where?", "--authority", "B",
			"--regime", "eir" },
		CALL("Record", "\"reference\":\"FOI 1\",\"move\":\"part-added\",\"details\":{"
			       "\"text\":\"Where?\",\"authority\":\"B\",\"regime\":\"eir\"}") },
	{ "the last one", undo_command, { "undo", "FOI 1" },
		CALL("Undo", "\"reference\":\"FOI 1\"") },
	{ "a number, a reason", undo_command, { "undo", "FOI 1", "17", "--why", "a mistake" },
		CALL("Undo", "\"why\":\"a mistake\",\"id\":17,\"reference\":\"FOI 1\"") },
};

static void options_become_an_order(void **state)
{
	static const char answer[] = DONE("\"reference\":\"FOI 1\",\"ids\":[],\"clocks\":[]");

	(void) state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

		print_message("%s\n", orders[i].why);
		foictl_service_ask(
			orders[i].c, orders[i].words, orders[i].call, answer, sizeof answer, &r);
		assert_int_equal(r.status, FOICTL_DONE);
		assert_string_equal(r.err, "");
	}
}

/* Command lines that are no order: nobody is asked. */
static const struct mistake {
	const char *why;
	foictl_command *c;
	const char *words[8];
	const char *says;
} mistakes[] = {
	{ "no move", record_command, { "record", "FOI 1" }, "a reference and a move" },
	{ "two moves", record_command, { "record", "FOI 1", "closed", "closed" },
		"a reference and a move" },
	{ "no such move", record_command, { "record", "FOI 1", "eaten" }, "no move \"eaten\"" },
	{ "an undoing", record_command, { "record", "FOI 1", "undone" }, "foictl undo" },
	{ "no day", record_command, { "record", "FOI 1", "closed", "--on", "2018-02-30" },
		"--on must be a day" },
	{ "no day either", record_command, { "record", "FOI 1", "closed", "--until", "soon" },
		"--until must be a day" },
	{ "no part", record_command, { "record", "FOI 1", "closed", "--part", "0" },
		"--part must be 1 to 64" },
	{ "no such answer", record_command,
		{ "record", "FOI 1", "responded", "--outcome", "lapsed" }, "no such answer" },
	{ "no such law", record_command, { "record", "FOI 1", "regime", "--regime", "gdpr" },
		"--regime must be" },
	{ "an empty text", record_command, { "record", "FOI 1", "transferred", "--to", "" },
		"--to needs a text" },
	{ "two texts", record_command,
		{ "record", "FOI 1", "transferred", "--to", "A", "--text", "B" },
		"--text: that was said already" },
	{ "two days", record_command,
		{ "record", "FOI 1", "closed", "--on=2018-06-01", "--on=2018-06-02" },
		"said already" },
	{ "no UTF-8", record_command, { "record", "FOI 1", "transferred", "--to", "\xFF" },
		"UTF-8" },
	{ "an unknown option", record_command, { "record", "FOI 1", "closed", "--force" },
		"\"--force\"" },
	{ "no reference to undo", undo_command, { "undo" }, "takes a reference" },
	{ "no number", undo_command, { "undo", "FOI 1", "last" }, "no move \"last\"" },
	{ "an option of record", undo_command, { "undo", "FOI 1", "--on=2018-06-01" }, "--on" },
};

static void mistakes_are_usage(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

		foictl_service_run(mistakes[i].c, mistakes[i].words, &r);
		if (r.status != FOICTL_USAGE || !strstr(r.err, mistakes[i].says) || *r.out)
			fail_msg("%s: %d, %s", mistakes[i].why, r.status, r.err);
	}
}

#define CLOCK                                                                                      \
	"\"working_days\":20,\"months\":0,\"received\":\"2018-06-04\","                            \
	"\"first_received\":\"2018-06-04\",\"counted_to\":\"2018-07-02\",\"regime\":\"foia\""

static void it_says_what_follows(void **state)
{
	static const char answer[] = DONE(
		"\"reference\":\"FOI 000042/18\",\"ids\":[17],\"opened\":null,\"clocks\":[{" CLOCK
		",\"state\":\"open\",\"due\":\"2018-07-02\"}]");
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(record_command,
		(const char *const[]){
			"record", "FOI 42/18", "fee-paid", "--on", "2018-06-03", NULL },
		CALL("Record", "\"day\":\"2018-06-03\",\"reference\":\"FOI 42/18\","
			       "\"move\":\"fee-paid\""),
		answer, sizeof answer, &r);
	assert_string_equal(r.out,
		"FOI 000042/18: recorded: the fee was received, Sunday 3 June 2018.\n"
		"The clock of 20 working days runs; the last day is Monday 2 July 2018.\n"
		"(move 17; undo with: foictl undo 'FOI 000042/18' 17)\n");
}

static void parts_are_named(void **state)
{
	static const char answer[] =
		DONE("\"reference\":\"FOI 1\",\"ids\":[17,18],\"opened\":null,\"clocks\":[{" CLOCK
		     ",\"part\":1,\"state\":\"answered\",\"outcome\":\"not-held\","
		     "\"ended\":\"2018-06-11\"},{" CLOCK
		     ",\"part\":2,\"state\":\"answered\",\"outcome\":\"not-held\","
		     "\"ended\":\"2018-07-03\"}]");
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(record_command,
		(const char *const[]){ "record", "FOI 1", "responded", "--outcome=not-held",
			"--every-part", NULL },
		CALL("Record", "\"every_part\":true,\"reference\":\"FOI 1\","
			       "\"move\":\"responded\",\"details\":{\"outcome\":\"not-held\"}"),
		answer, sizeof answer, &r);
	assert_non_null(strstr(r.out, "recorded of 2 parts: the answer left, today.\n"));
	assert_non_null(strstr(
		r.out, "Part 1: It ended on Monday 11 June 2018: not held. That was in time"));
	assert_non_null(strstr(r.out, "That was late"));
	assert_non_null(strstr(r.out, " 17)\n"));
	assert_non_null(strstr(r.out, " 18)\n"));
}

static void a_new_case_is_named(void **state)
{
	static const char answer[] = DONE("\"reference\":\"FOI 1\",\"ids\":[17],"
					  "\"opened\":\"FOI 2\",\"clocks\":[]");
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(record_command,
		(const char *const[]){ "record", "FOI 1", "narrowed", NULL },
		CALL("Record", "\"reference\":\"FOI 1\",\"move\":\"narrowed\""), answer,
		sizeof answer, &r);
	assert_non_null(strstr(r.out, "is the new case FOI 2, with a clock of its own.\n"));
}

static void what_was_undone_is_named(void **state)
{
	static const char answer[] =
		DONE("\"reference\":\"FOI 1\",\"ids\":[19],\"undone\":{\"id\":17,"
		     "\"move\":\"responded\",\"part\":1,\"day\":\"2018-06-11\"},\"clocks\":[{" CLOCK
		     ",\"state\":\"open\",\"due\":\"2018-07-02\"}]");
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(undo_command, (const char *const[]){ "undo", "FOI 1", NULL },
		CALL("Undo", "\"reference\":\"FOI 1\""), answer, sizeof answer, &r);
	assert_string_equal(r.out,
		"FOI 1: taken back: the answer left, Monday 11 June 2018 (move 17).\n"
		"The clock of 20 working days runs; the last day is Monday 2 July 2018.\n");
}

static void scripts_get_the_result(void **state)
{
	static const char answer[] = DONE("\"ids\":[19]");
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(undo_command, (const char *const[]){ "undo", "FOI 1", "--json", NULL },
		CALL("Undo", "\"reference\":\"FOI 1\""), answer, sizeof answer, &r);
	assert_string_equal(r.out, "{\n  \"ids\": [\n    19\n  ]\n}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_become_an_order),
		cmocka_unit_test(mistakes_are_usage),
		cmocka_unit_test(it_says_what_follows),
		cmocka_unit_test(parts_are_named),
		cmocka_unit_test(a_new_case_is_named),
		cmocka_unit_test(what_was_undone_is_named),
		cmocka_unit_test(scripts_get_the_result),
	};

	return cmocka_run_group_tests(tests, foictl_service_setup, foictl_service_teardown);
}
