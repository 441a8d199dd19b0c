/* test_intake_limit.c - how many acknowledgements may leave: the rest is held, and nothing is lost. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/intake_world.h"

enum {
	HOUR_SEC = 3600,
	DAY_SEC = 86400,
};

#define JANE "jane@example.net"

static void take_question(struct intake_world *w, const char *from)
{
	char headers[128];
	char text[128];

	(void) snprintf(headers, sizeof headers, "From: %s\nSubject: %u\n", from, w->uid);
	(void) snprintf(text, sizeof text,
		"Under the Freedom of Information Act, how many bicycles are in ward %u?", w->uid);
	intake_world_take(w, headers, text);
	assert_int_equal(w->out.n_cases, 1);
}

/* One more of @from, a second later. Its case is opened, whatever becomes of the answer. */
static void expect_hold(struct intake_world *w, const char *from, enum hold hold, bool is_new)
{
	w->now++;
	take_question(w, from);
	assert_int_equal(w->out.hold, hold);
	assert_int_equal(w->out.is_queued, hold == HOLD_NONE);
	assert_int_equal(w->out.is_limit_new, is_new);
	assert_int_equal(w->out.cases[0].state, FOI_CASE_OPEN);
	assert_int_equal(w->out.cases[0].flags, hold == HOLD_NONE ? 0 : FOI_CASE_NOT_ACKNOWLEDGED);
}

static void expect_sent(struct intake_world *w, const char *from)
{
	expect_hold(w, from, HOLD_NONE, false);
}

/* Two robots that answer each other stop; a third person is not held back by them. */
static void test_sender(void **state)
{
	struct intake_world *w = *state;
	int64_t first = w->now + 1;

	assert_int_equal(w->conf->sender_limit, 5);
	for (unsigned i = 0; i < w->conf->sender_limit; i++, w->now += 60)
		expect_sent(w, i % 2 ? JANE : "Jane@example.net");
	expect_hold(w, JANE, HOLD_SENDER_LIMIT, true);
	expect_hold(w, JANE, HOLD_SENDER_LIMIT, false);
	expect_sent(w, "alex@example.com");
	/* A day after the first there is room for one again, and for one only. */
	w->now = first + DAY_SEC - 2;
	expect_hold(w, JANE, HOLD_SENDER_LIMIT, false);
	expect_sent(w, JANE);
	expect_hold(w, JANE, HOLD_SENDER_LIMIT, false);
	/* When nothing was held for a day, it is told again. */
	w->now += 3 * DAY_SEC;
	for (unsigned i = 0; i < w->conf->sender_limit; i++)
		expect_sent(w, JANE);
	expect_hold(w, JANE, HOLD_SENDER_LIMIT, true);
}

/* What an officer can read of it, and what the store keeps. */
static void test_held(void **state)
{
	struct intake_world *w = *state;

	w->conf->sender_limit = 1;
	expect_sent(w, JANE);
	expect_hold(w, JANE, HOLD_SENDER_LIMIT, true);
	assert_string_equal(intake_world_text(w, "SELECT state || ' ' || held_for || ' ' ||"
						 " ifnull(next_try, '-') || ' ' || counted_as"
						 " FROM outbox WHERE id = 2"),
		"held sender-limit - jane@example.net");
	assert_string_equal(
		intake_world_text(w, "SELECT what || ': ' || why FROM event WHERE case_id = 2"
				     " ORDER BY id DESC LIMIT 1"),
		"acknowledgement-held: held: this sender has had as many as one sender may have "
		"within a day");
	assert_int_equal(intake_world_number(w, "SELECT flags FROM foi_case WHERE id = 2"),
		FOI_CASE_NOT_ACKNOWLEDGED);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox_mail"), 2);
	/* What the held one would have told was told to nobody. */
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM foi_case WHERE told IS NOT NULL"), 1);
}

/* A robot that takes a new tag with each answer ends too. */
static void test_tags(void **state)
{
	struct intake_world *w = *state;

	for (unsigned i = 0; i < w->conf->sender_limit; i++) {
		char from[64];

		(void) snprintf(from, sizeof from, "robot+%u@example.net", i);
		expect_sent(w, from);
	}
	expect_hold(w, "robot+new@example.net", HOLD_SENDER_LIMIT, true);
	expect_hold(w, "ROBOT@example.net", HOLD_SENDER_LIMIT, false);
	expect_sent(w, "robot-2@example.net");
}

/* On a platform each request has an address of its own, and any number of people may ask. */
static void test_platform(void **state)
{
	struct intake_world *w = *state;

	for (unsigned i = 0; i < 3 * w->conf->sender_limit; i++) {
		char from[64];

		(void) snprintf(from, sizeof from, "foi+request-%u-0a1b2c3d@asks.example.net", i);
		take_question(w, from);
		assert_int_equal(w->out.hold, HOLD_NONE);
		assert_int_equal(w->out.is_queued, true);
	}
}

