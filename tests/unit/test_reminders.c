/* test_reminders.c - which last days are reminded of, when, and how often: once. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "tests/support/reminders_world.h"

/* ---- steps ------------------------------------------------------------------------------------ */

/* Of one case. Days are of 2018 but where they say more; 28 May and Easter Monday, 2 April (not in
 * Scotland), are bank holidays. Per day: "." no run is due, "-" nothing is told, "N5" near and 5 days
 * left, "P1" a day late, "L0" lapse possible. */
static const struct row {
	const char *why;
	enum statute_regime office; /* of the authority */
	enum statute_regime regime; /* of the case */
	enum foi_case_state state;
	const char *due;
	const char *told; /* NULL: nothing was */
	const char *days;
	const char *want;
} rows[] = {
	{ "each step once, then each working day", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN,
		"2018-06-14", NULL,
		"05-30 05-31 06-01 06-06 06-07 06-08 06-12 06-13 06-14 06-15 06-16 06-18 06-19",
		"- N10 - - N5 - - N1 N0 P1 . P2 P3" },
	{ "in triage the clock runs too", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_TRIAGE, "2018-06-14",
		NULL, "06-13 06-14 06-15", "N1 N0 P1" },
	{ "after a time without the daemon: one, with the days that are left", STATUTE_FOIA,
		STATUTE_FOIA, FOI_CASE_OPEN, "2018-06-14", NULL, "05-30 06-11 06-12 06-13 06-14",
		"- N3 - N1 N0" },
	{ "back only when it is late", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN, "2018-06-14",
		NULL, "05-30 06-20 06-21", "- P4 P5" },
	{ "found with fewer days left than most steps", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN,
		"2018-06-14", NULL, "06-12 06-13", "N2 N1" },
	{ "found on the day", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN, "2018-06-14", NULL,
		"06-14 06-15", "N0 P1" },
	{ "told an earlier day: that one rules", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN,
		"2018-06-14", "2018-06-12", "06-11 06-12 06-13 06-14", "N1 N0 P1 P2" },
	{ "told a later day: the counted one rules", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN,
		"2018-06-14", "2018-06-15", "06-13 06-14 06-15", "N1 N0 P1" },
	{ "late over a weekend and a bank holiday", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN,
		"2018-05-25", NULL, "05-24 05-25 05-26 05-27 05-28 05-29 05-30",
		"N1 N0 . . . P1 P2" },
	{ "a last day that is no working day any more", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN,
		"2018-05-28", NULL, "05-24 05-25 05-28 05-29", "N1 N0 . P1" },
	{ "Easter Monday under FOIA", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_OPEN, "2018-04-03", NULL,
		"03-29 03-30 04-02 04-03 04-04", "N1 . . N0 P1" },
	{ "Easter Monday under FOISA", STATUTE_FOISA, STATUTE_FOISA, FOI_CASE_OPEN, "2018-04-03",
		NULL, "03-29 03-30 04-02 04-03 04-04", "N2 . N1 N0 P1" },
	{ "a case of FOISA at an office that is shut that day", STATUTE_FOIA, STATUTE_FOISA,
		FOI_CASE_OPEN, "2018-04-03", NULL, "03-29 04-02 04-03", "N2 . N0" },
	{ "a case of FOIA at an office that works that day: nothing new", STATUTE_FOISA,
		STATUTE_FOIA, FOI_CASE_OPEN, "2018-03-29", NULL, "03-29 04-02 04-03", "N0 - P1" },
	{ "the same, found when its day is past: late from the next working day of its own",
		STATUTE_FOISA, STATUTE_FOIA, FOI_CASE_OPEN, "2018-03-29", NULL, "04-02 04-03",
		"- P1" },
	{ "waiting for the requester: once, when the time is over", STATUTE_FOIA, STATUTE_FOIA,
		FOI_CASE_WAITING, "2018-06-14", NULL, "06-13 06-14 06-15 06-18", "- - L0 -" },
	{ "answered", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_ANSWERED, "2018-06-14", NULL,
		"06-14 06-15", "- -" },
	{ "closed", STATUTE_FOIA, STATUTE_FOIA, FOI_CASE_CLOSED, "2018-06-14", NULL, "06-14 06-15",
		"- -" },
};

