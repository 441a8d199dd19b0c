/* send.h - the send role: between register's outbox and the SMTP server.
 *
 * register -> send
 *   begin    url, user, secret, ca_file, plaintext (bool: TLS off, loopback only), local_name (for
 *            EHLO), once (bool). The first record, once.
 *   deliver  id, from (envelope sender, "" : null), to (one recipient); memfd: the whole mail.
 *            At most SEND_CREDIT are on the way without a verdict.
 *
 * send -> register
 *   step     what, ms: as in fetch.h
 *   verdict  id, outcome ("sent", "deferred", "refused", "ambiguous"), code (SMTP reply, 0: none),
 *            status (enhanced code "5.1.1" or ""), reply (the server's text, at most 400 bytes; it
 *            may name people: kept in the case, never logged), and for a failure that is not about
 *            this mail but about the server (connection, TLS, AUTH) a kind, transient and text as
 *            in channel_fault_record().
 *            "ambiguous": the connection died after the terminating dot and before the reply.
 *
 * The connection is kept open between mails for SEND_KEEP_SEC and reused. At EOF the transaction in
 * hand is finished. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_SEND_H
#define DAEMON_SEND_H

enum {
	SEND_CREDIT = 16,
	SEND_KEEP_SEC = 10,
	SEND_REPLY_MAX = 400,
};

/* Runs the role on its end of the channel until EOF. Return: exit status. */
int send_main(int channel);

#endif
