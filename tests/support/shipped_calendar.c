/* shipped_calendar.c - the bank holidays of conf/ for tests of the law. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "tests/support/shipped_calendar.h"

struct calendar *calendar;

int load_calendar(void **state)
{
	(void) state;
	assert_int_equal(calendar_new(&calendar), 0);
	assert_int_equal(holidays_load(FOIMAILD_CONF "/bank-holidays.json", calendar, NULL), 0);
	return 0;
}

int free_calendar(void **state)
{
	(void) state;
	calendar = calendar_free(calendar);
	return 0;
}

struct day day(const char *iso)
{
	struct day d = { 0 };

	assert_int_equal(day_parse(iso, &d), 0);
	return d;
}
