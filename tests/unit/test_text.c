/* test_text.c - small operations on text of strangers. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
	const char *why;
	const char *s;
	size_t n;
	bool is_utf8;
} utf8[] = {
	{ "empty", "", 0, true },
	{ "ASCII with a NUL", "a\0b", 3, true },
	{ "the last of two bytes", "\xDF\xBF", 2, true },
	{ "the first of three", "\xE0\xA0\x80", 3, true },
	{ "the last before the surrogates", "\xED\x9F\xBF", 3, true },
	{ "the first after them", "\xEE\x80\x80", 3, true },
	{ "the last code point", "\xF4\x8F\xBF\xBF", 4, true },
	{ "a continuation alone", "\x80", 1, false },
	{ "overlong slash in two", "\xC0\xAF", 2, false },
	{ "overlong DEL in two", "\xC1\xBF", 2, false },
	{ "overlong slash in three", "\xE0\x80\xAF", 3, false },
	{ "overlong in four", "\xF0\x8F\xBF\xBF", 4, false },
	{ "first surrogate", "\xED\xA0\x80", 3, false },
	{ "last surrogate", "\xED\xBF\xBF", 3, false },
	{ "past the last code point", "\xF4\x90\x80\x80", 4, false },
	{ "a byte that starts nothing", "\xF5\x80\x80\x80", 4, false },
	{ "FF", "\xFF", 1, false },
	{ "cut in the middle", "\xE2\x82", 2, false },
	{ "cut by the length, though the byte is there", "\xE2\x82\xAC", 2, false },
	{ "a start in place of a continuation", "\xE2\x82\xC3", 3, false },
	{ "Latin-1", "caf\xE9", 4, false },
};

static void test_utf8(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(utf8); i++) {
		print_message("%s\n", utf8[i].why);
		assert_int_equal(text_is_utf8(utf8[i].s, utf8[i].n), utf8[i].is_utf8);
	}
}

/* A bad byte is found wherever it stands among letters, which are passed eight at a time. */
static void test_utf8_places(void **state)
{
	(void) state;
	for (size_t n = 1; n <= 24; n++)
		for (size_t i = 0; i < n; i++) {
			char text[24];

			memset(text, 'a', sizeof text);
			assert_int_equal(text_is_utf8(text, n), true);
			text[i] = '\xFF';
			assert_int_equal(text_is_utf8(text, n), false);
		}
}

static const struct {
	const char *why;
	const char *a;
	const char *b;
	bool equal;
	bool prefix;
	bool suffix;
} pairs[] = {
	{ "the same", "Received", "received", true, true, true },
	{ "only the beginning", "Received: x", "received", false, true, false },
	{ "only the end", "X-Received", "received", false, false, true },
	{ "shorter than what is asked for", "eived", "Received", false, false, false },
	{ "everything begins and ends with nothing", "a", "", false, true, true },
	{ "nothing with nothing", "", "", true, true, true },
	{ "a letter outside ASCII keeps its case", "\xC3\x89", "\xC3\xA9", false, false, false },
	{ "a bracket is no letter: [ and {", "[", "{", false, false, false },
};

static void test_compare(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		print_message("%s\n", pairs[i].why);
		assert_int_equal(text_is_equal_ci(pairs[i].a, pairs[i].b), pairs[i].equal);
		assert_int_equal(text_has_prefix_ci(pairs[i].a, pairs[i].b), pairs[i].prefix);
		assert_int_equal(text_has_suffix_ci(pairs[i].a, pairs[i].b), pairs[i].suffix);
	}
	assert_int_equal(text_is_equal_ci(NULL, NULL), true);
	assert_int_equal(text_is_equal_ci(NULL, ""), false);
	assert_int_equal(text_is_equal_ci("", NULL), false);
}

static void test_find(void **state)
{
	const char *s = "your right to an Internal REVIEW";

	(void) state;
	assert_ptr_equal(text_find_ci(s, "internal review"), s + 17);
	assert_ptr_equal(text_find_ci(s, "R"), s + 3);
	assert_null(text_find_ci(s, "reviews"));
}

static void test_trim_and_lower(void **state)
{
	char both[] = " \t\r\n two words\v \n";
	char nothing[] = " \r\n\t";
	char mixed[] = "AZ[@`az\xC3\x89";

	(void) state;
	assert_string_equal(text_trim(both), "two words\v");
	assert_string_equal(text_trim(nothing), "");
	text_lower(mixed);
	assert_string_equal(mixed, "az[@`az\xC3\x89");
}

