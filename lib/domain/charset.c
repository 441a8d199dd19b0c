/* charset.c - text of the character sets that mailers send, read as UTF-8.
 *
 * Security: the converters run on a stranger's bytes. ISO-2022-CN-EXT stays out of the table: its
 * converter wrote out of bounds (CVE-2024-2961) and no mailer sends it. */
/* SPDX-License-Identifier: MIT */
#include "domain/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/charset_alias.h"

/* Names as iconv knows them. The first two are read by rules of their own. */
static const char *const names[] = {
	"UTF-8",
	"WINDOWS-1252",
	"ISO-8859-2",
	"ISO-8859-3",
	"ISO-8859-4",
	"ISO-8859-5",
	"ISO-8859-6",
	"ISO-8859-7",
	"ISO-8859-8",
	"ISO-8859-9",
	"ISO-8859-10",
	"ISO-8859-11",
	"ISO-8859-13",
	"ISO-8859-14",
	"ISO-8859-15",
	"ISO-8859-16",
	"WINDOWS-1250",
	"WINDOWS-1251",
	"WINDOWS-1253",
	"WINDOWS-1254",
	"WINDOWS-1255",
	"WINDOWS-1256",
	"WINDOWS-1257",
	"WINDOWS-1258",
	"CP874",
	"KOI8-R",
	"KOI8-U",
	"GB18030",
	"BIG5-HKSCS",
	"EUC-JP",
	"CP932",
	"ISO-2022-JP",
	"CP949",
	"ISO-2022-KR",
	"UTF-7",
	"UTF-16",
	"UTF-16LE",
	"UTF-16BE",
	"UTF-32",
	"UTF-32LE",
	"UTF-32BE",
	"MACINTOSH",
	"MAC-CENTRALEUROPE",
	"MAC-CYRILLIC",
	"IBM437",
	"IBM850",
	"IBM852",
	"IBM855",
	"IBM857",
	"IBM858",
	"IBM862",
	"IBM865",
	"IBM866",
	"EUC-TW",
	"JOHAB",
	"HP-ROMAN8",
	"ARMSCII-8",
	"GEORGIAN-PS",
	"VISCII",
};

enum {
	UTF8,
	WINDOWS_1252,
	CHARSETS = sizeof names / sizeof names[0],
};

struct charset_table {
	iconv_t open[CHARSETS]; /* owned; (iconv_t) -1: this machine has no such converter */
};

static bool is_open(iconv_t converter)
{
	return converter != (iconv_t) -1;
}

struct charset_table *charset_close_all(struct charset_table *t)
{
	for (size_t i = 0; t && i < CHARSETS; i++)
		if (is_open(t->open[i]))
			(void) iconv_close(t->open[i]); /* ours and open: cannot fail */
	free(t);
	return NULL;
}

void charset_close_allp(struct charset_table **t)
{
	*t = charset_close_all(*t);
}

int charset_open_all(struct charset_table **ret, struct fault *f)
{
	struct charset_table *t = malloc(sizeof *t);

	if (!t)
		return fault_set(f, -ENOMEM, "no memory for character sets");
	for (size_t i = 0; i < CHARSETS; i++)
		t->open[i] = iconv_open("UTF-8", names[i]);
	if (!is_open(t->open[UTF8]) || !is_open(t->open[WINDOWS_1252])) {
		charset_close_all(t);
		return fault_set(f, -ENOENT, "the C library has no converter for Windows-1252");
	}
	*ret = t;
	return 0;
}

const char *charset_name(size_t i)
{
	return i < CHARSETS ? names[i] : NULL;
}

bool charset_is_open(const struct charset_table *t, size_t i)
{
	return i < CHARSETS && is_open(t->open[i]);
}

/* -1: it is not in the table. */
static int index_of(const char *simple)
{
	for (int i = 0; i < CHARSETS; i++)
		if (charset_alias_is(simple, names[i]))
			return i;
	return -1;
}

/* Bytes to pass when a character cannot be decoded, so that the next one stays in step. */
static size_t step_of(int set)
{
	if (strncmp(names[set], "UTF-32", 6) == 0)
		return 4;
	return strncmp(names[set], "UTF-16", 6) == 0 ? 2 : 1;
}

/* The C library's converters let code points above U+10FFFF and halves of surrogate pairs through,
 * which no JSON reader takes. Invariant: each turn either consumes input or ends. */
static void convert(
	struct charset_table *t, int set, const char *bytes, size_t n, struct bytes *out)
{
	iconv_t converter = t->open[set];
	size_t step = step_of(set);
	char *from = (char *) (uintptr_t) bytes; /* iconv() does not write there */
	char chunk[4096];

	(void) iconv(converter, NULL, NULL, NULL, NULL); /* back to its initial state: no failure */
	while (n > 0 && !out->is_cut && !out->is_starved) {
		char *to = chunk;
		size_t left = sizeof chunk;
		size_t before = n;
		size_t r = iconv(converter, &from, &n, &to, &left);

		bytes_add_utf8(out, chunk, sizeof chunk - left);
		if (r != (size_t) -1)
			break;
		if (errno == E2BIG && (n < before || left < sizeof chunk))
			continue;
		/* EILSEQ, or EINVAL: the last character is not whole. */
		bytes_add(out, "\xEF\xBF\xBD", 3);
		if (step > n)
			step = n;
		from += step;
		n -= step;
	}
}

static void decode_as(
	struct charset_table *t, int set, const char *bytes, size_t n, struct bytes *out)
{
	if (set == UTF8)
		bytes_add_utf8(out, bytes, n);
	else
		convert(t, set, bytes, n, out);
	if (out->is_cut)
		bytes_mend_utf8(out);
}

/* Whether the text is UTF-8 up to a last character that was cut off. An ASCII text with one byte
 * of Windows-1252 at its end is not: "caf\xE9". */
static bool is_cut_utf8(const char *s, size_t n)
{
	size_t whole = n;

	while (whole > 0 && n - whole < 3 && ((unsigned char) s[whole - 1] & 0xC0) == 0x80)
		whole--;
	if (whole == 0 || (unsigned char) s[whole - 1] < 0xC2)
		return false;
	whole--;
	for (size_t i = 0; i < whole; i++)
		if ((unsigned char) s[i] >= 0x80)
			return text_is_utf8(s, whole);
	return false;
}

/* The set of a text that does not say it. */
static int guess(const char *s, size_t n)
{
	return text_is_utf8(s, n) || is_cut_utf8(s, n) ? UTF8 : WINDOWS_1252;
}

int charset_decode(
	struct charset_table *t, const char *name, const char *bytes, size_t n, struct bytes *out)
{
	char simple[CHARSET_SIMPLE_MAX] = "";
	int set;

	if (name)
		charset_alias(name, simple);
	set = simple[0] ? index_of(simple) : -1;
	if (set >= 0 && is_open(t->open[set])) {
		decode_as(t, set, bytes, n, out);
		return 0;
	}
	decode_as(t, guess(bytes, n), bytes, n, out);
	return simple[0] ? 1 : 0;
}
