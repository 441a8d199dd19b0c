/* test_review_window.c - until when a review may be asked for under each law. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "domain/review_window.h"
#include "tests/support/shipped_calendar.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define CODE                                                                                       \
	{                                                                                          \
		40, REVIEW_WINDOW_WORKING_DAYS                                                     \
	}
#define SEED                                                                                       \
	{                                                                                          \
		20, REVIEW_WINDOW_DAYS                                                             \
	}

static const struct {
	const char *why;
	const char *text;
	int code;
	unsigned n;
	enum review_window_unit unit;
	const char *says; /* in the fault */
} texts[] = {
	{ "the Code's", "40 working days", 0, 40, REVIEW_WINDOW_WORKING_DAYS, NULL },
	{ "the letter's", "20 days", 0, 20, REVIEW_WINDOW_DAYS, NULL },
	{ "weeks are of the calendar", "8 weeks", 0, 56, REVIEW_WINDOW_DAYS, NULL },
	{ "one", "1 working day", 0, 1, REVIEW_WINDOW_WORKING_DAYS, NULL },
	{ "capitals, no space", "20Days", 0, 20, REVIEW_WINDOW_DAYS, NULL },
	{ "the longest", "400 days", 0, 400, REVIEW_WINDOW_DAYS, NULL },
	{ "the longest of weeks", "57 weeks", 0, 399, REVIEW_WINDOW_DAYS, NULL },
	{ "a bare number could be either", "40", -EINVAL, 0, 0, "needs a unit" },
	{ "and with a space", "40 ", -EINVAL, 0, 0, "needs a unit" },
	{ "nothing", "", -EINVAL, 0, 0, "is no time" },
	{ "a unit alone", "days", -EINVAL, 0, 0, "is no time" },
	{ "a unit that is none", "2 months", -EINVAL, 0, 0, "is no time" },
	{ "a sign", "-20 days", -EINVAL, 0, 0, "is no time" },
	{ "a number of many digits", "99999999999999999999 days", -EINVAL, 0, 0, "is no time" },
	{ "none at all", "0 days", -ERANGE, 0, 0, "1 to 400 days" },
	{ "too long", "401 days", -ERANGE, 0, 0, "1 to 400 days" },
	{ "too many weeks", "58 weeks", -ERANGE, 0, 0, "1 to 400 days" },
};

static void a_window_has_a_unit(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct review_window w = { 7, REVIEW_WINDOW_WORKING_DAYS };
		struct fault f = { 0 };
		int r = review_window_parse(texts[i].text, &w, &f);

		if (r != texts[i].code)
			fail_msg("%s: %d %s", texts[i].why, r, f.text);
		if (texts[i].says)
			assert_non_null(strstr(f.text, texts[i].says));
		assert_int_equal(w.n, r == 0 ? texts[i].n : 7);
		if (r == 0)
			assert_int_equal(w.unit, texts[i].unit);
	}
}

static const struct {
	const char *why;
	enum statute_regime regime;
	struct review_window window;
	const char *answered; /* NULL: not */
	const char *due;
	const char *last; /* NULL: none */
} lasts[] = {
	{ "the letter of 14 June 2018 under the Code, issued three weeks later", STATUTE_FOIA, CODE,
		"2018-06-14", "2018-06-14", "2018-08-13" },
	{ "and by its own words, which say 20 days", STATUTE_FOIA, SEED, "2018-06-14", "2018-06-14",
		"2018-07-04" },
	{ "days of the calendar may end on a Sunday", STATUTE_FOIA, { 17, REVIEW_WINDOW_DAYS },
		"2018-06-14", "2018-06-14", "2018-07-01" },
	{ "from a late answer", STATUTE_FOIA, SEED, "2018-07-14", "2018-06-14", "2018-08-03" },
	{ "from an early answer", STATUTE_FOIA, SEED, "2018-06-01", "2018-06-14", "2018-06-21" },
	{ "no answer: no time has begun", STATUTE_FOIA, CODE, NULL, "2018-06-14", NULL },
	{ "EIR: fixed, whatever the authority says", STATUTE_EIR, SEED, "2018-06-14", "2018-06-14",
		"2018-08-13" },
	{ "EIR: from the answer, also an early one", STATUTE_EIR, SEED, "2018-06-01", "2018-06-14",
		"2018-07-30" },
	{ "EIR: no answer, so from the day it had to be there", STATUTE_EIR, SEED, NULL,
		"2018-06-14", "2018-08-13" },
	{ "FOISA: Scotland works on 12 July and 28 May, not on 6 August", STATUTE_FOISA, SEED,
		"2018-06-14", "2018-06-14", "2018-08-10" },
	{ "FOISA: an early answer does not shorten it", STATUTE_FOISA, SEED, "2018-06-01",
		"2018-06-14", "2018-08-10" },
	{ "FOISA: a late answer lengthens it", STATUTE_FOISA, SEED, "2018-06-15", "2018-06-14",
		"2018-08-13" },
	{ "FOISA: no answer", STATUTE_FOISA, SEED, NULL, "2018-06-14", "2018-08-10" },
	{ "subject access has no review", STATUTE_SAR, CODE, "2018-06-14", "2018-06-14", NULL },
};

