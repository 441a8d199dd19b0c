/* test_statute_rules.c - the table of regimes, fees, months, and what is refused. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/statute.h"
#include "tests/support/shipped_calendar.h"

static void the_table_is_complete(void **state)
{
	static const struct {
		enum statute_regime regime;
		const char *key;
		unsigned request, extended, review, review_max;
		bool by_law;
		unsigned divisions;
	} rows[] = {
		{ STATUTE_FOIA, "foia", 20, 0, 20, 40, false, CALENDAR_UK },
		{ STATUTE_EIR, "eir", 20, 40, 40, 40, true, CALENDAR_UK },
		{ STATUTE_FOISA, "foisa", 20, 0, 20, 20, true, CALENDAR_SCOTLAND },
		{ STATUTE_SAR, "sar", 0, 0, 0, 0, false, CALENDAR_UK },
	};
	static const char *const laws[] = { "FOI 2000", "EIR 2004", "FOISA 2002", "UK GDPR" };

	(void) state;
	assert_int_equal(sizeof(rows) / sizeof(*rows), STATUTE_REGIME_COUNT);
	for (size_t i = 0; i < STATUTE_REGIME_COUNT; i++) {
		const struct statute *s = statute_of(rows[i].regime);
		enum statute_regime regime = STATUTE_REGIME_COUNT;

		assert_string_equal(s->key, rows[i].key);
		assert_int_equal(statute_regime_parse(s->key, &regime), 0);
		assert_int_equal(regime, rows[i].regime);
		assert_int_equal(s->request_days, rows[i].request);
		assert_int_equal(s->extended_days, rows[i].extended);
		assert_int_equal(s->review_days, rows[i].review);
		assert_int_equal(s->review_days_max, rows[i].review_max);
		assert_int_equal(s->review_is_law, rows[i].by_law);
		assert_int_equal(s->divisions, rows[i].divisions);
		assert_non_null(strstr(s->law_request, laws[i]));
		assert_int_equal(s->request_months, rows[i].regime == STATUTE_SAR ? 1 : 0);
		assert_int_equal(s->fee == STATUTE_FEE_NONE, s->law_fee == NULL);
		assert_int_equal(s->presumes_sent, s->law_presumption != NULL);
		assert_non_null(s->short_name);
		assert_non_null(s->name);
		assert_non_null(s->name_cy);
		assert_non_null(s->law_review);
		assert_non_null(s->law_working_day);
		assert_non_null(s->sentence);
		assert_non_null(s->sentence_review);
		assert_non_null(s->sentence_working);
	}
}

static void keys_are_exact(void **state)
{
	enum statute_regime regime = STATUTE_EIR;
	enum statute_rule rule = STATUTE_RULE_STATUTE;

	(void) state;
	assert_int_equal(statute_regime_parse("FOIA", &regime), -EINVAL);
	assert_int_equal(statute_regime_parse("foi", &regime), -EINVAL);
	assert_int_equal(statute_regime_parse("", &regime), -EINVAL);
	assert_int_equal(regime, STATUTE_EIR);
	assert_int_equal(statute_rule_parse("code", &rule), -EINVAL);
	assert_int_equal(statute_rule_parse("s45code", &rule), 0);
	assert_int_equal(rule, STATUTE_RULE_S45CODE);
	assert_string_equal(statute_rule_key(STATUTE_RULE_STATUTE), "statute");
}

static void a_fee_disregards_both_end_days(void **state)
{
	struct statute_pause pause;
	struct statute_clock in = { .received = day("2026-09-01"),
		.fee = STATUTE_FEE_ENDS,
		.pauses = &pause,
		.n_pauses = 1 };
	struct deadline d = { 0 };

	(void) state;
	pause.notice = pause.paid = day("2026-09-10"); /* one working day: one day later */
	assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
	assert_int_equal(d.due.n, day("2026-09-30").n);
	assert_int_equal(d.n_excluded, 1);
	assert_int_equal(d.excluded[0].divisions, 0);
	deadline_done(&d);

	pause.paid = day("2026-09-11"); /* two */
	assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
	assert_int_equal(d.due.n, day("2026-10-01").n);
	deadline_done(&d);

	pause.paid = day("2026-09-13"); /* a Sunday adds nothing */
	assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
	assert_int_equal(d.due.n, day("2026-10-01").n);
	deadline_done(&d);
}

/* Received on Saturday 5 September 2026: by the Code Monday is day zero, fee or no fee, and the
 * count begins on the Tuesday, or with the first day that the fee leaves. */
