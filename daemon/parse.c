/* parse.c - the parse role: reads mails behind a wall.
 *
 * Security: holds a stranger's mail, and no secret, file or socket but the channel. Whatever a mail
 * does to this process, register finds out by its death or by the clock. */
/* SPDX-License-Identifier: MIT */
#include "daemon/parse.h"

#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "adapters/channel.h"
#include "adapters/letter_record.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/wall.h"
#include "domain/letter.h"

enum {
	MAIL_MAX = 257 * 1024 * 1024, /* the most that mail_max may say, and a server's slack */
};

/* One request of register's. */
struct order {
	int64_t id;
	bool truncated;
	struct sealed mail;
};

/* Uses each library once, so that what they load late is loaded before the wall. */
static int warm_up(struct letter_reader *reader, struct fault *f)
{
	static const char mail[] =
		"From: a@example.org\r\nDate: Mon, 1 Jun 2026 10:00:00 +0100\r\n"
		"Content-Type: text/html; charset=iso-8859-15\r\n\r\n<p>warm&nbsp;up</p>\r\n";
	CLEANUP(letter_freep) struct letter *l = NULL;
	CLEANUP(freep) char *record = NULL;
	size_t n;
	int r = letter_parse(reader, mail, sizeof mail - 1, false, &l, f);

	if (r < 0)
		return r;
	return letter_record_encode(l, &record, &n);
}

static int prepare(struct letter_reader **ret, struct fault *f)
{
	CLEANUP(letter_reader_freep) struct letter_reader *reader = NULL;
	int r;

	/* "C": dates and numbers in mails have no language, and messages need no catalogue. */
	if (!setlocale(LC_ALL, "C"))
		return fault_set(f, -EINVAL, "the C locale cannot be set");
	tzset();
	json_object_seed(0); /* from the kernel: it would open /dev/urandom later */
	r = letter_reader_new(&reader, f);
	if (r == 0)
		r = warm_up(reader, f);
	if (r == 0)
		r = wall_raise(f);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(reader);
	return 0;
}

/* Takes a record apart. On success the mail is mapped. */
static int read_order(const json_t *record, int fd, struct order *ret, struct fault *f)
{
	const json_t *truncated = json_object_get(record, "truncated");
	int r = channel_number(record, "id", 0, INT64_MAX, &ret->id, f);

	if (r < 0)
		return r;
	if (strcmp(channel_type(record), "read") != 0 || !json_is_boolean(truncated) || fd < 0)
		return fault_set(f, -EBADMSG, "a record is no order to read a mail");
	ret->truncated = json_is_true(truncated);
	return sealed_map(fd, MAIL_MAX, &ret->mail, f);
}

static int send_ready(int channel, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = json_pack("{s:s}", "type", "ready");

	return record ? channel_send(channel, record, -1, f) : -ENOMEM;
}

static int send_failure(int channel, int64_t id, const struct fault *why, struct fault *f)
{
	CLEANUP(channel_record_freep)
	json_t *record = json_pack(
		"{s:s,s:I,s:s}", "type", "failed", "id", (json_int_t) id, "text", why->text);

	return record ? channel_send(channel, record, -1, f) : -ENOMEM;
}

static int send_letter(int channel, int64_t id, int fd, struct fault *f)
{
	CLEANUP(channel_record_freep)
	json_t *record = json_pack("{s:s,s:I}", "type", "letter", "id", (json_int_t) id);

	return record ? channel_send(channel, record, fd, f) : -ENOMEM;
}

/* The mail as a sealed record. Return: its descriptor; negative errno, -ENOMEM foremost. */
static int read_mail(struct letter_reader *reader, const struct order *order, struct fault *f)
{
	CLEANUP(letter_freep) struct letter *l = NULL;
	CLEANUP(freep) char *record = NULL;
	size_t n;
	int r = letter_parse(reader, order->mail.bytes, order->mail.n, order->truncated, &l, f);

	if (r < 0)
		return r;
	r = letter_record_encode(l, &record, &n);
	if (r == 0)
		r = sealed_new("letter", record, n);
	return r < 0 ? fault_set(f, r, "the letter cannot be handed over") : r;
}

static int answer(
	struct letter_reader *reader, int channel, const struct order *order, struct fault *f)
{
	CLEANUP(closep) int fd = read_mail(reader, order, f);

	if (fd < 0) {
		struct fault why = *f;

		return send_failure(channel, order->id, &why, f);
	}
	return send_letter(channel, order->id, fd, f);
}

/* Return: 1 an order was answered; 0 the channel is closed; negative errno. */
static int step(struct letter_reader *reader, int channel, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(closep) int fd = -1;
	struct order order = { 0 };
	int r = channel_receive(channel, &record, &fd, f);

	if (r <= 0)
		return r;
	r = read_order(record, fd, &order, f);
	if (r < 0)
		return r;
	r = answer(reader, channel, &order, f);
	sealed_unmap(&order.mail);
	return r < 0 ? r : 1;
}

int parse_main(int channel)
{
	CLEANUP(letter_reader_freep) struct letter_reader *reader = NULL;
	struct fault f = { 0 };
	int r = prepare(&reader, &f);

	if (r == 0)
		r = send_ready(channel, &f);
	if (r == 0)
		do
			r = step(reader, channel, &f);
		while (r > 0);
	if (r < 0 && r != -EPIPE)
		(void) fprintf(stderr, "<3>parse: %s\n", f.text); /* the exit status tells too */
	return r < 0 && r != -EPIPE ? EXIT_FAILURE : EXIT_SUCCESS;
}
