/* test_fetch.c - the fetch role between a scripted server and a register played by the test. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
#include "tests/support/imap_script.h"

#define HELLO	       IMAP_SCRIPT_HELLO
#define SELECT(exists) IMAP_SCRIPT_SELECT(exists)
#define ALL(uids)      "C:UID SEARCH ALL", "S:* SEARCH " uids, "S:%t OK done"
#define SIZE(uid, size)                                                                            \
	"S:* 1 FETCH (UID " uid " INTERNALDATE \"01-May-2026 10:00:00 +0000\" RFC822.SIZE " size ")"
#define SIZES(uids)                                                                                \
	"C:UID FETCH " uids                                                                        \
	" (UID INTERNALDATE RFC822.SIZE BODY.PEEK[[]HEADER.FIELDS (MESSAGE-ID)]<0.512>)"
#define SIZES_ALONE(uids) "C:UID FETCH " uids " (UID INTERNALDATE RFC822.SIZE)"
#define NOOP		  "C:NOOP", "S:%t OK done"
#define IDLE		  "C:IDLE", "S:+ idling"
#define DONE		  "C-DONE", "S:%t OK done"
#define OK		  "S:%t OK done"

enum {
	PATIENCE_MS = 30 * 1000,
};

/* A fetch process, its server, and our end of the channel. */
struct scene {
	struct imap_script server;
	pid_t fetch;
	int channel;
	json_t *record; /* the last one taken */
	int passed;
};

static const char begin_text[] =
	"{\"type\":\"begin\",\"mailbox\":\"foi\",\"user\":\"\",\"auth\":\"none\",\"secret\":\"\","
	"\"ca_file\":\"\",\"folders\":[{\"name\":\"INBOX\",\"junk\":false}],"
	"\"sent_folder\":\"Sent\",\"after\":\"none\",\"after_argument\":\"\",\"poll_sec\":300,"
	"\"mail_bytes_max\":1000,\"once\":false,\"change\":true,\"plaintext\":true}";

static void start_fetch(struct scene *s)
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

/* @changes: members of "begin" that differ, JSON; NULL: none. */
static void open_scene(struct scene *s, const char *const *const *scripts, const char *changes)
{
	json_t *begin = json_loads(begin_text, 0, NULL);

	*s = (struct scene){ .passed = -1 };
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

static void drop(struct scene *s)
{
	json_decref(s->record);
	s->record = NULL;
	closep(&s->passed);
	s->passed = -1;
}

static int64_t number(const struct scene *s, const char *key)
{
	int64_t value = -1;

	assert_int_equal(channel_number(s->record, key, 0, INT64_MAX, &value, NULL), 0);
	return value;
}

/* Takes the next record that is no step; a step must announce a time that register believes. */
static const char *take(struct scene *s)
{
	for (;;) {
		struct pollfd fd = { .fd = s->channel, .events = POLLIN };

		drop(s);
		if (poll(&fd, 1, PATIENCE_MS) != 1)
			fail_msg("no record in time");
		if (channel_receive(s->channel, &s->record, &s->passed, NULL) != 1)
			fail_msg("fetch is gone");
		if (strcmp(channel_type(s->record), "step") != 0)
			return channel_type(s->record);
		assert_in_range(number(s, "ms"), 1, WORKER_STEP_MSEC_MAX);
		if (!json_object_get(s->record, "set"))
			continue;
		assert_int_equal(number(s, "internaldate"), 1777629600);
		assert_in_range(number(s, "size"), 1, 100000000);
	}
}

static void expect(struct scene *s, const char *type)
{
	if (strcmp(take(s), type) == 0)
		return;
	CLEANUP(freep) char *text = json_dumps(s->record, 0);
	fail_msg("expected %s, got %s", type, text);
}

/* Until fetch is about to wait for mail; then it gives IDLE, whatever we send. */
static void expect_idle(struct scene *s)
{
	const char *what = "";

	while (strcmp(what, "waiting for mail") != 0) {
		drop(s);
		assert_int_equal(channel_receive(s->channel, &s->record, &s->passed, NULL), 1);
		assert_string_equal(channel_type(s->record), "step");
		what = json_string_value(json_object_get(s->record, "what"));
	}
}

static void expect_set(struct scene *s, const char *type, const char *set)
{
	struct sealed bytes;

	expect(s, type);
	assert_int_equal(sealed_map(s->passed, 1000000, &bytes, NULL), 0);
	assert_int_equal(bytes.n, strlen(set));
	assert_memory_equal(bytes.bytes, set, bytes.n);
	sealed_unmap(&bytes);
}

static bool is_set(const struct scene *s, const char *key)
{
	return json_is_true(json_object_get(s->record, key));
}

static void expect_mail(struct scene *s, int64_t uid, const char *text)
{
	struct sealed bytes;

	expect(s, "mail");
	assert_int_equal(number(s, "uid"), uid);
	assert_int_equal(sealed_map(s->passed, 1000000, &bytes, NULL), 0);
	assert_int_equal(bytes.n, strlen(text));
	assert_memory_equal(bytes.bytes, text, bytes.n);
	sealed_unmap(&bytes);
}

static void give(struct scene *s, json_t *record, int passed)
{
	assert_non_null(record);
	assert_int_equal(channel_send(s->channel, record, passed, NULL), 0);
	json_decref(record);
}

static void give_look(struct scene *s, const char *folder, int since)
{
	give(s,
		json_pack("{s:s, s:s, s:i, s:i}", "type", "look", "folder", folder, "uidvalidity",
			7, "since", since),
		-1);
}

static void give_want(struct scene *s, const char *set, const char *careful, const char *header)
{
	CLEANUP(closep) int fd = sealed_new("want", set, strlen(set));

	assert_true(fd >= 0);
	give(s,
		json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "want", "folder", "INBOX",
			"uidvalidity", 7, "careful", careful, "header_only", header),
		fd);
}

