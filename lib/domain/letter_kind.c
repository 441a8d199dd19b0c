/* letter_kind.c - what each kind of part adds to the letter.
 *
 * Security: a stranger's parts, at most LETTER_PARTS_MAX, nested at most LETTER_DEPTH_MAX deep in
 * each tree, so the recursion is bounded. No attachment is opened or unpacked. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "domain/letter_internal.h"

enum {
	REPORT_MAX = 64 * 1024, /* of a report or an enclosed header */
	TNEF_MAX = 16 * 1024 * 1024,
	EXCUSE_MAX = 400, /* bytes of a plain text that may only say that there is HTML */
};

static const struct mime_part *part_at(const struct reading *rd, size_t i)
{
	return &rd->tree.parts[i];
}

/* The decoded bytes of a report, at most REPORT_MAX. */
static int decode_report(struct reading *rd, size_t i, char **ret, size_t *ret_n)
{
	struct bytes out;
	int r;

	bytes_init(&out, REPORT_MAX);
	r = letter_decode_part(rd, i, &out);
	if (r == 0)
		r = bytes_take(&out, ret, ret_n);
	bytes_done(&out);
	return r;
}

/* A multipart whose children were not found: it was encoded as a whole, or it is one text. */
static int read_closed(struct reading *rd, size_t i)
{
	return part_at(rd, i)->transfer == TRANSFER_IDENTITY
		       ? letter_read_text_part(rd, i)
		       : letter_read_encoded(rd, i, letter_read_part);
}

