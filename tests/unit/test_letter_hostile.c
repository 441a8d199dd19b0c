/* test_letter_hostile.c - mails made to hurt their reader: what is still read of them. */
/* SPDX-License-Identifier: MIT */
#include "domain/letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "tests/support/letter_fixture.h"

static const struct hostile {
	const char *why;
	const char *before;
	const char *piece;
	unsigned times;
	const char *after;
	const char *sender;
	const char *words; /* that the text must hold; NULL: none */
} hostile[] = {
	{ "200 KB of '(' in From", "From: ", "(", 200000, "\r\n\r\nhello\r\n", "", "hello" },
	{ "100,000 enclosed mails", "From: a@example.org\r\n",
		"Content-Type: message/rfc822\r\n\r\n", 100000, "", "a@example.org", NULL },
	{ "100,000 multiparts of one boundary", "From: a@example.org\r\n",
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 100000, "",
		"a@example.org", NULL },
	{ "100,000 parts",
		"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
		"--b\r\n\r\nx\r\n", 100000, "", "a@example.org", "x" },
	{ "100,000 recipients before From", "To: ", "someone@example.net, ", 100000,
		"\r\nFrom: a@example.org\r\n\r\nhello\r\n", "a@example.org", "hello" },
	{ "50 MB of header before From", "X-Long: ", "0123456789abcdef0123456789abcdef", 1600000,
		"\r\nFrom: a@example.org\r\n\r\nhello\r\n", "a@example.org", "hello" },
	{ "a million header fields before From", "", "X-A: b\r\n", 1000000,
		"From: a@example.org\r\n\r\nhello\r\n", "a@example.org", "hello" },
	{ "one base64 line of 40 MB",
		"From: a@example.org\r\nContent-Transfer-Encoding: base64\r\n"
		"Content-Type: application/pdf\r\n\r\n",
		"QUJDQUJDQUJDQUJD", 2500000, "", "a@example.org", NULL },
	{ "HTML nested 500,000 deep", "From: a@example.org\r\nContent-Type: text/html\r\n\r\nhello",
		"<div>", 500000, "", "a@example.org", "hello" },
	{ "HTML with 400,000 attributes",
		"From: a@example.org\r\nContent-Type: text/html\r\n\r\nhello<p", " a=b", 400000,
		">", "a@example.org", "hello" },
	{ "HTML of formatting elements never closed",
		"From: a@example.org\r\nContent-Type: text/html\r\n\r\nhello", "<b id=x><p>x</p>",
		100000, "", "a@example.org", "hello" },
	{ "HTML comments never closed",
		"From: a@example.org\r\nContent-Type: text/html\r\n\r\nhello", "<!-- ", 500000, "",
		"a@example.org", "hello" },
	{ "boundary-like lines",
		"From: a@example.org\r\nContent-Type: multipart/mixed; "
		"boundary=b\r\n\r\n--b\r\n\r\n",
		"--\n", 5000000, "", "a@example.org", "--" },
	{ "encoded words that never end", "From: a@example.org\r\nSubject: ", "=?a?q?", 500000,
		"\r\n\r\nhello\r\n", "a@example.org", "hello" },
	{ "uuencode that never ends", "From: a@example.org\r\n\r\n", "begin 644 x.txt\n#86)C\n",
		40000, "", "a@example.org", "begin" },
	{ "signature marks", "From: a@example.org\r\n\r\nhello\r\n", "--\r\n", 300000, "",
		"a@example.org", "hello" },
	{ "disclaimers in one paragraph", "From: a@example.org\r\n\r\nhello\r\n",
		"This email and any\r\n", 50000, "", "a@example.org", "hello" },
};

static char *build(const struct hostile *h, size_t *ret_n)
{
	struct bytes mail;
	char *bytes = NULL;

	bytes_init(&mail, 100 * 1024 * 1024);
	bytes_add_text(&mail, h->before);
	for (unsigned i = 0; i < h->times; i++)
		bytes_add_text(&mail, h->piece);
	bytes_add_text(&mail, h->after);
	assert_int_equal(bytes_take(&mail, &bytes, ret_n), 0);
	return bytes;
}

static void test_hostile(void **state)
{
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		const struct hostile *h = &hostile[i];
		size_t n = 0;
		char *mail = build(h, &n);
		struct letter *l = NULL;
		clock_t start = clock();
		double seconds;

		assert_int_equal(letter_parse(*state, mail, n, false, &l, NULL), 0);
		seconds = (double) (clock() - start) / CLOCKS_PER_SEC;
		/* Quadratic time would be minutes; sanitizers are slow. */
		if (seconds > 10)
			fail_msg("%s: took %.1f s", h->why, seconds);
		assert_string_equal(letter_sender(l), h->sender);
		if (h->words && !strstr(l->text, h->words))
			fail_msg("%s: the text lost \"%s\"", h->why, h->words);
		letter_free(l);
		free(mail);
	}
}

