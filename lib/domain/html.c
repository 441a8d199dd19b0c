/* html.c - the readable text of an HTML page; the only file that includes gumbo.
 *
 * Security: gumbo sees only what html_reduce() wrote, so the tree's size and depth are bounded;
 * the walk over it does not recurse (gumbo's own release does, as deep as the tree is). */
/* SPDX-License-Identifier: MIT */
#include "domain/html.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gumbo.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/text.h"

enum {
	QUOTE_MARKS_MAX = 8, /* ">" before a line, however deep the quote */
	LISTS_MAX = 16,	     /* lists within lists that are numbered */
};

/* The text as it grows. Invariant: white space is written only when a word follows. */
struct page {
	struct bytes out;
	unsigned breaks;	     /* line ends that are due */
	unsigned blanks;	     /* spaces that are due */
	unsigned quote;		     /* depth of quoted mail */
	unsigned pre;		     /* depth of preformatted text */
	unsigned lists;		     /* depth of lists */
	unsigned numbers[LISTS_MAX]; /* of each: the next item's; 0: not numbered */
	bool has_words;
	bool is_at_item; /* an item's mark was written, and no word yet */
};

static void start_line(struct page *p)
{
	unsigned marks = p->quote < QUOTE_MARKS_MAX ? p->quote : QUOTE_MARKS_MAX;

	for (unsigned i = 0; i < marks; i++)
		bytes_add_char(&p->out, '>');
	if (marks > 0)
		bytes_add_char(&p->out, ' ');
}

static void break_line(struct page *p, unsigned breaks)
{
	if (p->is_at_item) /* "1." and its words belong on one line */
		return;
	if (p->breaks < breaks)
		p->breaks = breaks;
	p->blanks = 0;
}

/* Writes the white space that is due, before a word. */
static void settle(struct page *p)
{
	if (p->has_words && p->breaks > 0) {
		for (unsigned i = 0; i < p->breaks; i++)
			bytes_add_char(&p->out, '\n');
		start_line(p);
	} else if (!p->has_words) {
		start_line(p);
	}
	for (unsigned i = 0; i < p->blanks && (p->has_words || p->pre > 0); i++)
		bytes_add_char(&p->out, ' ');
	p->breaks = 0;
	p->blanks = 0;
	p->has_words = true;
}

