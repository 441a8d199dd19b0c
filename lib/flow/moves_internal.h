/* moves_internal.h - what the files of moves share; nobody else includes it. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_MOVES_INTERNAL_H
#define FLOW_MOVES_INTERNAL_H

#include "flow/moves.h"

enum {
	MOVES_TEXT_MAX = 2048, /* bytes of a line of history */
};

/* A case while moves are recorded on it. */
struct moves_work {
	const struct moves *in;
	int64_t now;
	struct foi_law law;
	struct store_file *file; /* owned: store_file_free() */
	struct foi_status status;
	bool is_count_stale[FOI_PARTS_MAX]; /* of an ended part, by an undone move */
};

/* Loads the case and takes its moves. */
int moves_begin(const struct moves *in, int64_t case_id, int64_t now, struct moves_work *w,
	struct fault *f);
void moves_done(struct moves_work *w);

/**
 * moves_keep - count all parts and keep what the case has become.
 * @cause: for the deadlines that changed: "calendar" or a move's word
 * @ret:   what the case's last day is now; has_due false: no clock runs and none waits
 *
 * Return: 1 some last day has changed; 0 none has; negative errno.
 */
struct moves_days {
	bool has_due;
	struct day due;
	bool is_provisional;
};
int moves_keep(struct moves_work *w, const char *cause, struct moves_days *ret, struct fault *f);

/* Opens the case that a narrowed request is. @ret_reference goes into the move's details. */
int moves_open_narrowed(struct moves_work *w, const struct foi_move_record *m,
	const struct moves_order *o, struct moves_result *ret, struct fault *f);

/* The move as one English line for the history: day, what it was, details, the officer's reason. */
void moves_describe(
	const struct foi_move_record *m, const char *why, char ret[static MOVES_TEXT_MAX]);

#endif
