/* test_channel.c - records between processes, also from a peer that breaks the rules. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/sealed.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum {
	US,
	THEM,
};

static int set_up(void **state)
{
	int *ends = calloc(2, sizeof *ends);

	assert_non_null(ends);
	assert_int_equal(channel_pair(ends, NULL), 0);
	/* So that a test that waits for what never comes fails instead of hanging. */
	assert_int_equal(fcntl(ends[US], F_SETFL, O_NONBLOCK), 0);
	*state = ends;
	return 0;
}

static int tear_down(void **state)
{
	int *ends = *state;

	closep(&ends[US]);
	closep(&ends[THEM]);
	free(ends);
	return 0;
}

/* The lowest free descriptor: grows by one for each that leaks. */
static int lowest_free(void)
{
	int fd = fcntl(0, F_DUPFD_CLOEXEC, 0);

	assert_true(fd >= 0);
	closep(&fd);
	return fd;
}

/* What a peer that knows no rules writes: @n bytes with @n_fds copies of descriptor 0. */
static void write_raw(int end, const void *bytes, size_t n, size_t n_fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(16 * sizeof(int))];
	} control = { 0 };
	char copy[CHANNEL_RECORD_MAX + 1];
	struct iovec iov = { .iov_base = copy, .iov_len = n };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fds[16] = { 0 };

	assert_in_range(n, 0, sizeof copy);
	assert_in_range(n_fds, 0, COUNT(fds));
	memcpy(copy, bytes, n);
	if (n_fds > 0) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	assert_int_equal(sendmsg(end, &msg, MSG_NOSIGNAL), n);
}

static json_t *receive(int end, int *ret_passed)
{
	json_t *record = NULL;
	struct fault f = { 0 };

	*ret_passed = -1;
	if (channel_receive(end, &record, ret_passed, &f) != 1)
		fail_msg("%s", f.text);
	return record;
}

static void test_round_trip(void **state)
{
	const int *ends = *state;
	CLEANUP(channel_record_freep)
	json_t *sent = json_pack("{s:s, s:I, s:s}", "type", "mail", "uid", (json_int_t) UINT32_MAX,
		"text", "caf\xC3\xA9 \"quoted\"\n");
	CLEANUP(channel_record_freep) json_t *record = NULL;
	int passed;

	assert_non_null(sent);
	assert_int_equal(channel_send(ends[THEM], sent, -1, NULL), 0);
	record = receive(ends[US], &passed);
	assert_int_equal(passed, -1);
	assert_int_equal(json_equal(record, sent), 1);
	assert_string_equal(channel_type(record), "mail");
	channel_record_freep(&record);
	assert_null(record);
}

static void test_descriptor(void **state)
{
	const int *ends = *state;
	CLEANUP(channel_record_freep) json_t *sent = json_pack("{s:s}", "type", "mail");
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(closep) int fd = sealed_new("mail", "Subject: x\r\n", 12);
	CLEANUP(closep) int passed = -1;
	struct sealed s;

	assert_int_equal(channel_send(ends[THEM], sent, fd, NULL), 0);
	assert_int_equal(fcntl(fd, F_GETFD) >= 0, 1); /* it stays the sender's */
	record = receive(ends[US], &passed);
	assert_int_not_equal(passed, fd);
	assert_int_equal(fcntl(passed, F_GETFD), FD_CLOEXEC);
	assert_int_equal(sealed_map(passed, 100, &s, NULL), 0);
	assert_memory_equal(s.bytes, "Subject: x\r\n", 12);
	sealed_unmap(&s);
}

