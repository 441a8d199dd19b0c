/* quoting_header.c - From, Sent, To and Subject of an older mail, as a mail program writes them
 * into the text.
 *
 * People write such labels too ("From: 1 January 2018 To: 31 March 2018"), and letters start like
 * memos. So a header is one only with labels of a single language, with a sender among them, and
 * with an address or the time of a day.
 *
 * Security: a stranger's text; from each line at most HEADER_LINES_MAX are looked at. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "domain/quoting_mark.h"

enum {
	LABEL_MAX = 40,	       /* bytes before the ":" */
	HEADER_LINES_MAX = 20, /* long lists of recipients are folded */
	UNLABELLED_MAX = 10,   /* lines of a header that go on with the one above */
	UNKNOWN_MIN = 3,       /* labelled lines of a language that is not in the table */
	LOOK_MAX = 600,	       /* bytes of a line that are looked at */
};

/* What stands before the first ":"; .n is 0 when nothing does. */
static struct quoting_words label_of(struct quoting_words w)
{
	const char *colon = memchr(w.at, ':', w.n < LABEL_MAX ? w.n : LABEL_MAX);

	return (struct quoting_words){ w.at, colon ? (size_t) (colon - w.at) : 0 };
}

static bool is_one_of(struct quoting_words label, const char *const *list)
{
	for (; list && *list; list++)
		if (strlen(*list) == label.n && memcmp(*list, label.at, label.n) == 0)
			return true;
	return false;
}

static void note_label(struct quoting_line *line)
{
	struct quoting_words label = label_of(quoting_words_of(line));

	if (label.n == 0)
		return;
	for (size_t l = 0; l < quoting_languages_n; l++)
		for (unsigned field = 0; field < QUOTING_FIELD_COUNT; field++)
			if (is_one_of(label, quoting_languages[l].fields[field]))
				line->fields[field] |= 1U << l;
}

void quoting_note_labels(struct quoting_line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!lines[i].is_quoted)
			note_label(&lines[i]);
}

static bool has_label(const struct quoting_line *line)
{
	uint32_t any = 0;

	for (unsigned field = 0; field < QUOTING_FIELD_COUNT; field++)
		any |= line->fields[field];
	return any != 0;
}

/* What was seen of a header so far. */
struct header {
	uint32_t fields[QUOTING_FIELD_COUNT];
	unsigned lines; /* up to the last label */
	bool has_address;
	bool has_time; /* of sending */
};

/* "From: Jane <jane@example.org> Sent: 1 June 2018 10:00 To: ...", all in one line. */
static void note_inner_labels(struct header *h, struct quoting_words w)
{
	for (size_t i = 0; i < w.n; i++) {
		const char *colon = memchr(w.at + i, ':', w.n - i);
		size_t end = colon ? (size_t) (colon - w.at) : w.n;
		size_t start = end;

		while (start > i && w.at[start - 1] != ' ')
			start--;
		for (size_t l = 0; colon && l < quoting_languages_n; l++)
			for (unsigned field = 0; field < QUOTING_FIELD_COUNT; field++)
				if (is_one_of((struct quoting_words){ w.at + start, end - start },
					    quoting_languages[l].fields[field]))
					h->fields[field] |= 1U << l;
		i = end;
	}
}

static struct quoting_words beginning_of(const struct quoting_line *line)
{
	return (struct quoting_words){ line->words,
		line->words_n < LOOK_MAX ? line->words_n : LOOK_MAX };
}

static void note_line(struct header *h, const struct quoting_line *line)
{
	struct quoting_words w = beginning_of(line);

	for (unsigned field = 0; field < QUOTING_FIELD_COUNT; field++)
		h->fields[field] |= line->fields[field];
	h->has_address |= quoting_has_address(w);
	h->has_time |= line->fields[QUOTING_SENT] != 0 && quoting_has_time(w);
}

static struct header collect(const struct quoting_line *lines, size_t i, size_t n)
{
	struct header h = { .lines = 0 };
	unsigned unlabelled = 0;

	for (unsigned k = 0; k < HEADER_LINES_MAX && i + k < n; k++) {
		const struct quoting_line *line = &lines[i + k];

		/* Paragraphs of HTML bring one blank line each. */
		if (line->is_quoted || (line->is_blank && k > 0 && lines[i + k - 1].is_blank))
			break;
		if (has_label(line)) {
			h.lines = k + 1;
			unlabelled = 0;
			note_line(&h, line);
		} else if (!line->is_blank && ++unlabelled > UNLABELLED_MAX) {
			break;
		} else if (!line->is_blank && lines[i + k - 1].is_blank) {
			break; /* words behind the header, not a line that goes on */
		}
	}
	return h;
}

/* Whether in one language there are a sender and @min fields in all. */
static bool is_whole(const struct header *h, unsigned min)
{
	for (size_t l = 0; l < quoting_languages_n; l++) {
		unsigned count = 0;

		for (unsigned field = 0; field < QUOTING_FIELD_COUNT; field++)
			count += h->fields[field] >> l & 1;
		if (count >= min && (h->fields[QUOTING_FROM] >> l & 1))
			return true;
	}
	return false;
}

/* Under Outlook's line of underscores: labels of whatever language. */
static unsigned unknown_header_lines(const struct quoting_line *lines, size_t i, size_t n)
{
	struct header h = { .lines = 0 };
	bool has_time = false;

	while (i + h.lines < n && h.lines < HEADER_LINES_MAX &&
		label_of(quoting_words_of(&lines[i + h.lines])).n > 0) {
		has_time |= quoting_has_time(beginning_of(&lines[i + h.lines]));
		note_line(&h, &lines[i + h.lines++]);
	}
	return h.lines >= UNKNOWN_MIN && h.has_address && has_time ? h.lines : 0;
}

static bool is_underscored(const struct quoting_line *lines, size_t i)
{
	if (i > 1 && lines[i - 1].is_blank)
		i--;
	return i > 0 && lines[i - 1].words_n > 0 && *lines[i - 1].words == '_';
}

unsigned quoting_header_lines(
	const struct quoting_line *lines, size_t i, size_t n, bool is_announced)
{
	struct header h;

	if (has_label(&lines[i])) {
		h = collect(lines, i, n);
		if (h.lines == 1) {
			note_inner_labels(&h, beginning_of(&lines[i]));
			h.has_time = false; /* "From: 10:00 To: 12:00" is anybody's */
		}
		if (is_whole(&h, is_announced ? 2 : 3) && (h.has_address || h.has_time))
			return h.lines;
	}
	return is_announced && is_underscored(lines, i) ? unknown_header_lines(lines, i, n) : 0;
}
