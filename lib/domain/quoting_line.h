/* quoting_line.h - what single lines of a mail's text are. Internal to quoting. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_QUOTING_LINE_H
#define DOMAIN_QUOTING_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum quoting_kind {
	QUOTING_WORDS,	       /* the writer's own, as far as the line tells */
	QUOTING_QUOTED,	       /* "> ..." */
	QUOTING_OLD_MAIL,      /* all that follows is an older mail */
	QUOTING_ATTRIBUTION,   /* "On ... wrote:" */
	QUOTING_SIGNATURE,     /* "-- " */
	QUOTING_DEVICE,	       /* "Sent from my ..." */
	QUOTING_DISCLAIMER,    /* may start a paragraph of a legal notice */
	QUOTING_FOOTER,	       /* WhatDoTheyKnow's */
	QUOTING_REVIEW_NOTICE, /* the heading in our own letters */
	QUOTING_KIND_COUNT,
};

struct quoting_line {
	const char *at; /* borrowed; without the line end */
	size_t n;
	enum quoting_kind kind;
	unsigned span; /* lines that an attribution takes */
	bool is_quoted;
	bool is_dropped;
};

/* Gives each line its kind. Looks at most a few lines ahead of each. */
void quoting_classify(struct quoting_line *lines, size_t n);

bool quoting_is_blank(const struct quoting_line *line);

/* A line of at least ten hyphens, underscores or equal signs. */
bool quoting_is_rule(const struct quoting_line *line);

/* Whether the line speaks of "I", "my" or "me". */
bool quoting_has_person(const struct quoting_line *line);

/* Whether a paragraph that starts like a legal notice goes on like one. */
bool quoting_is_legal(const struct quoting_line *lines, size_t n);

#endif
