/* test_manual.c - the manuals hold every key and every option, and no other. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/config_private.h"
#include "base/cleanup.h"
#include "daemon/deadline.h"
#include "daemon/explain.h"
#include "daemon/foictl_case.h"
#include "domain/foi_move.h"
#include "domain/triage.h"

enum {
	PAGE_MAX = 64 * 1024,
	LINE_MAX_BYTES = 120,
};

/* The tree's text, to be freed by the caller. Tests run in the top of the tree. */
static char *slurp(const char *name)
{
	CLEANUP(freep) char *text = calloc(1, PAGE_MAX);
	FILE *file = fopen(name, "r");

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, PAGE_MAX - 1, file) > 0);
	assert_int_equal(fclose(file), 0);
	return TAKE_PTR(text);
}

/* Whether @line stands, whole, between @from and @to. */
static bool has_line(const char *from, const char *to, const char *line)
{
	size_t n = strlen(line);

	for (const char *s = from; (s = strstr(s, line)) != NULL && s < to; s++)
		if (s[-1] == '\n' && s[n] == '\n')
			return true;
	return false;
}

static void every_key_is_in_the_manual(void **state)
{
	CLEANUP(freep) char *page = slurp("conf/man/foimaild.conf.5");

	(void) state;
	for (size_t i = 0; i < config_n_keys; i++) {
		char head[LINE_MAX_BYTES];
		char line[LINE_MAX_BYTES];
		const char *from;
		const char *to;

		(void) snprintf(head, sizeof head, "\n.Ss [%s", config_keys[i].section);
		(void) snprintf(line, sizeof line, ".It Cm %s", config_keys[i].name);
		from = strstr(page, head);
		assert_non_null(from);
		to = strstr(from, "\n.El\n");
		assert_non_null(to);
		if (!has_line(from, to, line))
			fail_msg("[%s] %s is not in foimaild.conf(5)", config_keys[i].section,
				config_keys[i].name);
	}
}

static void the_manual_has_no_other_key_and_the_right_presets(void **state)
{
	CLEANUP(freep) char *page = slurp("conf/man/foimaild.conf.5");
	size_t keys = 0;

	(void) state;
	for (const char *s = page; (s = strstr(s, "\n.It Cm ")) != NULL; s++)
		keys++;
	assert_int_equal(keys, config_n_keys);
	for (size_t i = 0; i < config_n_keys; i++) {
		const char *preset = config_keys[i].preset;
		char line[LINE_MAX_BYTES];

		if (!preset || !*preset || strstr(preset, FOIMAILD_PREFIX))
			continue; /* the page names the usual prefix */
		(void) snprintf(line, sizeof line, ".Dq %s .", preset);
		if (!has_line(page, page + strlen(page), line))
			fail_msg("the preset \"%s\" is not in foimaild.conf(5)", preset);
	}
}

typedef int command(int argc, char **argv, FILE *out, FILE *err);

/* What all commands say to --help, to be freed by the caller. */
static char *all_help(void)
{
	static command *const commands[] = { status_command, list_command, show_command,
		why_command, record_command, undo_command, outbox_command, calendar_command,
		reload_command, deadline_command, explain_command };
	char name[] = "command";
	char option[] = "--help";
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		char *argv[] = { name, option, NULL };

		assert_int_equal(commands[i](2, argv, out, out), 0);
	}
	assert_int_equal(fclose(out), 0);
	return text;
}

static void every_option_is_in_the_manual(void **state)
{
	CLEANUP(freep) char *page = slurp("conf/man/foictl.1");
	CLEANUP(freep) char *help = all_help();
	unsigned options = 0;

	(void) state;
	for (const char *s = help; (s = strstr(s, "--")) != NULL; s += 2) {
		int n = (int) strspn(s + 2, "abcdefghijklmnopqrstuvwxyz-");
		char line[LINE_MAX_BYTES];

		(void) snprintf(line, sizeof line, "\n.It Fl -%.*s", n, s + 2);
		if (!strstr(page, line))
			fail_msg("%.*s is not in foictl(1)", n + 2, s);
		options++;
	}
	assert_true(options > 10);
}

static void the_manual_has_no_other_option(void **state)
{
	CLEANUP(freep) char *page = slurp("conf/man/foictl.1");
	CLEANUP(freep) char *help = all_help();

	(void) state;
	for (const char *s = page; (s = strstr(s, "\n.It Fl -")) != NULL; s++) {
		const char *option = s + strlen("\n.It Fl ");
		char name[LINE_MAX_BYTES];

		(void) snprintf(name, sizeof name, "-%.*s", (int) strcspn(option, " \n"), option);
		if (!strstr(help, name))
			fail_msg("%s of foictl(1) is no option", name);
	}
}

