/* worker_stage.c - a worker on an event loop, and what was seen of it. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/worker_stage.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/cleanup.h"

static uint64_t now_usec(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}

static int take(void *context, struct worker *w, const json_t *record, int *passed, struct fault *f)
{
	struct worker_stage *s = context;

	(void) w;
	if (strcmp(channel_type(record), "drop") == 0) {
		s->n_dropped++;
		return 0;
	}
	if (strcmp(channel_type(record), "forbidden") == 0)
		return fault_set(f, -EBADMSG, "nobody asked for that");
	s->is_in_order &= json_integer_value(json_object_get(record, "n")) == s->n_records;
	s->n_records++;
	json_decref(s->last);
	s->last = json_deep_copy(record);
	closep(&s->passed);
	s->passed = TAKE_FD(*passed);
	return 0;
}

static void note_start(void *context, struct worker *w)
{
	struct worker_stage *s = context;

	(void) w;
	s->n_started++;
	s->started_at = now_usec();
}

static void note_end(void *context, struct worker *w, enum worker_end how, int signal)
{
	struct worker_stage *s = context;

	assert_int_equal(worker_is_running(w), false);
	s->n_ended++;
	s->n_at_end = s->n_records;
	s->how = how;
	s->signal = signal;
	s->ended_at = now_usec();
}

static const struct worker_calls calls = {
	.record = take,
	.started = note_start,
	.ended = note_end,
};

struct worker_stage *worker_stage_new(const char *role)
{
	struct worker_stage *s = calloc(1, sizeof *s);

	assert_non_null(s);
	*s = (struct worker_stage){ .passed = -1, .is_in_order = true };
	assert_int_equal(sd_event_new(&s->event), 0);
	assert_int_equal(worker_new(s->event, role, &calls, s, &s->worker, NULL), 0);
	return s;
}

struct worker_stage *worker_stage_free(struct worker_stage *s)
{
	if (!s)
		return NULL;
	worker_freep(&s->worker);
	sd_event_unref(s->event);
	json_decref(s->last);
	closep(&s->passed);
	free(s);
	return NULL;
}

void worker_stage_freep(struct worker_stage **s)
{
	*s = worker_stage_free(*s);
}

void worker_stage_until(struct worker_stage *s, const unsigned *count, unsigned wanted)
{
	uint64_t end = now_usec() + (uint64_t) WORKER_STAGE_LONG_MSEC * 1000;

	while (*count < wanted && now_usec() < end)
		assert_true(sd_event_run(s->event, 100000) >= 0);
	assert_in_range(*count, wanted, UINT_MAX);
}

void worker_stage_whole_life(struct worker_stage *s)
{
	unsigned n = s->n_ended + 1;

	assert_int_equal(worker_start(s->worker, NULL), 0);
	worker_stage_until(s, &s->n_ended, n);
	worker_stage_expect_no_child();
}

void worker_stage_expect_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}
