/* transfer.c - content transfer encodings, decoded as a stream.
 *
 * Security: works on a stranger's bytes with one pass and a fixed buffer. */
/* SPDX-License-Identifier: MIT */
#include "domain/transfer.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum {
	PIECE = 8192,
};

/* What a decoder carries from byte to byte. */
struct decoding {
	transfer_take *take; /* borrowed */
	void *context;	     /* borrowed */
	size_t broken;
	size_t n;
	int stop; /* what @take returned */
	char piece[PIECE];
};

static void flush(struct decoding *d)
{
	if (d->n > 0 && d->stop == 0)
		d->stop = d->take(d->context, d->piece, d->n);
	d->n = 0;
}

static void put(struct decoding *d, unsigned byte)
{
	if (d->n == PIECE)
		flush(d);
	d->piece[d->n++] = (char) (unsigned char) byte;
}

static void put_run(struct decoding *d, const char *bytes, size_t n)
{
	if (n > PIECE - d->n)
		flush(d);
	if (n <= PIECE - d->n) {
		memcpy(d->piece + d->n, bytes, n);
		d->n += n;
	} else if (d->stop == 0) {
		d->stop = d->take(d->context, bytes, n);
	}
}

enum transfer transfer_of(const char *value, size_t n)
{
	static const struct {
		const char *word;
		enum transfer encoding;
	} words[] = {
		{ "base64", TRANSFER_BASE64 },
		{ "quoted-printable", TRANSFER_QUOTED },
		{ "x-uuencode", TRANSFER_UUENCODE },
		{ "x-uue", TRANSFER_UUENCODE },
		{ "uuencode", TRANSFER_UUENCODE },
	};

	while (n > 0 && strchr(" \t\r\n\"", *value)) {
		value++;
		n--;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t length = strlen(words[i].word);

		if (n >= length && strncasecmp(value, words[i].word, length) == 0)
			return words[i].encoding;
	}
	return TRANSFER_IDENTITY;
}

/* Value of a base64 digit; 64: white space; 65: padding; 66: does not belong there. */
static unsigned base64_digit(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26U;
	if (c >= '0' && c <= '9')
		return c - '0' + 52U;
	if (c == '+')
		return 62;
	if (c == '/')
		return 63;
	if (c == '=')
		return 65;
	return c == '\n' || c == '\r' || c == ' ' || c == '\t' ? 64 : 66;
}

/* Ends a group of @k digits that is not whole (or is padded). */
static void end_group(struct decoding *d, uint32_t bits, unsigned k)
{
	if (k == 1)
		d->broken++;
	if (k >= 2)
		put(d, (bits << (6 * (4 - k))) >> 16);
	if (k == 3)
		put(d, ((bits << 6) >> 8) & 0xFF);
}

/* The groups of four digits, with nothing between, that stand at @s. Return: how many bytes of it. */
static size_t decode_groups(
	struct decoding *d, const uint8_t digit[static 256], const char *s, size_t n)
{
	size_t i;

	for (i = 0; n - i >= 4 && d->stop == 0; i += 4) {
		uint32_t v[4];

		for (size_t k = 0; k < 4; k++)
			v[k] = digit[(unsigned char) s[i + k]];
		if ((v[0] | v[1] | v[2] | v[3]) >= 64)
			break;
		if (PIECE - d->n < 3)
			flush(d);
		d->piece[d->n++] = (char) (unsigned char) (v[0] << 2 | v[1] >> 4);
		d->piece[d->n++] = (char) (unsigned char) (v[1] << 4 | v[2] >> 2);
		d->piece[d->n++] = (char) (unsigned char) (v[2] << 6 | v[3]);
	}
	return i;
}

static void decode_base64(struct decoding *d, const char *bytes, size_t n)
{
	uint32_t bits = 0;
	unsigned k = 0;
	uint8_t digit[256];

	for (unsigned c = 0; c < 256; c++)
		digit[c] = (uint8_t) base64_digit((unsigned char) c);
	for (size_t i = 0; i < n && d->stop == 0; i++) {
		unsigned v;

		if (k == 0)
			i += decode_groups(d, digit, bytes + i, n - i);
		if (i == n)
			break;
		v = digit[(unsigned char) bytes[i]];
		if (v < 64) {
			bits = bits << 6 | v;
			k++;
		} else if (v == 65 && k > 0) {
			/* Padding in the middle: two encoded texts were joined. Go on. */
			end_group(d, bits & 0xFFFFFF, k);
			k = 0;
			bits = 0;
		} else if (v == 66) {
			d->broken++;
		}
		if (k < 4)
			continue;
		put(d, bits >> 16 & 0xFF);
		put(d, bits >> 8 & 0xFF);
		put(d, bits & 0xFF);
		k = 0;
		bits = 0;
	}
	end_group(d, bits & 0xFFFFFF, k);
}

