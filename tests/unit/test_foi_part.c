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

static const struct row clocks[] = {
	{ "the seed letter", SEED, "", "open 2018-06-14" },
	{ "an acknowledgement in part changes nothing", SEED, "partly-answered 2018-05-30",
		"open 2018-06-14" },
	{ "clarification stops the clock", SEED, "clarification-asked 2018-05-21",
		"waiting 2018-08-21" },
	{ "a new 20 days from the day it comes", SEED,
		"clarification-asked 2018-05-21; clarified 2018-06-04", "open 2018-07-02" },
	{ "and again", SEED,
		"clarification-asked 2018-05-21; clarified 2018-06-04; clarification-asked "
		"2018-06-05; clarified 2018-06-06",
		"open 2018-07-04" },
	{ "EIR particulars are the same", EIR,
		"clarification-asked 2018-05-21; clarified 2018-06-04", "open 2018-07-02" },
	{ "a fee takes out both end days", CASE_REQUEST, STATUTE_FOIA, "2024-06-03",
		"fee-asked 2024-06-10; fee-paid 2024-06-24", "open 2024-07-17" },
	{ "a notice on the last day", SEED, "fee-asked 2018-06-14; fee-paid 2018-06-14",
		"open 2018-06-15" },
	{ "while it is not paid the requester has three months", CASE_REQUEST, STATUTE_FOIA,
		"2024-06-03", "fee-asked 2024-06-10", "waiting 2024-09-10" },
	{ "an EIR charge takes out the days between", CASE_REQUEST, STATUTE_EIR, "2024-06-03",
		"fee-asked 2024-06-10; fee-paid 2024-06-24", "open 2024-07-15" },
	{ "and has 60 working days", CASE_REQUEST, STATUTE_EIR, "2024-06-03",
		"fee-asked 2024-06-10", "waiting 2024-09-05" },
	{ "two fees", CASE_REQUEST, STATUTE_FOIA, "2024-06-03",
		"fee-asked 2024-06-10; fee-paid 2024-06-10; fee-asked 2024-06-12; fee-paid "
		"2024-06-12",
		"open 2024-07-03" },
	{ "more time for the answer, not for the notice", SEED,
		"extended-public-interest 2018-06-11 exemption=s.31(1) until=2018-07-12",
		"open 2018-06-14 notice=2018-06-14 final=2018-07-12" },
	{ "the exemption was recorded before", SEED,
		"exemption 2018-06-01 exemption=s.43(2); extended-public-interest 2018-06-11 "
		"until=2018-07-12",
		"open 2018-06-14 notice=2018-06-14 final=2018-07-12" },
	{ "once the notice is given the answer is next", SEED,
		"extended-public-interest 2018-06-11 exemption=s.31(1) until=2018-07-12; "
		"notice-given 2018-06-14",
		"open 2018-07-12 notice=2018-06-14 final=2018-07-12" },
	{ "clarification ends the extension with its clock", SEED,
		"extended-public-interest 2018-06-01 exemption=s.31(1) until=2018-07-12; "
		"clarification-asked 2018-06-02; clarified 2018-06-04",
		"open 2018-07-02" },
	{ "complex and voluminous: 40", EIR, "extended-complex 2018-06-14 complex voluminous",
		"open 2018-07-13" },
	{ "another law", SEED, "regime 2018-05-20 regime=foisa", "open 2018-06-14" },
	{ "subject access has a month from the first day", SEED,
		"clarification-asked 2018-05-21; clarified 2018-06-04; subject-access 2018-06-05",
		"open 2018-06-18" },
	{ "a review by the Code", REVIEW, "", "open 2018-06-14" },
	{ "that is complex", REVIEW, "extended-review 2018-06-01", "open 2018-07-13" },
	{ "a review by the Regulations", CASE_REVIEW, STATUTE_EIR, "2018-05-16", "",
		"open 2018-07-13" },
	{ "passed on, but not yet told whether it is held", SEED,
		"transferred 2018-05-20 text=Otherham_Council", "open 2018-06-14" },
};

