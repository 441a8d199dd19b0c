/* worker_deadline.c - the time by which a worker's next sign of life must come. */
/* SPDX-License-Identifier: MIT */
#include "daemon/worker_deadline.h"

enum {
	MSEC = 1000,		 /* microseconds */
	LATE_USEC = MSEC,	 /* how late a timer may be: sd-event's own 0.25 s delay starts */
	STALL_USEC = 100 * MSEC, /* one that is later than that tells of the machine */
	STALL_USEC_MAX = 1000 * MSEC,
};

static uint64_t now(const struct worker_deadline *d)
{
	uint64_t usec = 0;

	/* The source has a loop, and the loop this clock: no failure. */
	(void) sd_event_now(sd_event_source_get_event(d->source), CLOCK_MONOTONIC, &usec);
	return usec;
}

int worker_deadline_add(
	struct worker_deadline *d, sd_event *event, sd_event_time_handler_t call, void *context)
{
	int r = sd_event_add_time(event, &d->source, CLOCK_MONOTONIC, 0, LATE_USEC, call, context);

	d->at = UINT64_MAX;
	if (r >= 0)
		r = sd_event_source_set_priority(d->source, SD_EVENT_PRIORITY_NORMAL + 1);
	return r < 0 ? r : sd_event_source_set_enabled(d->source, SD_EVENT_OFF);
}

void worker_deadline_done(struct worker_deadline *d)
{
	d->source = sd_event_source_disable_unref(d->source);
}

void worker_deadline_set(struct worker_deadline *d, uint64_t msec)
{
	d->at = now(d) + msec * MSEC;
	d->is_spared = false;
	(void) sd_event_source_set_time(d->source, d->at); /* the source is there: no failure */
	(void) sd_event_source_set_enabled(d->source, SD_EVENT_ONESHOT);
}

void worker_deadline_clear(struct worker_deadline *d)
{
	d->at = UINT64_MAX;
	(void) sd_event_source_set_enabled(d->source, SD_EVENT_OFF);
}

bool worker_deadline_is_over(const struct worker_deadline *d)
{
	return now(d) > d->at;
}

bool worker_deadline_is_spared(struct worker_deadline *d)
{
	uint64_t late = now(d) - d->at;

	if (d->is_spared || late < STALL_USEC)
		return false;
	worker_deadline_set(d, (late < STALL_USEC_MAX ? late : STALL_USEC_MAX) / MSEC);
	d->is_spared = true;
	return true;
}
