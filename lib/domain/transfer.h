/* transfer.h - content transfer encodings (RFC 2045 s.6), decoded as a stream.
 *
 * libetpan's decoders are not used: they hold the whole result in memory and, from 8 MiB on, in a
 * temporary file, which the wall forbids. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_TRANSFER_H
#define DOMAIN_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

enum transfer {
	TRANSFER_IDENTITY, /* 7bit, 8bit, binary and whatever is unknown */
	TRANSFER_BASE64,
	TRANSFER_QUOTED,
	TRANSFER_UUENCODE, /* x-uuencode: never a standard, still seen */
};

/* Takes decoded bytes; a result other than 0 ends the decoding. */
typedef int transfer_take(void *context, const char *bytes, size_t n);

/* The encoding of a Content-Transfer-Encoding value. */
enum transfer transfer_of(const char *value, size_t n);

/**
 * transfer_decode - decode and hand on in pieces.
 * @ret_broken: may be NULL; how many places broke the rules of the encoding
 *
 * What breaks the rules is skipped in base64 and kept as it stands in quoted-printable
 * (RFC 2045 s.6.7, s.6.8 ask for both).
 *
 * Security: @bytes come from anyone; time is linear, memory constant.
 */
void transfer_decode(enum transfer encoding, const char *bytes, size_t n, transfer_take *take,
	void *context, size_t *ret_broken);

#endif
