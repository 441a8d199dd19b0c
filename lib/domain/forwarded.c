/* forwarded.c - who wrote a mail that somebody passed on, and when. */
/* SPDX-License-Identifier: MIT */
#include "domain/forwarded.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	BLOCK_LINES_MAX = 8, /* of From, Sent, To, Subject */
	LINE_BYTES_MAX = 512,
};

static const char *const from_fields[] = { "from:", "from/oddi wrth:", "oddi wrth:",
	"oddi wrth/from:", "von:", "de:", "de :", "da:", "van:", "od:" };
static const char *const date_fields[] = { "sent:", "date:", "sent/anfonwyd:", "anfonwyd:",
	"anfonwyd/sent:", "dyddiad:", "gesendet:", "datum:", "date :", "envoyé :", "fecha:",
	"enviado:", "inviato:", "verzonden:" };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* The line at @text without quoting marks, stars and blanks around it, cut to fit. */
static void copy_line(const char *text, char ret[static LINE_BYTES_MAX])
{
	char line[LINE_BYTES_MAX];
	size_t k = 0;

	text += strspn(text, "> \t*|");
	for (; *text && *text != '\n' && k + 1 < sizeof line; text++)
		if (*text != '*')
			line[k++] = *text == '\t' || *text == '\r' ? ' ' : *text;
	line[k] = '\0';
	(void) snprintf(ret, LINE_BYTES_MAX, "%s", text_trim(line));
}

static const char *next_line(const char *text)
{
	text += strcspn(text, "\n");
	return text + (*text == '\n');
}

/* The value of the line if it is one of those fields; NULL. */
static const char *value_of(const char *line, const char *const *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_has_prefix_ci(line, fields[i])) {
			const char *value = line + strlen(fields[i]);

			return value + strspn(value, " ");
		}
	return NULL;
}

/* Copies @value, which may be cut, without half a character at its end. */
static void copy_value(const char *value, char *ret, size_t room)
{
	size_t n = strlen(value) < room ? strlen(value) : room - 1;

	while (n > 0 && !text_is_utf8(value, n))
		n--;
	memcpy(ret, value, n);
	ret[n] = '\0';
}

/* "Jane <jane@example.net>", "Jane [mailto:jane@example.net]", "jane@example.net". */
static void find_address(struct forwarded *f)
{
	static const char edges[] = " <>[]()\"';,:";
	const char *at = strchr(f->from, '@');
	const char *start = at;
	size_t n;

	f->address[0] = '\0';
	if (!at)
		return;
	while (start > f->from && !strchr(edges, start[-1]))
		start--;
	n = strcspn(start, edges);
	memcpy(f->address, start, n);
	f->address[n] = '\0';
	text_lower(f->address);
}

/* Looks for the date below the From line. Return: whether this is the header of a mail. */
static bool read_block(const char *text, struct forwarded *ret)
{
	char line[LINE_BYTES_MAX];

	for (unsigned i = 0; i < BLOCK_LINES_MAX && *text; i++, text = next_line(text)) {
		const char *date;

		copy_line(text, line);
		date = value_of(line, date_fields, COUNT(date_fields));
		if (date && *date) {
			copy_value(date, ret->date, sizeof ret->date);
			return true;
		}
	}
	return false;
}

const char *forwarded_next(const char *text, struct forwarded *ret)
{
	char line[LINE_BYTES_MAX];

	for (; *text; text = next_line(text)) {
		struct forwarded found = { .from = "" };
		const char *from;

		copy_line(text, line);
		from = value_of(line, from_fields, COUNT(from_fields));
		if (!from || !*from || !read_block(next_line(text), &found))
			continue;
		copy_value(from, found.from, sizeof found.from);
		find_address(&found);
		*ret = found;
		return next_line(text);
	}
	return NULL;
}
