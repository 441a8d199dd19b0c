/* outbox_json.h - mails of ours that are not sent, in the shape of the Varlink interface. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_OUTBOX_JSON_H
#define DAEMON_OUTBOX_JSON_H

#include <jansson.h>

#include "adapters/store_outbox.h"

/* A MailRow. @has_reply: whether the caller may see the mail server's words, which may name people.
 * NULL when memory is short. */
json_t *outbox_json_row(const struct store_outbox_entry *e, bool has_reply);

#endif
