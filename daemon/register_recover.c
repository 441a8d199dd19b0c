/* register_recover.c - the scan of our own mails, before a restored store gives a number.
 *
 * Security: what fetch brings may be anyone's mail. It is read behind the wall like all mail, and
 * only tokens of our key are believed. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "adapters/store_care.h"
#include "adapters/store_recall.h"
#include "base/cleanup.h"
#include "daemon/fetch.h"
#include "daemon/register_internal.h"
#include "flow/recall.h"

enum {
	SLACK = 1024,	/* a server may send a little more than it was asked for */
	AGAIN_SEC = 10, /* a store that cannot be written is tried again */
};

int recover_load(struct register_state *reg, struct fault *f)
{
	struct recover *was = &reg->recover;
	struct store_recovery now = { 0 };
	char day[DAY_TEXT_MAX];
	char made[DAY_TEXT_MAX + 16];
	int r = store_recovery(reg->store, &now, f);

	if (r < 0)
		return r;
	(void) snprintf(made, sizeof made, "made on %s",
		day_text(day_of_instant(now.since), DAY_ENGLISH, day)); /* fits */
	if (now.since != 0 && !was->is_on)
		journal_write(reg->journal,
			&(struct journal_event){ .kind = JOURNAL_RECOVERING, .detail = made });
	*was = (struct recover){ .is_on = now.since != 0,
		.is_known = now.since == 0 || now.is_known,
		.since = now.since };
	return 0;
}

bool recover_waits(const struct register_state *reg)
{
	return reg->recover.is_on && !reg->recover.is_known;
}

bool recover_wants_scan(const struct watch *w)
{
	return recover_waits(w->reg) && !w->scan.is_done;
}

void recover_started(struct watch *w)
{
	/* Also one that was through: it must wait for the others again. */
	w->scan = (struct recover_scan){ 0 };
	/* It may take long, and until it is over nothing can be looked at. */
	if (recover_waits(w->reg))
		watch_settle(w);
}

/* ---- records of fetch ------------------------------------------------------------------------ */

static void mail_freep(struct mail **m)
{
	*m = mail_free(*m);
}

static int take_mail(struct watch *w, const json_t *record, int *passed, struct fault *f)
{
	CLEANUP(mail_freep) struct mail *m = calloc(1, sizeof *m);
	struct register_state *reg = w->reg;
	int r;

	if (!m)
		return fault_set(f, -ENOMEM, "no memory for a mail");
	m->memfd = -1;
	if (!recover_wants_scan(w) || w->scan.is_paused || w->scan.n >= FETCH_CREDIT)
		return fault_set(f, -EBADMSG, "a mail of ours that was not asked for");
	r = channel_number(record, "internaldate", 0, INT64_MAX, &m->internaldate, f);
	if (r == 0)
		r = sealed_map(*passed, FETCH_RECALL_BYTES + SLACK, &m->raw, f);
	if (r < 0)
		return r;
	m->memfd = TAKE_FD(*passed);
	m->is_recalled = true;
	m->is_sent = json_is_true(json_object_get(record, "sent"));
	m->is_truncated = json_is_true(json_object_get(record, "truncated"));
	m->id = ++reg->next_mail_id;
	m->watch = w;
	m->life = w->life;
	m->size = m->raw.n;
	w->scan.n++;
	reg->n_mails++;
	TAILQ_INSERT_TAIL(&reg->mails, m, entries);
	(void) TAKE_PTR(m); /* the list's */
	parse_feed(reg);
	return 0;
}

static int take_paused(struct watch *w, const json_t *record, int *passed, struct fault *f)
{
	(void) record;
	(void) passed;
	(void) f;
	w->scan.is_paused = true;
	register_wake(w->reg);
	return 0;
}

static int take_recalled(struct watch *w, const json_t *record, int *passed, struct fault *f)
{
	w->scan.is_done = true;
	w->scan.has_sent = json_is_true(json_object_get(record, "sent"));
	return take_paused(w, record, passed, f);
}

static const struct {
	const char *type;
	int (*take)(struct watch *w, const json_t *record, int *passed, struct fault *f);
} records[] = {
	{ "recall", take_mail },
	{ "paused", take_paused },
	{ "recalled", take_recalled },
};

bool recover_is_record(const char *type)
{
	for (size_t i = 0; i < sizeof records / sizeof *records; i++)
		if (strcmp(records[i].type, type) == 0)
			return true;
	return false;
}

int recover_take_record(struct watch *w, const json_t *record, int *passed, struct fault *f)
{
	for (size_t i = 0; i < sizeof records / sizeof *records; i++)
		if (strcmp(records[i].type, channel_type(record)) == 0)
			return records[i].take(w, record, passed, f);
	return fault_set(f, -EBADMSG, "fetch has no record of that type");
}

