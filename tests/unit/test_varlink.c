/* test_varlink.c - the Varlink codec and introspection, with hostile input. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/varlink.h"
#include "adapters/varlink_service.h"
#include "base/cleanup.h"

static void bytes_done(struct varlink_bytes *b)
{
	varlink_bytes_done(b);
}

static void call_done(struct varlink_call *c)
{
	varlink_call_done(c);
}

static const struct bad_message {
	const char *why;
	const char *bytes;
	int r;
} bad_messages[] = {
	{ "nothing before the NUL", "", -EBADMSG },
	{ "no JSON", "hello", -EBADMSG },
	{ "an array", "[]", -EBADMSG },
	{ "a text", "\"x\"", -EBADMSG },
	{ "cut off", "{\"method\":", -EBADMSG },
	{ "more after the object", "{} {}", -EBADMSG },
	{ "a member twice", "{\"a\":1,\"a\":2}", -EBADMSG },
	{ "not UTF-8", "{\"a\":\"\xE9\"}", -EBADMSG },
	{ "NUL written as an escape", "{\"a\":\"\\u0000\"}", -EBADMSG },
	{ "number beyond 64 bits", "{\"a\":99999999999999999999}", -EBADMSG },
	{ "17 levels", "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", -EBADMSG },
	{ "17 levels, never closed", "{\"a\":[[[[[[[[[[[[[[[[", -EBADMSG },
};

static void what_is_no_message_is_refused(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof bad_messages / sizeof *bad_messages; i++) {
		const struct bad_message *b = &bad_messages[i];
		CLEANUP(varlink_decoder_freep)
		struct varlink_decoder *d = varlink_decoder_new(VARLINK_REQUEST_MAX);
		struct fault f = { 0 };
		json_t *message = NULL;
		int r;

		assert_int_equal(varlink_decoder_feed(d, b->bytes, strlen(b->bytes) + 1), 0);
		r = varlink_decoder_next(d, &message, &f);
		if (r != b->r || f.code != b->r || message)
			fail_msg("%s: %d", b->why, r);
		assert_int_equal(varlink_decoder_room(d), 0);
		assert_int_equal(varlink_decoder_next(d, &message, &f), -EBADMSG);
	}
}

static void brackets_in_texts_are_no_depth(void **state)
{
	static const char text[] = "{\"a\":\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"}";
	CLEANUP(varlink_decoder_freep) struct varlink_decoder *d = varlink_decoder_new(100);
	struct fault f = { 0 };
	json_t *message;

	(void) state;
	assert_int_equal(varlink_decoder_feed(d, text, sizeof text), 0);
	assert_int_equal(varlink_decoder_next(d, &message, &f), 1);
	json_decref(message);
}

static void messages_come_out_whatever_the_pieces(void **state)
{
	static const char text[] = "{\"n\":1}\0{\"n\":22}\0{\"n\":333}";

	(void) state;
	for (size_t piece = 1; piece <= sizeof text; piece++) {
		CLEANUP(varlink_decoder_freep) struct varlink_decoder *d = varlink_decoder_new(64);
		json_int_t sum = 0;

		for (size_t at = 0; at < sizeof text; at += piece) {
			size_t n = sizeof text - at < piece ? sizeof text - at : piece;
			json_t *message;

			assert_int_equal(varlink_decoder_feed(d, text + at, n), 0);
			while (varlink_decoder_next(d, &message, NULL) == 1) {
				sum += json_integer_value(json_object_get(message, "n"));
				json_decref(message);
			}
		}
		assert_int_equal(sum, 356);
		assert_false(varlink_decoder_is_partial(d));
	}
}

static void length_is_bounded(void **state)
{
	CLEANUP(varlink_decoder_freep) struct varlink_decoder *d = varlink_decoder_new(5000);
	CLEANUP(varlink_decoder_freep) struct varlink_decoder *exact = varlink_decoder_new(9);
	char spaces[5000];
	json_t *message = NULL;
	struct fault f;

	(void) state;
	memset(spaces, ' ', sizeof spaces);
	assert_int_equal(varlink_decoder_feed(d, spaces, sizeof spaces - 1), 0);
	assert_int_equal(varlink_decoder_next(d, &message, &f), 0);
	assert_true(varlink_decoder_is_partial(d));
	assert_int_equal(varlink_decoder_room(d), 1);
	assert_int_equal(varlink_decoder_feed(d, spaces, 2), -EMSGSIZE);
	assert_int_equal(varlink_decoder_feed(d, spaces, 1), 0);
	assert_int_equal(varlink_decoder_next(d, &message, &f), -EMSGSIZE);
	assert_int_equal(f.kind, FAULT_PROTOCOL);
	assert_int_equal(varlink_decoder_feed(exact, "{\"a\":12}", 9), 0);
	assert_int_equal(varlink_decoder_next(exact, &message, &f), 1);
	json_decref(message);
	assert_int_equal(varlink_decoder_room(exact), 9);
}

static int read_call(const char *text, struct varlink_call *ret)
{
	struct fault f;

	return varlink_call_read(json_loads(text, 0, NULL), ret, &f);
}

static const struct bad_call {
	const char *why;
	const char *text;
} bad_calls[] = {
	{ "no method", "{}" },
	{ "method is a number", "{\"method\":1}" },
	{ "method without interface", "{\"method\":\"Get\"}" },
	{ "method is empty", "{\"method\":\"org.example.\"}" },
	{ "interface is empty", "{\"method\":\".Get\"}" },
	{ "method in small letters", "{\"method\":\"org.example.get\"}" },
	{ "line end in the method", "{\"method\":\"org.example\\n.Get\"}" },
	{ "parameters are a list", "{\"method\":\"a.b.C\",\"parameters\":[]}" },
	{ "more is a number", "{\"method\":\"a.b.C\",\"more\":1}" },
	{ "oneway is a text", "{\"method\":\"a.b.C\",\"oneway\":\"true\"}" },
	{ "more and oneway", "{\"method\":\"a.b.C\",\"oneway\":true,\"more\":true}" },
	{ "upgrade", "{\"method\":\"a.b.C\",\"upgrade\":true}" },
};

static void what_is_no_call_is_refused(void **state)
{
	char name[VARLINK_NAME_MAX + 32];
	struct varlink_call c = { 0 };

	(void) state;
	for (size_t i = 0; i < sizeof bad_calls / sizeof *bad_calls; i++)
		if (read_call(bad_calls[i].text, &c) != -EBADMSG)
			fail_msg("%s", bad_calls[i].why);
	(void) snprintf(name, sizeof name, "{\"method\":\"a.C%0*d\"}", VARLINK_NAME_MAX - 3, 1);
	assert_int_equal(read_call(name, &c), -EBADMSG);
	(void) snprintf(name, sizeof name, "{\"method\":\"a.C%0*d\"}", VARLINK_NAME_MAX - 4, 1);
	assert_int_equal(read_call(name, &c), 0);
	varlink_call_done(&c);
}

static void a_call_is_taken_apart(void **state)
{
	CLEANUP(call_done) struct varlink_call c = { 0 };
	CLEANUP(call_done) struct varlink_call bare = { 0 };

	(void) state;
	assert_int_equal(read_call("{\"method\":\"org.foimaild.Cases.Get\",\"more\":true,"
				   "\"oneway\":false,\"parameters\":{\"reference\":\"FOI 1\"}}",
				 &c),
		0);
	assert_true(c.more);
	assert_false(c.oneway);
	assert_true(varlink_call_is(&c, "org.foimaild.Cases", "Get"));
	assert_true(varlink_call_is(&c, "org.foimaild.Cases", NULL));
	assert_false(varlink_call_is(&c, "org.foimaild.Cases", "GetAll"));
	assert_false(varlink_call_is(&c, "org.foimaild", NULL));
	assert_false(varlink_call_is(&c, "org.foimaild.Case", NULL));
	assert_string_equal(varlink_text(&c, "reference", ""), "FOI 1");
	assert_int_equal(read_call("{\"method\":\"a.B\",\"parameters\":null}", &bare), 0);
	assert_int_equal(json_object_size(bare.parameters), 0);
	assert_string_equal(varlink_text(&bare, "reference", "none"), "none");
}

static const char *const words[] = { "open", "closed", NULL };
static const struct varlink_parameter takes[] = {
	{ .name = "reference", .type = VARLINK_STRING, .required = true, .max = 5 },
	{ .name = "state", .type = VARLINK_STRING, .max = 64, .words = words },
	{ .name = "limit", .type = VARLINK_INT, .min = 1, .max = 500 },
	{ .name = "overdue", .type = VARLINK_BOOL },
};

static const struct check {
	const char *why;
	const char *parameters;
	const char *wrong; /* NULL: nothing */
} checks[] = {
	{ "all", "{\"reference\":\"12345\",\"state\":\"open\",\"limit\":500,\"overdue\":true}",
		NULL },
	{ "null is not given", "{\"reference\":\"\",\"state\":null,\"limit\":null}", NULL },
	{ "required", "{}", "reference" },
	{ "required is null", "{\"reference\":null}", "reference" },
	{ "too long", "{\"reference\":\"123456\"}", "reference" },
	{ "other word", "{\"reference\":\"\",\"state\":\"opened\"}", "state" },
	{ "below", "{\"reference\":\"\",\"limit\":0}", "limit" },
	{ "above", "{\"reference\":\"\",\"limit\":501}", "limit" },
	{ "a fraction", "{\"reference\":\"\",\"limit\":1.5}", "limit" },
	{ "a text for a bool", "{\"reference\":\"\",\"overdue\":\"yes\"}", "overdue" },
	{ "not known", "{\"reference\":\"\",\"referense\":\"\"}", "referense" },
};

