/* token.h - keyed tokens in what we send, by which answers find their case.
 *
 * A token is REFERENCE-AS-ATOM "." 32 hexadecimal digits of HMAC-SHA-256 over purpose and
 * reference, for example "FOI_001761/18.1f0c...". It stands in the Message-ID of an
 * acknowledgement, in its References (some providers replace the Message-ID) and, shorter, as a
 * tag of the envelope sender. Nobody without the key of the store can make one, so whoever quotes
 * it has had our mail, and after a restore our own sent mail tells the references again. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_TOKEN_H
#define DOMAIN_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "domain/reference.h"

enum {
	TOKEN_ID_MAX = 256, /* bytes of a Message-ID of ours with its NUL */
	TOKEN_TAG_MAX = 96,
};

/* What every Message-ID of ours begins with. */
#define TOKEN_BEGIN "<foi."

/* What the token was made for; part of what is signed. */
enum token_purpose {
	TOKEN_MESSAGE_ID, /* "foi.m." left part */
	TOKEN_THREAD,	  /* "foi.t.": in References */
	TOKEN_BOUNCE,	  /* tag of the envelope sender */
	TOKEN_PURPOSE_COUNT,
};

/**
 * token_message_id - "<foi.m.FOI_001761/18.HEX@domain>".
 * @domain: of the mailbox's own address
 *
 * Return: 0; -EOVERFLOW; -EINVAL @domain is none that can stand in a header.
 */
int token_message_id(const uint8_t key[static DIGEST_KEY_BYTES], enum token_purpose purpose,
	const char *reference, const char *domain, char ret[static TOKEN_ID_MAX]);

/* The tag for foi+TAG@domain, letters, digits and "-" only. Return: 0; -EOVERFLOW. */
int token_tag(const uint8_t key[static DIGEST_KEY_BYTES], const char *reference,
	char ret[static TOKEN_TAG_MAX]);

/**
 * token_read - the reference in a Message-ID or address of ours.
 * @id: "<...@...>" or "local+tag@domain"; from anyone
 *
 * Return: 0 with purpose and reference; -ENOENT it is none of ours, or its key does not fit.
 * Security: compares in constant time.
 */
int token_read(const uint8_t key[static DIGEST_KEY_BYTES], const char *id,
	enum token_purpose *ret_purpose, char ret_reference[static REFERENCE_MAX]);

#endif
