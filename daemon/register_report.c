/* register_report.c - what register tells: the journal, systemd's status line, the terminal. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include "base/cleanup.h"
#include "daemon/register_internal.h"

/* ---- outcomes -------------------------------------------------------------------------------- */

enum {
	RULES_TEXT_MAX =
		368, /* of TRIAGE_REASONS_MAX words, and of what a field of the journal holds */
};

/* Why a mail gets no answer, by the rules alone: the evidence has words of the writer. */
static const char *rules_text(const struct triage_verdict *v, char ret[RULES_TEXT_MAX])
{
	size_t used = 0;

	*ret = '\0';
	for (size_t i = 0; i < v->n_reasons && used < RULES_TEXT_MAX; i++)
		used += (size_t) snprintf(ret + used, RULES_TEXT_MAX - used, "%s%s", i ? "," : "",
			v->reasons[i].rule); /* cut */
	return ret;
}

static void report_case(
	struct register_state *reg, const struct mail *m, const struct intake_case *c)
{
	char rules[RULES_TEXT_MAX];
	const struct intake_outcome *out = &m->outcome;
	struct journal_event e = { .kind = JOURNAL_CASE_OPENED,
		.reference = c->reference,
		.case_kind = case_kind_word(c->kind),
		.received = c->received,
		.due = c->due,
		.provisional = (c->flags & FOI_CASE_PROVISIONAL) != 0,
		.mailbox = m->watch->conf->name,
		.folder = m->folder->name,
		.uid = m->uid,
		.fate = fate_word(out->verdict.fate) };

	if (c->state == FOI_CASE_TRIAGE) {
		e.kind = JOURNAL_TRIAGE;
		e.because = rules_text(&out->verdict, rules);
	}
	if ((c->flags & FOI_CASE_UNREADABLE) != 0)
		e.kind = JOURNAL_UNREADABLE;
	journal_write(reg->journal, &e);
	e.kind = JOURNAL_DEADLINE_PROVISIONAL;
	if ((c->flags & FOI_CASE_PROVISIONAL) != 0)
		journal_write(reg->journal, &e);
	e.kind = JOURNAL_RECEIPT_DISPUTED;
	if ((c->flags & FOI_CASE_RECEIPT_DISPUTED) != 0)
		journal_write(reg->journal, &e);
}

/* A flood must not fill the journal with warnings: one when a limit begins to hold, then a line for
 * each mail that is held, as for any other outcome. */
static void report_held(struct register_state *reg, const struct intake_outcome *out)
{
	bool is_limit = out->hold == HOLD_SENDER_LIMIT || out->hold == HOLD_HOUR_LIMIT;
	struct journal_event e = { .kind = out->hold == HOLD_HOUR_LIMIT ? JOURNAL_HOUR_LIMIT
									: JOURNAL_SENDER_LIMIT,
		.reference = out->cases[0].reference };

	if (is_limit && out->is_limit_new)
		journal_write(reg->journal, &e);
	e.kind = is_limit ? JOURNAL_ACKNOWLEDGEMENT_LIMITED : JOURNAL_ACKNOWLEDGEMENT_HELD;
	e.detail = hold_why(out->hold);
	journal_write(reg->journal, &e);
}

/* Whether it is "5.1.1" or the like: what a report calls its status may be any words of a stranger. */
static bool is_status(const char *s)
{
	return *s && s[strspn(s, "0123456789.")] == '\0';
}

/* A mail that opened nothing: one line with its fate, under the case it belongs to. */
static void report_fate(struct register_state *reg, const struct mail *m)
{
	const struct triage_verdict *v = &m->outcome.verdict;
	char rules[RULES_TEXT_MAX];
	struct journal_event e = { .kind = JOURNAL_MAIL_FATE,
		.reference = v->about.id > 0 ? v->about.reference : NULL,
		.mailbox = m->watch->conf->name,
		.folder = m->folder->name,
		.uid = m->uid,
		.fate = fate_word(v->fate),
		.because = rules_text(v, rules) };

	if (m->outcome.is_undelivered)
		e.kind = JOURNAL_BOUNCE_RECORDED;
	if (v->fate == FATE_BOUNCE && !m->outcome.is_undelivered)
		e.detail = "it tells of no failure: a mail of ours is late, or was passed on";
	if (m->outcome.is_undelivered && v->about.id == 0)
		e.detail = "it is about no case here, perhaps about a mail to an officer; see "
			   "digest_to and escalate_to";
	if (v->fate == FATE_BOUNCE && m->letter && is_status(m->letter->delivery.status))
		e.status = m->letter->delivery.status;
	journal_write(reg->journal, &e);
	if (m->outcome.is_earlier)
		journal_write(
			reg->journal, &(struct journal_event){ .kind = JOURNAL_RECEIPT_DISPUTED,
					      .reference = v->about.reference,
					      .received = m->outcome.receipt.day });
	if (m->outcome.is_clarified)
		journal_write(
			reg->journal, &(struct journal_event){ .kind = JOURNAL_CLOCK_RESTARTED,
					      .reference = v->about.reference,
					      .received = m->outcome.receipt.day,
					      .due = m->outcome.clarified_due });
}