static void parameters_are_held_against_the_table(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		CLEANUP(call_done) struct varlink_call c = { 0 };
		char text[256];
		const char *wrong = NULL;
		int r;

		(void) snprintf(text, sizeof text, "{\"method\":\"a.B\",\"parameters\":%s}",
			checks[i].parameters);
		assert_int_equal(read_call(text, &c), 0);
		r = varlink_check(&c, takes, sizeof takes / sizeof *takes, &wrong);
		if (r != (checks[i].wrong ? -EINVAL : 0))
			fail_msg("%s: %d", checks[i].why, r);
		if (checks[i].wrong)
			assert_string_equal(wrong, checks[i].wrong);
	}
}

static void replies_are_written(void **state)
{
	CLEANUP(call_done) struct varlink_call c = { 0 };
	CLEANUP(bytes_done) struct varlink_bytes a = { 0 };
	CLEANUP(bytes_done) struct varlink_bytes b = { 0 };
	CLEANUP(bytes_done) struct varlink_bytes e = { 0 };
	CLEANUP(bytes_done) struct varlink_bytes none = { 0 };
	struct fault f;

	(void) state;
	assert_int_equal(read_call("{\"method\":\"a.B\",\"more\":true}", &c), 0);
	assert_int_equal(varlink_reply(&c, json_object(), false, &a, &f), 0);
	assert_int_equal(a.n, sizeof "{\"parameters\":{}}");
	assert_string_equal(a.bytes, "{\"parameters\":{}}");
	assert_int_equal(varlink_reply(&c, json_pack("{s:s}", "x", "\x01"), true, &b, &f), 0);
	assert_string_equal(b.bytes, "{\"continues\":true,\"parameters\":{\"x\":\"\\u0001\"}}");
	assert_int_equal(varlink_invalid(&c, "limit", &e, &f), 0);
	assert_string_equal(e.bytes, "{\"error\":\"org.varlink.service.InvalidParameter\","
				     "\"parameters\":{\"parameter\":\"limit\"}}");
	/* An answer that could not be put together is no empty answer. */
	assert_int_equal(
		varlink_reply(&c, json_pack("{s:s}", "x", "\xE9"), false, &none, &f), -ENOMEM);
	assert_int_equal(varlink_error(&c, "a.E", NULL, &none, &f), -ENOMEM);
	c.more = false;
	assert_int_equal(varlink_reply(&c, json_object(), true, &none, &f), -EINVAL);
	c.oneway = true;
	assert_int_equal(varlink_reply(&c, json_object(), false, &none, &f), 0);
	assert_null(none.bytes);
	assert_int_equal(varlink_error(&c, "a.E", NULL, &none, &f), 0);
	assert_null(none.bytes);
}

