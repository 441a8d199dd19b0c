/* test_alarm.c - a failure that lasts is told once, and its end once. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/alarm.h"

enum {
	AFTER = 600,
	BEGAN = 1000,
};

static const struct {
	const char *reason;
	uint64_t now;
	bool is_well;
	enum alarm_news news;
	uint64_t lasted;
} looks[] = {
	{ "it has just begun: nothing is known yet", BEGAN, false, ALARM_QUIET, 0 },
	{ "nearly as long as is allowed", BEGAN + 599, false, ALARM_QUIET, 0 },
	{ "so long: told", BEGAN + 600, false, ALARM_RAISED, 600 },
	{ "told once", BEGAN + 5000, false, ALARM_QUIET, 0 },
	{ "well again: told, with all of its time", BEGAN + 6000, true, ALARM_ENDED, 6000 },
	{ "told once", BEGAN + 6001, true, ALARM_QUIET, 0 },
	{ "it fails again, and is counted from when it was well", BEGAN + 6600, false, ALARM_QUIET,
		0 },
	{ "one look in between that is well", BEGAN + 6601, true, ALARM_QUIET, 0 },
	{ "begins the time anew", BEGAN + 7200, false, ALARM_QUIET, 0 },
	{ "until it is over", BEGAN + 7201, false, ALARM_RAISED, 600 },
};

static void looks_in_turn(void **state)
{
	struct alarm a = { 0 };

	(void) state;
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		uint64_t lasted = 0;

		print_message("%s\n", looks[i].reason);
		assert_int_equal(alarm_look(&a, looks[i].is_well, looks[i].now, AFTER, &lasted),
			looks[i].news);
		assert_int_equal(lasted, looks[i].lasted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
