/* quoting.c - what the writer of a mail wrote now.
 *
 * The text is cut into lines, each line is given a kind by what it and the few lines around it
 * say (quoting_mark.c), and the lines that stay are joined again. Two kinds of marks end a
 * writer's words: those behind which everything is old ("-----Original Message-----"), and those
 * that stand for themselves (a ">" line), between which words stay.
 *
 * A line that is kept though it is old costs an officer a look; one that is cut though a person
 * wrote it costs that person an answer. So whatever is in doubt stays.
 *
 * Security: a stranger's text; each line is looked at a bounded number of times. */
/* SPDX-License-Identifier: MIT */
#include "domain/quoting.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "domain/quoting_mark.h"

enum {
	SIGNATURE_LINES_MAX = 12, /* behind a bare "--", which also ends headings and tables */
	EXACT_SIGNATURE_LINES_MAX = 24, /* behind "-- " */
	ABOVE_BANNER_MAX = 32,		/* lines of other banners */
};

/* The lines of @text, folded into @folded, which has room for all of it. */
static void fill(const char *text, char *folded, struct quoting_line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct quoting_line *line = &lines[i];

		line->at = text;
		line->n = (uint32_t) strcspn(text, "\n");
		line->words = folded;
		line->words_n = (uint32_t) quoting_line_fold(line->at, line->n, folded);
		line->is_blank = line->words_n == 0 && !memchr(line->at, '*', line->n);
		folded += line->words_n;
		text += line->n + (text[line->n] == '\n');
	}
}

static int split(const char *text, char **ret_folded, struct quoting_line **ret, size_t *ret_n)
{
	CLEANUP(freep) char *folded = malloc(strlen(text) + 1);
	struct quoting_line *lines;
	size_t n = 1;

	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		n++;
	lines = calloc(n, sizeof *lines);
	if (!lines || !folded) {
		free(lines);
		return -ENOMEM;
	}
	fill(text, folded, lines, n);
	*ret_folded = TAKE_PTR(folded);
	*ret = lines;
	*ret_n = n;
	return 0;
}

static void drop(struct quoting_line *lines, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		lines[i].is_dropped = true;
}

static size_t pass_blank(const struct quoting_line *lines, size_t i, size_t n)
{
	while (i < n && lines[i].is_blank)
		i++;
	return i;
}

/* Whether a signature ends above @line. */
static bool is_behind_signature(const struct quoting_line *line)
{
	switch ((enum quoting_kind) line->kind) {
	case QUOTING_QUOTED:
	case QUOTING_TITLE:
	case QUOTING_FORWARD:
	case QUOTING_HEADER:
	case QUOTING_ATTRIBUTION:
	case QUOTING_FOOTER:
	case QUOTING_DISCLAIMER:
		return true;
	case QUOTING_WORDS:
	case QUOTING_SIGNATURE:
	case QUOTING_MACHINE:
	case QUOTING_BANNER:
	case QUOTING_REVIEW_NOTICE:
	case QUOTING_REVIEW_ADVICE:
	case QUOTING_KIND_COUNT:
		break;
	}
	return false;
}

/* The signature at @i goes up to the next quoted mail or notice, or to the end. People also write
 * below it: what is long, or asks for something, is none. */
static size_t drop_signature(struct quoting_line *lines, size_t i, size_t n)
{
	bool is_exact = lines[i].n == 3; /* "-- ": RFC 3676 s.4.3 */
	size_t max = is_exact ? EXACT_SIGNATURE_LINES_MAX : SIGNATURE_LINES_MAX;
	size_t limit = n - i <= 2 * max ? n : i + 2 * max;
	size_t end = i + 1;
	size_t count = 0;

	for (; end < limit && !is_behind_signature(&lines[end]); end++)
		count += !lines[end].is_blank;
	if (count > max || (end == limit && limit < n) || quoting_asks(lines + i, end - i))
		return i + 1;
	drop(lines, i, end);
	return end;
}

/* Our own letter's "Your right to request a review", quoted by a mailer that marks nothing. It is
 * spoken by nobody and asks for nothing. */
static size_t drop_review_notice(struct quoting_line *lines, size_t i, size_t n)
{
	size_t end = i + quoting_notice_lines(lines + i, n - i);

	if (quoting_asks(lines + i, end - i) || quoting_has_person(lines + i, end - i))
		return i + 1;
	drop(lines, i, end);
	while (end < n) {
		size_t from = pass_blank(lines, end, n);

		if (from == n)
			return n;
		end = from + quoting_notice_lines(lines + from, n - from);
		if (quoting_is_border(&lines[from]) ||
			quoting_has_person(lines + from, end - from) ||
			quoting_asks(lines + from, end - from))
			return from;
		drop(lines, from, end);
	}
	return end;
}

static size_t drop_review_advice(struct quoting_line *lines, size_t i, size_t n)
{
	size_t end = i + quoting_notice_lines(lines + i, n - i);

	if (!quoting_is_review_advice(lines + i, end - i))
		return i + 1;
	drop(lines, i, end);
	return end;
}

static size_t drop_disclaimer(struct quoting_line *lines, size_t i, size_t n)
{
	size_t end = i + quoting_notice_lines(lines + i, n - i);

	if (!quoting_is_legal(lines + i, end - i))
		return i + 1;
	drop(lines, i, end);
	return end;
}

