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
#include "daemon/parse.h"
#include "daemon/register_internal.h"

enum {
	FAILED_TEXT_MAX = 512,
};

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
		return m;
	return NULL;
}

/* Bytes up to and including the empty line behind the header; all if there is none. */
static size_t header_bytes(const struct sealed *raw)
{
	for (size_t i = 0; i + 1 < raw->n; i++) {
		if (raw->bytes[i] != '\n')
			continue;
		if (raw->bytes[i + 1] == '\n')
			return i + 2;
		if (i + 2 < raw->n && raw->bytes[i + 1] == '\r' && raw->bytes[i + 2] == '\n')
			return i + 3;
	}
	return raw->n;
}

static int give(struct register_state *reg, struct mail *m)
{
	CLEANUP(closep) int header = -1;
	bool is_cut = m->share == MAIL_HEADER_ONLY;
	int r;

	if (is_cut)
		header = sealed_new("header", m->raw.bytes, header_bytes(&m->raw));
	if (is_cut && header < 0)
		return header;
	r = worker_send(reg->parse,
		json_pack("{s:s, s:I, s:b}", "type", "read", "id", (json_int_t) m->id, "truncated",
			(int) (m->is_truncated || is_cut)),
		is_cut ? header : m->memfd);
	if (r < 0)
		return r;
	m->state = MAIL_READING;
	reg->n_reading++;
	reg->parse_given++;
	return 0;
}

void parse_feed(struct register_state *reg)
{
	struct mail *m;

	if (!worker_is_taking(reg->parse))
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
			worker_expect(reg->parse, PARSE_SECONDS_A_MAIL * 1000);
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

static void answered(struct register_state *reg, struct mail *m)
{
	mail_set_read(reg, m);
	if (reg->parse_alone)
		reg->parse_alone = has_suspects(reg);
	if (reg->n_reading > 0)
		worker_expect(reg->parse, PARSE_SECONDS_A_MAIL * 1000);
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
		letter_add_warning(
			m->letter, "the body could not be read; open the mail in the mailbox");
	return r;
}

static int on_record(
	void *context, struct worker *worker, const json_t *record, int *passed, struct fault *f)
{
	struct register_state *reg = context;
	const char *type = channel_type(record);
	struct mail *m;
	int64_t id;
	int r = channel_number(record, "id", 1, INT64_MAX, &id, f);

	(void) worker;
	if (r < 0)
		return r;
	m = find_reading(reg, id);
	if (!m)
		return fault_set(f, -EBADMSG, "a letter for a mail that was not given");
	if (strcmp(type, "letter") == 0)
		r = take_letter(m, *passed, f);
	else if (strcmp(type, "failed") == 0)
		m->share = MAIL_UNREADABLE;
	else
		r = fault_set(f, -EBADMSG, "parse has no record of that type");
	if (r == 0)
		answered(reg, m);
	return r;
}

static void on_started(void *context, struct worker *worker)
{
	struct register_state *reg = context;

	reg->parse_given = 0;
	worker_expect_nothing(worker);
	parse_feed(reg);
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

static void take_back(struct register_state *reg)
{
	bool was_alone = reg->n_reading == 1;
	struct mail *m;

	TAILQ_FOREACH(m, &reg->mails, entries)
	{
		if (m->state != MAIL_READING)
			continue;
		m->state = MAIL_WAITING;
		reg->n_reading--;
		step_down(reg, m, was_alone);
	}
	reg->parse_alone = has_suspects(reg);
}

static void on_ended(void *context, struct worker *worker, enum worker_end how, int signal)
{
	struct register_state *reg = context;

	if (how != WORKER_ENDED_ASKED)
		report_worker(reg, worker, how, signal, NULL);
	take_back(reg);
	if (reg->phase == REGISTER_RELOADING || reg->phase == REGISTER_STOPPING) {
		register_check_finished(reg);
		return;
	}
	(void) worker_again(worker, 0, NULL); /* the timer of this worker is there */
}

static const struct worker_calls parse_calls = {
	.record = on_record,
	.started = on_started,
	.ended = on_ended,
};

int parse_new(struct register_state *reg, struct fault *f)
{
	return worker_new(reg->event, "parse", &parse_calls, reg, &reg->parse, f);
}
