/* move_script.c - moves of a case written as a line, for tests. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/move_script.h"

static struct day day_of(const char *iso)
{
	struct day d = { 0 };

	if (day_parse(iso, &d) < 0)
		fail_msg("no day: %s", iso);
	return d;
}

static void add_exemption(struct foi_details *d, const char *section, bool denies)
{
	struct foi_exemption *e = &d->exemptions[d->n_exemptions++];

	(void) snprintf(e->section, sizeof e->section, "%s", section);
	e->denies = denies;
}

static void copy(char ret[static FOI_TEXT_MAX], const char *value)
{
	(void) snprintf(ret, FOI_TEXT_MAX, "%s", value);
	for (char *s = ret; *s; s++)
		if (*s == '_')
			*s = ' ';
}

static bool take_flag(struct foi_move_record *m, const char *word)
{
	if (strcmp(word, "complex") == 0)
		m->details.is_complex = true;
	else if (strcmp(word, "voluminous") == 0)
		m->details.is_voluminous = true;
	else if (strcmp(word, "daemon") == 0)
		m->is_person = false;
	else
		return false;
	return true;
}

static void take_value(struct foi_move_record *m, const char *key, const char *value)
{
	struct foi_details *d = &m->details;

	if (strcmp(key, "until") == 0) {
		d->has_until = true;
		d->until = day_of(value);
	} else if (strcmp(key, "outcome") == 0) {
		assert_int_equal(foi_outcome_parse(value, &d->outcome), 0);
	} else if (strcmp(key, "exemption") == 0 || strcmp(key, "deny") == 0) {
		add_exemption(d, value, key[0] == 'd');
	} else if (strcmp(key, "text") == 0) {
		copy(d->text, value);
	} else if (strcmp(key, "authority") == 0) {
		copy(d->authority, value);
	} else if (strcmp(key, "regime") == 0) {
		d->has_regime = true;
		assert_int_equal(statute_regime_parse(value, &d->regime), 0);
	} else if (strcmp(key, "part") == 0) {
		m->part = (unsigned) atoi(value);
	} else if (strcmp(key, "undoes") == 0) {
		m->undoes = atoi(value);
	} else {
		fail_msg("no such detail: %s", key);
	}
}

static void take_word(struct foi_move_record *m, char *word)
{
	char *equals = strchr(word, '=');

	if (take_flag(m, word))
		return;
	if (!equals)
		fail_msg("neither flag nor detail: %s", word);
	*equals = '\0';
	take_value(m, word, equals + 1);
}

bool move_script_next(const char **script, struct foi_move_record *ret)
{
	size_t n = strcspn(*script, ";");
	char text[512];
	char *rest = NULL;
	char *word;

	assert_true(n < sizeof text);
	(void) snprintf(text, sizeof text, "%.*s", (int) n, *script);
	*script += n + ((*script)[n] == ';');
	word = strtok_r(text, " ", &rest);
	if (!word)
		return false;
	*ret = (struct foi_move_record){ .is_person = true };
	if (foi_move_parse(word, &ret->move) < 0)
		fail_msg("no such move: %s", word);
	ret->part = foi_move_of(ret->move)->is_of_case ? 0 : 1;
	word = strtok_r(NULL, " ", &rest);
	assert_non_null(word);
	ret->day = day_of(word);
	while ((word = strtok_r(NULL, " ", &rest)) != NULL)
		take_word(ret, word);
	return true;
}
