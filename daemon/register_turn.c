/* register_turn.c - one transaction of register.
 *
 * A turn commits everything that is ready at once: what SMTP said, mails that are read, and which
 * acknowledgements are handed over next (they are marked as sending before they leave). It runs when
 * no other event waits, so a lone mail is committed at once and a flood is committed in groups.
 *
 * Only after the commit is anybody told: fetch (which may then set a keyword), send, the journal. A
 * turn that fails changes nothing; its mails wait, fetch runs out of credit, and it is tried again
 * until the store can be written. Nothing is lost meanwhile: the mails are still in the mailbox. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/cleanup.h"
#include "daemon/register_internal.h"
#include "daemon/register_shown.h"
#include "daemon/register_verify.h"

enum {
	RETRY_SEC_MAX = 60,
	FAILURES_ALONE = 2,	 /* then mails are tried one at a time */
	FAILURES_UNREADABLE = 4, /* then the first is recorded from what the server told */
};

static const enum journal_kind trouble_kinds[FAULT_KIND_COUNT] = {
	[FAULT_STORE_FULL] = JOURNAL_STORE_FULL,
	[FAULT_STORE_BUSY] = JOURNAL_STORE_BUSY,
	[FAULT_STORE_DAMAGED] = JOURNAL_STORE_DAMAGED,
};

void register_store_trouble(struct register_state *reg, const struct fault *f)
{
	enum journal_kind kind = trouble_kinds[f->kind];

	journal_trouble(reg->journal,
		&(struct journal_event){ .kind = kind ? kind : JOURNAL_STORE_FAULT }, f,
		&reg->store_trouble, register_now(reg));
	if (f->kind == FAULT_STORE_DAMAGED)
		verify_suspect(reg);
}

/* ---- inside the transaction ------------------------------------------------------------------ */

static int take_one(struct register_state *reg, struct mail *m, struct fault *f)
{
	struct intake in = { .store = reg->store,
		.conf = reg->loaded.conf,
		.calendar = reg->loaded.calendar,
		.templates = reg->loaded.templates };
	struct intake_mail mail = { .mailbox = m->watch->index,
		.epoch = m->epoch,
		.uid = m->uid,
		.internaldate = m->internaldate,
		.first_seen = m->first_seen,
		.size = m->size,
		.is_in_junk = m->folder && m->folder->is_junk,
		.letter = m->is_broken ? NULL : m->letter,
		.raw = m->memfd >= 0 ? m->raw.bytes : NULL,
		.raw_bytes = m->raw.n };
	int r;

	if (m->is_recalled)
		return recover_record(reg, m, f);
	r = intake_take(&in, &mail, register_now(reg), &m->outcome, f);

	m->is_new = r == 0;
	/* Known already: fetch showed it twice. Telling it "done" is all that is left to do. */
	return r == -EEXIST ? 0 : r;
}

/* Mails of one turn: all that are read, but only one after repeated failures, to find the bad one. */
static size_t turn_limit(const struct register_state *reg)
{
	return reg->store_failures >= FAILURES_ALONE ? 1 : REGISTER_TURN_MAILS;
}

/* Whether @m is read, and not one that waits for the numbers to be known. */
static bool may_take(const struct register_state *reg, const struct mail *m)
{
	return m->state == MAIL_READ && (m->is_recalled || !recover_waits(reg));
}

static int take_mails(struct register_state *reg, size_t *ret_n, struct fault *f)
{
	size_t limit = turn_limit(reg);
	struct mail *m;

	*ret_n = 0;
	TAILQ_FOREACH(m, &reg->mails, entries)
	{
		int r;

		if (!may_take(reg, m) || *ret_n == limit)
			break; /* in the order in which they came */
		r = take_one(reg, m, f);
		if (r < 0)
			reg->blamed = m->id;
		if (r < 0)
			return r;
		(*ret_n)++;
	}
	return 0;
}

static int record_filed(struct register_state *reg, struct fault *f)
{
	for (size_t i = 0; i < reg->n_filed; i++) {
		int r = store_outbox_filed(reg->store, reg->filed[i], register_now(reg), f);

		if (r < 0)
			return r;
	}
	return 0;
}