/* Length of a mark at @s that nobody sees, which newsletters fill space with; 0: it is none. */
static size_t invisible(const char *s)
{
	static const char *const marks[] = { "\xC2\xAD", "\xCD\x8F", "\xE2\x80\x8B", "\xE2\x80\x8C",
		"\xE2\x80\x8D", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x81\xA0", "\xEF\xBB\xBF" };

	if ((unsigned char) *s < 0xC2)
		return 0;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (strncmp(s, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

static void add_blank(struct page *p, bool is_hard)
{
	if ((p->breaks == 0 || p->pre > 0) && (is_hard ? p->blanks < 8 : p->blanks == 0))
		p->blanks++;
}

static void add_text(struct page *p, const char *s)
{
	while (*s) {
		size_t skip = invisible(s);

		if (skip > 0) {
			s += skip;
			continue;
		}
		if (p->pre > 0 && *s == '\n') {
			break_line(p, p->breaks + (p->breaks < 2));
		} else if (strchr(" \t\r\n\f", *s)) {
			add_blank(p, p->pre > 0);
		} else if (strncmp(s, "\xC2\xA0", 2) == 0) {
			add_blank(p, true);
			s++;
		} else {
			settle(p);
			p->is_at_item = false;
			bytes_add_char(&p->out, *s);
		}
		s++;
	}
}

static bool has(const GumboNode *node, const char *name)
{
	return gumbo_get_attribute(&node->v.element.attributes, name) != NULL;
}

/* Line ends around an element, and what else its start or end does. */
static unsigned breaks_of(GumboTag tag)
{
	if (tag == GUMBO_TAG_P || tag == GUMBO_TAG_BLOCKQUOTE || tag == GUMBO_TAG_PRE)
		return 2;
	return tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TR ||
			       tag == GUMBO_TAG_UL || tag == GUMBO_TAG_OL || tag == GUMBO_TAG_LI
		       ? 1
		       : 0;
}

static void start_list(struct page *p, const GumboNode *node)
{
	const GumboAttribute *start = gumbo_get_attribute(&node->v.element.attributes, "start");
	uint64_t number = 1;

	if (start)
		(void) text_uint(start->value, 0, 9999, &number); /* else it counts from one */
	if (p->lists < LISTS_MAX)
		p->numbers[p->lists] = node->v.element.tag == GUMBO_TAG_OL ? (unsigned) number : 0;
	p->lists++;
}

static void start_item(struct page *p)
{
	unsigned *number = p->lists > 0 && p->lists <= LISTS_MAX ? &p->numbers[p->lists - 1] : NULL;
	char mark[16];

	if (number && *number > 0)
		(void) snprintf(mark, sizeof mark, "%u. ", (*number)++); /* fits */
	else
		(void) snprintf(mark, sizeof mark, "- ");
	p->is_at_item = false;
	break_line(p, 1);
	add_text(p, mark);
	p->is_at_item = true;
}

static bool is_list(GumboTag tag)
{
	return tag == GUMBO_TAG_UL || tag == GUMBO_TAG_OL;
}

static void enter(struct page *p, const GumboNode *node)
{
	GumboTag tag = node->v.element.tag;

	if (breaks_of(tag) > 0)
		break_line(p, breaks_of(tag));
	if (tag == GUMBO_TAG_BR)
		break_line(p, p->breaks + (p->breaks < 2));
	if (tag == GUMBO_TAG_TD)
		add_blank(p, false);
	if (tag == GUMBO_TAG_PRE)
		p->pre++;
	if (tag == GUMBO_TAG_BLOCKQUOTE && has(node, "cite"))
		p->quote++;
	if (is_list(tag))
		start_list(p, node);
	if (tag == GUMBO_TAG_LI)
		start_item(p);
	if (tag == GUMBO_TAG_HR) {
		break_line(p, 1);
		add_text(p, "________________________________");
		break_line(p, 1);
	}
}

static void leave(struct page *p, const GumboNode *node)
{
	GumboTag tag = node->v.element.tag;

	if (tag == GUMBO_TAG_PRE && p->pre > 0)
		p->pre--;
	if (is_list(tag) && p->lists > 0)
		p->lists--;
	if (tag == GUMBO_TAG_LI)
		p->is_at_item = false; /* an empty item has its own line too */
	if (tag == GUMBO_TAG_BLOCKQUOTE && has(node, "cite") && p->quote > 0)
		p->quote--;
	if (breaks_of(tag) > 0)
		break_line(p, breaks_of(tag));
}

static bool is_element(const GumboNode *node)
{
	return node->type == GUMBO_NODE_ELEMENT;
}

/* What @node itself says. Return: its first child; NULL: it has none to be looked at. */
static const GumboNode *visit(struct page *p, const GumboNode *node)
{
	const GumboVector *children;

	if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
		node->type == GUMBO_NODE_CDATA)
		add_text(p, node->v.text.text);
	if (!is_element(node) || has(node, "hidden"))
		return NULL;
	enter(p, node);
	children = &node->v.element.children;
	if (children->length > 0)
		return children->data[0];
	leave(p, node);
	return NULL;
}

/* The node after @node and all that is in it, leaving what ends in between; NULL: the end. */
static const GumboNode *next(struct page *p, const GumboNode *node, const GumboNode *root)
{
	while (node != root) {
		const GumboNode *parent = node->parent;
		const GumboVector *siblings = &parent->v.element.children;

		if (node->index_within_parent + 1 < siblings->length)
			return siblings->data[node->index_within_parent + 1];
		leave(p, parent);
		node = parent;
	}
	return NULL;
}

static void walk(struct page *p, const GumboNode *root)
{
	const GumboNode *node = root;

	while (node && !p->out.is_cut && !p->out.is_starved) {
		const GumboNode *child = visit(p, node);

		node = child ? child : next(p, node, root);
	}
}

/* One byte that is no UTF-8 would cost the whole letter on its way to register, and gumbo has made
 * such of a number over all bounds (html_reference.c). */
static int mend(struct bytes *text)
{
	struct bytes whole;

	if (text->is_starved)
		return -ENOMEM;
	if (text->n == 0 || text_is_utf8(text->at, text->n))
		return 0;
	bytes_init(&whole, text->max);
	bytes_add_utf8(&whole, text->at, text->n);
	bytes_done(text);
	*text = whole;
	return 0;
}

int html_to_text(const char *html, size_t n, size_t max, char **ret, size_t *ret_n,
	struct html_over *ret_over)
{
	CLEANUP(freep) char *reduced = NULL;
	GumboOptions options = kGumboDefaultOptions;
	GumboOutput *output;
	struct page page = { 0 };
	size_t reduced_n;
	int r = html_reduce(html, n, &reduced, &reduced_n, ret_over);

	if (r < 0)
		return r;
	options.max_errors = 0;
	output = gumbo_parse_with_options(&options, reduced, reduced_n);
	if (!output)
		return -ENOMEM;
	bytes_init(&page.out, max);
	walk(&page, output->root);
	gumbo_destroy_output(&options, output);
	if (page.out.n > 0 && !page.out.is_cut)
		bytes_add_char(&page.out, '\n');
	ret_over->is_cut |= page.out.is_cut;
	if (page.out.is_cut)
		bytes_mend_utf8(&page.out);
	r = mend(&page.out);
	if (r == 0)
		r = bytes_take(&page.out, ret, ret_n);
	bytes_done(&page.out);
	return r;
}
