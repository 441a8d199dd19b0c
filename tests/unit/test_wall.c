/* test_wall.c - what a process behind the wall can do, and what kills it. */
/* SPDX-License-Identifier: MIT */
#include "daemon/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "adapters/channel.h"
#include "adapters/letter_record.h"
#include "base/bytes.h"
#include "base/sealed.h"
#include "daemon/parse.h"
#include "domain/charset.h"
#include "tests/unit/charset_rows.h"

enum {
	WALL_FAILED = 99,
};

static int open_file(void)
{
	return open("/etc/hostname", O_RDONLY) < 0 ? errno : 0;
}

static int create_file(void)
{
	return open("/tmp/foimaild-wall-test", O_CREAT | O_WRONLY, 0600) < 0 ? errno : 0;
}

static int open_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int start_program(void)
{
	char *const arguments[] = { (char *) (uintptr_t) "/bin/true", NULL };

	return execv("/bin/true", arguments) < 0 ? errno : 0;
}

static int use_memory(void)
{
	char *p = malloc(8 * 1024 * 1024);

	if (!p)
		return ENOMEM;
	memset(p, 1, 8 * 1024 * 1024);
	free(p);
	return 0;
}

static int make_sealed(void)
{
	int fd = sealed_new("test", "abc", 3);
	struct sealed s;
	int r = fd < 0 ? fd : sealed_map(fd, 10, &s, NULL);

	return -r;
}

#if !defined(__SANITIZE_ADDRESS__)
static int execute_memory(void)
{
	void *p = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static int make_process(void)
{
	return fork() < 0 ? errno : 0;
}
#endif

static const struct act {
	const char *why;
	int (*act)(void);
	int status; /* exit status: an errno, or 0 */
	int signal; /* 0: it must live */
	bool raises_itself;
} acts[] = {
	{ "a file cannot be opened", open_file, EPERM, 0, false },
	{ "a file cannot be made", create_file, EPERM, 0, false },
	{ "a socket is deadly", open_socket, 0, SIGSYS, false },
	{ "another program is deadly", start_program, 0, SIGSYS, false },
	{ "memory can be had", use_memory, 0, 0, false },
	{ "memfds can be made, sealed and mapped", make_sealed, 0, 0, false },
#if !defined(__SANITIZE_ADDRESS__)
	{ "memory that can be executed is deadly", execute_memory, 0, SIGSYS, false },
	{ "another process is deadly", make_process, 0, SIGSYS, false },
#endif
};

static void check_act(const struct act *a)
{
	int status = 0;
	pid_t child = fork();

	assert_int_not_equal(child, -1);
	if (child == 0)
		_exit(!a->raises_itself && wall_raise(NULL) < 0 ? WALL_FAILED : a->act());
	assert_int_equal(waitpid(child, &status, 0), child);
	if (a->signal && (!WIFSIGNALED(status) || WTERMSIG(status) != a->signal))
		fail_msg("%s: wait status %d", a->why, status);
	if (!a->signal && (!WIFEXITED(status) || WEXITSTATUS(status) != a->status))
		fail_msg("%s: wait status %d", a->why, status);
}

static void test_acts(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		check_act(&acts[i]);
}

/* Behind the wall: 0, or one more than the index of a set that does not decode. */
static int decode_all_sets(void)
{
	struct charset_table *t = NULL;

	if (charset_open_all(&t, NULL) < 0 || wall_raise(NULL) < 0)
		return WALL_FAILED;
	for (size_t i = 0; charset_name(i); i++) {
		/* These bytes hold an "A" in every width and order. */
		struct bytes out;
		int r;

		bytes_init(&out, 100);
		r = charset_decode(t, charset_name(i), "\0\0\0AA\0\0\0", 8, &out);
		if (r != (charset_is_open(t, i) ? 0 : 1) || !memchr(out.at, 'A', out.n))
			return (int) i + 1;
		bytes_done(&out);
	}
	charset_close_all(t);
	return 0;
}

/* Behind the wall: 0, or one more than the index of a name that is not read as it is meant. */
static int decode_all_names(void)
{
	struct charset_table *t = NULL;

	if (charset_open_all(&t, NULL) < 0 || wall_raise(NULL) < 0)
		return WALL_FAILED;
	for (int i = 0; i < CHARSET_ROWS; i++) {
		const struct charset_row *row = &charset_rows[i];
		struct bytes out;

		bytes_init(&out, 100);
		if (charset_decode(t, row->name, row->bytes, strlen(row->bytes), &out) !=
				row->unknown ||
			out.n != strlen(row->wanted) || memcmp(out.at, row->wanted, out.n) != 0)
			return i + 1;
		bytes_done(&out);
	}
	charset_close_all(t);
	return 0;
}

static void test_charsets(void **state)
{
	const struct act a = { "every set decodes behind the wall", decode_all_sets, 0, 0, true };
	const struct act b = { "so does every name", decode_all_names, 0, 0, true };

	(void) state;
	check_act(&a);
	check_act(&b);
}

/* ---- the role ---- */

struct role {
	int end;
	pid_t child;
};

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
		cmocka_unit_test(test_acts),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_role_reads),
		cmocka_unit_test(test_role_refuses),
		cmocka_unit_test(test_hostile_behind_wall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
