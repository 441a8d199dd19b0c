/* uidset.h - sets of IMAP UIDs, in the sequence-set form of RFC 3501 s.9 ("1:4,7,9:12").
 *
 * Ranges are kept sorted, apart and joined where they touch, so a mailbox of a hundred thousand
 * mails is usually a handful of ranges. */
/* SPDX-License-Identifier: MIT */
#ifndef BASE_UIDSET_H
#define BASE_UIDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uidset_range {
	uint32_t first;
	uint32_t last; /* inclusive, not below first */
};

/* Embedded; start from zero bytes or uidset_init(). */
struct uidset {
	struct uidset_range *ranges; /* owned */
	size_t n;
	size_t room;
};

void uidset_init(struct uidset *s);
void uidset_done(struct uidset *s); /* frees and empties; NULL is fine */

/* Adds @first to @last, both included. Return: 0; -EINVAL (0, or first above last); -ENOMEM. */
int uidset_add(struct uidset *s, uint32_t first, uint32_t last);

/* Adds all of @other. Return: 0 or -ENOMEM (then some may be missing). */
int uidset_merge(struct uidset *s, const struct uidset *other);

/* Takes all of @other away from @s. Return: 0 or -ENOMEM (then @s is unchanged). */
int uidset_subtract(struct uidset *s, const struct uidset *other);

bool uidset_has(const struct uidset *s, uint32_t uid);

/* Number of UIDs in the set. */
uint64_t uidset_count(const struct uidset *s);

/**
 * uidset_parse - read "1:4,7,9:12".
 * @text: at most @n bytes; "" is the empty set; "*" is not accepted
 *
 * Return:   0 with @ret filled (uidset_done() it); -EINVAL malformed; -ENOMEM.
 * Security: @text may be another process's; the time is that of sorting, whatever its order.
 */
int uidset_parse(const char *text, size_t n, struct uidset *ret);

/* The set as heap text, to be freed by the caller. Return: 0 or -ENOMEM. */
int uidset_text(const struct uidset *s, char **ret);

#endif
