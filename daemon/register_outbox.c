/* register_outbox.c - from the queue of mails to the verdict of the SMTP server.
 *
 * A row goes queued -> sending (committed) -> handed to send -> verdict -> sent, queued again or
 * failed (committed). Killed between, it is sending at the next start and goes back to queued with
 * the same Message-ID: at least once, and a receiver can recognise the second.
 *
 * Security: the server's reply may name people. It is kept with the case; the journal gets its
 * codes only. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "daemon/register_internal.h"
#include "daemon/send.h"
#include "flow/moves.h"

enum {
	RETRY_SEC = 60, /* doubles with each try */
	RETRY_SEC_MAX = 3600,
	SERVER_RETRY_SEC = 5, /* after trouble with the server itself; doubles */
	SERVER_RETRY_SEC_MAX = 600,
	LOGIN_RETRY_SEC = 300, /* after a refused login: accounts get locked */
	LOGIN_RETRY_SEC_MAX = 3600,
};

/* @seconds and up to a quarter more, so that retries of many mails spread. */
static int64_t with_jitter(int64_t seconds)
{
	uint32_t random = 0;

	if (digest_random(&random, sizeof random) < 0)
		return seconds; /* a retry without jitter is a retry */
	return seconds + (int64_t) (random % (uint32_t) (seconds / 4 + 1));
}

static int64_t doubled(int64_t seconds, unsigned times, int64_t max)
{
	int64_t value = times < 16 ? seconds << times : max;

	return with_jitter(value < max ? value : max);
}

static struct sending *find_sending(struct register_state *reg, int64_t id)
{
	for (size_t i = 0; i < reg->n_sending; i++)
		if (reg->sending[i].id == id)
			return &reg->sending[i];
	return NULL;
}

/* ---- verdicts -------------------------------------------------------------------------------- */

static int copy_member(
	const json_t *record, const char *key, char *buf, size_t room, struct fault *f)
{
	const char *text;
	int r = channel_text(record, key, room - 1, &text, f);

	if (r == 0)
		memcpy(buf, text, strlen(text) + 1);
	return r;
}

static int read_verdict(const json_t *record, struct verdict *v, struct fault *f)
{
	int64_t code = 0;
	int r = channel_number(record, "id", 1, INT64_MAX, &v->id, f);

	if (r == 0)
		r = channel_number(record, "code", 0, 999, &code, f);
	if (r == 0)
		r = copy_member(record, "outcome", v->outcome, sizeof v->outcome, f);
	if (r == 0)
		r = copy_member(record, "status", v->status, sizeof v->status, f);
	if (r == 0)
		r = copy_member(record, "reply", v->reply, sizeof v->reply, f);
	if (r < 0)
		return r;
	v->code = (int) code;
	v->is_about_server = json_object_get(record, "kind") != NULL;
	if (v->is_about_server)
		return channel_fault(record, &v->fault, f);
	return 0;
}

int outbox_take_record(
	void *context, struct worker *worker, const json_t *record, int *passed, struct fault *f)
{
	struct register_state *reg = context;
	struct verdict v = { 0 };
	int r;

	(void) worker;
	(void) passed;
	if (strcmp(channel_type(record), "verdict") != 0)
		return fault_set(f, -EBADMSG, "send has no record of that type");
	r = read_verdict(record, &v, f);
	if (r < 0)
		return r;
	if (!find_sending(reg, v.id))
		return fault_set(f, -EBADMSG, "a verdict on a mail that was not given");
	for (size_t i = 0; i < reg->n_verdicts; i++)
		if (reg->verdicts[i].id == v.id)
			return fault_set(f, -EBADMSG, "two verdicts on one mail");
	reg->verdicts[reg->n_verdicts++] = v; /* n_verdicts <= n_sending, which is bounded */
	register_wake(reg);
	return 0;
}

/* RFC 5321 s.4.5.4.1 asks for four to five days. */
static bool is_time_over(const struct register_state *reg, const struct sending *s, int64_t now)
{
	return now - s->queued_at > (int64_t) reg->loaded.conf->give_up_after_sec;
}

/* What a verdict makes of the row. */
static struct store_outbox_result result_of(
	const struct register_state *reg, const struct sending *s, const struct verdict *v)
{
	int64_t now = register_now(reg);
	struct store_outbox_result result = { .id = v->id,
		.at = now,
		.code = v->code,
		.status = v->status,
		.reply = v->reply,
		.is_try = !v->is_about_server && !v->is_untouched,
		.state = STORE_OUTBOX_QUEUED };

	if (strcmp(v->outcome, "sent") == 0) {
		result.state = STORE_OUTBOX_SENT;
	} else if (strcmp(v->outcome, "refused") == 0 || is_time_over(reg, s, now)) {
		result.state = STORE_OUTBOX_FAILED;
	} else {
		/* Deferred, ambiguous or trouble with the server: again, with the same Message-ID.
		 * Trouble with the server puts all rows off by send_not_before. One death of send
		 * tells nothing against the mail. */
		bool at_once =
			v->is_about_server || v->is_untouched || (v->is_lost && s->tries == 0);

		result.next_try = at_once ? now : now + doubled(RETRY_SEC, s->tries, RETRY_SEC_MAX);
	}
	return result;
}

