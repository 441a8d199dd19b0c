/* worker_fake.h - workers without processes: what they say is the fuzz target's to make up.
 *
 * Takes the place of daemon/worker.c where it is linked. What a worker says goes through a real
 * channel, so that channel_receive() sees it first. An end is told as worker.c tells it: not within
 * the call that brings it about, but behind it. */
/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_WORKER_FAKE_H
#define FUZZ_WORKER_FAKE_H

#include <stddef.h>

#include "daemon/worker.h"

/* Something beside a record. */
enum worker_fake_passed {
	WORKER_FAKE_NOTHING,
	WORKER_FAKE_SEALED, /* a memfd as it must be */
	WORKER_FAKE_OPEN,   /* one that may still be written */
	WORKER_FAKE_OTHER,  /* no memfd at all */
	WORKER_FAKE_TWO,    /* two descriptors */
};

/* What one worker says. */
struct worker_fake_record {
	const char *bytes;
	size_t n;
	enum worker_fake_passed passed;
	const char *memory; /* content of the memfd */
	size_t n_memory;
};

/* The first worker of that role that runs; NULL: there is none. */
struct worker *worker_fake_find(const char *role);

/* It says so. Return: 0; negative errno: that broke a rule, which ends it. */
int worker_fake_say(struct worker *w, const struct worker_fake_record *said);

/* It dies by itself. */
void worker_fake_die(struct worker *w);

/* Tells all ends that are due, then starts again what waits for it. */
void worker_fake_settle(void);

#endif
