/* test_deadline.c - `foictl deadline`: its statuses, its JSON, what it shows. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "daemon/deadline.h"

#define SHIPPED FOIMAILD_CONF "/bank-holidays.json"
#define OLD	FOIMAILD_CONF "/bank-holidays-2005-2011.json"

enum {
	WORDS_MAX = 12,
};

/* What a run gave. */
struct run {
	int status;
	char *out; /* owned */
	char *err; /* owned */
};

static void run_done(struct run *r)
{
	free(r->out);
	free(r->err);
}

/* Runs the command with words up to NULL. */
static struct run run(const char *const words[])
{
	char *argv[WORDS_MAX + 1] = { strdup("deadline") };
	struct run r = { 0 };
	size_t n_out = 0, n_err = 0;
	FILE *out = open_memstream(&r.out, &n_out);
	FILE *err = open_memstream(&r.err, &n_err);
	int argc = 1;

	assert_non_null(out);
	assert_non_null(err);
	for (; words[argc - 1]; argc++) {
		assert_in_range(argc, 1, WORDS_MAX - 1);
		argv[argc] = strdup(words[argc - 1]);
	}
	r.status = deadline_command(argc, argv, out, err);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(fclose(err), 0);
	/* getopt_long() puts the words into another order: free what is there now. */
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return r;
}

#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static void the_json_is_the_contract(void **state)
{
	CLEANUP(run_done) struct run r = RUN("2026-03-16", "--json", "--calendar", SHIPPED);
	json_error_t error;
	json_t *root = json_loads(r.out, JSON_REJECT_DUPLICATES, &error), *easter;
	const char *hash;

	(void) state;
	assert_int_equal(r.status, 0);
	assert_string_equal(r.err, "");
	assert_non_null(root);
	assert_int_equal(json_object_size(root), 8);
	assert_string_equal(json_string_value(json_object_get(root, "received")), "2026-03-16");
	assert_string_equal(json_string_value(json_object_get(root, "deadline")), "2026-04-16");
	assert_int_equal(json_integer_value(json_object_get(root, "working_days")), 20);
	assert_int_equal(json_integer_value(json_object_get(root, "months")), 0);
	assert_true(json_is_false(json_object_get(root, "provisional")));
	assert_string_equal(json_string_value(json_object_get(root, "covers_until")), "2028-12-31");
	hash = json_string_value(json_object_get(root, "calendar_hash"));
	assert_int_equal(strspn(hash, "0123456789abcdef"), 64);
	assert_int_equal(json_array_size(json_object_get(root, "excluded")), 3);
	easter = json_array_get(json_object_get(root, "excluded"), 2);
	assert_int_equal(json_object_size(easter), 3);
	assert_string_equal(json_string_value(json_object_get(easter, "date")), "2026-04-06");
	assert_string_equal(json_string_value(json_object_get(easter, "why")), "Easter Monday");
	easter = json_object_get(easter, "divisions");
	assert_int_equal(json_array_size(easter), 2);
	assert_string_equal(json_string_value(json_array_get(easter, 0)), "england-and-wales");
	assert_string_equal(json_string_value(json_array_get(easter, 1)), "northern-ireland");
	json_decref(root);
}

