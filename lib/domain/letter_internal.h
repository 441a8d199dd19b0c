/* letter_internal.h - what the files of the reader share; nobody else includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_LETTER_INTERNAL_H
#define DOMAIN_LETTER_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "domain/charset.h"
#include "domain/letter.h"
#include "domain/letter_field.h"
#include "domain/letter_mime.h"
#include "domain/transfer.h"

struct letter_reader {
	struct charset_table *charsets; /* owned */
};

/* One mail while it is being read. */
struct reading {
	struct letter *letter;		/* borrowed */
	struct charset_table *charsets; /* borrowed */
	struct mime_tree tree;		/* owned */
	struct bytes text;		/* of the whole mail */
	struct bytes own;		/* without what enclosed mails say */
	size_t html_bytes;		/* of all pages so far */
	size_t html_tags;		/* in all pages so far */
	size_t header_bytes;		/* kept so far */
	size_t n_parts;			/* of all trees so far */
	unsigned nested;		/* depth of trees within parts that were decoded */
	unsigned enclosed;		/* depth of enclosed mails at the present part */
	bool is_silent;			/* the present part's text is another part's, told twice */
	bool in_report;			/* within a multipart/report: its text is the robot's */
};

/* Top-level header fields into the letter. Return: 0 or -ENOMEM. */
int letter_read_header(struct reading *rd, struct field_cursor *c);

/* Reads part @i of rd->tree into the letter. Return: 0 or -ENOMEM. */
typedef int letter_read(struct reading *rd, size_t i);

letter_read letter_read_part;

/* Part @i as a text of the mail, whatever it is called. */
letter_read letter_read_words;

/* A text part: words of the mail, or a file. */
letter_read letter_read_text_part;

/* mime_walk() into rd->tree within the bounds of the whole mail, with warnings for its damages. */
int letter_walk(struct reading *rd, struct field_cursor *c);

/* Part @i decoded, as a mail or a multipart of its own: @read gets the root of its tree. */
int letter_read_encoded(struct reading *rd, size_t i, letter_read *read);

/* A message/partial (RFC 2046 s.5.2.2): the words of this piece. */
letter_read letter_read_piece;

/* S/MIME in one part (RFC 8551 s.3.2): encrypted, or signed with the words packed inside. */
letter_read letter_read_pkcs7;

void letter_mark_encrypted(struct reading *rd);

/* The decoded bytes of part @i appended to @out. Return: 0 or -ENOMEM. */
int letter_decode_part(struct reading *rd, size_t i, struct bytes *out);

/* Message-IDs of @value appended to a list of at most LETTER_IDS_MAX; the last ones stay. @l: takes
 * the warnings. */
int letter_add_ids(struct letter *l, char ***list, size_t *n, const char *value, size_t value_n);

/* Mailboxes of @value appended to a list of at most LETTER_ADDRESSES_MAX. */
int letter_add_addresses(struct reading *rd, struct letter_address **list, size_t *n,
	const char *value, size_t value_n);

/* A message/delivery-status body (RFC 3464) into letter->delivery. */
void letter_read_status(struct letter *l, const char *bytes, size_t n);

/* Message-ID and References of an enclosed header into letter->embedded_ids. */
int letter_read_enclosed_header(struct letter *l, const char *bytes, size_t n);

/* Who wrote an enclosed mail, when and about what, as lines of the text, as mail programs write them
 * above a mail that is passed on. Return: 0 or -ENOMEM. */
int letter_read_enclosed_lines(struct reading *rd, const char *bytes, size_t n);

/* Part @i as an attachment: named, measured and listed. */
letter_read letter_read_attachment;

/* The file name of part @i, without any path, freed by the caller; "" if none. */
int letter_part_name(struct reading *rd, size_t i, char **ret);

/* The warnings for a name that was decoded; @note: bits of enum encoded_word_note, or an errno. */
void letter_warn_of_name(struct letter *l, int note);

/* The sender's name of a file, harmless (attachment.h), freed by the caller. */
int letter_file_name(struct letter *l, const char *raw, char **ret);

/* mime_value_parameter() with its warnings. Return: 0 or -ENOMEM. */
int letter_parameter(
	struct reading *rd, struct mime_span value, const char *name, size_t max, char **ret);

/* Size and digest of what @bytes decode to. Return: 0 or -ENOMEM. */
int letter_measure(struct reading *rd, enum transfer transfer, const char *bytes, size_t n,
	uint64_t *ret_bytes, char ret_sha256[static DIGEST_HEX_MAX]);

void letter_warn_of_damage(struct reading *rd, size_t broken);

/* Attaches what was named and measured. @name: taken over; @sha256: copied. */
int letter_add_attachment(
	struct letter *l, char *name, const char *type, uint64_t bytes, const char *sha256);

/**
 * letter_read_text - one decoded text: uuencoded files become attachments, the rest is added.
 * @text, @n: UTF-8, any line ends
 */
int letter_read_text(struct reading *rd, const char *text, size_t n);

/* Text of format=flowed (RFC 3676) with its paragraphs joined; heap, freed by the caller. */
int letter_unflow(const char *text, size_t n, bool delete_space, char **ret, size_t *ret_n);

/* Text of text/enriched (RFC 1896) or text/richtext (RFC 1341) without its marks; heap. */
int letter_unmark(const char *text, size_t n, char **ret, size_t *ret_n);

/* How many bytes of a text that says it is base64 are: 0 for words, less than @n for words below. */
size_t letter_base64_extent(const char *s, size_t n);

/* Lists the attachments of a winmail.dat (TNEF). */
int letter_read_tnef(struct reading *rd, const char *bytes, size_t n);

#endif
