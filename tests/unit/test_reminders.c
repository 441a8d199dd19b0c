/* test_reminders.c - which last days are reminded of, when, and how often: once. */
/* SPDX-License-Identifier: MIT */
#include "flow/reminders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"
#include "tests/support/intake_world.h"

enum {
	TEXT_MAX = 1024,
};

static const struct officer_look looks[] = { { .mailbox = "foi", .last_look = 1 } };

static struct reminders reminders_of(struct intake_world *w)
{
	return (struct reminders){
		.store = w->fixture->store, .conf = w->conf, .calendar = w->calendar
	};
}

static void sql(struct intake_world *w, const char *text)
{
	assert_int_equal(sqlite3_exec(w->fixture->store->db, text, NULL, NULL, NULL), SQLITE_OK);
}

/* Half past seven of that day. */
static int64_t morning(const char *iso)
{
	return day_start(store_fixture_day(iso)) + 27000;
}

static int64_t add_case(struct intake_world *w, const char *reference, enum foi_case_state state,
	enum statute_regime regime, const char *due)
{
	struct foi_case_opening c = store_fixture_opening(reference);
	struct fault f = { 0 };
	int64_t id;

	c.state = state;
	c.deadline.regime = regime;
	c.deadline.due = store_fixture_day(due);
	store_fixture_expect(store_begin(w->fixture->store, &f), &f);
	store_fixture_expect(store_case_add(w->fixture->store, &c, &id, &f), &f);
	store_fixture_expect(store_commit(w->fixture->store, &f), &f);
	return id;
}

static bool is_due(struct intake_world *w, int64_t now)
{
	struct reminders in = reminders_of(w);
	struct fault f = { 0 };
	int64_t when = 0;

	store_fixture_expect(reminders_next(&in, now, &when, &f), &f);
	return when <= now;
}

static const char letters[] = {
	[REMINDER_NEAR] = 'N', [REMINDER_PASSED] = 'P', [REMINDER_LAPSE] = 'L'
};

/* One step, committed; what it decided is added to @ret: "N5" or with its reference "A:N5". */
static void step(struct intake_world *w, struct reminders_run *run, int64_t now,
	bool with_reference, char ret[static TEXT_MAX])
{
	struct reminders in = reminders_of(w);
	struct fault f = { 0 };

	store_fixture_expect(store_begin(in.store, &f), &f);
	store_fixture_expect(reminders_step(&in, run, now, looks, 1, &f), &f);
	store_fixture_expect(store_commit(in.store, &f), &f);
	for (size_t i = 0; i < run->n_told; i++) {
		const struct reminder *told = &run->told[i];
		size_t n = strlen(ret);

		(void) snprintf(ret + n, TEXT_MAX - n, "%s%s%s%c%u", n ? " " : "",
			with_reference ? told->reference : "", with_reference ? ":" : "",
			letters[told->kind], told->days);
	}
}

/* A whole run, due or not. @ret_run: what it came to; may be NULL. */
static void run_at(struct intake_world *w, int64_t now, bool with_reference,
	char ret[static TEXT_MAX], struct reminders_run *ret_run)
{
	CLEANUP(freep) struct reminders_run *run = malloc(sizeof *run);
	struct reminders in = reminders_of(w);

	assert_non_null(run);
	ret[0] = '\0';
	reminders_begin(&in, now, run);
	while (!run->is_done)
		step(w, run, now, with_reference, ret);
	if (ret_run)
		*ret_run = *run;
}

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
	char text[TEXT_MAX];

	sql(w, "DELETE FROM reminder; DELETE FROM daily;"
	       "UPDATE foi_case SET state = 'closed'");
	w->conf->regime = row->office;
	(void) snprintf(text, sizeof text, "A%zu", (size_t) (row - rows));
	add_case(w, text, row->state, row->regime, row->due);
	if (!row->told)
		return;
	(void) snprintf(text, sizeof text, "UPDATE foi_case SET told = '%s' WHERE state = 'open'",
		row->told);
	sql(w, text);
}

