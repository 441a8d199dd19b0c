/* intake_case.c - the cases that a mail opens: number, clock, history. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "domain/mail_encoding.h"
#include "domain/statute.h"
#include "flow/intake_internal.h"
#include "flow/numbering.h"

enum {
	WHY_MAX = 1024, /* bytes of the reasons that go into the history */
};

int intake_count_days(const struct intake_work *w, enum case_kind kind,
	struct foi_case_deadline *ret, struct fault *f)
{
	const struct statute *law = statute_of(w->out->verdict.regime);
	struct statute_clock clock = { .regime = w->out->verdict.regime,
		.rule = w->policy.mailbox->receipt_rule,
		.working_days = kind == CASE_REVIEW ? law->review_days : law->request_days,
		.received = w->out->receipt.day };
	struct deadline deadline;
	int r = statute_deadline(&clock, w->in->calendar, &deadline, f);

	if (r < 0)
		return r;
	*ret = (struct foi_case_deadline){ .regime = clock.regime,
		.rule = clock.rule,
		.working_days = deadline.working_days,
		.received = deadline.received,
		.due = deadline.due,
		.is_provisional = deadline.provisional };
	(void) snprintf(ret->calendar_hash, sizeof ret->calendar_hash, "%s",
		deadline.calendar_hash); /* same bound */
	deadline_done(&deadline);
	return 0;
}

/* Whether an officer must write to the requester, because the daemon should and does not. */
static bool is_left_to_officer(const struct intake_work *w)
{
	const struct triage_verdict *v = &w->out->verdict;

	return v->acknowledge != ACKNOWLEDGE_NO &&
	       (intake_is_late(w) || !mail_is_address(v->requester));
}

static unsigned flags_of(
	const struct intake_work *w, enum case_kind kind, const struct foi_case_deadline *deadline)
{
	const struct triage_verdict *v = &w->out->verdict;

	return (w->out->receipt.is_disputed ? (unsigned) FOI_CASE_RECEIPT_DISPUTED : 0) |
	       (deadline->is_provisional ? (unsigned) FOI_CASE_PROVISIONAL : 0) |
	       (v->is_subject_access ? (unsigned) FOI_CASE_SUBJECT_ACCESS : 0) |
	       (kind == CASE_REVIEW && v->about.id <= 0 ? (unsigned) FOI_CASE_NO_PARENT : 0) |
	       (is_left_to_officer(w) ? (unsigned) FOI_CASE_NOT_ACKNOWLEDGED : 0) |
	       (v->fate == FATE_UNREADABLE ? (unsigned) FOI_CASE_UNREADABLE : 0) |
	       (v->is_suspect ? (unsigned) FOI_CASE_SUSPECT : 0);
}

static void describe(const struct intake_work *w, enum case_kind kind,
	const struct foi_case_deadline *deadline, struct foi_case_opening *ret)
{
	const struct triage_verdict *v = &w->out->verdict;
	const struct letter *l = w->mail->letter;

	*ret = (struct foi_case_opening){ .kind = kind,
		.state = v->fate == FATE_TRIAGE ? FOI_CASE_TRIAGE : FOI_CASE_OPEN,
		.parent = kind == CASE_REVIEW && v->about.id > 0 ? v->about.id : 0,
		.message = w->message,
		.mailbox = w->policy.mailbox->name,
		.authority = w->in->conf->authority_name,
		.requester = v->requester,
		.requester_name = v->requester_name,
		.subject = l ? l->subject : "",
		.platform_address = kind == CASE_REQUEST ? w->keys.platform_address : "",
		.flags = flags_of(w, kind, deadline),
		.opened_at = w->now,
		.deadline = *deadline };
}

/* The reasons of the verdict in the order in which they were found, as one English text. */
static void join_reasons(const struct triage_verdict *v, char *text, size_t room)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < v->n_reasons && n < room; i++) {
		int k = snprintf(text + n, room - n, "%s%s", i ? "; " : "", v->reasons[i].evidence);

		if (k < 0)
			return;
		n += (size_t) k;
	}
}

static int note_opening(struct intake_work *w, const struct intake_case *c, struct fault *f)
{
	char why[WHY_MAX];
	int r;

	join_reasons(&w->out->verdict, why, sizeof why);
	r = intake_note(w, c->id, "opened", why, f);
	if (r < 0)
		return r;
	return intake_note(w, c->id, "received", w->out->receipt.why, f);
}

/* A review has its parent, and a sibling that it shares with what came in the same mail. Any other
 * case that a mail on a known case opens is to be found there. */
static int relate(struct intake_work *w, const struct intake_case *c, struct fault *f)
{
	int64_t about = w->out->verdict.about.id;

	if (w->out->verdict.fate == FATE_REVIEW || about <= 0)
		return 0;
	return store_case_relate(w->in->store, c->id, about, f);
}

/* The number that the requester was told before a restore, or a new one. */
static int number(
	struct intake_work *w, const char *told, struct foi_case_opening *c, struct fault *f)
{
	if (!*told)
		return numbering_next(w->in->store, w->in->conf, c->kind,
			c->state == FOI_CASE_TRIAGE, c->deadline.received, day_of_instant(w->now),
			c->reference, f);
	(void) snprintf(c->reference, sizeof c->reference, "%s", told); /* same bound */
	c->state = FOI_CASE_OPEN; /* it was answered as a case, whatever it looks like now */
	return 0;
}

static int open_case(
	struct intake_work *w, enum case_kind kind, struct intake_case *ret, struct fault *f)
{
	const char *told = intake_recalled_number(w, w->out->n_cases, &kind);
	struct foi_case_deadline deadline;
	struct foi_case_opening opening;
	int r = intake_count_days(w, kind, &deadline, f);

	if (r < 0)
		return r;
	describe(w, kind, &deadline, &opening);
	r = number(w, told, &opening, f);
	if (r == 0)
		r = store_case_add(w->in->store, &opening, &ret->id, f);
	if (r < 0)
		return r;
	ret->kind = kind;
	ret->state = opening.state;
	ret->flags = opening.flags;
	ret->received = deadline.received;
	ret->due = deadline.due;
	(void) snprintf(ret->reference, sizeof ret->reference, "%s", opening.reference);
	r = note_opening(w, ret, f);
	if (r == 0 && *told)
		r = intake_use_recalled(w, ret, f);
	if (r == 0)
		r = relate(w, ret, f);
	return r < 0 ? r : intake_note_review(w, ret, f);
}

int intake_open_cases(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;
	struct intake_outcome *out = w->out;
	/* Triage asks a person, but its clock runs: it is a case with a number of its own. */
	size_t n = v->n_opens == 0 && v->fate == FATE_TRIAGE && v->clock ? 1 : v->n_opens;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = open_case(w, i < v->n_opens ? v->opens[i] : CASE_REQUEST, &out->cases[i], f);
		if (r == 0)
			out->n_cases++;
	}
	if (r == 0 && out->n_cases > 0)
		r = store_message_case(w->in->store, w->message, out->cases[0].id, f);
	if (r == 0 && out->n_cases == TRIAGE_OPENS_MAX)
		r = store_case_sibling(w->in->store, out->cases[0].id, out->cases[1].id, f);
	return r;
}
