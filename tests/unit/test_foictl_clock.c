/* test_foictl_clock.c - what `foictl why` makes of a clock: its sentences, its page, its options. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/foictl_clock.h"
#include "tests/support/foictl_service.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void json_freep(json_t **j)
{
	json_decref(*j);
}

/* A request of 16 May 2018 whose clock runs. */
static json_t *plain_clock(void)
{
	json_t *clock =
		json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i}",
			"part", 1, "question", "", "authority", "Example Council", "kind",
			"request", "state", "open", "regime", "foia", "rule", "statute", "received",
			"2018-05-16", "first_received", "2018-05-16", "counted_from", "2018-05-16",
			"counted_to", "2018-06-14", "working_days", 20, "months", 0);
	json_t *more = json_pack("{s:s, s:n, s:n, s:[{s:s, s:s, s:[s,s,s]}], s:{s:s, s:s, s:s}}",
		"due", "2018-06-14", "outcome", "ended", "excluded", "date", "2018-05-28", "why",
		"Spring bank holiday", "divisions", "england-and-wales", "scotland",
		"northern-ireland", "law", "fee", "FOI 2000 s.9, s.10(2)", "clarification",
		"FOI 2000 s.10(6)(b)", "extension", "");

	assert_non_null(clock);
	assert_non_null(more);
	assert_int_equal(json_object_update(clock, more), 0);
	json_decref(more);
	return clock;
}

/* The same with some members set otherwise. */
static json_t *clock_with(const char *members)
{
	json_t *clock = plain_clock();
	json_error_t error;
	json_t *more = json_loads(members, 0, &error);

	if (!more)
		fail_msg("%s: %s", members, error.text);
	assert_int_equal(json_object_update(clock, more), 0);
	json_decref(more);
	return clock;
}

#define ENDED(outcome, day)                                                                        \
	"{\"state\":\"answered\",\"due\":null,\"outcome\":\"" outcome "\",\"ended\":\"" day "\","  \
	"\"exemptions\":[{\"section\":\"s.31(1)\",\"denies\":true}]"

static const struct {
	const char *why;
	const char *members;
	const char *says;
} sentences[] = {
	{ "it runs", "{}",
		"The clock of 20 working days runs; the last day is Thursday 14 June 2018." },
	{ "a new one", "{\"received\":\"2018-06-04\",\"due\":\"2018-07-02\"}",
		"A new clock of 20 working days runs; the last day is Monday 2 July 2018." },
	{ "a month", "{\"regime\":\"sar\",\"working_days\":0,\"months\":1,\"due\":\"2018-06-18\"}",
		"The clock of one month runs; the last day is Monday 18 June 2018." },
	{ "nobody knows the bank holidays", "{\"provisional\":true}",
		"The clock of 20 working days runs; the last day is Thursday 14 June 2018. It is "
		"provisional, since bank holidays are not known so far: tell it to nobody." },
	{ "clarification",
		"{\"state\":\"waiting\",\"waiting\":\"clarification\",\"since\":\"2018-05-21\","
		"\"due\":\"2018-08-21\"}",
		"The clock stands since Monday 21 May 2018, until the clarification comes; a new "
		"one runs from that day (FOI 2000 s.10(6)(b)). If nothing has come by Tuesday 21 "
		"August 2018, think of \"lapsed\"." },
	{ "a fee",
		"{\"state\":\"waiting\",\"waiting\":\"fee\",\"since\":\"2018-05-21\","
		"\"due\":\"2018-08-21\"}",
		"The clock stands since Monday 21 May 2018, until the fee is paid (FOI 2000 s.9, "
		"s.10(2)). The requester may pay until Tuesday 21 August 2018; after that "
		"\"lapsed\" can be recorded." },
	{ "both dates of an extension", "{\"notice\":\"2018-06-14\",\"final\":\"2018-07-12\"}",
		"The refusal notice is due by Thursday 14 June 2018 all the same (FOI 2000 "
		"s.17(1)); the answer by Thursday 12 July 2018." },
	{ "one is left",
		"{\"notice\":\"2018-06-14\",\"final\":\"2018-07-12\",\"notice_given\":true}",
		"The refusal notice was given. The answer is due by Thursday 12 July 2018 (FOI "
		"2000 s.10(3))." },
	{ "passed on, and not told yet", "{\"transferred\":true}",
		"The clock of 20 working days runs; the last day is Thursday 14 June 2018. The "
		"requester must still be told whether it is held (FOI 2000 s.1(1)(a)): then "
		"record \"holding-told\"." },
	{ "passed on, as subject access", "{\"transferred\":true,\"regime\":\"sar\"}",
		"The clock of 20 working days runs; the last day is Thursday 14 June 2018." },
	{ "on the last day", ENDED("withheld", "2018-06-14") "}",
		"It ended on Thursday 14 June 2018: withheld in full (s.31(1) (neither confirmed "
		"nor denied)). That was in time: the last day was Thursday 14 June 2018." },
	{ "on the day after it", ENDED("granted", "2018-06-15") "}",
		"It ended on Friday 15 June 2018: granted in full. That was late: the last day "
		"was Thursday 14 June 2018." },
	{ "in the time of the extension",
		ENDED("not-held", "2018-07-12") ",\"notice\":\"2018-06-14\","
						"\"final\":\"2018-07-12\",\"notice_given\":true}",
		"It ended on Thursday 12 July 2018: not held. That was in time: the last day was "
		"Thursday 12 July 2018." },
	{ "but without the notice",
		ENDED("not-held", "2018-07-12") ",\"notice\":\"2018-06-14\","
						"\"final\":\"2018-07-12\",\"notice_given\":false}",
		"It ended on Thursday 12 July 2018: not held. That was in time: the last day was "
		"Thursday 12 July 2018. But no refusal notice was recorded, which was due by "
		"Thursday 14 June 2018 (FOI 2000 s.17(1))." },
	{ "who withdrew needs no answer", ENDED("withdrawn", "2018-09-15") "}",
		"It ended on Saturday 15 September 2018: withdrawn." },
};

