/* register_recount.h - open cases counted anew after the bank holidays have changed.
 *
 * A walk through all live cases, a few in a transaction of their own behind each turn, so that
 * intake goes on meanwhile. It rests on what the store says of each part: whatever ends it half way,
 * the next start goes on where it was. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_RECOUNT_H
#define DAEMON_REGISTER_RECOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

struct register_state;

/* Where the walk is. */
struct recount {
	bool is_on;
	char hash[DIGEST_HEX_MAX]; /* of the calendar that is counted with */
	int64_t after;		   /* cases up to this id are done */
	size_t limit;		   /* cases of the next transaction; 0: the usual */
	uint64_t started_us;
	uint64_t n_cases;
	uint64_t n_changed;
	uint64_t n_failed;
};

/* Does the next few, if there are any; asks for another turn while there are more. */
void register_recount(struct register_state *reg);

#endif
