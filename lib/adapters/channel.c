/* channel.c - records between the processes of the daemon.
 *
 * Security: whatever is received was written by another process, which may have been taken over
 * through a mail or a server; see channel_receive(). */
/* SPDX-License-Identifier: MIT */
#include "adapters/channel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	DESCRIPTORS_MAX = 4, /* room to notice, and close, more than the one that is allowed */
};

int channel_pair(int ret_ends[static 2], struct fault *f)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_ends) < 0)
		return fault_set(f, -errno, "no socket pair for a worker: %s", strerror(errno));
	return 0;
}

static int send_bytes(int end, char *bytes, size_t n, int passed, struct fault *f)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = bytes, .iov_len = n };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (passed >= 0) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof control.bytes;
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &passed, sizeof passed);
	}
	while (sendmsg(end, &msg, MSG_NOSIGNAL) < 0) {
		int error = errno == ECONNRESET ? EPIPE : errno;

		if (error != EINTR)
			return fault_set(f, -error, "record not sent: %s", strerror(error));
	}
	return 0;
}

int channel_send(int end, const json_t *record, int passed, struct fault *f)
{
	CLEANUP(freep) char *text = json_dumps(record, JSON_COMPACT);
	size_t n;

	if (!text)
		return fault_set(f, -ENOMEM, "no memory for a record");
	n = strlen(text);
	if (n > CHANNEL_RECORD_MAX)
		return fault_set(f, -EMSGSIZE, "a record of %zu bytes is over the limit", n);
	return send_bytes(end, text, n, passed, f);
}

/* Keeps the only descriptor of @msg in @ret; closes all when there is more than one. */
static int take_descriptor(struct msghdr *msg, int *ret)
{
	int found[DESCRIPTORS_MAX];
	size_t n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(found, CMSG_DATA(c), n * sizeof(int));
	}
	if (n == 1 && !(msg->msg_flags & MSG_CTRUNC)) {
		*ret = found[0];
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		(void) close(found[i]); /* unwanted, nothing was written */
	*ret = -1;
	return n == 0 && !(msg->msg_flags & MSG_CTRUNC) ? 0 : -EBADMSG;
}

static ssize_t receive_bytes(int end, char *buf, size_t n, int *ret_passed, struct fault *f)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = n };
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes };
	ssize_t got;

	do
		got = recvmsg(end, &msg, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == ECONNRESET)
		return 0;
	if (got < 0)
		return fault_set(f, -errno, "record not received: %s", strerror(errno));
	if (take_descriptor(&msg, ret_passed) < 0)
		return fault_set(f, -EBADMSG, "a record brought more than one descriptor");
	if (msg.msg_flags & MSG_TRUNC) {
		closep(ret_passed);
		return fault_set(f, -EBADMSG, "a record is over the limit");
	}
	return got;
}

int channel_receive(int end, json_t **ret_record, int *ret_passed, struct fault *f)
{
	CLEANUP(closep) int passed = -1;
	CLEANUP(channel_record_freep) json_t *record = NULL;
	char buf[CHANNEL_RECORD_MAX]; /* on the heap it would cost more than the rest of this */
	json_error_t error;
	ssize_t n;

	n = receive_bytes(end, buf, sizeof buf, &passed, f);
	if (n <= 0)
		return (int) n;
	/* jansson itself bounds the depth (2,048) and refuses text that is no UTF-8. */
	record = json_loadb(buf, (size_t) n, JSON_REJECT_DUPLICATES, &error);
	if (!record)
		return fault_set(f, -EBADMSG, "a record is no JSON, in line %d", error.line);
	if (!json_is_object(record) || !json_is_string(json_object_get(record, "type")))
		return fault_set(f, -EBADMSG, "a record has no type");
	*ret_record = TAKE_PTR(record);
	*ret_passed = TAKE_FD(passed);
	return 1;
}

const char *channel_type(const json_t *record)
{
	return json_string_value(json_object_get(record, "type"));
}

int channel_text(
	const json_t *record, const char *key, size_t max, const char **ret, struct fault *f)
{
	const json_t *value = json_object_get(record, key);

	if (!json_is_string(value))
		return fault_set(
			f, -EBADMSG, "record %s has no text %s", channel_type(record), key);
	if (json_string_length(value) > max)
		return fault_set(f, -EBADMSG, "record %s: %s is over %zu bytes",
			channel_type(record), key, max);
	*ret = json_string_value(value);
	return 0;
}

int channel_number(const json_t *record, const char *key, int64_t min, int64_t max, int64_t *ret,
	struct fault *f)
{
	const json_t *value = json_object_get(record, key);
	int64_t n = json_integer_value(value);

	if (!json_is_integer(value))
		return fault_set(
			f, -EBADMSG, "record %s has no number %s", channel_type(record), key);
	if (n < min || n > max)
		return fault_set(f, -EBADMSG,
			"record %s: %s is not within %" PRId64 " and %" PRId64,
			channel_type(record), key, min, max);
	*ret = n;
	return 0;
}

json_t *channel_fault_record(const char *type, const struct fault *f)
{
	CLEANUP(freep) char *text = NULL;

	/* JSON takes UTF-8 only: a text cut within a character, or with a server's Latin-1 in it,
	 * would cost the whole record, and whoever waits for it would never be told. */
	if (text_one_line(f->text, sizeof f->text - 1, &text) < 0)
		return NULL;
	return json_pack("{s:s, s:i, s:s, s:b, s:s}", "type", type, "code", f->code, "kind",
		fault_kind_word(f->kind), "transient", (int) f->transient, "text", text);
}

int channel_fault(const json_t *record, struct fault *ret, struct fault *f)
{
	const char *kind = "";
	const char *text = "";
	int64_t code = 0;
	int r = channel_text(record, "kind", 32, &kind, f);

	if (r == 0)
		r = channel_text(record, "text", FAULT_TEXT_MAX - 1, &text, f);
	if (r == 0)
		r = channel_number(record, "code", -4095, 0, &code, f);
	if (r < 0)
		return r;
	(void) fault_set_kind(ret, fault_kind_of(kind), (int) code, "%s", text); /* code is kept */
	ret->transient = json_is_true(json_object_get(record, "transient"));
	return 0;
}

void channel_record_freep(json_t **record)
{
	json_decref(*record);
	*record = NULL;
}