static void each_step_is_given_once(void **state)
{
	struct intake_world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char got[TEXT_MAX] = "";

		set_up_row(w, &rows[i]);
		for (const char *d = rows[i].days; *d; d += 5, d += strspn(d, " ")) {
			char day[DAY_ISO_MAX];
			char told[TEXT_MAX] = ".";
			char again[TEXT_MAX] = "";
			size_t n = strlen(got);

			(void) snprintf(day, sizeof day, "2018-%.5s", d);
			if (is_due(w, morning(day))) {
				run_at(w, morning(day), false, told, NULL);
				/* Whatever begins it again, nothing is given a second time. */
				store_fixture_reopen(w->fixture);
				run_at(w, morning(day) + 60, false, again, NULL);
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
	char told[TEXT_MAX];

	add_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-06-14");
	run_at(w, morning("2018-06-14"), false, told, NULL);
	assert_string_equal(told, "N0");
	sql(w, "UPDATE foi_case SET due = '2018-07-16'"); /* extended */
	run_at(w, morning("2018-06-15"), false, told, NULL);
	assert_string_equal(told, "");
	run_at(w, morning("2018-07-13"), false, told, NULL);
	assert_string_equal(told, "N1");
	sql(w, "UPDATE foi_case SET told = '2018-07-13'"); /* and told something earlier */
	run_at(w, morning("2018-07-16"), false, told, NULL);
	assert_string_equal(told, "P1");
	sql(w, "UPDATE foi_case SET told = NULL, state = 'waiting'");
	run_at(w, morning("2018-07-17"), false, told, NULL);
	assert_string_equal(told, "L0");
	sql(w, "UPDATE foi_case SET state = 'open'"); /* undone: the old date goes on */
	run_at(w, morning("2018-07-17"), false, told, NULL);
	assert_string_equal(told, "P1");
}

/* The days to a last day are counted by the Act of the part that it belongs to: here the second,
 * which is Scottish. Easter Monday is no bank holiday there. */
static void days_are_counted_by_the_part_that_rules(void **state)
{
	struct intake_world *w = *state;
	char told[TEXT_MAX];

	add_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-04-10");
	sql(w, "INSERT INTO part (case_id, n, question, regime, state, due)"
	       " SELECT case_id, 2, '', 'foisa', 'open', '2018-04-03' FROM part;"
	       "UPDATE foi_case SET due = '2018-04-03'");
	run_at(w, morning("2018-03-29"), false, told, NULL);
	assert_string_equal(told, "N2");
	sql(w, "UPDATE part SET due = '2018-04-04', state = iif(n = 2, 'answered', 'open');"
	       "UPDATE foi_case SET due = '2018-04-04'");
	run_at(w, morning("2018-03-29"), false, told, NULL);
	assert_string_equal(
		told, "N2"); /* that the answered part has the same day counts for nothing */
}

/* Other steps in the configuration bring nothing back. */
static void steps_that_are_added_are_used_up_too(void **state)
{
	struct intake_world *w = *state;
	char told[TEXT_MAX];

	add_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-06-14");
	run_at(w, morning("2018-06-07"), false, told, NULL);
	assert_string_equal(told, "N5");
	w->conf->reminder_steps = (struct config_steps){ { 8, 3 }, 2 };
	run_at(w, morning("2018-06-08"), false, told, NULL);
	assert_string_equal(told, "");
	run_at(w, morning("2018-06-11"), false, told, NULL);
	assert_string_equal(told, "N3");
	run_at(w, morning("2018-06-14"), false, told, NULL);
	assert_string_equal(told, "");
	run_at(w, morning("2018-06-15"), false, told, NULL);
	assert_string_equal(told, "P1");
}

/* A clock that is months ahead for a morning, and then put right: what it gave was nonsense. */
static void a_clock_that_was_far_ahead_uses_nothing_up(void **state)
{
	struct intake_world *w = *state;
	char told[TEXT_MAX];

	add_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-06-14");
	run_at(w, morning("2018-09-14"), false, told, NULL);
	assert_string_equal(told, "P63");
	assert_true(is_due(w, morning("2018-06-13")));
	run_at(w, morning("2018-06-13"), false, told, NULL);
	assert_string_equal(told, "N1");
	run_at(w, morning("2018-06-13") + 60, false, told, NULL);
	assert_string_equal(told, "");
	run_at(w, morning("2018-06-15"), false, told, NULL);
	assert_string_equal(told, "P1");
	run_at(w, morning("2018-09-14"), false, told, NULL); /* the day comes in earnest */
	assert_string_equal(told, "P63");
	run_at(w, morning("2018-09-14") - 3 * 86400, false, told,
		NULL); /* a few days are no proof */
	assert_string_equal(told, "");
}

/* ---- when -------------------------------------------------------------------------------------- */

static void expect_next(struct intake_world *w, const char *why, int64_t now, const char *want)
{
	struct reminders in = reminders_of(w);
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
	char told[TEXT_MAX];

	expect_next(w, "before the hour", day_start(store_fixture_day("2018-05-16")) + 60,
		"2018-05-16 07:00");
	expect_next(
		w, "late in the day, not done", morning("2018-05-16") + 36000, "2018-05-16 07:00");
	run_at(w, morning("2018-05-16"), false, told, NULL);
	expect_next(w, "done", morning("2018-05-16") + 60, "2018-05-17 07:00");
	expect_next(w, "two days missed: only today's", morning("2018-05-21"), "2018-05-21 07:00");
	run_at(w, morning("2018-05-25"), false, told, NULL);
	expect_next(w, "weekend and bank holiday", morning("2018-05-26"), "2018-05-29 07:00");
	expect_next(w, "the clock went back a day", morning("2018-05-24"), "2018-05-29 07:00");
	expect_next(w, "and a week", morning("2018-05-18"), "2018-05-29 07:00");
	expect_next(w, "it had been wrong by more", morning("2018-05-17"), "2018-05-17 07:00");
	sql(w, "DELETE FROM daily");
	expect_next(w, "summer time has begun", morning("2018-03-25"), "2018-03-26 07:00");
	expect_next(w, "summer time has ended", morning("2018-10-28"), "2018-10-29 07:00");
	w->conf->reminders_at = 60 * 23 + 59;
	expect_next(w, "at the end of the day", morning("2018-05-16"), "2018-05-16 23:59");
	w->conf->reminders_at = 0;
	expect_next(w, "at its beginning", morning("2018-05-16"), "2018-05-16 00:00");
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
	struct reminders in = reminders_of(w);
	int64_t now = morning("2018-06-14");
	struct fault f = { 0 };
	char told[TEXT_MAX] = "";

	assert_non_null(run);
	for (int i = 0; i < 450; i++) {
		char reference[16];

		(void) snprintf(reference, sizeof reference, "R%d", i);
		add_case(w, reference, FOI_CASE_OPEN, STATUTE_FOIA,
			i % 2 ? "2018-06-14" : "2018-06-13");
	}
	reminders_begin(&in, now, run);
	step(w, run, now, false, told);
	assert_int_equal(run->n_told, 200);
	assert_false(run->is_done);

	/* A page that is decided and not committed was not given. */
	store_fixture_expect(store_begin(in.store, &f), &f);
	store_fixture_expect(reminders_step(&in, run, now, looks, 1, &f), &f);
	assert_int_equal(run->n_told, 200);
	store_rollback(in.store);
	assert_true(is_due(w, now)); /* not done: the last page was not reached */
	store_fixture_reopen(w->fixture);

	in = reminders_of(w);
	reminders_begin(&in, now, run);
	step(w, run, now, false, told);
	assert_int_equal(run->n_told, 0);
	step(w, run, now, false, told);
	assert_int_equal(run->n_told, 200);
	step(w, run, now, false, told);
	assert_int_equal(run->n_told, 50);
	assert_false(run->is_done);
	assert_true(is_due(w, now));
	step(w, run, now, false, told);
	assert_true(run->is_done);
	assert_false(is_due(w, now));
	assert_int_equal(run->report.overdue.total, 225);
	assert_int_equal(run->report.due_soon.total, 225);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM reminder"), 450);
}

/* ---- mails -------------------------------------------------------------------------------------- */

static char *replace(char *text, const char *with)
{
	free(text);
	text = strdup(with);
	assert_non_null(text);
	return text;
}

static void set_list(struct config_list *list, const char *a, const char *b)
{
	list->entries = calloc(2, sizeof *list->entries);
	assert_non_null(list->entries);
	list->n = b ? 2 : 1;
	list->entries[0] = strdup(a);
	list->entries[1] = b ? strdup(b) : NULL;
	assert_non_null(list->entries[0]);
}

static void name_officers(struct intake_world *w)
{
	w->in.store = w->fixture->store;
	w->conf->smtp_url = replace(w->conf->smtp_url, "smtp://localhost");
	set_list(&w->conf->digest_to, "kim@authority.example.org", "Lee@authority.example.org");
	set_list(&w->conf->escalate_to, "head@authority.example.org", NULL);
}

static void expect_mails(struct intake_world *w, int digests, int escalations)
{
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM outbox WHERE kind = 'digest'"),
		digests);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM outbox WHERE kind = 'escalation'"),
		escalations);
}

