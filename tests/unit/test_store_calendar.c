/* test_store_calendar.c - the bank holidays in force, corrections, what is known of the feed. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_calendar.h"
#include "base/cleanup.h"

enum {
	EW = CALENDAR_ENGLAND_WALES,
	SC = CALENDAR_SCOTLAND,
};

static const struct store_calendar_change first_change = {
	.at = 100, .actor = "daemon", .old_hash = "", .new_hash = "abc", .why = "the first"
};

static struct calendar *calendar(void)
{
	struct calendar *cal = NULL;

	assert_int_equal(calendar_new(&cal), 0);
	return cal;
}

static void add(struct calendar *cal, const char *iso, unsigned division, const char *title)
{
	assert_int_equal(calendar_add(cal, store_fixture_day(iso), division, title, NULL), 1);
}

/* What @cal holds, as "2027-08-02 scotland Title, ...". */
static const char *shown(const struct calendar *cal)
{
	static char text[1000];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < calendar_count(cal); i++) {
		struct calendar_entry e = calendar_at(cal, i);
		char iso[DAY_ISO_MAX];

		n += (size_t) snprintf(text + n, sizeof text - n, "%s%s %s %s", n ? ", " : "",
			day_iso(e.day, iso), calendar_division_word(e.division), e.title);
	}
	return text;
}

static void commit(struct store_fixture *x)
{
	struct fault f = { 0 };

	store_fixture_expect(store_commit(x->store, &f), &f);
}

static void begin(struct store_fixture *x)
{
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
}

static void what_is_saved_is_loaded(void **state)
{
	struct store_fixture *x = *state;
	CLEANUP(calendar_freep) struct calendar *one = calendar();
	CLEANUP(calendar_freep) struct calendar *two = calendar();
	CLEANUP(calendar_freep) struct calendar *back = calendar();
	struct fault f = { 0 };

	store_fixture_expect(store_calendar_load(x->store, back, &f), &f);
	assert_int_equal(calendar_count(back), 0); /* none was ever saved */
	add(one, "2026-12-25", EW, "Christmas Day");
	add(two, "2026-12-25", SC, "Christmas Day");
	add(two, "2026-11-30", SC, "St Andrew\xE2\x80\x99s Day");
	assert_int_equal(store_calendar_save(x->store, one, &first_change, &f), -EPERM);
	begin(x);
	store_fixture_expect(store_calendar_save(x->store, one, &first_change, &f), &f);
	commit(x);
	begin(x);
	store_fixture_expect(store_calendar_save(x->store, two, &first_change, &f), &f);
	commit(x);
	store_fixture_reopen(x);
	store_fixture_expect(store_calendar_load(x->store, back, &f), &f);
	assert_string_equal(shown(back), "2026-11-30 scotland St Andrew\xE2\x80\x99s Day, "
					 "2026-12-25 scotland Christmas Day");
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM calendar_change"), 2);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM calendar_change WHERE"
						 " actor = 'daemon' AND new_hash = 'abc'"),
		2);
}

/* Keeps the difference from @from to @to as corrections. */
static void correct(struct store_fixture *x, const struct calendar *from, const struct calendar *to)
{
	CLEANUP(calendar_change_freep) struct calendar_change *c = NULL;
	struct fault f = { 0 };

	assert_int_equal(calendar_change_between(from, to, &c), 0);
	begin(x);
	store_fixture_expect(store_calendar_correction(x->store, c, 200, &f), &f);
	commit(x);
}

static void expect_in_force(
	struct store_fixture *x, const struct calendar *files, const char *expected)
{
	CLEANUP(calendar_freep) struct calendar *cal = NULL;
	struct fault f = { 0 };

	store_fixture_expect(store_calendar_correct(x->store, files, &cal, &f), &f);
	assert_string_equal(shown(cal), expected);
}

