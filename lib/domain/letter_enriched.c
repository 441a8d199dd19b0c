/* letter_enriched.c - the words of text/enriched (RFC 1896) and of its forerunner text/richtext
 * (RFC 1341).
 *
 * Security: a stranger's text; one pass, and the result is no longer than the source. */
/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "domain/letter_internal.h"

enum {
	COMMAND_MAX = 60, /* RFC 1896: a command's name has at most 60 characters */
};

struct state {
	struct bytes out;
	unsigned hidden; /* depth of <param> and <comment> */
	unsigned filled; /* depth of <nofill>: line ends are meant */
	size_t breaks;	 /* line ends that wait */
};

static void settle(struct state *s)
{
	/* One line end is a space, more are one fewer. */
	if (s->breaks == 1)
		bytes_add_char(&s->out, ' ');
	for (; s->breaks > 1; s->breaks--)
		bytes_add_char(&s->out, '\n');
	s->breaks = 0;
}

static void add(struct state *s, char c)
{
	if (s->hidden > 0 || c == '\r')
		return;
	if (c == '\n' && s->filled == 0) {
		s->breaks++;
		return;
	}
	settle(s);
	bytes_add_char(&s->out, c);
}

static void step(unsigned *depth, bool is_end)
{
	if (!is_end)
		(*depth)++;
	else if (*depth > 0)
		(*depth)--;
}

static bool is(const char *name, size_t n, const char *word)
{
	return n == strlen(word) && strncasecmp(name, word, n) == 0;
}

static void obey(struct state *s, const char *name, size_t n)
{
	bool is_end = n > 0 && *name == '/';

	if (is_end) {
		name++;
		n--;
	}
	if (is(name, n, "param") || is(name, n, "comment"))
		step(&s->hidden, is_end);
	else if (is(name, n, "nofill"))
		step(&s->filled, is_end);
	else if (is(name, n, "nl") || is(name, n, "paragraph") || is(name, n, "np"))
		s->breaks = 2;
	else if (is(name, n, "lt"))
		add(s, '<');
}

/* Length of the command that starts at @at ("<"), 0: it is none. */
static size_t command_length(const char *at, const char *end)
{
	size_t n = (size_t) (end - at) < COMMAND_MAX + 3 ? (size_t) (end - at) : COMMAND_MAX + 3;
	const char *close = memchr(at, '>', n);

	return close ? (size_t) (close - at) + 1 : 0;
}

int letter_unmark(const char *text, size_t n, char **ret, size_t *ret_n)
{
	struct state s = { 0 };
	const char *end = text + n;

	bytes_init(&s.out, n + 1);
	while (text < end) {
		size_t length = *text == '<' ? command_length(text, end) : 0;

		if (length == 0 || text[1] == '<') {
			add(&s, *text);
			text += *text == '<' && end - text > 1 && text[1] == '<' ? 2 : 1;
			continue;
		}
		obey(&s, text + 1, length - 2);
		text += length;
	}
	if (s.out.n > 0)
		bytes_add_char(&s.out, '\n');
	return bytes_take(&s.out, ret, ret_n);
}
