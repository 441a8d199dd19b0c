/* charset_alias.c - the names that mailers give character sets. */
/* SPDX-License-Identifier: MIT */
#include "domain/charset_alias.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	PREFIXES_MAX = 2, /* before a name: one that is all "x" would be looked for at each */
};

struct alias {
	const char *name; /* in its simple form */
	const char *set;  /* as in the table of charset.c; "": none */
};

static const struct alias aliases[] = {
	{ "utf8mb4", "UTF-8" },
	{ "utf8sig", "UTF-8" },
	{ "unicode11utf8", "UTF-8" },
	{ "unicode20utf8", "UTF-8" },
	{ "latin1", "WINDOWS-1252" },
	{ "isolatin1", "WINDOWS-1252" },
	{ "l1", "WINDOWS-1252" },
	{ "isoir100", "WINDOWS-1252" },
	{ "iso885911987", "WINDOWS-1252" },
	{ "ansi", "WINDOWS-1252" },
	{ "western", "WINDOWS-1252" },
	{ "ansix31101983", "WINDOWS-1252" },
	{ "latin2", "ISO-8859-2" },
	{ "isolatin2", "ISO-8859-2" },
	{ "l2", "ISO-8859-2" },
	{ "isoir101", "ISO-8859-2" },
	{ "latin3", "ISO-8859-3" },
	{ "isolatin3", "ISO-8859-3" },
	{ "l3", "ISO-8859-3" },
	{ "isoir109", "ISO-8859-3" },
	{ "latin4", "ISO-8859-4" },
	{ "isolatin4", "ISO-8859-4" },
	{ "l4", "ISO-8859-4" },
	{ "isoir110", "ISO-8859-4" },
	{ "baltic", "ISO-8859-4" },
	{ "cyrillic", "ISO-8859-5" },
	{ "isolatincyrillic", "ISO-8859-5" },
	{ "isoir144", "ISO-8859-5" },
	{ "arabic", "ISO-8859-6" },
	{ "isolatinarabic", "ISO-8859-6" },
	{ "isoir127", "ISO-8859-6" },
	{ "ecma114", "ISO-8859-6" },
	{ "asmo708", "ISO-8859-6" },
	{ "iso88596i", "ISO-8859-6" },
	{ "iso88596e", "ISO-8859-6" },
	{ "greek", "ISO-8859-7" },
	{ "greek8", "ISO-8859-7" },
	{ "isolatingreek", "ISO-8859-7" },
	{ "isoir126", "ISO-8859-7" },
	{ "ecma118", "ISO-8859-7" },
	{ "elot928", "ISO-8859-7" },
	{ "hebrew", "ISO-8859-8" },
	{ "isolatinhebrew", "ISO-8859-8" },
	{ "isoir138", "ISO-8859-8" },
	{ "iso88598i", "ISO-8859-8" },
	{ "iso88598e", "ISO-8859-8" },
	{ "visual", "ISO-8859-8" },
	{ "logical", "ISO-8859-8" },
	{ "latin5", "WINDOWS-1254" },
	{ "isolatin5", "WINDOWS-1254" },
	{ "l5", "WINDOWS-1254" },
	{ "isoir148", "WINDOWS-1254" },
	{ "turkish", "WINDOWS-1254" },
	{ "latin6", "ISO-8859-10" },
	{ "isolatin6", "ISO-8859-10" },
	{ "l6", "ISO-8859-10" },
	{ "isoir157", "ISO-8859-10" },
	{ "latin7", "ISO-8859-13" },
	{ "isolatin7", "ISO-8859-13" },
	{ "l7", "ISO-8859-13" },
	{ "isoir179", "ISO-8859-13" },
	{ "latin8", "ISO-8859-14" },
	{ "isolatin8", "ISO-8859-14" },
	{ "l8", "ISO-8859-14" },
	{ "isoceltic", "ISO-8859-14" },
	{ "isoir199", "ISO-8859-14" },
	{ "latin9", "ISO-8859-15" },
	{ "isolatin9", "ISO-8859-15" },
	{ "l9", "ISO-8859-15" },
	{ "latin0", "ISO-8859-15" },
	{ "isoir203", "ISO-8859-15" },
	{ "latin10", "ISO-8859-16" },
	{ "isolatin10", "ISO-8859-16" },
	{ "l10", "ISO-8859-16" },
	{ "isoir226", "ISO-8859-16" },
	{ "tis620", "CP874" },
	{ "tis6202533", "CP874" },
	{ "thai", "CP874" },
	{ "koi", "KOI8-R" },
	{ "koi8", "KOI8-R" },
	{ "koi8ru", "KOI8-U" },
	{ "gb2312", "GB18030" },
	{ "gb23121980", "GB18030" },
	{ "gb231280", "GB18030" },
	{ "gbk", "GB18030" },
	{ "euccn", "GB18030" },
	{ "cngb", "GB18030" },
	{ "chinese", "GB18030" },
	{ "isoir58", "GB18030" },
	{ "iso58gb231280", "GB18030" },
	{ "windows9362000", "GB18030" },
	{ "gb180302000", "GB18030" },
	{ "big5", "BIG5-HKSCS" },
	{ "xbig5", "BIG5-HKSCS" },
	{ "bigfive", "BIG5-HKSCS" },
	{ "big5eten", "BIG5-HKSCS" },
	{ "cnbig5", "BIG5-HKSCS" },
	{ "big5hkscs2004", "BIG5-HKSCS" },
	{ "euc", "EUC-JP" },
	{ "ujis", "EUC-JP" },
	{ "eucjis", "EUC-JP" },
	{ "eucjpms", "EUC-JP" },
	{ "eucpkdfmtjapanese", "EUC-JP" },
	{ "shiftjis", "CP932" },
	{ "sjis", "CP932" },
	{ "shiftjis2004", "CP932" },
	{ "shiftjisx0213", "CP932" },
	{ "shiftjisms", "CP932" },
	{ "mskanji", "CP932" },
	{ "windows31j", "CP932" },
	{ "iso2022jpms", "ISO-2022-JP" },
	{ "iso2022jp1", "ISO-2022-JP" },
	{ "iso2022jp2", "ISO-2022-JP" },
	{ "iso2022jp3", "ISO-2022-JP" },
	{ "iso2022jp2004", "ISO-2022-JP" },
	{ "iso2022jpesc", "ISO-2022-JP" },
	{ "jis", "ISO-2022-JP" },
	{ "euckr", "CP949" },
	{ "ksc56011987", "CP949" },
	{ "ksc56011989", "CP949" },
	{ "ksc5601", "CP949" },
	{ "kscl5601", "CP949" },
	{ "ks56011987", "CP949" },
	{ "isoir149", "CP949" },
	{ "korean", "CP949" },
	{ "uhc", "CP949" },
	{ "iso2022kresc", "ISO-2022-KR" },
	{ "unicode11utf7", "UTF-7" },
	{ "unicode20utf7", "UTF-7" },
	{ "unicode", "UTF-16" },
	{ "unicode11", "UTF-16" },
	{ "ucs2", "UTF-16" },
	{ "iso10646ucs2", "UTF-16" },
	{ "unicodelittle", "UTF-16LE" },
	{ "ucs2le", "UTF-16LE" },
	{ "unicodefffe", "UTF-16BE" },
	{ "unicodebig", "UTF-16BE" },
	{ "ucs2be", "UTF-16BE" },
	{ "ucs4", "UTF-32" },
	{ "iso10646ucs4", "UTF-32" },
	{ "mac", "MACINTOSH" },
	{ "macroman", "MACINTOSH" },
	{ "macwestern", "MACINTOSH" },
	{ "macce", "MAC-CENTRALEUROPE" },
	{ "maccentraleurroman", "MAC-CENTRALEUROPE" },
	{ "macukrainian", "MAC-CYRILLIC" },
	{ "pc8codepage437", "IBM437" },
	{ "pc850multilingual", "IBM850" },
	{ "pcp852", "IBM852" },
	{ "pcmultilingual850euro", "IBM858" },
	{ "roman8", "HP-ROMAN8" },
	{ "r8", "HP-ROMAN8" },
};

