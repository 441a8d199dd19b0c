/* letter_header.c - the top-level header of a mail.
 *
 * Security: a stranger's header. Two million fields are passed, since a From may stand behind
 * megabytes of To; what is decoded is bounded by FIELD_VALUE_MAX a field, and what is kept by
 * LETTER_HEADERS_MAX and LETTER_HEADER_BYTES_MAX. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/encoded_word.h"
#include "domain/letter_internal.h"
#include "domain/mail_date.h"

enum {
	ID_MAX = 998,		   /* RFC 5322 s.2.1.1: a line is no longer */
	FIELDS_READ_MAX = 2000000, /* what is behind them has no sender or subject that counts */
};

static bool is_id_byte(char c)
{
	return c > ' ' && c != 0x7F && c != '<' && c != '>';
}

/* Appends "<id>"; the oldest goes when the list is full: a reply's own parent stands last. */
static int add_id(struct letter *l, char ***list, size_t *n, const char *id, size_t id_n)
{
	char *copy = malloc(id_n + 3);
	char **grown;

	if (!copy)
		return -ENOMEM;
	copy[0] = '<';
	memcpy(copy + 1, id, id_n);
	memcpy(copy + 1 + id_n, ">", 2);
	if (*n == LETTER_IDS_MAX) {
		letter_add_warning(
			l, "There are very many references; only the last ones are kept.");
		free((*list)[0]);
		memmove(*list, *list + 1, (*n - 1) * sizeof **list);
		(*list)[*n - 1] = copy;
		return 0;
	}
	grown = reallocarray(*list, *n + 1, sizeof *grown);
	if (!grown) {
		free(copy);
		return -ENOMEM;
	}
	*list = grown;
	grown[(*n)++] = copy;
	return 0;
}

static void warn_of_id(struct letter *l)
{
	letter_add_warning(l, "A Message-ID is very long; it is left out.");
}

