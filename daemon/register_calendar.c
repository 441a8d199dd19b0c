/* register_calendar.c - the bank holidays in force: from the files and the store.
 *
 * What is in force are the days of the configured files without those that the feed has taken away
 * since, and with those that it has brought. It is kept in the store too, so that a file that cannot
 * be read any more changes nothing. Each change is one transaction, with a line of the history. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/store_calendar.h"
#include "base/cleanup.h"
#include "daemon/register_internal.h"
#include "domain/calendar_change.h"

enum {
	WHY_MAX = CALENDAR_CHANGE_TEXT_MAX + 100,
	ENDS_SOON_DAYS = 120,
};

/* ---- telling --------------------------------------------------------------------------------- */

static struct day known_until(const struct calendar *cal)
{
	struct day until = { 0 };

	if (calendar_covers_until(cal, CALENDAR_UK, &until) < 0)
		return (struct day){ 0 }; /* no year is known: every deadline is provisional */
	return until;
}

void calendar_report(struct register_state *reg)
{
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_CALENDAR_LOADED,
					    .due = known_until(reg->loaded.calendar),
					    .detail = reg->loaded.hash });
}

void calendar_look_ahead(struct register_state *reg)
{
	struct day until = known_until(reg->loaded.calendar);
	struct day today = day_of_instant(register_now(reg));

	if (day_compare(until, day_add(today, ENDS_SOON_DAYS)) < 0)
		journal_write(reg->journal,
			&(struct journal_event){ .kind = JOURNAL_CALENDAR_ENDS, .due = until });
}

void calendar_tell_pending(struct register_state *reg, const char *hash, const char *why)
{
	char text[2 * CALENDAR_CHANGE_TEXT_MAX];
	size_t n = (size_t) snprintf(
		text, sizeof text, "if it is right, foictl calendar accept %s: ", hash); /* fits */

	for (; *why && n + 3 < sizeof text; why++) {
		text[n++] = *why == '\n' ? ';' : *why; /* its sentences are lines */
		if (*why == '\n')
			text[n++] = ' ';
	}
	text[n] = '\0';
	journal_write(reg->journal,
		&(struct journal_event){ .kind = JOURNAL_CALENDAR_PENDING, .detail = text });
}

void calendar_remind(struct register_state *reg)
{
	struct store_calendar_feed feed;
	struct fault f = { 0 };

	if (store_calendar_feed(reg->store, &feed, &f) < 0)
		register_store_trouble(reg, &f);
	else if (*feed.pending_hash)
		calendar_tell_pending(reg, feed.pending_hash, feed.pending_why);
}

void calendar_tell_changed(
	struct register_state *reg, const struct calendar *cal, const char *what, const uid_t *peer)
{
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_CALENDAR_CHANGED,
					    .due = known_until(cal),
					    .has_peer = peer != NULL,
					    .peer = peer ? *peer : 0,
					    .detail = what });
}

/* ---- from the files and the store ------------------------------------------------------------ */

static int load_saved(struct register_state *reg, struct calendar **ret, struct fault *f)
{
	int r = calendar_new(ret);

	return r < 0 ? fault_set(f, r, "no memory for a calendar")
		     : store_calendar_load(reg->store, *ret, f);
}

/* The files are others than when we last ran. The feed's answer is asked for whole again: it may
 * correct what they bring. */
static int save_files(struct register_state *reg, const struct calendar *saved,
	const struct calendar *next, const struct calendar_change *change, struct fault *f)
{
	char old_hash[DIGEST_HEX_MAX] = "";
	char new_hash[DIGEST_HEX_MAX] = "";
	char what[CALENDAR_CHANGE_TEXT_MAX];
	char why[WHY_MAX];
	const struct store_calendar_change line = { .at = register_now(reg),
		.actor = "daemon",
		.old_hash = old_hash,
		.new_hash = new_hash,
		.why = why };
	bool is_first = calendar_count(saved) == 0;
	int r = is_first ? 0 : calendar_hash(saved, old_hash);

	if (r == 0)
		r = calendar_hash(next, new_hash);
	if (r < 0)
		return fault_set(f, r, "no memory for a calendar");
	(void) calendar_change_what(change, what);
	(void) snprintf(why, sizeof why, "%s%s",
		is_first ? "the configured files, for the first time"
			 : "the configured files have changed: ",
		is_first ? "" : what); /* fits */
	r = store_begin(reg->store, f);
	if (r == 0)
		r = store_calendar_save(reg->store, next, &line, f);
	if (r == 0)
		r = store_calendar_forget(reg->store, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	if (r == 0 && !is_first)
		calendar_tell_changed(reg, next, what, NULL);
	return r;
}

static int settle_files(
	struct register_state *reg, const struct calendar *saved, struct loaded *l, struct fault *f)
{
	CLEANUP(calendar_change_freep) struct calendar_change *change = NULL;
	CLEANUP(calendar_freep) struct calendar *next = NULL;
	int r = store_calendar_correct(reg->store, l->calendar, &next, f);

	if (r < 0)
		return r;
	r = calendar_change_between(saved, next, &change);
	if (r < 0)
		return fault_set(f, r, "no memory for a calendar");
	if (calendar_change_count(change) > 0)
		r = save_files(reg, saved, next, change, f);
	if (r < 0)
		return r;
	calendar_free(l->calendar);
	l->calendar = TAKE_PTR(next);
	return 0;
}

int calendar_settle(
	struct register_state *reg, struct loaded *l, const struct fault *bad, struct fault *f)
{
	CLEANUP(calendar_freep) struct calendar *saved = NULL;
	int r = load_saved(reg, &saved, f);

	if (r < 0)
		return r;
	if (!bad || bad->code == 0) {
		r = settle_files(reg, saved, l, f);
	} else if (calendar_count(saved) == 0) {
		*f = *bad;
		return -ENODATA;
	} else {
		journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_CALENDAR_KEPT,
						    .due = known_until(saved),
						    .fault = bad });
		l->calendar = TAKE_PTR(saved);
	}
	if (r == 0)
		r = calendar_hash(l->calendar, l->hash);
	return r;
}

int calendar_start(struct register_state *reg, const struct fault *bad)
{
	struct fault f = { 0 };
	int r = calendar_settle(reg, &reg->loaded, bad, &f);

	if (r == -ENODATA)
		register_report_mistake(reg, f.text);
	else if (r < 0)
		register_store_trouble(reg, &f);
	if (r < 0)
		return r;
	calendar_report(reg);
	calendar_look_ahead(reg);
	calendar_remind(reg);
	return 0;
}