/* A flood from many addresses; the limit is one for all mailboxes. */
static void test_hour(void **state)
{
	struct intake_world *w = *state;
	int64_t first = w->now + 1;
	char from[64];

	assert_int_equal(w->conf->hour_limit, 200);
	w->conf->hour_limit = 12;
	w->conf->mailboxes[1].acknowledge = ACKNOWLEDGE_SEND;
	for (unsigned i = 0; i < 12; i++, w->now += 60) {
		(void) snprintf(from, sizeof from, "a%u@example.net", i);
		w->mail.mailbox = i % 2;
		expect_sent(w, from);
	}
	for (unsigned i = 0; i < 12; i++) {
		(void) snprintf(from, sizeof from, "b%u@example.net", i);
		expect_hold(w, from, HOLD_HOUR_LIMIT, i == 0);
	}
	w->now = first + HOUR_SEC - 2;
	expect_hold(w, "c0@example.net", HOLD_HOUR_LIMIT, false);
	expect_sent(w, "c1@example.net");
	expect_hold(w, "c2@example.net", HOLD_HOUR_LIMIT, false);
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM outbox WHERE state = 'queued'"), 13);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM foi_case"), 27);
}

/* Who has reached his own limit costs the others nothing of theirs. */
static void test_both(void **state)
{
	struct intake_world *w = *state;

	w->conf->sender_limit = 2;
	w->conf->hour_limit = 4;
	expect_sent(w, JANE);
	expect_sent(w, JANE);
	for (unsigned i = 0; i < 9; i++)
		expect_hold(w, JANE, HOLD_SENDER_LIMIT, i == 0);
	expect_sent(w, "a@example.net");
	expect_sent(w, "b@example.net");
	expect_hold(w, "c@example.net", HOLD_HOUR_LIMIT, true);
}

/* What is held for a person's choice, or for its age, counts against nobody. */
static void test_not_counted(void **state)
{
	struct intake_world *w = *state;
	int64_t now = w->now;

	w->conf->sender_limit = 1;
	w->mail.mailbox = 1; /* acknowledge = hold */
	take_question(w, JANE);
	assert_int_equal(w->out.hold, HOLD_OFFICER);
	w->mail.mailbox = 0;
	w->mail.internaldate = now - 9 * DAY_SEC;
	take_question(w, JANE);
	assert_int_equal(w->out.hold, HOLD_LATE);
	w->mail.internaldate = 0;
	expect_sent(w, JANE);
	/* And what a person releases afterwards takes nobody's place. */
	store_fixture_run(w->fixture, "UPDATE outbox SET state = 'queued', next_try = 1");
	expect_sent(w, "alex@example.com");
	expect_hold(w, "alex@example.com", HOLD_SENDER_LIMIT, true);
}

/* The count is the store's: it outlives the daemon, and sees what its own transaction has made. */
static void test_restart_and_batch(void **state)
{
	struct intake_world *w = *state;

	w->conf->sender_limit = 2;
	expect_sent(w, JANE);
	expect_sent(w, JANE);
	store_fixture_reopen(w->fixture);
	w->in.store = w->fixture->store;
	expect_hold(w, JANE, HOLD_SENDER_LIMIT, true);
	/* What is rolled back was not sent. */
	assert_int_equal(intake_world_try(w, "From: alex@example.com\nSubject: x\n",
				 "Under the Freedom of Information Act, how many?"),
		0);
	assert_int_equal(w->out.is_queued, true);
	store_rollback(w->in.store);
	expect_sent(w, "alex@example.com");
	expect_sent(w, "alex@example.com");
	expect_hold(w, "alex@example.com", HOLD_SENDER_LIMIT, true);
}

/* A clock that is put back a little must not open the gates, and one that had been wrong by years
 * must not close them for years. */
static void test_clock(void **state)
{
	struct intake_world *w = *state;
	int64_t now = w->now;

	w->conf->hour_limit = 2;
	expect_sent(w, "a@example.net");
	expect_sent(w, "b@example.net");
	w->now = now - HOUR_SEC / 2;
	expect_hold(w, "c@example.net", HOLD_HOUR_LIMIT, true);
	w->now = now - 2 * DAY_SEC;
	expect_sent(w, "d@example.net");
}

#define WORLD_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_sender),
		WORLD_TEST(test_held),
		WORLD_TEST(test_tags),
		WORLD_TEST(test_platform),
		WORLD_TEST(test_hour),
		WORLD_TEST(test_both),
		WORLD_TEST(test_not_counted),
		WORLD_TEST(test_restart_and_batch),
		WORLD_TEST(test_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
