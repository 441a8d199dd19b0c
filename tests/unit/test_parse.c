/* test_parse.c - the role that reads mails, behind its wall. */
/* SPDX-License-Identifier: MIT */
#include "daemon/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "adapters/channel.h"
#include "adapters/letter_record.h"
#include "base/bytes.h"
#include "base/sealed.h"
#include "domain/charset.h"

struct role {
	int end;
	pid_t child;
};

/* It says so once, when its wall is up. */
static void expect_ready(const struct role *role)
{
	json_t *record = NULL;
	int fd = -1;

	assert_int_equal(channel_receive(role->end, &record, &fd, NULL), 1);
	assert_string_equal(channel_type(record), "ready");
	json_decref(record);
}

static struct role start_role(void)
{
	int ends[2];
	struct role role = { 0 };

	assert_int_equal(channel_pair(ends, NULL), 0);
	role.child = fork();
	assert_int_not_equal(role.child, -1);
	if (role.child == 0) {
		close(ends[0]);
		_exit(parse_main(ends[1]));
	}
	close(ends[1]);
	role.end = ends[0];
	expect_ready(&role);
	return role;
}

static int end_role(struct role *role)
{
	int status = 0;

	close(role->end);
	assert_int_equal(waitpid(role->child, &status, 0), role->child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void send_mail(const struct role *role, int id, const char *mail, size_t n)
{
	json_t *record = json_pack("{s:s,s:i,s:b}", "type", "read", "id", id, "truncated", 0);
	int fd = sealed_new("mail", mail, n);

	assert_true(fd >= 0);
	assert_int_equal(channel_send(role->end, record, fd, NULL), 0);
	close(fd);
	json_decref(record);
}

static struct letter *receive_letter(const struct role *role, int id)
{
	json_t *record = NULL;
	struct sealed bytes;
	struct letter *l = NULL;
	int64_t have = -1;
	int fd = -1;

	assert_int_equal(channel_receive(role->end, &record, &fd, NULL), 1);
	assert_string_equal(channel_type(record), "letter");
	assert_int_equal(channel_number(record, "id", 0, 1000, &have, NULL), 0);
	assert_int_equal(have, id);
	assert_int_equal(sealed_map(fd, LETTER_RECORD_MAX, &bytes, NULL), 0);
	assert_int_equal(letter_record_decode(bytes.bytes, bytes.n, &l, NULL), 0);
	sealed_unmap(&bytes);
	close(fd);
	json_decref(record);
	return l;
}

static void test_role_reads(void **state)
{
	static const char mail[] =
		"From: Jane <jane@example.org>\r\nSubject: =?euc-kr?q?=b0=a1?=\r\n"
		"Content-Type: text/html; charset=shift_jis\r\n\r\n<p>\x83\x4a\r\n";
	struct role role = start_role();
	struct letter *l;

	(void) state;
	for (int id = 1; id <= 3; id++)
		send_mail(&role, id, mail, sizeof mail - 1);
	for (int id = 1; id <= 3; id++) {
		l = receive_letter(&role, id);
		assert_string_equal(l->subject, "가");
		assert_string_equal(l->text, "カ\n");
		letter_free(l);
	}
	assert_int_equal(end_role(&role), 0);
}

/* What is opened before the wall, and only that, can be read behind it. These bytes hold an "A" in
 * every width and order. */
static void test_role_knows_every_set(void **state)
{
	static const char bytes[] = "\0\0\0AA\0\0\0";
	struct role role = start_role();

	(void) state;
	for (size_t i = 0; charset_name(i); i++) {
		char mail[256];
		int n = snprintf(mail, sizeof mail,
			"From: jane@example.org\r\nContent-Type: text/plain; charset=%s\r\n\r\n",
			charset_name(i));
		struct letter *l;

		memcpy(mail + n, bytes, sizeof bytes - 1);
		send_mail(&role, 1, mail, (size_t) n + sizeof bytes - 1);
		l = receive_letter(&role, 1);
		if (l->n_warnings > 0 || !strchr(l->text, 'A'))
			fail_msg("%s is not read", charset_name(i));
		letter_free(l);
	}
	assert_int_equal(end_role(&role), 0);
}

static void test_role_refuses(void **state)
{
	static const struct {
		const char *why;
		const char *record;
		bool has_mail;
	} rows[] = {
		{ "another type", "{\"type\":\"look\",\"id\":1,\"truncated\":false}", true },
		{ "no id", "{\"type\":\"read\",\"truncated\":false}", true },
		{ "no mark of truncation", "{\"type\":\"read\",\"id\":1}", true },
		{ "no mail", "{\"type\":\"read\",\"id\":1,\"truncated\":false}", false },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct role role = start_role();
		json_t *record = json_loads(rows[i].record, 0, NULL);
		int fd = rows[i].has_mail ? sealed_new("mail", "x", 1) : -1;
		json_t *none = NULL;
		int passed = -1;

		assert_int_equal(channel_send(role.end, record, fd, NULL), 0);
		/* It ends without an answer; waiting for that keeps the record from being lost. */
		assert_int_equal(channel_receive(role.end, &none, &passed, NULL), 0);
		json_decref(record);
		if (fd >= 0)
			close(fd);
		if (end_role(&role) != 1)
			fail_msg("accepted: %s", rows[i].why);
	}
}

static const struct hostile {
	const char *why;
	const char *before;
	const char *piece;
	unsigned times;
} hostile[] = {
	{ "200 KB of '(' in From", "Subject: x\r\nFrom: ", "(", 200000 },
	{ "100,000 enclosed mails", "", "Content-Type: message/rfc822\r\n\r\n", 100000 },
	{ "100,000 multiparts", "", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
		100000 },
	{ "100,000 parts", "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
		"--b\r\nContent-Type: a/b\r\n\r\nx\r\n", 100000 },
	{ "HTML nested 500,000 deep", "Content-Type: text/html\r\n\r\n", "<div>", 500000 },
	{ "HTML of open formatting", "Content-Type: text/html\r\n\r\n", "<p><b><i><u>x", 300000 },
	{ "a million recipients", "From: a@example.org\r\nTo: a@example.org", ",b@example.net",
		1000000 },
	{ "40 MB of base64 in one line", "Content-Transfer-Encoding: base64\r\n\r\n",
		"QUJDQUJDQUJDQUJD", 2500000 },
	{ "50 MB of blank lines", "\r\n", "\n\n\n\n\n\n\n\n\n\n", 5000000 },
	{ "50 MB of header", "", "X-A: b\r\n", 6000000 },
};

/* One role reads them all, each followed by a plain mail that must not have suffered. */
static void test_hostile_behind_wall(void **state)
{
	static const char plain[] = "From: jane@example.org\r\n\r\nhello\r\n";
	struct role role = start_role();

	(void) state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		const struct hostile *h = &hostile[i];
		struct bytes mail;
		time_t start = time(NULL);
		struct letter *l;

		bytes_init(&mail, 52 * 1024 * 1024);
		bytes_add_text(&mail, h->before);
		for (unsigned k = 0; k < h->times; k++)
			bytes_add_text(&mail, h->piece);
		send_mail(&role, 1, mail.at, mail.n);
		send_mail(&role, 2, plain, sizeof plain - 1);
		bytes_done(&mail);
		letter_free(receive_letter(&role, 1));
		l = receive_letter(&role, 2);
		assert_string_equal(letter_sender(l), "jane@example.org");
		letter_free(l);
		if (time(NULL) - start > 15)
			fail_msg("%s: took %lld s", h->why, (long long) (time(NULL) - start));
	}
	assert_int_equal(end_role(&role), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_role_reads),
		cmocka_unit_test(test_role_knows_every_set),
		cmocka_unit_test(test_role_refuses),
		cmocka_unit_test(test_hostile_behind_wall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
