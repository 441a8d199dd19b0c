/* digest.h - SHA-256, HMAC and random keys; the only module that includes nettle. */
/* SPDX-License-Identifier: MIT */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum {
	DIGEST_HEX_MAX = 65,   /* 64 hexadecimal digits and the NUL */
	DIGEST_KEY_BYTES = 32, /* of a key for digest_hmac() */
};

struct digest;

/* A running SHA-256; NULL when memory is short. Free with digest_free(). */
struct digest *digest_new(void);
struct digest *digest_free(struct digest *d);
void digest_freep(struct digest **d);

void digest_update(struct digest *d, const void *bytes, size_t n);

/* Ends the sum, writes it in lower-case hexadecimal and starts anew. */
void digest_final(struct digest *d, char ret_hex[static DIGEST_HEX_MAX]);

/* SHA-256 of @n bytes in lower-case hexadecimal. */
void digest_sha256(const void *bytes, size_t n, char ret_hex[static DIGEST_HEX_MAX]);

/* HMAC-SHA-256 (RFC 2104) of @n bytes in lower-case hexadecimal. */
void digest_hmac(const uint8_t key[static DIGEST_KEY_BYTES], const void *bytes, size_t n,
	char ret_hex[static DIGEST_HEX_MAX]);

/* Fills @bytes from the kernel. Return: 0 or negative errno. */
int digest_random(void *bytes, size_t n);

#endif
