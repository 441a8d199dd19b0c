/* alarm.h - when something that has failed for long is worth a person's attention, and when it is over.
 *
 * Pure: the time is an argument, in microseconds of a clock that nobody sets (CLOCK_MONOTONIC). */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_ALARM_H
#define DAEMON_ALARM_H

#include <stdbool.h>
#include <stdint.h>

/* Starts from zero bytes. */
struct alarm {
	uint64_t good_usec; /* when all was well last, or when it was looked at first */
	bool is_on;
};

enum alarm_news {
	ALARM_QUIET,
	ALARM_RAISED,
	ALARM_ENDED,
};

/**
 * alarm_look - note how it is now.
 * @is_well:    it works, or has made progress since the last look
 * @now_usec:   not 0
 * @after_usec: how long it may fail before that is told
 * @ret_usec:   how long it has not been well; set unless ALARM_QUIET
 *
 * Return: RAISED once when it has failed for so long, ENDED once when it is well again.
 */
enum alarm_news alarm_look(
	struct alarm *a, bool is_well, uint64_t now_usec, uint64_t after_usec, uint64_t *ret_usec);

#endif
