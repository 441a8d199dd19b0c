/* dispatch.h - whether a mail of ours may leave now, and what an officer decides about it.
 *
 * Every function runs inside the caller's transaction (store_begin() to store_commit()); after a
 * failure that transaction must be rolled back. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_DISPATCH_H
#define FLOW_DISPATCH_H

#include "adapters/config.h"
#include "adapters/store_outbox.h"
#include "domain/objection.h"

/**
 * dispatch_find_objection - whether a queued mail has waited too long to leave by itself.
 * @why: set where there is an objection
 *
 * A person who released one that was late already has waived that, but never a date that is past.
 *
 * Law:    not statutory; but whatever date it states is the authority's word.
 */
enum objection dispatch_find_objection(const struct config *conf, const struct store_outbox *o,
	int64_t now, char why[static OBJECTION_TEXT_MAX]);

/* Such a mail is held: a line of its case's history, and the case is marked for an officer. */
int dispatch_hold_late(struct store *s, int64_t id, int64_t case_id, const char *why, int64_t now,
	struct fault *f);

enum dispatch_deed {
	DISPATCH_RETRY,	  /* a failed or queued one is tried now, as if it were new */
	DISPATCH_HOLD,	  /* a queued one waits for an officer */
	DISPATCH_RELEASE, /* a held one may go */
	DISPATCH_DEED_COUNT,
};

const char *dispatch_deed_word(enum dispatch_deed deed); /* "retry" */

/* What an officer wants. Texts are borrowed. */
struct dispatch_order {
	enum dispatch_deed deed;
	int64_t id;
	bool is_anyway;	   /* knowing what can be waived */
	const char *actor; /* "uid 1000 (jane)" */
	const char *why;   /* the officer's reason; "" : none was given */
};

/* What came of it; plain data. */
struct dispatch_result {
	char reference[REFERENCE_MAX]; /* of the case; "" : about none */
	char kind[16];
	bool can_be_waived; /* -EPERM: is_anyway would do it */
};

/**
 * dispatch_carry_out - do it, if the state of the mail and of its case allow it.
 * @ret: set also on -EPERM
 *
 * The Message-ID stays, so that a receiver can recognise a mail that comes twice.
 *
 * Return: 0; -ENOENT (FAULT_MISSING) no such mail; -EPERM not possible, with the reason; the store's
 *         faults.
 */
int dispatch_carry_out(struct store *s, const struct config *conf, const struct dispatch_order *o,
	int64_t now, struct dispatch_result *ret, struct fault *f);

#endif
