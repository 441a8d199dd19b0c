/* test_letter_bounds.c - each bound of the reader: at it all is read and nothing is said, one step
 * over it a warning stands in the letter, and what was kept is kept. */
/* SPDX-License-Identifier: MIT */
#include "domain/letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "domain/html.h"
#include "domain/letter_field.h"
#include "domain/mime_value.h"
#include "tests/support/letter_fixture.h"

enum {
	MAIL_MAX = 32 * 1024 * 1024,
};

#define FROM   "From: jane@example.org\r\n"
#define BODY   "\r\n\r\nhello there, council\r\n"
#define MIXED  FROM "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define HTML   FROM "Content-Type: text/html\r\n\r\n"
#define OCTETS "Content-Type: application/octet-stream\r\n"

#define LONG_HEADER  "The header is very long; only its beginning is kept."
#define LONG_FIELD   "A header field is very long; only its beginning was read."
#define LONG_SUBJECT "The subject is very long; only its beginning is kept."
#define LONG_NAME    "A name is very long; not all of it is kept."
#define LONG_ID	     "A Message-ID is very long; it is left out."
#define LONG_TEXT    "The text is very long; only its beginning was read."
#define LONG_PART    "A part is very long; only its beginning was read."
#define NO_SENDER    "There is no sender's address that can be read."
#define MANY_SENDERS "There is more than one sender."
#define MANY_ADDRESS "There are very many addresses; only the first ones are kept."
#define MANY_IDS     "There are very many references; only the last ones are kept."
#define MANY_PARTS   "There are too many parts; the last ones were not read."
#define MANY_FILES   "There are too many attachments; the last ones are not listed."
#define MANY_TAGS    "There are too many HTML tags; the last ones were not read."
#define MUCH_HTML    "There is very much HTML; only its beginning was read."
#define DEEP_PARTS   "Parts are nested too deeply; the inner ones were not read."
#define DEEP_TAGS    "HTML tags are nested too deeply; the inner ones were not read."
#define NO_BOUNDARY  "The parts cannot be told apart; they were read as one text."
#define LITTLE_SAID  "The mail says little itself; a person must open what is attached."
#define ONE_PIECE    "The mail is one piece of a larger one; a person must put the pieces together."
#define DAMAGED_TNEF "winmail.dat is damaged; some of its files may be missing."

/* ---- what is kept ---------------------------------------------------------------------------- */

static size_t headers(const struct letter *l)
{
	return l->n_headers;
}

static size_t value_bytes(const struct letter *l)
{
	return strlen(letter_header(l, "X"));
}

static size_t subject_bytes(const struct letter *l)
{
	return strlen(l->subject);
}

static size_t senders(const struct letter *l)
{
	return l->n_from;
}

static size_t reply_addresses(const struct letter *l)
{
	return l->n_reply_to;
}

static size_t recipients(const struct letter *l)
{
	return l->n_to;
}

static size_t sender_name_bytes(const struct letter *l)
{
	return strlen(l->from[0].name);
}

static size_t id_bytes(const struct letter *l)
{
	return strlen(l->message_id);
}

static size_t references(const struct letter *l)
{
	return l->n_references;
}

static size_t in_reply_to(const struct letter *l)
{
	return l->n_in_reply_to;
}

static size_t embedded_ids(const struct letter *l)
{
	return l->n_embedded_ids;
}

static size_t attachments(const struct letter *l)
{
	return l->n_attachments;
}

static size_t file_name_bytes(const struct letter *l)
{
	return strlen(l->attachments[0].name);
}

static size_t text_bytes(const struct letter *l)
{
	return strlen(l->text);
}

static size_t texts(const struct letter *l)
{
	size_t n = 0;

	for (const char *at = l->text; (at = strstr(at, "hello")) != NULL; at++)
		n++;
	return n;
}

