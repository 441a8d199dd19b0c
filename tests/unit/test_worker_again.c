/* test_worker_again.c - the next life of a worker process, and what each is born with. */
/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/worker.h"
#include "tests/support/worker_role.h"
#include "tests/support/worker_stage.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Dies, starts again; gives the pause between, in milliseconds. */
static unsigned pause_of(struct worker_stage *s, uint64_t at_least_msec)
{
	unsigned n = s->n_ended + 1;
	unsigned pause;

	assert_int_equal(worker_again(s->worker, at_least_msec, NULL), 0);
	assert_int_equal(worker_is_waiting(s->worker), true);
	worker_stage_until(s, &s->n_started, s->n_started + 1);
	assert_int_equal(worker_is_waiting(s->worker), false);
	pause = (unsigned) ((s->started_at - s->ended_at) / 1000);
	worker_stage_until(s, &s->n_ended, n);
	return pause;
}

static void test_back_off(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("quick");

	(void) state;
	worker_stage_whole_life(s);
	assert_in_range(pause_of(s, 0), 0, 90); /* at once, but for a slow machine */
	assert_in_range(pause_of(s, 0), 100, 190);
	assert_in_range(pause_of(s, 0), 200, 390);
	assert_in_range(pause_of(s, 0), 400, 790);
	assert_in_range(pause_of(s, 1000), 1000, 5000); /* longer than the 800 of its own */
}

/* parse is replaced after so many mails: that is no death, and must not slow it down. */
static void test_no_back_off_when_asked(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("echo");

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	for (unsigned i = 1; i <= 5; i++) {
		worker_stop(s->worker, WORKER_STAGE_LONG_MSEC);
		worker_stage_until(s, &s->n_ended, i);
		assert_int_equal(s->how, WORKER_ENDED_ASKED);
		assert_int_equal(worker_again(s->worker, 0, NULL), 0);
		worker_stage_until(s, &s->n_started, i + 1);
		assert_in_range((s->started_at - s->ended_at) / 1000, 0, 90);
	}
}

/* A mail that kills its reader again and again must not hold up those behind it. */
static void test_no_back_off_when_forgiven(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("quick");

	(void) state;
	worker_stage_whole_life(s);
	for (unsigned i = 0; i < 3; i++) {
		worker_forgive(s->worker);
		assert_in_range(pause_of(s, 0), 0, 90);
	}
	assert_in_range(pause_of(s, 0), 100, 190);
}

/* The machine stands still for 300 ms, so that the deadline of 20 ms comes that much late: the
 * worker gets those 280 ms once more. */
static void test_stall_is_no_overrun(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("deaf");
	struct timespec still = { .tv_nsec = 300 * 1000 * 1000 };
	uint64_t set_at = 0;

	(void) state;
	assert_int_equal(worker_start(s->worker, NULL), 0);
	worker_stage_until(s, &s->n_records, 1);
	worker_expect(s->worker, 20);
	assert_int_equal(sd_event_now(s->event, CLOCK_MONOTONIC, &set_at), 0);
	assert_int_equal(nanosleep(&still, NULL), 0);
	worker_stage_until(s, &s->n_ended, 1);
	assert_int_equal(s->how, WORKER_ENDED_OVERRAN);
	assert_in_range((s->ended_at - set_at) / 1000, 300 + 270, WORKER_STAGE_LONG_MSEC);
}

static void test_stop_while_it_waits(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("quick");

	(void) state;
	worker_stage_whole_life(s);
	assert_int_equal(worker_again(s->worker, 20, NULL), 0);
	worker_stop(s->worker, 1000);
	assert_int_equal(worker_is_waiting(s->worker), false);
	for (unsigned i = 0; i < 3; i++)
		assert_true(sd_event_run(s->event, 20000) >= 0);
	assert_int_equal(s->n_started, 1);
}

/* ---- what it is born with -------------------------------------------------------------------- */

static bool has_text(const json_t *list, const char *text)
{
	size_t i;
	json_t *one;

	json_array_foreach((json_t *) (uintptr_t) list, i,
		one) if (strcmp(json_string_value(one), text) == 0) return true;
	return false;
}

static const char *const hidden[] = { "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
	"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "CREDENTIALS_DIRECTORY" };

static void test_inheritance(void **state)
{
	CLEANUP(worker_stage_freep) struct worker_stage *s = worker_stage_new("self");
	CLEANUP(closep) int private = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 60);
	CLEANUP(closep) int lock = fcntl(STDERR_FILENO, F_DUPFD, 70);
	const json_t *environment;
	const json_t *descriptors;
	char text[16];

	(void) state;
	for (size_t i = 0; i < COUNT(hidden); i++)
		assert_int_equal(setenv(hidden[i], "/run/secret", 1), 0);
	assert_int_equal(setenv("FOIMAILD_TEST_KEPT", "yes", 1), 0);
	worker_stage_whole_life(s);
	for (size_t i = 0; i < COUNT(hidden); i++)
		assert_int_equal(unsetenv(hidden[i]), 0);
	assert_int_equal(s->n_records, 1);
	environment = json_object_get(s->last, "environment");
	for (size_t i = 0; i < COUNT(hidden); i++)
		assert_int_equal(has_text(environment, hidden[i]), false);
	assert_int_equal(has_text(environment, "FOIMAILD_TEST_KEPT"), true);
	assert_int_equal(json_is_false(json_object_get(s->last, "blocked")), true);

	descriptors = json_object_get(s->last, "descriptors");
	assert_int_equal(has_text(descriptors, "3"), true);
	(void) snprintf(text, sizeof text, "%d", private);
	assert_int_equal(has_text(descriptors, text), false);
	/* The store's lock is inherited on purpose: it has no close-on-exec flag. */
	(void) snprintf(text, sizeof text, "%d", lock);
	assert_int_equal(has_text(descriptors, text), true);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back_off),
		cmocka_unit_test(test_no_back_off_when_asked),
		cmocka_unit_test(test_no_back_off_when_forgiven),
		cmocka_unit_test(test_stall_is_no_overrun),
		cmocka_unit_test(test_stop_while_it_waits),
		cmocka_unit_test(test_inheritance),
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
