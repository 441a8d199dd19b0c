/* html_reduce.c - a page with only the tags that matter to its text.
 *
 * gumbo's time and memory are in the sender's hands: 500,000 nested elements, 100,000 attributes
 * on one tag (each compared with all others), open formatting elements copied into each new
 * paragraph. So gumbo never sees the sender's page, but one written anew from it: ten kinds of
 * tags, no formatting elements, a bounded number and depth, no attribute but our two.
 *
 * Security: a stranger's bytes; one pass, no recursion. */
/* SPDX-License-Identifier: MIT */
#include "domain/html.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"

enum kind {
	KIND_SPAN,
	KIND_DIV,
	KIND_P,
	KIND_TABLE,
	KIND_TR,
	KIND_TD,
	KIND_UL,
	KIND_LI,
	KIND_QUOTE,
	KIND_PRE,
	KIND_COUNT,
	KIND_BR,   /* has no end */
	KIND_HR,   /* has no end */
	KIND_NONE, /* says nothing about the text */
	KIND_RAW,  /* everything up to its end is no text */
};

static const char *const kind_names[] = {
	[KIND_SPAN] = "span",
	[KIND_DIV] = "div",
	[KIND_P] = "p",
	[KIND_TABLE] = "table",
	[KIND_TR] = "tr",
	[KIND_TD] = "td",
	[KIND_UL] = "ul",
	[KIND_LI] = "li",
	[KIND_QUOTE] = "blockquote",
	[KIND_PRE] = "pre",
	[KIND_BR] = "br",
	[KIND_HR] = "hr",
};

/* What is not named here is a span: its end must be known, in case it hides something. */
static const struct {
	const char *tag;
	enum kind kind;
} kinds[] = {
	{ "div", KIND_DIV },
	{ "p", KIND_P },
	{ "table", KIND_TABLE },
	{ "tr", KIND_TR },
	{ "td", KIND_TD },
	{ "th", KIND_TD },
	{ "ul", KIND_UL },
	{ "ol", KIND_UL },
	{ "li", KIND_LI },
	{ "blockquote", KIND_QUOTE },
	{ "pre", KIND_PRE },
	{ "br", KIND_BR },
	{ "hr", KIND_HR },
	{ "h1", KIND_P },
	{ "h2", KIND_P },
	{ "h3", KIND_P },
	{ "h4", KIND_P },
	{ "h5", KIND_P },
	{ "h6", KIND_P },
	{ "dl", KIND_DIV },
	{ "dt", KIND_DIV },
	{ "dd", KIND_DIV },
	{ "center", KIND_DIV },
	{ "address", KIND_DIV },
	{ "article", KIND_DIV },
	{ "section", KIND_DIV },
	{ "header", KIND_DIV },
	{ "footer", KIND_DIV },
	{ "main", KIND_DIV },
	{ "form", KIND_DIV },
	{ "html", KIND_NONE },
	{ "head", KIND_NONE },
	{ "body", KIND_NONE },
	{ "meta", KIND_NONE },
	{ "link", KIND_NONE },
	{ "base", KIND_NONE },
	{ "img", KIND_NONE },
	{ "input", KIND_NONE },
	{ "wbr", KIND_NONE },
	{ "col", KIND_NONE },
	{ "colgroup", KIND_NONE },
	{ "tbody", KIND_NONE },
	{ "thead", KIND_NONE },
	{ "tfoot", KIND_NONE },
	{ "script", KIND_RAW },
	{ "style", KIND_RAW },
	{ "title", KIND_RAW },
	{ "template", KIND_RAW },
	{ "iframe", KIND_RAW },
	{ "noembed", KIND_RAW },
	{ "noframes", KIND_RAW },
};

struct span {
	const char *at;
	size_t n;
};

/* One start or end tag. */
struct tag {
	struct span name;
	bool is_end;
	bool is_hidden;
	bool is_cite;
};

struct reduction {
	const char *at;
	const char *end;
	struct bytes out;
	unsigned tags;		      /* written so far */
	unsigned depth;		      /* open now */
	unsigned open[KIND_COUNT];    /* of these, by kind */
	unsigned dropped[KIND_COUNT]; /* left out for their depth, and still open */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_word(struct span s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.at, word, s.n) == 0;
}

