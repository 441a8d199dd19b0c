/* letter_nested.c - mails and parts that can be walked only after something was decoded.
 *
 * RFC 2045 s.6.4 forbids an encoding around a mail or a multipart; gateways do it all the same.
 * S/MIME packs signed words into one part, and message/partial cuts a mail into pieces.
 *
 * Security: a stranger's bytes. At most NESTED_DEPTH_MAX such steps lie within each other, the
 * parts of all trees together are bounded by LETTER_PARTS_MAX, and what is decoded by
 * NESTED_BYTES_MAX each. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "domain/letter_internal.h"
#include "domain/pkcs7.h"

enum {
	NESTED_DEPTH_MAX = 4,
	NESTED_BYTES_MAX = 32 * 1024 * 1024,
};

static void warn_of_structure(struct letter *l, const struct mime_tree *tree)
{
	if (tree->is_too_deep)
		letter_add_warning(l, "Parts are nested too deeply; the inner ones were not read.");
	if (tree->is_too_many)
		letter_add_warning(l, "There are too many parts; the last ones were not read.");
	if (tree->is_unparted)
		letter_add_warning(
			l, "The parts cannot be told apart; they were read as one text.");
	if (tree->is_cut)
		letter_add_warning(l, "A header field is very long; only its beginning was read.");
	if (tree->is_unended)
		letter_add_warning(l, "The last part is not ended; something may be missing.");
}

int letter_walk(struct reading *rd, struct field_cursor *c)
{
	int r = mime_walk(c, LETTER_PARTS_MAX - rd->n_parts, &rd->tree);

	if (r < 0)
		return r;
	rd->n_parts += rd->tree.n;
	warn_of_structure(rd->letter, &rd->tree);
	return 0;
}

/* Reads @bytes as a header and a body of their own, from the root of their tree by @read. */
static int read_entity(struct reading *rd, const char *bytes, size_t n, letter_read *read)
{
	struct mime_tree outer = rd->tree;
	struct field_cursor c;
	int r;

	rd->tree = (struct mime_tree){ 0 };
	rd->nested++;
	field_open(&c, bytes, n);
	r = letter_walk(rd, &c);
	if (r == 0 && rd->tree.n > 0)
		r = read(rd, 0);
	mime_done(&rd->tree);
	rd->tree = outer;
	rd->nested--;
	return r;
}

static bool is_too_deep(struct reading *rd)
{
	if (rd->nested < NESTED_DEPTH_MAX)
		return false;
	letter_add_warning(
		rd->letter, "Parts are nested too deeply; the inner ones were not read.");
	return true;
}

int letter_read_encoded(struct reading *rd, size_t i, letter_read *read)
{
	const struct mime_part *part = &rd->tree.parts[i];
	bool is_multipart = strncmp(part->type, "multipart/", 10) == 0;
	CLEANUP(freep) char *entity = NULL;
	struct bytes out;
	size_t n = 0;
	int r;

	if (is_too_deep(rd))
		return 0;
	bytes_init(&out, NESTED_BYTES_MAX);
	if (is_multipart) { /* its header stays outside the encoding */
		bytes_add_text(&out, "Content-Type:");
		bytes_add(&out, part->content.at, part->content.n);
		bytes_add_text(&out, "\r\n\r\n");
	}
	r = letter_decode_part(rd, i, &out);
	if (r == 0)
		r = bytes_take(&out, &entity, &n);
	bytes_done(&out);
	return r < 0 ? r : read_entity(rd, entity, n, read);
}

int letter_read_piece(struct reading *rd, size_t i)
{
	const struct mime_part *part = &rd->tree.parts[i];
	CLEANUP(freep) char *number = NULL;
	int r = letter_parameter(rd, part->content, "number", MIME_WORD_MAX, &number);

	if (r < 0)
		return r;
	letter_add_warning(rd->letter, "The mail is one piece of a larger one; a person must put "
				       "the pieces together.");
	if (strcmp(number, "1") != 0 || is_too_deep(rd))
		return letter_read_words(rd, i);
	return read_entity(rd, part->body.at, part->body.n, letter_read_part);
}

/* Whether @bytes start with a header of MIME: a signed mail. What else is signed is a file. */
static bool is_entity(const char *bytes, size_t n)
{
	struct field_cursor c;
	struct field field;

	field_open(&c, bytes, n);
	return n > 0 && field_has_next(&c, &field);
}

static int read_signed_words(struct reading *rd, size_t i, const char *words, size_t n)
{
	if (!is_entity(words, n))
		return letter_read_attachment(rd, i);
	letter_add_warning(rd->letter, "The mail is signed by S/MIME; the signature was not "
				       "checked.");
	return is_too_deep(rd) ? letter_read_attachment(rd, i)
			       : read_entity(rd, words, n, letter_read_part);
}

int letter_read_pkcs7(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *words = NULL;
	CLEANUP(freep) char *raw = NULL;
	enum pkcs7_kind kind = PKCS7_OTHER;
	struct bytes out;
	size_t raw_n = 0;
	size_t n = 0;
	int r;

	bytes_init(&out, NESTED_BYTES_MAX);
	r = letter_decode_part(rd, i, &out);
	if (r == 0)
		r = bytes_take(&out, &raw, &raw_n);
	bytes_done(&out);
	if (r == 0)
		r = pkcs7_content(raw, raw_n, &kind, &words, &n);
	if (r < 0)
		return r;
	rd->letter->marks.is_signed |= kind == PKCS7_SIGNED;
	if (kind == PKCS7_SIGNED)
		return read_signed_words(rd, i, words, n);
	letter_mark_encrypted(rd);
	return letter_read_attachment(rd, i);
}
