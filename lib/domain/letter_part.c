/* letter_part.c - what each part of a mail adds to the letter.
 *
 * Security: a stranger's parts, at most LETTER_PARTS_MAX, nested at most LETTER_DEPTH_MAX deep,
 * so the recursion is bounded. No attachment is opened or unpacked. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "domain/html.h"
#include "domain/letter_internal.h"

enum {
	RAW_TEXT_MAX = 4 * LETTER_TEXT_MAX, /* decoded bytes of one text: UTF-32 takes four */
	REPORT_MAX = 64 * 1024,		    /* of a report or an enclosed header */
	TNEF_MAX = 16 * 1024 * 1024,
	HTML_BYTES_MAX = 2 * RAW_TEXT_MAX, /* of all pages of one mail together */
};

static int read_part(struct reading *rd, size_t i);

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

/* The decoded bytes of a part, at most @max. */
static int decode_part(struct reading *rd, size_t i, size_t max, char **ret, size_t *ret_n)
{
	const struct mime_part *part = part_at(rd, i);
	struct bytes out;
	size_t broken;

	bytes_init(&out, max);
	transfer_decode(part->transfer, part->body.at, part->body.n, take_bytes, &out, &broken);
	letter_warn_of_damage(rd, broken);
	if (out.is_cut)
		letter_add_warning(rd->letter, "The text is very long; only its beginning was "
					       "read.");
	return bytes_take(&out, ret, ret_n);
}

/* The part's bytes as UTF-8. */
static int decode_text(struct reading *rd, size_t i, struct bytes *out)
{
	CLEANUP(freep) char *raw = NULL;
	CLEANUP(freep) char *charset = NULL;
	size_t n;
	int r = decode_part(rd, i, RAW_TEXT_MAX, &raw, &n);

	if (r == 0)
		r = letter_parameter(
			rd, part_at(rd, i)->content, "charset", MIME_WORD_MAX, &charset);
	if (r < 0)
		return r;
	if (charset_decode(rd->charsets, charset, raw, n, out) > 0)
		letter_add_warning(rd->letter,
			"A text is in an unknown character set; it was read as Windows-1252.");
	return out->is_starved ? -ENOMEM : 0;
}

static int add_html(struct reading *rd, const struct bytes *page)
{
	CLEANUP(freep) char *text = NULL;
	size_t n;
	int r;

	rd->html_bytes += page->n;
	if (rd->html_bytes > HTML_BYTES_MAX) {
		letter_add_warning(rd->letter, "There is very much HTML; only its beginning was "
					       "read.");
		return 0;
	}
	r = html_to_text(page->n ? page->at : "", page->n, LETTER_TEXT_MAX, &text, &n);

	if (r < 0)
		return r;
	if (page->is_cut || page->n > HTML_MAX)
		letter_add_warning(rd->letter, "The text is very long; only its beginning was "
					       "read.");
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

static int add_text(struct reading *rd, size_t i)
{
	bool is_html = strcmp(part_at(rd, i)->type, "text/html") == 0;
	struct bytes text;
	int r;

	if (rd->is_silent || rd->text.n == LETTER_TEXT_MAX)
		return 0;
	bytes_init(&text, is_html ? RAW_TEXT_MAX : LETTER_TEXT_MAX + 4);
	r = decode_text(rd, i, &text);
	if (r == 0)
		r = is_html ? add_html(rd, &text) : add_plain(rd, i, &text);
	bytes_done(&text);
	return r;
}

static int read_text(struct reading *rd, size_t i)
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
		return add_text(rd, i);
	/* An inline file is shown with the mail, but only a mail without words is read from it. */
	if (rd->own.n == 0) {
		r = add_text(rd, i);
		if (r < 0)
			return r;
	}
	return letter_read_attachment(rd, i);
}

static int read_children(struct reading *rd, size_t i)
{
	size_t end = part_at(rd, i)->end;
	int r = 0;

	if (!part_at(rd, i)->is_open)
		return read_text(rd, i);
	for (size_t k = i + 1; r == 0 && k < end; k = part_at(rd, k)->end)
		r = read_part(rd, k);
	return r;
}

/* Whether the first text within part @i is plain. */
static bool is_plain_version(const struct reading *rd, size_t i)
{
	for (size_t k = i; k < part_at(rd, i)->end; k++)
		if (strncmp(part_at(rd, k)->type, "text/", 5) == 0)
			return strcmp(part_at(rd, k)->type, "text/plain") == 0;
	return false;
}

/* Whether anything but white space was added behind @from. */
static bool has_words(const struct reading *rd, size_t from)
{
	for (size_t i = from; i < rd->text.n; i++)
		if (!strchr(" \t\n", rd->text.at[i]))
			return true;
	return false;
}

/* RFC 2046 s.5.1.4. Plain text is preferred, unless it is empty: HTML hides more. */
static int read_alternative(struct reading *rd, size_t i)
{
	size_t end = part_at(rd, i)->end;
	size_t from = rd->text.n;
	bool was_silent = rd->is_silent;
	int r = 0;

	if (!part_at(rd, i)->is_open)
		return read_text(rd, i);
	for (int plain = 1; r == 0 && plain >= 0; plain--) {
		for (size_t k = i + 1; r == 0 && k < end; k = part_at(rd, k)->end) {
			if (is_plain_version(rd, k) != (plain == 1))
				continue;
			r = read_part(rd, k);
			rd->is_silent = was_silent || has_words(rd, from);
		}
	}
	rd->is_silent = was_silent;
	return r;
}

