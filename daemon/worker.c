/* worker.c - one worker process as register sees it.
 *
 * Security: a worker may have been taken over through what it reads. Every record from it is
 * checked (channel_receive(), and by calls->record); one broken rule ends it. */
/* SPDX-License-Identifier: MIT */
#include "daemon/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/worker_deadline.h"
#include "daemon/worker_queue.h"
#include "daemon/worker_spawn.h"

enum {
	MSEC = 1000,	    /* microseconds */
	TIMER_USEC = MSEC,  /* how late a timer may be: sd-event's own 0.25 s delay starts */
	YOUNG_MSEC = 60000, /* dying before that age lengthens the back-off */
	BACKOFF_MSEC = 100,
	BACKOFF_SHIFT_MAX = 9,
	BACKOFF_MSEC_MAX = 30000,
	RECORDS_A_TURN = 32, /* taken from one worker before the others get their turn */
};

struct worker {
	sd_event *event; /* borrowed */
	const char *role;
	const struct worker_calls *calls;
	void *context;
	pid_t pid;   /* 0: not running */
	int channel; /* -1: closed */
	bool is_closing;
	enum worker_end end; /* why it will have ended */
	sd_event_source *io;
	sd_event_source *child;
	struct worker_deadline deadline;
	sd_event_source *restart;
	uint64_t started_at; /* CLOCK_MONOTONIC, microseconds */
	unsigned young_deaths;
	struct worker_queue queue;
	struct fault fault; /* the rule that it broke */
};

