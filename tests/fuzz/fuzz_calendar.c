/* fuzz_calendar.c - any bytes as a file of bank holidays, and as the feed's answer.
 *
 * What stands before the first NUL is the answer, what follows it the answer before. A calendar is
 * in order and within its bounds; a file that is refused changes nothing; an answer that was taken
 * once changes nothing when it comes again. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/holidays.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/calendar.h"
#include "domain/calendar_change.h"
#include "tests/fuzz/fuzz.h"

enum {
	FIRST_YEAR = 2024, /* of what is in force: few days make many runs */
	TODAY = 20514,	   /* 2 March 2026 */
};

static struct calendar *in_force;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	CLEANUP(calendar_freep) struct calendar *shipped = NULL;

	(void) argc;
	(void) argv;
	REQUIRE(calendar_new(&shipped) == 0 && calendar_new(&in_force) == 0);
	REQUIRE(holidays_load(FOIMAILD_CONF "/bank-holidays.json", shipped, NULL) == 0);
	for (size_t i = 0; i < calendar_count(shipped); i++) {
		struct calendar_entry e = calendar_at(shipped, i);

		if (day_to_civil(e.day).year >= FIRST_YEAR)
			REQUIRE(calendar_add(in_force, e.day, e.division, e.title, NULL) == 1);
	}
	return 0;
}

static struct calendar *copy(const struct calendar *from)
{
	struct calendar *cal = NULL;

	REQUIRE(calendar_new(&cal) == 0 && calendar_merge(cal, from, NULL) == 0);
	return cal;
}

static bool is_same(const struct calendar *a, const struct calendar *b)
{
	char hash_a[DIGEST_HEX_MAX];
	char hash_b[DIGEST_HEX_MAX];

	REQUIRE(calendar_hash(a, hash_a) == 0 && calendar_hash(b, hash_b) == 0);
	return strcmp(hash_a, hash_b) == 0 && calendar_count(a) == calendar_count(b);
}

static void check_entries(const struct calendar *cal)
{
	REQUIRE(calendar_count(cal) > 0 && calendar_count(cal) <= CALENDAR_ENTRIES_MAX);
	for (size_t i = 0; i < calendar_count(cal); i++) {
		struct calendar_entry e = calendar_at(cal, i);
		struct calendar_entry before = calendar_at(cal, i > 0 ? i - 1 : 0);
		int year = day_to_civil(e.day).year;

		REQUIRE(year >= CALENDAR_YEAR_MIN && year <= CALENDAR_YEAR_MAX);
		REQUIRE(calendar_division_word(e.division));
		REQUIRE(*e.title && strlen(e.title) < CALENDAR_TITLE_MAX);
		REQUIRE(fuzz_is_one_line(e.title));
		REQUIRE(calendar_find(cal, e.division, e.day, NULL) == e.division);
		if (i > 0)
			REQUIRE(day_compare(before.day, e.day) < 0 ||
				(day_compare(before.day, e.day) == 0 &&
					before.division < e.division));
	}
}

/* All of both and no more. */
static void check_merged(const struct calendar *file)
{
	CLEANUP(calendar_freep) struct calendar *all = copy(in_force);
	CLEANUP(calendar_freep) struct calendar *again = NULL;

	REQUIRE(calendar_merge(all, file, NULL) == 0 || calendar_count(all) > 4000);
	again = copy(all);
	REQUIRE(calendar_merge(again, file, NULL) == 0 || calendar_count(all) > 4000);
	REQUIRE(is_same(again, all));
	REQUIRE(calendar_count(all) <= calendar_count(in_force) + calendar_count(file));
}

/* Return: the file's days; NULL: it is none. */
static struct calendar *read_file(const char *bytes, size_t n)
{
	CLEANUP(calendar_freep) struct calendar *cal = copy(in_force);
	struct calendar *fresh = NULL;
	struct fault f = { 0 };

	REQUIRE(calendar_new(&fresh) == 0);
	if (holidays_parse(bytes, n, "fuzz", fresh, &f) == 0) {
		check_entries(fresh);
		check_merged(fresh);
		return fresh;
	}
	REQUIRE(f.code == -EBADMSG || f.code == -EMSGSIZE || f.code == -E2BIG);
	REQUIRE(*f.text && fuzz_is_one_line(f.text));
	REQUIRE(calendar_count(fresh) == 0);
	REQUIRE(holidays_parse(bytes, n, "fuzz", cal, NULL) == f.code && is_same(cal, in_force));
	return calendar_free(fresh);
}

static void check_change(const struct calendar_change *c)
{
	char buf[CALENDAR_CHANGE_TEXT_MAX];

	REQUIRE((*calendar_change_what(c, buf) != '\0') == (calendar_change_count(c) > 0));
	REQUIRE((*calendar_change_why(c, buf) != '\0') == calendar_change_needs_officer(c));
	for (size_t i = 0; i < calendar_change_count(c); i++) {
		struct calendar_change_day d = calendar_change_at(c, i);

		REQUIRE(calendar_division_word(d.division));
		REQUIRE(d.is_removed == (calendar_find(in_force, d.division, d.day, NULL) != 0));
	}
}

static void take_answer(const struct calendar *feed, const struct calendar *last)
{
	CLEANUP(calendar_change_freep) struct calendar_change *change = NULL;
	CLEANUP(calendar_change_freep) struct calendar_change *rest = NULL;
	CLEANUP(calendar_freep) struct calendar *next = NULL;
	struct calendar_change_input in = {
		.now = in_force, .feed = feed, .last = last, .today = { .n = TODAY }
	};

	REQUIRE(calendar_change_find(&in, &change) == 0);
	check_change(change);
	REQUIRE(calendar_change_apply(in_force, change, &next, NULL) == 0);
	in.now = next;
	in.last = feed;
	REQUIRE(calendar_change_find(&in, &rest) == 0);
	REQUIRE(calendar_change_count(rest) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const uint8_t *end = n > 0 ? memchr(bytes, '\0', n) : NULL;
	size_t n_feed = end ? (size_t) (end - bytes) : n;
	CLEANUP(calendar_freep) struct calendar *feed = read_file((const char *) bytes, n_feed);
	CLEANUP(calendar_freep) struct calendar *last = NULL;

	if (end)
		last = read_file((const char *) end + 1, n - n_feed - 1);
	if (feed)
		take_answer(feed, last);
	return 0;
}
