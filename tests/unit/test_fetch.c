/* test_fetch.c - fetch: new mail is given, told and filed, and no more than is asked for. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "base/sealed.h"
#include "daemon/fetch.h"
#include "tests/support/fetch_scene.h"

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
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_expect(&s, "folder");
	fetch_scene_give_look(&s, "INBOX", 1777626000);
	fetch_scene_expect_set(&s, "backlog", "5");
	fetch_scene_expect_set(&s, "seen", "3,5");
	assert_true(fetch_scene_is_set(&s, "full"));
	assert_int_equal(fetch_scene_number(&s, "exists"), 2);
	fetch_scene_give_want(&s, "5", "", "");
	fetch_scene_expect_mail(&s, 5, "five");
	assert_int_equal(fetch_scene_number(&s, "heard_us"), 0);
	assert_int_equal(fetch_scene_number(&s, "internaldate"), 1777629600);
	assert_int_equal(fetch_scene_number(&s, "size"), 4);
	assert_false(fetch_scene_is_set(&s, "truncated"));
	fetch_scene_expect(&s, "cycle");
	imap_script_open_gate(&s.server);
	fetch_scene_expect_set(&s, "seen", "3,5,9");
	fetch_scene_give_want(&s, "9", "", "");
	fetch_scene_expect_mail(&s, 9, "nine");
	assert_true(fetch_scene_number(&s, "heard_us") > 0);
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
}

/* Dovecot does this: the mail that came meanwhile is counted, and never told of again. */
static void test_mail_during_the_search(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), "C:UID SEARCH ALL",
		"S:* SEARCH 3", "S:* 2 EXISTS", OK, ALL("3 4"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_begin_cycle(&s, "3:4", "");
	assert_int_equal(fetch_scene_number(&s, "exists"), 2);
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
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
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_begin_cycle(&s, "1:4", "1:4");
	fetch_scene_expect(&s, "gone");
	assert_int_equal(fetch_scene_number(&s, "uid"), 3);
	fetch_scene_expect_mail(&s, 1, "one");
	fetch_scene_expect_mail(&s, 2, "two");
	assert_true(fetch_scene_is_set(&s, "truncated"));
	assert_int_equal(fetch_scene_number(&s, "size"), 5000);
	fetch_scene_expect(&s, "refused");
	assert_int_equal(fetch_scene_number(&s, "uid"), 4);
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
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
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_expect(&s, "folder");
	fetch_scene_give_look(&s, "INBOX", 0);
	fetch_scene_expect_set(&s, "seen", "1:3");
	fetch_scene_give_want(&s, "1:3", "2", "3");
	fetch_scene_expect_mail(&s, 1, "one");
	fetch_scene_expect_mail(&s, 2, "two");
	assert_false(fetch_scene_is_set(&s, "truncated"));
	fetch_scene_expect_mail(&s, 3, "three");
	assert_true(fetch_scene_is_set(&s, "truncated"));
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
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
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, "{\"after\":\"keyword\",\"after_argument\":\"$FoiCase\"}");
	fetch_scene_begin_cycle(&s, "1:2", "");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_expect_idle(&s);
	fetch_scene_give_done(&s, "1:2");
	fetch_scene_expect(&s, "told");
	assert_string_equal(json_string_value(json_object_get(s.record, "set")), "1:2");
	fetch_scene_expect_idle(&s);
	fetch_scene_give(&s, json_pack("{s:s, s:i}", "type", "append", "id", 12), copy);
	fetch_scene_expect(&s, "appended");
	assert_int_equal(fetch_scene_number(&s, "id"), 12);
	fetch_scene_expect_idle(&s);
	fetch_scene_give_done(&s, "2");
	fetch_scene_expect(&s, "untold");
	assert_string_equal(json_string_value(json_object_get(s.record, "set")), "2");
	fetch_scene_close(&s);
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
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts,
		"{\"after\":\"keyword\",\"after_argument\":\"$FoiCase\",\"folders\":["
		"{\"name\":\"INBOX\"},{\"name\":\"Junk\",\"junk\":true}]}");
	fetch_scene_begin_cycle(&s, "1", "");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_give_done(&s, "1");
	fetch_scene_expect(&s, "folder");
	fetch_scene_give_look(&s, "Junk", 0);
	fetch_scene_expect_set(&s, "seen", "");
	{
		CLEANUP(closep) int fd = sealed_new("want", "", 0);

		fetch_scene_give(&s,
			json_pack("{s:s, s:s, s:i}", "type", "want", "folder", "Junk",
				"uidvalidity", 7),
			fd);
	}
	fetch_scene_expect(&s, "cycle");
	fetch_scene_begin_cycle(&s, "1", "");
	fetch_scene_expect(&s, "untold");
	assert_string_equal(json_string_value(json_object_get(s.record, "kind")), "network");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_expect_idle(&s);
	fetch_scene_close(&s);
}

