/* letter_mime.h - the parts of a mail and where they lie in the raw bytes. Internal to the reader.
 *
 * Own code, not libetpan's mailmime_parse: that one is killed by 100,000 nested message/rfc822
 * (it recurses) and takes quadratic time on nested multiparts (each level reads the rest again).
 * This walk reads each line once, compares it with at most LETTER_DEPTH_MAX boundaries, recurses
 * LETTER_DEPTH_MAX deep at the most, and copies nothing. The reader needs libetpan for
 * nothing else, so that library stays with IMAP. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_LETTER_MIME_H
#define DOMAIN_LETTER_MIME_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/letter_field.h"
#include "domain/mime_value.h"
#include "domain/transfer.h"

/* A raw value; borrows from the mail. */
struct mime_span {
	const char *at;
	size_t n;
};

/* One part. Parts stand in the order of the mail, each before its children. */
struct mime_part {
	char type[MIME_WORD_MAX];     /* "text/plain"; the default where none is declared */
	struct mime_span content;     /* the whole Content-Type value */
	struct mime_span disposition; /* the whole Content-Disposition value */
	enum transfer transfer;
	struct mime_span header;
	struct mime_span body;
	size_t end;   /* index behind the last descendant */
	bool is_open; /* a container whose children were found */
};

struct mime_tree {
	struct mime_part *parts; /* owned */
	size_t n;
	size_t room;
	bool is_too_deep;
	bool is_too_many;
	bool is_unparted; /* a multipart without a boundary that can be used */
	bool is_cut;	  /* a field that says what a part is is over MIME_VALUE_MAX */
	bool is_unended;  /* a multipart without its closing line: cut off, or damaged */
};

/**
 * mime_walk - find the parts.
 * @c:   at the start of the top-level header
 * @max: parts that are listed
 *
 * Return: 0, then mime_done() the tree; -ENOMEM.
 * Security: @c shows a stranger's bytes. Bounded by LETTER_DEPTH_MAX and @max.
 */
int mime_walk(struct field_cursor *c, size_t max, struct mime_tree *ret);

void mime_done(struct mime_tree *tree);

#endif