static void give_done(struct scene *s, const char *set)
{
	give(s,
		json_pack("{s:s, s:s, s:i, s:s}", "type", "done", "folder", "INBOX", "uidvalidity",
			7, "set", set),
		-1);
}

/* Hangs up, as register does; fetch must follow at once, and the server be content. */
static void close_scene(struct scene *s)
{
	int status = -1;

	drop(s);
	(void) close(s->channel);
	assert_int_equal(waitpid(s->fetch, &status, 0), s->fetch);
	assert_int_equal(status, 0);
	assert_int_equal(imap_script_end(&s->server), 0);
}

/* Up to the answer to the first "seen". */
static void begin_cycle(struct scene *s, const char *seen, const char *want)
{
	expect(s, "folder");
	assert_int_equal(number(s, "uidvalidity"), 7);
	assert_int_equal(number(s, "uidnext"), 100);
	give_look(s, "INBOX", 0);
	expect_set(s, "seen", seen);
	give_want(s, want, "", "");
}

/* ---- the happy path ---------------------------------------------------------------------------- */

/* SEARCH goes by days: UID 3 came an hour before the instant that is asked for. */
static void test_backlog_then_new_mail(void **state)
{
	static const char *const script[] = { HELLO, SELECT("2"), "C:UID SEARCH SINCE 30-Apr-2026",
		"S:* SEARCH 3 5", OK, "C:UID SEARCH SINCE 3-May-2026", "S:* SEARCH 5", OK,
		SIZES_ALONE("3"),
		"S:* 1 FETCH (UID 3 INTERNALDATE \"01-May-2026 08:00:00 +0000\" RFC822.SIZE 4)", OK,
		ALL("3 5"), SIZES("5"), SIZE("5", "4"), OK, "C:UID FETCH 5 (UID BODY.PEEK[[]])",
		"S-* 2 FETCH (UID 5 BODY[] {4}\r\nfive)\r\n", OK, IDLE, "G:", "S:* 3 EXISTS", DONE,
		"C:UID SEARCH ALL", "S:* SEARCH 3 5 9", OK, SIZES("9"), SIZE("9", "4"), OK,
		"C:UID FETCH 9 (UID BODY.PEEK[[]])", "S-* 3 FETCH (UID 9 BODY[] {4}\r\nnine)\r\n",
		OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	expect(&s, "folder");
	give_look(&s, "INBOX", 1777626000);
	expect_set(&s, "backlog", "5");
	expect_set(&s, "seen", "3,5");
	assert_true(is_set(&s, "full"));
	assert_int_equal(number(&s, "exists"), 2);
	give_want(&s, "5", "", "");
	expect_mail(&s, 5, "five");
	assert_int_equal(number(&s, "heard_us"), 0);
	assert_int_equal(number(&s, "internaldate"), 1777629600);
	assert_int_equal(number(&s, "size"), 4);
	assert_false(is_set(&s, "truncated"));
	expect(&s, "cycle");
	imap_script_open_gate(&s.server);
	expect_set(&s, "seen", "3,5,9");
	give_want(&s, "9", "", "");
	expect_mail(&s, 9, "nine");
	assert_true(number(&s, "heard_us") > 0);
	expect(&s, "cycle");
	close_scene(&s);
}

/* Dovecot does this: the mail that came meanwhile is counted, and never told of again. */
static void test_mail_during_the_search(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), "C:UID SEARCH ALL",
		"S:* SEARCH 3", "S:* 2 EXISTS", OK, ALL("3 4"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	begin_cycle(&s, "3:4", "");
	assert_int_equal(number(&s, "exists"), 2);
	expect(&s, "cycle");
	close_scene(&s);
}

static void test_long_gone_and_refused(void **state)
{
	static const char *const rest[] = { HELLO, SELECT("4"), ALL("1 2 3 4"), SIZES("1:4"),
		SIZE("1", "4"), SIZE("2", "5000"), SIZE("4", "4"), OK,
		"C:UID FETCH 1 (UID BODY.PEEK[[]])", "S-* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\n",
		OK, "C:UID FETCH 2 (UID BODY.PEEK[[]]<0.1000>)",
		"S-* 2 FETCH (UID 2 BODY[]<0> {3}\r\ntwo)\r\n", OK,
		"C:UID FETCH 4 (UID BODY.PEEK[[]])", "S:%t NO broken", NOOP, SIZES_ALONE("4"),
		SIZE("4", "4"), OK, "H:", NULL };
	const char *const *const scripts[] = { rest, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	begin_cycle(&s, "1:4", "1:4");
	expect(&s, "gone");
	assert_int_equal(number(&s, "uid"), 3);
	expect_mail(&s, 1, "one");
	expect_mail(&s, 2, "two");
	assert_true(is_set(&s, "truncated"));
	assert_int_equal(number(&s, "size"), 5000);
	expect(&s, "refused");
	assert_int_equal(number(&s, "uid"), 4);
	expect(&s, "cycle");
	close_scene(&s);
}

/* Mails that killed the process are taken alone, and only in part. */
static void test_careful(void **state)
{
	static const char *const script[] = { HELLO, SELECT("3"), ALL("1 2 3"), SIZES("1"),
		SIZE("1", "4"), OK, "C:UID FETCH 1 (UID BODY.PEEK[[]])",
		"S-* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\n", OK, SIZES("2"), SIZE("2", "4"), OK,
		"C:UID FETCH 2 (UID BODY.PEEK[[]])", "S-* 1 FETCH (UID 2 BODY[] {3}\r\ntwo)\r\n",
		OK, SIZES("3"), SIZE("3", "4"), OK,
		"C:UID FETCH 3 (UID BODY.PEEK[[]HEADER]<0.65536>)",
		"S-* 1 FETCH (UID 3 BODY[HEADER]<0> {5}\r\nthree)\r\n", OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	expect(&s, "folder");
	give_look(&s, "INBOX", 0);
	expect_set(&s, "seen", "1:3");
	give_want(&s, "1:3", "2", "3");
	expect_mail(&s, 1, "one");
	expect_mail(&s, 2, "two");
	assert_false(is_set(&s, "truncated"));
	expect_mail(&s, 3, "three");
	assert_true(is_set(&s, "truncated"));
	expect(&s, "cycle");
	close_scene(&s);
}

/* ---- what IDLE does not tell --------------------------------------------------------------------- */

/* RFC 2177: a server may hang up after 30 minutes, whatever the configuration says. */
static void test_idle_is_renewed(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), IDLE, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, "{\"poll_sec\":86400}");
	begin_cycle(&s, "1", "");
	expect(&s, "cycle");
	expect_idle(&s);
	assert_in_range(number(&s, "ms"), 28 * 60 * 1000, 32 * 60 * 1000);
	close_scene(&s);
}

/* IDLE that has died without a sign: the next look finds what it did not tell. */
static void test_poll_finds_what_idle_missed(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), IDLE, DONE, SELECT("2"),
		ALL("1 9"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, "{\"poll_sec\":1}");
	begin_cycle(&s, "1", "");
	expect(&s, "cycle");
	begin_cycle(&s, "1,9", "");
	expect(&s, "cycle");
	close_scene(&s);
}

