/* test_charset.c - the sets that mailers send, under the names that they give them. */
/* SPDX-License-Identifier: MIT */
#include "domain/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct row {
	const char *name;
	const char *bytes;
	const char *wanted;
	int unknown;
} rows[] = {
	{ "utf-8", "caf\xC3\xA9", "café", 0 },
	{ "UTF8", "caf\xC3\xA9", "café", 0 },
	{ "utf-8", "a\xC3(", "a\xEF\xBF\xBD(", 0 },
	{ "utf-8", "\xF6\xAB\x90\xBE", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 0 },
	{ "utf-8", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 0 },
	{ NULL, "caf\xC3\xA9", "café", 0 },
	{ "", "caf\xE9", "café", 0 },
	{ "us-ascii", "caf\xE9", "café", 0 },
	{ "unknown-8bit", "caf\xE9", "café", 0 },
	{ "iso-8859-1", "\x93x\x94 \x80", "“x” €", 0 },
	{ "latin1", "\xA3", "£", 0 },
	{ "ISO_8859-1:1987", "\xA3", "£", 0 },
	{ "windows-1252", "\x81", "\xEF\xBF\xBD", 0 },
	{ "cp1252", "\x80", "€", 0 },
	{ "iso-8859-2", "\xB1", "ą", 0 },
	{ "ISO-8859-8-I", "\xE0", "א", 0 },
	{ "iso-8859-14", "\xF0\xD0", "ŵŴ", 0 },
	{ "iso-8859-15", "\xA4", "€", 0 },
	{ "windows-1250", "\xB9", "ą", 0 },
	{ "cp1251", "\xC6", "Ж", 0 },
	{ "cswindows1251", "\xC6", "Ж", 0 },
	{ "koi8-r", "\xC4", "д", 0 },
	{ "gb2312", "\xC4\xE3", "你", 0 },
	{ "gbk", "\xC4\xE3", "你", 0 },
	{ "big5", "\xA7\x41", "你", 0 },
	{ "euc-jp", "\xA5\xAB", "カ", 0 },
	{ "x-sjis", "\x83\x4A", "カ", 0 },
	{ "Shift_JIS", "\x83\x4A", "カ", 0 },
	{ "iso-2022-jp", "\x1B$B%+\x1B(B", "カ", 0 },
	{ "ks_c_5601-1987", "\xB0\xA1", "가", 0 },
	{ "euc-kr", "\xB0\xA1", "가", 0 },
	{ "utf-7", "+AOk-", "é", 0 },
	{ "\"utf-8\"", "caf\xC3\xA9", "café", 0 },
	{ "macintosh", "\x8E", "é", 0 },
	{ "ibm850", "\x82", "é", 0 },
	{ "klingon", "caf\xE9", "café", 1 },
	{ "klingon", "caf\xC3\xA9", "café", 1 },
	{ "a-name-much-longer-than-any-set-of-this-world", "x", "x", 1 },
	{ "iso-2022-cn-ext", "x", "x", 1 },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct bytes out;
		char *have = NULL;

		bytes_init(&out, 100);
		assert_int_equal(
			charset_decode(*state, row->name, row->bytes, strlen(row->bytes), &out),
			row->unknown);
		assert_int_equal(bytes_take(&out, &have, NULL), 0);
		if (strcmp(have, row->wanted) != 0)
			fail_msg("%s: \"%s\" for \"%s\"", row->name, have, row->wanted);
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
		cmocka_unit_test(test_state_is_reset),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
