/* test_foictl_outbox.c - foictl outbox: what it asks, what it shows, what it refuses. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/foictl_case.h"
#include "tests/support/foictl_service.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define CALL(method, parameters)                                                                   \
	"{\"method\":\"org.foimaild.Cases." method "\",\"parameters\":{" parameters "}"
#define HELD                                                                                       \
	"{\"id\":7,\"reference\":\"FOI 000001/18\",\"kind\":\"acknowledgement\","                  \
	"\"state\":\"held\",\"held\":\"late\",\"tries\":0,\"next_try\":null,\"code\":null,"        \
	"\"status\":null,\"reply\":null}"
#define QUEUED                                                                                     \
	"{\"id\":12,\"reference\":null,\"kind\":\"digest\",\"state\":\"queued\",\"held\":null,"    \
	"\"tries\":3,\"next_try\":\"2018-05-16T09:31:00Z\",\"code\":450,\"status\":\"4.2.0\","     \
	"\"reply\":\"come\\u001b[2J later\"}"

static void a_list_is_a_table(void **state)
{
	static const char answer[] = "{\"continues\":true,\"parameters\":{\"mail\":" HELD "}}\0"
				     "{\"continues\":true,\"parameters\":{\"mail\":" QUEUED "}}\0"
				     "{\"parameters\":{\"cursor\":\"12\"}}";
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(outbox_command, (const char *const[6]){ "outbox", "--limit=2" },
		CALL("Outbox", "\"state\":\"any\",\"limit\":2") ",\"more\":true}", answer,
		sizeof answer, &r);
	assert_string_equal(r.out,
		"ID  CASE           KIND             STATE        TRIES            NEXT TRY  "
		"CODE       REPLY\n"
		" 7  FOI 000001/18  acknowledgement  held (late)      0\n"
		"12                 digest           queued           3  16 May 2018, 10:31  "
		"450 4.2.0  come [2J later\n");
	assert_string_equal(r.err, "There are more: foictl outbox --limit 20\n");
	assert_int_equal(r.status, FOICTL_DONE);
}

static void a_list_for_scripts(void **state)
{
	static const char answer[] = "{\"parameters\":{}}";
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(outbox_command,
		(const char *const[6]){ "outbox", "--json", "--state=failed" },
		CALL("Outbox", "\"state\":\"failed\",\"limit\":100") ",\"more\":true}", answer,
		sizeof answer, &r);
	assert_string_equal(r.out, "{\n  \"mails\": [],\n  \"more\": false\n}\n");
	assert_int_equal(r.status, FOICTL_DONE);
}

static const struct order {
	const char *why;
	const char *words[8];
	const char *call;
	const char *answer;
	const char *said;
} orders[] = {
	{ "once more", { "outbox", "retry", "12" }, CALL("RetryMail", "\"id\":12") "}",
		"{\"parameters\":{\"mail\":" QUEUED "}}",
		"Mail 12 is queued: it is tried as soon as the mail server can be reached.\n" },
	{ "kept", { "outbox", "hold", "7", "--why", "a mistake" },
		CALL("HoldMail", "\"id\":7,\"why\":\"a mistake\"") "}",
		"{\"parameters\":{\"mail\":" HELD "}}",
		"Mail 7 of FOI 000001/18 is held until it is released.\n" },
	{ "let go all the same", { "outbox", "release", "--anyway", "12" },
		CALL("ReleaseMail", "\"id\":12,\"anyway\":true") "}",
		"{\"parameters\":{\"mail\":" QUEUED "}}",
		"Mail 12 is queued: it is tried as soon as the mail server can be reached.\n" },
	{ "done, and gone since", { "outbox", "retry", "12" }, CALL("RetryMail", "\"id\":12") "}",
		"{\"parameters\":{\"mail\":null}}", "Mail 12 was dealt with.\n" },
	{ "for scripts", { "outbox", "retry", "12", "--json" }, CALL("RetryMail", "\"id\":12") "}",
		"{\"parameters\":{\"mail\":{\"id\":12}}}", "{\n  \"id\": 12\n}\n" },
};

static void an_order_says_what_holds_then(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

		print_message("%s\n", orders[i].why);
		foictl_service_ask(outbox_command, orders[i].words, orders[i].call,
			orders[i].answer, strlen(orders[i].answer) + 1, &r);
		assert_string_equal(r.out, orders[i].said);
		assert_int_equal(r.status, FOICTL_DONE);
	}
}

static const struct usage {
	const char *words[6];
	const char *expected;
} usages[] = {
	{ { "outbox", "--overdue" }, "cannot understand --overdue" },
	{ { "outbox", "--state=sent" }, "cannot understand --state=sent" },
	{ { "outbox", "--limit=0" }, "cannot understand --limit=0" },
	{ { "outbox", "eat", "7" }, "there is no order eat" },
	{ { "outbox", "retry" }, "retry takes the number of one mail" },
	{ { "outbox", "retry", "7", "8" }, "retry takes the number of one mail" },
	{ { "outbox", "retry", "FOI 1" }, "this is no number of a mail: FOI 1" },
	{ { "outbox", "retry", "0" }, "this is no number of a mail: 0" },
	{ { "outbox", "--why=x" }, "--why and --anyway go with an order" },
	{ { "outbox", "hold", "7", "--anyway" }, "--anyway goes with retry and release" },
	{ { "outbox", "hold", "7", "--limit=3" }, "--state and --limit go with the list" },
	{ { "outbox", "hold", "7", "--why=\xFF" }, "--why needs a text in UTF-8" },
};

static void mistakes_of_the_caller_are_usage(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(usages); i++) {
		CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

		foictl_service_run(outbox_command, usages[i].words, &r);
		if (r.status != FOICTL_USAGE || !strstr(r.err, usages[i].expected))
			fail_msg("%s: %d, %s", usages[i].expected, r.status, r.err);
		assert_string_equal(r.out, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_a_table),
		cmocka_unit_test(a_list_for_scripts),
		cmocka_unit_test(an_order_says_what_holds_then),
		cmocka_unit_test(mistakes_of_the_caller_are_usage),
	};

	return cmocka_run_group_tests(tests, foictl_service_setup, foictl_service_teardown);
}
