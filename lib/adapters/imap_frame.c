/* imap_frame.c - bounds on what an IMAP server may send, checked before the grammar sees it.
 *
 * Follows lines and literals (RFC 3501 s.4.3: "{number}" at the end of a line announces so many
 * bytes) closely enough to count them, and no more.
 *
 * Security: the server may be hostile. libetpan's line reader grows without a bound, it allocates
 * whatever a literal announces, recurses on parentheses, and in 1.9.4 reads past the end of an
 * object when an untagged BYE ends an answer. Bytes that could do any of it never reach it. */
/* SPDX-License-Identifier: MIT */
#include "adapters/imap_frame.h"

#include <ctype.h>

enum {
	DEPTH_MAX = 64, /* a FETCH answer without BODYSTRUCTURE has two levels */
};

static const char bye_line[] = "* BYE";

void imap_frame_begin(struct imap_frame *s, const struct imap_bounds *bounds)
{
	s->bounds = *bounds;
	s->total = 0;
}

static void follow_brace(struct imap_frame *s, char c)
{
	if (c == '{') {
		s->brace = IMAP_BRACE_NUMBER;
		s->number = 0;
		return;
	}
	if (s->brace == IMAP_BRACE_NUMBER && c >= '0' && c <= '9') {
		if (s->number <= UINT32_MAX)
			s->number = s->number * 10 + (uint64_t) (c - '0');
		return;
	}
	if (s->brace == IMAP_BRACE_NUMBER && c == '}')
		s->brace = IMAP_BRACE_CLOSED;
	else if (s->brace != IMAP_BRACE_CLOSED || c != '\r')
		s->brace = IMAP_BRACE_NONE;
}

static enum imap_end end_line(struct imap_frame *s)
{
	bool is_literal = s->brace == IMAP_BRACE_CLOSED;

	s->brace = IMAP_BRACE_NONE;
	if (!is_literal) {
		s->line = 0;
		s->depth = 0;
		s->bye = 0;
		return IMAP_END_NONE;
	}
	s->literal_left = s->number;
	return s->number > s->bounds.literal ? IMAP_END_LITERAL : IMAP_END_NONE;
}

/* BYE ends the connection wherever it stands at the beginning of a line. */
static bool is_bye(struct imap_frame *s, char c)
{
	if (s->bye >= sizeof bye_line - 1)
		return false;
	if (toupper((unsigned char) c) != bye_line[s->bye]) {
		s->bye = sizeof bye_line;
		return false;
	}
	s->bye++;
	return s->bye == sizeof bye_line - 1;
}

static enum imap_end follow_line(struct imap_frame *s, char c)
{
	if (++s->line > s->bounds.line)
		return IMAP_END_LINE;
	if (c == '\n')
		return end_line(s);
	if (is_bye(s, c))
		return IMAP_END_BYE;
	follow_brace(s, c);
	if (c == '(' && ++s->depth > DEPTH_MAX)
		return IMAP_END_DEPTH;
	if (c == ')' && s->depth > 0)
		s->depth--;
	return IMAP_END_NONE;
}

enum imap_end imap_frame_follow(struct imap_frame *s, const char *bytes, size_t n)
{
	size_t at = 0;

	s->total += n;
	if (s->total > s->bounds.total)
		return IMAP_END_TOTAL;
	while (at < n) {
		enum imap_end end;

		if (s->literal_left > 0) {
			size_t skip = n - at;

			if (skip > s->literal_left)
				skip = (size_t) s->literal_left;
			s->literal_left -= skip;
			at += skip;
			continue;
		}
		end = follow_line(s, bytes[at++]);
		if (end != IMAP_END_NONE)
			return end;
	}
	return IMAP_END_NONE;
}
