/* acknowledgement_template.c - templates of acknowledgements: reading and filling in.
 *
 * The form, also told in conf/acknowledgement-templates.md:
 *
 *     # a line that begins with "#" is a comment, wherever it stands
 *     Subject: Your request for information: {reference}
 *
 *     A paragraph is a run of lines; its lines are joined when the mail is made. A paragraph
 *     in which a field is empty, such as {emergency}, is left out as a whole.
 *
 * Fields are the table below. A date has its form behind a colon: {due}, {due:cy},
 * {due:weekday}, {due:weekday-cy}; {law} has {law:cy}. "{{" is a brace. */
/* SPDX-License-Identifier: MIT */
#include "domain/acknowledgement_template.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	FIELD_MAX = 32, /* bytes of what stands between braces */
	ON_REQUEST = 1U << ACKNOWLEDGEMENT_REQUEST,
	ON_REVIEW = 1U << ACKNOWLEDGEMENT_REVIEW,
	ON_NEUTRAL = 1U << ACKNOWLEDGEMENT_NEUTRAL,
	ON_ANY = ON_REQUEST | ON_REVIEW | ON_NEUTRAL,
};

/* ---- fields ------------------------------------------------------------------------------------ */

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
static const struct field {
	const char *word;
	unsigned kinds;
	void (*write)(const struct acknowledgement *a, FILE *out);
} fields[] = {
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

static const char *const kind_words[ACKNOWLEDGEMENT_KIND_COUNT] = {
	[ACKNOWLEDGEMENT_REQUEST] = "request",
	[ACKNOWLEDGEMENT_REVIEW] = "review",
	[ACKNOWLEDGEMENT_NEUTRAL] = "neutral acknowledgement",
};

/* The field "{word}" at @s; @ret_n is its length with both braces. NULL: there is none. */
static const struct field *field_at(const char *s, size_t *ret_n)
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

/* ---- reading ----------------------------------------------------------------------------------- */

struct place {
	const char *source;
	size_t line;
};

static int check_field(const char *s, enum acknowledgement_kind kind, struct place place,
	size_t *ret_n, struct fault *f)
{
	const struct field *field = field_at(s, ret_n);

	if (!field)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s:%zu: unknown field '%.*s'",
			place.source, place.line, FIELD_MAX, s);
	if (!(field->kinds & (1U << kind)))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s:%zu: a %s must not hold {%s}",
			place.source, place.line, kind_words[kind], field->word);
	return 0;
}

/* Checks every field of one line. */
static int check_line(
	const char *s, enum acknowledgement_kind kind, struct place place, struct fault *f)
{
	while (*s && *s != '\n') {
		size_t n = 1;

		if (s[0] == '{' && s[1] == '{')
			n = 2;
		else if (s[0] == '{') {
			int r = check_field(s, kind, place, &n, f);

			if (r < 0)
				return r;
		}
		s += n;
	}
	return 0;
}

static int check_lines(
	const char *text, enum acknowledgement_kind kind, const char *source, struct fault *f)
{
	size_t line = 1;

	for (const char *s = text; *s; s += strcspn(s, "\n"), s += *s == '\n', line++) {
		int r = *s == '#' ? 0 : check_line(s, kind, (struct place){ source, line }, f);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Takes comment lines and carriage returns out, in place. */
static void drop_comments(char *text)
{
	char *out = text;

	for (const char *s = text; *s;) {
		size_t n = strcspn(s, "\n");
		size_t k = n + (s[n] == '\n');

		for (size_t i = 0; *s != '#' && i < k; i++)
			if (s[i] != '\r')
				*out++ = s[i];
		s += k;
	}
	*out = '\0';
}

/* Cuts @text, which is without comments, into subject and body. */
static int split(
	const char *text, const char *source, struct acknowledgement_template *t, struct fault *f)
{
	size_t n;

	text += strspn(text, "\n");
	if (!text_has_prefix_ci(text, "Subject:"))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"%s: the first line must be 'Subject: ...'", source);
	text += strlen("Subject:");
	text += strspn(text, " \t");
	n = strcspn(text, "\n");
	if (n == 0)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s: the subject is empty", source);
	if (text[n] != '\n' || text[n + 1] != '\n')
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL,
			"%s: a blank line must follow the subject", source);
	t->subject = strndup(text, n);
	text += n;
	text += strspn(text, "\n");
	if (!*text)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s: the body is empty", source);
	t->body = strdup(text);
	return t->subject && t->body ? 0 : fault_set(f, -ENOMEM, "no memory");
}

static void freep_template(struct acknowledgement_template **t)
{
	*t = acknowledgement_template_free(*t);
}

/* Without its reference an acknowledgement is of no use to anybody. */
static int check_reference(
	const struct acknowledgement_template *t, const char *source, struct fault *f)
{
	if (t->kind == ACKNOWLEDGEMENT_NEUTRAL || strstr(t->subject, "{reference}"))
		return 0;
	return fault_set_kind(
		f, FAULT_CONFIG, -EINVAL, "%s: the subject must hold {reference}", source);
}

static int check_bytes(const char *text, size_t n, const char *source, struct fault *f)
{
	if (n > ACKNOWLEDGEMENT_TEMPLATE_MAX)
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s: more than %d bytes", source,
			ACKNOWLEDGEMENT_TEMPLATE_MAX);
	if (!text_is_utf8(text, n) || memchr(text, '\0', n))
		return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s: not UTF-8 text", source);
	return 0;
}

int acknowledgement_template_parse(const char *text, size_t n, const char *source,
	enum acknowledgement_kind kind, struct acknowledgement_template **ret, struct fault *f)
{
	CLEANUP(freep_template) struct acknowledgement_template *t = NULL;
	CLEANUP(freep) char *copy = NULL;
	int r = check_bytes(text, n, source, f);

	if (r < 0)
		return r;
	copy = strndup(text, n);
	t = calloc(1, sizeof *t);
	if (!copy || !t)
		return fault_set(f, -ENOMEM, "no memory");
	t->kind = kind;
	r = check_lines(copy, kind, source, f);
	if (r < 0)
		return r;
	drop_comments(copy);
	r = split(copy, source, t, f);
	if (r < 0)
		return r;
	r = check_reference(t, source, f);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(t);
	return 0;
}

struct acknowledgement_template *acknowledgement_template_free(struct acknowledgement_template *t)
{
	if (t) {
		free(t->subject);
		free(t->body);
		free(t);
	}
	return NULL;
}

/* ---- filling in -------------------------------------------------------------------------------- */

/* Writes @n bytes of a template. Return: whether every field in them had something to say. */
static bool fill(const struct acknowledgement *a, const char *s, size_t n, FILE *out)
{
	bool is_full = true;

	for (size_t i = 0; i < n;) {
		const struct field *field = NULL;
		size_t used = s[i] == '{' && s[i + 1] == '{' ? 2 : 1;
		long before;

		if (s[i] == '{' && used == 1)
			field = field_at(s + i, &used);
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
