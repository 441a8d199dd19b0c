/* encoded_word.h - header text as its writer meant it: RFC 2047 words and raw 8-bit bytes.
 *
 * Also reads what the standard forbids and mailers send: blanks inside a word, small q and b,
 * a character split between two words, words inside quoted strings, missing padding. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_ENCODED_WORD_H
#define DOMAIN_ENCODED_WORD_H

#include <stddef.h>

#include "domain/charset.h"

/* What happened to a value, as bits. */
enum encoded_word_note {
	ENCODED_WORD_UNKNOWN = 1, /* a word named a character set that is not known */
	ENCODED_WORD_CUT = 2,	  /* there was more than is kept */
};

/**
 * encoded_word_decode - a header value, or a piece of one, as UTF-8 on one line.
 * @s, @n: raw bytes, may be folded over lines
 * @max:   bytes of the result that are kept
 * @ret:   heap text without control characters or bidirectional marks; freed by the caller
 *
 * Standard: RFC 2047, RFC 2231 s.5 (language), RFC 6532. Raw bytes that are no UTF-8 are read as
 *           Windows-1252.
 * Return:   the bits of enum encoded_word_note; -ENOMEM.
 * Security: @s comes from anyone; time is linear in @n.
 */
int encoded_word_decode(struct charset_table *t, const char *s, size_t n, size_t max, char **ret);

#endif
