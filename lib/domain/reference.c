/* reference.c - templates of reference numbers: reading them and filling them in. */
/* SPDX-License-Identifier: MIT */
#include "domain/reference.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "domain/reference_compose.h"

enum {
	SEQ_WIDTH_MAX = 12,
};

static const struct field_word {
	const char *word;
	enum reference_field field;
} field_words[] = {
	{ "seq", REFERENCE_SEQ },
	{ "yy", REFERENCE_YEAR_2 },
	{ "yyyy", REFERENCE_YEAR_4 },
	{ "mm", REFERENCE_MONTH },
};

static bool is_literal(char c)
{
	return isalnum((unsigned char) c) || (c && strchr(" -/.:", c));
}

/* The piece for the words between braces, such as "seq:6". */
static int parse_field(const char *word, struct reference_piece *ret)
{
	char name[16];
	const char *colon = strchr(word, ':');
	size_t n = colon ? (size_t) (colon - word) : strlen(word);
	uint64_t width = 0;

	if (n >= sizeof name)
		return -EINVAL;
	memcpy(name, word, n);
	name[n] = '\0';
	if (colon &&
		(strcmp(name, "seq") != 0 || text_uint(colon + 1, 1, SEQ_WIDTH_MAX, &width) < 0))
		return -EINVAL;
	for (size_t i = 0; i < sizeof field_words / sizeof field_words[0]; i++)
		if (strcmp(name, field_words[i].word) == 0) {
			ret->field = field_words[i].field;
			ret->width = (unsigned) width;
			return 0;
		}
	return -EINVAL;
}

/* Reads "{...}" at @s. Return: bytes used, or -EINVAL. */
static int read_field(const char *s, struct reference_piece *ret)
{
	char word[24];
	const char *end = strchr(s, '}');
	size_t n;

	if (!end)
		return -EINVAL;
	n = (size_t) (end - s - 1);
	if (n >= sizeof word)
		return -EINVAL;
	memcpy(word, s + 1, n);
	word[n] = '\0';
	if (parse_field(word, ret) < 0)
		return -EINVAL;
	return (int) n + 2;
}

/* Reads literal characters at @s up to a brace. Return: bytes used, or -EINVAL. */
static int read_literal(const char *s, struct reference_piece *ret)
{
	size_t n = 0;

	while (is_literal(s[n]))
		n++;
	if (n == 0 || n >= sizeof ret->literal)
		return -EINVAL;
	memcpy(ret->literal, s, n);
	ret->literal[n] = '\0';
	ret->field = REFERENCE_LITERAL;
	return (int) n;
}

static bool has_letter(const char *s)
{
	for (; *s; s++)
		if (isalpha((unsigned char) *s))
			return true;
	return false;
}

/* A bare counter such as "11681" or "173-25" would be found in every telephone number. */
static int check_sequence(const struct reference_template *t, struct fault *f)
{
	size_t sequences = 0;
	bool anchored = false;

	for (size_t i = 0; i < t->n; i++) {
		if (t->pieces[i].field == REFERENCE_SEQ) {
			sequences++;
			if (!anchored)
				return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
					"a reference needs a letter or a year before {seq}");
		} else if (t->pieces[i].field != REFERENCE_LITERAL) {
			anchored = true;
		} else {
			anchored = anchored || has_letter(t->pieces[i].literal);
		}
	}
	if (sequences != 1)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"a reference needs {seq} exactly once, it has it %zu times", sequences);
	return 0;
}

/* A reference with a space at its end would not survive a subject line. */
static int check_edges(const char *text, struct fault *f)
{
	size_t n = strlen(text);

	if (n == 0 || strchr(" -/.:", text[0]) || strchr(" -/.:", text[n - 1]))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"a reference must begin and end with a letter, a digit or a field");
	return 0;
}

/* In "FOI {seq}18" nobody can tell where the counter ends: what we write must be found again in the
 * answer to it, or each answer would open a case of its own. */
static int check_found(const struct reference_template *t, struct fault *f)
{
	static const uint64_t numbers[] = { 1, 42, 1761, 54321, 987654, 999999999999 };
	static const struct day when = { .n = 20605 }; /* 1 June 2026 */
	char text[REFERENCE_MAX];
	struct reference_hit hit;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		if (reference_format(t, numbers[i], when, text) < 0)
			return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
				"a reference has at most %d characters, with a counter of %d "
				"digits",
				REFERENCE_MAX - 1, SEQ_WIDTH_MAX);
		if (reference_find(t, text, &hit, 1) != 1 || strcmp(hit.reference, text) != 0)
			return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
				"'%s' could not be told for certain in an answer: put a letter or "
				"one of - / between the numbers",
				text);
	}
	return 0;
}

int reference_template_parse(const char *text, struct reference_template *ret, struct fault *f)
{
	struct reference_template t = { .n = 0 };
	size_t at = 0;
	int r = check_edges(text, f);

	if (r < 0)
		return r;
	while (text[at]) {
		int used;

		if (t.n == REFERENCE_PIECES_MAX)
			return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
				"a reference has at most %d pieces", REFERENCE_PIECES_MAX);
		used = text[at] == '{' ? read_field(text + at, &t.pieces[t.n])
				       : read_literal(text + at, &t.pieces[t.n]);
		if (used < 0)
			return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
				"character %zu of the reference: allowed are letters, digits, "
				"space, "
				"- / . : and {seq} {seq:6} {yy} {yyyy} {mm}",
				at + 1);
		t.n++;
		at += (size_t) used;
	}
	r = check_sequence(&t, f);
	if (r == 0)
		r = check_found(&t, f);
	if (r < 0)
		return r;
	*ret = t;
	return 0;
}

/* Writes one piece into @buf. Return: bytes needed without the NUL. */
static int write_piece(const struct reference_piece *piece, const struct reference_values *values,
	char *buf, size_t room)
{
	switch (piece->field) {
	case REFERENCE_LITERAL:
		return snprintf(buf, room, "%s", piece->literal);
	case REFERENCE_SEQ:
		return snprintf(buf, room, "%0*" PRIu64, (int) piece->width, values->seq);
	case REFERENCE_YEAR_2:
		return snprintf(buf, room, "%02u", values->year % 100);
	case REFERENCE_YEAR_4:
		return snprintf(buf, room, "%04u", values->year);
	case REFERENCE_MONTH:
		return snprintf(buf, room, "%02u", values->month);
	}
	return -1;
}

int reference_compose(const struct reference_template *t, const struct reference_values *values,
	char ret[static REFERENCE_MAX])
{
	char text[REFERENCE_MAX] = "";
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		int k = write_piece(&t->pieces[i], values, text + n, sizeof text - n);

		if (k < 0 || (size_t) k >= sizeof text - n)
			return -EOVERFLOW;
		n += (size_t) k;
	}
	memcpy(ret, text, n);
	ret[n] = '\0';
	return 0;
}

int reference_format(const struct reference_template *t, uint64_t seq, struct day when,
	char ret[static REFERENCE_MAX])
{
	struct day_civil civil = day_to_civil(when);
	struct reference_values values = {
		.seq = seq,
		.year = (unsigned) civil.year,
		.month = civil.month,
	};

	return reference_compose(t, &values, ret);
}
