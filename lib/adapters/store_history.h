/* store_history.h - a case with its parts and moves, and what the moves make of it, kept. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_STORE_HISTORY_H
#define ADAPTERS_STORE_HISTORY_H

#include "adapters/store.h"
#include "domain/foi_history.h"

/* What is kept about a part beside its moves. */
struct store_part {
	int64_t id;
	enum foi_case_state state;
	enum statute_regime regime;
	struct day due;
	bool is_provisional;
	bool has_notice;
	struct day notice;
	bool has_final;
	struct day final;
	bool has_ended;
	struct day ended;
	enum foi_outcome outcome;
	char checked[DIGEST_HEX_MAX]; /* hash of the calendar that it was last counted with */
	char question[FOI_TEXT_MAX];  /* cut */
	char authority[FOI_TEXT_MAX]; /* cut */
};

/* A case as it is kept. Free with store_file_free(). */
struct store_file {
	int64_t id;
	char reference[REFERENCE_MAX];
	enum case_kind kind;
	enum foi_case_state state;
	unsigned flags;
	struct day due;
	bool is_told; /* the requester was told the last day of the clock that runs ... */
	struct day told;
	bool has_acknowledged; /* ... by the acknowledgement, which told this */
	struct day acknowledged;
	struct store_part parts[FOI_PARTS_MAX]; /* as history.begins */
	struct foi_history history;		/* moves: owned */
};

/* Return: 0; -ENOENT no such case; -E2BIG more parts or moves than the bounds; -EUCLEAN. */
int store_file_load(struct store *s, int64_t case_id, struct store_file **ret, struct fault *f);
struct store_file *store_file_free(struct store_file *file);
void store_file_freep(struct store_file **file);

/* The id of a case by any reference that it ever bore. Return: 0; -ENOENT. */
int store_file_find(struct store *s, const char *reference, int64_t *ret_id, struct fault *f);

/* Records a move in the history. @part_id: 0: the whole case. @why: English for an officer. */
int store_move_add(struct store *s, int64_t case_id, int64_t part_id,
	const struct foi_move_record *m, int64_t at, const char *actor, const char *why,
	int64_t *ret_id, struct fault *f);

/* A further part, numbered @n, with its first deadline. */
struct store_part_opening {
	unsigned n;
	const char *question;
	const char *authority; /* "" : that of the first part */
	enum foi_case_state state;
	struct foi_case_deadline deadline;
	int64_t at;
};
int store_part_add(struct store *s, int64_t case_id, const struct store_part_opening *o,
	int64_t *ret_id, struct fault *f);

/* Keeps what a part has become: everything of @part but id, question and authority. */
int store_part_set(struct store *s, const struct store_part *part, struct fault *f);

/* Keeps what a case has become. */
struct store_case_now {
	enum foi_case_state state;
	struct day due;
	bool is_provisional;
	bool is_told;	/* the day that the acknowledgement told still means the clock that runs */
	unsigned clear; /* flags */
	unsigned set;
};
int store_case_set(
	struct store *s, int64_t case_id, const struct store_case_now *now, struct fault *f);

/* Links two cases in one direction: @other is @how ("narrowed") to @case_id. */
int store_case_link(
	struct store *s, int64_t case_id, int64_t other, const char *how, struct fault *f);

/**
 * store_unchecked - live cases with a part that was not counted with a calendar.
 * @hash:  of that calendar
 * @after: case ids above it; 0 to begin
 * @ret:   room for @max ids, rising
 *
 * Return: how many; negative errno.
 */
int store_unchecked(struct store *s, const char *hash, int64_t after, int64_t *ret, size_t max,
	struct fault *f);

#endif
