/* acknowledgement.c - the mail that tells a requester the reference and the dates.
 *
 * Security: of what a stranger wrote only the recipient, In-Reply-To and References get in, and
 * outgoing_build() checks these. */
/* SPDX-License-Identifier: MIT */
#include "domain/acknowledgement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/acknowledgement_template.h"
#include "domain/mail_encoding.h"
#include "domain/outgoing.h"
#include "domain/reference.h"

/* Names the value but not what it holds: the text goes to the journal. */
static int refuse(struct fault *f, const char *what)
{
	return fault_set(f, -EINVAL, "the %s cannot stand in a header", what);
}

static int check(const struct acknowledgement *a, struct fault *f)
{
	if (!mail_is_one_line(a->reference) || !a->reference[0] ||
		strlen(a->reference) >= REFERENCE_MAX)
		return refuse(f, "reference");
	if (!mail_is_one_line(a->parent) || strlen(a->parent) >= REFERENCE_MAX)
		return refuse(f, "parent's reference");
	if (a->regime >= STATUTE_REGIME_COUNT)
		return fault_set(f, -EINVAL, "no such regime");
	return 0;
}

int acknowledgement_build(
	const struct acknowledgement *a, char **ret, size_t *ret_n, struct fault *f)
{
	CLEANUP(freep) char *subject = NULL;
	CLEANUP(freep) char *body = NULL;
	struct outgoing m = { .from = a->from,
		.from_name = a->from_name,
		.to = a->to,
		.date = a->date,
		.message_id = a->message_id,
		.thread_token = a->thread_token,
		.in_reply_to = a->in_reply_to,
		.references = a->references,
		.n_references = a->n_references,
		.auto_submitted = "auto-replied" };
	int r = check(a, f);

	if (r < 0)
		return r;
	if (acknowledgement_fill_subject(a, &subject) < 0 ||
		acknowledgement_fill_body(a, &body) < 0)
		return fault_set(f, -ENOMEM, "no memory");
	m.subject = subject;
	m.body = body;
	return outgoing_build(&m, ret, ret_n, f);
}