static void set_up_row(struct intake_world *w, const struct row *row)
{
	char text[REMINDERS_WORLD_TEXT_MAX];

	reminders_world_sql(w, "DELETE FROM reminder; DELETE FROM daily;"
			       "UPDATE foi_case SET state = 'closed'");
	w->conf->regime = row->office;
	(void) snprintf(text, sizeof text, "A%zu", (size_t) (row - rows));
	reminders_world_case(w, text, row->state, row->regime, row->due);
	if (!row->told)
		return;
	(void) snprintf(text, sizeof text, "UPDATE foi_case SET told = '%s' WHERE state = 'open'",
		row->told);
	reminders_world_sql(w, text);
}

static void each_step_is_given_once(void **state)
{
	struct intake_world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char got[REMINDERS_WORLD_TEXT_MAX] = "";

		set_up_row(w, &rows[i]);
		for (const char *d = rows[i].days; *d; d += 5, d += strspn(d, " ")) {
			char day[DAY_ISO_MAX];
			char told[REMINDERS_WORLD_TEXT_MAX] = ".";
			char again[REMINDERS_WORLD_TEXT_MAX] = "";
			size_t n = strlen(got);

			(void) snprintf(day, sizeof day, "2018-%.5s", d);
			if (reminders_world_is_due(w, reminders_world_morning(day))) {
				reminders_world_run(
					w, reminders_world_morning(day), false, told, NULL);
				/* Whatever begins it again, nothing is given a second time. */
				store_fixture_reopen(w->fixture);
				reminders_world_run(
					w, reminders_world_morning(day) + 60, false, again, NULL);
			}
			(void) snprintf(
				got + n, sizeof got - n, "%s%s", n ? " " : "", *told ? told : "-");
			assert_string_equal(again, "");
		}
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].why, got);
	}
}

static void another_date_has_reminders_of_its_own(void **state)
{
	struct intake_world *w = *state;
	char told[REMINDERS_WORLD_TEXT_MAX];

	reminders_world_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-06-14");
	reminders_world_run(w, reminders_world_morning("2018-06-14"), false, told, NULL);
	assert_string_equal(told, "N0");
	reminders_world_sql(w, "UPDATE foi_case SET due = '2018-07-16'"); /* extended */
	reminders_world_run(w, reminders_world_morning("2018-06-15"), false, told, NULL);
	assert_string_equal(told, "");
	reminders_world_run(w, reminders_world_morning("2018-07-13"), false, told, NULL);
	assert_string_equal(told, "N1");
	reminders_world_sql(
		w, "UPDATE foi_case SET told = '2018-07-13'"); /* and told something earlier */
	reminders_world_run(w, reminders_world_morning("2018-07-16"), false, told, NULL);
	assert_string_equal(told, "P1");
	reminders_world_sql(w, "UPDATE foi_case SET told = NULL, state = 'waiting'");
	reminders_world_run(w, reminders_world_morning("2018-07-17"), false, told, NULL);
	assert_string_equal(told, "L0");
	reminders_world_sql(
		w, "UPDATE foi_case SET state = 'open'"); /* undone: the old date goes on */
	reminders_world_run(w, reminders_world_morning("2018-07-17"), false, told, NULL);
	assert_string_equal(told, "P1");
}

/* The days to a last day are counted by the Act of the part that it belongs to: here the second,
 * which is Scottish. Easter Monday is no bank holiday there. */
static void days_are_counted_by_the_part_that_rules(void **state)
{
	struct intake_world *w = *state;
	char told[REMINDERS_WORLD_TEXT_MAX];

	reminders_world_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-04-10");
	reminders_world_sql(w, "INSERT INTO part (case_id, n, question, regime, state, due)"
			       " SELECT case_id, 2, '', 'foisa', 'open', '2018-04-03' FROM part;"
			       "UPDATE foi_case SET due = '2018-04-03'");
	reminders_world_run(w, reminders_world_morning("2018-03-29"), false, told, NULL);
	assert_string_equal(told, "N2");
	reminders_world_sql(w,
		"UPDATE part SET due = '2018-04-04', state = iif(n = 2, 'answered', 'open');"
		"UPDATE foi_case SET due = '2018-04-04'");
	reminders_world_run(w, reminders_world_morning("2018-03-29"), false, told, NULL);
	assert_string_equal(
		told, "N2"); /* that the answered part has the same day counts for nothing */
}

