/* bytes.h - a growing, bounded run of bytes.
 *
 * Additions never fail at the call: what is over the bound is left out (is_cut), and a shortage
 * of memory is kept until bytes_take() tells it. So a decoder checks once, at its end. */
/* SPDX-License-Identifier: MIT */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
	char *at; /* owned; not ended by a NUL */
	size_t n;
	size_t room;
	size_t max;	 /* more than this is left out */
	bool is_cut;	 /* something was left out */
	bool is_starved; /* memory was short: the content is not whole */
};

void bytes_init(struct bytes *b, size_t max);
void bytes_done(struct bytes *b);

void bytes_add(struct bytes *b, const void *from, size_t n);
void bytes_add_text(struct bytes *b, const char *text);
void bytes_add_char(struct bytes *b, char c);

/* Adds @n bytes of UTF-8; what is none becomes U+FFFD, byte by byte. */
void bytes_add_utf8(struct bytes *b, const char *from, size_t n);

/* Drops a code point that was cut in its middle at the end of UTF-8 content. */
void bytes_mend_utf8(struct bytes *b);

/**
 * bytes_take - the content as a heap string.
 * @ret:   ended by a NUL; to be freed by the caller
 * @ret_n: may be NULL; length without the NUL
 *
 * @b is empty afterwards, with its bound kept. Return: 0; -ENOMEM, also for any earlier addition.
 */
int bytes_take(struct bytes *b, char **ret, size_t *ret_n);

#endif
