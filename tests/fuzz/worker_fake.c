/* worker_fake.c - workers without processes.
 *
 * What worker.c does with a record is done here as it is there: "step" records are the worker's own,
 * unless they bring a set. */
/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/worker_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "tests/fuzz/fuzz.h"

struct worker {
	TAILQ_ENTRY(worker) entries;
	const char *role;
	const struct worker_calls *calls;
	void *context;
	bool is_running;
	bool is_closing;
	bool is_dead; /* its end is to be told */
	bool is_waiting;
	enum worker_end end;
};

static TAILQ_HEAD(worker_list, worker) workers = TAILQ_HEAD_INITIALIZER(workers);

/* One for all: a record is received as soon as it is sent. */
static int ends[2] = { -1, -1 };

int worker_new(sd_event *event, const char *role, const struct worker_calls *calls, void *context,
	struct worker **ret, struct fault *f)
{
	struct worker *w = calloc(1, sizeof *w);

	(void) event;
	(void) f;
	REQUIRE(w);
	w->role = role;
	w->calls = calls;
	w->context = context;
	TAILQ_INSERT_TAIL(&workers, w, entries);
	*ret = w;
	return 0;
}

struct worker *worker_free(struct worker *w)
{
	if (!w)
		return NULL;
	TAILQ_REMOVE(&workers, w, entries);
	free(w);
	return NULL;
}

void worker_freep(struct worker **w)
{
	*w = worker_free(*w);
}

int worker_start(struct worker *w, struct fault *f)
{
	(void) f;
	REQUIRE(!w->is_running);
	w->is_running = true;
	w->is_closing = false;
	w->is_waiting = false;
	w->end = WORKER_ENDED_DIED;
	w->calls->started(w->context, w);
	return 0;
}

int worker_again(struct worker *w, uint64_t at_least_msec, struct fault *f)
{
	(void) at_least_msec;
	(void) f;
	REQUIRE(!w->is_running);
	w->is_waiting = true;
	return 0;
}

void worker_forgive(struct worker *w)
{
	(void) w; /* no back-off is played here */
}

int worker_send(struct worker *w, json_t *record, int passed)
{
	CLEANUP(channel_record_freep) json_t *owned = record;
	CLEANUP(freep) char *text = NULL;

	(void) passed; /* stays the caller's */
	REQUIRE(owned && channel_type(owned));
	if (!worker_is_taking(w))
		return -ESRCH;
	text = json_dumps(owned, JSON_COMPACT);
	REQUIRE(text && strlen(text) <= CHANNEL_RECORD_MAX);
	return 0;
}

void worker_stop(struct worker *w, uint64_t msec)
{
	(void) msec;
	w->is_waiting = false;
	if (!w->is_running)
		return;
	w->is_closing = true;
	w->is_dead = true;
	w->end = WORKER_ENDED_ASKED;
}

void worker_kill(struct worker *w, enum worker_end why)
{
	if (!w->is_running)
		return;
	w->is_dead = true;
	w->end = why;
}

void worker_expect(struct worker *w, uint64_t msec)
{
	(void) w;
	REQUIRE(msec > 0 && msec <= WORKER_STEP_MSEC_MAX);
}

void worker_expect_nothing(struct worker *w)
{
	(void) w;
}

bool worker_is_running(const struct worker *w)
{
	return w->is_running;
}

bool worker_is_taking(const struct worker *w)
{
	return w->is_running && !w->is_closing;
}

bool worker_is_waiting(const struct worker *w)
{
	return w->is_waiting;
}

bool worker_is_late(const struct worker *w)
{
	(void) w;
	return false;
}

const char *worker_role(const struct worker *w)
{
	return w->role;
}

const char *worker_fault(const struct worker *w)
{
	(void) w;
	return "";
}

int64_t worker_pid(const struct worker *w)
{
	return w->is_running ? 1 : 0;
}

