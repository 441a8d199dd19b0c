/* intake_internal.h - one mail on its way through intake, shared by intake's files. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_INTAKE_INTERNAL_H
#define FLOW_INTAKE_INTERNAL_H

#include "flow/facts.h"
#include "flow/hints.h"
#include "flow/intake.h"
#include "flow/policy.h"

struct intake_work {
	const struct intake *in;
	const struct intake_mail *mail;
	int64_t now;
	struct policy policy; /* points into itself: never copied */
	struct matching_keys keys;
	struct store_seen seen;
	struct hints hints;
	struct receipt_evidence evidence;
	int64_t message; /* the mail's row */
	struct intake_outcome *out;
};

/* Whether the mail came too long ago to be answered by a program. */
bool intake_is_late(const struct intake_work *w);

/* Says on the case of the mail that this one repeats where it was found; flags the case when this
 * copy was received on an earlier day. */
int intake_note_duplicate(struct intake_work *w, struct fault *f);

/* Marks the case that the mail belongs to where an officer must do something about it. */
int intake_flag_case(struct intake_work *w, struct fault *f);

/* Works out the last day. A review's allowance is its regime's own. */
int intake_count_days(const struct intake_work *w, enum case_kind kind,
	struct foi_case_deadline *ret, struct fault *f);

/* Opens the cases that the verdict asks for: outcome.cases. */
int intake_open_cases(struct intake_work *w, struct fault *f);

/* Notes on a review of a known request whether it was asked for in time, and flags one that was
 * not. Its clock runs all the same. */
int intake_note_review(struct intake_work *w, struct intake_case *c, struct fault *f);

/* Queues or holds the acknowledgement that the verdict allows, if any. */
int intake_acknowledge(struct intake_work *w, struct fault *f);

/* One line of history for a case (0: none) and this mail, by the daemon. */
int intake_note(
	struct intake_work *w, int64_t case_id, const char *what, const char *why, struct fault *f);

#endif
