/* charset.h - text of the character sets that mailers send, read as UTF-8.
 *
 * All sets of a fixed table are opened at the start and stay open for life: behind the wall of
 * the parse process no file can be opened, and the C library loads its converters from files. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_CHARSET_H
#define DOMAIN_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/fault.h"

struct charset_table;

/**
 * charset_open_all - open every set of the table.
 *
 * A set that this machine has no converter for stays closed and is read as unknown (Debian 13
 * keeps the rarer ones in libc-gconv-modules-extra).
 *
 * Return: 0, then charset_close_all() it; -ENOMEM; -ENOENT Windows-1252 itself is missing.
 */
int charset_open_all(struct charset_table **ret, struct fault *f);
struct charset_table *charset_close_all(struct charset_table *t); /* NULL is fine */
void charset_close_allp(struct charset_table **t);

/* The sets of the table, for tests and for the journal. charset_name(): NULL behind the last. */
const char *charset_name(size_t i);
bool charset_is_open(const struct charset_table *t, size_t i);

/**
 * charset_decode - bytes of a declared set, appended to @out as UTF-8.
 * @name: as declared, any case, with the aliases that mailers use; NULL or "": none declared
 *
 * What cannot be decoded becomes U+FFFD. "us-ascii" and no declaration are read as UTF-8 when they
 * are valid but for a last character that was cut off, else as Windows-1252; "iso-8859-1" is read as
 * Windows-1252, which is what its senders mean.
 *
 * Return: 0; 1 the set is not in the table, read as if none were declared.
 * Security: @name and @bytes come from anyone; time is linear, @out bounds the result.
 */
int charset_decode(
	struct charset_table *t, const char *name, const char *bytes, size_t n, struct bytes *out);

#endif
