/* register_parse.c - giving mails to the parse process and taking letters from it.
 *
 * A mail may kill its reader. The process that died takes no mail with it: those it had not
 * answered are given again, one at a time. Only one that kills a process alone is poison: it is
 * tried once more whole, then without its body, and then a case is opened from what the server
 * told.
 *
 * Security: letters come from a process that reads anybody's mail. letter_record_decode() checks
 * them; the raw mail that is kept is the one from fetch, not from parse. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/channel.h"
#include "adapters/letter_record.h"
#include "base/cleanup.h"
#include "daemon/ladder.h"
#include "daemon/parse.h"
#include "daemon/register_internal.h"

struct mail *mail_free(struct mail *m)
{
	if (!m)
		return NULL;
	sealed_unmap(&m->raw);
	closep(&m->memfd);
	letter_free(m->letter);
	free(m);
	return NULL;
}

void mail_set_read(struct register_state *reg, struct mail *m)
{
	if (m->state == MAIL_READING)
		reg->n_reading--;
	m->state = MAIL_READ;
	reg->n_read++;
	register_wake(reg);
}

/* The first mail that parse should get next, if it may get one now. */
static struct mail *next_mail(const struct register_state *reg)
{
	size_t credit = reg->parse_alone ? 1 : PARSE_CREDIT;
	struct mail *m;

	if (reg->n_reading >= credit)
		return NULL;
	TAILQ_FOREACH(m, &reg->mails, entries)
	if (m->state == MAIL_WAITING)
		return m->share == MAIL_WHOLE || reg->n_reading == 0 ? m : NULL;
	return NULL;
}

static int give(struct register_state *reg, struct mail *m)
{
	CLEANUP(closep) int header = -1;
	bool is_cut = m->share == MAIL_HEADER_ONLY;
	int r;

	if (is_cut)
		header = ladder_cut(&m->raw);
	if (is_cut && header < 0)
		return header;
	r = worker_send(reg->parse,
		json_pack("{s:s, s:I, s:b}", "type", "read", "id", (json_int_t) m->id, "truncated",
			(int) m->is_truncated),
		is_cut ? header : m->memfd);
	if (r < 0)
		return r;
	m->state = MAIL_READING;
	reg->parse_alone |= m->share != MAIL_WHOLE;
	reg->n_reading++;
	reg->parse_given++;
	return 0;
}

void parse_feed(struct register_state *reg)
{
	struct mail *m;

	if (!reg->parse_is_ready || !worker_is_taking(reg->parse))
		return;
	if (reg->parse_given >= PARSE_MAILS_A_LIFE) {
		/* A new process now and then: RLIMIT_CPU is a sum over a life, and a leak in a
		 * library ends with it. */
		if (reg->n_reading == 0)
			worker_stop(reg->parse, REGISTER_STOP_MSEC);
		return;
	}
	while ((m = next_mail(reg)) != NULL) {
		bool was_idle = reg->n_reading == 0;

		if (give(reg, m) < 0) {
			worker_kill(reg->parse, WORKER_ENDED_DIED); /* its end gives it again */
			return;
		}
		if (was_idle)
			worker_expect(reg->parse, ladder_msec(m->share));
	}
}

static struct mail *find_reading(const struct register_state *reg, int64_t id)
{
	struct mail *m;

	TAILQ_FOREACH(m, &reg->mails, entries)
	if (m->state == MAIL_READING && m->id == (uint64_t) id)
		return m;
	return NULL;
}

/* Whether mails wait that must be read with no other beside them. */
static bool has_suspects(const struct register_state *reg)
{
	const struct mail *m;

	TAILQ_FOREACH(m, &reg->mails, entries)
	if (m->state != MAIL_READ && m->share != MAIL_WHOLE)
		return true;
	return false;
}

/* The reader is done with one mail, whatever came of it. */
static void answered(struct register_state *reg)
{
	if (reg->parse_alone)
		reg->parse_alone = has_suspects(reg);
	if (reg->n_reading > 0) /* only whole mails go together */
		worker_expect(reg->parse, ladder_msec(MAIL_WHOLE));
	else
		worker_expect_nothing(reg->parse);
	parse_feed(reg);
}

