/* hint_words.h - the words by which hints are found, as data. Internal to hint.
 *
 * Each list is ended by NULL and holds patterns of triage_words.h. A sentence with one of the
 * exceptions does not count. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_HINT_WORDS_H
#define DOMAIN_HINT_WORDS_H

#include <stddef.h>

struct hint_words {
	const char *what; /* "a report of a crime"; NULL ends a list of these */
	const char *const *patterns;
	const char *const *exceptions;
};

extern const struct hint_words hint_environment;
extern const struct hint_words hint_eir_named;
extern const struct hint_words hint_own_data;
extern const struct hint_words hint_business[];

/* A mail that names the law asks under it, whatever else it speaks of. */
extern const char *const hint_law_named[];

#endif
