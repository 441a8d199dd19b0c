/* register_daily.c - what is done once on each working day: reminders, and the mails to officers.
 *
 * The alarm looks once an hour, and at the time that is due, so that a clock that was set, another
 * calendar or another configuration needs no care of its own. A run is made of steps, each a
 * transaction of its own and an event of its own, so that mails are taken in between. What a step
 * decided is told when it is committed. A run that fails is begun again: what was given stays
 * given. */
/* SPDX-License-Identifier: MIT */
#include "daemon/register_daily.h"

#include <errno.h>
#include <stdlib.h>

#include "daemon/register_internal.h"
#include "daemon/register_trouble.h"
#include "flow/reminders.h"

enum {
	RETRY_SEC = 60,
	SETTLE_SEC = 5,	      /* how often it is asked whether the start is over */
	SETTLE_SEC_MAX = 300, /* a start that takes longer is not waited for */
};

struct daily {
	sd_event_source *timer;	   /* owned */
	int64_t began_at;	   /* when the workers were started */
	struct reminders_run *run; /* owned; NULL: none is under way */
	struct trouble trouble;	   /* other than the store's */
	bool has_failed;	   /* --once tries once */
};

static struct reminders reminders_of(const struct register_state *reg)
{
	return (struct reminders){
		.store = reg->store, .conf = reg->loaded.conf, .calendar = reg->loaded.calendar
	};
}

static void arm(struct register_state *reg, int64_t when)
{
	register_set_alarm(reg, reg->daily->timer, when);
}

static void drop_run(struct daily *d)
{
	free(d->run);
	d->run = NULL;
}

/* ---- telling --------------------------------------------------------------------------------- */

static const enum journal_kind kinds[] = {
	[REMINDER_NEAR] = JOURNAL_DEADLINE_NEAR,
	[REMINDER_PASSED] = JOURNAL_DEADLINE_PASSED,
	[REMINDER_LAPSE] = JOURNAL_LAPSE_POSSIBLE,
};

static void tell_reminders(struct register_state *reg, const struct reminders_run *run)
{
	for (size_t i = 0; i < run->n_told; i++) {
		const struct reminder *told = &run->told[i];

		journal_write(reg->journal, &(struct journal_event){ .kind = kinds[told->kind],
						    .reference = told->reference,
						    .due = told->due,
						    .has_count = told->kind != REMINDER_LAPSE,
						    .count = told->days });
	}
}

static void tell_count(struct register_state *reg, enum journal_kind kind, uint64_t n)
{
	if (n > 0)
		journal_write(reg->journal,
			&(struct journal_event){ .kind = kind, .has_count = true, .count = n });
}

static void tell_end(struct register_state *reg, const struct reminders_run *run)
{
	tell_count(reg, JOURNAL_TRIAGE_WAITING, run->report.untouched.total);
	tell_count(reg, JOURNAL_DIGEST_QUEUED, run->n_mails[OFFICER_MAIL_DIGEST]);
}

static void meet_fault(struct register_state *reg, const struct fault *f)
{
	struct daily *d = reg->daily;

	drop_run(d);
	if (f->kind == FAULT_STORE || f->kind == FAULT_STORE_BUSY || f->kind == FAULT_STORE_FULL ||
		f->kind == FAULT_STORE_DAMAGED)
		register_store_trouble(reg, f);
	else
		journal_trouble(reg->journal, &(struct journal_event){ .kind = JOURNAL_UNEXPECTED },
			f, &d->trouble, register_now(reg));
	arm(reg, register_now(reg) + RETRY_SEC);
	if (!reg->options->once)
		return;
	d->has_failed = true;
	reg->exit_status = EXIT_FAILURE;
	register_check_finished(reg);
}

/* ---- the run --------------------------------------------------------------------------------- */

static void look(const struct register_state *reg, struct officer_look *ret)
{
	for (size_t i = 0; i < reg->n_watches; i++) {
		const struct watch *w = &reg->watches[i];
		const struct trouble *trouble = watch_trouble(w);

		ret[i] = (struct officer_look){ .mailbox = w->conf->name,
			.last_look = watch_last_look(w),
			.is_in_trouble = trouble != NULL,
			.trouble = trouble ? trouble->kind : FAULT_OTHER,
			.since = trouble ? trouble->since : 0 };
	}
}

