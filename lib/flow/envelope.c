/* envelope.c - the keyed texts of one mail of ours. */
/* SPDX-License-Identifier: MIT */
#include "flow/envelope.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int make_sender(const struct policy *p, const char *reference, char *buf, size_t room)
{
	const char *address = p->mailbox->address;
	const char *at = strrchr(address, '@');
	char tag[TOKEN_TAG_MAX];
	int n = 0;

	buf[0] = '\0';
	if (p->conf->bounce == CONFIG_BOUNCE_NULL)
		return 0;
	if (p->conf->bounce == CONFIG_BOUNCE_TAGGED && at) {
		if (token_tag(p->matching.key, reference, tag) < 0)
			return -EOVERFLOW;
		n = snprintf(buf, room, "%.*s+%s%s", (int) (at - address), address, tag, at);
	} else {
		n = snprintf(buf, room, "%s", address);
	}
	return n < 0 || (size_t) n >= room ? -EOVERFLOW : 0;
}

int envelope_make(
	const struct policy *p, const char *reference, struct envelope *ret, struct fault *f)
{
	const uint8_t *key = p->matching.key;
	const char *domain = policy_domain(p);
	int r = token_message_id(key, TOKEN_MESSAGE_ID, reference, domain, ret->message_id);

	if (r == 0)
		r = token_message_id(key, TOKEN_THREAD, reference, domain, ret->thread);
	if (r == 0)
		r = make_sender(p, reference, ret->from, sizeof ret->from);
	if (r < 0)
		return fault_set_kind(f, FAULT_CONFIG, r,
			"[mailbox %s] address: too long for a Message-ID", p->mailbox->name);
	return 0;
}
