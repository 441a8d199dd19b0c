/* text.c - small, bounded operations on text that came from outside. */
/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Bytes of the code point at @s (at most @n are there), its value in @ret; 0: malformed. */
static size_t decode(const unsigned char *s, size_t n, uint32_t *ret)
{
	static const uint32_t lowest[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	uint32_t c;

	if (length == 0 || length > n || s[0] > 0xF4)
		return 0;
	c = length == 1 ? s[0] : s[0] & (0xFFU >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3FU);
	}
	if (c < lowest[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	*ret = c;
	return length;
}

/* Whether the eight bytes at @p are ASCII: nearly all of every text is, and is passed that way. */
static bool is_ascii_word(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return (word & UINT64_C(0x8080808080808080)) == 0;
}

bool text_is_utf8(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *) s;

	while (n > 0) {
		uint32_t c;
		size_t length = n >= sizeof(uint64_t) && is_ascii_word(p) ? sizeof(uint64_t)
									  : decode(p, n, &c);

		if (length == 0)
			return false;
		p += length;
		n -= length;
	}
	return true;
}

bool text_is_equal_ci(const char *a, const char *b)
{
	return a == b || (a && b && strcasecmp(a, b) == 0);
}

bool text_has_prefix_ci(const char *s, const char *prefix)
{
	/* Most texts differ in their first letter, which is much cheaper to ask. */
	if (*prefix && ((*s ^ *prefix) & ~0x20))
		return false;
	return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

bool text_has_suffix_ci(const char *s, const char *suffix)
{
	size_t n = strlen(s);
	size_t m = strlen(suffix);

	return m <= n && strcasecmp(s + n - m, suffix) == 0;
}

const char *text_find_ci(const char *s, const char *needle)
{
	return strcasestr(s, needle);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

char *text_trim(char *s)
{
	size_t n;

	while (is_space(*s))
		s++;
	n = strlen(s);
	while (n > 0 && is_space(s[n - 1]))
		n--;
	s[n] = '\0';
	return s;
}

void text_lower(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char) (*s - 'A' + 'a');
}

void text_blank_nul(char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == '\0')
			s[i] = ' ';
}

int text_uint(const char *s, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (!s || !*s)
		return -EINVAL;
	for (; *s; s++) {
		unsigned digit = (unsigned) (unsigned char) *s - '0';

		if (digit > 9)
			return -EINVAL;
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, digit, &value))
			return -ERANGE;
	}
	if (value < min || value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}

/* Marks that change how neighbouring text is shown, or that cannot be seen at all. */
static bool is_deceptive(uint32_t c)
{
	return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xAD || c == 0x034F || c == 0x061C ||
	       c == 0x180E || c == 0x3164 || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
	       (c >= 0xE0000 && c <= 0xE0FFF);
}

static bool is_blank(uint32_t c)
{
	return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029;
}

/* Whether anything is left that a line would show. */
static bool has_more(const unsigned char *p, size_t n)
{
	uint32_t c;
	size_t length;

	for (; n > 0; p += length, n -= length) {
		length = decode(p, n, &c);
		if (length == 0 || !(is_blank(c) || is_deceptive(c)))
			return true;
	}
	return false;
}

int text_cut_line(const char *s, size_t max, bool *ret_is_cut, char **ret)
{
	const unsigned char *p = (const unsigned char *) s;
	size_t n = strlen(s);
	size_t k = 0;
	/* A malformed byte grows to three (U+FFFD), nothing grows more. */
	size_t room = n > max / 3 ? max : n * 3;
	char *out = malloc(room + 1);

	if (!out)
		return -ENOMEM;
	while (n > 0) {
		uint32_t c = 0;
		size_t length = decode(p, n, &c);
		const void *from = length ? (const void *) p : "\xEF\xBF\xBD";
		size_t grow = length ? length : 3;

		if (length && is_blank(c)) {
			from = " ";
			grow = k > 0 && out[k - 1] != ' ' ? 1 : 0;
		} else if (length && is_deceptive(c)) {
			grow = 0;
		}
		if (k + grow > room)
			break;
		memcpy(out + k, from, grow);
		k += grow;
		p += length ? length : 1;
		n -= length ? length : 1;
	}
	while (k > 0 && out[k - 1] == ' ')
		k--;
	out[k] = '\0';
	*ret_is_cut = has_more(p, n);
	*ret = out;
	return 0;
}

int text_one_line(const char *s, size_t max, char **ret)
{
	bool is_cut;

	return text_cut_line(s, max, &is_cut, ret);
}

static unsigned columns_of(uint32_t c)
{
	if ((c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) || is_deceptive(c))
		return 0;
	return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
			       (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
			       (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
			       (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD)
		       ? 2
		       : 1;
}

size_t text_columns(const char *s)
{
	const unsigned char *p = (const unsigned char *) s;
	size_t n = strlen(s);
	size_t columns = 0;

	while (n > 0) {
		uint32_t c = 0;
		size_t length = decode(p, n, &c);

		columns += length ? columns_of(c) : 1;
		p += length ? length : 1;
		n -= length ? length : 1;
	}
	return columns;
}
