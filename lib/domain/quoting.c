/* quoting.c - what the writer of a mail wrote now.
 *
 * The text is cut into lines, each line is given a kind by what it and the few lines after it
 * say (quoting_line.c), and the lines that stay are joined again. Two kinds of marks end a
 * writer's words: those behind which everything is old ("-----Original Message-----"), and those
 * that stand for themselves (a ">" line), between which words stay.
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
#include "domain/quoting_line.h"

enum {
	SIGNATURE_LINES_MAX = 12, /* behind a bare "--", which also ends headings and tables */
};

static int split(const char *text, struct quoting_line **ret, size_t *ret_n)
{
	size_t n = 1;
	struct quoting_line *lines;

	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		n++;
	lines = calloc(n, sizeof *lines);
	if (!lines)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		lines[i].at = text;
		lines[i].n = strcspn(text, "\n");
		text += lines[i].n + (text[lines[i].n] == '\n');
	}
	*ret = lines;
	*ret_n = n;
	return 0;
}

/* Index behind the paragraph that line @i stands in. */
static size_t paragraph_end(const struct quoting_line *lines, size_t i, size_t n)
{
	while (i < n && !quoting_is_blank(&lines[i]))
		i++;
	return i;
}

static bool is_paragraph_start(const struct quoting_line *lines, size_t i)
{
	return i == 0 || quoting_is_blank(&lines[i - 1]) || lines[i - 1].is_dropped;
}

static void drop(struct quoting_line *lines, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		lines[i].is_dropped = true;
}

/* Index of the next line from @i on that is quoted mail or its beginning. */
static size_t next_quote(const struct quoting_line *lines, size_t i, size_t n)
{
	while (i < n && !lines[i].is_quoted && lines[i].kind != QUOTING_OLD_MAIL)
		i++;
	return i;
}

/* The signature at @i goes up to the next quoted mail, or to the end. */
static size_t drop_signature(struct quoting_line *lines, size_t i, size_t n)
{
	bool is_exact = lines[i].n == 3; /* "-- ": RFC 3676 s.4.3 */
	size_t limit = is_exact || n - i <= SIGNATURE_LINES_MAX ? n : i + SIGNATURE_LINES_MAX;
	size_t end = next_quote(lines, i + 1, limit);

	if (end == limit && limit < n)
		return i + 1;
	drop(lines, i, end);
	return end;
}

/* Whether a paragraph is spoken by one person, as ours to requesters never are. */
static bool is_personal(const struct quoting_line *lines, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (quoting_has_person(&lines[i]))
			return true;
	return false;
}

/* Our own letter's "Your right to request a review", quoted by a mailer that marks nothing. */
static size_t drop_review_notice(struct quoting_line *lines, size_t i, size_t n)
{
	size_t end = paragraph_end(lines, i, n);

	drop(lines, i, end);
	while (end < n) {
		size_t from = end;

		while (from < n && quoting_is_blank(&lines[from]))
			from++;
		end = paragraph_end(lines, from, n);
		if (from == n || is_personal(lines, from, end))
			return from;
		drop(lines, from, end);
	}
	return end;
}

static size_t drop_disclaimer(struct quoting_line *lines, size_t i, size_t n)
{
	size_t end;

	/* Asked first: each paragraph is looked through from its first line only. */
	if (!is_paragraph_start(lines, i))
		return i + 1;
	end = paragraph_end(lines, i, n);
	if (!quoting_is_legal(lines + i, end - i))
		return i + 1;
	drop(lines, i, end);
	return end;
}

/* "On ... wrote:": with ">" lines below it stands for itself, else all below is old. */
static size_t drop_attribution(struct quoting_line *lines, size_t i, size_t n)
{
	size_t end = i + lines[i].span;
	size_t next = end;

	drop(lines, i, end);
	while (next < n && quoting_is_blank(&lines[next]))
		next++;
	if (next < n && lines[next].is_quoted)
		return end;
	drop(lines, end, n);
	return n;
}

/* Old mail, or WhatDoTheyKnow's footer, with the rule that stands above it. */
static size_t drop_below_rule(struct quoting_line *lines, size_t i, size_t n)
{
	size_t above = i;

	while (above > 0 && quoting_is_blank(&lines[above - 1]) && i - above < 3)
		above--;
	if (above > 0 && quoting_is_rule(&lines[above - 1]))
		i = above - 1;
	drop(lines, i, n);
	return n;
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
	[QUOTING_OLD_MAIL] = drop_below_rule,
	[QUOTING_ATTRIBUTION] = drop_attribution,
	[QUOTING_SIGNATURE] = drop_signature,
	[QUOTING_DEVICE] = drop_line,
	[QUOTING_DISCLAIMER] = drop_disclaimer,
	[QUOTING_FOOTER] = drop_below_rule,
	[QUOTING_REVIEW_NOTICE] = drop_review_notice,
};

/* The lines that stay, runs of blank ones made one, none at the ends. */
static int join(const struct quoting_line *lines, size_t n, char **ret)
{
	struct bytes out;
	bool is_gap = false;

	bytes_init(&out, (size_t) (lines[n - 1].at - lines[0].at) + lines[n - 1].n);
	for (size_t i = 0; i < n; i++) {
		if (lines[i].is_dropped || quoting_is_blank(&lines[i])) {
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
	size_t n;
	int r = split(text, &lines, &n);

	if (r < 0)
		return r;
	quoting_classify(lines, n);
	for (size_t i = 0; i < n;)
		i = steps[lines[i].kind](lines, i, n);
	return join(lines, n, ret);
}