static uint64_t monotonic(const struct worker *w)
{
	uint64_t now = 0;

	(void) sd_event_now(w->event, CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return now;
}

static void close_channel(struct worker *w)
{
	w->io = sd_event_source_disable_unref(w->io);
	closep(&w->channel);
	w->channel = -1;
	worker_queue_done(&w->queue);
}

void worker_kill(struct worker *w, enum worker_end why)
{
	if (w->pid == 0)
		return;
	w->end = why;
	/* By pidfd: the number cannot have been given to another process. */
	(void) sd_event_source_send_child_signal(w->child, SIGKILL, NULL, 0);
	worker_deadline_clear(&w->deadline);
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct worker *w = userdata;

	(void) source;
	(void) usec;
	if (!worker_deadline_is_spared(&w->deadline))
		worker_kill(w, w->is_closing ? WORKER_ENDED_ASKED : WORKER_ENDED_OVERRAN);
	return 0;
}

void worker_expect(struct worker *w, uint64_t msec)
{
	if (!w->is_closing) /* the time to finish is no worker's to move */
		worker_deadline_set(&w->deadline, msec);
}

void worker_expect_nothing(struct worker *w)
{
	if (!w->is_closing)
		worker_deadline_clear(&w->deadline);
}

bool worker_is_late(const struct worker *w)
{
	return w->pid != 0 && worker_deadline_is_over(&w->deadline);
}

/* Writes what waits, until the worker's buffer is full. */
static int flush(struct worker *w)
{
	int r = worker_queue_flush(&w->queue, w->channel);

	if (r == -EAGAIN)
		return sd_event_source_set_io_events(w->io, EPOLLIN | EPOLLOUT);
	if (r < 0)
		return r;
	if (w->is_closing)
		(void) shutdown(w->channel, SHUT_WR); /* EOF; a dead peer is fine too */
	return sd_event_source_set_io_events(w->io, EPOLLIN);
}

static int take_step(struct worker *w, const json_t *record, struct fault *f)
{
	int64_t msec;
	int r;

	if (w->calls->has_no_steps)
		return fault_set(f, -EBADMSG, "it may not say how long it takes");
	r = channel_number(record, "ms", 1, WORKER_STEP_MSEC_MAX, &msec, f);
	if (r == 0)
		worker_expect(w, (uint64_t) msec);
	return r;
}

static int receive(struct worker *w, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(closep) int passed = -1;
	int r = channel_receive(w->channel, &record, &passed, f);

	if (r == -EAGAIN)
		return 0;
	if (r == 0) {
		close_channel(w); /* on_child() tells the rest */
		return 0;
	}
	if (r < 0)
		return r;
	if (strcmp(channel_type(record), "step") == 0)
		r = take_step(w, record, f);
	/* A step that says what is in hand is news for others too. */
	if (r >= 0 && (strcmp(channel_type(record), "step") != 0 || json_object_get(record, "set")))
		r = w->calls->record(w->context, w, record, &passed, f);
	return r < 0 ? r : 1;
}

/* Takes one record. Return: 1; 0 nothing more for now, or closed; negative: a rule was broken. */
static int take_record(struct worker *w)
{
	struct fault f = { 0 };
	int r = receive(w, &f);

	if (r < 0)
		w->fault = f; /* only then: that nothing is there is no broken rule */
	return r;
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct worker *w = userdata;
	int r = 1;

	(void) source;
	(void) fd;
	if (revents & EPOLLOUT)
		r = flush(w) < 0 ? -1 : 1;
	for (unsigned i = 0; r > 0 && i < RECORDS_A_TURN && w->channel >= 0; i++)
		r = take_record(w);
	if (r < 0) {
		worker_kill(w, WORKER_ENDED_BROKE);
		close_channel(w); /* nothing that it said after that is taken */
	}
	return 0;
}

static int on_child(sd_event_source *source, const siginfo_t *si, void *userdata)
{
	struct worker *w = userdata;
	int signal = si->si_code == CLD_EXITED ? 0 : si->si_status;

	(void) source;
	/* What it said before it died still counts: a mail that is read is read. */
	while (w->channel >= 0 && take_record(w) > 0)
		;
	if (monotonic(w) - w->started_at > (uint64_t) YOUNG_MSEC * MSEC)
		w->young_deaths = 0;
	w->child = sd_event_source_disable_unref(w->child);
	close_channel(w);
	worker_deadline_clear(&w->deadline);
	w->pid = 0;
	w->calls->ended(w->context, w, w->end, signal);
	return 0;
}

static int on_restart(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct worker *w = userdata;

	(void) source;
	(void) usec;
	if (worker_start(w, NULL) < 0)
		return worker_again(w, BACKOFF_MSEC_MAX, NULL);
	return 0;
}

int worker_new(sd_event *event, const char *role, const struct worker_calls *calls, void *context,
	struct worker **ret, struct fault *f)
{
	struct worker *w = calloc(1, sizeof *w);
	int r;

	if (!w)
		return fault_set(f, -ENOMEM, "no memory for worker %s", role);
	*w = (struct worker){
		.event = event, .role = role, .calls = calls, .context = context, .channel = -1
	};
	worker_queue_init(&w->queue);
	r = worker_deadline_add(&w->deadline, event, on_deadline, w);
	if (r >= 0)
		r = sd_event_add_time(
			event, &w->restart, CLOCK_MONOTONIC, 0, TIMER_USEC, on_restart, w);
	if (r >= 0)
		r = sd_event_source_set_enabled(w->restart, SD_EVENT_OFF);
	if (r < 0) {
		worker_free(w);
		return fault_set(f, r, "no timer for worker %s: %s", role, strerror(-r));
	}
	*ret = w;
	return 0;
}

struct worker *worker_free(struct worker *w)
{
	if (!w)
		return NULL;
	worker_kill(w, WORKER_ENDED_ASKED);
	w->child = sd_event_source_disable_unref(w->child);
	close_channel(w);
	worker_deadline_done(&w->deadline);
	w->restart = sd_event_source_disable_unref(w->restart);
	free(w);
	return NULL;
}

void worker_freep(struct worker **w)
{
	*w = worker_free(*w);
}

/* Ends a child that cannot be watched, and takes its exit status, so that no zombie stays. */
static void give_up(struct worker *w, pid_t pid)
{
	close_channel(w);
	w->child = sd_event_source_disable_unref(w->child);
	w->pid = 0;
	(void) kill(pid, SIGKILL); /* not waited for, so the number is still its own */
	(void) waitpid(pid, NULL, 0);
}

/* By itself sd-event looks at the end of a child once. While another process still traces the dead
 * child (strace, the leak check of a test) it cannot be reaped, and a stop would wait for it without
 * end. Off in between: else the kernel is not told of the change. */
static int look_again(sd_event_source *child)
{
	int r = sd_event_source_set_enabled(child, SD_EVENT_OFF);

	return r < 0 ? r : sd_event_source_set_enabled(child, SD_EVENT_ON);
}

int worker_start(struct worker *w, struct fault *f)
{
	pid_t pid;
	int r = worker_spawn(w->role, &pid, &w->channel, f);

	if (r < 0)
		return r;
	w->is_closing = false;
	w->end = WORKER_ENDED_DIED;
	w->fault = (struct fault){ 0 };
	w->started_at = monotonic(w);
	r = sd_event_add_child(w->event, &w->child, pid, WEXITED, on_child, w);
	if (r >= 0)
		w->pid = pid;
	if (r >= 0)
		r = look_again(w->child);
	if (r >= 0)
		r = sd_event_add_io(w->event, &w->io, w->channel, EPOLLIN, on_io, w);
	/* Last: from here on it is sd-event that kills and reaps. */
	if (r >= 0)
		r = sd_event_source_set_child_process_own(w->child, true);
	if (r < 0) {
		give_up(w, pid);
		return fault_set(f, r, "worker %s cannot be watched: %s", w->role, strerror(-r));
	}
	worker_expect(w, WORKER_START_MSEC);
	w->calls->started(w->context, w);
	return 0;
}

int worker_again(struct worker *w, uint64_t at_least_msec, struct fault *f)
{
	/* An end that was asked for is no death: parse is replaced after so many mails. */
	bool is_death = w->end != WORKER_ENDED_ASKED;
	unsigned n = w->young_deaths;
	uint64_t msec = 0;
	int r;

	if (is_death && n > 0)
		msec = (uint64_t) BACKOFF_MSEC
		       << (n - 1 < BACKOFF_SHIFT_MAX ? n - 1 : BACKOFF_SHIFT_MAX);
	if (msec > BACKOFF_MSEC_MAX)
		msec = BACKOFF_MSEC_MAX;
	if (msec < at_least_msec)
		msec = at_least_msec;
	w->young_deaths += is_death;
	r = sd_event_source_set_time(w->restart, monotonic(w) + msec * MSEC);
	if (r >= 0)
		r = sd_event_source_set_enabled(w->restart, SD_EVENT_ONESHOT);
	if (r < 0)
		return fault_set(f, r, "worker %s cannot be started again", w->role);
	return 0;
}

void worker_forgive(struct worker *w)
{
	w->young_deaths = 0;
}

int worker_send(struct worker *w, json_t *record, int passed)
{
	int r;

	if (!worker_is_taking(w)) {
		json_decref(record);
		return -ESRCH;
	}
	r = worker_queue_add(&w->queue, record, passed);
	return r < 0 ? r : flush(w);
}

void worker_stop(struct worker *w, uint64_t msec)
{
	(void) sd_event_source_set_enabled(w->restart, SD_EVENT_OFF);
	if (w->pid == 0)
		return;
	w->is_closing = true;
	w->end = WORKER_ENDED_ASKED;
	worker_deadline_set(&w->deadline, msec);
	if (w->channel >= 0 && flush(w) < 0)
		worker_kill(w, WORKER_ENDED_ASKED);
}

bool worker_is_running(const struct worker *w)
{
	return w->pid != 0;
}

bool worker_is_taking(const struct worker *w)
{
	return w->pid != 0 && w->channel >= 0 && !w->is_closing;
}

bool worker_is_waiting(const struct worker *w)
{
	int enabled = SD_EVENT_OFF;

	(void) sd_event_source_get_enabled(w->restart, &enabled); /* the source is there */
	return w->pid == 0 && enabled != SD_EVENT_OFF;
}

const char *worker_role(const struct worker *w)
{
	return w->role;
}

const char *worker_fault(const struct worker *w)
{
	return w->fault.text;
}

int64_t worker_pid(const struct worker *w)
{
	return w->pid;
}
