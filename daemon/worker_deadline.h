/* worker_deadline.h - the time by which a worker's next sign of life must come. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_WORKER_DEADLINE_H
#define DAEMON_WORKER_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

struct worker_deadline {
	sd_event_source *source; /* owned */
	uint64_t at;	/* CLOCK_MONOTONIC, microseconds; UINT64_MAX: nothing is expected */
	bool is_spared; /* that time was moved already since it was set */
};

/* A timer that is off. What the worker has said in time is heard before @call. */
int worker_deadline_add(
	struct worker_deadline *d, sd_event *event, sd_event_time_handler_t call, void *context);
void worker_deadline_done(struct worker_deadline *d);

void worker_deadline_set(struct worker_deadline *d, uint64_t msec);
void worker_deadline_clear(struct worker_deadline *d);
bool worker_deadline_is_over(const struct worker_deadline *d);

/* Asked by the call: whether it rings only because the machine stood still, or we were busy. The
 * worker may have had no chance, and gets that much more time, once. */
bool worker_deadline_is_spared(struct worker_deadline *d);

#endif
