/* trouble.h - how often a lasting trouble is worth a line in the journal.
 *
 * A server that is away for a night must not fill the journal, nor be forgotten in it: a trouble
 * is told when it begins, when it becomes another kind of trouble, once an hour while it lasts,
 * and when it ends. Pure: the time is an argument, in seconds of any clock that is not set back
 * often (CLOCK_BOOTTIME, or wall time). */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_TROUBLE_H
#define DAEMON_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

enum {
	TROUBLE_REPEAT_SEC = 3600,
};

/* One thing that can be in trouble (a mailbox, the SMTP server, the store). Starts from zero bytes. */
struct trouble {
	bool on;
	enum fault_kind kind; /* what was met last */
	int64_t since;	      /* when it began */
	int64_t last;	      /* when it was last told in full */
	unsigned told; /* bit 1 << kind: told since @last, so that two kinds in turn are quiet */
};

enum trouble_news {
	TROUBLE_QUIET, /* told before; say nothing */
	TROUBLE_BEGAN,
	TROUBLE_CHANGED, /* it is another kind now */
	TROUBLE_LASTS,	 /* an hour since it was last told */
};

/* Notes that @kind was met at @now. */
enum trouble_news trouble_meet(struct trouble *t, enum fault_kind kind, int64_t now_sec);

/**
 * trouble_end - note that all is well.
 * @ret_lasted_sec: how long the trouble was; set only when there was one
 *
 * Return: 1 a trouble ended, tell it; 0 there was none.
 */
int trouble_end(struct trouble *t, int64_t now_sec, int64_t *ret_lasted_sec);

#endif
