/* quoting_line.c - single lines of a mail's text: folded, and compared with fixed words.
 *
 * Security: a stranger's text; each function looks at each byte a fixed number of times. */
/* SPDX-License-Identifier: MIT */
#include "domain/quoting_line.h"

#include <string.h>

enum {
	RULE_MIN = 10,
};

/* ---- folding --------------------------------------------------------------------------------- */

/* Marks of three bytes that become one character, or none. */
static const struct {
	const char *bytes;
	char plain; /* '\0': dropped */
} marks[] = {
	{ "\xE2\x80\x8B", '\0' }, /* zero width, left-to-right and their like */
	{ "\xE2\x80\x8C", '\0' }, { "\xE2\x80\x8D", '\0' }, { "\xE2\x80\x8E", '\0' },
	{ "\xE2\x80\x8F", '\0' }, { "\xE2\x80\xAA", '\0' }, { "\xE2\x80\xAB", '\0' },
	{ "\xE2\x80\xAC", '\0' }, { "\xE2\x81\xA0", '\0' }, { "\xE2\x81\xA6", '\0' },
	{ "\xE2\x81\xA7", '\0' }, { "\xE2\x81\xA8", '\0' }, { "\xE2\x81\xA9", '\0' },
	{ "\xEF\xBB\xBF", '\0' }, { "\xE2\x80\x90", '-' }, /* hyphens and dashes */
	{ "\xE2\x80\x91", '-' }, { "\xE2\x80\x92", '-' }, { "\xE2\x80\x93", '-' },
	{ "\xE2\x80\x94", '-' }, { "\xE2\x80\x95", '-' }, { "\xE2\x88\x92", '-' },
	{ "\xE2\x94\x80", '-' }, /* a drawn line */
	{ "\xE2\x80\x98", '\'' }, { "\xE2\x80\x99", '\'' },
	{ "\xE2\x80\xAF", ' ' }, /* narrow, as before the colon in French and before "PM" */
	{ "\xE2\x80\x87", ' ' }, { "\xE2\x80\x89", ' ' }, { "\xE3\x80\x80", ' ' },
	{ "\xEF\xBC\x9A", ':' }, /* full width */
};

struct fold {
	char *at;
	size_t n;
	bool is_gap; /* a space is due before the next character */
};

static void put(struct fold *f, char c)
{
	if (f->is_gap && f->n > 0 && c != ':')
		f->at[f->n++] = ' ';
	f->is_gap = false;
	f->at[f->n++] = c;
}

static void put_plain(struct fold *f, char c)
{
	if (c == ' ' || c == '\t')
		f->is_gap = true;
	else if (c != '\0' && c != '*')
		put(f, c);
}

/* The small letter of a character of two bytes in UTF-8; its own small letter has no more. */
static unsigned lower(unsigned c)
{
	if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3AB) ||
		(c >= 0x410 && c <= 0x42F))
		return c + 0x20;
	if (c == 0x130)
		return 'i';
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x218 && c <= 0x21B))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
		return c + (c & 1);
	if (c >= 0x400 && c <= 0x40F)
		return c + 0x50;
	if (c == 0x386)
		return 0x3AC;
	if (c >= 0x388 && c <= 0x38A)
		return c + 37;
	return c == 0x38C ? 0x3CC : c;
}

static void put_two(struct fold *f, const char *s)
{
	unsigned c = ((unsigned char) s[0] & 0x1FU) << 6 | ((unsigned char) s[1] & 0x3FU);

	if (c == 0xA0)
		f->is_gap = true;
	if (c == 0xA0 || c == 0xAD || c == 0x61C)
		return;
	c = lower(c);
	if (c < 0x80) {
		put_plain(f, (char) c);
		return;
	}
	put(f, (char) (0xC0 | c >> 6));
	put(f, (char) (0x80 | (c & 0x3F)));
}

/* Return: bytes used. */
static size_t put_three(struct fold *f, const char *s)
{
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (memcmp(s, marks[i].bytes, 3) == 0) {
			put_plain(f, marks[i].plain);
			return 3;
		}
	put(f, *s); /* the bytes behind it follow, one by one */
	return 1;
}

size_t quoting_line_fold(const char *s, size_t n, char *ret)
{
	struct fold f = { .at = ret };

	for (size_t i = 0; i < n;) {
		unsigned char c = (unsigned char) s[i];

		if (c >= 'A' && c <= 'Z') {
			put_plain(&f, (char) (c - 'A' + 'a'));
			i++;
		} else if (c < 0x80) {
			put_plain(&f, s[i++]);
		} else if (c >= 0xC2 && c <= 0xDF && i + 1 < n) {
			put_two(&f, s + i);
			i += 2;
		} else if ((c == 0xE2 || c == 0xE3 || c == 0xEF) && i + 2 < n) {
			i += put_three(&f, s + i);
		} else {
			put(&f, s[i++]);
		}
	}
	return f.n;
}

/* ---- comparing ------------------------------------------------------------------------------- */

bool quoting_starts(struct quoting_words w, const char *prefix)
{
	size_t n;

	/* Most lines differ in their first letter. */
	if (w.n == 0 || *w.at != *prefix)
		return false;
	n = strlen(prefix);
	return w.n >= n && memcmp(w.at, prefix, n) == 0;
}

