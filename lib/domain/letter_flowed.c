/* letter_flowed.c - text of format=flowed (RFC 3676) with its paragraphs joined again.
 *
 * Security: a stranger's text; one pass, and the result is no longer than the source. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "domain/letter_internal.h"

struct line {
	const char *at; /* behind quote marks and stuffing */
	size_t n;
	size_t depth; /* number of quote marks */
	bool is_flowed;
};

static struct line read_line(struct field_cursor *c)
{
	struct line line = { 0 };

	line.at = field_line(c, &line.n);
	while (line.n > 0 && *line.at == '>') {
		line.at++;
		line.n--;
		line.depth++;
	}
	if (line.n > 0 && *line.at == ' ') { /* s.4.4: space-stuffing */
		line.at++;
		line.n--;
	}
	/* s.4.3: the signature line "-- " never flows. */
	line.is_flowed = line.n > 0 && line.at[line.n - 1] == ' ' &&
			 !(line.n == 3 && memcmp(line.at, "-- ", 3) == 0);
	return line;
}

static void add_marks(struct bytes *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		bytes_add_char(out, '>');
	if (depth > 0)
		bytes_add_char(out, ' ');
}

int letter_unflow(const char *text, size_t n, bool delete_space, char **ret, size_t *ret_n)
{
	struct field_cursor c;
	struct bytes out;
	size_t depth = 0;
	bool is_open = false; /* the line before flows on into this one */

	bytes_init(&out, n * 2 + 2);
	field_open(&c, text, n);
	while (c.at < c.end) {
		struct line line = read_line(&c);
		bool is_signature = line.n == 3 && memcmp(line.at, "-- ", 3) == 0;

		if (is_open && (line.depth != depth || is_signature)) {
			bytes_add_char(&out, '\n');
			is_open = false;
		}
		if (!is_open)
			add_marks(&out, line.depth);
		bytes_add(&out, line.at, line.n - (line.is_flowed && delete_space));
		depth = line.depth;
		is_open = line.is_flowed;
		if (!is_open)
			bytes_add_char(&out, '\n');
	}
	return bytes_take(&out, ret, ret_n);
}