static size_t reports(const struct letter *l)
{
	return l->delivery.is_report && strcmp(l->delivery.action, "failed") == 0;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* In a mail "#" is a number: the bound, or one more. "{5}" is five letters, "[5|ab]" five times "ab",
 * in which "%" counts. */
static const struct row {
	const char *why;
	const char *mail;
	size_t bound;
	const char *warning; /* over it; NULL: none */
	const char *always;  /* stands there in any case; NULL: nothing does */
	size_t (*kept)(const struct letter *l);
	size_t at;
	size_t over;
} rows[] = {
	{ "header fields", FROM "[#|X: b\r\n]" BODY, LETTER_HEADERS_MAX - 1, LONG_HEADER, NULL,
		headers, LETTER_HEADERS_MAX, LETTER_HEADERS_MAX },
	{ "bytes of header values", FROM "[#|X: {4096}\r\n]" BODY,
		LETTER_HEADER_BYTES_MAX / LETTER_VALUE_MAX, LONG_HEADER, NULL, headers, 65, 65 },
	{ "bytes of one value: servers write longer ones into every mail", FROM "X: {#}" BODY,
		LETTER_VALUE_MAX, NULL, NULL, value_bytes, LETTER_VALUE_MAX, LETTER_VALUE_MAX },
	{ "raw bytes of one field", FROM "X: {#}" BODY, FIELD_VALUE_MAX - 1, LONG_FIELD, NULL,
		value_bytes, LETTER_VALUE_MAX, LETTER_VALUE_MAX },
	{ "bytes of a subject", FROM "Subject: {#}" BODY, LETTER_VALUE_MAX, LONG_SUBJECT, NULL,
		subject_bytes, LETTER_VALUE_MAX, LETTER_VALUE_MAX },
	{ "a subject's last letter has two bytes", FROM "Subject: {#}\xC3\xA9" BODY,
		LETTER_VALUE_MAX - 2, LONG_SUBJECT, NULL, subject_bytes, LETTER_VALUE_MAX,
		LETTER_VALUE_MAX - 1 },
	{ "blanks behind a subject are none", FROM "Subject: {4096}[#| ]" BODY, 9, NULL, NULL,
		subject_bytes, LETTER_VALUE_MAX, LETTER_VALUE_MAX },
	{ "one encoded word; a longer one stands as it is", FROM "Subject: =?utf-8?q?{#}?=" BODY,
		4096 - 12, LONG_SUBJECT, NULL, subject_bytes, 4096 - 12, LETTER_VALUE_MAX },
	{ "recipients", FROM "To: [#|a@example.org, ]" BODY, LETTER_ADDRESSES_MAX, MANY_ADDRESS,
		NULL, recipients, LETTER_ADDRESSES_MAX, LETTER_ADDRESSES_MAX },
	{ "recipients in many fields", FROM "[#|Cc: a@example.org\r\n]" BODY, LETTER_ADDRESSES_MAX,
		MANY_ADDRESS, NULL, recipients, LETTER_ADDRESSES_MAX, LETTER_ADDRESSES_MAX },
	{ "addresses for answers", FROM "Reply-To: [#|a@example.org, ]" BODY, LETTER_ADDRESSES_MAX,
		MANY_ADDRESS, NULL, reply_addresses, LETTER_ADDRESSES_MAX, LETTER_ADDRESSES_MAX },
	{ "senders", "From: [#|a@example.org, ]" BODY, LETTER_ADDRESSES_MAX, MANY_ADDRESS,
		MANY_SENDERS, senders, LETTER_ADDRESSES_MAX, LETTER_ADDRESSES_MAX },
	{ "bytes before the at sign", "From: {#}@example.org" BODY, 256, NO_SENDER, NULL, senders,
		1, 0 },
	{ "bytes of an address", "From: a@{#}" BODY, 318, NO_SENDER, NULL, senders, 1, 0 },
	{ "bytes of a person's name", "From: {#} <a@example.org>" BODY, LETTER_NAME_MAX, LONG_NAME,
		NULL, sender_name_bytes, LETTER_NAME_MAX, LETTER_NAME_MAX },
	{ "references", FROM "References: [#|<%@example.org> ]" BODY, LETTER_IDS_MAX, MANY_IDS,
		NULL, references, LETTER_IDS_MAX, LETTER_IDS_MAX },
	{ "mails that are answered", FROM "In-Reply-To: [#|<%@example.org> ]" BODY, LETTER_IDS_MAX,
		MANY_IDS, NULL, in_reply_to, LETTER_IDS_MAX, LETTER_IDS_MAX },
	{ "Message-IDs in a text", FROM "\r\nhello there, council\r\n[#|Message-ID: <%@b>\r\n]",
		LETTER_IDS_MAX, MANY_IDS, NULL, embedded_ids, LETTER_IDS_MAX, LETTER_IDS_MAX },
	{ "bytes of a reference", FROM "References: <{#}@b> <c@d>" BODY, 996, LONG_ID, NULL,
		references, 2, 1 },
	{ "bytes of a Message-ID", FROM "Message-ID: <{#}@b>" BODY, 996, LONG_ID, NULL, id_bytes,
		1000, 0 },
	{ "bytes of a Message-ID without brackets", FROM "Message-ID: {#}@b" BODY, 996, LONG_ID,
		NULL, id_bytes, 1000, 0 },
	/* ---- parts -------------------------------------------------------------------------- */
	{ "depth of parts", FROM "[#|Content-Type: message/rfc822\r\n\r\n]hello\r\n",
		LETTER_DEPTH_MAX - 1, DEEP_PARTS, LITTLE_SAID, texts, 1, 0 },
	{ "depth of what is decoded",
		FROM
		"[#|Content-Type: message/partial; number=1\r\n\r\n]\r\nhello there, council\r\n",
		4, DEEP_PARTS, ONE_PIECE, texts, 1, 1 },
	{ "parts", MIXED "[#|--b\r\n\r\nhello there, council\r\n]--b--\r\n", LETTER_PARTS_MAX - 1,
		MANY_PARTS, NULL, texts, LETTER_PARTS_MAX - 1, LETTER_PARTS_MAX - 1 },
	{ "attachments", MIXED "[#|--b\r\n" OCTETS "\r\nx\r\n]--b--\r\n", LETTER_ATTACHMENTS_MAX,
		MANY_FILES, NULL, attachments, LETTER_ATTACHMENTS_MAX, LETTER_ATTACHMENTS_MAX },
	{ "uuencoded files", FROM "\r\nhello there, council\r\n[#|begin 644 x\r\n#86)C\r\nend\r\n]",
		LETTER_ATTACHMENTS_MAX, MANY_FILES, NULL, attachments, LETTER_ATTACHMENTS_MAX,
		LETTER_ATTACHMENTS_MAX },
	{ "bytes of a file's name",
		FROM OCTETS "Content-Disposition: attachment; filename={#}" BODY, LETTER_NAME_MAX,
		LONG_NAME, NULL, file_name_bytes, LETTER_NAME_MAX, LETTER_NAME_MAX },
	{ "bytes of a uuencoded file's name",
		FROM "\r\nhello there, council\r\nbegin 644 {#}\r\n#86)C\r\nend\r\n",
		LETTER_NAME_MAX, LONG_NAME, NULL, file_name_bytes, LETTER_NAME_MAX,
		LETTER_NAME_MAX },
	{ "pieces of a file's name",
		FROM OCTETS "Content-Disposition: attachment; [#|filename*%=a; ]" BODY, 64,
		LONG_NAME, NULL, file_name_bytes, 64, 64 },
	{ "bytes of what a part is said to be", FROM "Content-Type: text/plain; x={#}" BODY,
		MIME_VALUE_MAX - 15, LONG_FIELD, NULL, texts, 1, 1 },
	{ "bytes of a boundary",
		FROM "Content-Type: multipart/mixed; boundary={#}\r\n\r\n--{#}\r\n\r\n"
		     "hello there, council\r\n--{#}--\r\n",
		250, NO_BOUNDARY, NULL, texts, 1, 1 },
	{ "bytes of a delivery report",
		MIXED "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
		      "Action: failed\r\nX: {#}\r\n--b--\r\n",
		64 * 1024 - 19, LONG_PART, NULL, reports, 1, 1 },
	{ "bytes of winmail.dat",
		MIXED "--b" BODY "--b\r\nContent-Type: application/ms-tnef\r\n\r\n"
		      "\x78\x9F\x3E\x22{#}\r\n--b--\r\n",
		16 * 1024 * 1024 - 4, LONG_PART, DAMAGED_TNEF, attachments, 1, 1 },
	/* ---- texts -------------------------------------------------------------------------- */
	{ "bytes of text", FROM "\r\n{#}", LETTER_TEXT_MAX - 1, LONG_TEXT, NULL, text_bytes,
		LETTER_TEXT_MAX, LETTER_TEXT_MAX },
	{ "bytes of text, without carriage returns", FROM "\r\n[#|a\r\n]", LETTER_TEXT_MAX / 2,
		LONG_TEXT, NULL, text_bytes, LETTER_TEXT_MAX, LETTER_TEXT_MAX },
	{ "a text behind one that fills all room",
		MIXED "--b\r\n\r\n{1048575}\r\n[#|--b\r\n\r\nhello\r\n]--b--\r\n", 0, LONG_TEXT,
		NULL, text_bytes, LETTER_TEXT_MAX, LETTER_TEXT_MAX },
	{ "bytes of a page", HTML "hello there, council<!--{#}-->", HTML_MAX - 27, LONG_TEXT, NULL,
		texts, 1, 1 },
	{ "bytes of all pages",
		MIXED
		"[#|--b\r\nContent-Type: text/html\r\n\r\n<!--{2097140}-->hello\r\n]--b--\r\n",
		2, MUCH_HTML, NULL, texts, 2, 2 },
	{ "bytes of a page's text, its last letter has two", HTML "{#}\xC3\xA9",
		LETTER_TEXT_MAX - 3, LONG_TEXT, NULL, text_bytes, LETTER_TEXT_MAX,
		LETTER_TEXT_MAX },
	{ "a page's last letter is cut", HTML "{1048574}[#|\xE2\x82\xAC]", 0, LONG_TEXT, NULL,
		text_bytes, LETTER_TEXT_MAX - 1, LETTER_TEXT_MAX - 1 },
	{ "bytes of a page that grows",
		FROM "Content-Type: text/html; charset=iso-8859-1\r\n\r\n"
		     "hello there, council<!--[#|\xE9]-->",
		(HTML_MAX - 27) / 2, LONG_TEXT, NULL, texts, 1, 1 },
	{ "depth of tags", HTML "[#|<div>]hello there, council", HTML_DEPTH_MAX, DEEP_TAGS, NULL,
		texts, 1, 1 },
	{ "tags", HTML "[#|<p></p>]hello there, council", HTML_TAGS_MAX / 2, MANY_TAGS, NULL, texts,
		1, 1 },
	{ "tags without an end", HTML "[#|<br>]hello there, council", HTML_TAGS_MAX, MANY_TAGS,
		NULL, texts, 1, 1 },
};

/* ---- mails ----------------------------------------------------------------------------------- */

/* The number at @at, which moves behind it and the mark that ends it. */
static size_t take_number(const char **at, size_t bound)
{
	char *end = NULL;
	size_t n = **at == '#' ? bound : strtoul(*at, &end, 10);

	*at = (end ? end : *at + 1) + 1;
	return n;
}

static void add_letters(struct bytes *out, size_t n)
{
	while (n-- > 0)
		bytes_add_char(out, 'a');
}

/* One of @mail up to @end, "%" being @count. */
static void add_once(
	struct bytes *out, const char *mail, const char *end, size_t bound, size_t count)
{
	char digits[24];

	while (mail < end) {
		if (*mail == '{') {
			mail++;
			add_letters(out, take_number(&mail, bound));
			continue;
		}
		(void) snprintf(digits, sizeof digits, "%zu", count);
		if (*mail == '%')
			bytes_add_text(out, digits);
		else
			bytes_add_char(out, *mail);
		mail++;
	}
}

static void fill(struct bytes *out, const char *mail, size_t bound)
{
	while (*mail) {
		size_t n = strcspn(mail, "[");
		const char *end;
		size_t times;

		add_once(out, mail, mail + n, bound, 0);
		mail += n;
		if (!*mail)
			return;
		mail++;
		times = take_number(&mail, bound);
		end = strchr(mail, ']');
		assert_non_null(end);
		for (size_t i = 0; i < times; i++)
			add_once(out, mail, end, bound, i);
		mail = end + 1;
	}
}

/* ---- tests ----------------------------------------------------------------------------------- */

static bool has_warning(const struct letter *l, const char *text)
{
	for (size_t i = 0; i < l->n_warnings; i++)
		if (strcmp(l->warnings[i], text) == 0)
			return true;
	return false;
}

/* Return: whether the letter is as the row says. */
static bool is_right(const struct row *row, const struct letter *l, bool is_over)
{
	const char *warning = is_over ? row->warning : NULL;
	size_t kept = row->kept(l);
	size_t n = (warning ? 1U : 0U) + (row->always ? 1U : 0U);

	if (l->n_warnings == n && (!warning || has_warning(l, warning)) &&
		(!row->always || has_warning(l, row->always)) &&
		kept == (is_over ? row->over : row->at))
		return true;
	print_error(
		"%s, %s: kept %zu\n", row->why, is_over ? "over the bound" : "at the bound", kept);
	for (size_t i = 0; i < l->n_warnings; i++)
		print_error("  %s\n", l->warnings[i]);
	return false;
}

static bool is_row_right(struct letter_reader *reader, const struct row *row, bool is_over)
{
	struct letter *l = NULL;
	struct bytes mail;
	bool is_fine;

	bytes_init(&mail, MAIL_MAX);
	fill(&mail, row->mail, row->bound + is_over);
	assert_int_equal(mail.is_cut || mail.is_starved, false);
	assert_int_equal(letter_parse(reader, mail.at, mail.n, false, &l, NULL), 0);
	is_fine = is_right(row, l, is_over);
	letter_free(l);
	bytes_done(&mail);
	return is_fine;
}

static void test_rows(void **state)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		wrong += !is_row_right(*state, &rows[i], false);
		wrong += !is_row_right(*state, &rows[i], true);
	}
	assert_int_equal(wrong, 0);
}

