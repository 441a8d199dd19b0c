/* public_body.c - public authorities of the United Kingdom that a text names.
 *
 * The text is cut into phrases, which end at punctuation, at a blank line and at the end of a short
 * line (an address is written in such lines). In each phrase a name either ends in a word that says
 * what it is, behind words with capitals, or begins with one, or is one of a list.
 *
 * Security: the text comes from anyone; each word is looked at a bounded number of times. */
/* SPDX-License-Identifier: MIT */
#include "domain/public_body.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "domain/public_body_words.h"
#include "domain/triage_words.h"

enum {
	TEXT_BYTES_MAX = 64 * 1024, /* bytes that are looked at */
	PHRASE_WORDS_MAX = 64,
	NAME_WORDS_MAX = 9,
	SHORT_LINE_MAX = 50,
};

struct phrase {
	struct public_body_word words[PHRASE_WORDS_MAX];
	size_t n;
	bool is_cut; /* it began before its first word */
};

/* ---- phrases ----------------------------------------------------------------------------------- */

/* Bytes of the character at @s if it may stand in a word: Latin letters, digits, "&" and "-"; 0. */
static size_t letter_bytes(const char *s)
{
	unsigned char c = (unsigned char) s[0];

	if (c >= 0xC3 && c <= 0xDF)
		return 2;
	return c < 0x80 && (isalnum(c) || c == '&' || c == '-');
}

static bool is_capital(const char *s)
{
	unsigned char c = (unsigned char) s[0];

	/* The capitals of Latin-1: C3 80 to C3 9E. */
	return (c >= 'A' && c <= 'Z') ||
	       (c == 0xC3 && (unsigned char) s[1] >= 0x80 && (unsigned char) s[1] <= 0x9E);
}

/* Whether the bytes between two words end a phrase. A single line end does when the line is short. */
static bool is_break(const char *from, const char *to, const char *line)
{
	size_t lines = 0;

	for (const char *s = from; s < to; s++) {
		if (*s == '\n')
			lines++;
		else if (!isspace((unsigned char) *s))
			/* "St. Helens" */
			return !(*s == '.' && from - 2 >= line && strncmp(from - 2, "St", 2) == 0);
	}
	return lines > 1 || (lines == 1 && from - line < SHORT_LINE_MAX);
}

/* ---- names ------------------------------------------------------------------------------------- */

/* Number of words of @name that stand at word @i; 0: they do not. */
static size_t match_words(const struct phrase *p, size_t i, const char *name, bool is_exact)
{
	size_t n = 0;

	for (; *name; n++) {
		size_t k = strcspn(name, " ");
		const struct public_body_word *w = &p->words[i + n];

		if (i + n == p->n || w->n != k ||
			(is_exact ? memcmp(w->at, name, k) : strncasecmp(w->at, name, k)) != 0)
			return 0;
		name += k + (name[k] == ' ');
	}
	return n;
}

/* First word of the name that goes on at word @i. */
static size_t walk_back(const struct phrase *p, size_t i)
{
	size_t first = i;

	for (size_t k = i; k > 0 && i - k < NAME_WORDS_MAX; k--) {
		if (public_body_is_name(&p->words[k - 1]))
			first = k - 1;
		else if (!public_body_is_joining(&p->words[k - 1]))
			break;
	}
	return first;
}

/* Behind the last word of the name that goes on from word @i. */
static size_t walk_on(const struct phrase *p, size_t i)
{
	size_t end = i;

	for (size_t k = i; k < p->n && k - i < NAME_WORDS_MAX; k++) {
		if (public_body_is_name(&p->words[k]))
			end = k + 1;
		else if (!public_body_is_joining(&p->words[k]))
			break;
	}
	return end;
}

static bool has_distinct(const struct phrase *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (public_body_is_distinct(&p->words[i]))
			return true;
	return false;
}

static bool has_within(
	const struct phrase *p, size_t from, size_t to, const struct public_body_key *key)
{
	for (size_t i = from; key->within && i < to; i++)
		if (public_body_is_word(&p->words[i], key->within))
			return true;
	return key->within == NULL;
}

struct search {
	char own_words[256]; /* folded */
	enum public_body_sort own_sort;
	char (*names)[PUBLIC_BODY_MAX];
	size_t n;
	size_t max;
};

static bool is_in_own(const struct search *s, const struct public_body_word *w)
{
	char text[PUBLIC_BODY_MAX];
	char folded[PUBLIC_BODY_MAX];

	(void) snprintf(text, sizeof text, "%.*s", (int) w->n, w->at);
	triage_words_fold(text, folded, sizeof folded);
	return triage_words_find(s->own_words, folded).at != NULL;
}

/* Whether each word that tells bodies apart is in our own name. A sentence may begin with a word
 * that is no part of the name: "Tell Camden Council". */
static bool is_own(const struct search *s, const struct phrase *p, size_t from, size_t to,
	enum public_body_sort sort)
{
	bool has_any = false;

