/* letter_text.c - one decoded text of a mail into the letter.
 *
 * Security: a stranger's text; each line is looked at a bounded number of times. Control
 * characters are dropped: the text is shown on terminals. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "domain/attachment.h"
#include "domain/encoded_word.h"
#include "domain/letter_internal.h"

struct line {
	const char *at;
	size_t n;
};

/* Bytes that need no second look; those that start what unwanted() knows do. */
static bool is_plain(char c)
{
	unsigned char byte = (unsigned char) c;

	return byte >= ' ' ? byte != 0x7F && byte != 0xC2 && byte != 0xE2 : c == '\n' || c == '\t';
}

/* Length of a character at @s that a text must not hold; 0: it is none. A terminal obeys the
 * controls of U+0080 to U+009F, and U+202A to U+202E and U+2066 to U+2069 turn words around.
 * @ret_is_break: it ends a line. */
static size_t unwanted(const char *s, size_t n, bool *ret_is_break)
{
	const unsigned char *p = (const unsigned char *) s;

	*ret_is_break = false;
	if (n >= 2 && p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0) {
		*ret_is_break = p[1] == 0x85;
		return 2;
	}
	if (n < 3 || p[0] != 0xE2)
		return 0;
	*ret_is_break = p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9);
	return *ret_is_break || (p[1] == 0x80 && p[2] >= 0xAA && p[2] <= 0xAE) ||
			       (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9)
		       ? 3
		       : 0;
}

/* The text with LF line ends and without control characters but tab. */
static int normalise(const char *text, size_t n, char **ret, size_t *ret_n)
{
	struct bytes out;
	size_t i = 0;

	bytes_init(&out, n + 1);
	/* U+FEFF at the start is a byte order mark, not a letter. */
	if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		i = 3;
	while (i < n) {
		size_t from = i;
		bool is_break;
		size_t skip;

		while (i < n && is_plain(text[i]))
			i++;
		bytes_add(&out, text + from, i - from);
		if (i == n)
			break;
		skip = unwanted(text + i, n - i, &is_break);
		if (is_break || text[i] == '\f' ||
			(text[i] == '\r' && !(i + 1 < n && text[i + 1] == '\n')))
			bytes_add_char(&out, '\n');
		else if (skip == 0 && (unsigned char) text[i] >= 0xC2)
			bytes_add_char(&out, text[i]);
		i += skip ? skip : 1;
	}
	return bytes_take(&out, ret, ret_n);
}

static struct line next_line(const char **at, const char *end)
{
	const char *line = *at;
	const char *eol = memchr(line, '\n', (size_t) (end - line));

	*at = eol ? eol + 1 : end;
	return (struct line){ line, (size_t) ((eol ? eol : end) - line) };
}

/* "begin 644 name": the name's place; NULL: no such line. */
static const char *uu_name(struct line line)
{
	size_t digits = 0;

	if (line.n < 11 || memcmp(line.at, "begin ", 6) != 0)
		return NULL;
	while (digits < 4 && line.at[6 + digits] >= '0' && line.at[6 + digits] <= '7')
		digits++;
	return digits >= 3 && line.at[6 + digits] == ' ' && line.n > 7 + digits
		       ? line.at + 7 + digits
		       : NULL;
}

static bool is_uu_data(struct line line)
{
	size_t bytes = line.n > 0 ? ((unsigned char) line.at[0] - 32U) & 63U : 0;

	/* A "begin" is never data, so that no line is looked at from two of them. */
	return line.n > 0 && line.at[0] >= ' ' && line.at[0] <= '`' &&
	       line.n <= 1 + (bytes + 2) / 3 * 4 + 2;
}

/* End of the uuencoded file whose data starts at @at; NULL: it has none. */
static const char *uu_end(const char *at, const char *end)
{
	while (at < end) {
		struct line line = next_line(&at, end);

		if (line.n == 3 && memcmp(line.at, "end", 3) == 0)
			return line.at;
		if (!is_uu_data(line))
			return NULL;
	}
	return NULL;
}

static int attach_uu(struct reading *rd, struct line name, const char *data, size_t n)
{
	char sha256[DIGEST_HEX_MAX];
	uint64_t bytes;
	CLEANUP(freep) char *raw = NULL;
	char *text;
	int r = letter_measure(rd, TRANSFER_UUENCODE, data, n, &bytes, sha256);

	if (r == 0)
		r = encoded_word_decode(
			rd->charsets, name.at, name.n, ATTACHMENT_RAW_NAME_MAX, &raw);
	if (r >= 0)
		r = letter_file_name(rd->letter, raw, &text);
	if (r < 0)
		return r;
	return letter_add_attachment(rd->letter, text, "application/octet-stream", bytes, sha256);
}

