/* test_store_case.c - cases: numbered without gaps, found by their keys, kept as they were. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"
#include "base/text.h"

static void numbers_have_no_gaps(void **state)
{
	static const struct {
		const char *counter;
		const char *period;
		uint64_t first;
		uint64_t want;
	} rows[] = {
		{ "request", "", 1761, 1761 },
		{ "request", "", 1, 1762 }, /* a counter begins once */
		{ "review", "", 1, 1 },
		{ "request", "2018", 1, 1 },
		{ "request", "2019", 1, 1 },
		{ "request", "2018", 1, 2 },
		{ "request", "", 1, 1763 },
		{ "intake", "", INT64_MAX, INT64_MAX },
	};
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	uint64_t n = 0;

	store_fixture_expect(store_begin(x->store, &f), &f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		store_fixture_expect(store_number_next(x->store, rows[i].counter, rows[i].period,
					     rows[i].first, &n, &f),
			&f);
		assert_int_equal(n, rows[i].want);
	}
	assert_int_equal(store_number_next(x->store, "other", "", UINT64_MAX, &n, &f), -ERANGE);
	store_fixture_expect(store_commit(x->store, &f), &f);

	/* The last number there is has no next one, and is not given twice. */
	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_number_next(x->store, "intake", "", 1, &n, &f), -EINVAL);
	store_rollback(x->store);
}

static void a_reference_is_never_used_twice(void **state)
{
	struct store_fixture *x = *state;
	struct foi_case_opening c = store_fixture_opening("FOI 000001/18");
	struct fault f = { 0 };
	int64_t id = 99;

	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, 1, "FOI 000001/18");
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_case_add(x->store, &c, &id, &f), -EINVAL);
	assert_int_equal(id, 99);
	store_rollback(x->store);
}

static void a_case_is_found_by_its_keys(void **state)
{
	struct store_fixture *x = *state;
	struct foi_case_opening c = store_fixture_opening("FOI 000001/18");
	struct foi_case_opening review = store_fixture_opening("IR 000001/18");
	struct triage_case found = { 0 };
	struct fault f = { 0 };
	int64_t id;
	int64_t review_id;

	c.platform_address = "request-42-deadbeef@Example.net";
	review.platform_address = "request-42-deadbeef@example.net";
	review.kind = CASE_REVIEW;
	review.state = FOI_CASE_CLOSED;
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_case_add(x->store, &c, &id, &f), &f);
	review.parent = id;
	store_fixture_expect(store_case_add(x->store, &review, &review_id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);

	store_fixture_expect(
		store_case_by_reference(x->store, "FOI 000001/18", "JANE@EXAMPLE.ORG", &found, &f),
		&f);
	assert_int_equal(found.id, id);
	assert_string_equal(found.reference, "FOI 000001/18");
	assert_int_equal(found.kind, CASE_REQUEST);
	assert_true(found.is_open);
	assert_true(found.has_sender);
	store_fixture_expect(
		store_case_by_id(x->store, review_id, "eve@example.org", &found, &f), &f);
	assert_int_equal(found.kind, CASE_REVIEW);
	assert_false(found.is_open);
	assert_false(found.has_sender);
	store_fixture_expect(
		store_case_by_platform(x->store, "request-42-deadbeef@example.net", "", &found, &f),
		&f);
	assert_int_equal(found.id, id); /* the request, not its review */
	assert_false(found.has_sender);
	store_fixture_expect(
		store_case_by_reference(x->store, "FOI 000002/18", "", &found, &f), &f);
	assert_int_equal(found.id, 0);
	store_fixture_expect(store_case_by_platform(x->store, "", "", &found, &f), &f);
	assert_int_equal(found.id, 0);
}

static void nobody_has_no_place_on_a_case(void **state)
{
	struct store_fixture *x = *state;
	struct foi_case_opening c = store_fixture_opening("FOI 000001/18");
	struct triage_case found = { 0 };
	struct fault f = { 0 };
	int64_t id;

	c.requester = "";
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_case_add(x->store, &c, &id, &f), &f);
	store_fixture_expect(store_case_by_id(x->store, id, "", &found, &f), &f);
	assert_false(found.has_sender);
	store_rollback(x->store);
}

static void history_and_evidence_refuse_to_change(void **state)
{
	static const char *const rows[] = {
		"UPDATE event SET why = 'otherwise'",
		"DELETE FROM event",
		("REPLACE INTO event (id, case_id, message, at, actor, what, why)"
		 " SELECT id, case_id, message, at, actor, what, 'x' FROM event"),
		"UPDATE deadline SET due = '2018-07-14'",
		"DELETE FROM deadline",
		"UPDATE message SET internaldate = 1",
		"UPDATE message SET fate = 'automatic'",
		"DELETE FROM message",
		"UPDATE raw_mail SET bytes = x'00'",
		"UPDATE message SET case_id = 4711", /* FOREIGN KEY */
		"UPDATE foi_case SET state = 'lost'",
		"UPDATE foi_case SET reference = NULL",
	};
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	int64_t id;

	store_fixture_expect(store_begin(x->store, &f), &f);
	id = store_fixture_case(x, 1, "FOI 000001/18");
	store_fixture_expect(
		store_event_add(x->store, id, 0, 1, "daemon", "opened", "a request", &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = NULL;
		int code = sqlite3_exec(x->store->db, rows[i], NULL, NULL, &text);

		if ((code & 0xff) != SQLITE_CONSTRAINT)
			fail_msg("%s: %d %s", rows[i], code, text ? text : "");
		sqlite3_free(text);
	}
	assert_int_equal(
		store_fixture_number(x, "SELECT count(*) FROM event WHERE why = 'a request'"), 1);
}

static void an_event_is_about_something(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_event_add(x->store, 0, 0, 1, "daemon", "x", "", &f), -EINVAL);
	store_rollback(x->store);
}

static void faults_hold_nothing_of_the_mail(void **state)
{
	struct store_fixture *x = *state;
	struct foi_case_opening c = store_fixture_opening("FOI 000001/18");
	struct fault f = { 0 };
	int64_t id;

	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, 1, "FOI 000001/18");
	assert_int_equal(store_case_add(x->store, &c, &id, &f), -EINVAL);
	assert_null(text_find_ci(f.text, "jane"));
	assert_null(text_find_ci(f.text, "request for"));
	store_rollback(x->store);
}

static double seconds(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

/* Information only: what one commit a batch of 100 mails gives on this machine. */
static void ten_thousand_mails_go_in(void **state)
{
	enum { BATCH = 100, BATCHES = 100 };
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	double start = seconds();

	for (uint32_t i = 0; i < BATCHES; i++) {
		store_fixture_expect(store_begin(x->store, &f), &f);
		for (uint32_t j = 0; j < BATCH; j++) {
			char reference[REFERENCE_MAX];
			uint32_t uid = i * BATCH + j + 1;

			(void) snprintf(reference, sizeof reference, "FOI %06u/18", uid);
			(void) store_fixture_case(x, uid, reference);
		}
		store_fixture_expect(store_commit(x->store, &f), &f);
	}
	print_message("%.0f cases a second\n", BATCH * BATCHES / (seconds() - start));
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM foi_case"), 10000);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_have_no_gaps),
		TEST(a_reference_is_never_used_twice),
		TEST(a_case_is_found_by_its_keys),
		TEST(nobody_has_no_place_on_a_case),
		TEST(history_and_evidence_refuse_to_change),
		TEST(an_event_is_about_something),
		TEST(faults_hold_nothing_of_the_mail),
		TEST(ten_thousand_mails_go_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
