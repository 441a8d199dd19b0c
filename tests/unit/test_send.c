/* test_send.c - the send role, with a register of the test's own and a server that plays a script. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/sealed.h"
#include "daemon/send.h"
#include "tests/support/smtp_script.h"

#define EHLO  "S: 220 mail.example.org ESMTP", "C: EHLO foi.example.org", "S: 250 mail.example.org"
#define MAIL  "= MAIL FROM:<foi@example.org>", "S: 250 ok"
#define RCPT  "= RCPT TO:<jane@example.net>", "S: 250 ok"
#define DATA  "= DATA", "S: 354 go on"
#define TAKEN "mail", "S: 250 2.0.0 queued"
#define QUIT  "= QUIT", "S: 221 bye"

static const char letter[] = "Subject: x\r\n\r\nx\r\n";

struct worker {
	pid_t pid;
	int channel;
};

static void start(struct worker *w)
{
	int ends[2];

	assert_int_equal(0, channel_pair(ends, NULL));
	fflush(NULL);
	w->pid = fork();
	assert_true(w->pid >= 0);
	if (w->pid == 0) {
		close(ends[0]);
		alarm(60); /* a role that hangs is ended */
		_exit(send_main(ends[1]));
	}
	close(ends[1]);
	w->channel = ends[0];
}

