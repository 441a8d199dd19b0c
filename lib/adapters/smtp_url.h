/* smtp_url.h - the address of the mail server, checked. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_SMTP_URL_H
#define ADAPTERS_SMTP_URL_H

#include <stdbool.h>

#include "base/fault.h"

struct smtp_url {
	char *url;   /* owned; with the local name as its path, as libcurl wants it */
	char *place; /* owned; "mail.example.org:587", for people */
};

/**
 * smtp_url_parse - check and take apart.
 * @local_name: for EHLO; "" : this machine's name
 * @plaintext:  the connection will not be protected: only loopback will do
 *
 * Return: 0, then smtp_url_done(); -EINVAL (FAULT_CONFIG); -ENOMEM.
 */
int smtp_url_parse(const char *url, const char *local_name, bool plaintext, struct smtp_url *ret,
	struct fault *f);
void smtp_url_done(struct smtp_url *u);

#endif
