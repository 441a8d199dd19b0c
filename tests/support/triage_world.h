/* triage_world.h - a small authority for the tests of triage: its policy and the cases it has.
 *
 *     FOI 000012/26   open request of jane@example.net and joint@example.com
 *     FOI 000007/25   closed request of jane@example.net
 *     IR 000003/26    open review of jane@example.net
 *     FOI 000020/26   closed request from request-4711-0a1b2c3d@asks.example.net */
/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_TRIAGE_WORLD_H
#define SUPPORT_TRIAGE_WORLD_H

#include "domain/triage.h"

enum {
	TRIAGE_WORLD_TEXT_MAX = 4096,
};

extern const struct triage_policy triage_world_policy;

/* @headers with "{m:FOI 000012/26}" and "{t:...}" replaced by our Message-ID and thread token, and
 * "{b:...}" by our bounce tag. Forged ones: "{w:...}" is made with another key, "{c:...}" is a digit
 * short, "{o:FOI 000012/25}" stands before FOI 000012/26, "{p:...}" is used for another purpose. */
void triage_world_fill(const char *headers, char ret[static TRIAGE_WORLD_TEXT_MAX]);

/* The keys of @l and what the store would say of them. */
void triage_world_look(
	const struct letter *l, struct matching_keys *ret_keys, struct triage_facts *ret_facts);

#endif
