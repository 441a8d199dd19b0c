/* intake.c - from one mail to its fate.
 *
 * The order inside the transaction: judge, the day of receipt, the mail's row, its cases (which need the row), the
 * acknowledgement (which needs the reference). All of it is one commit, so that a reference
 * without a mail, or an acknowledgement without a case, cannot be. */
/* SPDX-License-Identifier: MIT */
#include "flow/intake.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "flow/intake_internal.h"

int intake_note(
	struct intake_work *w, int64_t case_id, const char *what, const char *why, struct fault *f)
{
	return store_event_add(w->in->store, case_id, w->message, w->now, "daemon", what, why, f);
}

/* A mail that no reader survived: the clock runs all the same, from what the server told. */
static void judge_unreadable(struct intake_work *w)
{
	struct triage_verdict *v = &w->out->verdict;

	*v = (struct triage_verdict){ .fate = FATE_UNREADABLE,
		.opens = { CASE_REQUEST },
		.n_opens = 1,
		.clock = true,
		.acknowledge = ACKNOWLEDGE_NO,
		.regime = w->policy.mailbox->regime,
		.n_reasons = 1 };
	v->reasons[0].rule = "unreadable";
	(void) snprintf(v->reasons[0].evidence, sizeof v->reasons[0].evidence, "%s",
		"the mail cannot be read by the daemon; open it in the mailbox (FOI 2000 s.10: the "
		"clock runs)");
}

/* A mail that is here already belongs to the case of the first. */
static int name_repeated(struct intake_work *w, struct fault *f)
{
	struct triage_verdict *v = &w->out->verdict;

	if (v->fate != FATE_DUPLICATE || w->seen.case_id == 0)
		return 0;
	return store_case_by_id(
		w->in->store, w->seen.case_id, letter_sender(w->mail->letter), &v->about, f);
}

static int judge(struct intake_work *w, struct fault *f)
{
	const struct facts_place place = { .is_in_junk = w->mail->is_in_junk,
		.internaldate = w->mail->internaldate };
	struct triage_facts facts;
	int r;

	if (!w->mail->letter) {
		judge_unreadable(w);
		return 0;
	}
	matching_find(&w->policy.matching, w->mail->letter, &w->keys);
	r = facts_gather(w->in->store, w->mail->letter, &w->keys, &place, &facts, &w->seen, f);
	if (r == 0)
		r = intake_check_tokens(w, &facts, f);
	if (r < 0)
		return r;
	triage_judge(&w->policy.triage, w->mail->letter, &w->keys, &facts, &w->out->verdict);
	r = name_repeated(w, f);
	if (r < 0)
		return r;
	return hints_gather(
		w->in->store, &w->policy, w->mail->letter, &w->out->verdict, &w->hints, f);
}

static int64_t gateway_instant(const struct intake_work *w)
{
	const struct config_list *hosts = &w->in->conf->received_by;

	if (!w->mail->letter)
		return 0;
	return receipt_gateway(w->mail->letter, (const char *const *) hosts->entries, hosts->n);
}

/* The day of receipt depends on the law, and the law on what the mail says. */
static void propose_receipt(struct intake_work *w)
{
	const struct intake_mail *mail = w->mail;

	w->evidence = (struct receipt_evidence){ .internaldate = mail->internaldate,
		.gateway = gateway_instant(w),
		.first_seen = mail->first_seen,
		.sent = mail->letter ? mail->letter->date : 0 };
	receipt_propose(&w->evidence, statute_of(w->out->verdict.regime), &w->out->receipt);
}

static int record_message(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;
	struct store_message row = { .epoch = w->mail->epoch,
		.uid = w->mail->uid,
		.first_seen = w->mail->first_seen,
		.internaldate = w->mail->internaldate,
		.gateway = w->evidence.gateway,
		.size = w->mail->size,
		.letter = w->mail->letter,
		.verdict = v,
		.platform_message = w->keys.platform_message,
		.hints = &w->hints.list,
		.received = w->out->receipt.day,
		.is_receipt_disputed = w->out->receipt.is_disputed,
		.case_id = v->n_opens == 0 && v->about.id > 0 ? v->about.id : 0,
		.duplicate_of = v->fate == FATE_DUPLICATE ? w->seen.message : 0,
		.raw = w->mail->raw,
		.raw_bytes = w->mail->raw_bytes };
	int r;

	r = store_message_add(w->in->store, &row, &w->message, f);
	return r < 0 ? r : hints_keep(w->in->store, w->message, &w->hints, f);
}

/* Says on the case that the mail belongs to, or on the mail itself, what became of it. */
static int note_fate(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;
	int64_t case_id = v->n_opens == 0 && v->about.id > 0 ? v->about.id : 0;
	const char *why = v->n_reasons > 0 ? v->reasons[0].evidence : "";

	if (v->fate == FATE_DUPLICATE && case_id != 0)
		return intake_note_duplicate(w, f);
	return intake_note(w, case_id, fate_word(v->fate), why, f);
}

static int take(struct intake_work *w, struct fault *f)
{
	int r = judge(w, f);

	if (r == 0)
		r = intake_find_recalled(w, f);
	if (r < 0)
		return r;
	propose_receipt(w);
	r = record_message(w, f);
	if (r == 0)
		r = note_fate(w, f);
	if (r == 0)
		r = intake_flag_case(w, f);
	if (r == 0)
		r = intake_open_cases(w, f);
	if (r == 0)
		r = intake_acknowledge(w, f);
	return r;
}

int intake_take(const struct intake *in, const struct intake_mail *mail, int64_t now,
	struct intake_outcome *ret, struct fault *f)
{
	struct intake_work w = { .in = in, .mail = mail, .now = now, .out = ret };
	int r;

	*ret = (struct intake_outcome){ 0 };
	policy_init(&w.policy, in->conf, mail->mailbox, store_key(in->store));
	r = take(&w, f);
	store_recalled_done(&w.recalled);
	return r;
}