static enum kind kind_of(struct span name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (is_word(name, kinds[i].tag))
			return kinds[i].kind;
	return KIND_SPAN;
}

/* Whether a style, squeezed, holds "property:value" with nothing more in the value. */
static bool has_style(const char *style, const char *wanted)
{
	size_t n = strlen(wanted);

	for (const char *at = style; (at = strstr(at, wanted)) != NULL; at++) {
		bool is_start = at == style || at[-1] == ';';

		if (is_start && (at[n] == '\0' || strchr(";!p", at[n])))
			return true;
	}
	return false;
}

static void note_style(struct tag *tag, struct span value)
{
	static const char *const hiding[] = { "display:none", "visibility:hidden", "font-size:0",
		"mso-hide:all", "max-height:0", "opacity:0" };
	char style[1024];
	size_t n = 0;

	for (size_t i = 0; i < value.n && n + 1 < sizeof style; i++)
		if (!is_blank(value.at[i]) && value.at[i] != '\0')
			style[n++] = value.at[i] >= 'A' && value.at[i] <= 'Z'
					     ? (char) (value.at[i] - 'A' + 'a')
					     : value.at[i];
	style[n] = '\0';
	for (size_t i = 0; i < sizeof hiding / sizeof hiding[0]; i++)
		tag->is_hidden |= has_style(style, hiding[i]);
	tag->is_cite |= strstr(style, "border-left:") != NULL;
}

static void note_attribute(struct tag *tag, struct span name, struct span value)
{
	if (is_word(name, "hidden"))
		tag->is_hidden = true;
	else if (is_word(name, "style"))
		note_style(tag, value);
	else if (is_word(name, "cite") || (is_word(name, "type") && is_word(value, "cite")))
		tag->is_cite = true;
	else if (is_word(name, "class") && value.n < 256 && memmem(value.at, value.n, "quote", 5))
		tag->is_cite = true;
}

/* The value behind "=" at r->at. */
static struct span take_value(struct reduction *r)
{
	struct span value;
	char quote;

	while (r->at < r->end && is_blank(*r->at))
		r->at++;
	quote = r->at < r->end && (*r->at == '"' || *r->at == '\'') ? *r->at++ : '\0';
	value.at = r->at;
	while (r->at < r->end && (quote ? *r->at != quote : !is_blank(*r->at) && *r->at != '>'))
		r->at++;
	value.n = (size_t) (r->at - value.at);
	if (quote && r->at < r->end)
		r->at++;
	return value;
}

/* The attributes up to the ">". Return: whether the tag has an end. */
static bool has_tag_end(struct reduction *r, struct tag *tag)
{
	while (r->at < r->end && *r->at != '>') {
		struct span name = { r->at, 0 };
		struct span value = { "", 0 };

		if (is_blank(*r->at) || *r->at == '/') {
			r->at++;
			continue;
		}
		/* A "=" at the start belongs to the name. */
		for (r->at++; r->at < r->end && !is_blank(*r->at) && !strchr("=>/", *r->at);)
			r->at++;
		name.n = (size_t) (r->at - name.at);
		while (r->at < r->end && is_blank(*r->at))
			r->at++;
		if (r->at < r->end && *r->at == '=') {
			r->at++;
			value = take_value(r);
		}
		note_attribute(tag, name, value);
	}
	if (r->at == r->end)
		return false;
	r->at++;
	return true;
}

/* Passes everything up to the end tag of a raw element, or to the end of the page. */
static void pass_raw(struct reduction *r, struct span name)
{
	while (r->at < r->end) {
		const char *mark = memchr(r->at, '<', (size_t) (r->end - r->at));
		struct span found;

		r->at = mark ? mark + 1 : r->end;
		found = (struct span){ r->at + 1, name.n };
		if ((size_t) (r->end - r->at) <= name.n || *r->at != '/')
			continue;
		if (strncasecmp(found.at, name.at, name.n) == 0)
			break;
	}
	while (r->at < r->end && *r->at++ != '>')
		;
}

