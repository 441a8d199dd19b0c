/* objection.c - what stands against an acknowledgement that has waited. */
/* SPDX-License-Identifier: MIT */
#include "domain/objection.h"

#include <stdio.h>

static int days_old(const struct objection_facts *a, struct day today)
{
	return today.n - a->received.n;
}

static bool is_late(const struct objection_facts *a, struct day today)
{
	return days_old(a, today) > (int) a->within_days;
}

enum objection objection_to_sending(const struct objection_facts *a, struct day today)
{
	if (a->states_due && day_compare(today, a->stated) > 0)
		return OBJECTION_PAST;
	return is_late(a, today) ? OBJECTION_LATE : OBJECTION_NONE;
}

enum objection objection_to_release(const struct objection_facts *a, struct day today)
{
	if (a->states_due && day_compare(today, a->stated) > 0)
		return OBJECTION_PAST;
	if (a->states_due && !a->has_ended && day_compare(a->due, a->stated) != 0)
		return OBJECTION_CHANGED;
	if (a->has_ended)
		return OBJECTION_ENDED;
	return is_late(a, today) ? OBJECTION_LATE : OBJECTION_NONE;
}

bool objection_can_be_waived(enum objection o)
{
	return o == OBJECTION_ENDED || o == OBJECTION_LATE;
}

char *objection_text(enum objection o, const struct objection_facts *a, struct day today,
	char buf[static OBJECTION_TEXT_MAX])
{
	char stated[DAY_TEXT_MAX];
	char received[DAY_TEXT_MAX];

	(void) day_text(a->stated, DAY_ENGLISH, stated);
	(void) day_text(a->received, DAY_ENGLISH, received);
	buf[0] = '\0';
	switch (o) {
	case OBJECTION_NONE:
	case OBJECTION_COUNT:
		break;
	case OBJECTION_PAST:
		(void) snprintf(buf, OBJECTION_TEXT_MAX, "the last day that it states, %s, is past",
			stated);
		break;
	case OBJECTION_CHANGED:
		(void) snprintf(buf, OBJECTION_TEXT_MAX,
			"it states %s as the last day, and the case has another one now", stated);
		break;
	case OBJECTION_ENDED:
		(void) snprintf(buf, OBJECTION_TEXT_MAX, "the case was answered or closed");
		break;
	case OBJECTION_LATE:
		(void) snprintf(buf, OBJECTION_TEXT_MAX,
			"it would leave %d days after the mail was received, %s, and "
			"acknowledge_within allows %u",
			days_old(a, today), received, a->within_days);
		break;
	}
	return buf; /* each fits */
}
