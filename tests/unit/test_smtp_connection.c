/* test_smtp_connection.c - a connection that is kept for the next mail, or given up, against a server
 * that plays a script. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/smtp_scene.h"

static void test_one_connection_for_two(void **state)
{
	static const char *const script[] = { EHLO, MAIL, RCPT, DATA, "mail", TAKEN,
		"= MAIL FROM:<>", "S: 250 ok", RCPT, DATA, "mail", TAKEN, QUIT, NULL };
	struct smtp_script server;
	struct smtp_verdict v;
	struct smtp *s;

	(void) state;
	smtp_script_start(&server, script);
	s = smtp_script_client(server.url, "", true);
	assert_int_equal(0, smtp_scene_deliver(s, 10000, &v, NULL));
	assert_int_equal(SMTP_SENT, v.outcome);
	assert_int_equal(0, smtp_deliver(s, "", "jane@example.net", smtp_scene_letter,
				    strlen(smtp_scene_letter), 10000, &v, NULL));
	assert_int_equal(SMTP_SENT, v.outcome);
	s = smtp_close(s);
	assert_int_equal(0, smtp_script_end(&server));
}

/* The bound is of that connection: the next one may have another. */
static void test_a_bound_that_was_raised(void **state)
{
	static const char *const script[] = { HELLO, "S: 250-mail.example.org", "S: 250 SIZE 31",
		"accept", HELLO, "S: 250-mail.example.org", "S: 250 SIZE 32", MAIL, RCPT, DATA,
		"mail", TAKEN, QUIT, NULL };
	struct smtp_script server;
	struct smtp_verdict v;
	struct smtp *s;

	(void) state;
	smtp_script_start(&server, script);
	s = smtp_script_client(server.url, "", true);
	assert_int_equal(0, smtp_scene_deliver(s, 10000, &v, NULL));
	assert_int_equal(SMTP_REFUSED, v.outcome);
	assert_int_equal(0, smtp_scene_deliver(s, 10000, &v, NULL));
	assert_int_equal(SMTP_SENT, v.outcome);
	s = smtp_close(s);
	assert_int_equal(0, smtp_script_end(&server));
}

/* Before STARTTLS anybody may have said it: then TLS is what is missed, as without it. */
static void test_a_bound_without_protection(void **state)
{
	static const char *const script[] = { HELLO, "S: 250-mail.example.org", "S: 250 SIZE 1",
		"wait", NULL };
	struct smtp_script server;
	struct smtp_verdict v;
	struct fault f;
	struct smtp *s;

	(void) state;
	smtp_script_start(&server, script);
	s = smtp_script_client(server.url, "", false);
	assert_int_equal(-EPROTONOSUPPORT, smtp_scene_deliver(s, 10000, &v, &f));
	assert_int_equal(FAULT_TLS, f.kind);
	s = smtp_close(s);
	assert_int_equal(0, smtp_script_end(&server));
}

/* Whether the client sees the end of the kept connection before it writes or only after it wrote
 * MAIL, and with or without a 421, the second mail goes over a new one. */
static void test_kept_connection_gone(void **state)
{
	static const char *const scripts[][32] = {
		{ EHLO, MAIL, RCPT, DATA, "mail", TAKEN, "close", "accept", EHLO, MAIL, RCPT, DATA,
			"mail", TAKEN, QUIT, NULL },
		{ EHLO, MAIL, RCPT, DATA, "mail", TAKEN, "C: MAIL", "close", "accept", EHLO, MAIL,
			RCPT, DATA, "mail", TAKEN, QUIT, NULL },
		{ EHLO, MAIL, RCPT, DATA, "mail", TAKEN, "C: MAIL", "S: 421 4.4.2 timeout", "close",
			"accept", EHLO, MAIL, RCPT, DATA, "mail", TAKEN, QUIT, NULL },
	};

	(void) state;
	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		struct smtp_script server;
		struct smtp_verdict v;
		struct fault f = { .text = "" };
		struct smtp *s;

		smtp_script_start(&server, scripts[i]);
		s = smtp_script_client(server.url, "", true);
		assert_int_equal(0, smtp_scene_deliver(s, 10000, &v, &f));
		assert_int_equal(0, smtp_scene_deliver(s, 10000, &v, &f));
		assert_int_equal(SMTP_SENT, v.outcome);
		s = smtp_close(s);
		assert_int_equal(0, smtp_script_end(&server));
	}
}

/* A new connection that fails is not tried again at once: that is the outbox's business. */
static void test_fresh_connection_fails_once(void **state)
{
	static const char *const script[] = { EHLO, "C: MAIL", "close", "accept", NULL };
	struct smtp_script server;
	struct smtp_verdict v;
	struct smtp *s;

	(void) state;
	smtp_script_start(&server, script);
	s = smtp_script_client(server.url, "", true);
	assert_int_equal(-ECONNRESET, smtp_scene_deliver(s, 10000, &v, NULL));
	smtp_script_kill(&server); /* it still waits for a second connection */
	s = smtp_close(s);
}

static void test_rest_does_not_hang(void **state)
{
	static const char *const script[] = { EHLO, MAIL, RCPT, DATA, "mail", TAKEN, "= QUIT",
		"wait", NULL };
	struct smtp_script server;
	struct smtp_verdict v;
	struct smtp *s;
	int64_t start;

	(void) state;
	smtp_script_start(&server, script);
	s = smtp_script_client(server.url, "", true);
	assert_int_equal(0, smtp_scene_deliver(s, 10000, &v, NULL));
	start = smtp_scene_ms();
	smtp_rest(s);
	assert_in_range(smtp_scene_ms() - start, 0, SMTP_REST_MS);
	s = smtp_close(s);
	assert_int_equal(0, smtp_script_end(&server));
}

/* Nor does the verdict wait for a server that refuses and then ignores QUIT. */
static void test_refusal_does_not_hang(void **state)
{
	static const char *const script[] = { EHLO, MAIL, "C: RCPT", "S: 550 5.1.1 no", "= QUIT",
		"wait", NULL };
	struct smtp_script server;
	struct smtp_verdict v;
	struct smtp *s;
	int64_t start = smtp_scene_ms();

	(void) state;
	smtp_script_start(&server, script);
	s = smtp_script_client(server.url, "", true);
	assert_int_equal(0, smtp_scene_deliver(s, 20000, &v, NULL));
	assert_int_equal(SMTP_REFUSED, v.outcome);
	assert_in_range(smtp_scene_ms() - start, 0, SMTP_REST_MS);
	s = smtp_close(s);
	assert_int_equal(0, smtp_script_end(&server));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_connection_for_two),
		cmocka_unit_test(test_a_bound_that_was_raised),
		cmocka_unit_test(test_a_bound_without_protection),
		cmocka_unit_test(test_kept_connection_gone),
		cmocka_unit_test(test_fresh_connection_fails_once),
		cmocka_unit_test(test_rest_does_not_hang),
		cmocka_unit_test(test_refusal_does_not_hang),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
