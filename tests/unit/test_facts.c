/* test_facts.c - what the store knows of the keys in a letter. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "flow/facts.h"
#include "tests/support/intake_world.h"
#include "tests/support/letter_builder.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define JANE	 "From: Jane Roe <jane@example.net>\n"
#define PLATFORM "request-4711-0a1b2c3d@asks.example.net"
#define ASKS	 "Under the Freedom of Information Act, how many bicycles does the force own?"

/* Case 1 is Jane's, case 2 came over the platform. */
static int set_up(void **state)
{
	struct intake_world *w;

	assert_int_equal(intake_world_setup((void **) &w), 0);
	intake_world_take(w, JANE "Subject: x\nMessage-ID: <one@example.net>\n", ASKS);
	intake_world_take(w,
		"From: Pat Coe <" PLATFORM ">\nMessage-ID: <ogm-9+5f0c1e2d3a4b5-1a2b@asks.example."
		"net>\nSubject: Freedom of Information request - Trams\n",
		ASKS " And trams?");
	assert_int_equal(w->out.cases[0].id, 2);
	*state = w;
	return 0;
}

/* One key at a time: where it is put decides where the case must be found. */
static const struct {
	const char *why;
	const char *sender;
	struct matching_keys keys;
	int64_t own;
	int64_t thread;
	int64_t embedded;
	int64_t platform;
	int64_t reference;
	bool has_sender; /* on the case that was found */
} rows[] = {
	{ .why = "no key", .sender = "jane@example.net" },
	{ .why = "own",
		.sender = "jane@example.net",
		.keys.own = "FOI 000001/18",
		.own = 1,
		.has_sender = true },
	{ .why = "thread, by a stranger",
		.sender = "alex@example.com",
		.keys.thread = "FOI 000001/18",
		.thread = 1 },
	{ .why = "embedded",
		.sender = "jane@example.net",
		.keys.embedded = "FOI 000001/18",
		.embedded = 1,
		.has_sender = true },
	{ .why = "platform",
		.sender = PLATFORM,
		.keys.platform_address = PLATFORM,
		.platform = 2,
		.has_sender = true },
	{ .why = "another request of the platform",
		.sender = PLATFORM,
		.keys.platform_address = "request-4712-0a1b2c3d@asks.example.net" },
	{ .why = "a reference",
		.sender = "JANE@example.net",
		.keys = { .references = { { .reference = "FOI 000001/18" } }, .n_references = 1 },
		.reference = 1,
		.has_sender = true },
	{ .why = "a reference of no case",
		.sender = "jane@example.net",
		.keys = { .references = { { .reference = "FOI 000099/18" } }, .n_references = 1 } },
};

static const struct facts_place inbox = { .is_in_junk = false };
static const struct facts_place junk = { .is_in_junk = true };

static void test_cases(void **state)
{
	struct intake_world *w = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(letter_freep) struct letter *l = NULL;
		struct triage_facts facts;
		struct store_seen seen;
		struct fault f = { 0 };
		char headers[128];

		print_message("%s\n", rows[i].why);
		(void) snprintf(headers, sizeof headers, "From: %s\n", rows[i].sender);
		l = letter_builder_new(headers, "x", NULL);
		store_fixture_expect(
			facts_gather(w->in.store, l, &rows[i].keys, &junk, &facts, &seen, &f), &f);
		assert_int_equal(facts.own.id, rows[i].own);
		assert_int_equal(facts.thread.id, rows[i].thread);
		assert_int_equal(facts.embedded.id, rows[i].embedded);
		assert_int_equal(facts.platform.id, rows[i].platform);
		assert_int_equal(facts.references[0].id, rows[i].reference);
		assert_int_equal(facts.own.has_sender || facts.thread.has_sender ||
					 facts.embedded.has_sender || facts.platform.has_sender ||
					 facts.references[0].has_sender,
			rows[i].has_sender);
		assert_int_equal(facts.is_in_junk, true);
		assert_int_equal(seen.message, 0);
	}
}