/* The folder was deleted and made again under its name, and the session does not tell. */
static void test_poll_finds_a_folder_made_anew(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), IDLE, DONE,
		"C:SELECT \"INBOX\"", "S:* 1 EXISTS", "S:* OK [UIDVALIDITY 8] ok", OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, "{\"poll_sec\":1}");
	begin_cycle(&s, "1", "");
	expect(&s, "cycle");
	expect(&s, "folder");
	assert_int_equal(number(&s, "uidvalidity"), 8);
	close_scene(&s);
}

static void give_known(struct scene *s, int64_t internaldate, int size)
{
	CLEANUP(closep) int fd = sealed_new("want", "4", 1);

	assert_true(fd >= 0);
	give(s,
		json_pack("{s:s, s:s, s:i, s:[{s:i, s:I, s:i}]}", "type", "want", "folder", "INBOX",
			"uidvalidity", 7, "known", "uid", 3, "internaldate",
			(json_int_t) internaldate, "size", size),
		fd);
}

#define KNOWN SELECT("2"), ALL("3 4"), SIZES_ALONE("3"), SIZE("3", "40"), OK
#define BRINGS                                                                                     \
	SIZES("4"), SIZE("4", "4"), OK, "C:UID FETCH 4 (UID BODY.PEEK[[]])",                       \
		"S-* 2 FETCH (UID 4 BODY[] {4}\r\nfour)\r\n", OK

