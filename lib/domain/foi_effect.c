/* foi_effect.c - what moves do to a clock where a setting of [law] decides. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "domain/foi_move.h"

static const char *const words[FOI_EFFECT_COUNT] = {
	[FOI_EFFECT_NONE] = "",
	[FOI_EFFECT_RUNS] = "runs",
	[FOI_EFFECT_STOPS] = "stops",
	[FOI_EFFECT_STOPS_BETWEEN] = "stops-between",
	[FOI_EFFECT_ENDS] = "ends",
};

const char *foi_effect_word(enum foi_effect effect)
{
	return words[effect];
}

int foi_effect_parse(const char *word, enum foi_effect *ret)
{
	for (unsigned i = 0; i < FOI_EFFECT_COUNT; i++) {
		if (strcmp(words[i], word) == 0) {
			*ret = (enum foi_effect) i;
			return 0;
		}
	}
	return -EINVAL;
}

/* FOI 2000 s.1(3); EIR 2004 reg 9; FOISA 2002 s.1(3). */
static enum foi_effect of_clarification(
	enum statute_regime regime, const struct statute_settings *settings)
{
	if (regime == STATUTE_EIR && !settings->eir_particulars_restart)
		return FOI_EFFECT_RUNS;
	if (regime == STATUTE_FOISA && !settings->foisa_clarification_restarts)
		return FOI_EFFECT_RUNS;
	return FOI_EFFECT_STOPS;
}

/* FOI 2000 s.10(2); EIR 2004 reg 8. */
static enum foi_effect of_fee(enum statute_regime regime, const struct statute_settings *settings)
{
	static const enum foi_effect effects[] = {
		[STATUTE_FEE_NONE] = FOI_EFFECT_RUNS,
		[STATUTE_FEE_BETWEEN] = FOI_EFFECT_STOPS_BETWEEN,
		[STATUTE_FEE_ENDS] = FOI_EFFECT_STOPS,
	};

	return effects[regime == STATUTE_EIR ? settings->eir_charge : statute_of(regime)->fee];
}

/* FOI 2000 s.1(1)(a); EIR 2004 reg 10. */
static enum foi_effect of_transfer(
	enum statute_regime regime, const struct statute_settings *settings)
{
	return regime == STATUTE_EIR && settings->eir_transfer_ends ? FOI_EFFECT_ENDS
								    : FOI_EFFECT_RUNS;
}

static enum foi_effect (*const effects[FOI_MOVE_COUNT])(
	enum statute_regime regime, const struct statute_settings *settings) = {
	[FOI_MOVE_CLARIFICATION_ASKED] = of_clarification,
	[FOI_MOVE_FEE_ASKED] = of_fee,
	[FOI_MOVE_TRANSFERRED] = of_transfer,
};

bool foi_effect_is_chosen(enum foi_move move, enum statute_regime regime)
{
	if (regime == STATUTE_FOISA)
		return move == FOI_MOVE_CLARIFICATION_ASKED;
	return regime == STATUTE_EIR && effects[move];
}

enum foi_effect foi_effect_of(
	enum foi_move move, enum statute_regime regime, const struct statute_settings *settings)
{
	return effects[move] ? effects[move](regime, settings) : FOI_EFFECT_NONE;
}
