/* acknowledgement_fields.c - the fields of templates, and how they are filled in. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/acknowledgement_template.h"

enum {
	ON_REQUEST = 1U << ACKNOWLEDGEMENT_REQUEST,
	ON_REVIEW = 1U << ACKNOWLEDGEMENT_REVIEW,
	ON_NEUTRAL = 1U << ACKNOWLEDGEMENT_NEUTRAL,
	ON_ANY = ON_REQUEST | ON_REVIEW | ON_NEUTRAL,
};

static void write_authority(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(a->words.authority, out); /* ferror() of the filled text, here and below */
}

static void write_emergency(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(a->words.emergency, out);
}

static void write_formats(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(a->words.formats, out);
}

static void write_privacy(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(a->words.privacy_notice, out);
}

static void write_regulator(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(a->words.regulator, out);
}

static void write_contact(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(a->words.contact, out);
}

static void write_reference(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(a->reference, out);
}

static void write_parent(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(a->parent, out);
}

static void write_working_days(const struct acknowledgement *a, FILE *out)
{
	(void) fprintf(out, "%u", a->working_days);
}

static void write_law(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(statute_of(a->regime)->name, out);
}

static void write_law_cy(const struct acknowledgement *a, FILE *out)
{
	(void) fputs(statute_of(a->regime)->name_cy, out);
}

static void write_day(struct day d, enum day_language language, bool weekday, FILE *out)
{
	char text[DAY_TEXT_MAX];

	(void) fputs(
		weekday ? day_text_weekday(d, language, text) : day_text(d, language, text), out);
}

static void write_received(const struct acknowledgement *a, FILE *out)
{
	write_day(a->received, DAY_ENGLISH, false, out);
}

static void write_received_cy(const struct acknowledgement *a, FILE *out)
{
	write_day(a->received, DAY_WELSH, false, out);
}

static void write_received_weekday(const struct acknowledgement *a, FILE *out)
{
	write_day(a->received, DAY_ENGLISH, true, out);
}

static void write_received_weekday_cy(const struct acknowledgement *a, FILE *out)
{
	write_day(a->received, DAY_WELSH, true, out);
}

static void write_due(const struct acknowledgement *a, FILE *out)
{
	write_day(a->due, DAY_ENGLISH, false, out);
}

static void write_due_cy(const struct acknowledgement *a, FILE *out)
{
	write_day(a->due, DAY_WELSH, false, out);
}

static void write_due_weekday(const struct acknowledgement *a, FILE *out)
{
	write_day(a->due, DAY_ENGLISH, true, out);
}

static void write_due_weekday_cy(const struct acknowledgement *a, FILE *out)
{
	write_day(a->due, DAY_WELSH, true, out);
}

/* The fields and the kinds of mail that may use them: the neutral one tells no date. */
static const struct acknowledgement_field fields[] = {
	{ "authority", ON_ANY, write_authority },
	{ "emergency", ON_ANY, write_emergency },
	{ "formats", ON_ANY, write_formats },
	{ "privacy", ON_ANY, write_privacy },
	{ "regulator", ON_ANY, write_regulator },
	{ "contact", ON_ANY, write_contact },
	{ "reference", ON_ANY, write_reference },
	{ "law", ON_ANY, write_law },
	{ "law:cy", ON_ANY, write_law_cy },
	{ "parent", ON_REVIEW, write_parent },
	{ "working_days", ON_REQUEST | ON_REVIEW, write_working_days },
	{ "received", ON_REQUEST | ON_REVIEW, write_received },
	{ "received:cy", ON_REQUEST | ON_REVIEW, write_received_cy },
	{ "received:weekday", ON_REQUEST | ON_REVIEW, write_received_weekday },
	{ "received:weekday-cy", ON_REQUEST | ON_REVIEW, write_received_weekday_cy },
	{ "due", ON_REQUEST | ON_REVIEW, write_due },
	{ "due:cy", ON_REQUEST | ON_REVIEW, write_due_cy },
	{ "due:weekday", ON_REQUEST | ON_REVIEW, write_due_weekday },
	{ "due:weekday-cy", ON_REQUEST | ON_REVIEW, write_due_weekday_cy },
};

const struct acknowledgement_field *acknowledgement_field_at(const char *s, size_t *ret_n)
{
	size_t n = strcspn(s, "}\n");

	if (s[n] != '}')
		return NULL;
	*ret_n = n + 1;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (strlen(fields[i].word) == n - 1 && strncmp(fields[i].word, s + 1, n - 1) == 0)
			return &fields[i];
	return NULL;
}

/* Writes @n bytes of a template. Return: whether every field in them had something to say. */
static bool fill(const struct acknowledgement *a, const char *s, size_t n, FILE *out)
{
	bool is_full = true;

	for (size_t i = 0; i < n;) {
		const struct acknowledgement_field *field = NULL;
		size_t used = s[i] == '{' && s[i + 1] == '{' ? 2 : 1;
		long before;

		if (s[i] == '{' && used == 1)
			field = acknowledgement_field_at(s + i, &used);
		if (!field) {
			(void) fputc(s[i], out); /* ferror() by the caller */
			i += used;
			continue;
		}
		before = ftell(out);
		field->write(a, out);
		is_full = is_full && ftell(out) > before;
		i += used;
	}
	return is_full;
}

/* Writes one paragraph, unless a field of it is empty. Return: 0; -ENOMEM. */
static int fill_paragraph(const struct acknowledgement *a, const char *s, size_t n, FILE *out)
{
	CLEANUP(freep) char *text = NULL;
	size_t size = 0;
	FILE *paragraph = open_memstream(&text, &size);
	bool is_full;

	if (!paragraph)
		return -ENOMEM;
	is_full = fill(a, s, n, paragraph);
	if (fclose(paragraph) != 0)
		return -ENOMEM;
	if (is_full)
		(void) fprintf(out, "%s%s", ftell(out) > 0 ? "\n" : "", text); /* ferror() later */
	return 0;
}

static size_t paragraph_length(const char *s)
{
	const char *end = strstr(s, "\n\n");

	return end ? (size_t) (end - s) + 1 : strlen(s);
}

static int fill_paragraphs(const struct acknowledgement *a, FILE *out)
{
	for (const char *s = a->template->body; *s; s += strspn(s, "\n")) {
		size_t n = paragraph_length(s);
		int r = fill_paragraph(a, s, n, out);

		if (r < 0)
			return r;
		s += n;
	}
	return 0;
}

int acknowledgement_fill_body(const struct acknowledgement *a, char **ret)
{
	CLEANUP(freep) char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	int r;

	if (!out)
		return -ENOMEM;
	r = fill_paragraphs(a, out);
	if (fclose(out) != 0)
		r = -ENOMEM;
	if (r < 0)
		return r;
	*ret = TAKE_PTR(text);
	return 0;
}

int acknowledgement_fill_subject(const struct acknowledgement *a, char **ret)
{
	CLEANUP(freep) char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return -ENOMEM;
	/* A subject stays even where a field of it is empty. */
	(void) fill(a, a->template->subject, strlen(a->template->subject), out);
	if (fclose(out) != 0)
		return -ENOMEM;
	*ret = TAKE_PTR(text);
	return 0;
}
