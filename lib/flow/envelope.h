/* envelope.h - the keyed texts of one mail of ours, by which answers and reports are recognised. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_ENVELOPE_H
#define FLOW_ENVELOPE_H

#include "domain/token.h"
#include "flow/policy.h"

enum {
	ENVELOPE_ADDRESS_MAX = 512,
};

struct envelope {
	char message_id[TOKEN_ID_MAX];
	char thread[TOKEN_ID_MAX];	 /* for References */
	char from[ENVELOPE_ADDRESS_MAX]; /* envelope sender; "" : null */
};

/**
 * envelope_make - Message-ID, thread token and envelope sender of a mail.
 * @p:         the mailbox that it is sent for
 * @reference: what the tokens name: a case, or a mail to officers
 *
 * Return: 0; -EOVERFLOW, -EINVAL the mailbox's address cannot stand in them.
 */
int envelope_make(
	const struct policy *p, const char *reference, struct envelope *ret, struct fault *f);

#endif