static const struct introspection {
	const char *call;
	int r;
	const char *expected; /* a part */
} introspections[] = {
	{ "{\"method\":\"org.varlink.service.GetInfo\"}", 1,
		"\"interfaces\":[\"org.varlink.service\",\"org.foimaild.Cases\"]" },
	{ "{\"method\":\"org.varlink.service.GetInfo\",\"parameters\":{\"x\":1}}", 1,
		"InvalidParameter" },
	{ "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
	  "{\"interface\":\"org.foimaild.Cases\"}}",
		1, "method Get(reference: string) -> (case: Case)" },
	{ "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
	  "{\"interface\":\"org.varlink.service\"}}",
		1, "method GetInfo()" },
	{ "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
	  "{\"interface\":\"org.example\"}}",
		1, "InterfaceNotFound\",\"parameters\":{\"interface\":\"org.example\"}" },
	{ "{\"method\":\"org.varlink.service.GetInterfaceDescription\"}", 1,
		"InvalidParameter\",\"parameters\":{\"parameter\":\"interface\"}" },
	{ "{\"method\":\"org.varlink.service.Stop\"}", 1,
		"MethodNotFound\",\"parameters\":{\"method\":\"org.varlink.service.Stop\"}" },
	{ "{\"method\":\"org.example.Get\"}", 1,
		"InterfaceNotFound\",\"parameters\":{\"interface\":\"org.example\"}" },
	{ "{\"method\":\"org.foimaild.Cases.Get\"}", 0, NULL },
};

static void the_service_describes_itself(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof introspections / sizeof *introspections; i++) {
		CLEANUP(call_done) struct varlink_call c = { 0 };
		CLEANUP(bytes_done) struct varlink_bytes b = { 0 };
		struct fault f;

		assert_int_equal(read_call(introspections[i].call, &c), 0);
		assert_int_equal(varlink_service(&c, "1.2.3", &b, &f), introspections[i].r);
		if (introspections[i].expected && !strstr(b.bytes, introspections[i].expected))
			fail_msg("%s: %s", introspections[i].call, b.bytes);
	}
	/* The first and the last line: the whole file is there. */
	assert_int_equal(strncmp(varlink_interface_text, "# Questions to foimaild", 23), 0);
	assert_string_equal(strrchr(varlink_interface_text, ':'), ": string)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_message_is_refused),
		cmocka_unit_test(brackets_in_texts_are_no_depth),
		cmocka_unit_test(messages_come_out_whatever_the_pieces),
		cmocka_unit_test(length_is_bounded),
		cmocka_unit_test(what_is_no_call_is_refused),
		cmocka_unit_test(a_call_is_taken_apart),
		cmocka_unit_test(parameters_are_held_against_the_table),
		cmocka_unit_test(replies_are_written),
		cmocka_unit_test(the_service_describes_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