static const struct {
	const char *reason;
	int64_t internaldate; /* of UID 3, when it was taken */
	int size;
	bool is_another;
} known_rows[] = {
	{ "the same", 1777629600, 40, false },
	{ "an hour later: a server that does not know its zone", 1777626000, 40, false },
	{ "a size that was guessed", 1777629600, 41, false },
	{ "another mail", 1777626000, 41, true },
};

/* A server that was restored from a backup gives its UIDs away a second time. */
static void test_uids_given_away_twice(void **state)
{
	static const char *const same[] = { HELLO, KNOWN, BRINGS, "H:", NULL };
	static const char *const another[] = { HELLO, KNOWN, SELECT("2"), ALL("3 4"), "H:", NULL };

	(void) state;
	for (size_t k = 0; k < sizeof known_rows / sizeof known_rows[0]; k++) {
		const char *const *const scripts[] = { known_rows[k].is_another ? another : same,
			NULL };
		struct scene s;

		print_message("%s\n", known_rows[k].reason);
		open_scene(&s, scripts, NULL);
		expect(&s, "folder");
		give_look(&s, "INBOX", 0);
		expect_set(&s, "seen", "3:4");
		give_known(&s, known_rows[k].internaldate, known_rows[k].size);
		if (known_rows[k].is_another) {
			expect(&s, "reused");
			begin_cycle(&s, "3:4", "");
		} else {
			expect_mail(&s, 4, "four");
		}
		expect(&s, "cycle");
		close_scene(&s);
	}
}

/* ---- mails that vanish ------------------------------------------------------------------------- */

#define SIZE_ID(uid, id)                                                                           \
	"S-* 1 FETCH (UID " uid " INTERNALDATE \"01-May-2026 10:00:00 +0000\" RFC822.SIZE 4 "      \
	"BODY[HEADER.FIELDS (MESSAGE-ID)]<0> {28}\r\nMessage-ID: " id "\r\n\r\n)\r\n"
#define VANISHES(uid) "C:UID FETCH " uid " (UID BODY.PEEK[[]])", OK, NOOP, SIZES_ALONE(uid), OK
#define GLANCE(name)                                                                               \
	"C:EXAMINE \"" name "\"", "S:* 9 EXISTS", "S:* OK [UIDVALIDITY 3] ok",                     \
		"S:%t OK [READ-ONLY] done"
#define SEEK(id) "C:UID SEARCH SINCE 30-Apr-2026 HEADER MESSAGE-ID \"" id "\""

