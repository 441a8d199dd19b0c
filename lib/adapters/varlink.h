/* varlink.h - messages of the Varlink protocol: taken apart, checked, put together.
 *
 * Bytes in, messages out, and the other way round; no socket and no event loop. A server keeps one
 * decoder a connection:
 *
 *         n = read(fd, buf, varlink_decoder_room(d))
 *         varlink_decoder_feed(d, buf, n)
 *         while (varlink_decoder_next(d, &message, f) == 1)
 *                 varlink_call_read(message, &call, f), answer with varlink_reply() or
 *                 varlink_error(), varlink_call_done(&call)
 *
 * and closes the connection at any negative result. varlink_service.h answers the introspection
 * that every service must offer, varlink_client.h is the other side.
 *
 * Standard: https://varlink.org/Service, /Method-Call (messages are JSON objects ended by a NUL).
 * Security: whatever comes in was written by any local process. Bounded in length, in depth, and
 *           in that nothing is kept beyond one message. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_VARLINK_H
#define ADAPTERS_VARLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/fault.h"

enum {
	VARLINK_REQUEST_MAX = 64 * 1024, /* bytes of a call with its NUL */
	VARLINK_REPLY_MAX = 16 * 1024 * 1024,
	VARLINK_DEPTH_MAX = 16, /* objects and arrays in each other */
	VARLINK_NAME_MAX = 128, /* bytes of "interface.Method" with its NUL */
};

/* Errors that every service knows. */
#define VARLINK_INTERFACE_NOT_FOUND    "org.varlink.service.InterfaceNotFound"
#define VARLINK_METHOD_NOT_FOUND       "org.varlink.service.MethodNotFound"
#define VARLINK_METHOD_NOT_IMPLEMENTED "org.varlink.service.MethodNotImplemented"
#define VARLINK_INVALID_PARAMETER      "org.varlink.service.InvalidParameter"
#define VARLINK_PERMISSION_DENIED      "org.varlink.service.PermissionDenied"
#define VARLINK_EXPECTED_MORE	       "org.varlink.service.ExpectedMore"

/* ---- bytes to messages ----------------------------------------------------------------------- */

struct varlink_decoder;

/* @max: bytes of one message with its NUL. NULL when memory is short. */
struct varlink_decoder *varlink_decoder_new(size_t max);
struct varlink_decoder *varlink_decoder_free(struct varlink_decoder *d);
void varlink_decoder_freep(struct varlink_decoder **d);

/* How many bytes may be fed now. 0: varlink_decoder_next() must be called first. */
size_t varlink_decoder_room(const struct varlink_decoder *d);

/* Takes @n bytes. Return: 0; -EMSGSIZE more than varlink_decoder_room(); -ENOMEM. */
int varlink_decoder_feed(struct varlink_decoder *d, const void *bytes, size_t n);

/* Whether a message has begun and not ended; at the end of the stream that is an error. */
bool varlink_decoder_is_partial(const struct varlink_decoder *d);

/**
 * varlink_decoder_next - the next whole message.
 * @ret: a JSON object; json_decref() it
 *
 * Return: 1 with @ret; 0 there is none yet; -EMSGSIZE too long; -EBADMSG no JSON object, not
 *         UTF-8, a member twice, or too deep. After a failure the stream has no next message.
 */
int varlink_decoder_next(struct varlink_decoder *d, json_t **ret, struct fault *f);

/* ---- calls ----------------------------------------------------------------------------------- */

/* A call that came in. */
struct varlink_call {
	const char *method; /* "org.foimaild.Cases.Get"; borrowed from message */
	json_t *parameters; /* an object, perhaps empty; borrowed */
	bool more;	    /* several replies are welcome */
	bool oneway;	    /* no reply is welcome */
	json_t *message;    /* owned */
};

/**
 * varlink_call_read - check a message that should be a call.
 * @message: taken over, also on failure
 * @ret:     varlink_call_done() it
 *
 * Return: 0; -EBADMSG it is no call (the connection should be closed).
 */
int varlink_call_read(json_t *message, struct varlink_call *ret, struct fault *f);
void varlink_call_done(struct varlink_call *c); /* NULL and zero bytes are fine */

/* Whether the call is for that method of that interface. @method NULL: any of it. */
bool varlink_call_is(const struct varlink_call *c, const char *interface, const char *method);

enum varlink_type {
	VARLINK_STRING,
	VARLINK_INT,
	VARLINK_BOOL,
	VARLINK_OBJECT, /* its members are the method's to check */
};

/* A parameter that a method takes. */
struct varlink_parameter {
	const char *name;
	enum varlink_type type;
	bool required;		  /* null counts as not given */
	int64_t min;		  /* of an int */
	int64_t max;		  /* of an int; bytes of a string */
	const char *const *words; /* NULL-ended: the only strings allowed; NULL: any */
};

/**
 * varlink_check - hold the parameters of a call against a table.
 * @ret_wrong: name of the first that is wrong or not known, for varlink_invalid(); borrowed
 *
 * Return: 0; -EINVAL with @ret_wrong.
 */
int varlink_check(const struct varlink_call *c, const struct varlink_parameter *table, size_t n,
	const char **ret_wrong);

/* Values after varlink_check(); @otherwise when it was not given. Text is borrowed. */
const char *varlink_text(const struct varlink_call *c, const char *name, const char *otherwise);
int64_t varlink_int(const struct varlink_call *c, const char *name, int64_t otherwise);
bool varlink_bool(const struct varlink_call *c, const char *name, bool otherwise);

/* ---- messages to bytes ----------------------------------------------------------------------- */

/* Bytes ready to be written, the NUL included. Zero bytes are empty. */
struct varlink_bytes {
	char *bytes; /* owned; NULL: nothing is to be written */
	size_t n;
};

void varlink_bytes_done(struct varlink_bytes *b); /* NULL is fine */

/**
 * varlink_reply - an answer.
 * @c:          nothing is made for a call that is oneway
 * @parameters: an object, json_object() for none; taken over, also on failure. NULL is what
 *              json_pack() gives when it fails, and fails here
 * @continues:  another follows; only where @c says more
 *
 * Return: 0; -ENOMEM; -EMSGSIZE over VARLINK_REPLY_MAX; -EINVAL @continues without more.
 */
int varlink_reply(const struct varlink_call *c, json_t *parameters, bool continues,
	struct varlink_bytes *ret, struct fault *f);

/* An error: "org.foimaild.Cases.NoSuchCase" with its parameters (as varlink_reply). */
int varlink_error(const struct varlink_call *c, const char *error, json_t *parameters,
	struct varlink_bytes *ret, struct fault *f);

/* org.varlink.service.InvalidParameter for the parameter of that name. */
int varlink_invalid(const struct varlink_call *c, const char *parameter, struct varlink_bytes *ret,
	struct fault *f);

/* A call. @parameters is taken over; NULL: none. */
int varlink_request(const char *method, json_t *parameters, bool more, struct varlink_bytes *ret,
	struct fault *f);

#endif