static void a_clock_in_one_sentence(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(sentences); i++) {
		CLEANUP(json_freep) json_t *clock = clock_with(sentences[i].members);
		char text[FOICTL_VALUE_MAX];

		print_message("%s\n", sentences[i].why);
		assert_string_equal(foictl_clock_now(clock, text), sentences[i].says);
	}
}

/* The page of a clock, 80 columns wide. */
static char *page_of(const char *members)
{
	CLEANUP(json_freep) json_t *clock = clock_with(members);
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	const struct table_page page = { .out = out, .width = 80 };

	assert_non_null(out);
	foictl_clock_page(clock, &page);
	assert_int_equal(fclose(out), 0);
	return text;
}

static const struct {
	const char *why;
	const char *members;
	const char *says[3];
} pages[] = {
	{ "the count", "{}",
		{ "                0   #1   #2    ·    ·    #17  #18  #19 [20]\n",
			"  × Mon 28 May 2018  Spring bank holiday           all parts of the UK\n",
			"Last day   Thursday 14 June 2018, the 20th working day\n" } },
	{ "it stands", "{\"state\":\"waiting\",\"waiting\":\"fee\",\"since\":\"2018-05-21\"}",
		{ "= the clock stands\n", "2 of 20 working days had passed\n",
			"  Now         The" } },
	{ "it stood", "{\"fees\":[{\"asked\":\"2018-05-21\",\"paid\":\"2018-06-04\"}]}",
		{ "  Fee         asked for on Monday 21 May 2018 and paid on Monday 4 June",
			"meanwhile (FOI 2000 s.9," } },
	{ "clarified", "{\"first_received\":\"2018-05-01\"}",
		{ "  Clarified   the request came on Tuesday 1 May 2018; clarification" } },
	{ "an extension",
		"{\"kind\":\"review\",\"working_days\":40,\"law\":{\"extension\":\"the Code\"}}",
		{ "Counted here: 40 working days, extended under the Code.\n",
			"s.45 Code of Practice 2018, section 5" } },
	{ "what was told still counts", "{\"told\":{\"day\":\"2018-06-14\",\"counts\":true}}",
		{ "  Told        the requester was told Thursday 14 June 2018\n" } },
	{ "it was another day", "{\"told\":{\"day\":\"2018-06-13\",\"counts\":true}}",
		{ "13 June 2018, which is" } },
	{ "it was of another clock", "{\"told\":{\"day\":\"2018-06-13\",\"counts\":false}}",
		{ "13 June 2018, of a" } },
	{ "particulars that stop nothing",
		"{\"waiting\":\"clarification\",\"since\":\"2018-05-21\"}",
		{ "for a clarification, which stops", "Last day" } },
	{ "ended", ENDED("granted", "2018-06-15") "}", { "  Ended       It ended on Friday" } },
	{ "another language", "{\"counted_to\":\"soon\"}", { "foictl why --json" } },
	{ "an endless count", "{\"counted_to\":\"2199-01-01\"}", { "foictl why --json" } },
};

