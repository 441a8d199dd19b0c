/* letter_builder.c - letters for tests, from a few header lines and a text. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/letter_builder.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/mail_date.h"

static char *copy(const char *s, size_t n)
{
	char *c = strndup(s, n);

	if (!c)
		abort();
	return c;
}

static void set_text(char **place, const char *s)
{
	free(*place);
	*place = copy(s, strlen(s));
}

/* Room for one more element behind @n of them. */
static void *grow(void *list, size_t n, size_t size)
{
	void *p = reallocarray(list, n + 1, size);

	if (!p)
		abort();
	memset((char *) p + n * size, 0, size);
	return p;
}

static void add_header(struct letter *l, const char *name, size_t n, const char *value, size_t m)
{
	l->headers = grow(l->headers, l->n_headers, sizeof *l->headers);
	l->headers[l->n_headers].name = copy(name, n);
	l->headers[l->n_headers].value = copy(value, m);
	l->n_headers++;
}

/* One "Name <a@b>" or "a@b" of @n bytes. */
static void add_address(struct letter_address **list, size_t *n_list, const char *s, size_t n)
{
	const char *open = memchr(s, '<', n);
	const char *mailbox = open ? open + 1 : s;
	size_t name = open ? (size_t) (open - s) : 0;
	size_t m = strcspn(mailbox, ">,");

	if (!open)
		m = n;
	while (name > 0 && s[name - 1] == ' ')
		name--;
	*list = grow(*list, *n_list, sizeof **list);
	(*list)[*n_list].name = copy(s, name);
	(*list)[*n_list].mailbox = copy(mailbox, m);
	(*n_list)++;
}

static void add_addresses(struct letter_address **list, size_t *n_list, const char *value)
{
	for (const char *s = value; *s; s += strspn(s, ", ")) {
		size_t n = strcspn(s, ",");

		add_address(list, n_list, s, n);
		s += n;
	}
}

static void add_id(char ***list, size_t *n_list, const char *s, size_t n)
{
	*list = grow(*list, *n_list, sizeof **list);
	(*list)[*n_list] = copy(s, n);
	(*n_list)++;
}

static void add_ids(char ***list, size_t *n_list, const char *value)
{
	for (const char *s = value; *s; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");

		add_id(list, n_list, s, n);
		s += n;
	}
}

static void read_header(struct letter *l, const char *name, const char *value)
{
	if (text_is_equal_ci(name, "From"))
		add_addresses(&l->from, &l->n_from, value);
	else if (text_is_equal_ci(name, "Reply-To"))
		add_addresses(&l->reply_to, &l->n_reply_to, value);
	else if (text_is_equal_ci(name, "To") || text_is_equal_ci(name, "Cc"))
		add_addresses(&l->to, &l->n_to, value);
	else if (text_is_equal_ci(name, "Subject"))
		set_text(&l->subject, value);
	else if (text_is_equal_ci(name, "Date"))
		(void) mail_date_parse(value, &l->date); /* one that cannot be read is none */
	else if (text_is_equal_ci(name, "Message-ID"))
		set_text(&l->message_id, value);
	else if (text_is_equal_ci(name, "In-Reply-To"))
		add_ids(&l->in_reply_to, &l->n_in_reply_to, value);
	else if (text_is_equal_ci(name, "References"))
		add_ids(&l->references, &l->n_references, value);
}

struct letter *letter_builder_new(const char *headers, const char *text, const char *new_text)
{
	struct letter *l = letter_new();

	if (!l)
		abort();
	for (const char *s = headers; *s;) {
		size_t line = strcspn(s, "\n");
		size_t name = strcspn(s, ":");
		size_t value = name + 1 + strspn(s + name + 1, " ");

		if (name >= line)
			abort();
		value = value > line ? line : value;
		add_header(l, s, name, s + value, line - value);
		read_header(
			l, l->headers[l->n_headers - 1].name, l->headers[l->n_headers - 1].value);
		s += line + (s[line] == '\n');
	}
	set_text(&l->text, text);
	set_text(&l->new_text, new_text ? new_text : text);
	return l;
}

void letter_builder_attach(struct letter *l, const char *name, const char *type)
{
	l->attachments = grow(l->attachments, l->n_attachments, sizeof *l->attachments);
	l->attachments[l->n_attachments].name = copy(name, strlen(name));
	l->attachments[l->n_attachments].type = copy(type, strlen(type));
	l->attachments[l->n_attachments].bytes = 1000;
	l->n_attachments++;
}

void letter_builder_embed(struct letter *l, const char *id)
{
	add_id(&l->embedded_ids, &l->n_embedded_ids, id, strlen(id));
}
