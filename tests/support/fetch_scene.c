/* fetch_scene.c - a fetch process between a scripted server and a register played by the test. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/fetch_scene.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/fetch.h"
#include "daemon/worker.h"

enum {
	PATIENCE_MS = 30 * 1000,
};

static const char begin_text[] =
	"{\"type\":\"begin\",\"mailbox\":\"foi\",\"user\":\"\",\"auth\":\"none\",\"secret\":\"\","
	"\"ca_file\":\"\",\"folders\":[{\"name\":\"INBOX\",\"junk\":false}],"
	"\"sent_folder\":\"Sent\",\"after\":\"none\",\"after_argument\":\"\",\"poll_sec\":300,"
	"\"mail_bytes_max\":1000,\"once\":false,\"change\":true,\"plaintext\":true}";

static void start_fetch(struct fetch_scene *s)
{
	int ends[2];

	assert_int_equal(channel_pair(ends, NULL), 0);
	s->fetch = fork();
	assert_true(s->fetch >= 0);
	if (s->fetch == 0) {
		(void) prctl(PR_SET_PDEATHSIG, SIGKILL); /* dies with a test that dies */
		(void) close(ends[0]);
		_exit(fetch_main(ends[1]));
	}
	(void) close(ends[1]);
	s->channel = ends[0];
}

void fetch_scene_open(struct fetch_scene *s, const char *const *const *scripts, const char *changes)
{
	json_t *begin = json_loads(begin_text, 0, NULL);

	*s = (struct fetch_scene){ .passed = -1 };
	imap_script_start(&s->server, scripts);
	start_fetch(s);
	assert_non_null(begin);
	assert_int_equal(json_object_set_new(begin, "url", json_string(s->server.url)), 0);
	if (changes) {
		json_t *other = json_loads(changes, 0, NULL);

		assert_int_equal(json_object_update(begin, other), 0);
		json_decref(other);
	}
	assert_int_equal(channel_send(s->channel, begin, -1, NULL), 0);
	json_decref(begin);
}

void fetch_scene_drop(struct fetch_scene *s)
{
	json_decref(s->record);
	s->record = NULL;
	closep(&s->passed);
	s->passed = -1;
}

int64_t fetch_scene_number(const struct fetch_scene *s, const char *key)
{
	int64_t value = -1;

	assert_int_equal(channel_number(s->record, key, 0, INT64_MAX, &value, NULL), 0);
	return value;
}

const char *fetch_scene_take(struct fetch_scene *s)
{
	for (;;) {
		struct pollfd fd = { .fd = s->channel, .events = POLLIN };

		fetch_scene_drop(s);
		if (poll(&fd, 1, PATIENCE_MS) != 1)
			fail_msg("no record in time");
		if (channel_receive(s->channel, &s->record, &s->passed, NULL) != 1)
			fail_msg("fetch is gone");
		if (strcmp(channel_type(s->record), "step") != 0)
			return channel_type(s->record);
		assert_in_range(fetch_scene_number(s, "ms"), 1, WORKER_STEP_MSEC_MAX);
		if (!json_object_get(s->record, "set"))
			continue;
		assert_int_equal(fetch_scene_number(s, "internaldate"), 1777629600);
		assert_in_range(fetch_scene_number(s, "size"), 1, 100000000);
	}
}

void fetch_scene_expect(struct fetch_scene *s, const char *type)
{
	if (strcmp(fetch_scene_take(s), type) == 0)
		return;
	CLEANUP(freep) char *text = json_dumps(s->record, 0);
	fail_msg("expected %s, got %s", type, text);
}

void fetch_scene_expect_idle(struct fetch_scene *s)
{
	const char *what = "";

	while (strcmp(what, "waiting for mail") != 0) {
		fetch_scene_drop(s);
		assert_int_equal(channel_receive(s->channel, &s->record, &s->passed, NULL), 1);
		assert_string_equal(channel_type(s->record), "step");
		what = json_string_value(json_object_get(s->record, "what"));
	}
}

void fetch_scene_expect_set(struct fetch_scene *s, const char *type, const char *set)
{
	struct sealed bytes;

	fetch_scene_expect(s, type);
	assert_int_equal(sealed_map(s->passed, 1000000, &bytes, NULL), 0);
	assert_int_equal(bytes.n, strlen(set));
	assert_memory_equal(bytes.bytes, set, bytes.n);
	sealed_unmap(&bytes);
}

bool fetch_scene_is_set(const struct fetch_scene *s, const char *key)
{
	return json_is_true(json_object_get(s->record, key));
}

void fetch_scene_expect_mail(struct fetch_scene *s, int64_t uid, const char *text)
{
	struct sealed bytes;

	fetch_scene_expect(s, "mail");
	assert_int_equal(fetch_scene_number(s, "uid"), uid);
	assert_int_equal(sealed_map(s->passed, 1000000, &bytes, NULL), 0);
	assert_int_equal(bytes.n, strlen(text));
	assert_memory_equal(bytes.bytes, text, bytes.n);
	sealed_unmap(&bytes);
}

void fetch_scene_give(struct fetch_scene *s, json_t *record, int passed)
{
	assert_non_null(record);
	assert_int_equal(channel_send(s->channel, record, passed, NULL), 0);
	json_decref(record);
}

void fetch_scene_give_look(struct fetch_scene *s, const char *folder, int since)
{
	fetch_scene_give(s,
		json_pack("{s:s, s:s, s:i, s:i}", "type", "look", "folder", folder, "uidvalidity",
			7, "since", since),
		-1);
}

void fetch_scene_give_want(
	struct fetch_scene *s, const char *set, const char *careful, const char *header)
{
	CLEANUP(closep) int fd = sealed_new("want", set, strlen(set));

	assert_true(fd >= 0);
	fetch_scene_give(s,
		json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "want", "folder", "INBOX",
			"uidvalidity", 7, "careful", careful, "header_only", header),
		fd);
}

void fetch_scene_give_done(struct fetch_scene *s, const char *set)
{
	fetch_scene_give(s,
		json_pack("{s:s, s:s, s:i, s:s}", "type", "done", "folder", "INBOX", "uidvalidity",
			7, "set", set),
		-1);
}

void fetch_scene_close(struct fetch_scene *s)
{
	int status = -1;

	fetch_scene_drop(s);
	(void) close(s->channel);
	assert_int_equal(waitpid(s->fetch, &status, 0), s->fetch);
	assert_int_equal(status, 0);
	assert_int_equal(imap_script_end(&s->server), 0);
}

void fetch_scene_begin_cycle(struct fetch_scene *s, const char *seen, const char *want)
{
	fetch_scene_expect(s, "folder");
	assert_int_equal(fetch_scene_number(s, "uidvalidity"), 7);
	assert_int_equal(fetch_scene_number(s, "uidnext"), 100);
	fetch_scene_give_look(s, "INBOX", 0);
	fetch_scene_expect_set(s, "seen", seen);
	fetch_scene_give_want(s, want, "", "");
}
