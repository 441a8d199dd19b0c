/* letter_field.h - header fields as they stand in the raw mail. Internal to the reader. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_LETTER_FIELD_H
#define DOMAIN_LETTER_FIELD_H

#include <stdbool.h>
#include <stddef.h>

enum {
	FIELD_VALUE_MAX = 64 * 1024, /* raw bytes of one value that are looked at */
};

/* A reading position in raw mail. */
struct field_cursor {
	const char *at;
	const char *end;
	char eol; /* '\n', or '\r' in a mail that has no '\n' at all */
};

/* One field; borrows from the raw mail. */
struct field {
	const char *name;
	size_t name_n;
	const char *value; /* folded; at most FIELD_VALUE_MAX */
	size_t value_n;
	bool is_cut; /* the value went on */
};

void field_open(struct field_cursor *c, const char *bytes, size_t n);

/* The line at the cursor without its line end, which is passed. At the end: n is 0. */
const char *field_line(struct field_cursor *c, size_t *ret_n);

/**
 * field_has_next - read the next field of a header.
 * @ret: set when there is one
 *
 * When there is none the cursor stands at the body: behind the blank line, or at a line that is
 * no header (a boundary "--", or text without a blank line before it). One bad line between two
 * good fields is passed.
 *
 * Security: time is linear in what the cursor passes.
 */
bool field_has_next(struct field_cursor *c, struct field *ret);

bool field_is(const struct field *field, const char *name);

#endif
