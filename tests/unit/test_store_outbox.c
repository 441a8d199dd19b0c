/* test_store_outbox.c - queued once, sent at least once, marked truly. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"

static const char mail[] = "To: jane@example.org\r\n\r\nThank you.\r\n";

static struct store_outbox acknowledgement(int64_t case_id, const char *message_id)
{
	return (struct store_outbox){
		.case_id = case_id,
		.mailbox = "foi",
		.kind = "acknowledgement",
		.message_id = message_id,
		.from = "foi@example.com",
		.to = "Jane@example.org",
		.bytes = mail,
		.n = sizeof mail - 1,
		.wants_copy = true,
		.tells_due = true,
		.due_told = store_fixture_day("2018-06-14"),
		.created_at = 100,
		.next_try = 100,
	};
}

/* Begins a transaction with a case and its queued acknowledgement in it. Return: its id. */
static int64_t queue(struct store_fixture *x, uint32_t uid, int64_t next_try)
{
	char reference[REFERENCE_MAX];
	char message_id[64];
	struct store_outbox o;
	struct fault f = { 0 };
	int64_t id;

	(void) snprintf(reference, sizeof reference, "FOI %06u/18", uid);
	(void) snprintf(message_id, sizeof message_id, "<foi.m.%u@example.com>", uid);
	store_fixture_expect(store_begin(x->store, &f), &f);
	o = acknowledgement(store_fixture_case(x, uid, reference), message_id);
	o.next_try = next_try;
	store_fixture_expect(store_outbox_add(x->store, &o, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	return id;
}

static void mark(struct store_fixture *x, const struct store_outbox_result *result, int want)
{
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_outbox_mark(x->store, result, &f), want);
	if (want < 0)
		store_rollback(x->store);
	else
		store_fixture_expect(store_commit(x->store, &f), &f);
}

struct seen {
	struct store *store;
	int64_t ids[8];
	size_t n;
	int answer;
};

static int note(void *context, const struct store_outbox *o)
{
	struct seen *seen = context;

	seen->ids[seen->n++] = o->id;
	return seen->answer;
}

static int look_closely(void *context, const struct store_outbox *o)
{
	struct seen *seen = context;

	assert_string_equal(o->mailbox, "foi");
	assert_string_equal(o->kind, "acknowledgement");
	assert_string_equal(o->reference, "FOI 000001/18");
	assert_string_equal(o->message_id, "<foi.m.1@example.com>");
	assert_string_equal(o->from, "foi@example.com");
	assert_string_equal(o->to, "Jane@example.org");
	assert_int_equal(o->n, sizeof mail - 1);
	assert_memory_equal(o->bytes, mail, o->n);
	assert_true(o->wants_copy);
	assert_true(o->tells_due);
	assert_int_equal(o->due_told.n, store_fixture_day("2018-06-14").n);
	assert_int_equal(o->state, STORE_OUTBOX_QUEUED);
	assert_int_equal(o->tries, 0);
	assert_int_equal(o->created_at, 100);
	assert_int_equal(o->next_try, 150);
	return note(seen, o);
}

static void a_queued_mail_is_given_back_whole(void **state)
{
	struct store_fixture *x = *state;
	struct seen seen = { 0 };
	struct fault f = { 0 };
	int64_t when = 99;

	store_fixture_expect(store_outbox_next(x->store, &when, &f), &f);
	assert_int_equal(when, 0);
	(void) queue(x, 1, 150);
	store_fixture_expect(store_outbox_next(x->store, &when, &f), &f);
	assert_int_equal(when, 150);
	store_fixture_expect(store_outbox_due(x->store, 149, 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 0);
	store_fixture_expect(store_outbox_due(x->store, 150, 8, look_closely, &seen, &f), &f);
	assert_int_equal(seen.n, 1);
}

static void a_case_is_acknowledged_once(void **state)
{
	struct store_fixture *x = *state;
	struct store_outbox o;
	struct fault f = { 0 };
	int64_t id = 99;
	int64_t case_id;

	(void) queue(x, 1, 100);
	case_id = store_fixture_number(x, "SELECT case_id FROM outbox");
	o = acknowledgement(case_id, "<foi.m.another@example.com>");
	store_fixture_expect(store_begin(x->store, &f), &f);
	assert_int_equal(store_outbox_add(x->store, &o, &id, &f), -EEXIST);
	assert_int_equal(id, 99);
	o.state = STORE_OUTBOX_HELD;
	assert_int_equal(store_outbox_add(x->store, &o, &id, &f), -EEXIST);

	/* Another kind is no acknowledgement, and one about no case is possible. */
	o.kind = "digest";
	store_fixture_expect(store_outbox_add(x->store, &o, &id, &f), &f);
	o.case_id = 0;
	o.message_id = "<digest@example.com>";
	store_fixture_expect(store_outbox_add(x->store, &o, &id, &f), &f);
	o.state = STORE_OUTBOX_SENT;
	assert_int_equal(store_outbox_add(x->store, &o, &id, &f), -EINVAL);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM outbox"), 3);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM outbox_mail"), 3);
}