/* A person moved it in the moment between two commands; somebody's reply quotes its Message-ID. */
static void test_moved_away_is_found(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("4"), SIZES("4"),
		SIZE_ID("4", "<four@a.org>"), OK, VANISHES("4"), "C:LIST \"\" \"[*]\"",
		"S:* LIST (\\HasNoChildren) \"/\" inbox", "S:* LIST (\\Noselect) \"/\" Shelf",
		"S:* LIST () \"/\" Locked", "S:* LIST () \"/\" \"Re&AOk-us \\\"1\\\"\"",
		"S:* LIST () \"/\" Done", "S:* LIST () \"/\" Later", OK, "C:EXAMINE \"Locked\"",
		"S:%t NO [NOPERM] no", GLANCE("Re&AOk-us \\\"1\\\""), SEEK("<four@a.org>"),
		"S:* SEARCH 70", OK, SIZES("70"), SIZE_ID("70", "<five@a.org>"), OK, GLANCE("Done"),
		SEEK("<four@a.org>"), "S:* SEARCH 80", OK, SIZES("80"),
		SIZE_ID("80", "<four@a.org>"), OK, "C:UID FETCH 80 (UID BODY.PEEK[[]])",
		"S-* 9 FETCH (UID 80 BODY[] {4}\r\nfour)\r\n", OK, SELECT("0"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	begin_cycle(&s, "4", "4");
	expect_mail(&s, 4, "four");
	assert_string_equal(json_string_value(json_object_get(s.record, "folder")), "INBOX");
	assert_int_equal(number(&s, "uidvalidity"), 7);
	expect(&s, "cycle");
	close_scene(&s);
}

static void test_deleted_is_gone(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("4"), SIZES("4"),
		SIZE_ID("4", "<four@a.org>"), OK, VANISHES("4"), "C:LIST \"\" \"[*]\"",
		"S:* LIST () \"/\" INBOX", "S:* LIST () \"/\" Trash", OK, GLANCE("Trash"),
		SEEK("<four@a.org>"), "S:* SEARCH", OK, SELECT("0"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	begin_cycle(&s, "4", "4");
	expect(&s, "gone");
	assert_int_equal(number(&s, "uid"), 4);
	assert_int_equal(number(&s, "internaldate"), 1777629600);
	assert_int_equal(number(&s, "size"), 4);
	expect(&s, "cycle");
	close_scene(&s);
}

/* A Message-ID that would end the quotes of a command is none. */
static void test_odd_id_is_not_sought(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("4"), SIZES("4"),
		SIZE_ID("4", "<\"our@a.org>"), OK, VANISHES("4"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	begin_cycle(&s, "4", "4");
	expect(&s, "gone");
	expect(&s, "cycle");
	close_scene(&s);
}

/* Servers that cannot be asked for Message-IDs: mails come all the same. */
static void test_no_ids(void **state)
{
	static const char *const refusing[] = { HELLO, SELECT("1"), ALL("4"), SIZES("4"),
		"S:%t NO no such section", SIZES_ALONE("4"), SIZE("4", "4"), OK,
		"C:UID FETCH 4 (UID BODY.PEEK[[]])", "S-* 2 FETCH (UID 4 BODY[] {4}\r\nfour)\r\n",
		OK, "H:", NULL };
	static const char *const endless[] = { HELLO, SELECT("1"), ALL("4"), SIZES("4"),
		"S-* 1 FETCH (UID 4 BODY[HEADER.FIELDS (MESSAGE-ID)] {100000}\r\n", "H:", NULL };
	static const char *const after[] = { HELLO, SELECT("1"), ALL("4"), SIZES_ALONE("4"),
		SIZE("4", "4"), OK, "C:UID FETCH 4 (UID BODY.PEEK[[]])",
		"S-* 2 FETCH (UID 4 BODY[] {4}\r\nfour)\r\n", OK, "H:", NULL };
	const char *const *const one[] = { refusing, NULL };
	const char *const *const two[] = { endless, after, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, one, NULL);
	begin_cycle(&s, "4", "4");
	expect_mail(&s, 4, "four");
	expect(&s, "cycle");
	close_scene(&s);
	open_scene(&s, two, NULL);
	begin_cycle(&s, "4", "4");
	expect(&s, "fault");
	begin_cycle(&s, "4", "4");
	expect_mail(&s, 4, "four");
	close_scene(&s);
}

/* ---- telling, filing ------------------------------------------------------------------------------ */

static void test_tell_and_append_while_idle(void **state)
{
	static const char *const script[] = { HELLO, SELECT("2"), ALL("1 2"), IDLE, DONE,
		"C:UID STORE 1:2 +FLAGS.SILENT ($FoiCase)", OK, IDLE, DONE,
		"C:APPEND \"Sent\" (\\Seen) {4}", "S:+ go", "B:", OK, IDLE, DONE, "C:UID STORE 2*",
		"S:%t NO [CANNOT] no", "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	CLEANUP(closep) int copy = sealed_new("copy", "copy", 4);
	struct scene s;

	(void) state;
	open_scene(&s, scripts, "{\"after\":\"keyword\",\"after_argument\":\"$FoiCase\"}");
	begin_cycle(&s, "1:2", "");
	expect(&s, "cycle");
	expect_idle(&s);
	give_done(&s, "1:2");
	expect(&s, "told");
	assert_string_equal(json_string_value(json_object_get(s.record, "set")), "1:2");
	expect_idle(&s);
	give(&s, json_pack("{s:s, s:i}", "type", "append", "id", 12), copy);
	expect(&s, "appended");
	assert_int_equal(number(&s, "id"), 12);
	expect_idle(&s);
	give_done(&s, "2");
	expect(&s, "untold");
	assert_string_equal(json_string_value(json_object_get(s.record, "set")), "2");
	close_scene(&s);
}

/* A server that has no time for our keywords: the next folder is looked at all the same. */
static void test_busy_to_be_told(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), "C:SELECT \"Junk\"",
		"S:* 0 EXISTS", "S:* OK [UIDVALIDITY 7] ok", "S:* OK [UIDNEXT 100] ok", OK,
		"C:UID SEARCH ALL", "S:* SEARCH", OK, SELECT("1"), "C:UID SEARCH ALL",
		"S:* SEARCH 1", OK, "C:UID STORE 1 +FLAGS.SILENT ($FoiCase)",
		"S:%t NO [LIMIT] slower", "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts,
		"{\"after\":\"keyword\",\"after_argument\":\"$FoiCase\",\"folders\":["
		"{\"name\":\"INBOX\"},{\"name\":\"Junk\",\"junk\":true}]}");
	begin_cycle(&s, "1", "");
	expect(&s, "cycle");
	give_done(&s, "1");
	expect(&s, "folder");
	give_look(&s, "Junk", 0);
	expect_set(&s, "seen", "");
	{
		CLEANUP(closep) int fd = sealed_new("want", "", 0);

		give(&s,
			json_pack("{s:s, s:s, s:i}", "type", "want", "folder", "Junk",
				"uidvalidity", 7),
			fd);
	}
	expect(&s, "cycle");
	begin_cycle(&s, "1", "");
	expect(&s, "untold");
	assert_string_equal(json_string_value(json_object_get(s.record, "kind")), "network");
	expect(&s, "cycle");
	expect_idle(&s);
	close_scene(&s);
}

static void test_observe_changes_nothing(void **state)
{
	static const char *const script[] = { HELLO, "C:EXAMINE \"INBOX\"", "S:* 2 EXISTS",
		"S:* OK [UIDVALIDITY 7] ok", "S:* OK [UIDNEXT 100] ok", "S:%t OK [READ-ONLY] done",
		ALL("1 2"), IDLE, DONE, IDLE, DONE, IDLE, DONE, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	CLEANUP(closep) int copy = sealed_new("copy", "copy", 4);
	struct scene s;

	(void) state;
	open_scene(
		&s, scripts, "{\"after\":\"move\",\"after_argument\":\"Done\",\"change\":false}");
	begin_cycle(&s, "1:2", "");
	expect(&s, "cycle");
	expect_idle(&s);
	give(&s, json_pack("{s:s, s:i}", "type", "append", "id", 12), copy);
	expect(&s, "unfiled");
	expect_idle(&s);
	give_done(&s, "1:2");
	expect_idle(&s);
	give(&s, json_pack("{s:s, s:i}", "type", "append", "id", 13), copy);
	expect(&s, "unfiled");
	close_scene(&s);
}

static void test_once(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), SIZES("1"),
		SIZE("1", "4"), OK, "C:UID FETCH 1 (UID BODY.PEEK[[]])",
		"S-* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\n", OK, "C:UID MOVE 1 \"Done\"",
		"S:* 1 EXPUNGE", OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, "{\"after\":\"move\",\"after_argument\":\"Done\",\"once\":true}");
	begin_cycle(&s, "1", "1");
	expect_mail(&s, 1, "one");
	expect(&s, "cycle");
	give_done(&s, "1");
	expect(&s, "told");
	expect(&s, "finished");
	close_scene(&s);
}

/* ---- credit ---------------------------------------------------------------------------------------- */

/* The answer to a FETCH of UIDs first to last, as one text for the script. */
static char *make_answer(unsigned first, unsigned last, const char *format)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	assert_non_null(to);
	(void) fputs("S-", to);
	for (unsigned uid = first; uid <= last; uid++)
		(void) fprintf(to,
			strcmp(format, "size") == 0
				? "* 1 FETCH (UID %u INTERNALDATE \"01-May-2026 10:00:00 +0000\" "
				  "RFC822.SIZE 2)\r\n"
				: "* 1 FETCH (UID %u BODY[] {2}\r\nhi)\r\n",
			uid);
	(void) fclose(to);
	return text;
}

