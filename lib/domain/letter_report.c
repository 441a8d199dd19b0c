/* letter_report.c - delivery reports and the headers of enclosed mails.
 *
 * Security: a stranger's bytes, bounded by the caller; one pass. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "domain/letter_internal.h"

/* RFC 3464 s.2.3.3, the worst last. */
static const char *const actions[] = { "", "expanded", "relayed", "delivered", "delayed",
	"failed" };

enum {
	ACTIONS = sizeof actions / sizeof actions[0],
};

/* The first word of a value, in lower case, cut to 15 bytes. */
static void first_word(const struct field *field, char ret[static 16])
{
	size_t n = 0;

	for (size_t i = 0; i < field->value_n && n < 15; i++) {
		char c = field->value[i];

		if (c <= ' ' || c > '~' || c == ';' || c == '(') {
			if (n > 0)
				break;
			continue;
		}
		ret[n++] = c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
	}
	ret[n] = '\0';
}

static unsigned badness(const char *action)
{
	for (unsigned i = ACTIONS - 1; i > 0; i--)
		if (strcmp(action, actions[i]) == 0)
			return i;
	return 0;
}

/* One recipient's fields; the worst recipient stays in the letter. */
static void read_group(struct letter *l, struct field_cursor *c)
{
	char action[16] = "";
	char status[16] = "";
	struct field field;

	while (field_has_next(c, &field)) {
		if (field_is(&field, "Action"))
			first_word(&field, action);
		else if (field_is(&field, "Status"))
			first_word(&field, status);
	}
	if (!badness(action) || badness(action) <= badness(l->delivery.action))
		return;
	memcpy(l->delivery.action, action, sizeof action);
	memcpy(l->delivery.status, status, sizeof status);
}

void letter_read_status(struct letter *l, const char *bytes, size_t n)
{
	struct field_cursor c;

	l->delivery.is_report = true;
	field_open(&c, bytes, n);
	while (c.at < c.end) {
		const char *before = c.at;
		size_t line;

		read_group(l, &c);
		/* A line that is no field would stop the reading: pass it. */
		if (c.at == before)
			(void) field_line(&c, &line);
	}
}

int letter_read_enclosed_header(struct letter *l, const char *bytes, size_t n)
{
	static const char *const names[] = { "Message-ID", "References", "In-Reply-To" };
	struct field_cursor c;
	struct field field;
	int r = 0;

	field_open(&c, bytes, n);
	while (r == 0 && field_has_next(&c, &field))
		for (size_t i = 0; r == 0 && i < sizeof names / sizeof names[0]; i++)
			if (field_is(&field, names[i]))
				r = letter_add_ids(l, &l->embedded_ids, &l->n_embedded_ids,
					field.value, field.value_n);
	return r;
}
