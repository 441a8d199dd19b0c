/* triage_words.h - words of a mail folded for comparison, and phrases looked up in them.
 *
 * Folded: small letters, no accents, one space for any white space, one line end where a paragraph
 * ends, plain apostrophes, no commas. A pattern is folded text in which "*" stands for up to
 * TRIAGE_WORDS_GAP bytes of the same sentence and "%" for the rest of a word. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_TRIAGE_WORDS_H
#define DOMAIN_TRIAGE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TRIAGE_WORDS_MAX = 32 * 1024, /* bytes that are judged; a longer mail asks near its start */
	TRIAGE_WORDS_GAP = 60,
	TRIAGE_SENTENCE_MAX = 400,
};

/* A place in folded words. */
struct triage_span {
	const char *at; /* NULL: not found */
	size_t n;
};

/* Folds @s into @ret of @room bytes, cut where it is full. @s may be NULL. */
void triage_words_fold(const char *s, char *ret, size_t room);

/* As triage_words_fold(), without the marks (">") before the lines of quoted mail, which would part
 * its phrases. */
void triage_words_fold_quoted(const char *s, char *ret, size_t room);

/* The first place of @pattern in @words, whole words only. Security: time is bounded by the length
 * of @words times a constant of the pattern. */
struct triage_span triage_words_find(const char *words, const char *pattern);

/* Bytes from @span to the end of its sentence. */
size_t triage_words_rest(struct triage_span span);

/* The first place of any of @patterns (ended by NULL). */
struct triage_span triage_words_any(const char *words, const char *const *patterns);

/* The first place of any of @patterns in a sentence that holds none of @exceptions. */
struct triage_span triage_words_unless(
	const char *words, const char *const *patterns, const char *const *exceptions);

/* Which three letters the words of a text begin with, so that most of a long list of patterns need
 * not be looked for. May say yes where it is no. */
struct triage_starts {
	uint64_t bits[64];
};

void triage_words_starts(const char *words, struct triage_starts *ret);

/* As triage_words_unless(), for long lists; @starts is of @words. */
struct triage_span triage_words_listed(const char *words, const struct triage_starts *starts,
	const char *const *patterns, const char *const *exceptions);

/* As triage_words_unless(), in a sentence that also holds one of @required. */
struct triage_span triage_words_where(const char *words, const char *const *patterns,
	const char *const *exceptions, const char *const *required);

/* The first sentence of three words or more that ends in a question mark and holds none of
 * @exceptions. */
struct triage_span triage_words_question(const char *words, const char *const *exceptions);

#endif