static int take_letter(struct mail *m, int passed, struct fault *f)
{
	CLEANUP(sealed_unmap) struct sealed bytes = { 0 };
	int r = sealed_map(passed, LETTER_RECORD_MAX, &bytes, f);

	if (r == 0)
		r = letter_record_decode(bytes.bytes, bytes.n, &m->letter, f);
	if (r == 0 && m->share == MAIL_HEADER_ONLY)
		ladder_mark(m->letter);
	return r;
}

/* One step down for a mail that was alone with the process that died. */
static void step_down(struct register_state *reg, struct mail *m, bool was_alone)
{
	if (!was_alone) {
		m->share = m->share == MAIL_WHOLE ? MAIL_ALONE : m->share;
		return;
	}
	m->share++;
	if (m->share >= MAIL_UNREADABLE) {
		m->share = MAIL_UNREADABLE;
		mail_set_read(reg, m);
	}
}

/* A mail that its reader did not read waits again, or is given up. */
static void put_back(struct register_state *reg, struct mail *m, bool was_alone)
{
	m->state = MAIL_WAITING;
	reg->n_reading--;
	step_down(reg, m, was_alone);
}

/* A letter, or that memory was too short for one: then the mail goes one step down. */
static int take_answer(
	struct register_state *reg, struct mail *m, const char *type, int passed, struct fault *f)
{
	int r;

	if (strcmp(type, "failed") == 0) {
		put_back(reg, m, true);
		return 0;
	}
	if (strcmp(type, "letter") != 0)
		return fault_set(f, -EBADMSG, "parse has no record of that type");
	r = take_letter(m, passed, f);
	if (r == 0)
		mail_set_read(reg, m);
	return r;
}

/* Said once a life: each time it is said the reader has no deadline. */
static int take_ready(struct register_state *reg, struct fault *f)
{
	if (reg->parse_is_ready)
		return fault_set(f, -EBADMSG, "parse says again that it is ready");
	reg->parse_is_ready = true;
	answered(reg);
	return 0;
}

static int on_record(
	void *context, struct worker *worker, const json_t *record, int *passed, struct fault *f)
{
	struct register_state *reg = context;
	struct mail *m;
	int64_t id;
	int r;

	(void) worker;
	if (strcmp(channel_type(record), "ready") == 0)
		return take_ready(reg, f);
	r = channel_number(record, "id", 1, INT64_MAX, &id, f);
	if (r < 0)
		return r;
	m = find_reading(reg, id);
	if (!m)
		return fault_set(f, -EBADMSG, "a letter for a mail that was not given");
	r = take_answer(reg, m, channel_type(record), *passed, f);
	if (r == 0)
		answered(reg);
	return r;
}

static void on_started(void *context, struct worker *worker)
{
	struct register_state *reg = context;

	(void) worker; /* it has its time to start, and then says "ready" */
	reg->parse_given = 0;
	reg->parse_is_ready = false;
}

static void take_back(struct register_state *reg)
{
	bool was_alone = reg->n_reading == 1;
	struct mail *m;

	TAILQ_FOREACH(m, &reg->mails, entries)
	{
		if (m->state == MAIL_READING)
			put_back(reg, m, was_alone);
	}
	reg->parse_alone = has_suspects(reg);
}

static void on_ended(void *context, struct worker *worker, enum worker_end how, int signal)
{
	struct register_state *reg = context;

	if (how != WORKER_ENDED_ASKED)
		report_worker(reg, worker, how, signal, NULL);
	/* A mail did it, and goes down the ladder for it: the others need not wait. */
	if (reg->n_reading > 0)
		worker_forgive(worker);
	reg->parse_is_ready = false;
	take_back(reg);
	if (reg->phase == REGISTER_RELOADING || reg->phase == REGISTER_STOPPING) {
		register_check_finished(reg);
		return;
	}
	(void) worker_again(worker, 0, NULL); /* the timer of this worker is there */
}

static const struct worker_calls parse_calls = {
	.has_no_steps = true,
	.record = on_record,
	.started = on_started,
	.ended = on_ended,
};

int parse_new(struct register_state *reg, struct fault *f)
{
	return worker_new(reg->event, "parse", &parse_calls, reg, &reg->parse, f);
}
