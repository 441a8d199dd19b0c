/* register_event.c - register's event loop: signals, turns, the watchdog. */
/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#include "daemon/register_internal.h"
#include "daemon/register_verify.h"

/* ---- time and turns -------------------------------------------------------------------------- */

int64_t register_now(const struct register_state *reg)
{
	uint64_t usec = 0;

	(void) sd_event_now(reg->event, CLOCK_REALTIME, &usec); /* cannot fail for this clock */
	return (int64_t) (usec / 1000000);
}

uint64_t register_monotonic(void)
{
	struct timespec ts = { 0 };

	(void) clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail for this clock */
	return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}

void register_wake(struct register_state *reg)
{
	/* Behind all other events, so that a flood is committed in groups; before them when a
	 * transaction is full. The sources are there, so none of this fails. */
	(void) sd_event_source_set_priority(reg->turn, reg->n_read >= REGISTER_TURN_MAILS
							       ? SD_EVENT_PRIORITY_IMPORTANT
							       : SD_EVENT_PRIORITY_IDLE);
	(void) sd_event_source_set_enabled(reg->turn, SD_EVENT_ONESHOT);
}

void register_later(struct register_state *reg, int64_t when)
{
	uint64_t usec = when > 0 ? (uint64_t) when * 1000000 : 0;
	uint64_t planned = 0;
	int enabled = SD_EVENT_OFF;

	(void) sd_event_source_get_enabled(reg->turn_timer, &enabled);
	(void) sd_event_source_get_time(reg->turn_timer, &planned);
	if (enabled != SD_EVENT_OFF && planned <= usec)
		return;
	(void) sd_event_source_set_time(reg->turn_timer, usec);
	(void) sd_event_source_set_enabled(reg->turn_timer, SD_EVENT_ONESHOT);
}

int register_add_alarm(
	struct register_state *reg, sd_event_time_handler_t call, sd_event_source **ret)
{
	int r = sd_event_add_time(reg->event, ret, CLOCK_BOOTTIME, 0, 0, call, reg);

	return r < 0 ? r : sd_event_source_set_enabled(*ret, SD_EVENT_OFF);
}

void register_set_alarm(struct register_state *reg, sd_event_source *alarm, int64_t when)
{
	int64_t seconds = when - register_now(reg);

	/* The source is there, so none of this fails. */
	if (seconds <= 0)
		(void) sd_event_source_set_time(alarm, 0);
	else
		(void) sd_event_source_set_time_relative(alarm,
			(uint64_t) (seconds < REGISTER_LOOK_SEC ? seconds : REGISTER_LOOK_SEC) *
				1000000);
	(void) sd_event_source_set_enabled(alarm, SD_EVENT_ONESHOT);
}

/* ---- events ---------------------------------------------------------------------------------- */

static int on_turn(sd_event_source *source, void *userdata)
{
	struct register_state *reg = userdata;

	(void) source;
	register_turn(reg);
	report_status(reg);
	register_finish_if_done(reg);
	return 0;
}

static int on_turn_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void) source;
	(void) usec;
	register_wake(userdata);
	return 0;
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *si, void *userdata)
{
	(void) source;
	(void) si;
	register_stop(userdata);
	return 0;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *si, void *userdata)
{
	(void) source;
	(void) si;
	(void) register_reload(
		userdata, NULL, NULL); /* what is wrong has been logged; the old one stays */
	return 0;
}

static bool is_any_late(const struct register_state *reg)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		if (worker_is_late(reg->watches[i].fetch))
			return true;
	return worker_is_late(reg->parse) || (reg->send && worker_is_late(reg->send)) ||
	       (reg->feed.worker && worker_is_late(reg->feed.worker)) || verify_is_late(reg);
}

/* Not sd_event_set_watchdog(): that would ping although a worker is stuck. A late worker is killed
 * by its own timer, so only our own stall, or a kernel that does not let it die, ends the pings. */
static int on_watchdog(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct register_state *reg = userdata;

	if (!is_any_late(reg))
		(void) sd_notify(0, "WATCHDOG=1");
	(void) sd_event_source_set_time(source, usec + reg->watchdog_usec / 2);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int add_watchdog(struct register_state *reg)
{
	if (sd_watchdog_enabled(0, &reg->watchdog_usec) <= 0)
		return 0;
	return sd_event_add_time_relative(reg->event, &reg->watchdog, CLOCK_MONOTONIC,
		reg->watchdog_usec / 2, 0, on_watchdog, reg);
}

int register_add_events(struct register_state *reg, struct fault *f)
{
	sigset_t set;
	int r;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGTERM);
	(void) sigaddset(&set, SIGINT);
	(void) sigaddset(&set, SIGHUP);
	(void) sigaddset(&set, SIGCHLD);
	(void) sigprocmask(SIG_BLOCK, &set, NULL); /* cannot fail with these arguments */
	(void) signal(SIGPIPE, SIG_IGN);
	r = sd_event_new(&reg->event);
	if (r >= 0)
		r = sd_event_add_signal(reg->event, NULL, SIGTERM, on_stop, reg);
	if (r >= 0)
		r = sd_event_add_signal(reg->event, NULL, SIGINT, on_stop, reg);
	if (r >= 0)
		r = sd_event_add_signal(reg->event, NULL, SIGHUP, on_reload, reg);
	if (r >= 0)
		r = sd_event_add_defer(reg->event, &reg->turn, on_turn, reg);
	if (r >= 0)
		r = sd_event_add_time(
			reg->event, &reg->turn_timer, CLOCK_REALTIME, 0, 0, on_turn_timer, reg);
	if (r >= 0)
		r = sd_event_source_set_enabled(reg->turn_timer, SD_EVENT_OFF);
	if (r >= 0)
		r = add_watchdog(reg);
	return r < 0 ? fault_set(f, r, "no event loop: %s", strerror(-r)) : 0;
}
