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

static bool has_reason(const struct triage_verdict *v, const char *rule)
{
	for (size_t i = 0; i < v->n_reasons; i++)
		if (strcmp(v->reasons[i].rule, rule) == 0)
			return true;
	return false;
}

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

/* Return: 1 the case waited for clarification, and its clock runs anew; 0; negative errno. */
static int clarify(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;
	const struct moves in = {
		.store = w->in->store, .conf = w->in->conf, .calendar = w->in->calendar
	};
	struct moves_result result;
	struct fault why = { 0 };
	int r;

	if (!v->about.has_sender || has_reason(v, "thanks") || has_reason(v, "reminder"))
		return 0;
	r = moves_clarify(&in, v->about.reference, w->out->receipt.day, w->now, &result, &why);
	if (r > 0) {
		w->out->is_clarified = true;
		w->out->clarified_due = result.due;
	}
	if (r < 0 && is_of_case(r))
		return intake_note(w, v->about.id, "clarification-not-recorded", why.text, f);
	return r < 0 ? fault_set_kind(f, why.kind, r, "%s", why.text) : r;
}

int intake_flag_case(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;

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
	if (v->fate == FATE_BOUNCE && has_reason(v, "delivery-failed"))
		return store_case_flag(w->in->store, v->about.id, FOI_CASE_NOT_ACKNOWLEDGED, f);
	return 0;
}
