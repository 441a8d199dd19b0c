/* test_move_record.c - the details of a move as JSON, there and back, and what is refused. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/move_record.h"
#include "base/cleanup.h"

/* What is read and written again is the same text. */
static const char *const texts[] = {
	"{}",
	"{\"until\":\"2018-07-12\"}",
	("{\"outcome\":\"withheld\",\"exemptions\":[{\"section\":\"s.31(1)\",\"denies\":false},"
	 "{\"section\":\"s.24(2)\",\"denies\":true}]}"),
	"{\"text\":\"Otherham Council\"}",
	"{\"regime\":\"eir\",\"authority\":\"Suffolk Example\"}",
	"{\"complex\":true,\"voluminous\":true}",
	"{\"effect\":\"stops-between\"}",
};

static void there_and_back(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		CLEANUP(freep) char *again = NULL;
		struct foi_details d;
		struct fault f = { 0 };

		if (move_record_parse(texts[i], &d, &f) < 0)
			fail_msg("%s: %s", texts[i], f.text);
		again = move_record_text(&d);
		assert_non_null(again);
		assert_string_equal(again, texts[i]);
	}
}

static void null_says_nothing(void **state)
{
	struct foi_details d;
	CLEANUP(freep) char *again = NULL;

	(void) state;
	assert_int_equal(move_record_parse("{\"until\": null, \"complex\": false}", &d, NULL), 0);
	again = move_record_text(&d);
	assert_string_equal(again, "{}");
}

static const struct {
	const char *text;
	const char *says;
} refused[] = {
	{ "[]", "must be an object" },
	{ "no JSON", "must be an object" },
	{ "{\"until\": \"12 July 2018\"}", "until must be a day" },
	{ "{\"until\": 20180712}", "until must be a day" },
	{ "{\"outcome\": \"\"}", "outcome must be" },
	{ "{\"outcome\": \"Granted\"}", "outcome must be" },
	{ "{\"exemptions\": {}}", "exemptions must be a list" },
	{ "{\"exemptions\": [\"s.31\"]}", "exemptions must be a list" },
	{ "{\"exemptions\": [{\"section\": \"s.31\", \"denies\": 1}]}", "exemptions must be" },
	{ "{\"exemptions\": [{\"section\": \"s.31(1)(a), and whatever else stands here\"}]}",
		"exemptions must be" },
	{ "{\"text\": \"two\\nlines\"}", "text must be one line" },
	{ "{\"text\": 7}", "text must be one line" },
	{ "{\"regime\": \"FOIA\"}", "regime must be" },
	{ "{\"complex\": \"yes\"}", "complex must be" },
	{ "{\"voluminous\": 1}", "voluminous must be" },
	{ "{\"effect\": \"\"}", "effect must be" },
	{ "{\"effect\": \"halts\"}", "effect must be" },
	{ "{\"other\": 1}", "no such detail" },
	{ "{\"text\": \"a\", \"text\": \"b\"}", "must be an object" },
};

static void what_is_wrong_is_named(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct foi_details d = { .outcome = FOI_OUTCOME_LAPSED };
		struct fault f = { 0 };

		if (move_record_parse(refused[i].text, &d, &f) != -EINVAL ||
			!strstr(f.text, refused[i].says))
			fail_msg("%s: %s", refused[i].text, f.text);
		assert_int_equal(d.outcome, FOI_OUTCOME_LAPSED);
	}
}

static void lists_and_texts_are_bounded(void **state)
{
	char text[2 * FOI_TEXT_MAX];
	struct foi_details d;
	json_t *many = json_object();
	json_t *list = json_array();

	(void) state;
	for (int i = 0; i < FOI_EXEMPTIONS_MAX; i++)
		assert_int_equal(
			json_array_append_new(list, json_pack("{s:s}", "section", "s.31")), 0);
	assert_int_equal(json_object_set_new(many, "exemptions", list), 0);
	assert_int_equal(move_record_read(many, &d, NULL), 0);
	assert_int_equal(json_array_append_new(list, json_pack("{s:s}", "section", "s.31")), 0);
	assert_int_equal(move_record_read(many, &d, NULL), -EINVAL);
	json_decref(many);

	(void) snprintf(text, sizeof text, "{\"text\": \"%0*d\"}", FOI_TEXT_MAX - 1, 0);
	assert_int_equal(move_record_parse(text, &d, NULL), 0);
	(void) snprintf(text, sizeof text, "{\"text\": \"%0*d\"}", FOI_TEXT_MAX, 0);
	assert_int_equal(move_record_parse(text, &d, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(null_says_nothing),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(lists_and_texts_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
