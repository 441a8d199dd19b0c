/* forwarded.h - who wrote a mail that somebody passed on, and when, from the header that mail
 * programs write above it. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_FORWARDED_H
#define DOMAIN_FORWARDED_H

enum {
	FORWARDED_FROM_MAX = 128,
	FORWARDED_DATE_MAX = 64,
};

struct forwarded {
	char from[FORWARDED_FROM_MAX];	  /* as it stands: "Jane Roe <jane@example.net>" */
	char address[FORWARDED_FROM_MAX]; /* the address in it, lower case; "" : none is told */
	char date[FORWARDED_DATE_MAX];	  /* as it stands, "3 June 2026 10:12" */
};

/**
 * forwarded_next - the next mail that is enclosed in a text.
 * @text: UTF-8
 *
 * Return: where to look on; NULL there is none.
 * Security: @text comes from anyone, and so does what it says of the sender and the date: somebody
 *           must confirm them. Time is linear.
 */
const char *forwarded_next(const char *text, struct forwarded *ret);

#endif
