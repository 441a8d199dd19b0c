/* digest.c - SHA-256, HMAC and random keys, by nettle and the kernel. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include <nettle/base16.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>

struct digest {
	struct sha256_ctx sum;
};

static void to_hex(const uint8_t sum[SHA256_DIGEST_SIZE], char ret_hex[DIGEST_HEX_MAX])
{
	base16_encode_update(ret_hex, SHA256_DIGEST_SIZE, sum);
	ret_hex[DIGEST_HEX_MAX - 1] = '\0';
}

struct digest *digest_new(void)
{
	struct digest *d = malloc(sizeof *d);

	if (d)
		sha256_init(&d->sum);
	return d;
}

struct digest *digest_free(struct digest *d)
{
	free(d);
	return NULL;
}

void digest_freep(struct digest **d)
{
	*d = digest_free(*d);
}

void digest_update(struct digest *d, const void *bytes, size_t n)
{
	sha256_update(&d->sum, n, bytes);
}

void digest_final(struct digest *d, char ret_hex[static DIGEST_HEX_MAX])
{
	uint8_t sum[SHA256_DIGEST_SIZE];

	sha256_digest(&d->sum, sizeof sum, sum);
	to_hex(sum, ret_hex);
}

void digest_sha256(const void *bytes, size_t n, char ret_hex[static DIGEST_HEX_MAX])
{
	struct digest d;

	sha256_init(&d.sum);
	digest_update(&d, bytes, n);
	digest_final(&d, ret_hex);
}

void digest_hmac(const uint8_t key[static DIGEST_KEY_BYTES], const void *bytes, size_t n,
	char ret_hex[static DIGEST_HEX_MAX])
{
	uint8_t sum[SHA256_DIGEST_SIZE];
	struct hmac_sha256_ctx mac;

	hmac_sha256_set_key(&mac, DIGEST_KEY_BYTES, key);
	hmac_sha256_update(&mac, n, bytes);
	hmac_sha256_digest(&mac, sizeof sum, sum);
	to_hex(sum, ret_hex);
}

int digest_random(void *bytes, size_t n)
{
	uint8_t *p = bytes;

	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		p += got;
		n -= (size_t) got;
	}
	return 0;
}