static int read_signed(struct reading *rd, size_t i)
{
	rd->letter->marks.is_signed = true;
	return read_children(rd, i);
}

static void mark_encrypted(struct reading *rd)
{
	rd->letter->marks.is_encrypted = true;
	letter_add_warning(rd->letter, "The mail is encrypted; a person must open it.");
}

static int read_encrypted(struct reading *rd, size_t i)
{
	mark_encrypted(rd);
	return read_children(rd, i);
}

/* S/MIME in one part (RFC 8551 s.3.2): encrypted, or signed with the words packed inside. */
static int read_pkcs7(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *kind = NULL;
	int r = letter_parameter(rd, part_at(rd, i)->content, "smime-type", MIME_WORD_MAX, &kind);

	if (r < 0)
		return r;
	rd->letter->marks.is_signed |= text_is_equal_ci(kind, "signed-data");
	mark_encrypted(rd);
	return letter_read_attachment(rd, i);
}

static int read_signature(struct reading *rd, size_t i)
{
	(void) i; /* of no interest: no attachment of the writer's */
	rd->letter->marks.is_signed = true;
	return 0;
}

static int read_report(struct reading *rd, size_t i)
{
	bool was_in_report = rd->in_report;
	int r;

	rd->in_report = true;
	r = read_children(rd, i);
	rd->in_report = was_in_report;
	return r;
}

static int read_status(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *raw = NULL;
	size_t n;
	int r = decode_part(rd, i, REPORT_MAX, &raw, &n);

	if (r < 0)
		return r;
	letter_read_status(rd->letter, raw, n);
	return 0;
}

static int read_disposition(struct reading *rd, size_t i)
{
	(void) i; /* its fields say nothing that a case needs */
	rd->letter->marks.is_disposition = true;
	return 0;
}

static int read_header_part(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *raw = NULL;
	size_t n;
	int r = decode_part(rd, i, REPORT_MAX, &raw, &n);

	return r < 0 ? r : letter_read_enclosed_header(rd->letter, raw, n);
}

static int read_enclosed_parts(struct reading *rd, size_t i)
{
	const struct mime_part *inner = part_at(rd, i + 1);
	bool was_silent = rd->is_silent;
	int r = letter_read_enclosed_header(rd->letter, inner->header.at, inner->header.n);

	if (r < 0)
		return r;
	/* In a report it is our own mail come back: its words are nobody's request. */
	rd->is_silent = was_silent || rd->in_report;
	rd->enclosed++;
	if (!rd->is_silent)
		r = letter_read_enclosed_lines(rd, inner->header.at, inner->header.n);
	if (r == 0)
		r = read_part(rd, i + 1);
	rd->enclosed--;
	rd->is_silent = was_silent;
	return r;
}

static int read_enclosed(struct reading *rd, size_t i)
{
	int r = 0;

	rd->letter->marks.has_forward = true;
	if (!rd->in_report)
		r = letter_read_attachment(rd, i);
	if (r < 0 || !part_at(rd, i)->is_open || i + 1 >= part_at(rd, i)->end)
		return r;
	return read_enclosed_parts(rd, i);
}

static int read_calendar(struct reading *rd, size_t i)
{
	rd->letter->marks.is_calendar = true;
	return letter_read_attachment(rd, i);
}

static int read_tnef(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *raw = NULL;
	size_t n = 0;
	int r = letter_read_attachment(rd, i);

	if (r == 0)
		r = decode_part(rd, i, TNEF_MAX, &raw, &n);
	return r < 0 ? r : letter_read_tnef(rd->letter, raw, n);
}

/* By the first entry whose word starts the type. */
static const struct {
	const char *type;
	int (*read)(struct reading *rd, size_t i);
} kinds[] = {
	{ "multipart/alternative", read_alternative },
	{ "multipart/signed", read_signed },
	{ "multipart/encrypted", read_encrypted },
	{ "multipart/report", read_report },
	{ "multipart/", read_children },
	{ "message/delivery-status", read_status },
	{ "message/global-delivery-status", read_status },
	{ "message/disposition-notification", read_disposition },
	{ "message/global-disposition-notification", read_disposition },
	{ "message/global-headers", read_header_part },
	{ "message/global", read_enclosed },
	{ "message/rfc822-headers", read_header_part },
	{ "message/rfc822", read_enclosed },
	{ "text/rfc822-headers", read_header_part },
	{ "text/calendar", read_calendar },
	{ "text/", read_text },
	{ "application/pkcs7-mime", read_pkcs7 },
	{ "application/x-pkcs7-mime", read_pkcs7 },
	{ "application/pkcs7-signature", read_signature },
	{ "application/x-pkcs7-signature", read_signature },
	{ "application/pgp-signature", read_signature },
	{ "application/ms-tnef", read_tnef },
	{ "application/vnd.ms-tnef", read_tnef },
	{ "", letter_read_attachment },
};

static int read_part(struct reading *rd, size_t i)
{
	const char *type = part_at(rd, i)->type;
	size_t k = 0;

	while (strncmp(type, kinds[k].type, strlen(kinds[k].type)) != 0)
		k++;
	return kinds[k].read(rd, i);
}

int letter_read_parts(struct reading *rd)
{
	return rd->tree.n > 0 ? read_part(rd, 0) : 0;
}
