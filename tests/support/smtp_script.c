/* smtp_script.c - an SMTP server that plays a script to the letter. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/smtp_script.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"

enum {
	PLAY_SECONDS = 30, /* a script that hangs is ended */
	LINE_MAX_BYTES = 4096,
};

struct stage {
	int gate;
	int listener;
	int fd;
};

static int drop(struct stage *stage, int rudely)
{
	struct linger linger = { .l_onoff = rudely, .l_linger = 0 };

	setsockopt(stage->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	close(stage->fd);
	stage->fd = -1;
	return 0;
}

static int take(struct stage *stage)
{
	if (stage->fd >= 0)
		drop(stage, 0);
	stage->fd = accept(stage->listener, NULL, NULL);
	return stage->fd < 0 ? -1 : 0;
}

static int say(const struct stage *stage, const char *text)
{
	char line[LINE_MAX_BYTES];
	int n = snprintf(line, sizeof line, "%s\r\n", text);

	return send(stage->fd, line, (size_t) n, MSG_NOSIGNAL) == n ? 0 : -1;
}

/* Byte by byte: nothing of what follows may be taken from the socket. */
static int hear(const struct stage *stage, char *line)
{
	size_t n = 0;

	while (n < LINE_MAX_BYTES - 1) {
		if (recv(stage->fd, line + n, 1, 0) != 1)
			return -1;
		if (line[n++] == '\n')
			break;
	}
	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	line[n] = '\0';
	return 0;
}

static int expect(const struct stage *stage, const char *want, int whole)
{
	char line[LINE_MAX_BYTES];

	if (hear(stage, line) < 0)
		return -1;
	if (whole ? strcmp(line, want) == 0 : strncmp(line, want, strlen(want)) == 0)
		return 0;
	print_message("expected \"%s\", got \"%s\"\n", want, line);
	return -1;
}

static int hear_mail(const struct stage *stage)
{
	char line[LINE_MAX_BYTES];

	do
		if (hear(stage, line) < 0)
			return -1;
	while (strcmp(line, ".") != 0);
	return 0;
}

static int hear_bytes(const struct stage *stage, const char *count)
{
	char buf[LINE_MAX_BYTES];
	uint64_t left;

	if (text_uint(count, 1, 1 << 30, &left) < 0)
		return -1;
	while (left > 0) {
		ssize_t n = recv(stage->fd, buf, left < sizeof buf ? left : sizeof buf, 0);

		if (n <= 0)
			return -1;
		left -= (uint64_t) n;
	}
	return 0;
}

static int wait_for_client(const struct stage *stage)
{
	char buf[LINE_MAX_BYTES];

	while (recv(stage->fd, buf, sizeof buf, 0) > 0)
		;
	return 0;
}

static int hold(const struct stage *stage)
{
	char c;

	return read(stage->gate, &c, 1) == 1 ? 0 : -1;
}

static int play_line(struct stage *stage, const char *line)
{
	if (strncmp(line, "S: ", 3) == 0)
		return say(stage, line + 3);
	if (strncmp(line, "C: ", 3) == 0)
		return expect(stage, line + 3, 0);
	if (strncmp(line, "= ", 2) == 0)
		return expect(stage, line + 2, 1);
	if (strncmp(line, "read ", 5) == 0)
		return hear_bytes(stage, line + 5);
	if (strcmp(line, "mail") == 0)
		return hear_mail(stage);
	if (strcmp(line, "accept") == 0)
		return take(stage);
	if (strcmp(line, "hold") == 0)
		return hold(stage);
	if (strcmp(line, "wait") == 0)
		return wait_for_client(stage);
	return drop(stage, strcmp(line, "reset") == 0);
}

static int play(int listener, int gate, const char *const *lines)
{
	struct stage stage = { .listener = listener, .gate = gate, .fd = -1 };

	alarm(PLAY_SECONDS);
	if (take(&stage) < 0)
		return 255;
	for (int i = 0; lines[i]; i++)
		if (play_line(&stage, lines[i]) < 0)
			return i + 1;
	return 0;
}

void smtp_script_start(struct smtp_script *s, const char *const *lines)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof address;
	int gate[2];
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(listener >= 0);
	assert_int_equal(0, bind(listener, (const struct sockaddr *) &address, n));
	assert_int_equal(0, listen(listener, 4));
	assert_int_equal(0, getsockname(listener, (struct sockaddr *) &address, &n));
	snprintf(s->url, sizeof s->url, "smtp://127.0.0.1:%u", ntohs(address.sin_port));
	assert_int_equal(0, pipe(gate));
	fflush(NULL);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		_exit(play(listener, gate[0], lines));
	close(listener);
	close(gate[0]);
	s->gate = gate[1];
}

int smtp_script_end(struct smtp_script *s)
{
	int status;

	assert_int_equal(s->pid, waitpid(s->pid, &status, 0));
	close(s->gate);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 254;
}

void smtp_script_release(struct smtp_script *s)
{
	assert_int_equal(1, write(s->gate, "", 1));
}

void smtp_script_kill(struct smtp_script *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	close(s->gate);
}

struct smtp *smtp_script_client(const char *url, const char *user, bool plaintext)
{
	const struct smtp_params params = { .url = url,
		.user = user,
		.secret = "s3cret",
		.ca_file = "",
		.plaintext = plaintext,
		.local_name = "foi.example.org" };
	struct smtp *s;

	assert_int_equal(0, smtp_open(&params, &s, NULL));
	return s;
}
