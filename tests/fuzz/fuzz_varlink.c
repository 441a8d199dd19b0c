/* fuzz_varlink.c - any bytes, in any pieces, as what a client of the socket says.
 *
 * The first byte says how long the pieces are. The messages are the same whatever the pieces; a call
 * that was read can be written and is read again as the same; every answer is a message. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "adapters/varlink_service.h"
#include "base/cleanup.h"
#include "tests/fuzz/fuzz.h"

enum {
	MESSAGE_MAX = 512,
};

/* What came out of a stream: the messages in their order, and how it ended. */
struct heard {
	json_t *messages;
	int end;
};

static json_t *decode_one(const struct varlink_bytes *b)
{
	CLEANUP(varlink_decoder_freep)
	struct varlink_decoder *d = varlink_decoder_new(VARLINK_REPLY_MAX);
	json_t *message = NULL;
	size_t at = 0;

	REQUIRE(d && b->n > 0 && strlen(b->bytes) + 1 == b->n);
	while (at < b->n) {
		size_t room = varlink_decoder_room(d);
		size_t n = b->n - at < room ? b->n - at : room;

		REQUIRE(n > 0 && varlink_decoder_feed(d, b->bytes + at, n) == 0);
		at += n;
	}
	REQUIRE(varlink_decoder_next(d, &message, NULL) == 1);
	REQUIRE(!varlink_decoder_is_partial(d));
	return message;
}

static void answer(const struct varlink_call *c)
{
	struct varlink_bytes b = { 0 };
	int r = varlink_service(c, "1", &b, NULL);

	REQUIRE(r == 0 || r == 1);
	if (r == 0)
		REQUIRE(varlink_unknown_method(c, &b, NULL) == 0);
	REQUIRE((b.bytes == NULL) == c->oneway);
	if (b.bytes)
		json_decref(decode_one(&b));
	varlink_bytes_done(&b);
}

/* The call as our own client would write it. */
static void ask_again(const struct varlink_call *c)
{
	struct varlink_bytes b = { 0 };
	struct varlink_call again = { 0 };

	REQUIRE(varlink_request(c->method, json_incref(c->parameters), c->more, &b, NULL) == 0);
	REQUIRE(varlink_call_read(decode_one(&b), &again, NULL) == 0);
	REQUIRE(strcmp(again.method, c->method) == 0 && again.more == c->more);
	REQUIRE(json_equal(again.parameters, c->parameters));
	varlink_call_done(&again);
	varlink_bytes_done(&b);
}

static void take_call(json_t *message)
{
	struct varlink_call c = { 0 };
	struct fault f = { 0 };

	if (varlink_call_read(json_incref(message), &c, &f) < 0) {
		REQUIRE(*f.text);
		return;
	}
	answer(&c);
	ask_again(&c);
	varlink_call_done(&c);
}

static void hear(struct varlink_decoder *d, struct heard *h)
{
	json_t *message;
	int r;

	while ((r = varlink_decoder_next(d, &message, NULL)) == 1)
		REQUIRE(json_array_append_new(h->messages, message) == 0);
	h->end = r;
}

static struct heard listen(const uint8_t *bytes, size_t n, size_t piece)
{
	CLEANUP(varlink_decoder_freep) struct varlink_decoder *d = varlink_decoder_new(MESSAGE_MAX);
	struct heard h = { .messages = json_array() };
	size_t at = 0;

	REQUIRE(d && h.messages);
	while (at < n && h.end == 0) {
		size_t room = varlink_decoder_room(d);
		size_t k = n - at < piece ? n - at : piece;

		k = k < room ? k : room;
		REQUIRE(k > 0 && varlink_decoder_feed(d, bytes + at, k) == 0);
		at += k;
		hear(d, &h);
	}
	return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	size_t piece = n > 0 ? (size_t) bytes[0] + 1 : 1;
	struct heard whole;
	struct heard pieces;

	if (n == 0)
		return 0;
	whole = listen(bytes + 1, n - 1, n);
	pieces = listen(bytes + 1, n - 1, piece);
	REQUIRE(whole.end == pieces.end && json_equal(whole.messages, pieces.messages));
	for (size_t i = 0; i < json_array_size(whole.messages); i++)
		take_call(json_array_get(whole.messages, i));
	json_decref(whole.messages);
	json_decref(pieces.messages);
	return 0;
}
