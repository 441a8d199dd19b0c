/* test_foi_move.c - the tables of moves and outcomes are whole, and say what the law says. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "domain/foi_part_internal.h"

/* Words go into stores and scripts: they never change. */
static const char *const words[FOI_MOVE_COUNT] = { "acknowledged", "clarification-asked",
	"clarified", "fee-asked", "fee-paid", "exemption", "extended-public-interest",
	"notice-given", "extended-complex", "extended-review", "regime", "partly-answered",
	"responded", "withdrawn", "transferred", "holding-told", "lapsed", "invalid",
	"business-as-usual", "subject-access", "narrowed", "part-added", "closed",
	"regulator-opened", "regulator-closed", "undone" };

static void every_move_is_whole(void **state)
{
	(void) state;
	for (unsigned i = 0; i < FOI_MOVE_COUNT; i++) {
		const struct foi_move_row *row = foi_move_of((enum foi_move) i);
		enum foi_move found = FOI_MOVE_COUNT;
		bool is_known = false;

		assert_string_equal(row->word, words[i]);
		assert_int_equal(foi_move_parse(row->word, &found), 0);
		assert_int_equal(found, i);
		assert_non_null(row->title);
		assert_int_not_equal(row->kinds, 0);
		assert_int_not_equal(row->from, 0);
		assert_int_equal(
			((row->needs | row->may) & FOI_DETAIL_TEXT) != 0, row->text_is != NULL);
		for (unsigned law = 0; law < STATUTE_REGIME_COUNT; law++)
			is_known = is_known || row->law[law];
		assert_true(is_known);
		/* What is about a part does something to it. */
		assert_int_equal(foi_part_functions[i] == NULL, row->is_of_case);
	}
}

static void unknown_words_are_none(void **state)
{
	static const char *const none[] = { "", "Responded", "respond", "responded " };
	enum foi_move move = FOI_MOVE_CLOSED;
	enum foi_outcome outcome = FOI_OUTCOME_GRANTED;

	(void) state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(foi_move_parse(none[i], &move), -EINVAL);
	assert_int_equal(move, FOI_MOVE_CLOSED);
	assert_int_equal(foi_outcome_parse("Granted", &outcome), -EINVAL);
	assert_int_equal(outcome, FOI_OUTCOME_GRANTED);
}

/* Which law knows which move; where it does, the provision is named. */
static const struct {
	enum foi_move move;
	const char *foia, *eir, *foisa, *sar; /* a part of the citation; NULL: unknown to it */
} laws[] = {
	{ FOI_MOVE_CLARIFICATION_ASKED, "s.1(3)", "reg 9(2)", "FOISA 2002 s.1(3)", NULL },
	{ FOI_MOVE_FEE_ASKED, "s.10(2)", "reg 8", NULL, NULL },
	{ FOI_MOVE_EXTENDED_INTEREST, "s.10(3)", NULL, NULL, NULL },
	{ FOI_MOVE_NOTICE_GIVEN, "s.17(1)", NULL, NULL, NULL },
	{ FOI_MOVE_EXTENDED_COMPLEX, NULL, "reg 7(1)", NULL, NULL },
	{ FOI_MOVE_EXTENDED_REVIEW, "Code of Practice", NULL, NULL, NULL },
	{ FOI_MOVE_TRANSFERRED, "s.1(1)(a)", "reg 10", "s.15", NULL },
	{ FOI_MOVE_INVALID, "s.8(1)", NULL, "s.8(1)", NULL },
	{ FOI_MOVE_SUBJECT_ACCESS, "s.40(1)", "reg 5(3)", "s.38(1)(a)", NULL },
	{ FOI_MOVE_NARROWED, "s.12", NULL, "s.12", NULL },
};

static void check_law(const char *has, const char *wanted, const char *word)
{
	if ((has == NULL) != (wanted == NULL))
		fail_msg("%s: %s", word, has ? has : "unknown");
	if (wanted && !strstr(has, wanted))
		fail_msg("%s: %s, expected %s", word, has, wanted);
}

static void each_law_knows_its_own_moves(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
		const struct foi_move_row *row = foi_move_of(laws[i].move);

		check_law(row->law[STATUTE_FOIA], laws[i].foia, row->word);
		check_law(row->law[STATUTE_EIR], laws[i].eir, row->word);
		check_law(row->law[STATUTE_FOISA], laws[i].foisa, row->word);
		check_law(row->law[STATUTE_SAR], laws[i].sar, row->word);
	}
}

static void every_outcome_is_whole(void **state)
{
	(void) state;
	for (unsigned i = 1; i < FOI_OUTCOME_COUNT; i++) {
		const struct foi_outcome_row *row = foi_outcome_of((enum foi_outcome) i);
		enum foi_outcome found = FOI_OUTCOME_NONE;

		assert_int_equal(foi_outcome_parse(row->word, &found), 0);
		assert_int_equal(found, i);
		assert_non_null(row->title);
		assert_true(islower((unsigned char) row->word[0]));
		assert_true(row->is_answer || !row->is_of_review);
	}
	assert_int_equal(
		foi_outcome_check(FOI_OUTCOME_NONE, CASE_REQUEST, STATUTE_FOIA, NULL), -EPERM);
	assert_int_equal(foi_outcome_check(FOI_OUTCOME_COST, CASE_REQUEST, STATUTE_FOISA, NULL), 0);
	assert_int_equal(
		foi_outcome_check(FOI_OUTCOME_COST, CASE_REQUEST, STATUTE_EIR, NULL), -EPERM);
	assert_int_equal(foi_outcome_check(FOI_OUTCOME_UPHELD, CASE_REVIEW, STATUTE_EIR, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_move_is_whole),
		cmocka_unit_test(unknown_words_are_none),
		cmocka_unit_test(each_law_knows_its_own_moves),
		cmocka_unit_test(every_outcome_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
