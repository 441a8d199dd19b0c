/* letter_tnef.c - the attachments that a winmail.dat holds (MS-OXTNEF).
 *
 * Outlook packs them away when it thinks the reader is Outlook too. Their names, sizes and digests
 * are listed; they stay packed.
 *
 * Security: a stranger's bytes. Each record's length is checked against what is left; one pass. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/letter_internal.h"

enum {
	TNEF_HEADER = 6,   /* signature and key */
	RECORD_HEADER = 9, /* level, attribute, length */
	CHECKSUM = 2,
	LEVEL_ATTACHMENT = 2,
	ATTRIBUTE_NAME = 0x00018010,  /* attAttachTitle */
	ATTRIBUTE_DATA = 0x0006800F,  /* attAttachData */
	ATTRIBUTE_START = 0x00069002, /* attAttachRendData: a new attachment */
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

static int note_name(struct packed *p, const char *bytes, size_t n)
{
	char *raw;
	int r;

	if (p->name)
		return 0;
	raw = strndup(bytes, n);
	if (!raw)
		return -ENOMEM;
	r = text_one_line(raw, LETTER_NAME_MAX, &p->name);
	free(raw);
	if (r == 0)
		letter_cut_path(p->name);
	return r;
}

static int read_record(
	struct letter *l, struct packed *p, uint32_t attribute, const char *bytes, size_t n)
{
	if (attribute == ATTRIBUTE_START)
		return list(l, p);
	if (attribute == ATTRIBUTE_NAME)
		return note_name(p, bytes, n);
	if (attribute == ATTRIBUTE_DATA) {
		p->data = bytes;
		p->n = n;
	}
	return 0;
}

int letter_read_tnef(struct letter *l, const char *bytes, size_t n)
{
	struct packed p = { 0 };
	size_t at = TNEF_HEADER;
	int r = 0;

	if (n < TNEF_HEADER || read_u32(bytes) != TNEF_SIGNATURE)
		return 0;
	while (r == 0 && n - at >= RECORD_HEADER) {
		bool is_attachment = bytes[at] == LEVEL_ATTACHMENT;
		uint32_t attribute = read_u32(bytes + at + 1);
		size_t length = read_u32(bytes + at + 5);

		at += RECORD_HEADER;
		if (length > n - at)
			break;
		if (is_attachment)
			r = read_record(l, &p, attribute, bytes + at, length);
		at += length;
		if (n - at < CHECKSUM)
			break;
		at += CHECKSUM;
	}
	if (r == 0)
		r = list(l, &p);
	free(p.name);
	if (l->n_attachments > 1)
		letter_add_warning(l, "Outlook packed files into winmail.dat; a person must open "
				      "it.");
	return r;
}
