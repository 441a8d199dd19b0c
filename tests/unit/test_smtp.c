/* test_smtp.c - verdicts on mails, against a server that plays a script. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/smtp_scene.h"

/* One mail, one script, one verdict. */
static const struct {
	const char *why;
	const char *script[24];
	enum smtp_outcome outcome;
	unsigned code;
	const char *status;
	const char *reply;
} verdicts[] = {
	{ "accepted; dots are doubled",
		{ EHLO, MAIL, RCPT, DATA, "= Subject: x", "= ", "= ..dot", "= ...two", "= end",
			"= .", TAKEN, QUIT, NULL },
		SMTP_SENT, 250, "2.0.0", "queued as 4711" },
	{ "a server without enhanced codes",
		{ EHLO, MAIL, RCPT, DATA, "mail", "S: 250 OK id=1rXyZ", QUIT, NULL }, SMTP_SENT,
		250, "", "OK id=1rXyZ" },
	{ "greylisted at RCPT",
		{ EHLO, MAIL, "C: RCPT TO:", "S: 450 4.2.0 <jane@example.net> greylisted", QUIT,
			NULL },
		SMTP_DEFERRED, 450, "4.2.0", "<jane@example.net> greylisted" },
	{ "no such user at RCPT, told in two lines",
		{ EHLO, MAIL, "C: RCPT TO:", "S: 550-5.1.1 no such", "S: 550 5.1.1 user", QUIT,
			NULL },
		SMTP_REFUSED, 550, "5.1.1", "no such user" },
	{ "our sender is deferred", { EHLO, "C: MAIL FROM:", "S: 451 4.7.1 later", QUIT, NULL },
		SMTP_DEFERRED, 451, "4.7.1", "later" },
	{ "DATA refused", { EHLO, MAIL, RCPT, "C: DATA", "S: 554 5.5.1 no", QUIT, NULL },
		SMTP_REFUSED, 554, "5.5.1", "no" },
	{ "refused after the dot",
		{ EHLO, MAIL, RCPT, DATA, "mail", "S: 554 5.7.1 looks like spam", QUIT, NULL },
		SMTP_REFUSED, 554, "5.7.1", "looks like spam" },
	{ "deferred after the dot",
		{ EHLO, MAIL, RCPT, DATA, "mail", "S: 452 4.3.1 disk full", QUIT, NULL },
		SMTP_DEFERRED, 452, "4.3.1", "disk full" },
	{ "too large, told after the dot",
		{ EHLO, MAIL, RCPT, DATA, "mail", "S: 552 5.3.4 too much", QUIT, NULL },
		SMTP_REFUSED, 552, "5.3.4", "too much" },
	{ "the recipient's mailbox is full, which is final too",
		{ EHLO, MAIL, "C: RCPT TO:", "S: 552 5.2.2 over quota", QUIT, NULL }, SMTP_REFUSED,
		552, "5.2.2", "over quota" },
	{ "larger than the server takes: it is not asked",
		{ HELLO, "S: 250-mail.example.org", "S: 250 SIZE 31", NULL }, SMTP_REFUSED, 0,
		"5.3.4",
		"the mail server takes no mail of more than 31 bytes, and this one has 32" },
	{ "just as large as it takes",
		{ HELLO, "S: 250-mail.example.org", "S: 250-size 32", "S: 250 HELP", MAIL, RCPT,
			DATA, "mail", TAKEN, QUIT, NULL },
		SMTP_SENT, 250, "2.0.0", "queued as 4711" },
	{ "no fixed bound",
		{ HELLO, "S: 250-mail.example.org", "S: 250-SIZE", "S: 250 SIZE 0", MAIL, RCPT,
			DATA, "mail", TAKEN, QUIT, NULL },
		SMTP_SENT, 250, "2.0.0", "queued as 4711" },
	{ "a bound that is none",
		{ HELLO, "S: 250-SIZE x", "S: 250-SIZE 99999999999999999999999",
			"S: 250 SIZEABLE 3", MAIL, RCPT, DATA, "mail", TAKEN, QUIT, NULL },
		SMTP_SENT, 250, "2.0.0", "queued as 4711" },
	{ "dropped after the dot", { EHLO, MAIL, RCPT, DATA, "mail", "close", NULL },
		SMTP_AMBIGUOUS, 0, "", "" },
	{ "dropped in the middle of the last reply",
		{ EHLO, MAIL, RCPT, DATA, "mail", "S: 250-2.0.0 nearly", "reset", NULL },
		SMTP_AMBIGUOUS, 0, "2.0.0", "nearly" },
	{ "the reply is cleaned: control characters, foreign bytes",
		{ EHLO, MAIL, "C: RCPT TO:", "S: 550 a\tb\033[31m\xFF\xE2\x80\xAE\xC3\xA9", QUIT,
			NULL },
		SMTP_REFUSED, 550, "", "a b [31m\xEF\xBF\xBD\xC3\xA9" },
};

