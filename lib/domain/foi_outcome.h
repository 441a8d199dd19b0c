/* foi_outcome.h - how the authority's duty on a part ended, as the statistics count it. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_FOI_OUTCOME_H
#define DOMAIN_FOI_OUTCOME_H

#include <stdbool.h>

#include "domain/fate.h"
#include "domain/statute.h"

enum foi_outcome {
	FOI_OUTCOME_NONE, /* it has not ended */
	FOI_OUTCOME_GRANTED,
	FOI_OUTCOME_PART_GRANTED,
	FOI_OUTCOME_WITHHELD,
	FOI_OUTCOME_NOT_HELD,
	FOI_OUTCOME_COST,
	FOI_OUTCOME_VEXATIOUS,
	FOI_OUTCOME_REPEATED,
	FOI_OUTCOME_UPHELD,	   /* of a review: the answer stands */
	FOI_OUTCOME_PARTLY_UPHELD, /* of a review */
	FOI_OUTCOME_OVERTURNED,	   /* of a review: another answer is given */
	FOI_OUTCOME_WITHDRAWN,	   /* from here on no answer, but an end of another kind */
	FOI_OUTCOME_TRANSFERRED,
	FOI_OUTCOME_LAPSED,
	FOI_OUTCOME_INVALID,
	FOI_OUTCOME_BUSINESS_AS_USUAL,
	FOI_OUTCOME_VOID, /* the part was added by mistake */
	FOI_OUTCOME_COUNT,
};

/* One outcome. All texts are static. */
struct foi_outcome_row {
	const char *word;  /* "part-granted": command line, store, socket; "" for none */
	const char *title; /* "granted in part" */
	bool is_answer;	   /* told to the requester by "responded"; else by a move of its own */
	bool is_of_review;
	bool needs_exemption;
	/* Under which provision; NULL: that law has no such answer. */
	const char *law[STATUTE_REGIME_COUNT];
};

const struct foi_outcome_row *foi_outcome_of(enum foi_outcome outcome);

/* An outcome from its word. Return: 0; -EINVAL. */
int foi_outcome_parse(const char *word, enum foi_outcome *ret);

/**
 * foi_outcome_check - whether an answer of this kind can be given.
 *
 * Return: 0; -EPERM with the reason: no answer at all, none to a review, none under that law.
 */
int foi_outcome_check(
	enum foi_outcome outcome, enum case_kind kind, enum statute_regime regime, struct fault *f);

#endif
