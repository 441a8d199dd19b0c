/* facts.h - what the store knows of the keys in a letter. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_FACTS_H
#define FLOW_FACTS_H

#include "adapters/store_seen.h"
#include "domain/matching.h"
#include "domain/triage.h"

/* What the mailbox tells of a mail. */
struct facts_place {
	bool is_in_junk; /* it lies in a folder for junk */
	int64_t internaldate;
};

/**
 * facts_gather - ask the store about a letter.
 * @ret_seen: the mail that it repeats, for the record of a duplicate; message 0: none
 *
 * Return: 0; the store's faults.
 */
int facts_gather(struct store *s, const struct letter *l, const struct matching_keys *keys,
	const struct facts_place *place, struct triage_facts *ret, struct store_seen *ret_seen,
	struct fault *f);

/**
 * facts_assume - facts for a look at a mail without a store.
 *
 * Our token and every reference of ours in the mail are taken as known, with the sender as a
 * correspondent of those open cases. The case's id is then negative. A platform's address tells
 * nothing without a store: the first mail from it opens the request.
 */
void facts_assume(const struct matching_keys *keys, struct triage_facts *ret);

#endif
