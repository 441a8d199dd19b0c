/* real_name.h - whether a request bears what may be the real name of somebody. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_REAL_NAME_H
#define DOMAIN_REAL_NAME_H

#include <stdbool.h>

enum real_name {
	REAL_NAME_NONE,	     /* nothing */
	REAL_NAME_SINGLE,    /* "Dave", "jsmith99", "Jane R." */
	REAL_NAME_PSEUDONYM, /* "Concerned Resident", "Mickey Mouse" */
	REAL_NAME_ROLE,	     /* "Newsdesk", "Acme Ltd": nobody in person */
	REAL_NAME_LIKELY,    /* a first name or an initial or a title, and a surname */
};

/**
 * real_name_of - what a name is like.
 * @name: as a mail's From bears it; NULL reads as ""
 *
 * Law: FOI 2000 s.8(1)(b): a request states the name of the applicant. Any name of two words that is
 *      on no list counts as likely: how people are called is not for a program to say.
 */
enum real_name real_name_of(const char *name);

/**
 * real_name_is_signed - whether a letter is signed with a likely name.
 * @text: what the writer wrote
 *
 * Looks below a closing such as "Yours faithfully", at the last lines, and for "my name is".
 * Security: @text comes from anyone; time is linear.
 */
bool real_name_is_signed(const char *text);

#endif