static int hex(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Length of a soft line break behind "=": optional blanks, then the line end; 0: it is none. */
static size_t soft_break(const char *s, size_t n)
{
	size_t i = 0;

	/* A bound keeps a line of "= = = =" linear; RFC 2045 lines have 76 characters. */
	while (i < n && i < 80 && (s[i] == ' ' || s[i] == '\t'))
		i++;
	if (i == n)
		return i;
	if (s[i] == '\n')
		return i + 1;
	if (s[i] == '\r')
		return i + 1 < n && s[i + 1] == '\n' ? i + 2 : i + 1;
	return 0;
}

/* What stands behind "=" at @s; how many bytes of it were used. */
static size_t decode_escape(struct decoding *d, const char *s, size_t n)
{
	int high = n >= 2 ? hex((unsigned char) s[0]) : -1;
	int low = n >= 2 ? hex((unsigned char) s[1]) : -1;
	size_t used;

	if (high >= 0 && low >= 0) {
		put(d, (unsigned) (high << 4 | low));
		return 2;
	}
	used = soft_break(s, n);
	if (used == 0 && n > 0) {
		put(d, '=');
		d->broken++;
	}
	return used;
}

static void decode_quoted(struct decoding *d, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && d->stop == 0;) {
		const char *mark = memchr(bytes + i, '=', n - i);
		size_t run = mark ? (size_t) (mark - bytes) - i : n - i;

		put_run(d, bytes + i, run);
		i += run;
		if (mark)
			i += 1 + decode_escape(d, mark + 1, n - i - 1);
	}
}

/* One line of uuencode: a length, then groups of four characters. */
static void decode_uu_line(struct decoding *d, const char *line, size_t n)
{
	unsigned left = ((unsigned char) line[0] - 32U) & 63U;

	for (size_t i = 1; left > 0 && i < n; i += 4) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 4; k++)
			bits = bits << 6 |
			       (i + k < n ? ((unsigned char) line[i + k] - 32U) & 63U : 0U);
		for (unsigned k = 0; k < 3 && left > 0; k++, left--)
			put(d, bits >> (16 - 8 * k) & 0xFF);
	}
	if (left > 0)
		d->broken++;
}

static void decode_uu(struct decoding *d, const char *bytes, size_t n)
{
	const char *end = bytes + n;

	while (bytes < end && d->stop == 0) {
		const char *eol = memchr(bytes, '\n', (size_t) (end - bytes));
		size_t length = (size_t) ((eol ? eol : end) - bytes);

		if (length > 0 && bytes[length - 1] == '\r')
			length--;
		if (length == 3 && memcmp(bytes, "end", 3) == 0)
			break;
		if (length > 0 && (length < 6 || memcmp(bytes, "begin ", 6) != 0))
			decode_uu_line(d, bytes, length);
		bytes = eol ? eol + 1 : end;
	}
}

void transfer_decode(enum transfer encoding, const char *bytes, size_t n, transfer_take *take,
	void *context, size_t *ret_broken)
{
	struct decoding d;

	/* Not the piece: an encoded word of a header is decoded escape by escape. */
	d.take = take;
	d.context = context;
	d.broken = 0;
	d.n = 0;
	d.stop = 0;
	switch (encoding) {
	case TRANSFER_IDENTITY:
		if (n > 0)
			(void) take(context, bytes, n); /* there is nothing left to end */
		break;
	case TRANSFER_BASE64:
		decode_base64(&d, bytes, n);
		break;
	case TRANSFER_QUOTED:
		decode_quoted(&d, bytes, n);
		break;
	case TRANSFER_UUENCODE:
		decode_uu(&d, bytes, n);
		break;
	}
	flush(&d);
	if (ret_broken)
		*ret_broken = d.broken;
}
