/* triage_words.c - words of a mail folded for comparison, and phrases looked up in them.
 *
 * Security: the words are a stranger's. Each phrase costs at most the length of the words times the
 * bounded reach of its gaps. */
/* SPDX-License-Identifier: MIT */
#include "domain/triage_words.h"

#include <ctype.h>
#include <string.h>

/* Letters U+00C0 to U+00FF without their accents; "?" is no such letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo?ouuuuy?saaaaaaaceeeeiiiidnooooo?ouuuuy?y";

struct replacement {
	const char *bytes;
	const char *plain;
};

static const struct replacement replacements[] = {
	{ "\xC2\xA0", " " }, /* no-break space */
	{ "\xC5\xB4", "w" }, /* Welsh w and y with circumflex */
	{ "\xC5\xB5", "w" }, { "\xC5\xB6", "y" }, { "\xC5\xB7", "y" },
	{ "\xE2\x80\x98", "'" }, /* curly apostrophes and quotes */
	{ "\xE2\x80\x99", "'" }, { "\xE2\x80\x9C", "\"" }, { "\xE2\x80\x9D", "\"" },
	{ "\xE2\x80\x8B", "" }, /* zero width */
	{ "\xE2\x80\x8C", "" }, { "\xE2\x80\x8D", "" }, { "\xEF\xBB\xBF", "" }, { "\xC2\xAD", "" },
	{ ",", "" }, { "*", "" }, /* bold marks of plain text */
};

struct output {
	char *buf;
	size_t n;
	size_t room;
};

static void put(struct output *o, char c)
{
	if (o->n + 1 < o->room)
		o->buf[o->n++] = c;
}

/* Folds white space at @s. Return: bytes used. */
static size_t fold_blank(const char *s, struct output *o)
{
	size_t n = strspn(s, " \t\r\n\f\v");
	size_t lines = 0;
	char last = o->n > 0 ? o->buf[o->n - 1] : '\n';

	for (size_t i = 0; i < n; i++)
		lines += s[i] == '\n';
	if (lines > 1) {
		if (last == ' ')
			o->n--;
		if (last != '\n')
			put(o, '\n');
	} else if (last != ' ' && last != '\n') {
		put(o, ' ');
	}
	return n;
}

/* Folds the character at @s that is no white space. Return: bytes used. */
static size_t fold_character(const char *s, struct output *o)
{
	unsigned char c = (unsigned char) s[0];
	unsigned char next = (unsigned char) s[1];

	/* Nearly all that people write, asked first: the list below is looked through for each. */
	if (isalnum(c)) {
		put(o, (char) tolower(c));
		return 1;
	}
	for (size_t i = 0; i < sizeof replacements / sizeof replacements[0]; i++) {
		size_t n = strlen(replacements[i].bytes);
		const char *plain = replacements[i].plain;

		if (strncmp(s, replacements[i].bytes, n) != 0)
			continue;
		if (plain[0] == ' ')
			(void) fold_blank(" ", o); /* it says how much of " " it used */
		else if (plain[0])
			put(o, plain[0]);
		return n;
	}
	if (c == 0xC3 && next >= 0x80 && next <= 0xBF && latin[next - 0x80] != '?') {
		put(o, latin[next - 0x80]);
		return 2;
	}
	put(o, (char) tolower(c));
	return 1;
}

/* @n: bytes of @s. */
static void fold_piece(const char *s, size_t n, struct output *o)
{
	const char *end = s + n;

	while (s < end && *s && o->n + 1 < o->room)
		s += isspace((unsigned char) *s) ? fold_blank(s, o) : fold_character(s, o);
}

static void end_fold(struct output *o)
{
	while (o->n > 0 && isspace((unsigned char) o->buf[o->n - 1]))
		o->n--;
	o->buf[o->n] = '\0';
}

void triage_words_fold(const char *s, char *ret, size_t room)
{
	struct output o = { .buf = ret, .room = room };

	fold_piece(s, s ? strlen(s) : 0, &o);
	end_fold(&o);
}

