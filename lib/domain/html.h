/* html.h - the readable text of an HTML page that came by mail. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_HTML_H
#define DOMAIN_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

enum {
	HTML_MAX = 4 * 1024 * 1024, /* bytes of a page that are looked at */
	HTML_TAGS_MAX = 20000,	    /* of a page whose structure is kept; the rest is plain text */
	HTML_DEPTH_MAX = 200,
	HTML_CHARSET_MAX = 64,
};

/* Which bounds a page is over. */
struct html_over {
	bool is_cut;	  /* it goes on behind what is read or kept */
	bool is_too_deep; /* the inner tags are left out */
	bool is_too_many; /* the last tags are */
};

/**
 * html_to_text - what a reader of the page sees.
 * @html, @n: UTF-8; what is no UTF-8 is replaced
 * @max:      bytes of text that are kept
 * @ret:      heap text, LF line ends, freed by the caller; its length in @ret_n
 *
 * Scripts, styles and hidden text are dropped. Quoted mail (blockquote of type cite and the like)
 * gets "> " before its lines, numbered lists their numbers, links their addresses.
 *
 * Return: 0; -ENOMEM.
 * Security: @html comes from anyone. What reaches gumbo was written anew by html_reduce().
 */
int html_to_text(const char *html, size_t n, size_t max, char **ret, size_t *ret_n,
	struct html_over *ret_over);

/**
 * html_reduce - the page with only the tags and attributes that matter to its text.
 *
 * The step before the parser, public for its tests: at most HTML_TAGS_MAX tags, at most
 * HTML_DEPTH_MAX open at once, the attributes "hidden", "cite" and "start" being the only ones. The address of
 * a link stands behind its words where these do not say it.
 *
 * Return: 0; -ENOMEM.
 */
int html_reduce(const char *html, size_t n, char **ret, size_t *ret_n, struct html_over *ret_over);

/* The character set that a <meta> near the page's start names; "" if none. A page whose <meta> can be
 * read is not in UTF-16, whatever it says: that is read as UTF-8, as browsers do. */
void html_charset(const char *html, size_t n, char ret[static HTML_CHARSET_MAX]);

/* Appends the text between two tags to @out; a numeric reference beyond Unicode becomes U+FFFD. */
void html_add_text(struct bytes *out, const char *s, size_t n);

#endif
