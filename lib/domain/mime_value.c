/* mime_value.c - structured MIME header values.
 *
 * Security: reads a stranger's header; looks at MIME_VALUE_MAX bytes, once a parameter asked. */
/* SPDX-License-Identifier: MIT */
#include "domain/mime_value.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "domain/encoded_word.h"

enum {
	SECTIONS_MAX = 64, /* of one continued parameter */
};

struct span {
	const char *at;
	size_t n;
};

/* One "name=value" as it stands. */
struct parameter {
	struct span name;
	struct span value; /* without the outer quotes */
	bool is_quoted;
};

struct section {
	struct span value;
	bool is_quoted;
	bool is_encoded; /* "name*1*=": percent signs */
	bool is_there;
};

/* What was found of the parameter that is looked for. */
struct found {
	struct section plain;	 /* name= */
	struct section extended; /* name*= */
	struct section sections[SECTIONS_MAX];
	bool is_over; /* there are more sections */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trim(struct span s)
{
	while (s.n > 0 && is_blank(*s.at)) {
		s.at++;
		s.n--;
	}
	while (s.n > 0 && is_blank(s.at[s.n - 1]))
		s.n--;
	return s;
}

/* End of the quoted string whose first character is at @s; @end if it is never closed. */
static const char *quoted_end(const char *s, const char *end)
{
	for (; s < end && *s != '"'; s++)
		if (*s == '\\' && s + 1 < end)
			s++;
	return s;
}

/* Up to the ";" that ends a parameter, past quoted strings. */
static const char *parameter_end(const char *s, const char *end)
{
	while (s < end && *s != ';') {
		if (*s == '"')
			s = quoted_end(s + 1, end);
		if (s < end)
			s++;
	}
	return s;
}

/* Takes the next parameter from @rest. Return: whether there was one. */
static bool has_next(struct span *rest, struct parameter *ret)
{
	const char *end = rest->at + rest->n;

	while (rest->n > 0) {
		const char *stop = parameter_end(rest->at, end);
		struct span whole = { rest->at, (size_t) (stop - rest->at) };
		const char *equals = memchr(whole.at, '=', whole.n);

		rest->at = stop < end ? stop + 1 : end;
		rest->n = (size_t) (end - rest->at);
		if (!equals)
			continue;
		ret->name = trim((struct span){ whole.at, (size_t) (equals - whole.at) });
		ret->value = trim((struct span){ equals + 1, (size_t) (stop - equals - 1) });
		ret->is_quoted = ret->value.n > 0 && *ret->value.at == '"';
		if (ret->is_quoted) {
			const char *from = ret->value.at + 1;

			ret->value.n = (size_t) (quoted_end(from, stop) - from);
			ret->value.at = from;
		}
		return true;
	}
	return false;
}

/* The number at @s, that may end in "*" or the span's end; -1: no number of a section, SECTIONS_MAX:
 * of one too many. */
static int section_number(const char *s, size_t n, bool *ret_is_encoded)
{
	int number = 0;

	*ret_is_encoded = n > 0 && s[n - 1] == '*';
	if (*ret_is_encoded)
		n--;
	if (n == 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		if (number < SECTIONS_MAX)
			number = number * 10 + (s[i] - '0');
	}
	return number < SECTIONS_MAX ? number : SECTIONS_MAX;
}

/* The first of two parameters of one name counts. */
static void note_section(struct section *s, const struct parameter *p, bool is_encoded)
{
	if (s->is_there)
		return;
	*s = (struct section){ p->value, p->is_quoted, is_encoded, true };
}

static void note(struct found *found, const struct parameter *p, const char *name)
{
	size_t n = strlen(name);
	const char *rest = p->name.at + n;
	bool is_encoded;
	int number;

	if (p->name.n < n || strncasecmp(p->name.at, name, n) != 0)
		return;
	if (p->name.n == n) {
		note_section(&found->plain, p, false);
		return;
	}
	if (*rest != '*')
		return;
	if (p->name.n == n + 1) {
		note_section(&found->extended, p, true);
		return;
	}
	number = section_number(rest + 1, p->name.n - n - 1, &is_encoded);
	found->is_over |= number == SECTIONS_MAX;
	if (number >= 0 && number < SECTIONS_MAX)
		note_section(&found->sections[number], p, is_encoded);
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int) (at - digits) : -1;
}

