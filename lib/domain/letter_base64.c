/* letter_base64.c - where the base64 of a text ends.
 *
 * Broken senders call plain words base64, and servers of lists write plain words below it. Decoded
 * as base64 those words would be lost.
 *
 * Security: a stranger's text; one pass. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "domain/letter_internal.h"

enum {
	WORD_LENGTH_MAX = 20, /* words are shorter on the average, pieces of base64 longer */
};

/* What one line is made of. */
struct shape {
	size_t pieces; /* between blanks */
	size_t bytes;  /* without blanks */
	bool has_junk; /* bytes that are no base64 */
	bool is_padded;
};

static bool is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '/' || c == '=';
}

static struct shape shape_of(const char *s, size_t n)
{
	struct shape shape = { 0 };
	bool in_piece = false;

	for (size_t i = 0; i < n; i++) {
		bool is_blank = s[i] == ' ' || s[i] == '\t' || s[i] == '\r';

		shape.pieces += !is_blank && !in_piece;
		shape.bytes += !is_blank;
		shape.has_junk |= !is_blank && !is_base64(s[i]);
		shape.is_padded |= s[i] == '=';
		in_piece = !is_blank;
	}
	return shape;
}

/* Before the padding only what looks like words ends base64; behind it, any junk does. */
static bool is_words(struct shape shape, bool is_behind_padding)
{
	if (is_behind_padding && shape.has_junk)
		return true;
	return shape.pieces > 1 && shape.bytes / shape.pieces < WORD_LENGTH_MAX;
}

size_t letter_base64_extent(const char *s, size_t n)
{
	struct field_cursor c;
	bool is_behind_padding = false;

	field_open(&c, s, n);
	while (c.at < c.end) {
		size_t line_n;
		const char *line = field_line(&c, &line_n);
		struct shape shape = shape_of(line, line_n);

		if (is_words(shape, is_behind_padding))
			return (size_t) (line - s);
		is_behind_padding |= shape.is_padded;
	}
	return n;
}
