/* foi_outcome.c - the outcomes as a table. */
/* SPDX-License-Identifier: MIT */
#include "domain/foi_outcome.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/fault.h"

#define ALL_LAWS(text)                                                                             \
	{                                                                                          \
		[STATUTE_FOIA] = (text), [STATUTE_EIR] = (text), [STATUTE_FOISA] = (text),         \
		[STATUTE_SAR] = (text)                                                             \
	}

static const struct foi_outcome_row outcomes[FOI_OUTCOME_COUNT] = {
	[FOI_OUTCOME_NONE] = { .word = "", .title = "" },
	[FOI_OUTCOME_GRANTED] = {
		.word = "granted",
		.title = "granted in full",
		.is_answer = true,
		.law = { [STATUTE_FOIA] = "FOI 2000 s.1(1)(b)", [STATUTE_EIR] = "EIR 2004 reg 5(1)",
			[STATUTE_FOISA] = "FOISA 2002 s.1(1)", [STATUTE_SAR] = "UK GDPR art 15" },
	},
	[FOI_OUTCOME_PART_GRANTED] = {
		.word = "part-granted",
		.title = "granted in part",
		.is_answer = true,
		.needs_exemption = true,
		.law = { [STATUTE_FOIA] = "FOI 2000 s.17(1)", [STATUTE_EIR] = "EIR 2004 reg 14",
			[STATUTE_FOISA] = "FOISA 2002 s.16(1)", [STATUTE_SAR] = "UK GDPR art 15" },
	},
	[FOI_OUTCOME_WITHHELD] = {
		.word = "withheld",
		.title = "withheld in full",
		.is_answer = true,
		.needs_exemption = true,
		.law = { [STATUTE_FOIA] = "FOI 2000 s.17(1)", [STATUTE_EIR] = "EIR 2004 reg 14",
			[STATUTE_FOISA] = "FOISA 2002 s.16(1)", [STATUTE_SAR] = "UK GDPR art 12(4)" },
	},
	[FOI_OUTCOME_NOT_HELD] = {
		.word = "not-held",
		.title = "not held",
		.is_answer = true,
		.law = { [STATUTE_FOIA] = "FOI 2000 s.1(1)(a)",
			[STATUTE_EIR] = "EIR 2004 reg 12(4)(a)", [STATUTE_FOISA] = "FOISA 2002 s.17",
			[STATUTE_SAR] = "UK GDPR art 15(1)" },
	},
	[FOI_OUTCOME_COST] = {
		.word = "refused-cost",
		.title = "refused, too costly",
		.is_answer = true,
		.law = { [STATUTE_FOIA] = "FOI 2000 s.12(1)",
			[STATUTE_FOISA] = "FOISA 2002 s.12(1)" },
	},
	[FOI_OUTCOME_VEXATIOUS] = {
		.word = "refused-vexatious",
		.title = "refused, vexatious",
		.is_answer = true,
		.law = { [STATUTE_FOIA] = "FOI 2000 s.14(1)",
			[STATUTE_FOISA] = "FOISA 2002 s.14(1)" },
	},
	[FOI_OUTCOME_REPEATED] = {
		.word = "refused-repeated",
		.title = "refused, repeated",
		.is_answer = true,
		.law = { [STATUTE_FOIA] = "FOI 2000 s.14(2)",
			[STATUTE_FOISA] = "FOISA 2002 s.14(2)" },
	},
	[FOI_OUTCOME_UPHELD] = {
		.word = "upheld",
		.title = "the answer was upheld",
		.is_answer = true,
		.is_of_review = true,
		.law = { [STATUTE_FOIA] = "s.45 Code of Practice 2018, section 5",
			[STATUTE_EIR] = "EIR 2004 reg 11", [STATUTE_FOISA] = "FOISA 2002 s.21(4)" },
	},
	[FOI_OUTCOME_PARTLY_UPHELD] = {
		.word = "partly-upheld",
		.title = "the answer was upheld in part",
		.is_answer = true,
		.is_of_review = true,
		.law = { [STATUTE_FOIA] = "s.45 Code of Practice 2018, section 5",
			[STATUTE_EIR] = "EIR 2004 reg 11", [STATUTE_FOISA] = "FOISA 2002 s.21(4)" },
	},
	[FOI_OUTCOME_OVERTURNED] = {
		.word = "overturned",
		.title = "the answer was overturned",
		.is_answer = true,
		.is_of_review = true,
		.law = { [STATUTE_FOIA] = "s.45 Code of Practice 2018, section 5",
			[STATUTE_EIR] = "EIR 2004 reg 11", [STATUTE_FOISA] = "FOISA 2002 s.21(4)" },
	},
	[FOI_OUTCOME_WITHDRAWN] = {
		.word = "withdrawn", .title = "withdrawn", .law = ALL_LAWS("") },
	[FOI_OUTCOME_TRANSFERRED] = {
		.word = "transferred", .title = "transferred", .law = ALL_LAWS("") },
	[FOI_OUTCOME_LAPSED] = { .word = "lapsed", .title = "lapsed", .law = ALL_LAWS("") },
	[FOI_OUTCOME_INVALID] = {
		.word = "invalid", .title = "not a valid request", .law = ALL_LAWS("") },
	[FOI_OUTCOME_BUSINESS_AS_USUAL] = { .word = "business-as-usual",
		.title = "answered outside the Act",
		.law = ALL_LAWS("") },
	[FOI_OUTCOME_VOID] = {
		.word = "void", .title = "added by mistake", .law = ALL_LAWS("") },
};

const struct foi_outcome_row *foi_outcome_of(enum foi_outcome outcome)
{
	assert(outcome < FOI_OUTCOME_COUNT);
	return &outcomes[outcome];
}

int foi_outcome_parse(const char *word, enum foi_outcome *ret)
{
	for (unsigned i = 0; i < FOI_OUTCOME_COUNT; i++) {
		if (strcmp(outcomes[i].word, word) == 0) {
			*ret = (enum foi_outcome) i;
			return 0;
		}
	}
	return -EINVAL;
}

int foi_outcome_check(
	enum foi_outcome outcome, enum case_kind kind, enum statute_regime regime, struct fault *f)
{
	const struct foi_outcome_row *row = foi_outcome_of(outcome);

	if (!row->is_answer)
		return fault_set(f, -EPERM, "an answer needs its outcome, such as granted");
	if (row->is_of_review && kind != CASE_REVIEW)
		return fault_set(f, -EPERM, "\"%s\" is an outcome of a review", row->word);
	if (!row->is_of_review && kind == CASE_REVIEW)
		return fault_set(
			f, -EPERM, "a review is answered upheld, partly-upheld or overturned");
	if (!row->law[regime])
		return fault_set(f, -EPERM, "the %s has no answer \"%s\"%s",
			statute_of(regime)->short_name, row->word,
			regime == STATUTE_EIR ? "; a manifestly unreasonable request is withheld "
						"under reg 12(4)(b)"
					      : "");
	return 0;
}
