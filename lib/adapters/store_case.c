/* store_case.c - cases: opened, numbered, found, linked, and their history. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"

/* Fills a triage_case from the row that @q finds; id 0 when it finds none. */
static int read_case(struct store *s, sqlite3_stmt *q, struct triage_case *ret, struct fault *f)
{
	struct triage_case found = { 0 };
	int r = store_step(s, q, f);

	if (r < 0)
		return r;
	if (r > 0) {
		const char *reference = store_column_text(q, 1);

		found.id = sqlite3_column_int64(q, 0);
		if (strlen(reference) >= sizeof found.reference)
			return store_damaged(f, "reference");
		(void) snprintf(found.reference, sizeof found.reference, "%s", reference);
		if (case_kind_of(store_column_text(q, 2), &found.kind) < 0)
			return store_damaged(f, "kind of case");
		found.is_open = sqlite3_column_int(q, 3) != 0;
		found.has_sender = sqlite3_column_int(q, 4) != 0;
		if (statute_regime_parse(store_column_text(q, 5), &found.regime) < 0)
			return store_damaged(f, "regime");
		found.has_regime = true;
	}
	*ret = found;
	return 0;
}

static int find_case(struct store *s, enum store_sql sql, const char *sender,
	struct store_param key, struct triage_case *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	int r;

	r = STORE_QUERY(s, sql, &q, f, store_text(sender), key);
	return r < 0 ? r : read_case(s, q, ret, f);
}

int store_case_by_reference(struct store *s, const char *reference, const char *sender,
	struct triage_case *ret, struct fault *f)
{
	return find_case(s, STORE_SQL_CASE_BY_REFERENCE, sender, store_text(reference), ret, f);
}

int store_case_by_platform(struct store *s, const char *platform_address, const char *sender,
	struct triage_case *ret, struct fault *f)
{
	return find_case(
		s, STORE_SQL_CASE_BY_PLATFORM, sender, store_key_text(platform_address), ret, f);
}

int store_case_by_id(
	struct store *s, int64_t id, const char *sender, struct triage_case *ret, struct fault *f)
{
	return find_case(s, STORE_SQL_CASE_BY_ID, sender, store_int(id), ret, f);
}

int store_number_next(struct store *s, const char *counter, const char *period, uint64_t first,
	uint64_t *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	uint64_t number;
	int r;

	if (first > INT64_MAX)
		return fault_set_kind(f, FAULT_CONFIG, -ERANGE, "a counter cannot begin there");
	r = STORE_QUERY(s, STORE_SQL_NUMBER_NEXT, &q, f, store_text(counter), store_text(period),
		store_uint(first));
	if (r < 0)
		return r;
	r = store_step(s, q, f);
	if (r < 0)
		return r;
	if (r == 0)
		return store_damaged(f, "counter");
	number = (uint64_t) sqlite3_column_int64(q, 0);
	r = store_step(s, q, f); /* to its end: only then it is written for sure */
	if (r < 0)
		return r;
	*ret = number;
	return 0;
}

static int add_row(
	struct store *s, const struct foi_case_opening *c, int64_t *ret_id, struct fault *f)
{
	const struct foi_case_deadline *d = &c->deadline;
	int r;

	if (c->mailbox && *c->mailbox) {
		r = STORE_RUN(s, STORE_SQL_MAILBOX_ADD, f, store_text(c->mailbox));
		if (r < 0)
			return r;
	}
	r = STORE_RUN(s, STORE_SQL_CASE_ADD, f, store_text(c->reference),
		store_text(case_kind_word(c->kind)), store_text(foi_case_state_word(c->state)),
		store_id(c->parent), store_id(c->message), store_key_text(c->mailbox),
		store_day(d->received), store_day(d->due), store_int(d->is_provisional),
		store_int(c->flags), store_int(c->opened_at), store_text(c->requester),
		store_text(c->requester_name), store_text(c->subject));
	if (r < 0)
		return r;
	*ret_id = store_last_id(s);
	return STORE_RUN(
		s, STORE_SQL_REFERENCE_ADD, f, store_text(c->reference), store_int(*ret_id));
}

int store_deadline_add(struct store *s, int64_t part, int64_t at, const char *cause,
	const struct foi_case_deadline *d, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_DEADLINE_ADD, f, store_int(part), store_int(at),
		store_text(statute_of(d->regime)->key), store_text(statute_rule_key(d->rule)),
		store_int(d->working_days), store_day(d->received), store_day(d->due),
		store_int(d->is_provisional), store_text(d->calendar_hash), store_text(cause));

	return r < 0 ? r : 0;
}

/* The one part that a case begins with, put to the mailbox's authority. */
static int add_part(
	struct store *s, int64_t case_id, const struct foi_case_opening *c, struct fault *f)
{
	const struct foi_case_deadline *d = &c->deadline;
	int64_t part;
	int r;

