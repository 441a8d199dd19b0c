/* register_recount.c - open cases counted anew after the bank holidays have changed. */
/* SPDX-License-Identifier: MIT */
#include "daemon/register_recount.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/register_internal.h"
#include "flow/moves.h"

enum {
	RECOUNT_CASES = 200, /* of one transaction: some ten milliseconds */
};

/* One transaction of the walk. */
struct batch {
	struct moves moves;
	int64_t ids[RECOUNT_CASES];
	size_t n_ids;
	struct moves_change changes[RECOUNT_CASES];
	size_t n_changes;
	size_t failed; /* place of the case at which it failed */
};

/* Whether a failure tells nothing against the case at which it shows. */
static bool is_about_all(const struct fault *f)
{
	static const int codes[] = { -ENOMEM, -EIO, -EROFS, -EACCES };

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (f->code == codes[i])
			return true;
	return f->kind == FAULT_STORE_FULL || f->kind == FAULT_STORE_BUSY ||
	       f->kind == FAULT_STORE_DAMAGED;
}

static int count_cases(struct register_state *reg, struct batch *b, struct fault *f)
{
	for (size_t i = 0; i < b->n_ids; i++) {
		int r = moves_recount(&b->moves, b->ids[i], "the bank holidays have changed",
			register_now(reg), &b->changes[b->n_changes], f);

		b->failed = i;
		if (r < 0)
			return r;
		b->n_changes += (size_t) r;
	}
	return 0;
}

static int transact(struct register_state *reg, struct batch *b, struct fault *f)
{
	int r = store_begin(reg->store, f);

	if (r == 0)
		r = count_cases(reg, b, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

/* One record a case: an officer must know that a last day has moved. */
static void report(struct register_state *reg, const struct batch *b)
{
	for (size_t i = 0; i < b->n_changes; i++) {
		const struct moves_change *c = &b->changes[i];
		char old_due[DAY_ISO_MAX];
		char told[DAY_ISO_MAX];
		char text[96];

		(void) snprintf(text, sizeof text, "was %s%s%s", day_iso(c->old_due, old_due),
			c->is_told ? ", told " : "", c->is_told ? day_iso(c->told, told) : "");
		journal_write(
			reg->journal, &(struct journal_event){ .kind = JOURNAL_DEADLINE_CHANGED,
					      .reference = c->reference,
					      .case_kind = case_kind_word(c->kind),
					      .due = c->due,
					      .provisional = c->is_provisional,
					      .detail = text });
	}
}

/* A case whose record cannot be read stops none of the others. It is tried again at the next start,
 * or with the next calendar. */
static void pass_over(struct register_state *reg, int64_t id, const struct fault *f)
{
	struct triage_case found = { 0 };

	reg->recount.after = id;
	reg->recount.n_failed++;
	/* One whose very row cannot be read has no reference that could be told. */
	(void) store_case_by_id(reg->store, id, "", &found, NULL);
	journal_write(reg->journal,
		&(struct journal_event){
			.kind = JOURNAL_RECOUNT_FAILED, .reference = found.reference, .fault = f });
}

static void failed(struct register_state *reg, const struct batch *b, const struct fault *f)
{
	if (b->n_ids == 0 || is_about_all(f)) {
		register_store_trouble(reg, f);
		register_later(reg, register_now(reg) + 5);
		return;
	}
	if (b->failed == 0)
		pass_over(reg, b->ids[0], f);
	reg->recount.limit = b->failed; /* those before it first */
	register_wake(reg);
}

static void succeeded(struct register_state *reg, const struct batch *b)
{
	reg->recount.after = b->ids[b->n_ids - 1];
	reg->recount.limit = 0;
	reg->recount.n_cases += b->n_ids;
	reg->recount.n_changed += b->n_changes;
	report(reg, b);
	register_wake(reg);
}

static void finish(struct register_state *reg)
{
	const struct recount *r = &reg->recount;
	char text[96];

	reg->recount.is_on = false;
	if (r->n_cases == 0 && r->n_failed == 0)
		return;
	(void) snprintf(text, sizeof text, "%" PRIu64 " cases in %" PRIu64 " ms", r->n_cases,
		(register_monotonic() - r->started_us) / 1000);
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_RECOUNTED,
					    .has_count = true,
					    .count = r->n_changed,
					    .detail = text });
}

static void begin(struct register_state *reg)
{
	reg->recount = (struct recount){ .is_on = true, .started_us = register_monotonic() };
	(void) snprintf(reg->recount.hash, sizeof reg->recount.hash, "%s", reg->loaded.hash);
}

void register_recount(struct register_state *reg)
{
	struct batch b = { .moves = { .store = reg->store,
				   .conf = reg->loaded.conf,
				   .calendar = reg->loaded.calendar } };
	size_t limit = reg->recount.limit ? reg->recount.limit : RECOUNT_CASES;
	struct fault f = { 0 };
	int r;

	if (reg->phase != REGISTER_RUNNING || reg->store_failures > 0)
		return;
	if (strcmp(reg->recount.hash, reg->loaded.hash) != 0)
		begin(reg);
	if (!reg->recount.is_on)
		return;
	r = store_unchecked(reg->store, reg->loaded.hash, reg->recount.after, b.ids, limit, &f);
	if (r == 0) {
		finish(reg);
		return;
	}
	b.n_ids = r > 0 ? (size_t) r : 0;
	if (r > 0)
		r = transact(reg, &b, &f);
	if (r < 0)
		failed(reg, &b, &f);
	else
		succeeded(reg, &b);
}