static void a_digest_goes_once_a_day_to_each(void **state)
{
	struct intake_world *w = *state;
	struct reminders_run *run = malloc(sizeof *run);
	char told[TEXT_MAX];

	assert_non_null(run);
	name_officers(w);
	run_at(w, morning("2018-05-16"), false, told, run);
	assert_int_equal(run->n_mails[OFFICER_MAIL_DIGEST], 2);
	expect_mails(w, 2, 0); /* also when nothing is due */
	store_fixture_reopen(w->fixture);
	w->in.store = w->fixture->store;
	run_at(w, morning("2018-05-16") + 3600, false, told, run);
	assert_int_equal(run->n_mails[OFFICER_MAIL_DIGEST], 0);
	w->conf->digest_to.entries[1][0] = 'l'; /* the same address */
	run_at(w, morning("2018-05-16") + 3700, false, told, NULL);
	expect_mails(w, 2, 0);
	run_at(w, morning("2018-05-17"), false, told, NULL);
	expect_mails(w, 4, 0);
	assert_string_equal(
		intake_world_text(w,
			"SELECT group_concat(kind || '|' || state || '|' || recipient || '|' ||"
			" sender || '|' || ifnull(case_id, 0) || '|' || wants_copy, ' ')"
			" FROM (SELECT * FROM outbox WHERE id <= 2 ORDER BY id)"),
		"digest|queued|kim@authority.example.org|foi@authority.example.org|0|0 "
		"digest|queued|Lee@authority.example.org|foi@authority.example.org|0|0");
	free(run);
}

