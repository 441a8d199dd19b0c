/* test_table.c - tables, running text and cuts for a terminal of any width. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/table.h"

static const struct cut {
	const char *why;
	const char *text;
	size_t columns;
	const char *expected;
} cuts[] = {
	{ "fits exactly", "12345", 5, "12345" },
	{ "one too many", "123456", 5, "12..." },
	{ "no space before the dots", "12 3456", 6, "12..." },
	{ "two bytes a character", "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 4, "\xC3\xA9..." },
	{ "two columns a character", "\xE5\xAD\x97\xE5\xAD\x97\xE5\xAD\x97", 5, "\xE5\xAD\x97..." },
	{ "combining mark stays with its letter",
		"e\xCC\x81"
		"bcdef",
		4, "e\xCC\x81..." },
	{ "room for dots only", "12345", 3, "..." },
	{ "no room", "12345", 0, "" },
};

static void texts_are_cut_by_columns(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		CLEANUP(freep) char *cut = table_cut(cuts[i].text, cuts[i].columns);

		if (!cut || strcmp(cut, cuts[i].expected) != 0)
			fail_msg("%s: \"%s\"", cuts[i].why, cut);
	}
}

static const struct table_column columns[] = {
	{ "REF", false, false },
	{ "LEFT", true, false },
	{ "SUBJECT", false, true },
};

/* The table of two rows as it is printed; to be freed by the caller. */
static char *printed(unsigned width, bool has_colour, const char *subject)
{
	const char *const rows[][3] = { { "FOI 1/18", "12", subject }, { "FOI 22/18", NULL, "x" } };
	CLEANUP(table_freep) struct table *t = table_new(columns, 3);
	char *text = NULL;
	size_t n;
	struct table_page page = {
		.out = open_memstream(&text, &n), .width = width, .has_colour = has_colour
	};

	assert_non_null(page.out);
	assert_int_equal(table_add(t, rows[0], TABLE_LATE), 0);
	assert_int_equal(table_add(t, rows[1], TABLE_PLAIN), 0);
	table_print(t, &page);
	assert_int_equal(fclose(page.out), 0);
	return text;
}

static void columns_are_aligned(void **state)
{
	CLEANUP(freep) char *text = printed(0, false, "A long subject that is not cut");

	(void) state;
	assert_string_equal(text, "REF        LEFT  SUBJECT\n"
				  "FOI 1/18     12  A long subject that is not cut\n"
				  "FOI 22/18        x\n");
}

static void the_elastic_column_gives_way(void **state)
{
	CLEANUP(freep) char *text = printed(30, false, "A long subject that is cut");
	CLEANUP(freep) char *narrow = printed(10, false, "A long subject that is cut");

	(void) state;
	assert_string_equal(text, "REF        LEFT  SUBJECT\n"
				  "FOI 1/18     12  A long sub...\n"
				  "FOI 22/18        x\n");
	assert_non_null(strstr(narrow, "  A lon...\n"));
}

static void wide_characters_keep_the_columns(void **state)
{
	const char *const rows[][3] = { { "\xE5\xAD\x97\xE5\xAD\x97", "1", "a" },
		{ "e\xCC\x81", "2", "b" } };
	CLEANUP(table_freep) struct table *t = table_new(columns, 3);
	CLEANUP(freep) char *text = NULL;
	size_t n;
	struct table_page page = { .out = open_memstream(&text, &n) };

	(void) state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(table_add(t, rows[i], TABLE_PLAIN), 0);
	table_print(t, &page);
	assert_int_equal(fclose(page.out), 0);
	assert_string_equal(text, "REF   LEFT  SUBJECT\n"
				  "\xE5\xAD\x97\xE5\xAD\x97     1  a\n"
				  "e\xCC\x81        2  b\n");
}

static void colour_is_only_where_it_is_wanted(void **state)
{
	CLEANUP(freep) char *with = printed(0, true, "s");
	CLEANUP(freep) char *without = printed(0, false, "s");

	(void) state;
	assert_non_null(
		strstr(with, "\n\033[1;31mFOI 1/18     12  s\033[0m\nFOI 22/18        x\n"));
	assert_null(strchr(without, '\033'));
}

static void a_cell_cannot_move_the_cursor(void **state)
{
	CLEANUP(freep)
	char *text = printed(0, false,
		"a\033[2Jb\r\nc\td\xE2\x80\xAE"
		"e\xC2\x9B"
		"f\xFF");

	(void) state;
	assert_non_null(strstr(text, "  a [2Jb c de f\xEF\xBF\xBD\n"));
}

static void running_text_is_broken_at_spaces(void **state)
{
	CLEANUP(freep) char *text = NULL;
	size_t n;
	struct table_page page = { .out = open_memstream(&text, &n), .width = 20 };

	(void) state;
	table_paragraph(&page, 4, "one two three four  five six");
	table_paragraph(&page, 4, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	table_paragraph(&page, 4, "");
	assert_int_equal(fclose(page.out), 0);
	assert_string_equal(text, "one two three\n    four five six\n"
				  "aaaaaaaaaaaaaaaa\n    aaaaaaaaaaaaaaaa\n    aaaaaaa\n"
				  "\n");
}

static void what_is_no_terminal_has_no_width(void **state)
{
	FILE *file = tmpfile();
	struct table_page page;

	(void) state;
	assert_non_null(file);
	page = table_page_of(file);
	assert_int_equal(page.width, 0);
	assert_false(page.has_colour);
	assert_int_equal(fclose(file), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_cut_by_columns),
		cmocka_unit_test(columns_are_aligned),
		cmocka_unit_test(the_elastic_column_gives_way),
		cmocka_unit_test(wide_characters_keep_the_columns),
		cmocka_unit_test(colour_is_only_where_it_is_wanted),
		cmocka_unit_test(a_cell_cannot_move_the_cursor),
		cmocka_unit_test(running_text_is_broken_at_spaces),
		cmocka_unit_test(what_is_no_terminal_has_no_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
