/* mailbox_json.h - the numbers of a mailbox in org.foimaild.Cases.MailboxStatus. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_MAILBOX_JSON_H
#define DAEMON_MAILBOX_JSON_H

#include "daemon/register_internal.h"

/* Adds age, failing, mails, fates, to_take and unsent to @one. Return: 0; negative errno. */
int mailbox_json_add(const struct watch *w, json_t *one);

#endif