static void without_a_server_or_an_address_nothing_is_queued(void **state)
{
	struct intake_world *w = *state;
	char told[TEXT_MAX];

	add_case(w, "A", FOI_CASE_OPEN, STATUTE_FOIA, "2018-05-14");
	w->conf->smtp_url = replace(w->conf->smtp_url, "smtp://localhost");
	run_at(w, morning("2018-05-16"), false, told, NULL);
	name_officers(w);
	w->conf->smtp_url = replace(w->conf->smtp_url, "");
	run_at(w, morning("2018-05-17"), false, told, NULL);
	expect_mails(w, 0, 0);
	assert_string_equal(told, "P3"); /* the journal is told all the same */
}

/* Opened on Wednesday 16 May 2018. */
static void triage_that_nobody_touches_is_escalated(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(freep) struct reminders_run *run = malloc(sizeof *run);
	char told[TEXT_MAX];
	int64_t touched;

	assert_non_null(run);
	name_officers(w);
	add_case(w, "IN 000001/18", FOI_CASE_TRIAGE, STATUTE_FOIA, "2018-06-14");
	touched = add_case(w, "IN 000002/18", FOI_CASE_TRIAGE, STATUTE_FOIA, "2018-06-14");
	assert_int_equal(touched, 2);
	sql(w, "INSERT INTO event (case_id, at, actor, what, why) VALUES"
	       " (1, 0, 'daemon', 'opened', ''), (2, 0, 'uid 1000 (kim)', 'note', '')");
	run_at(w, morning("2018-05-17"), false, told, run);
	assert_int_equal(run->report.triage.total, 2);
	assert_int_equal(run->report.triage.items[0].days, 1);
	assert_int_equal(run->report.untouched.total, 0);
	run_at(w, morning("2018-05-18"), false, told, run);
	assert_int_equal(run->report.triage.total, 2);
	assert_int_equal(run->report.untouched.total, 1);
	assert_string_equal(run->report.untouched.items[0].reference, "IN 000001/18");
	assert_int_equal(run->n_mails[OFFICER_MAIL_ESCALATION], 1);
	expect_mails(w, 4, 1);
}

