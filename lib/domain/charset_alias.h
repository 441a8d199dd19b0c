/* charset_alias.h - the names that mailers give character sets. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_CHARSET_ALIAS_H
#define DOMAIN_CHARSET_ALIAS_H

#include <stdbool.h>

enum {
	CHARSET_SIMPLE_MAX = 32,
};

/**
 * charset_alias - what a declared name means.
 * @declared: as it stands in the mail: any case, with or without its marks, with a comment or
 *            another parameter behind it
 * @ret:      the simple form of the set's name (small letters and digits alone); "" when the name
 *            says no more than "bytes" ("us-ascii", "8bit", "x-unknown")
 *
 * Security: @declared comes from anyone; it is cut.
 */
void charset_alias(const char *declared, char ret[static CHARSET_SIMPLE_MAX]);

/* Whether @simple is the simple form of @name. */
bool charset_alias_is(const char *simple, const char *name);

#endif
