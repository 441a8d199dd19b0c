/* store_history.c - a case with its parts and moves, read and kept. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_history.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/move_record.h"
#include "adapters/store_internal.h"
#include "base/cleanup.h"

enum {
	MOVES_ROOM = 16, /* more than most cases have */
};

#define PERSON "uid " /* what an actor begins with who is no program */

/* ---- read ------------------------------------------------------------------------------------ */

/* A day that may be NULL. */
static int read_day(sqlite3_stmt *q, int column, bool *ret_has, struct day *ret, struct fault *f)
{
	*ret_has = sqlite3_column_type(q, column) != SQLITE_NULL;
	return *ret_has ? store_column_day(q, column, ret, f) : 0;
}

static int read_case(sqlite3_stmt *q, struct store_file *file, struct fault *f)
{
	const char *reference = store_column_text(q, 0);
	int r;

	if (strlen(reference) >= sizeof file->reference)
		return store_damaged(f, "reference");
	(void) snprintf(file->reference, sizeof file->reference, "%s", reference); /* fits */
	if (case_kind_of(store_column_text(q, 1), &file->kind) < 0)
		return store_damaged(f, "kind of case");
	if (foi_case_state_of(store_column_text(q, 2), &file->state) < 0)
		return store_damaged(f, "state of a case");
	file->flags = (unsigned) sqlite3_column_int64(q, 3);
	r = store_column_day(q, 4, &file->due, f);
	if (r == 0)
		r = read_day(q, 5, &file->is_told, &file->told, f);
	if (r == 0)
		r = read_day(q, 6, &file->has_acknowledged, &file->acknowledged, f);
	return r;
}

static int load_case(struct store *s, struct store_file *file, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = STORE_QUERY(s, STORE_SQL_FILE, &q, f, store_int(file->id));

	if (r == 0)
		r = store_step(s, q, f);
	if (r < 0)
		return r;
	if (r == 0)
		return fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such case");
	return read_case(q, file, f);
}

static int read_begin(sqlite3_stmt *q, const struct store_file *file, const struct store_part *part,
	struct foi_part_begin *ret, struct fault *f)
{
	struct foi_part_begin begin = { .kind = file->kind,
		.state = part->state == FOI_CASE_TRIAGE ? FOI_CASE_TRIAGE : FOI_CASE_OPEN,
		.working_days = (unsigned) sqlite3_column_int(q, 15) };
	int r;

	if (statute_regime_parse(store_column_text(q, 13), &begin.regime) < 0)
		return store_damaged(f, "regime");
	if (statute_rule_parse(store_column_text(q, 14), &begin.rule) < 0)
		return store_damaged(f, "rule of receipt");
	r = store_column_day(q, 16, &begin.received, f);
	if (r == 0)
		*ret = begin;
	return r;
}

static int read_words(sqlite3_stmt *q, struct store_part *part, struct fault *f)
{
	if (foi_case_state_of(store_column_text(q, 2), &part->state) < 0)
		return store_damaged(f, "state of a part");
	if (statute_regime_parse(store_column_text(q, 3), &part->regime) < 0)
		return store_damaged(f, "regime");
	if (foi_outcome_parse(store_column_text(q, 9), &part->outcome) < 0)
		return store_damaged(f, "outcome");
	(void) snprintf(part->checked, sizeof part->checked, "%s", store_column_text(q, 10));
	(void) snprintf(part->question, sizeof part->question, "%s", store_column_text(q, 11));
	(void) snprintf(part->authority, sizeof part->authority, "%s", store_column_text(q, 12));
	return 0;
}

static int read_part(sqlite3_stmt *q, struct store_part *part, struct fault *f)
{
	int r = read_words(q, part, f);

	part->id = sqlite3_column_int64(q, 0);
	part->is_provisional = sqlite3_column_int(q, 5) != 0;
	if (r == 0)
		r = store_column_day(q, 4, &part->due, f);
	if (r == 0)
		r = read_day(q, 6, &part->has_notice, &part->notice, f);
	if (r == 0)
		r = read_day(q, 7, &part->has_final, &part->final, f);
	if (r == 0)
		r = read_day(q, 8, &part->has_ended, &part->ended, f);
	return r;
}

