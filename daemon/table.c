/* table.c - what a terminal shows: its width, its colour, and tables that fit it.
 *
 * Security: cells may hold what anybody wrote in a mail. text_one_line() takes control characters
 *           and marks that turn the direction of text out, so no cell can move the cursor. */
/* SPDX-License-Identifier: MIT */
#include "daemon/table.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	GAP = 2, /* spaces between columns */
	WIDTH_MAX = 10000,
	ELASTIC_MIN = 8,
};

struct row {
	char *cells[TABLE_COLUMNS_MAX]; /* owned */
	enum table_tone tone;
};

struct table {
	const struct table_column *columns;
	size_t n_columns;
	struct row *rows; /* owned */
	size_t n;
	size_t room;
};

static unsigned terminal_width(int fd)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	uint64_t n;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return columns && text_uint(columns, TABLE_WIDTH_MIN, WIDTH_MAX, &n) == 0 ? (unsigned) n
										  : 80;
}

struct table_page table_page_of(FILE *out)
{
	struct table_page page = { .out = out };
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	int fd = fileno(out);

	if (fd < 0 || !isatty(fd))
		return page;
	page.width = terminal_width(fd);
	if (page.width < TABLE_WIDTH_MIN)
		page.width = TABLE_WIDTH_MIN;
	/* https://no-color.org: set and not empty, whatever it is. */
	page.has_colour = !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
	return page;
}

const char *table_tone_on(const struct table_page *page, enum table_tone tone)
{
	static const char *const codes[TABLE_TONE_COUNT] = {
		[TABLE_PLAIN] = "",
		[TABLE_STRONG] = "\033[1m",
		[TABLE_FAINT] = "\033[2m",
		[TABLE_SOON] = "\033[33m",
		[TABLE_LATE] = "\033[1;31m",
	};

	return page->has_colour && tone < TABLE_TONE_COUNT ? codes[tone] : "";
}

const char *table_tone_off(const struct table_page *page, enum table_tone tone)
{
	return page->has_colour && tone != TABLE_PLAIN ? "\033[0m" : "";
}

struct table *table_new(const struct table_column *columns, size_t n)
{
	struct table *t = n > 0 && n <= TABLE_COLUMNS_MAX ? calloc(1, sizeof *t) : NULL;

	if (!t)
		return NULL;
	t->columns = columns;
	t->n_columns = n;
	return t;
}

static void row_done(struct row *row)
{
	for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++)
		free(row->cells[i]);
}

struct table *table_free(struct table *t)
{
	if (!t)
		return NULL;
	for (size_t i = 0; i < t->n; i++)
		row_done(&t->rows[i]);
	free(t->rows);
	free(t);
	return NULL;
}

void table_freep(struct table **t)
{
	*t = table_free(*t);
}

static int make_room(struct table *t)
{
	size_t room = t->room ? t->room * 2 : 64;
	struct row *rows;

	if (t->n < t->room)
		return 0;
	rows = reallocarray(t->rows, room, sizeof *rows);
	if (!rows)
		return -ENOMEM;
	t->rows = rows;
	t->room = room;
	return 0;
}

int table_add(struct table *t, const char *const *cells, enum table_tone tone)
{
	struct row row = { .tone = tone };

	if (make_room(t) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_columns; i++) {
		const char *cell = cells[i] ? cells[i] : "";

		if (text_one_line(cell, TABLE_CELL_MAX, &row.cells[i]) < 0) {
			row_done(&row);
			return -ENOMEM;
		}
	}
	t->rows[t->n++] = row;
	return 0;
}

/* Bytes of the first character of @s. */
static size_t character(const char *s)
{
	size_t n = 1;

	while (((unsigned char) s[n] & 0xC0) == 0x80)
		n++;
	return n;
}

/* Bytes at the start of @s that fill at most @columns. */
static size_t fitting(const char *s, size_t columns)
{
	size_t at = 0;
	size_t used = 0;

	while (s[at]) {
		char one[16] = "";
		size_t n = character(s + at);

		if (n >= sizeof one)
			break;
		memcpy(one, s + at, n);
		used += text_columns(one);
		if (used > columns)
			break;
		at += n;
	}
	return at;
}

char *table_cut(const char *s, size_t columns)
{
	char *cut;
	size_t n;

	if (text_columns(s) <= columns)
		return strdup(s);
	if (columns <= 3)
		return strndup("...", columns);
	n = fitting(s, columns - 3);
	while (n > 0 && s[n - 1] == ' ')
		n--;
	return asprintf(&cut, "%.*s...", (int) n, s) < 0 ? NULL : cut;
}

