/* mail_date.h - the instant in a date-time of RFC 5322. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_MAIL_DATE_H
#define DOMAIN_MAIL_DATE_H

#include <stdint.h>

enum {
	MAIL_DATE_TEXT_MAX = 40, /* "Thu, 14 Jun 2018 09:30:00 +0100" and the NUL */
};

/**
 * mail_date_parse - read "Wed, 16 May 2018 09:12:01 +0100 (BST)".
 * @ret: seconds since 1970 UTC
 *
 * The weekday and the seconds may be missing, years may have two digits, zones may be the names of
 * RFC 5322 s.4.3; an unknown zone counts as +0000 (it is what that section asks for). Read too: what
 * programs write that never saw that standard, such as ISO 8601, C's own order, hyphens, whole names.
 *
 * Return:   0; -EINVAL no date, or one that does not exist.
 * Security: @text comes from anyone; at most its first 128 bytes are looked at.
 */
int mail_date_parse(const char *text, int64_t *ret);

/* The instant as a Date header wants it, in London time. Return: @buf. */
char *mail_date_text(int64_t instant, char buf[static MAIL_DATE_TEXT_MAX]);

#endif
