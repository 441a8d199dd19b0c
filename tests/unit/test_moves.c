/* test_moves.c - moves recorded on cases in a real store, and undone. */
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
#include "tests/support/move_script.h"
#include "tests/support/moves_world.h"

static void an_answer_ends_the_case(void **state)
{
	struct intake_world *w = *state;
	struct moves_result r;

	moves_world_take(w);
	assert_string_equal(intake_world_text(w, MOVES_WORLD_CASE), "open 2018-06-14 2018-06-14");
	r = moves_world_run(
		w, "FOI 000001/18", "responded 2018-06-14 outcome=part-granted exemption=31(1)(a)");
	assert_int_equal(r.state, FOI_CASE_ANSWERED);
	assert_false(r.has_due);
	assert_int_equal(r.n_ids, 1);
	assert_string_equal(intake_world_text(w, MOVES_WORLD_PART),
		"answered 2018-06-14 - - part-granted 2018-06-14");
	assert_string_equal(
		intake_world_text(w, MOVES_WORLD_CASE), "answered 2018-06-14 2018-06-14");
	assert_string_equal(intake_world_text(w, "SELECT why FROM event ORDER BY id DESC LIMIT 1"),
		"part 1, 14 June 2018: the answer left; granted in part; s.31(1)(a). as the "
		"officer "
		"says");
	assert_string_equal(
		intake_world_text(w, "SELECT details FROM event ORDER BY id DESC LIMIT 1"),
		"{\"outcome\":\"part-granted\",\"exemptions\":[{\"section\":\"s.31(1)(a)\","
		"\"denies\":false}]}");
	r = moves_world_run(w, "FOI 000001/18", "closed 2018-09-01");
	assert_int_equal(r.state, FOI_CASE_CLOSED);
	assert_string_equal(intake_world_text(w, MOVES_WORLD_CASE), "closed 2018-06-14 2018-06-14");
	moves_world_refused(
		w, "FOI 000001/18", "withdrawn 2018-09-02", -EPERM, "the case is closed");
}

static void a_new_clock_takes_the_told_day_with_it(void **state)
{
	struct intake_world *w = *state;
	struct moves_result r;

	moves_world_take(w);
	r = moves_world_run(w, "FOI 000001/18", "clarification-asked 2018-05-21");
	assert_int_equal(r.state, FOI_CASE_WAITING);
	assert_true(r.has_due);
	moves_world_day(r.due, "2018-08-21");
	assert_string_equal(
		intake_world_text(w, MOVES_WORLD_CASE), "waiting 2018-08-21 2018-06-14");
	r = moves_world_run(w, "FOI 000001/18", "clarified 2018-06-04");
	moves_world_day(r.due, "2018-07-02");
	assert_string_equal(intake_world_text(w, MOVES_WORLD_CASE), "open 2018-07-02 -");
	assert_string_equal(
		intake_world_text(w,
			"SELECT group_concat(cause || ' ' || received || ' ' || due, ', ')"
			" FROM deadline WHERE part = 1"),
		"opened 2018-05-16 2018-06-14, clarification-asked 2018-05-16 2018-08-21, clarified"
		" 2018-06-04 2018-07-02");
	assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 1") &
				 FOI_CASE_TOLD_OTHERWISE,
		0);
}

