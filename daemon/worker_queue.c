/* worker_queue.c - records that wait until a worker reads. */
/* SPDX-License-Identifier: MIT */
#include "daemon/worker_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/worker.h"

struct waiting {
	TAILQ_ENTRY(waiting) entries;
	json_t *record; /* owned */
	int passed;	/* owned; -1: none */
};

void worker_queue_init(struct worker_queue *q)
{
	TAILQ_INIT(&q->list);
	q->n = 0;
}

static void drop_first(struct worker_queue *q)
{
	struct waiting *one = TAILQ_FIRST(&q->list);

	TAILQ_REMOVE(&q->list, one, entries);
	q->n--;
	json_decref(one->record);
	closep(&one->passed);
	free(one);
}

void worker_queue_done(struct worker_queue *q)
{
	while (!TAILQ_EMPTY(&q->list))
		drop_first(q);
}

int worker_queue_add(struct worker_queue *q, json_t *record, int passed)
{
	CLEANUP(channel_record_freep) json_t *owned = record;
	struct waiting *one;
	int r;

	if (!owned)
		return -ENOMEM;
	if (q->n >= WORKER_QUEUE_MAX)
		return -ENOBUFS;
	one = calloc(1, sizeof *one);
	if (!one)
		return -ENOMEM;
	one->passed = passed < 0 ? -1 : fcntl(passed, F_DUPFD_CLOEXEC, 0);
	if (passed >= 0 && one->passed < 0) {
		r = -errno;
		free(one);
		return r;
	}
	one->record = TAKE_PTR(owned);
	TAILQ_INSERT_TAIL(&q->list, one, entries);
	q->n++;
	return 0;
}

int worker_queue_flush(struct worker_queue *q, int channel)
{
	while (!TAILQ_EMPTY(&q->list)) {
		const struct waiting *one = TAILQ_FIRST(&q->list);
		int r = channel_send(channel, one->record, one->passed, NULL);

		if (r == -EAGAIN)
			return r;
		drop_first(q);
		/* EPIPE: it is dying; its end will be told by itself. */
		if (r < 0 && r != -EPIPE)
			return r;
	}
	return 0;
}
