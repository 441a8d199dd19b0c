/* letter_mime.c - the parts of a mail and where they lie in the raw bytes.
 *
 * Security: works on a stranger's bytes; see letter_mime.h for the bounds. */
/* SPDX-License-Identifier: MIT */
#include "domain/letter_mime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "domain/letter.h"

enum {
	BOUNDARY_MAX = 250, /* RFC 2046 s.5.1.1 says 70 */
	NO_LEVEL = -1,
};

struct boundary {
	char text[BOUNDARY_MAX];
	size_t n;
};

/* Where and why a body ended. */
struct stop {
	int level;    /* index of the boundary met; NO_LEVEL: the data ended */
	bool is_last; /* "--boundary--" */
};

struct walk {
	struct field_cursor c;
	struct mime_tree *tree; /* borrowed */
	size_t max;		/* of parts */
	struct boundary open[LETTER_DEPTH_MAX];
	int n_open;
	const char *last_end; /* of the body that was passed last */
	int r;		      /* -ENOMEM: stop everywhere */
};

static struct stop walk_part(struct walk *w, unsigned depth, const char *default_type);

static bool is_only_blanks(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r')
			return false;
	return true;
}

/* Whether a line that starts with "--" is one of the open boundaries, the innermost first. */
static bool is_boundary(const struct walk *w, const char *line, size_t n, struct stop *ret)
{
	line += 2;
	n -= 2;
	for (int i = w->n_open - 1; i >= 0; i--) {
		const struct boundary *b = &w->open[i];
		bool is_last;

		if (n < b->n || memcmp(line, b->text, b->n) != 0)
			continue;
		is_last = n >= b->n + 2 && memcmp(line + b->n, "--", 2) == 0;
		if (!is_last && !is_only_blanks(line + b->n, n - b->n))
			continue;
		*ret = (struct stop){ i, is_last };
		return true;
	}
	return false;
}

/* Passes the body at the cursor up to a boundary. @ret_end: behind its last byte. */
static struct stop pass_body(struct walk *w, const char **ret_end)
{
	const char *end = w->c.at;
	struct stop stop = { NO_LEVEL, false };

	if (w->n_open == 0)
		w->c.at = w->c.end;
	w->last_end = w->c.end;
	while (w->c.at < w->c.end) {
		size_t n;
		const char *line = field_line(&w->c, &n);

		if (n >= 2 && line[0] == '-' && line[1] == '-' && is_boundary(w, line, n, &stop)) {
			/* The line end before a boundary belongs to the boundary. */
			w->last_end = end;
			break;
		}
		end = line + n;
	}
	*ret_end = w->last_end;
	return stop;
}

static bool has_new_part(struct walk *w)
{
	struct mime_tree *tree = w->tree;
	size_t room = tree->room ? tree->room * 2 : 8;
	struct mime_part *parts;

	if (tree->n == w->max) {
		tree->is_too_many = true;
		return false;
	}
	if (tree->n == tree->room) {
		parts = reallocarray(tree->parts, room, sizeof *parts);
		if (!parts) {
			w->r = -ENOMEM;
			return false;
		}
		tree->parts = parts;
		tree->room = room;
	}
	tree->parts[tree->n++] = (struct mime_part){ 0 };
	return true;
}

static void note_once(struct mime_tree *tree, struct mime_span *span, const struct field *field)
{
	tree->is_cut |= field->value_n > MIME_VALUE_MAX;
	if (!span->at)
		*span = (struct mime_span){ field->value, field->value_n };
}

static void read_part_header(struct walk *w, struct mime_part *part, const char *default_type)
{
	struct field field;
	struct mime_span transfer = { 0 };

	part->header.at = w->c.at;
	while (field_has_next(&w->c, &field)) {
		if (field_is(&field, "Content-Type"))
			note_once(w->tree, &part->content, &field);
		else if (field_is(&field, "Content-Disposition"))
			note_once(w->tree, &part->disposition, &field);
		else if (field_is(&field, "Content-Transfer-Encoding"))
			note_once(w->tree, &transfer, &field);
	}
	part->header.n = (size_t) (w->c.at - part->header.at);
	if (part->content.at)
		mime_value_type(part->content.at, part->content.n, part->type);
	/* RFC 2045 s.5.2: what is no type is text. */
	if (part->type[0] == '\0')
		(void) strncpy(part->type, default_type, sizeof part->type - 1);
	if (transfer.at)
		part->transfer = transfer_of(transfer.at, transfer.n);
}

