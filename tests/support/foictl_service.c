/* foictl_service.c - a service that gives foictl the answer that a test wants. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/foictl_service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"

enum {
	CALL_MAX = 4096,
};

/* A socket in a folder of its own, and a process that gives each connection the same answer. */
struct service {
	char folder[32];
	char path[48];
	int listener;
	pid_t pid;
};

static struct service service;

int foictl_service_setup(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void) state;
	service = (struct service){ .folder = "/tmp/foi-foictl-XXXXXX" };
	if (!mkdtemp(service.folder))
		return -1;
	(void) snprintf(service.path, sizeof service.path, "%s/s", service.folder);
	memcpy(address.sun_path, service.path, strlen(service.path) + 1);
	service.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(service.listener, (struct sockaddr *) &address, sizeof address) < 0)
		return -1;
	return listen(service.listener, 4);
}

int foictl_service_teardown(void **state)
{
	(void) state;
	closep(&service.listener);
	(void) unlink(service.path);
	return rmdir(service.folder);
}

/* In the child: the call, when it is the expected one, gets the answer. */
static void serve(const char *expected, const char *answer, size_t n)
{
	char call[CALL_MAX] = "";
	int peer = accept(service.listener, NULL, NULL);
	ssize_t got = peer < 0 ? -1 : read(peer, call, sizeof call - 1);

	if (got <= 0 || strcmp(call, expected) != 0) {
		(void) fprintf(stderr, "service was called with %s\n", call);
		_exit(1);
	}
	_exit(write(peer, answer, n) == (ssize_t) n ? 0 : 1);
}

void foictl_result_done(struct foictl_result *r)
{
	free(r->out);
	free(r->err);
}

void foictl_service_run(foictl_command *c, const char *const *words, struct foictl_result *ret)
{
	char *argv[FOICTL_SERVICE_WORDS_MAX + 3] = { 0 };
	int argc = 0;
	size_t n;
	FILE *out = open_memstream(&ret->out, &n);
	FILE *err = open_memstream(&ret->err, &n);

	for (; argc < FOICTL_SERVICE_WORDS_MAX && words[argc]; argc++)
		argv[argc] = strdup(words[argc]);
	argv[argc++] = strdup("--socket");
	argv[argc++] = strdup(service.path);
	ret->status = c(argc, argv, out, err);
	(void) fclose(out); /* memory only */
	(void) fclose(err);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
}

void foictl_service_ask(foictl_command *c, const char *const *words, const char *expected,
	const char *answer, size_t n, struct foictl_result *ret)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		serve(expected, answer, n);
	foictl_service_run(c, words, ret);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}