/* Return: whether there was anything to decode. */
static bool add_percent(struct bytes *out, struct span s)
{
	bool is_escaped = false;

	for (size_t i = 0; i < s.n; i++) {
		int high = s.at[i] == '%' && i + 2 < s.n ? hex(s.at[i + 1]) : -1;
		int low = high >= 0 ? hex(s.at[i + 2]) : -1;

		if (low >= 0) {
			bytes_add_char(out, (char) (high << 4 | low));
			is_escaped = true;
			i += 2;
		} else {
			bytes_add_char(out, s.at[i]);
		}
	}
	return is_escaped;
}

static void add_unescaped(struct bytes *out, struct span s, bool is_quoted)
{
	for (size_t i = 0; i < s.n; i++) {
		/* Windows programs write name="C:\dir\x.doc": keep what was no escape. */
		if (is_quoted && s.at[i] == '\\' && i + 1 < s.n && strchr("\"\\", s.at[i + 1]))
			i++;
		bytes_add_char(out, s.at[i]);
	}
}

/* Takes "charset'language'" off the front of @s. */
static void take_charset(struct span *s, char ret[static MIME_WORD_MAX])
{
	const char *first = memchr(s->at, '\'', s->n);
	const char *second =
		first ? memchr(first + 1, '\'', s->n - (size_t) (first + 1 - s->at)) : NULL;
	size_t n = second ? (size_t) (first - s->at) : 0;

	ret[0] = '\0';
	if (!second)
		return;
	if (n < MIME_WORD_MAX) {
		memcpy(ret, s->at, n);
		ret[n] = '\0';
	}
	s->n -= (size_t) (second + 1 - s->at);
	s->at = second + 1;
}

static bool add_section(struct bytes *raw, const struct section *s)
{
	if (s->is_encoded)
		return add_percent(raw, s->value);
	add_unescaped(raw, s->value, s->is_quoted);
	return false;
}

/* RFC 2231 s.3 and s.4: the sections in their order, and the set that the first one names.
 * @ret_is_escaped: whether percent signs said any of it. */
static void add_sections(struct section *sections, size_t count, struct bytes *out,
	char ret_charset[static MIME_WORD_MAX], bool *ret_is_escaped)
{
	ret_charset[0] = '\0';
	*ret_is_escaped = false;
	if (count > 1 && !sections[0].is_there) { /* some count from one */
		sections++;
		count--;
	}
	if (sections[0].is_encoded)
		take_charset(&sections[0].value, ret_charset);
	for (size_t i = 0; i < count && sections[i].is_there; i++)
		*ret_is_escaped |= add_section(out, &sections[i]);
}

static int join(struct charset_table *t, struct section *sections, size_t count, struct bytes *out,
	bool *ret_is_escaped)
{
	char charset[MIME_WORD_MAX];
	struct bytes raw;
	int r = 0;

	bytes_init(&raw, MIME_VALUE_MAX);
	add_sections(sections, count, &raw, charset, ret_is_escaped);
	if (raw.n > 0 && charset_decode(t, charset, raw.at, raw.n, out) > 0)
		r = ENCODED_WORD_UNKNOWN;
	if (raw.is_starved)
		out->is_starved = true;
	bytes_done(&raw);
	return r;
}

