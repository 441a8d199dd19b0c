/* register_verify.c - whether the store is still what was written to it.
 *
 * A query process reads all of it, so that no mail waits for that; when it was last found sound
 * stands in the store. Damage ends all writing, but not the daemon: who restarts without end shows
 * nobody anything, and what can be read still helps. The mails wait in the mailbox. */
/* SPDX-License-Identifier: MIT */
#include "daemon/register_verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "adapters/store_care.h"
#include "adapters/store_remind.h"
#include "daemon/query.h"
#include "daemon/register_internal.h"

enum {
	INTERVAL_SEC = 7 * 86400,
	RETRY_SEC = 3600,
};

static const char name[] = "check"; /* of the row that tells when */

struct verify {
	sd_event_source *timer; /* owned */
	struct worker *worker;	/* owned; NULL: none reads */
	int64_t began_at;
	bool is_answered;
	struct fault damage; /* code 0: none was found */
};

/* ---- when ------------------------------------------------------------------------------------ */

static int note(struct register_state *reg, int64_t at, struct fault *f)
{
	int r = store_begin(reg->store, f);

	if (r == 0)
		r = store_daily_done(reg->store, name, day_of_instant(register_now(reg)), at, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

/* A store that is new begins as sound. */
static int note_start(struct register_state *reg, struct fault *f)
{
	struct store_daily last;
	int r = store_daily(reg->store, name, &last, f);

	if (r < 0)
		return r;
	if (!store_was_clean(reg->store))
		return note(reg, 0, f);
	return r > 0 ? 0 : note(reg, register_now(reg), f);
}

static bool is_due(struct register_state *reg)
{
	struct store_daily last = { 0 };
	struct fault f = { 0 };

	if (store_daily(reg->store, name, &last, &f) < 0)
		register_store_trouble(reg, &f); /* one that cannot be asked is looked over */
	/* A clock that was put back must not put it off for years. */
	return register_now(reg) - last.at >= INTERVAL_SEC || last.at > register_now(reg);
}

static void arm(struct register_state *reg, int64_t seconds)
{
	register_set_alarm(reg, reg->verify->timer, register_now(reg) + seconds);
}

/* ---- what is found --------------------------------------------------------------------------- */

static void meet_soundness(struct register_state *reg)
{
	struct verify *v = reg->verify;
	struct fault f = { 0 };

	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_STORE_CHECKED,
					    .lasted_sec = register_now(reg) - v->began_at });
	if (note(reg, register_now(reg), &f) < 0)
		register_store_trouble(reg, &f);
}

static void meet_damage(struct register_state *reg, const struct fault *fault)
{
	reg->verify->damage = *fault;
	store_distrust(reg->store);
	register_store_trouble(reg, fault);
}

static int on_record(
	void *context, struct worker *w, const json_t *record, int *passed, struct fault *f)
{
	struct register_state *reg = context;
	struct fault told = { 0 };
	int r;

	(void) w;
	(void) passed;
	if (reg->verify->is_answered)
		return fault_set(f, -EBADMSG, "query answers twice");
	reg->verify->is_answered = true;
	if (strcmp(channel_type(record), "end") == 0) {
		meet_soundness(reg);
		return 0;
	}
	if (strcmp(channel_type(record), "fault") != 0)
		return fault_set(f, -EBADMSG, "query has no record of that type");
	r = channel_fault(record, &told, f);
	if (r < 0)
		return r;
	if (told.kind == FAULT_STORE_DAMAGED)
		meet_damage(reg, &told);
	else
		register_store_trouble(reg, &told);
	return 0;
}

/* ---- the process that reads ------------------------------------------------------------------ */

static void on_started(void *context, struct worker *w)
{
	struct register_state *reg = context;
	json_t *begin = json_pack("{s:s, s:s, s:s}", "type", "begin", "what", "check", "store",
		reg->loaded.conf->store_path);

	worker_expect(w, (uint64_t) QUERY_CHECK_SECONDS * 1000);
	if (worker_send(w, begin, -1) < 0)
		worker_kill(w, WORKER_ENDED_DIED);
}

static void on_ended(void *context, struct worker *w, enum worker_end how, int signal)
{
	struct register_state *reg = context;

	if (!reg->verify->is_answered && how != WORKER_ENDED_ASKED)
		report_worker(reg, w, how, signal, NULL);
	reg->verify->worker = worker_free(w);
	arm(reg, RETRY_SEC);
	register_check_finished(reg);
}

static const struct worker_calls verify_calls = {
	.has_no_steps = true,
	.record = on_record,
	.started = on_started,
	.ended = on_ended,
};

static void ask(struct register_state *reg)
{
	struct verify *v = reg->verify;
	struct fault f = { 0 };
	int r;

	v->is_answered = false;
	v->began_at = register_now(reg);
	r = worker_new(reg->event, "query", &verify_calls, reg, &v->worker, &f);
	if (r == 0)
		r = worker_start(v->worker, &f);
	if (r == 0)
		return;
	v->worker = worker_free(v->worker);
	journal_write(
		reg->journal, &(struct journal_event){ .kind = JOURNAL_UNEXPECTED, .fault = &f });
	arm(reg, RETRY_SEC);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct register_state *reg = userdata;

	(void) source;
	(void) usec;
	if (reg->phase == REGISTER_STOPPING || reg->verify->worker)
		return 0;
	if (reg->verify->damage.code < 0) {
		register_store_trouble(reg, &reg->verify->damage); /* told once an hour */
		arm(reg, RETRY_SEC);
	} else if (is_due(reg)) {
		ask(reg);
	} else {
		arm(reg, REGISTER_LOOK_SEC);
	}
	return 0;
}

void verify_begin(struct register_state *reg)
{
	if (reg->verify)
		arm(reg, 0);
}

void verify_suspect(struct register_state *reg)
{
	struct verify *v = reg->verify;
	int64_t since;

	if (!v || v->worker || v->damage.code < 0 || reg->phase == REGISTER_STOPPING)
		return;
	since = register_now(reg) - v->began_at;
	if (since >= RETRY_SEC || since < 0)
		ask(reg);
}

/* ---- life ------------------------------------------------------------------------------------ */

int verify_new(struct register_state *reg, struct fault *f)
{
	int r;

	if (reg->options->observe)
		return 0;
	r = note_start(reg, f);
	if (r < 0 || reg->options->once)
		return r;
	reg->verify = calloc(1, sizeof *reg->verify);
	if (!reg->verify)
		return fault_set(f, -ENOMEM, "no memory to look after the store");
	r = register_add_alarm(reg, on_timer, &reg->verify->timer);
	return r < 0 ? fault_set(f, r, "no timer to look after the store") : 0;
}

void verify_stop(struct register_state *reg)
{
	if (reg->verify && reg->verify->worker)
		worker_kill(reg->verify->worker, WORKER_ENDED_ASKED); /* it only reads */
}

bool verify_is_running(const struct register_state *reg)
{
	return reg->verify && reg->verify->worker;
}

bool verify_is_late(const struct register_state *reg)
{
	return verify_is_running(reg) && worker_is_late(reg->verify->worker);
}

void verify_free(struct register_state *reg)
{
	if (!reg->verify)
		return;
	worker_free(reg->verify->worker);
	sd_event_source_disable_unref(reg->verify->timer);
	free(reg->verify);
	reg->verify = NULL;
}
