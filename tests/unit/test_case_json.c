/* test_case_json.c - cases in the shapes of the Varlink interface. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/channel.h"
#include "base/cleanup.h"
#include "daemon/case_json.h"
#include "tests/support/intake_world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define JANE	 "From: Jane Roe <jane@example.net>\n"
#define ASKS	 "Under the Freedom of Information Act, how many bicycles does the force own?"

static const struct {
	const char *why;
	int64_t instant;
	const char *text;
} instants[] = {
	{ "the beginning", 0, "1970-01-01T00:00:00Z" },
	{ "a second before", -1, "1969-12-31T23:59:59Z" },
	{ "a whole day before", -86400, "1969-12-31T00:00:00Z" },
	{ "UTC, not London's summer time", 1530401400, "2018-06-30T23:30:00Z" },
	{ "the last second of a day", 1526515199, "2018-05-16T23:59:59Z" },
};

static void test_instants(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(instants); i++) {
		char buf[CASE_JSON_INSTANT_MAX];

		print_message("%s\n", instants[i].why);
		assert_string_equal(case_json_instant(instants[i].instant, buf), instants[i].text);
	}
}

/* A member by its path, "summary.due", "messages.0.text". */
static const json_t *member(const json_t *object, const char *path)
{
	char name[64];

	while (*path) {
		size_t n = strcspn(path, ".");

		(void) snprintf(name, sizeof name, "%.*s", (int) n, path);
		object = json_is_array(object) ? json_array_get(object, (size_t) atoi(name))
					       : json_object_get(object, name);
		path += n + (path[n] == '.');
	}
	return object;
}

static json_t *get(struct intake_world *w, const char *reference, const char *today)
{
	const struct case_json_clock clock = { .calendar = w->calendar,
		.today = store_fixture_day(today) };
	json_t *object = NULL;
	struct fault f = { 0 };

	if (case_json_get(w->in.store, reference, &clock, &object, &f) != 1)
		fail_msg("%s", f.text);
	return object;
}

/* Path and value; NULL: null. */
struct expected {
	const char *path;
	const char *json;
};

static void expect_all(const json_t *object, const struct expected *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		CLEANUP(freep)
		char *text = json_dumps(member(object, e[i].path), JSON_COMPACT | JSON_ENCODE_ANY);

		print_message("%s\n", e[i].path);
		assert_non_null(text);
		assert_string_equal(text, e[i].json);
	}
}

static const struct expected whole[] = {
	{ "summary.reference", "\"FOI 000001/18\"" },
	{ "summary.kind", "\"request\"" },
	{ "summary.state", "\"open\"" },
	{ "summary.regime", "\"foia\"" },
	{ "summary.authority", "\"Example Constabulary\"" },
	{ "summary.mailbox", "\"foi\"" },
	{ "summary.received", "\"2018-05-16\"" },
	{ "summary.due", "\"2018-06-14\"" },
	{ "summary.provisional", "false" },
	{ "summary.overdue", "false" },
	{ "summary.days_left", "1" },
	{ "summary.subject", "\"Bicycles\"" },
	{ "summary.flags", "[]" },
	{ "summary.parent", "null" },
	{ "summary.acknowledgement", "\"queued\"" },
	{ "summary.opened", "\"2018-05-16T09:15:00Z\"" },
	{ "requester", "\"jane@example.net\"" },
	{ "requester_name", "\"Jane Roe\"" },
	{ "deadlines.0.due", "\"2018-06-14\"" },
	{ "deadlines.0.working_days", "20" },
	{ "deadlines.0.rule", "\"statute\"" },
	{ "messages.0.fate", "\"request\"" },
	{ "messages.0.uid", "1" },
	{ "messages.0.uidvalidity", "77" },
	{ "messages.0.folder", "\"INBOX\"" },
	{ "messages.0.internaldate", "\"2018-05-16T09:14:00Z\"" },
	{ "messages.0.gateway", "null" },
	{ "messages.0.text", "\"" ASKS "\"" },
	{ "messages.0.text_cut", "false" },
	{ "messages.0.attachments", "[]" },
	{ "messages.0.hints", "[]" },
	{ "outgoing.0.state", "\"queued\"" },
	{ "outgoing.0.to", "\"jane@example.net\"" },
	{ "outgoing.0.due_told", "\"2018-06-14\"" },
	{ "outgoing.0.sent", "null" },
	{ "outgoing.0.code", "null" },
	{ "outgoing.0.reply", "null" },
	{ "events.0.what", "\"opened\"" },
	{ "events.0.id", "2" }, /* 1: of the mail itself */
	{ "events.0.details", "null" },
	{ "events.0.day", "null" },
	{ "events.0.undone", "null" },
	{ "linked", "[]" },
};

static void test_whole(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(channel_record_freep) json_t *object = NULL;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	object = get(w, "FOI 000001/18", "2018-06-13");
	expect_all(object, whole, COUNT(whole));
}

