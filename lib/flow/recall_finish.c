/* recall_finish.c - acknowledgements whose mail is gone, and the end of a recovery.
 *
 * Law: FOI 2000 s.10(1): the request was received, whether or not its mail can still be found; the
 *      clock runs from no later than the day on which it was acknowledged. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/store_care.h"
#include "base/cleanup.h"
#include "domain/mail_encoding.h"
#include "flow/numbering.h"
#include "flow/recall.h"

struct finish {
	const struct intake *in;
	const char *actor;
	int64_t now;
	recall_opened_taker *take;
	void *context;
};

bool recall_says_day(const struct store_recalled *r, struct day day)
{
	static const enum day_language languages[] = { DAY_ENGLISH, DAY_WELSH };
	char text[DAY_TEXT_MAX];

	for (size_t i = 0; r->text && i < sizeof languages / sizeof *languages; i++) {
		const char *at = r->text;

		day_text(day, languages[i], text);
		while ((at = strstr(at, text)) != NULL) {
			/* "4 June" is no part of "14 June". */
			if (at == r->text || !strchr("0123456789", at[-1]))
				return true;
			at++;
		}
	}
	return false;
}

int recall_keep_sent(struct store *s, const struct recall_sent *sent, struct fault *f)
{
	const struct store_recalled *what = sent->what;
	struct store_outbox row = { .case_id = sent->case_id,
		.mailbox = what->mailbox,
		.kind = "acknowledgement",
		.reference = what->reference,
		.message_id = what->message_id,
		.from = "",
		.to = what->recipient,
		.bytes = what->bytes,
		.n = what->n,
		.tells_due = sent->tells_due,
		.due_told = sent->due,
		.state = STORE_OUTBOX_QUEUED, /* until the next call, in the same transaction */
		.counted_as = sent->counted_as,
		.created_at = what->at,
		.next_try = what->at };
	struct store_outbox_result result = { .state = STORE_OUTBOX_SENT,
		.at = what->at,
		.status = "",
		.reply = "",
		.is_try = true };
	int r = store_outbox_add(s, &row, &result.id, f);

	return r < 0 ? r : store_outbox_mark(s, &result, f);
}

static const struct config_mailbox *mailbox_of(const struct config *conf, const char *name)
{
	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (strcmp(conf->mailboxes[i].name, name) == 0)
			return &conf->mailboxes[i];
	return &conf->mailboxes[0]; /* it is watched no more */
}

static int count_days(const struct finish *w, const struct store_recalled *r, enum case_kind kind,
	struct foi_case_deadline *ret, struct fault *f)
{
	const struct config_mailbox *mailbox = mailbox_of(w->in->conf, r->mailbox);
	const struct statute *law = statute_of(mailbox->regime);
	struct statute_clock clock = { .regime = mailbox->regime,
		.rule = mailbox->receipt_rule,
		.working_days = kind == CASE_REVIEW ? law->review_days : law->request_days,
		.received = day_of_instant(r->at) };
	struct deadline deadline;
	int k = statute_deadline(&clock, w->in->calendar, &deadline, f);

