/* html_reference.c - numbers of characters in HTML that are none.
 *
 * gumbo counts with an int, so "&#2147483648;" ends the text where it stands, and what follows
 * would be lost. Browsers read any number beyond Unicode as U+FFFD; so does this.
 *
 * Security: a stranger's text, gone through once. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "domain/html.h"

enum {
	LAST_CHARACTER = 0x10FFFF,
};

static unsigned digit_value(char c)
{
	return isdigit((unsigned char) c) ? (unsigned) (c - '0')
					  : (unsigned) ((c | 0x20) - 'a') + 10;
}

/* Bytes of "&#123" or "&#x1F" at @s, if its number is no character; else 0. */
static size_t beyond_unicode(const char *s, size_t n)
{
	bool is_hex = n > 2 && (s[2] | 0x20) == 'x';
	size_t i = is_hex ? 3 : 2;
	uint32_t number = 0;

	while (i < n && (is_hex ? isxdigit((unsigned char) s[i]) : isdigit((unsigned char) s[i]))) {
		number = number * (is_hex ? 16 : 10) + digit_value(s[i++]);
		if (number > LAST_CHARACTER)
			number = LAST_CHARACTER + 1; /* and stays there */
	}
	return number > LAST_CHARACTER ? i : 0;
}

void html_add_text(struct bytes *out, const char *s, size_t n)
{
	const char *end = s + n;

	while (s < end) {
		const char *mark = memmem(s, (size_t) (end - s), "&#", 2);
		size_t skip;

		bytes_add(out, s, (size_t) ((mark ? mark : end) - s));
		if (!mark)
			return;
		skip = beyond_unicode(mark, (size_t) (end - mark));
		bytes_add_text(out, skip > 0 ? "&#xFFFD" : "&#");
		s = mark + (skip > 0 ? skip : 2);
	}
}
