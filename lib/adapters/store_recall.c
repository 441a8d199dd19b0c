/* store_recall.c - what our own mail tells a store that is a copy of before. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_recall.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

void store_recalled_done(struct store_recalled *r)
{
	free(r->text);
	free(r->bytes);
	*r = (struct store_recalled){ 0 };
}

int store_recalled_add(struct store *s, const struct store_recalled *r,
	const struct store_recalled_mail *mail, struct fault *f)
{
	int k = STORE_RUN(s, STORE_SQL_MAILBOX_ADD, f, store_text(r->mailbox));

	if (k < 0)
		return k;
	k = STORE_RUN(s, STORE_SQL_RECALLED_ADD, f, store_text(r->reference), store_text(r->second),
		store_int(r->proof), store_text(r->mailbox), store_text(r->message_id),
		store_key_text(mail->in_reply_to), store_text(r->recipient), store_int(r->at),
		store_text(mail->text),
		store_blob(mail->bytes ? mail->bytes : "", mail->bytes ? mail->n : 0));
	return k < 0 ? k : 0;
}

/* Copies a text of the store's, which another hand may have made longer than we write. */
static int copy_text(sqlite3_stmt *q, int column, char *buf, size_t room, struct fault *f)
{
	const char *text = store_column_text(q, column);

	if (strlen(text) >= room)
		return store_damaged(f, "recalled mail");
	memcpy(buf, text, strlen(text) + 1);
	return 0;
}

static int read_texts(sqlite3_stmt *q, struct store_recalled *ret, struct fault *f)
{
	const struct {
		int column;
		char *buf;
		size_t room;
	} texts[] = {
		{ 0, ret->reference, sizeof ret->reference },
		{ 1, ret->second, sizeof ret->second },
		{ 3, ret->mailbox, sizeof ret->mailbox },
		{ 4, ret->message_id, sizeof ret->message_id },
		{ 5, ret->recipient, sizeof ret->recipient },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof texts / sizeof *texts; i++)
		r = copy_text(q, texts[i].column, texts[i].buf, texts[i].room, f);
	return r;
}

static int read_row(sqlite3_stmt *q, struct store_recalled *ret, struct fault *f)
{
	const void *bytes = sqlite3_column_blob(q, 8);
	int r = read_texts(q, ret, f);

	if (r < 0)
		return r;
	ret->proof = (enum store_proof) sqlite3_column_int(q, 2); /* the table allows no other */
	ret->at = sqlite3_column_int64(q, 6);
	ret->n = (size_t) sqlite3_column_bytes(q, 8);
	ret->text = strdup(store_column_text(q, 7));
	ret->bytes = malloc(ret->n + 1);
	if (!ret->text || !ret->bytes)
		return fault_set(f, -ENOMEM, "no memory for a mail");
	if (bytes)
		memcpy(ret->bytes, bytes, ret->n);
	ret->bytes[ret->n] = '\0';
	return 0;
}

/* The row that @q stands before. */
static int take_row(struct store *s, sqlite3_stmt *q, struct store_recalled *ret, struct fault *f)
{
	struct store_recalled found = { 0 };
	int r = store_step(s, q, f);

	if (r <= 0)
		return r;
	r = read_row(q, &found, f);
	if (r < 0) {
		store_recalled_done(&found);
		return r;
	}
	*ret = found;
	return 1;
}

int store_recalled_find(struct store *s, const char *message_id, const char *requester,
	struct store_recalled *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	bool is_named = *message_id != '\0';
	int r = STORE_QUERY(s,
		is_named ? STORE_SQL_RECALLED_FIND : STORE_SQL_RECALLED_FIND_NAMELESS, &q, f,
		store_text(is_named ? message_id : requester));

	return r < 0 ? r : take_row(s, q, ret, f);
}

int store_recalled_next(struct store *s, struct store_recalled *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = store_query_params(s, STORE_SQL_RECALLED_NEXT, NULL, 0, &q, f);

	return r < 0 ? r : take_row(s, q, ret, f);
}

int store_recalled_use(struct store *s, const char *reference, int64_t case_id, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_RECALLED_USE, f, store_text(reference), store_int(case_id));

	return r < 0 ? r : 0;
}

int store_recalled_count(struct store *s, uint64_t *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = store_query_params(s, STORE_SQL_RECALLED_COUNT, NULL, 0, &q, f);

	if (r == 0)
		r = store_step(s, q, f);
	if (r < 0)
		return r;
	*ret = r > 0 ? (uint64_t) sqlite3_column_int64(q, 0) : 0;
	return 0;
}

int store_outbox_prove(struct store *s, int64_t case_id, int64_t at, bool is_filed, struct fault *f)
{
	int changed = STORE_RUN(s, STORE_SQL_OUTBOX_PROVE, f, store_int(case_id), store_int(at));
	int r = changed;

	if (r >= 0 && is_filed)
		r = STORE_RUN(
			s, STORE_SQL_OUTBOX_PROVE_FILED, f, store_int(case_id), store_int(at));
	return r < 0 ? r : changed > 0;
}

int store_number_raise(
	struct store *s, const char *counter, const char *period, uint64_t value, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_NUMBER_RAISE, f, store_text(counter), store_text(period),
		store_uint(value));

	return r < 0 ? r : 0;
}

int store_recovery(struct store *s, struct store_recovery *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r = store_query_params(s, STORE_SQL_RECOVERY, NULL, 0, &q, f);

	if (r == 0)
		r = store_step(s, q, f);
	if (r < 0)
		return r;
	if (r == 0)
		return store_damaged(f, "recovery");
	*ret = (struct store_recovery){ .since = sqlite3_column_int64(q, 0),
		.is_known = sqlite3_column_int(q, 1) != 0,
		.hold_before = sqlite3_column_int64(q, 2) };
	return 0;
}

int store_recovery_set(struct store *s, bool is_known, int64_t hold_before, struct fault *f)
{
	int r = STORE_RUN(
		s, STORE_SQL_RECOVERY_SET, f, store_int(is_known), store_int(hold_before));

	return r < 0 ? r : 0;
}

int store_recovery_note(struct store *s, int64_t at, const char *actor, const char *what,
	const char *why, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_RECOVERY_NOTE, f, store_int(at), store_text(actor),
		store_text(what), store_text(why));

	return r < 0 ? r : 0;
}
