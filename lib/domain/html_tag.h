/* html_tag.h - one tag of a page. Internal to html_reduce.c. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_HTML_TAG_H
#define DOMAIN_HTML_TAG_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
	KIND_SPAN,
	KIND_DIV,
	KIND_P,
	KIND_TABLE,
	KIND_TR,
	KIND_TD,
	KIND_UL,
	KIND_OL,
	KIND_LI,
	KIND_QUOTE,
	KIND_PRE,
	KIND_COUNT,
	KIND_BR,   /* has no end */
	KIND_HR,   /* has no end */
	KIND_NONE, /* says nothing about the text */
	KIND_RAW,  /* everything up to its end is no text */
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
	bool is_ruled;	  /* a line is drawn above it, as Outlook does above old mail */
	struct span href; /* as written; n is 0: none */
	unsigned start;	  /* of a numbered list */
};

/* What a tag of that name does to the text. */
enum kind html_kind(struct span name);

/**
 * html_has_tag - take the tag at @at ("<p" or "</p").
 * @at:  moved behind its ">", or to @end when it has none
 *
 * Return: whether the tag has an end; what has none is no tag.
 * Security: time is linear in what is passed.
 */
bool html_has_tag(const char **at, const char *end, struct tag *ret);

#endif
