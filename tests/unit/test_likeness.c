/* test_likeness.c - how near two texts are. */
/* SPDX-License-Identifier: MIT */
#include "domain/likeness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Of the letter below. */
#define KNOWN_HASH 0x4381e27
#define KNOWN_BAND INT64_C(4079165587798625131)

#define CAMPAIGN                                                                                   \
	"Under the Freedom of Information Act I would like to know how much public money was "     \
	"spent on the statue in the market square, who decided that it should be built, which "    \
	"firms were asked for an offer, what each of them offered, and on which day the contract " \
	"was signed. Please also send me the minutes of every meeting at which the statue was "    \
	"discussed, and the correspondence with the sculptor from 2023 to 2025. I would like to "  \
	"receive the answer by e-mail, in a form that can be searched. "

static const struct row {
	const char *why;
	const char *a;
	const char *b;
	unsigned from; /* numbers in common: at least, ... */
	unsigned to;   /* ... and at most */
} rows[] = {
	{ "the same", CAMPAIGN, CAMPAIGN, 32, 32 },
	{ "another name below", CAMPAIGN "Yours, Jane Roe", CAMPAIGN "Yours, Max Poe", 28, 32 },
	{ "letter case, points and lines do not count",
		"How many dogs, cats and red birds were there in the town of Mercia on that day?",
		"how many DOGS cats\nand red birds - were there in the town of Mercia on that day",
		32, 32 },
	{ "a sentence of one's own", CAMPAIGN,
		CAMPAIGN "I have lived here for forty years and never saw such a thing.", 24, 32 },
	{ "another letter on the same matter", CAMPAIGN,
		"Can you please tell me what the statue in the market square has cost so far, and "
		"whether the council has asked more than one firm for an offer before it was "
		"built?",
		0, 8 },
	{ "nothing in common", CAMPAIGN,
		"How many bicycles were stolen at the railway station last winter, and how many of "
		"them were found again by the police or by anybody else?",
		0, 0 },
	{ "the paragraphs in another order",
		"How many dogs does the town of Mercia keep in its own kennels today? What did the "
		"town of Mercia pay for the food of all its animals last year?",
		"What did the town of Mercia pay for the food of all its animals last year? How "
		"many "
		"dogs does the town of Mercia keep in its own kennels today?",
		24, 32 },
};

static void texts_are_as_near_as_they_say(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct likeness a;
		struct likeness b;
		unsigned n;

		assert_int_equal(likeness_sketch(rows[i].a, &a), 1);
		assert_int_equal(likeness_sketch(rows[i].b, &b), 1);
		n = likeness_compare(&a, &b);
		if (n < rows[i].from || n > rows[i].to)
			fail_msg("%s: %u", rows[i].why, n);
	}
}

static void short_texts_have_none(void **state)
{
	struct likeness l = { .hashes = { 7 } };

	(void) state;
	assert_int_equal(likeness_sketch("", &l), 0);
	assert_int_equal(
		likeness_sketch("Please find my request attached. Kind regards, J Roe", &l), 0);
	assert_int_equal(likeness_sketch("1 2 3 4 5 6 7 8 9 10 11 12 13 14", &l), 0);
	assert_int_equal(l.hashes[0], 7);
	assert_int_equal(likeness_sketch("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", &l), 1);
}

/* Sketches are kept for years: another number here would compare them wrongly. */
static void a_sketch_never_changes(void **state)
{
	struct likeness l;
	struct likeness again;
	uint8_t bytes[LIKENESS_BYTES];

	(void) state;
	assert_int_equal(likeness_sketch(CAMPAIGN, &l), 1);
	likeness_pack(&l, bytes);
	likeness_unpack(bytes, &again);
	assert_memory_equal(&l, &again, sizeof l);
	assert_int_equal(l.hashes[0], KNOWN_HASH);
	assert_int_equal(bytes[0], KNOWN_HASH >> 24);
	assert_int_equal(likeness_band(&l, 0), KNOWN_BAND);
	for (unsigned i = 1; i < LIKENESS_BANDS; i++)
		assert_true(likeness_band(&l, i) != likeness_band(&l, 0));
}

/* One word changed in a letter of a hundred: a band is shared nearly always, by which it is found. */
static void near_texts_share_a_band(void **state)
{
	size_t found = 0;

	(void) state;
	for (unsigned i = 0; i < 200; i++) {
		char text[2048];
		struct likeness a;
		struct likeness b;
		bool is_shared = false;

		(void) snprintf(
			text, sizeof text, "%sNumber%u and number%u of it. ", CAMPAIGN, i, i * 7);
		assert_int_equal(likeness_sketch(text, &a), 1);
		(void) snprintf(text, sizeof text, "%sAnother%u. ", CAMPAIGN, i);
		assert_int_equal(likeness_sketch(text, &b), 1);
		for (unsigned k = 0; k < LIKENESS_BANDS; k++)
			is_shared = is_shared || likeness_band(&a, k) == likeness_band(&b, k);
		found += is_shared;
	}
	assert_in_range(found, 190, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_as_near_as_they_say),
		cmocka_unit_test(short_texts_have_none),
		cmocka_unit_test(a_sketch_never_changes),
		cmocka_unit_test(near_texts_share_a_band),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