static void what_is_undone_leaves_nothing_but_history(void **state)
{
	struct intake_world *w = *state;
	struct moves_result r;
	char before[256];

	moves_world_take(w);
	(void) snprintf(before, sizeof before, "%s", intake_world_text(w, MOVES_WORLD_PART));
	moves_world_run(w, "FOI 000001/18",
		"clarification-asked 2018-05-21; clarified 2018-06-04; responded 2018-06-20 "
		"outcome=granted");
	r = moves_world_run(w, "FOI 000001/18", "undone 2018-06-21");
	assert_int_equal(r.state, FOI_CASE_OPEN);
	moves_world_day(r.due, "2018-07-02");
	/* The first move carries the others: it cannot go alone. */
	moves_world_refused(w, "FOI 000001/18", "undone 2018-06-21 undoes=5", -EPERM,
		"undo first what rests on it");
	moves_world_run(w, "FOI 000001/18", "undone 2018-06-21; undone 2018-06-21");
	assert_string_equal(intake_world_text(w, MOVES_WORLD_PART), before);
	assert_string_equal(intake_world_text(w, MOVES_WORLD_CASE), "open 2018-06-14 2018-06-14");
	moves_world_refused(w, "FOI 000001/18", "undone 2018-06-21", -EINVAL, "no such move");
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE details IS NOT NULL"), 6);
	/* Twice undone cannot be written down, whatever the code does. */
	assert_int_equal(intake_world_number(w,
				 "SELECT count(*) - count(DISTINCT undoes) FROM event WHERE undoes "
				 "IS NOT NULL"),
		0);
}

static void only_a_person_undoes(void **state)
{
	struct intake_world *w = *state;

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18", "withdrawn 2018-05-20");
	moves_world_refused(
		w, "FOI 000001/18", "undone 2018-05-21 daemon", -EPERM, "only a person");
	moves_world_refused(
		w, "FOI 000001/18", "undone 2018-05-21 undoes=1", -EINVAL, "no such move");
}

static void parts_have_clocks_of_their_own(void **state)
{
	struct intake_world *w = *state;
	struct moves_result r;

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18",
		"part-added 2018-05-18 text=How_many_hedges? authority=Suffolk_Example regime=eir");
	assert_string_equal(
		intake_world_text(w, "SELECT n || ' ' || question || ' ' || regime || ' ' || due ||"
				     " ' ' || (SELECT name FROM authority a JOIN part_authority pa"
				     " ON pa.authority = a.id WHERE pa.part = p.id)"
				     " FROM part p WHERE n = 2"),
		"2 How many hedges? eir 2018-06-14 Suffolk Example");
	moves_world_refused(w, "FOI 000001/18", "withdrawn 2018-05-20 part=0", -EINVAL, "2 parts");
	r = moves_world_run(
		w, "FOI 000001/18", "extended-complex 2018-06-01 part=2 complex voluminous");
	moves_world_day(r.due, "2018-06-14"); /* the first part is still due */
	r = moves_world_run(w, "FOI 000001/18", "responded 2018-06-14 part=1 outcome=granted");
	assert_int_equal(r.state, FOI_CASE_OPEN);
	moves_world_day(r.due, "2018-07-13");
	r = moves_world_run(w, "FOI 000001/18", "responded 2018-07-01 part=0 outcome=not-held");
	assert_int_equal(r.state, FOI_CASE_ANSWERED);
	moves_world_refused(
		w, "FOI 000001/18", "withdrawn 2018-07-02 part=3", -EINVAL, "no part 3");
}

static void an_added_part_can_be_taken_back(void **state)
{
	struct intake_world *w = *state;
	struct review_window_answer answer;
	struct moves_result r;

	moves_world_take(w);
	r = moves_world_run(w, "FOI 000001/18", "part-added 2018-05-18 text=A_mistake");
	r = moves_world_run(w, "FOI 000001/18",
		"undone 2018-05-18; responded 2018-06-01 part=0 outcome=granted");
	assert_int_equal(r.n_ids, 1);
	assert_int_equal(r.state, FOI_CASE_ANSWERED);
	assert_string_equal(
		intake_world_text(w, "SELECT state || ' ' || outcome FROM part WHERE n = 2"),
		"answered void");
	/* Nothing was answered with it. */
	moves_world_run(w, "FOI 000001/18", "undone 2018-06-02");
	assert_int_equal(store_case_answer(w->in.store, 1, &answer, NULL), 0);
	assert_false(answer.is_answered);
}

