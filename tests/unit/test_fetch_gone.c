/* test_fetch_gone.c - fetch: what a server does not tell, and mails that are gone when they are asked for. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/sealed.h"
#include "tests/support/fetch_scene.h"

/* ---- what IDLE does not tell --------------------------------------------------------------------- */

/* RFC 2177: a server may hang up after 30 minutes, whatever the configuration says. */
static void test_idle_is_renewed(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), IDLE, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, "{\"poll_sec\":86400}");
	fetch_scene_begin_cycle(&s, "1", "");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_expect_idle(&s);
	assert_in_range(fetch_scene_number(&s, "ms"), 28 * 60 * 1000, 32 * 60 * 1000);
	fetch_scene_close(&s);
}

/* IDLE that has died without a sign: the next look finds what it did not tell. */
static void test_poll_finds_what_idle_missed(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), IDLE, DONE, SELECT("2"),
		ALL("1 9"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, "{\"poll_sec\":1}");
	fetch_scene_begin_cycle(&s, "1", "");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_begin_cycle(&s, "1,9", "");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
}

/* The folder was deleted and made again under its name, and the session does not tell. */
static void test_poll_finds_a_folder_made_anew(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("1"), IDLE, DONE,
		"C:SELECT \"INBOX\"", "S:* 1 EXISTS", "S:* OK [UIDVALIDITY 8] ok", OK, "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, "{\"poll_sec\":1}");
	fetch_scene_begin_cycle(&s, "1", "");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_expect(&s, "folder");
	assert_int_equal(fetch_scene_number(&s, "uidvalidity"), 8);
	fetch_scene_close(&s);
}

static void give_known(struct fetch_scene *s, int64_t internaldate, int size)
{
	CLEANUP(closep) int fd = sealed_new("want", "4", 1);

	assert_true(fd >= 0);
	fetch_scene_give(s,
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
		struct fetch_scene s;

		print_message("%s\n", known_rows[k].reason);
		fetch_scene_open(&s, scripts, NULL);
		fetch_scene_expect(&s, "folder");
		fetch_scene_give_look(&s, "INBOX", 0);
		fetch_scene_expect_set(&s, "seen", "3:4");
		give_known(&s, known_rows[k].internaldate, known_rows[k].size);
		if (known_rows[k].is_another) {
			fetch_scene_expect(&s, "reused");
			fetch_scene_begin_cycle(&s, "3:4", "");
		} else {
			fetch_scene_expect_mail(&s, 4, "four");
		}
		fetch_scene_expect(&s, "cycle");
		fetch_scene_close(&s);
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
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_begin_cycle(&s, "4", "4");
	fetch_scene_expect_mail(&s, 4, "four");
	assert_string_equal(json_string_value(json_object_get(s.record, "folder")), "INBOX");
	assert_int_equal(fetch_scene_number(&s, "uidvalidity"), 7);
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
}

static void test_deleted_is_gone(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("4"), SIZES("4"),
		SIZE_ID("4", "<four@a.org>"), OK, VANISHES("4"), "C:LIST \"\" \"[*]\"",
		"S:* LIST () \"/\" INBOX", "S:* LIST () \"/\" Trash", OK, GLANCE("Trash"),
		SEEK("<four@a.org>"), "S:* SEARCH", OK, SELECT("0"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_begin_cycle(&s, "4", "4");
	fetch_scene_expect(&s, "gone");
	assert_int_equal(fetch_scene_number(&s, "uid"), 4);
	assert_int_equal(fetch_scene_number(&s, "internaldate"), 1777629600);
	assert_int_equal(fetch_scene_number(&s, "size"), 4);
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
}

/* A Message-ID that would end the quotes of a command is none. */
static void test_odd_id_is_not_sought(void **state)
{
	static const char *const script[] = { HELLO, SELECT("1"), ALL("4"), SIZES("4"),
		SIZE_ID("4", "<\"our@a.org>"), OK, VANISHES("4"), "H:", NULL };
	const char *const *const scripts[] = { script, NULL };
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, scripts, NULL);
	fetch_scene_begin_cycle(&s, "4", "4");
	fetch_scene_expect(&s, "gone");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
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
	struct fetch_scene s;

	(void) state;
	fetch_scene_open(&s, one, NULL);
	fetch_scene_begin_cycle(&s, "4", "4");
	fetch_scene_expect_mail(&s, 4, "four");
	fetch_scene_expect(&s, "cycle");
	fetch_scene_close(&s);
	fetch_scene_open(&s, two, NULL);
	fetch_scene_begin_cycle(&s, "4", "4");
	fetch_scene_expect(&s, "fault");
	fetch_scene_begin_cycle(&s, "4", "4");
	fetch_scene_expect_mail(&s, 4, "four");
	fetch_scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_idle_is_renewed),
		cmocka_unit_test(test_poll_finds_what_idle_missed),
		cmocka_unit_test(test_poll_finds_a_folder_made_anew),
		cmocka_unit_test(test_uids_given_away_twice),
		cmocka_unit_test(test_moved_away_is_found),
		cmocka_unit_test(test_deleted_is_gone),
		cmocka_unit_test(test_odd_id_is_not_sought),
		cmocka_unit_test(test_no_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
