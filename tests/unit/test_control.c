/* test_control.c - the local socket, its rights, its bounds, over real sockets. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/role.h"
#include "tests/support/control_stage.h"

#define COUNT(a)   (sizeof(a) / sizeof *(a))
#define CASES	   CONTROL_STAGE_CASES
#define CALL(name) "{\"method\":\"" CASES name "\"}"
#define JANE	   "From: Jane Roe <jane@example.net>\n"
#define ASKS	   "Under the Freedom of Information Act, how many bicycles does the force own?"

static const struct {
	const char *why;
	bool read;
	bool act;
	const char *call;
	const char *answer; /* is in it */
} calls[] = {
	{ "status", true, false, CALL("Status"), "\"open\":1" },
	{ "a case", true, false,
		"{\"method\":\"" CASES "Get\",\"parameters\":{\"reference\":\"FOI 000001/18\"}}",
		"\"due\":\"2018-06-14\"" },
	{ "no such case", true, false,
		"{\"method\":\"" CASES "Get\",\"parameters\":{\"reference\":\"FOI 000099/18\"}}",
		CASES "NoSuchCase" },
	{ "a parameter is missing", true, false, CALL("Get"), "InvalidParameter" },
	{ "a parameter of another type", true, false,
		"{\"method\":\"" CASES "Get\",\"parameters\":{\"reference\":7}}",
		"InvalidParameter" },
	{ "a method that is none", true, false, CALL("Delete"), "MethodNotFound" },
	{ "another interface", true, false, "{\"method\":\"org.example.Other.Get\"}",
		"InterfaceNotFound" },
	{ "introspection", true, false, "{\"method\":\"org.varlink.service.GetInfo\"}",
		"org.foimaild.Cases" },
	{ "the bank holidays", true, false, CALL("Calendar"), "\"pending\":null" },
	{ "a reader may not have them asked for", true, false, CALL("RefreshCalendar"),
		"\"need\":\"foi-officer\"" },
	{ "nor accept them", true, false, CALL("AcceptCalendar"), "\"need\":\"foi-officer\"" },
	{ "to accept them needs a hash", true, true, CALL("AcceptCalendar"), "InvalidParameter" },
	{ "they are not asked for while nothing runs", true, true, CALL("RefreshCalendar"),
		"a reload or a stop is under way" },
	{ "nor accepted", true, true,
		"{\"method\":\"" CASES "AcceptCalendar\",\"parameters\":{\"hash\":\"abc\"}}",
		"a reload or a stop is under way" },
	{ "a reader may not act", true, false, CALL("Reload"), "\"need\":\"foi-officer\"" },
	{ "a stranger may not read", false, false, CALL("Status"), "\"need\":\"foi-read\"" },
	{ "nor look around", false, false, "{\"method\":\"org.varlink.service.GetInfo\"}",
		"NotPermitted" },
	{ "nor learn which cases there are", false, false,
		"{\"method\":\"" CASES "Get\",\"parameters\":{\"reference\":\"FOI 000099/18\"}}",
		"NotPermitted" },
};

static void test_calls(void **state)
{
	struct control_stage *s = *state;

	intake_world_take(s->world, JANE "Subject: Bicycles\n", ASKS);
	for (size_t i = 0; i < COUNT(calls); i++) {
		CLEANUP(closep) int fd = control_stage_join(s, calls[i].read, calls[i].act);

		print_message("%s\n", calls[i].why);
		control_stage_expect(control_stage_ask(s, fd, calls[i].call), calls[i].answer);
		/* A stranger gets one answer and is sent away; others stay. */
		if (!calls[i].read)
			assert_string_equal(control_stage_hear(s, fd), "");
		else
			control_stage_expect(
				control_stage_ask(s, fd, CALL("Status")), "\"status\"");
	}
}

static const struct {
	const char *why;
	const char *bytes;
} nonsense[] = {
	{ "no JSON", "GET / HTTP/1.1" },
	{ "an array", "[]" },
	{ "no method", "{}" },
	{ "a method that is no text", "{\"method\":7}" },
	{ "parameters that are no object", "{\"method\":\"a.b.C\",\"parameters\":7}" },
	{ "no UTF-8", "{\"method\":\"\xFF\"}" },
	{ "nothing", "" },
};

static void test_nonsense(void **state)
{
	struct control_stage *s = *state;

	for (size_t i = 0; i < COUNT(nonsense); i++) {
		CLEANUP(closep) int fd = control_stage_join(s, true, true);

		print_message("%s\n", nonsense[i].why);
		assert_string_equal(control_stage_ask(s, fd, nonsense[i].bytes), "");
	}
	assert_int_equal(s->control->n_clients, 0);
}

/* A call that never ends is cut off at the bound. */
static void test_endless_call(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = control_stage_join(s, true, false);
	char block[4096];
	size_t n = 0;

	memset(block, ' ', sizeof block);
	while (n < 4 * VARLINK_REQUEST_MAX && s->control->n_clients > 0) {
		ssize_t sent = send(fd, block, sizeof block, MSG_NOSIGNAL);

		n += sent > 0 ? (size_t) sent : 0;
		control_stage_turn(s);
	}
	assert_int_equal(s->control->n_clients, 0);
	assert_in_range(n, VARLINK_REQUEST_MAX, 3 * VARLINK_REQUEST_MAX);
}

