/* quoting_line.h - the lines of a mail's text, and what can be asked of one alone. Internal to
 * quoting. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_QUOTING_LINE_H
#define DOMAIN_QUOTING_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/quoting_language.h"

enum quoting_kind {
	QUOTING_WORDS,	       /* the writer's own, as far as the line tells */
	QUOTING_QUOTED,	       /* "> ..." */
	QUOTING_TITLE,	       /* "-----Original Message-----" */
	QUOTING_FORWARD,       /* "Begin forwarded message:" */
	QUOTING_HEADER,	       /* the first line of From, Sent, To, Subject */
	QUOTING_ATTRIBUTION,   /* "On ... wrote:" */
	QUOTING_SIGNATURE,     /* "-- " */
	QUOTING_MACHINE,       /* a line that a device or a program added: "Sent from my ..." */
	QUOTING_DISCLAIMER,    /* may start a paragraph of a legal notice */
	QUOTING_BANNER,	       /* may be a gateway's warning of mail from outside */
	QUOTING_FOOTER,	       /* WhatDoTheyKnow's */
	QUOTING_REVIEW_NOTICE, /* the heading in our own letters */
	QUOTING_REVIEW_ADVICE, /* the paragraph of our own letters, without its heading */
	QUOTING_KIND_COUNT,
};

/* A piece of a text. Not ended by a NUL. */
struct quoting_words {
	const char *at;
	size_t n;
};

struct quoting_line {
	const char *at;	   /* borrowed; as it came, without the line end */
	const char *words; /* borrowed; folded */
	uint32_t n;
	uint32_t words_n;
	uint32_t fields[QUOTING_FIELD_COUNT]; /* languages in which its label means that field */
	uint8_t kind;			      /* enum quoting_kind */
	uint8_t span;			      /* lines that a header or an attribution takes */
	bool is_blank;
	bool is_sure; /* an attribution that no person writes: all below it is old */
	bool is_quoted;
	bool is_dropped;
};

/**
 * quoting_line_fold - the form in which lines are compared.
 * @ret: room of @n bytes: folding never grows
 *
 * Small letters of the Latin, Greek and Cyrillic alphabets, one space for any white space and none
 * around or before a colon, plain hyphens and apostrophes, neither stars nor marks that nobody
 * sees.
 *
 * Return: bytes in @ret.
 */
size_t quoting_line_fold(const char *s, size_t n, char *ret);

static inline struct quoting_words quoting_words_of(const struct quoting_line *line)
{
	return (struct quoting_words){ line->words, line->words_n };
}

bool quoting_starts(struct quoting_words w, const char *prefix);
bool quoting_ends(struct quoting_words w, const char *suffix);
bool quoting_has(struct quoting_words w, const char *needle);

/* Whether it starts with, or holds, one of @list (ended by NULL; NULL: none). */
bool quoting_starts_any(struct quoting_words w, const char *const *list);
bool quoting_has_any(struct quoting_words w, const char *const *list);

/* Whether one of @list stands in it as whole words. */
bool quoting_has_word(struct quoting_words w, const char *const *list);

/* A line of at least ten hyphens, underscores, equal signs or stars. */
bool quoting_is_rule(const struct quoting_line *line);

bool quoting_has_address(struct quoting_words w);
bool quoting_has_digit(struct quoting_words w);
bool quoting_has_time(struct quoting_words w); /* "09:30", "9.30" */
bool quoting_has_year(struct quoting_words w); /* "2018", "16/5/18" */

#endif