/* Who fetches a mail knows that it goes on. */
static void test_mail(void **state)
{
	static const char mail[] = FROM BODY;

	for (int truncated = 0; truncated < 2; truncated++) {
		struct letter *l = NULL;

		assert_int_equal(
			letter_parse(*state, mail, sizeof mail - 1, truncated != 0, &l, NULL), 0);
		assert_int_equal(l->marks.is_truncated, truncated);
		assert_int_equal(l->n_warnings, truncated);
		if (truncated)
			assert_string_equal(
				l->warnings[0], "The mail is too large; its end was not read.");
		letter_free(l);
	}
}

static void test_warnings(void **state)
{
	struct letter *l = letter_new();
	char text[32];

	(void) state;
	assert_non_null(l);
	for (unsigned i = 0; i <= LETTER_WARNINGS_MAX; i++) {
		(void) snprintf(text, sizeof text, "warning %u", i);
		letter_add_warning(l, text);
		letter_add_warning(l, text); /* each stands there once */
	}
	assert_int_equal(l->n_warnings, LETTER_WARNINGS_MAX);
	assert_string_equal(l->warnings[LETTER_WARNINGS_MAX - 1], "warning 47");
	letter_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_warnings),
	};

	return cmocka_run_group_tests(tests, letter_fixture_setup, letter_fixture_teardown);
}
