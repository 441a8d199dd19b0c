/* test_holidays.c - bank holiday files: taken whole or refused whole. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/calendar.h"

#define EVENT(title, date)    "{\"title\":\"" title "\",\"date\":\"" date "\",\"notes\":\"\"}"
#define DIVISION(word, list)  "\"" word "\":{\"division\":\"" word "\",\"events\":[" list "]}"
#define SCOTLAND_ONLY(events) "{" DIVISION("scotland", events) "}"

static struct calendar *fresh(void)
{
	struct calendar *cal = NULL;

	assert_int_equal(calendar_new(&cal), 0);
	return cal;
}

static struct day day(const char *iso)
{
	struct day d = { 0 };

	assert_int_equal(day_parse(iso, &d), 0);
	return d;
}

static void the_shipped_files_are_whole(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	const char *title = NULL;
	char iso[DAY_ISO_MAX];
	struct day d = { 0 };

	(void) state;
	assert_int_equal(holidays_load(FOIMAILD_CONF "/bank-holidays.json", cal, NULL), 0);
	assert_int_equal(calendar_count(cal), 140 + 158 + 174);
	assert_int_equal(calendar_covers_from(cal, CALENDAR_UK, &d), 0);
	assert_string_equal(day_iso(d, iso), "2012-01-01");
	assert_int_equal(calendar_covers_until(cal, CALENDAR_UK, &d), 0);
	assert_string_equal(day_iso(d, iso), "2028-12-31");

	assert_int_equal(
		holidays_load(FOIMAILD_CONF "/bank-holidays-2005-2011.json", cal, NULL), 0);
	assert_int_equal(calendar_covers_from(cal, CALENDAR_UK, &d), 0);
	assert_string_equal(day_iso(d, iso), "2005-01-01");
	for (int year = 2005; year <= 2028; year++) {
		assert_int_equal(day_from_civil(year, 6, 1, &d), 0);
		assert_true(calendar_covers(cal, CALENDAR_UK, d));
	}
	assert_int_equal(
		calendar_find(cal, CALENDAR_UK, day("2026-06-15"), &title), CALENDAR_SCOTLAND);
	assert_int_equal(
		calendar_find(cal, CALENDAR_UK, day("2026-11-30"), &title), CALENDAR_SCOTLAND);
	assert_string_equal(title, "St Andrew’s Day");
}

static const struct {
	const char *why, *text;
	const char *says; /* words the fault must hold */
} refusals[] = {
	{ "nothing", "", "ends too early" },
	{ "truncated", "{\"scotland\":{\"division\":\"scotland\",\"events\":[", "cut off" },
	{ "truncated in a text", "{\"scot", "line 1" },
	{ "no JSON", "<html>Service unavailable</html>", "no valid JSON" },
	{ "two files in one", SCOTLAND_ONLY(EVENT("a", "2026-01-01")) "{}", "something follows" },
	{ "no object", "[]", "not an object of divisions" },
	{ "a list of nothing", "{}", "no bank holiday" },
	{ "a division without a day", SCOTLAND_ONLY(""), "no bank holiday" },
	{ "a division twice",
		"{" DIVISION("scotland", EVENT("a", "2026-01-01")) "," DIVISION(
			"scotland", EVENT("b", "2026-01-02")) "}",
		"a key stands twice" },
	{ "an unknown division", "{" DIVISION("cornwall", EVENT("a", "2026-03-05")) "}",
		"unknown division: 'cornwall'; only bank holidays of england-and-wales, scotland "
		"and "
		"northern-ireland count: a local holiday or an office closure is a working day to "
		"FOI 2000 s.10(6), EIR 2004 reg 2(1) and FOISA 2002 s.73; take it out of the "
		"file" },
	{ "a division under another's name",
		"{\"scotland\":{\"division\":\"northern-ireland\",\"events\":[]}}",
		"scotland: its member 'division'" },
	{ "no name inside", "{\"scotland\":{\"events\":[]}}", "does not say the same" },
	{ "no events", "{\"scotland\":{\"division\":\"scotland\"}}", "no list 'events'" },
	{ "events of another kind", "{\"scotland\":{\"division\":\"scotland\",\"events\":{}}}",
		"no list 'events'" },
	{ "a division that is a text", "{\"scotland\":\"x\"}", "no list 'events'" },
	{ "an event that is a text", SCOTLAND_ONLY("\"2026-01-01\""), "not an object" },
	{ "no date", SCOTLAND_ONLY("{\"title\":\"a\"}"), "no text 'date'" },
	{ "a date that is a number", SCOTLAND_ONLY("{\"title\":\"a\",\"date\":20260101}"),
		"no text 'date'" },
	{ "no title", SCOTLAND_ONLY("{\"date\":\"2026-01-01\"}"), "no text 'title'" },
	{ "an empty title", SCOTLAND_ONLY(EVENT("", "2026-01-01")), "title is empty" },
	{ "a title of two lines", SCOTLAND_ONLY(EVENT("a\\nb", "2026-01-01")),
		"control characters" },
	{ "a title cut by a NUL", SCOTLAND_ONLY(EVENT("a\\u0000b", "2026-01-01")),
		"not valid UTF-8" },
	{ "no date at all", SCOTLAND_ONLY(EVENT("a", "tomorrow")), "'tomorrow'" },
	{ "a day that does not exist", SCOTLAND_ONLY(EVENT("a", "2026-02-29")),
		"event 1: not a date of the form YYYY-MM-DD: '2026-02-29'" },
	{ "a date and a time", SCOTLAND_ONLY(EVENT("a", "2026-02-28T00:00:00")), "not a date" },
	{ "a year out of range", SCOTLAND_ONLY(EVENT("a", "1889-01-01")), "outside 1990" },
	{ "a day twice", SCOTLAND_ONLY(EVENT("a", "2026-01-01") "," EVENT("b", "2026-01-01")),
		"scotland: event 2: the date stands twice: '2026-01-01'" },
	{ "not in order", SCOTLAND_ONLY(EVENT("a", "2026-01-02") "," EVENT("b", "2026-01-01")),
		"scotland: event 2: the dates are not in order" },
	{ "an escape in a date", SCOTLAND_ONLY(EVENT("a", "\\u001b[31m")), "'[31m'" },
	{ "bad UTF-8", "{\"scotland\xff\":1}", "line 1" },
};

