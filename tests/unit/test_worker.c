/* test_worker.c - a worker process as register sees it; this program plays the workers too. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/worker.h"
#include "tests/support/worker_role.h"
#include "tests/support/worker_stage.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static json_t *numbered(unsigned n)
{
	return json_pack("{s:s, s:i}", "type", "ask", "n", (int) n);
}

static void test_life(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("echo");

	(void) state;
	assert_string_equal(worker_role(s->worker), "echo");
	assert_int_equal(worker_is_running(s->worker), false);
	assert_int_equal(worker_pid(s->worker), 0);
	assert_int_equal(worker_send(s->worker, numbered(0), -1), -ESRCH);
	worker_stop(s->worker, 1000); /* nothing to stop */

	assert_int_equal(worker_start(s->worker, NULL), 0);
	assert_int_equal(s->n_started, 1);
	assert_int_equal(worker_is_running(s->worker), true);
	assert_int_equal(kill((pid_t) worker_pid(s->worker), 0), 0);
	assert_int_equal(worker_send(s->worker, numbered(0), -1), 0);
	worker_stage_until(s, &s->n_records, 1);
	assert_string_equal(channel_type(s->last), "ask");

	assert_int_equal(worker_is_taking(s->worker), true);
	worker_stop(s->worker, WORKER_STAGE_LONG_MSEC);
	assert_int_equal(worker_is_taking(s->worker), false);
	assert_int_equal(worker_is_running(s->worker), true);
	assert_int_equal(worker_send(s->worker, numbered(1), -1), -ESRCH);
	worker_stage_until(s, &s->n_ended, 1);
	assert_int_equal(s->how, WORKER_ENDED_ASKED);
	assert_int_equal(s->signal, 0);
	assert_int_equal(worker_pid(s->worker), 0);
	worker_stage_expect_no_child();

	/* The same object serves for the next life. */
	assert_int_equal(worker_start(s->worker, NULL), 0);
	assert_int_equal(worker_send(s->worker, numbered(1), -1), 0);
	worker_stage_until(s, &s->n_records, 2);
}

static void test_descriptors(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("echo");
	CLEANUP(closep) int fd = sealed_new("mail", "Subject: x", 10);
	struct sealed sealed;

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	assert_int_equal(worker_send(s->worker, numbered(0), 9999), -EBADF);
	assert_int_equal(worker_send(s->worker, numbered(0), fd), 0);
	closep(&fd); /* it has its own copy */
	fd = -1;
	worker_stage_until(s, &s->n_records, 1);
	assert_int_equal(sealed_map(s->passed, 100, &sealed, NULL), 0);
	assert_memory_equal(sealed.bytes, "Subject: x", 10);
	sealed_unmap(&sealed);
}

/* More than the socket holds waits in the queue, goes in order, and goes before the EOF. */
static void test_queue_flows(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("echo");

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	for (unsigned i = 0; i < WORKER_QUEUE_MAX; i++)
		assert_int_equal(worker_send(s->worker, numbered(i), -1), 0);
	worker_stop(s->worker, WORKER_STAGE_LONG_MSEC);
	worker_stage_until(s, &s->n_ended, 1);
	assert_int_equal(s->n_records, WORKER_QUEUE_MAX);
	assert_int_equal(s->is_in_order, true);
	assert_int_equal(s->how, WORKER_ENDED_ASKED);
}

