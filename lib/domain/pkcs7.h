/* pkcs7.h - the words inside a signed S/MIME part. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_PKCS7_H
#define DOMAIN_PKCS7_H

#include <stddef.h>

enum pkcs7_kind {
	PKCS7_OTHER, /* encrypted, compressed, or none that can be read */
	PKCS7_SIGNED,
};

/**
 * pkcs7_content - what a SignedData of RFC 5652 s.5 wraps.
 * @ret:   heap bytes, freed by the caller; empty when it wraps nothing, or is of another kind
 * @ret_n: their number
 *
 * Nothing is verified: the words are read, as those of any other mail are. BER is read (indefinite
 * lengths, strings in pieces), since Outlook and openssl -stream write it.
 *
 * Return: 0; -ENOMEM. Damaged bytes give what stands before the damage.
 * Security: @bytes comes from anyone; one pass, no recursion.
 */
int pkcs7_content(
	const char *bytes, size_t n, enum pkcs7_kind *ret_kind, char **ret, size_t *ret_n);

#endif
