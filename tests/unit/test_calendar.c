/* test_calendar.c - bank holidays by division, and how far they are known. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/calendar.h"

static struct day day(const char *iso)
{
	struct day d = { 0 };

	assert_int_equal(day_parse(iso, &d), 0);
	return d;
}

static struct calendar *fresh(void)
{
	struct calendar *cal = NULL;

	assert_int_equal(calendar_new(&cal), 0);
	return cal;
}

/* As many made-up holidays of a year as make it known. */
static void fill_year(struct calendar *cal, int year, unsigned division)
{
	for (unsigned month = 1; month <= CALENDAR_YEAR_ENTRIES; month++) {
		struct day d = { 0 };

		assert_int_equal(day_from_civil(year, month, 3, &d), 0);
		assert_int_equal(calendar_add(cal, d, division, "Holiday", NULL), 1);
	}
}

static void fill_year_all(struct calendar *cal, int year)
{
	fill_year(cal, year, CALENDAR_ENGLAND_WALES);
	fill_year(cal, year, CALENDAR_SCOTLAND);
	fill_year(cal, year, CALENDAR_NORTHERN_IRELAND);
}

static void finds_by_division(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	const char *title = "untouched";
	struct day d = day("2026-11-30");

	(void) state;
	assert_int_equal(calendar_add(cal, d, CALENDAR_SCOTLAND, "St Andrew", NULL), 1);
	assert_int_equal(calendar_find(cal, CALENDAR_ENGLAND_WALES, d, &title), 0);
	assert_string_equal(title, "untouched");
	assert_int_equal(calendar_find(cal, CALENDAR_UK, d, &title), CALENDAR_SCOTLAND);
	assert_string_equal(title, "St Andrew");
	assert_int_equal(calendar_find(cal, CALENDAR_UK, day_add(d, 1), NULL), 0);
	assert_int_equal(calendar_find(cal, CALENDAR_UK, day_add(d, -1), NULL), 0);

	assert_int_equal(calendar_add(cal, d, CALENDAR_ENGLAND_WALES, "Other", NULL), 1);
	assert_int_equal(calendar_find(cal, CALENDAR_UK, d, &title),
		CALENDAR_SCOTLAND | CALENDAR_ENGLAND_WALES);
	assert_string_equal(title, "Other");
	assert_int_equal(calendar_find(cal, CALENDAR_SCOTLAND, d, &title), CALENDAR_SCOTLAND);
	assert_string_equal(title, "St Andrew");
}

static void a_known_day_stays_with_its_title(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	const char *title = NULL;
	struct day d = day("2026-06-15");

	(void) state;
	assert_int_equal(calendar_add(cal, d, CALENDAR_SCOTLAND, "first", NULL), 1);
	assert_int_equal(calendar_add(cal, d, CALENDAR_SCOTLAND, "second", NULL), 0);
	assert_int_equal(calendar_count(cal), 1);
	assert_int_equal(calendar_find(cal, CALENDAR_UK, d, &title), CALENDAR_SCOTLAND);
	assert_string_equal(title, "first");
}

static void refuses_what_is_no_entry(void **state)
{
	char long_title[CALENDAR_TITLE_MAX + 1] = { 0 };
	const struct {
		const char *why, *iso;
		unsigned division;
		const char *title;
		int expected;
	} rows[] = {
		{ "no division", "2026-06-15", 0, "x", -EINVAL },
		{ "all divisions at once", "2026-06-15", CALENDAR_UK, "x", -EINVAL },
		{ "an unknown division", "2026-06-15", 8, "x", -EINVAL },
		{ "no title", "2026-06-15", CALENDAR_SCOTLAND, "", -EINVAL },
		{ "a title over the bound", "2026-06-15", CALENDAR_SCOTLAND, long_title, -EINVAL },
		{ "a title that just fits", "2026-06-15", CALENDAR_SCOTLAND, long_title + 1, 1 },
		{ "a title of two lines", "2026-06-15", CALENDAR_SCOTLAND, "a\nb", -EINVAL },
		{ "a title with an escape", "2026-06-15", CALENDAR_SCOTLAND, "a\033[1m", -EINVAL },
		{ "a year too early", "1989-12-31", CALENDAR_SCOTLAND, "x", -ERANGE },
		{ "the first year", "1990-01-01", CALENDAR_SCOTLAND, "x", 1 },
		{ "the last year", "2199-12-31", CALENDAR_SCOTLAND, "x", 1 },
		{ "a year too late", "2200-01-01", CALENDAR_SCOTLAND, "x", -ERANGE },
	};
	CLEANUP(calendar_freep) struct calendar *cal = fresh();

	(void) state;
	memset(long_title, 'x', CALENDAR_TITLE_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fault f = { 0 };
		int r = calendar_add(cal, day(rows[i].iso), rows[i].division, rows[i].title, &f);

		if (r != rows[i].expected || (r < 0 && !f.text[0]))
			fail_msg("%s: %d %s", rows[i].why, r, f.text);
	}
	assert_int_equal(calendar_count(cal), 3);
}