/* How many descriptors this process has open. */
static unsigned count_open(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_queue_is_bounded(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("deaf");
	unsigned before = count_open();
	unsigned n;
	int r = 0;

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	worker_stage_until(s, &s->n_records, 1);
	for (n = 0; r == 0 && n < 100 * WORKER_QUEUE_MAX; n++)
		r = worker_send(s->worker, numbered(n), n < 50 ? STDERR_FILENO : -1);
	assert_int_equal(r, -ENOBUFS);
	assert_in_range(n, WORKER_QUEUE_MAX, 50 * WORKER_QUEUE_MAX);
	worker_kill(s->worker, WORKER_ENDED_DIED);
	worker_stage_until(s, &s->n_ended, 1);
	assert_int_equal(s->signal, SIGKILL);
	/* What waited is gone with its descriptors, and the channel is closed. */
	assert_int_equal(count_open(), before);
	assert_int_equal(worker_send(s->worker, numbered(0), -1), -ESRCH);
	worker_stage_expect_no_child();
}

/* A record that can never go must not stop those behind it. */
static void test_record_over_the_limit(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("echo");
	static char text[CHANNEL_RECORD_MAX];

	(void) state;
	memset(text, 'x', sizeof text);
	assert_int_equal(worker_start(s->worker, NULL), 0);
	assert_int_equal(
		worker_send(s->worker, json_pack("{s:s#}", "type", text, (int) sizeof text), -1),
		-EMSGSIZE);
	assert_int_equal(worker_send(s->worker, NULL, -1), -ENOMEM);
	assert_int_equal(worker_send(s->worker, numbered(0), -1), 0);
	worker_stage_until(s, &s->n_records, 1);
	assert_string_equal(channel_type(s->last), "ask");
}

/* How lives end that nobody asked to end. */
static const struct {
	const char *why;
	const char *role;
	unsigned n_records;
	enum worker_end how;
	int signal;
	const char *fault;
} ends[] = {
	{ "what it said before it died by a signal is taken", "talker", 100, WORKER_ENDED_DIED,
		SIGUSR1, "" },
	{ "an exit that nobody asked for is a death", "quick", 0, WORKER_ENDED_DIED, 0, "" },
	{ "no JSON breaks a rule, and nothing behind it counts", "junk", 1, WORKER_ENDED_BROKE,
		SIGKILL, "a record is no JSON" },
	{ "its taker may refuse a record", "forbidden", 0, WORKER_ENDED_BROKE, SIGKILL,
		"nobody asked for that" },
	{ "it overruns the step that it announced", "step-50", 0, WORKER_ENDED_OVERRAN, SIGKILL,
		"" },
	{ "a step without time", "step-0", 0, WORKER_ENDED_BROKE, SIGKILL, "record step: ms" },
	{ "a step of more than an hour", "step-3600001", 0, WORKER_ENDED_BROKE, SIGKILL,
		"record step: ms" },
	{ "a step that does not say how long", "step-none", 0, WORKER_ENDED_BROKE, SIGKILL,
		"record step has no number ms" },
	{ "of its steps only those with a set are told", "steps", 2, WORKER_ENDED_DIED, 0, "" },
};

static void test_ends(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new(ends[i].role);

		print_message("%s\n", ends[i].why);
		worker_stage_whole_life(s);
		assert_int_equal(s->n_at_end, ends[i].n_records);
		assert_int_equal(s->how, ends[i].how);
		assert_int_equal(s->signal, ends[i].signal);
		assert_int_equal(
			strncmp(worker_fault(s->worker), ends[i].fault, strlen(ends[i].fault)), 0);
		assert_int_equal(*worker_fault(s->worker) != '\0', *ends[i].fault != '\0');
		assert_int_equal(worker_is_waiting(s->worker), false);
	}
}

/* It reads nothing, so it never sees that its channel has ended. */
static void test_ignores_eof(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("deaf");

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	worker_stage_until(s, &s->n_records, 1);
	worker_stop(s->worker, 50);
	worker_expect_nothing(s->worker); /* an answer that comes in now */
	worker_stage_until(s, &s->n_ended, 1);
	assert_int_equal(s->how, WORKER_ENDED_ASKED);
	assert_int_equal(s->signal, SIGKILL);
}

/* Once asked to end, no announcement prolongs its time; what it says is still taken. */
static void test_stalls_at_eof(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("staller");

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	worker_stage_until(s, &s->n_records, 1);
	worker_stop(s->worker, 500);
	worker_stage_until(s, &s->n_ended, 1);
	assert_int_equal(s->n_records, 2);
	assert_int_equal(s->how, WORKER_ENDED_ASKED);
	assert_int_equal(s->signal, SIGKILL);
}

/* A worker that never stops talking does not keep the loop from the others. */
static void test_flood(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("flood");
	unsigned rounds = 0;

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	worker_stage_until(s, &s->n_dropped, 1000);
	worker_expect(s->worker, 20);
	while (s->n_ended == 0 && rounds++ < 1000000) {
		unsigned before = s->n_dropped;

		assert_true(sd_event_run(s->event, 100000) >= 0);
		if (s->n_ended == 0)
			assert_in_range(s->n_dropped - before, 0, 32);
	}
	assert_int_equal(s->n_ended, 1);
	assert_int_equal(s->how, WORKER_ENDED_OVERRAN);
}

