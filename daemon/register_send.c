/* register_send.c - the life of the send process as register leads it. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "daemon/register_internal.h"

static json_t *begin_record(const struct register_state *reg, const char *secret)
{
	const struct config *conf = reg->loaded.conf;
	const char *at = strrchr(conf->mailboxes[0].address, '@');

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:b}", "type", "begin", "url",
		conf->smtp_url, "user", conf->smtp_user, "secret", secret, "ca_file",
		conf->smtp_ca_file, "plaintext", (int) conf->smtp_allow_plaintext, "local_name",
		at ? at + 1 : "localhost", "once", (int) reg->options->once);
}

static void on_started(void *context, struct worker *worker)
{
	struct register_state *reg = context;
	struct fault f = { 0 };
	char *secret = NULL;
	int r = 0;

	if (*reg->loaded.conf->smtp_user)
		r = config_secret(reg->loaded.conf->smtp_credential, reg->options->credentials_dir,
			&secret, &f);
	if (r == 0)
		r = worker_send(worker, begin_record(reg, secret ? secret : ""), -1);
	config_secret_free(secret);
	if (r == 0) {
		register_wake(reg);
		return;
	}
	if (*f.text == '\0')
		(void) fault_set(&f, r, "send cannot be told its task"); /* r is known */
	outbox_meet_fault(reg, &f);
	register_check_finished(reg);
	worker_kill(worker, WORKER_ENDED_ASKED);
}

static bool has_verdict(const struct register_state *reg, int64_t id)
{
	for (size_t i = 0; i < reg->n_verdicts; i++)
		if (reg->verdicts[i].id == id)
			return true;
	return false;
}

/* The row that send was delivering, or was to deliver next; NULL: none. */
static const struct sending *in_hand(const struct register_state *reg)
{
	const struct sending *first = NULL;

	for (size_t i = 0; i < reg->n_sending; i++)
		if ((!first || reg->sending[i].order < first->order) &&
			!has_verdict(reg, reg->sending[i].id))
			first = &reg->sending[i];
	return first;
}

/* What send had not answered for when it died. It delivers in order and answers each before it
 * begins the next: so one row may have left, and goes back under the same Message-ID; the others
 * wait as before. One that ended in order has begun none of them. */
static void requeue(struct register_state *reg, bool was_orderly)
{
	const struct sending *lost = was_orderly ? NULL : in_hand(reg);

	for (size_t i = 0; i < reg->n_sending; i++) {
		struct verdict v = { .id = reg->sending[i].id };

		if (has_verdict(reg, v.id))
			continue;
		v.is_lost = &reg->sending[i] == lost;
		v.is_untouched = !v.is_lost;
		(void) snprintf(v.outcome, sizeof v.outcome, "%s",
			v.is_lost ? "ambiguous" : "deferred"); /* fits */
		reg->verdicts[reg->n_verdicts++] = v;	       /* no more than n_sending */
	}
	register_wake(reg);
}

static void on_ended(void *context, struct worker *worker, enum worker_end how, int signal)
{
	struct register_state *reg = context;

	if (how != WORKER_ENDED_ASKED)
		report_worker(reg, worker, how, signal, NULL);
	requeue(reg, how == WORKER_ENDED_ASKED && signal == 0);
	if (reg->phase == REGISTER_RELOADING || reg->phase == REGISTER_STOPPING) {
		register_check_finished(reg);
		return;
	}
	(void) worker_again(worker, how == WORKER_ENDED_ASKED ? 5000 : 0, NULL);
}

static const struct worker_calls send_calls = {
	.record = outbox_take_record,
	.started = on_started,
	.ended = on_ended,
};

int outbox_new(struct register_state *reg, struct fault *f)
{
	if (*reg->loaded.conf->smtp_url == '\0' || reg->options->observe)
		return 0;
	return worker_new(reg->event, "send", &send_calls, reg, &reg->send, f);
}
