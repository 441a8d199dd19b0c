/* register_calendar_take.c - an answer of the feed: used, or kept for an officer, who may accept it.
 *
 * What an answer changes is kept as corrections of the configured files, in one transaction with what
 * is in force, a line of the history, and the answer itself, with which the next is compared.
 *
 * Security: the answer is read again here, although the worker has read it. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/holidays.h"
#include "adapters/store_calendar.h"
#include "base/cleanup.h"
#include "daemon/register_internal.h"
#include "domain/calendar_change.h"

enum {
	WHY_MAX = 2 * CALENDAR_CHANGE_TEXT_MAX + 600, /* an officer's reason, and both texts */
};

/* A change that is being made. */
struct making {
	const char *actor;
	const char *reason;		/* goes before what changes */
	struct calendar_change *change; /* owned */
	struct calendar *feed;		/* owned; borrowed by change, as is what is in force */
	struct calendar *last;		/* owned */
	struct calendar *next;		/* owned; NULL: nothing changes */
	char hash[DIGEST_HEX_MAX];	/* of next */
	char what[CALENDAR_CHANGE_TEXT_MAX];
	char why[CALENDAR_CHANGE_TEXT_MAX];
};

static void making_done(struct making *m)
{
	m->change = calendar_change_free(m->change);
	m->feed = calendar_free(m->feed);
	m->last = calendar_free(m->last);
	m->next = calendar_free(m->next);
}

static int parse(const char *bytes, size_t n, struct calendar **ret, struct fault *f)
{
	int r = calendar_new(ret);

	return r < 0 ? fault_set(f, r, "no memory for a calendar")
		     : holidays_parse(bytes, n, "the answer", *ret, f);
}

/* The answer that was taken last; NULL: none ever was, or it is no use any more. */
static int load_last(struct register_state *reg, struct calendar **ret, struct fault *f)
{
	CLEANUP(freep) char *bytes = NULL;
	size_t n;
	int r = store_calendar_taken(reg->store, &bytes, &n, f);

	if (r <= 0)
		return r;
	r = parse(bytes, n, ret, f);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		*ret = calendar_free(*ret);
	return 0;
}

/* Compares an answer with what is in force. */
static int compare(
	struct register_state *reg, const char *bytes, size_t n, struct making *m, struct fault *f)
{
	struct calendar_change_input in = { .now = reg->loaded.calendar,
		.today = day_of_instant(register_now(reg)) };
	int r = parse(bytes, n, &m->feed, f);

	if (r == 0)
		r = load_last(reg, &m->last, f);
	if (r < 0)
		return r;
	in.feed = m->feed;
	in.last = m->last;
	r = calendar_change_find(&in, &m->change);
	if (r < 0)
		return fault_set(f, r, "no memory for a calendar");
	(void) calendar_change_what(m->change, m->what);
	(void) calendar_change_why(m->change, m->why);
	return 0;
}

/* Inside a transaction: the answer is taken, with what it changes. */
static int take(
	struct register_state *reg, const char *bytes, size_t n, struct making *m, struct fault *f)
{
	char why[WHY_MAX];
	const struct store_calendar_change line = { .at = register_now(reg),
		.actor = m->actor,
		.old_hash = reg->loaded.hash,
		.new_hash = m->hash,
		.why = why };
	int r = store_calendar_take(reg->store, bytes, n, f);

	if (r < 0)
		return r;
	r = calendar_change_apply(reg->loaded.calendar, m->change, &m->next, f);
	if (r == 0 && calendar_hash(m->next, m->hash) < 0)
		r = fault_set(f, -ENOMEM, "no memory for a calendar");
	if (r < 0)
		return r;
	(void) snprintf(why, sizeof why, "%s%s", m->reason, m->what); /* fits by its parts */
	r = store_calendar_correction(reg->store, m->change, line.at, f);
	/* An officer's word stays on record even where no day comes or goes. */
	if (r == 0 && (calendar_change_count(m->change) > 0 || strcmp(m->actor, "daemon") != 0))
		r = store_calendar_save(reg->store, m->next, &line, f);
	return r;
}

