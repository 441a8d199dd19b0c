/* intake_acknowledge.c - the one mail that a request or a demand for review is answered with.
 *
 * Law:      not statutory; but whatever date it states is the authority's word.
 * Standard: RFC 3834.
 * Security: one mail in gives at most one mail out, to its sender (or whom a configured form
 *           names), without a word of theirs in it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/envelope.h"
#include "flow/intake_internal.h"

enum {
	DAY_SEC = 86400,
	HOUR_SEC = 3600,
	WHY_MAX = 128,
	NO_DATE_FLAGS = FOI_CASE_RECEIPT_DISPUTED | FOI_CASE_PROVISIONAL | FOI_CASE_SUBJECT_ACCESS,
};

/* RFC 3834 s.2 asks for one: two robots that answer each other, or a flood, must come to an end. */
struct limit {
	const char *counted_as; /* NULL: all senders together */
	int64_t seconds;
	unsigned max; /* acknowledgements within them */
};

/* No date is told while it may be wrong, and none for a mail that opened two cases: there would
 * be two dates in it and no room for a doubt about either. */
static enum acknowledgement_kind kind_of(const struct intake_outcome *out)
{
	if ((out->cases[0].flags & NO_DATE_FLAGS) != 0 || out->n_cases > 1)
		return ACKNOWLEDGEMENT_NEUTRAL;
	return out->cases[0].kind == CASE_REVIEW ? ACKNOWLEDGEMENT_REVIEW : ACKNOWLEDGEMENT_REQUEST;
}

static struct acknowledgement_words words_of(const struct config *conf)
{
	return (struct acknowledgement_words){ .authority = conf->authority_name,
		.emergency = conf->emergency,
		.formats = conf->formats,
		.privacy_notice = conf->privacy_notice,
		.regulator = conf->regulator,
		.contact = conf->contact };
}

/* "A", or "A and B" where one mail opened two cases. */
static void name_cases(const struct intake_outcome *out, char *buf, size_t room)
{
	(void) snprintf(buf, room, "%s%s%s", out->cases[0].reference,
		out->n_cases > 1 ? " and " : "",
		out->n_cases > 1 ? out->cases[1].reference : ""); /* room for two */
}

static int build(const struct intake_work *w, const struct envelope *envelope, char **ret,
	size_t *ret_n, struct fault *f)
{
	const struct config *conf = w->in->conf;
	const struct intake_outcome *out = w->out;
	const struct statute *law = statute_of(out->verdict.regime);
	char reference[2 * REFERENCE_MAX + 8];
	struct acknowledgement a = { .words = words_of(conf),
		.from = *conf->smtp_from ? conf->smtp_from : w->policy.mailbox->address,
		.from_name = *conf->smtp_from_name ? conf->smtp_from_name : conf->authority_name,
		.to = out->verdict.requester,
		.reference = reference,
		.parent = out->cases[0].kind == CASE_REVIEW ? out->verdict.about.reference : "",
		.received = out->cases[0].received,
		.due = out->cases[0].due,
		.working_days =
			out->cases[0].kind == CASE_REVIEW ? law->review_days : law->request_days,
		.regime = out->verdict.regime,
		.date = w->now,
		.message_id = envelope->message_id,
		.thread_token = envelope->thread,
		.in_reply_to = w->mail->letter->message_id,
		.references = (const char *const *) w->mail->letter->references,
		.n_references = w->mail->letter->n_references };

	name_cases(out, reference, sizeof reference);
	a.template = templates_get(w->in->templates, kind_of(out), out->verdict.regime);
	return acknowledgement_build(&a, ret, ret_n, f);
}

bool intake_is_late(const struct intake_work *w)
{
	int32_t age = day_of_instant(w->now).n - w->out->receipt.day.n;

	return age > (int32_t) w->policy.mailbox->acknowledge_within_days;
}

/* Whether a limit is reached, and whether it holds one for the first time in its span. */
static int look_at_limit(
	struct intake_work *w, enum hold hold, const struct limit *limit, struct fault *f)
{
	/* A clock that was put back leaves rows ahead of it, which count; one that had been wrong by
	 * more than the span does not hold everything up until its day has come. */
	struct store_outbox_span span = { .counted_as = limit->counted_as,
		.hold = HOLD_NONE,
		.from = w->now - limit->seconds + 1,
		.to = w->now + limit->seconds,
		.max = limit->max };
	uint64_t n;
	int r = store_outbox_count(w->in->store, &span, &n, f);

	if (r < 0 || n < limit->max)
		return r;
	w->out->hold = hold;
	span.hold = hold;
	span.max = 1;
	r = store_outbox_count(w->in->store, &span, &n, f);
	w->out->is_limit_new = r == 0 && n == 0;
	return r;
}