/* The bounds hold whatever is sent. */
static void test_bounds(void **state)
{
	const struct hostile parts = { .before = "From: a@example.org\r\nContent-Type: "
						 "multipart/mixed; boundary=b\r\n\r\n",
		.piece = "--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n",
		.times = 1000,
		.after = "" };
	const struct hostile fields = { .before = "",
		.piece = "References: <a@example.org>\r\nTo: a@example.org\r\n",
		.times = 1000,
		.after = "\r\n" };
	const struct hostile many = { .before = "Subject: x\r\n",
		.piece = "X: y\r\n",
		.times = 1999999,
		.after = "From: a@example.org\r\n\r\n" };
	struct letter *l = NULL;
	size_t n = 0;
	char *mail = build(&parts, &n);

	assert_int_equal(letter_parse(*state, mail, n, true, &l, NULL), 0);
	assert_int_equal(l->n_attachments, LETTER_ATTACHMENTS_MAX);
	assert_int_equal(l->marks.is_truncated, 1);
	free(mail);
	letter_free(l);
	mail = build(&many, &n);
	assert_int_equal(letter_parse(*state, mail, n, false, &l, NULL), 0);
	assert_string_equal(letter_sender(l), "");
	assert_string_equal(l->warnings[0], "The header is very long; only its beginning is kept.");
	free(mail);
	letter_free(l);
	mail = build(&fields, &n);
	assert_int_equal(letter_parse(*state, mail, n, false, &l, NULL), 0);
	assert_int_equal(l->n_headers, LETTER_HEADERS_MAX);
	assert_int_equal(l->n_references, LETTER_IDS_MAX);
	assert_int_equal(l->n_to, LETTER_ADDRESSES_MAX);
	free(mail);
	letter_free(l);
}

/* Each page says its number, and then nothing but @piece. */
static char *many_pages(unsigned pages, const char *piece, unsigned times, size_t *ret_n)
{
	char *mail = NULL;
	FILE *out = open_memstream(&mail, ret_n);

	assert_non_null(out);
	(void) fputs("From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n", out);
	for (unsigned i = 1; i <= pages; i++) {
		(void) fprintf(out, "--b\nContent-Type: text/html\n\n<p>page %u.", i);
		for (unsigned k = 0; k < times; k++)
			(void) fputs(piece, out);
		(void) fputs("\n", out);
	}
	(void) fputs("--b--\n", out);
	assert_int_equal(fclose(out), 0);
	return mail;
}

static bool has_warning(const struct letter *l, const char *text)
{
	for (size_t i = 0; i < l->n_warnings; i++)
		if (strcmp(l->warnings[i], text) == 0)
			return true;
	return false;
}

/* Of all pages of a mail together 4 MiB are read, or so many tags: an HTML parser is slow. */
static void test_much_html(void **state)
{
	static const struct {
		const char *why;
		unsigned pages;
		const char *piece;
		unsigned times;
		const char *last; /* that is read */
		const char *next; /* that is not; NULL: all are */
	} rows[] = {
		{ "4 MiB", 4, "        ", 131000, "page 4.", NULL },
		{ "more than 4 MiB", 6, "        ", 131000, "page 4.", "page 5." },
		{ "more than 80,000 tags, in a tenth of that", 6, "<i></i>", 10000, "page 4.",
			"page 5." },
		{ "one page of very many tags counts as what is read of it", 2, "<b>", 100000,
			"page 2.", NULL },
		{ "many pages of few tags", 300, "<br>", 100, "page 300.", NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct letter *l = NULL;
		size_t n = 0;
		char *mail = many_pages(rows[i].pages, rows[i].piece, rows[i].times, &n);

		assert_int_equal(letter_parse(*state, mail, n, false, &l, NULL), 0);
		if (!strstr(l->text, rows[i].last))
			fail_msg("%s: %s was not read", rows[i].why, rows[i].last);
		if (rows[i].next && strstr(l->text, rows[i].next))
			fail_msg("%s: %s was read", rows[i].why, rows[i].next);
		assert_int_equal(
			has_warning(l, "There is very much HTML; only its beginning was read."),
			rows[i].next != NULL);
		letter_free(l);
		free(mail);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_much_html),
	};

	return cmocka_run_group_tests(tests, letter_fixture_setup, letter_fixture_teardown);
}
