/* reminders_mail.c - the end of a day's run: what officers are told by mail.
 *
 * A mail's Message-ID is made from its kind, the day and the address, and the outbox has each
 * Message-ID once: so a mail goes once a day to each address, whatever is begun again. Its tokens
 * name no case, but tell that a report or an absence note in answer to it is about a mail of ours.
 *
 * Security: references and dates only; the mail leaves the building. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/store_calendar.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/text.h"
#include "domain/outgoing.h"
#include "flow/envelope.h"
#include "flow/reminders_internal.h"

/* ---- what is told ---------------------------------------------------------------------------- */

static int take_held(void *context, const char *reference, int64_t created_at, enum hold hold)
{
	struct officer_report *report = context;

	officer_list_add(&report->held, reference, day_of_instant(created_at), 0);
	report->n_sender_limited += hold == HOLD_SENDER_LIMIT;
	report->n_hour_limited += hold == HOLD_HOUR_LIMIT;
	return 0;
}

static int take_failed(void *context, const char *reference, int64_t created_at, enum hold hold)
{
	struct officer_report *report = context;

	(void) hold; /* it was not held */
	officer_list_add(&report->failed, reference, day_of_instant(created_at), 0);
	return 0;
}

static int gather(const struct reminders *in, struct officer_report *report, struct fault *f)
{
	struct store_calendar_feed feed = { 0 };
	struct store_daily last = { 0 };
	int r = store_daily(in->store, REMINDERS_NAME, &last, f);

	if (r >= 0)
		r = store_remind_news(in->store, &last, report->fates, &report->n_opened, f);
	if (r == 0)
		r = store_remind_held(in->store, take_held, report, f);
	if (r == 0)
		r = store_remind_failed(in->store, take_failed, report, f);
	if (r == 0)
		r = store_remind_unsent(in->store, &report->n_unsent, &report->oldest_unsent, f);
	if (r == 0)
		r = store_calendar_feed(in->store, &feed, f);
	if (r < 0)
		return r;
	report->feed_waits = *feed.pending_hash != '\0';
	report->since = last.at;
	report->has_horizon =
		calendar_covers_until(in->calendar, CALENDAR_UK, &report->horizon) == 0;
	return 0;
}

/* ---- mails ----------------------------------------------------------------------------------- */

static const struct mail {
	const char *label; /* in the tokens, where small letters would take three bytes each */
	size_t list;	   /* of the configuration: who gets it */
} mails[OFFICER_MAIL_KIND_COUNT] = {
	[OFFICER_MAIL_DIGEST] = { "DIGEST", offsetof(struct config, digest_to) },
	[OFFICER_MAIL_ESCALATION] = { "ESCALATION", offsetof(struct config, escalate_to) },
};

/* "DIGEST 20261125 1A2B3C4D": what the tokens name in place of a case. */
static void name_mail(const struct policy *p, enum officer_mail_kind kind, struct day today,
	const char *to, char ret[static REFERENCE_MAX])
{
	struct day_civil c = day_to_civil(today);
	char hex[DIGEST_HEX_MAX];
	char address[CONFIG_TEXT_MAX + 1];

	(void) snprintf(address, sizeof address, "%s", to); /* of the configuration: fits */
	text_lower(address);
	digest_hmac(p->matching.key, address, strlen(address), hex);
	for (char *h = hex; *h; h++)
		*h = (char) toupper((unsigned char) *h);
	(void) snprintf(ret, REFERENCE_MAX, "%s %04d%02u%02u %.8s", mails[kind].label, c.year,
		c.month, c.dayofmonth, hex); /* fits */
}

struct text {
	char *subject; /* owned */
	char *body;    /* owned */
};

static int queue_one(const struct reminders *in, const struct policy *p,
	enum officer_mail_kind kind, const struct text *text, const char *to, int64_t now,
	const struct envelope *envelope, struct fault *f)
{
	CLEANUP(freep) char *bytes = NULL;
	const struct config *conf = in->conf;
	struct outgoing m = { .from = *conf->smtp_from ? conf->smtp_from : p->mailbox->address,
		.from_name = *conf->smtp_from_name ? conf->smtp_from_name : conf->authority_name,
		.to = to,
		.subject = text->subject,
		.date = now,
		.message_id = envelope->message_id,
		.thread_token = envelope->thread,
		.in_reply_to = "",
		.auto_submitted = "auto-generated",
		.body = text->body };
	struct store_outbox row = { .mailbox = p->mailbox->name,
		.kind = officer_mail_word(kind),
		.message_id = envelope->message_id,
		.from = envelope->from,
		.to = to,
		.state = STORE_OUTBOX_QUEUED,
		.created_at = now,
		.next_try = now };
	int64_t id;
	int r = outgoing_build(&m, &bytes, &row.n, f);

	if (r < 0)
		return r;
	row.bytes = bytes;
	return store_outbox_add(in->store, &row, &id, f);
}

/* Return: 1 it is queued now; 0 it was queued before. */
static int queue_to(const struct reminders *in, const struct reminders_run *run,
	const struct policy *p, enum officer_mail_kind kind, const struct text *text,
	const char *to, int64_t now, struct fault *f)
{
	char name[REFERENCE_MAX];
	struct envelope envelope;
	int r;

	name_mail(p, kind, run->today, to, name);
	r = envelope_make(p, name, &envelope, f);
	if (r == 0)
		r = store_remind_is_queued(in->store, envelope.message_id, f);
	if (r != 0)
		return r < 0 ? r : 0;
	r = queue_one(in, p, kind, text, to, now, &envelope, f);
	return r < 0 ? r : 1;
}

static int queue(const struct reminders *in, struct reminders_run *run, const struct policy *p,
	enum officer_mail_kind kind, int64_t now, struct fault *f)
{
	const struct config_list *to = (const void *) ((const char *) in->conf + mails[kind].list);
	CLEANUP(freep) char *subject = NULL;
	CLEANUP(freep) char *body = NULL;
	int r = 0;

	/* What nobody can send would only lie there, and go out in a heap one day. */
	if (to->n == 0 || *in->conf->smtp_url == '\0' ||
		!officer_mail_is_wanted(kind, &run->report))
		return 0;
	if (officer_mail_text(kind, &run->report, &subject, &body) < 0)
		return fault_set(f, -ENOMEM, "no memory for the mail to officers");
	for (size_t i = 0; r >= 0 && i < to->n; i++) {
		r = queue_to(
			in, run, p, kind, &(struct text){ subject, body }, to->entries[i], now, f);
		run->n_mails[kind] += r > 0;
	}
	return r < 0 ? r : 0;
}

int reminders_end(
	const struct reminders *in, struct reminders_run *run, int64_t now, struct fault *f)
{
	struct policy p;
	int r = gather(in, &run->report, f);

	policy_init(&p, in->conf, 0, store_key(in->store));
	for (int i = 0; r == 0 && i < OFFICER_MAIL_KIND_COUNT; i++)
		r = queue(in, run, &p, (enum officer_mail_kind) i, now, f);
	if (r == 0)
		r = store_daily_done(in->store, REMINDERS_NAME, run->today, now, f);
	return r;
}
