/* test_charset.c - the sets that mailers send, under the names that they give them. */
/* SPDX-License-Identifier: MIT */
#include "domain/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/charset_rows.h"

static void test_rows(void **state)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < CHARSET_ROWS; i++) {
		const struct charset_row *row = &charset_rows[i];
		struct bytes out;
		char *have = NULL;
		int unknown;

		bytes_init(&out, 100);
		unknown = charset_decode(*state, row->name, row->bytes, strlen(row->bytes), &out);
		assert_int_equal(bytes_take(&out, &have, NULL), 0);
		if (unknown != row->unknown || strcmp(have, row->wanted) != 0) {
			print_error("%s: %d \"%s\" for \"%s\"\n", row->name, unknown, have,
				row->wanted);
			wrong++;
		}
		free(have);
	}
	assert_int_equal(wrong, 0);
}

/* What is not declared: UTF-8 if it is, also when its last character was cut off. */
static void test_guess(void **state)
{
	static const struct {
		const char *why;
		const char *bytes;
		size_t n;
		const char *wanted;
	} rows[] = {
		{ "cut after one byte of two", "\xC3\xA9\xC3", 3, "é\xEF\xBF\xBD" },
		{ "cut after two bytes of three", "\xC3\xA9 \xE2\x82", 5,
			"é \xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "one byte of Windows-1252 at the end", "caf\xE9", 4, "café" },
		{ "Windows-1252 before it", "\xE9 caf\xC3", 6, "é cafÃ" },
		{ "nothing", "", 0, "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct bytes out;
		char *have = NULL;

		bytes_init(&out, 100);
		assert_int_equal(charset_decode(*state, NULL, rows[i].bytes, rows[i].n, &out), 0);
		assert_int_equal(bytes_take(&out, &have, NULL), 0);
		if (strcmp(have, rows[i].wanted) != 0)
			fail_msg("%s: \"%s\"", rows[i].why, have);
		free(have);
	}
}

/* A set that keeps a state must not carry it into the next text. */
static void test_state_is_reset(void **state)
{
	struct bytes out;

	bytes_init(&out, 100);
	(void) charset_decode(*state, "iso-2022-jp", "\x1B$B%+", 5, &out);
	out.n = 0;
	assert_int_equal(charset_decode(*state, "iso-2022-jp", "abcd", 4, &out), 0);
	assert_int_equal(out.n, 4);
	assert_memory_equal(out.at, "abcd", 4);
	bytes_done(&out);
}

static void test_bound(void **state)
{
	struct bytes out;

	bytes_init(&out, 5);
	assert_int_equal(charset_decode(*state, "iso-8859-1", "\xE9\xE9\xE9\xE9", 4, &out), 0);
	assert_int_equal(out.n, 4);
	assert_int_equal(out.is_cut, 1);
	bytes_done(&out);
	bytes_init(&out, 4);
	assert_int_equal(charset_decode(*state, "utf-8", "caf\xC3\xA9", 5, &out), 0);
	assert_int_equal(out.n, 3);
	bytes_done(&out);
}

static void test_table(void **state)
{
	size_t n = 0;

	for (; charset_name(n); n++)
		if (!charset_is_open(*state, n))
			fail_msg("%s is not open", charset_name(n));
	assert_in_range(n, 40, 100);
	assert_int_equal(charset_is_open(*state, n), 0);
}

static int set_up(void **state)
{
	struct charset_table *t = NULL;

	if (charset_open_all(&t, NULL) < 0)
		return -1;
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	charset_close_all(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_guess),
		cmocka_unit_test(test_state_is_reset),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