/* White space from the end of one line to the first word of another, with the marks in it. */
static size_t fold_line_ends(const char *s, struct output *o)
{
	size_t n = 0;
	size_t lines = 0;

	while (s[n] && strchr(" \t\r\n>", s[n]))
		lines += s[n++] == '\n';
	(void) fold_blank(lines > 1 ? "\n\n" : "\n", o); /* it says how much of that it used */
	return n;
}

void triage_words_fold_quoted(const char *s, char *ret, size_t room)
{
	struct output o = { .buf = ret, .room = room };

	s += strspn(s, " \t\r\n>");
	while (*s && o.n + 1 < room) {
		size_t n = strcspn(s, "\n");

		fold_piece(s, n, &o);
		s += n;
		if (*s)
			s += fold_line_ends(s, &o);
	}
	end_fold(&o);
}

static bool is_word_byte(char c)
{
	return isalnum((unsigned char) c) || (unsigned char) c >= 0x80;
}

/* Whether a sentence ends at @s: "s.10(1)" and "£1.50" hold a point but no end. */
static bool is_sentence_end(const char *s)
{
	return *s == '\0' || *s == '\n' ||
	       (strchr(".!?", *s) && (s[1] == '\0' || isspace((unsigned char) s[1])));
}

static long match(const char *s, const char *pattern);

/* As match(), with a gap before @pattern that stays in the sentence and ends before a word. */
static long match_behind_gap(const char *s, const char *pattern)
{
	for (size_t k = 0; k < TRIAGE_WORDS_GAP; k++) {
		long rest = -1;

		if (k == 0 || !is_word_byte(s[k - 1]))
			rest = match(s + k, pattern);
		if (rest >= 0)
			return (long) k + rest;
		if (is_sentence_end(s + k))
			return -1;
	}
	return -1;
}

/* Bytes of @s that @pattern covers from its beginning; -1: it does not. Recursion goes as deep as
 * @pattern, which is ours, has gaps. */
static long match(const char *s, const char *pattern)
{
	const char *start = s;

	for (; *pattern; pattern++) {
		if (*pattern == '*') {
			long rest = match_behind_gap(s, pattern + 1 + (pattern[1] == ' '));

			return rest < 0 ? -1 : (s - start) + rest;
		}
		if (*pattern == '%') {
			while (is_word_byte(*s))
				s++;
			continue;
		}
		if (*s != *pattern)
			return -1;
		s++;
	}
	return is_word_byte(*s) ? -1 : s - start;
}

struct triage_span triage_words_find(const char *words, const char *pattern)
{
	char first[64];
	size_t n = strcspn(pattern, "*%");

	n = n < sizeof first ? n : sizeof first - 1;
	memcpy(first, pattern, n);
	first[n] = '\0';
	for (const char *s = words; (s = strstr(s, first)); s++) {
		long k = s == words || !is_word_byte(s[-1]) ? match(s, pattern) : -1;

		if (k >= 0)
			return (struct triage_span){ s, (size_t) k };
	}
	return (struct triage_span){ NULL, 0 };
}

struct triage_span triage_words_any(const char *words, const char *const *patterns)
{
	struct triage_span span = { NULL, 0 };

	for (; *patterns && !span.at; patterns++)
		span = triage_words_find(words, *patterns);
	return span;
}

size_t triage_words_rest(struct triage_span span)
{
	size_t n = span.n;

	if (n > 0 && is_sentence_end(span.at + n - 1))
		return n;
	while (!is_sentence_end(span.at + n))
		n++;
	return n + (span.at[n] == '?');
}

static const char *sentence_start(const char *words, const char *at)
{
	while (at > words && !is_sentence_end(at - 1))
		at--;
	return at;
}

