/* worker_stage.h - a worker on an event loop, and what was seen of it. */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_WORKER_STAGE_H
#define SUPPORT_WORKER_STAGE_H

#include "daemon/worker.h"

enum {
	WORKER_STAGE_LONG_MSEC = 15000, /* whatever takes longer has failed */
};

struct worker_stage {
	sd_event *event;
	struct worker *worker;
	unsigned n_started;
	unsigned n_records; /* but for those of type "drop" */
	unsigned n_dropped;
	unsigned n_ended;
	unsigned n_at_end; /* records that had come when it ended */
	json_t *last;	   /* owned */
	int passed;	   /* of the last record, owned; -1: none */
	enum worker_end how;
	int signal;
	bool is_in_order;    /* each record's "n" was the number of those before it */
	uint64_t started_at; /* microseconds */
	uint64_t ended_at;
};

/* A worker of that role that is not running yet. SIGCHLD must be blocked. */
struct worker_stage *worker_stage_new(const char *role);
struct worker_stage *worker_stage_free(struct worker_stage *s);
void worker_stage_freep(struct worker_stage **s);

/* Runs the loop until *@count is @wanted; fails the test after WORKER_STAGE_LONG_MSEC. */
void worker_stage_until(struct worker_stage *s, const unsigned *count, unsigned wanted);

/* Starts it and runs the loop until it has ended once more; no zombie may be left. */
void worker_stage_whole_life(struct worker_stage *s);

/* Asserts that this process has no child, not even a dead one. */
void worker_stage_expect_no_child(void);

#endif
