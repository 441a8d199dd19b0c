/* store_count.c - numbers for a glance: mails, cases, what is to be sent. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_count.h"

#include "adapters/store_internal.h"
#include "adapters/store_outbox.h"
#include "base/cleanup.h"

/* Takes one (word, number) row in. Return: 0; negative errno. */
typedef int take_number(struct store_counts *counts, const char *word, uint64_t n, struct fault *f);

static int take_fate(struct store_counts *counts, const char *word, uint64_t n, struct fault *f)
{
	enum fate fate;

	if (fate_of(word, &fate) < 0)
		return store_damaged(f, "fate");
	counts->fates[fate] = n;
	return 0;
}

static int take_live(struct store_counts *counts, const char *word, uint64_t n, struct fault *f)
{
	enum foi_case_state state;

	if (foi_case_state_of(word, &state) < 0)
		return store_damaged(f, "state of a case");
	if (state == FOI_CASE_OPEN)
		counts->cases_open = n;
	else if (state == FOI_CASE_TRIAGE)
		counts->cases_triage = n;
	else if (state == FOI_CASE_WAITING)
		counts->cases_waiting = n;
	return 0;
}

static int take_unsent(struct store_counts *counts, const char *word, uint64_t n, struct fault *f)
{
	enum store_outbox_state state;
	int r = store_outbox_state_of(word, &state, f);

	if (r < 0)
		return r;
	counts->outbox[state] = n;
	return 0;
}

/* @mailbox: whose; NULL: of all. */
static int count_words(struct store *s, enum store_sql sql, const char *mailbox, take_number *take,
	struct store_counts *counts, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	const struct store_param whose = store_text(mailbox);
	int r;

	r = store_query_params(s, sql, &whose, mailbox ? 1 : 0, &q, f);
	if (r < 0)
		return r;
	while ((r = store_step(s, q, f)) > 0) {
		r = take(counts, store_column_text(q, 0), (uint64_t) sqlite3_column_int64(q, 1), f);
		if (r < 0)
			return r;
	}
	return r;
}

static int count_rows(struct store *s, enum store_sql sql, const struct store_param *params,
	size_t n, uint64_t *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = store_query_params(s, sql, params, n, &q, f);
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r < 0)
		return r;
	*ret = r > 0 ? (uint64_t) sqlite3_column_int64(q, 0) : 0;
	return 0;
}

static const struct {
	enum store_sql sql;
	take_number *take;
} by_word[] = {
	{ STORE_SQL_COUNT_FATES, take_fate },
	{ STORE_SQL_COUNT_LIVE, take_live },
	{ STORE_SQL_COUNT_UNSENT, take_unsent },
};

/* All of it, inside one view of the database. */
static int count_all(
	struct store *s, struct day today, struct store_counts *counts, struct fault *f)
{
	const struct store_param before = store_day(today);
	uint64_t cases = 0;
	uint64_t outbox = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof by_word / sizeof *by_word; i++)
		r = count_words(s, by_word[i].sql, NULL, by_word[i].take, counts, f);
	if (r == 0)
		r = count_rows(s, STORE_SQL_COUNT_MAILS, NULL, 0, &counts->mails, f);
	if (r == 0)
		r = count_rows(s, STORE_SQL_COUNT_CASES, NULL, 0, &cases, f);
	if (r == 0)
		r = count_rows(s, STORE_SQL_COUNT_OUTBOX, NULL, 0, &outbox, f);
	if (r == 0)
		r = count_rows(s, STORE_SQL_COUNT_OVERDUE, &before, 1, &counts->overdue, f);
	if (r < 0)
		return r;
	counts->cases_ended =
		cases - counts->cases_open - counts->cases_triage - counts->cases_waiting;
	for (unsigned i = 0; i < STORE_OUTBOX_STATE_COUNT; i++)
		outbox -= i == STORE_OUTBOX_SENT ? 0 : counts->outbox[i];
	counts->outbox[STORE_OUTBOX_SENT] = outbox;
	counts->unreadable = counts->fates[FATE_UNREADABLE];
	return 0;
}

int store_counts(struct store *s, struct day today, struct store_counts *ret, struct fault *f)
{
	struct store_counts counts = { 0 };
	bool is_own = false;
	int r;

	r = store_view_begin(s, &is_own, f);
	if (r < 0)
		return r;
	r = count_all(s, today, &counts, f);
	store_view_end(s, is_own);
	if (r < 0)
		return r;
	*ret = counts;
	return 0;
}

int store_mailbox_counts(
	struct store *s, const char *mailbox, struct store_mailbox_counts *ret, struct fault *f)
{
	struct store_counts counts = { 0 };
	int r = count_words(s, STORE_SQL_COUNT_MAILBOX_FATES, mailbox, take_fate, &counts, f);

	if (r == 0)
		r = count_words(
			s, STORE_SQL_COUNT_MAILBOX_UNSENT, mailbox, take_unsent, &counts, f);
	if (r < 0)
		return r;
	*ret = (struct store_mailbox_counts){ 0 };
	for (unsigned i = 0; i < FATE_COUNT; i++) {
		ret->fates[i] = counts.fates[i];
		ret->mails += counts.fates[i];
	}
	for (unsigned i = 0; i < STORE_OUTBOX_STATE_COUNT; i++)
		ret->unsent[i] = counts.outbox[i];
	return 0;
}
