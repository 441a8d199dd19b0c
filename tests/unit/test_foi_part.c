/* test_foi_part.c - what moves make of a part, and of its clock. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/foi_part.h"
#include "tests/support/move_script.h"
#include "tests/support/shipped_calendar.h"

struct row {
	const char *why;
	enum case_kind kind;
	enum statute_regime regime;
	const char *received;
	const char *moves;
	/* "STATE DUE [notice=DAY final=DAY] [OUTCOME ENDED]", or "!" and a part of the refusal of
	 * the last move. */
	const char *expected;
};

#define SEED   CASE_REQUEST, STATUTE_FOIA, "2018-05-16"
#define EIR    CASE_REQUEST, STATUTE_EIR, "2018-05-16"
#define FOISA  CASE_REQUEST, STATUTE_FOISA, "2018-05-16"
#define REVIEW CASE_REVIEW, STATUTE_FOIA, "2018-05-16"

#include "tests/unit/foi_part_rows.inc"

static struct foi_part begin(const struct row *row)
{
	const struct foi_part_begin b = {
		.kind = row->kind, .regime = row->regime, .received = day(row->received)
	};
	struct foi_part part;

	foi_part_begin(&b, &part);
	return part;
}

/* As foi_history_try() does it. */
static int try_move(struct foi_part *part, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f)
{
	const struct foi_part before = *part;
	int r = foi_part_apply(part, m, law->settings, f);

	if (r == 0)
		r = foi_part_check(&before, m, law, f);
	return r;
}

static void describe(const struct foi_part *part, const struct foi_law *law, char *buf, size_t room)
{
	CLEANUP(foi_clock_done) struct foi_clock c = { 0 };
	char iso[DAY_ISO_MAX], notice[DAY_ISO_MAX], final[DAY_ISO_MAX];
	struct fault f = { 0 };

	if (foi_part_count(part, law, &c, &f) < 0)
		fail_msg("%s", f.text);
	if (part->state == FOI_CASE_ANSWERED)
		(void) snprintf(buf, room, "answered %s %s", foi_outcome_of(part->outcome)->word,
			day_iso(part->ended, iso));
	else if (c.has_notice)
		(void) snprintf(buf, room, "%s %s notice=%s final=%s",
			foi_case_state_word(part->state), day_iso(c.due, iso),
			day_iso(c.notice, notice), day_iso(c.final, final));
	else
		(void) snprintf(
			buf, room, "%s %s", foi_case_state_word(part->state), day_iso(c.due, iso));
}

static void check_row(const struct row *row, const struct statute_settings *settings)
{
	const struct foi_law law = {
		.calendar = calendar, .settings = settings, .today = day("2026-11-25")
	};
	struct foi_part part = begin(row);
	struct foi_part before = part;
	struct foi_move_record m;
	struct fault f = { 0 };
	const char *script = row->moves;
	char got[1200];
	int r = 0;

	while (r == 0 && move_script_next(&script, &m)) {
		before = part;
		r = try_move(&part, &m, &law, &f);
	}
	if (r < 0)
		(void) snprintf(got, sizeof got, "!%s", f.text);
	else
		describe(&part, &law, got, sizeof got);
	if (row->expected[0] == '!') {
		if (r == 0 || *script || !strstr(f.text, row->expected + 1) || f.code != r)
			fail_msg("%s: %s, expected %s", row->why, got, row->expected);
		if (r == foi_part_apply(&before, &m, settings, NULL))
			assert_memory_equal(&part, &before, sizeof part);
	} else if (strcmp(got, row->expected) != 0) {
		fail_msg("%s: %s, expected %s", row->why, got, row->expected);
	}
}

static void check_all(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_row(&rows[i], &statute_settings_default);
}

static void clocks_run_stop_and_start_anew(void **state)
{
	(void) state;
	check_all(clocks, sizeof clocks / sizeof *clocks);
}

static void duties_end(void **state)
{
	(void) state;
	check_all(ends, sizeof ends / sizeof *ends);
}

static void impossible_moves_are_refused_with_a_reason(void **state)
{
	(void) state;
	check_all(refusals, sizeof refusals / sizeof *refusals);
}