static void corrections_outlive_the_files(void **state)
{
	struct store_fixture *x = *state;
	CLEANUP(calendar_freep) struct calendar *files = calendar();
	CLEANUP(calendar_freep) struct calendar *right = calendar();
	CLEANUP(calendar_freep) struct calendar *newer = calendar();

	(void) state;
	add(files, "2027-05-31", EW, "Spring");
	add(files, "2027-08-30", SC, "Summer");
	add(right, "2027-05-31", EW, "Spring");
	add(right, "2027-08-02", SC, "Summer");
	add(newer, "2027-08-30", EW, "Summer");
	add(newer, "2027-08-30", SC, "Summer");
	expect_in_force(
		x, files, "2027-05-31 england-and-wales Spring, 2027-08-30 scotland Summer");
	correct(x, files, right);
	expect_in_force(
		x, files, "2027-05-31 england-and-wales Spring, 2027-08-02 scotland Summer");
	store_fixture_reopen(x);
	/* Files with a new day and the old mistake. */
	expect_in_force(
		x, newer, "2027-08-02 scotland Summer, 2027-08-30 england-and-wales Summer");
	/* A later answer has the day again, and not the other: each correction is turned round. */
	correct(x, right, files);
	expect_in_force(
		x, files, "2027-05-31 england-and-wales Spring, 2027-08-30 scotland Summer");
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM calendar_correction"), 2);
}

static void what_is_known_of_the_feed(void **state)
{
	struct store_fixture *x = *state;
	struct store_calendar_feed feed;
	struct fault f = { 0 };

	store_fixture_expect(store_calendar_feed(x->store, &feed, &f), &f);
	assert_int_equal(feed.asked_at, 0);
	assert_int_equal(feed.answered_at, 0);
	assert_string_equal(feed.etag, "");
	assert_string_equal(feed.pending_hash, "");
	begin(x);
	store_fixture_expect(store_calendar_asked(x->store, 300, &f), &f);
	store_fixture_expect(store_calendar_answered(x->store, "https://a.example.org/x", "\"e\"",
				     "Wed, 25 Nov 2026", 301, &f),
		&f);
	commit(x);
	store_fixture_reopen(x);
	store_fixture_expect(store_calendar_feed(x->store, &feed, &f), &f);
	assert_int_equal(feed.asked_at, 300);
	assert_int_equal(feed.answered_at, 301);
	assert_string_equal(feed.etag, "\"e\"");
	assert_string_equal(feed.modified, "Wed, 25 Nov 2026");
	assert_string_equal(feed.url, "https://a.example.org/x");
	begin(x);
	store_fixture_expect(store_calendar_forget(x->store, &f), &f);
	commit(x);
	store_fixture_expect(store_calendar_feed(x->store, &feed, &f), &f);
	assert_string_equal(feed.etag, "");
	assert_string_equal(feed.modified, "");
	assert_int_equal(feed.answered_at, 301);
}

static void an_answer_waits_until_one_is_taken(void **state)
{
	struct store_fixture *x = *state;
	CLEANUP(freep) char *pending = NULL;
	CLEANUP(freep) char *taken = NULL;
	struct store_calendar_feed feed;
	struct fault f = { 0 };
	size_t n = 0;

	assert_int_equal(store_calendar_pending(x->store, &pending, &n, &f), 0);
	assert_int_equal(store_calendar_taken(x->store, &taken, &n, &f), 0);
	begin(x);
	store_fixture_expect(store_calendar_pend(x->store, "{1}", 3, "h1", "one", &f), &f);
	store_fixture_expect(store_calendar_pend(x->store, "{}\n", 3, "h2", "a\nb", &f), &f);
	commit(x);
	store_fixture_reopen(x);
	store_fixture_expect(store_calendar_feed(x->store, &feed, &f), &f);
	assert_string_equal(feed.pending_hash, "h2");
	assert_string_equal(feed.pending_why, "a\nb");
	assert_int_equal(store_calendar_pending(x->store, &pending, &n, &f), 1);
	assert_int_equal(n, 3);
	assert_memory_equal(pending, "{}\n", 3);
	begin(x);
	store_fixture_expect(store_calendar_take(x->store, pending, n, &f), &f);
	commit(x);
	store_fixture_expect(store_calendar_feed(x->store, &feed, &f), &f);
	assert_string_equal(feed.pending_hash, "");
	assert_string_equal(feed.pending_why, "");
	assert_int_equal(store_calendar_taken(x->store, &taken, &n, &f), 1);
	assert_memory_equal(taken, "{}\n", 3);
}

#define TEST(function)                                                                             \
	cmocka_unit_test_setup_teardown(function, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_saved_is_loaded),
		TEST(corrections_outlive_the_files),
		TEST(what_is_known_of_the_feed),
		TEST(an_answer_waits_until_one_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
