/* test_acknowledgement.c - the mail that a requester gets, read back byte by byte. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/acknowledgement_mail.h"

static const char plain_template[] = "# for tests\n"
				     "Subject: Your request: {reference}\n"
				     "\n"
				     "We received it on {received}.\n"
				     "We must answer by {due:weekday}.\n"
				     "\n"
				     "# a comment in the body\n"
				     "{emergency}\n"
				     "\n"
				     "Erbyn {due:cy}, {received:weekday-cy}. {{brace}\n"
				     "\n"
				     "{authority}\n";

static void a_mail_is_as_the_standards_want_it(void **state)
{
	struct acknowledgement_template *t =
		acknowledgement_mail_template(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = acknowledgement_mail_sample(t);
	struct acknowledgement_mail m = acknowledgement_mail_build(&a);
	char text[8192];
	static const struct {
		const char *name;
		const char *value;
	} want[] = {
		{ "From", "FOI Team <foi@authority.example.org>" },
		{ "To", "<jane@example.net>" },
		{ "Subject", "Your request: FOI 001761/18" },
		{ "Date", "Thu, 14 Jun 2018 10:11:12 +0100" },
		{ "Message-ID",
			"<foi.m.FOI_001761/18.00000000000000000000000000000000@example.org>" },
		{ "In-Reply-To", "<1@example.net>" },
		{ "References",
			"<1@example.net> "
			"<foi.t.FOI_001761/18.11111111111111111111111111111111@example.org>" },
		{ "Auto-Submitted", "auto-replied" },
		{ "Content-Type", "text/plain; charset=UTF-8; format=flowed" },
		{ "Content-Transfer-Encoding", "quoted-printable" },
		{ "MIME-Version", "1.0" },
		{ "Precedence", "" },
		{ "Bcc", "" },
	};

	(void) state;
	acknowledgement_mail_check(&m);
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		acknowledgement_mail_header(&m, want[i].name, text);
		assert_string_equal(text, want[i].value);
	}
	acknowledgement_mail_body(&m, text);
	assert_string_equal(text,
		"We received it on 16 May 2018. We must answer by Thursday 14 June "
		"2018.\n\nErbyn 14 Mehefin 2018, Dydd Mercher 16 Mai 2018. "
		"{brace}\n\nAuthority of Exampleshire\n");
	free(m.bytes);
	acknowledgement_template_free(t);
}

static void a_paragraph_with_an_empty_field_is_left_out(void **state)
{
	struct acknowledgement_template *t =
		acknowledgement_mail_template(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = acknowledgement_mail_sample(t);
	char text[8192];
	struct acknowledgement_mail m;

	(void) state;
	a.words.emergency = "In danger? Call 999.";
	m = acknowledgement_mail_build(&a);
	acknowledgement_mail_body(&m, text);
	assert_non_null(strstr(text, "2018.\n\nIn danger? Call 999.\n\nErbyn"));
	assert_null(strstr(text, "comment"));
	free(m.bytes);
	acknowledgement_template_free(t);
}

/* Each value in turn; nothing of them reaches the mail, or there is no mail. */
static void nothing_can_be_injected(void **state)
{
	static const char *const hostile[] = { "a@example.net\r\nBcc: b@example.com",
		"a@example.net\nBcc: b@example.com", "a@example.net\rBcc: b@example.com",
		"a@example.net\xE2\x80\xA8"
		"Bcc: b@example.com",
		"a@example.net\xC2\x85"
		"Bcc: b@example.com",
		"a@example.net, b@example.com", "a@example.net> <b@example.com",
		"a\x01@example.net", "\xFF@example.net", "a b@example.net", "", "nobody",
		"@example.net", "a@" };
	struct acknowledgement_template *t =
		acknowledgement_mail_template(plain_template, ACKNOWLEDGEMENT_REQUEST);

	(void) state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct acknowledgement a = acknowledgement_mail_sample(t);
		struct acknowledgement_mail m = { NULL, 0 };

		a.to = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("recipient %zu", i);
		a = acknowledgement_mail_sample(t);
		a.from = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("sender %zu", i);
		a = acknowledgement_mail_sample(t);
		a.message_id = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("Message-ID %zu", i);
		assert_null(m.bytes);
	}
	acknowledgement_template_free(t);
}

static void names_with_line_ends_are_refused(void **state)
{
	static const char *const hostile[] = { "a\r\nBcc: b@example.com", "a\nb", "a\rb", "a\tb",
		"a\xE2\x80\xA8"
		"b",
		"a\xE2\x80\xA9"
		"b",
		"a\x7F", "\xC3" };
	struct acknowledgement_template *t =
		acknowledgement_mail_template(plain_template, ACKNOWLEDGEMENT_REQUEST);

	(void) state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct acknowledgement a = acknowledgement_mail_sample(t);
		struct acknowledgement_mail m = { NULL, 0 };

		a.from_name = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("name %zu", i);
		a = acknowledgement_mail_sample(t);
		a.reference = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("reference %zu", i);
	}
	acknowledgement_template_free(t);
}