static void test_observe_changes_nothing(void **state)
{
	static const char *const script[] = { HELLO, "C:EXAMINE \"INBOX\"", "S:* 2 EXISTS",
		"S:* OK [UIDVALIDITY 7] ok", "S:* OK [UIDNEXT 100] ok", "S:%t OK [READ-ONLY] done",
		ALL("1 2"), IDLE, DONE, IDLE, DONE, IDLE, DONE, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	CLEANUP(closep) int copy = sealed_new("copy", "copy", 4);
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(
		&s, scripts, "{\"after\":\"move\",\"after_argument\":\"Done\",\"change\":false}");
	fetch_scene_begin_cycle(&s, "1:2", "");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_expect_idle(&s);
	fetch_scene_give(&s, json_pack("{s:s, s:i}", "type", "append", "id", 12), copy);
	fetch_scene_expect(&s, "unfiled");
	fetch_scene_expect_idle(&s);
	fetch_scene_give_done(&s, "1:2");
	fetch_scene_expect_idle(&s);
	fetch_scene_give(&s, json_pack("{s:s, s:i}", "type", "append", "id", 13), copy);
	fetch_scene_expect(&s, "unfiled");
	fetch_scene_close(&s);
}

static void test_once(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), SIZES("1"),
		SIZE("1", "4"), OK, "C:UID FETCH 1 (UID BODY.PEEK[[]])",
		"S-* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\n", OK, "C:UID MOVE 1 \"Done\"",
		"S:* 1 EXPUNGE", OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(
		&s, scripts, "{\"after\":\"move\",\"after_argument\":\"Done\",\"once\":true}");
	fetch_scene_begin_cycle(&s, "1", "1");
	fetch_scene_expect_mail(&s, 1, "one");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_give_done(&s, "1");
	fetch_scene_expect(&s, "told");
	fetch_scene_expect(&s, "finished");
	fetch_scene_close(&s);
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
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_begin_cycle(&s, "1:80", "1:80");
	for (int64_t uid = 1; uid <= FETCH_CREDIT; uid++)
		fetch_scene_expect_mail(&s, uid, "hi");
	fetch_scene_give_done(&s, "1:15"); /* too little for a batch */
	quiet = (struct pollfd){ .fd = s.channel, .events = POLLIN };
	while (poll(&quiet, 1, 200) == 1) {
		fetch_scene_drop(&s);
		assert_int_equal(channel_receive(s.channel, &s.record, &s.passed, NULL), 1);
		assert_string_equal(channel_type(s.record), "step");
	}
	fetch_scene_give_done(&s, "16:64");
	for (int64_t uid = 65; uid <= 80; uid++)
		fetch_scene_expect_mail(&s, uid, "hi");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_backlog_then_new_mail),
		cmocka_unit_test(test_mail_during_the_search),
		cmocka_unit_test(test_long_gone_and_refused),
		cmocka_unit_test(test_careful),
		cmocka_unit_test(test_tell_and_append_while_idle),
		cmocka_unit_test(test_busy_to_be_told),
		cmocka_unit_test(test_observe_changes_nothing),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_credit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
