/* test_hint.c - what an officer may want to know about a mail, and that it decides nothing. */
/* SPDX-License-Identifier: MIT */
#include "domain/hint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/likeness.h"
#include "tests/support/letter_builder.h"
#include "tests/support/triage_world.h"
#include "tests/unit/triage_rows.h"

static const struct hint_row {
	const char *why;
	const char *headers;
	const char *text;
	const char *hints; /* all of them, in their order, apart by blanks */
	const char *says;  /* a part of the first one's evidence; NULL: any */
} hint_rows[] = {
#include "tests/unit/hint_rows.inc"
};

enum {
	N_HINTS = sizeof hint_rows / sizeof hint_rows[0],
};

static struct reference_template templates[2];

static struct hint_policy policy_of(const char *authority)
{
	assert_int_equal(reference_template_parse("FOI {seq:6}/{yy}", &templates[0], NULL), 0);
	assert_int_equal(reference_template_parse("IR {seq:6}/{yy}", &templates[1], NULL), 0);
	return (struct hint_policy){ .triage = &triage_world_policy,
		.authority = authority,
		.templates = templates,
		.n_templates = 2 };
}

static void judge(const struct letter *l, struct triage_verdict *ret)
{
	struct matching_keys keys;
	struct triage_facts facts;

	triage_world_look(l, &keys, &facts);
	triage_judge(&triage_world_policy, l, &keys, &facts, ret);
}

static void find(const char *headers, const char *text, const char *authority,
	const struct hint_like *like, struct hint_list *ret)
{
	struct hint_policy p = policy_of(authority);
	char filled[TRIAGE_WORLD_TEXT_MAX];
	struct triage_verdict v;
	struct letter *l;

	triage_world_fill(headers, filled);
	l = letter_builder_new(filled, text, NULL);
	judge(l, &v);
	hint_find(&p, l, &v, like, ret);
	letter_free(l);
}

static void join(const struct hint_list *list, char ret[static 256])
{
	size_t n = 0;

	ret[0] = '\0';
	for (size_t i = 0; i < list->n; i++)
		n += (size_t) snprintf(
			ret + n, 256 - n, "%s%s", i > 0 ? " " : "", hint_word(list->hints[i].kind));
}

static void every_row_looks_like_what_it_says(void **state)
{
	size_t wrong = 0;

	(void) state;
	for (size_t i = 0; i < N_HINTS; i++) {
		const struct hint_row *row = &hint_rows[i];
		struct hint_list list;
		char words[256];

		find(row->headers, row->text, "Anytown Borough Council", NULL, &list);
		join(&list, words);
		if (strcmp(words, row->hints) == 0 &&
			(!row->says || strstr(list.hints[0].evidence, row->says)))
			continue;
		wrong++;
		print_error("%s: '%s'\n", row->why, words);
		for (size_t k = 0; k < list.n; k++)
			print_error("    %s\n", list.hints[k].evidence);
	}
	assert_int_equal(wrong, 0);
	assert_true(N_HINTS >= 80);
}

static void every_kind_is_reached(void **state)
{
	(void) state;
	for (int kind = 0; kind < HINT_COUNT; kind++) {
		bool is_reached = kind == HINT_NEAR_IDENTICAL; /* the store's: see below */

		for (size_t i = 0; i < N_HINTS; i++)
			is_reached = is_reached ||
				     strstr(hint_rows[i].hints, hint_word((enum hint_kind) kind));
		if (!is_reached)
			fail_msg("%s", hint_word((enum hint_kind) kind));
	}
}

/* Over the whole table of triage: judged, looked at, and judged again. */
static void a_hint_decides_nothing(void **state)
{
	static const struct hint_like like = { .reference = "FOI 000099/26", .alike = 32 };
	struct hint_policy p = policy_of("Anytown Borough Council");
	size_t seen = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct letter *l = triage_row_letter(&rows[i], "");
		struct triage_verdict before;
		struct triage_verdict after;
		struct hint_list list;

		memset(&before, 0, sizeof before);
		memset(&after, 0, sizeof after);
		judge(l, &before);
		after = before;
		hint_find(&p, l, &after, &like, &list);
		seen += list.n > 0;
		if (memcmp(&before, &after, sizeof before) != 0)
			fail_msg("%s: changed", rows[i].why);
		judge(l, &after);
		if (before.fate != after.fate || before.clock != after.clock ||
			before.acknowledge != after.acknowledge || before.regime != after.regime ||
			before.n_opens != after.n_opens || before.about.id != after.about.id ||
			before.n_reasons != after.n_reasons)
			fail_msg("%s: judged otherwise", rows[i].why);
		/* Nothing is said of mail without a clock. */
		if (!before.clock && list.n > 0)
			fail_msg("%s: a hint", rows[i].why);
		letter_free(l);
	}
	assert_true(seen > N_ROWS / 4);
}