static int load_parts(struct store *s, struct store_file *file, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	size_t *n = &file->history.n_parts;
	int r = STORE_QUERY(s, STORE_SQL_FILE_PARTS, &q, f, store_int(file->id));

	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0) {
		struct store_part *part = &file->parts[*n];

		if (*n == FOI_PARTS_MAX)
			return fault_set(
				f, -E2BIG, "the case has more than %d parts", FOI_PARTS_MAX);
		if ((size_t) sqlite3_column_int64(q, 1) != *n + 1)
			return store_damaged(f, "number of a part");
		r = read_part(q, part, f);
		if (r == 0)
			r = read_begin(q, file, part, &file->history.begins[*n], f);
		if (r < 0)
			return r;
		++*n;
	}
	return r < 0 ? r : *n > 0 ? 0 : store_damaged(f, "case without a part");
}

static int read_move(sqlite3_stmt *q, struct foi_move_record *m, struct fault *f)
{
	bool has_day;
	int r;

	*m = (struct foi_move_record){ .id = sqlite3_column_int64(q, 0),
		.part = (unsigned) sqlite3_column_int(q, 2),
		.is_person = strncmp(store_column_text(q, 3), PERSON, strlen(PERSON)) == 0,
		.undoes = sqlite3_column_int64(q, 5) };
	if (foi_move_parse(store_column_text(q, 1), &m->move) < 0)
		return store_damaged(f, "move");
	r = read_day(q, 4, &has_day, &m->day, f);
	if (r == 0 && move_record_parse(store_column_text(q, 6), &m->details, NULL) < 0)
		return store_damaged(f, "detail of a move");
	return r;
}

/* Room for one more move. */
static struct foi_move_record *more_room(struct foi_history *h, size_t *room)
{
	if (h->n_moves == *room) {
		size_t wanted = *room ? 2 * *room : MOVES_ROOM;
		struct foi_move_record *moves = reallocarray(h->moves, wanted, sizeof *moves);

		if (!moves)
			return NULL;
		h->moves = moves;
		*room = wanted;
	}
	return &h->moves[h->n_moves];
}

static int load_moves(struct store *s, struct store_file *file, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	struct foi_history *h = &file->history;
	size_t room = 0;
	int r = STORE_QUERY(s, STORE_SQL_FILE_MOVES, &q, f, store_int(file->id));

	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0) {
		struct foi_move_record *m = more_room(h, &room);

		if (!m)
			return store_out_of_memory(s, f);
		if (h->n_moves == FOI_MOVES_MAX)
			return fault_set(
				f, -E2BIG, "the case has more than %d moves", FOI_MOVES_MAX);
		r = read_move(q, m, f);
		if (r < 0)
			return r;
		h->n_moves++;
	}
	return r;
}

int store_file_load(struct store *s, int64_t case_id, struct store_file **ret, struct fault *f)
{
	CLEANUP(store_file_freep) struct store_file *file = calloc(1, sizeof *file);
	int r;

	if (!file)
		return fault_set(f, -ENOMEM, "no memory for a case");
	file->id = case_id;
	r = load_case(s, file, f);
	if (r == 0)
		r = load_parts(s, file, f);
	if (r == 0)
		r = load_moves(s, file, f);
	if (r == 0)
		*ret = TAKE_PTR(file);
	return r;
}

struct store_file *store_file_free(struct store_file *file)
{
	if (file)
		free(file->history.moves);
	free(file);
	return NULL;
}

void store_file_freep(struct store_file **file)
{
	*file = store_file_free(*file);
}

int store_file_find(struct store *s, const char *reference, int64_t *ret_id, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = STORE_QUERY(s, STORE_SQL_FILE_FIND, &q, f, store_text(reference));

	if (r == 0)
		r = store_step(s, q, f);
	if (r < 0)
		return r;
	if (r == 0)
		return fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such case");
	*ret_id = sqlite3_column_int64(q, 0);
	return 0;
}