static void test_verdicts(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		struct smtp_script server;
		struct smtp_verdict v;
		struct fault f = { .text = "" };
		struct smtp *s;

		print_message("%s\n", verdicts[i].why);
		smtp_script_start(&server, verdicts[i].script);
		s = smtp_script_client(server.url, "", true);
		assert_int_equal(0, smtp_scene_deliver(s, 10000, &v, &f));
		s = smtp_close(s);
		assert_int_equal(0, smtp_script_end(&server));
		assert_int_equal(verdicts[i].outcome, v.outcome);
		assert_int_equal(verdicts[i].code, v.code);
		assert_string_equal(verdicts[i].status, v.status);
		assert_string_equal(verdicts[i].reply, v.reply);
	}
}

/* What is about the server is a fault, and no verdict on the mail. */
static const struct {
	const char *why;
	const char *script[16];
	const char *user;
	bool plaintext;
	enum fault_kind kind;
	int error;
	bool transient;
} faults[] = {
	{ "no STARTTLS offered", { EHLO, "wait", NULL }, "", false, FAULT_TLS, EPROTONOSUPPORT,
		false },
	{ "AUTH refused",
		{ HELLO, "S: 250-mail.example.org", "S: 250 AUTH PLAIN", "C: AUTH PLAIN",
			"S: 535 5.7.8 jane@example.net unknown", "wait", NULL },
		"foi", true, FAULT_AUTH, EACCES, false },
	{ "AUTH out of order for now",
		{ HELLO, "S: 250-mail.example.org", "S: 250 AUTH PLAIN", "C: AUTH PLAIN",
			"S: 454 4.7.0 later", "wait", NULL },
		"foi", true, FAULT_AUTH, EACCES, true },
	{ "AUTH wanted, none configured", { EHLO, "C: MAIL", "S: 530 5.7.0 sign in", QUIT, NULL },
		"", true, FAULT_AUTH, EACCES, false },
	{ "our sender refused", { EHLO, "C: MAIL", "S: 553 5.7.1 not yours", QUIT, NULL }, "", true,
		FAULT_PROTOCOL, EPROTO, false },
	{ "too busy to greet", { "S: 421 busy", "wait", NULL }, "", true, FAULT_PROTOCOL, EPROTO,
		true },
	{ "no service", { "S: 554 no service", "wait", NULL }, "", true, FAULT_PROTOCOL, EPROTO,
		false },
	{ "dropped after MAIL", { EHLO, MAIL, "C: RCPT", "close", NULL }, "", true, FAULT_NETWORK,
		ECONNRESET, true },
	{ "dropped after DATA", { EHLO, MAIL, RCPT, "C: DATA", "close", NULL }, "", true,
		FAULT_NETWORK, ECONNRESET, true },
};

