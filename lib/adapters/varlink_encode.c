/* varlink_encode.c - Varlink replies, errors and calls as bytes. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/varlink.h"
#include "base/cleanup.h"

static void json_freep(json_t **j)
{
	json_decref(*j);
}

void varlink_bytes_done(struct varlink_bytes *b)
{
	if (!b)
		return;
	free(b->bytes);
	*b = (struct varlink_bytes){ 0 };
}

/* json_dumps() escapes control characters, so the only NUL is the one at the end. */
static int dump(const json_t *message, size_t max, struct varlink_bytes *ret, struct fault *f)
{
	CLEANUP(freep) char *text = json_dumps(message, JSON_COMPACT);
	size_t n;

	if (!text)
		return fault_set(f, -ENOMEM, "no memory for a message");
	n = strlen(text) + 1;
	if (n > max)
		return fault_set(f, -EMSGSIZE, "a message of %zu bytes is over the limit", n);
	*ret = (struct varlink_bytes){ .bytes = TAKE_PTR(text), .n = n };
	return 0;
}

/* One member beside the parameters, if @key is not NULL. */
static int encode(const char *key, json_t *value, json_t *parameters, size_t max,
	struct varlink_bytes *ret, struct fault *f)
{
	CLEANUP(json_freep) json_t *owned = parameters;
	CLEANUP(json_freep) json_t *member = value;
	CLEANUP(json_freep) json_t *message = json_object();

	/* Never sent as "no parameters": that would be an answer, and a wrong one. */
	if (!owned)
		return fault_set(
			f, -ENOMEM, "no memory for an answer, or a text in it is not UTF-8");
	if (!message || (key && json_object_set(message, key, member) < 0) ||
		json_object_set(message, "parameters", owned) < 0)
		return fault_set(f, -ENOMEM, "no memory for a message");
	return dump(message, max, ret, f);
}

int varlink_reply(const struct varlink_call *c, json_t *parameters, bool continues,
	struct varlink_bytes *ret, struct fault *f)
{
	if (c->oneway || (continues && !c->more)) {
		json_decref(parameters);
		*ret = (struct varlink_bytes){ 0 };
		return c->oneway
			       ? 0
			       : fault_set(f, -EINVAL, "a call that wants one reply gets several");
	}
	return encode(continues ? "continues" : NULL, continues ? json_true() : NULL, parameters,
		VARLINK_REPLY_MAX, ret, f);
}

int varlink_error(const struct varlink_call *c, const char *error, json_t *parameters,
	struct varlink_bytes *ret, struct fault *f)
{
	if (c->oneway) {
		json_decref(parameters);
		*ret = (struct varlink_bytes){ 0 };
		return 0;
	}
	return encode("error", json_string(error), parameters, VARLINK_REPLY_MAX, ret, f);
}

int varlink_invalid(const struct varlink_call *c, const char *parameter, struct varlink_bytes *ret,
	struct fault *f)
{
	return varlink_error(
		c, VARLINK_INVALID_PARAMETER, json_pack("{s:s}", "parameter", parameter), ret, f);
}

int varlink_request(const char *method, json_t *parameters, bool more, struct varlink_bytes *ret,
	struct fault *f)
{
	CLEANUP(json_freep) json_t *owned = parameters ? parameters : json_object();
	CLEANUP(json_freep) json_t *message = json_object();

	if (!owned || !message || json_object_set_new(message, "method", json_string(method)) < 0 ||
		json_object_set(message, "parameters", owned) < 0 ||
		(more && json_object_set_new(message, "more", json_true()) < 0))
		return fault_set(f, -ENOMEM, "no memory for a message");
	return dump(message, VARLINK_REQUEST_MAX, ret, f);
}