static void what_is_due_comes_oldest_first(void **state)
{
	struct store_fixture *x = *state;
	struct seen seen = { 0 };
	struct fault f = { 0 };
	int64_t late = queue(x, 1, 300);
	int64_t early = queue(x, 2, 100);
	int64_t middle = queue(x, 3, 200);

	store_fixture_expect(store_outbox_due(x->store, 250, 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.ids[0], early);
	assert_int_equal(seen.ids[1], middle);
	seen.n = 0;
	store_fixture_expect(store_outbox_due(x->store, 300, 1, note, &seen, &f), &f);
	assert_int_equal(seen.n, 1);
	seen = (struct seen){ .answer = -EINTR };
	assert_int_equal(store_outbox_due(x->store, 300, 8, note, &seen, &f), -EINTR);
	assert_int_equal(seen.n, 1);
	(void) late;
}

static int write_inside(void *context, const struct store_outbox *o)
{
	struct seen *seen = context;
	const struct store_outbox_result result = { .id = o->id, .state = STORE_OUTBOX_SENDING };
	struct fault f = { 0 };

	assert_int_equal(store_outbox_mark(seen->store, &result, &f), -EDEADLK);
	return note(context, o);
}

static void a_walk_may_not_write(void **state)
{
	struct store_fixture *x = *state;
	struct seen seen = { .store = x->store };
	struct fault f = { 0 };

	(void) queue(x, 1, 100);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_outbox_due(x->store, 100, 8, write_inside, &seen, &f), &f);
	assert_int_equal(seen.n, 1);
	assert_int_equal(store_commit(x->store, &f), -ECANCELED);
}

static void a_verdict_is_kept(void **state)
{
	struct store_fixture *x = *state;
	struct seen seen = { 0 };
	struct fault f = { 0 };
	int64_t id = queue(x, 1, 100);
	int64_t when = 0;

	mark(x, &(struct store_outbox_result){ .id = id, .state = STORE_OUTBOX_SENDING, .at = 100 },
		0);
	store_fixture_expect(store_outbox_due(x->store, 1000, 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 0);
	mark(x,
		&(struct store_outbox_result){ .id = id,
			.state = STORE_OUTBOX_QUEUED,
			.at = 101,
			.next_try = 500,
			.code = 451,
			.status = "4.7.1",
			.reply = "try later",
			.is_try = true },
		0);
	store_fixture_expect(store_outbox_next(x->store, &when, &f), &f);
	assert_int_equal(when, 500);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM outbox WHERE code = 451"
						 " AND reply = 'try later' AND tries = 1"),
		1);
	/* Handed over again: the last reply is still to be seen. */
	mark(x, &(struct store_outbox_result){ .id = id, .state = STORE_OUTBOX_SENDING, .at = 500 },
		0);
	assert_int_equal(store_fixture_number(x, "SELECT code FROM outbox"), 451);
	mark(x,
		&(struct store_outbox_result){ .id = id,
			.state = STORE_OUTBOX_SENT,
			.at = 501,
			.code = 250,
			.status = "2.0.0",
			.reply = "queued",
			.is_try = true },
		0);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM outbox WHERE sent_at = 501"
						 " AND tries = 2 AND code = 250"
						 " AND next_try IS NULL"),
		1);
	/* Sent is final: whatever a late or repeated verdict says. */
	mark(x,
		&(struct store_outbox_result){
			.id = id, .state = STORE_OUTBOX_QUEUED, .at = 502, .next_try = 503 },
		-EALREADY);
	mark(x, &(struct store_outbox_result){ .id = 4711, .state = STORE_OUTBOX_SENT, .at = 1 },
		-ENOENT);
	store_fixture_expect(store_outbox_next(x->store, &when, &f), &f);
	assert_int_equal(when, 0);
}