/* What law.md calls memory rather than text can be set otherwise. */
static void settings_decide_what_is_read_in_two_ways(void **state)
{
	static const struct row run = { "particulars stop nothing", EIR,
		"clarification-asked 2018-05-21; clarified 2018-06-04", "open 2018-06-14" };
	static const struct row scots = { "nor in Scotland", FOISA,
		"clarification-asked 2018-05-21", "open 2018-06-14" };
	static const struct row charge = { "a charge that stops nothing", EIR,
		"fee-asked 2018-05-21; fee-paid 2018-06-04", "open 2018-06-14" };
	static const struct row transfer = { "a transfer that does not end it", EIR,
		"transferred 2018-05-20 text=Otherham", "open 2018-06-14" };
	static const struct row estimate = { "without a date: 40 in all", SEED,
		"extended-public-interest 2018-06-11 exemption=s.31(1)",
		"open 2018-06-14 notice=2018-06-14 final=2018-07-13" };
	static const struct row ends_too = { "both end days of a charge", CASE_REQUEST, STATUTE_EIR,
		"2024-06-03", "fee-asked 2024-06-10; fee-paid 2024-06-24", "open 2024-07-17" };
	struct statute_settings other = statute_settings_default;

	(void) state;
	other.eir_particulars_restart = false;
	other.foisa_clarification_restarts = false;
	other.eir_charge = STATUTE_FEE_NONE;
	other.eir_transfer_ends = false;
	other.foia_extension_needs_date = false;
	check_row(&run, &other);
	check_row(&scots, &other);
	check_row(&charge, &other);
	check_row(&transfer, &other);
	check_row(&estimate, &other);
	other.eir_charge = STATUTE_FEE_ENDS;
	check_row(&ends_too, &other);
}

/* Whether a date is needed is asked once: what was recorded without one stays, whatever the setting
 * is later. */
static void an_extension_stays_when_the_setting_changes(void **state)
{
	static const struct row seed = { "", SEED, "", "" };
	struct foi_part part = begin(&seed);
	const char *script = "extended-public-interest 2018-06-11 exemption=s.31(1)";
	struct foi_move_record m;

	(void) state;
	assert_true(move_script_next(&script, &m));
	assert_int_equal(foi_part_apply(&part, &m, &statute_settings_default, NULL), 0);
	assert_true(part.is_extended);
}

/* A day that was told before means nothing any more once a person has moved the clock. */
static void a_told_day_goes_with_its_clock(void **state)
{
	static const struct {
		const char *moves;
		bool is_changed;
	} rows[] = {
		{ "clarification-asked 2018-05-21", false },
		{ "clarification-asked 2018-05-21; clarified 2018-05-22", true },
		{ "fee-asked 2018-05-21; fee-paid 2018-05-22", true },
		{ "extended-public-interest 2018-06-11 exemption=s.31 until=2018-07-12", false },
		{ "extended-public-interest 2018-06-11 exemption=s.31 until=2018-07-12; "
		  "notice-given 2018-06-12",
			true },
		{ "regime 2018-05-20 regime=foisa", false },
		{ "subject-access 2018-05-20", true },
		{ "partly-answered 2018-05-20", false },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const struct row seed = { "", SEED, "", "" };
		struct foi_part part = begin(&seed);
		const char *script = rows[i].moves;
		struct foi_move_record m;

		while (move_script_next(&script, &m))
			assert_int_equal(
				foi_part_apply(&part, &m, &statute_settings_default, NULL), 0);
		assert_int_equal(part.is_clock_changed, rows[i].is_changed);
	}
}

static void a_part_in_triage_waits_for_a_person(void **state)
{
	const struct foi_part_begin b = { .state = FOI_CASE_TRIAGE, .received = day("2018-05-16") };
	const char *script = "responded 2018-06-14 outcome=granted";
	struct foi_move_record m;
	struct fault f = { 0 };
	struct foi_part part;

	(void) state;
	foi_part_begin(&b, &part);
	assert_true(move_script_next(&script, &m));
	assert_int_equal(foi_part_apply(&part, &m, &statute_settings_default, &f), -EPERM);
	assert_non_null(strstr(f.text, "accept it first"));
}

/* The waiting days of a fee can reach past what is known of the bank holidays. */
static void beyond_the_horizon_is_provisional(void **state)
{
	static const struct row row = { "", CASE_REQUEST, STATUTE_EIR, "2028-11-20",
		"fee-asked 2028-11-21", "" };
	const struct foi_law law = { .calendar = calendar,
		.settings = &statute_settings_default,
		.today = day("2028-12-31") };
	CLEANUP(foi_clock_done) struct foi_clock c = { 0 };
	struct foi_part part = begin(&row);
	const char *script = row.moves;
	struct foi_move_record m;

	(void) state;
	assert_true(move_script_next(&script, &m));
	assert_int_equal(try_move(&part, &m, &law, NULL), 0);
	assert_int_equal(foi_part_count(&part, &law, &c, NULL), 0);
	assert_true(c.is_provisional);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_run_stop_and_start_anew),
		cmocka_unit_test(duties_end),
		cmocka_unit_test(impossible_moves_are_refused_with_a_reason),
		cmocka_unit_test(settings_decide_what_is_read_in_two_ways),
		cmocka_unit_test(an_extension_stays_when_the_setting_changes),
		cmocka_unit_test(a_told_day_goes_with_its_clock),
		cmocka_unit_test(a_part_in_triage_waits_for_a_person),
		cmocka_unit_test(beyond_the_horizon_is_provisional),
	};

	return cmocka_run_group_tests(tests, load_calendar, free_calendar);
}
