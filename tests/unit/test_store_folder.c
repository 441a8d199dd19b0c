/* test_store_folder.c - folders, UIDVALIDITYs, UIDs. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../support/store_fixture.h"

static void a_folder_is_made_once(void **state)
{
	struct store_fixture *x = *state;
	struct store_folder first = { 0 };
	struct store_folder again = { 0 };
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_folder(x->store, "foi", "Junk", 100, &first, &f), &f);
	store_fixture_expect(store_folder(x->store, "foi", "Junk", 200, &again, &f), &f);
	assert_int_equal(again.id, first.id);
	assert_int_equal(again.created_at, 100);
	assert_false(again.has_epochs);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM mailbox"), 1);

	/* Known ones are found without a transaction. */
	store_fixture_expect(store_folder(x->store, "foi", "INBOX", 300, &again, &f), &f);
	assert_true(again.has_epochs);
	assert_int_equal(store_folder(x->store, "foi", "Unknown", 300, &again, &f), -EPERM);
}

static void the_same_name_in_two_mailboxes_is_two_folders(void **state)
{
	struct store_fixture *x = *state;
	struct store_folder one = { 0 };
	struct store_folder other = { 0 };
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_folder(x->store, "foi", "INBOX", 1, &one, &f), &f);
	store_fixture_expect(store_folder(x->store, "eir", "INBOX", 1, &other, &f), &f);
	assert_int_not_equal(one.id, other.id);
	store_rollback(x->store);
}

static void an_epoch_keeps_its_backlog(void **state)
{
	struct store_fixture *x = *state;
	struct store_folder folder = { 0 };
	struct store_epoch epoch = { 0 };
	struct uidset backlog = { 0 };
	struct fault f = { 0 };
	int64_t id = 0;

	assert_int_equal(uidset_add(&backlog, 3, 9), 0);
	assert_int_equal(uidset_add(&backlog, 4294967295, 4294967295), 0);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_folder(x->store, "foi", "INBOX", 1, &folder, &f), &f);
	store_fixture_expect(
		store_epoch_add(x->store, folder.id, 4294967295, 4294967295, &backlog, 9, &id, &f),
		&f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	uidset_done(&backlog);

	assert_int_equal(store_epoch(x->store, folder.id, 4294967295, &epoch, &f), 1);
	assert_int_equal(epoch.id, id);
	assert_int_equal(epoch.uidvalidity, 4294967295);
	assert_int_equal(epoch.baseline, 4294967295);
	assert_int_equal(uidset_count(&epoch.backlog), 8);
	assert_true(uidset_has(&epoch.backlog, 4294967295));
	store_epoch_done(&epoch);
	assert_int_equal(store_epoch(x->store, folder.id, 78, &epoch, &f), 0);
}

static void a_uidvalidity_is_written_once_a_folder(void **state)
{
	struct store_fixture *x = *state;
	struct store_folder folder = { 0 };
	struct fault f = { 0 };
	int64_t id = 0;

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_folder(x->store, "foi", "INBOX", 1, &folder, &f), &f);
	assert_int_equal(store_epoch_add(x->store, folder.id, 77, 1, NULL, 9, &id, &f), -EINVAL);
	store_rollback(x->store);
}

static void uids_are_listed_from_a_place_on(void **state)
{
	static const uint32_t uids[] = { 1, 2, 5, 4294967295 };
	struct store_fixture *x = *state;
	struct uidset set = { 0 };
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	for (size_t i = 0; i < sizeof uids / sizeof *uids; i++) {
		struct store_message m = store_fixture_message(x, uids[i]);
		int64_t id;

		store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	}
	store_fixture_expect(store_uids(x->store, x->epoch, 2, &set, &f), &f);
	assert_int_equal(uidset_count(&set), 3);
	assert_false(uidset_has(&set, 1));
	assert_true(uidset_has(&set, 2));
	assert_true(uidset_has(&set, 4294967295));
	uidset_done(&set);
	store_fixture_expect(store_uids(x->store, x->epoch + 1, 1, &set, &f), &f);
	assert_int_equal(uidset_count(&set), 0);
	store_rollback(x->store);
}

static void what_is_untold_is_kept_by_epoch(void **state)
{
	struct store_fixture *x = *state;
	struct uidset set = { 0 };
	struct uidset found = { 0 };
	struct fault f = { 0 };

	assert_int_equal(uidset_parse("3:9,4294967295", 14, &set), 0);
	assert_int_equal(store_untold_set(x->store, x->epoch, &set, &f), -EPERM);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_untold_set(x->store, x->epoch, &set, &f), &f);
	store_fixture_expect(uidset_add(&set, 11, 11), &f);
	store_fixture_expect(store_untold_set(x->store, x->epoch, &set, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_fixture_expect(store_untold(x->store, x->epoch, &found, &f), &f);
	assert_int_equal(uidset_count(&found), 9);
	assert_true(uidset_has(&found, 11));
	uidset_done(&found);
	store_fixture_expect(store_untold(x->store, x->epoch + 1, &found, &f), &f);
	assert_int_equal(found.n, 0);

	uidset_done(&set);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_untold_set(x->store, x->epoch, &set, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM untold"), 0);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_folder_is_made_once),
		TEST(the_same_name_in_two_mailboxes_is_two_folders),
		TEST(an_epoch_keeps_its_backlog),
		TEST(a_uidvalidity_is_written_once_a_folder),
		TEST(uids_are_listed_from_a_place_on),
		TEST(what_is_untold_is_kept_by_epoch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
