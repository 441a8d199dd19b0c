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
	"IBM437",
	"IBM850",
	"IBM852",
	"IBM855",
	"IBM866",
};

enum {
	UTF8,
	WINDOWS_1252,
	CHARSETS = sizeof names / sizeof names[0],
};

/* What mailers write (compared without "-", "_", ":", "." and spaces) and what they mean. */
static const struct alias {
	const char *name;
	const char *set;
} aliases[] = {
	{ "utf8", "UTF-8" },
	{ "unicode11utf8", "UTF-8" },
	{ "xunknown", "UTF-8" },
	{ "iso88591", "WINDOWS-1252" },
	{ "88591", "WINDOWS-1252" },
	{ "latin1", "WINDOWS-1252" },
	{ "l1", "WINDOWS-1252" },
	{ "cp819", "WINDOWS-1252" },
	{ "ibm819", "WINDOWS-1252" },
	{ "isoir100", "WINDOWS-1252" },
	{ "iso885911987", "WINDOWS-1252" },
	{ "cp1252", "WINDOWS-1252" },
	{ "xansi", "WINDOWS-1252" },
	{ "ansi", "WINDOWS-1252" },
	{ "win1252", "WINDOWS-1252" },
	{ "latin2", "ISO-8859-2" },
	{ "latin3", "ISO-8859-3" },
	{ "latin4", "ISO-8859-4" },
	{ "latin5", "ISO-8859-9" },
	{ "latin6", "ISO-8859-10" },
	{ "latin7", "ISO-8859-13" },
	{ "latin8", "ISO-8859-14" },
	{ "latin9", "ISO-8859-15" },
	{ "latin0", "ISO-8859-15" },
	{ "latin10", "ISO-8859-16" },
	{ "cyrillic", "ISO-8859-5" },
	{ "arabic", "ISO-8859-6" },
	{ "greek", "ISO-8859-7" },
	{ "hebrew", "ISO-8859-8" },
	{ "iso88598i", "ISO-8859-8" },
	{ "iso88598e", "ISO-8859-8" },
	{ "iso88596i", "ISO-8859-6" },
	{ "cp1250", "WINDOWS-1250" },
	{ "cp1251", "WINDOWS-1251" },
	{ "win1251", "WINDOWS-1251" },
	{ "cp1253", "WINDOWS-1253" },
	{ "cp1254", "WINDOWS-1254" },
	{ "cp1255", "WINDOWS-1255" },
	{ "cp1256", "WINDOWS-1256" },
	{ "cp1257", "WINDOWS-1257" },
	{ "cp1258", "WINDOWS-1258" },
	{ "windows874", "CP874" },
	{ "tis620", "CP874" },
	{ "koi8", "KOI8-R" },
	{ "koi8ru", "KOI8-U" },
	{ "gb2312", "GB18030" },
	{ "gb231280", "GB18030" },
	{ "gbk", "GB18030" },
	{ "cp936", "GB18030" },
	{ "ms936", "GB18030" },
	{ "euccn", "GB18030" },
	{ "xgbk", "GB18030" },
	{ "big5", "BIG5-HKSCS" },
	{ "cnbig5", "BIG5-HKSCS" },
	{ "cp950", "BIG5-HKSCS" },
	{ "xeucjp", "EUC-JP" },
	{ "ujis", "EUC-JP" },
	{ "shiftjis", "CP932" },
	{ "sjis", "CP932" },
	{ "xsjis", "CP932" },
	{ "mskanji", "CP932" },
	{ "windows31j", "CP932" },
	{ "iso2022jpms", "ISO-2022-JP" },
	{ "csiso2022jp", "ISO-2022-JP" },
	{ "euckr", "CP949" },
	{ "ksc56011987", "CP949" },
	{ "ksc5601", "CP949" },
	{ "uhc", "CP949" },
	{ "windows949", "CP949" },
	{ "unicode11utf7", "UTF-7" },
	{ "unicode", "UTF-16" },
	{ "ucs2", "UTF-16" },
	{ "iso10646ucs2", "UTF-16" },
	{ "ucs4", "UTF-32" },
	{ "mac", "MACINTOSH" },
	{ "xmacroman", "MACINTOSH" },
	{ "xmacintosh", "MACINTOSH" },
	{ "macroman", "MACINTOSH" },
	{ "cp437", "IBM437" },
	{ "cp850", "IBM850" },
	{ "cp852", "IBM852" },
	{ "cp855", "IBM855" },
	{ "cp866", "IBM866" },
};

