/* register_feed.c - when the bank holidays are asked for, and by whom.
 *
 * Once a day (or as configured), with a spread so that not all authorities ask GOV.UK at once; after
 * a failure in an hour, then twice as long each time, up to a day. When it was asked stands in the
 * store before the worker starts, so that a daemon that keeps dying asks no oftener. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "adapters/channel.h"
#include "adapters/holidays.h"
#include "adapters/holidays_feed.h"
#include "adapters/store_calendar.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "daemon/register_internal.h"

enum {
	RETRY_SEC = 3600, /* doubles with each failure */
	RETRY_SEC_MAX = 86400,
	STORE_RETRY_SEC = 600,
	SPREAD = 10, /* an interval is longer by up to a tenth of it */
};

/* ---- when ------------------------------------------------------------------------------------ */

static bool may_ask(const struct register_state *reg)
{
	return reg->phase == REGISTER_RUNNING && !reg->options->once && !reg->options->observe &&
	       *reg->loaded.conf->calendar_url;
}

static int64_t with_spread(int64_t seconds)
{
	uint32_t random = 0;

	if (digest_random(&random, sizeof random) < 0)
		return seconds; /* asking at the same time as others is asking all the same */
	return seconds + (int64_t) (random % (uint32_t) (seconds / SPREAD + 1));
}

static int64_t interval(const struct register_state *reg)
{
	unsigned doublings = reg->feed.failures - 1;

	if (reg->feed.failures == 0)
		return reg->loaded.conf->calendar_refresh_sec;
	return doublings < 5 ? (int64_t) RETRY_SEC << doublings : RETRY_SEC_MAX;
}

static void arm(struct register_state *reg)
{
	int64_t when = reg->feed.midnight;

	if (reg->feed.next_at > 0 && reg->feed.next_at < when)
		when = reg->feed.next_at;
	register_set_alarm(reg, reg->feed.timer, when);
}

void feed_plan(struct register_state *reg)
{
	int64_t now = register_now(reg);
	struct store_calendar_feed row;
	struct fault f = { 0 };

	if (reg->options->once || reg->options->observe)
		return;
	reg->feed.midnight = day_start(day_add(day_of_instant(now), 1));
	reg->feed.looked_at = now;
	reg->feed.next_at = 0;
	if (!may_ask(reg)) {
		arm(reg);
		return;
	}
	if (store_calendar_feed(reg->store, &row, &f) < 0) {
		register_store_trouble(reg, &f);
		reg->feed.next_at = now + STORE_RETRY_SEC;
	} else if (row.asked_at == 0) {
		reg->feed.next_at = now;
	} else {
		/* An earlier life asked, and heard nothing that it could use. */
		if (reg->feed.failures == 0 && row.answered_at < row.asked_at)
			reg->feed.failures = 1;
		/* A clock that was set back must not put it off for years. */
		reg->feed.next_at =
			(row.asked_at < now ? row.asked_at : now) + with_spread(interval(reg));
	}
	arm(reg);
}

void feed_renew(struct register_state *reg)
{
	bool was_in_trouble = reg->feed.trouble.on;

	reg->feed.failures = 0;
	if (!*reg->loaded.conf->calendar_url)
		reg->feed.trouble = (struct trouble){ 0 }; /* with what is asked no more */
	feed_plan(reg);
	if (!was_in_trouble || !may_ask(reg))
		return;
	reg->feed.next_at = register_now(reg);
	arm(reg);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct register_state *reg = userdata;
	int64_t now = register_now(reg);

	(void) source;
	(void) usec;
	if (now < reg->feed.looked_at)
		feed_plan(reg); /* the clock was put back: what was planned may be years away */
	reg->feed.looked_at = now;
	if (now >= reg->feed.midnight) {
		reg->feed.midnight = day_start(day_add(day_of_instant(now), 1));
		calendar_look_ahead(reg);
		calendar_remind(reg);
	}
	if (reg->feed.next_at > 0 && now >= reg->feed.next_at) {
		reg->feed.next_at = 0; /* the end of the asking plans the next */
		(void) feed_ask(reg);  /* what is wrong has been told, and is planned for */
	}
	arm(reg);
	return 0;
}