static void every_part_or_none(void **state)
{
	struct intake_world *w = *state;
	struct foi_move_record m;
	struct moves_result result;
	struct fault f = { 0 };
	const char *script = "extended-complex 2018-06-01 complex voluminous";

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18",
		"part-added 2018-05-18 text=a regime=eir; part-added 2018-05-18 text=b regime=eir");
	assert_true(move_script_next(&script, &m));
	struct moves_order o = moves_world_order(&m, "FOI 000001/18");

	o.part = 0;
	o.is_every_part = true;
	assert_int_equal(moves_world_record(w, &o, &result, &f), -EPERM); /* the first is FOIA's */
	assert_int_equal(intake_world_number(
				 w, "SELECT count(*) FROM event WHERE what = 'extended-complex'"),
		0);
	moves_world_run(w, "FOI 000001/18", "withdrawn 2018-05-30 part=1");
	assert_int_equal(moves_world_record(w, &o, &result, &f), 0);
	assert_int_equal(result.n_ids, 2);
}

static void a_narrowed_request_is_a_new_case(void **state)
{
	struct intake_world *w = *state;
	struct moves_result r;

	moves_world_take(w);
	moves_world_refused(w, "FOI 000001/18", "narrowed 2018-06-20", -EPERM, "not possible");
	moves_world_run(w, "FOI 000001/18", "responded 2018-06-14 outcome=refused-cost");
	moves_world_refused(
		w, "FOI 000001/18", "narrowed 2018-06-20 text=FOI_7", -EINVAL, "give no text");
	moves_world_refused(
		w, "FOI 000001/18", "narrowed 2018-06-13", -EINVAL, "the refusal, 14 June 2018");
	r = moves_world_run(w, "FOI 000001/18", "narrowed 2018-06-20");
	assert_string_equal(r.opened, "FOI 000002/18");
	moves_world_day(r.opened_received, "2018-06-20");
	moves_world_day(r.opened_due, "2018-07-19");
	assert_string_equal(
		intake_world_text(w, "SELECT reference || ' ' || received || ' ' || due || ' ' || "
				     "requester || ' ' || state FROM foi_case WHERE id = 2"),
		"FOI 000002/18 2018-06-20 2018-07-19 jane@example.net open");
	assert_string_equal(
		intake_world_text(w, "SELECT how FROM case_link WHERE other = 2"), "narrowed");
	moves_world_refused(w, "FOI 000001/18", "undone 2018-06-21", -EPERM, "a case of its own");
	moves_world_run(w, "FOI 000002/18", "withdrawn 2018-06-21");
	moves_world_run(w, "FOI 000001/18", "undone 2018-06-21");
	/* The number stays used. */
	r = moves_world_run(w, "FOI 000001/18", "narrowed 2018-06-22");
	assert_string_equal(r.opened, "FOI 000003/18");
}

static void the_regulator_holds_the_file(void **state)
{
	struct intake_world *w = *state;

	moves_world_take(w);
	moves_world_refused(w, "FOI 000001/18", "regulator-closed 2018-06-01 text=IC-1", -EPERM,
		"no matter open");
	moves_world_run(w, "FOI 000001/18",
		"responded 2018-06-14 outcome=granted; closed 2018-07-01; regulator-opened "
		"2018-08-01 text=IC-1");
	assert_int_equal(
		intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 1") & FOI_CASE_ICO,
		FOI_CASE_ICO);
	moves_world_run(w, "FOI 000001/18", "regulator-closed 2018-09-01 text=IC-1");
	assert_int_equal(
		intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 1") & FOI_CASE_ICO,
		0);
}

