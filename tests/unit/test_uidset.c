/* test_uidset.c - sets of UIDs, by examples and against a naive bitmap. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/uidset.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void expect_text(const struct uidset *s, const char *expected)
{
	CLEANUP(freep) char *text = NULL;

	assert_int_equal(uidset_text(s, &text), 0);
	assert_string_equal(text, expected);
}

static void parse(const char *text, struct uidset *ret)
{
	assert_int_equal(uidset_parse(text, strlen(text), ret), 0);
}

static const struct {
	const char *why;
	const char *text;
	const char *canonical; /* NULL: refused */
} texts[] = {
	{ "empty", "", "" },
	{ "one", "7", "7" },
	{ "a range", "1:4", "1:4" },
	{ "several", "1:4,7,9:12", "1:4,7,9:12" },
	{ "touching ranges join", "1:4,5:6,7", "1:7" },
	{ "one apart stays apart", "1:4,6", "1:4,6" },
	{ "any order", "9:12,7,1:4", "1:4,7,9:12" },
	{ "the larger first", "4:1", "1:4" },
	{ "the same twice", "3,3,3:3", "3" },
	{ "one swallows many", "2,4,6,8,1:9", "1:9" },
	{ "a bridge between two", "1:3,5:8,4", "1:8" },
	{ "the largest", "4294967295", "4294967295" },
	{ "all there are", "1:4294967295", "1:4294967295" },
	{ "next to the largest", "4294967294,4294967295", "4294967294:4294967295" },
	{ "everything from a middle on, over what is there", "5,7,4:4294967295", "4:4294967295" },
	{ "zeros before", "007", "7" },
	{ "zero is no UID", "0", NULL },
	{ "nor a bound", "0:5", NULL },
	{ "on either side", "5:0", NULL },
	{ "over 32 bits", "4294967296", NULL },
	{ "over them and not zero", "4294967297", NULL },
	{ "far over", "99999999999999999999999", NULL },
	{ "a star", "1:*", NULL },
	{ "a star alone", "*", NULL },
	{ "comma first", ",1", NULL },
	{ "comma last", "1,", NULL },
	{ "two commas", "1,,2", NULL },
	{ "only a comma", ",", NULL },
	{ "half a range", "1:", NULL },
	{ "the other half", ":4", NULL },
	{ "two colons", "1:2:3", NULL },
	{ "a space", "1, 2", NULL },
	{ "a sign", "-1", NULL },
	{ "letters behind", "1a", NULL },
};

static void test_texts(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct uidset s = { 0 };

		print_message("%s\n", texts[i].why);
		assert_int_equal(uidset_parse(texts[i].text, strlen(texts[i].text), &s),
			texts[i].canonical ? 0 : -EINVAL);
		if (texts[i].canonical)
			expect_text(&s, texts[i].canonical);
		uidset_done(&s);
	}
}

/* Each of them before all others that are there: moved one by one they would take minutes. */
static void test_falling_uids_are_read_at_once(void **state)
{
	const unsigned n = 400000;
	const clock_t start = clock();
	size_t length = 0;
	char *text = malloc((size_t) n * 8 + 9);
	struct uidset s;

	(void) state;
	assert_non_null(text);
	for (unsigned i = 0; i < n; i++)
		length += (size_t) snprintf(text + length, 9, "%s%u", i ? "," : "", 2 * (n - i));
	assert_int_equal(uidset_parse(text, length, &s), 0);
	assert_int_equal(s.n, n);
	assert_int_equal(s.ranges[0].first, 2);
	assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
	uidset_done(&s);
	free(text);
}

static void test_parse_stops_at_its_length(void **state)
{
	struct uidset s;

	(void) state;
	assert_int_equal(uidset_parse("1:23456", 4, &s), 0);
	expect_text(&s, "1:23");
	uidset_done(&s);
	assert_null(s.ranges);
	assert_int_equal(s.n, 0);
}

static void test_failure_leaves_the_result_alone(void **state)
{
	struct uidset s = { 0 };

	(void) state;
	assert_int_equal(uidset_add(&s, 5, 6), 0);
	assert_int_equal(uidset_add(&s, 0, 6), -EINVAL);
	assert_int_equal(uidset_add(&s, 7, 6), -EINVAL);
	assert_int_equal(uidset_parse("1,x", 3, &s), -EINVAL);
	expect_text(&s, "5:6");
	uidset_done(&s);
	uidset_done(NULL);
}

static const struct {
	const char *why;
	const char *from;
	const char *taken;
	const char *rest;
} cuts[] = {
	{ "nothing from nothing", "", "", "" },
	{ "nothing", "1:4", "", "1:4" },
	{ "from nothing", "", "1:4", "" },
	{ "all", "1:4", "1:4", "" },
	{ "more than there is", "2:3", "1:4", "" },
	{ "the beginning", "1:4", "1:2", "3:4" },
	{ "the end", "1:4", "3:9", "1:2" },
	{ "the middle", "1:9", "4:6", "1:3,7:9" },
	{ "several holes", "1:9", "2,4,9", "1,3,5:8" },
	{ "beside it", "5:6", "4,7", "5:6" },
	{ "over a gap", "1:3,7:9", "3:7", "1:2,8:9" },
	{ "up to the largest", "1:4294967295", "2:4294967295", "1" },
	{ "the largest only", "4294967290:4294967295", "4294967295", "4294967290:4294967294" },
};

