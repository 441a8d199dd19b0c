/* worker.h - one worker process as register sees it: started, fed, watched, replaced.
 *
 * A worker is this very binary under another role (daemon/role.h), re-executed through
 * /proc/self/exe so that an upgrade on disk cannot mix versions. The channel to it never blocks:
 * records wait in a bounded queue until the worker reads. A worker announces how long its present
 * step may take ("step" records); one that overruns its own word is killed. One that dies is started
 * again, with back-off. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_WORKER_H
#define DAEMON_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <systemd/sd-event.h>

#include "base/fault.h"

enum {
	WORKER_QUEUE_MAX = 1024,   /* records waiting for one worker: credits keep it far below */
	WORKER_START_MSEC = 20000, /* until the first record */
	WORKER_STEP_MSEC_MAX = 3600000, /* the longest step a worker may announce */
};

struct worker;

/* How a worker ended. */
enum worker_end {
	WORKER_ENDED_ASKED,   /* after worker_stop(), in order */
	WORKER_ENDED_DIED,    /* by itself: a crash, or an exit that nobody asked for */
	WORKER_ENDED_OVERRAN, /* killed: it missed the time it had announced */
	WORKER_ENDED_BROKE,   /* killed: it broke a rule of the channel */
};

struct worker_calls {
	/* Its time is set by worker_expect() alone: a "step" from it breaks a rule. */
	bool has_no_steps;
	/* One record; of "step" only those with a "set". @passed (or -1) is closed by the caller unless taken by
	 * setting *passed to -1. A negative result says that the record broke a rule. */
	int (*record)(void *context, struct worker *w, const json_t *record, int *passed,
		struct fault *f);
	/* It runs and may be sent its "begin". */
	void (*started)(void *context, struct worker *w);
	/* It is gone, by that signal (0: it exited). worker_again() or worker_free()
	 * may follow. */
	void (*ended)(void *context, struct worker *w, enum worker_end how, int signal);
};

/**
 * worker_new - a worker that is not running yet.
 * @role:  "fetch", ...; static
 * @calls: static
 */
int worker_new(sd_event *event, const char *role, const struct worker_calls *calls, void *context,
	struct worker **ret, struct fault *f);

/* Kills what still runs without waiting for its end. NULL is fine; returns NULL. */
struct worker *worker_free(struct worker *w);
void worker_freep(struct worker **w);

/* Starts the process. Return: 0; negative errno. calls->started has been called on return 0. */
int worker_start(struct worker *w, struct fault *f);

/* Starts it again after a back-off that grows while it keeps dying young (0, 0.1 s, 0.2 s ... 30 s;
 * 0 after an end that was asked for), or after @at_least_msec if that is longer. */
int worker_again(struct worker *w, uint64_t at_least_msec, struct fault *f);

/* What it died of was no fault of its own: the next start comes without a back-off. */
void worker_forgive(struct worker *w);

/**
 * worker_send - hand a record over.
 * @record: taken over
 * @passed: duplicated; -1: none
 *
 * Return: 0; -ESRCH it does not run; -ENOBUFS its queue is full; -EMSGSIZE the record is too long;
 *         -ENOMEM.
 */
int worker_send(struct worker *w, json_t *record, int passed);

/* Closes our writing side: the worker sees EOF, finishes what it has in hand and exits. It is
 * killed if that takes longer than @msec. Records from it still come in. */
void worker_stop(struct worker *w, uint64_t msec);

/* Ends it at once. */
void worker_kill(struct worker *w, enum worker_end why);

/* Moves the time by which the next sign of life must come; for roles that announce no steps. Once it
 * was told to stop, only worker_stop() says how long that may take. */
void worker_expect(struct worker *w, uint64_t msec);
void worker_expect_nothing(struct worker *w);

bool worker_is_running(const struct worker *w);
bool worker_is_taking(const struct worker *w);	/* it runs, and was not told to stop */
bool worker_is_waiting(const struct worker *w); /* for its next start */
bool worker_is_late(const struct worker *w);	/* missed its time and still lives */
const char *worker_role(const struct worker *w);
const char *worker_fault(const struct worker *w); /* the rule it broke; "" : none */
int64_t worker_pid(const struct worker *w);	  /* 0: none */

#endif