/* After the commit: it counts from here. */
static void put_in_force(struct register_state *reg, struct making *m, const uid_t *peer)
{
	bool is_news = calendar_change_count(m->change) > 0;

	calendar_free(reg->loaded.calendar);
	reg->loaded.calendar = TAKE_PTR(m->next);
	memcpy(reg->loaded.hash, m->hash, sizeof reg->loaded.hash);
	if (is_news || peer)
		calendar_tell_changed(reg, reg->loaded.calendar,
			is_news ? m->what : "no day comes or goes", peer);
	register_wake(reg);
}

/* Ends the open transaction, well or not. Return: @r, or why it could not be committed. */
static int finish(struct register_state *reg, int r, struct fault *f)
{
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

static int take_or_pend(struct register_state *reg, const struct calendar_answer *a,
	const char *hash, struct making *m, struct fault *f)
{
	int r = store_begin(reg->store, f);

	if (r == 0)
		r = store_calendar_answered(
			reg->store, a->url, a->etag, a->modified, register_now(reg), f);
	if (r == 0 && calendar_change_needs_officer(m->change))
		r = store_calendar_pend(reg->store, a->bytes, a->n, hash, m->why, f);
	else if (r == 0)
		r = take(reg, a->bytes, a->n, m, f);
	return finish(reg, r, f);
}

int calendar_take(struct register_state *reg, const struct calendar_answer *a, struct fault *f)
{
	CLEANUP(making_done)
	struct making m = { .actor = "daemon", .reason = "GOV.UK's feed: " };
	struct store_calendar_feed before;
	char hash[DIGEST_HEX_MAX];
	int r = store_calendar_feed(reg->store, &before, f);

	if (r == 0)
		r = compare(reg, a->bytes, a->n, &m, f);
	if (r < 0)
		return r;
	digest_sha256(a->bytes, a->n, hash);
	r = take_or_pend(reg, a, hash, &m, f);
	if (r < 0)
		return r;
	if (calendar_change_needs_officer(m.change)) {
		if (strcmp(hash, before.pending_hash) != 0)
			calendar_tell_pending(reg, hash, m.why);
		return 0;
	}
	put_in_force(reg, &m, NULL);
	if (*before.pending_hash)
		journal_write(reg->journal,
			&(struct journal_event){ .kind = JOURNAL_CALENDAR_WITHDRAWN });
	return 0;
}

int calendar_accept(
	struct register_state *reg, const struct calendar_acceptance *by, struct fault *f)
{
	CLEANUP(making_done) struct making m = { .actor = by->actor };
	CLEANUP(freep) char *bytes = NULL;
	struct store_calendar_feed feed;
	char reason[WHY_MAX - CALENDAR_CHANGE_TEXT_MAX];
	size_t n = 0;
	int r = store_calendar_feed(reg->store, &feed, f);

	if (r == 0 && (!*feed.pending_hash || strcmp(feed.pending_hash, by->hash) != 0))
		return fault_set(f, -ENOENT, "no bank holidays of that hash wait");
	if (r == 0)
		r = store_calendar_pending(reg->store, &bytes, &n, f);
	if (r == 0)
		return fault_set(f, -ENOENT, "no bank holidays wait");
	if (r > 0)
		r = compare(reg, bytes, n, &m, f);
	if (r < 0)
		return r;
	(void) snprintf(reason, sizeof reason, "accepted%s%.*s: %s%s", *by->why ? ", " : "",
		CALENDAR_WHY_MAX, by->why, m.why, *m.why && *m.what ? "; " : ""); /* fits */
	m.reason = reason;
	r = store_begin(reg->store, f);
	if (r == 0)
		r = take(reg, bytes, n, &m, f);
	r = finish(reg, r, f);
	if (r == 0)
		put_in_force(reg, &m, &by->uid);
	return r;
}
