/* intake_internal.h - one mail on its way through intake, shared by intake's files. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_INTAKE_INTERNAL_H
#define FLOW_INTAKE_INTERNAL_H

#include "adapters/store_recall.h"
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
	struct store_recalled recalled; /* owned; reference "": none answers this mail */
	bool is_about_lost; /* it answers a case that is not there again yet, after a restore */
	int64_t message;    /* the mail's row */
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

/* Finds the acknowledgement that a lost store has sent for this mail: w->recalled. */
int intake_find_recalled(struct intake_work *w, struct fault *f);

/* The number that the case of that index had, "" where none is known. @ret_kind: of the case, and
 * what the number makes it. */
const char *intake_recalled_number(
	const struct intake_work *w, size_t index, enum case_kind *ret_kind);

/* The case has its old number again. */
int intake_use_recalled(struct intake_work *w, const struct intake_case *c, struct fault *f);

/* The acknowledgement that was sent is the case's. @is_neutral: it tells no last day. */
int intake_keep_acknowledgement(struct intake_work *w, bool is_neutral, struct fault *f);

/* Return: 0; -ESTALE the mail proves that cases are missing from the store. */
int intake_check_tokens(struct intake_work *w, const struct triage_facts *facts, struct fault *f);

#endif