static struct review_window_verdict judge(size_t i, struct day asked)
{
	struct review_window_answer a = { .regime = lasts[i].regime,
		.is_answered = lasts[i].answered != NULL,
		.due = day(lasts[i].due) };
	struct review_window_verdict v;
	struct fault f = { 0 };

	if (a.is_answered)
		a.answered = day(lasts[i].answered);
	if (review_window_judge(&a, &lasts[i].window, asked, calendar, &v, &f) < 0)
		fail_msg("%s: %s", lasts[i].why, f.text);
	return v;
}

/* In time on the last day, late on the next one. */
static void each_law_has_its_last_day(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(lasts); i++) {
		struct review_window_verdict v = judge(i, day("2018-06-15"));
		char iso[DAY_ISO_MAX];

		print_message("%s\n", lasts[i].why);
		assert_int_equal(v.has_last, lasts[i].last != NULL);
		assert_false(v.is_late);
		assert_false(v.is_provisional);
		if (!lasts[i].last) {
			assert_false(judge(i, day("2028-06-15")).is_late);
			continue;
		}
		assert_string_equal(day_iso(v.last, iso), lasts[i].last);
		assert_false(judge(i, v.last).is_late);
		assert_true(judge(i, day_add(v.last, 1)).is_late);
	}
}

static void it_says_so_with_the_law(void **state)
{
	static const struct {
		size_t row;
		const char *asked;
		const char *why;
	} says[] = {
		{ 0, "2018-06-25",
			"asked for on 25 June 2018, in time: the request was answered on 14 June"
			" 2018, and a review may be asked for until 13 August 2018 (40 working "
			"days;"
			" s.45 Code of Practice 2018, section 5)" },
		{ 1, "2018-07-05",
			"asked for on 5 July 2018, late: the request was answered on 14 June 2018,"
			" and a review may be asked for until 4 July 2018 (20 days; s.45 Code of"
			" Practice 2018, section 5); its clock runs all the same, and an officer"
			" decides" },
		{ 5, "2018-06-25",
			"asked for on 25 June 2018: the request was not answered; its last day for"
			" an answer is 14 June 2018, and the time to ask for a review begins with"
			" the answer (s.45 Code of Practice 2018, section 5)" },
		{ 12, "2018-06-25",
			"asked for on 25 June 2018, in time: the request was not answered; its last"
			" day for an answer is 14 June 2018, and a review may be asked for until 10"
			" August 2018 (40 working days; FOISA 2002 s.20(5))" },
		{ 13, "2018-06-25",
			"asked for on 25 June 2018: the request was answered on 14 June 2018, and"
			" there is no internal review (UK GDPR)" },
	};

	(void) state;
	for (size_t i = 0; i < COUNT(says); i++)
		assert_string_equal(judge(says[i].row, day(says[i].asked)).why, says[i].why);
}

static void past_the_horizon_it_is_provisional(void **state)
{
	struct review_window_answer a = {
		.regime = STATUTE_FOIA, .is_answered = true, .answered = day("2028-12-20")
	};
	struct review_window window = CODE;
	struct review_window_verdict v;

	(void) state;
	assert_int_equal(
		review_window_judge(&a, &window, day("2028-12-21"), calendar, &v, NULL), 0);
	assert_true(v.is_provisional);
	assert_non_null(strstr(v.why, "at least, as not all bank holidays are known yet"));
	window = (struct review_window) SEED;
	assert_int_equal(
		review_window_judge(&a, &window, day("2028-12-21"), calendar, &v, NULL), 0);
	assert_false(v.is_provisional);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_has_a_unit),
		cmocka_unit_test(each_law_has_its_last_day),
		cmocka_unit_test(it_says_so_with_the_law),
		cmocka_unit_test(past_the_horizon_it_is_provisional),
	};

	return cmocka_run_group_tests(tests, load_calendar, free_calendar);
}
