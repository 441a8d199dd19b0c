/* varlink_client.h - calling a Varlink service over its UNIX socket.
 *
 * Blocking, one call at a time; every step is bounded by the socket's own time limit. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_VARLINK_CLIENT_H
#define ADAPTERS_VARLINK_CLIENT_H

#include "adapters/varlink.h"

struct varlink_client;

/**
 * varlink_client_open - connect.
 * @silence_sec: how long the service may say nothing, in any later call; at least 1
 *
 * Return: 0; -ECONNREFUSED, -ENOENT, -EACCES and others of connect (FAULT_NETWORK); -ENAMETOOLONG
 *         the path does not fit a socket address.
 */
int varlink_client_open(
	const char *path, unsigned silence_sec, struct varlink_client **ret, struct fault *f);
struct varlink_client *varlink_client_close(struct varlink_client *c);
void varlink_client_closep(struct varlink_client **c);

/* Sends a call. @parameters: an object or NULL; taken over. Return: 0; negative errno. */
int varlink_client_call(struct varlink_client *c, const char *method, json_t *parameters, bool more,
	struct fault *f);

/* What came back. */
struct varlink_answer {
	const char *error;  /* borrowed from message; NULL: none */
	json_t *parameters; /* an object; borrowed from message */
	bool continues;	    /* another follows */
	json_t *message;    /* owned */
};

/**
 * varlink_client_next - the next reply to the call.
 * @ret: varlink_answer_done() it; an error of the service is an answer too
 *
 * Return: 0; -ETIMEDOUT the service was silent; -EPIPE it closed the connection; -EBADMSG and
 *         -EMSGSIZE what it said is no reply.
 */
int varlink_client_next(struct varlink_client *c, struct varlink_answer *ret, struct fault *f);
void varlink_answer_done(struct varlink_answer *a); /* NULL and zero bytes are fine */

#endif
