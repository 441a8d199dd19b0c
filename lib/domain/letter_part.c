/* letter_part.c - the words of one part: decoded, made plain, added to the letter.
 *
 * Security: a stranger's part; what is decoded of it is bounded before it is looked at. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "domain/html.h"
#include "domain/letter_internal.h"

enum {
	RAW_TEXT_MAX = 4 * LETTER_TEXT_MAX,	  /* decoded bytes of one text: UTF-32 takes four */
	PLAIN_TEXT_MAX = 2 * LETTER_TEXT_MAX + 4, /* the half may be carriage returns */
	/* Of all pages of one mail together; the first is read in any case. */
	HTML_BYTES_MAX = RAW_TEXT_MAX,
	HTML_TAGS_SUM_MAX = 4 * HTML_TAGS_MAX,
};

static const struct mime_part *part_at(const struct reading *rd, size_t i)
{
	return &rd->tree.parts[i];
}

static int take_bytes(void *context, const char *bytes, size_t n)
{
	struct bytes *out = context;

	bytes_add(out, bytes, n);
	return out->is_cut || out->is_starved;
}

static void warn_of_text(struct reading *rd, bool is_cut)
{
	if (is_cut)
		letter_add_warning(rd->letter, "The text is very long; only its beginning was "
					       "read.");
}

int letter_decode_part(struct reading *rd, size_t i, struct bytes *out)
{
	const struct mime_part *part = part_at(rd, i);
	size_t broken;

	transfer_decode(part->transfer, part->body.at, part->body.n, take_bytes, out, &broken);
	letter_warn_of_damage(rd, broken);
	if (out->is_cut)
		letter_add_warning(rd->letter, "A part is very long; only its beginning was read.");
	return out->is_starved ? -ENOMEM : 0;
}

/* The decoded bytes of a text. What is no base64 in a part that says so stays as it is: words that
 * were never encoded, or what a list's server wrote below. */
static int decode_raw(struct reading *rd, size_t i, char **ret, size_t *ret_n)
{
	const struct mime_part *part = part_at(rd, i);
	size_t n = part->transfer == TRANSFER_BASE64
			   ? letter_base64_extent(part->body.at, part->body.n)
			   : part->body.n;
	struct bytes out;
	size_t broken;
	int r;

	bytes_init(&out, RAW_TEXT_MAX);
	transfer_decode(part->transfer, part->body.at, n, take_bytes, &out, &broken);
	bytes_add(&out, part->body.at + n, part->body.n - n);
	letter_warn_of_damage(rd, broken + (part->body.n - n));
	warn_of_text(rd, out.is_cut);
	r = bytes_take(&out, ret, ret_n);
	bytes_done(&out);
	return r;
}

static bool has_wide_mark(const char *raw, size_t n)
{
	return n >= 2 && (memcmp(raw, "\xFF\xFE", 2) == 0 || memcmp(raw, "\xFE\xFF", 2) == 0);
}

/* The set that the header names, or else the text itself. */
static int find_charset(struct reading *rd, size_t i, const char *raw, size_t n, char **ret)
{
	const struct mime_part *part = part_at(rd, i);
	int r = letter_parameter(rd, part->content, "charset", MIME_WORD_MAX, ret);

	if (r < 0 || **ret)
		return r;
	free(*ret);
	*ret = calloc(1, HTML_CHARSET_MAX);
	if (!*ret)
		return -ENOMEM;
	if (has_wide_mark(raw, n))
		memcpy(*ret, "utf-16", 7);
	else if (strcmp(part->type, "text/html") == 0)
		html_charset(raw, n, *ret);
	return 0;
}

/* The part's bytes as UTF-8. */
static int decode_text(struct reading *rd, size_t i, struct bytes *out)
{
	CLEANUP(freep) char *raw = NULL;
	CLEANUP(freep) char *charset = NULL;
	size_t n = 0;
	int r = decode_raw(rd, i, &raw, &n);

	if (r == 0)
		r = find_charset(rd, i, raw, n, &charset);
	if (r < 0)
		return r;
	if (charset_decode(rd->charsets, charset, raw, n, out) > 0)
		letter_add_warning(rd->letter,
			"A text is in an unknown character set; it was read as Windows-1252.");
	return out->is_starved ? -ENOMEM : 0;
}