static void the_digest_tells_what_the_store_has(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(freep) struct reminders_run *run = malloc(sizeof *run);
	char told[TEXT_MAX];

	assert_non_null(run);
	name_officers(w);
	w->conf->mailboxes[0].acknowledge = ACKNOWLEDGE_HOLD;
	intake_world_take(w, "From: Jane Roe <jane@example.net>\nSubject: x\n",
		"Under the Freedom of Information Act, how many bicycles does the force own?");
	run_at(w, morning("2018-05-17"), false, told, run);
	assert_int_equal(run->report.fates[FATE_REQUEST], 1);
	assert_int_equal(run->report.n_opened, 1);
	assert_int_equal(run->report.held.total, 1);
	assert_string_equal(run->report.held.items[0].reference, "FOI 000001/18");
	assert_int_equal(run->report.since, 0);
	assert_false(run->report.feed_waits);
	sql(w, "UPDATE outbox SET state = 'failed' WHERE kind = 'acknowledgement';"
	       "UPDATE calendar_feed SET pending_hash = 'ab'");
	run_at(w, morning("2018-05-18"), false, told, run);
	assert_int_equal(run->report.fates[FATE_REQUEST], 0); /* told yesterday */
	assert_int_equal(run->report.n_opened, 0);
	assert_int_equal(run->report.held.total, 0);
	assert_int_equal(run->report.failed.total, 1);
	assert_int_equal(run->report.since, morning("2018-05-17"));
	assert_true(run->report.feed_waits);
	sql(w, "UPDATE outbox SET state = 'queued', next_try = 5 WHERE kind = 'acknowledgement'");
	run_at(w, morning("2018-05-21"), false, told, run);
	assert_int_equal(run->report.n_unsent, 1); /* not the digests beside it */
	assert_int_equal(run->report.oldest_unsent, INTAKE_WORLD_NOW);
	sql(w, "UPDATE outbox SET state = 'failed' WHERE kind = 'acknowledgement';"
	       "UPDATE foi_case SET state = 'answered'");
	run_at(w, morning("2018-05-22"), false, told, run);
	assert_int_equal(run->report.failed.total, 0); /* it matters no more */
}

/* An absence note, a report of failure, the mail itself: none of them is a case with a clock. */
static void what_comes_back_of_a_digest_is_recognised(void **state)
{
	static const struct {
		const char *headers; /* with the Message-ID or the envelope sender of the digest */
		const char *text;
		const char *column;
		enum fate fate;
	} answers[] = {
		{ "From: Kim <kim@authority.example.org>\nIn-Reply-To: %s\n"
		  "Subject: Automatic reply: FOI: nothing due (16 May 2018)\n"
		  "Auto-Submitted: auto-replied\n",
			"I am away. Can you ask the FOI team?%s", "message_id", FATE_AUTOMATIC },
		{ "From: Kim <kim@authority.example.org>\nReferences: %s\n"
		  "Subject: Out of office: FOI: nothing due (16 May 2018)\n",
			"I am away.%s", "message_id", FATE_AUTOMATIC },
		{ "From: Mail Delivery System <mailer-daemon@mx.example.org>\nX-Id: %s\n"
		  "Subject: Mail delivery failed: returning message to sender\n",
			"This message was created automatically by mail delivery software.\n"
			"Message-ID: %s\n",
			"message_id", FATE_BOUNCE },
		{ "From: Mail Delivery System <mailer-daemon@mx.example.org>\nTo: <%s>\n"
		  "Subject: Mail delivery failed: returning message to sender\n",
			"This message was created automatically by mail delivery software.%s",
			"sender", FATE_BOUNCE },
		{ "From: FOI <foi@authority.example.org>\nMessage-ID: %s\n"
		  "Subject: FOI: nothing due (16 May 2018)\nAuto-Submitted: auto-generated\n",
			"Nothing is overdue.%s", "message_id", FATE_OWN },
	};
	struct intake_world *w = *state;
	char told[TEXT_MAX];

	name_officers(w);
	w->conf->bounce = CONFIG_BOUNCE_TAGGED;
	run_at(w, morning("2018-05-16"), false, told, NULL);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		char query[128];
		char id[TEXT_MAX];
		CLEANUP(freep) char *headers = NULL;
		CLEANUP(freep) char *text = NULL;

		(void) snprintf(query, sizeof query, "SELECT %s FROM outbox WHERE id = 1",
			answers[i].column);
		(void) snprintf(id, sizeof id, "%s", intake_world_text(w, query));
		assert_true(strlen(id) < 200);
		assert_true(strcspn(id, "@") <= 64 + 1); /* RFC 5321 s.4.5.3.1.1, and the "<" */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		assert_true(asprintf(&headers, answers[i].headers, id) > 0);
		assert_true(asprintf(&text, answers[i].text, i == 2 ? id : "") > 0);
#pragma GCC diagnostic pop
		intake_world_take(w, headers, text);
		if (w->out.verdict.fate != answers[i].fate || w->out.n_cases != 0)
			fail_msg("%zu: %s, %zu cases", i, fate_word(w->out.verdict.fate),
				w->out.n_cases);
	}
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
		TEST(a_digest_goes_once_a_day_to_each),
		TEST(without_a_server_or_an_address_nothing_is_queued),
		TEST(triage_that_nobody_touches_is_escalated),
		TEST(the_digest_tells_what_the_store_has),
		TEST(what_comes_back_of_a_digest_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
