/* table.h - what a terminal shows: its width, its colour, and tables that fit it.
 *
 * Texts come from mails and from another process: every cell is made safe for a terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_TABLE_H
#define DAEMON_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	TABLE_COLUMNS_MAX = 12,
	TABLE_WIDTH_MIN = 40,	   /* a narrower terminal breaks the lines itself */
	TABLE_WIDTH_DEFAULT = 100, /* of running text that goes to no terminal */
	TABLE_CELL_MAX = 1000,	   /* bytes of one cell */
};

/* How a row or a text is meant; colours where they are wanted. */
enum table_tone {
	TABLE_PLAIN,
	TABLE_STRONG,
	TABLE_FAINT,
	TABLE_SOON, /* a deadline is near */
	TABLE_LATE, /* it is past */
	TABLE_TONE_COUNT,
};

/* Where it goes, found once. */
struct table_page {
	FILE *out;
	unsigned width;	 /* columns; 0: not a terminal, nothing is cut */
	bool has_colour; /* a terminal, and NO_COLOR is not set */
};

/* Looks at @out: its window, else COLUMNS; NO_COLOR and TERM. */
struct table_page table_page_of(FILE *out);

/* What turns a tone on and off; "" without colour. */
const char *table_tone_on(const struct table_page *page, enum table_tone tone);
const char *table_tone_off(const struct table_page *page, enum table_tone tone);

struct table_column {
	const char *title;
	bool is_right;	 /* numbers */
	bool is_elastic; /* cut, or grown to the last column, so that the table fits */
};

struct table;

/* @columns: borrowed until table_free(). NULL when memory is short. */
struct table *table_new(const struct table_column *columns, size_t n);
struct table *table_free(struct table *t);
void table_freep(struct table **t);

/* Adds a row of as many texts as there are columns; NULL is "". Return: 0; -ENOMEM. */
int table_add(struct table *t, const char *const *cells, enum table_tone tone);

/* Title line and rows. Columns are two spaces apart; nothing follows the last text of a line. */
void table_print(const struct table *t, const struct table_page *page);

/* A copy of @s of at most @columns terminal columns, "..." at its end where it was cut. NULL when
 * memory is short. */
char *table_cut(const char *s, size_t columns);

/**
 * table_paragraph - running text, broken at spaces.
 * @indent: columns before each line but the first, which the caller has begun at @indent
 */
void table_paragraph(const struct table_page *page, unsigned indent, const char *text);

#endif