static void test_subtract(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(cuts); i++) {
		struct uidset s;
		struct uidset taken;

		print_message("%s\n", cuts[i].why);
		parse(cuts[i].from, &s);
		parse(cuts[i].taken, &taken);
		assert_int_equal(uidset_subtract(&s, &taken), 0);
		expect_text(&s, cuts[i].rest);
		expect_text(&taken, cuts[i].taken);
		uidset_done(&s);
		uidset_done(&taken);
	}
}

static void test_merge(void **state)
{
	struct uidset s;
	struct uidset other;

	(void) state;
	parse("2:4,9", &s);
	parse("1,5:7,9:10,4294967295", &other);
	assert_int_equal(uidset_merge(&s, &other), 0);
	expect_text(&s, "1:7,9:10,4294967295");
	expect_text(&other, "1,5:7,9:10,4294967295");
	uidset_done(&s);
	uidset_done(&other);
}

static void test_count_is_wide(void **state)
{
	struct uidset s;

	(void) state;
	parse("1:4294967295", &s);
	assert_int_equal(uidset_count(&s), UINT32_MAX);
	assert_int_equal(uidset_has(&s, 0), false);
	assert_int_equal(uidset_has(&s, UINT32_MAX), true);
	uidset_done(&s);
}

/* ---- against a bitmap ------------------------------------------------------------------------ */

enum {
	UNIVERSE = 200,
	ROUNDS = 20000,
};

/* A small generator, so that a failure comes again: Marsaglia's xorshift. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void random_range(uint32_t *seed, uint32_t *first, uint32_t *last)
{
	*first = 1 + next_random(seed) % UNIVERSE;
	*last = *first + next_random(seed) % 12;
	if (*last > UNIVERSE)
		*last = UNIVERSE;
}

static void mark(char *bitmap, uint32_t first, uint32_t last, char value)
{
	for (uint32_t uid = first; uid <= last; uid++)
		bitmap[uid] = value;
}

static void expect_invariants(const struct uidset *s)
{
	for (size_t i = 0; i < s->n; i++) {
		assert_in_range(s->ranges[i].first, 1, s->ranges[i].last);
		if (i > 0) /* sorted, apart, and never touching */
			assert_in_range(s->ranges[i].first, s->ranges[i - 1].last + 2, UINT32_MAX);
	}
}

static void expect_same(const struct uidset *s, const char *bitmap)
{
	uint64_t n = 0;

	expect_invariants(s);
	for (uint32_t uid = 0; uid <= UNIVERSE + 1; uid++) {
		assert_int_equal(uidset_has(s, uid), bitmap[uid]);
		n += (uint64_t) bitmap[uid];
	}
	assert_int_equal(uidset_count(s), n);
}

static void expect_round_trip(const struct uidset *s, const char *bitmap)
{
	CLEANUP(freep) char *text = NULL;
	struct uidset again;

	assert_int_equal(uidset_text(s, &text), 0);
	parse(text, &again);
	expect_same(&again, bitmap);
	uidset_done(&again);
}

static void take_away(struct uidset *s, uint32_t *seed, char *bitmap)
{
	struct uidset taken = { 0 };

	for (unsigned i = next_random(seed) % 6; i > 0; i--) {
		uint32_t first;
		uint32_t last;

		random_range(seed, &first, &last);
		assert_int_equal(uidset_add(&taken, first, last), 0);
		mark(bitmap, first, last, 0);
	}
	assert_int_equal(uidset_subtract(s, &taken), 0);
	uidset_done(&taken);
}

static void test_against_a_bitmap(void **state)
{
	char bitmap[UNIVERSE + 2] = { 0 };
	struct uidset s = { 0 };
	uint32_t seed = 2018;

	(void) state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint32_t first;
		uint32_t last;

		random_range(&seed, &first, &last);
		assert_int_equal(uidset_add(&s, first, last), 0);
		mark(bitmap, first, last, 1);
		if (next_random(&seed) % 3 == 0)
			take_away(&s, &seed, bitmap);
		expect_same(&s, bitmap);
		if (i % 100 == 0)
			expect_round_trip(&s, bitmap);
	}
	uidset_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_falling_uids_are_read_at_once),
		cmocka_unit_test(test_parse_stops_at_its_length),
		cmocka_unit_test(test_failure_leaves_the_result_alone),
		cmocka_unit_test(test_subtract),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_count_is_wide),
		cmocka_unit_test(test_against_a_bitmap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
