/* foi_history.h - a whole case from its moves: its parts, its file, where it stands.
 *
 * Moves are taken in the order in which they were recorded, those that were undone left out. What
 * stands in the register about a case follows from this alone, so that an undone move, and what a
 * program once made of it, leave nothing behind. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_FOI_HISTORY_H
#define DOMAIN_FOI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/foi_part.h"

enum {
	FOI_PARTS_MAX = 64,  /* of one case */
	FOI_MOVES_MAX = 512, /* of one case */
	/* Of these, places that are left for its end and for taking back, and the last one for the
	 * acknowledgement, which may leave at any time. */
	FOI_MOVES_SPARE = 64,
};

/* A case with all that was recorded about it. */
struct foi_history {
	struct foi_part_begin begins[FOI_PARTS_MAX]; /* place n: part number n + 1 */
	size_t n_parts;
	struct foi_move_record *moves; /* owned by the caller */
	size_t n_moves;
};

/* A case as its moves have made it. Plain data. */
struct foi_status {
	struct foi_part parts[FOI_PARTS_MAX];
	size_t n_parts;
	enum foi_case_state state;
	bool is_closed;
	unsigned n_regulator;  /* matters that the regulator has open: nothing may be erased */
	bool is_clock_changed; /* by a person, on every part that the last day can be of */
	unsigned n_unfit;      /* moves that no longer fit: foi_history_settle() */
};

/**
 * foi_history_replay - what the moves make of the case.
 * @undo: a move to be taken as undone as well; 0: none
 *
 * Return: 0; -EPERM the moves do not fit each other, with the first that does not and why; -EINVAL
 *         a move about a part that is not there.
 */
int foi_history_replay(const struct foi_history *h, int64_t undo,
	const struct statute_settings *settings, struct foi_status *ret, struct fault *f);

/**
 * foi_history_settle - what the moves make of the case, also where they no longer fit each other.
 * @undo: as foi_history_replay()'s
 *
 * A law that is read otherwise by another version can make recorded moves impossible. A case must go on all the
 * same: what foi_part_settle() makes of such moves counts, and ret->n_unfit tells how many they are.
 * Where all moves fit this is foi_history_replay().
 */
void foi_history_settle(const struct foi_history *h, int64_t undo,
	const struct statute_settings *settings, struct foi_status *ret);

/**
 * foi_history_try - whether @m can come next, and what it would make of the case.
 * @s:   the case now; changed on success only
 * @law: for the conditions that new moves have, see foi_part_check()
 *
 * FOI_MOVE_UNDONE is foi_history_replay()'s; FOI_MOVE_PART_ADDED must bring its number, the next.
 *
 * Return: 0; -EPERM impossible, with the reason; -EINVAL; -E2BIG; -ENOMEM.
 */
int foi_history_try(struct foi_status *s, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f);

/* The move of that id, if it is there and was not undone; else NULL. */
const struct foi_move_record *foi_history_find(const struct foi_history *h, int64_t id);

#endif
