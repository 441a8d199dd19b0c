/* receipt.h - the day on which the authority received a mail, proposed from the evidence.
 *
 * Anybody can write anything into a Date header, so it is evidence only where the law presumes that
 * an e-mail is received on the day it is sent (struct statute's presumes_sent), and even there no
 * date is told that rests on it. All evidence is kept with the mail; an officer may correct the day
 * with a reason. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_RECEIPT_H
#define DOMAIN_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/day.h"
#include "domain/letter.h"
#include "domain/statute.h"

enum {
	RECEIPT_WHY_MAX = 512,
	RECEIPT_TRUST_DAYS = 7, /* an INTERNALDATE further before the gateway's line, or a Date
				 * header further before the rest, is not trusted */
};

/* Instants in seconds since 1970 UTC; 0: there is none. */
struct receipt_evidence {
	int64_t internaldate; /* RFC 3501 s.2.3.3 */
	int64_t gateway;      /* Received line of our own gateway */
	int64_t first_seen;   /* when we first saw the UID; always known */
	int64_t sent;	      /* the sender's Date header */
};

struct receipt {
	struct day day;
	bool is_disputed;	   /* the evidence falls on different days: no date is told */
	char why[RECEIPT_WHY_MAX]; /* for the case history */
};

/**
 * receipt_gateway - the instant at which our own gateway took the mail over.
 * @hosts: names of our gateways as they write them after "by", lower case
 *
 * Received lines are read from the top, where our own servers write. The run of our own ends with
 * the first line that took the mail over "from" none of ours: there a stranger handed it to us, and
 * whatever is below was written outside and may be forged, our own names included.
 *
 * Standard: RFC 5321 s.4.4.
 * Return:   the instant; 0 when there is no such line or it cannot be read.
 */
int64_t receipt_gateway(const struct letter *l, const char *const *hosts, size_t n_hosts);

/**
 * receipt_propose - the day of receipt.
 *
 * The earliest trusted instant wins. Not trusted is an INTERNALDATE after our own first sight (it
 * lies in the future), one more than RECEIPT_TRUST_DAYS before the gateway's line (a mail moved or
 * imported with a date of its own), and one before 2005, when there was no right of access. Our own
 * first sight says only that the mail was there by then: it counts when it is earlier, and seeing a
 * mail a day late is no dispute.
 *
 * Under a @law that presumes an e-mail received on the day it was sent, the day of the Date header
 * counts if it is earlier than that. A Date that lies in the future of it is not earlier, and one
 * more than RECEIPT_TRUST_DAYS before it is not trusted: a forged one would make the case years
 * overdue. Whenever the two days differ, trusted or not, the receipt is disputed.
 *
 * Law: FOI 2000 s.10(1), s.10(6) (the day on which the authority receives the request); FOISA 2002
 *      s.74 (presumption).
 */
void receipt_propose(
	const struct receipt_evidence *e, const struct statute *law, struct receipt *ret);

#endif