static void mails_like_it_are_named(void **state)
{
	static const struct {
		struct hint_like like;
		const char *says;
	} table[] = {
		{ { "FOI 000012/26", 32, false, 0 },
			"It says the same as FOI 000012/26, from another sender." },
		{ { "FOI 000012/26", 32, true, 0 },
			"It says the same as FOI 000012/26, from the same sender." },
		{ { "FOI 000012/26", 28, false, 4 }, "It says nearly the same as FOI 000012/26, "
						     "from another sender (about 87 in "
						     "100 phrases), and like at least 4 more." },
	};

	(void) state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct hint_list list;

		find(ALEX, "How many dogs are there?", "", &table[i].like, &list);
		assert_int_equal(list.n, 1);
		assert_int_equal(list.hints[0].kind, HINT_NEAR_IDENTICAL);
		assert_string_equal(list.hints[0].evidence, table[i].says);
	}
}

/* Where our own name is not known, nobody is another. */
static void without_our_name_no_other_is_named(void **state)
{
	struct hint_list list;

	(void) state;
	find(ALEX, "How many dogs does Leeds City Council keep?", "", NULL, &list);
	assert_int_equal(list.n, 0);
}

static void our_own_name_has_many_forms(void **state)
{
	static const struct {
		const char *own;
		const char *text;
		bool is_other;
	} table[] = {
		{ "Example Constabulary", "How many dogs has Example Police?", false },
		{ "Example Constabulary", "How many dogs has Kent Police?", true },
		{ "London Borough of Camden", "Does Camden Council keep dogs?", false },
		{ "London Borough of Camden", "Does Islington Council keep dogs?", true },
		{ "Leeds City Council", "Dear Leeds Council, how many dogs?", false },
		{ "Leeds City Council", "Has Leeds Teaching Hospitals NHS Trust dogs?", true },
		{ "Nottingham City Council", "Has Nottinghamshire County Council dogs?", true },
		{ "Home Office", "Does the Home Office keep dogs?", false },
		{ "Home Office", "Does the Cabinet Office keep dogs?", true },
		{ "Cyngor Gwynedd", "Faint o gŵn sydd gan Cyngor Gwynedd?", false },
		{ "Cyngor Gwynedd", "Faint o gŵn sydd gan Cyngor Sir Ceredigion?", true },
		{ "University of Oxbridge", "How many dogs has Oxbridge University?", false },
	};

	(void) state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct hint_list list;

		find(ALEX, table[i].text, table[i].own, NULL, &list);
		if ((list.n > 0) != table[i].is_other)
			fail_msg("%s: %s: %s", table[i].own, table[i].text,
				list.n > 0 ? list.hints[0].evidence : "no hint");
	}
}

static void hostile_texts_are_bounded(void **state)
{
	enum {
		BYTES = 1024 * 1024,
	};
	static const char *const pieces[] = { "Council ", "Leeds and ", "A of ", "From: x\n",
		"> \t*", "FOI ", "yours\n", "my name is ", "my bin not ", "\xC3\x89",
		"From: a\nSent: b\n", "Name Of\n" };
	char *text = malloc(BYTES + 64);

	(void) state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct hint_list list;
		size_t n = 0;

		while (n < BYTES)
			n += (size_t) snprintf(text + n, 64, "%s", pieces[i]);
		find("From: sam@authority.example.org\nSubject: x\n", text,
			"Anytown Borough Council", NULL, &list);
		find("From: a@example.com\nSubject: Q\n", text, "Anytown Borough Council", NULL,
			&list);
		for (size_t k = 0; k < list.n; k++)
			assert_true(strlen(list.hints[k].evidence) < HINT_EVIDENCE_MAX - 1);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_looks_like_what_it_says),
		cmocka_unit_test(every_kind_is_reached),
		cmocka_unit_test(a_hint_decides_nothing),
		cmocka_unit_test(mails_like_it_are_named),
		cmocka_unit_test(without_our_name_no_other_is_named),
		cmocka_unit_test(our_own_name_has_many_forms),
		cmocka_unit_test(hostile_texts_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
