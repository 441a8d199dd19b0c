/* html_reduce.c - a page with only the tags that matter to its text.
 *
 * gumbo's time and memory are in the sender's hands: 500,000 nested elements, 100,000 attributes
 * on one tag (each compared with all others), open formatting elements copied into each new
 * paragraph. So gumbo never sees the sender's page, but one written anew from it: eleven kinds of
 * tags, no formatting elements, a bounded number and depth, no attribute but our three.
 *
 * Security: a stranger's bytes; one pass, no recursion. */
/* SPDX-License-Identifier: MIT */
#include "domain/html.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "domain/html_tag.h"

enum {
	LINK_MIN = 8,	 /* "http://a" */
	LINK_MAX = 2000, /* bytes of an address that is shown */
};

static const char *const kind_names[] = {
	[KIND_SPAN] = "span",
	[KIND_DIV] = "div",
	[KIND_P] = "p",
	[KIND_TABLE] = "table",
	[KIND_TR] = "tr",
	[KIND_TD] = "td",
	[KIND_UL] = "ul",
	[KIND_OL] = "ol",
	[KIND_LI] = "li",
	[KIND_QUOTE] = "blockquote",
	[KIND_PRE] = "pre",
	[KIND_BR] = "br",
	[KIND_HR] = "hr",
};

struct reduction {
	const char *at;
	const char *end;
	struct bytes out;
	struct span link; /* address of the link that is open; n is 0: none */
	size_t link_at;	  /* where its words start in @out */
	struct html_over over;
	unsigned tags;			    /* written so far */
	unsigned depth;			    /* open now */
	unsigned char open[HTML_DEPTH_MAX]; /* of these the kinds, the innermost last */
	unsigned dropped[KIND_COUNT];	    /* left out for their depth, and still open */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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

static bool is_link(const struct tag *tag)
{
	return tag->name.n == 1 && (*tag->name.at == 'a' || *tag->name.at == 'A');
}

/* The address if it leads to a page; empty for "mailto:", places within the page and the like. */
static struct span shown_link(struct span href)
{
	if (href.n < LINK_MIN || href.n > LINK_MAX ||
		(strncasecmp(href.at, "http://", 7) != 0 &&
			strncasecmp(href.at, "https://", 8) != 0))
		return (struct span){ "", 0 };
	for (size_t i = 0; i < href.n; i++)
		if ((unsigned char) href.at[i] <= ' ' || href.at[i] == '<' || href.at[i] == '>')
			return (struct span){ "", 0 };
	return href;
}

/* The part of an address that people write. */
static struct span bare_link(struct span link)
{
	const char *host = memmem(link.at, link.n, "//", 2);
	size_t skip = host ? (size_t) (host + 2 - link.at) : 0;

	if (link.n - skip > 4 && strncasecmp(link.at + skip, "www.", 4) == 0)
		skip += 4;
	link = (struct span){ link.at + skip, link.n - skip };
	if (link.n > 0 && link.at[link.n - 1] == '/')
		link.n--;
	return link;
}

/* Whether anything but tags and blanks stands there. */
static bool has_words(const char *s, size_t n)
{
	bool in_tag = false;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '<')
			in_tag = true;
		else if (s[i] == '>' && in_tag)
			in_tag = false;
		else if (!in_tag && !strchr(" \t\r\n", s[i]))
			return true;
	}
	return false;
}

/* Behind the words of a link its address, where the words do not say it. */
static void write_link(struct reduction *r)
{
	const char *words;
	struct span bare;
	size_t n;

	if (r->link.n == 0)
		return;
	words = r->out.at + r->link_at;
	n = r->out.n - r->link_at;
	bare = bare_link(r->link);
	if (bare.n > 0 && has_words(words, n) && !memmem(words, n, bare.at, bare.n)) {
		bytes_add_text(&r->out, " &lt;");
		bytes_add(&r->out, r->link.at, r->link.n);
		bytes_add_text(&r->out, "&gt;");
	}
	r->link.n = 0;
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
	if (!tag->is_end && tag->start > 1 && kind == KIND_OL) {
		char start[32];

		(void) snprintf(start, sizeof start, " start=%u", tag->start); /* fits */
		bytes_add_text(&r->out, start);
	}
	bytes_add_char(&r->out, '>');
}