static int transact(struct register_state *reg, struct fault *f)
{
	struct reminders in = reminders_of(reg);
	struct officer_look looks[CONFIG_MAILBOXES_MAX];
	int r;

	look(reg, looks);
	r = store_begin(reg->store, f);
	if (r == 0)
		r = reminders_step(
			&in, reg->daily->run, register_now(reg), looks, reg->n_watches, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

static void finish(struct register_state *reg)
{
	struct daily *d = reg->daily;
	int64_t lasted;

	tell_end(reg, d->run);
	(void) trouble_end(&d->trouble, register_now(reg), &lasted); /* what was done tells it */
	drop_run(d);
	arm(reg, register_now(reg) + REGISTER_LOOK_SEC);
	register_check_finished(reg); /* the outbox has mails, and --once may be through */
}

static void step(struct register_state *reg)
{
	struct fault f = { 0 };

	if (transact(reg, &f) < 0) {
		meet_fault(reg, &f);
		return;
	}
	journal_relief(reg->journal, &(struct journal_event){ .kind = JOURNAL_STORE_RECOVERED },
		&reg->store_trouble, register_now(reg));
	tell_reminders(reg, reg->daily->run);
	if (reg->daily->run->is_done)
		finish(reg);
	else
		arm(reg, register_now(reg));
}

/* Whether the start is over, so that the digest can say when each mailbox was looked at, and the
 * mails of a time without the daemon have their cases. --once comes here when all is taken. */
static bool is_settled(const struct register_state *reg)
{
	int64_t waited = register_now(reg) - reg->daily->began_at;

	/* Below zero where the clock was put back. */
	if (reg->options->once || waited >= SETTLE_SEC_MAX || waited < 0)
		return true;
	for (size_t i = 0; i < reg->n_watches; i++)
		if (watch_last_look(&reg->watches[i]) == 0 && !watch_trouble(&reg->watches[i]))
			return false;
	return reg->n_mails == 0;
}

static int begin_run(struct register_state *reg, struct fault *f)
{
	struct reminders in = reminders_of(reg);

	reg->daily->run = malloc(sizeof *reg->daily->run);
	if (!reg->daily->run)
		return fault_set(f, -ENOMEM, "no memory for reminders");
	reminders_begin(&in, register_now(reg), reg->daily->run);
	return 0;
}

/* Begins a run if one is due, or sees to it that it is looked at again in time. */
static void look_at_clock(struct register_state *reg)
{
	struct reminders in = reminders_of(reg);
	int64_t now = register_now(reg);
	struct fault f = { 0 };
	int64_t when;

	if (reminders_next(&in, now, &when, &f) < 0) {
		meet_fault(reg, &f);
		return;
	}
	if (when > now || !is_settled(reg)) {
		arm(reg, when > now ? when : now + SETTLE_SEC);
		return;
	}
	if (begin_run(reg, &f) < 0)
		meet_fault(reg, &f);
	else
		step(reg);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct register_state *reg = userdata;

	(void) source;
	(void) usec;
	if (reg->phase != REGISTER_RUNNING)
		return 0; /* armed again with the workers */
	if (reg->daily->run)
		step(reg);
	else if (!reg->options->once)
		look_at_clock(reg);
	return 0;
}

bool daily_is_pending(struct register_state *reg)
{
	struct daily *d = reg->daily;
	struct reminders in = reminders_of(reg);
	int64_t when;

	if (!d || d->has_failed)
		return false;
	if (d->run)
		return true;
	/* A store that cannot be asked has told so already. */
	if (reminders_next(&in, register_now(reg), &when, NULL) < 0 || when > register_now(reg))
		return false;
	look_at_clock(reg);
	return !d->has_failed;
}

/* ---- life ------------------------------------------------------------------------------------ */

int daily_new(struct register_state *reg, struct fault *f)
{
	int r;

	if (reg->options->observe)
		return 0;
	reg->daily = calloc(1, sizeof *reg->daily);
	if (!reg->daily)
		return fault_set(f, -ENOMEM, "no memory for reminders");
	r = register_add_alarm(reg, on_timer, &reg->daily->timer);
	/* Behind mails and verdicts, in turn with their transactions. */
	if (r >= 0)
		r = sd_event_source_set_priority(reg->daily->timer, SD_EVENT_PRIORITY_IDLE);
	return r < 0 ? fault_set(f, r, "no timer for reminders") : 0;
}

void daily_free(struct register_state *reg)
{
	if (!reg->daily)
		return;
	drop_run(reg->daily);
	sd_event_source_disable_unref(reg->daily->timer);
	free(reg->daily);
	reg->daily = NULL;
}

void daily_begin(struct register_state *reg)
{
	if (!reg->daily)
		return;
	drop_run(reg->daily); /* it was made with the configuration of before */
	reg->daily->began_at = register_now(reg);
	arm(reg, register_now(reg));
}