static void test_faults(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct smtp_script server;
		struct smtp_verdict v;
		struct fault f;
		struct smtp *s;

		print_message("%s\n", faults[i].why);
		smtp_script_start(&server, faults[i].script);
		s = smtp_script_client(server.url, faults[i].user, faults[i].plaintext);
		assert_int_equal(-faults[i].error, smtp_scene_deliver(s, 10000, &v, &f));
		s = smtp_close(s);
		assert_int_equal(0, smtp_script_end(&server));
		assert_int_equal(faults[i].kind, f.kind);
		assert_int_equal(faults[i].transient, f.transient);
		assert_int_equal(0, strncmp(f.text, server.url + 7, strlen(server.url + 7)));
		assert_null(strstr(f.text, "jane"));
		assert_int_equal(999, v.code); /* untouched */
	}
}

/* A mail too long for the socket's buffers: the dot cannot have been sent. */
static void test_dropped_in_the_mail(void **state)
{
	static const char *const script[] = { EHLO, MAIL, RCPT, DATA, "read 65536", "reset", NULL };
	const size_t n = 16 * 1024 * 1024;
	char *mail = malloc(n);
	struct smtp_script server;
	struct smtp_verdict v;
	struct fault f;
	struct smtp *s;

	(void) state;
	assert_non_null(mail);
	for (size_t i = 0; i < n; i += 64)
		memcpy(mail + i,
			"123456789012345678901234567890123456789012345678901234567890ab\r\n", 64);
	smtp_script_start(&server, script);
	s = smtp_script_client(server.url, "", true);
	assert_int_equal(-ECONNRESET,
		smtp_deliver(s, "foi@example.org", "jane@example.net", mail, n, 20000, &v, &f));
	assert_int_equal(FAULT_NETWORK, f.kind);
	s = smtp_close(s);
	assert_int_equal(0, smtp_script_end(&server));
	free(mail);
}

/* Each silence ends at the deadline; only that after the dot is ambiguous. */
static const struct {
	const char *why;
	const char *script[16];
	int r;
} silences[] = {
	{ "no greeting", { "wait", NULL }, -ETIMEDOUT },
	{ "no answer to EHLO", { HELLO, "wait", NULL }, -ETIMEDOUT },
	{ "no answer to MAIL", { EHLO, "C: MAIL", "wait", NULL }, -ETIMEDOUT },
	{ "no answer to RCPT", { EHLO, MAIL, "C: RCPT", "wait", NULL }, -ETIMEDOUT },
	{ "no answer to DATA", { EHLO, MAIL, RCPT, "C: DATA", "wait", NULL }, -ETIMEDOUT },
	{ "no answer to the dot", { EHLO, MAIL, RCPT, DATA, "mail", "wait", NULL }, 0 },
};

static void test_silence(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof silences / sizeof silences[0]; i++) {
		struct smtp_script server;
		struct smtp_verdict v;
		struct fault f;
		struct smtp *s;
		int64_t start = smtp_scene_ms();

		print_message("%s\n", silences[i].why);
		smtp_script_start(&server, silences[i].script);
		s = smtp_script_client(server.url, "", true);
		assert_int_equal(silences[i].r, smtp_scene_deliver(s, 300, &v, &f));
		assert_int_equal(silences[i].r == 0 ? SMTP_AMBIGUOUS : 0, v.outcome);
		assert_in_range(smtp_scene_ms() - start, 290, 3000);
		s = smtp_close(s);
		assert_int_equal(0, smtp_script_end(&server));
	}
}

static void test_nobody_there(void **state)
{
	struct smtp *s = smtp_script_client("smtp://127.0.0.1:1", "", true);
	struct smtp_verdict v;
	struct fault f;

	(void) state;
	assert_int_equal(-ECONNREFUSED, smtp_scene_deliver(s, 2000, &v, &f));
	assert_int_equal(FAULT_NETWORK, f.kind);
	s = smtp_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_dropped_in_the_mail),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_nobody_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