/* What a setting decided stays decided: the histories of before fit together for ever. */
static void a_changed_setting_is_for_later_moves(void **state)
{
	struct intake_world *w = *state;
	const struct moves in = moves_world_of(w);
	struct store_file *file = NULL;
	struct foi_status status;
	struct moves_result r;
	struct fault f = { 0 };

	moves_world_take(w);
	w->conf->law.eir_transfer_ends = false;
	w->conf->law.eir_particulars_restart = false;
	w->conf->law.eir_charge = STATUTE_FEE_NONE;
	moves_world_run(w, "FOI 000001/18",
		"regime 2018-05-17 regime=eir; clarification-asked 2018-05-18; clarified "
		"2018-05-22;"
		" fee-asked 2018-05-23; fee-paid 2018-05-24; transferred 2018-05-25 text=Otherham;"
		" partly-answered 2018-05-26");
	w->conf->law = statute_settings_default;
	r = moves_world_run(w, "FOI 000001/18", "partly-answered 2018-05-27");
	assert_int_equal(r.state, FOI_CASE_OPEN);
	moves_world_day(r.due, "2018-06-14");
	assert_string_equal(
		intake_world_text(w, "SELECT group_concat(json_extract(details, '$.effect'), ' ')"
				     " FROM event WHERE details IS NOT NULL"),
		"runs runs runs");
	store_fixture_expect(moves_load(&in, "FOI 000001/18", &file, &status, &f), &f);
	store_file_free(file);
}

static void an_unknown_case_is_told(void **state)
{
	struct intake_world *w = *state;

	moves_world_take(w);
	moves_world_refused(w, "FOI 000009/18", "withdrawn 2018-06-01", -ENOENT, "no such case");
}

/* A transfer ends a part under the Regulations only, whatever it did when it was recorded. */
static void an_effect_goes_with_its_law(void **state)
{
	struct intake_world *w = *state;
	struct moves_result r;

	moves_world_take(w);
	r = moves_world_run(w, "FOI 000001/18",
		"regime 2018-05-17 regime=eir; transferred 2018-05-20 text=Otherham");
	assert_int_equal(r.state, FOI_CASE_ANSWERED);
	r = moves_world_run(w, "FOI 000001/18", "undone 2018-05-21 undoes=5");
	assert_int_equal(r.state, FOI_CASE_OPEN);
	moves_world_day(r.due, "2018-06-14");
}

/* Whether an answer was in time is read from the days that its part keeps. */
static void an_undone_extension_was_none_for_an_answer(void **state)
{
	struct intake_world *w = *state;

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18",
		"regime 2018-05-17 regime=eir; extended-complex 2018-06-14 complex voluminous; "
		"responded 2018-07-10 outcome=granted");
	assert_string_equal(intake_world_text(w, MOVES_WORLD_PART),
		"answered 2018-07-13 - - granted 2018-07-10");
	moves_world_run(w, "FOI 000001/18", "undone 2018-07-11 undoes=6");
	assert_string_equal(intake_world_text(w, MOVES_WORLD_PART),
		"answered 2018-06-14 - - granted 2018-07-10");
}

/* The day that was told counts as long as a part runs to it. */
static void a_new_clock_of_one_part_leaves_the_told_day_to_the_others(void **state)
{
	struct intake_world *w = *state;

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18",
		"part-added 2018-05-18 text=b; clarification-asked 2018-05-21 part=2; clarified "
		"2018-06-04 part=2");
	assert_string_equal(intake_world_text(w, MOVES_WORLD_CASE), "open 2018-06-14 2018-06-14");
	moves_world_run(w, "FOI 000001/18", "responded 2018-06-14 part=1 outcome=granted");
	assert_string_equal(intake_world_text(w, MOVES_WORLD_CASE), "open 2018-07-02 -");
}

/* Who takes back "the last" means what a person recorded, not the mail that left meanwhile. */
static void the_last_move_is_no_acknowledgement(void **state)
{
	struct intake_world *w = *state;
	struct fault f = { 0 };

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18", "responded 2018-05-23 outcome=granted");
	store_fixture_expect(store_begin(w->in.store, &f), &f);
	store_fixture_expect(moves_acknowledged(w->in.store, 1, MOVES_WORLD_LATER, &f), &f);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
	assert_int_equal(
		moves_world_run(w, "FOI 000001/18", "undone 2018-05-24").state, FOI_CASE_OPEN);
}

