/* matching.h - the keys in a letter by which its case can be found.
 *
 * Pure: flow/intake looks the keys up in the store and hands what it found to triage. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_MATCHING_H
#define DOMAIN_MATCHING_H

#include "domain/letter.h"
#include "domain/reference.h"
#include "domain/token.h"

enum {
	MATCHING_REFERENCES_MAX = 8,
	MATCHING_ADDRESS_MAX = 256,
};

/* What is needed to find keys. All borrowed. */
struct matching_policy {
	const uint8_t *key;			    /* DIGEST_KEY_BYTES of the store */
	const struct reference_template *templates; /* request, review, intake */
	size_t n_templates;
	const char *const *wdtk_domains; /* platforms with one address a request, lower case */
	size_t n_wdtk_domains;
};

struct matching_reference {
	char reference[REFERENCE_MAX];
	bool in_subject;
	bool in_new_text; /* what the writer wrote now: a hint. Neither: only in quoted text */
};

/* Each text is "" where there is none. */
struct matching_keys {
	char own[REFERENCE_MAX];      /* the mail itself carries our Message-ID token */
	char thread[REFERENCE_MAX];   /* our token in In-Reply-To or References */
	char embedded[REFERENCE_MAX]; /* our token in an enclosed mail or our bounce tag in To:
				       * what a delivery report is about */
	/* "request-<id>-<8 hex>@domain": WhatDoTheyKnow's one address a request, lower case. */
	char platform_address[MATCHING_ADDRESS_MAX];
	/* "ogm-<n>:" and platform_address: the same for a resend of one message. Bound to the
	 * address so that a forged "ogm-<n>" cannot make the real mail look like a repetition. */
	char platform_message[MATCHING_ADDRESS_MAX];
	struct matching_reference references[MATCHING_REFERENCES_MAX];
	size_t n_references;
};

/* Finds all keys of @l. Cannot fail: a key that does not fit its room is none of ours. */
void matching_find(
	const struct matching_policy *p, const struct letter *l, struct matching_keys *ret);

#endif