static void a_fee_does_not_move_the_day_of_receipt(void **state)
{
	struct statute_pause pause = { day("2026-09-07"), day("2026-09-07") };
	struct statute_clock in = { .received = day("2026-09-05"),
		.rule = STATUTE_RULE_S45CODE,
		.fee = STATUTE_FEE_ENDS,
		.pauses = &pause,
		.n_pauses = 1 };
	struct deadline d = { 0 };

	(void) state;
	assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
	assert_int_equal(d.counted_from.n, day("2026-09-07").n);
	assert_int_equal(d.due.n, day("2026-10-05").n);
	deadline_done(&d);

	pause.paid = day("2026-09-11"); /* Tuesday to Friday are out: four days later */
	assert_int_equal(statute_deadline(&in, calendar, &d, NULL), 0);
	assert_int_equal(d.counted_from.n, day("2026-09-07").n);
	assert_int_equal(d.due.n, day("2026-10-09").n);
	deadline_done(&d);
}

#define FEE(regime_, fee_, list, n)                                                                \
	{                                                                                          \
		.regime = (regime_), .received = r, .fee = (fee_), .pauses = (list),               \
		.n_pauses = (n)                                                                    \
	}

static void refusals_leave_the_result_alone(void **state)
{
	struct day r = day("2026-09-01");
	const struct statute_pause before = { day_add(r, -1), r };
	const struct statute_pause backwards = { day_add(r, 2), day_add(r, 1) };
	const struct statute_pause year = { r, day_add(r, 367) };
	const struct statute_pause plain = { r, r };
	const struct statute_pause overlap[] = { { r, day_add(r, 5) },
		{ day_add(r, 4), day_add(r, 6) } };
	const struct {
		const char *why;
		struct statute_clock in;
		int expected;
	} rows[] = {
		{ "no such regime", { .regime = STATUTE_REGIME_COUNT, .received = r }, -EINVAL },
		{ "no such rule", { .rule = STATUTE_RULE_COUNT, .received = r }, -EINVAL },
		{ "too many days", { .working_days = STATUTE_DAYS_MAX + 1, .received = r },
			-EINVAL },
		{ "notice before the request", FEE(STATUTE_FOIA, STATUTE_FEE_ENDS, &before, 1),
			-EINVAL },
		{ "paid before the notice", FEE(STATUTE_FOIA, STATUTE_FEE_ENDS, &backwards, 1),
			-EINVAL },
		{ "paid more than a year later", FEE(STATUTE_FOIA, STATUTE_FEE_ENDS, &year, 1),
			-EINVAL },
		{ "one notice inside another", FEE(STATUTE_FOIA, STATUTE_FEE_ENDS, overlap, 2),
			-EINVAL },
		{ "a fee that stops no clock", FEE(STATUTE_FOISA, STATUTE_FEE_NONE, &plain, 1),
			-EINVAL },
		{ "working days for subject access",
			{ .regime = STATUTE_SAR, .received = r, .working_days = 20 }, -EINVAL },
		{ "too early", { .received = day("1989-12-31") }, -ERANGE },
		{ "too late", { .received = day("2200-01-01") }, -ERANGE },
		{ "ends too late", { .received = day("2199-12-20") }, -ERANGE },
		{ "a day that is none", { .received = { INT32_MAX } }, -ERANGE },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct deadline d = { .working_days = 4711 };
		struct fault f = { 0 };
		int got = statute_deadline(&rows[i].in, calendar, &d, &f);

		if (got != rows[i].expected || f.code != got || !f.text[0])
			fail_msg("%s: %d", rows[i].why, got);
		assert_int_equal(d.working_days, 4711);
	}
}