	r = STORE_RUN(s, STORE_SQL_PART_ADD, f, store_int(case_id), store_int(1), store_text(""),
		store_text(statute_of(d->regime)->key), store_text(foi_case_state_word(c->state)),
		store_day(d->due), store_int(d->is_provisional), store_text(d->calendar_hash));
	if (r < 0)
		return r;
	part = store_last_id(s);
	r = STORE_RUN(s, STORE_SQL_AUTHORITY_ADD, f, store_text(c->authority));
	if (r < 0)
		return r;
	r = STORE_RUN(
		s, STORE_SQL_PART_AUTHORITY_ADD, f, store_int(part), store_text(c->authority));
	if (r < 0)
		return r;
	return store_deadline_add(s, part, c->opened_at, "opened", d, f);
}

/* The keys by which later mail finds the case. */
static int add_keys(
	struct store *s, int64_t case_id, const struct foi_case_opening *c, struct fault *f)
{
	int r;

	if (c->requester && *c->requester) {
		r = STORE_RUN(s, STORE_SQL_PARTY_ADD, f, store_int(case_id),
			store_text(c->requester), store_text(c->requester_name),
			store_text("requester"), store_int(c->opened_at));
		if (r < 0)
			return r;
	}
	if (!c->platform_address || !*c->platform_address)
		return 0;
	return STORE_RUN(s, STORE_SQL_THREAD_KEY_ADD, f, store_text("platform"),
		store_text(c->platform_address), store_int(case_id));
}

int store_case_add(
	struct store *s, const struct foi_case_opening *c, int64_t *ret_id, struct fault *f)
{
	int64_t id;
	int r;

	r = add_row(s, c, &id, f);
	if (r < 0)
		return r;
	r = add_part(s, id, c, f);
	if (r < 0)
		return r;
	r = add_keys(s, id, c, f);
	if (r < 0)
		return r;
	if (c->sibling) {
		r = store_case_sibling(s, c->sibling, id, f);
		if (r < 0)
			return r;
	}
	*ret_id = id;
	return 0;
}

static int change_flags(
	struct store *s, enum store_sql sql, int64_t case_id, unsigned flags, struct fault *f)
{
	int r = STORE_RUN(s, sql, f, store_int(case_id), store_int(flags));

	if (r < 0)
		return r;
	return r > 0 ? 0 : fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such case");
}

int store_case_flag(struct store *s, int64_t case_id, unsigned flags, struct fault *f)
{
	return change_flags(s, STORE_SQL_CASE_FLAG, case_id, flags, f);
}

int store_case_unflag(struct store *s, int64_t case_id, unsigned flags, struct fault *f)
{
	return change_flags(s, STORE_SQL_CASE_UNFLAG, case_id, flags, f);
}

int store_case_answer(
	struct store *s, int64_t case_id, struct review_window_answer *ret, struct fault *f)
{
	CLEANUP(store_releasep) sqlite3_stmt *q = NULL;
	struct review_window_answer answer = { 0 };
	int r = STORE_QUERY(s, STORE_SQL_CASE_ANSWER, &q, f, store_int(case_id));

	if (r == 0)
		r = store_step(s, q, f);
	if (r < 0)
		return r;
	if (r == 0 || sqlite3_column_type(q, 0) == SQLITE_NULL)
		return fault_set_kind(f, FAULT_MISSING, -ENOENT, "no such case");
	if (statute_regime_parse(store_column_text(q, 0), &answer.regime) < 0)
		return store_damaged(f, "regime");
	r = store_column_day(q, 1, &answer.due, f);
	answer.is_answered = sqlite3_column_type(q, 2) != SQLITE_NULL;
	if (r == 0 && answer.is_answered)
		r = store_column_day(q, 2, &answer.answered, f);
	if (r < 0)
		return r;
	*ret = answer;
	return 0;
}

static int link_cases(struct store *s, int64_t a, int64_t b, const char *how, struct fault *f)
{
	/* One row, whichever way round it is told. */
	int r = STORE_RUN(s, STORE_SQL_LINK_ADD, f, store_int(a < b ? a : b),
		store_int(a < b ? b : a), store_text(how));

	return r < 0 ? r : 0;
}

int store_case_sibling(struct store *s, int64_t a, int64_t b, struct fault *f)
{
	return link_cases(s, a, b, "sibling", f);
}

int store_case_relate(struct store *s, int64_t a, int64_t b, struct fault *f)
{
	return link_cases(s, a, b, "related", f);
}

int store_event_add(struct store *s, int64_t case_id, int64_t message, int64_t at,
	const char *actor, const char *what, const char *why, struct fault *f)
{
	int r = STORE_RUN(s, STORE_SQL_EVENT_ADD, f, store_id(case_id), store_id(message),
		store_int(at), store_text(actor), store_text(what), store_text(why));

	return r < 0 ? r : 0;
}