static int read_children(struct reading *rd, size_t i)
{
	size_t end = part_at(rd, i)->end;
	int r = 0;

	if (!part_at(rd, i)->is_open)
		return read_closed(rd, i);
	for (size_t k = i + 1; r == 0 && k < end; k = part_at(rd, k)->end)
		r = letter_read_part(rd, k);
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

/* Whether anything but white space was added behind @from, which moves behind the white space: a
 * sender may give hundreds of versions of it. */
static bool has_words(const struct reading *rd, size_t *from)
{
	for (; *from < rd->text.n; (*from)++) {
		const char *at = rd->text.at + *from;

		if (rd->text.n - *from >= 2 && memcmp(at, "\xC2\xA0", 2) == 0) /* a hard space */
			(*from)++;
		else if (!strchr(" \t\n", *at))
			return true;
	}
	return false;
}

/* Whether what was added behind @from only sends the reader to the HTML version. */
static bool is_excuse(const struct reading *rd, size_t from)
{
	static const char *const excuses[] = { "support html", "supports html", "display html",
		"html-capable", "html capable", "html-enabled", "html enabled", "html format",
		"html version", "html email", "html e-mail", "html mail", "html message",
		"html content", "in your browser", "in a browser", "in html" };
	char words[EXCUSE_MAX + 1];
	size_t n = rd->text.n - from;

	if (n == 0 || n > EXCUSE_MAX)
		return false;
	memcpy(words, rd->text.at + from, n);
	words[n] = '\0';
	for (size_t i = 0; i < sizeof excuses / sizeof excuses[0]; i++)
		if (text_find_ci(words, excuses[i]))
			return true;
	return false;
}

/* RFC 2046 s.5.1.4. Plain text is preferred, unless it is empty: HTML hides more. A plain text that
 * may be an excuse is kept, and HTML read too. */
static int read_alternative(struct reading *rd, size_t i)
{
	size_t end = part_at(rd, i)->end;
	size_t from = rd->text.n;
	size_t words = from; /* where the first may stand */
	bool was_silent = rd->is_silent;
	int r = 0;

	if (!part_at(rd, i)->is_open)
		return read_closed(rd, i);
	for (int plain = 1; r == 0 && plain >= 0; plain--) {
		for (size_t k = i + 1; r == 0 && k < end; k = part_at(rd, k)->end) {
			if (is_plain_version(rd, k) != (plain == 1))
				continue;
			r = letter_read_part(rd, k);
			rd->is_silent =
				was_silent || (has_words(rd, &words) && !is_excuse(rd, from));
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

void letter_mark_encrypted(struct reading *rd)
{
	if (rd->enclosed > 0) { /* the writer's own words can be read */
		letter_add_warning(
			rd->letter, "An enclosed mail is encrypted; a person must open it.");
		return;
	}
	rd->letter->marks.is_encrypted = true;
	letter_add_warning(rd->letter, "The mail is encrypted; a person must open it.");
}

static int read_encrypted(struct reading *rd, size_t i)
{
	letter_mark_encrypted(rd);
	return read_children(rd, i);
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

/* A report that somebody forwards is no report on what we sent. */
static int read_status(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *raw = NULL;
	size_t n = 0;
	int r = decode_report(rd, i, &raw, &n);

	if (r == 0 && rd->enclosed == 0)
		letter_read_status(rd->letter, raw, n);
	return r;
}

/* Its fields say nothing that a case needs. */
static int read_disposition(struct reading *rd, size_t i)
{
	(void) i;
	rd->letter->marks.is_disposition |= rd->enclosed == 0;
	return 0;
}

static int read_header_part(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *raw = NULL;
	size_t n = 0;
	int r = decode_report(rd, i, &raw, &n);

	return r < 0 ? r : letter_read_enclosed_header(rd->letter, raw, n);
}

/* The mail whose root is part @i. */
static int read_inner(struct reading *rd, size_t i)
{
	struct mime_span header = part_at(rd, i)->header;
	bool was_silent = rd->is_silent;
	int r = letter_read_enclosed_header(rd->letter, header.at, header.n);

	if (r < 0)
		return r;
	/* In a report it is our own mail come back: its words are nobody's request. */
	rd->is_silent = was_silent || rd->in_report;
	rd->enclosed++;
	if (!rd->is_silent)
		r = letter_read_enclosed_lines(rd, header.at, header.n);
	if (r == 0)
		r = letter_read_part(rd, i);
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
	if (r < 0)
		return r;
	if (part_at(rd, i)->transfer != TRANSFER_IDENTITY)
		return letter_read_encoded(rd, i, read_inner);
	return part_at(rd, i)->end > i + 1 ? read_inner(rd, i + 1) : 0;
}

static int read_external(struct reading *rd, size_t i)
{
	letter_add_warning(rd->letter, "A file was not sent, but only the place where it lies.");
	return letter_read_attachment(rd, i);
}

/* An invitation without a word beside it says what it wants within itself. */
static int read_calendar(struct reading *rd, size_t i)
{
	int r = 0;

	rd->letter->marks.is_calendar |= rd->enclosed == 0;
	if (rd->text.n == 0)
		r = letter_read_words(rd, i);
	return r < 0 ? r : letter_read_attachment(rd, i);
}

static int read_tnef(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *raw = NULL;
	struct bytes out;
	size_t n = 0;
	int r = letter_read_attachment(rd, i);

	bytes_init(&out, TNEF_MAX);
	if (r == 0)
		r = letter_decode_part(rd, i, &out);
	if (r == 0)
		r = bytes_take(&out, &raw, &n);
	bytes_done(&out);
	return r < 0 ? r : letter_read_tnef(rd, raw, n);
}

/* Gateways lose the type of a file, but not its name. */
static int read_octets(struct reading *rd, size_t i)
{
	CLEANUP(freep) char *name = NULL;
	int r = letter_part_name(rd, i, &name);

	if (r < 0)
		return r;
	if (text_is_equal_ci(name, "winmail.dat"))
		return read_tnef(rd, i);
	return text_is_equal_ci(name, "smime.p7m") ? letter_read_pkcs7(rd, i)
						   : letter_read_attachment(rd, i);
}

/* By the first entry whose word starts the type. */
static const struct {
	const char *type;
	letter_read *read;
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
	{ "message/partial", letter_read_piece },
	{ "message/external-body", read_external },
	{ "text/rfc822-headers", read_header_part },
	{ "text/calendar", read_calendar },
	/* Texts that are no words: styles, programs, tables, cards, another version for one mailer. */
	{ "text/css", letter_read_attachment },
	{ "text/csv", letter_read_attachment },
	{ "text/directory", letter_read_attachment },
	{ "text/ecmascript", letter_read_attachment },
	{ "text/javascript", letter_read_attachment },
	{ "text/rtf", letter_read_attachment },
	{ "text/tab-separated-values", letter_read_attachment },
	{ "text/vcard", letter_read_attachment },
	{ "text/x-vcard", letter_read_attachment },
	{ "text/x-amp-html", letter_read_attachment },
	{ "text/watch-html", letter_read_attachment },
	{ "text/xml", letter_read_attachment },
	{ "text/", letter_read_text_part },
	{ "application/pkcs7-mime", letter_read_pkcs7 },
	{ "application/x-pkcs7-mime", letter_read_pkcs7 },
	{ "application/pkcs7-signature", read_signature },
	{ "application/x-pkcs7-signature", read_signature },
	{ "application/pgp-signature", read_signature },
	{ "application/pgp-encrypted", letter_read_attachment },
	{ "application/pgp-keys", letter_read_attachment },
	{ "application/pgp", letter_read_text_part },
	{ "application/octet-stream", read_octets },
	{ "application/ms-tnef", read_tnef },
	{ "application/vnd.ms-tnef", read_tnef },
	{ "", letter_read_attachment },
};

int letter_read_part(struct reading *rd, size_t i)
{
	const char *type = part_at(rd, i)->type;
	size_t k = 0;

	while (strncmp(type, kinds[k].type, strlen(kinds[k].type)) != 0)
		k++;
	return kinds[k].read(rd, i);
}
