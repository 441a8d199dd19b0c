/* mime_value.h - structured MIME header values: "text/plain; charset=utf-8; name*0=...". */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_MIME_VALUE_H
#define DOMAIN_MIME_VALUE_H

#include <stddef.h>

#include "domain/charset.h"

enum {
	MIME_WORD_MAX = 128,   /* of the value before the first ";" */
	MIME_VALUE_MAX = 8192, /* raw bytes of one value that are looked at */
};

/* The word before the parameters, in lower case: "text/plain", "attachment"; "" if none. */
void mime_value_word(const char *raw, size_t n, char ret[static MIME_WORD_MAX]);

/**
 * mime_value_type - a declared media type: one token, a slash, one token.
 *
 * What follows the second token is left out. A type that breaks the form is
 * "application/octet-stream", or "" without any slash: then it is none.
 *
 * Standard: RFC 2045 s.5.1.
 */
void mime_value_type(const char *raw, size_t n, char ret[static MIME_WORD_MAX]);

/**
 * mime_value_parameter - one parameter of a structured value.
 * @name: lower case, "filename"
 * @max:  bytes of the result that are kept
 * @ret:  heap text in UTF-8 on one line, freed by the caller; "" if there is no such parameter
 *
 * Joins continuations and decodes (RFC 2231); reads RFC 2047 words in parameters too, which the
 * standard forbids and mailers send.
 *
 * Return: the bits of enum encoded_word_note (encoded_word.h); -ENOMEM.
 * Security: @raw comes from anyone; time is linear.
 */
int mime_value_parameter(struct charset_table *t, const char *raw, size_t n, const char *name,
	size_t max, char **ret);

/* The same parameter as it stands, its quotes, sections and percent signs undone but no character set:
 * a boundary is compared with bytes of the body. Appended to @out. */
void mime_value_bytes(const char *raw, size_t n, const char *name, struct bytes *out);

#endif