static void what_was_in_hand_goes_back_to_the_queue(void **state)
{
	struct store_fixture *x = *state;
	struct seen seen = { 0 };
	struct fault f = { 0 };
	int64_t sending = queue(x, 1, 100);
	int64_t sent = queue(x, 2, 100);
	size_t n = 0;

	mark(x, &(struct store_outbox_result){ .id = sending, .state = STORE_OUTBOX_SENDING }, 0);
	mark(x, &(struct store_outbox_result){ .id = sent, .state = STORE_OUTBOX_SENT, .at = 9 },
		0);
	store_fixture_reopen(x);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_outbox_requeue(x->store, 700, &n, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(n, 1);
	store_fixture_expect(store_outbox_due(x->store, 700, 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.ids[0], sending);
}

static void a_copy_is_filed_once(void **state)
{
	struct store_fixture *x = *state;
	struct seen seen = { 0 };
	struct fault f = { 0 };
	int64_t id = queue(x, 1, 100);

	store_fixture_expect(store_outbox_unfiled(x->store, "foi", 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 0); /* not sent yet */
	mark(x, &(struct store_outbox_result){ .id = id, .state = STORE_OUTBOX_SENT, .at = 9 }, 0);
	store_fixture_expect(store_outbox_unfiled(x->store, "eir", 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 0);
	store_fixture_expect(store_outbox_unfiled(x->store, "foi", 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 1);
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_outbox_filed(x->store, id, 10, &f), &f);
	assert_int_equal(store_outbox_filed(x->store, id, 11, &f), -ENOENT);
	store_fixture_expect(store_commit(x->store, &f), &f);
	seen.n = 0;
	store_fixture_expect(store_outbox_unfiled(x->store, "foi", 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 0);
}

static void no_copy_is_filed_that_nobody_wants(void **state)
{
	struct store_fixture *x = *state;
	struct seen seen = { 0 };
	struct fault f = { 0 };
	struct store_outbox o = acknowledgement(0, "<foi.m.1@example.com>");
	int64_t id;

	o.wants_copy = false;
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_outbox_add(x->store, &o, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	mark(x, &(struct store_outbox_result){ .id = id, .state = STORE_OUTBOX_SENT, .at = 9 }, 0);
	store_fixture_expect(store_outbox_unfiled(x->store, "foi", 8, note, &seen, &f), &f);
	assert_int_equal(seen.n, 0);
}

/* One more, made at @at. */
static void add_counted(
	struct store_fixture *x, uint32_t uid, const char *counted_as, int64_t at, enum hold hold)
{
	char reference[REFERENCE_MAX];
	char message_id[64];
	struct store_outbox o;
	struct fault f = { 0 };
	int64_t id;

	(void) snprintf(reference, sizeof reference, "FOI %06u/18", uid);
	(void) snprintf(message_id, sizeof message_id, "<foi.m.%u@example.com>", uid);
	store_fixture_expect(store_begin(x->store, &f), &f);
	o = acknowledgement(store_fixture_case(x, uid, reference), message_id);
	o.counted_as = counted_as;
	o.created_at = at;
	o.hold = hold;
	o.state = hold == HOLD_NONE ? STORE_OUTBOX_QUEUED : STORE_OUTBOX_HELD;
	store_fixture_expect(store_outbox_add(x->store, &o, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
}

static void acknowledgements_are_counted_by_sender_and_time(void **state)
{
	static const struct {
		const char *name;
		struct store_outbox_span span;
		unsigned expected;
	} rows[] = {
		{ "both ends of the span count", { "jane", HOLD_NONE, 100, 102, 9 }, 3 },
		{ "what is older does not", { "jane", HOLD_NONE, 101, 200, 9 }, 2 },
		{ "nor what is newer", { "jane", HOLD_NONE, 0, 101, 9 }, 2 },
		{ "counted no further than is asked", { "jane", HOLD_NONE, 0, 200, 2 }, 2 },
		{ "another sender has others", { "eve", HOLD_NONE, 0, 200, 9 }, 1 },
		{ "one that has none", { "joe", HOLD_NONE, 0, 200, 9 }, 0 },
		{ "to whomever", { NULL, HOLD_NONE, 0, 200, 9 }, 4 },
		{ "held ones apart", { NULL, HOLD_HOUR_LIMIT, 0, 200, 9 }, 1 },
		{ "of one sender", { "jane", HOLD_HOUR_LIMIT, 0, 200, 9 }, 1 },
		{ "by their reason", { "jane", HOLD_SENDER_LIMIT, 0, 200, 9 }, 0 },
	};
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	uint64_t n = 0;

	for (uint32_t i = 0; i < 3; i++)
		add_counted(x, i + 1, "jane", 100 + i, HOLD_NONE);
	add_counted(x, 4, "eve", 101, HOLD_NONE);
	add_counted(x, 5, "jane", 101, HOLD_HOUR_LIMIT);
	/* Sent, failed or released by an officer: each stays what it was counted as. */
	mark(x, &(struct store_outbox_result){ .id = 1, .state = STORE_OUTBOX_SENT, .at = 9 }, 0);
	mark(x, &(struct store_outbox_result){ .id = 2, .state = STORE_OUTBOX_FAILED }, 0);
	mark(x, &(struct store_outbox_result){ .id = 5, .state = STORE_OUTBOX_QUEUED }, 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		store_fixture_expect(store_outbox_count(x->store, &rows[i].span, &n, &f), &f);
		if (n != rows[i].expected)
			fail_msg("%s: %u", rows[i].name, (unsigned) n);
	}
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_queued_mail_is_given_back_whole),
		TEST(a_case_is_acknowledged_once),
		TEST(what_is_due_comes_oldest_first),
		TEST(a_walk_may_not_write),
		TEST(a_verdict_is_kept),
		TEST(what_was_in_hand_goes_back_to_the_queue),
		TEST(a_copy_is_filed_once),
		TEST(no_copy_is_filed_that_nobody_wants),
		TEST(acknowledgements_are_counted_by_sender_and_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
