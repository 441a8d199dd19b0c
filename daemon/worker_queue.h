/* worker_queue.h - records that wait until a worker reads. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_WORKER_QUEUE_H
#define DAEMON_WORKER_QUEUE_H

#include <stddef.h>
#include <sys/queue.h>

#include <jansson.h>

struct waiting;

TAILQ_HEAD(waiting_list, waiting);

struct worker_queue {
	struct waiting_list list;
	size_t n;
};

void worker_queue_init(struct worker_queue *q);
void worker_queue_done(struct worker_queue *q); /* drops what waits; it can be used again */

/* Adds one at the end. @record: taken over; @passed: duplicated, -1: none. Return: 0; -ENOBUFS
 * WORKER_QUEUE_MAX are waiting; -ENOMEM, also for no record; other negative errno. */
int worker_queue_add(struct worker_queue *q, json_t *record, int passed);

/* Writes what waits. Return: 0 nothing waits any more (a dead peer takes everything); -EAGAIN the
 * peer's buffer is full; other negative errno of a record that can never go: it is taken out, so
 * that it does not stop those behind it. */
int worker_queue_flush(struct worker_queue *q, int channel);

#endif
