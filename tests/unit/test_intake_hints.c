/* test_intake_hints.c - hints are kept with a mail, and nothing else follows from them. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/intake_world.h"

#define HINTS                                                                                      \
	"SELECT coalesce(group_concat(json_extract(h.value, '$.hint'), ' '), '')"                  \
	" FROM message m JOIN message_text t ON t.message = m.id, json_each(t.hints) h"            \
	" WHERE m.uid = "
#define EVIDENCE                                                                                   \
	"SELECT json_extract(t.hints, '$[0].evidence') FROM message_text t JOIN message m"         \
	" ON m.id = t.message WHERE m.uid = "

/* As a campaign's page fills it in. */
#define CAMPAIGN                                                                                   \
	"Under the Freedom of Information Act please tell me how much public money was spent on "  \
	"the statue in the market square, who decided that it should be built, which firms were "  \
	"asked for an offer, and on which day the contract was signed.\n\nYours faithfully\n"

static void a_campaign_is_seen(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(
		w, "From: Jane Roe <jane@example.net>\nSubject: Statue\n", CAMPAIGN "Jane Roe");
	intake_world_expect_text(w, HINTS "1", "");
	intake_world_take(
		w, "From: Max Poe <max@example.com>\nSubject: Statue\n", CAMPAIGN "Max Poe");
	intake_world_expect_text(w, HINTS "2", "near-identical");
	assert_non_null(
		strstr(intake_world_text(w, EVIDENCE "2"), "as FOI 000001/18, from another"));
	/* It is a request as any other: a number, a clock and an acknowledgement of its own. */
	assert_int_equal(w->out.verdict.fate, FATE_REQUEST);
	assert_string_equal(w->out.cases[0].reference, "FOI 000002/18");
	assert_true(w->out.is_queued);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM case_link"), 0);
	intake_world_take(
		w, "From: Kim Foe <kim@example.org>\nSubject: Statue\n", CAMPAIGN "Kim Foe");
	assert_non_null(strstr(intake_world_text(w, EVIDENCE "3"), "and like at least 1 more"));
}

static void other_words_are_not_like_it(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(
		w, "From: Jane Roe <jane@example.net>\nSubject: Statue\n", CAMPAIGN "Jane Roe");
	intake_world_take(w, "From: Max Poe <max@example.com>\nSubject: Statue\n",
		"Under the Freedom of Information Act please tell me how many people have fallen "
		"over the steps of the statue in the market square since it was opened in May.");
	intake_world_expect_text(w, HINTS "2", "");
}

/* Platforms write the words of a review themselves. */
static void reviews_are_not_compared(void **state)
{
	struct intake_world *w = *state;
	static const char text[] =
		"Please pass this on to the person who conducts Freedom of Information reviews. I "
		"am "
		"writing to request an internal review of the handling of my request.";

	intake_world_take(w, "From: Jane Roe <jane@example.net>\nSubject: Review\n", text);
	intake_world_take(w, "From: Max Poe <max@example.com>\nSubject: Review\n", text);
	assert_int_equal(w->out.verdict.fate, FATE_REVIEW);
	intake_world_expect_text(w, HINTS "2", "");
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM likeness"), 0);
}

/* FOI 2000 s.10(1): it was received when the colleague received it. */
static void what_a_colleague_passes_on_is_not_answered(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, "From: Sam Lee <sam@authority.example.org>\nSubject: FW: Dogs\n",
		"For you?\n\nFrom: Jane Roe <jane@example.net>\nSent: 2 May 2018 10:12\n"
		"To: Sam Lee\nSubject: Dogs\n\nHow many dogs do you keep?");
	assert_int_equal(w->out.verdict.fate, FATE_TRIAGE);
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM outbox"), 0);
	intake_world_expect_text(w, HINTS "1", "forwarded");
	assert_non_null(strstr(intake_world_text(w, EVIDENCE "1"),
		"from \"Jane Roe <jane@example.net>\", dated \"2 May 2018 10:12\""));
	intake_world_expect_text(w, "SELECT requester FROM foi_case", "");
}

/* What is quoted of a mail stays with the mail. */
static void no_hint_is_in_the_history(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, "From: Dave <dave@example.net>\nSubject: Bin\n",
		"My bin was not collected. When will somebody come?");
	intake_world_expect_text(w, HINTS "1", "business-as-usual no-real-name");
	assert_int_equal(
		intake_world_number(w, "SELECT count(*) FROM event WHERE why LIKE '%business%'"),
		0);
	assert_true(w->out.is_queued);
}

static void without_a_clock_there_is_none(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, "From: Dave <dave@example.net>\nSubject: Dogs\n", "How many dogs?");
	intake_world_take(w, "From: Dave <dave@example.net>\nSubject: Re: FOI 000001/18\n",
		"Thank you for my bin.");
	assert_false(w->out.verdict.clock);
	intake_world_expect_text(w, HINTS "2", "");
	assert_int_equal(intake_world_number(w, "SELECT count(*) FROM likeness"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_campaign_is_seen),
		TEST(other_words_are_not_like_it),
		TEST(reviews_are_not_compared),
		TEST(what_a_colleague_passes_on_is_not_answered),
		TEST(no_hint_is_in_the_history),
		TEST(without_a_clock_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
