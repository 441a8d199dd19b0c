/* test_dispatch.c - whether a mail of ours may leave, and what an officer's word makes of it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flow/dispatch.h"
#include "flow/moves.h"
#include "tests/support/intake_world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define JANE	 "From: Jane Roe <jane@example.net>\nSubject: Bicycles\n"
#define ASKS	 "Under the Freedom of Information Act, how many bicycles does the force own?"
#define DAY	 86400

/* The acknowledgement of a request of 16 May 2018, and its case. */
#define ROW                                                                                        \
	"SELECT state || '|' || ifnull(next_try, '-') || '|' || tries || '|' || held_for"          \
	" FROM outbox WHERE id = 1"
#define TOLD	"SELECT ifnull(told, '-') FROM foi_case WHERE id = 1"
#define FLAGS	"SELECT flags FROM foi_case WHERE id = 1"
#define HISTORY "SELECT actor || '|' || what || '|' || why FROM event ORDER BY id DESC LIMIT 1"

static int carry_out(struct intake_world *w, enum dispatch_deed deed, bool is_anyway, int64_t now,
	struct dispatch_result *ret, struct fault *f)
{
	const struct dispatch_order o = { .deed = deed,
		.id = 1,
		.is_anyway = is_anyway,
		.actor = "uid 1000 (jo)",
		.why = "by telephone" };
	int r;

	store_fixture_expect(store_begin(w->in.store, f), f);
	r = dispatch_carry_out(w->in.store, w->conf, &o, now, ret, f);
	if (r < 0)
		store_rollback(w->in.store);
	else
		store_fixture_expect(store_commit(w->in.store, f), f);
	return r;
}

static void done(struct intake_world *w, enum dispatch_deed deed, bool is_anyway, int64_t now)
{
	struct dispatch_result result;
	struct fault f = { 0 };

	store_fixture_expect(carry_out(w, deed, is_anyway, now, &result, &f), &f);
	assert_string_equal(result.reference, "FOI 000001/18");
	assert_string_equal(result.kind, "acknowledgement");
}

static void refused(struct intake_world *w, enum dispatch_deed deed, bool is_anyway, int64_t now,
	bool can_be_waived, const char *why)
{
	struct dispatch_result result;
	struct fault f = { 0 };

	assert_int_equal(carry_out(w, deed, is_anyway, now, &result, &f), -EPERM);
	assert_int_equal(result.can_be_waived, can_be_waived);
	if (!strstr(f.text, why))
		fail_msg("\"%s\" is not in \"%s\"", why, f.text);
}

static void one_is_held_and_released(void **state)
{
	struct intake_world *w = *state;
	int64_t now = INTAKE_WORLD_NOW;

	intake_world_take(w, JANE, ASKS);
	intake_world_expect_text(w, TOLD, "2018-06-14");
	done(w, DISPATCH_HOLD, false, now + 1);
	intake_world_expect_text(w, ROW, "held|-|0|officer");
	intake_world_expect_text(w, TOLD, "-");
	intake_world_expect_text(w, HISTORY, "uid 1000 (jo)|acknowledgement-held|by telephone");
	done(w, DISPATCH_RELEASE, false, now + 3 * DAY);
	intake_world_expect_text(w, ROW, "queued|1526721300|0|officer");
	intake_world_expect_text(w, TOLD, "2018-06-14");
	intake_world_expect_text(w, HISTORY, "uid 1000 (jo)|acknowledgement-released|by telephone");
	assert_int_equal(intake_world_number(w, "SELECT queued_at FROM outbox"), now + 3 * DAY);
	assert_int_equal(intake_world_number(w, "SELECT created_at FROM outbox"), now);
}

static void a_failed_one_is_tried_anew(void **state)
{
	struct intake_world *w = *state;
	struct fault f = { 0 };

	intake_world_take(w, JANE, ASKS);
	store_fixture_run(w->fixture, "UPDATE outbox SET state = 'failed', next_try = NULL,"
				      " tries = 90, code = 450, reply = 'greylisted'");
	store_fixture_run(w->fixture, "UPDATE foi_case SET flags = 32");
	done(w, DISPATCH_RETRY, false, INTAKE_WORLD_NOW + 9);
	intake_world_expect_text(w, ROW, "queued|1526462109|0|");
	intake_world_expect_text(w, HISTORY, "uid 1000 (jo)|acknowledgement-retried|by telephone");
	/* Until it has left an officer must look. */
	assert_int_equal(intake_world_number(w, FLAGS), FOI_CASE_NOT_ACKNOWLEDGED);
	store_fixture_expect(store_begin(w->in.store, &f), &f);
	store_fixture_expect(moves_acknowledged(w->in.store, 1, INTAKE_WORLD_NOW + 10, &f), &f);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
	assert_int_equal(intake_world_number(w, FLAGS), 0);
}

