/* imap_line.c - commands with a continuation (IDLE, APPEND), spoken line by line.
 *
 * libetpan forgets what a server says between IDLE and its "+" (an EXISTS there would be slept
 * over), and does not expect anything before the "+" of APPEND. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/imap_internal.h"
#include "base/text.h"

enum {
	NUMBER_DIGITS = 10,
};

int imap_say_more(struct imap *i, const char *what, const char *bytes, size_t n, struct fault *f)
{
	mailstream *s = i->session->imap_stream;

	if (mailstream_write(s, bytes, n) < 0 || mailstream_write(s, "\r\n", 2) < 0 ||
		mailstream_flush(s) < 0)
		return imap_lost(i, what, i->stream.end, f);
	return 0;
}

int imap_say(struct imap *i, const char *what, const char *command, struct fault *f)
{
	mailstream *s = i->session->imap_stream;

	/* libetpan's tags are numbers: ours never look like one. */
	(void) snprintf(i->tag, sizeof i->tag, "x%u ", ++i->tags); /* fits */
	if (mailstream_write(s, i->tag, strlen(i->tag)) < 0)
		return imap_lost(i, what, i->stream.end, f);
	return imap_say_more(i, what, command, strlen(command), f);
}

/* "* 23 EXISTS" and "* 44 EXPUNGE" (RFC 3501 s.7.3.1, s.7.4.1) change what SELECT told. */
static void note_number(struct imap *i, const char *line)
{
	struct mailimap_selection_info *info = i->session->imap_selection_info;
	char digits[NUMBER_DIGITS + 1] = "";
	size_t n = strspn(line, "0123456789");
	uint64_t number;

	if (n == 0 || n > NUMBER_DIGITS || !info)
		return;
	memcpy(digits, line, n);
	if (text_uint(digits, 0, INT32_MAX, &number) < 0)
		return;
	if (text_has_prefix_ci(line + n, " EXISTS"))
		info->sel_exists = (uint32_t) number;
	if (text_has_prefix_ci(line + n, " EXPUNGE") && info->sel_exists > 0) {
		info->sel_exists--;
		i->has_expunged = true;
	}
}

int imap_hear_line(struct imap *i, const char *what, const char **ret, struct fault *f)
{
	MMAPString *line = i->session->imap_stream_buffer;

	if (!mailstream_read_line(i->session->imap_stream, line) || i->stream.end != IMAP_END_NONE)
		return imap_lost(i, what, i->stream.end, f);
	if (strncmp(line->str, "* ", 2) == 0)
		note_number(i, line->str + 2);
	*ret = line->str;
	return 0;
}

/* What the tagged line says. */
static int tagged(struct imap *i, const char *what, const char *status, struct fault *f)
{
	if (text_has_prefix_ci(status, "OK"))
		return 0;
	if (text_has_prefix_ci(status, "NO") || text_has_prefix_ci(status, "BAD"))
		return fault_set_kind(
			f, FAULT_PROTOCOL, -EREMOTEIO, "%s: the server refused %s", i->place, what);
	return imap_lost(i, what, IMAP_END_NONE, f);
}

int imap_hear(struct imap *i, const char *what, bool is_plus_due, struct fault *f)
{
	for (;;) {
		const char *line = "";
		int r = imap_hear_line(i, what, &line, f);

		if (r < 0)
			return r;
		if (is_plus_due && line[0] == '+')
			return 0;
		if (strncmp(line, i->tag, strlen(i->tag)) != 0)
			continue;
		r = tagged(i, what, line + strlen(i->tag), f);
		if (r == 0 && is_plus_due)
			return imap_lost(i, what, IMAP_END_NONE, f);
		return r;
	}
}