int store_unchecked(
	struct store *s, const char *hash, int64_t after, int64_t *ret, size_t max, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int n = 0;
	int r = STORE_QUERY(
		s, STORE_SQL_UNCHECKED, &q, f, store_text(hash), store_int(after), store_uint(max));

	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0)
		ret[n++] = sqlite3_column_int64(q, 0); /* LIMIT keeps it within @max */
	return r < 0 ? r : n;
}

/* ---- kept ------------------------------------------------------------------------------------ */

static struct store_param day_or_null(bool has, struct day day)
{
	return has ? store_day(day) : store_no_day();
}

int store_move_add(struct store *s, int64_t case_id, int64_t part_id,
	const struct foi_move_record *m, int64_t at, const char *actor, const char *why,
	int64_t *ret_id, struct fault *f)
{
	CLEANUP(freep) char *details = move_record_text(&m->details);
	int r;

	if (!details)
		return store_out_of_memory(s, f);
	r = STORE_RUN(s, STORE_SQL_MOVE_ADD, f, store_int(case_id), store_id(part_id),
		store_int(at), store_text(actor), store_text(foi_move_of(m->move)->word),
		store_text(why), store_day(m->day), store_text(details), store_id(m->undoes));
	if (r < 0)
		return r;
	*ret_id = store_last_id(s);
	return 0;
}

static int add_authority(
	struct store *s, int64_t case_id, int64_t part, const char *authority, struct fault *f)
{
	int r;

	if (!*authority)
		return STORE_RUN(
			s, STORE_SQL_PART_AUTHORITY_COPY, f, store_int(part), store_int(case_id));
	r = STORE_RUN(s, STORE_SQL_AUTHORITY_ADD, f, store_text(authority));
	return r < 0 ? r
		     : STORE_RUN(s, STORE_SQL_PART_AUTHORITY_ADD, f, store_int(part),
			       store_text(authority));
}

int store_part_add(struct store *s, int64_t case_id, const struct store_part_opening *o,
	int64_t *ret_id, struct fault *f)
{
	const struct foi_case_deadline *d = &o->deadline;
	int64_t part;
	int r = STORE_RUN(s, STORE_SQL_PART_ADD, f, store_int(case_id), store_int(o->n),
		store_text(o->question), store_text(statute_of(d->regime)->key),
		store_text(foi_case_state_word(o->state)), store_day(d->due),
		store_int(d->is_provisional), store_text(d->calendar_hash));

	if (r < 0)
		return r;
	part = store_last_id(s);
	r = add_authority(s, case_id, part, o->authority, f);
	if (r >= 0)
		r = store_deadline_add(s, part, o->at, "part-added", d, f);
	if (r < 0)
		return r;
	*ret_id = part;
	return 0;
}

int store_part_set(struct store *s, const struct store_part *part, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_PART_SET, f, store_int(part->id),
		store_text(foi_case_state_word(part->state)),
		store_text(statute_of(part->regime)->key), store_day(part->due),
		store_int(part->is_provisional), day_or_null(part->has_notice, part->notice),
		day_or_null(part->has_final, part->final),
		day_or_null(part->has_ended, part->ended),
		store_text(foi_outcome_of(part->outcome)->word), store_text(part->checked));

	if (r < 0)
		return r;
	return r > 0 ? 0 : fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such part");
}

int store_case_set(
	struct store *s, int64_t case_id, const struct store_case_now *now, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_CASE_SET, f, store_int(case_id),
		store_text(foi_case_state_word(now->state)), store_day(now->due),
		store_int(now->is_provisional), store_int(now->clear), store_int(now->set),
		store_int(now->is_told));

	if (r < 0)
		return r;
	return r > 0 ? 0 : fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such case");
}

int store_case_link(
	struct store *s, int64_t case_id, int64_t other, const char *how, struct fault *f)
{
	int r = STORE_RUN(
		s, STORE_SQL_LINK_ADD, f, store_int(case_id), store_int(other), store_text(how));

	return r < 0 ? r : 0;
}
