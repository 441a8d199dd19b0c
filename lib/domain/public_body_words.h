/* public_body_words.h - the words that names of authorities are made of. Internal to public_body. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_PUBLIC_BODY_WORDS_H
#define DOMAIN_PUBLIC_BODY_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* What sort of body a name is: two names are of one body only within a sort. */
enum public_body_sort {
	PUBLIC_BODY_NONE,
	PUBLIC_BODY_COUNCIL,
	PUBLIC_BODY_POLICE,
	PUBLIC_BODY_HEALTH,
	PUBLIC_BODY_FIRE,
	PUBLIC_BODY_CENTRAL,
	PUBLIC_BODY_UNIVERSITY,
	PUBLIC_BODY_OTHER,
};

struct public_body_word {
	const char *at;
	size_t n;
	bool is_capital;
};

/* Words that a name ends or begins with, in lower case. */
struct public_body_key {
	const char *words;
	enum public_body_sort sort;
	const char *within; /* a word that must stand in the name; NULL: none */
};

/* Each list ends with an entry without words. */
extern const struct public_body_key public_body_endings[];
extern const struct public_body_key public_body_beginnings[];

/* Names of their own, as they are written, capitals included; ended by NULL. */
extern const char *const public_body_known[];

bool public_body_is_word(const struct public_body_word *w, const char *text); /* in any case */

/* A word that may be part of a name by itself: with a capital, and not only since a sentence begins. */
bool public_body_is_name(const struct public_body_word *w);

/* A word that tells one body from another of its sort. */
bool public_body_is_distinct(const struct public_body_word *w);

/* A word that stands between those of a name, "of". */
bool public_body_is_joining(const struct public_body_word *w);

/* A word behind which "Council" is none: "Council tax". */
bool public_body_is_no_council(const struct public_body_word *w);

#endif
