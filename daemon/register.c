/* register.c - the main process from its start to its end. */
/* SPDX-License-Identifier: MIT */
#include "daemon/register.h"

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/cleanup.h"
#include "daemon/register_daily.h"
#include "daemon/register_internal.h"
#include "daemon/register_sole.h"
#include "daemon/register_trouble.h"
#include "daemon/register_verify.h"

enum {
	DESCRIPTORS_MAX = 65536,
	MAPPED_BYTES_MIN = 1024 * 1024, /* as much at once is not kept when it is freed */
	ONCE_FAILURES_MAX = 5,		/* the last comes half a minute behind the first */
	OPEN_STORE_SEC = 3600,		/* one of gigabytes is copied before it is migrated */
	STOP_RECORD_SEC = 20, /* a stop waits so long for a store that cannot be written */
};

/* ---- phases ---------------------------------------------------------------------------------- */

static bool workers_are_gone(const struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		if (worker_is_running(reg->watches[i].fetch))
			return false;
	return !worker_is_running(reg->parse) && !(reg->send && worker_is_running(reg->send)) &&
	       !reg->feed.worker;
}

void register_stop_workers(struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		worker_stop(reg->watches[i].fetch, REGISTER_STOP_MSEC);
	worker_stop(reg->parse, REGISTER_STOP_MSEC);
	if (reg->send)
		worker_stop(reg->send, REGISTER_STOP_MSEC);
	feed_stop(reg);
	register_check_finished(reg);
}

void register_stop(struct register_state *reg)
{
	if (reg->phase == REGISTER_STOPPING)
		return;
	reg->phase = REGISTER_STOPPING;
	reg->stopped_at = register_now(reg);
	(void) sd_notify(0, "STOPPING=1");
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_STOPPING });
	register_stop_workers(reg);
	verify_stop(reg);
}

/* Mails that are not committed are dropped: fetch brings them again. */
static void drop_mails(struct register_state *reg)
{
	while (!TAILQ_EMPTY(&reg->mails)) {
		struct mail *m = TAILQ_FIRST(&reg->mails);

		TAILQ_REMOVE(&reg->mails, m, entries);
		mail_free(m);
	}
	reg->n_mails = 0;
	reg->n_read = 0;
	reg->n_reading = 0;
	reg->parse_alone = false;
}

static void free_workers(struct register_state *reg)
{
	drop_mails(reg);
	outbox_take_back(reg);
	watch_free_all(reg);
	reg->parse = worker_free(reg->parse);
	reg->send = worker_free(reg->send);
	reg->n_sending = 0;
	reg->n_verdicts = 0;
	reg->n_filed = 0;
	reg->send_failures = 0; /* the next send may have another server, or the right password */
	reg->send_not_before = 0;
}

/* What an earlier life left as being sent goes out again under the same Message-ID. */
static int requeue(struct register_state *reg, struct fault *f)
{
	size_t n;
	int r = store_begin(reg->store, f);

	if (r == 0)
		r = store_outbox_requeue(reg->store, register_now(reg), &n, f);
	if (r == 0)
		r = store_commit(reg->store, f);
	if (r < 0)
		store_rollback(reg->store);
	return r;
}

static int start_workers(struct register_state *reg, struct fault *f)
{
	int r;

	reg->phase = REGISTER_RUNNING;
	r = parse_new(reg, f);
	if (r == 0)
		r = outbox_new(reg, f);
	if (r == 0)
		r = watch_new_all(reg, f);
	if (r == 0)
		r = worker_start(reg->parse, f);
	if (r == 0 && reg->send)
		r = worker_start(reg->send, f);
	if (r == 0)
		r = watch_start_all(reg, f);
	if (r == 0)
		daily_begin(reg);
	return r;
}

static void fatal(struct register_state *reg, const struct fault *f)
{
	journal_write(
		reg->journal, &(struct journal_event){ .kind = JOURNAL_UNEXPECTED, .fault = f });
	reg->exit_status = EXIT_FAILURE;
	(void) sd_event_exit(reg->event, EXIT_FAILURE); /* the loop is running */
}

/* What SMTP said is known to nobody else, and without it a mail goes out twice. It keeps us for as
 * long as a store in trouble may have recovered; the turns' own timer tries again. */
static bool must_record_first(struct register_state *reg)
{
	if (reg->n_verdicts == 0 && reg->n_filed == 0)
		return false;
	if (reg->phase == REGISTER_RELOADING)
		return true;
	register_later(reg, reg->stopped_at + STOP_RECORD_SEC);
	return register_now(reg) < reg->stopped_at + STOP_RECORD_SEC;
}