static void write_tag(struct reduction *r, enum kind kind, const struct tag *tag)
{
	r->tags++;
	bytes_add_text(&r->out, tag->is_end ? "</" : "<");
	bytes_add_text(&r->out, kind_names[kind]);
	if (!tag->is_end && tag->is_hidden)
		bytes_add_text(&r->out, " hidden");
	if (!tag->is_end && tag->is_cite && kind == KIND_QUOTE)
		bytes_add_text(&r->out, " cite");
	bytes_add_char(&r->out, '>');
}

static void write_start(struct reduction *r, enum kind kind, const struct tag *tag)
{
	if (r->depth >= HTML_DEPTH_MAX || r->tags >= HTML_TAGS_MAX) {
		r->dropped[kind]++;
		bytes_add_char(&r->out, kind == KIND_SPAN ? ' ' : '\n');
		return;
	}
	r->depth++;
	r->open[kind]++;
	write_tag(r, kind, tag);
}

/* An end of what was never open is left out: gumbo would make an element of "</p>". */
static void write_end(struct reduction *r, enum kind kind, const struct tag *tag)
{
	if (r->dropped[kind] > 0) {
		r->dropped[kind]--;
		return;
	}
	if (r->open[kind] == 0)
		return;
	r->open[kind]--;
	r->depth--;
	write_tag(r, kind, tag);
}

static void write_void(struct reduction *r, enum kind kind, const struct tag *tag)
{
	if (r->tags < HTML_TAGS_MAX)
		write_tag(r, kind, &(struct tag){ .name = tag->name });
	else
		bytes_add_char(&r->out, '\n');
}

static void take_tag(struct reduction *r)
{
	struct tag tag = { .is_end = r->at[1] == '/' };
	enum kind kind;

	r->at += tag.is_end ? 2 : 1;
	tag.name.at = r->at;
	while (r->at < r->end && !is_blank(*r->at) && *r->at != '>' && *r->at != '/')
		r->at++;
	tag.name.n = (size_t) (r->at - tag.name.at);
	if (!has_tag_end(r, &tag))
		return;
	kind = kind_of(tag.name);
	if (kind == KIND_RAW && !tag.is_end)
		pass_raw(r, tag.name);
	if (kind == KIND_BR || kind == KIND_HR)
		write_void(r, kind, &tag);
	if (kind >= KIND_COUNT)
		return;
	if (tag.is_end)
		write_end(r, kind, &tag);
	else
		write_start(r, kind, &tag);
}

/* "<!-- ... -->", "<!DOCTYPE ...>", "<![if !mso]>", "<?xml ...>" */
static void pass_declaration(struct reduction *r)
{
	bool is_comment = r->end - r->at >= 4 && memcmp(r->at, "<!--", 4) == 0;
	const char *stop;

	if (is_comment) {
		/* "<!-->" is a whole comment to browsers. */
		stop = memmem(r->at + 2, (size_t) (r->end - r->at - 2), "-->", 3);
		r->at = stop ? stop + 3 : r->end;
		return;
	}
	stop = memchr(r->at, '>', (size_t) (r->end - r->at));
	r->at = stop ? stop + 1 : r->end;
}

static void take_mark(struct reduction *r)
{
	size_t left = (size_t) (r->end - r->at);

	if (left >= 2 && (r->at[1] == '!' || r->at[1] == '?')) {
		pass_declaration(r);
	} else if (left >= 2 &&
		   (is_letter(r->at[1]) || (left >= 3 && r->at[1] == '/' && is_letter(r->at[2])))) {
		take_tag(r);
	} else {
		bytes_add_text(&r->out, "&lt;");
		r->at++;
	}
}

int html_reduce(const char *html, size_t n, char **ret, size_t *ret_n)
{
	struct reduction r = { .at = html, .end = html + (n < HTML_MAX ? n : HTML_MAX) };

	bytes_init(&r.out, (size_t) HTML_MAX * 4);
	while (r.at < r.end) {
		const char *mark = memchr(r.at, '<', (size_t) (r.end - r.at));

		bytes_add(&r.out, r.at, (size_t) ((mark ? mark : r.end) - r.at));
		r.at = mark ? mark : r.end;
		if (mark)
			take_mark(&r);
	}
	return bytes_take(&r.out, ret, ret_n);
}
