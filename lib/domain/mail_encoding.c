/* mail_encoding.c - text as it must be written into a mail of seven bits: the headers. */
/* SPDX-License-Identifier: MIT */
#include "domain/mail_encoding.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "domain/day.h"

enum {
	WORD_MAX = 60, /* longer ones are encoded, since an encoded text can be cut anywhere */
	ENCODED_MAX = 75 - 12, /* of an encoded word, without "=?UTF-8?Q?" and "?=" */
};

/* Bytes of a code point from its first byte. The text is known to be UTF-8. */
static size_t character_length(const char *s)
{
	unsigned char c = (unsigned char) *s;

	return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

bool mail_is_one_line(const char *s)
{
	if (!text_is_utf8(s, strlen(s)))
		return false;
	for (; *s; s++) {
		const unsigned char *c = (const unsigned char *) s;

		if (c[0] < 0x20 || c[0] == 0x7F || (c[0] == 0xC2 && c[1] < 0xA0))
			return false;
		if (c[0] == 0xE2 && c[1] == 0x80 && (c[2] == 0xA8 || c[2] == 0xA9))
			return false;
	}
	return true;
}

bool mail_is_address(const char *s)
{
	const char *at = strchr(s, '@');
	size_t n = strlen(s);

	if (!at || at == s || !at[1] || strchr(at + 1, '@') || n > MAIL_ADDRESS_MAX)
		return false;
	return mail_is_one_line(s) && strcspn(s, " <>()[]\\,;:\"") == n;
}

bool mail_is_id(const char *s)
{
	size_t n = strlen(s);
	const char *at = strchr(s, '@');

	if (n < 5 || n > MAIL_ID_MAX || s[0] != '<' || s[n - 1] != '>')
		return false;
	if (!at || at == s + 1 || at == s + n - 2)
		return false;
	for (size_t i = 1; i + 1 < n; i++)
		if (s[i] <= ' ' || s[i] >= 0x7F || strchr("<>,;", s[i]))
			return false;
	return true;
}

static bool is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char) *s >= 0x7F)
			return false;
	return true;
}

/* Whether @s can stand as it is: words short enough to fold between, nothing like "=?". */
static bool is_plain(const char *s)
{
	if (!is_ascii(s) || strstr(s, "=?") || s[0] == ' ')
		return false;
	for (; *s; s += strcspn(s, " "), s += strspn(s, " "))
		if (strcspn(s, " ") > WORD_MAX)
			return false;
	return true;
}

/* Writes plain words, with a new line before one that does not fit. */
static void write_folded(FILE *out, const char *s, size_t column)
{
	while (*s) {
		size_t n = strcspn(s, " ");

		if (column + 1 + n > MAIL_LINE_MAX) {
			(void) fputs("\r\n", out); /* the caller asks ferror() at the end */
			column = 0;
		}
		(void) fprintf(out, " %.*s", (int) n, s); /* the same */
		column += 1 + n;
		s += n;
		s += strspn(s, " ");
	}
}

static size_t encoded_length(const char *s, size_t n)
{
	size_t length = 0;

	for (size_t i = 0; i < n; i++)
		length += isalnum((unsigned char) s[i]) || s[i] == ' ' ? 1 : 3;
	return length;
}

static void write_encoded_character(FILE *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == ' ')
			(void) fputc('_', out); /* ferror() at the end, here and below */
		else if (isalnum((unsigned char) s[i]))
			(void) fputc(s[i], out);
		else
			(void) fprintf(out, "=%02X", (unsigned) (unsigned char) s[i]);
	}
}

/* RFC 2047 words, each on a line of its own but the first; no character is cut in two. */
static void write_encoded(FILE *out, const char *s, size_t column)
{
	size_t room = ENCODED_MAX > column ? ENCODED_MAX - column : 0;

	(void) fputs(" =?UTF-8?Q?", out); /* ferror() at the end, here and below */
	while (*s) {
		size_t n = character_length(s);
		size_t need = encoded_length(s, n);

		if (need > room) {
			(void) fputs("?=\r\n =?UTF-8?Q?", out);
			room = ENCODED_MAX;
		}
		write_encoded_character(out, s, n);
		room -= need;
		s += n;
	}
	(void) fputs("?=", out);
}

void mail_write_text(FILE *out, const char *name, const char *value)
{
	(void) fprintf(out, "%s:", name); /* ferror() at the end, here and below */
	if (is_plain(value))
		write_folded(out, value, strlen(name) + 1);
	else
		write_encoded(out, value, strlen(name) + 1);
	(void) fputs("\r\n", out);
}

static bool is_phrase(const char *s)
{
	for (; *s; s++)
		if (!isalnum((unsigned char) *s) && !strchr(" !#$%&'*+-/=?^_`{|}~", *s))
			return false;
	return true;
}

/* A display name: words, or encoded where it holds anything that a quoted string would be for. */
static void write_phrase(FILE *out, const char *s, size_t column)
{
	if (is_plain(s) && is_phrase(s))
		write_folded(out, s, column);
	else
		write_encoded(out, s, column);
}

void mail_write_mailbox(FILE *out, const char *name, const char *display, const char *address)
{
	(void) fprintf(out, "%s:", name); /* ferror() at the end, here and below */
	if (!is_ascii(address)) {
		/* RFC 6532 headers are not seven bits; the envelope says where it goes. */
		(void) fputs(" undisclosed-recipients:;\r\n", out);
		return;
	}
	if (display[0])
		write_phrase(out, display, strlen(name) + 1);
	/* On a line of its own: with a long name before it, it would not fit. */
	(void) fprintf(out, "%s <%s>\r\n", display[0] ? "\r\n" : "", address);
}

void mail_write_date(FILE *out, int64_t date)
{
	struct day_time t = day_london_time(date);
	struct day_civil c = day_to_civil(t.day);

	(void) fprintf(out, "Date: %.3s, %u %.3s %04d %02u:%02u:%02u +%02d00\r\n",
		day_weekday_name(day_weekday(t.day), DAY_ENGLISH), c.dayofmonth,
		day_month_name(c.month, DAY_ENGLISH), c.year, t.hour, t.minute, t.second,
		t.offset_sec / 3600); /* ferror() at the end */
}