static const struct row ends[] = {
	{ "granted", SEED, "responded 2018-06-14 outcome=granted", "answered granted 2018-06-14" },
	{ "withheld under several, one denied", SEED,
		"responded 2018-06-14 outcome=withheld exemption=s.21 deny=s.24(2) deny=s.31(3)",
		"answered withheld 2018-06-14" },
	{ "with an exemption recorded before", SEED,
		"exemption 2018-05-20 exemption=s.40(2); responded 2018-06-14 outcome=part-granted",
		"answered part-granted 2018-06-14" },
	{ "not held", SEED, "responded 2018-06-14 outcome=not-held",
		"answered not-held 2018-06-14" },
	{ "too costly", SEED, "responded 2018-06-14 outcome=refused-cost",
		"answered refused-cost 2018-06-14" },
	{ "vexatious", FOISA, "responded 2018-06-14 outcome=refused-vexatious",
		"answered refused-vexatious 2018-06-14" },
	{ "EIR, one of its exceptions", EIR,
		"responded 2018-06-14 outcome=withheld exemption=12(4)(b)",
		"answered withheld 2018-06-14" },
	{ "an answer while clarification is out", SEED,
		"clarification-asked 2018-05-21; responded 2018-06-01 outcome=granted",
		"answered granted 2018-06-01" },
	{ "withdrawn", SEED, "withdrawn 2018-05-30", "answered withdrawn 2018-05-30" },
	{ "passed on and told", SEED,
		"transferred 2018-05-20 text=Otherham; holding-told 2018-05-23",
		"answered transferred 2018-05-23" },
	{ "told and passed on", SEED,
		"holding-told 2018-05-23; transferred 2018-05-24 text=Otherham",
		"answered transferred 2018-05-24" },
	{ "an EIR transfer is its own end", EIR, "transferred 2018-05-20 text=Otherham",
		"answered transferred 2018-05-20" },
	{ "no clarification came", SEED, "clarification-asked 2018-05-21; lapsed 2018-06-30",
		"answered lapsed 2018-06-30" },
	{ "no fee came", CASE_REQUEST, STATUTE_FOIA, "2024-06-03",
		"fee-asked 2024-06-10; lapsed 2024-09-11", "answered lapsed 2024-09-11" },
	{ "no name", SEED, "invalid 2018-05-20", "answered invalid 2018-05-20" },
	{ "ordinary business", SEED, "business-as-usual 2018-05-20",
		"answered business-as-usual 2018-05-20" },
	{ "a review upheld", REVIEW, "responded 2018-06-14 outcome=upheld",
		"answered upheld 2018-06-14" },
	{ "partly", REVIEW, "responded 2018-06-14 outcome=partly-upheld",
		"answered partly-upheld 2018-06-14" },
	{ "overturned", REVIEW, "responded 2018-06-14 outcome=overturned",
		"answered overturned 2018-06-14" },
	{ "subject access needs no exemption of ours", SEED,
		"subject-access 2018-05-20; responded 2018-06-01 outcome=withheld",
		"answered withheld 2018-06-01" },
};

