/* test_trouble.c - how often a lasting trouble is told. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/trouble.h"

static const struct {
	const char *why;
	int64_t now;
	enum fault_kind kind;
	enum trouble_news news;
} night[] = {
	{ "the first failure is told", 1000, FAULT_NETWORK, TROUBLE_BEGAN },
	{ "the next try is not", 1005, FAULT_NETWORK, TROUBLE_QUIET },
	{ "another cause is told", 1010, FAULT_TLS, TROUBLE_CHANGED },
	{ "the first cause again is not: two in turn stay quiet", 1015, FAULT_NETWORK,
		TROUBLE_QUIET },
	{ "nor the second", 1020, FAULT_TLS, TROUBLE_QUIET },
	{ "one second short of an hour", 4599, FAULT_TLS, TROUBLE_QUIET },
	{ "an hour after the beginning", 4600, FAULT_TLS, TROUBLE_LASTS },
	{ "the hour starts anew", 8199, FAULT_TLS, TROUBLE_QUIET },
	{ "and a change is told again in it", 8199, FAULT_NETWORK, TROUBLE_CHANGED },
	{ "a second hour", 8200, FAULT_TLS, TROUBLE_LASTS },
	{ "a clock set back does not silence it", 500, FAULT_TLS, TROUBLE_LASTS },
	{ "nor make it noisy", 505, FAULT_TLS, TROUBLE_QUIET },
};

static void test_night(void **state)
{
	struct trouble t = { 0 };

	(void) state;
	for (size_t i = 0; i < sizeof night / sizeof night[0]; i++) {
		print_message("%s\n", night[i].why);
		assert_int_equal(night[i].news, trouble_meet(&t, night[i].kind, night[i].now));
		assert_int_equal(night[i].kind, t.kind);
	}
}

static void test_end(void **state)
{
	struct trouble t = { 0 };
	int64_t lasted = -1;

	(void) state;
	assert_int_equal(0, trouble_end(&t, 10, &lasted));
	assert_int_equal(-1, lasted);
	assert_int_equal(TROUBLE_BEGAN, trouble_meet(&t, FAULT_AUTH, 100));
	assert_int_equal(1, trouble_end(&t, 160, &lasted));
	assert_int_equal(60, lasted);
	assert_int_equal(0, trouble_end(&t, 161, &lasted));
	assert_int_equal(TROUBLE_BEGAN, trouble_meet(&t, FAULT_AUTH, 200));
	assert_int_equal(1, trouble_end(&t, 150, &lasted));
	assert_int_equal(0, lasted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_night),
		cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
