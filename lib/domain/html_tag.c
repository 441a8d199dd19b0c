/* html_tag.c - one tag of a page, and the few attributes that matter to its text.
 *
 * Security: a stranger's bytes; one pass, no recursion. */
/* SPDX-License-Identifier: MIT */
#include "domain/html_tag.h"

#include <string.h>
#include <strings.h>

/* What is not named here is a span: its end must be known, in case it hides something. */
static const struct {
	const char *tag;
	enum kind kind;
} kinds[] = {
	{ "div", KIND_DIV }, { "p", KIND_P }, { "table", KIND_TABLE }, { "tr", KIND_TR },
	{ "td", KIND_TD }, { "th", KIND_TD }, { "ul", KIND_UL }, { "ol", KIND_OL },
	{ "li", KIND_LI }, { "blockquote", KIND_QUOTE }, { "pre", KIND_PRE }, { "br", KIND_BR },
	{ "hr", KIND_HR }, { "h1", KIND_P }, { "h2", KIND_P }, { "h3", KIND_P }, { "h4", KIND_P },
	{ "h5", KIND_P }, { "h6", KIND_P }, { "dl", KIND_DIV }, { "dt", KIND_DIV },
	{ "dd", KIND_DIV }, { "center", KIND_DIV }, { "address", KIND_DIV },
	{ "article", KIND_DIV }, { "section", KIND_DIV }, { "header", KIND_DIV },
	{ "footer", KIND_DIV }, { "main", KIND_DIV }, { "form", KIND_DIV }, { "html", KIND_NONE },
	{ "head", KIND_NONE }, { "body", KIND_NONE }, { "meta", KIND_NONE }, { "link", KIND_NONE },
	{ "base", KIND_NONE }, { "img", KIND_NONE }, { "input", KIND_NONE }, { "wbr", KIND_NONE },
	{ "col", KIND_NONE }, { "colgroup", KIND_NONE }, { "tbody", KIND_NONE },
	{ "thead", KIND_NONE }, { "tfoot", KIND_NONE }, { "area", KIND_NONE },
	{ "basefont", KIND_NONE }, { "bgsound", KIND_NONE }, { "embed", KIND_NONE },
	{ "frame", KIND_NONE }, { "keygen", KIND_NONE }, { "param", KIND_NONE },
	{ "source", KIND_NONE }, { "track", KIND_NONE }, { "script", KIND_RAW },
	{ "style", KIND_RAW }, { "title", KIND_RAW }, { "template", KIND_RAW },
	{ "iframe", KIND_RAW }, { "noembed", KIND_RAW }, { "noframes", KIND_RAW },
	{ "xml", KIND_RAW }, /* what Word keeps for itself */
};

struct cursor {
	const char *at;
	const char *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_word(struct span s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.at, word, s.n) == 0;
}

enum kind html_kind(struct span name)
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
	tag->is_ruled |= strstr(style, "border-top:solid") != NULL;
}

static unsigned number(struct span value)
{
	unsigned n = 0;

	for (size_t i = 0; i < value.n && i < 4 && value.at[i] >= '0' && value.at[i] <= '9'; i++)
		n = n * 10 + (unsigned) (value.at[i] - '0');
	return n;
}

static void note_attribute(struct tag *tag, struct span name, struct span value)
{
	if (is_word(name, "hidden"))
		tag->is_hidden = true;
	else if (is_word(name, "style"))
		note_style(tag, value);
	else if (is_word(name, "href") && tag->href.n == 0)
		tag->href = value;
	else if (is_word(name, "start"))
		tag->start = number(value);
	else if (is_word(name, "cite") || (is_word(name, "type") && is_word(value, "cite")))
		tag->is_cite = true;
	else if (is_word(name, "class") && value.n < 256 && memmem(value.at, value.n, "quote", 5))
		tag->is_cite = true;
}

/* The value behind "=". */
static struct span take_value(struct cursor *r)
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
static bool has_tag_end(struct cursor *r, struct tag *tag)
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

bool html_has_tag(const char **at, const char *end, struct tag *ret)
{
	struct cursor c = { *at, end };
	bool has_end;

	*ret = (struct tag){ .is_end = c.at[1] == '/', .start = 1 };
	c.at += ret->is_end ? 2 : 1;
	ret->name.at = c.at;
	while (c.at < end && !is_blank(*c.at) && *c.at != '>' && *c.at != '/')
		c.at++;
	ret->name.n = (size_t) (c.at - ret->name.at);
	has_end = has_tag_end(&c, ret);
	*at = c.at;
	return has_end;
}