int letter_add_ids(struct letter *l, char ***list, size_t *n, const char *value, size_t value_n)
{
	const char *end = value + value_n;

	for (const char *at = value; at < end; at++) {
		const char *from = at + 1;
		int r;

		if (*at != '<')
			continue;
		at = from;
		while (at < end && is_id_byte(*at))
			at++;
		if (at == end)
			return 0;
		if (*at == '>' && at - from > ID_MAX)
			warn_of_id(l);
		if (*at != '>' || at == from || at - from > ID_MAX) {
			at--; /* it may be the "<" of the next one */
			continue;
		}
		r = add_id(l, list, n, from, (size_t) (at - from));
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_references(struct reading *rd, const struct field *field)
{
	struct letter *l = rd->letter;

	return letter_add_ids(l, &l->references, &l->n_references, field->value, field->value_n);
}

static int read_in_reply_to(struct reading *rd, const struct field *field)
{
	struct letter *l = rd->letter;

	return letter_add_ids(l, &l->in_reply_to, &l->n_in_reply_to, field->value, field->value_n);
}

/* A Message-ID that breaks the grammar: the first word of one without angle brackets, or all that the
 * brackets hold but what cannot be in one. */
static int odd_id(struct letter *l, char ***list, size_t *n, const struct field *field)
{
	const char *end = field->value + field->value_n;
	const char *open = memchr(field->value, '<', field->value_n);
	struct bytes id;
	int r = 0;

	bytes_init(&id, ID_MAX);
	for (const char *at = open ? open + 1 : field->value; at < end && *at != '>'; at++) {
		if (is_id_byte(*at))
			bytes_add_char(&id, *at);
		else if (!open && id.n > 0)
			break;
	}
	if (id.is_cut)
		warn_of_id(l);
	else if (id.n > 0)
		r = add_id(l, list, n, id.at, id.n);
	if (id.is_starved)
		r = -ENOMEM;
	bytes_done(&id);
	return r;
}

static int read_message_id(struct reading *rd, const struct field *field)
{
	struct letter *l = rd->letter;
	char **ids = NULL;
	size_t n = 0;
	int r;

	if (l->message_id[0])
		return 0;
	r = letter_add_ids(l, &ids, &n, field->value, field->value_n);
	if (r == 0 && n == 0)
		r = odd_id(l, &ids, &n, field);
	if (r == 0 && n > 0) {
		free(l->message_id);
		l->message_id = TAKE_PTR(ids[0]);
	}
	for (size_t i = 0; i < n; i++)
		free(ids[i]);
	free(ids);
	return r;
}

/* Return: 0; 1 it is longer than what is kept; -ENOMEM. */
static int decode_value(struct reading *rd, const struct field *field, char **ret)
{
	int r = encoded_word_decode(
		rd->charsets, field->value, field->value_n, LETTER_VALUE_MAX, ret);

	if (r < 0)
		return r;
	if (r & ENCODED_WORD_UNKNOWN)
		letter_add_warning(rd->letter, "A header names an unknown character set.");
	return r & ENCODED_WORD_CUT ? 1 : 0;
}

static int read_subject(struct reading *rd, const struct field *field)
{
	char *subject;
	int r;

	if (rd->letter->subject[0])
		return 0;
	r = decode_value(rd, field, &subject);
	if (r < 0)
		return r;
	if (r > 0)
		letter_add_warning(
			rd->letter, "The subject is very long; only its beginning is kept.");
	free(rd->letter->subject);
	rd->letter->subject = subject;
	return 0;
}

static int read_date(struct reading *rd, const struct field *field)
{
	char *value;
	int64_t date;
	int r = decode_value(rd, field, &value);

	if (r < 0)
		return r;
	/* Without a date that can be read it stays 0: the sender's Date decides nothing. */
	if (rd->letter->date == 0 && mail_date_parse(value, &date) == 0)
		rd->letter->date = date;
	free(value);
	return 0;
}

static int read_from(struct reading *rd, const struct field *field)
{
	struct letter *l = rd->letter;

	return letter_add_addresses(rd, &l->from, &l->n_from, field->value, field->value_n);
}

static int read_reply_to(struct reading *rd, const struct field *field)
{
	struct letter *l = rd->letter;

	return letter_add_addresses(rd, &l->reply_to, &l->n_reply_to, field->value, field->value_n);
}

static int read_to(struct reading *rd, const struct field *field)
{
	struct letter *l = rd->letter;

	return letter_add_addresses(rd, &l->to, &l->n_to, field->value, field->value_n);
}

static const struct {
	const char *name;
	int (*read)(struct reading *rd, const struct field *field);
} known[] = {
	{ "From", read_from },
	{ "Reply-To", read_reply_to },
	{ "To", read_to },
	{ "Cc", read_to },
	{ "Subject", read_subject },
	{ "Message-ID", read_message_id },
	{ "In-Reply-To", read_in_reply_to },
	{ "References", read_references },
	{ "Date", read_date },
};

static int read_known(struct reading *rd, const struct field *field)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (field_is(field, known[i].name))
			return known[i].read(rd, field);
	return 0;
}

static void warn_of_field(struct letter *l)
{
	letter_add_warning(l, "A header field is very long; only its beginning was read.");
}

static int keep(struct reading *rd, const struct field *field)
{
	struct letter *l = rd->letter;
	struct letter_header *headers;
	char *value;
	int r;

	if (l->n_headers == LETTER_HEADERS_MAX || rd->header_bytes >= LETTER_HEADER_BYTES_MAX) {
		letter_add_warning(l, "The header is very long; only its beginning is kept.");
		return 0;
	}
	if (field->is_cut)
		warn_of_field(l);
	/* None for what is over LETTER_VALUE_MAX: servers write such fields into every mail. */
	r = decode_value(rd, field, &value);
	if (r < 0)
		return r;
	headers = reallocarray(l->headers, l->n_headers + 1, sizeof *headers);
	if (!headers) {
		free(value);
		return -ENOMEM;
	}
	l->headers = headers;
	headers[l->n_headers].value = value;
	headers[l->n_headers].name = strndup(field->name, field->name_n);
	if (!headers[l->n_headers].name) {
		free(value);
		return -ENOMEM;
	}
	l->n_headers++;
	rd->header_bytes += strlen(value);
	return 0;
}

int letter_read_header(struct reading *rd, struct field_cursor *c)
{
	struct letter *l = rd->letter;
	struct field field;

	for (unsigned n = 0; n < FIELDS_READ_MAX && field_has_next(c, &field); n++) {
		int r = keep(rd, &field);

		if (r == 0)
			r = read_known(rd, &field);
		if (r < 0)
			return r;
	}
	if (l->n_from == 0)
		letter_add_warning(l, "There is no sender's address that can be read.");
	if (l->n_from > 1)
		letter_add_warning(l, "There is more than one sender.");
	return 0;
}

/* The first of each, in the order in which they are shown. */
static const char *const shown[] = { "From", "Date", "Subject" };

static int add_line(
	struct reading *rd, const struct field *field, const char *name, struct bytes *lines)
{
	char *value;
	int r = decode_value(rd, field, &value);

	if (r < 0)
		return r;
	if (r > 0)
		warn_of_field(rd->letter);
	bytes_add_text(lines, name);
	bytes_add_text(lines, ": ");
	bytes_add_text(lines, value);
	bytes_add_char(lines, '\n');
	free(value);
	return 0;
}

static int add_lines(struct reading *rd, const char *bytes, size_t n, struct bytes *lines)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof shown / sizeof shown[0]; i++) {
		struct field_cursor c;
		struct field field;

		field_open(&c, bytes, n);
		while (field_has_next(&c, &field))
			if (field_is(&field, shown[i])) {
				r = add_line(rd, &field, shown[i], lines);
				break;
			}
	}
	return r;
}

int letter_read_enclosed_lines(struct reading *rd, const char *bytes, size_t n)
{
	struct bytes lines;
	int r;

	bytes_init(&lines, sizeof shown / sizeof shown[0] * (LETTER_VALUE_MAX + 16));
	bytes_add_text(&rd->text, "\n---------- Forwarded message ----------\n");
	r = add_lines(rd, bytes, n, &lines);
	if (r == 0 && lines.is_starved)
		r = -ENOMEM;
	if (r == 0 && lines.n > 0)
		r = letter_read_text(rd, lines.at, lines.n);
	bytes_done(&lines);
	return r;
}
