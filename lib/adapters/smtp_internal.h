/* smtp_internal.h - one connection and the mail on it; nobody but the files of smtp includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_SMTP_INTERNAL_H
#define ADAPTERS_SMTP_INTERNAL_H

#include <stdint.h>

#include <curl/curl.h>

#include "adapters/smtp.h"
#include "adapters/smtp_reply.h"
#include "adapters/smtp_url.h"

/* How far the transaction in hand has come. */
enum phase {
	PHASE_SESSION, /* greeting, EHLO, STARTTLS, AUTH */
	PHASE_MAIL,
	PHASE_RCPT,
	PHASE_DATA,   /* the command is sent; or parts of the mail */
	PHASE_HANDED, /* everything was read from us: the terminating dot may be on its way */
};

struct smtp {
	struct smtp_url where; /* owned */
	char *user;	       /* owned */
	char *secret;	       /* owned; wiped */
	char *ca_file;	       /* owned */
	bool plaintext;
	CURL *easy; /* owned; NULL: at rest */

	/* The transaction in hand. */
	enum phase phase;
	bool is_secured;   /* what the server says now cannot be another's word */
	bool is_too_large; /* for that server: it was not asked to take it */
	uint64_t size_max; /* that it announced */
	struct smtp_reply reply;
	const char *bytes; /* borrowed */
	size_t n;
	size_t taken; /* by libcurl */
};

/* What libcurl's @c, and what was heard, mean for the mail. Return: as smtp_deliver(). */
int smtp_verdict_of(struct smtp *s, CURLcode c, struct smtp_verdict *ret, struct fault *f);

#endif