struct worker *worker_fake_find(const char *role)
{
	struct worker *w;

	TAILQ_FOREACH(w, &workers, entries)
	if (w->is_running && strcmp(w->role, role) == 0)
		return w;
	return NULL;
}

/* ---- what they say --------------------------------------------------------------------------- */

static int open_memory(const struct worker_fake_record *said)
{
	int fd;

	if (said->passed == WORKER_FAKE_OTHER)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (said->passed != WORKER_FAKE_OPEN)
		return sealed_new("fuzz", said->memory, said->n_memory);
	fd = sealed_create("fuzz");
	REQUIRE(fd >= 0 && write(fd, said->memory, said->n_memory) == (ssize_t) said->n_memory);
	return fd;
}

static void send_bytes(const struct worker_fake_record *said)
{
	CLEANUP(closep) int fd = said->passed == WORKER_FAKE_NOTHING ? -1 : open_memory(said);
	int passed[2] = { fd, fd };
	size_t n_passed = said->passed == WORKER_FAKE_NOTHING ? 0
			  : said->passed == WORKER_FAKE_TWO   ? 2
							      : 1;
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof passed)];
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *) (uintptr_t) said->bytes, .iov_len = said->n };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (n_passed > 0) {
		struct cmsghdr *c = &control.align;

		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(n_passed * sizeof(int));
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_passed * sizeof(int));
		memcpy(CMSG_DATA(c), passed, n_passed * sizeof(int));
	}
	REQUIRE(sendmsg(ends[1], &msg, MSG_NOSIGNAL) == (ssize_t) said->n);
}

static int take_step(struct worker *w, const json_t *record, struct fault *f)
{
	int64_t msec;
	int r = channel_number(record, "ms", 1, WORKER_STEP_MSEC_MAX, &msec, f);

	if (r == 0)
		worker_expect(w, (uint64_t) msec);
	return r;
}

static int receive(struct worker *w, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(closep) int passed = -1;
	bool is_step;
	int r = channel_receive(ends[0], &record, &passed, f);

	if (r <= 0)
		return r;
	is_step = strcmp(channel_type(record), "step") == 0;
	if (is_step && w->calls->has_no_steps)
		return fault_set(f, -EBADMSG, "it may not say how long it takes");
	if (is_step)
		r = take_step(w, record, f);
	if (r >= 0 && (!is_step || json_object_get(record, "set")))
		r = w->calls->record(w->context, w, record, &passed, f);
	return r < 0 ? r : 0;
}

int worker_fake_say(struct worker *w, const struct worker_fake_record *said)
{
	struct fault f = { 0 };
	int r;

	if (ends[0] < 0)
		REQUIRE(channel_pair(ends, NULL) == 0);
	send_bytes(said);
	r = receive(w, &f);
	REQUIRE(r == 0 || (r < 0 && f.code < 0 && *f.text));
	if (r < 0)
		worker_kill(w, WORKER_ENDED_BROKE);
	return r;
}

void worker_fake_die(struct worker *w)
{
	worker_kill(w, WORKER_ENDED_DIED);
}

/* ---- how they end ---------------------------------------------------------------------------- */

static struct worker *find_dead(void)
{
	struct worker *w;

	TAILQ_FOREACH(w, &workers, entries)
	if (w->is_dead)
		return w;
	return NULL;
}

static struct worker *find_waiting(void)
{
	struct worker *w;

	TAILQ_FOREACH(w, &workers, entries)
	if (w->is_waiting)
		return w;
	return NULL;
}

void worker_fake_settle(void)
{
	struct worker *w;

	while ((w = find_dead())) {
		w->is_dead = false;
		w->is_running = false;
		w->calls->ended(w->context, w, w->end, w->end == WORKER_ENDED_ASKED ? 0 : SIGKILL);
	}
	while ((w = find_waiting()))
		REQUIRE(worker_start(w, NULL) == 0);
}
