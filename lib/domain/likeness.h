/* likeness.h - whether two mails say nearly the same, from small sketches of their texts.
 *
 * A sketch keeps, for each of LIKENESS_HASHES functions, the smallest hash of any three words in a
 * row (min-wise hashing). The share of numbers that two sketches have in common is about the share
 * of such phrases that the texts have in common, whatever the order of the paragraphs. Two texts are
 * compared only if one of the bands of their sketches is the same: of texts that share nine phrases
 * in ten 98 in 100 are, of those that share a half 23 in 100.
 *
 * Security: the functions are public, so that somebody may write a text that looks like another's:
 * what is found here is told to a person and decides nothing. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_LIKENESS_H
#define DOMAIN_LIKENESS_H

#include <stdint.h>

enum {
	LIKENESS_HASHES = 32,
	LIKENESS_BANDS = 4,
	LIKENESS_BYTES = LIKENESS_HASHES * 4, /* of a packed sketch */
	LIKENESS_WORDS_MIN = 15, /* "Please see the attached request" is everybody's text */
	LIKENESS_NEAR = 24,	 /* from so many numbers in common on texts are nearly the same */
};

struct likeness {
	uint32_t hashes[LIKENESS_HASHES];
};

/**
 * likeness_sketch - the sketch of a text.
 * @text: UTF-8; letter case, accents, punctuation and white space do not count
 *
 * Return: 1 with @ret; 0 the text has less than LIKENESS_WORDS_MIN words.
 * Security: @text comes from anyone; its first TRIAGE_WORDS_MAX bytes are looked at, in linear time.
 */
int likeness_sketch(const char *text, struct likeness *ret);

/* How many numbers two sketches have in common: 0 to LIKENESS_HASHES. */
unsigned likeness_compare(const struct likeness *a, const struct likeness *b);

/* A number that two sketches share if all hashes of that band, below LIKENESS_BANDS, are equal. */
int64_t likeness_band(const struct likeness *l, unsigned band);

/* As bytes that are the same on every machine, and back. */
void likeness_pack(const struct likeness *l, uint8_t ret[static LIKENESS_BYTES]);
void likeness_unpack(const uint8_t bytes[static LIKENESS_BYTES], struct likeness *ret);

#endif