/* The workers have ended: the new configuration counts from here. */
static void finish_reload(struct register_state *reg)
{
	struct kept_trouble kept[CONFIG_MAILBOXES_MAX];
	size_t n_kept = watch_keep_troubles(reg, kept);
	struct fault f = { 0 };

	free_workers(reg);
	reg->is_baseline_late = true;
	reload_keep_fixed(reg);
	loaded_done(&reg->loaded);
	reg->loaded = reg->next;
	reg->next = (struct loaded){ 0 };
	sole_give_up(reg, reg->loaded.conf);
	control_use(reg->control, reg->loaded.conf);
	calendar_report(reg);
	if (start_workers(reg, &f) < 0) {
		fatal(reg, &f);
		return;
	}
	feed_renew(reg);
	register_wake(reg); /* the bank holidays may have changed */
	watch_take_up_troubles(reg, kept, n_kept);
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_CONFIG_RELOADED });
	if (reg->is_ready) /* else register_settled() says so in its time */
		(void) sd_notify(0, "READY=1");
	if (!reg->reload_again)
		return;
	reg->reload_again = false;
	(void) register_reload(reg, NULL, NULL); /* what is wrong has been logged */
}

/* --once is no daemon: it ends where one would try again for as long as it takes. */
static bool has_given_up(const struct register_state *reg)
{
	return reg->store_failures > ONCE_FAILURES_MAX;
}

static bool is_all_taken(struct register_state *reg)
{
	struct fault f = { 0 };
	int64_t when = 0;

	if (has_given_up(reg))
		return true;
	for (size_t i = 0; i < reg->n_watches; i++)
		if (!reg->watches[i].is_finished || reg->watches[i].n_copies > 0)
			return false;
	if (reg->n_mails > 0 || reg->n_sending > 0 || reg->n_filed > 0 || reg->recount.is_on)
		return false;
	if (daily_is_pending(reg))
		return false;
	if (!reg->send || reg->recover.is_on || store_outbox_next(reg->store, &when, &f) < 0)
		return true;
	return when == 0 || when > register_now(reg) || register_now(reg) < reg->send_not_before;
}

void register_finish_if_done(struct register_state *reg)
{
	if (reg->phase == REGISTER_RUNNING && reg->options->once && is_all_taken(reg)) {
		if (!report_once(reg) || has_given_up(reg))
			reg->exit_status = EXIT_FAILURE;
		register_stop(reg);
	}
	if (reg->phase != REGISTER_STOPPING && reg->phase != REGISTER_RELOADING)
		return;
	if (!workers_are_gone(reg) || must_record_first(reg))
		return;
	if (reg->phase == REGISTER_RELOADING)
		finish_reload(reg);
	else if (!verify_is_running(reg))
		(void) sd_event_exit(reg->event, reg->exit_status); /* the loop is running */
}

void register_check_finished(struct register_state *reg)
{
	register_wake(reg);
}

void register_settled(struct register_state *reg)
{
	if (reg->is_ready)
		return;
	for (size_t i = 0; i < reg->n_watches; i++)
		if (!reg->watches[i].is_settled)
			return;
	reg->is_ready = true;
	journal_write(reg->journal, &(struct journal_event){ .kind = JOURNAL_READY });
	(void) sd_notify(0, "READY=1");
	verify_begin(reg);
}

/* ---- life ------------------------------------------------------------------------------------ */

static int fatal_start(struct register_state *reg, const struct fault *f)
{
	journal_write(
		reg->journal, &(struct journal_event){ .kind = JOURNAL_UNEXPECTED, .fault = f });
	return f->code < 0 ? f->code : -EIO;
}

/* --observe keeps what it learns in a store of its own that ends with it. */
static int open_store(struct register_state *reg, struct fault *f)
{
	char path[sizeof reg->observe_dir + 16];

	if (!reg->options->observe)
		return store_open(reg->loaded.conf->store_path, reg->started_at, &reg->store, f);
	(void) snprintf(reg->observe_dir, sizeof reg->observe_dir, "/tmp/foimaild-observe.XXXXXX");
	if (!mkdtemp(reg->observe_dir)) {
		reg->observe_dir[0] = '\0';
		return fault_set(f, -errno, "no folder in /tmp: %s", strerror(errno));
	}
	(void) snprintf(path, sizeof path, "%s/store", reg->observe_dir); /* fits */
	return store_open(path, reg->started_at, &reg->store, f);
}

