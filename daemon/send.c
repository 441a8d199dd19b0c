/* send.c - the send role: between register's outbox and the SMTP server.
 *
 * Straight-line and blocking: it sleeps on the channel, delivers, answers. register watches the
 * time by the steps that are announced.
 *
 * Security: the one secret it holds is that of [smtp]. What the server says is bounded by smtp. */
/* SPDX-License-Identifier: MIT */
#include "daemon/send.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "adapters/channel.h"
#include "adapters/smtp.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/journal.h"

enum {
	DELIVER_MS = 11 * 60 * 1000, /* RFC 5321 s.4.5.3.2.6: ten minutes for the dot alone */
	IDLE_MS = 5 * 60 * 1000,     /* then the announcement is repeated */
	MARGIN_MS = 30 * 1000,	     /* for what is not the network: a loaded machine */
	MAIL_BYTES_MAX = 1024 * 1024,
	TEXT_MAX = 4096, /* of one member of a record */
};

struct send {
	int channel;	     /* borrowed */
	struct smtp *smtp;   /* owned; NULL: before "begin", or not to be opened */
	struct fault broken; /* why it could not be opened; told with each mail */
	bool begun;
	bool warm; /* a connection may be kept */
};

static const char *const outcome_words[] = {
	[SMTP_SENT] = "sent",
	[SMTP_DEFERRED] = "deferred",
	[SMTP_REFUSED] = "refused",
	[SMTP_AMBIGUOUS] = "ambiguous",
};

static int announce(const struct send *s, const char *what, int ms, struct fault *f)
{
	CLEANUP(channel_record_freep)
	json_t *record = json_pack("{s:s, s:s, s:i}", "type", "step", "what", what, "ms", ms);

	if (!record)
		return fault_set(f, -ENOMEM, "no memory for a record");
	return channel_send(s->channel, record, -1, f);
}

static int begin(struct send *s, const json_t *record, int passed, struct fault *f)
{
	struct smtp_params p = { .plaintext = json_is_true(json_object_get(record, "plaintext")) };
	int r = channel_text(record, "url", TEXT_MAX, &p.url, f);

	(void) passed; /* none is expected; the caller closes it */
	if (r == 0)
		r = channel_text(record, "user", TEXT_MAX, &p.user, f);
	if (r == 0)
		r = channel_text(record, "secret", TEXT_MAX, &p.secret, f);
	if (r == 0)
		r = channel_text(record, "ca_file", TEXT_MAX, &p.ca_file, f);
	if (r == 0)
		r = channel_text(record, "local_name", TEXT_MAX, &p.local_name, f);
	if (r < 0)
		return r;
	if (s->begun)
		return fault_set(f, -EBADMSG, "a second begin");
	s->begun = true;
	/* A url that will not do is register's to tell, with the mails that it holds up. */
	(void) smtp_open(&p, &s->smtp, &s->broken);
	return 0;
}

static json_t *verdict_record(int64_t id, const struct smtp_verdict *v)
{
	return json_pack("{s:s, s:I, s:s, s:i, s:s, s:s}", "type", "verdict", "id", (json_int_t) id,
		"outcome", outcome_words[v->outcome], "code", (int) v->code, "status", v->status,
		"reply", v->reply);
}

/* The mail is as it was, and the fault is the server's. Its "code" is a reply's, and there is none. */
static json_t *fault_record(int64_t id, const struct fault *fault)
{
	json_t *record = channel_fault_record("verdict", fault);
	CLEANUP(channel_record_freep)
	json_t *rest = json_pack("{s:I, s:s, s:i, s:s, s:s}", "id", (json_int_t) id, "outcome",
		outcome_words[SMTP_DEFERRED], "code", 0, "status", "", "reply", "");

	if (json_object_update(record, rest) < 0) {
		json_decref(record);
		return NULL;
	}
	return record;
}

/* @made is taken over. */
static int send_verdict(const struct send *s, json_t *made, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = made;

	if (!record)
		return fault_set(f, -ENOMEM, "no memory for a verdict");
	return channel_send(s->channel, record, -1, f);
}

