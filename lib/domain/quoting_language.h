/* quoting_language.h - what mail programs write around old mail, language by language.
 *
 * One row a language. All words are in the form that quoting_line_fold() gives to a line: small
 * letters, plain apostrophes, no blank before a colon. Lists end in NULL, and may be NULL. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_QUOTING_LANGUAGE_H
#define DOMAIN_QUOTING_LANGUAGE_H

#include <stddef.h>

enum quoting_field {
	QUOTING_FROM,
	QUOTING_SENT,
	QUOTING_TO,
	QUOTING_COPY,
	QUOTING_SUBJECT,
	QUOTING_FIELD_COUNT,
};

struct quoting_language {
	const char *name;
	const char *const *fields[QUOTING_FIELD_COUNT]; /* labels of a header, before the ":" */
	const char *const *openings;			/* how "On ... wrote:" begins */
	const char *const *verbs;			/* the "wrote" in it */
	const char *const *titles;  /* "Original Message", between hyphens or above a header */
	const char *const *begins;  /* "Begin forwarded message", before a ":" */
	const char *const *devices; /* how "Sent from my phone" begins */
};

enum {
	QUOTING_LANGUAGES_MAX = 32, /* of the table: their numbers are bits of a word */
};

extern const struct quoting_language quoting_languages[];
extern const size_t quoting_languages_n;

#endif
