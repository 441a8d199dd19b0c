/* numbering.c - which counter and which template a new case takes its reference from. */
/* SPDX-License-Identifier: MIT */
#include "flow/numbering.h"

#include <inttypes.h>
#include <stdio.h>

struct numbering {
	const char *counter;
	const struct reference_template *template;
};

/* A mail that a person must accept first gets an intake number and no case reference. */
static struct numbering numbering_of(const struct config *conf, enum case_kind kind, bool is_intake)
{
	if (is_intake)
		return (struct numbering){ "intake", &conf->intake };
	if (kind == CASE_REVIEW)
		return (struct numbering){ "review", &conf->review };
	return (struct numbering){ "request", &conf->request };
}

int numbering_next(struct store *s, const struct config *conf, enum case_kind kind, bool is_intake,
	struct day received, struct day logged, char ret[static REFERENCE_MAX], struct fault *f)
{
	struct numbering numbering = numbering_of(conf, kind, is_intake);
	struct day when = conf->year_of == CONFIG_YEAR_RECEIVED ? received : logged;
	char period[16] = "";
	uint64_t seq;
	int r;

	if (conf->reset_yearly)
		(void) snprintf(period, sizeof period, "%04d", day_to_civil(when).year); /* fits */
	r = store_number_next(s, numbering.counter, period, conf->first, &seq, f);
	if (r < 0)
		return r;
	r = reference_format(numbering.template, seq, when, ret);
	if (r < 0)
		return fault_set_kind(f, FAULT_CONFIG, r,
			"[reference]: number %" PRIu64 " does not fit in a reference", seq);
	return 0;
}
