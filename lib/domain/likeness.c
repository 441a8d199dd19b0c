/* likeness.c - whether two mails say nearly the same, from small sketches of their texts. */
/* SPDX-License-Identifier: MIT */
#include "domain/likeness.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "domain/triage_words.h"

enum {
	SHINGLE_WORDS = 3,
	BAND_HASHES = 4,
};

_Static_assert(LIKENESS_BANDS *BAND_HASHES <= LIKENESS_HASHES, "a band holds hashes of its own");

/* FNV-1a. */
static const uint64_t hash_start = UINT64_C(0xcbf29ce484222325);
static const uint64_t hash_prime = UINT64_C(0x100000001b3);

/* Spreads each bit of @h over all of the result; a sketch is kept for years, so this never changes. */
static uint64_t spread(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 33;
	return h;
}

static bool is_word_byte(char c)
{
	return isalnum((unsigned char) c) || (unsigned char) c >= 0x80;
}

/* The hash of the next word at *@s, which is moved behind it. Return: false when there is none. */
static bool next_word(const char **s, uint64_t *ret)
{
	uint64_t h = hash_start;
	const char *at = *s;

	while (*at && !is_word_byte(*at))
		at++;
	if (!*at)
		return false;
	for (; is_word_byte(*at); at++)
		h = (h ^ (unsigned char) *at) * hash_prime;
	*s = at;
	*ret = h;
	return true;
}

/* Lets @shingle take its place in the sketch. */
static void add(struct likeness *l, uint64_t shingle)
{
	for (uint64_t i = 0; i < LIKENESS_HASHES; i++) {
		uint32_t h = (uint32_t) spread(shingle + (i + 1) * hash_start);

		if (h < l->hashes[i])
			l->hashes[i] = h;
	}
}

int likeness_sketch(const char *text, struct likeness *ret)
{
	char words[TRIAGE_WORDS_MAX];
	struct likeness l;
	uint64_t last[SHINGLE_WORDS] = { 0 };
	const char *s = words;
	size_t n = 0;

	triage_words_fold(text, words, sizeof words);
	memset(l.hashes, 0xFF, sizeof l.hashes);
	while (next_word(&s, &last[n % SHINGLE_WORDS])) {
		n++;
		if (n >= SHINGLE_WORDS)
			add(&l, spread(last[n % SHINGLE_WORDS]) +
					3 * spread(last[(n + 1) % SHINGLE_WORDS]) +
					5 * spread(last[(n + 2) % SHINGLE_WORDS]));
	}
	if (n < LIKENESS_WORDS_MIN)
		return 0;
	*ret = l;
	return 1;
}

unsigned likeness_compare(const struct likeness *a, const struct likeness *b)
{
	unsigned n = 0;

	for (size_t i = 0; i < LIKENESS_HASHES; i++)
		n += a->hashes[i] == b->hashes[i];
	return n;
}

int64_t likeness_band(const struct likeness *l, unsigned band)
{
	uint64_t h = band;

	for (size_t i = 0; i < BAND_HASHES; i++)
		h = spread(h + l->hashes[band * BAND_HASHES + i]);
	return (int64_t) (h >> 1);
}

void likeness_pack(const struct likeness *l, uint8_t ret[static LIKENESS_BYTES])
{
	for (size_t i = 0; i < LIKENESS_BYTES; i++)
		ret[i] = (uint8_t) (l->hashes[i / 4] >> (24 - i % 4 * 8));
}

void likeness_unpack(const uint8_t bytes[static LIKENESS_BYTES], struct likeness *ret)
{
	memset(ret->hashes, 0, sizeof ret->hashes);
	for (size_t i = 0; i < LIKENESS_BYTES; i++)
		ret->hashes[i / 4] = ret->hashes[i / 4] << 8 | bytes[i];
}
