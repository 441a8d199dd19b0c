/* test_varlink_client.c - calls to a service that is silent, goes away or talks rubbish. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/varlink_client.h"
#include "base/cleanup.h"

/* A listening socket in a folder of its own. */
struct service {
	char folder[32];
	char path[48];
	int listener;
	int peer;
};

static int open_service(void **state)
{
	static struct service s;
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	s = (struct service){ .folder = "/tmp/foi-varlink-XXXXXX", .peer = -1 };
	if (!mkdtemp(s.folder))
		return -1;
	(void) snprintf(s.path, sizeof s.path, "%s/s", s.folder);
	memcpy(address.sun_path, s.path, strlen(s.path) + 1);
	s.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*state = &s;
	return s.listener < 0 ||
			       bind(s.listener, (struct sockaddr *) &address, sizeof address) < 0 ||
			       listen(s.listener, 1) < 0
		       ? -1
		       : 0;
}

static int close_service(void **state)
{
	struct service *s = *state;

	closep(&s->listener);
	closep(&s->peer);
	(void) unlink(s->path);
	return rmdir(s->folder);
}

/* Calls a.B and puts what the service says on the line before the client reads. */
static struct varlink_client *call(struct service *s, const void *says, size_t n)
{
	struct varlink_client *c = NULL;
	char got[64] = "";
	struct fault f;

	assert_int_equal(varlink_client_open(s->path, 1, &c, &f), 0);
	s->peer = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(s->peer >= 0);
	assert_int_equal(varlink_client_call(c, "a.B", json_pack("{s:i}", "x", 1), true, &f), 0);
	assert_int_equal(read(s->peer, got, sizeof got), 50);
	assert_string_equal(got, "{\"method\":\"a.B\",\"parameters\":{\"x\":1},\"more\":true}");
	assert_int_equal(write(s->peer, says, n), n);
	return c;
}

static void replies_continue_until_the_last(void **state)
{
	static const char says[] = "{\"continues\":true,\"parameters\":{\"n\":1}}\0"
				   "{\"error\":\"a.E\"}";
	CLEANUP(varlink_client_closep) struct varlink_client *c = call(*state, says, sizeof says);
	struct varlink_answer a;
	struct fault f;

	assert_int_equal(varlink_client_next(c, &a, &f), 0);
	assert_true(a.continues);
	assert_null(a.error);
	assert_int_equal(json_integer_value(json_object_get(a.parameters, "n")), 1);
	varlink_answer_done(&a);
	assert_int_equal(varlink_client_next(c, &a, &f), 0);
	assert_false(a.continues);
	assert_string_equal(a.error, "a.E");
	varlink_answer_done(&a);
}

static void a_silent_service_is_not_waited_for(void **state)
{
	CLEANUP(varlink_client_closep) struct varlink_client *c = call(*state, "{", 1);
	struct varlink_answer a;
	struct fault f;

	assert_int_equal(varlink_client_next(c, &a, &f), -ETIMEDOUT);
	assert_int_equal(f.kind, FAULT_NETWORK);
}

static void a_closed_connection_is_told(void **state)
{
	struct service *s = *state;
	CLEANUP(varlink_client_closep) struct varlink_client *c = call(s, "{", 1);
	struct varlink_answer a;
	struct fault f;

	closep(&s->peer);
	s->peer = -1;
	assert_int_equal(varlink_client_next(c, &a, &f), -EPIPE);
}

static void an_answer_that_is_none_is_refused(void **state)
{
	static const char says[] =
		"{\"error\":1}\0{\"parameters\":[]}\0{\"continues\":\"yes\"}\0[]";
	CLEANUP(varlink_client_closep) struct varlink_client *c = call(*state, says, sizeof says);
	struct varlink_answer a;
	struct fault f;

	for (int i = 0; i < 4; i++)
		assert_int_equal(varlink_client_next(c, &a, &f), -EBADMSG);
}

static void where_no_service_is(void **state)
{
	struct varlink_client *c = NULL;
	char path[200];
	struct fault f;

	(void) state;
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_int_equal(varlink_client_open("/nonexistent/socket", 1, &c, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_NETWORK);
	assert_int_equal(varlink_client_open(path, 1, &c, &f), -ENAMETOOLONG);
	assert_null(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			replies_continue_until_the_last, open_service, close_service),
		cmocka_unit_test_setup_teardown(
			a_silent_service_is_not_waited_for, open_service, close_service),
		cmocka_unit_test_setup_teardown(
			a_closed_connection_is_told, open_service, close_service),
		cmocka_unit_test_setup_teardown(
			an_answer_that_is_none_is_refused, open_service, close_service),
		cmocka_unit_test(where_no_service_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