static bool is_acknowledgement(const struct sending *s)
{
	return s->case_id != 0 && strcmp(s->kind, "acknowledgement") == 0;
}

/* What the case learns of its acknowledgement. */
static int tell_case(struct register_state *reg, const struct sending *s,
	const struct store_outbox_result *result, struct fault *f)
{
	if (result->state == STORE_OUTBOX_SENT)
		return moves_acknowledged(reg->store, s->case_id, result->at, f);
	if (result->state == STORE_OUTBOX_FAILED)
		return moves_not_acknowledged(
			reg->store, s->case_id, result->at, result->code, result->status, f);
	return 0;
}

int outbox_record(struct register_state *reg, struct fault *f)
{
	for (size_t i = 0; i < reg->n_verdicts; i++) {
		const struct verdict *v = &reg->verdicts[i];
		const struct sending *s = find_sending(reg, v->id);
		struct store_outbox_result result = result_of(reg, s, v);
		int r = store_outbox_mark(reg->store, &result, f);

		if (r == 0 && is_acknowledgement(s))
			r = tell_case(reg, s, &result, f);
		if (r < 0 && r != -EALREADY)
			return r;
	}
	return 0;
}

void outbox_meet_fault(struct register_state *reg, const struct fault *fault)
{
	bool is_login = fault->kind == FAULT_AUTH;
	int64_t now = register_now(reg);
	int64_t first = is_login ? LOGIN_RETRY_SEC : SERVER_RETRY_SEC;
	int64_t most = is_login ? LOGIN_RETRY_SEC_MAX : SERVER_RETRY_SEC_MAX;

	/* Of several that failed together only the first makes the wait longer. */
	if (now >= reg->send_not_before) {
		reg->send_not_before = now + doubled(first, reg->send_failures, most);
		reg->send_failures++;
	}
	journal_trouble(reg->journal,
		&(struct journal_event){
			.kind = is_login ? JOURNAL_AUTHENTICATION_FAILED : JOURNAL_SMTP_FAULT,
			.role = is_login ? "send" : NULL },
		fault, &reg->send_trouble, now);
}

static void report_server(struct register_state *reg, const struct verdict *v)
{
	int64_t now = register_now(reg);

	if (v->is_lost || v->is_untouched)
		return; /* nobody has heard from the server */
	if (!v->is_about_server) {
		journal_relief(reg->journal,
			&(struct journal_event){ .kind = JOURNAL_SMTP_RECOVERED },
			&reg->send_trouble, now);
		reg->send_failures = 0;
		reg->send_not_before = 0;
		return;
	}
	outbox_meet_fault(reg, &v->fault);
}

/* How the journal tells of one kind of mail. */
struct telling {
	enum journal_kind sent;
	enum journal_kind deferred;
	enum journal_kind failed;
	enum journal_kind ambiguous;
};

static const struct telling acknowledgement = { JOURNAL_ACKNOWLEDGEMENT_SENT,
	JOURNAL_ACKNOWLEDGEMENT_DEFERRED, JOURNAL_ACKNOWLEDGEMENT_FAILED,
	JOURNAL_ACKNOWLEDGEMENT_AMBIGUOUS };
static const struct telling officer_mail = { JOURNAL_OFFICER_MAIL_SENT,
	JOURNAL_OFFICER_MAIL_DEFERRED, JOURNAL_OFFICER_MAIL_FAILED, JOURNAL_OFFICER_MAIL_DEFERRED };

static void report_row(struct register_state *reg, const struct sending *s, const struct verdict *v)
{
	struct store_outbox_result result = result_of(reg, s, v);
	bool is_ours = is_acknowledgement(s);
	const struct telling *as = is_ours ? &acknowledgement : &officer_mail;
	struct journal_event e = { .reference = s->reference,
		.case_kind = is_ours ? NULL : s->kind,
		.mailbox = s->mailbox,
		.code = (unsigned) v->code,
		.status = v->status,
		.attempt = s->tries + 1,
		.kind = as->deferred };

	if (result.state == STORE_OUTBOX_SENT) {
		e.kind = as->sent;
		reg->n_sent += is_ours;
	} else if (result.state == STORE_OUTBOX_FAILED) {
		e.kind = as->failed;
	} else if (strcmp(v->outcome, "ambiguous") == 0) {
		e.kind = as->ambiguous;
	} else if (v->is_about_server || v->is_untouched) {
		return; /* told once, for the server or for send, not for each mail */
	}
	journal_write(reg->journal, &e);
}

void outbox_report(struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_verdicts; i++) {
		const struct verdict *v = &reg->verdicts[i];
		struct sending *s = find_sending(reg, v->id);

		report_row(reg, s, v);
		report_server(reg, v);
		*s = reg->sending[--reg->n_sending];
	}
	reg->n_verdicts = 0;
}

/* ---- whether one may leave ---------------------------------------------------------------------- */

bool outbox_may_send(const struct register_state *reg)
{
	return reg->send && worker_is_taking(reg->send) && reg->phase == REGISTER_RUNNING &&
	       !reg->recover.is_on && register_now(reg) >= reg->send_not_before;
}

size_t outbox_room(const struct register_state *reg)
{
	/* One mail probes a server that was in trouble. */
	size_t credit = reg->send_failures > 0 ? 1 : SEND_CREDIT;

	return reg->n_sending < credit ? credit - reg->n_sending : 0;
}