/* What the state of the mail does not allow. */
static const struct {
	const char *state;
	enum dispatch_deed deed;
	const char *why; /* NULL: it does */
} states[] = {
	{ "queued", DISPATCH_RETRY, NULL },
	{ "queued", DISPATCH_HOLD, NULL },
	{ "queued", DISPATCH_RELEASE, "not held: it waits for its next try" },
	{ "sending", DISPATCH_RETRY, "being sent" },
	{ "sending", DISPATCH_HOLD, "being sent" },
	{ "sending", DISPATCH_RELEASE, "being sent" },
	{ "sent", DISPATCH_RETRY, "sent already" },
	{ "sent", DISPATCH_HOLD, "sent already" },
	{ "sent", DISPATCH_RELEASE, "sent already" },
	{ "failed", DISPATCH_RETRY, NULL },
	{ "failed", DISPATCH_HOLD, "given up" },
	{ "failed", DISPATCH_RELEASE, "retry it instead" },
	{ "held", DISPATCH_RETRY, "release it instead" },
	{ "held", DISPATCH_HOLD, "held already" },
	{ "held", DISPATCH_RELEASE, NULL },
};

static void a_state_allows_what_it_can(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE, ASKS);
	for (size_t i = 0; i < COUNT(states); i++) {
		char sql[128];

		print_message("%s, %s\n", states[i].state, dispatch_deed_word(states[i].deed));
		(void) snprintf(sql, sizeof sql,
			"UPDATE outbox SET state = '%s', next_try = 1, sent_at = 1",
			states[i].state);
		store_fixture_run(w->fixture, sql);
		if (states[i].why)
			refused(w, states[i].deed, true, INTAKE_WORLD_NOW, false, states[i].why);
		else
			done(w, states[i].deed, false, INTAKE_WORLD_NOW);
	}
}

static void a_late_one_needs_a_word_more(void **state)
{
	struct intake_world *w = *state;
	int64_t late = INTAKE_WORLD_NOW + 4 * DAY;

	intake_world_take(w, JANE, ASKS);
	done(w, DISPATCH_HOLD, false, late);
	refused(w, DISPATCH_RELEASE, false, late, true,
		"4 days after the mail was received, 16 May 2018, and acknowledge_within allows 3; "
		"with --anyway it is sent all the same");
	intake_world_expect_text(w, ROW, "held|-|0|officer");
	done(w, DISPATCH_RELEASE, true, late);
	intake_world_expect_text(w, ROW, "queued|1526807700|0|late");
	intake_world_expect_text(w, HISTORY,
		"uid 1000 (jo)|acknowledgement-released|all the same: it would leave 4 days after "
		"the mail was received, 16 May 2018, and acknowledge_within allows 3: by "
		"telephone");
}

static void a_wrong_date_is_never_sent(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE, ASKS);
	done(w, DISPATCH_HOLD, false, INTAKE_WORLD_NOW);
	refused(w, DISPATCH_RELEASE, true, INTAKE_WORLD_NOW + 30 * DAY, false,
		"14 June 2018, is past; write to the requester yourself");
	store_fixture_run(w->fixture, "UPDATE foi_case SET due = '2018-07-02'");
	refused(w, DISPATCH_RELEASE, true, INTAKE_WORLD_NOW, false,
		"states 14 June 2018 as the last day, and the case has another one now");
	store_fixture_run(w->fixture, "UPDATE foi_case SET state = 'closed'");
	refused(w, DISPATCH_RELEASE, false, INTAKE_WORLD_NOW, true, "answered or closed");
	done(w, DISPATCH_RELEASE, true, INTAKE_WORLD_NOW);
	intake_world_expect_text(w, TOLD, "-");
}