static int transact(struct register_state *reg, size_t *ret_mails, struct fault *f)
{
	int r;

	reg->blamed = 0;
	r = store_begin(reg->store, f);

	if (r == 0)
		r = outbox_record(reg, f);
	if (r == 0)
		r = record_filed(reg, f);
	if (r == 0)
		r = take_mails(reg, ret_mails, f);
	if (r == 0)
		r = untold_record(reg, *ret_mails, f);
	if (r == 0)
		r = outbox_pick(reg, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

/* ---- behind it ------------------------------------------------------------------------------- */

static void finish_mails(struct register_state *reg, size_t n)
{
	struct mail_list done = TAILQ_HEAD_INITIALIZER(done);

	for (size_t i = 0; i < n; i++) {
		struct mail *m = TAILQ_FIRST(&reg->mails);

		TAILQ_REMOVE(&reg->mails, m, entries);
		reg->n_mails--;
		reg->n_read--;
		if (m->is_recalled) {
			recover_finish_mail(m);
			mail_free(m);
			continue;
		}
		TAILQ_INSERT_TAIL(&done, m, entries);
		watch_has_row(m);
		if (m->is_new)
			report_mail(reg, m);
	}
	watch_tell_done(&done);
	while (!TAILQ_EMPTY(&done)) {
		struct mail *m = TAILQ_FIRST(&done);

		TAILQ_REMOVE(&done, m, entries);
		mail_free(m);
	}
}

/* Failures that tell nothing against the mail at which they show. */
static bool is_about_all(const struct fault *f)
{
	static const int codes[] = { -ENOMEM, -EIO, -EROFS, -EACCES, -EPERM, -EUCLEAN };

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (f->code == codes[i])
			return true;
	return f->kind == FAULT_STORE_FULL || f->kind == FAULT_STORE_BUSY ||
	       f->kind == FAULT_STORE_DAMAGED || f->kind == FAULT_CONFIG;
}

/* A mail whose record cannot be made for a reason of its own must not stop those behind it. */
static void degrade_first(struct register_state *reg, const struct fault *f)
{
	struct mail *m = TAILQ_FIRST(&reg->mails);

	if (m && m->id == reg->blamed && reg->store_failures >= FAILURES_UNREADABLE &&
		!is_about_all(f))
		m->is_broken = true;
}

static void failed(struct register_state *reg, const struct fault *f)
{
	int64_t delay = (int64_t) 1 << (reg->store_failures < 6 ? reg->store_failures : 6);

	outbox_take_back(reg);
	if (f->code == -ESTALE) { /* the store is no worse for it: it is too old */
		recover_enter(reg);
		return;
	}
	register_store_trouble(reg, f);
	reg->store_failures++;
	degrade_first(reg, f);
	if (f->kind == FAULT_STORE_BUSY)
		delay = 1;
	register_later(reg, register_now(reg) + (delay < RETRY_SEC_MAX ? delay : RETRY_SEC_MAX));
}

static void succeeded(struct register_state *reg, size_t n_mails)
{
	bool was_alone = reg->store_failures > 0;

	journal_relief(reg->journal, &(struct journal_event){ .kind = JOURNAL_STORE_RECOVERED },
		&reg->store_trouble, register_now(reg));
	reg->store_failures = 0;
	outbox_report(reg);
	outbox_hand_over(reg);
	reg->n_filed = 0;
	untold_recorded(reg);
	finish_mails(reg, n_mails);
	watch_file_copies(reg);
	parse_feed(reg);
	if (was_alone || reg->n_read > 0)
		register_wake(reg);
}

/* When the outbox wants the next turn. */
static void arm_outbox(struct register_state *reg)
{
	struct fault f = { 0 };
	int64_t when;

	/* One that is not running wakes us when it has started. */
	if (!reg->send || !worker_is_running(reg->send) || reg->recover.is_on)
		return;
	if (store_outbox_next(reg->store, &when, &f) < 0) {
		register_store_trouble(reg, &f);
		when = register_now(reg) + RETRY_SEC_MAX;
	}
	if (when == 0)
		return;
	if (when < reg->send_not_before)
		when = reg->send_not_before;
	if (when <= register_now(reg))
		when = register_now(reg) + 1; /* this turn had its chance: never at once again */
	/* While its credit is used up the next verdict wakes us. */
	if (outbox_room(reg) > 0)
		register_later(reg, when);
}

/* Whether there is anything to commit: an empty transaction would still be a write. */
static bool has_work(struct register_state *reg)
{
	const struct mail *first = TAILQ_FIRST(&reg->mails);
	int64_t when = 0;

	if (reg->n_verdicts > 0 || reg->n_filed > 0 || untold_has_news(reg) ||
		(first && may_take(reg, first)))
		return true;
	/* A store that cannot be asked is looked at by the transaction, which tells why. */
	return outbox_may_send(reg) && outbox_room(reg) > 0 &&
	       (store_outbox_next(reg->store, &when, NULL) < 0 ||
		       (when != 0 && when <= register_now(reg)));
}

void register_turn(struct register_state *reg)
{
	struct fault f = { 0 };
	size_t n_mails = 0;
	int r;

	if (has_work(reg)) {
		r = transact(reg, &n_mails, &f);
		if (r < 0) {
			failed(reg, &f);
			return;
		}
		succeeded(reg, n_mails);
	}
	arm_outbox(reg);
	recover_go_on(reg);
	register_recount(reg);
}
