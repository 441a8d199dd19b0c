/* test_register_shown.c - what the server has shown is remembered until it has its row. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "adapters/store_shown.h"
#include "tests/support/folder_stage.h"

/* ---- across a restart --------------------------------------------------------------------------- */

/* Shown, not committed, deleted while the daemon did not run. */
static void one_that_vanishes_while_nobody_looks(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5:7", true);
	folder_stage_restart(s);
	folder_stage_open_folder(s, 7, 8);
	folder_stage_see(s, "5,7", true);
	folder_stage_assert_wanted(s, "5,7");
	assert_int_equal(folder_stage_told(s, "mail-gone"), 0);
	folder_stage_see(s, "5,7", true);
	assert_int_equal(folder_stage_told(s, "ERR mail-gone"), 1);
	assert_int_equal(folder_stage_commit(s), 1);
	assert_int_equal(intake_world_number(s->world, "SELECT uid FROM message"), 6);
	folder_stage_see(s, "5,7", true);
	folder_stage_see(s, "5,7", true);
	assert_int_equal(folder_stage_told(s, "mail-gone"), 0);
}

/* Its row is in the store, whatever was noted before. */
static void one_that_was_taken_is_not_missed(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5:6", true);
	assert_int_equal(folder_stage_gone(s, 7, 5), 0);
	assert_int_equal(folder_stage_commit(s), 1);
	folder_stage_restart(s);
	folder_stage_open_folder(s, 7, 7);
	folder_stage_see(s, "6", true);
	folder_stage_see(s, "6", true);
	folder_stage_assert_wanted(s, "6");
	(void) folder_stage_told(s, "");
	assert_int_equal(folder_stage_commit(s), 1);
}

/* Brought, and waiting for its turn: the folder may lose it now. */
static void one_on_its_way_is_not_missed(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5", true);
	assert_int_equal(folder_stage_gone(s, 7, 5), 0);
	assert_int_equal(folder_stage_told(s, "mail-gone"), 1);
	folder_stage_see(s, "", true);
	folder_stage_see(s, "", true);
	assert_int_equal(folder_stage_told(s, "mail-gone"), 0);
	assert_int_equal(folder_stage_commit(s), 1);
}

/* UIDs 5 and 6 were shown two days ago, as an earlier life would have noted it. */
static void note_earlier(struct folder_stage *s)
{
	struct uidset uids = { 0 };

	assert_int_equal(uidset_add(&uids, 5, 6), 0);
	store_fixture_expect(store_begin(s->reg.store, &s->fault), &s->fault);
	store_fixture_expect(store_shown_add(s->reg.store, s->folder->epoch.id, &uids,
				     register_now(&s->reg) - 172800, 5, &s->fault),
		&s->fault);
	store_fixture_expect(store_commit(s->reg.store, &s->fault), &s->fault);
	uidset_done(&uids);
}

/* The day of receipt is that of the first sight, not of the restart. */
static void the_first_sight_counts(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5", true);
	assert_int_equal(
		intake_world_number(s->world, "SELECT count(*) FROM shown WHERE first = 5"), 1);
	note_earlier(s);
	folder_stage_restart(s);
	folder_stage_open_folder(s, 7, 6);
	folder_stage_see(s, "", true);
	folder_stage_see(s, "", true);
	assert_int_equal(folder_stage_commit(s), 2);
	assert_int_equal(intake_world_number(s->world, "SELECT count(*) FROM message m, shown s"
						       " WHERE m.first_seen = s.at AND s.last = 6"),
		2);
}

/* ---- what is noted -------------------------------------------------------------------------------- */

static int64_t noted(struct folder_stage *s)
{
	return intake_world_number(s->world, "SELECT count(*) FROM shown");
}

static void nothing_is_noted_twice_or_kept_for_ever(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "", true);
	assert_int_equal(noted(s), 0);
	for (int uid = 5; uid < 25; uid++) {
		char seen[16];

		(void) snprintf(seen, sizeof seen, "5:%d", uid);
		folder_stage_see(s, seen, true);
		folder_stage_see(s, seen, true);
		assert_int_equal(noted(s), 1);
		assert_int_equal(folder_stage_gone(s, 7, uid), 0);
		assert_int_equal(folder_stage_commit(s), uid - 4);
	}
}

/* ---- differences --------------------------------------------------------------------------------- */

static void cycle(struct folder_stage *s)
{
	assert_int_equal(folder_stage_say(s,
				 json_pack("{s:s, s:s, s:i, s:i}", "type", "cycle", "folder",
					 s->folder->name, "uidvalidity",
					 (int) s->folder->uidvalidity, "exists", 0),
				 -1),
		0);
}

#define RECONCILED                                                                                 \
	"WARNING reconciled mailbox=foi folder=INBOX count=1: mails that an earlier look should "  \
	"have found are taken in now: "

/* A server that delivers in parallel shows 7 before 6. */
static void a_lower_uid_that_comes_late(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5,7", true);
	assert_int_equal(folder_stage_gone(s, 7, 5), 0);
	assert_int_equal(folder_stage_gone(s, 7, 7), 0);
	assert_int_equal(folder_stage_commit(s), 2);
	cycle(s);
	assert_int_equal(folder_stage_told(s, "reconciled"), 0);
	folder_stage_see(s, "5:8", false);
	folder_stage_assert_wanted(s, "6,8");
	assert_int_equal(folder_stage_told(s, RECONCILED "1 shown late, 0 not brought"), 1);
	folder_stage_see(s, "5:8", false);
	assert_int_equal(folder_stage_told(s, "reconciled"), 0);
}

/* fetch says that all was brought, and it was not. */
static void one_that_was_asked_for_and_never_came(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5:6", true);
	assert_int_equal(folder_stage_gone(s, 7, 5), 0);
	cycle(s);
	(void) folder_stage_told(s, "");
	folder_stage_see(s, "6", true);
	folder_stage_assert_wanted(s, "6");
	assert_int_equal(folder_stage_told(s, RECONCILED "0 shown late, 1 not brought"), 1);
}

/* The connection was lost before its end: no difference, it is asked for again. */
static void what_a_lost_connection_left_is_no_difference(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5:9", true);
	watch_forget(s->watch);
	folder_stage_open_folder(s, 7, 10);
	folder_stage_see(s, "5:9", true);
	folder_stage_assert_wanted(s, "5:9");
	folder_stage_restart(s);
	folder_stage_open_folder(s, 7, 10);
	folder_stage_see(s, "5:9", true);
	assert_int_equal(folder_stage_told(s, "reconciled"), 0);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, folder_stage_set_up, folder_stage_tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(one_that_vanishes_while_nobody_looks),
		TEST(one_that_was_taken_is_not_missed),
		TEST(one_on_its_way_is_not_missed),
		TEST(the_first_sight_counts),
		TEST(nothing_is_noted_twice_or_kept_for_ever),
		TEST(a_lower_uid_that_comes_late),
		TEST(one_that_was_asked_for_and_never_came),
		TEST(what_a_lost_connection_left_is_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
