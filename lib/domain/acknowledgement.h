/* acknowledgement.h - the mail that tells a requester the reference, the day of receipt and the
 * last lawful day, built from templates. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_ACKNOWLEDGEMENT_H
#define DOMAIN_ACKNOWLEDGEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "domain/day.h"
#include "domain/fate.h"
#include "domain/statute.h"

enum {
	ACKNOWLEDGEMENT_TEMPLATE_MAX = 32 * 1024, /* bytes of one template file */
};

/* Which template: a request's and a review's state a date, the neutral one does not. */
enum acknowledgement_kind {
	ACKNOWLEDGEMENT_REQUEST,
	ACKNOWLEDGEMENT_REVIEW,
	ACKNOWLEDGEMENT_NEUTRAL,
	ACKNOWLEDGEMENT_KIND_COUNT,
};

struct acknowledgement_template; /* a checked template: "Subject: ..." line, blank line, body */

/**
 * acknowledgement_template_parse - check and take a template.
 * @text:   UTF-8 of the file; see conf/ for the form and the fields
 * @source: file name for messages
 *
 * Return: 0; -EINVAL an unknown field, a missing subject, a field that the kind must not hold (a
 *         neutral one with a date); file and line are in @f.
 */
int acknowledgement_template_parse(const char *text, size_t n, const char *source,
	enum acknowledgement_kind kind, struct acknowledgement_template **ret, struct fault *f);
struct acknowledgement_template *acknowledgement_template_free(struct acknowledgement_template *t);

/* Words of the authority's that templates may use; "" leaves out the paragraph that uses it. */
struct acknowledgement_words {
	const char *authority;	    /* {authority} */
	const char *emergency;	    /* {emergency}: whom to call when life is in danger */
	const char *formats;	    /* {formats}: other languages and formats */
	const char *privacy_notice; /* {privacy} */
	const char *regulator;	    /* {regulator} */
	const char *contact;	    /* {contact} */
};

struct acknowledgement {
	const struct acknowledgement_template *template; /* borrowed */
	struct acknowledgement_words words;
	const char *from;      /* addr-spec, ours */
	const char *from_name; /* UTF-8 */
	const char *to;	       /* addr-spec of the requester, ASCII or UTF-8 */
	const char *reference; /* "FOI 001761/18" */
	const char *parent;    /* the case under review; "" : none */
	struct day received;
	struct day due;	       /* not looked at by the neutral kind */
	unsigned working_days; /* the allowance that was counted */
	enum statute_regime regime;
	int64_t date;		       /* for the Date header, seconds UTC */
	const char *message_id;	       /* token_message_id(TOKEN_MESSAGE_ID) */
	const char *thread_token;      /* token_message_id(TOKEN_THREAD) */
	const char *in_reply_to;       /* Message-ID of the mail answered; "" : none */
	const char *const *references; /* of the mail answered */
	size_t n_references;
};

/**
 * acknowledgement_build - the whole mail, ready for SMTP.
 * @ret: heap bytes with CRLF line ends, to be freed by the caller
 *
 * 7-bit throughout: body quoted-printable, format=flowed; headers RFC 2047. The sender's subject
 * and text are not repeated, so that nobody can make us send words of theirs.
 *
 * Standard: RFC 3834 s.3 (Auto-Submitted, In-Reply-To, References), RFC 3676, RFC 5322.
 * Return:   0; -EINVAL a value that cannot stand in a header (line end, control character, not an
 *           addr-spec); -ENOMEM.
 * Security: @to, @in_reply_to and @references are the sender's. Nothing with a line end or a
 *           control character gets into a header; ids that are not "<left@right>" are left out.
 */
int acknowledgement_build(
	const struct acknowledgement *a, char **ret, size_t *ret_n, struct fault *f);

#endif