/* What stands under the item ".It Cm WORD" between @from and @to; NULL: there is none. */
static char *item(const char *from, const char *to, const char *word)
{
	char line[LINE_MAX_BYTES];
	const char *s = from;
	const char *end;
	int n = snprintf(line, sizeof line, "\n.It Cm %s", word);

	do
		s = strstr(s + 1, line);
	while (s && s < to && s[n] != '\n' && s[n] != ' ');
	if (!s || s >= to)
		return NULL;
	end = strstr(s + n, "\n.It ");
	return strndup(s, (size_t) ((end && end < to ? end : to) - s));
}

/* From the heading to the next one. */
static void find_section(const char *page, const char *title, const char **from, const char **to)
{
	*from = strstr(page, title);
	assert_non_null(*from);
	*to = strstr(*from + 1, "\n.Sh ");
	assert_non_null(*to);
}

static size_t count_items(const char *from, const char *to)
{
	size_t n = 0;

	for (const char *s = from; (s = strstr(s, "\n.It Cm ")) != NULL && s < to; s++)
		n++;
	return n;
}

/* But for "undone", which is the command undo. */
static void every_move_is_in_the_manual_with_its_law(void **state)
{
	CLEANUP(freep) char *page = slurp("conf/man/foictl.1");
	const char *from;
	const char *to;

	(void) state;
	find_section(page, "\n.Sh MOVES\n", &from, &to);
	for (unsigned i = 0; i < FOI_MOVE_UNDONE; i++) {
		const struct foi_move_row *row = foi_move_of((enum foi_move) i);
		CLEANUP(freep) char *text = item(from, to, row->word);

		if (!text)
			fail_msg("%s is not in foictl(1)", row->word);
		for (size_t r = 0; r < STATUTE_REGIME_COUNT; r++)
			if (row->law[r] && !strstr(text, row->law[r]))
				fail_msg("%s: %s is not in foictl(1)", row->word, row->law[r]);
	}
	assert_int_equal(count_items(from, to), FOI_MOVE_UNDONE);
}

static void every_outcome_is_in_the_manual(void **state)
{
	CLEANUP(freep) char *page = slurp("conf/man/foictl.1");
	const char *from;
	const char *to;
	size_t n = 0;

	(void) state;
	find_section(page, "\n.Sh OUTCOMES\n", &from, &to);
	for (unsigned i = 0; i < FOI_OUTCOME_COUNT; i++) {
		const struct foi_outcome_row *row = foi_outcome_of((enum foi_outcome) i);
		CLEANUP(freep) char *text = row->is_answer ? item(from, to, row->word) : NULL;

		if (row->is_answer && !text)
			fail_msg("%s is not in foictl(1)", row->word);
		n += row->is_answer;
	}
	assert_int_equal(count_items(from, to), n);
}

/* The journal tells a mail's reasons by these words alone. */
static void every_reason_is_in_the_manual(void **state)
{
	CLEANUP(freep) char *page = slurp("conf/man/foictl.1");
	const char *from;
	const char *to;

	(void) state;
	find_section(page, "\n.Sh REASONS\n", &from, &to);
	for (size_t i = 0; i < triage_rules_count; i++) {
		CLEANUP(freep) char *text = item(from, to, triage_rules[i].word);

		if (!text || !strstr(text, triage_rules[i].meaning + 1))
			fail_msg("%s or its meaning is not in foictl(1)", triage_rules[i].word);
	}
	assert_int_equal(count_items(from, to), triage_rules_count);
}

/* So that nobody has to know a word of it by heart. */
static void every_move_is_in_the_help(void **state)
{
	CLEANUP(freep) char *help = all_help();

	(void) state;
	for (unsigned i = 0; i < FOI_MOVE_UNDONE; i++) {
		const char *word = foi_move_of((enum foi_move) i)->word;
		size_t n = strlen(word);
		unsigned times = 0;

		for (const char *s = help; (s = strstr(s, word)) != NULL; s++)
			times += strncmp(s - 3, "\n  ", 3) == 0 && (s[n] == '\n' || s[n] == ' ');
		if (times != 1)
			fail_msg("%s is %u times in the help", word, times);
	}
	assert_non_null(strstr(help, "partly-upheld"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_in_the_manual),
		cmocka_unit_test(the_manual_has_no_other_key_and_the_right_presets),
		cmocka_unit_test(every_option_is_in_the_manual),
		cmocka_unit_test(the_manual_has_no_other_option),
		cmocka_unit_test(every_move_is_in_the_manual_with_its_law),
		cmocka_unit_test(every_outcome_is_in_the_manual),
		cmocka_unit_test(every_reason_is_in_the_manual),
		cmocka_unit_test(every_move_is_in_the_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