/* ---- turns ----------------------------------------------------------------------------------- */

int recover_record(struct register_state *reg, const struct mail *m, struct fault *f)
{
	struct intake in = { .store = reg->store,
		.conf = reg->loaded.conf,
		.calendar = reg->loaded.calendar,
		.templates = reg->loaded.templates };
	struct recall_mail mail = { .mailbox = m->watch->index,
		.letter = m->letter,
		.internaldate = m->internaldate,
		.is_sent = m->is_sent,
		.raw = m->raw.bytes,
		.raw_bytes = m->raw.n };
	bool is_found = false;
	int r;

	if (!m->letter || m->is_broken)
		return 0; /* no reader survived it: it tells nothing */
	r = recall_take(&in, &mail, register_now(reg), &is_found, f);
	if (r == 0 && is_found)
		reg->recover.is_found = true;
	return r;
}

void recover_finish_mail(const struct mail *m)
{
	if (m->life == m->watch->life && m->watch->scan.n > 0)
		m->watch->scan.n--;
}

bool recover_is_scanned(const struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		if (!reg->watches[i].scan.is_done || reg->watches[i].scan.n > 0)
			return false;
	return true;
}

const struct watch *recover_unread_sent(const struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		if (!reg->watches[i].scan.has_sent)
			return &reg->watches[i];
	return NULL;
}

/* Whether nothing tells which numbers were given and what was sent. */
static bool is_blind(const struct register_state *reg)
{
	return recover_unread_sent(reg) || !reg->recover.is_found;
}

int recover_set_known(struct register_state *reg, const char *actor, const char *why, int64_t hold,
	struct fault *f)
{
	int r = store_recovery_set(reg->store, true, hold, f);

	return r < 0 ? r
		     : store_recovery_note(
			       reg->store, register_now(reg), actor, "numbers-known", why, f);
}

/* The scan is over: either it has told the highest numbers, or an officer must. */
static void settle(struct register_state *reg)
{
	const struct watch *unread = recover_unread_sent(reg);
	struct fault f = { 0 };
	int r;

	if (is_blind(reg)) {
		if (!reg->recover.is_told)
			journal_write(reg->journal,
				&(struct journal_event){ .kind = JOURNAL_RECOVERY_BLIND,
					.mailbox = unread ? unread->conf->name : NULL });
		reg->recover.is_told = true;
		if (reg->options->once) {
			reg->exit_status = EXIT_FAILURE;
			register_stop(reg);
		}
		return;
	}
	r = store_begin(reg->store, &f);
	if (r == 0)
		r = recover_set_known(reg, "daemon", "the Sent folder was read", 0, &f);
	if (r == 0)
		r = store_commit(reg->store, &f);
	if (r < 0) {
		store_rollback(reg->store);
		register_store_trouble(reg, &f);
		register_later(reg, register_now(reg) + AGAIN_SEC);
		return;
	}
	reg->recover.is_known = true;
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_RECOVERY_KNOWN });
}

void recover_go_on(struct register_state *reg)
{
	if (!reg->recover.is_on || reg->phase != REGISTER_RUNNING)
		return;
	if (!reg->recover.is_known && recover_is_scanned(reg))
		settle(reg);
	for (size_t i = 0; i < reg->n_watches; i++) {
		struct watch *w = &reg->watches[i];

		if (!w->scan.is_paused || w->scan.n > 0 ||
			(w->scan.is_done && !reg->recover.is_known))
			continue;
		w->scan.is_paused = false;
		/* One that has just ended scans anew. */
		(void) worker_send(w->fetch, json_pack("{s:s}", "type", "on"), -1);
	}
}

void recover_enter(struct register_state *reg)
{
	struct fault f = { 0 };
	int r = store_begin(reg->store, &f);

	if (r == 0)
		r = store_recovering_begin(reg->store, register_now(reg), &f);
	if (r == 0)
		r = store_recovery_set(reg->store, false, 0, &f);
	if (r == 0)
		r = store_recovery_note(reg->store, register_now(reg), "daemon", "begun",
			"a mail carries our token of a case that the store never had", &f);
	if (r == 0)
		r = store_commit(reg->store, &f);
	if (r == 0)
		r = recover_load(reg, &f);
	if (r < 0) {
		store_rollback(reg->store);
		register_store_trouble(reg, &f);
		register_later(reg, register_now(reg) + AGAIN_SEC);
		return;
	}
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_STORE_OLDER });
	/* All workers begin anew, with the scan; what they brought comes again. */
	if (register_reload(reg, NULL, NULL) == 0)
		return;
	reg->exit_status = EXIT_FAILURE;
	register_stop(reg); /* systemd starts us again */
}
