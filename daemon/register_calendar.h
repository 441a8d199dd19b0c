/* register_calendar.h - the bank holidays in force: settled at the start, kept up to date, judged.
 *
 * register_calendar.c works out what is in force, register_feed.c asks for changes, and
 * register_calendar_take.c uses an answer or keeps it for an officer. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_CALENDAR_H
#define DAEMON_REGISTER_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <systemd/sd-event.h>

#include "base/fault.h"
#include "daemon/trouble.h"

struct calendar;
struct loaded;
struct register_state;
struct worker;

/* The asking for bank holidays. */
struct feed_state {
	struct worker *worker;	/* owned; NULL: nobody is asked at this moment */
	sd_event_source *timer; /* owned; for the earlier of the next two */
	int64_t next_at;	/* when it is asked next; 0: not planned */
	int64_t midnight;	/* of the next day: what is told once a day */
	int64_t looked_at;	/* the clock, last */
	unsigned failures;	/* in a row */
	bool is_answered;	/* the worker has said what it was started for */
	struct trouble trouble;
	struct fault fault; /* the last one that was met */
};

/* An answer of the feed; borrowed. */
struct calendar_answer {
	const char *bytes;
	size_t n;
	const char *url;
	const char *etag;
	const char *modified;
};

/* An officer's word; borrowed. */
struct calendar_acceptance {
	const char *hash; /* of what is accepted */
	const char *actor;
	const char *why; /* "" : no reason was given */
	uid_t uid;
};

enum {
	CALENDAR_WHY_MAX = 500, /* bytes of an officer's reason */
};

/* register_calendar.c */

/**
 * calendar_settle - work out what is in force by the files of @l and the corrections in the store.
 * @l:   its calendar is replaced, its hash set
 * @bad: why its files cannot be used: then what was in force stays, and the journal is told. NULL,
 *       or code 0: they can
 *
 * Saved when it is another than before. Return: 0; -ENODATA with @bad in @f: nothing was ever in
 * force; negative errno.
 */
int calendar_settle(
	struct register_state *reg, struct loaded *l, const struct fault *bad, struct fault *f);

/* The same for the configuration that we start with; a failure has been told. */
int calendar_start(struct register_state *reg, const struct fault *bad);
void calendar_report(struct register_state *reg);     /* that it is in force */
void calendar_look_ahead(struct register_state *reg); /* warns when its end is near */
void calendar_remind(struct register_state *reg);     /* tells what waits for an officer */

/* Tells of an answer that waits, and of a change. @peer: the officer who made it; NULL: nobody */
void calendar_tell_pending(struct register_state *reg, const char *hash, const char *why);
void calendar_tell_changed(struct register_state *reg, const struct calendar *cal, const char *what,
	const uid_t *peer);

/* register_calendar_take.c */

/* Uses an answer of the feed, or keeps it for an officer. Return: 0; -EBADMSG, -E2BIG it is none;
 * other negative errno. */
int calendar_take(struct register_state *reg, const struct calendar_answer *a, struct fault *f);

/* Uses the answer that waits. Return: 0; -ENOENT none of that hash does; negative errno. */
int calendar_accept(
	struct register_state *reg, const struct calendar_acceptance *by, struct fault *f);

/* register_feed.c */
int feed_new(struct register_state *reg, struct fault *f);
void feed_free(struct register_state *reg);
void feed_plan(struct register_state *reg); /* when the bank holidays are asked for next */
void feed_stop(struct register_state *reg); /* before a reload or the end */

/* As feed_plan(), after a reload: it may have ended the trouble, so that is looked at soon. */
void feed_renew(struct register_state *reg);

/* Asks at once. Return: 0 under way; -EBUSY not now, or no address is configured; negative errno,
 * told. */
int feed_ask(struct register_state *reg);

#endif
