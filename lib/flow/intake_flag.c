/* intake_flag.c - what a mail on a case makes an officer look at. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "flow/intake_internal.h"
#include "flow/moves.h"

enum {
	WHY_MAX = 256,
};

/* Questions that are added later are a request of their own under FOI 2000 s.8(1), with the day on
 * which they came; the case's own last day stays what it is. */
static int flag_added(struct intake_work *w, int64_t case_id, struct fault *f)
{
	struct foi_case_deadline deadline;
	char received[DAY_TEXT_MAX];
	char due[DAY_TEXT_MAX];
	char why[WHY_MAX];
	int r = intake_count_days(w, CASE_REQUEST, &deadline, f);

	if (r < 0)
		return r;
	(void) snprintf(why, sizeof why,
		"received %s; if it asks for more, the last day for that is %s%s",
		day_text(deadline.received, DAY_ENGLISH, received),
		day_text(deadline.due, DAY_ENGLISH, due),
		deadline.is_provisional ? " (provisional)" : ""); /* fits */
	r = intake_note(w, case_id, "added-questions", why, f);
	return r < 0 ? r : store_case_flag(w->in->store, case_id, FOI_CASE_ADDED_QUESTIONS, f);
}

/* Whether a failure lies in what is kept about the case. The mail is taken in all the same: it has
 * its place on the case, and an officer reads why no clock was started. */
static bool is_of_case(int r)
{
	return r == -EPERM || r == -EINVAL || r == -E2BIG || r == -EUCLEAN;
}

/* The mail may be the answer that the case waits for, and may be none: an officer records it. */
static int propose_clarified(struct intake_work *w, int64_t case_id, struct fault *f)
{
	char received[DAY_TEXT_MAX];
	char iso[DAY_ISO_MAX];
	char why[WHY_MAX];
	int r;

	(void) snprintf(why, sizeof why,
		"a mail came on %s; if it makes clear what is wanted, the clock starts anew on "
		"that "
		"day: foictl record REFERENCE clarified --on %s",
		day_text(w->out->receipt.day, DAY_ENGLISH, received),
		day_iso(w->out->receipt.day, iso)); /* fits */
	r = intake_note(w, case_id, "clarification-proposed", why, f);
	return r < 0 ? r : store_case_flag(w->in->store, case_id, FOI_CASE_REPLY_UNSURE, f);
}

/* Not the address that asked, or only a question how it gets on. */
static bool is_doubtful_answer(const struct triage_verdict *v)
{
	return !v->about.has_sender || triage_has_reason(v, "reminder");
}

/* Starts the clock of a case that waits for clarification, or proposes it. Return: 1 it runs anew;
 * 0; negative errno. */
static int answer_waiting(struct intake_work *w, const struct moves *in, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;
	struct moves_result result;
	int r;

	if (is_doubtful_answer(v)) {
		r = moves_waits(in, v->about.reference, w->out->receipt.day, f);
		return r > 0 ? propose_clarified(w, v->about.id, f) : r;
	}
	r = moves_clarify(in, v->about.reference, w->out->receipt.day, w->now, &result, f);
	if (r > 0) {
		w->out->is_clarified = true;
		w->out->clarified_due = result.due;
	}
	return r;
}

/* Return: 1 the case waited for clarification, and its clock runs anew; 0; negative errno. */
static int clarify(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;
	const struct moves in = {
		.store = w->in->store, .conf = w->in->conf, .calendar = w->in->calendar
	};
	struct fault why = { 0 };
	int r;

	if (triage_has_reason(v, "thanks"))
		return 0;
	r = answer_waiting(w, &in, &why);
	if (r < 0 && is_of_case(r))
		return intake_note(w, v->about.id, "clarification-not-recorded", why.text, f);
	return r < 0 ? fault_set_kind(f, why.kind, r, "%s", why.text) : r;
}

int intake_flag_case(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;

	w->out->is_undelivered = v->fate == FATE_BOUNCE && triage_has_reason(v, "delivery-failed");
	if (v->about.id <= 0)
		return 0;
	if (v->fate == FATE_CORRESPONDENCE) {
		int r = clarify(w, f);

		if (r != 0)
			return r < 0 ? r : 0;
	}
	if (v->fate == FATE_CORRESPONDENCE && v->clock)
		return flag_added(w, v->about.id, f);
	/* Our mail did not arrive: the requester knows of no reference and no date. */
	if (w->out->is_undelivered)
		return store_case_flag(w->in->store, v->about.id, FOI_CASE_NOT_ACKNOWLEDGED, f);
	return 0;
}