static void a_year_is_known_when_every_division_is(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();

	(void) state;
	assert_false(calendar_covers(cal, CALENDAR_UK, day("2026-06-15")));
	fill_year(cal, 2026, CALENDAR_SCOTLAND);
	assert_true(calendar_covers(cal, CALENDAR_SCOTLAND, day("2026-01-01")));
	assert_true(calendar_covers(cal, CALENDAR_SCOTLAND, day("2026-12-31")));
	assert_false(calendar_covers(cal, CALENDAR_SCOTLAND, day("2025-12-31")));
	assert_false(calendar_covers(cal, CALENDAR_SCOTLAND, day("2027-01-01")));
	assert_false(calendar_covers(cal, CALENDAR_UK, day("2026-06-15")));
	fill_year(cal, 2026, CALENDAR_ENGLAND_WALES);
	assert_false(calendar_covers(cal, CALENDAR_UK, day("2026-06-15")));
	fill_year(cal, 2026, CALENDAR_NORTHERN_IRELAND);
	assert_true(calendar_covers(cal, CALENDAR_UK, day("2026-06-15")));
	assert_false(calendar_covers(cal, 0, day("2026-06-15")));
	assert_false(calendar_covers(cal, CALENDAR_UK, day("1066-10-14")));
	assert_false(calendar_covers(cal, CALENDAR_UK, day("9999-10-14")));
}

static void one_proclaimed_day_does_not_make_its_year_known(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	struct day extra = day("2027-06-14");

	(void) state;
	fill_year(cal, 2026, CALENDAR_SCOTLAND);
	assert_int_equal(calendar_add(cal, extra, CALENDAR_SCOTLAND, "Extra", NULL), 1);
	assert_false(calendar_covers(cal, CALENDAR_SCOTLAND, extra));
}

static void the_horizon_is_that_of_the_least_known_division(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	char iso[DAY_ISO_MAX];
	struct day d = { 4711 };

	(void) state;
	assert_int_equal(calendar_covers_until(cal, CALENDAR_UK, &d), -ENOENT);
	assert_int_equal(calendar_covers_from(cal, CALENDAR_UK, &d), -ENOENT);
	assert_int_equal(d.n, 4711);

	fill_year_all(cal, 2026);
	fill_year_all(cal, 2027);
	fill_year(cal, 2025, CALENDAR_SCOTLAND);
	fill_year(cal, 2028, CALENDAR_SCOTLAND);
	assert_int_equal(calendar_covers_until(cal, CALENDAR_UK, &d), 0);
	assert_string_equal(day_iso(d, iso), "2027-12-31");
	assert_int_equal(calendar_covers_until(cal, CALENDAR_SCOTLAND, &d), 0);
	assert_string_equal(day_iso(d, iso), "2028-12-31");
	assert_int_equal(calendar_covers_from(cal, CALENDAR_UK, &d), 0);
	assert_string_equal(day_iso(d, iso), "2026-01-01");
	assert_int_equal(calendar_covers_from(cal, CALENDAR_SCOTLAND, &d), 0);
	assert_string_equal(day_iso(d, iso), "2025-01-01");
}

static void the_hash_follows_the_days_and_nothing_else(void **state)
{
	static const char lines[] = "2026-05-25 england-and-wales\n"
				    "2026-11-30 england-and-wales\n"
				    "2026-11-30 scotland\n";
	CLEANUP(calendar_freep) struct calendar *a = fresh();
	CLEANUP(calendar_freep) struct calendar *b = fresh();
	char first[DIGEST_HEX_MAX], second[DIGEST_HEX_MAX], wanted[DIGEST_HEX_MAX];

	(void) state;
	(void) calendar_add(a, day("2026-11-30"), CALENDAR_SCOTLAND, "one", NULL);
	(void) calendar_add(a, day("2026-05-25"), CALENDAR_ENGLAND_WALES, "two", NULL);
	assert_int_equal(calendar_hash(a, first), 0);
	(void) calendar_add(a, day("2026-11-30"), CALENDAR_ENGLAND_WALES, "three", NULL);
	assert_int_equal(calendar_hash(a, second), 0);
	assert_string_not_equal(first, second);

	(void) calendar_add(b, day("2026-11-30"), CALENDAR_ENGLAND_WALES, "3", NULL);
	(void) calendar_add(b, day("2026-11-30"), CALENDAR_SCOTLAND, "1", NULL);
	(void) calendar_add(b, day("2026-05-25"), CALENDAR_ENGLAND_WALES, "2", NULL);
	assert_int_equal(calendar_hash(b, first), 0);
	assert_string_equal(first, second);

	digest_sha256(lines, sizeof(lines) - 1, wanted);
	assert_string_equal(first, wanted);
	assert_int_equal(calendar_hash(b, first), 0); /* the kept one is the same */
	assert_string_equal(first, wanted);
}

