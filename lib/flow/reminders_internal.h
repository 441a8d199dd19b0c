/* reminders_internal.h - the two halves of a run; nobody else includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_REMINDERS_INTERNAL_H
#define FLOW_REMINDERS_INTERNAL_H

#include "flow/reminders.h"

#define REMINDERS_NAME "reminders" /* of the row of the table of what is done once a day */

/* Gathers what is left of the report, queues the mails and notes that the day is done. */
int reminders_end(
	const struct reminders *in, struct reminders_run *run, int64_t now, struct fault *f);

#endif