static void natural_widths(const struct table *t, size_t widths[static TABLE_COLUMNS_MAX])
{
	for (size_t c = 0; c < t->n_columns; c++) {
		widths[c] = text_columns(t->columns[c].title);
		for (size_t i = 0; i < t->n; i++) {
			size_t w = text_columns(t->rows[i].cells[c]);

			if (w > widths[c])
				widths[c] = w;
		}
	}
}

/* Takes from elastic columns, evenly and the widest first, what the page does not have. */
static void fit_widths(
	const struct table *t, unsigned page_width, size_t widths[static TABLE_COLUMNS_MAX])
{
	size_t total = GAP * (t->n_columns - 1);

	for (size_t c = 0; c < t->n_columns; c++)
		total += widths[c];
	while (page_width > 0 && total > page_width) {
		size_t widest = t->n_columns;

		for (size_t c = 0; c < t->n_columns; c++)
			if (t->columns[c].is_elastic && widths[c] > ELASTIC_MIN &&
				(widest == t->n_columns || widths[c] > widths[widest]))
				widest = c;
		if (widest == t->n_columns)
			return; /* nothing more gives way */
		widths[widest]--;
		total--;
	}
}

static void print_cell(const struct table *t, FILE *out, size_t column, const char *text,
	const size_t widths[static TABLE_COLUMNS_MAX])
{
	CLEANUP(freep) char *cut = table_cut(text, widths[column]);
	const char *shown = cut ? cut : "...";
	size_t used = text_columns(shown);
	int pad = used < widths[column] ? (int) (widths[column] - used) : 0;
	bool is_last = column + 1 == t->n_columns;

	if (t->columns[column].is_right)
		(void) fprintf(out, "%*s%s", pad, "", shown);
	else
		(void) fprintf(out, "%s%*s", shown, is_last ? 0 : pad, "");
	(void) fputs(is_last ? "" : "  ", out);
}

/* A line of cells, without the blanks that empty ones leave at its end. */
static void print_line(const struct table *t, const struct table_page *page, enum table_tone tone,
	const char *const cells[static TABLE_COLUMNS_MAX],
	const size_t widths[static TABLE_COLUMNS_MAX])
{
	CLEANUP(freep) char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	for (size_t c = 0; out && c < t->n_columns; c++)
		print_cell(t, out, c, cells[c], widths);
	if (!out || fclose(out) != 0)
		n = 0; /* without memory the line is shown as cut */
	while (n > 0 && text[n - 1] == ' ')
		n--;
	(void) fprintf(page->out, "%s%.*s%s\n", table_tone_on(page, tone), n > 0 ? (int) n : 3,
		n > 0 ? text : "...", table_tone_off(page, tone));
}

void table_print(const struct table *t, const struct table_page *page)
{
	size_t widths[TABLE_COLUMNS_MAX];
	const char *cells[TABLE_COLUMNS_MAX] = { 0 };

	natural_widths(t, widths);
	fit_widths(t, page->width, widths);
	for (size_t c = 0; c < t->n_columns; c++)
		cells[c] = t->columns[c].title;
	print_line(t, page, TABLE_STRONG, cells, widths);
	for (size_t i = 0; i < t->n; i++) {
		for (size_t c = 0; c < t->n_columns; c++)
			cells[c] = t->rows[i].cells[c];
		print_line(t, page, t->rows[i].tone, cells, widths);
	}
}

/* Bytes of the next line of at most @columns, broken at a space if there is one. */
static size_t line_length(const char *s, size_t columns)
{
	size_t n = fitting(s, columns);
	size_t at = n;

	if (!s[n])
		return n;
	while (at > 0 && s[at] != ' ')
		at--;
	if (at > 0)
		return at;
	return n > 0 ? n : character(s);
}

void table_paragraph(const struct table_page *page, unsigned indent, const char *text)
{
	unsigned width = page->width ? page->width : TABLE_WIDTH_DEFAULT;
	size_t columns = width > indent + ELASTIC_MIN ? width - indent : ELASTIC_MIN;
	CLEANUP(freep) char *safe = NULL;
	const char *s;

	if (text_one_line(text, SIZE_MAX, &safe) < 0) {
		/* Without memory it is shown as cut. */
		(void) fputs("...\n", page->out);
		return;
	}
	s = safe;
	while (text_columns(s) > columns) {
		size_t n = line_length(s, columns);

		(void) fprintf(page->out, "%.*s\n%*s", (int) n, s, (int) indent, "");
		s += n + strspn(s + n, " ");
	}
	(void) fprintf(page->out, "%s\n", s);
}
