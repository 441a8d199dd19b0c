/* acknowledgement_template.c - templates of acknowledgements: how they are read.
 *
 * The form, also told in conf/acknowledgement-templates.md:
 *
 *     # a line that begins with "#" is a comment, wherever it stands
 *     Subject: Your request for information: {reference}
 *
 *     A paragraph is a run of lines; its lines are joined when the mail is made. A paragraph
 *     in which a field is empty, such as {emergency}, is left out as a whole.
 *
 * Fields are the table in acknowledgement_fields.c. A date has its form behind a colon: {due}, {due:cy},
 * {due:weekday}, {due:weekday-cy}; {law} has {law:cy}. "{{" is a brace. */
/* SPDX-License-Identifier: MIT */
#include "domain/acknowledgement_template.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	FIELD_MAX = 32, /* bytes of what stands between braces that a message shows */
};

static const char *const kind_words[ACKNOWLEDGEMENT_KIND_COUNT] = {
	[ACKNOWLEDGEMENT_REQUEST] = "request",
	[ACKNOWLEDGEMENT_REVIEW] = "review",
	[ACKNOWLEDGEMENT_NEUTRAL] = "neutral acknowledgement",
};

struct place {
	const char *source;
	size_t line;
};

/* What stands at @s up to its closing brace or the end of its line, fit to be shown. */
static int refuse_field(const char *s, struct place place, struct fault *f)
{
	size_t n = strcspn(s, "}\n");
	CLEANUP(freep) char *word = strndup(s, n + (s[n] == '}'));
	CLEANUP(freep) char *shown = NULL;

	if (!word || text_one_line(word, FIELD_MAX, &shown) < 0)
		return fault_set(f, -ENOMEM, "no memory");
	return fault_set_kind(f, FAULT_CONFIG, -EINVAL, "%s:%zu: unknown field '%s'", place.source,
		place.line, shown);
}

static int check_field(const char *s, enum acknowledgement_kind kind, struct place place,
	size_t *ret_n, struct fault *f)
{
	const struct acknowledgement_field *field = acknowledgement_field_at(s, ret_n);

	if (!field)
		return refuse_field(s, place, f);
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
	/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): split() saw to the subject. */
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
