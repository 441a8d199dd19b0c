/* hint_internal.h - what the files of hint share; nobody else includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_HINT_INTERNAL_H
#define DOMAIN_HINT_INTERNAL_H

#include "domain/hint.h"
#include "domain/triage_words.h"

/* Whether a colleague or a partner sent the mail: who asks is somebody else. */
bool hint_is_passed_on(const struct triage_verdict *v);

/* The first reference in @text that is like those of authorities and none of our templates'. */
struct triage_span hint_other_reference(const struct hint_policy *p, const char *text);

#endif
