/* outgoing.h - one mail of ours: its headers and its text, in seven bits, ready for SMTP. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_OUTGOING_H
#define DOMAIN_OUTGOING_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

enum {
	OUTGOING_REFERENCES_MAX = 10, /* ids of the References that are carried on */
	OUTGOING_SUBJECT_MAX = 900,   /* bytes */
};

/* What a mail is made of. Texts are borrowed, and "" where there is none. */
struct outgoing {
	const char *from;	       /* addr-spec, ours */
	const char *from_name;	       /* UTF-8 */
	const char *to;		       /* addr-spec, ASCII or UTF-8 */
	const char *subject;	       /* UTF-8, one line */
	int64_t date;		       /* for the Date header, seconds UTC */
	const char *message_id;	       /* token_message_id(TOKEN_MESSAGE_ID) */
	const char *thread_token;      /* token_message_id(TOKEN_THREAD) */
	const char *in_reply_to;       /* Message-ID of the mail answered; "" : none */
	const char *const *references; /* of the mail answered */
	size_t n_references;
	const char *auto_submitted; /* a keyword of RFC 3834 s.5.2; static */
	const char *body;	    /* UTF-8, LF line ends; see mail_write_body() */
};

/**
 * outgoing_build - the whole mail.
 * @ret: heap bytes with CRLF line ends and a NUL behind them, to be freed by the caller
 *
 * 7-bit throughout: body quoted-printable, format=flowed; headers RFC 2047.
 *
 * Standard: RFC 3834 s.3 and s.5 (Auto-Submitted), RFC 3676, RFC 5322.
 * Return:   0; -EINVAL a value that cannot stand in a header (line end, control character, not an
 *           addr-spec); -ENOMEM.
 * Security: @to, @in_reply_to and @references may be a stranger's. Nothing with a line end or a
 *           control character gets into a header; ids that are not "<left@right>" are left out.
 */
int outgoing_build(const struct outgoing *m, char **ret, size_t *ret_n, struct fault *f);

#endif