static int look_at_limits(struct intake_work *w, const char *counted_as, struct fault *f)
{
	const struct config *conf = w->in->conf;
	const struct limit sender = { counted_as, DAY_SEC, conf->sender_limit };
	const struct limit hour = { NULL, HOUR_SEC, conf->hour_limit };
	int r = look_at_limit(w, HOLD_SENDER_LIMIT, &sender, f);

	if (r == 0 && w->out->hold == HOLD_NONE)
		r = look_at_limit(w, HOLD_HOUR_LIMIT, &hour, f);
	return r;
}

/* Whether this one must wait for an officer, and why. */
static int find_hold(struct intake_work *w, char *counted_as, size_t room, struct fault *f)
{
	struct store_recovery recovery = { 0 };
	int r = store_recovery(w->in->store, &recovery, f);

	hold_counted_as(&w->policy.triage.platforms, w->out->verdict.requester, counted_as, room);
	if (r < 0)
		return r;
	if (w->is_about_lost || w->mail->internaldate < recovery.hold_before)
		w->out->hold = HOLD_RESTORED;
	else if (intake_is_late(w))
		w->out->hold = HOLD_LATE;
	else if (w->out->verdict.acknowledge == ACKNOWLEDGE_HOLD)
		w->out->hold = HOLD_OFFICER;
	else
		return look_at_limits(w, counted_as, f);
	return 0;
}

/* The officer must write where the limit keeps the daemon from it. */
static int note_held(struct intake_work *w, struct fault *f)
{
	struct intake_case *c = &w->out->cases[0];
	char why[WHY_MAX];
	int r;

	(void) snprintf(why, sizeof why, "held: %s", hold_why(w->out->hold)); /* fits */
	r = intake_note(w, c->id, "acknowledgement-held", why, f);
	if (r < 0 || w->out->hold == HOLD_OFFICER)
		return r;
	c->flags |= FOI_CASE_NOT_ACKNOWLEDGED;
	return store_case_flag(w->in->store, c->id, FOI_CASE_NOT_ACKNOWLEDGED, f);
}

static int queue(struct intake_work *w, const struct envelope *envelope, const char *bytes,
	size_t n, struct fault *f)
{
	struct intake_outcome *out = w->out;
	char counted_as[TRIAGE_NAME_MAX];
	int64_t id;
	int r = find_hold(w, counted_as, sizeof counted_as, f);
	struct store_outbox row = { .case_id = out->cases[0].id,
		.mailbox = w->policy.mailbox->name,
		.kind = "acknowledgement",
		.reference = out->cases[0].reference,
		.message_id = envelope->message_id,
		.from = envelope->from,
		.to = out->verdict.requester,
		.bytes = bytes,
		.n = n,
		.wants_copy = *w->policy.mailbox->sent_folder != '\0',
		.tells_due = kind_of(out) != ACKNOWLEDGEMENT_NEUTRAL,
		.due_told = out->cases[0].due,
		.state = out->hold ? STORE_OUTBOX_HELD : STORE_OUTBOX_QUEUED,
		.hold = out->hold,
		.counted_as = counted_as,
		.created_at = w->now,
		.next_try = w->now };

	if (r == 0)
		r = store_outbox_add(w->in->store, &row, &id, f);
	if (r < 0)
		return r;
	out->is_queued = out->hold == HOLD_NONE;
	if (!out->is_queued)
		return note_held(w, f);
	return intake_note(w, row.case_id, "acknowledgement-queued", "", f);
}

/* An address that cannot stand in a header costs the acknowledgement, never the case. */
static int give_up(struct intake_work *w, const struct fault *why, struct fault *f)
{
	return intake_note(w, w->out->cases[0].id, "acknowledgement-impossible", why->text, f);
}

int intake_acknowledge(struct intake_work *w, struct fault *f)
{
	CLEANUP(freep) char *bytes = NULL;
	struct intake_outcome *out = w->out;
	struct fault why = { 0 };
	struct envelope envelope;
	size_t n;
	int r;

	if (out->n_cases > 0 && strcmp(out->cases[0].reference, w->recalled.reference) == 0)
		return intake_keep_acknowledgement(w, kind_of(out) == ACKNOWLEDGEMENT_NEUTRAL, f);
	if (out->n_cases == 0 || out->verdict.acknowledge == ACKNOWLEDGE_NO ||
		*out->verdict.requester == '\0' || !w->mail->letter)
		return 0;
	r = envelope_make(&w->policy, out->cases[0].reference, &envelope, f);
	if (r < 0)
		return r;
	r = build(w, &envelope, &bytes, &n, &why);
	if (r == -EINVAL)
		return give_up(w, &why, f);
	if (r < 0)
		return fault_set(f, r, "%s", why.text);
	return queue(w, &envelope, bytes, n, f);
}
