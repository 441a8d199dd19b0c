/* test_store_message.c - each mail has one row, and is known when it comes again. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_seen.h"

static void a_uid_has_one_row(void **state)
{
	struct store_fixture *x = *state;
	struct store_message m = store_fixture_message(x, 7);
	struct fault f = { 0 };
	int64_t id = 0;
	int64_t second = 99;

	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	assert_int_equal(store_message_add(x->store, &m, &second, &f), -EEXIST);
	assert_int_equal(second, 99);
	/* That one is no failure of the transaction: the rest of the batch goes on. */
	m.uid = 8;
	store_fixture_expect(store_message_add(x->store, &m, &second, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM message"), 2);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM raw_mail"), 2);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM attachment"), 4);
	assert_int_equal(
		store_fixture_number(x, "SELECT mails FROM fate WHERE word = 'request'"), 2);
}

static void a_mail_that_cannot_be_read_has_a_row(void **state)
{
	static const struct triage_verdict verdict = { .fate = FATE_UNREADABLE };
	struct store_fixture *x = *state;
	struct store_message m = store_fixture_message(x, 4294967295);
	struct fault f = { 0 };
	int64_t id = 0;

	m.letter = NULL;
	m.verdict = &verdict;
	m.raw = NULL;
	m.gateway = 0;
	m.size = UINT64_MAX; /* what a server may say */
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(
		store_fixture_number(x, "SELECT count(*) FROM message WHERE gateway IS NULL"
					" AND is_readable = 0 AND message_id IS NULL"),
		1);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM raw_mail"), 0);
}

#define ONE  "<one@example.org>"
#define JANE "jane@example.org"
#define SENT 1526461200

static void an_empty_mail_is_not_a_missing_one(void **state)
{
	struct store_fixture *x = *state;
	struct store_message m = store_fixture_message(x, 1);
	struct fault f = { 0 };
	int64_t id = 0;

	m.raw = "";
	m.raw_bytes = 0;
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(
		store_fixture_number(x, "SELECT count(*) FROM raw_mail WHERE length(bytes) = 0"),
		1);
}

static void a_mail_seen_before_is_known(void **state)
{
	static const struct {
		const char *name;
		struct store_identity mail;
		bool is_found;
		bool is_same;
	} rows[] = {
		{ "the same", { ONE, JANE, SENT, "c0ffee", 0 }, true, true },
		{ "another sender", { ONE, "eve@example.org", SENT, "c0ffee", 0 }, true, false },
		{ "another Date", { ONE, JANE, SENT + 1, "c0ffee", 0 }, true, false },
		{ "other content", { ONE, JANE, SENT, "beef", 0 }, true, false },
		{ "another Message-ID", { "<two@example.org>", JANE, SENT, "c0ffee", 0 }, false,
			false },
		{ "no Message-ID", { "", JANE, SENT, "c0ffee", 0 }, false, false },
	};
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	int64_t id;

	store_fixture_expect(store_begin(x->store, &f), &f);
	id = store_fixture_case(x, 1, "FOI 000001/18");
	store_fixture_expect(store_commit(x->store, &f), &f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct store_seen seen = { .message = 99 };

		store_fixture_expect(store_seen(x->store, &rows[i].mail, &seen, &f), &f);
		if (rows[i].is_same != seen.is_same || rows[i].is_found != (seen.message != 0))
			fail_msg("%s", rows[i].name);
		assert_int_equal(seen.case_id, rows[i].is_found ? id : 0);
	}
}

static void the_first_of_several_alike_is_the_original(void **state)
{
	static const char copy_content[] = "000000"; /* sorts before the first one's */
	struct store_fixture *x = *state;
	struct store_seen seen = { 0 };
	struct fault f = { 0 };
	int64_t first = 0;
	int64_t id = 0;

	store_fixture_expect(store_begin(x->store, &f), &f);
	for (uint32_t uid = 1; uid <= 3; uid++) {
		struct store_message m = store_fixture_message(x, uid);
		struct letter other = *m.letter;

		(void) snprintf(other.content, sizeof other.content, "%s", copy_content);
		m.letter = uid == 2 ? &other : m.letter;
		m.duplicate_of = first;
		m.platform_message = "ogm-12@example.net";
		store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
		first = first ? first : id;
	}
	store_fixture_expect(
		store_seen(x->store, &(struct store_identity){ ONE, JANE, SENT, "c0ffee", 0 },
			&seen, &f),
		&f);
	assert_int_equal(seen.message, first);
	assert_int_equal(seen.is_same, true);
	store_fixture_expect(store_seen_platform(x->store, "ogm-12@example.net", &seen, &f), &f);
	assert_int_equal(seen.message, first);
	store_fixture_expect(store_seen_platform(x->store, "", &seen, &f), &f);
	assert_int_equal(seen.message, 0);
	store_rollback(x->store);
}

static void evidence_cut_inside_a_character_is_kept_readable(void **state)
{
	static const struct triage_verdict verdict = {
		.fate = FATE_REQUEST,
		.reasons = { { .rule = "asks", .evidence = "says \"caf\xC3" } },
		.n_reasons = 1,
	};
	struct store_fixture *x = *state;
	struct store_message m = store_fixture_message(x, 1);
	struct fault f = { 0 };
	int64_t id = 0;

	m.verdict = &verdict;
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(
		store_fixture_number(x, "SELECT count(*) FROM message_text WHERE"
					" reasons ->> '$[0].evidence' = 'says \"caf\xEF\xBF\xBD'"),
		1);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_uid_has_one_row),
		TEST(a_mail_that_cannot_be_read_has_a_row),
		TEST(an_empty_mail_is_not_a_missing_one),
		TEST(a_mail_seen_before_is_known),
		TEST(the_first_of_several_alike_is_the_original),
		TEST(evidence_cut_inside_a_character_is_kept_readable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
