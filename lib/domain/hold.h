/* hold.h - why an acknowledgement waits for an officer, and as whose it is counted.
 *
 * Held is not lost: the case is open and its clock runs, the mail lies in the outbox, and an officer
 * is told. Only so can a limit be strict without costing anybody an answer. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_HOLD_H
#define DOMAIN_HOLD_H

#include <stddef.h>

#include "domain/triage.h"

enum hold {
	HOLD_NONE,	   /* it may go */
	HOLD_OFFICER,	   /* the mailbox wants it so, or there is a doubt about whom to answer */
	HOLD_LATE,	   /* the mail came too long ago to be answered by a program */
	HOLD_SENDER_LIMIT, /* this sender has had as many as one sender may have within a day */
	HOLD_HOUR_LIMIT,   /* as many as may leave within an hour have left */
	HOLD_RESTORED,	   /* it may have left before the store was restored: nothing tells */
	HOLD_COUNT,
};

const char *hold_word(enum hold h);	       /* "", "officer", "late", ...; stored */
const char *hold_why(enum hold h);	       /* for an officer: "an officer releases it" */
int hold_of(const char *word, enum hold *ret); /* 0; -EINVAL */

/**
 * hold_counted_as - the sender that an acknowledgement to @address is counted as.
 * @platforms: domains that have one address for each request
 * @ret:       in lower case, of the size of @address at least
 *
 * The address without regard to case, and without what stands behind a '+' before the '@': such a
 * tag costs a robot nothing, and a new one with each answer would end no exchange. A person who
 * writes under several tags is one person still. On a platform each address is a request of its
 * own, whatever characters it has, so there it counts whole. Never by domain alone: half of a
 * country writes from one.
 *
 * Standard: RFC 5233 s.1 (subaddressing); RFC 3834 s.2 (a limit that ends exchanges of robots).
 */
void hold_counted_as(
	const struct triage_list *platforms, const char *address, char *ret, size_t room);

#endif
