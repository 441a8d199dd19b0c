/* policy.h - what the configuration says, in the shape that matching and triage want. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_POLICY_H
#define FLOW_POLICY_H

#include "adapters/config.h"
#include "domain/hint.h"
#include "domain/matching.h"
#include "domain/triage.h"

enum {
	POLICY_TEMPLATES_MAX = 3, /* request, review, intake */
};

/* The policies of one mailbox; borrows from the configuration and the key. */
struct policy {
	const struct config *conf;
	const struct config_mailbox *mailbox;
	struct matching_policy matching;
	struct triage_policy triage;
	struct hint_policy hint;
	struct reference_template templates[POLICY_TEMPLATES_MAX];
	struct triage_form forms[CONFIG_FORMS_MAX];
};

/**
 * policy_init - the policies of a mailbox.
 * @conf, @key: kept until the policy is no longer used
 * @mailbox:    index below conf->n_mailboxes
 *
 * The result points into itself: it must not be copied or moved. Nothing to free.
 */
void policy_init(struct policy *p, const struct config *conf, size_t mailbox, const uint8_t *key);

/* The domain of the mailbox's own address. */
const char *policy_domain(const struct policy *p);

#endif