/* Opens the part's boundary. Return: whether it has one that can be used. */
static bool has_boundary(struct walk *w, const struct mime_part *part)
{
	struct boundary *b = &w->open[w->n_open];
	struct bytes text;
	bool is_usable;

	bytes_init(&text, BOUNDARY_MAX + 1);
	mime_value_bytes(
		part->content.at ? part->content.at : "", part->content.n, "boundary", &text);
	if (text.is_starved)
		w->r = -ENOMEM;
	while (text.n > 0 && text.at[text.n - 1] == ' ') /* RFC 2046 s.5.1.1: none ends in one */
		text.n--;
	is_usable = w->r == 0 && text.n > 0 && text.n <= BOUNDARY_MAX;
	if (is_usable) {
		memcpy(b->text, text.at, text.n);
		b->n = text.n;
		w->n_open++;
	}
	bytes_done(&text);
	return is_usable;
}

/* The children of the multipart whose boundary was just opened. */
static struct stop walk_children(struct walk *w, unsigned depth, const char *default_type)
{
	int level = w->n_open - 1;
	const char *end;
	struct stop stop = pass_body(w, &end);

	while (stop.level == level && !stop.is_last && w->r == 0 && !w->tree->is_too_many)
		stop = walk_part(w, depth + 1, default_type);
	w->n_open = level;
	if (stop.level == level && stop.is_last)
		return pass_body(w, &end);
	if (stop.level == NO_LEVEL && !w->tree->is_too_many)
		w->tree->is_unended = true;
	return stop;
}

static bool is_enclosed(const struct mime_part *part)
{
	return part->transfer == TRANSFER_IDENTITY &&
	       (strcmp(part->type, "message/rfc822") == 0 ||
		       strcmp(part->type, "message/global") == 0);
}

/* The body of part @i, whose header was read. @ret_end: behind the body. */
static struct stop walk_body(struct walk *w, size_t i, unsigned depth, const char **ret_end)
{
	struct mime_part *part = &w->tree->parts[i];
	bool is_multipart = strncmp(part->type, "multipart/", 10) == 0;
	bool is_digest = strcmp(part->type, "multipart/digest") == 0;
	struct stop stop;

	if (!is_multipart && !is_enclosed(part))
		return pass_body(w, ret_end);
	if (depth + 1 >= LETTER_DEPTH_MAX) {
		w->tree->is_too_deep = true;
		return pass_body(w, ret_end);
	}
	if (is_multipart && !has_boundary(w, part)) {
		w->tree->is_unparted = true;
		return pass_body(w, ret_end);
	}
	stop = is_multipart ? walk_children(w, depth, is_digest ? "message/rfc822" : "text/plain")
			    : walk_part(w, depth + 1, "text/plain");
	/* Without its boundary in the body a multipart is one text (or it was encoded). */
	w->tree->parts[i].is_open = w->tree->n > i + 1 || w->tree->is_too_many;
	*ret_end = w->last_end;
	return stop;
}

static struct stop walk_part(struct walk *w, unsigned depth, const char *default_type)
{
	size_t i = w->tree->n;
	const char *body;
	const char *end;
	struct stop stop;

	if (!has_new_part(w))
		return (struct stop){ NO_LEVEL, false };
	read_part_header(w, &w->tree->parts[i], default_type);
	body = w->c.at;
	end = body;
	stop = walk_body(w, i, depth, &end);
	w->tree->parts[i].body = (struct mime_span){ body, end > body ? (size_t) (end - body) : 0 };
	w->tree->parts[i].end = w->tree->n;
	return stop;
}

void mime_done(struct mime_tree *tree)
{
	free(tree->parts);
	*tree = (struct mime_tree){ 0 };
}

int mime_walk(struct field_cursor *c, size_t max, struct mime_tree *ret)
{
	struct walk w = { .c = *c, .tree = ret, .max = max };

	*ret = (struct mime_tree){ 0 };
	(void) walk_part(&w, 0, "text/plain"); /* where it stopped matters no more */
	if (w.r < 0)
		mime_done(ret);
	*c = w.c;
	return w.r;
}