bool quoting_ends(struct quoting_words w, const char *suffix)
{
	size_t n = strlen(suffix);

	return w.n >= n && memcmp(w.at + w.n - n, suffix, n) == 0;
}

bool quoting_has(struct quoting_words w, const char *needle)
{
	return w.n > 0 && memmem(w.at, w.n, needle, strlen(needle)) != NULL;
}

bool quoting_starts_any(struct quoting_words w, const char *const *list)
{
	for (; list && *list; list++)
		if (quoting_starts(w, *list))
			return true;
	return false;
}

bool quoting_has_any(struct quoting_words w, const char *const *list)
{
	for (; list && *list; list++)
		if (quoting_has(w, *list))
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

static bool has_whole(struct quoting_words w, const char *needle)
{
	size_t n = strlen(needle);
	const char *end = w.at + w.n;

	for (const char *at = w.at; at < end; at++) {
		at = memmem(at, (size_t) (end - at), needle, n);
		if (!at)
			return false;
		if ((at == w.at || !is_letter(at[-1])) && (at + n == end || !is_letter(at[n])))
			return true;
	}
	return false;
}

bool quoting_has_word(struct quoting_words w, const char *const *list)
{
	for (; list && *list; list++)
		if (has_whole(w, *list))
			return true;
	return false;
}

/* ---- what stands in a line ------------------------------------------------------------------- */

bool quoting_is_rule(const struct quoting_line *line)
{
	char mark = '\0';
	size_t count = 0;

	/* As it came, since folding drops stars; a drawn line only stands in the folded words. */
	for (size_t i = 0; line->words_n == 0 && i < line->n; i++) {
		if (line->at[i] == '*')
			count++;
		else if (line->at[i] != ' ' && line->at[i] != '\t')
			return false;
	}
	for (size_t i = 0; i < line->words_n; i++) {
		if (line->words[i] == ' ')
			continue;
		if (count == 0)
			mark = line->words[i];
		if (line->words[i] != mark)
			return false;
		count++;
	}
	return count >= RULE_MIN && (mark == '\0' || strchr("-_=~#+.", mark));
}

bool quoting_has_address(struct quoting_words w)
{
	const char *end = w.at + w.n;

	for (const char *at = w.at; at < end; at++) {
		at = memchr(at, '@', (size_t) (end - at));
		if (!at)
			return false;
		if (at > w.at && is_letter(at[-1]) && at + 1 < end && is_letter(at[1]))
			return true;
	}
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool quoting_has_digit(struct quoting_words w)
{
	for (size_t i = 0; i < w.n; i++)
		if (is_digit(w.at[i]))
			return true;
	return false;
}

/* Digits from @i on. */
static size_t digits(struct quoting_words w, size_t i)
{
	size_t n = 0;

	while (i + n < w.n && is_digit(w.at[i + n]))
		n++;
	return n;
}

/* Up to four groups of digits with one kind of mark between them: "16.05.2018", "09:30". */
struct number {
	size_t lengths[4];
	size_t n;
	char mark;
	const char *last; /* the last group */
};

/* Takes the number at w.at[i]. Return: its bytes, at least 1. */
static size_t take_number(struct quoting_words w, size_t i, struct number *ret)
{
	size_t start = i;

	*ret = (struct number){ .mark = '\0' };
	for (;;) {
		size_t n = digits(w, i);

		ret->last = w.at + i;
		ret->lengths[ret->n++] = n;
		i += n;
		if (ret->n == 4 || i + 1 >= w.n || !strchr(":./-", w.at[i]) ||
			!is_digit(w.at[i + 1]) || (ret->mark && w.at[i] != ret->mark))
			return i - start;
		ret->mark = w.at[i++];
	}
}

static bool is_time(const struct number *number)
{
	if (number->n < 2 || number->lengths[0] > 2 || number->lengths[1] != 2)
		return false;
	return number->mark == ':' || (number->mark == '.' && number->n == 2);
}

static bool is_year(const struct number *number, struct quoting_words w)
{
	const char *first = w.at;

	for (size_t k = 0; k < number->n; k++) {
		if (number->lengths[k] == 4 &&
			(memcmp(first, "20", 2) == 0 || memcmp(first, "19", 2) == 0))
			return true;
		first += number->lengths[k] + 1;
	}
	return number->n == 3 && number->mark == '/';
}

static bool has_number(
	struct quoting_words w, bool (*is_wanted)(const struct number *, struct quoting_words))
{
	for (size_t i = 0; i < w.n;) {
		struct number number;
		size_t n;

		if (!is_digit(w.at[i])) {
			i++;
			continue;
		}
		n = take_number(w, i, &number);
		if (is_wanted(&number, (struct quoting_words){ w.at + i, n }))
			return true;
		i += n;
	}
	return false;
}

static bool is_time_number(const struct number *number, struct quoting_words w)
{
	(void) w;
	return is_time(number);
}

bool quoting_has_time(struct quoting_words w)
{
	return has_number(w, is_time_number);
}

bool quoting_has_year(struct quoting_words w)
{
	return has_number(w, is_year);
}
