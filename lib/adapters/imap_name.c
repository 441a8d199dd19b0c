/* imap_name.c - names of folders in modified UTF-7 (RFC 3501 s.5.1.3). */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/imap_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

enum {
	NAME_MAX_BYTES = 1000,
};

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* Writes a run of bits; flushing pads with zero bits. */
struct bits {
	char *to;
	uint32_t held;
	unsigned n;
};

static void put_bits(struct bits *b, uint32_t value, unsigned n)
{
	b->held = (b->held << n) | value;
	b->n += n;
	while (b->n >= 6) {
		b->n -= 6;
		*b->to++ = base64[(b->held >> b->n) & 63];
	}
}

static void flush_bits(struct bits *b)
{
	if (b->n > 0)
		put_bits(b, 0, 6 - b->n);
	*b->to++ = '-';
	*b = (struct bits){ .to = b->to };
}

/* One code point of well-formed UTF-8. */
static uint32_t next_point(const unsigned char **s)
{
	unsigned char lead = *(*s)++;
	unsigned more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
	uint32_t point = lead & (0x3fu >> more);

	while (more-- > 0)
		point = (point << 6) | (*(*s)++ & 0x3fu);
	return point;
}

static void put_point(struct bits *b, uint32_t point)
{
	if (point < 0x10000) {
		put_bits(b, point, 16);
		return;
	}
	point -= 0x10000;
	put_bits(b, 0xd800 | (point >> 10), 16);
	put_bits(b, 0xdc00 | (point & 0x3ff), 16);
}

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char) *s < ' ' || *s == 0x7f)
			return true;
	return false;
}

static void encode(const char *utf8, char *to)
{
	const unsigned char *s = (const unsigned char *) utf8;
	struct bits b = { .to = to };
	bool is_shifted = false;

	*b.to++ = '"';
	while (*s) {
		if (*s >= 0x80 && !is_shifted)
			*b.to++ = '&';
		if (*s >= 0x80) {
			is_shifted = true;
			put_point(&b, next_point(&s));
			continue;
		}
		if (is_shifted)
			flush_bits(&b);
		is_shifted = false;
		if (*s == '"' || *s == '\\')
			*b.to++ = '\\';
		*b.to++ = (char) *s;
		if (*s++ == '&')
			*b.to++ = '-';
	}
	if (is_shifted)
		flush_bits(&b);
	*b.to++ = '"';
	*b.to = '\0';
}

int imap_name(const char *utf8, char **ret, struct fault *f)
{
	size_t n = strlen(utf8);
	char *to;

	if (n == 0 || n > NAME_MAX_BYTES || !text_is_utf8(utf8, n) || has_control(utf8))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"a folder's name is empty, too long or no plain UTF-8: see folders");
	/* The worst case is single two-byte characters between plain ones: "&AOQ-" each. */
	to = malloc(n * 5 + 8);
	if (!to)
		return fault_set(f, -ENOMEM, "memory is short");
	encode(utf8, to);
	*ret = to;
	return 0;
}
