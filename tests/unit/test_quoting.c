/* test_quoting.c - the writer's own words, out of what mail programs wrap around them.
 *
 * Each tests/quoting/NAME.txt is a text with one trouble, which NAME names; NAME.new is what its
 * writer wrote now. */
/* SPDX-License-Identifier: MIT */
#include "domain/quoting.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/text.h"

enum {
	FILE_MAX = 16 * 1024,
	TEXTS_MIN = 80,
};

#define QUOTING_DIR FOIMAILD_TESTS "/quoting"

static char *read_file(const char *name, int length, const char *ending)
{
	char path[512];
	char *text = calloc(1, FILE_MAX);
	FILE *in;

	assert_non_null(text);
	(void) snprintf(path, sizeof path, QUOTING_DIR "/%.*s%s", length, name, ending);
	in = fopen(path, "rb");
	if (!in)
		fail_msg("%s cannot be opened", path);
	if (fread(text, 1, FILE_MAX - 1, in) == FILE_MAX - 1)
		fail_msg("%s is too long", path);
	(void) fclose(in);
	return text;
}

/* Return: whether the new text of NAME.txt is NAME.new. */
static bool is_as_expected(const char *name)
{
	int length = (int) strlen(name) - (int) strlen(".txt");
	char *text = read_file(name, length, ".txt");
	char *wanted = read_file(name, length, ".new");
	char *have = NULL;
	bool is_equal;

	assert_int_equal(quoting_new_text(text, &have), 0);
	is_equal = strcmp(have, wanted) == 0;
	if (!is_equal)
		print_error("%s: wanted \"%s\", have \"%s\"\n", name, wanted, have);
	free(have);
	free(wanted);
	free(text);
	return is_equal;
}

static void test_files(void **state)
{
	DIR *dir = opendir(QUOTING_DIR);
	struct dirent *entry;
	unsigned count = 0;
	unsigned wrong = 0;

	(void) state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (!text_has_suffix_ci(entry->d_name, ".txt"))
			continue;
		wrong += !is_as_expected(entry->d_name);
		count++;
	}
	(void) closedir(dir);
	assert_int_equal(wrong, 0);
	if (count < TEXTS_MIN)
		fail_msg("only %u texts were found", count);
}

/* Lines that each look far ahead must not make the time quadratic. */
static void test_linear(void **state)
{
	static const char *const lines[] = { "\n", ">\n", "--\n", "-- \n", "On 1 a\n", "From: a\n",
		"This email and any\n", "This email and any\n\n",
		"Your right to request a review\n\n", "-----a\n", "Please use this email\n",
		"Sent from my a\n", "On 1 wrote:\n\n>\n", "intended\n", "I\n", "a wrote ", "a:\n",
		"a:\n\n", "external\n\n", "To:a\n", "From: a@b\n", "a@b c 2018 wrote:\n", "jj> a\n",
		"|\n", "Your right to request a review\n", "__________\nThis email and any\n",
		"Sent from my a\nThis email and any\n", "-- \nplease send me\n",
		"----- original message\n\n> a\n", "if you are unhappy\n\n", "**********\n" };

	(void) state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		size_t n = strlen(lines[i]);
		size_t times = 1024 * 1024 / n;
		char *text = malloc(times * n + 1);
		char *have = NULL;
		clock_t start = clock();

		assert_non_null(text);
		for (size_t k = 0; k < times; k++)
			memcpy(text + k * n, lines[i], n);
		text[times * n] = '\0';
		assert_int_equal(quoting_new_text(text, &have), 0);
		if (strlen(have) > times * n)
			fail_msg("grew: %s", lines[i]);
		if ((double) (clock() - start) / CLOCKS_PER_SEC > 8)
			fail_msg("too slow: %s", lines[i]);
		free(have);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
