/* letter_field.c - header fields as they stand in the raw mail.
 *
 * Own code, not libetpan's mailimf_fields_parse: that one recurses once for each '(' of a comment
 * (a 200 KB From of '(' ends it by signal 11) and refuses the bad headers that mailers send.
 *
 * Security: one pass over a stranger's bytes, no recursion, no memory. */
/* SPDX-License-Identifier: MIT */
#include "domain/letter_field.h"

#include <string.h>
#include <strings.h>

enum {
	FIELD_NAME_MAX = 76, /* longer than any name in use */
};

void field_open(struct field_cursor *c, const char *bytes, size_t n)
{
	c->at = bytes;
	c->end = bytes + n;
	c->eol = n > 0 && !memchr(bytes, '\n', n) && memchr(bytes, '\r', n) ? '\r' : '\n';
}

const char *field_line(struct field_cursor *c, size_t *ret_n)
{
	const char *line = c->at;
	const char *eol = c->at < c->end ? memchr(line, c->eol, (size_t) (c->end - line)) : NULL;
	const char *stop = eol ? eol : c->end;

	c->at = eol ? eol + 1 : c->end;
	if (stop > line && c->eol == '\n' && stop[-1] == '\r')
		stop--;
	*ret_n = (size_t) (stop - line);
	return line;
}

/* Length of the field name that starts the line; 0: the line is no field. */
static size_t name_length(const char *line, size_t n)
{
	size_t k = 0;
	size_t colon;

	while (k < n && k < FIELD_NAME_MAX && line[k] > ' ' && line[k] < 0x7F && line[k] != ':')
		k++;
	/* Old mailers put blanks before the colon (RFC 5322 s.4.5). */
	for (colon = k; colon < n && (line[colon] == ' ' || line[colon] == '\t');)
		colon++;
	return colon < n && line[colon] == ':' ? k : 0;
}

static bool is_next_line_field(struct field_cursor c)
{
	size_t n;
	const char *line = field_line(&c, &n);

	return name_length(line, n) > 0;
}

/* The cursor stands behind the first line; takes the continuation lines. */
static void take_rest(struct field_cursor *c, struct field *field, const char *stop)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t')) {
		size_t n;
		const char *line = field_line(c, &n);

		stop = line + n;
	}
	field->value_n = (size_t) (stop - field->value);
	field->is_cut = field->value_n > FIELD_VALUE_MAX;
	if (field->is_cut)
		field->value_n = FIELD_VALUE_MAX;
}

bool field_has_next(struct field_cursor *c, struct field *ret)
{
	while (c->at < c->end) {
		struct field_cursor start = *c;
		size_t n;
		const char *line = field_line(c, &n);
		size_t name_n = name_length(line, n);
		const char *colon;

		if (n == 0)
			return false;
		if (n >= 2 && memcmp(line, "--", 2) == 0)
			name_n = 0;
		if (name_n > 0) {
			colon = memchr(line + name_n, ':', n - name_n);
			*ret = (struct field){ line, name_n, colon + 1, 0, false };
			take_rest(c, ret, line + n);
			return true;
		}
		if (memcmp(line, "--", n < 2 ? n : 2) == 0 || !is_next_line_field(*c)) {
			*c = start;
			return false;
		}
	}
	return false;
}

bool field_is(const struct field *field, const char *name)
{
	/* The first letter settles it for most: there may be millions of fields. */
	if (((field->name[0] ^ name[0]) & ~0x20) != 0)
		return false;
	return field->name_n == strlen(name) && strncasecmp(field->name, name, field->name_n) == 0;
}
