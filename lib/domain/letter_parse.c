/* letter_parse.c - one mail from raw bytes to a letter.
 *
 * Security: the way a stranger's bytes take is header (letter_header.c), parts (letter_mime.c),
 * texts and attachments (letter_part.c). Every step is bounded and none refuses a mail. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "domain/attachment.h"
#include "domain/letter_internal.h"
#include "domain/quoting.h"

enum {
	EMPTY_WORDS_MAX = 20,	  /* "Dear Sirs," */
	COVERING_WORDS_MAX = 300, /* "Dear Sirs, please see my letter attached." */
};

struct letter_reader *letter_reader_free(struct letter_reader *reader)
{
	if (reader)
		charset_close_all(reader->charsets);
	free(reader);
	return NULL;
}

void letter_reader_freep(struct letter_reader **reader)
{
	*reader = letter_reader_free(*reader);
}

int letter_reader_new(struct letter_reader **ret, struct fault *f)
{
	struct letter_reader *reader = calloc(1, sizeof *reader);
	int r;

	if (!reader)
		return fault_set(f, -ENOMEM, "no memory for a reader");
	r = charset_open_all(&reader->charsets, f);
	if (r < 0) {
		letter_reader_free(reader);
		return r;
	}
	*ret = reader;
	return 0;
}

/* "From jane@example.org Mon Jun 1 ...", but not the field "From : jane@example.org". */
static bool is_envelope(const char *line, size_t n)
{
	size_t skip = n > 0 && *line == '>' ? 1 : 0;

	if (n < skip + 6 || memcmp(line + skip, "From ", 5) != 0)
		return false;
	for (skip += 5; skip < n && line[skip] == ' ';)
		skip++;
	return skip < n && line[skip] != ':';
}

/* Passes what is no header yet: a byte order mark, blank lines and the "From " line of mailbox
 * files. */
static void pass_envelope(struct field_cursor *c)
{
	if (c->end - c->at >= 3 && memcmp(c->at, "\xEF\xBB\xBF", 3) == 0)
		c->at += 3;
	while (c->at < c->end) {
		struct field_cursor start = *c;
		size_t n;
		const char *line = field_line(c, &n);

		if (n > 0 && !is_envelope(line, n)) {
			*c = start;
			return;
		}
	}
}

/* Puts the collected texts into the letter. */
static int take_texts(struct reading *rd)
{
	struct letter *l = rd->letter;
	CLEANUP(freep) char *own = NULL;
	char *text;
	int r;

	if (rd->text.is_cut)
		letter_add_warning(l, "The text is very long; only its beginning was read.");
	r = bytes_take(&rd->text, &text, NULL);
	if (r < 0)
		return r;
	free(l->text);
	l->text = text;
	r = bytes_take(&rd->own, &own, NULL);
	if (r < 0)
		return r;
	free(l->new_text);
	l->new_text = NULL;
	return quoting_new_text(own, &l->new_text);
}

/* Whether the writer's words can be no more than a covering note. */
static bool is_covering_note(const char *words)
{
	static const char *const pointers[] = { "attach", "enclos", "ynghlwm", "atod", "amgae" };
	size_t n = strlen(words);

	if (n < EMPTY_WORDS_MAX)
		return true;
	for (size_t i = 0; n < COVERING_WORDS_MAX && i < sizeof pointers / sizeof pointers[0]; i++)
		if (text_find_ci(words, pointers[i]))
			return true;
	return false;
}

/* FOI 2000 s.8(1) asks for writing, not for where in the mail it stands. */
static void warn_of_attached_words(struct letter *l)
{
	for (size_t i = 0; i < l->n_attachments && is_covering_note(l->new_text); i++) {
		const struct letter_attachment *a = &l->attachments[i];

		if (attachment_kind_of(a->name, a->type, a->bytes) == ATTACHMENT_OTHER)
			continue;
		letter_add_warning(l, "The mail says little itself; a person must open what is "
				      "attached.");
		return;
	}
}

/* White space is left out: servers fold subjects and trim lines when they rebuild a mail. */
static void digest_words(struct digest *d, const char *text)
{
	char piece[1024]; /* a call a word would take longer than the digest does */
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')
			continue;
		if (n == sizeof piece) {
			digest_update(d, piece, n);
			n = 0;
		}
		piece[n++] = *text;
	}
	digest_update(d, piece, n);
	digest_update(d, "", 1);
}

static int digest_content(struct letter *l)
{
	struct digest *d = digest_new();

	if (!d)
		return -ENOMEM;
	digest_words(d, l->subject);
	digest_words(d, l->text);
	for (size_t i = 0; i < l->n_attachments; i++)
		digest_update(d, l->attachments[i].sha256, DIGEST_HEX_MAX - 1);
	digest_final(d, l->content);
	digest_free(d);
	return 0;
}

static int read_all(struct reading *rd, const char *bytes, size_t n)
{
	struct field_cursor header;
	struct field_cursor body;
	int r;

	field_open(&header, bytes, n);
	pass_envelope(&header);
	body = header;
	r = letter_read_header(rd, &header);
	if (r < 0)
		return r;
	r = letter_walk(rd, &body);
	if (r == 0 && rd->tree.n > 0)
		r = letter_read_part(rd, 0);
	if (r < 0)
		return r;
	r = take_texts(rd);
	if (r == 0)
		warn_of_attached_words(rd->letter);
	return r < 0 ? r : digest_content(rd->letter);
}

int letter_parse(struct letter_reader *reader, const char *bytes, size_t n, bool truncated,
	struct letter **ret, struct fault *f)
{
	CLEANUP(letter_freep) struct letter *l = letter_new();
	struct reading rd = { .letter = l, .charsets = reader->charsets };
	int r;

	if (!l)
		return fault_set(f, -ENOMEM, "no memory for a letter");
	bytes_init(&rd.text, LETTER_TEXT_MAX);
	bytes_init(&rd.own, LETTER_TEXT_MAX);
	l->marks.is_truncated = truncated;
	if (truncated)
		letter_add_warning(l, "The mail is too large; its end was not read.");
	r = read_all(&rd, bytes, n);
	mime_done(&rd.tree);
	bytes_done(&rd.text);
	bytes_done(&rd.own);
	if (r < 0)
		return fault_set(f, r, "no memory to read a mail of %zu bytes", n);
	*ret = TAKE_PTR(l);
	return 0;
}
