/* test_mail_encoding.c - headers and bodies of seven bits. */
/* SPDX-License-Identifier: MIT */
#include "domain/mail_encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text_header(const char *value)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&bytes, &n);

	assert_non_null(out);
	mail_write_text(out, "Subject", value);
	assert_int_equal(fclose(out), 0);
	return bytes;
}

static void headers_are_encoded_where_they_must(void **state)
{
	static const struct {
		const char *why;
		const char *value;
		const char *want;
	} rows[] = {
		{ "plain", "Your request", "Subject: Your request\r\n" },
		{ "Welsh", "T\xC5\xB7 mawr", "Subject: =?UTF-8?Q?T=C5=B7_mawr?=\r\n" },
		{ "looks encoded",
			"=?UTF-8?Q?x?=", "Subject: =?UTF-8?Q?=3D=3FUTF=2D8=3FQ=3Fx=3F=3D?=\r\n" },
		{ "folded between words",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
			"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"Subject: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
			" bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *got = text_header(rows[i].value);

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: '%s'", rows[i].why, got);
		free(got);
	}
}

/* RFC 2047 s.2 and s.5: no word of more than 75, no character in two words, no line above 76. */
static void long_headers_are_cut_between_characters(void **state)
{
	char value[601];
	char *got;

	(void) state;
	for (size_t i = 0; i < 600; i += 3)
		memcpy(value + i, "\xE2\x82\xAC", 3);
	value[600] = '\0';
	got = text_header(value);
	for (char *line = strtok(got, "\r\n"); line; line = strtok(NULL, "\r\n")) {
		char *word = strstr(line, "=?UTF-8?Q?");

		assert_true(strlen(line) <= MAIL_LINE_MAX);
		assert_non_null(word);
		assert_true(strlen(word) <= 75);
		/* Nine characters a euro sign. */
		assert_int_equal((strlen(word) - strlen("=?UTF-8?Q?"
							"?=")) %
					 9,
			0);
	}
	free(got);
}

static void names_are_quoted_by_encoding(void **state)
{
	static const struct {
		const char *name;
		const char *want;
	} rows[] = {
		{ "", "From: <a@example.org>\r\n" },
		{ "FOI Team", "From: FOI Team\r\n <a@example.org>\r\n" },
		{ "Team, FOI", "From: =?UTF-8?Q?Team=2C_FOI?=\r\n <a@example.org>\r\n" },
		{ "x <b@example.com>",
			"From: =?UTF-8?Q?x_=3Cb=40example=2Ecom=3E?=\r\n <a@example.org>\r\n" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *bytes = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&bytes, &n);

		assert_non_null(out);
		mail_write_mailbox(out, "From", rows[i].name, "a@example.org");
		assert_int_equal(fclose(out), 0);
		assert_string_equal(bytes, rows[i].want);
		free(bytes);
	}
}

static void bodies_are_flowed_and_quoted(void **state)
{
	static const struct {
		const char *why;
		const char *text;
		const char *want;
	} rows[] = {
		{ "nothing", "", "" },
		{ "one line", "Hello", "Hello\r\n" },
		{ "lines of a paragraph are joined", "a\nb\n\nc\n", "a b\r\n\r\nc\r\n" },
		{ "a list", "- a\n- b\n", "- a\r\n- b\r\n" },
		{ "a line by itself", "a\n b\nc\n", "a\r\n  b\r\nc\r\n" },
		{ "equals sign and Welsh", "=\xC5\xB5", "=3D=C5=B5\r\n" },
		{ "space at the end goes", "a  ", "a\r\n" },
		{ "dot alone", ".", "=2E\r\n" },
		{ "From at the beginning", "From here", " From here\r\n" },
		{ "quote mark at the beginning", ">x", " >x\r\n" },
		{ "control characters go", "a\x07\rb", "ab\r\n" },
		{ "a soft line end keeps its space",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb "
			"ccccccccccccccc",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb=20\r\n"
			"ccccccccccccccc\r\n" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *bytes = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&bytes, &n);

		assert_non_null(out);
		assert_int_equal(mail_write_body(out, rows[i].text), 0);
		assert_int_equal(fclose(out), 0);
		if (strcmp(bytes, rows[i].want) != 0)
			fail_msg("%s: '%s'", rows[i].why, bytes);
		free(bytes);
	}
}

static void dates_are_londons(void **state)
{
	static const struct {
		int64_t date;
		const char *want;
	} rows[] = {
		{ 1528967472, "Date: Thu, 14 Jun 2018 10:11:12 +0100\r\n" },
		{ 1514764800, "Date: Mon, 1 Jan 2018 00:00:00 +0000\r\n" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *bytes = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&bytes, &n);

		assert_non_null(out);
		mail_write_date(out, rows[i].date);
		assert_int_equal(fclose(out), 0);
		assert_string_equal(bytes, rows[i].want);
		free(bytes);
	}
}

static void ids_and_addresses_are_told_apart(void **state)
{
	(void) state;
	assert_true(mail_is_id("<a@b>"));
	assert_false(mail_is_id("<a@>"));
	assert_false(mail_is_id("<@b>"));
	assert_false(mail_is_id("a@b"));
	assert_false(mail_is_id("<a b@c>"));
	assert_false(mail_is_id("<a@b><c@d>"));
	assert_true(mail_is_address("a.b+c@example.org"));
	assert_false(mail_is_address("a@b@example.org"));
	assert_false(mail_is_address("\"a b\"@example.org"));
	assert_false(mail_is_address("a@example.org\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_encoded_where_they_must),
		cmocka_unit_test(long_headers_are_cut_between_characters),
		cmocka_unit_test(names_are_quoted_by_encoding),
		cmocka_unit_test(bodies_are_flowed_and_quoted),
		cmocka_unit_test(dates_are_londons),
		cmocka_unit_test(ids_and_addresses_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