/* ---- what it says ---------------------------------------------------------------------------- */

static void meet_fault(struct register_state *reg, const struct fault *fault)
{
	reg->feed.is_answered = true;
	reg->feed.failures++;
	reg->feed.fault = *fault;
	journal_trouble(reg->journal,
		&(struct journal_event){ .kind = JOURNAL_CALENDAR_FEED_FAULT }, fault,
		&reg->feed.trouble, register_now(reg));
}

static void relieve(struct register_state *reg)
{
	reg->feed.is_answered = true;
	reg->feed.failures = 0;
	journal_relief(reg->journal,
		&(struct journal_event){ .kind = JOURNAL_CALENDAR_FEED_RECOVERED },
		&reg->feed.trouble, register_now(reg));
}

static int read_tags(const json_t *record, struct calendar_answer *a, struct fault *f)
{
	int r = channel_text(record, "etag", HOLIDAYS_FEED_TAG_MAX - 1, &a->etag, f);

	if (r == 0)
		r = channel_text(record, "modified", HOLIDAYS_FEED_TAG_MAX - 1, &a->modified, f);
	return r;
}

/* The store's trouble is told as such, and it is asked again like after any failure. */
static void meet_store_fault(struct register_state *reg, const struct fault *fault)
{
	reg->feed.is_answered = true;
	reg->feed.failures++;
	register_store_trouble(reg, fault);
}

static int save_unchanged(
	struct register_state *reg, const struct calendar_answer *a, struct fault *f)
{
	struct store_calendar_feed row;
	int r = store_calendar_feed(reg->store, &row, f);

	if (r == 0)
		r = store_begin(reg->store, f);
	if (r < 0)
		return r;
	/* A server need not repeat what it said before. */
	r = store_calendar_answered(reg->store, a->url, *a->etag ? a->etag : row.etag,
		*a->modified ? a->modified : row.modified, register_now(reg), f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

static int take_unchanged(
	struct register_state *reg, const json_t *record, int *passed, struct fault *f)
{
	struct calendar_answer a = { .url = reg->loaded.conf->calendar_url };
	struct fault trouble = { 0 };
	int r = read_tags(record, &a, f);

	(void) passed;
	if (r < 0)
		return r;
	if (save_unchanged(reg, &a, &trouble) < 0) {
		meet_store_fault(reg, &trouble);
		return 0;
	}
	relieve(reg);
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_DEBUG,
					    .detail = "the feed of bank holidays is unchanged" });
	return 0;
}

static bool is_of_the_answer(const struct fault *f)
{
	return f->code == -EBADMSG || f->code == -E2BIG || f->code == -EMSGSIZE;
}

static int take_file(struct register_state *reg, const json_t *record, int *passed, struct fault *f)
{
	struct calendar_answer a = { .url = reg->loaded.conf->calendar_url };
	struct fault trouble = { 0 };
	struct sealed file = { 0 };
	int r = read_tags(record, &a, f);

	if (r == 0)
		r = sealed_map(*passed, HOLIDAYS_FILE_MAX, &file, f);
	if (r < 0)
		return r;
	a.bytes = file.bytes;
	a.n = file.n;
	r = calendar_take(reg, &a, &trouble);
	sealed_unmap(&file);
	if (r == 0)
		relieve(reg);
	else if (is_of_the_answer(&trouble))
		meet_fault(reg, &trouble);
	else
		meet_store_fault(reg, &trouble);
	return 0;
}

static int take_fault(
	struct register_state *reg, const json_t *record, int *passed, struct fault *f)
{
	struct fault told = { 0 };
	int r = channel_fault(record, &told, f);

	(void) passed;
	if (r == 0)
		meet_fault(reg, &told);
	return r;
}

static const struct {
	const char *type;
	int (*take)(struct register_state *reg, const json_t *record, int *passed, struct fault *f);
} records[] = {
	{ "unchanged", take_unchanged },
	{ "file", take_file },
	{ "fault", take_fault },
};

