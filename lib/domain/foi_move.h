/* foi_move.h - what can happen to a case: the vocabulary of moves, each with its law.
 *
 * A move is a fact that somebody records: that clarification was asked for, that the answer left. It
 * is about one part of a case, or about the whole case. The table says what a move needs, from which
 * states it is possible and under which law; what it does to a clock stands in foi_part.h. Nothing
 * is ever changed or deleted: a mistake is undone by one more move. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_FOI_MOVE_H
#define DOMAIN_FOI_MOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/day.h"
#include "domain/exemption.h"
#include "domain/fate.h"
#include "domain/foi_case.h"
#include "domain/foi_outcome.h"
#include "domain/statute.h"

enum foi_move {
	FOI_MOVE_ACKNOWLEDGED,
	FOI_MOVE_CLARIFICATION_ASKED,
	FOI_MOVE_CLARIFIED,
	FOI_MOVE_FEE_ASKED,
	FOI_MOVE_FEE_PAID,
	FOI_MOVE_EXEMPTION,	    /* one or more are considered for the part */
	FOI_MOVE_EXTENDED_INTEREST, /* to weigh the public interest */
	FOI_MOVE_NOTICE_GIVEN,	    /* the refusal notice that is due on day 20 all the same */
	FOI_MOVE_EXTENDED_COMPLEX,  /* complex and voluminous */
	FOI_MOVE_EXTENDED_REVIEW,
	FOI_MOVE_REGIME, /* another law applies to the part */
	FOI_MOVE_PART_ANSWERED,
	FOI_MOVE_RESPONDED,
	FOI_MOVE_WITHDRAWN,
	FOI_MOVE_TRANSFERRED,
	FOI_MOVE_HOLDING_TOLD, /* the requester was told whether it is held */
	FOI_MOVE_LAPSED,
	FOI_MOVE_INVALID,
	FOI_MOVE_BUSINESS_AS_USUAL,
	FOI_MOVE_SUBJECT_ACCESS,
	FOI_MOVE_NARROWED, /* after a refusal for cost: a new case is opened */
	FOI_MOVE_PART_ADDED,
	FOI_MOVE_CLOSED,
	FOI_MOVE_REGULATOR_OPENED,
	FOI_MOVE_REGULATOR_CLOSED,
	FOI_MOVE_UNDONE,
	FOI_MOVE_COUNT,
};

/* What a move did to the clock, where a setting of [law] decides that. It is recorded with the move, so
 * that a setting that is changed later means the moves from then on only. */
enum foi_effect {
	FOI_EFFECT_NONE, /* the law alone decides, or it is about to be recorded */
	FOI_EFFECT_RUNS, /* the clock goes on */
	FOI_EFFECT_STOPS,
	FOI_EFFECT_STOPS_BETWEEN, /* of a fee: notice and payment days count all the same */
	FOI_EFFECT_ENDS,
	FOI_EFFECT_COUNT,
};

const char *foi_effect_word(enum foi_effect effect);	      /* "runs", ...; "" for none */
int foi_effect_parse(const char *word, enum foi_effect *ret); /* 0; -EINVAL */

/* Whether a setting decides under @regime; only then is the effect recorded with the move. */
bool foi_effect_is_chosen(enum foi_move move, enum statute_regime regime);

/* The effect that @move has under @regime by the settings; FOI_EFFECT_NONE where none decides. */
enum foi_effect foi_effect_of(
	enum foi_move move, enum statute_regime regime, const struct statute_settings *settings);

enum {
	FOI_EXEMPTIONS_MAX = 16, /* of one part */
	FOI_TEXT_MAX = 512,	 /* bytes of a detail's text with its NUL */
};

/* What a move may or must tell beside its day. */
enum {
	FOI_DETAIL_UNTIL = 1 << 0, /* a day: the estimated date */
	FOI_DETAIL_OUTCOME = 1 << 1,
	FOI_DETAIL_EXEMPTIONS = 1 << 2,
	FOI_DETAIL_TEXT = 1 << 3, /* see foi_move_row.text_is */
	FOI_DETAIL_REGIME = 1 << 4,
	FOI_DETAIL_AUTHORITY = 1 << 5,
	FOI_DETAIL_REASONS = 1 << 6, /* is_complex and is_voluminous */
};

/* One exemption claimed for a part. */
struct foi_exemption {
	char section[EXEMPTION_MAX]; /* as exemption_parse() writes it */
	bool denies;		     /* neither confirmed nor denied under it */
};

/* Everything that moves tell; what a move has no use for is zero. Plain data. */
struct foi_details {
	bool has_until;
	struct day until;
	enum foi_outcome outcome;
	struct foi_exemption exemptions[FOI_EXEMPTIONS_MAX];
	size_t n_exemptions;
	char text[FOI_TEXT_MAX];
	bool has_regime;
	enum statute_regime regime;
	char authority[FOI_TEXT_MAX]; /* whom an added part is put to; "" : as the first part */
	bool is_complex;
	bool is_voluminous;
	enum foi_effect effect; /* kept by moves_record(): nobody gives it */
};

/* A move as it was recorded. */
struct foi_move_record {
	int64_t id; /* 0: about to be recorded */
	enum foi_move move;
	unsigned part;	/* its number in the case, from 1; 0: the whole case */
	bool is_person; /* recorded by a person, not by the daemon */
	struct day day; /* when it happened in the world */
	int64_t undoes; /* FOI_MOVE_UNDONE: the id of the move taken back */
	struct foi_details details;
};

/* One kind of move. All texts are static. */
struct foi_move_row {
	const char *word;    /* "clarification-asked": command line, store, socket */
	const char *title;   /* "clarification was asked for" */
	bool is_of_case;     /* about the whole case */
	bool may_daemon;     /* not only a person may record it */
	unsigned kinds;	     /* mask of 1 << enum case_kind */
	unsigned from;	     /* mask of 1 << enum foi_case_state, of the part or the case */
	unsigned needs;	     /* mask of FOI_DETAIL_... */
	unsigned may;	     /* beside what it needs */
	const char *text_is; /* what FOI_DETAIL_TEXT holds, "whom it was transferred to" */
	/* Where the law knows it; NULL: under that law there is no such move. */
	const char *law[STATUTE_REGIME_COUNT];
};

const struct foi_move_row *foi_move_of(enum foi_move move);

/* A move from its word. Return: 0; -EINVAL. */
int foi_move_parse(const char *word, enum foi_move *ret);

/**
 * foi_move_check - whether a move can be recorded about a part or case in this state.
 * @m:      its day and details; exemptions as exemption_parse() writes them
 * @kind, @regime, @state: of the part; of a move of the whole case, of its first part and the case
 *
 * Looks at the table alone. Who records it, when, and what the part's clock says are the questions
 * of foi_part_check().
 *
 * Return: 0; -EPERM impossible, with the reason; -EINVAL a detail is missing or of no use, with its
 *         name.
 */
int foi_move_check(const struct foi_move_record *m, enum case_kind kind, enum statute_regime regime,
	enum foi_case_state state, struct fault *f);

#endif
