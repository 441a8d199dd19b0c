/* fuzz_varlink.c - any bytes, in any pieces, as what a client of the socket says. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "adapters/varlink_service.h"
#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void answer(json_t *message)
{
	struct varlink_call c = { 0 };
	struct varlink_bytes b = { 0 };

	if (varlink_call_read(message, &c, NULL) < 0)
		return;
	if (varlink_service(&c, "1", &b, NULL) == 1 && b.bytes && strlen(b.bytes) + 1 != b.n)
		abort();
	varlink_bytes_done(&b);
	varlink_call_done(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	CLEANUP(varlink_decoder_freep) struct varlink_decoder *d = varlink_decoder_new(512);
	size_t piece = n > 0 ? (size_t) bytes[0] + 1 : 1;
	json_t *message;

	for (size_t at = 1; d && at < n; at += piece) {
		size_t k = n - at < piece ? n - at : piece;
		size_t room = varlink_decoder_room(d);

		if (varlink_decoder_feed(d, bytes + at, k < room ? k : room) < 0)
			abort();
		while (varlink_decoder_next(d, &message, NULL) == 1)
			answer(message);
	}
	return 0;
}