static char *make_list(unsigned last)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	assert_non_null(to);
	(void) fputs("S:* SEARCH", to);
	for (unsigned uid = 1; uid <= last; uid++)
		(void) fprintf(to, " %u", uid);
	(void) fclose(to);
	return text;
}

static void test_credit(void **state)
{
	CLEANUP(freep) char *list = make_list(80);
	CLEANUP(freep) char *sizes = make_answer(1, 64, "size");
	CLEANUP(freep) char *bodies = make_answer(1, 64, "body");
	CLEANUP(freep) char *more_sizes = make_answer(65, 80, "size");
	CLEANUP(freep) char *more_bodies = make_answer(65, 80, "body");
	const char *const script[] = { HELLO, SELECT("80"), "C:UID SEARCH ALL", list, OK,
		SIZES("1:64"), sizes, OK, "C:UID FETCH 1:64 (UID BODY.PEEK[[]])", bodies, OK,
		SIZES("65:80"), more_sizes, OK, "C:UID FETCH 65:80 (UID BODY.PEEK[[]])",
		more_bodies, OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct pollfd quiet;
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	begin_cycle(&s, "1:80", "1:80");
	for (int64_t uid = 1; uid <= FETCH_CREDIT; uid++)
		expect_mail(&s, uid, "hi");
	give_done(&s, "1:15"); /* too little for a batch */
	quiet = (struct pollfd){ .fd = s.channel, .events = POLLIN };
	while (poll(&quiet, 1, 200) == 1) {
		drop(&s);
		assert_int_equal(channel_receive(s.channel, &s.record, &s.passed, NULL), 1);
		assert_string_equal(channel_type(s.record), "step");
	}
	give_done(&s, "16:64");
	for (int64_t uid = 65; uid <= 80; uid++)
		expect_mail(&s, uid, "hi");
	expect(&s, "cycle");
	close_scene(&s);
}

/* ---- several folders, other trouble --------------------------------------------------------------------- */

#define OPEN(name, exists)                                                                         \
	"C:SELECT \"" name "\"", "S:* " exists " EXISTS", "S:* OK [UIDVALIDITY 7] ok",             \
		"S:* OK [UIDNEXT 100] ok", "S:%t OK done"

static void look_at(struct scene *s, const char *folder, const char *seen)
{
	CLEANUP(closep) int fd = sealed_new("want", "", 0);

	expect(s, "folder");
	assert_string_equal(json_string_value(json_object_get(s->record, "folder")), folder);
	give_look(s, folder, 0);
	expect_set(s, "seen", seen);
	give(s, json_pack("{s:s, s:s, s:i}", "type", "want", "folder", folder, "uidvalidity", 7),
		fd);
	expect(s, "cycle");
}

static void test_folders(void **state)
{
	static const char *const script[] = { HELLO, OPEN("INBOX", "1"), ALL("1"),
		"C:SELECT \"Gone\"", "S:%t NO [NONEXISTENT] no", OPEN("Junk", "1"), ALL("5"),
		OPEN("INBOX", "1"), "C:UID SEARCH ALL", "S:* SEARCH 1", OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts,
		"{\"folders\":[{\"name\":\"INBOX\",\"junk\":false},{\"name\":\"Gone\"},"
		"{\"name\":\"Junk\",\"junk\":true}]}");
	look_at(&s, "INBOX", "1");
	expect(&s, "fault");
	assert_string_equal(json_string_value(json_object_get(s.record, "folder")), "Gone");
	assert_string_equal(json_string_value(json_object_get(s.record, "kind")), "missing");
	look_at(&s, "Junk", "5");
	look_at(&s, "INBOX", "1");
	close_scene(&s);
}

/* Without a connection every append is answered, and the end of the channel is no less the end. */
static void test_back_off(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), "C:UID SEARCH ALL", "X:", NULL };
	const char *const *const scripts[] = { script, NULL };
	CLEANUP(closep) int copy = sealed_new("copy", "copy", 4);
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	expect(&s, "folder");
	give_look(&s, "INBOX", 0);
	expect(&s, "fault");
	assert_string_equal(json_string_value(json_object_get(s.record, "kind")), "network");
	assert_string_equal(json_string_value(json_object_get(s.record, "folder")), "");
	give(&s, json_pack("{s:s, s:i}", "type", "append", "id", 3), copy);
	expect(&s, "unfiled");
	close_scene(&s);
}