/* Each reference keeps its place, so that it fits the key beside it. */
static void test_places(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(letter_freep) struct letter *l = letter_builder_new(JANE, "x", NULL);
	struct matching_keys keys = { .references = { { .reference = "FOI 000099/18" },
					      { .reference = "FOI 000002/18" },
					      { .reference = "FOI 000001/18" } },
		.n_references = 3 };
	struct triage_facts facts;
	struct store_seen seen;

	assert_int_equal(facts_gather(w->in.store, l, &keys, &inbox, &facts, &seen, NULL), 0);
	assert_int_equal(facts.references[0].id, 0);
	assert_int_equal(facts.references[1].id, 2);
	assert_int_equal(facts.references[2].id, 1);
	assert_int_equal(facts.references[2].has_sender, true);
	assert_int_equal(facts.references[1].has_sender, false);
	assert_int_equal(facts.is_in_junk, false);
}

static const struct {
	const char *why;
	const char *id;
	const char *content; /* what was hashed */
	const char *platform_message;
	bool is_seen;
	bool is_id_only;
	bool is_platform;
	int64_t message;
} seen_rows[] = {
	{ "the same mail", "<one@example.net>", ASKS, "", true, false, false, 1 },
	{ "other words", "<one@example.net>", "other", "", false, true, false, 1 },
	{ "another mail", "<two@example.net>", ASKS, "", false, false, false, 0 },
	{ "no Message-ID at all", "", ASKS, "", false, false, false, 0 },
	{ "the platform sends it again under another tail", "<new@example.net>", "other",
		"ogm-9:" PLATFORM, false, false, true, 2 },
	{ "another message of the platform", "<new@example.net>", "other", "ogm-8:" PLATFORM, false,
		false, false, 0 },
	{ "the same mail wins over the platform's word", "<one@example.net>", ASKS,
		"ogm-9:" PLATFORM, true, false, true, 1 },
};

static void test_seen(void **state)
{
	struct intake_world *w = *state;

	for (size_t i = 0; i < COUNT(seen_rows); i++) {
		CLEANUP(letter_freep) struct letter *l = letter_builder_new(JANE, "x", NULL);
		struct matching_keys keys = { 0 };
		struct triage_facts facts;
		struct store_seen seen;
		struct fault f = { 0 };

		print_message("%s\n", seen_rows[i].why);
		free(l->message_id);
		l->message_id = strdup(seen_rows[i].id);
		assert_non_null(l->message_id);
		digest_sha256(seen_rows[i].content, strlen(seen_rows[i].content), l->content);
		(void) snprintf(keys.platform_message, sizeof keys.platform_message, "%s",
			seen_rows[i].platform_message);
		store_fixture_expect(
			facts_gather(w->in.store, l, &keys, &inbox, &facts, &seen, &f), &f);
		assert_int_equal(facts.is_seen, seen_rows[i].is_seen);
		assert_int_equal(facts.is_seen_id_only, seen_rows[i].is_id_only);
		assert_int_equal(facts.is_seen_platform, seen_rows[i].is_platform);
		assert_int_equal(seen.message, seen_rows[i].message);
	}
}

static void test_assume(void **state)
{
	struct matching_keys keys = { .own = "FOI 000001/18",
		.embedded = "FOI 000003/18",
		.platform_address = PLATFORM,
		.references = { { .reference = "FOI 000004/18", .in_new_text = true },
			{ .reference = "FOI 000005/18", .in_subject = true } },
		.n_references = 2 };
	struct triage_facts facts;

	(void) state;
	memset(&facts, 0xA5, sizeof facts);
	facts_assume(&keys, &facts);
	assert_true(facts.own.id < 0);
	assert_string_equal(facts.own.reference, "FOI 000001/18");
	assert_int_equal(facts.own.has_sender, true);
	assert_int_equal(facts.own.is_open, true);
	assert_int_equal(facts.own.kind, CASE_REQUEST);
	assert_int_equal(facts.thread.id, 0);
	assert_string_equal(facts.embedded.reference, "FOI 000003/18");
	assert_int_equal(facts.platform.id, 0);
	/* Also one in the text: a review finds its parent by it. */
	assert_string_equal(facts.references[0].reference, "FOI 000004/18");
	assert_int_equal(facts.references[0].has_sender, true);
	assert_string_equal(facts.references[1].reference, "FOI 000005/18");
	assert_int_equal(facts.is_seen, false);
	assert_int_equal(facts.is_in_junk, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cases, set_up, intake_world_teardown),
		cmocka_unit_test_setup_teardown(test_places, set_up, intake_world_teardown),
		cmocka_unit_test_setup_teardown(test_seen, set_up, intake_world_teardown),
		cmocka_unit_test(test_assume),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
