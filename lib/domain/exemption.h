/* exemption.h - the exemptions and exceptions by which information may be withheld, as a table.
 *
 * FOI 2000 Part II, EIR 2004 reg 12 and 13, FOISA 2002 Part 2. Refusals that are no exemptions, such
 * as the cost limit of FOI 2000 s.12 and vexatious requests of s.14, are not here. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_EXEMPTION_H
#define DOMAIN_EXEMPTION_H

#include <stdbool.h>

#include "domain/statute.h"

struct fault;

enum {
	EXEMPTION_MAX = 32, /* bytes of a citation with its NUL */
};

/* One provision. All texts are static. */
struct exemption {
	enum statute_regime regime;
	const char *number; /* "s.31", "reg 12(5)(e)", "s.40(3B)": as exemption_parse() writes it */
	const char *title;  /* "Law enforcement" */
	bool is_qualified;  /* the public interest test applies: not absolute */
	const char *law_deny; /* by which the authority may neither confirm nor deny that it holds
			       * the information, "FOI 2000 s.31(3)"; NULL: there is none */
};

/**
 * exemption_parse - read a citation as officers write it.
 * @text:    "s.31(1)(a)", "31 (1)", "section 31", "reg 12(5)(e)", "12(4)(b)", "Regulation 13"
 * @ret:     in one form: "s.31(1)(a)", "reg 12(5)(e)"
 * @ret_row: the most specific row that holds it; static
 *
 * Subsections are looked at only where one differs from its section. A section that is partly
 * absolute counts, cited without a subsection, as its usual case: FOI 2000 s.37 and FOISA 2002 s.36
 * as qualified; FOI 2000 s.40 and FOISA 2002 s.38 as absolute, since personal data are withheld
 * under the data protection principles nearly always. FOI 2000 s.36 is absolute for the two Houses
 * of Parliament only, and so counts as qualified.
 *
 * Law:    FOI 2000 s.2(3); EIR 2004 reg 12(1)(b), 12(3), 13(1); FOISA 2002 s.2(2).
 * Return: 0; -EINVAL not a citation; -ENOENT no such exemption under that law (the fault names
 *         what is near).
 */
int exemption_parse(enum statute_regime regime, const char *text, char ret[static EXEMPTION_MAX],
	const struct exemption **ret_row, struct fault *f);

#endif
