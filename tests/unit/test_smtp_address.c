/* test_smtp_address.c - addresses and servers that are refused before anything is sent. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/smtp.h"
#include "tests/support/smtp_script.h"

static const char letter[] = "Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n";

static const struct {
	const char *why;
	const char *to;
	const char *status;
} unsendable[] = {
	{ "a second command", "jane@example.net>\r\nRCPT TO:<eve@example.net", "5.1.3" },
	{ "an angle bracket", "<jane@example.net>", "5.1.3" },
	{ "a space", "jane doe@example.net", "5.1.3" },
	{ "a delete", "jane\x7F@example.net", "5.1.3" },
	{ "nothing", "", "5.1.3" },
	{ "no at", "jane", "5.1.3" },
	{ "no local part", "@example.net", "5.1.3" },
	{ "no domain", "jane@", "5.1.3" },
	{ "a long local part",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.net",
		"5.1.3" },
	{ "not ASCII: SMTPUTF8", "si\xC3\xA2n@example.net", "5.6.7" },
};

static void test_unsendable(void **state)
{
	struct smtp *s = smtp_script_client("smtp://127.0.0.1:1", "", true);

	(void) state;
	for (size_t i = 0; i < sizeof unsendable / sizeof unsendable[0]; i++) {
		struct smtp_verdict v;

		print_message("%s\n", unsendable[i].why);
		assert_int_equal(0, smtp_deliver(s, "foi@example.org", unsendable[i].to, letter,
					    sizeof letter - 1, 1000, &v, NULL));
		assert_int_equal(SMTP_REFUSED, v.outcome);
		assert_int_equal(0, v.code);
		assert_string_equal(unsendable[i].status, v.status);
		assert_true(strlen(v.reply) > 10);
	}
	s = smtp_close(s);
}

static void test_sender_of_ours_is_checked(void **state)
{
	struct smtp *s = smtp_script_client("smtp://127.0.0.1:1", "", true);
	struct smtp_verdict v;
	struct fault f;

	(void) state;
	assert_int_equal(-EINVAL, smtp_deliver(s, "foi", "jane@example.net", letter,
					  sizeof letter - 1, 1000, &v, &f));
	assert_int_equal(FAULT_CONFIG, f.kind);
	s = smtp_close(s);
}

static const struct {
	const char *why;
	const char *url;
	const char *local_name;
	bool plaintext;
	int r;
} urls[] = {
	{ "submission", "smtp://mail.example.org:587", "", false, 0 },
	{ "TLS from the start", "smtps://mail.example.org", "foi.example.org", false, 0 },
	{ "plain text on loopback", "smtp://localhost:25", "", true, 0 },
	{ "plain text on loopback, IPv6", "smtp://[::1]:25", "", true, 0 },
	{ "plain text elsewhere", "smtp://mail.example.org", "", true, -EINVAL },
	{ "plain text to a name that looks like loopback", "smtp://localhost.example.org", "", true,
		-EINVAL },
	{ "another scheme", "https://mail.example.org", "", false, -EINVAL },
	{ "no scheme", "mail.example.org", "", false, -EINVAL },
	{ "a password in it", "smtp://foi:secret@mail.example.org", "", false, -EINVAL },
	{ "a name for EHLO with a line end", "smtp://mail.example.org", "a\r\nRSET", false,
		-EINVAL },
};

static void test_urls(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		const struct smtp_params params = { .url = urls[i].url,
			.user = "",
			.secret = "",
			.ca_file = "",
			.plaintext = urls[i].plaintext,
			.local_name = urls[i].local_name };
		struct smtp *s = NULL;
		struct fault f = { .kind = FAULT_CONFIG };

		print_message("%s\n", urls[i].why);
		assert_int_equal(urls[i].r, smtp_open(&params, &s, &f));
		assert_int_equal(FAULT_CONFIG, f.kind);
		assert_null(strstr(f.text, "secret"));
		s = smtp_close(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unsendable),
		cmocka_unit_test(test_sender_of_ours_is_checked),
		cmocka_unit_test(test_urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
