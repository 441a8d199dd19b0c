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
#include "daemon/worker_spawn.h"

/* Waits until the channel can be read. Return: 0; -ETIMEDOUT. */
static int wait_readable(int channel)
{
	struct pollfd p = { .fd = channel, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, READER_SECONDS * 1000);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == 0 ? -ETIMEDOUT : 0;
}

static int take_answer(int channel, struct letter **ret, struct fault *f)
{
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(closep) int passed = -1;
	CLEANUP(sealed_unmap) struct sealed bytes = { 0 };
	int r = wait_readable(channel);

	if (r < 0)
		return fault_set(f, r, "the reader gives no answer");
	r = channel_receive(channel, &record, &passed, f);
	if (r == 0)
		return fault_set(f, -ENODATA, "the reader did not survive this mail");
	if (r < 0)
		return r;
	if (strcmp(channel_type(record), "letter") != 0)
		return fault_set(f, -ENODATA, "the reader could not read this mail");
	r = sealed_map(passed, LETTER_RECORD_MAX, &bytes, f);
	if (r < 0)
		return r;
	return letter_record_decode(bytes.bytes, bytes.n, ret, f);
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

static int read_once(int mail, bool truncated, struct letter **ret, struct fault *f)
{
	CLEANUP(closep) int channel = -1;
	pid_t pid;
	int r = worker_spawn("parse", &pid, &channel, f);

	if (r < 0)
		return r;
	r = ask(channel, mail, truncated, f);
	if (r == 0)
		r = take_answer(channel, ret, f);
	(void) kill(pid, SIGKILL); /* it has answered, or never will */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}

/* The mail cut behind its header, as a new memfd. */
static int cut_header(int mail)
{
	CLEANUP(sealed_unmap) struct sealed raw = { 0 };
	int r = sealed_map(mail, SIZE_MAX / 2, &raw, NULL);
	size_t n = 0;

	if (r < 0)
		return r;
	while (n + 1 < raw.n &&
		!(raw.bytes[n] == '\n' &&
			(raw.bytes[n + 1] == '\n' || (n + 2 < raw.n && raw.bytes[n + 1] == '\r' &&
							     raw.bytes[n + 2] == '\n'))))
		n++;
	return sealed_new("header", raw.bytes, n < raw.n ? n + 1 : raw.n);
}

int reader_read(int mail, bool truncated, struct letter **ret, struct fault *f)
{
	CLEANUP(closep) int header = -1;
	int r = read_once(mail, truncated, ret, f);

	if (r != -ENODATA && r != -ETIMEDOUT)
		return r;
	header = cut_header(mail);
	if (header < 0)
		return header;
	r = read_once(header, true, ret, f);
	return r == -ETIMEDOUT ? -ENODATA : r;
}
