/* smtp_verdict.c - what the end of a transaction means: a verdict on the mail, or a fault of the
 * server. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adapters/curl_fault.h"
#include "adapters/smtp_internal.h"

/* Replies that are about us and not about the mail, whichever command they answer: RFC 4954 s.6. */
static bool is_about_auth(unsigned code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static int server_fault(struct smtp *s, CURLcode c, struct fault *f)
{
	unsigned code = s->reply.code;

	if (is_about_auth(code) && c != CURLE_LOGIN_DENIED)
		return fault_set_kind(f, FAULT_AUTH, -EACCES,
			"%s: the server wants us to sign in (reply %u); check user and credential",
			s->where.place, code);
	if (s->phase == PHASE_MAIL && code >= 500)
		return fault_set_kind(f, FAULT_PROTOCOL, -EPROTO,
			"%s: the server refuses our envelope sender (reply %u); check from and "
			"bounce_address, and what this user may send",
			s->where.place, code);
	return curl_fault(f, c, s->easy, s->where.place);
}

/* What a failed transaction means. */
static int judge(struct smtp *s, CURLcode c, struct smtp_verdict *v, struct fault *f)
{
	unsigned code = s->reply.code;

	if (s->phase == PHASE_HANDED && code == 0) {
		v->outcome = SMTP_AMBIGUOUS;
		return 0;
	}
	if (s->phase == PHASE_SESSION || is_about_auth(code) || code < 400)
		return server_fault(s, c, f);
	if (s->phase == PHASE_MAIL && code >= 500)
		return server_fault(s, c, f);
	v->outcome = code < 500 ? SMTP_DEFERRED : SMTP_REFUSED;
	return 0;
}

/* RFC 3463 s.3.4: a message too big for the system. */
static void refuse_size(const struct smtp *s, struct smtp_verdict *ret)
{
	*ret = (struct smtp_verdict){ .outcome = SMTP_REFUSED, .status = "5.3.4" };
	(void) snprintf(ret->reply, sizeof ret->reply,
		"the mail server takes no mail of more than %" PRIu64
		" bytes, and this one has %zu",
		s->size_max, s->n); /* fits */
}

int smtp_verdict_of(struct smtp *s, CURLcode c, struct smtp_verdict *ret, struct fault *f)
{
	struct smtp_verdict v = { .outcome = SMTP_SENT };
	int r;

	if (s->is_too_large) {
		refuse_size(s, ret);
		return 0;
	}
	r = c == CURLE_OK ? 0 : judge(s, c, &v, f);
	if (r == 0)
		r = smtp_reply_text(&s->reply, v.reply, sizeof v.reply);
	if (r == -ENOMEM)
		return fault_set(f, r, "no memory for the server's reply");
	if (r < 0)
		return r;
	v.code = s->reply.code;
	memcpy(v.status, s->reply.status, sizeof v.status);
	*ret = v;
	return 0;
}