/* Numbers of code pages, which stand behind many words and alone. */
static const struct alias pages[] = {
	{ "367", "" },
	{ "437", "IBM437" },
	{ "708", "ISO-8859-6" },
	{ "819", "WINDOWS-1252" },
	{ "850", "IBM850" },
	{ "852", "IBM852" },
	{ "855", "IBM855" },
	{ "857", "IBM857" },
	{ "858", "IBM858" },
	{ "862", "IBM862" },
	{ "865", "IBM865" },
	{ "866", "IBM866" },
	{ "874", "CP874" },
	{ "912", "ISO-8859-2" },
	{ "923", "ISO-8859-15" },
	{ "932", "CP932" },
	{ "936", "GB18030" },
	{ "943", "CP932" },
	{ "949", "CP949" },
	{ "950", "BIG5-HKSCS" },
	{ "1200", "UTF-16LE" },
	{ "1201", "UTF-16BE" },
	{ "1250", "WINDOWS-1250" },
	{ "1251", "WINDOWS-1251" },
	{ "1252", "WINDOWS-1252" },
	{ "1253", "WINDOWS-1253" },
	{ "1254", "WINDOWS-1254" },
	{ "1255", "WINDOWS-1255" },
	{ "1256", "WINDOWS-1256" },
	{ "1257", "WINDOWS-1257" },
	{ "1258", "WINDOWS-1258" },
	{ "1361", "JOHAB" },
	{ "10000", "MACINTOSH" },
	{ "10007", "MAC-CYRILLIC" },
	{ "10029", "MAC-CENTRALEUROPE" },
	{ "12000", "UTF-32LE" },
	{ "12001", "UTF-32BE" },
	{ "20127", "" },
	{ "20866", "KOI8-R" },
	{ "20932", "EUC-JP" },
	{ "20936", "GB18030" },
	{ "21866", "KOI8-U" },
	{ "28591", "WINDOWS-1252" },
	{ "28592", "ISO-8859-2" },
	{ "28593", "ISO-8859-3" },
	{ "28594", "ISO-8859-4" },
	{ "28595", "ISO-8859-5" },
	{ "28596", "ISO-8859-6" },
	{ "28597", "ISO-8859-7" },
	{ "28598", "ISO-8859-8" },
	{ "28599", "WINDOWS-1254" },
	{ "28603", "ISO-8859-13" },
	{ "28605", "ISO-8859-15" },
	{ "38598", "ISO-8859-8" },
	{ "50220", "ISO-2022-JP" },
	{ "50221", "ISO-2022-JP" },
	{ "50222", "ISO-2022-JP" },
	{ "50225", "ISO-2022-KR" },
	{ "51932", "EUC-JP" },
	{ "51936", "GB18030" },
	{ "51949", "CP949" },
	{ "54936", "GB18030" },
	{ "65000", "UTF-7" },
	{ "65001", "UTF-8" },
};