static void refusals_name_file_place_and_reason(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		CLEANUP(calendar_freep) struct calendar *cal = fresh();
		struct fault f = { 0 };
		int r = holidays_parse(
			refusals[i].text, strlen(refusals[i].text), "feed.json", cal, &f);

		if (r != -EBADMSG || f.code != -EBADMSG || f.kind != FAULT_CONFIG)
			fail_msg("%s: %d %d '%s'", refusals[i].why, r, f.code, f.text);
		if (strncmp(f.text, "feed.json: ", 11) != 0 || !strstr(f.text, refusals[i].says))
			fail_msg("%s: '%s'", refusals[i].why, f.text);
		assert_int_equal(calendar_count(cal), 0);
	}
}

static void a_mistake_on_the_last_line_undoes_the_first(void **state)
{
	static const char good[] = SCOTLAND_ONLY(EVENT("St Andrew", "2026-11-30"));
	static const char bad[] = "{" DIVISION("scotland", EVENT("a", "2026-01-01")) "," DIVISION(
		"northern-ireland", EVENT("b", "2026-03-17") "," EVENT("c", "2026-03-32")) "}";
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	struct fault f = { 0 };

	(void) state;
	assert_int_equal(holidays_parse(good, strlen(good), "good.json", cal, &f), 0);
	assert_int_equal(holidays_parse(bad, strlen(bad), "bad.json", cal, &f), -EBADMSG);
	assert_string_equal(f.text,
		"bad.json: northern-ireland: event 2: not a date of the form YYYY-MM-DD:"
		" '2026-03-32'");
	assert_int_equal(calendar_count(cal), 1);
	assert_int_equal(calendar_find(cal, CALENDAR_UK, day("2026-01-01"), NULL), 0);
}

