/* intake_recalled.c - mails that were acknowledged by a store that is lost.
 *
 * What the requester was told stays true: the number that our acknowledgement names is the case's,
 * and no second acknowledgement is made. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "domain/acknowledgement.h"
#include "flow/intake_internal.h"
#include "flow/moves.h"
#include "flow/numbering.h"
#include "flow/recall.h"

enum {
	WHY_MAX = 256,
};

static bool opens_case(const struct triage_verdict *v)
{
	return v->n_opens > 0 || (v->fate == FATE_TRIAGE && v->clock);
}

int intake_find_recalled(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;
	int r;

	if (!w->mail->letter || !opens_case(v))
		return 0;
	r = store_recalled_find(
		w->in->store, w->mail->letter->message_id, v->requester, &w->recalled, f);
	return r < 0 ? r : 0;
}

const char *intake_recalled_number(
	const struct intake_work *w, size_t index, enum case_kind *ret_kind)
{
	const char *reference = index == 0 ? w->recalled.reference : w->recalled.second;
	enum case_kind kind;

	if (!*reference || numbering_kind(w->in->conf, reference, &kind) < 0)
		return "";
	/* The number says what it was taken for then. */
	if (index > 0 && kind != *ret_kind)
		return "";
	*ret_kind = kind;
	return reference;
}

int intake_use_recalled(struct intake_work *w, const struct intake_case *c, struct fault *f)
{
	char day[DAY_TEXT_MAX];
	char why[WHY_MAX];
	int r = store_recalled_use(w->in->store, c->reference, c->id, f);

	(void) snprintf(why, sizeof why,
		"after a restore: our acknowledgement of %s, found in the %s, names this number",
		day_text(day_of_instant(w->recalled.at), DAY_ENGLISH, day),
		w->recalled.proof == STORE_PROOF_SENT ? "Sent folder" : "mailbox"); /* fits */
	return r < 0 ? r : intake_note(w, c->id, "rebuilt", why, f);
}

/* What the requester was told cannot be read: an officer compares. */
static int flag(struct intake_work *w, struct fault *f)
{
	struct intake_case *c = &w->out->cases[0];
	int r = intake_note(w, c->id, "rebuilt-unsure",
		"what the acknowledgement says of the last day could not be compared with this "
		"one: "
		"look at it in the Sent folder",
		f);

	c->flags |= FOI_CASE_REBUILT;
	return r < 0 ? r : store_case_flag(w->in->store, c->id, FOI_CASE_REBUILT, f);
}

int intake_keep_acknowledgement(struct intake_work *w, bool is_neutral, struct fault *f)
{
	const struct intake_case *c = &w->out->cases[0];
	char counted_as[TRIAGE_NAME_MAX];
	struct recall_sent sent = { .what = &w->recalled,
		.case_id = c->id,
		.counted_as = counted_as,
		.tells_due = !is_neutral && recall_says_day(&w->recalled, c->due),
		.due = c->due };
	int r;

	hold_counted_as(
		&w->policy.triage.platforms, w->recalled.recipient, counted_as, sizeof counted_as);
	r = recall_keep_sent(w->in->store, &sent, f);
	if (r == 0)
		r = moves_acknowledged(w->in->store, c->id, w->recalled.at, f);
	return r < 0 || is_neutral || sent.tells_due ? r : flag(w, f);
}

/* A token of ours for a case of the templates that the store has never heard of. */
static bool is_lost(const struct intake_work *w, const char *reference, const struct triage_case *c)
{
	enum case_kind kind;

	return *reference && c->id == 0 && numbering_kind(w->in->conf, reference, &kind) == 0;
}

int intake_check_tokens(struct intake_work *w, const struct triage_facts *facts, struct fault *f)
{
	struct store_recovery recovery = { 0 };
	int r;

	if (!is_lost(w, w->keys.own, &facts->own) && !is_lost(w, w->keys.thread, &facts->thread) &&
		!is_lost(w, w->keys.embedded, &facts->embedded))
		return 0;
	r = store_recovery(w->in->store, &recovery, f);
	if (r < 0)
		return r;
	w->is_about_lost = true;
	if (recovery.since != 0)
		return 0;
	return fault_set(f, -ESTALE,
		"a mail carries our own token of a case that this store never had: it is older "
		"than "
		"what was sent");
}