static const struct {
	const char *why;
	const char *s;
	uint64_t min;
	uint64_t max;
	int r;
	uint64_t value;
} numbers[] = {
	{ "lowest", "10", 10, 20, 0, 10 },
	{ "highest", "20", 10, 20, 0, 20 },
	{ "one below", "9", 10, 20, -ERANGE, 0 },
	{ "one above", "21", 10, 20, -ERANGE, 0 },
	{ "zeros before it", "0015", 10, 20, 0, 15 },
	{ "the largest there is", "18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX },
	{ "one more: the sum overflows", "18446744073709551616", 0, UINT64_MAX, -ERANGE, 0 },
	{ "the product overflows", "99999999999999999999", 0, UINT64_MAX, -ERANGE, 0 },
	{ "empty", "", 0, 9, -EINVAL, 0 },
	{ "nothing at all", NULL, 0, 9, -EINVAL, 0 },
	{ "plus", "+1", 0, 9, -EINVAL, 0 },
	{ "minus", "-1", 0, 9, -EINVAL, 0 },
	{ "space before", " 1", 0, 9, -EINVAL, 0 },
	{ "space after", "1 ", 0, 9, -EINVAL, 0 },
	{ "hexadecimal", "0x1", 0, 9, -EINVAL, 0 },
	{ "a byte above ASCII", "\xB2", 0, 9, -EINVAL, 0 },
	{ "a colon, the sign behind 9", ":", 0, 99, -EINVAL, 0 },
	{ "a slash, the sign before 0", "/", 0, 99, -EINVAL, 0 },
};

static void test_uint(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		uint64_t value = 4711;

		print_message("%s\n", numbers[i].why);
		assert_int_equal(text_uint(numbers[i].s, numbers[i].min, numbers[i].max, &value),
			numbers[i].r);
		assert_int_equal(value, numbers[i].r < 0 ? 4711 : numbers[i].value);
	}
}

static const struct {
	const char *why;
	const char *s;
	size_t max;
	const char *line;
} lines[] = {
	{ "plain", "FOI request", 100, "FOI request" },
	{ "nothing", "", 100, "" },
	{ "no room", "text", 0, "" },
	{ "a header cannot be smuggled in", "a\r\nBcc: b", 100, "a Bcc: b" },
	{ "runs of blanks are one, ends have none", " \t a \n\n b \r", 100, "a b" },
	{ "escape sequences lose their escape", "\x1B[31mred\x07", 100, "[31mred" },
	{ "DEL and the second control block",
		"a\x7F"
		"b\xC2\x9B"
		"c",
		100, "a b c" },
	{ "marks that nobody sees",
		"a\xC2\xAD"
		"b\xE1\xA0\x8E"
		"c\xE3\x85\xA4"
		"d\xF3\xA0\x81\xA1"
		"e\xE2\x81\xAF"
		"f",
		100, "abcdef" },
	{ "no-break space, line and paragraph separator",
		"a\xC2\xA0"
		"b\xE2\x80\xA8"
		"c\xE2\x80\xA9"
		"d",
		100, "a b c d" },
	{ "text that runs backwards",
		"a\xE2\x80\xAE"
		"fdp.exe",
		100, "afdp.exe" },
	{ "isolates",
		"\xE2\x81\xA6"
		"a\xE2\x81\xA9",
		100, "a" },
	{ "the Arabic letter mark",
		"a\xD8\x9C"
		"b",
		100, "ab" },
	{ "zero width, also between blanks", "a\xE2\x80\x8B \xEF\xBB\xBF b", 100, "a b" },
	{ "a malformed byte", "caf\xE9!", 100, "caf\xEF\xBF\xBD!" },
	{ "every byte malformed", "\xFF\xFE", 100, "\xEF\xBF\xBD\xEF\xBF\xBD" },
	{ "cut between characters", "\xC3\xA9\xC3\xA9", 3, "\xC3\xA9" },
	{ "a blank at the cut goes", "ab cd", 3, "ab" },
	{ "the mark for a malformed byte is cut whole", "ab\xFF", 4, "ab" },
	{ "exactly as much as fits", "abcd", 4, "abcd" },
	{ "other scripts stay", "\xD8\xB3\xE4\xBD\xA0\xF0\x9F\x98\x80", 100,
		"\xD8\xB3\xE4\xBD\xA0\xF0\x9F\x98\x80" },
};

static void test_one_line(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		char *line = NULL;

		print_message("%s\n", lines[i].why);
		assert_int_equal(text_one_line(lines[i].s, lines[i].max, &line), 0);
		assert_string_equal(line, lines[i].line);
		free(line);
	}
}

static const struct {
	const char *why;
	const char *s;
	size_t columns;
} widths[] = {
	{ "nothing", "", 0 },
	{ "ASCII", "FOI 000001/18", 13 },
	{ "two bytes, one column", "caf\xC3\xA9", 4 },
	{ "a combining accent stands on its letter", "cafe\xCC\x81", 4 },
	{ "Chinese is wide", "\xE4\xBD\xA0\xE5\xA5\xBD", 4 },
	{ "Hangul is wide", "\xEA\xB0\x80", 2 },
	{ "full-width letter", "\xEF\xBC\xA1", 2 },
	{ "emoji", "\xF0\x9F\x98\x80", 2 },
	{ "zero width",
		"a\xE2\x80\x8B"
		"b",
		2 },
	{ "malformed bytes count one each", "\xFF\xFE", 2 },
};

static void test_columns(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(widths); i++) {
		print_message("%s\n", widths[i].why);
		assert_int_equal(text_columns(widths[i].s), widths[i].columns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_utf8_places),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_trim_and_lower),
		cmocka_unit_test(test_uint),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
