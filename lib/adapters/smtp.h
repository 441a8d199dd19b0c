/* smtp.h - hands mails to the authority's mail server, one at a time over one kept connection.
 *
 * For submission to a configured server, not for delivery by MX. The caller gets one of four
 * verdicts on the mail, or a fault that is about the server and not about the mail. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_SMTP_H
#define ADAPTERS_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

enum {
	SMTP_REPLY_MAX = 400,
	SMTP_STATUS_MAX = 16,
};

/* All borrowed for the call of smtp_open() only. */
struct smtp_params {
	const char *url;  /* smtp://host[:port] (STARTTLS required) or smtps://host[:port] */
	const char *user; /* "" : no AUTH */
	const char *secret;
	const char *ca_file;	/* "" : the system's */
	bool plaintext;		/* no TLS; refused unless the host is on loopback */
	const char *local_name; /* for EHLO; "" : this machine's name */
};

enum smtp_outcome {
	SMTP_SENT,
	SMTP_DEFERRED, /* 4xx: the server has not taken it for now */
	SMTP_REFUSED,  /* 5xx: never for this mail as it is */
	SMTP_AMBIGUOUS, /* the whole mail was handed over, and no reply came: it may have been taken */
};

struct smtp_verdict {
	enum smtp_outcome outcome;
	unsigned code;			/* 0: the server was not asked */
	char status[SMTP_STATUS_MAX];	/* RFC 3463, "5.1.1"; "" */
	char reply[SMTP_REPLY_MAX + 1]; /* one line of UTF-8, without the codes; may name people */
};

struct smtp;

/* Checks the parameters; connects only when there is a mail.
 * Return: 0; -EINVAL (FAULT_CONFIG); -ENOMEM. */
int smtp_open(const struct smtp_params *params, struct smtp **ret, struct fault *f);
struct smtp *smtp_close(struct smtp *s); /* as smtp_rest(), and frees */
void smtp_closep(struct smtp **s);

/* Signs off and closes the connection, if there is one. The next mail opens another. Takes at most
 * SMTP_REST_MS. */
void smtp_rest(struct smtp *s);

enum {
	SMTP_REST_MS = 5 * 1000,
};

/**
 * smtp_deliver - hand one mail over.
 * @from:        envelope sender, "" : the null sender
 * @to:          one recipient. One that cannot be put on the wire (not ASCII, control characters,
 *               angle brackets) is refused without asking the server; the reason is in the reply
 * @bytes, @n:   the whole mail: 7-bit, lines ended by CRLF. Dots are doubled on the wire
 * @deadline_ms: for everything, connecting included
 * @ret:         set on success only
 *
 * A mail larger than the server says it takes, when the connection is made, is refused without asking,
 * in the same way; over a kept connection the server is asked.
 *
 * A kept connection that turns out to be dead before the mail was handed over is replaced once.
 *
 * Standard: RFC 5321, RFC 1870 (SIZE), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 2034 (enhanced codes).
 * Return:   0 with a verdict; a negative errno of curl_fault() when the server cannot be used: no
 *           connection, no TLS, AUTH refused or required, our sender refused. Then the mail was
 *           not taken. -EINVAL (FAULT_CONFIG) @from is no address.
 * Security: what the server says is bounded and cleaned; addresses come from mails and are checked
 *           before they reach the wire.
 */
int smtp_deliver(struct smtp *s, const char *from, const char *to, const char *bytes, size_t n,
	long deadline_ms, struct smtp_verdict *ret, struct fault *f);

#endif