static void options_change_the_result(void **state)
{
	static const struct {
		const char *why;
		const char *words[8];
		const char *says;
	} rows[] = {
		{ "the default", { "2018-05-19" }, "\"deadline\": \"2018-06-18\"" },
		{ "the Code", { "2018-05-19", "--rule", "s45code" }, "\"2018-06-19\"" },
		{ "Scotland", { "--regime", "foisa", "2026-03-16" }, "\"2026-04-14\"" },
		{ "EIR", { "--regime=eir", "2026-03-16" }, "\"2026-04-16\"" },
		{ "a review by the Code", { "--review", "2018-05-16" }, "\"2018-06-14\"" },
		{ "a review of the EIR", { "--review", "--regime=eir", "2018-05-16" },
			"\"2018-07-13\"" },
		{ "subject access", { "--regime=sar", "2018-09-03" }, "\"2018-10-03\"" },
		{ "its length", { "--regime=sar", "2018-09-03" }, "\"months\": 1" },
		{ "days", { "--days", "40", "2022-08-23" }, "\"2022-10-20\"" },
		{ "past the horizon", { "2028-12-15" }, "\"provisional\": true" },
		{ "before the first year", { "2009-03-12" }, "\"provisional\": true" },
		{ "a file for it", { "2009-03-12", "--calendar", OLD }, "\"provisional\": false" },
		{ "files are merged", { "2011-12-20", "--calendar", OLD, "--calendar", SHIPPED },
			"\"covers_until\": \"2028-12-31\"" },
		{ "one file alone ends", { "2011-12-20", "--calendar", OLD },
			"\"covers_until\": \"2011-12-31\"" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *words[10] = { "--json" };

		for (size_t w = 0; rows[i].words[w]; w++)
			words[w + 1] = rows[i].words[w];
		CLEANUP(run_done) struct run r = run(words);

		if (r.status != 0 || !strstr(r.out, rows[i].says))
			fail_msg("%s: %d %s %s", rows[i].why, r.status, r.out, r.err);
	}
}

static void mistakes_have_their_status(void **state)
{
	static const struct {
		const char *why;
		const char *words[4];
		int status;
		const char *says;
	} rows[] = {
		{ "no date", { NULL }, 2, "one DATE" },
		{ "two dates", { "2018-05-16", "2018-05-17" }, 2, "one DATE" },
		{ "no such day", { "2018-02-30" }, 2, "YYYY-MM-DD" },
		{ "another form", { "16/05/2018" }, 2, "YYYY-MM-DD" },
		{ "a review of subject access", { "2018-05-16", "--regime=sar", "--review" }, 2,
			"no internal review" },
		{ "days of subject access", { "2018-05-16", "--regime=sar", "--days=20" }, 2,
			"a month counts" },
		{ "the Code of subject access", { "2018-05-16", "--regime=sar", "--rule=s45code" },
			2, "any day of receipt" },
		{ "no such regime", { "2018-05-16", "--regime", "gdpr" }, 2, "--regime" },
		{ "no such rule", { "2018-05-16", "--rule", "x" }, 2, "--rule" },
		{ "no days", { "2018-05-16", "--days", "0" }, 2, "--days" },
		{ "too many days", { "2018-05-16", "--days", "501" }, 2, "--days" },
		{ "days that are none", { "2018-05-16", "--days", "-1" }, 2, "--days" },
		{ "an unknown option", { "2018-05-16", "--jason" }, 2, "unknown option" },
		{ "an option without value", { "2018-05-16", "--days" }, 2, "without its value" },
		{ "no such file", { "2018-05-16", "--calendar", "/nonexistent" }, 1,
			"/nonexistent" },
		{ "a file that is no calendar",
			{ "2018-05-16", "--calendar", FOIMAILD_TESTS "/data/deadline-vectors.csv" },
			1, "no valid JSON" },
		{ "a year out of range", { "1066-10-14" }, 1, "outside 1990" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CLEANUP(run_done) struct run r = run(rows[i].words);

		if (r.status != rows[i].status || !strstr(r.err, rows[i].says) || r.out[0])
			fail_msg("%s: %d '%s'", rows[i].why, r.status, r.err);
	}
}

static void the_real_letter_day_by_day(void **state)
{
	static const char *const says[] = {
		"               May 2018                             June 2018\n",
		"                0   #1   #2    ·    ·    #17  #18  #19 [20]\n",
		"      ×   #8   #9  #10\n",
		"  × Mon 28 May 2018  Spring bank holiday           all parts of the UK\n",
		"Received   Wednesday 16 May 2018\n",
		"Last day   Thursday 14 June 2018, the 20th working day\n",
		"FOI 2000 s.10(1)",
		"FOI 2000 s.10(6)",
	};
	CLEANUP(run_done) struct run r = RUN("2018-05-16");

	(void) state;
	assert_int_equal(r.status, 0);
	for (size_t i = 0; i < sizeof(says) / sizeof(*says); i++) {
		if (!strstr(r.out, says[i]))
			fail_msg("missing '%s' in\n%s", says[i], r.out);
	}
	assert_null(strstr(r.out, "provisional"));
	assert_null(strchr(r.out, '\033'));
}

/* The page holds each of these. */
static void expect_lines(const char *out, const char *const *says, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strstr(out, says[i]))
			fail_msg("missing '%s' in\n%s", says[i], out);
}

static void a_month_is_not_numbered(void **state)
{
	static const char *const says[] = {
		"UK GDPR art 12(3)",
		"                     R                                              M    ·\n",
		"                                           ×    ×  [L]\n",
		"  R received   M a month on   [L] last day   × does not count\n",
		"A month on Saturday 25 December 2021\n",
		"Last day   Wednesday 29 December 2021, the next working day\n",
	};
	CLEANUP(run_done) struct run r = RUN("2021-11-25", "--regime", "sar");

	(void) state;
	expect_lines(r.out, says, sizeof says / sizeof *says);
	assert_null(strchr(r.out, '#'));
}

static void a_review_has_a_law_of_its_own(void **state)
{
	static const char *const says[] = {
		"s.45 Code of Practice 2018, section 5",
		"  Counted here: 30 working days, as asked for.\n",
		"the 30th working day\n",
	};
	CLEANUP(run_done) struct run r = RUN("2018-05-16", "--review", "--days", "30");

	(void) state;
	expect_lines(r.out, says, sizeof says / sizeof *says);
	assert_null(strstr(r.out, "FOI 2000 s.10(1)"));
}

/* From one day to another a fee was unpaid. */
struct fee {
	const char *notice;
	const char *paid;
};

/* The page of a request of 16 May 2018 with up to two fees. */
static char *fee_page(struct deadline_report *report, const struct fee *fees, size_t n_fees)
{
	CLEANUP(deadline_done) struct deadline d = { 0 };
	CLEANUP(calendar_freep) struct calendar *cal = NULL;
	struct statute_pause pauses[2];
	struct statute_clock clock = {
		.fee = STATUTE_FEE_ENDS, .pauses = pauses, .n_pauses = n_fees
	};
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	assert_int_equal(calendar_new(&cal), 0);
	assert_int_equal(holidays_load(SHIPPED, cal, NULL), 0);
	assert_int_equal(day_parse("2018-05-16", &clock.received), 0);
	for (size_t i = 0; i < n_fees; i++) {
		assert_int_equal(day_parse(fees[i].notice, &pauses[i].notice), 0);
		assert_int_equal(day_parse(fees[i].paid, &pauses[i].paid), 0);
	}
	assert_int_equal(statute_deadline(&clock, cal, &d, NULL), 0);
	report->deadline = &d;
	deadline_show(report, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void days_of_a_fee_are_one_line(void **state)
{
	static const struct fee fee = { "2018-05-21", "2018-06-04" };
	static const char *const says[] = {
		("  × Mon 21 May 2018 to Fri 25 May 2018  fees notice not yet paid\n"
		 "                     5 working days\n"),
		"  × Mon 28 May 2018  Spring bank holiday           all parts of the UK\n",
		"  × Tue 29 May 2018 to Mon  4 Jun 2018  fees notice not yet paid\n",
		"Last day   Thursday 28 June 2018, the 20th working day\n",
	};
	struct deadline_report report = { .regime = STATUTE_FOIA };
	CLEANUP(freep) char *page = fee_page(&report, &fee, 1);

	(void) state;
	expect_lines(page, says, sizeof says / sizeof *says);
}

static void two_fees_are_two_lines(void **state)
{
	static const struct fee fees[] = { { "2018-06-04", "2018-06-06" },
		{ "2018-06-11", "2018-06-13" } };
	static const char *const says[] = {
		"  × Mon  4 Jun 2018 to Wed  6 Jun 2018  fees notice not yet paid\n",
		"  × Mon 11 Jun 2018 to Wed 13 Jun 2018  fees notice not yet paid\n",
	};
	struct deadline_report report = { .regime = STATUTE_FOIA };
	CLEANUP(freep) char *page = fee_page(&report, fees, 2);

	(void) state;
	expect_lines(page, says, sizeof says / sizeof *says);
}

static void a_clock_that_stands_shows_no_later_day(void **state)
{
	static const struct fee fee = { "2018-05-21", "2018-06-04" };
	static const char *const says[] = {
		"                0   #1   #2    ·    ·\n",
		"      =\n",
		"  0 day of receipt   #1 counted   = the clock stands\n",
		"Stands     since Monday 21 May 2018; 2 of 20 working days had passed\n",
	};
	struct deadline_report report = { .regime = STATUTE_FOIA, .is_stopped = true };
	CLEANUP(freep) char *page = NULL;

	(void) state;
	assert_int_equal(day_parse("2018-05-21", &report.stopped), 0);
	page = fee_page(&report, &fee, 1);
	expect_lines(page, says, sizeof says / sizeof *says);
	assert_null(strstr(page, "Last day"));
	assert_null(strstr(page, "June"));
	assert_null(strstr(page, "× "));
}

/* Bank holidays behind the last day are not in the count, so its days have no numbers. */
static void a_clock_that_stands_too_late_counts_no_further(void **state)
{
	struct deadline_report report = { .regime = STATUTE_FOIA, .is_stopped = true };
	CLEANUP(freep) char *page = NULL;

	(void) state;
	assert_int_equal(day_parse("2018-06-19", &report.stopped), 0);
	page = fee_page(&report, NULL, 0);
	assert_non_null(strstr(page, "#19 [20]\n"));
	assert_non_null(strstr(page, "           =\n"));
	assert_null(strstr(page, "#21"));
	assert_non_null(strstr(page, "since Tuesday 19 June 2018\n"));
}

static void a_provisional_day_says_so(void **state)
{
	CLEANUP(run_done) struct run late = RUN("2028-12-15", "--calendar", SHIPPED);
	CLEANUP(run_done) struct run early = RUN("2009-03-12", "--calendar", SHIPPED);

	(void) state;
	assert_non_null(strstr(late.out, "(provisional)"));
	assert_non_null(strstr(late.out, "ends on 31 December 2028"));
	assert_non_null(strstr(late.out, "tell this day to nobody"));
	assert_non_null(strstr(early.out, "does not reach back so far"));
}

static void every_line_fits_80_columns(void **state)
{
	static const char *const dates[] = { "2020-04-09", "2022-09-12", "2023-04-06", "2025-12-08",
		"2026-03-17", "2026-05-20", "2012-05-16" };

	(void) state;
	for (size_t i = 0; i < 2 * sizeof(dates) / sizeof(*dates); i++) {
		CLEANUP(run_done)
		struct run r = RUN(dates[i / 2], "--rule", "s45code", "--days",
			i % 2 ? "500" : "20", "--calendar", SHIPPED);
		char *rest = r.out, *line;

		assert_int_equal(r.status, 0);
		while ((line = strsep(&rest, "\n"))) {
			size_t n = strlen(line);

			if (text_columns(line) > 80 || (n > 0 && line[n - 1] == ' '))
				fail_msg("%s: '%s'", dates[i / 2], line);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_json_is_the_contract),
		cmocka_unit_test(options_change_the_result),
		cmocka_unit_test(mistakes_have_their_status),
		cmocka_unit_test(the_real_letter_day_by_day),
		cmocka_unit_test(a_month_is_not_numbered),
		cmocka_unit_test(a_review_has_a_law_of_its_own),
		cmocka_unit_test(days_of_a_fee_are_one_line),
		cmocka_unit_test(two_fees_are_two_lines),
		cmocka_unit_test(a_clock_that_stands_shows_no_later_day),
		cmocka_unit_test(a_clock_that_stands_too_late_counts_no_further),
		cmocka_unit_test(a_provisional_day_says_so),
		cmocka_unit_test(every_line_fits_80_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