/* Copies the sentence around @at, as much of it as fits. */
static void copy_sentence(const char *words, const char *at, char ret[static TRIAGE_SENTENCE_MAX])
{
	const char *start = sentence_start(words, at);
	const char *end = at;
	size_t n;

	while (!is_sentence_end(end))
		end++;
	if (at - start > TRIAGE_SENTENCE_MAX / 2)
		start = at - TRIAGE_SENTENCE_MAX / 2;
	n = (size_t) (end - start);
	n = n < TRIAGE_SENTENCE_MAX ? n : TRIAGE_SENTENCE_MAX - 1;
	memcpy(ret, start, n);
	ret[n] = '\0';
}

static struct triage_span find_where(const char *words, const char *pattern,
	const char *const *exceptions, const char *const *required)
{
	for (const char *from = words;;) {
		struct triage_span span = triage_words_find(from, pattern);
		char sentence[TRIAGE_SENTENCE_MAX];

		if (!span.at)
			return span;
		copy_sentence(words, span.at, sentence);
		if (!triage_words_any(sentence, exceptions).at &&
			(!required || triage_words_any(sentence, required).at))
			return span;
		from = span.at + 1;
		while (!is_sentence_end(from))
			from++;
	}
}

struct triage_span triage_words_where(const char *words, const char *const *patterns,
	const char *const *exceptions, const char *const *required)
{
	struct triage_span span = { NULL, 0 };

	for (; *patterns && !span.at; patterns++)
		span = find_where(words, *patterns, exceptions, required);
	return span;
}

enum {
	START_BYTES = 3,
};

/* A place in triage_starts for the bytes at @s. */
static unsigned place_of(const char s[static START_BYTES])
{
	unsigned h =
		(unsigned char) s[0] * 961u + (unsigned char) s[1] * 31u + (unsigned char) s[2];

	return h % (64 * 64);
}

void triage_words_starts(const char *words, struct triage_starts *ret)
{
	*ret = (struct triage_starts){ .bits = { 0 } };
	for (const char *s = words; s[0] && s[1] && s[2]; s++)
		if (s == words || !is_word_byte(s[-1]))
			ret->bits[place_of(s) / 64] |= UINT64_C(1) << place_of(s) % 64;
}

/* Whether a text may hold @pattern; short ones and those with an early gap always. */
static bool may_hold(const struct triage_starts *starts, const char *pattern)
{
	return strcspn(pattern, "*%") < START_BYTES ||
	       (starts->bits[place_of(pattern) / 64] >> place_of(pattern) % 64 & 1) != 0;
}

struct triage_span triage_words_listed(const char *words, const struct triage_starts *starts,
	const char *const *patterns, const char *const *exceptions)
{
	struct triage_span span = { NULL, 0 };

	for (; *patterns && !span.at; patterns++)
		if (may_hold(starts, *patterns))
			span = find_where(words, *patterns, exceptions, NULL);
	return span;
}

struct triage_span triage_words_unless(
	const char *words, const char *const *patterns, const char *const *exceptions)
{
	return triage_words_where(words, patterns, exceptions, NULL);
}

static size_t count_words(const char *sentence)
{
	size_t n = 0;

	for (const char *s = sentence; *s; s++)
		n += is_word_byte(*s) && (s == sentence || s[-1] == ' ');
	return n;
}

struct triage_span triage_words_question(const char *words, const char *const *exceptions)
{
	for (const char *s = words; (s = strchr(s, '?')); s++) {
		char sentence[TRIAGE_SENTENCE_MAX];
		const char *start;

		/* "https://example.org/?id=1" asks nothing. */
		if (is_word_byte(s[1]) || s == words)
			continue;
		copy_sentence(words, s - 1, sentence);
		if (count_words(sentence) < 3 || triage_words_any(sentence, exceptions).at)
			continue;
		start = sentence_start(words, s - 1);
		start += strspn(start, " \n");
		return (struct triage_span){ start, (size_t) (s - start) + 1 };
	}
	return (struct triage_span){ NULL, 0 };
}
