/* test_store_shown.c - UIDs that were shown are noted until they have rows; the numbers of a mailbox. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_count.h"
#include "adapters/store_shown.h"

static void note(struct store_fixture *x, const char *text, int64_t now, uint32_t from)
{
	struct uidset uids = { 0 };
	struct fault f = { 0 };

	assert_int_equal(uidset_parse(text, strlen(text), &uids), 0);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_shown_add(x->store, x->epoch, &uids, now, from, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	uidset_done(&uids);
}

static void add_row(struct store_fixture *x, uint32_t uid)
{
	struct store_message m = store_fixture_message(x, uid);
	struct fault f = { 0 };
	int64_t id;

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
}

static void assert_shown(struct store_fixture *x, const char *wanted)
{
	struct uidset uids = { 0 };
	struct fault f = { 0 };
	char *text = NULL;

	store_fixture_expect(store_shown(x->store, x->epoch, &uids, &f), &f);
	assert_int_equal(uidset_text(&uids, &text), 0);
	assert_string_equal(text, wanted);
	free(text);
	uidset_done(&uids);
}

static void those_without_a_row_are_remembered(void **state)
{
	struct store_fixture *x = *state;

	assert_shown(x, "");
	add_row(x, 4);
	note(x, "5:7,4294967295", 100, 5);
	add_row(x, 6);
	add_row(x, 9);
	store_fixture_reopen(x);
	assert_shown(x, "5,7,4294967295");
}

static void the_first_instant_counts(void **state)
{
	static const struct {
		const char *reason;
		uint32_t uid;
		int found;
		int64_t at;
	} rows[] = {
		{ "noted twice", 5, 1, 100 },
		{ "noted by the second only", 7, 1, 200 },
		{ "never noted", 9, 0, 0 },
	};
	struct store_fixture *x = *state;

	note(x, "5", 100, 5);
	note(x, "5:8", 200, 5);
	note(x, "5:8", 300, 5);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t at = 0;

		print_message("%s\n", rows[i].reason);
		assert_int_equal(
			store_shown_at(x->store, x->epoch, rows[i].uid, &at, NULL), rows[i].found);
		assert_int_equal(at, rows[i].at);
	}
}

static void what_has_rows_is_forgotten(void **state)
{
	struct store_fixture *x = *state;

	note(x, "5:6", 100, 5);
	note(x, "7:9", 200, 6);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM shown"), 2);
	note(x, "12", 300, 9);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM shown"), 2);
	assert_shown(x, "7:9,12");
}

static void mails_are_counted_for_each_mailbox(void **state)
{
	struct store_fixture *x = *state;
	struct store_mailbox_counts counts;
	struct fault f = { 0 };

	add_row(x, 1);
	add_row(x, 2);
	store_fixture_expect(store_mailbox_counts(x->store, "foi", &counts, &f), &f);
	assert_int_equal(counts.mails, 2);
	assert_int_equal(counts.fates[FATE_REQUEST], 2);
	assert_int_equal(counts.unsent[STORE_OUTBOX_QUEUED], 0);
	store_fixture_expect(store_mailbox_counts(x->store, "eir", &counts, &f), &f);
	assert_int_equal(counts.mails, 0);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(those_without_a_row_are_remembered),
		TEST(the_first_instant_counts),
		TEST(what_has_rows_is_forgotten),
		TEST(mails_are_counted_for_each_mailbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
