/* test_moves_recount.c - cases counted anew after the calendar has changed. */
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
#include "tests/support/moves_world.h"

static int recount(struct intake_world *w, struct moves_change *ret)
{
	const struct moves in = moves_world_of(w);
	struct fault f = { 0 };
	int r;

	store_fixture_expect(store_begin(w->in.store, &f), &f);
	r = moves_recount(&in, 1, "a bank holiday on 12 June 2018", MOVES_WORLD_LATER, ret, &f);
	if (r < 0)
		fail_msg("%s", f.text);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
	return r;
}

static void proclaim(struct intake_world *w, const char *iso)
{
	struct day d;

	assert_int_equal(day_parse(iso, &d), 0);
	assert_int_equal(calendar_add(w->calendar, d, CALENDAR_SCOTLAND, "Extra day", NULL), 1);
}

static void a_proclaimed_day_moves_the_last_day(void **state)
{
	struct intake_world *w = *state;
	struct moves_change c = { 0 };
	char hash[DIGEST_HEX_MAX];
	int64_t ids[8];

	moves_world_take(w);
	proclaim(w, "2018-06-12");
	assert_int_equal(calendar_hash(w->calendar, hash), 0);
	assert_int_equal(store_unchecked(w->in.store, hash, 0, ids, 8, NULL), 1);
	assert_int_equal(ids[0], 1);
	assert_int_equal(recount(w, &c), 1);
	assert_string_equal(c.reference, "FOI 000001/18");
	moves_world_day(c.old_due, "2018-06-14");
	moves_world_day(c.due, "2018-06-15");
	assert_true(c.is_told);
	moves_world_day(c.told, "2018-06-14");
	assert_string_equal(intake_world_text(w, MOVES_WORLD_CASE), "open 2018-06-15 2018-06-14");
	assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 1") &
				 FOI_CASE_TOLD_OTHERWISE,
		FOI_CASE_TOLD_OTHERWISE);
	assert_string_equal(intake_world_text(w, "SELECT why FROM event WHERE what = 'recounted'"),
		"part 1: last day 15 June 2018, before it was 14 June 2018; a bank holiday on 12 "
		"June 2018");
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'told-otherwise'"),
		1);
	assert_int_equal(store_unchecked(w->in.store, hash, 0, ids, 8, NULL), 0);
	assert_int_equal(recount(w, &c), 0); /* and once only */
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM deadline WHERE cause = 'calendar'"),
		1);
}

/* While the clock stands no last day is due, so none is another than the told one. */
static void a_day_of_a_waiting_case_is_not_the_told_one(void **state)
{
	struct intake_world *w = *state;
	struct moves_change c = { 0 };

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18", "regime 2018-05-17 regime=eir; undone 2018-05-17");
	moves_world_run(w, "FOI 000001/18",
		"part-added 2018-05-18 text=b regime=eir; responded 2018-05-18 part=1 "
		"outcome=granted; fee-asked 2018-05-21 part=2");
	proclaim(w, "2018-06-12");
	assert_int_equal(recount(w, &c), 1);
	assert_false(c.is_told);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'told-otherwise'"),
		0);
}

static void a_day_elsewhere_changes_nothing(void **state)
{
	struct intake_world *w = *state;
	struct moves_change c = { 0 };

	moves_world_take(w);
	proclaim(w, "2018-09-12");
	assert_int_equal(recount(w, &c), 0);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM deadline"), 1);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE what = 'recounted'"), 0);
}

/* An extension that was rightly told on the 20th day stays right when a day is dropped later. */
static void what_was_rightly_recorded_stays(void **state)
{
	struct intake_world *w = *state;
	struct moves_change c = { 0 };

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18",
		"regime 2018-05-17 regime=eir; extended-complex 2018-06-14 complex voluminous");
	proclaim(w, "2018-06-12");
	assert_int_equal(recount(w, &c), 1);
	moves_world_day(c.due, "2018-07-16");
}

static void a_case_that_ended_is_left_alone(void **state)
{
	struct intake_world *w = *state;
	char hash[DIGEST_HEX_MAX];
	int64_t ids[8];

	moves_world_take(w);
	moves_world_run(w, "FOI 000001/18", "responded 2018-06-14 outcome=granted");
	proclaim(w, "2018-06-12");
	assert_int_equal(calendar_hash(w->calendar, hash), 0);
	assert_int_equal(store_unchecked(w->in.store, hash, 0, ids, 8, NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_proclaimed_day_moves_the_last_day),
		TEST(a_day_of_a_waiting_case_is_not_the_told_one),
		TEST(a_day_elsewhere_changes_nothing),
		TEST(what_was_rightly_recorded_stays),
		TEST(a_case_that_ended_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
