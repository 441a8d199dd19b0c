/* test_config_shipped.c - conf/foimaild.conf holds every key with its preset, and no other. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/config.h"
#include "adapters/config_private.h"
#include "base/cleanup.h"
#include "tests/support/config_try.h"

/* The tree's text, to be freed by the caller. Tests run in the top of the tree. */
static char *slurp(const char *name)
{
	CLEANUP(freep) char *text = calloc(1, CONFIG_BYTES_MAX);
	FILE *file = fopen(name, "r");

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, CONFIG_BYTES_MAX - 1, file) > 0);
	assert_int_equal(fclose(file), 0);
	return TAKE_PTR(text);
}

/* The shipped line of a key: "name = preset" with or without '#'; in @ret what follows "= ". */
static bool find_shipped(const char *text, const struct config_key *key, char *ret, size_t room)
{
	char head[80];
	const char *at;

	(void) snprintf(head, sizeof head, "\n[%s", key->section);
	at = strstr(text, head);
	if (!at) {
		(void) snprintf(head, sizeof head, "\n#[%s", key->section);
		at = strstr(text, head);
	}
	for (at = at ? strchr(at + 2, '\n') : NULL; at; at = strchr(at + 1, '\n')) {
		const char *s = at + 1 + (at[1] == '#');
		size_t n = strlen(key->name);

		if (*s == '[')
			return false; /* the next section */
		if (strncmp(s, key->name, n) != 0 || strncmp(s + n, " =", 2) != 0)
			continue;
		s += n + 2;
		(void) snprintf(ret, room, "%.*s", (int) strcspn(s, "\n"), s);
		return true;
	}
	return false;
}

static void every_key_is_in_the_shipped_file_with_its_preset(void **state)
{
	CLEANUP(freep) char *text = slurp("conf/foimaild.conf");

	(void) state;
	for (size_t i = 0; i < config_n_keys; i++) {
		const struct config_key *key = &config_keys[i];
		char shipped[256];
		char expected[256];

		if (!find_shipped(text, key, shipped, sizeof shipped))
			fail_msg("[%s] %s is not in conf/foimaild.conf", key->section, key->name);
		if (!key->preset || strstr(key->preset, FOIMAILD_PREFIX))
			continue; /* the file is installed with its own prefix */
		(void) snprintf(
			expected, sizeof expected, "%s%s", *key->preset ? " " : "", key->preset);
		assert_string_equal(shipped, expected);
	}
}

/* Whether a line of the shipped file is a key, with '#' before it or not. */
static bool is_key_line(const char *line, size_t n, char name[static 64])
{
	size_t at = n > 0 && line[0] == '#';
	size_t length = strspn(line + at, "abcdefghijklmnopqrstuvwxyz_");

	if (length == 0 || length >= 64 || strncmp(line + at + length, " =", 2) != 0)
		return false;
	memcpy(name, line + at, length);
	name[length] = '\0';
	return true;
}

static void every_line_of_the_shipped_file_is_a_key_of_its_section(void **state)
{
	CLEANUP(freep) char *text = slurp("conf/foimaild.conf");
	char section[64] = "";
	char name[64];
	unsigned keys = 0;

	(void) state;
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		size_t n = strcspn(line, "\n");
		size_t at = *line == '#';

		if (line[at] == '[')
			(void) snprintf(section, sizeof section, "%.*s",
				(int) strcspn(line + at + 1, " ]"), line + at + 1);
		if (!is_key_line(line, n, name))
			continue;
		keys++;
		if (config_key_find(section, name) < 0)
			fail_msg("[%s] %s of conf/foimaild.conf is no key", section, name);
	}
	assert_int_equal(keys, config_n_keys);
}

/* @text with @value after the first line @key that stands open. */
static char *fill(char *text, const char *key, const char *value)
{
	char *filled;
	char line[64];
	char *at;

	(void) snprintf(line, sizeof line, "\n%s =\n", key);
	at = strstr(text, line);
	assert_non_null(at);
	at += strlen(line) - 1;
	assert_true(asprintf(&filled, "%.*s %s%s", (int) (at - text), text, value, at) > 0);
	free(text);
	return filled;
}

static void the_shipped_file_needs_four_values(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	CLEANUP(freep) char *text = slurp("conf/foimaild.conf");
	struct config_try *t = *state;

	assert_int_equal(config_try(t, text, &c), -EINVAL);
	assert_int_equal(t->mistakes, 4);
	text = fill(text, "name", "Example Council");
	text = fill(text, "address", "foi@example.org");
	text = fill(text, "url", "imaps://mail.example.org");
	text = fill(text, "credential", "imap");
	assert_int_equal(config_try(t, text, &c), 0);
	assert_int_equal(t->mistakes, 0);
}

/* Also with every '#' before a key taken away: what is shown must be allowed. */
static void every_preset_that_is_shown_is_accepted(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	CLEANUP(freep) char *text = slurp("conf/foimaild.conf");
	char name[64];
	struct config_try *t = *state;

	for (char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (*line == '#' && (line[1] == '[' || is_key_line(line, strlen(line), name)))
			memmove(line, line + 1, strlen(line));
	text = fill(text, "name", "Example Council");
	text = fill(text, "address", "foi@example.org");
	text = fill(text, "url", "imaps://mail.example.org");
	text = fill(text, "credential", "imap");
	assert_int_equal(config_try(t, text, &c), 0);
	assert_int_equal(t->mistakes, 0);
	assert_int_equal(c->n_forms, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_in_the_shipped_file_with_its_preset),
		cmocka_unit_test(every_line_of_the_shipped_file_is_a_key_of_its_section),
		cmocka_unit_test(the_shipped_file_needs_four_values),
		cmocka_unit_test(every_preset_that_is_shown_is_accepted),
	};

	return cmocka_run_group_tests(tests, config_try_set_up, config_try_tear_down);
}