static void write_void(struct reduction *r, enum kind kind, const struct tag *tag)
{
	r->over.is_too_many |= r->tags >= HTML_TAGS_MAX;
	if (r->tags < HTML_TAGS_MAX)
		write_tag(r, kind, &(struct tag){ .name = tag->name });
	else
		bytes_add_char(&r->out, '\n');
}

static void write_open(struct reduction *r, enum kind kind, const struct tag *tag)
{
	r->open[r->depth++] = (unsigned char) kind;
	write_tag(r, kind, tag);
}

/* The innermost element has ended. */
static void write_close(struct reduction *r)
{
	write_tag(r, (enum kind) r->open[--r->depth], &(struct tag){ .is_end = true });
}

/* Many people's programs leave "</p>" and "</li>" out, as HTML lets them: the next one is beside the
 * last, not in it, and a long letter is not deep. gumbo would see it so too. */
static void end_implied(struct reduction *r, enum kind next)
{
	static const unsigned ended[KIND_COUNT] = {
		[KIND_DIV] = 1 << KIND_P,
		[KIND_P] = 1 << KIND_P,
		[KIND_TABLE] = 1 << KIND_P,
		[KIND_TR] = 1 << KIND_P | 1 << KIND_TD | 1 << KIND_TR,
		[KIND_TD] = 1 << KIND_P | 1 << KIND_TD,
		[KIND_UL] = 1 << KIND_P,
		[KIND_OL] = 1 << KIND_P,
		[KIND_LI] = 1 << KIND_P | 1 << KIND_LI,
		[KIND_QUOTE] = 1 << KIND_P,
		[KIND_PRE] = 1 << KIND_P,
	};

	while (r->depth > 0 && (ended[next] & 1U << r->open[r->depth - 1]) != 0)
		write_close(r);
}

static void write_start(struct reduction *r, enum kind kind, const struct tag *tag)
{
	end_implied(r, kind);
	r->over.is_too_deep |= r->depth >= HTML_DEPTH_MAX;
	r->over.is_too_many |= r->tags >= HTML_TAGS_MAX;
	if (r->depth >= HTML_DEPTH_MAX || r->tags >= HTML_TAGS_MAX) {
		r->dropped[kind]++;
		bytes_add_char(&r->out, kind == KIND_SPAN ? ' ' : '\n');
		return;
	}
	if (kind == KIND_DIV && tag->is_ruled && !tag->is_hidden)
		write_void(r, KIND_HR, tag);
	write_open(r, kind, tag);
}

/* An end of what was never open is left out: gumbo would make an element of "</p>". What is open
 * within the element ends with it, so that gumbo's elements are the ones that are counted here: it
 * passes over the end of "<b><p></b>", and thousands of such would lie in each other. */
static void write_end(struct reduction *r, enum kind kind)
{
	const unsigned char *mark;

	if (r->dropped[kind] > 0) {
		r->dropped[kind]--;
		return;
	}
	mark = memrchr(r->open, (int) kind, r->depth);
	while (mark && r->open + r->depth > mark)
		write_close(r);
}

static void take_tag(struct reduction *r)
{
	struct tag tag;
	enum kind kind;

	if (!html_has_tag(&r->at, r->end, &tag))
		return;
	kind = html_kind(tag.name);
	if (kind == KIND_RAW && !tag.is_end)
		pass_raw(r, tag.name);
	if (kind == KIND_BR || kind == KIND_HR)
		write_void(r, kind, &tag);
	if (kind >= KIND_COUNT)
		return;
	if (is_link(&tag) && tag.is_end)
		write_link(r);
	if (tag.is_end)
		write_end(r, kind);
	else
		write_start(r, kind, &tag);
	if (is_link(&tag) && !tag.is_end) {
		r->link = shown_link(tag.href);
		r->link_at = r->out.n;
	}
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

int html_reduce(const char *html, size_t n, char **ret, size_t *ret_n, struct html_over *ret_over)
{
	struct reduction r = { .at = html, .end = html + (n < HTML_MAX ? n : HTML_MAX) };

	bytes_init(&r.out, (size_t) HTML_MAX * 4);
	while (r.at < r.end) {
		const char *mark = memchr(r.at, '<', (size_t) (r.end - r.at));

		html_add_text(&r.out, r.at, (size_t) ((mark ? mark : r.end) - r.at));
		r.at = mark ? mark : r.end;
		if (mark)
			take_mark(&r);
	}
	r.over.is_cut = n > HTML_MAX;
	*ret_over = r.over;
	return bytes_take(&r.out, ret, ret_n);
}