static void files_are_merged(void **state)
{
	static const char first[] = SCOTLAND_ONLY(EVENT("a", "2026-11-30"));
	static const char second[] =
		"{" DIVISION("scotland", EVENT("b", "2026-06-15") "," EVENT("c", "2026-11-30")) "}";
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	const char *title = NULL;

	(void) state;
	assert_int_equal(holidays_parse(first, strlen(first), "1", cal, NULL), 0);
	assert_int_equal(holidays_parse(second, strlen(second), "2", cal, NULL), 0);
	assert_int_equal(calendar_count(cal), 2);
	(void) calendar_find(cal, CALENDAR_UK, day("2026-11-30"), &title);
	assert_string_equal(title, "a");
}

static void a_huge_file_is_not_read(void **state)
{
	CLEANUP(freep) char *bytes = malloc(HOLIDAYS_FILE_MAX + 1);
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	static const char small[] = SCOTLAND_ONLY(EVENT("a", "2026-11-30"));
	struct fault f = { 0 };

	(void) state;
	assert_non_null(bytes);
	memset(bytes, ' ', HOLIDAYS_FILE_MAX + 1);
	memcpy(bytes, small, strlen(small));
	assert_int_equal(
		holidays_parse(bytes, HOLIDAYS_FILE_MAX + 1, "huge.json", cal, &f), -EMSGSIZE);
	assert_non_null(strstr(f.text, "huge.json: longer than 1048576 bytes"));
	assert_int_equal(calendar_count(cal), 0);
	assert_int_equal(holidays_parse(bytes, HOLIDAYS_FILE_MAX, "large.json", cal, &f), 0);
	assert_int_equal(calendar_count(cal), 1);
}

static void more_days_than_a_calendar_takes(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	CLEANUP(freep) char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct day d = day("1990-01-01");
	struct fault f = { 0 };

	(void) state;
	assert_non_null(out);
	fputs("{\"scotland\":{\"division\":\"scotland\",\"events\":[", out);
	for (int i = 0; i <= CALENDAR_ENTRIES_MAX; i++) {
		char iso[DAY_ISO_MAX];

		fprintf(out, "%s{\"title\":\"a\",\"date\":\"%s\"}", i ? "," : "",
			day_iso(day_add(d, i), iso));
	}
	fputs("]}}", out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(holidays_parse(text, n, "many.json", cal, &f), -E2BIG);
	assert_int_equal(calendar_count(cal), 0);
}

static void deep_nesting_is_refused(void **state)
{
	enum { DEPTH = 200000 };
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	CLEANUP(freep) char *text = malloc(DEPTH);

	(void) state;
	assert_non_null(text);
	memset(text, '[', DEPTH);
	assert_int_equal(holidays_parse(text, DEPTH, "deep.json", cal, NULL), -EBADMSG);
}

static void what_is_no_file(void **state)
{
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	struct fault f = { 0 };

	(void) state;
	assert_int_equal(holidays_load(FOIMAILD_CONF "/none.json", cal, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_MISSING);
	assert_non_null(strstr(f.text, "none.json: cannot open"));
	assert_int_equal(holidays_load(FOIMAILD_CONF, cal, &f), -EINVAL);
	assert_int_equal(holidays_load("/dev/zero", cal, &f), -EINVAL);
	assert_non_null(strstr(f.text, "not a regular file"));
}

static void a_file_over_the_bound_is_refused(void **state)
{
	char path[] = "/tmp/test_holidays.XXXXXX";
	CLEANUP(calendar_freep) struct calendar *cal = fresh();
	CLEANUP(closep) int fd = mkstemp(path);
	struct fault f = { 0 };
	int r;

	(void) state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t) HOLIDAYS_FILE_MAX + 1), 0);
	r = holidays_load(path, cal, &f);
	(void) unlink(path);
	assert_int_equal(r, -EMSGSIZE);
	assert_non_null(strstr(f.text, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_files_are_whole),
		cmocka_unit_test(refusals_name_file_place_and_reason),
		cmocka_unit_test(a_mistake_on_the_last_line_undoes_the_first),
		cmocka_unit_test(files_are_merged),
		cmocka_unit_test(a_huge_file_is_not_read),
		cmocka_unit_test(more_days_than_a_calendar_takes),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(what_is_no_file),
		cmocka_unit_test(a_file_over_the_bound_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