static void fill(struct intake_world *w, int n)
{
	char sql[512];

	(void) snprintf(sql, sizeof sql,
		"INSERT INTO event (case_id, part, at, actor, what, why, day, details)"
		" WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		" SELECT 1, 1, 1, 'uid 0 (root)', 'partly-answered', '', '2018-05-22', '{}' FROM n",
		n);
	store_fixture_run(w->fixture, sql);
}

static void a_full_case_can_still_end(void **state)
{
	struct intake_world *w = *state;
	struct fault f = { 0 };
	struct moves_result r;

	moves_world_take(w);
	fill(w, FOI_MOVES_MAX - FOI_MOVES_SPARE);
	moves_world_refused(
		w, "FOI 000001/18", "partly-answered 2018-05-23", -E2BIG, "at most 448 moves");
	r = moves_world_run(w, "FOI 000001/18", "responded 2018-05-23 outcome=granted");
	assert_int_equal(r.state, FOI_CASE_ANSWERED);
	fill(w, FOI_MOVES_SPARE - 2);
	moves_world_refused(w, "FOI 000001/18", "undone 2018-05-23", -E2BIG, "at most 511 moves");
	/* The acknowledgement leaves whenever it can, and the case stays readable. */
	store_fixture_expect(store_begin(w->in.store, &f), &f);
	store_fixture_expect(moves_acknowledged(w->in.store, 1, MOVES_WORLD_LATER, &f), &f);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
	moves_world_refused(w, "FOI 000001/18", "undone 2018-05-23", -E2BIG, "at most 511 moves");
}

/* ---- a history that does not fit -------------------------------------------------------------- */

/* An upgrade may read a law otherwise; a case must go on all the same, and say so. */
static void moves_that_do_not_fit_end_no_case(void **state)
{
	struct intake_world *w = *state;
	struct moves_result r;

	moves_world_take(w);
	store_fixture_run(w->fixture,
		"INSERT INTO event (id, case_id, part, at, actor, what, why, day, details) VALUES"
		" (90, 1, 1, 1, 'uid 0 (root)', 'clarified', '', '2018-05-22', '{}'),"
		" (91, 1, 1, 1, 'uid 0 (root)', 'notice-given', '', '2018-05-22', '{}')");
	r = moves_world_run(
		w, "FOI 000001/18", "clarification-asked 2018-05-21; clarified 2018-06-04");
	moves_world_day(r.due, "2018-07-02");
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'moves-unfit'"), 2);
	/* What spoils it can be taken back, though the other misfit is still there. */
	moves_world_run(
		w, "FOI 000001/18", "undone 2018-06-05 undoes=91; undone 2018-06-05 undoes=90");
	r = moves_world_run(w, "FOI 000001/18", "responded 2018-06-20 outcome=granted");
	assert_int_equal(r.state, FOI_CASE_ANSWERED);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'moves-unfit'"), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_ends_the_case),
		TEST(a_new_clock_takes_the_told_day_with_it),
		TEST(what_is_undone_leaves_nothing_but_history),
		TEST(only_a_person_undoes),
		TEST(parts_have_clocks_of_their_own),
		TEST(an_added_part_can_be_taken_back),
		TEST(every_part_or_none),
		TEST(a_narrowed_request_is_a_new_case),
		TEST(the_regulator_holds_the_file),
		TEST(a_changed_setting_is_for_later_moves),
		TEST(an_unknown_case_is_told),
		TEST(an_effect_goes_with_its_law),
		TEST(an_undone_extension_was_none_for_an_answer),
		TEST(a_new_clock_of_one_part_leaves_the_told_day_to_the_others),
		TEST(the_last_move_is_no_acknowledgement),
		TEST(a_full_case_can_still_end),
		TEST(moves_that_do_not_fit_end_no_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
