/* hints.h - what an officer may want to know about a mail, with what the store knows of mails like
 * it. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_HINTS_H
#define FLOW_HINTS_H

#include "adapters/store.h"
#include "flow/policy.h"

struct hints {
	struct hint_list list;
	bool has_sketch; /* later mails are to be compared with this one */
	struct likeness sketch;
};

/**
 * hints_gather - look at a mail that was judged.
 * @s: NULL: no store is asked, and no mail is like it
 *
 * Return: 0; the store's faults.
 */
int hints_gather(struct store *s, const struct policy *p, const struct letter *l,
	const struct triage_verdict *v, struct hints *ret, struct fault *f);

/* Keeps the sketch of the mail that has that row, if there is one. */
int hints_keep(struct store *s, int64_t message, const struct hints *hints, struct fault *f);

#endif
