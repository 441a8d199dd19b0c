/* letter_record.h - a letter as a record, for the way from the parse process to register. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_LETTER_RECORD_H
#define ADAPTERS_LETTER_RECORD_H

#include <stddef.h>

#include "domain/letter.h"

enum {
	LETTER_RECORD_MAX = 16 * 1024 * 1024, /* bytes; a letter at all its bounds is below it */
};

/**
 * letter_record_encode - the letter as one run of bytes.
 * @ret:   heap bytes, to be freed by the caller
 * @ret_n: their number
 *
 * Return: 0; -ENOMEM.
 */
int letter_record_encode(const struct letter *l, char **ret, size_t *ret_n);

/**
 * letter_record_decode - read what letter_record_encode() wrote.
 *
 * Return: 0 with a new letter; -EBADMSG it is not such a record, or breaks one of the
 *         LETTER_*_MAX bounds, or holds text that is no UTF-8; -ENOMEM.
 * Security: the bytes come from the parse process, which may be in an attacker's hands: every
 *           count, type and length is checked again here.
 */
int letter_record_decode(const char *bytes, size_t n, struct letter **ret, struct fault *f);

#endif
