/* test_register_feed.c - when the bank holidays are asked for, and what is told once a day. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/store_calendar.h"
#include "base/cleanup.h"
#include "daemon/register_internal.h"
#include "tests/support/intake_world.h"

enum {
	HOUR = 3600,
	DAY = 24 * HOUR,
	LOG_MAX = 8192,
};

/* register, as far as the calendar needs it. */
struct stage {
	struct intake_world *world;
	struct register_options options;
	struct register_state reg;
	int log; /* memfd */
	struct fault fault;
};

static int set_up(void **state)
{
	struct stage *s = calloc(1, sizeof *s);
	struct register_state *reg;

	assert_non_null(s);
	reg = &s->reg;
	assert_int_equal(intake_world_setup((void **) &s->world), 0);
	reg->options = &s->options;
	reg->phase = REGISTER_RUNNING;
	reg->store = s->world->in.store;
	reg->loaded.conf = s->world->conf;
	assert_int_equal(calendar_new(&reg->loaded.calendar), 0);
	assert_int_equal(calendar_merge(reg->loaded.calendar, s->world->calendar, NULL), 0);
	s->log = memfd_create("log", MFD_CLOEXEC);
	assert_true(s->log >= 0);
	assert_int_equal(journal_open(s->log, true, true, &reg->journal, NULL), 0);
	assert_int_equal(sd_event_new(&reg->event), 0);
	store_fixture_expect(feed_new(reg, &s->fault), &s->fault);
	store_fixture_expect(calendar_settle(reg, &reg->loaded, NULL, &s->fault), &s->fault);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct stage *s = *state;

	feed_free(&s->reg);
	sd_event_unref(s->reg.event);
	journal_close(s->reg.journal);
	calendar_free(s->reg.loaded.calendar);
	(void) close(s->log);
	assert_int_equal(intake_world_teardown((void **) &s->world), 0);
	free(s);
	return 0;
}

/* How often @word is in the log, which is emptied. */
static unsigned told(struct stage *s, const char *word)
{
	char text[LOG_MAX] = "";
	unsigned n = 0;

	assert_true(pread(s->log, text, sizeof text - 1, 0) >= 0);
	for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
		n++;
	assert_int_equal(ftruncate(s->log, 0), 0);
	assert_int_equal(lseek(s->log, 0, SEEK_SET), 0);
	return n;
}

static void note(struct stage *s, int64_t asked_at, int64_t answered_at)
{
	store_fixture_expect(store_begin(s->reg.store, &s->fault), &s->fault);
	store_fixture_expect(store_calendar_asked(s->reg.store, asked_at, &s->fault), &s->fault);
	store_fixture_expect(
		store_calendar_answered(s->reg.store, "", "", "", answered_at, &s->fault),
		&s->fault);
	store_fixture_expect(store_commit(s->reg.store, &s->fault), &s->fault);
}

/* Times are seconds before now. */
static const struct {
	const char *why;
	int64_t asked; /* 0: never */
	int64_t answered;
	unsigned failures;
	int64_t from; /* seconds after now in which it is planned */
	int64_t to;
} plans[] = {
	{ "never asked: at once", 0, 0, 0, 0, 0 },
	{ "a day behind the last time, and up to a tenth more", 2 * HOUR, 2 * HOUR, 0,
		DAY - 2 * HOUR, DAY + DAY / 10 - 2 * HOUR },
	{ "down for three days: at once", 3 * DAY, 3 * DAY, 0, -2 * DAY, -2 * DAY + DAY / 10 },
	{ "an earlier life asked in vain", 600, DAY, 0, HOUR - 600, HOUR + HOUR / 10 - 600 },
	{ "the second failure", 1, DAY, 2, 2 * HOUR - 1, 2 * HOUR + 2 * HOUR / 10 },
	{ "the third", 1, DAY, 3, 4 * HOUR - 1, 4 * HOUR + 4 * HOUR / 10 },
	{ "the sixth, and any later one", 1, DAY, 6, DAY - 1, DAY + DAY / 10 },
	{ "the thousandth", 1, DAY, 1000, DAY - 1, DAY + DAY / 10 },
	{ "a clock that was a year ahead when it was asked", -365 * DAY, -365 * DAY, 0, DAY,
		DAY + DAY / 10 },
};

static void it_is_planned(void **state)
{
	struct stage *s = *state;
	int64_t now = register_now(&s->reg);

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		int64_t in;

		print_message("%s\n", plans[i].why);
		note(s, plans[i].asked ? now - plans[i].asked : 0, now - plans[i].answered);
		s->reg.feed.failures = plans[i].failures;
		feed_plan(&s->reg);
		in = s->reg.feed.next_at - register_now(&s->reg);
		assert_true(in >= plans[i].from - 5); /* the machine may be slow */
		assert_true(in <= plans[i].to + 5);
	}
}