	if (k < 0)
		return k;
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

static int note(struct finish *w, const struct store_recalled *r, int64_t id, struct fault *f)
{
	static const char why[] =
		"after a restore, the mail of this case was not found in the mailbox: the case is "
		"opened from our own acknowledgement, and its clock from the day of that; correct "
		"the day of receipt when the request is found";

	if (!*r->message_id)
		return store_event_add(w->in->store, id, 0, w->now, w->actor, "rebuilt",
			"after a restore, neither the mail nor the acknowledgement of this case "
			"was "
			"found, but a mail that quotes our acknowledgement: its clock runs from "
			"the "
			"day of that mail; correct the day of receipt when the request is found",
			f);
	return store_event_add(w->in->store, id, 0, w->now, w->actor, "rebuilt", why, f);
}

static int open_case(struct finish *w, const struct store_recalled *r, const char *reference,
	int64_t *ret_id, struct fault *f)
{
	struct foi_case_opening c = { .state = FOI_CASE_OPEN,
		.mailbox = r->mailbox,
		.authority = w->in->conf->authority_name,
		.requester = mail_is_address(r->recipient) ? r->recipient : "",
		.requester_name = "",
		.subject = "",
		.flags = FOI_CASE_REBUILT | FOI_CASE_RECEIPT_DISPUTED,
		.opened_at = w->now };
	struct recall_opened opened = { 0 };
	int k = numbering_kind(w->in->conf, reference, &c.kind);

	if (k < 0)
		c.kind = CASE_REQUEST; /* the template has changed since the scan */
	k = count_days(w, r, c.kind, &c.deadline, f);
	if (k < 0)
		return k;
	c.flags |= (c.kind == CASE_REVIEW ? (unsigned) FOI_CASE_NO_PARENT : 0) |
		   (c.deadline.is_provisional ? (unsigned) FOI_CASE_PROVISIONAL : 0);
	(void) snprintf(c.reference, sizeof c.reference, "%s", reference); /* same bound */
	k = store_case_add(w->in->store, &c, ret_id, f);
	if (k == 0)
		k = note(w, r, *ret_id, f);
	if (k < 0)
		return k;
	opened = (struct recall_opened){ .kind = c.kind,
		.received = c.deadline.received,
		.due = c.deadline.due,
		.is_provisional = c.deadline.is_provisional };
	(void) snprintf(opened.reference, sizeof opened.reference, "%s", reference);
	w->take(w->context, &opened);
	return 0;
}

/* The other case that the same mail had opened, unless it is there already. */
static int open_second(
	struct finish *w, const struct store_recalled *r, int64_t first, struct fault *f)
{
	struct triage_case known = { 0 };
	int64_t id = 0;
	int k;

	if (!*r->second)
		return 0;
	k = store_case_by_reference(w->in->store, r->second, "", &known, f);
	if (k < 0 || known.id != 0)
		return k;
	k = open_case(w, r, r->second, &id, f);
	if (k == 0)
		k = store_recalled_use(w->in->store, r->second, id, f);
	return k < 0 ? k : store_case_sibling(w->in->store, first, id, f);
}

static int open_one(struct finish *w, const struct store_recalled *r, struct fault *f)
{
	struct recall_sent sent = { .what = r };
	struct triage_case known = { 0 };
	int k = store_case_by_reference(w->in->store, r->reference, "", &known, f);

	sent.case_id = known.id;
	if (k == 0 && known.id == 0)
		k = open_case(w, r, r->reference, &sent.case_id, f);
	if (k == 0 && known.id == 0 && *r->message_id)
		k = recall_keep_sent(w->in->store, &sent, f);
	if (k == 0)
		k = store_recalled_use(w->in->store, r->reference, sent.case_id, f);
	return k < 0 ? k : open_second(w, r, sent.case_id, f);
}

int recall_finish(const struct intake *in, const char *actor, int64_t now,
	recall_opened_taker *take, void *context, struct fault *f)
{
	struct finish w = {
		.in = in, .actor = actor, .now = now, .take = take, .context = context
	};
	int r;

	for (;;) {
		CLEANUP(store_recalled_done) struct store_recalled one = { 0 };

		r = store_recalled_next(in->store, &one, f);
		if (r <= 0)
			break;
		r = open_one(&w, &one, f);
		if (r < 0)
			break;
	}
	if (r == 0)
		r = store_recovery_set(in->store, false, 0, f);
	if (r == 0)
		r = store_recovering_end(in->store, f);
	if (r == 0)
		r = store_recovery_note(in->store, now, actor, "recovered", "", f);
	return r;
}

int recall_next(const struct intake *in, const char *reference, struct fault *f)
{
	int r = numbering_skip(in->store, in->conf, reference, f);

	if (r == -ENOENT)
		return fault_set(f, -EINVAL,
			"this is no reference of [reference] request or review, written as "
			"foimaild writes it");
	return r;
}