static const struct row refusals[] = {
	{ "no qualified exemption", SEED, "extended-public-interest 2018-06-11 until=2018-07-12",
		"!no qualified exemption" },
	{ "an absolute one is not enough", SEED,
		"extended-public-interest 2018-06-11 exemption=s.21(1) until=2018-07-12",
		"!no qualified exemption" },
	{ "no estimated date", SEED, "extended-public-interest 2018-06-11 exemption=s.31(1)",
		"!s.17(2)" },
	{ "an estimate that is no extension", SEED,
		"extended-public-interest 2018-06-11 exemption=s.31(1) until=2018-06-14",
		"!must lie after the last day, 14 June 2018" },
	{ "unknown to the EIR", EIR, "extended-public-interest 2018-06-11 until=2018-07-12",
		"!unknown to the Environmental Information Regulations 2004" },
	{ "and to FOISA", FOISA, "extended-public-interest 2018-06-11 until=2018-07-12",
		"!unknown to the Freedom of Information (Scotland) Act 2002" },
	{ "complex alone", EIR, "extended-complex 2018-06-01 complex", "!both" },
	{ "voluminous alone", EIR, "extended-complex 2018-06-01 voluminous", "!both" },
	{ "told on day 21", EIR, "extended-complex 2018-06-15 complex voluminous",
		"!14 June 2018 (EIR 2004 reg 7(3))" },
	{ "no such extension in the Act", SEED, "extended-complex 2018-06-01 complex voluminous",
		"!is unknown" },
	{ "twice", EIR,
		"extended-complex 2018-06-01 complex voluminous; extended-complex 2018-06-02 "
		"complex "
		"voluminous",
		"!already" },
	{ "the clock stands", SEED,
		"clarification-asked 2018-05-21; extended-public-interest 2018-06-11 "
		"exemption=s.31 "
		"until=2018-07-12",
		"!its clock stands" },
	{ "asked twice", SEED, "clarification-asked 2018-05-21; clarification-asked 2018-05-22",
		"!its clock stands" },
	{ "asked too late", SEED, "clarification-asked 2018-06-15",
		"!the last day, 14 June 2018, had passed" },
	{ "nothing was asked", SEED, "clarified 2018-05-21", "!no clarification was asked for" },
	{ "clarified before it was asked", SEED,
		"clarification-asked 2018-05-21; clarified 2018-05-20", "!21 May 2018" },
	{ "a fee for clarification", SEED, "clarification-asked 2018-05-21; fee-paid 2018-05-22",
		"!no fees notice was given" },
	{ "paid before it was asked", SEED, "fee-asked 2018-05-21; fee-paid 2018-05-20",
		"!21 May 2018" },
	{ "asked when the time is over", SEED, "fee-asked 2018-06-15",
		"!by the last day for the answer, 14 June 2018 (FOI 2000 s.9(1))" },
	{ "a charge too", EIR, "fee-asked 2018-06-15", "!14 June 2018 (EIR 2004 reg 8(4))" },
	{ "no fee in FOISA's clock", FOISA, "fee-asked 2018-05-21", "!is unknown" },
	{ "the notice of an answer", SEED, "notice-given 2018-06-01", "!was not extended" },
	{ "lapsed while the clock runs", SEED, "lapsed 2018-06-01", "!its clock runs" },
	{ "lapsed too early", CASE_REQUEST, STATUTE_FOIA, "2024-06-03",
		"fee-asked 2024-06-10; lapsed 2024-09-10", "!may pay until 10 September 2024" },
	{ "the EIR ask for no form", EIR, "invalid 2018-05-20", "!is unknown" },
	{ "no outcome", SEED, "responded 2018-06-14", "!needs the outcome" },
	{ "an outcome that is no answer", SEED, "responded 2018-06-14 outcome=lapsed",
		"!an answer needs its outcome" },
	{ "withheld under nothing", SEED, "responded 2018-06-14 outcome=withheld",
		"!needs the exemption" },
	{ "cost is no ground in the EIR", EIR, "responded 2018-06-14 outcome=refused-cost",
		"!reg 12(4)(b)" },
	{ "a review is not granted", REVIEW, "responded 2018-06-14 outcome=granted",
		"!upheld, partly-upheld or overturned" },
	{ "a request is not upheld", SEED, "responded 2018-06-14 outcome=upheld",
		"!outcome of a review" },
	{ "s.21 cannot be denied", SEED, "exemption 2018-06-01 deny=s.21", "!neither confirm" },
	{ "another law's exemption", SEED, "exemption 2018-06-01 exemption=12(5)(e)",
		"!no exemption of the Freedom of Information Act 2000" },
	{ "after the answer", SEED,
		"responded 2018-06-14 outcome=granted; clarification-asked 2018-06-15",
		"!has been answered" },
	{ "twice answered", SEED,
		"responded 2018-06-14 outcome=granted; responded 2018-06-15 outcome=granted",
		"!has been answered" },
	{ "before it came", SEED, "withdrawn 2018-05-15", "!the day of receipt, 16 May 2018" },
	{ "in the future", SEED, "withdrawn 2027-01-01", "!in the future" },
	{ "by the daemon", SEED, "responded 2018-06-14 outcome=granted daemon", "!only a person" },
	{ "a review is not clarified", REVIEW, "clarification-asked 2018-05-21",
		"!no move of a review" },
	{ "a request is no review", SEED, "extended-review 2018-06-01", "!no move of a request" },
	{ "a detail of no use", SEED, "withdrawn 2018-05-20 until=2018-06-01", "!no use for" },
	{ "transferred to nobody", SEED, "transferred 2018-05-20", "!the authority" },
	{ "the same law", SEED, "regime 2018-05-20 regime=foia", "!applies already" },
	{ "subject access by the wrong word", SEED, "regime 2018-05-20 regime=sar",
		"!subject-access" },
	{ "another law under an extension", EIR,
		"extended-complex 2018-06-01 complex voluminous; regime 2018-06-02 regime=foia",
		"!undo it first" },
	{ "subject access is not clarified", SEED,
		"subject-access 2018-05-20; clarification-asked 2018-05-21", "!is unknown" },
};

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