static int decode_found(struct charset_table *t, struct found *found, size_t max, char **ret)
{
	CLEANUP(freep) char *text = NULL;
	struct bytes out;
	size_t length = 0;
	bool is_plain = !found->extended.is_there && !found->sections[0].is_there &&
			!found->sections[1].is_there;
	bool is_escaped = false;
	bool is_cut;
	int note = found->is_over ? ENCODED_WORD_CUT : 0;
	int r;

	bytes_init(&out, MIME_VALUE_MAX * 3);
	if (is_plain)
		add_unescaped(&out, found->plain.value, found->plain.is_quoted);
	else if (found->extended.is_there)
		note |= join(t, &found->extended, 1, &out, &is_escaped);
	else
		note |= join(t, found->sections, SECTIONS_MAX, &out, &is_escaped);
	r = bytes_take(&out, &text, &length);
	if (r < 0)
		return r;
	/* Mailers also put RFC 2047 words where RFC 2231 forbids them; but what percent signs said
	 * is not decoded again. */
	if (is_escaped) {
		text_blank_nul(text, length);
		r = text_cut_line(text, max, &is_cut, ret);
		return r < 0 ? r : note | (is_cut ? ENCODED_WORD_CUT : 0);
	}
	r = encoded_word_decode(t, text, length, max, ret);
	return r < 0 ? r : r | note;
}

static struct span bounded(const char *raw, size_t n)
{
	return (struct span){ raw, n < MIME_VALUE_MAX ? n : MIME_VALUE_MAX };
}

/* Behind the word at @s. Blanks around the slash are in it ("text / plain"), others end it: behind
 * them a parameter may stand whose semicolon was forgotten. */
static const char *word_end(const char *s, const char *end)
{
	bool has_word = false;

	while (s < end && *s != ';' && *s != '(') {
		const char *next = s;

		while (next < end && is_blank(*next))
			next++;
		if (next > s && has_word && next < end && *next != '/')
			return s;
		has_word = next == end || *next != '/';
		s = next < end && next == s ? next + 1 : next;
	}
	return s;
}

void mime_value_word(const char *raw, size_t n, char ret[static MIME_WORD_MAX])
{
	struct span s = bounded(raw, n);
	size_t k = 0;

	s.n = (size_t) (word_end(s.at, s.at + s.n) - s.at);
	for (size_t i = 0; i < s.n && k + 1 < MIME_WORD_MAX; i++)
		if (s.at[i] > ' ' && s.at[i] < 0x7F && s.at[i] != '"')
			ret[k++] = s.at[i];
	ret[k] = '\0';
	text_lower(ret);
}

static const char unknown_type[] = "application/octet-stream";

static size_t token_length(const char *s)
{
	size_t n = 0;

	while (s[n] > ' ' && s[n] < 0x7F && !strchr("()<>@,;:\\\"/[]?=", s[n]))
		n++;
	return n;
}

void mime_value_type(const char *raw, size_t n, char ret[static MIME_WORD_MAX])
{
	size_t type;
	size_t subtype;

	mime_value_word(raw, n, ret);
	type = token_length(ret);
	subtype = ret[type] == '/' ? token_length(ret + type + 1) : 0;
	if (type > 0 && subtype > 0)
		ret[type + 1 + subtype] = '\0';
	else if (strchr(ret, '/'))
		memcpy(ret, unknown_type, sizeof unknown_type);
	else
		ret[0] = '\0';
}

/* All that the value says of one parameter. */
static void find(const char *raw, size_t n, const char *name, struct found *ret)
{
	struct span rest = bounded(raw, n);
	const char *end = rest.at + rest.n;
	struct parameter p;

	*ret = (struct found){ 0 };
	rest.at = word_end(rest.at, end);
	rest.n = (size_t) (end - rest.at);
	while (has_next(&rest, &p))
		note(ret, &p, name);
}

int mime_value_parameter(struct charset_table *t, const char *raw, size_t n, const char *name,
	size_t max, char **ret)
{
	struct found found;

	find(raw, n, name, &found);
	return decode_found(t, &found, max, ret);
}

void mime_value_bytes(const char *raw, size_t n, const char *name, struct bytes *out)
{
	char charset[MIME_WORD_MAX];
	struct found found;
	bool is_escaped;

	find(raw, n, name, &found);
	if (found.plain.is_there)
		(void) add_section(out, &found.plain); /* no percent sign counts there */
	else if (found.extended.is_there)
		add_sections(&found.extended, 1, out, charset, &is_escaped);
	else
		add_sections(found.sections, SECTIONS_MAX, out, charset, &is_escaped);
}
