/* test_foictl_date.c - days, instants and days left as people read them. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/foictl_case.h"

static const struct date {
	const char *text;
	const char *day;
	const char *instant;
} dates[] = {
	{ "2018-06-14", "Thursday 14 June 2018", "2018-06-14" },
	{ "2018-06-14T23:30:00Z", "2018-06-14T23:30:00Z", "15 Jun 2018, 00:30" },
	{ "2018-01-14T23:30:00Z", "2018-01-14T23:30:00Z", "14 Jan 2018, 23:30" },
	{ "2018-06-31T00:00:00Z", "2018-06-31T00:00:00Z", "2018-06-31T00:00:00Z" },
	{ "2018-06-14T23:3x:00Z", "2018-06-14T23:3x:00Z", "2018-06-14T23:3x:00Z" },
	{ "", "", "" },
};

static void dates_are_as_people_read_them(void **state)
{
	char buf[FOICTL_DATE_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
		assert_string_equal(foictl_day(dates[i].text, buf), dates[i].day);
		assert_string_equal(foictl_instant(dates[i].text, buf), dates[i].instant);
	}
}

static const struct left {
	const char *row;
	const char *expected;
	enum table_tone tone;
} lefts[] = {
	{ "{\"days_left\":null,\"overdue\":false}", "", TABLE_PLAIN },
	{ "{\"days_left\":4,\"overdue\":false}", "4 working days left", TABLE_PLAIN },
	{ "{\"days_left\":3,\"overdue\":false}", "3 working days left", TABLE_SOON },
	{ "{\"days_left\":0,\"overdue\":false}", "today", TABLE_SOON },
	{ "{\"days_left\":0,\"overdue\":true}", "late", TABLE_LATE },
	{ "{\"days_left\":-1,\"overdue\":true}", "1 working day late", TABLE_LATE },
};

static void urgency_is_told(void **state)
{
	char buf[FOICTL_DATE_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof lefts / sizeof *lefts; i++) {
		json_t *row = json_loads(lefts[i].row, 0, NULL);

		assert_string_equal(foictl_left(row, buf), lefts[i].expected);
		assert_int_equal(foictl_tone(row), lefts[i].tone);
		json_decref(row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_as_people_read_them),
		cmocka_unit_test(urgency_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
