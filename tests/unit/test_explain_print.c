/* test_explain_print.c - the hints in what `foictl explain` prints. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "daemon/explain.h"
#include "tests/support/letter_builder.h"

static const struct hint_list two = { .n = 2,
	.hints = {
		{ HINT_EIR, "It speaks of \"air\x1b[2J\"." }, { HINT_FORWARDED, "Passed on." } } };
static const struct hint_list none = { .n = 0 };

/* What is printed for a mail with those hints; to be freed. */
static char *print(
	const struct hint_list *hints, int (*show)(const struct explanation *e, FILE *out))
{
	static const struct matching_keys keys;
	static const struct triage_verdict verdict = { .fate = FATE_TRIAGE, .clock = true };
	struct letter *l = letter_builder_new("From: a@example.com\n", "Hello", NULL);
	const struct explanation e = {
		.letter = l, .keys = &keys, .verdict = &verdict, .hints = hints
	};
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	assert_int_equal(show(&e, out), 0);
	assert_int_equal(fclose(out), 0);
	letter_free(l);
	return text;
}

static void people_read_them_below_the_reasons(void **state)
{
	char *text = print(&two, explain_print);

	(void) state;
	assert_non_null(strstr(text, "Worth a look (changes nothing by itself)\n"
				     "  - It speaks of \"air [2J\". [eir]\n"
				     "  - Passed on. [forwarded]\n"));
	free(text);
}

static void without_any_there_is_no_heading(void **state)
{
	char *text = print(&none, explain_print);

	(void) state;
	assert_null(strstr(text, "Worth a look"));
	free(text);
}

static void programs_get_a_list(void **state)
{
	char *text = print(&two, explain_print_json);
	json_t *object = json_loads(text, 0, NULL);
	const json_t *list = json_object_get(object, "hints");

	(void) state;
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(list, 1), "hint")), "forwarded");
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 1), "evidence")),
		"Passed on.");
	json_decref(object);
	free(text);
	text = print(&none, explain_print_json);
	assert_non_null(strstr(text, "\"hints\": []"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_read_them_below_the_reasons),
		cmocka_unit_test(without_any_there_is_no_heading),
		cmocka_unit_test(programs_get_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
