/* channel.h - records between the processes of the daemon.
 *
 * A channel is one end of a SOCK_SEQPACKET socketpair. A record is one JSON object of at most
 * CHANNEL_RECORD_MAX bytes with a "type" word, and at most one descriptor (a sealed memfd) beside
 * it; whole mails and texts travel in the memfd (base/sealed.h). Which records a role sends and
 * takes stands at the top of its header (daemon/fetch.h, parse.h, send.h, query.h). */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_CHANNEL_H
#define ADAPTERS_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/fault.h"

enum {
	CHANNEL_RECORD_MAX = 64 * 1024,
};

/* Two connected ends, close-on-exec. Return: 0; negative errno. */
int channel_pair(int ret_ends[static 2], struct fault *f);

/**
 * channel_send - hand one record over.
 * @passed: descriptor to send along, stays the caller's; -1: none
 *
 * On a blocking end it waits; on a non-blocking one -EAGAIN says that the peer does not read.
 *
 * Return: 0; -EMSGSIZE the record is over CHANNEL_RECORD_MAX; -EAGAIN; -EPIPE the peer is gone;
 *         other negative errno.
 */
int channel_send(int end, const json_t *record, int passed, struct fault *f);

/**
 * channel_receive - take one record.
 * @ret_record: an object with a string "type"; json_decref() it
 * @ret_passed: the descriptor that came along, to be closed by the caller; -1: none
 *
 * Return: 1; 0 the peer closed; -EAGAIN nothing there (non-blocking); -EBADMSG cut, no JSON object,
 *         no type, nested too deep, or more than one descriptor; other negative errno.
 * Security: the peer may be in an attacker's hands. Size, truncation (MSG_TRUNC, MSG_CTRUNC) and
 *           the number of descriptors are checked; surplus descriptors are closed.
 */
int channel_receive(int end, json_t **ret_record, int *ret_passed, struct fault *f);

/* The record's type; "" is impossible after channel_receive(). */
const char *channel_type(const json_t *record);

/* Checked members. Return: 0; -EBADMSG missing, of another kind, or out of range (a text is
 * borrowed from the record). */
int channel_text(
	const json_t *record, const char *key, size_t max, const char **ret, struct fault *f);
int channel_number(const json_t *record, const char *key, int64_t min, int64_t max, int64_t *ret,
	struct fault *f);

/* A fault as a record of @type (NULL: no memory), and back. Code, kind and transience survive; the
 * text becomes one line of UTF-8. */
json_t *channel_fault_record(const char *type, const struct fault *f);
int channel_fault(const json_t *record, struct fault *ret, struct fault *f);

void channel_record_freep(json_t **record);

#endif
