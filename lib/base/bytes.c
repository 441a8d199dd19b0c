/* bytes.c - a growing, bounded run of bytes. */
/* SPDX-License-Identifier: MIT */
#include "base/bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void bytes_init(struct bytes *b, size_t max)
{
	*b = (struct bytes){ .max = max };
}

void bytes_done(struct bytes *b)
{
	if (!b)
		return;
	free(b->at);
	bytes_init(b, b->max);
}

/* Makes room for @n more bytes and the NUL of bytes_take(). */
static bool has_room(struct bytes *b, size_t n)
{
	size_t room = b->room ? b->room : 256;
	char *at;

	if (b->room - b->n > n)
		return true;
	while (room - b->n <= n)
		room *= 2;
	at = realloc(b->at, room);
	if (!at) {
		b->is_starved = true;
		return false;
	}
	b->at = at;
	b->room = room;
	return true;
}

void bytes_add(struct bytes *b, const void *from, size_t n)
{
	if (n > b->max - b->n) {
		n = b->max - b->n;
		b->is_cut = true;
	}
	if (n == 0 || !has_room(b, n))
		return;
	memcpy(b->at + b->n, from, n);
	b->n += n;
}

void bytes_add_text(struct bytes *b, const char *text)
{
	bytes_add(b, text, strlen(text));
}

void bytes_add_char(struct bytes *b, char c)
{
	if (b->n < b->max && b->room - b->n > 1)
		b->at[b->n++] = c;
	else
		bytes_add(b, &c, 1);
}

void bytes_add_utf8(struct bytes *b, const char *from, size_t n)
{
	if (text_is_utf8(from, n)) {
		bytes_add(b, from, n);
		return;
	}
	while (n > 0 && !b->is_cut && !b->is_starved) {
		unsigned char lead = (unsigned char) *from;
		size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

		if (length <= n && text_is_utf8(from, length)) {
			bytes_add(b, from, length);
		} else {
			bytes_add(b, "\xEF\xBF\xBD", 3);
			length = 1;
		}
		from += length;
		n -= length;
	}
}

void bytes_mend_utf8(struct bytes *b)
{
	size_t k = 0;
	unsigned char lead;
	size_t length;

	while (k < 3 && k < b->n && ((unsigned char) b->at[b->n - 1 - k] & 0xC0) == 0x80)
		k++;
	if (k == b->n)
		return;
	lead = (unsigned char) b->at[b->n - 1 - k];
	length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	if (k + 1 < length)
		b->n -= k + 1;
}

int bytes_take(struct bytes *b, char **ret, size_t *ret_n)
{
	if (b->is_starved || !has_room(b, 0)) {
		bytes_done(b);
		return -ENOMEM;
	}
	b->at[b->n] = '\0';
	*ret = b->at;
	if (ret_n)
		*ret_n = b->n;
	bytes_init(b, b->max);
	return 0;
}
