/* test_channel_record.c - what is read out of a record, and faults as records. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/cleanup.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
	const char *why;
	const char *json;
	int64_t min;
	int64_t max;
	int r;
	int64_t value;
} numbers[] = {
	{ "lowest", "{\"type\":\"t\",\"n\":-5}", -5, 5, 0, -5 },
	{ "highest", "{\"type\":\"t\",\"n\":5}", -5, 5, 0, 5 },
	{ "below", "{\"type\":\"t\",\"n\":-6}", -5, 5, -EBADMSG, 0 },
	{ "above", "{\"type\":\"t\",\"n\":6}", -5, 5, -EBADMSG, 0 },
	{ "missing is no zero", "{\"type\":\"t\"}", -5, 5, -EBADMSG, 0 },
	{ "a text", "{\"type\":\"t\",\"n\":\"1\"}", -5, 5, -EBADMSG, 0 },
	{ "a fraction", "{\"type\":\"t\",\"n\":1.0}", -5, 5, -EBADMSG, 0 },
	{ "null", "{\"type\":\"t\",\"n\":null}", -5, 5, -EBADMSG, 0 },
	{ "true", "{\"type\":\"t\",\"n\":true}", -5, 5, -EBADMSG, 0 },
	{ "the largest there is", "{\"type\":\"t\",\"n\":9223372036854775807}", 0, INT64_MAX, 0,
		INT64_MAX },
};

static void test_numbers(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		CLEANUP(channel_record_freep) json_t *record = json_loads(numbers[i].json, 0, NULL);
		int64_t value = 4711;

		print_message("%s\n", numbers[i].why);
		assert_int_equal(
			channel_number(record, "n", numbers[i].min, numbers[i].max, &value, NULL),
			numbers[i].r);
		assert_int_equal(value, numbers[i].r < 0 ? 4711 : numbers[i].value);
	}
}

static const struct {
	const char *why;
	const char *json;
	int r;
} texts[] = {
	{ "as long as allowed", "{\"type\":\"t\",\"s\":\"12345\"}", 0 },
	{ "empty", "{\"type\":\"t\",\"s\":\"\"}", 0 },
	{ "bytes count, not characters", "{\"type\":\"t\",\"s\":\"\xC3\xA9\xC3\xA9\xC3\xA9\"}",
		-EBADMSG },
	{ "one too long", "{\"type\":\"t\",\"s\":\"123456\"}", -EBADMSG },
	{ "missing", "{\"type\":\"t\"}", -EBADMSG },
	{ "null", "{\"type\":\"t\",\"s\":null}", -EBADMSG },
	{ "a number", "{\"type\":\"t\",\"s\":1}", -EBADMSG },
};

static void test_texts(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		CLEANUP(channel_record_freep) json_t *record = json_loads(texts[i].json, 0, NULL);
		const char *s = NULL;

		print_message("%s\n", texts[i].why);
		assert_int_equal(channel_text(record, "s", 5, &s, NULL), texts[i].r);
		assert_int_equal(s != NULL, texts[i].r == 0);
	}
}

/* ---- faults ---------------------------------------------------------------------------------- */

static void through(const struct fault *f, struct fault *ret)
{
	CLEANUP(channel_record_freep) json_t *record = channel_fault_record("fault", f);
	CLEANUP(channel_record_freep) json_t *again = NULL;
	CLEANUP(freep) char *text = NULL;

	assert_non_null(record);
	assert_string_equal(channel_type(record), "fault");
	text = json_dumps(record, JSON_COMPACT);
	again = json_loads(text, 0, NULL);
	assert_int_equal(channel_fault(again, ret, NULL), 0);
}

static void test_fault_kinds(void **state)
{
	(void) state;
	for (unsigned i = 0; i < FAULT_KIND_COUNT; i++) {
		struct fault f = { 0 };
		struct fault back = { 0 };

		(void) fault_set_kind(&f, (enum fault_kind) i, -ETIMEDOUT, "no answer");
		f.transient = i % 2; /* also what differs from the kind's own */
		through(&f, &back);
		assert_int_equal(back.kind, f.kind);
		assert_int_equal(back.code, -ETIMEDOUT);
		assert_int_equal(back.transient, f.transient);
		assert_string_equal(back.text, "no answer");
	}
}

static const struct {
	const char *why;
	const char *text;
	const char *back;
} fault_texts[] = {
	{ "empty", "", "" },
	{ "a server's Latin-1", "refus\xE9 par le serveur", "refus\xEF\xBF\xBD par le serveur" },
	{ "two lines", "first\r\nsecond", "first second" },
	{ "format characters are text", "100% %s %n", "100% %s %n" },
};

static void test_fault_texts(void **state)
{
	struct fault f = { 0 };
	struct fault back = { 0 };

	(void) state;
	for (size_t i = 0; i < COUNT(fault_texts); i++) {
		print_message("%s\n", fault_texts[i].why);
		(void) fault_set(&f, -EIO, "%s", fault_texts[i].text);
		through(&f, &back);
		assert_string_equal(back.text, fault_texts[i].back);
	}
	/* Cut in the middle of a character, as a long text of any language may be. */
	memset(f.text, 'x', sizeof f.text);
	memcpy(f.text + sizeof f.text - 2, "\xC3", 2);
	through(&f, &back);
	assert_int_equal(strspn(back.text, "x"), FAULT_TEXT_MAX - 2);
	assert_int_equal(strlen(back.text), FAULT_TEXT_MAX - 2);
	/* Every byte grows to three: the longest that this can get. */
	memset(f.text, 0xE9, sizeof f.text - 1);
	f.text[sizeof f.text - 1] = '\0';
	through(&f, &back);
	assert_int_equal(strlen(back.text), (FAULT_TEXT_MAX - 1) / 3 * 3);
}

static const struct {
	const char *why;
	const char *json;
	int r;
} fault_records[] = {
	{ "whole", "{\"type\":\"f\",\"code\":-5,\"kind\":\"tls\",\"transient\":true,\"text\":\"\"}",
		0 },
	{ "a kind of another version",
		"{\"type\":\"f\",\"code\":-5,\"kind\":\"new\",\"transient\":true,\"text\":\"\"}",
		0 },
	{ "no errno", "{\"type\":\"f\",\"code\":5,\"kind\":\"tls\",\"text\":\"\"}", -EBADMSG },
	{ "below every errno", "{\"type\":\"f\",\"code\":-4096,\"kind\":\"tls\",\"text\":\"\"}",
		-EBADMSG },
	{ "no kind", "{\"type\":\"f\",\"code\":-5,\"text\":\"\"}", -EBADMSG },
	{ "no text", "{\"type\":\"f\",\"code\":-5,\"kind\":\"tls\"}", -EBADMSG },
	{ "no code", "{\"type\":\"f\",\"kind\":\"tls\",\"text\":\"\"}", -EBADMSG },
};

static void test_fault_records(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(fault_records); i++) {
		CLEANUP(channel_record_freep)
		json_t *record = json_loads(fault_records[i].json, 0, NULL);
		struct fault back = { .code = 4711 };

		print_message("%s\n", fault_records[i].why);
		assert_int_equal(channel_fault(record, &back, NULL), fault_records[i].r);
		assert_int_equal(back.code, fault_records[i].r < 0 ? 4711 : -5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_fault_kinds),
		cmocka_unit_test(test_fault_texts),
		cmocka_unit_test(test_fault_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