static void test_late(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("deaf");

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	worker_stage_until(s, &s->n_records, 1);
	worker_expect(s->worker, 20);
	assert_int_equal(worker_is_late(s->worker), false);
	(void) poll(NULL, 0, 40); /* register itself stalls */
	(void) sd_event_prepare(s->event);
	assert_true(sd_event_wait(s->event, 0) > 0);
	assert_int_equal(worker_is_late(s->worker), true);
	worker_expect_nothing(s->worker);
	assert_int_equal(worker_is_late(s->worker), false);
	assert_true(sd_event_dispatch(s->event) >= 0);
	assert_int_equal(worker_is_running(s->worker), true);
}

/* A process that traces @traced until it can read a byte from @release. @ret_may: whether it may. */
static pid_t start_tracer(pid_t traced, int release, bool *ret_may)
{
	int ready[2];
	char word = 'n';
	pid_t tracer;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	tracer = fork();
	assert_true(tracer >= 0);
	if (tracer == 0) {
		bool may = ptrace(PTRACE_SEIZE, traced, NULL, NULL) == 0;

		_exit(write(ready[1], may ? "y" : "n", 1) != 1 || read(release, &word, 1) != 1);
	}
	assert_int_equal(read(ready[0], &word, 1), 1);
	(void) close(ready[0]);
	(void) close(ready[1]);
	*ret_may = word == 'y';
	return tracer;
}

static void wait_until_dead(pid_t pid)
{
	CLEANUP(closep) int fd = pidfd_open(pid, 0);
	struct pollfd dead = { .fd = fd, .events = POLLIN };

	assert_true(fd >= 0);
	assert_int_equal(poll(&dead, 1, WORKER_STAGE_LONG_MSEC), 1);
}

/* As long as another process traces it a dead child cannot be reaped, though the loop was told. */
static void test_dies_while_traced(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("deaf");
	int release[2];
	bool may_trace;
	pid_t tracer;

	(void) state;
	assert_int_equal(pipe2(release, O_CLOEXEC), 0);
	assert_int_equal(worker_start(s->worker, NULL), 0);
	worker_stage_until(s, &s->n_records, 1);
	tracer = start_tracer((pid_t) worker_pid(s->worker), release[0], &may_trace);
	if (!may_trace)
		print_message("this machine lets us trace nobody\n");
	worker_kill(s->worker, WORKER_ENDED_ASKED);
	wait_until_dead((pid_t) worker_pid(s->worker));
	for (unsigned i = 0; i < 10; i++)
		assert_true(sd_event_run(s->event, 0) >= 0);
	assert_int_equal(s->n_ended, may_trace ? 0 : 1);
	assert_int_equal(write(release[1], "x", 1), 1);
	worker_stage_until(s, &s->n_ended, 1);
	assert_int_equal(waitpid(tracer, NULL, 0), tracer);
	worker_stage_expect_no_child();
	(void) close(release[0]);
	(void) close(release[1]);
}

static void test_free_kills(void **state)
{
	struct worker_stage *s = worker_stage_new("deaf");
	pid_t pid;

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	pid = (pid_t) worker_pid(s->worker);
	worker_stage_free(s);
	worker_stage_expect_no_child();
	assert_int_equal(kill(pid, 0), -1);
	assert_null(worker_free(NULL));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_queue_flows),
		cmocka_unit_test(test_queue_is_bounded),
		cmocka_unit_test(test_record_over_the_limit),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_ignores_eof),
		cmocka_unit_test(test_stalls_at_eof),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_dies_while_traced),
		cmocka_unit_test(test_free_kills),
	};
	int r = worker_role_play(argc, argv);
	sigset_t child;

	if (r >= 0)
		return r;
	/* sd-event asks for that. */
	(void) sigemptyset(&child);
	(void) sigaddset(&child, SIGCHLD);
	(void) sigprocmask(SIG_BLOCK, &child, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