static int exit_status(struct worker *w)
{
	int status;

	assert_int_equal(w->pid, waitpid(w->pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 254;
}

static void order(const struct worker *w, json_t *record, int passed)
{
	assert_non_null(record);
	assert_int_equal(0, channel_send(w->channel, record, passed, NULL));
	json_decref(record);
	if (passed >= 0)
		close(passed);
}

static void begin(const struct worker *w, const char *url, int plaintext)
{
	order(w,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "type", "begin", "url", url,
			"user", "", "secret", "", "ca_file", "", "local_name", "foi.example.org",
			"plaintext", plaintext, "once", 0),
		-1);
}

static void deliver(const struct worker *w, int id, const char *to)
{
	order(w,
		json_pack("{s:s, s:i, s:s, s:s}", "type", "deliver", "id", id, "from",
			"foi@example.org", "to", to),
		sealed_new("mail", letter, sizeof letter - 1));
}

/* The next verdict; the steps before it are counted and each checked for its bound. */
static json_t *verdict(const struct worker *w, int *ret_steps)
{
	json_t *record;
	int passed;

	for (*ret_steps = 0;; ++*ret_steps) {
		int64_t ms;

		assert_int_equal(1, channel_receive(w->channel, &record, &passed, NULL));
		assert_int_equal(-1, passed);
		if (strcmp(channel_type(record), "step") != 0)
			break;
		assert_int_equal(0, channel_number(record, "ms", 1, 15 * 60 * 1000, &ms, NULL));
		json_decref(record);
	}
	assert_string_equal("verdict", channel_type(record));
	return record;
}

static void check_verdict(const struct worker *w, int id, const char *outcome, int code,
	const char *status, const char *reply)
{
	int steps;
	json_t *v = verdict(w, &steps);
	const char *text;
	int64_t n;

	assert_true(steps >= 1); /* "deliver" was announced */
	assert_int_equal(0, channel_number(v, "id", 0, 100, &n, NULL));
	assert_int_equal(id, n);
	assert_int_equal(0, channel_text(v, "outcome", 16, &text, NULL));
	assert_string_equal(outcome, text);
	assert_int_equal(0, channel_number(v, "code", 0, 999, &n, NULL));
	assert_int_equal(code, n);
	assert_int_equal(0, channel_text(v, "status", 16, &text, NULL));
	assert_string_equal(status, text);
	assert_int_equal(0, channel_text(v, "reply", SEND_REPLY_MAX, &text, NULL));
	assert_string_equal(reply, text);
	assert_null(json_object_get(v, "kind"));
	json_decref(v);
}

static void check_fault(const struct worker *w, int id, enum fault_kind kind, int transient)
{
	int steps;
	json_t *v = verdict(w, &steps);
	struct fault fault;
	const char *text;
	int64_t n;

	assert_int_equal(0, channel_number(v, "id", 0, 100, &n, NULL));
	assert_int_equal(id, n);
	assert_int_equal(0, channel_text(v, "outcome", 16, &text, NULL));
	assert_string_equal("deferred", text);
	assert_int_equal(0, channel_fault(v, &fault, NULL));
	assert_int_equal(kind, fault.kind);
	assert_int_equal(transient, fault.transient);
	assert_true(strlen(fault.text) > 10);
	json_decref(v);
}

/* Three on one connection, a refusal in between ends that, and the kept one is signed off at EOF. */
static void test_a_batch(void **state)
{
	static const char *const script[] = { EHLO, MAIL, RCPT, DATA, TAKEN, MAIL, "C: RCPT",
		"S: 550 5.1.1 no such user", QUIT, "accept", EHLO, MAIL, RCPT, DATA, TAKEN, QUIT,
		NULL };
	struct smtp_script server;
	struct worker w;

	(void) state;
	smtp_script_start(&server, script);
	start(&w);
	begin(&w, server.url, 1);
	deliver(&w, 1, "jane@example.net");
	deliver(&w, 2, "nobody@example.net");
	deliver(&w, 3, "jane@example.net");
	check_verdict(&w, 1, "sent", 250, "2.0.0", "queued");
	check_verdict(&w, 2, "refused", 550, "5.1.1", "no such user");
	check_verdict(&w, 3, "sent", 250, "2.0.0", "queued");
	close(w.channel);
	assert_int_equal(0, exit_status(&w));
	assert_int_equal(0, smtp_script_end(&server));
}

/* "C: QUIT" comes while the channel is open: the server would wait for ever otherwise. */
static void test_idle_connection_is_closed(void **state)
{
	static const char *const script[] = { EHLO, MAIL, RCPT, DATA, TAKEN, QUIT, "wait", "accept",
		EHLO, MAIL, RCPT, DATA, TAKEN, QUIT, NULL };
	struct smtp_script server;
	struct worker w;
	json_t *record;
	int passed;

	(void) state;
	smtp_script_start(&server, script);
	start(&w);
	begin(&w, server.url, 1);
	deliver(&w, 1, "jane@example.net");
	check_verdict(&w, 1, "sent", 250, "2.0.0", "queued");
	/* The first "idle" is the wait with the connection, the second that without it. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(1, channel_receive(w.channel, &record, &passed, NULL));
		assert_string_equal("step", channel_type(record));
		json_decref(record);
	}
	deliver(&w, 2, "jane@example.net");
	check_verdict(&w, 2, "sent", 250, "2.0.0", "queued");
	close(w.channel);
	assert_int_equal(0, exit_status(&w));
	assert_int_equal(0, smtp_script_end(&server));
}

/* Reads steps until that of a delivery, which is longer than any other. */
static void await_deliver(const struct worker *w)
{
	int64_t ms = 0;

	while (ms < 10 * 60 * 1000) {
		json_t *record;
		int passed;

		assert_int_equal(1, channel_receive(w->channel, &record, &passed, NULL));
		assert_int_equal(0, channel_number(record, "ms", 0, INT32_MAX, &ms, NULL));
		json_decref(record);
	}
}

/* register goes away while the server thinks: the transaction in hand is finished, and the mail
 * that waits in the channel is not begun. */
static void test_end_of_file(void **state)
{
	static const char *const script[] = { "hold", EHLO, MAIL, RCPT, DATA, TAKEN, QUIT, NULL };
	struct smtp_script server;
	struct worker w;

	(void) state;
	smtp_script_start(&server, script);
	start(&w);
	begin(&w, server.url, 1);
	deliver(&w, 1, "jane@example.net");
	deliver(&w, 2, "jane@example.net");
	await_deliver(&w);
	close(w.channel);
	smtp_script_release(&server);
	assert_int_equal(0, exit_status(&w));
	assert_int_equal(0, smtp_script_end(&server));
}

/* The same when register only says that it has no more orders, and still listens. */
static void test_no_more_orders(void **state)
{
	static const char *const script[] = { "hold", EHLO, MAIL, RCPT, DATA, TAKEN, QUIT, NULL };
	struct smtp_script server;
	struct worker w;
	json_t *record;
	int passed;
	int steps;

	(void) state;
	smtp_script_start(&server, script);
	start(&w);
	begin(&w, server.url, 1);
	deliver(&w, 1, "jane@example.net");
	deliver(&w, 2, "jane@example.net");
	await_deliver(&w);
	assert_int_equal(0, shutdown(w.channel, SHUT_WR));
	smtp_script_release(&server);
	json_decref(verdict(&w, &steps));
	assert_int_equal(0, channel_receive(w.channel, &record, &passed, NULL));
	assert_int_equal(0, exit_status(&w));
	assert_int_equal(0, smtp_script_end(&server));
	close(w.channel);
}

static void test_server_trouble(void **state)
{
	static const char *const script[] = { "S: 421 busy", "close", "accept", EHLO, "wait",
		NULL };
	struct smtp_script server;
	struct worker w;

	(void) state;
	smtp_script_start(&server, script);
	start(&w);
	begin(&w, server.url, 1);
	deliver(&w, 1, "jane@example.net");
	check_fault(&w, 1, FAULT_PROTOCOL, 1);
	close(w.channel);
	assert_int_equal(0, exit_status(&w));

	start(&w);
	begin(&w, server.url, 0); /* STARTTLS is not offered */
	deliver(&w, 1, "jane@example.net");
	check_fault(&w, 1, FAULT_TLS, 0);
	close(w.channel);
	assert_int_equal(0, exit_status(&w));
	assert_int_equal(0, smtp_script_end(&server));
}

static void test_unusable_url(void **state)
{
	struct worker w;

	(void) state;
	start(&w);
	begin(&w, "gopher://mail.example.org", 0);
	deliver(&w, 1, "jane@example.net");
	check_fault(&w, 1, FAULT_CONFIG, 0);
	deliver(&w, 2, "jane@example.net");
	check_fault(&w, 2, FAULT_CONFIG, 0);
	close(w.channel);
	assert_int_equal(0, exit_status(&w));
}

/* Orders that break the rules end the process with a failure, before anything is sent. */
static void test_bad_orders(void **state)
{
	static const struct {
		const char *why;
		const char *json;
	} rows[] = {
		{ "an unknown type", "{\"type\": \"dance\"}" },
		{ "a begin without a url", "{\"type\": \"begin\"}" },
		{ "a deliver before begin", "{\"type\": \"deliver\", \"id\": 1}" },
		{ "a deliver without an id", "{\"type\": \"deliver\"}" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct worker w;

		print_message("%s\n", rows[i].why);
		start(&w);
		order(&w, json_loads(rows[i].json, 0, NULL), -1);
		assert_int_equal(1, exit_status(&w));
		close(w.channel);
	}
}

static void test_mail_must_be_sealed(void **state)
{
	struct worker w;

	(void) state;
	start(&w);
	begin(&w, "smtp://127.0.0.1:1", 1);
	order(&w,
		json_pack("{s:s, s:i, s:s, s:s}", "type", "deliver", "id", 1, "from", "", "to",
			"jane@example.net"),
		sealed_create("mail"));
	assert_int_equal(1, exit_status(&w));
	close(w.channel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_batch),
		cmocka_unit_test(test_idle_connection_is_closed),
		cmocka_unit_test(test_end_of_file),
		cmocka_unit_test(test_no_more_orders),
		cmocka_unit_test(test_server_trouble),
		cmocka_unit_test(test_unusable_url),
		cmocka_unit_test(test_bad_orders),
		cmocka_unit_test(test_mail_must_be_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
