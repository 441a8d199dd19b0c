/* quoting_mark.c - what each line of a mail's text is.
 *
 * Security: a stranger's text; each line is compared with fixed lists and with a bounded number of
 * its neighbours. */
/* SPDX-License-Identifier: MIT */
#include "domain/quoting_mark.h"

#include <string.h>

enum {
	INITIALS_MAX = 10, /* bytes of "Jane>" */
};

/* Whether a paragraph may start at line @i. What ends above it also ends it in
 * quoting_notice_lines(), so that no line belongs to two of them. */
static bool is_start(const struct quoting_line *lines, size_t i)
{
	return i == 0 || lines[i - 1].is_blank || quoting_is_border(&lines[i - 1]);
}

/* Whether a title, or the rule that Outlook draws, stands above line @i. */
static bool is_announced(const struct quoting_line *lines, size_t i)
{
	size_t above = i;

	if (above > 0 && lines[above - 1].is_blank)
		above--;
	if (above == 0)
		return false;
	return lines[above - 1].kind == QUOTING_TITLE || lines[above - 1].kind == QUOTING_FORWARD ||
	       quoting_is_rule(&lines[above - 1]);
}

static void mark_old(struct quoting_line *lines, size_t i, size_t n)
{
	struct quoting_words w = quoting_words_of(&lines[i]);

	if (quoting_is_title(w)) {
		lines[i].kind = QUOTING_TITLE;
	} else if (quoting_is_forward(w)) {
		lines[i].kind = QUOTING_FORWARD;
	} else {
		unsigned span = quoting_header_lines(lines, i, n, is_announced(lines, i));

		if (span > 0) {
			lines[i].kind = QUOTING_HEADER;
			lines[i].span = (uint8_t) span;
		} else {
			quoting_mark_attribution(lines, i);
		}
	}
}

static void mark_notice(struct quoting_line *lines, size_t i)
{
	lines[i].kind = (uint8_t) quoting_notice_kind(&lines[i], is_start(lines, i));
}

/* Bytes of what stands before the text in "JS> text" and "| text"; 0: nothing does. */
static size_t prefix_length(const struct quoting_line *line)
{
	size_t k = 0;

	if (line->words_n > 0 && *line->words == '|')
		return memchr(line->words + 1, '|', line->words_n - 1) ? 0 : 1;
	while (k < line->words_n && k < INITIALS_MAX && line->words[k] >= 'a' &&
		line->words[k] <= 'z')
		k++;
	return k > 0 && k < line->words_n && line->words[k] == '>' ? k + 1 : 0;
}

static bool has_prefix(const struct quoting_line *line, const char *prefix, size_t n)
{
	return line->words_n >= n && memcmp(line->words, prefix, n) == 0;
}

/* Whether the line at @i, with a prefix of @k bytes, stands among others of its kind. */
static bool has_company(const struct quoting_line *lines, size_t i, size_t n, size_t k)
{
	const char *prefix = lines[i].words;

	/* One bar is the beginning of a table. */
	return k > 1 && ((i + 1 < n && has_prefix(&lines[i + 1], prefix, k)) ||
				(i > 0 && has_prefix(&lines[i - 1], prefix, k)));
}

/* Lines that all bear the same initials, or bars below an attribution. */
static void mark_prefixed(struct quoting_line *lines, size_t n)
{
	struct quoting_words known = { "", 0 }; /* the prefix of the last one */
	size_t behind = n;			/* index behind the last attribution */

	for (size_t i = 0; i < n; i++) {
		size_t k = lines[i].kind == QUOTING_WORDS ? prefix_length(&lines[i]) : 0;
		bool is_below = i == behind || (i == behind + 1 && lines[behind].is_blank);

		if (lines[i].kind == QUOTING_ATTRIBUTION)
			behind = i + lines[i].span;
		if (k == 0 || !(is_below || has_company(lines, i, n, k) ||
				      (known.n == k && has_prefix(&lines[i], known.at, k))))
			continue;
		known = (struct quoting_words){ lines[i].words, k };
		lines[i].is_quoted = true;
		lines[i].kind = QUOTING_QUOTED;
	}
}

void quoting_mark(struct quoting_line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		lines[i].is_quoted = lines[i].words_n > 0 && *lines[i].words == '>';
		lines[i].kind = lines[i].is_quoted ? QUOTING_QUOTED : QUOTING_WORDS;
	}
	quoting_note_labels(lines, n);
	for (size_t i = 0; i < n; i++)
		if (lines[i].words_n > 0 && lines[i].kind == QUOTING_WORDS)
			mark_old(lines, i, n);
	mark_prefixed(lines, n);
	for (size_t i = 0; i < n; i++)
		if (!lines[i].is_blank && lines[i].kind == QUOTING_WORDS)
			mark_notice(lines, i);
}