static void a_clock_as_a_page(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(pages); i++) {
		CLEANUP(freep) char *text = page_of(pages[i].members);
		char *rest = text;
		char *line;

		print_message("%s\n", pages[i].why);
		for (size_t s = 0; s < COUNT(pages[i].says) && pages[i].says[s]; s++)
			if (!strstr(text, pages[i].says[s]))
				fail_msg("no '%s' in\n%s", pages[i].says[s], text);
		while ((line = strsep(&rest, "\n")))
			assert_in_range(text_columns(line), 0, 80);
	}
}

#define CALL "{\"method\":\"org.foimaild.Cases.Why\",\"parameters\":{\"reference\":\"FOI 1\"}}"
#define TWO                                                                                        \
	"{\"parameters\":{\"clocks\":[{\"part\":1,\"authority\":\"A\"},{\"part\":2,"               \
	"\"question\":\"Where?\"}]}}"

static const struct {
	const char *why;
	const char *words[6];
	int status;
	const char *says; /* on either stream */
} commands[] = {
	{ "all parts", { "why", "FOI 1" }, FOICTL_DONE, "\nPart 1\n  Authority   A\n" },
	{ "with their questions", { "why", "FOI 1" }, FOICTL_DONE, "\nPart 2: Where?\n" },
	{ "one of them", { "why", "FOI 1", "--part", "2" }, FOICTL_DONE, "\nPart 2: Where?\n" },
	{ "none of them", { "why", "FOI 1", "--part=3" }, FOICTL_NOT_FOUND, "no part 3\n" },
	{ "for scripts", { "why", "FOI 1", "--json", "--part=1" }, FOICTL_DONE,
		"{\n  \"clocks\": [\n    {\n      \"part\": 1,\n      \"authority\": \"A\"\n    }\n"
		"  ]\n}\n" },
};

static void parts_are_chosen(void **state)
{
	static const char answer[] = TWO;

	(void) state;
	for (size_t i = 0; i < COUNT(commands); i++) {
		CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

		foictl_service_ask(why_command, commands[i].words, CALL, answer, sizeof answer, &r);
		if (r.status != commands[i].status ||
			(!strstr(r.out, commands[i].says) && !strstr(r.err, commands[i].says)))
			fail_msg("%s: %d, %s%s", commands[i].why, r.status, r.out, r.err);
	}
}

static void one_part_only(void **state)
{
	static const char answer[] = TWO;
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(why_command,
		(const char *const[]){ "why", "FOI 1", "--part", "2", NULL }, CALL, answer,
		sizeof answer, &r);
	assert_null(strstr(r.out, "Part 1"));
}

static const struct {
	const char *why;
	const char *words[5];
} mistakes[] = {
	{ "no reference", { "why" } },
	{ "two of them", { "why", "FOI 1", "FOI 2" } },
	{ "no part", { "why", "FOI 1", "--part", "0" } },
	{ "an option of record", { "why", "FOI 1", "--on=2018-06-01" } },
};

static void mistakes_are_usage(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

		print_message("%s\n", mistakes[i].why);
		foictl_service_run(why_command, mistakes[i].words, &r);
		assert_int_equal(r.status, FOICTL_USAGE);
		assert_non_null(strstr(r.err, "foictl why --help"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_in_one_sentence),
		cmocka_unit_test(a_clock_as_a_page),
		cmocka_unit_test(parts_are_chosen),
		cmocka_unit_test(one_part_only),
		cmocka_unit_test(mistakes_are_usage),
	};

	return cmocka_run_group_tests(tests, foictl_service_setup, foictl_service_teardown);
}
