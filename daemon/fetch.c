/* fetch.c - the fetch role: connect, look, wait, again; and back off when it fails.
 *
 * Blocking straight-line code. Every step is announced with the time it may take, every wait
 * watches the channel, and the end of the channel ends the process. */
/* SPDX-License-Identifier: MIT */
#include "daemon/fetch.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "daemon/fetch_internal.h"

enum {
	BACK_OFF_FIRST_MS = 5 * 1000,
	BACK_OFF_MOST_MS = 5 * 60 * 1000,
	LOGIN_FIRST_MS = 5 * 60 * 1000,
	LOGIN_MOST_MS = 60 * 60 * 1000,
	FOREVER_MS = 30 * 60 * 1000, /* then the step is announced again */
	SETTLED_US = 60 * 1000 * 1000,
};

int64_t fetch_now_us(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail for this clock */
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- one connection ---------------------------------------------------------------------------- */

static void disconnect(struct fetch *p)
{
	p->imap = imap_close(p->imap);
	p->selected = NULL;
	p->awaited = NULL;
	fetch_want_done(&p->want);
	for (size_t k = 0; k < p->n_folders; k++) {
		uidset_done(&p->folders[k].known);
		p->folders[k].full_us = 0;
		p->folders[k].is_open = false;
	}
}

static int connect_server(struct fetch *p, struct fault *f)
{
	int r = fetch_step(p, "connecting", IMAP_CONNECT_MS + IMAP_COMMAND_MS, f);

	return r < 0 ? r : imap_open(&p->options, &p->imap, f);
}

/* The folder in which IDLE listens: the first that could be opened. */
static struct fetch_folder *home_of(struct fetch *p)
{
	for (size_t k = 0; k < p->n_folders; k++)
		if (p->folders[k].is_open)
			return &p->folders[k];
	return NULL;
}

/* Looks at every folder, the home last but for news there, which come first. */
static int look_round(struct fetch *p, struct fetch_folder *home, int64_t heard_us, struct fault *f)
{
	int r = home ? fetch_look(p, home, heard_us, f) : 0;

	for (size_t k = 0; r == 0 && k < p->n_folders; k++)
		if (&p->folders[k] != home)
			r = fetch_look(p, &p->folders[k], 0, f);
	if (r < 0)
		return r;
	home = home_of(p);
	if (!home)
		return fault_set_kind(f, FAULT_MISSING, -ENOENT,
			"none of the watched folders can be opened: check folders");
	return p->selected == home ? 0 : fetch_look(p, home, 0, f);
}

/* Folders whose mails became durable while another one was open. */
static int tell_all(struct fetch *p, struct fault *f)
{
	for (size_t k = 0; k < p->n_folders; k++) {
		struct fetch_folder *folder = &p->folders[k];
		int r = 0;

		if (folder->untold.n == 0 || !folder->is_open)
			continue;
		if (p->selected != folder)
			r = fetch_look(p, folder, 0, f);
		if (r == 0 && p->selected == folder)
			r = fetch_tell(p, f);
		if (r < 0)
			return r;
	}
	return 0;
}

static int wait_news(struct fetch *p, enum imap_wake *ret_wake, int64_t *ret_heard, struct fault *f)
{
	uint64_t ms = (uint64_t) p->poll_sec * 1000;
	int r;

	ms = ms < IMAP_IDLE_MS ? ms : IMAP_IDLE_MS;
	r = fetch_step(p, "waiting for mail", ms + 2 * IMAP_COMMAND_MS, f);
	if (r < 0)
		return r;
	return imap_wait(
		p->imap, p->channel, p->selected->exists, (unsigned) ms, ret_wake, ret_heard, f);
}

/* The folder to look at first. Where IDLE told nothing it is opened anew: one that was renamed, or
 * deleted and made again, may keep its old session with nothing ever new in it. */
static struct fetch_folder *open_anew(struct fetch *p, enum imap_wake wake)
{
	struct fetch_folder *home = p->selected;

	if (wake == IMAP_WAKE_TIME)
		p->selected = NULL;
	return home;
}

/* One wait and what it asks for. */
static int serve_once(struct fetch *p, struct fault *f)
{
	enum imap_wake wake;
	int64_t heard_us;
	int r = wait_news(p, &wake, &heard_us, f);

	if (r < 0)
		return r;
	if (wake == IMAP_WAKE_CHANNEL) {
		struct fetch_folder *home = p->selected;

		r = fetch_take(p, 0, f);
		if (r == 0)
			r = tell_all(p, f);
		if (r == 0 && p->selected != home)
			r = fetch_look(p, home, 0, f);
		return r;
	}
	return look_round(p, open_anew(p, wake), heard_us, f);
}

/* With "once": all is durable, all is told. Then nothing more until register goes. */
static int finish(struct fetch *p, struct fault *f)
{
	int r = tell_all(p, f);

	while (r == 0 && p->n_flights > 0) {
		r = fetch_step(p, "waiting for register", FOREVER_MS, f);
		if (r == 0)
			r = fetch_take(p, FOREVER_MS, f);
		if (r == 0)
			r = tell_all(p, f);
	}
	if (r == 0)
		r = fetch_send(p, json_pack("{s:s}", "type", "finished"), -1, f);
	while (r == 0) {
		r = fetch_step(p, "finished", FOREVER_MS, f);
		if (r == 0)
			r = fetch_take(p, FOREVER_MS, f);
		if (r == 0)
			r = tell_all(p, f);
	}
	return r;
}

/* Until the connection is lost. @ret_worked: whether it did its job, and for a while: a server that
 * hangs up again and again, as one does that has enough of us, is asked less and less often. */
static int serve(struct fetch *p, bool *ret_worked, struct fault *f)
{
	int64_t begun_us = fetch_now_us();
	int r = connect_server(p, f);

	if (r == 0)
		r = fetch_recall(p, f);
	if (r == 0)
		r = look_round(p, NULL, 0, f);
	if (r == 0 && p->once)
		return finish(p, f);
	while (r == 0)
		r = serve_once(p, f);
	*ret_worked = fetch_now_us() - begun_us >= SETTLED_US;
	return r;
}

/* ---- between connections ------------------------------------------------------------------------ */

/* Doubles up to the bound; a refused login waits longer from the first, since accounts get locked. */
unsigned fetch_next_pause(unsigned ms, const struct fault *f)
{
	unsigned first = f->kind == FAULT_AUTH ? LOGIN_FIRST_MS : BACK_OFF_FIRST_MS;
	unsigned most = f->kind == FAULT_AUTH ? LOGIN_MOST_MS : BACK_OFF_MOST_MS;

	if (ms < first)
		return first;
	return ms < most / 2 ? ms * 2 : most;
}

/* Many daemons that lost one server must not come back at one instant: up to a quarter more. */
static uint64_t with_jitter(unsigned ms)
{
	uint32_t random = 0;

	if (digest_random(&random, sizeof random) < 0)
		return ms;
	return ms + random % (ms / 4 + 1);
}

static int back_off(struct fetch *p, unsigned ms)
{
	uint64_t wait_ms = with_jitter(ms);
	int64_t until_us = fetch_now_us() + (int64_t) wait_ms * 1000;
	int r = fetch_step(p, "waiting before the next attempt", wait_ms, NULL);

	while (r == 0 && fetch_now_us() < until_us)
		r = fetch_take(p, (uint64_t) (until_us - fetch_now_us()) / 1000 + 1, NULL);
	return r;
}

static void run(struct fetch *p)
{
	unsigned wait_ms = 0;

	while (!p->is_closed) {
		struct fault f = { 0 };
		bool has_worked = false;
		int r = serve(p, &has_worked, &f);

		disconnect(p);
		if (p->is_closed || r == -ECANCELED)
			return;
		wait_ms = fetch_next_pause(has_worked ? 0 : wait_ms, &f);
		if (fetch_send_fault(p, NULL, &f) < 0 || back_off(p, wait_ms) < 0)
			return;
	}
}

static void done(struct fetch *p)
{
	for (size_t k = 0; k < p->n_folders; k++) {
		uidset_done(&p->folders[k].known);
		uidset_done(&p->folders[k].untold);
	}
	fetch_want_done(&p->want);
	json_decref(p->begin);
	free(p);
}

int fetch_main(int channel)
{
	struct fetch *p = calloc(1, sizeof *p);
	struct fault f = { 0 };
	int r;

	if (!p)
		return EXIT_FAILURE;
	p->channel = channel;
	(void) signal(SIGPIPE, SIG_IGN); /* a TLS library may write to a closed socket */
	r = fetch_begin(p, &f);
	if (r == 0)
		run(p);
	r = r == 0 || p->is_closed ? EXIT_SUCCESS : EXIT_FAILURE;
	done(p);
	return r;
}