	if (sort != s->own_sort)
		return false;
	for (size_t i = from; i < to; i++) {
		if (!public_body_is_distinct(&p->words[i]))
			continue;
		if (is_in_own(s, &p->words[i]))
			has_any = true;
		else if (i > 0 || p->is_cut)
			return false;
	}
	return has_any;
}

static void copy_name(const struct phrase *p, size_t from, size_t to, char ret[PUBLIC_BODY_MAX])
{
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		const struct public_body_word *w = &p->words[i];

		if (n + w->n + 2 > PUBLIC_BODY_MAX)
			break;
		if (i > from)
			ret[n++] = ' ';
		memcpy(ret + n, w->at, w->n);
		n += w->n;
	}
	ret[n] = '\0';
}

static void add_name(struct search *s, const struct phrase *p, size_t from, size_t to)
{
	char name[PUBLIC_BODY_MAX];
	char folded[PUBLIC_BODY_MAX];

	copy_name(p, from, to, name);
	triage_words_fold(name, folded, sizeof folded);
	if (!name[0] || s->n == s->max || triage_words_find(s->own_words, folded).at)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (text_find_ci(s->names[i], name))
			return;
	memcpy(s->names[s->n++], name, sizeof name);
}

static void look_for_ending(struct search *s, const struct phrase *p, size_t i)
{
	for (const struct public_body_key *key = public_body_endings; key->words; key++) {
		size_t n = match_words(p, i, key->words, false);
		size_t from = n > 0 ? walk_back(p, i) : i;

		if (n == 0 || !has_distinct(p, from, i) || !has_within(p, from, i, key) ||
			(key->sort == PUBLIC_BODY_COUNCIL && i + n < p->n &&
				public_body_is_no_council(&p->words[i + n])))
			continue;
		if (!is_own(s, p, from, i, key->sort))
			add_name(s, p, from, i + n);
		return;
	}
}

static void look_for_beginning(struct search *s, const struct phrase *p, size_t i)
{
	for (const struct public_body_key *key = public_body_beginnings; key->words; key++) {
		size_t n = match_words(p, i, key->words, false);
		size_t to = n > 0 ? walk_on(p, i + n) : i;

		if (n == 0 || !has_distinct(p, i + n, to))
			continue;
		if (!is_own(s, p, i + n, to, key->sort))
			add_name(s, p, i, to);
		return;
	}
}

static void look_for_known(struct search *s, const struct phrase *p, size_t i)
{
	for (const char *const *name = public_body_known; *name; name++) {
		size_t n = match_words(p, i, *name, true);

		if (n > 0)
			add_name(s, p, i, i + n);
	}
}

static void look_at_phrase(struct search *s, const struct phrase *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->words[i].is_capital)
			look_for_ending(s, p, i);
	for (size_t i = 0; i < p->n; i++) {
		if (!p->words[i].is_capital)
			continue;
		look_for_beginning(s, p, i);
		look_for_known(s, p, i);
	}
}

/* Adds a word. A phrase that is full is looked at, and goes on with its last words. */
static void add_word(struct search *s, struct phrase *p, const char *at, size_t n)
{
	if (p->n == PHRASE_WORDS_MAX) {
		look_at_phrase(s, p);
		memmove(p->words, p->words + PHRASE_WORDS_MAX - NAME_WORDS_MAX,
			NAME_WORDS_MAX * sizeof p->words[0]);
		p->n = NAME_WORDS_MAX;
		p->is_cut = true;
	}
	p->words[p->n++] = (struct public_body_word){ at, n, is_capital(at) };
}

static void look_at_text(struct search *s, const char *text, const char *end)
{
	struct phrase p = { .n = 0 };
	const char *line = text;
	const char *last = text;

	for (const char *at = text; s->n < s->max; last = at) {
		size_t n = 0;

		while (at < end && !letter_bytes(at))
			at++;
		while (at + n < end && letter_bytes(at + n) > 0)
			n += letter_bytes(at + n);
		if (n == 0 || is_break(last, at, line)) {
			look_at_phrase(s, &p);
			p = (struct phrase){ .n = 0 };
		}
		if (n == 0)
			return;
		for (; last < at; last++)
			line = *last == '\n' ? last + 1 : line;
		add_word(s, &p, at, n);
		at += n;
	}
}

static enum public_body_sort sort_of(const char *words)
{
	const struct public_body_key *const lists[] = { public_body_endings,
		public_body_beginnings };

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		for (const struct public_body_key *key = lists[i]; key->words; key++)
			if (triage_words_find(words, key->words).at &&
				(!key->within || triage_words_find(words, key->within).at))
				return key->sort;
	return PUBLIC_BODY_NONE;
}

size_t public_body_find(const char *text, const char *own, char (*ret)[PUBLIC_BODY_MAX], size_t max)
{
	struct search s = { .names = ret, .max = max };

	triage_words_fold(own, s.own_words, sizeof s.own_words);
	s.own_sort = sort_of(s.own_words);
	look_at_text(&s, text, text + strnlen(text, TEXT_BYTES_MAX));
	return s.n;
}
