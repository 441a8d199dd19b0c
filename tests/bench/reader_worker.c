/* reader_worker.c - reading all mails by the parse role, as register does it: the process behind its
 * wall, the channel, the memfds, PARSE_CREDIT mails on the way, each letter decoded and checked. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-event.h>

#include "adapters/channel.h"
#include "adapters/letter_record.h"
#include "base/cleanup.h"
#include "daemon/parse.h"
#include "daemon/worker.h"
#include "tests/bench/reader.h"

enum {
	STOP_MSEC = 10000,
};

struct reading {
	const struct bench_mails *mails; /* borrowed */
	struct worker *worker;
	size_t given; /* mails, in their order */
	size_t taken;
	double wall; /* when the first mail was given */
	double cpu;
	double reader_cpu; /* what the worker had used by then: its start is not measured */
	struct bench_cost cost;
	bool has_ended;
};

static double worker_cpu(const struct worker *worker)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid((pid_t) worker_pid(worker), &clock) != 0 ||
		clock_gettime(clock, &t) < 0)
		bench_give_up("the worker's clock cannot be read");
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static void give(struct reading *rd)
{
	while (rd->given < rd->mails->n && rd->given - rd->taken < PARSE_CREDIT) {
		if (worker_send(rd->worker,
			    json_pack("{s:s, s:I, s:b}", "type", "read", "id",
				    (json_int_t) rd->given + 1, "truncated", 0),
			    rd->mails->list[rd->given].memfd) < 0)
			bench_give_up("a mail cannot be given out");
		rd->given++;
	}
}

static void finish(struct reading *rd)
{
	rd->cost = (struct bench_cost){ .wall = bench_wall() - rd->wall,
		.cpu = worker_cpu(rd->worker) - rd->reader_cpu,
		.register_cpu = bench_cpu() - rd->cpu };
	worker_stop(rd->worker, STOP_MSEC);
}

static int take(
	void *context, struct worker *worker, const json_t *record, int *passed, struct fault *f)
{
	CLEANUP(letter_freep) struct letter *l = NULL;
	CLEANUP(sealed_unmap) struct sealed bytes = { 0 };
	struct reading *rd = context;
	int64_t id;
	int r;

	(void) worker;
	if (strcmp(channel_type(record), "ready") == 0)
		return 0;
	r = channel_number(record, "id", 1, INT64_MAX, &id, f);
	if (r < 0 || strcmp(channel_type(record), "letter") != 0)
		bench_give_up("a mail was not read");
	r = sealed_map(*passed, LETTER_RECORD_MAX, &bytes, f);
	if (r == 0)
		r = letter_record_decode(bytes.bytes, bytes.n, &l, f);
	if (r < 0 || (size_t) id != ++rd->taken)
		bench_give_up("a letter cannot be taken");
	if (rd->taken == 1) {
		/* The first mail is not measured: the worker was starting while it waited. */
		rd->wall = bench_wall();
		rd->cpu = bench_cpu();
		rd->reader_cpu = worker_cpu(rd->worker);
	}
	if (rd->taken == rd->mails->n)
		finish(rd);
	else
		give(rd);
	return 0;
}

static void on_started(void *context, struct worker *worker)
{
	struct reading *rd = context;

	(void) worker;
	/* One alone: whoever has answered has started. */
	if (worker_send(rd->worker,
		    json_pack("{s:s, s:I, s:b}", "type", "read", "id", (json_int_t) 1, "truncated",
			    0),
		    rd->mails->list[0].memfd) < 0)
		bench_give_up("a mail cannot be given out");
	rd->given = 1;
}

static void on_ended(void *context, struct worker *worker, enum worker_end how, int signal)
{
	struct reading *rd = context;

	(void) worker;
	(void) signal;
	if (how != WORKER_ENDED_ASKED)
		bench_give_up("the worker died");
	rd->has_ended = true;
}

static const struct worker_calls calls = {
	.record = take,
	.started = on_started,
	.ended = on_ended,
};

struct bench_cost bench_worker(const struct bench_mails *mails)
{
	__attribute__((cleanup(sd_event_unrefp))) sd_event *event = NULL;
	struct reading rd = { .mails = mails };

	if (sd_event_new(&event) < 0 ||
		worker_new(event, "parse", &calls, &rd, &rd.worker, NULL) < 0 ||
		worker_start(rd.worker, NULL) < 0)
		bench_give_up("no worker");
	while (!rd.has_ended)
		if (sd_event_run(event, UINT64_MAX) < 0)
			bench_give_up("the loop broke");
	worker_free(rd.worker);
	return rd.cost;
}