static int on_record(
	void *context, struct worker *w, const json_t *record, int *passed, struct fault *f)
{
	struct register_state *reg = context;

	(void) w;
	if (reg->phase != REGISTER_RUNNING)
		return 0; /* another configuration is about to count: it asks anew */
	if (reg->feed.is_answered)
		return fault_set(f, -EBADMSG, "feed answers twice");
	for (size_t i = 0; i < sizeof records / sizeof *records; i++)
		if (strcmp(records[i].type, channel_type(record)) == 0)
			return records[i].take(reg, record, passed, f);
	return fault_set(f, -EBADMSG, "feed has no record of that type");
}

/* ---- its life -------------------------------------------------------------------------------- */

static json_t *begin_record(const struct register_state *reg, const struct store_calendar_feed *row)
{
	const struct config *conf = reg->loaded.conf;
	bool is_same = strcmp(row->url, conf->calendar_url) == 0; /* the tags are of that server */

	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "begin", "url", conf->calendar_url,
		"ca_file", conf->calendar_ca_file, "etag", is_same ? row->etag : "", "modified",
		is_same ? row->modified : "");
}

static void on_started(void *context, struct worker *w)
{
	struct register_state *reg = context;
	struct store_calendar_feed row;
	struct fault f = { 0 };
	int r = store_calendar_feed(reg->store, &row, &f);

	if (r < 0)
		meet_store_fault(reg, &f);
	else
		r = worker_send(w, begin_record(reg, &row), -1);
	if (r < 0)
		worker_kill(w, WORKER_ENDED_ASKED);
}

static void on_ended(void *context, struct worker *w, enum worker_end how, int signal)
{
	struct register_state *reg = context;

	if (!reg->feed.is_answered && how != WORKER_ENDED_ASKED) {
		report_worker(reg, w, how, signal, NULL);
		reg->feed.failures++;
	}
	reg->feed.worker = worker_free(w);
	if (reg->phase == REGISTER_RUNNING)
		feed_plan(reg);
	else
		register_check_finished(reg);
}

static const struct worker_calls feed_calls = {
	.record = on_record,
	.started = on_started,
	.ended = on_ended,
};

static int note_asked(struct register_state *reg, struct fault *f)
{
	int r = store_begin(reg->store, f);

	if (r == 0)
		r = store_calendar_asked(reg->store, register_now(reg), f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

int feed_ask(struct register_state *reg)
{
	struct fault f = { 0 };
	int r;

	if (!may_ask(reg))
		return -EBUSY;
	if (reg->feed.worker)
		return 0;
	r = note_asked(reg, &f);
	if (r < 0) {
		register_store_trouble(reg, &f);
		reg->feed.next_at = register_now(reg) + STORE_RETRY_SEC;
		arm(reg);
		return r;
	}
	reg->feed.is_answered = false;
	r = worker_new(reg->event, "feed", &feed_calls, reg, &reg->feed.worker, &f);
	if (r == 0)
		r = worker_start(reg->feed.worker, &f);
	if (r < 0) {
		reg->feed.worker = worker_free(reg->feed.worker);
		meet_fault(reg, &f);
		feed_plan(reg);
	}
	return r;
}

void feed_stop(struct register_state *reg)
{
	reg->feed.next_at = 0;
	/* It has nothing in hand that must be finished, and does not listen while it asks. */
	if (reg->feed.worker)
		worker_kill(reg->feed.worker, WORKER_ENDED_ASKED);
}

int feed_new(struct register_state *reg, struct fault *f)
{
	int r = register_add_alarm(reg, on_timer, &reg->feed.timer);

	return r < 0 ? fault_set(f, r, "no timer for the bank holidays: %s", strerror(-r)) : 0;
}

void feed_free(struct register_state *reg)
{
	reg->feed.worker = worker_free(reg->feed.worker);
	reg->feed.timer = sd_event_source_disable_unref(reg->feed.timer);
}
