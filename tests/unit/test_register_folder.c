/* test_register_folder.c - which UIDs of a folder are wanted, and what becomes of those that vanish. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "tests/support/folder_stage.h"

/* ---- those that vanish --------------------------------------------------------------------------- */

static void one_that_fetch_missed(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5:7", true);
	folder_stage_assert_wanted(s, "5:7");
	assert_int_equal(folder_stage_gone(s, 7, 6), 0);
	folder_stage_assert_wanted(s, "5,7");
	assert_int_equal(folder_stage_told(s, "ERR mail-gone"), 1);
	assert_int_equal(folder_stage_commit(s), 1);
	assert_int_equal(intake_world_number(s->world, "SELECT uid FROM message"), 6);
	assert_int_equal(folder_stage_told(s, "ERR unreadable ref="), 1);
	folder_stage_see(s, "5,7", true);
	assert_int_equal(folder_stage_commit(s), 1);
}

/* Security: fetch may have been taken over. */
static void one_that_was_not_wanted(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "1:5", true);
	assert_int_equal(folder_stage_gone(s, 7, 4), -EBADMSG);
	assert_int_equal(folder_stage_gone(s, 8, 5), -EBADMSG);
	assert_int_equal(folder_stage_gone(s, 7, 6), -EBADMSG);
	assert_int_equal(folder_stage_told(s, "mail-gone"), 0);
	assert_int_equal(folder_stage_commit(s), 0);
}

/* The connection, or the process, was lost before they were brought. */
static void some_that_vanish_between_connections(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5:9", true);
	watch_forget(s->watch);
	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "6,9", true);
	folder_stage_assert_wanted(s, "6,9");
	assert_int_equal(folder_stage_told(s, "mail-gone"), 0);
	folder_stage_see(s, "6,8:9", true);
	folder_stage_assert_wanted(s, "6,8:9");
	assert_int_equal(folder_stage_told(s, "ERR mail-gone"), 2);
	assert_int_equal(folder_stage_commit(s), 2);
	folder_stage_see(s, "6,8:9", true);
	assert_int_equal(folder_stage_told(s, "mail-gone"), 0);
}

/* Only a complete list can say that something is not there. */
static void a_short_list_is_no_loss(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5:9", true);
	folder_stage_see(s, "9", false);
	folder_stage_see(s, "9", false);
	folder_stage_see(s, "", false);
	assert_int_equal(folder_stage_told(s, "mail-gone"), 0);
	folder_stage_see(s, "", true); /* a server that fails over */
	folder_stage_see(s, "5:9", true);
	folder_stage_see(s, "5:9", true);
	folder_stage_assert_wanted(s, "5:9");
	assert_int_equal(folder_stage_told(s, "mail-gone"), 0);
	assert_int_equal(folder_stage_commit(s), 0);
}

/* ---- a folder made anew ---------------------------------------------------------------------------- */

static void another_uidvalidity(void **state)
{
	struct folder_stage *s = *state;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5:9", true);
	(void) folder_stage_told(
		s, ""); /* the world's own mails have another UIDVALIDITY than this folder */
	folder_stage_open_folder(s, 8, 3);
	folder_stage_assert_wanted(s, "");
	assert_int_equal(folder_stage_told(s, "WARNING uidvalidity-changed"), 1);
	assert_int_equal(s->folder->epoch.id, 0);
	folder_stage_see(s, "1:3", true);
	folder_stage_see(s, "1:3", true);
	assert_int_equal(folder_stage_told(s, "uidvalidity-changed"), 0);
	folder_stage_assert_wanted(
		s, "3"); /* no backlog was told: none came since the first start */
	assert_int_equal(folder_stage_commit(s), 0);
}

/* ---- UIDs given away twice -------------------------------------------------------------------------- */

static int reused(struct folder_stage *s, int uidvalidity)
{
	return folder_stage_say(s,
		json_pack("{s:s, s:s, s:i}", "type", "reused", "folder", s->folder->name,
			"uidvalidity", uidvalidity),
		-1);
}

static void tell_backlog(struct folder_stage *s, const char *uids)
{
	int fd = sealed_new("backlog", uids, strlen(uids));

	assert_int_equal(
		folder_stage_say(s,
			json_pack("{s:s, s:s, s:i}", "type", "backlog", "folder", s->folder->name,
				"uidvalidity", (int) s->folder->uidvalidity),
			fd),
		0);
}

/* The server was restored from a backup: UID 5 has a row and names a new mail. */
static void uids_given_away_twice(void **state)
{
	struct folder_stage *s = *state;
	CLEANUP(uidset_done) struct uidset seen = { 0 };
	struct store_known known[STORE_KNOWN_MAX];
	size_t n = 0;

	folder_stage_open_folder(s, 7, 5);
	folder_stage_see(s, "5", true);
	assert_int_equal(folder_stage_gone(s, 7, 5), 0);
	assert_int_equal(folder_stage_commit(s), 1);
	assert_int_equal(uidset_add(&seen, 4, 6), 0);
	store_fixture_expect(
		store_known(s->reg.store, s->folder->epoch.id, &seen, known, &n, &s->fault),
		&s->fault);
	assert_int_equal(n, 1);
	assert_int_equal(known[0].uid, 5);
	assert_int_equal(known[0].internaldate, INTAKE_WORLD_NOW);
	assert_int_equal(known[0].size, 300);
	folder_stage_see(s, "5", true);
	folder_stage_assert_wanted(s, "");
	(void) folder_stage_told(s, "");
	assert_int_equal(reused(s, 8), -EBADMSG);
	for (int again = 1; again <= 2; again++) {
		assert_int_equal(reused(s, 7), 0);
		assert_int_equal(reused(s, 7), -EBADMSG);
		folder_stage_open_folder(s, 7, 6);
		assert_int_equal(folder_stage_told(s, "WARNING uidvalidity-changed"), 1);
		tell_backlog(s, "5");
		folder_stage_see(s, "4:5", true);
		folder_stage_assert_wanted(s, "5");
	}
	assert_int_equal(folder_stage_gone(s, 7, 5), 0);
	assert_int_equal(folder_stage_commit(s), 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			one_that_fetch_missed, folder_stage_set_up, folder_stage_tear_down),
		cmocka_unit_test_setup_teardown(
			one_that_was_not_wanted, folder_stage_set_up, folder_stage_tear_down),
		cmocka_unit_test_setup_teardown(some_that_vanish_between_connections,
			folder_stage_set_up, folder_stage_tear_down),
		cmocka_unit_test_setup_teardown(
			a_short_list_is_no_loss, folder_stage_set_up, folder_stage_tear_down),
		cmocka_unit_test_setup_teardown(
			another_uidvalidity, folder_stage_set_up, folder_stage_tear_down),
		cmocka_unit_test_setup_teardown(
			uids_given_away_twice, folder_stage_set_up, folder_stage_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