static const struct {
	const char *why;
	const char *today;
	struct expected e[2];
} todays[] = {
	{ "the last day itself", "2018-06-14",
		{ { "summary.overdue", "false" }, { "summary.days_left", "0" } } },
	{ "the day after", "2018-06-15",
		{ { "summary.overdue", "true" }, { "summary.days_left", "-1" } } },
	{ "over a weekend", "2018-06-18",
		{ { "summary.overdue", "true" }, { "summary.days_left", "-2" } } },
};

static void test_today(void **state)
{
	struct intake_world *w = *state;

	intake_world_take(w, JANE "Subject: Bicycles\n", ASKS);
	for (size_t i = 0; i < COUNT(todays); i++) {
		CLEANUP(channel_record_freep)
		json_t *object = get(w, "FOI 000001/18", todays[i].today);

		print_message("%s\n", todays[i].why);
		expect_all(object, todays[i].e, 2);
	}
}

static void test_flags_and_links(void **state)
{
	static const struct expected review[] = {
		{ "summary.flags", "[\"receipt-disputed\",\"no-parent\"]" },
		{ "summary.kind", "\"review\"" },
		{ "linked.0.reference", "\"FOI 000001/18\"" },
		{ "outgoing.0.due_told", "null" },
	};
	struct intake_world *w = *state;
	CLEANUP(channel_record_freep) json_t *object = NULL;

	w->mail.internaldate = w->now - 86400;
	intake_world_take(w,
		JANE "Subject: Complaint\nReceived: from out.example.net by"
		     " mx.authority.example.org; Wed, 16 May 2018 09:00:00 +0000\n",
		"I am dissatisfied with your response to my FOI request and want an internal"
		" review.\n\nThis is also a new request: how many drones were lost?");
	object = get(w, "IR 000001/18", "2018-05-16");
	expect_all(object, review, COUNT(review));
}

static void test_unreadable(void **state)
{
	static const struct expected bare[] = {
		{ "requester", "null" },
		{ "requester_name", "null" },
		{ "summary.flags", "[\"unreadable\"]" },
		{ "summary.acknowledgement", "null" },
		{ "outgoing", "[]" },
		{ "messages.0.text", "\"\"" },
	};
	struct intake_world *w = *state;
	CLEANUP(channel_record_freep) json_t *object = NULL;

	intake_world_take_unreadable(w);
	object = get(w, "FOI 000001/18", "2018-05-16");
	expect_all(object, bare, COUNT(bare));
}

/* A long text is cut, and never within a character. */
static void test_long_text(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(channel_record_freep) json_t *object = NULL;
	CLEANUP(freep) char *text = malloc(2 * CASE_JSON_TEXT_MAX + sizeof ASKS + 2);
	size_t n = strlen(ASKS);

	assert_non_null(text);
	memcpy(text, ASKS, n);
	if (n % 2 == CASE_JSON_TEXT_MAX % 2)
		text[n++] = ' '; /* so that the bound falls within a character */
	for (; n < 2 * CASE_JSON_TEXT_MAX; n += 2)
		memcpy(text + n, "\xC3\xA9", 2);
	text[n] = '\0';
	intake_world_take(w, JANE "Subject: Long\n", text);
	object = get(w, "FOI 000001/18", "2018-05-16");
	assert_int_equal(json_is_true(member(object, "messages.0.text_cut")), true);
	assert_int_equal(
		json_string_length(member(object, "messages.0.text")), CASE_JSON_TEXT_MAX - 1);
}

/* As long as allowed is not cut. */
static void test_text_of_full_length(void **state)
{
	struct intake_world *w = *state;
	CLEANUP(channel_record_freep) json_t *object = NULL;
	CLEANUP(freep) char *text = malloc(CASE_JSON_TEXT_MAX + 1);

	assert_non_null(text);
	memset(text, 'x', CASE_JSON_TEXT_MAX);
	memcpy(text, ASKS " ", sizeof ASKS);
	text[CASE_JSON_TEXT_MAX] = '\0';
	intake_world_take(w, JANE "Subject: Long\n", text);
	object = get(w, "FOI 000001/18", "2018-05-16");
	assert_int_equal(json_is_false(member(object, "messages.0.text_cut")), true);
	assert_int_equal(json_string_length(member(object, "messages.0.text")), CASE_JSON_TEXT_MAX);
}

static void test_no_such_case(void **state)
{
	struct intake_world *w = *state;
	const struct case_json_clock clock = { .calendar = w->calendar,
		.today = store_fixture_day("2018-05-16") };
	json_t *object = NULL;

	assert_int_equal(case_json_get(w->in.store, "FOI 000001/18", &clock, &object, NULL), 0);
	assert_null(object);
}

#define WORLD_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instants),
		WORLD_TEST(test_whole),
		WORLD_TEST(test_today),
		WORLD_TEST(test_flags_and_links),
		WORLD_TEST(test_unreadable),
		WORLD_TEST(test_long_text),
		WORLD_TEST(test_text_of_full_length),
		WORLD_TEST(test_no_such_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
