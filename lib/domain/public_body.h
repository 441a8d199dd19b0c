/* public_body.h - public authorities of the United Kingdom that a text names, by the pattern of
 * their names: "... Council", "... Police", "... NHS Trust", "Ministry of ...". */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_PUBLIC_BODY_H
#define DOMAIN_PUBLIC_BODY_H

#include <stddef.h>

enum {
	PUBLIC_BODY_MAX = 64, /* bytes of a name with its NUL; a longer one is cut */
};

/**
 * public_body_find - names of authorities other than ours.
 * @text: UTF-8
 * @own:  our name; also a shorter form of it is ours, as "Camden Council" for "London Borough of
 *        Camden Council"
 * @ret:  each name once
 * @max:  room in @ret
 *
 * A name is written with capitals: "the council", "your council" and "a borough council" name none.
 * Those to whom requesters complain (the Information Commissioner, ombudsmen) are left out.
 *
 * Return: number of names, at most @max.
 * Security: @text comes from anyone; time is linear in it.
 */
size_t public_body_find(
	const char *text, const char *own, char (*ret)[PUBLIC_BODY_MAX], size_t max);

#endif