/* How long fetch says that it waits until the next attempt, without the slack of a step. */
static int64_t expect_pause(struct scene *s)
{
	const char *what = "";

	while (strcmp(what, "waiting before the next attempt") != 0) {
		drop(s);
		assert_int_equal(channel_receive(s->channel, &s->record, &s->passed, NULL), 1);
		what = strcmp(channel_type(s->record), "step") == 0
			       ? json_string_value(json_object_get(s->record, "what"))
			       : "";
	}
	return number(s, "ms") - 30 * 1000;
}

#define LOGIN(answer)                                                                              \
	"S:* OK ready", "C:CAPABILITY", "S:* CAPABILITY IMAP4rev1", "S:%t OK done", "C:LOGIN*",    \
		answer, "X:", NULL

/* Each pause is up to a quarter longer, so that many daemons do not come back at one instant. */
static void test_pauses(void **state)
{
	static const char *const refused[] = { LOGIN("S:%t NO [AUTHENTICATIONFAILED] no") };
	static const char *const busy[] = { LOGIN("S:%t NO [UNAVAILABLE] later") };
	static const struct {
		const char *reason;
		const char *const *script;
		const char *kind;
		int pause_ms;
	} rows[] = {
		{ "a login that is refused: accounts get locked", refused, "auth", 300 * 1000 },
		{ "a server that is busy", busy, "network", 5 * 1000 },
	};

	(void) state;
	for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
		const char *const *const scripts[] = { rows[k].script, NULL };
		struct scene s;

		print_message("%s\n", rows[k].reason);
		open_scene(
			&s, scripts, "{\"auth\":\"password\",\"user\":\"foi\",\"secret\":\"x\"}");
		expect(&s, "fault");
		assert_string_equal(
			json_string_value(json_object_get(s.record, "kind")), rows[k].kind);
		assert_in_range(expect_pause(&s), rows[k].pause_ms, rows[k].pause_ms * 5 / 4);
		close_scene(&s);
	}
}

