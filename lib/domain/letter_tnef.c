/* letter_tnef.c - the attachments that a winmail.dat holds (MS-OXTNEF).
 *
 * Outlook packs them away when it thinks the reader is Outlook too. Their names, sizes and digests
 * are listed; they stay packed. Own code, not libytnef: that one decodes far more than is listed
 * here and has a history of writing out of bounds.
 *
 * Security: a stranger's bytes. Each record's length is checked against what is left; one pass. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/attachment.h"
#include "domain/letter_internal.h"

enum {
	TNEF_HEADER = 6,   /* signature and key */
	RECORD_HEADER = 9, /* level, attribute, length */
	CHECKSUM = 2,
	LEVEL_ATTACHMENT = 2,
	ATTRIBUTE_NAME = 0x00018010,	   /* attAttachTitle: of eight letters and three */
	ATTRIBUTE_DATA = 0x0006800F,	   /* attAttachData */
	ATTRIBUTE_START = 0x00069002,	   /* attAttachRendData: a new attachment */
	ATTRIBUTE_PROPERTIES = 0x00069005, /* attAttachment, with the long name */
	ATTRIBUTE_BODY = 0x0002800C,	   /* attBody: plain text */
	ATTRIBUTE_MESSAGE = 0x00069003,	   /* attMAPIProps, with the text in RTF or HTML */
	PROPERTY_HEADER = 12,		   /* tag, number of values, length */
	LONG_NAME_MAX = 1024,		   /* bytes of a name that are decoded */
};

#define TNEF_SIGNATURE 0x223E9F78U

/* One attachment while its records come. */
struct packed {
	char *name; /* owned; NULL: none yet */
	const char *data;
	size_t n;
};

static uint32_t read_u32(const char *s)
{
	const unsigned char *p = (const unsigned char *) s;

	return p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
}

/* Lists what was collected and starts anew. */
static int list(struct letter *l, struct packed *p)
{
	char sha256[DIGEST_HEX_MAX];
	char *name = p->name ? p->name : strdup("");
	bool is_there = p->name || p->data;
	struct packed done = *p;

	*p = (struct packed){ 0 };
	if (!is_there) {
		free(name);
		return 0;
	}
	digest_sha256(done.data ? done.data : "", done.n, sha256);
	return letter_add_attachment(l, name, "application/octet-stream", done.n, sha256);
}

/* @charset: NULL where the file does not say it. */
static int note_name(
	struct reading *rd, struct packed *p, const char *charset, const char *bytes, size_t n)
{
	CLEANUP(freep) char *raw = NULL;
	struct bytes out;
	char *name = NULL;
	int r;

	bytes_init(&out, LONG_NAME_MAX);
	(void) charset_decode(rd->charsets, charset, bytes, n, &out); /* ours: known */
	r = bytes_take(&out, &raw, NULL);
	if (r == 0)
		r = letter_file_name(rd->letter, raw, &name);
	if (r < 0)
		return r;
	free(p->name);
	p->name = name;
	return 0;
}

/* The value of the text property @tag, wherever it stands. Return: whether it is there. */
static bool has_property(const char *bytes, size_t n, const char *tag, struct mime_span *ret)
{
	const char *at = memmem(bytes, n, tag, 4);
	size_t left = at ? n - (size_t) (at - bytes) : 0;
	size_t length = left > PROPERTY_HEADER ? read_u32(at + 8) : 0;

	if (length == 0 || length > left - PROPERTY_HEADER)
		return false;
	*ret = (struct mime_span){ at + PROPERTY_HEADER, length };
	return true;
}

/* PR_ATTACH_LONG_FILENAME, in UTF-16 or in bytes. */
static int note_long_name(struct reading *rd, struct packed *p, const char *bytes, size_t n)
{
	struct mime_span name;

	if (has_property(bytes, n, "\x1F\x00\x07\x37", &name))
		return note_name(rd, p, "utf-16le", name.at, name.n);
	if (has_property(bytes, n, "\x1E\x00\x07\x37", &name))
		return note_name(rd, p, NULL, name.at, name.n);
	return 0;
}

static int read_attachment(
	struct reading *rd, struct packed *p, uint32_t attribute, const char *bytes, size_t n)
{
	switch (attribute) {
	case ATTRIBUTE_START:
		return list(rd->letter, p);
	case ATTRIBUTE_NAME:
		return p->name ? 0 : note_name(rd, p, NULL, bytes, n);
	case ATTRIBUTE_PROPERTIES:
		return note_long_name(rd, p, bytes, n);
	case ATTRIBUTE_DATA:
		p->data = bytes;
		p->n = n;
		return 0;
	default:
		return 0;
	}
}

/* Plain text is read where the mail has none of its own; RTF and HTML stay packed. */
static int read_message(struct reading *rd, uint32_t attribute, const char *bytes, size_t n)
{
	CLEANUP(freep) char *text = NULL;
	struct bytes out;
	size_t text_n;
	int r;

	if (attribute == ATTRIBUTE_MESSAGE && (memmem(bytes, n, "\x02\x01\x09\x10", 4) ||
						      memmem(bytes, n, "\x02\x01\x13\x10", 4)))
		letter_add_warning(rd->letter, "Outlook packed the formatted text into "
					       "winmail.dat; a person must open it.");
	if (attribute != ATTRIBUTE_BODY || rd->own.n > 0 || rd->is_silent)
		return 0;
	bytes_init(&out, LETTER_TEXT_MAX);
	(void) charset_decode(rd->charsets, NULL, bytes, strnlen(bytes, n), &out); /* as above */
	r = bytes_take(&out, &text, &text_n);
	return r < 0 ? r : letter_read_text(rd, text, text_n);
}

/* Return: 0; 1 there was no whole record; -ENOMEM. */
static int read_record(struct reading *rd, struct packed *p, struct mime_span *rest)
{
	const char *at = rest->at;
	size_t length = rest->n >= RECORD_HEADER ? read_u32(at + 5) : 0;
	bool is_attachment;
	int r;

	if (rest->n < RECORD_HEADER || length > rest->n - RECORD_HEADER)
		return 1;
	is_attachment = at[0] == LEVEL_ATTACHMENT;
	at += RECORD_HEADER;
	r = is_attachment ? read_attachment(rd, p, read_u32(rest->at + 1), at, length)
			  : read_message(rd, read_u32(rest->at + 1), at, length);
	length += RECORD_HEADER;
	length += rest->n - length < CHECKSUM ? rest->n - length : CHECKSUM;
	*rest = (struct mime_span){ rest->at + length, rest->n - length };
	return r;
}

int letter_read_tnef(struct reading *rd, const char *bytes, size_t n)
{
	struct letter *l = rd->letter;
	size_t before = l->n_attachments;
	struct mime_span rest;
	struct packed p = { 0 };
	int r = 0;

	if (n < TNEF_HEADER || read_u32(bytes) != TNEF_SIGNATURE) {
		letter_add_warning(l, "winmail.dat is damaged; its files are not listed.");
		return 0;
	}
	rest = (struct mime_span){ bytes + TNEF_HEADER, n - TNEF_HEADER };
	while (r == 0 && rest.n > 0)
		r = read_record(rd, &p, &rest);
	if (r == 1)
		letter_add_warning(l, "winmail.dat is damaged; some of its files may be missing.");
	if (r >= 0)
		r = list(l, &p);
	free(p.name);
	if (l->n_attachments > before)
		letter_add_warning(l, "Outlook packed files into winmail.dat; a person must open "
				      "it.");
	return r;
}
