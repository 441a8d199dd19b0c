/* smtp_reply.c - collects an SMTP reply, line by line.
 *
 * Security: the server may be anyone's. Size and form are bounded here. */
/* SPDX-License-Identifier: MIT */
#include "adapters/smtp_reply.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	CODE_DIGITS = 3,
	SIZE_DIGITS = 20, /* RFC 1870 s.3 */
};

void smtp_reply_init(struct smtp_reply *r)
{
	*r = (struct smtp_reply){ 0 };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The code that the line starts with; 0: none. */
static unsigned code_of(const char *line, size_t n)
{
	unsigned code = 0;

	if (n < CODE_DIGITS || (n > CODE_DIGITS && !strchr(" -\r\n", line[CODE_DIGITS])))
		return 0;
	for (size_t i = 0; i < CODE_DIGITS; i++) {
		if (!is_digit(line[i]))
			return 0;
		code = code * 10 + (unsigned) (line[i] - '0');
	}
	return code;
}

static size_t digits(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end && n < 4 && is_digit(s[n]))
		n++;
	return n;
}

/* Length of "5.1.1" at @s; 0: there is none. RFC 3463 s.2: class "." subject "." detail. */
static size_t status_length(const char *s, const char *end)
{
	const char *p = s;

	if (p == end || !strchr("245", *p++))
		return 0;
	for (int i = 0; i < 2; i++) {
		size_t n;

		if (p == end || *p++ != '.')
			return 0;
		n = digits(p, end);
		if (n < 1 || n > 3)
			return 0;
		p += n;
	}
	return p == end || strchr(" \r\n", *p) ? (size_t) (p - s) : 0;
}

static void add_words(struct smtp_reply *r, const char *s, const char *end)
{
	size_t n = (size_t) (end - s);
	size_t room = sizeof r->raw - 1 - r->n;

	if (n > room)
		n = room;
	memcpy(r->raw + r->n, s, n);
	r->n += n;
	r->raw[r->n] = '\0';
}

void smtp_reply_add(struct smtp_reply *r, const char *line, size_t n)
{
	unsigned code = code_of(line, n);
	const char *end = line + n;
	const char *words = n > CODE_DIGITS + 1 ? line + CODE_DIGITS + 1 : end;
	size_t status = status_length(words, end);

	if (code == 0)
		return;
	if (!r->open)
		smtp_reply_init(r);
	if (status > 0 && !*r->status)
		(void) snprintf(
			r->status, sizeof r->status, "%.*s", (int) status, words); /* fits */
	add_words(r, words + status, end);
	r->open = n > CODE_DIGITS && line[CODE_DIGITS] == '-';
	if (!r->open)
		r->code = code;
}

uint64_t smtp_reply_size(const char *line, size_t n)
{
	static const char keyword[] = "SIZE ";
	const char *words = line + CODE_DIGITS + 1;
	char digits_of[SIZE_DIGITS + 1] = "";
	size_t start = CODE_DIGITS + sizeof keyword;
	size_t length = 0;
	uint64_t size;

	if (code_of(line, n) != 250 || n <= start ||
		strncasecmp(words, keyword, sizeof keyword - 1) != 0)
		return 0;
	while (length < SIZE_DIGITS && start + length < n && is_digit(line[start + length]))
		length++;
	memcpy(digits_of, line + start, length);
	return text_uint(digits_of, 1, UINT64_MAX, &size) == 0 ? size : 0;
}

int smtp_reply_text(const struct smtp_reply *r, char *buf, size_t size)
{
	CLEANUP(freep) char *copy = NULL;
	CLEANUP(freep) char *line = NULL;
	int error;

	/* A NUL sent by the server ends the text early; nothing is lost that a person could use. */
	copy = strdup(r->raw);
	if (!copy)
		return -ENOMEM;
	error = text_one_line(text_trim(copy), size - 1, &line);
	if (error < 0)
		return error;
	(void) snprintf(buf, size, "%s", line); /* fits: it was cut on a character's edge */
	return 0;
}