static void bad_ids_are_left_out(void **state)
{
	char longest[1001];
	const char *references[] = { "<2@example.net>", "<3 3@example.net>", "<4@example.net",
		"<5@example.net>\r\nBcc: x", "<6@exam\xC3\xA9ple.net>", "<@>", "", longest,
		"<7@example.net>" };
	struct acknowledgement_template *t =
		acknowledgement_mail_template(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = acknowledgement_mail_sample(t);
	char text[8192];
	struct acknowledgement_mail m;

	(void) state;
	memset(longest, 'x', sizeof longest - 1);
	memcpy(longest, "<8@", 3);
	longest[999] = '>';
	longest[1000] = '\0';
	a.references = references;
	a.n_references = sizeof references / sizeof references[0];
	a.in_reply_to = "<1@example.net>\r\nBcc: b@example.com";
	m = acknowledgement_mail_build(&a);
	acknowledgement_mail_check(&m);
	acknowledgement_mail_header(&m, "References", text);
	assert_string_equal(text,
		"<2@example.net> <7@example.net> "
		"<foi.t.FOI_001761/18.11111111111111111111111111111111@example.org>");
	acknowledgement_mail_header(&m, "In-Reply-To", text);
	assert_string_equal(text, "");
	acknowledgement_mail_header(&m, "Bcc", text);
	assert_string_equal(text, "");
	free(m.bytes);
	acknowledgement_template_free(t);
}

static void only_the_last_references_are_carried(void **state)
{
	char ids[60][32];
	const char *references[60];
	struct acknowledgement_template *t =
		acknowledgement_mail_template(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = acknowledgement_mail_sample(t);
	char text[8192];
	struct acknowledgement_mail m;

	(void) state;
	for (int i = 0; i < 60; i++) {
		(void) snprintf(ids[i], sizeof ids[i], "<%d@example.com>", i);
		references[i] = ids[i];
	}
	a.references = references;
	a.n_references = 60;
	m = acknowledgement_mail_build(&a);
	acknowledgement_mail_header(&m, "References", text);
	assert_int_equal(strncmp(text, "<50@example.com> <51@example.com>", 33), 0);
	free(m.bytes);
	acknowledgement_template_free(t);
}

static void an_address_beyond_ascii_stays_out_of_the_header(void **state)
{
	struct acknowledgement_template *t =
		acknowledgement_mail_template(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = acknowledgement_mail_sample(t);
	char text[8192];
	struct acknowledgement_mail m;

	(void) state;
	a.to = "s\xC3\xAEn@example.net";
	m = acknowledgement_mail_build(&a);
	acknowledgement_mail_check(&m);
	acknowledgement_mail_header(&m, "To", text);
	assert_string_equal(text, "undisclosed-recipients:;");
	free(m.bytes);
	acknowledgement_template_free(t);
}

static void long_words_are_cut_into_lines(void **state)
{
	char word[1001];
	struct acknowledgement_template *t =
		acknowledgement_mail_template(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = acknowledgement_mail_sample(t);
	struct acknowledgement_mail m;

	(void) state;
	memset(word, 'w', 1000);
	word[1000] = '\0';
	a.words.authority = word;
	a.words.emergency =
		"\xC5\xB4\xC5\xB4\xC5\xB4 \xC5\xB4\xC5\xB4 \xC5\xB4\xC5\xB4\xC5\xB4\xC5\xB4"
		"\xC5\xB4 \xC5\xB4\xC5\xB4\xC5\xB4\xC5\xB4 .\r\n.\r\nQUIT";
	word[200] = '\0';
	a.from_name = word;
	m = acknowledgement_mail_build(&a);
	acknowledgement_mail_check(&m);
	assert_null(strstr(m.bytes, "\r\n."));
	free(m.bytes);
	acknowledgement_template_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_is_as_the_standards_want_it),
		cmocka_unit_test(a_paragraph_with_an_empty_field_is_left_out),
		cmocka_unit_test(nothing_can_be_injected),
		cmocka_unit_test(names_with_line_ends_are_refused),
		cmocka_unit_test(bad_ids_are_left_out),
		cmocka_unit_test(only_the_last_references_are_carried),
		cmocka_unit_test(an_address_beyond_ascii_stays_out_of_the_header),
		cmocka_unit_test(long_words_are_cut_into_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
