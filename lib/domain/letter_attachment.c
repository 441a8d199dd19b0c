/* letter_attachment.c - names, sizes and digests of the files in a mail.
 *
 * Security: a stranger's files. They are measured as they are decoded, piece by piece, and never
 * kept, opened or unpacked; their names lose paths, control and bidirectional characters. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/attachment.h"
#include "domain/encoded_word.h"
#include "domain/letter_internal.h"

void letter_warn_of_damage(struct reading *rd, size_t broken)
{
	if (broken > 0)
		letter_add_warning(rd->letter, "A part is damaged: its encoding breaks the rules.");
}

void letter_warn_of_name(struct letter *l, int note)
{
	if (note > 0 && (note & ENCODED_WORD_UNKNOWN))
		letter_add_warning(l, "A header names an unknown character set.");
	if (note > 0 && (note & ENCODED_WORD_CUT))
		letter_add_warning(l, "A name is very long; not all of it is kept.");
}

int letter_parameter(
	struct reading *rd, struct mime_span value, const char *name, size_t max, char **ret)
{
	int r = mime_value_parameter(
		rd->charsets, value.at ? value.at : "", value.n, name, max, ret);

	letter_warn_of_name(rd->letter, r);
	return r < 0 ? r : 0;
}

int letter_file_name(struct letter *l, const char *raw, char **ret)
{
	int r = attachment_name(raw, LETTER_NAME_MAX, ret);

	letter_warn_of_name(l, r > 0 ? ENCODED_WORD_CUT : r);
	return r < 0 ? r : 0;
}

int letter_part_name(struct reading *rd, size_t i, char **ret)
{
	const struct mime_part *part = &rd->tree.parts[i];
	CLEANUP(freep) char *name = NULL;
	int r = letter_parameter(rd, part->disposition, "filename", ATTACHMENT_RAW_NAME_MAX, &name);

	if (r == 0 && name[0] == '\0') {
		free(TAKE_PTR(name));
		r = letter_parameter(rd, part->content, "name", ATTACHMENT_RAW_NAME_MAX, &name);
	}
	return r < 0 ? r : letter_file_name(rd->letter, name, ret);
}

struct measuring {
	struct digest *digest; /* borrowed */
	uint64_t bytes;
};

static int measure(void *context, const char *bytes, size_t n)
{
	struct measuring *m = context;

	digest_update(m->digest, bytes, n);
	m->bytes += n;
	return 0;
}

int letter_measure(struct reading *rd, enum transfer transfer, const char *bytes, size_t n,
	uint64_t *ret_bytes, char ret_sha256[static DIGEST_HEX_MAX])
{
	struct measuring m = { .digest = digest_new() };
	size_t broken;

	if (!m.digest)
		return -ENOMEM;
	transfer_decode(transfer, bytes, n, measure, &m, &broken);
	digest_final(m.digest, ret_sha256);
	digest_free(m.digest);
	letter_warn_of_damage(rd, broken);
	*ret_bytes = m.bytes;
	return 0;
}

int letter_add_attachment(
	struct letter *l, char *name, const char *type, uint64_t bytes, const char *sha256)
{
	CLEANUP(freep) char *owned = name;
	CLEANUP(freep) char *kind = strdup(type);
	struct letter_attachment *list;

	if (l->n_attachments == LETTER_ATTACHMENTS_MAX) {
		letter_add_warning(l, "There are too many attachments; the last ones are not "
				      "listed.");
		return 0;
	}
	list = reallocarray(l->attachments, l->n_attachments + 1, sizeof *list);
	if (list)
		l->attachments = list;
	if (!list || !kind || !owned)
		return -ENOMEM;
	list += l->n_attachments++;
	*list = (struct letter_attachment){ .name = TAKE_PTR(owned), .bytes = bytes };
	list->type = TAKE_PTR(kind);
	memcpy(list->sha256, sha256, DIGEST_HEX_MAX);
	return 0;
}

int letter_read_attachment(struct reading *rd, size_t i)
{
	const struct mime_part *part = &rd->tree.parts[i];
	char sha256[DIGEST_HEX_MAX];
	uint64_t bytes;
	char *name;
	int r;

	if (rd->letter->n_attachments == LETTER_ATTACHMENTS_MAX)
		return letter_add_attachment(rd->letter, NULL, part->type, 0, "");
	r = letter_measure(rd, part->transfer, part->body.at, part->body.n, &bytes, sha256);
	if (r == 0)
		r = letter_part_name(rd, i, &name);
	return r < 0 ? r : letter_add_attachment(rd->letter, name, part->type, bytes, sha256);
}