/* Calls in one go are answered in their order. */
static void test_pipeline(void **state)
{
	static const char two[] = CALL("Status") "\0" CALL("Get") "\0" CALL("Status");
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = control_stage_join(s, true, false);

	assert_int_equal(send(fd, two, sizeof two, MSG_NOSIGNAL), sizeof two);
	control_stage_expect(control_stage_hear(s, fd), "\"status\"");
	control_stage_expect(control_stage_hear(s, fd), "InvalidParameter");
	control_stage_expect(control_stage_hear(s, fd), "\"status\"");
}

/* Who asks and never reads is ended when CONTROL_REPLY_BYTES_MAX wait for him. */
static void test_never_reads(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = control_stage_join(s, true, false);
	static const char call[] = CALL("Status");

	for (unsigned i = 0; i < 200000 && s->control->n_clients > 0; i++) {
		(void) send(fd, call, sizeof call, MSG_NOSIGNAL);
		assert_true(sd_event_run(s->reg.event, 0) >= 0);
	}
	assert_int_equal(s->control->n_clients, 0);
}

/* A list is a process of its own: this program plays the real one. */
static void test_list(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = -1;
	static const char list[] = "{\"method\":\"" CASES "List\",\"more\":true,\"parameters\":"
				   "{\"state\":\"open\"}}";
	const char *last;

	intake_world_take(s->world, JANE "Subject: One\n", ASKS);
	intake_world_take(s->world, JANE "Subject: Two\n", ASKS " And where?");
	fd = control_stage_join(s, true, false);
	control_stage_expect(control_stage_ask(s, fd, list), "FOI 000001/18");
	control_stage_expect(control_stage_hear(s, fd), "FOI 000002/18");
	last = control_stage_hear(s, fd);
	assert_null(strstr(last, "FOI 0"));
	assert_null(strstr(last, "\"continues\":true"));
	control_stage_expect(control_stage_ask(s, fd, CALL("Status")), "\"open\":2");
}

/* ---- the socket itself ----------------------------------------------------------------------- */

static int dial(const struct control_stage *s)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void) snprintf(
		address.sun_path, sizeof address.sun_path, "%s", s->world->conf->socket_path);
	assert_int_equal(connect(fd, (const struct sockaddr *) &address, sizeof address), 0);
	return fd;
}

static void test_socket(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = -1;
	struct stat st;

	control_stage_listen(s);
	assert_int_equal(stat(s->world->conf->socket_path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666); /* rights are judged after accept */
	fd = dial(s);
	control_stage_expect(
		control_stage_ask(s, fd, CALL("Status")), "\"status\""); /* our own uid may */

	/* One that an earlier life left is replaced; at the end nothing is left. */
	free(s->control->path);
	s->control->path = NULL;
	s->control = control_free(s->control);
	assert_int_equal(stat(s->world->conf->socket_path, &st), 0);
	control_stage_listen(s);
	s->control = control_free(s->control);
	assert_int_equal(stat(s->world->conf->socket_path, &st), -1);
}

static void test_too_many(void **state)
{
	struct control_stage *s = *state;
	int fds[CONTROL_CLIENTS_A_UID + 1];

	control_stage_listen(s);
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial(s);
		control_stage_turn(s);
	}
	assert_int_equal(s->control->n_clients, CONTROL_CLIENTS_A_UID);
	assert_string_equal(control_stage_hear(s, fds[CONTROL_CLIENTS_A_UID]), "");
	control_stage_expect(control_stage_ask(s, fds[0], CALL("Status")), "\"status\"");
	for (size_t i = 0; i < COUNT(fds); i++)
		closep(&fds[i]);
}

static void test_bad_paths(void **state)
{
	struct control_stage *s = *state;
	struct fault f = { 0 };
	char *path = s->world->conf->socket_path;
	char text[200];
	int fd;

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	s->world->conf->socket_path = text;
	assert_int_equal(control_new(&s->reg, &s->control, &f), -ENAMETOOLONG);
	assert_int_equal(f.kind, FAULT_CONFIG);
	s->world->conf->socket_path = path;

	/* What is no socket is never removed. */
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	closep(&fd);
	assert_int_equal(control_new(&s->reg, &s->control, &f), -EADDRINUSE);
	assert_int_equal(access(path, F_OK), 0);
	assert_null(s->control);
	assert_int_equal(unlink(path), 0);
}

static void test_no_socket(void **state)
{
	struct control_stage *s = *state;

	s->options.observe = true; /* a trial changes nothing, and answers nobody */
	control_stage_listen(s);
	assert_int_equal(access(s->world->conf->socket_path, F_OK), -1);
}

static void test_actor(void **state)
{
	struct control_client client = { .uid = 0 };
	char actor[CONTROL_ACTOR_MAX];

	(void) state;
	assert_string_equal(control_actor(&client, actor), "uid 0 (root)");
	client.uid = 4294967294; /* nobody has it */
	assert_string_equal(control_actor(&client, actor), "uid 4294967294");
}

#define STAGE_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, control_stage_setup, control_stage_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(test_calls),
		STAGE_TEST(test_nonsense),
		STAGE_TEST(test_endless_call),
		STAGE_TEST(test_pipeline),
		STAGE_TEST(test_never_reads),
		STAGE_TEST(test_list),
		STAGE_TEST(test_socket),
		STAGE_TEST(test_too_many),
		STAGE_TEST(test_bad_paths),
		STAGE_TEST(test_no_socket),
		cmocka_unit_test(test_actor),
	};
	int r = role_run(argc, argv);
	sigset_t child;

	if (r >= 0)
		return r;
	/* sd-event asks for that. */
	(void) sigemptyset(&child);
	(void) sigaddset(&child, SIGCHLD);
	(void) sigprocmask(SIG_BLOCK, &child, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