/* Other steps in the configuration bring nothing back. */
static void steps_that_are_added_are_used_up_too(void **state)
{
	struct intake_world *w = *state;
	char told[REMINDERS_WORLD_TEXT_MAX];

	reminders_world_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-06-14");
	reminders_world_run(w, reminders_world_morning("2018-06-07"), false, told, NULL);
	assert_string_equal(told, "N5");
	w->conf->reminder_steps = (struct config_steps){ { 8, 3 }, 2 };
	reminders_world_run(w, reminders_world_morning("2018-06-08"), false, told, NULL);
	assert_string_equal(told, "");
	reminders_world_run(w, reminders_world_morning("2018-06-11"), false, told, NULL);
	assert_string_equal(told, "N3");
	reminders_world_run(w, reminders_world_morning("2018-06-14"), false, told, NULL);
	assert_string_equal(told, "");
	reminders_world_run(w, reminders_world_morning("2018-06-15"), false, told, NULL);
	assert_string_equal(told, "P1");
}

/* A clock that is months ahead for a morning, and then put right: what it gave was nonsense. */
static void a_clock_that_was_far_ahead_uses_nothing_up(void **state)
{
	struct intake_world *w = *state;
	char told[REMINDERS_WORLD_TEXT_MAX];

	reminders_world_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-06-14");
	reminders_world_run(w, reminders_world_morning("2018-09-14"), false, told, NULL);
	assert_string_equal(told, "P63");
	assert_true(reminders_world_is_due(w, reminders_world_morning("2018-06-13")));
	reminders_world_run(w, reminders_world_morning("2018-06-13"), false, told, NULL);
	assert_string_equal(told, "N1");
	reminders_world_run(w, reminders_world_morning("2018-06-13") + 60, false, told, NULL);
	assert_string_equal(told, "");
	reminders_world_run(w, reminders_world_morning("2018-06-15"), false, told, NULL);
	assert_string_equal(told, "P1");
	reminders_world_run(w, reminders_world_morning("2018-09-14"), false, told,
		NULL); /* the day comes in earnest */
	assert_string_equal(told, "P63");
	reminders_world_run(w, reminders_world_morning("2018-09-14") - 3 * 86400, false, told,
		NULL); /* a few days are no proof */
	assert_string_equal(told, "");
}

/* ---- when -------------------------------------------------------------------------------------- */

static void expect_next(struct intake_world *w, const char *why, int64_t now, const char *want)
{
	struct reminders in = reminders_world_of(w);
	struct fault f = { 0 };
	struct day_time t;
	int64_t when = 0;
	char iso[DAY_ISO_MAX];
	char got[64];

	store_fixture_expect(reminders_next(&in, now, &when, &f), &f);
	t = day_london_time(when);
	(void) snprintf(got, sizeof got, "%s %02u:%02u", day_iso(t.day, iso), t.hour, t.minute);
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s", why, got);
}

static void the_next_run_is_on_a_working_day(void **state)
{
	struct intake_world *w = *state;
	char told[REMINDERS_WORLD_TEXT_MAX];

	expect_next(w, "before the hour", day_start(store_fixture_day("2018-05-16")) + 60,
		"2018-05-16 07:00");
	expect_next(w, "late in the day, not done", reminders_world_morning("2018-05-16") + 36000,
		"2018-05-16 07:00");
	reminders_world_run(w, reminders_world_morning("2018-05-16"), false, told, NULL);
	expect_next(w, "done", reminders_world_morning("2018-05-16") + 60, "2018-05-17 07:00");
	expect_next(w, "two days missed: only today's", reminders_world_morning("2018-05-21"),
		"2018-05-21 07:00");
	reminders_world_run(w, reminders_world_morning("2018-05-25"), false, told, NULL);
	expect_next(w, "weekend and bank holiday", reminders_world_morning("2018-05-26"),
		"2018-05-29 07:00");
	expect_next(w, "the clock went back a day", reminders_world_morning("2018-05-24"),
		"2018-05-29 07:00");
	expect_next(w, "and a week", reminders_world_morning("2018-05-18"), "2018-05-29 07:00");
	expect_next(w, "it had been wrong by more", reminders_world_morning("2018-05-17"),
		"2018-05-17 07:00");
	reminders_world_sql(w, "DELETE FROM daily");
	expect_next(w, "summer time has begun", reminders_world_morning("2018-03-25"),
		"2018-03-26 07:00");
	expect_next(w, "summer time has ended", reminders_world_morning("2018-10-28"),
		"2018-10-29 07:00");
	w->conf->reminders_at = 60 * 23 + 59;
	expect_next(w, "at the end of the day", reminders_world_morning("2018-05-16"),
		"2018-05-16 23:59");
	w->conf->reminders_at = 0;
	expect_next(
		w, "at its beginning", reminders_world_morning("2018-05-16"), "2018-05-16 00:00");
}