static const char *const page_words[] = { "windows", "codepage", "dosanglais", "win", "dos", "ibm",
	"cp", "ms", "" };

/* Names that say no more than "bytes": read as if nothing were declared. */
static const char *const undeclared[] = { "usascii", "ascii", "ansix341968", "ansix341986",
	"iso646us", "iso646irv", "isoir6", "646", "us", "unknown8bit", "unknown", "userdefined",
	"8bit", "7bit", "binary", "default", "none", "null", "unspecified" };

/* The sets whose senders mean the larger one of Windows, as HTML5 reads them too. */
static const struct alias parts_of_8859[] = {
	{ "1", "WINDOWS-1252" },
	{ "9", "WINDOWS-1254" },
	{ "11", "CP874" },
};

/* The marks in which spellings differ go. What stands behind the name (a comment, a year, a second
 * set, another parameter) is cut off. */
static void simplify(const char *name, char ret[static CHARSET_SIMPLE_MAX])
{
	size_t n = 0;

	while (*name && strchr(" \t\"'", *name))
		name++;
	for (; *name && !strchr("(;,:", *name) && n < CHARSET_SIMPLE_MAX - 1; name++)
		if (*name == ' ' && strchr(name, '='))
			break; /* a parameter whose semicolon was forgotten */
		else if (!strchr("-_. \t\"'$", *name))
			ret[n++] = *name;
	ret[n] = '\0';
	text_lower(ret);
}