/* What stands before the daemon itself. */
static const struct {
	const char *why;
	const char *sql; /* before */
	int64_t days;
	enum objection expected;
} waits[] = {
	{ "in time", "SELECT 1", 3, OBJECTION_NONE },
	{ "late", "SELECT 1", 4, OBJECTION_LATE },
	{ "late, but a person wants it", "UPDATE outbox SET held_for = 'late'", 4, OBJECTION_NONE },
	{ "a person wanted it before it was late", "UPDATE outbox SET held_for = 'officer'", 4,
		OBJECTION_LATE },
	{ "its day is past, whatever a person wanted", "UPDATE outbox SET held_for = 'late'", 30,
		OBJECTION_PAST },
	{ "one to an officer", "UPDATE outbox SET kind = 'digest', case_id = NULL", 30,
		OBJECTION_NONE },
};

struct look {
	struct intake_world *w;
	int64_t now;
	enum objection found;
	char why[OBJECTION_TEXT_MAX];
};

static int look(void *context, const struct store_outbox *o)
{
	struct look *l = context;

	l->found = dispatch_find_objection(l->w->conf, o, l->now, l->why);
	return 0;
}

static void what_waited_too_long_is_found(void **state)
{
	struct intake_world *w = *state;
	struct fault f = { 0 };

	intake_world_take(w, JANE, ASKS);
	for (size_t i = 0; i < COUNT(waits); i++) {
		struct look l = { .w = w,
			.now = INTAKE_WORLD_NOW + waits[i].days * DAY,
			.found = OBJECTION_COUNT };

		print_message("%s\n", waits[i].why);
		store_fixture_run(w->fixture, waits[i].sql);
		store_fixture_expect(store_outbox_due(w->in.store, l.now, 1, look, &l, &f), &f);
		assert_int_equal(l.found, waits[i].expected);
	}
}

static void what_waited_too_long_is_held(void **state)
{
	struct intake_world *w = *state;
	struct fault f = { 0 };

	intake_world_take(w, JANE, ASKS);
	store_fixture_expect(store_begin(w->in.store, &f), &f);
	store_fixture_expect(
		dispatch_hold_late(w->in.store, 1, 1, "too late", INTAKE_WORLD_NOW, &f), &f);
	store_fixture_expect(store_commit(w->in.store, &f), &f);
	intake_world_expect_text(w, ROW, "held|-|0|late");
	intake_world_expect_text(w, TOLD, "-");
	intake_world_expect_text(w, HISTORY, "daemon|acknowledgement-held|held: too late");
	assert_int_equal(intake_world_number(w, FLAGS), FOI_CASE_NOT_ACKNOWLEDGED);
}

/* One that may have left keeps the day that it told. */
static void what_may_have_left_stays_told(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE, ASKS);
	store_fixture_run(w->fixture, "UPDATE outbox SET tries = 1");
	done(w, DISPATCH_HOLD, false, INTAKE_WORLD_NOW);
	intake_world_expect_text(w, TOLD, "2018-06-14");
}

static void a_mail_to_an_officer_has_no_history(void **state)
{
	struct intake_world *w = *state;
	struct dispatch_result result;
	struct fault f = { 0 };

	intake_world_take(w, JANE, ASKS);
	store_fixture_run(w->fixture, "UPDATE outbox SET kind = 'digest', case_id = NULL,"
				      " state = 'failed'");
	store_fixture_expect(
		carry_out(w, DISPATCH_RETRY, false, INTAKE_WORLD_NOW + 90 * DAY, &result, &f), &f);
	assert_string_equal(result.reference, "");
	assert_string_equal(result.kind, "digest");
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE actor LIKE 'uid%'"), 0);
}

static void what_is_not_there_is_not_found(void **state)
{
	struct dispatch_result result;
	struct fault f = { 0 };

	assert_int_equal(carry_out(*state, DISPATCH_HOLD, false, 1, &result, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_MISSING);
}

#define TEST(function)                                                                             \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_is_held_and_released),
		TEST(a_failed_one_is_tried_anew),
		TEST(a_state_allows_what_it_can),
		TEST(a_late_one_needs_a_word_more),
		TEST(a_wrong_date_is_never_sent),
		TEST(what_waited_too_long_is_found),
		TEST(what_waited_too_long_is_held),
		TEST(what_may_have_left_stays_told),
		TEST(a_mail_to_an_officer_has_no_history),
		TEST(what_is_not_there_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
