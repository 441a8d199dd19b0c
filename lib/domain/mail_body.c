/* mail_body.c - text as it must be written into a mail of seven bits: the body. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "domain/mail_encoding.h"

enum {
	FLOW_COLUMNS = 72, /* RFC 3676 s.4.2 asks for 78 or fewer; quoting needs room */
};

/* ---- quoted-printable -------------------------------------------------------------------------- */

/* Whether byte @i of the @n bytes of a line must be written as "=XX". A dot at the beginning of a
 * line is what ends a mail in SMTP, and "From " there is changed by mail stores. */
static bool must_be_encoded(const char *line, size_t n, size_t i)
{
	unsigned char c = (unsigned char) line[i];

	return c >= 0x7F || c == '=' || c < ' ' || (c == ' ' && i + 1 == n) ||
	       (i == 0 && (c == '.' || c == 'F'));
}

/* Writes one line with its CRLF; longer ones are cut by soft line ends. */
static void write_quoted(FILE *out, const char *line, size_t n)
{
	size_t column = 0;

	for (size_t i = 0; i < n; i++) {
		bool encode = must_be_encoded(line, n, i);
		size_t need = encode ? 3 : 1;

		if (column + need > MAIL_LINE_MAX - 1) {
			(void) fputs("=\r\n", out); /* the caller asks ferror() at the end */
			column = 0;
		}
		if (encode)
			(void) fprintf(out, "=%02X", (unsigned) (unsigned char) line[i]);
		else
			(void) fputc(line[i], out);
		column += need;
	}
	(void) fputs("\r\n", out);
}

/* ---- format=flowed ----------------------------------------------------------------------------- */

/* Bytes of @s to the last space before FLOW_COLUMNS, that space included; all @n if it fits. */
static size_t flow_length(const char *s, size_t n)
{
	size_t columns = 0;
	size_t last = 0;

	for (size_t i = 0; i < n; i++) {
		columns += ((unsigned char) s[i] & 0xC0) != 0x80;
		if (columns > FLOW_COLUMNS && last > 0)
			return last;
		if (s[i] == ' ' && i > 0)
			last = i + 1;
	}
	return n;
}

/* RFC 3676 s.4.4: so that no reader takes the line for quoted mail. */
static bool needs_stuffing(const char *s, size_t n)
{
	return n > 0 && (s[0] == ' ' || s[0] == '>' || (n >= 5 && strncmp(s, "From ", 5) == 0));
}

static void write_line(FILE *out, const char *s, size_t n)
{
	char line[1024];
	size_t k = 0;

	if (needs_stuffing(s, n))
		line[k++] = ' ';
	n = n < sizeof line - k ? n : sizeof line - k;
	memcpy(line + k, s, n);
	write_quoted(out, line, k + n);
}

/* Writes a paragraph that stands in one line, without spaces at its end: those would say that it
 * goes on. */
static void write_flowed(FILE *out, const char *s, size_t n)
{
	while (n > 0 && s[n - 1] == ' ')
		n--;
	while (n > 0) {
		size_t k = flow_length(s, n);

		/* A word without end is cut: a line of SMTP has a bound. */
		if (k > 900) {
			k = 900;
			while (k > 1 && ((unsigned char) s[k] & 0xC0) == 0x80)
				k--;
		}
		write_line(out, s, k);
		s += k;
		n -= k;
	}
}

static bool stands_alone(const char *s)
{
	return *s == ' ' || *s == '-' || *s == '\n' || *s == '\0';
}

/* Bytes of @s up to where its paragraph, as far as it may be joined, ends; its last line end is not
 * among them. */
static size_t joined_length(const char *s)
{
	size_t n = strcspn(s, "\n");

	if (stands_alone(s) && *s != '-')
		return n;
	while (s[n] == '\n' && !stands_alone(s + n + 1))
		n += 1 + strcspn(s + n + 1, "\n");
	return n;
}

/* Control characters have no business in a letter; a line end inside a paragraph is a space. */
static size_t join(char *s, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char) s[i];

		if (c == '\n' || c == '\t')
			s[k++] = ' ';
		else if (c >= 0x20 && c != 0x7F)
			s[k++] = s[i];
	}
	return k;
}

int mail_write_body(FILE *out, const char *text)
{
	while (*text) {
		size_t n = joined_length(text);
		char *paragraph = strndup(text, n);
		size_t k;

		if (!paragraph)
			return -ENOMEM;
		k = join(paragraph, n);
		if (k > 0)
			write_flowed(out, paragraph, k);
		else
			(void) fputs("\r\n", out); /* the caller asks ferror() at the end */
		free(paragraph);
		text += n + (text[n] == '\n');
	}
	return 0;
}
