/* test_readme.c - the README's table of failures: each row names tests that are there, and words that the journal has. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/journal.h"

enum {
	README_MAX = 256 * 1024,
	ROWS_MIN = 40,
	CELL_MAX = 1024,
};

/* The columns of the table. */
enum cell {
	CELL_FAILURE,
	CELL_DOES,
	CELL_JOURNAL,
	CELL_PERSON,
	CELL_TESTS,
	CELL_COUNT,
};

struct row {
	char cells[CELL_COUNT][CELL_MAX];
};

#define HEAD "| failure | what foimaild does | the journal | what a person does | shown by |\n"
#define RULE "|---|---|---|---|---|\n"

/* What the journal's column may say without a word of ours. */
static const char *const no_words[] = { "systemd's own lines", "as for any mail", "nothing" };

/* The README, to be freed by the caller. Tests run in the top of the tree. */
static char *readme(void)
{
	CLEANUP(freep) char *text = calloc(1, README_MAX);
	FILE *file = fopen("README.md", "r");

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, README_MAX - 1, file) > 0);
	assert_int_equal(fclose(file), 0);
	return TAKE_PTR(text);
}

/* The row at @line, "| a | b | c | d | e |"; fails on any other number of cells. */
static void read_row(const char *line, struct row *ret)
{
	int n = (int) strcspn(line, "\n");
	const char *at = line + 1;

	for (enum cell c = 0; c < CELL_COUNT; c++) {
		size_t length = strcspn(at, "|\n");

		if (at[length] != '|' || length < 3 || length >= CELL_MAX)
			fail_msg("not five cells: %.*s", n, line);
		(void) snprintf(ret->cells[c], CELL_MAX, "%.*s", (int) length - 2, at + 1);
		at += length + 1;
	}
	if (*at != '\n')
		fail_msg("more than five cells: %.*s", n, line);
}

/* The next `word` of @text, into @word; NULL: there is none. Returns where to look for the next. */
static const char *next_word(const char *text, char word[static CELL_MAX])
{
	const char *begin = strchr(text, '`');
	const char *end = begin ? strchr(begin + 1, '`') : NULL;

	if (!end)
		return NULL;
	(void) snprintf(word, CELL_MAX, "%.*s", (int) (end - begin - 1), begin + 1);
	return end + 1;
}

static const struct journal_kind_entry *kind_of(const char *word)
{
	for (enum journal_kind k = 0; k < JOURNAL_KIND_COUNT; k++)
		if (strcmp(journal_kind(k)->word, word) == 0)
			return journal_kind(k);
	return NULL;
}

/* One word of a line: a kind of record, the kind of a fault, or a status. */
static void check_journal_word(const struct row *row, const char *word, bool is_warning)
{
	const struct journal_kind_entry *kind = kind_of(word);
	const char *fault = strncmp(word, "fault=", 6) == 0 ? word + 6 : NULL;

	if (fault && strcmp(fault_kind_word(fault_kind_of(fault)), fault) == 0)
		return;
	if (strncmp(word, "status=", 7) == 0)
		return; /* a mail server's */
	if (!kind)
		fail_msg("%s: the journal has no word %s", row->cells[CELL_FAILURE], word);
	/* A warning may be raised, but what a person must act on is never less. */
	if (is_warning && kind->priority != LOG_WARNING)
		fail_msg("%s: %s is no WARNING", row->cells[CELL_FAILURE], word);
}

static void check_journal(const struct row *row)
{
	const char *text = row->cells[CELL_JOURNAL];
	bool is_warning = strncmp(text, "WARNING", 7) == 0;
	char words[CELL_MAX];
	size_t n = 0;

	for (const char *at = text; (at = next_word(at, words)) != NULL; n++) {
		char *rest = words;
		char *word;

		while ((word = strsep(&rest, " ")) != NULL)
			check_journal_word(row, word, is_warning && n == 0);
	}
	for (size_t i = 0; i < sizeof no_words / sizeof *no_words; i++)
		n += strcmp(text, no_words[i]) == 0;
	if (n == 0)
		fail_msg("%s: no word of the journal", row->cells[CELL_FAILURE]);
}

static void check_tests(const struct row *row)
{
	static const char *const folders[] = { "tests/integration", "tests/unit" };
	char name[CELL_MAX];
	size_t n = 0;

	for (const char *at = row->cells[CELL_TESTS]; (at = next_word(at, name)) != NULL; n++) {
		bool is_there = false;

		for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
			char path[2 * CELL_MAX];

			(void) snprintf(path, sizeof path, "%s/%s", folders[i], name);
			is_there |= strncmp(name, "test_", 5) == 0 && access(path, R_OK) == 0;
		}
		if (!is_there)
			fail_msg("%s: no test %s", row->cells[CELL_FAILURE], name);
	}
	if (n == 0)
		fail_msg("%s: no test is named", row->cells[CELL_FAILURE]);
}

static void test_each_failure_is_shown(void **state)
{
	CLEANUP(freep) char *text = readme();
	const char *line = strstr(text, HEAD RULE);
	size_t rows = 0;

	(void) state;
	assert_non_null(line);
	for (line += strlen(HEAD RULE); *line == '|'; line = strchr(line, '\n') + 1, rows++) {
		struct row row;

		read_row(line, &row);
		check_journal(&row);
		check_tests(&row);
	}
	assert_true(rows >= ROWS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_failure_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