bool charset_alias_is(const char *simple, const char *name)
{
	for (; *name; name++) {
		char small = *name >= 'A' && *name <= 'Z' ? (char) (*name - 'A' + 'a') : *name;

		if (small == '-')
			continue;
		if (small != *simple++)
			return false;
	}
	return *simple == '\0';
}

static const char *find(const struct alias *list, size_t n, const char *simple)
{
	/* Each encoded word of a header asks: the first letter tells most names apart. */
	for (size_t i = 0; i < n; i++)
		if (*simple == *list[i].name && strcmp(simple, list[i].name) == 0)
			return list[i].set;
	return NULL;
}

/* "cp-850", "windows_1252", "65001" */
static const char *find_page(const char *simple)
{
	for (size_t i = 0; i < sizeof page_words / sizeof page_words[0]; i++) {
		size_t n = strlen(page_words[i]);

		if (strncmp(simple, page_words[i], n) == 0 && simple[n] >= '0' && simple[n] <= '9')
			return find(pages, sizeof pages / sizeof pages[0], simple + n);
	}
	return NULL;
}

/* "8859_1", "iso88591"; NULL for the parts that are read as they are called. */
static const char *find_8859(const char *simple)
{
	const char *part = strstr(simple, "8859");

	if (!part || (part != simple && (part != simple + 3 || memcmp(simple, "iso", 3) != 0)))
		return NULL;
	return find(parts_of_8859, sizeof parts_of_8859 / sizeof parts_of_8859[0], part + 4);
}

static const char *meaning(const char *simple)
{
	const char *set = find(aliases, sizeof aliases / sizeof aliases[0], simple);

	for (size_t i = 0; !set && i < sizeof undeclared / sizeof undeclared[0]; i++)
		if (strcmp(simple, undeclared[i]) == 0)
			set = "";
	if (!set)
		set = find_page(simple);
	return set ? set : find_8859(simple);
}

/* Length of what stands before a name; 0: nothing does, or nothing would stay. */
static size_t prefix(const char *name)
{
	size_t n = *name == 'x' ? 1 : strncmp(name, "cs", 2) == 0 ? 2 : 0;

	return name[n] ? n : 0;
}

void charset_alias(const char *declared, char ret[static CHARSET_SIMPLE_MAX])
{
	char simple[CHARSET_SIMPLE_MAX];
	const char *name = simple;
	const char *set;

	simplify(declared, simple);
	set = meaning(name);
	/* IANA's own aliases have "cs" before them, sets that were not registered yet an "x". */
	for (size_t n, k = 0; !set && k < PREFIXES_MAX && (n = prefix(name)) > 0; k++) {
		name += n;
		set = meaning(name);
	}
	/* "8859_2" is a set of the table but for its first letters. */
	if (!set && strncmp(name, "8859", 4) == 0 && strlen(name) < 8) {
		(void) snprintf(ret, CHARSET_SIMPLE_MAX, "iso%s", name); /* fits: see above */
		return;
	}
	simplify(set ? set : name, ret);
}
