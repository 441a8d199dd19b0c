/* objection.h - what stands against an acknowledgement that has waited, on the day when it would leave.
 *
 * Whatever date it states is the authority's word to the requester: one that is past, or that is not
 * the case's any more, is never said, by nobody. What only comes late may be sent by a person. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_OBJECTION_H
#define DOMAIN_OBJECTION_H

#include <stdbool.h>

#include "domain/day.h"

enum {
	OBJECTION_TEXT_MAX = 256,
};

enum objection {
	OBJECTION_NONE,
	OBJECTION_PAST,	   /* the last day that it states is past */
	OBJECTION_CHANGED, /* the case has another last day now */
	OBJECTION_ENDED,   /* the case was answered or closed */
	OBJECTION_LATE,	   /* too many days after the receipt */
	OBJECTION_COUNT,
};

/* An acknowledgement and its case. */
struct objection_facts {
	bool states_due; /* as the last day ... */
	struct day stated;
	struct day received;
	unsigned within_days; /* of the receipt: so long the daemon may send it by itself */
	struct day due;	      /* of the case, as it stands now */
	bool has_ended;	      /* the case was answered or closed */
};

/* What keeps the daemon from sending it by itself: OBJECTION_PAST, OBJECTION_LATE. */
enum objection objection_to_sending(const struct objection_facts *a, struct day today);

/* What a person must know before it is sent. */
enum objection objection_to_release(const struct objection_facts *a, struct day today);

/* Whether a person may send it all the same. */
bool objection_can_be_waived(enum objection o);

/* A clause for an officer, "the last day that it states, 14 June 2018, is past"; "" for none. Return:
 * @buf. */
char *objection_text(enum objection o, const struct objection_facts *a, struct day today,
	char buf[static OBJECTION_TEXT_MAX]);

#endif