/* From the EXISTS on the socket to the commit: what the latency benchmark reads. */
static void report_latency(struct register_state *reg, const struct mail *m)
{
	char text[64];
	uint64_t now = 0;

	if (m->heard_us == 0 || sd_event_now(reg->event, CLOCK_MONOTONIC, &now) < 0)
		return;
	now = register_monotonic();
	(void) snprintf(text, sizeof text, "heard-to-durable usec=%" PRIu64,
		now - (uint64_t) m->heard_us); /* fits */
	journal_write(reg->journal,
		&(struct journal_event){ .kind = JOURNAL_DEBUG, .uid = m->uid, .detail = text });
}

/* --observe: what would be done, for a person at a terminal. */
static void print_mail(const struct mail *m)
{
	const struct intake_outcome *out = &m->outcome;
	char received[DAY_TEXT_MAX];
	char due[DAY_TEXT_MAX];

	(void) printf("%s/%s UID %" PRIu32 ": %s", m->watch->conf->name, m->folder->name, m->uid,
		fate_word(out->verdict.fate));
	for (size_t i = 0; i < out->n_cases; i++)
		(void) printf("%s %s received %s, last day %s%s", i ? ";" : ", would open a",
			out->cases[i].state == FOI_CASE_TRIAGE ? "case for a person to accept,"
							       : case_kind_word(out->cases[i].kind),
			day_text(out->cases[i].received, DAY_ENGLISH, received),
			day_text(out->cases[i].due, DAY_ENGLISH, due),
			(out->cases[i].flags & FOI_CASE_PROVISIONAL) ? " (provisional)" : "");
	(void) printf("; acknowledgement: %s\n", out->is_queued ? "would be sent"
						 : out->hold	? "would be held"
								: "none");
	for (size_t i = 0; i < out->verdict.n_reasons; i++)
		(void) printf("    because %s\n", out->verdict.reasons[i].evidence);
	(void) fflush(stdout);
}

void report_mail(struct register_state *reg, const struct mail *m)
{
	const struct intake_outcome *out = &m->outcome;

	reg->n_taken++;
	reg->fates[out->verdict.fate]++;
	if (reg->options->observe) {
		print_mail(m);
		return;
	}
	for (size_t i = 0; i < out->n_cases; i++)
		report_case(reg, m, &out->cases[i]);
	if (out->n_cases == 0)
		report_fate(reg, m);
	if (out->hold)
		report_held(reg, out);
	report_latency(reg, m);
}

/* ---- workers --------------------------------------------------------------------------------- */

/* What the worker was at when its time was over. */
static const char *overrun_text(const struct register_state *reg, const struct worker *w)
{
	if (w != reg->parse)
		return "it did not finish a step in the time that the step may take";
	return reg->n_reading > 0 ? "it did not finish reading a mail in the time that one may take"
				  : "it was not ready in time";
}

void report_worker(struct register_state *reg, const struct worker *w, enum worker_end how,
	int signal, const char *mailbox)
{
	char text[FAULT_TEXT_MAX + 32];
	struct journal_event e = { .kind = JOURNAL_WORKER_DIED,
		.role = worker_role(w),
		.mailbox = mailbox,
		.detail = text };

	if (how == WORKER_ENDED_OVERRAN) {
		e.kind = JOURNAL_WORKER_KILLED;
		(void) snprintf(text, sizeof text, "%s", overrun_text(reg, w));
	} else if (how == WORKER_ENDED_BROKE) {
		e.kind = JOURNAL_WORKER_KILLED;
		(void) snprintf(text, sizeof text, "%s", worker_fault(w));
	} else if (signal != 0) {
		(void) snprintf(text, sizeof text, "signal %d (%s)", signal, strsignal(signal));
	} else {
		(void) snprintf(text, sizeof text, "it ended by itself");
	}
	journal_write(reg->journal, &e);
}

/* ---- counts ---------------------------------------------------------------------------------- */

void report_status(struct register_state *reg)
{
	(void) sd_notifyf(0,
		"STATUS=%" PRIu64 " mails taken, %" PRIu64 " acknowledgements sent%s%s",
		reg->n_taken, reg->n_sent, reg->store_trouble.on ? "; the store is in trouble" : "",
		reg->send_trouble.on ? "; mail cannot be sent" : "");
}

bool report_once(struct register_state *reg)
{
	struct store_counts counts = { 0 };
	struct fault f = { 0 };
	uint64_t left;

	if (store_counts(reg->store, day_of_instant(register_now(reg)), &counts, &f) < 0) {
		journal_write(reg->journal,
			&(struct journal_event){ .kind = JOURNAL_STORE_FAULT, .fault = &f });
		return false;
	}
	left = counts.outbox[STORE_OUTBOX_QUEUED] + counts.outbox[STORE_OUTBOX_SENDING] +
	       reg->n_mails;
	(void) printf("mails taken in: %" PRIu64 "\n", reg->n_taken);
	for (unsigned i = 0; i < FATE_COUNT; i++)
		if (reg->fates[i] > 0)
			(void) printf(
				"  %-15s %" PRIu64 "\n", fate_word((enum fate) i), reg->fates[i]);
	(void) printf("acknowledgements sent: %" PRIu64 "\n", reg->n_sent);
	(void) printf("acknowledgements held for an officer: %" PRIu64 "\n",
		counts.outbox[STORE_OUTBOX_HELD]);
	(void) printf("left over: %" PRIu64 "\n", left);
	return left == 0;
}