/* Names that say no more than "bytes": read as if nothing were declared. */
static const char *const undeclared[] = { "usascii", "ascii", "ansix341968", "ansix341986",
	"iso646us", "us", "cp367", "unknown8bit", "8bit", "7bit", "binary", "default", "none" };

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

/* @name without the marks in which spellings differ, in lower case, cut to @ret. */
static void simplify(const char *name, char ret[static 32])
{
	size_t n = 0;

	for (; *name && n < 31; name++)
		if (!strchr("-_:. \t\"'", *name))
			ret[n++] = *name;
	ret[n] = '\0';
	text_lower(ret);
}

static int index_of(const char *set)
{
	char wanted[32];
	char have[32];

	simplify(set, wanted);
	for (int i = 0; i < CHARSETS; i++) {
		simplify(names[i], have);
		if (strcmp(wanted, have) == 0)
			return i;
	}
	return -1;
}

static bool is_undeclared(const char *simple)
{
	for (size_t i = 0; i < sizeof undeclared / sizeof undeclared[0]; i++)
		if (strcmp(simple, undeclared[i]) == 0)
			return true;
	return simple[0] == '\0';
}

static int find_set(const char *simple)
{
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (strcmp(simple, aliases[i].name) == 0)
			return index_of(aliases[i].set);
	/* "cswindows1251": IANA's own aliases are the name behind "cs". */
	if (strncmp(simple, "cs", 2) == 0 && index_of(simple) < 0)
		return index_of(simple + 2);
	return index_of(simple);
}

/* Bytes to pass when a character cannot be decoded, so that the next one stays in step. */
static size_t step_of(int set)
{
	if (strncmp(names[set], "UTF-32", 6) == 0)
		return 4;
	return strncmp(names[set], "UTF-16", 6) == 0 ? 2 : 1;
}

/* Adds what is UTF-8 and U+FFFD for each byte that is not. The C library's converters let code
 * points above U+10FFFF and halves of surrogate pairs through, which no JSON reader takes. */
static void add_checked(const char *s, size_t n, struct bytes *out)
{
	if (text_is_utf8(s, n)) {
		bytes_add(out, s, n);
		return;
	}
	while (n > 0 && !out->is_cut && !out->is_starved) {
		unsigned char lead = (unsigned char) *s;
		size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

		if (length <= n && text_is_utf8(s, length)) {
			bytes_add(out, s, length);
		} else {
			bytes_add(out, "\xEF\xBF\xBD", 3);
			length = 1;
		}
		s += length;
		n -= length;
	}
}

/* Invariant: each turn either consumes input or ends. */
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

		add_checked(chunk, sizeof chunk - left, out);
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
		add_checked(bytes, n, out);
	else
		convert(t, set, bytes, n, out);
	if (out->is_cut)
		bytes_mend_utf8(out);
}

int charset_decode(
	struct charset_table *t, const char *name, const char *bytes, size_t n, struct bytes *out)
{
	char simple[32];
	int set;

	simplify(name ? name : "", simple);
	if (is_undeclared(simple)) {
		decode_as(t, text_is_utf8(bytes, n) ? UTF8 : WINDOWS_1252, bytes, n, out);
		return 0;
	}
	set = find_set(simple);
	if (set < 0 || !is_open(t->open[set])) {
		decode_as(t, text_is_utf8(bytes, n) ? UTF8 : WINDOWS_1252, bytes, n, out);
		return 1;
	}
	decode_as(t, set, bytes, n, out);
	return 0;
}
