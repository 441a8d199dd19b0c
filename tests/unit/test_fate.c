/* test_fate.c - the words that are stored, logged and shown: they must never change. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/fate.h"
#include "domain/foi_case.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
	enum fate fate;
	const char *word;
} fates[] = {
	{ FATE_REQUEST, "request" },
	{ FATE_REVIEW, "review" },
	{ FATE_CORRESPONDENCE, "correspondence" },
	{ FATE_BOUNCE, "bounce" },
	{ FATE_AUTOMATIC, "automatic" },
	{ FATE_OWN, "own" },
	{ FATE_DUPLICATE, "duplicate" },
	{ FATE_TRIAGE, "triage" },
	{ FATE_UNREADABLE, "unreadable" },
};

static const char *const no_words[] = { "", "Request", "request ", "requests", "none" };

static void test_fates(void **state)
{
	enum fate fate = FATE_OWN;

	(void) state;
	assert_int_equal(COUNT(fates), FATE_COUNT);
	for (size_t i = 0; i < COUNT(fates); i++) {
		assert_string_equal(fate_word(fates[i].fate), fates[i].word);
		assert_int_equal(fate_of(fates[i].word, &fate), 0);
		assert_int_equal(fate, fates[i].fate);
	}
	fate = FATE_OWN;
	for (size_t i = 0; i < COUNT(no_words); i++)
		assert_int_equal(fate_of(no_words[i], &fate), -EINVAL);
	assert_int_equal(fate, FATE_OWN);
}

static void test_kinds(void **state)
{
	enum case_kind kind = CASE_REVIEW;

	(void) state;
	assert_string_equal(case_kind_word(CASE_REQUEST), "request");
	assert_string_equal(case_kind_word(CASE_REVIEW), "review");
	assert_int_equal(case_kind_of("request", &kind), 0);
	assert_int_equal(kind, CASE_REQUEST);
	assert_int_equal(case_kind_of("review", &kind), 0);
	assert_int_equal(kind, CASE_REVIEW);
	for (size_t i = 0; i < COUNT(no_words); i++)
		assert_int_equal(case_kind_of(no_words[i], &kind), -EINVAL);
	assert_int_equal(case_kind_of("bounce", &kind), -EINVAL);
	assert_int_equal(kind, CASE_REVIEW);
}

static void test_answers(void **state)
{
	(void) state;
	assert_int_equal(ACKNOWLEDGE_COUNT, 3);
	assert_string_equal(acknowledge_word(ACKNOWLEDGE_NO), "no");
	assert_string_equal(acknowledge_word(ACKNOWLEDGE_HOLD), "hold");
	assert_string_equal(acknowledge_word(ACKNOWLEDGE_SEND), "send");
}

static void test_states(void **state)
{
	static const char *const words[] = { "open", "triage", "waiting", "answered", "closed" };
	enum foi_case_state found = FOI_CASE_CLOSED;

	(void) state;
	assert_int_equal(COUNT(words), FOI_CASE_STATE_COUNT);
	for (unsigned i = 0; i < COUNT(words); i++) {
		assert_string_equal(foi_case_state_word((enum foi_case_state) i), words[i]);
		assert_int_equal(foi_case_state_of(words[i], &found), 0);
		assert_int_equal(found, i);
	}
	for (size_t i = 0; i < COUNT(no_words); i++)
		assert_int_equal(foi_case_state_of(no_words[i], &found), -EINVAL);
	assert_int_equal(found, FOI_CASE_CLOSED);
}

/* The bits are stored: a flag that changed its place would change what old cases say. */
static const struct {
	unsigned bit;
	const char *word;
} flags[] = {
	{ 1, "receipt-disputed" },
	{ 2, "provisional" },
	{ 4, "subject-access" },
	{ 8, "no-parent" },
	{ 16, "unreadable" },
	{ 32, "not-acknowledged" },
	{ 64, "suspect" },
	{ 128, "added-questions" },
	{ 256, "review-late" },
	{ 512, "told-otherwise" },
	{ 1024, "regulator" },
	{ 2048, "reply-unsure" },
	{ 4096, "rebuilt" },
};

static void test_flags(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(flags); i++)
		assert_string_equal(foi_case_flag_word(flags[i].bit), flags[i].word);
	assert_null(foi_case_flag_word(0));
	assert_null(foi_case_flag_word(1 << COUNT(flags)));
	assert_null(foi_case_flag_word(FOI_CASE_PROVISIONAL | FOI_CASE_SUSPECT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fates),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