/* If @line begins a uuencoded file: attaches it and moves @at behind it. Return: 1 it did, 0. */
static int take_uu(struct reading *rd, struct line line, const char **at, const char *end)
{
	const char *name = uu_name(line);
	const char *stop = name ? uu_end(*at, end) : NULL;
	int r;

	if (!stop)
		return 0;
	r = attach_uu(rd, (struct line){ name, (size_t) (line.at + line.n - name) }, *at,
		(size_t) (stop - *at));
	*at = stop;
	(void) next_line(at, end); /* the "end" itself */
	return r < 0 ? r : 1;
}

static bool is_line(struct line line, const char *text)
{
	while (line.n > 0 && line.at[line.n - 1] == ' ')
		line.n--;
	return line.n == strlen(text) && memcmp(line.at, text, line.n) == 0;
}

/* Where in a text signed by PGP (RFC 9580 s.7) a line stands. */
enum signing {
	SIGNING_NONE,
	SIGNING_HEADER, /* "Hash: SHA256", up to a blank line */
	SIGNING_WORDS,
	SIGNING_SIGNATURE,
};

/* "Version: some words", a line of base64 or a blank one. */
static bool is_armour(struct line line)
{
	const char *blank = line.n > 0 ? memchr(line.at, ' ', line.n) : NULL;

	return !blank || (blank > line.at && blank[-1] == ':');
}

/* Takes the marks of PGP off: its lines go, and the "- " before lines that start with "-". Return:
 * whether the line stays. */
static bool is_kept(struct letter *l, enum signing *where, struct line *line)
{
	if (is_line(*line, "-----BEGIN PGP SIGNED MESSAGE-----")) {
		l->marks.is_signed = true;
		*where = SIGNING_HEADER;
		return false;
	}
	if (*where == SIGNING_HEADER && is_armour(*line)) {
		*where = line->n == 0 ? SIGNING_WORDS : SIGNING_HEADER;
		return false;
	}
	if (*where != SIGNING_NONE && is_line(*line, "-----BEGIN PGP SIGNATURE-----")) {
		*where = SIGNING_SIGNATURE;
		return false;
	}
	if (*where == SIGNING_SIGNATURE && is_line(*line, "-----END PGP SIGNATURE-----")) {
		*where = SIGNING_NONE;
		return false;
	}
	if (*where == SIGNING_SIGNATURE && is_armour(*line))
		return false;
	if (*where == SIGNING_HEADER || *where == SIGNING_SIGNATURE)
		*where = *where == SIGNING_HEADER ? SIGNING_WORDS : SIGNING_NONE;
	if (*where == SIGNING_WORDS && line->n >= 2 && memcmp(line->at, "- ", 2) == 0)
		*line = (struct line){ line->at + 2, line->n - 2 };
	return true;
}

/* What a line tells about the mail as a whole. */
static int note_line(struct reading *rd, struct line line)
{
	struct letter *l = rd->letter;

	if (is_line(line, "-----BEGIN PGP MESSAGE-----"))
		letter_mark_encrypted(rd);
	/* qmail and Exim return the mail within the text of their report, not as a part. */
	if (line.n > 11 && strncasecmp(line.at, "Message-ID:", 11) == 0)
		return letter_add_ids(l, &l->embedded_ids, &l->n_embedded_ids, line.at, line.n);
	return 0;
}

static void add_line(struct reading *rd, struct line line)
{
	bytes_add(&rd->text, line.at, line.n);
	bytes_add_char(&rd->text, '\n');
	if (rd->enclosed > 0)
		return;
	bytes_add(&rd->own, line.at, line.n);
	bytes_add_char(&rd->own, '\n');
}

int letter_read_text(struct reading *rd, const char *text, size_t n)
{
	CLEANUP(freep) char *clean = NULL;
	enum signing signing = SIGNING_NONE;
	const char *at;
	const char *end;
	int r = normalise(text, n, &clean, &n);

	if (r < 0)
		return r;
	/* A blank line between the texts of two parts. */
	if (rd->text.n > 0)
		add_line(rd, (struct line){ "", 0 });
	end = clean + n;
	for (at = clean; at < end;) {
		struct line line = next_line(&at, end);

		r = take_uu(rd, line, &at, end);
		if (r == 0 && is_kept(rd->letter, &signing, &line)) {
			r = note_line(rd, line);
			add_line(rd, line);
		}
		if (r < 0)
			return r;
	}
	if (rd->text.is_cut)
		bytes_mend_utf8(&rd->text);
	if (rd->own.is_cut)
		bytes_mend_utf8(&rd->own);
	return 0;
}