/* A gateway writes above the writer's words, never within them. */
static size_t drop_banner(struct quoting_line *lines, size_t i, size_t n)
{
	size_t k = i;
	size_t count;

	while (k > 0 && i - k < ABOVE_BANNER_MAX &&
		(lines[k - 1].is_blank || lines[k - 1].is_dropped ||
			quoting_is_rule(&lines[k - 1])))
		k--;
	count = k == 0 ? quoting_banner_lines(lines + i, n - i) : 0;
	drop(lines, i, i + count);
	return i + (count > 0 ? count : 1);
}

/* "On ... wrote:": with quoted lines below it stands for itself, else all below is old, if no
 * person can have written it. */
static size_t drop_attribution(struct quoting_line *lines, size_t i, size_t n)
{
	size_t end = i + lines[i].span;
	size_t next = pass_blank(lines, end, n);
	bool is_above_quote = next < n && lines[next].is_quoted;

	if (!is_above_quote && !lines[i].is_sure)
		return end;
	drop(lines, i, is_above_quote ? end : n);
	return is_above_quote ? end : n;
}

/* Where an old mail's title or rule begins that stands above its line @i. */
static size_t with_announcement(const struct quoting_line *lines, size_t i)
{
	for (;;) {
		size_t above = i;

		while (above > 0 && lines[above - 1].is_blank && i - above < 3)
			above--;
		if (above == 0 ||
			!(quoting_is_rule(&lines[above - 1]) ||
				quoting_is_bare_title(quoting_words_of(&lines[above - 1]))))
			return i;
		i = above - 1;
	}
}

/* Old mail, or WhatDoTheyKnow's footer, with what stands above it. */
static size_t drop_below(struct quoting_line *lines, size_t i, size_t n)
{
	drop(lines, with_announcement(lines, i), n);
	return n;
}

/* "-----Original Message-----": Outlook Express marks the lines below its header, so that words
 * may follow them. */
static size_t drop_title(struct quoting_line *lines, size_t i, size_t n)
{
	size_t end = pass_blank(lines, i + 1, n);

	if (end < n && lines[end].kind == QUOTING_HEADER)
		end = pass_blank(lines, end + lines[end].span, n);
	if (end == n || !lines[end].is_quoted)
		return drop_below(lines, i, n);
	drop(lines, i, end);
	return end;
}

static size_t drop_line(struct quoting_line *lines, size_t i, size_t n)
{
	(void) n; /* a line that stands for itself */
	drop(lines, i, i + 1);
	return i + 1;
}

static size_t keep_line(struct quoting_line *lines, size_t i, size_t n)
{
	(void) lines;
	(void) n;
	return i + 1;
}

/* What each kind of line does; the result is the next line to look at. */
static size_t (*const steps[QUOTING_KIND_COUNT])(struct quoting_line *lines, size_t i, size_t n) = {
	[QUOTING_WORDS] = keep_line,
	[QUOTING_QUOTED] = drop_line,
	[QUOTING_TITLE] = drop_title,
	[QUOTING_FORWARD] = drop_below,
	[QUOTING_HEADER] = drop_below,
	[QUOTING_ATTRIBUTION] = drop_attribution,
	[QUOTING_SIGNATURE] = drop_signature,
	[QUOTING_MACHINE] = drop_line,
	[QUOTING_DISCLAIMER] = drop_disclaimer,
	[QUOTING_BANNER] = drop_banner,
	[QUOTING_FOOTER] = drop_below,
	[QUOTING_REVIEW_NOTICE] = drop_review_notice,
	[QUOTING_REVIEW_ADVICE] = drop_review_advice,
};

/* Rules that only parted the writer's words from what was dropped. */
static void drop_rules(struct quoting_line *lines, size_t n)
{
	bool is_last = true; /* only dropped lines follow, up to the next that stays */
	bool is_first = true;

	for (size_t i = n; i > 0; i--) {
		struct quoting_line *line = &lines[i - 1];

		if (line->is_blank)
			continue;
		line->is_dropped |= is_last && quoting_is_rule(line);
		is_last = line->is_dropped;
	}
	for (size_t i = 0; i < n && is_first; i++) {
		lines[i].is_dropped |= quoting_is_rule(&lines[i]);
		is_first = lines[i].is_blank || lines[i].is_dropped;
	}
}

/* The lines that stay, runs of blank ones made one, none at the ends. */
static int join(const struct quoting_line *lines, size_t n, char **ret)
{
	struct bytes out;
	bool is_gap = false;

	bytes_init(&out, (size_t) (lines[n - 1].at - lines[0].at) + lines[n - 1].n);
	for (size_t i = 0; i < n; i++) {
		if (lines[i].is_dropped || lines[i].is_blank) {
			is_gap = out.n > 0;
			continue;
		}
		if (is_gap)
			bytes_add_char(&out, '\n');
		is_gap = false;
		bytes_add(&out, lines[i].at, lines[i].n);
		bytes_add_char(&out, '\n');
	}
	return bytes_take(&out, ret, NULL);
}

int quoting_new_text(const char *text, char **ret)
{
	CLEANUP(freep) struct quoting_line *lines = NULL;
	CLEANUP(freep) char *folded = NULL;
	size_t n;
	int r = split(text, &folded, &lines, &n);

	if (r < 0)
		return r;
	quoting_mark(lines, n);
	for (size_t i = 0; i < n;)
		i = steps[lines[i].kind](lines, i, n);
	drop_rules(lines, n);
	return join(lines, n, ret);
}
