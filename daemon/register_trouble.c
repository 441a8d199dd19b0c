/* register_trouble.c - what a mailbox suffers from, and for how long.
 *
 * The alarm asks for what counts in the end, whatever hinders it (the server, the store, the reader): is
 * the mailbox looked at, and is everything that it shows in the register? Its clock is one that
 * nobody sets. */
/* SPDX-License-Identifier: MIT */
#include "daemon/register_trouble.h"

#include <stdio.h>
#include <string.h>

enum {
	LOOK_SLACK_SEC = 300, /* what a look may take beyond the wait before it */
	IDLE_SEC = 1800,      /* the longest wait, whatever poll says */
	LOOKS = 10,	      /* at the mailbox, within alarm_after */
	SEC = 1000000,
};

const struct trouble *watch_trouble(const struct watch *w)
{
	for (size_t i = 0; !w->trouble.on && i < w->n_folders; i++)
		if (w->folders[i].trouble.on)
			return &w->folders[i].trouble;
	return w->trouble.on ? &w->trouble : NULL;
}

int64_t watch_last_look(const struct watch *w)
{
	int64_t oldest = INT64_MAX;

	for (size_t i = 0; i < w->n_folders; i++)
		if (w->folders[i].last_cycle < oldest)
			oldest = w->folders[i].last_cycle;
	return oldest == INT64_MAX ? 0 : oldest;
}

uint64_t watch_last_look_usec(const struct watch *w)
{
	uint64_t oldest = UINT64_MAX;

	for (size_t i = 0; i < w->n_folders; i++)
		if (w->folders[i].cycled_usec < oldest)
			oldest = w->folders[i].cycled_usec;
	return oldest == UINT64_MAX ? 0 : oldest;
}

size_t watch_keep_troubles(const struct register_state *reg, struct kept_trouble *ret)
{
	for (size_t i = 0; i < reg->n_watches; i++) {
		(void) snprintf(ret[i].name, sizeof ret[i].name, "%s",
			reg->watches[i].conf->name); /* a name that is cut is not found again */
		ret[i].trouble = reg->watches[i].trouble;
		ret[i].alarm = reg->watches[i].alarm;
	}
	return reg->n_watches;
}

void watch_take_up_troubles(struct register_state *reg, const struct kept_trouble *kept, size_t n)
{
	for (size_t i = 0; i < reg->n_watches; i++)
		for (size_t k = 0; k < n; k++)
			if (strcmp(reg->watches[i].conf->name, kept[k].name) == 0) {
				reg->watches[i].trouble = kept[k].trouble;
				reg->watches[i].alarm = kept[k].alarm;
			}
}

/* ---- the alarm --------------------------------------------------------------------------------- */

static bool has_mails_waiting(const struct watch *w)
{
	const struct mail *m;

	TAILQ_FOREACH(m, &w->reg->mails, entries)
	{
		if (m->watch == w)
			return true;
	}
	return false;
}

static bool is_looked_at(const struct watch *w, uint64_t now_usec)
{
	unsigned wait_sec = w->conf->poll_sec < IDLE_SEC ? w->conf->poll_sec : IDLE_SEC;
	uint64_t last_usec = watch_last_look_usec(w);

	for (size_t i = 0; i < w->n_folders; i++)
		if (!w->folders[i].is_cycled)
			return false;
	return now_usec - last_usec <= (uint64_t) (wait_sec + LOOK_SLACK_SEC) * SEC;
}

/* What hinders intake, in words; NULL: nothing. */
static const char *hindrance(struct watch *w, uint64_t now_usec)
{
	bool is_moving = w->n_rows != w->n_rows_looked_at;

	w->n_rows_looked_at = w->n_rows;
	if (watch_trouble(w))
		return "the mailbox, or a folder of it, cannot be read";
	if (w->reg->store_failures > 0)
		return "the store cannot be written";
	if (is_moving)
		return NULL;
	if (has_mails_waiting(w))
		return "mails that were brought are not recorded";
	return is_looked_at(w, now_usec) ? NULL : "no look at the mailbox comes to its end";
}

void watch_look_at_alarm(struct watch *w)
{
	uint64_t now_usec = register_monotonic();
	const char *why = hindrance(w, now_usec);
	uint64_t lasted_usec = 0;
	struct journal_event e = { .mailbox = w->conf->name, .detail = why };

	switch (alarm_look(&w->alarm, !why, now_usec, (uint64_t) w->conf->alarm_after_sec * SEC,
		&lasted_usec)) {
	case ALARM_QUIET:
		return;
	case ALARM_RAISED:
		e.kind = JOURNAL_INTAKE_FAILING;
		break;
	case ALARM_ENDED:
		e.kind = JOURNAL_INTAKE_RECOVERED;
		break;
	}
	e.lasted_sec = (int64_t) (lasted_usec / SEC);
	journal_write(w->reg->journal, &e);
}

static int on_alarm(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct register_state *reg = userdata;
	unsigned next_sec = UINT32_MAX;

	(void) usec;
	for (size_t i = 0; i < reg->n_watches; i++) {
		struct watch *w = &reg->watches[i];

		if (reg->phase == REGISTER_RUNNING)
			watch_look_at_alarm(w);
		if (w->conf->alarm_after_sec / LOOKS < next_sec)
			next_sec = w->conf->alarm_after_sec / LOOKS; /* 1 at least */
	}
	(void) sd_event_source_set_time_relative(source, (uint64_t) next_sec * SEC);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int watch_add_alarm(struct register_state *reg, struct fault *f)
{
	int r;

	if (reg->options->once || reg->options->observe)
		return 0; /* a person sits there */
	r = sd_event_add_time_relative(
		reg->event, NULL, CLOCK_MONOTONIC, 0, 0, on_alarm, reg); /* it lives as the loop */
	return r < 0 ? fault_set(f, r, "no timer for the alarm: %s", strerror(-r)) : 0;
}