static void remove_observed(const struct register_state *reg)
{
	static const char *const names[] = { "store", "store-wal", "store-shm", "store.lock" };
	char path[sizeof reg->observe_dir + 16];

	if (reg->observe_dir[0] == '\0')
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		(void) snprintf(path, sizeof path, "%s/%s", reg->observe_dir, names[i]);
		(void) unlink(path); /* some are never made */
	}
	(void) rmdir(reg->observe_dir); /* a folder in /tmp that stays harms nobody */
}

static void tear_down(struct register_state *reg)
{
	if (reg->event)
		free_workers(reg);
	sole_give_up(reg, NULL);
	feed_free(reg);
	daily_free(reg);
	verify_free(reg);
	control_free(reg->control);
	store_close(reg->store);
	remove_observed(reg);
	loaded_done(&reg->loaded);
	loaded_done(&reg->next);
	sd_event_source_disable_unref(reg->turn);
	sd_event_source_disable_unref(reg->turn_timer);
	sd_event_source_disable_unref(reg->watchdog);
	sd_event_unref(reg->event);
	journal_close(reg->journal);
	free(reg);
}

static int set_up(struct register_state *reg)
{
	struct fault bad = { 0 };
	struct fault f = { 0 };
	int r;

	TAILQ_INIT(&reg->mails); /* before anything that tear_down() looks at */
	if (loaded_load(reg->options->config_path, register_report_mistake, reg, &bad,
		    &reg->loaded) < 0)
		return -EINVAL; /* told */
	r = register_add_events(reg, &f);
	if (r < 0)
		return fatal_start(reg, &f);
	reg->started_at = register_now(reg);
	/* Ended half way by TimeoutStartSec=, each start after it would be too. */
	(void) sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d000000", OPEN_STORE_SEC);
	r = open_store(reg, &f);
	if (r < 0) {
		register_store_trouble(reg, &f);
		return r;
	}
	r = sole_begin(reg);
	if (r < 0)
		return r; /* told */
	r = calendar_start(reg, &bad);
	if (r < 0)
		return r; /* told */
	r = control_new(reg, &reg->control, &f);
	if (r == 0)
		r = requeue(reg, &f);
	if (r == 0)
		r = feed_new(reg, &f);
	if (r == 0)
		r = daily_new(reg, &f);
	if (r == 0)
		r = verify_new(reg, &f);
	if (r == 0)
		r = watch_add_alarm(reg, &f);
	if (r == 0)
		r = start_workers(reg, &f);
	if (r < 0)
		return fatal_start(reg, &f);
	feed_plan(reg);
	return 0;
}

/* A SIGHUP that comes before the loop does waits for it: unhandled it would end us. */
static void hold_reloads(void)
{
	sigset_t set;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGHUP);
	(void) sigprocmask(SIG_BLOCK, &set, NULL); /* cannot fail with these arguments */
}

/* Each mailbox has up to FETCH_CREDIT mails on the way, and the workers inherit the limit: the
 * kernel holds all descriptors on the way between processes of one user against it. */
static void use_all_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return; /* the lower limit is enough for a few mailboxes */
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS_MAX ? limit.rlim_max : DESCRIPTORS_MAX;
	(void) setrlimit(RLIMIT_NOFILE, &limit); /* the same */
}

/* SQLite holds the row of a long mail in one piece. By itself glibc takes the first free() of such a
 * piece as a sign that it is wanted again, and keeps that much for ever. */
static void give_memory_back(void)
{
	(void) mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES_MIN); /* refused, more is kept: no harm */
}

int register_run(const struct register_options *options)
{
	struct register_state *reg = calloc(1, sizeof *reg);
	int r = -ENOMEM;

	if (!reg)
		return EXIT_FAILURE;
	reg->options = options;
	give_memory_back();
	use_all_descriptors();
	hold_reloads();
	/* No core of ours, with mails in it, and no other process of the user may look inside. */
	(void) prctl(PR_SET_DUMPABLE, 0); /* cannot fail with these arguments */
	if (journal_open(STDERR_FILENO, options->once || options->observe, options->debug,
		    &reg->journal, NULL) == 0)
		r = set_up(reg);
	if (r == 0)
		r = sd_event_loop(reg->event);
	tear_down(reg);
	return r < 0 ? EXIT_FAILURE : r;
}