static void nobody_is_asked(void **state)
{
	struct stage *s = *state;
	struct register_state *reg = &s->reg;

	reg->phase = REGISTER_RELOADING;
	assert_int_equal(feed_ask(reg), -EBUSY);
	reg->phase = REGISTER_RUNNING;
	s->options.once = true;
	assert_int_equal(feed_ask(reg), -EBUSY);
	s->options.once = false;
	s->options.observe = true;
	assert_int_equal(feed_ask(reg), -EBUSY);
	feed_plan(reg);
	assert_int_equal(reg->feed.next_at, 0);
	s->options.observe = false;
	reg->loaded.conf->calendar_url[0] = '\0';
	assert_int_equal(feed_ask(reg), -EBUSY);
	feed_plan(reg);
	assert_int_equal(reg->feed.next_at, 0);
	assert_null(reg->feed.worker);
}

static void pend(struct stage *s)
{
	store_fixture_expect(store_begin(s->reg.store, &s->fault), &s->fault);
	store_fixture_expect(store_calendar_pend(s->reg.store, "{}", 2, "abc",
				     "it drops a day\nit adds one", &s->fault),
		&s->fault);
	store_fixture_expect(store_commit(s->reg.store, &s->fault), &s->fault);
}

/* Midnight has come: once, and then the next is waited for. */
static void pass_midnight(struct stage *s)
{
	struct register_state *reg = &s->reg;

	feed_plan(reg);
	reg->feed.next_at = 0; /* nobody is to be asked here */
	reg->feed.midnight = register_now(reg) - 1;
	assert_int_equal(sd_event_source_set_time(reg->feed.timer, 1), 0);
	assert_int_equal(sd_event_run(reg->event, 1000000), 1);
	assert_in_range(reg->feed.midnight, register_now(reg) + 1, register_now(reg) + 25 * HOUR);
	assert_int_equal(sd_event_run(reg->event, 0), 0);
}

/* It was planned by a clock that was years ahead, and that has been put right since. */
static void a_clock_that_is_put_back_is_seen(void **state)
{
	struct stage *s = *state;
	struct register_state *reg = &s->reg;
	int64_t now = register_now(reg);
	uint64_t rings = 0;
	uint64_t boot = 0;

	note(s, now + 3000 * DAY, now + 3000 * DAY);
	feed_plan(reg);
	reg->feed.midnight = now + 3001 * DAY;
	reg->feed.next_at = now + 3001 * DAY;
	reg->feed.looked_at = now + 3000 * DAY;
	assert_int_equal(sd_event_source_set_time(reg->feed.timer, 1), 0);
	assert_int_equal(sd_event_run(reg->event, 1000000), 1);
	assert_in_range(reg->feed.midnight, now + 1, now + 25 * HOUR);
	assert_in_range(reg->feed.next_at, now + DAY, now + DAY + DAY / 10 + 5);

	/* However far away what is planned is, it looks again in an hour by a clock that nobody sets. */
	assert_int_equal(sd_event_source_get_time(reg->feed.timer, &rings), 0);
	assert_int_equal(sd_event_now(reg->event, CLOCK_BOOTTIME, &boot), 0);
	assert_in_range(rings, 1, boot + (uint64_t) HOUR * 1000000);
}

static void once_a_day_it_is_told(void **state)
{
	struct stage *s = *state;

	pass_midnight(s);
	assert_int_equal(told(s, "calendar-pending"), 0);
	pend(s);
	pass_midnight(s);
	assert_int_equal(
		told(s, "ERR calendar-pending: new bank holidays are not used until an "
			"officer accepts them: if it is right, foictl calendar accept abc: "
			"it drops a day; it adds one"),
		1);
}

static void an_end_that_is_near_is_told(void **state)
{
	struct stage *s = *state;
	struct calendar *cal = s->reg.loaded.calendar;
	struct day_civil today = day_to_civil(day_of_instant(register_now(&s->reg)));

	/* Years from this one on: far enough. */
	for (int year = today.year; year <= today.year + 1; year++) {
		for (unsigned month = 1; month <= CALENDAR_YEAR_ENTRIES; month++) {
			struct day d = { 0 };

			assert_int_equal(day_from_civil(year, month, 3, &d), 0);
			for (unsigned bit = 1; bit <= CALENDAR_UK; bit <<= 1)
				assert_true(calendar_add(cal, d, bit, "A day", NULL) >= 0);
		}
	}
	pass_midnight(s);
	assert_int_equal(told(s, "calendar-ends"), 0);
	s->reg.loaded.calendar = calendar_free(cal);
	assert_int_equal(calendar_new(&s->reg.loaded.calendar), 0);
	pass_midnight(s); /* it knows no year at all */
	assert_int_equal(told(s, "WARNING calendar-ends: "), 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_planned),
		TEST(nobody_is_asked),
		TEST(a_clock_that_is_put_back_is_seen),
		TEST(once_a_day_it_is_told),
		TEST(an_end_that_is_near_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
