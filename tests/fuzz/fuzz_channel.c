/* fuzz_channel.c - any bytes as a record from another process of the daemon.
 *
 * The first byte says what comes along: its last bits how many descriptors (0 to 3), the next bit
 * whether they are sealed. What stands before the first NUL is the record, what follows it is in
 * the descriptors. A record that is taken is an object of one type, is the same when it is sent on,
 * and gives only members that are within their bounds; no descriptor is ever left open. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/channel.h"
#include "adapters/letter_record.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "base/uidset.h"
#include "tests/fuzz/fuzz.h"

enum {
	DESCRIPTORS_MAX = 3,
	IS_SEALED = 4, /* bit of the first byte */
	TEXT_MAX = 64,
	NUMBER_MAX = 999,
};

static int ends[2];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	REQUIRE(channel_pair(ends, NULL) == 0);
	REQUIRE(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
	return 0;
}

/* The lowest descriptor that is free: the same before and after when none is left open. */
static int lowest_free(void)
{
	int fd = dup(ends[0]);

	REQUIRE(fd >= 0);
	(void) close(fd); /* only its number matters */
	return fd;
}

static int open_passed(const uint8_t *bytes, size_t n, bool is_sealed)
{
	int fd = is_sealed ? sealed_new("fuzz", bytes, n) : memfd_create("fuzz", MFD_CLOEXEC);

	REQUIRE(fd >= 0);
	if (!is_sealed)
		REQUIRE(write(fd, bytes, n) == (ssize_t) n);
	return fd;
}

/* As a process that was taken over would: whatever channel_send() would not. */
static void send_raw(const char *record, size_t n, const int *passed, size_t n_passed)
{
	struct iovec iov = { (void *) (uintptr_t) record, n };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
	} control = { .bytes = { 0 } };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (n_passed > 0) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(n_passed * sizeof *passed);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_passed * sizeof *passed);
		memcpy(CMSG_DATA(c), passed, n_passed * sizeof *passed);
	}
	REQUIRE(sendmsg(ends[0], &msg, 0) == (ssize_t) n);
}

/* Sent on by the rules, it comes as it went. */
static void carry(const json_t *record)
{
	CLEANUP(channel_record_freep) json_t *again = NULL;
	int passed = -1;
	int r = channel_send(ends[0], record, -1, NULL);

	/* Written anew it may be longer: "\u0001" for one byte. */
	REQUIRE(r == 0 || r == -EMSGSIZE);
	if (r < 0)
		return;
	REQUIRE(channel_receive(ends[1], &again, &passed, NULL) == 1);
	REQUIRE(passed == -1 && json_equal(again, record));
}

static void look_at_members(json_t *record)
{
	const char *key;
	json_t *value;

	json_object_foreach(record, key, value)
	{
		const char *text = NULL;
		int64_t number = -1;

		if (channel_text(record, key, TEXT_MAX, &text, NULL) == 0)
			REQUIRE(json_is_string(value) && strlen(text) <= TEXT_MAX);
		if (channel_number(record, key, 0, NUMBER_MAX, &number, NULL) == 0)
			REQUIRE(json_is_integer(value) && number >= 0 && number <= NUMBER_MAX);
	}
}

static void look_at_fault(const json_t *record)
{
	struct fault told = { 0 };
	struct fault again = { 0 };
	CLEANUP(channel_record_freep) json_t *copy = NULL;

	if (channel_fault(record, &told, NULL) < 0)
		return;
	copy = channel_fault_record("fault", &told);
	REQUIRE(copy && channel_fault(copy, &again, NULL) == 0);
	REQUIRE(again.code == told.code && again.kind == told.kind);
	REQUIRE(again.transient == told.transient && fuzz_is_one_line(again.text));
}

/* What register reads out of a memfd: a letter, or a set of UIDs. */
static void look_at_passed(int passed)
{
	CLEANUP(sealed_unmap) struct sealed s = { 0 };
	CLEANUP(letter_freep) struct letter *l = NULL;
	CLEANUP(uidset_done) struct uidset set = { 0 };

	if (sealed_map(passed, LETTER_RECORD_MAX, &s, NULL) < 0)
		return;
	REQUIRE(s.n <= LETTER_RECORD_MAX);
	(void) letter_record_decode(s.bytes, s.n, &l, NULL); /* either is fine: no harm is */
	(void) uidset_parse(s.bytes, s.n, &set);
}

static void take(size_t n_passed, bool is_sealed)
{
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(closep) int passed = -1;
	int r = channel_receive(ends[1], &record, &passed, NULL);

	REQUIRE(r == 1 || r == -EBADMSG || r == 0);
	REQUIRE(r == 1 || passed == -1);
	if (r != 1)
		return;
	REQUIRE(n_passed <= 1 && (passed >= 0) == (n_passed == 1));
	REQUIRE(json_is_object(record) && channel_type(record));
	look_at_members(record);
	look_at_fault(record);
	carry(record);
	if (passed >= 0 && !is_sealed) {
		struct sealed s = { 0 };

		REQUIRE(sealed_map(passed, LETTER_RECORD_MAX, &s, NULL) < 0);
	} else if (passed >= 0) {
		look_at_passed(passed);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	size_t n_passed = n > 0 ? bytes[0] % (DESCRIPTORS_MAX + 1) : 0;
	bool is_sealed = n > 0 && bytes[0] & IS_SEALED;
	const uint8_t *end = n > 0 ? memchr(bytes + 1, '\0', n - 1) : NULL;
	size_t length = n == 0 ? 0 : end ? (size_t) (end - bytes) - 1 : n - 1;
	size_t rest = end ? n - length - 2 : 0;
	int passed[DESCRIPTORS_MAX];
	int before;

	/* An empty packet is no record of a live peer: it reads as the end. */
	if (length == 0)
		return 0;
	before = lowest_free();
	for (size_t i = 0; i < n_passed; i++)
		passed[i] = open_passed(end ? end + 1 : bytes, rest, is_sealed);
	send_raw((const char *) bytes + 1, length, passed, n_passed);
	for (size_t i = 0; i < n_passed; i++)
		closep(&passed[i]);
	take(n_passed, is_sealed);
	REQUIRE(lowest_free() == before);
	return 0;
}
