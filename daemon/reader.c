/* reader.c - reading one mail behind the wall, for a program that is not the daemon. */
/* SPDX-License-Identifier: MIT */
#include "daemon/reader.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/channel.h"
#include "adapters/letter_record.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/ladder.h"
#include "daemon/worker.h"
#include "daemon/worker_spawn.h"

/* Waits until the channel can be read. Return: 0; -ETIMEDOUT. */
static int wait_readable(int channel, uint64_t msec)
{
	struct pollfd p = { .fd = channel, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, (int) msec);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == 0 ? -ETIMEDOUT : 0;
}

/* The next record, that has to be of @type. @ret_passed: the caller's. */
static int take_record(
	int channel, uint64_t msec, const char *type, int *ret_passed, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = NULL;
	int r = wait_readable(channel, msec);

	if (r < 0)
		return fault_set(f, r, "the reader gives no answer");
	r = channel_receive(channel, &record, ret_passed, f);
	if (r == 0)
		return fault_set(f, -ENODATA, "the reader did not survive this mail");
	if (r < 0)
		return r;
	if (strcmp(channel_type(record), type) != 0)
		return fault_set(f, -ENODATA, "the reader could not read this mail");
	return 0;
}

static int take_letter(int channel, enum mail_share share, struct letter **ret, struct fault *f)
{
	CLEANUP(closep) int passed = -1;
	CLEANUP(sealed_unmap) struct sealed bytes = { 0 };
	int r = take_record(channel, ladder_msec(share), "letter", &passed, f);

	if (r == 0)
		r = sealed_map(passed, LETTER_RECORD_MAX, &bytes, f);
	return r < 0 ? r : letter_record_decode(bytes.bytes, bytes.n, ret, f);
}

static int ask(int channel, int mail, bool truncated, struct fault *f)
{
	CLEANUP(channel_record_freep)
	json_t *record =
		json_pack("{s:s, s:i, s:b}", "type", "read", "id", 1, "truncated", (int) truncated);

	if (!record)
		return fault_set(f, -ENOMEM, "no memory for a record");
	return channel_send(channel, record, mail, f);
}

/* Return: 0; -EIO there is no reader to be had: that tells nothing of the mail. */
static int await_reader(int channel, struct fault *f)
{
	CLEANUP(closep) int passed = -1;
	int r = take_record(channel, WORKER_START_MSEC, "ready", &passed, f);

	return r < 0 ? fault_set(f, -EIO, "the reader does not start") : 0;
}

static int read_once(
	int mail, bool truncated, enum mail_share share, struct letter **ret, struct fault *f)
{
	CLEANUP(closep) int channel = -1;
	pid_t pid;
	int r = worker_spawn("parse", &pid, &channel, f);

	if (r < 0)
		return r;
	r = await_reader(channel, f);
	if (r == 0)
		r = ask(channel, mail, truncated, f);
	if (r == 0)
		r = take_letter(channel, share, ret, f);
	(void) kill(pid, SIGKILL); /* it has answered, or never will */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}

static int read_header(int mail, bool truncated, struct letter **ret, struct fault *f)
{
	CLEANUP(sealed_unmap) struct sealed raw = { 0 };
	CLEANUP(closep) int header = -1;
	int r = sealed_map(mail, SIZE_MAX / 2, &raw, f);

	if (r < 0)
		return r;
	header = ladder_cut(&raw);
	if (header < 0)
		return fault_set(f, header, "no memory for a header");
	r = read_once(header, truncated, MAIL_HEADER_ONLY, ret, f);
	if (r == 0)
		ladder_mark(*ret);
	return r;
}

/* Whether the reader failed over the mail: by its death, its silence, or by what it says. */
static bool is_over_the_mail(int r)
{
	return r == -ENODATA || r == -ETIMEDOUT || r == -EBADMSG || r == -EMSGSIZE || r == -EPERM ||
	       r == -EPIPE;
}

int reader_read(int mail, bool truncated, struct letter **ret, struct fault *f)
{
	int r = -ENODATA;

	for (enum mail_share share = MAIL_WHOLE; share < MAIL_UNREADABLE; share++) {
		r = share == MAIL_HEADER_ONLY ? read_header(mail, truncated, ret, f)
					      : read_once(mail, truncated, share, ret, f);
		if (!is_over_the_mail(r))
			return r;
	}
	return fault_set(f, -ENODATA, "no reader survives this mail");
}