static void a_merge_adds_and_never_takes_away(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	CLEANUP(calendar_freep) struct calendar *other = fresh();
	const char *title = NULL;

	(void) state;
	fill_year_all(cal, 2026);
	fill_year_all(other, 2027);
	(void) calendar_add(other, day("2026-01-03"), CALENDAR_SCOTLAND, "renamed", NULL);
	(void) calendar_add(other, day("2026-06-15"), CALENDAR_SCOTLAND, "new", NULL);
	assert_int_equal(calendar_merge(cal, other, NULL), 0);

	assert_int_equal(calendar_count(cal), 6 * CALENDAR_YEAR_ENTRIES + 1);
	assert_true(calendar_covers(cal, CALENDAR_UK, day("2026-01-01")));
	assert_true(calendar_covers(cal, CALENDAR_UK, day("2027-01-01")));
	(void) calendar_find(cal, CALENDAR_SCOTLAND, day("2026-01-03"), &title);
	assert_string_equal(title, "Holiday");
	(void) calendar_find(cal, CALENDAR_SCOTLAND, day("2026-06-15"), &title);
	assert_string_equal(title, "new");
	for (size_t i = 1; i < calendar_count(cal); i++) {
		struct calendar_entry a = calendar_at(cal, i - 1), b = calendar_at(cal, i);
		int order = day_compare(a.day, b.day);

		assert_true(order < 0 || (order == 0 && a.division < b.division));
	}
	assert_int_equal(calendar_merge(cal, cal, NULL), 0);
	assert_int_equal(calendar_count(cal), 6 * CALENDAR_YEAR_ENTRIES + 1);
}

static void a_full_calendar_refuses_and_stays(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	CLEANUP(calendar_freep) struct calendar *other = fresh();
	char before[DIGEST_HEX_MAX], after[DIGEST_HEX_MAX];
	struct day d = day("2000-01-01"), early = day("1999-01-01");

	(void) state;
	for (int i = 0; i < CALENDAR_ENTRIES_MAX - 1; i++)
		assert_int_equal(calendar_add(cal, day_add(d, i), CALENDAR_SCOTLAND, "x", NULL), 1);
	(void) calendar_add(other, early, CALENDAR_SCOTLAND, "y", NULL);
	(void) calendar_add(other, day_add(early, 1), CALENDAR_SCOTLAND, "y", NULL);
	assert_int_equal(calendar_hash(cal, before), 0);
	assert_int_equal(calendar_merge(cal, other, NULL), -E2BIG);
	assert_int_equal(calendar_hash(cal, after), 0);
	assert_string_equal(before, after);
	assert_int_equal(calendar_count(cal), CALENDAR_ENTRIES_MAX - 1);

	assert_int_equal(calendar_add(cal, early, CALENDAR_SCOTLAND, "x", NULL), 1);
	assert_int_equal(
		calendar_add(cal, day_add(early, 1), CALENDAR_SCOTLAND, "x", NULL), -E2BIG);
	assert_int_equal(calendar_add(cal, early, CALENDAR_SCOTLAND, "x", NULL), 0);
}

static void divisions_have_words_of_gov_uk(void **state)
{
	(void) state;
	assert_string_equal(calendar_division_word(CALENDAR_ENGLAND_WALES), "england-and-wales");
	assert_string_equal(calendar_division_word(CALENDAR_SCOTLAND), "scotland");
	assert_string_equal(calendar_division_word(CALENDAR_NORTHERN_IRELAND), "northern-ireland");
	assert_null(calendar_division_word(CALENDAR_UK));
	assert_null(calendar_division_word(0));
	assert_int_equal(calendar_division_of("northern-ireland"), CALENDAR_NORTHERN_IRELAND);
	assert_int_equal(calendar_division_of("wales"), 0);
	assert_int_equal(calendar_division_of(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_division),
		cmocka_unit_test(a_known_day_stays_with_its_title),
		cmocka_unit_test(refuses_what_is_no_entry),
		cmocka_unit_test(a_year_is_known_when_every_division_is),
		cmocka_unit_test(one_proclaimed_day_does_not_make_its_year_known),
		cmocka_unit_test(the_horizon_is_that_of_the_least_known_division),
		cmocka_unit_test(the_hash_follows_the_days_and_nothing_else),
		cmocka_unit_test(a_merge_adds_and_never_takes_away),
		cmocka_unit_test(a_full_calendar_refuses_and_stays),
		cmocka_unit_test(divisions_have_words_of_gov_uk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