/* A server that lets us in and hangs up each time is asked less and less often. */
static void test_hangs_up_again_and_again(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), "C:IDLE",
		"S:* BYE enough", "X:", NULL };
	const char *const *const scripts[] = { script, script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	for (int pause_ms = 5000; pause_ms <= 10000; pause_ms *= 2) {
		begin_cycle(&s, "1", "");
		expect(&s, "cycle");
		expect(&s, "fault");
		assert_in_range(expect_pause(&s), pause_ms, pause_ms * 5 / 4);
	}
	close_scene(&s);
}

static void test_comes_back(void **state)
{
	static const char *const first[] = { HELLO, SELECT("1"), "C:UID SEARCH ALL", "X:", NULL };
	static const char *const second[] = { HELLO, SELECT("1"), ALL("1"), "H:", NULL };
	const char *const *const scripts[] = { first, second, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	expect(&s, "folder");
	give_look(&s, "INBOX", 0);
	expect(&s, "fault");
	begin_cycle(&s, "1", "");
	expect(&s, "cycle");
	close_scene(&s);
}

static void test_a_wrong_record_ends_it(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct scene s;

	(void) state;
	open_scene(&s, scripts, NULL);
	expect(&s, "folder");
	give_look(&s, "Junk", 0);
	drop(&s);
	while (channel_receive(s.channel, &s.record, &s.passed, NULL) == 1)
		drop(&s);
	close_scene(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_backlog_then_new_mail),
		cmocka_unit_test(test_mail_during_the_search),
		cmocka_unit_test(test_long_gone_and_refused),
		cmocka_unit_test(test_careful),
		cmocka_unit_test(test_idle_is_renewed),
		cmocka_unit_test(test_poll_finds_what_idle_missed),
		cmocka_unit_test(test_poll_finds_a_folder_made_anew),
		cmocka_unit_test(test_uids_given_away_twice),
		cmocka_unit_test(test_moved_away_is_found),
		cmocka_unit_test(test_deleted_is_gone),
		cmocka_unit_test(test_odd_id_is_not_sought),
		cmocka_unit_test(test_no_ids),
		cmocka_unit_test(test_tell_and_append_while_idle),
		cmocka_unit_test(test_busy_to_be_told),
		cmocka_unit_test(test_observe_changes_nothing),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_credit),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_back_off),
		cmocka_unit_test(test_pauses),
		cmocka_unit_test(test_hangs_up_again_and_again),
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_a_wrong_record_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
