/* intake.h - from one mail to its fate: row, case, reference, deadline, history, acknowledgement.
 *
 * Runs inside the caller's transaction: either all of it is kept or nothing. It neither talks to
 * the network nor reads the clock. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_INTAKE_H
#define FLOW_INTAKE_H

#include "adapters/config.h"
#include "adapters/store.h"
#include "domain/calendar.h"
#include "domain/receipt.h"
#include "flow/templates.h"

/* What intake works with; all borrowed. */
struct intake {
	struct store *store;
	const struct config *conf;
	const struct calendar *calendar;
	const struct templates *templates;
};

/* One mail as fetch brought it and parse read it. Borrowed. */
struct intake_mail {
	size_t mailbox; /* index into conf->mailboxes */
	int64_t epoch;	/* store_epoch.id */
	uint32_t uid;
	int64_t internaldate; /* seconds UTC; 0: the server did not tell */
	int64_t first_seen;
	uint64_t size;
	bool is_in_junk;
	const struct letter *letter; /* NULL: no reader survived it */
	const char *raw;	     /* NULL: it could not be had */
	size_t raw_bytes;
};

struct intake_case {
	int64_t id;
	enum case_kind kind;
	enum foi_case_state state;
	unsigned flags;
	char reference[REFERENCE_MAX];
	struct day received;
	struct day due;
};

/* What became of the mail; plain data, valid once the transaction is committed. */
struct intake_outcome {
	struct triage_verdict verdict; /* fate, reasons, the case it is about */
	struct receipt receipt;
	struct intake_case cases[TRIAGE_OPENS_MAX];
	size_t n_cases;
	bool is_queued;	     /* an acknowledgement will be sent */
	enum hold hold;	     /* one was made and waits for an officer; why */
	bool is_limit_new;   /* it is the first that this limit holds in its time */
	bool is_undelivered; /* it tells that a mail of ours did not arrive */
	bool is_earlier;     /* a copy of the case's mail that was received on an earlier day */
	bool is_clarified;   /* it started the clock of its case anew ... */
	struct day clarified_due; /* ... with this last day */
};

/**
 * intake_take - record one mail.
 * @in:  as above
 * @now: instant that counts as now, seconds UTC
 *
 * Call between store_begin() and store_commit().
 *
 * Law:    FOI 2000 s.8(1), s.10(1); EIR 2004 reg 5(2); FOISA 2002 s.10(1).
 * Return: 0; -EEXIST the mail has its row already (nothing was written); -ESTALE it carries our token
 *         of a case that the store never had (nothing was written); the store's faults;
 *         -ENOMEM. After any other failure than -EEXIST the transaction must be rolled back.
 */
int intake_take(const struct intake *in, const struct intake_mail *mail, int64_t now,
	struct intake_outcome *ret, struct fault *f);

#endif
