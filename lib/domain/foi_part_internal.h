/* foi_part_internal.h - what the files of foi_part share; nobody else includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_FOI_PART_INTERNAL_H
#define DOMAIN_FOI_PART_INTERNAL_H

#include "domain/foi_part.h"

/* What one move does to a part whose state the table allows. @p may be half changed on failure. */
typedef int foi_part_function(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f);

/* By move; NULL: it is about the whole case. */
extern foi_part_function *const foi_part_functions[FOI_MOVE_COUNT];

/* Working days that the law gives; 0 where months count. */
unsigned foi_part_allowance(enum case_kind kind, enum statute_regime regime);

/* The authority's duty on it has ended. */
void foi_part_end(struct foi_part *p, enum foi_outcome outcome, struct day day);

/* Adds the exemptions of @d that are not there yet; the last word on denial counts. Return: 0; -EPERM
 * no such exemption under the part's law, or one that does not allow denial; -E2BIG. */
int foi_part_add_exemptions(struct foi_part *p, const struct foi_details *d, struct fault *f);

/* Whether one of them is qualified: FOI 2000 s.2(2)(b). */
bool foi_part_has_qualified(const struct foi_part *p);

/* Return: 0; -EINVAL @day lies before @earliest; @what names that, with a comma behind it. */
int foi_part_not_before(struct day day, struct day earliest, const char *what, struct fault *f);

#endif
