/* store_count.h - numbers of one mailbox. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_COUNT_H
#define ADAPTERS_STORE_COUNT_H

#include "adapters/store.h"

struct store_mailbox_counts {
	uint64_t mails; /* that have a row */
	uint64_t fates[FATE_COUNT];
	uint64_t unsent[STORE_OUTBOX_STATE_COUNT]; /* ours; 0 for those that are sent */
};

/* All are 0 for a mailbox that was never looked at. */
int store_mailbox_counts(
	struct store *s, const char *mailbox, struct store_mailbox_counts *ret, struct fault *f);

#endif