/* As far as they are looked at; it is tags, not words, that take the time. */
static size_t count_tags(const struct bytes *page)
{
	const char *at = page->n ? page->at : "";
	const char *end = at + page->n;
	size_t n = 0;

	while (n < HTML_TAGS_MAX && at < end && (at = memchr(at, '<', (size_t) (end - at)))) {
		n++;
		at++;
	}
	return n;
}

static void warn_of_html(struct reading *rd, const struct html_over *over)
{
	warn_of_text(rd, over->is_cut);
	if (over->is_too_deep)
		letter_add_warning(rd->letter, "HTML tags are nested too deeply; the inner ones "
					       "were not read.");
	if (over->is_too_many)
		letter_add_warning(rd->letter, "There are too many HTML tags; the last ones were "
					       "not read.");
}

static int add_html(struct reading *rd, const struct bytes *page)
{
	CLEANUP(freep) char *text = NULL;
	struct html_over over;
	size_t n;
	int r;

	rd->html_bytes += page->n;
	if (rd->html_bytes > HTML_BYTES_MAX || rd->html_tags >= HTML_TAGS_SUM_MAX) {
		letter_add_warning(rd->letter, "There is very much HTML; only its beginning was "
					       "read.");
		return 0;
	}
	rd->html_tags += count_tags(page);
	r = html_to_text(page->n ? page->at : "", page->n, LETTER_TEXT_MAX, &text, &n, &over);
	if (r < 0)
		return r;
	over.is_cut |= page->is_cut;
	warn_of_html(rd, &over);
	rd->letter->marks.text_from_html = true;
	return letter_read_text(rd, text, n);
}

static int add_plain(struct reading *rd, size_t i, const struct bytes *text)
{
	CLEANUP(freep) char *format = NULL;
	CLEANUP(freep) char *delsp = NULL;
	CLEANUP(freep) char *unwrapped = NULL;
	struct mime_span content = part_at(rd, i)->content;
	size_t n = 0;
	int r = letter_parameter(rd, content, "format", MIME_WORD_MAX, &format);

	if (r == 0)
		r = letter_parameter(rd, content, "delsp", MIME_WORD_MAX, &delsp);
	if (r < 0)
		return r;
	if (!text_is_equal_ci(format, "flowed"))
		return letter_read_text(rd, text->n ? text->at : "", text->n);
	r = letter_unflow(
		text->n ? text->at : "", text->n, text_is_equal_ci(delsp, "yes"), &unwrapped, &n);
	return r < 0 ? r : letter_read_text(rd, unwrapped, n);
}

static int add_enriched(struct reading *rd, const struct bytes *text)
{
	CLEANUP(freep) char *plain = NULL;
	size_t n = 0;
	int r = letter_unmark(text->n ? text->at : "", text->n, &plain, &n);

	return r < 0 ? r : letter_read_text(rd, plain, n);
}

int letter_read_words(struct reading *rd, size_t i)
{
	const char *type = part_at(rd, i)->type;
	bool is_html = strcmp(type, "text/html") == 0;
	bool is_enriched = strcmp(type, "text/enriched") == 0 || strcmp(type, "text/richtext") == 0;
	struct bytes text;
	int r;

	warn_of_text(rd, !rd->is_silent && rd->text.n == LETTER_TEXT_MAX);
	if (rd->is_silent || rd->text.n == LETTER_TEXT_MAX)
		return 0;
	bytes_init(&text, is_html ? RAW_TEXT_MAX : PLAIN_TEXT_MAX);
	r = decode_text(rd, i, &text);
	warn_of_text(rd, !is_html && text.is_cut);
	if (r == 0)
		r = is_html	  ? add_html(rd, &text)
		    : is_enriched ? add_enriched(rd, &text)
				  : add_plain(rd, i, &text);
	bytes_done(&text);
	return r;
}

int letter_read_text_part(struct reading *rd, size_t i)
{
	const struct mime_part *part = part_at(rd, i);
	CLEANUP(freep) char *name = NULL;
	char disposition[MIME_WORD_MAX];
	int r = letter_part_name(rd, i, &name);

	if (r < 0)
		return r;
	mime_value_word(
		part->disposition.at ? part->disposition.at : "", part->disposition.n, disposition);
	if (strcmp(disposition, "attachment") == 0)
		return letter_read_attachment(rd, i);
	if (name[0] == '\0')
		return letter_read_words(rd, i);
	/* An inline file is shown with the mail, but only a mail without words is read from it. */
	if (rd->own.n == 0) {
		r = letter_read_words(rd, i);
		if (r < 0)
			return r;
	}
	return letter_read_attachment(rd, i);
}
