/* quoting_mark.h - what each line of a mail's text is. Internal to quoting. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_QUOTING_MARK_H
#define DOMAIN_QUOTING_MARK_H

#include "domain/quoting_line.h"

/* Gives each line its kind, looking at most a few lines ahead of it. */
void quoting_mark(struct quoting_line *lines, size_t n);

/* ---- parts of it, by subject ----------------------------------------------------------------- */

/* Notes for each line with a label, such as "From:", which fields of which languages it may be. */
void quoting_note_labels(struct quoting_line *lines, size_t n);

/* Number of lines of the mail header that starts at @i; 0: none does. @is_announced: a title or a
 * rule stands above it. */
unsigned quoting_header_lines(
	const struct quoting_line *lines, size_t i, size_t n, bool is_announced);

/* Whether it says "Original Message" or the like, within hyphens. */
bool quoting_is_title(struct quoting_words w);

/* Whether it says that and no more, without hyphens: a title only above a header. */
bool quoting_is_bare_title(struct quoting_words w);

/* Whether it says "Begin forwarded message:" or the like. */
bool quoting_is_forward(struct quoting_words w);

/* If an attribution ends at line @i: marks its first line. */
void quoting_mark_attribution(struct quoting_line *lines, size_t i);

/* The kind of a line that belongs to no old mail. @is_start: it starts a paragraph. */
enum quoting_kind quoting_notice_kind(const struct quoting_line *line, bool is_start);

/* Whether the line is neither words nor the beginning of a notice, or a rule. */
bool quoting_is_border(const struct quoting_line *line);

/* ---- questions about several lines ----------------------------------------------------------- */

/* Number of lines of the paragraph that starts @lines. */
size_t quoting_notice_lines(const struct quoting_line *lines, size_t n);

/* Whether the lines ask or demand something, as notices never do. */
bool quoting_asks(const struct quoting_line *lines, size_t n);

/* Whether they speak of "I", "my" or "me". */
bool quoting_has_person(const struct quoting_line *lines, size_t n);

/* Whether a paragraph that starts like a legal notice goes on like one. */
bool quoting_is_legal(const struct quoting_line *lines, size_t n);

/* Whether a paragraph tells how to complain, as our own letters do. */
bool quoting_is_review_advice(const struct quoting_line *lines, size_t n);

/* Number of lines of the gateway's warning that starts @lines; 0: it is none. */
size_t quoting_banner_lines(const struct quoting_line *lines, size_t n);

#endif