static void test_pair_is_closed_on_exec(void **state)
{
	const int *ends = *state;

	assert_int_equal(fcntl(ends[US], F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(ends[THEM], F_GETFD), FD_CLOEXEC);
}

static const struct {
	const char *why;
	const char *bytes;
	size_t n_fds;
	const char *text; /* of the fault */
} broken[] = {
	{ "no JSON", "mail", 0, "a record is no JSON" },
	{ "JSON with something behind it", "{\"type\":\"mail\"} {}", 0, "a record is no JSON" },
	{ "cut JSON", "{\"type\":\"mail\"", 0, "a record is no JSON" },
	{ "text that is no UTF-8", "{\"type\":\"caf\xE9\"}", 0, "a record is no JSON" },
	{ "a NUL in a text", "{\"type\":\"a\\u0000b\"}", 0, "a record is no JSON" },
	{ "one key twice, so that readers may differ", "{\"type\":\"a\",\"type\":\"b\"}", 0,
		"a record is no JSON" },
	{ "an array", "[\"type\", \"mail\"]", 0, "a record has no type" },
	{ "no type", "{\"uid\":7}", 0, "a record has no type" },
	{ "a type that is no text", "{\"type\":7}", 0, "a record has no type" },
	{ "two descriptors", "{\"type\":\"mail\"}", 2, "a record brought more than one" },
	{ "as many as there is room for", "{\"type\":\"mail\"}", 4,
		"a record brought more than one" },
	{ "more than there is room for", "{\"type\":\"mail\"}", 5,
		"a record brought more than one" },
	{ "a good descriptor with bad words", "{}", 1, "a record has no type" },
};

static void test_broken(void **state)
{
	const int *ends = *state;

	for (size_t i = 0; i < COUNT(broken); i++) {
		int before = lowest_free();
		json_t *record = NULL;
		int passed = -7;
		struct fault f = { 0 };

		print_message("%s\n", broken[i].why);
		write_raw(ends[THEM], broken[i].bytes, strlen(broken[i].bytes), broken[i].n_fds);
		assert_int_equal(channel_receive(ends[US], &record, &passed, &f), -EBADMSG);
		assert_int_equal(strncmp(f.text, broken[i].text, strlen(broken[i].text)), 0);
		assert_null(record);
		assert_int_equal(passed, -7);
		assert_int_equal(lowest_free(), before);
	}
}

/* jansson allows 2,048 levels; what is deeper must neither come in nor eat the stack. */
static void test_deep(void **state)
{
	static const char head[] = "{\"type\":\"mail\",\"x\":";
	const int *ends = *state;
	char bytes[CHANNEL_RECORD_MAX];
	json_t *record = NULL;
	int passed;

	memset(bytes, '[', sizeof bytes);
	memcpy(bytes, head, sizeof head - 1);
	write_raw(ends[THEM], bytes, sizeof bytes, 0);
	assert_int_equal(channel_receive(ends[US], &record, &passed, NULL), -EBADMSG);
	memset(bytes + sizeof head - 1 + 1000, ']', 1000);
	bytes[sizeof head - 1 + 2000] = '}';
	write_raw(ends[THEM], bytes, sizeof head - 1 + 2001, 0);
	record = receive(ends[US], &passed);
	channel_record_freep(&record);
}

/* A record whose compact text has exactly @n bytes. */
static json_t *record_of(size_t n)
{
	static char text[CHANNEL_RECORD_MAX + 1];
	size_t frame = strlen("{\"type\":\"\"}");

	memset(text, 'x', sizeof text);
	return json_pack("{s:s#}", "type", text, (int) (n - frame));
}

static void test_length(void **state)
{
	const int *ends = *state;
	CLEANUP(channel_record_freep) json_t *fits = record_of(CHANNEL_RECORD_MAX);
	CLEANUP(channel_record_freep) json_t *over = record_of(CHANNEL_RECORD_MAX + 1);
	CLEANUP(channel_record_freep) json_t *record = NULL;
	CLEANUP(freep) char *text = json_dumps(over, JSON_COMPACT);
	struct fault f = { 0 };
	int before;
	int passed;

	assert_int_equal(channel_send(ends[THEM], fits, -1, NULL), 0);
	record = receive(ends[US], &passed);
	assert_int_equal(json_equal(record, fits), 1);

	assert_int_equal(channel_send(ends[THEM], over, -1, &f), -EMSGSIZE);
	assert_string_equal(f.text, "a record of 65537 bytes is over the limit");

	/* And from a peer that does not care, with a descriptor that must not leak. */
	before = lowest_free();
	write_raw(ends[THEM], text, strlen(text), 1);
	channel_record_freep(&record);
	assert_int_equal(channel_receive(ends[US], &record, &passed, &f), -EBADMSG);
	assert_string_equal(f.text, "a record is over the limit");
	assert_int_equal(lowest_free(), before);
}

static void test_closed_peer(void **state)
{
	int *ends = *state;
	CLEANUP(channel_record_freep) json_t *sent = json_pack("{s:s}", "type", "last");
	CLEANUP(channel_record_freep) json_t *record = NULL;
	int passed;

	assert_int_equal(channel_send(ends[THEM], sent, -1, NULL), 0);
	closep(&ends[THEM]);
	ends[THEM] = -1;
	record = receive(ends[US], &passed); /* what was said before still comes */
	assert_int_equal(channel_receive(ends[US], &record, &passed, NULL), 0);
	/* Without a signal: SIGPIPE would end this test. */
	assert_int_equal(channel_send(ends[US], sent, -1, NULL), -EPIPE);
}

/* A peer that dies with unread records resets the connection; that is an end like another. */
static void test_reset(void **state)
{
	int *ends = *state;
	CLEANUP(channel_record_freep) json_t *sent = json_pack("{s:s}", "type", "unread");
	json_t *record = NULL;
	int passed;

	assert_int_equal(channel_send(ends[US], sent, -1, NULL), 0);
	closep(&ends[THEM]);
	ends[THEM] = -1;
	assert_int_equal(channel_receive(ends[US], &record, &passed, NULL), 0);
	assert_int_equal(channel_send(ends[US], sent, -1, NULL), -EPIPE);
}

static void test_nothing_there(void **state)
{
	const int *ends = *state;
	json_t *record = NULL;
	int passed;

	assert_int_equal(channel_receive(ends[US], &record, &passed, NULL), -EAGAIN);
}

static void test_peer_does_not_read(void **state)
{
	const int *ends = *state;
	CLEANUP(channel_record_freep) json_t *sent = record_of(CHANNEL_RECORD_MAX);
	size_t n = 0;
	int r;

	for (r = 0; r == 0 && n < 10000; n++)
		r = channel_send(ends[US], sent, -1, NULL);
	assert_int_equal(r, -EAGAIN);
	assert_in_range(n, 2, 9999);
}

static void test_bad_descriptor(void **state)
{
	const int *ends = *state;
	CLEANUP(channel_record_freep) json_t *sent = json_pack("{s:s}", "type", "mail");

	assert_int_equal(channel_send(ends[THEM], sent, 9999, NULL), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_descriptor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pair_is_closed_on_exec, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_broken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_deep, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_length, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_closed_peer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reset, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_peer_does_not_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_descriptor, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
