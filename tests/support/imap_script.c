/* imap_script.c - a small IMAP server on loopback that says what a script tells it to. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/imap_script.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fnmatch.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"

enum {
	LINE_MAX_BYTES = 64 * 1024,
	PATIENCE_SEC = 60,
};

/* The server's side of one connection. */
struct talk {
	int fd;
	int gate;
	char tag[32];
	char line[LINE_MAX_BYTES];
};

static int complain(const char *what, const char *expected, const char *got)
{
	(void) fprintf(stderr, "imap_script: %s: expected %s, got %s\n", what, expected, got);
	return -1;
}

static int send_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = send(fd, bytes, n, MSG_NOSIGNAL);

		if (done < 0)
			return 0; /* the client hung up: whether it should have shows later */
		bytes += done;
		n -= (size_t) done;
	}
	return 0;
}

static int say(struct talk *t, const char *text, const char *end)
{
	char *out = NULL;
	const char *mark = strstr(text, "%t");
	int n = mark ? asprintf(
			       &out, "%.*s%s%s%s", (int) (mark - text), text, t->tag, mark + 2, end)
		     : asprintf(&out, "%s%s", text, end);
	int r = n < 0 ? -1 : send_all(t->fd, out, (size_t) n);

	free(out);
	return r;
}

/* A line without its end. Byte by byte: what follows may be a literal. */
static int hear(struct talk *t)
{
	size_t n = 0;

	while (n + 1 < sizeof t->line) {
		ssize_t got = recv(t->fd, t->line + n, 1, 0);

		if (got <= 0)
			return -1;
		if (t->line[n] == '\n')
			break;
		n++;
	}
	if (n > 0 && t->line[n - 1] == '\r')
		n--;
	t->line[n] = '\0';
	return 0;
}

static int expect_tagged(struct talk *t, const char *pattern)
{
	size_t n;

	if (hear(t) < 0)
		return complain("command", pattern, "end of file");
	n = strcspn(t->line, " ");
	if (n == 0 || n >= sizeof t->tag || t->line[n] != ' ')
		return complain("command", pattern, t->line);
	memcpy(t->tag, t->line, n);
	t->tag[n] = '\0';
	if (fnmatch(pattern, t->line + n + 1, FNM_NOESCAPE) == 0)
		return 0;
	return complain("command", pattern, t->line);
}

static int expect_plain(struct talk *t, const char *pattern)
{
	if (hear(t) < 0)
		return complain("line", pattern, "end of file");
	return fnmatch(pattern, t->line, FNM_NOESCAPE) == 0 ? 0
							    : complain("line", pattern, t->line);
}

static int expect_literal(struct talk *t)
{
	const char *brace = strrchr(t->line, '{');
	char digits[16] = "";
	uint64_t n;
	size_t length = brace ? strspn(brace + 1, "0123456789") : 0;
	char c;

	if (length == 0 || length >= sizeof digits)
		return complain("literal", "{number}", t->line);
	memcpy(digits, brace + 1, length);
	if (text_uint(digits, 0, 1000 * 1000, &n) < 0)
		return complain("literal", "a number", digits);
	for (n += 2; n > 0; n--)
		if (recv(t->fd, &c, 1, 0) != 1)
			return complain("literal", "more bytes", "end of file");
	return 0;
}

static int hold(int fd)
{
	char c;

	while (recv(fd, &c, 1, 0) > 0)
		;
	return 0;
}

static int play_line(struct talk *t, const char *line)
{
	const char *text = line + 2;
	char c;

	switch (line[0]) {
	case 'S':
		return say(t, text, line[1] == ':' ? "\r\n" : "");
	case 'C':
		return line[1] == ':' ? expect_tagged(t, text) : expect_plain(t, text);
	case 'B':
		return expect_literal(t);
	case 'G':
		return read(t->gate, &c, 1) == 1 ? 0 : complain("gate", "a byte", "nothing");
	case 'H':
		return hold(t->fd);
	default:
		return 0;
	}
}

static int play(int listener, int gate, const char *const *script)
{
	static struct talk t;
	const int on = 1;
	int r = 0;

	t.gate = gate;
	t.fd = accept(listener, NULL, NULL);
	if (t.fd < 0)
		return complain("accept", "a connection", strerror(errno));
	if (setsockopt(t.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0)
		return complain("setsockopt", "no delay", strerror(errno));
	for (; r == 0 && *script && **script != 'X'; script++)
		r = play_line(&t, *script);
	(void) close(t.fd);
	return r;
}

static void serve(int listener, int gate, const char *const *const *scripts)
	__attribute__((noreturn));

static void serve(int listener, int gate, const char *const *const *scripts)
{
	int r = 0;

	(void) prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies takes its server along */
	(void) alarm(PATIENCE_SEC);
	for (; r == 0 && *scripts; scripts++)
		r = play(listener, gate, *scripts);
	_exit(r == 0 ? 0 : 1);
}

void imap_script_start(struct imap_script *s, const char *const *const *scripts)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int gate[2];

	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *) &at, sizeof at), 0);
	assert_int_equal(listen(listener, 4), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *) &at, &n), 0);
	assert_int_equal(pipe(gate), 0);
	(void) snprintf(s->url, sizeof s->url, "imap://127.0.0.1:%u", ntohs(at.sin_port));
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0) {
		(void) close(gate[1]);
		serve(listener, gate[0], scripts);
	}
	(void) close(listener);
	(void) close(gate[0]);
	s->gate = gate[1];
}

void imap_script_open_gate(struct imap_script *s)
{
	assert_int_equal(write(s->gate, "x", 1), 1);
}

int imap_script_end(struct imap_script *s)
{
	int status = -1;

	(void) close(s->gate);
	if (waitpid(s->pid, &status, 0) != s->pid)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}
