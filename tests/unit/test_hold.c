/* test_hold.c - as whose an acknowledgement is counted, and the words for why it is held. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/hold.h"

static const char *const platform_entries[] = { "asks.example.net" };
static const struct triage_list platforms = { platform_entries, 1 };

static const struct {
	const char *why;
	const char *address;
	const char *counted_as;
} rows[] = {
	{ "an address", "jane@example.net", "jane@example.net" },
	{ "letter case makes no other sender", "Jane.Roe@Example.NET", "jane.roe@example.net" },
	{ "nor does a tag", "jane+7f3a@example.net", "jane@example.net" },
	{ "nor several", "Jane+a+b@example.net", "jane@example.net" },
	{ "an empty tag", "jane+@example.net", "jane@example.net" },
	{ "a dot does: only some providers ignore it", "j.ane@example.net", "j.ane@example.net" },
	{ "a hyphen does: Mary-Jane is not Mary", "mary-jane@example.net",
		"mary-jane@example.net" },
	{ "a name that is only a tag stays whole", "+jane@example.net", "+jane@example.net" },
	{ "a plus sign in the domain is no tag", "jane@exa+mple.net", "jane@exa+mple.net" },
	{ "a platform has one address for each request", "request-7-0a1b2c3d@asks.example.net",
		"request-7-0a1b2c3d@asks.example.net" },
	{ "with its usual prefix too, or all its people were one sender",
		"FOI+request-7-0a1b2c3d@asks.example.net",
		"foi+request-7-0a1b2c3d@asks.example.net" },
	{ "and below its domain", "foi+request-8-0a1b2c3d@mail.asks.example.net",
		"foi+request-8-0a1b2c3d@mail.asks.example.net" },
	{ "another domain that ends in the same letters is none",
		"foi+request-8-0a1b2c3d@tasks.example.net", "foi@tasks.example.net" },
	{ "no address at all", "jane+x", "jane+x" },
	{ "nothing", "", "" },
};

static void test_counted_as(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char ret[TRIAGE_NAME_MAX];

		print_message("%s\n", rows[i].why);
		hold_counted_as(&platforms, rows[i].address, ret, sizeof ret);
		assert_string_equal(ret, rows[i].counted_as);
	}
}

static void test_words(void **state)
{
	enum hold back = HOLD_COUNT;

	(void) state;
	for (unsigned i = 0; i < HOLD_COUNT; i++) {
		assert_int_equal(hold_of(hold_word((enum hold) i), &back), 0);
		assert_int_equal(back, i);
		assert_int_equal(*hold_why((enum hold) i) == '\0', i == HOLD_NONE);
	}
	assert_int_equal(hold_of("sender", &back), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counted_as),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