static void the_hour_holds_on_the_days_of_clock_changes(void **state)
{
	static const struct {
		const char *day;
		unsigned at;
		int64_t utc; /* seconds of that day */
	} cases[] = {
		{ "2018-03-24", 7 * 60, 7 * 3600 },
		{ "2018-03-25", 7 * 60, 6 * 3600 },
		{ "2018-03-25", 30, 1800 },
		{ "2018-10-28", 7 * 60, 7 * 3600 },
		{ "2018-10-28", 30, -1800 },
		{ "2018-07-01", 7 * 60, 6 * 3600 },
	};
	struct intake_world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct day d = store_fixture_day(cases[i].day);

		w->conf->reminders_at = cases[i].at;
		assert_int_equal(
			reminders_instant(w->conf, d) - (int64_t) d.n * 86400, cases[i].utc);
	}
}

/* ---- pages and restarts ------------------------------------------------------------------------ */

static void a_run_that_was_cut_off_is_begun_again(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(freep) struct reminders_run *run = malloc(sizeof *run);
	struct reminders in = reminders_world_of(w);
	int64_t now = reminders_world_morning("2018-06-14");
	struct fault f = { 0 };
	char told[REMINDERS_WORLD_TEXT_MAX] = "";

	assert_non_null(run);
	for (int i = 0; i < 450; i++) {
		char reference[16];

		(void) snprintf(reference, sizeof reference, "R%d", i);
		reminders_world_case(w, reference, FOI_CASE_OPEN, STATUTE_FOIA,
			i % 2 ? "2018-06-14" : "2018-06-13");
	}
	reminders_begin(&in, now, run);
	reminders_world_step(w, run, now, false, told);
	assert_int_equal(run->n_told, 200);
	assert_false(run->is_done);

	/* A page that is decided and not committed was not given. */
	store_fixture_expect(store_begin(in.store, &f), &f);
	store_fixture_expect(reminders_step(&in, run, now, reminders_world_looks, 1, &f), &f);
	assert_int_equal(run->n_told, 200);
	store_rollback(in.store);
	assert_true(reminders_world_is_due(w, now)); /* not done: the last page was not reached */
	store_fixture_reopen(w->fixture);

	in = reminders_world_of(w);
	reminders_begin(&in, now, run);
	reminders_world_step(w, run, now, false, told);
	assert_int_equal(run->n_told, 0);
	reminders_world_step(w, run, now, false, told);
	assert_int_equal(run->n_told, 200);
	reminders_world_step(w, run, now, false, told);
	assert_int_equal(run->n_told, 50);
	assert_false(run->is_done);
	assert_true(reminders_world_is_due(w, now));
	reminders_world_step(w, run, now, false, told);
	assert_true(run->is_done);
	assert_false(reminders_world_is_due(w, now));
	assert_int_equal(run->report.overdue.total, 225);
	assert_int_equal(run->report.due_soon.total, 225);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM reminder"), 450);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_step_is_given_once),
		TEST(another_date_has_reminders_of_its_own),
		TEST(days_are_counted_by_the_part_that_rules),
		TEST(steps_that_are_added_are_used_up_too),
		TEST(a_clock_that_was_far_ahead_uses_nothing_up),
		TEST(the_next_run_is_on_a_working_day),
		TEST(the_hour_holds_on_the_days_of_clock_changes),
		TEST(a_run_that_was_cut_off_is_begun_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
