/* recall.h - cases that a restored store does not know, told by our own mail.
 *
 * The scan goes through the Sent folder and the watched folders before any number is given:
 * recall_take() notes what each mail of ours tells, and raises the counters. Then the mails of the
 * lost time are taken in again as intake does, which finds their acknowledgements here and opens the
 * cases under the numbers that were told. What is left when an officer ends the recovery has no mail
 * any more: recall_finish() opens these cases from the acknowledgements themselves.
 *
 * Each step runs inside the caller's transaction. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_RECALL_H
#define FLOW_RECALL_H

#include "adapters/store_recall.h"
#include "flow/intake.h"

/* A mail that may carry our tokens. Borrowed. */
struct recall_mail {
	size_t mailbox; /* index into conf->mailboxes */
	const struct letter *letter;
	int64_t internaldate;
	bool is_sent; /* it lies in the Sent folder */
	const char *raw;
	size_t raw_bytes;
};

/**
 * recall_take - note what a mail tells of cases that were opened after the copy was made.
 * @ret_found: set where one of its tokens names a case
 *
 * An acknowledgement that the store believes to be unsent is marked as sent: nobody can know its
 * token before it left.
 *
 * Security: outsiders may write the mail. Only tokens that verify with the store's key count, and
 * what else it says (whom it answers, when it was sent) is believed less than the Sent folder.
 */
int recall_take(const struct intake *in, const struct recall_mail *mail, int64_t now,
	bool *ret_found, struct fault *f);

/* An acknowledgement of the past and the case that it belongs to. */
struct recall_sent {
	const struct store_recalled *what;
	int64_t case_id;
	const char *counted_as; /* NULL: of no count */
	bool tells_due;
	struct day due;
};

/* Keeps it as sent, so that the case has its acknowledgement and never gets another. */
int recall_keep_sent(struct store *s, const struct recall_sent *sent, struct fault *f);

/* Whether the acknowledgement says that day, in a language that templates use. */
bool recall_says_day(const struct store_recalled *r, struct day day);

/**
 * recall_next - numbers go on from a reference that an officer names.
 * @reference: the first that may be given
 *
 * Return: 0; -EINVAL it is of no template; -ERANGE a higher one was given.
 */
int recall_next(const struct intake *in, const char *reference, struct fault *f);

/* What recall_finish() opened, plain data for the journal. */
struct recall_opened {
	char reference[REFERENCE_MAX];
	enum case_kind kind;
	struct day received;
	struct day due;
	bool is_provisional;
};
typedef void recall_opened_taker(void *context, const struct recall_opened *opened);

/**
 * recall_finish - open what is left, and end the recovery.
 * @actor: who says that it is over
 *
 * A case without a mail is flagged: its day of receipt is that of its acknowledgement.
 */
int recall_finish(const struct intake *in, const char *actor, int64_t now,
	recall_opened_taker *take, void *context, struct fault *f);

#endif