static void a_month_for_subject_access(void **state)
{
	static const struct {
		const char *why, *received;
		unsigned months;
		const char *due;
	} rows[] = {
		{ "the same date of the next month", "2019-09-03", 1, "2019-10-03" },
		{ "a shorter month ends it", "2026-03-31", 1, "2026-04-30" },
		{ "February, and its last day is a Saturday", "2026-01-31", 1, "2026-03-02" },
		{ "a leap February", "2028-01-31", 1, "2028-02-29" },
		{ "rolled off Christmas to the 29th", "2026-11-25", 1, "2026-12-29" },
		{ "over the year", "2026-12-31", 1, "2027-02-01" },
		{ "extended by two", "2026-11-30", 3, "2027-03-01" },
		{ "received on a Sunday, counted from it", "2026-06-14", 1, "2026-07-14" },
		{ "rolled off Scotland's day", "2026-05-15", 1, "2026-06-16" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CLEANUP(deadline_done) struct deadline d = { 0 };
		char iso[DAY_ISO_MAX];

		assert_int_equal(statute_calendar_month(
					 calendar, day(rows[i].received), rows[i].months, &d, NULL),
			0);
		if (strcmp(day_iso(d.due, iso), rows[i].due) != 0 || d.provisional)
			fail_msg("%s: %s", rows[i].why, iso);
	}
}

static void months_out_of_range(void **state)
{
	struct deadline d = { 0 };

	(void) state;
	assert_int_equal(statute_calendar_month(calendar, day("2026-01-31"), 0, &d, NULL), -EINVAL);
	assert_int_equal(statute_calendar_month(
				 calendar, day("2026-01-31"), STATUTE_MONTHS_MAX + 1, &d, NULL),
		-EINVAL);
	assert_int_equal(statute_calendar_month(calendar, day("2199-12-31"), 1, &d, NULL), -ERANGE);
	assert_int_equal(statute_calendar_month(calendar, day("2028-12-15"), 1, &d, NULL), 0);
	assert_true(d.provisional);
	deadline_done(&d);
}

static void working_days_left(void **state)
{
	static const struct {
		const char *why;
		enum statute_regime regime;
		const char *from, *to;
		int expected;
	} rows[] = {
		{ "the day itself", STATUTE_FOIA, "2018-06-14", "2018-06-14", 0 },
		{ "tomorrow", STATUTE_FOIA, "2018-06-13", "2018-06-14", 1 },
		{ "over a weekend", STATUTE_FOIA, "2018-06-08", "2018-06-11", 1 },
		{ "from a Sunday", STATUTE_FOIA, "2018-06-10", "2018-06-11", 1 },
		{ "the whole clock", STATUTE_FOIA, "2018-05-16", "2018-06-14", 20 },
		{ "overdue by one", STATUTE_FOIA, "2018-06-15", "2018-06-14", -1 },
		{ "overdue over the weekend only", STATUTE_FOIA, "2018-06-17", "2018-06-15", 0 },
		{ "overdue by two", STATUTE_FOIA, "2018-06-18", "2018-06-14", -2 },
		{ "12 July in England", STATUTE_FOIA, "2018-07-11", "2018-07-12", 0 },
		{ "12 July in Scotland", STATUTE_FOISA, "2018-07-11", "2018-07-12", 1 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int got = statute_working_days_between(
			rows[i].regime, calendar, day(rows[i].from), day(rows[i].to));

		if (got != rows[i].expected)
			fail_msg("%s: %d", rows[i].why, got);
	}
	assert_in_range(statute_working_days_between(STATUTE_FOIA, calendar,
				(struct day){ INT32_MIN }, (struct day){ INT32_MAX }),
		20000, 30000);
}

/* Where the church's moon has exceptions, and the earliest and latest Easter. */
static void good_friday_of_hard_years(void **state)
{
	static const char *const fridays[] = { "1954-04-16", "1981-04-17", "2008-03-21",
		"2038-04-23", "2049-04-16", "2076-04-17" };
	CLEANUP(calendar_freep) struct calendar *none = NULL;

	(void) state;
	assert_int_equal(calendar_new(&none), 0);
	for (size_t i = 0; i < sizeof(fridays) / sizeof(*fridays); i++) {
		struct day d = day(fridays[i]);

		if (statute_is_working_day(STATUTE_FOIA, none, d) ||
			!statute_is_working_day(STATUTE_FOIA, none, day_add(d, 7)) ||
			!statute_is_working_day(STATUTE_FOIA, none, day_add(d, -7)))
			fail_msg("%s", fridays[i]);
	}
}

static void an_empty_calendar_covers_nothing(void **state)
{
	CLEANUP(calendar_freep) struct calendar *none = NULL;
	CLEANUP(deadline_done) struct deadline d = { 0 };
	const struct statute_clock in = { .received = day("2018-05-16") };

	(void) state;
	assert_int_equal(calendar_new(&none), 0);
	assert_int_equal(statute_deadline(&in, none, &d, NULL), 0);
	assert_true(d.provisional);
	assert_false(d.has_covers_until);
	assert_int_equal(d.due.n, day("2018-06-13").n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_complete),
		cmocka_unit_test(keys_are_exact),
		cmocka_unit_test(a_fee_disregards_both_end_days),
		cmocka_unit_test(a_fee_does_not_move_the_day_of_receipt),
		cmocka_unit_test(refusals_leave_the_result_alone),
		cmocka_unit_test(a_month_for_subject_access),
		cmocka_unit_test(months_out_of_range),
		cmocka_unit_test(working_days_left),
		cmocka_unit_test(good_friday_of_hard_years),
		cmocka_unit_test(an_empty_calendar_covers_nothing),
	};

	return cmocka_run_group_tests(tests, load_calendar, free_calendar);
}
