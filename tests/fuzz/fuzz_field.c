/* fuzz_field.c - any bytes as one of the small forms inside a mail.
 *
 * The first byte says which: "w" words of a header, "m" a MIME value and its parameters, "d" a date,
 * "b", "q" and "u" a body's encoding, "c" a character set's name and text in it. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "domain/charset.h"
#include "domain/day.h"
#include "domain/encoded_word.h"
#include "domain/mail_date.h"
#include "domain/mail_encoding.h"
#include "domain/mime_value.h"
#include "domain/transfer.h"
#include "tests/fuzz/fuzz.h"

enum {
	VALUE_MAX = 300,
	PIECES_MAX = 1 << 20,
};

static struct charset_table *charsets;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return charset_open_all(&charsets, NULL);
}

static void read_words(const char *s, size_t n)
{
	char *text = NULL;
	int r = encoded_word_decode(charsets, s, n, VALUE_MAX, &text);

	REQUIRE((r & ~(ENCODED_WORD_UNKNOWN | ENCODED_WORD_CUT)) == 0);
	REQUIRE(strlen(text) <= VALUE_MAX && fuzz_is_one_line(text));
	free(text);
}

static void read_mime_value(const char *s, size_t n)
{
	static const char *const names[] = { "charset", "name", "filename", "boundary" };
	char word[MIME_WORD_MAX];

	mime_value_word(s, n, word);
	REQUIRE(strlen(word) < MIME_WORD_MAX);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *text = NULL;
		int r = mime_value_parameter(charsets, s, n, names[i], VALUE_MAX, &text);

		REQUIRE((r & ~(ENCODED_WORD_UNKNOWN | ENCODED_WORD_CUT)) == 0);
		REQUIRE(strlen(text) <= VALUE_MAX && fuzz_is_one_line(text));
		free(text);
	}
}

/* What we write ourselves is read as the same instant. */
static void read_date(const char *s, size_t n)
{
	char written[MAIL_DATE_TEXT_MAX];
	struct day first;
	struct day day;
	int64_t instant;
	int64_t again;

	(void) n; /* a text */
	if (day_parse(s, &day) == 0) {
		char iso[DAY_ISO_MAX];

		REQUIRE(strcmp(day_iso(day, iso), s) == 0);
		REQUIRE(day_compare(day_of_instant(day_start(day)), day) == 0);
	}
	REQUIRE(day_from_civil(1000, 1, 1, &first) == 0);
	if (mail_date_parse(s, &instant) < 0 || instant < day_start(first))
		return;
	if (day_to_civil(day_of_instant(instant)).year == DAY_YEAR_MAX)
		return; /* the last hours may be of the year behind it */
	(void) mail_date_text(instant, written);
	REQUIRE(mail_date_parse(written, &again) == 0 && again == instant);
}

static int take_bytes(void *context, const char *bytes, size_t n)
{
	bytes_add(context, bytes, n);
	return 0;
}

static void decode(enum transfer encoding, const char *s, size_t n, struct bytes *ret)
{
	size_t broken = 0;

	bytes_init(ret, PIECES_MAX);
	transfer_decode(encoding, s, n, take_bytes, ret, &broken);
	/* A last group of uuencode that is cut still makes its three bytes. */
	REQUIRE(!ret->is_starved && ret->n <= n + 2);
	REQUIRE(broken <= n);
}

static void read_base64(const char *s, size_t n)
{
	struct bytes out;

	decode(TRANSFER_BASE64, s, n, &out);
	REQUIRE(out.n <= n / 4 * 3 + 3);
	bytes_done(&out);
}

static void read_uuencode(const char *s, size_t n)
{
	struct bytes out;

	decode(TRANSFER_UUENCODE, s, n, &out);
	bytes_done(&out);
}

/* Whether the body that we write has only what a mail of seven bits may have. */
static void check_seven_bits(const char *body)
{
	size_t column = 0;

	for (const char *s = body; *s; s++) {
		REQUIRE((unsigned char) *s < 127);
		REQUIRE(*s != '\n' || (s > body && s[-1] == '\r'));
		column = *s == '\n' ? 0 : column + 1;
		REQUIRE(column <= MAIL_LINE_MAX + 1);
	}
}

static void read_quoted(const char *s, size_t n)
{
	struct bytes out;
	char *body = NULL;
	size_t n_body = 0;
	FILE *file;

	decode(TRANSFER_QUOTED, s, n, &out);
	bytes_done(&out);
	if (!text_is_utf8(s, strlen(s)))
		return;
	file = open_memstream(&body, &n_body);
	REQUIRE(file && mail_write_body(file, s) == 0 && fclose(file) == 0);
	check_seven_bits(body);
	decode(TRANSFER_QUOTED, body, n_body, &out);
	REQUIRE(text_is_utf8(out.at ? out.at : "", out.n));
	bytes_done(&out);
	free(body);
}

static void read_charset(const char *s, size_t n)
{
	const char *line_end = memchr(s, '\n', n);
	size_t n_name = line_end ? (size_t) (line_end - s) : n;
	char *name = fuzz_text((const uint8_t *) s, n_name);
	struct bytes out;
	int r;

	bytes_init(&out, VALUE_MAX);
	r = charset_decode(
		charsets, name, line_end ? line_end + 1 : "", line_end ? n - n_name - 1 : 0, &out);
	REQUIRE((r & ~(ENCODED_WORD_UNKNOWN | ENCODED_WORD_CUT)) == 0);
	bytes_mend_utf8(&out);
	REQUIRE(out.n <= VALUE_MAX && text_is_utf8(out.at ? out.at : "", out.n));
	bytes_done(&out);
	free(name);
}

static const struct fuzz_reader readers[] = {
	{ 'w', read_words },
	{ 'm', read_mime_value },
	{ 'd', read_date },
	{ 'b', read_base64 },
	{ 'q', read_quoted },
	{ 'u', read_uuencode },
	{ 'c', read_charset },
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	fuzz_choose(readers, sizeof readers / sizeof *readers, bytes, n);
	return 0;
}
