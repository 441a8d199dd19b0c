/* intake_review.c - whether a review was asked for in time. */
/* SPDX-License-Identifier: MIT */
#include "flow/intake_internal.h"

int intake_note_review(struct intake_work *w, struct intake_case *c, struct fault *f)
{
	const struct triage_case *parent = &w->out->verdict.about;
	struct review_window_answer answer = { 0 };
	struct review_window_verdict verdict = { 0 };
	int r;

	/* What a review of a review would be late for, no law says. */
	if (c->kind != CASE_REVIEW || parent->id <= 0 || parent->kind != CASE_REQUEST)
		return 0;
	r = store_case_answer(w->in->store, parent->id, &answer, f);
	if (r == 0)
		r = review_window_judge(&answer, &w->in->conf->review_window, w->out->receipt.day,
			w->in->calendar, &verdict, f);
	if (r == 0)
		r = intake_note(w, c->id, "review-asked", verdict.why, f);
	if (r < 0 || !verdict.is_late)
		return r;
	c->flags |= FOI_CASE_REVIEW_LATE;
	return store_case_flag(w->in->store, c->id, FOI_CASE_REVIEW_LATE, f);
}