static int deliver_mapped(struct send *s, int64_t id, const json_t *record,
	const struct sealed *mail, struct fault *f)
{
	struct fault fault = s->broken;
	struct smtp_verdict v;
	const char *from;
	const char *to = "";
	int r = channel_text(record, "from", TEXT_MAX, &from, f);

	if (r == 0)
		r = channel_text(record, "to", TEXT_MAX, &to, f);
	if (r == 0)
		r = announce(s, "deliver", DELIVER_MS + MARGIN_MS, f);
	if (r < 0)
		return r;
	if (!s->smtp)
		return send_verdict(s, fault_record(id, &fault), f);
	r = smtp_deliver(s->smtp, from, to, mail->bytes, mail->n, DELIVER_MS, &v, &fault);
	s->warm = true;
	return send_verdict(s, r < 0 ? fault_record(id, &fault) : verdict_record(id, &v), f);
}

static int deliver(struct send *s, const json_t *record, int passed, struct fault *f)
{
	struct sealed mail;
	int64_t id;
	int r = channel_number(record, "id", 0, INT64_MAX, &id, f);

	if (r < 0)
		return r;
	if (!s->begun)
		return fault_set(f, -EBADMSG, "a deliver before begin");
	r = sealed_map(passed, MAIL_BYTES_MAX, &mail, f);
	if (r < 0)
		return r;
	r = deliver_mapped(s, id, record, &mail, f);
	sealed_unmap(&mail);
	return r;
}

static const struct {
	const char *type;
	int (*take)(struct send *s, const json_t *record, int passed, struct fault *f);
} orders[] = {
	{ "begin", begin },
	{ "deliver", deliver },
};

static int obey(struct send *s, const json_t *record, int passed, struct fault *f)
{
	const char *type = channel_type(record);

	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
		if (strcmp(orders[i].type, type) == 0)
			return orders[i].take(s, record, passed, f);
	return fault_set(f, -EBADMSG, "a record of an unknown type");
}

/* Waits for an order at most @ms. Return: 1 there is one; 0 time is up; -EPIPE register has closed,
 * in which case orders that are still in the channel are not begun. */
static int wait_for_order(const struct send *s, int ms, struct fault *f)
{
	struct pollfd p = { .fd = s->channel, .events = POLLIN | POLLRDHUP };
	int n = poll(&p, 1, ms);

	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0)
		return fault_set(f, -errno, "cannot wait for orders: %s", strerror(errno));
	if (n == 0)
		return 0;
	return p.revents & (POLLRDHUP | POLLHUP | POLLERR) ? -EPIPE : 1;
}

static int take_order(struct send *s, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(closep) int passed = -1;
	int r = channel_receive(s->channel, &record, &passed, f);

	if (r == 0)
		return -EPIPE;
	return r < 0 ? r : obey(s, record, passed, f);
}

/* One order, or one wait without any. The server's patience with an idle connection is not
 * tried. */
static int turn(struct send *s, struct fault *f)
{
	int idle_ms = s->warm ? SEND_KEEP_SEC * 1000 : IDLE_MS;
	int r = wait_for_order(s, 0, f);

	if (r == 0)
		r = announce(s, "idle", idle_ms + MARGIN_MS, f);
	if (r == 0)
		r = wait_for_order(s, idle_ms, f);
	if (r < 0)
		return r;
	if (r == 1)
		return take_order(s, f);
	if (s->warm)
		smtp_rest(s->smtp);
	s->warm = false;
	return 0;
}

static void tell(const struct fault *fault)
{
	CLEANUP(journal_closep) struct journal *j = NULL;
	const struct journal_event e = {
		.kind = JOURNAL_UNEXPECTED, .role = "send", .fault = fault
	};

	if (journal_open(STDERR_FILENO, false, false, &j, NULL) == 0)
		journal_write(j, &e);
}

int send_main(int channel)
{
	struct send s = { .channel = channel };
	struct fault fault = { .text = "" };
	int r;

	do
		r = turn(&s, &fault);
	while (r >= 0);
	s.smtp = smtp_close(s.smtp);
	if (r == -EPIPE)
		return EXIT_SUCCESS;
	tell(&fault);
	return EXIT_FAILURE;
}
