/* test_holidays_feed.c - one HTTPS request for the bank holidays, by test_holidays_feed.sh. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/holidays.h"
#include "adapters/holidays_feed.h"
#include "base/cleanup.h"
#include "base/fault.h"
#include "domain/calendar.h"

/* What the script has set up: good, expired, foreign, othername; away: no server. */
static bool is_shown(const char *certificate)
{
	const char *shown = getenv("FEED_CERT");

	assert_non_null(shown);
	return strcmp(shown, certificate) == 0;
}

static int get(const char *path, const char *etag, const char *modified,
	struct holidays_feed_answer *ret, struct fault *f)
{
	char url[200];
	const struct holidays_feed_request request = {
		.url = url, .ca_file = getenv("FEED_CA"), .etag = etag, .modified = modified
	};

	assert_non_null(request.ca_file);
	(void) snprintf(url, sizeof url, "%s%s", getenv("FEED_URL"), path);
	*f = (struct fault){ 0 };
	return holidays_feed_get(&request, ret, f);
}

static void takes_the_file_once(void **state)
{
	CLEANUP(holidays_feed_done) struct holidays_feed_answer first = { 0 };
	CLEANUP(holidays_feed_done) struct holidays_feed_answer again = { 0 };
	CLEANUP(calendar_freep) struct calendar *cal = NULL;
	struct fault f;

	(void) state;
	if (!is_shown("good"))
		skip();
	assert_int_equal(get("/feed", "", "", &first, &f), 0);
	assert_false(first.is_unchanged);
	assert_int_equal(calendar_new(&cal), 0);
	assert_int_equal(holidays_parse(first.bytes, first.n, "feed", cal, &f), 0);
	assert_int_equal(calendar_count(cal), 140 + 158 + 174);
	assert_int_equal(strlen(first.etag), 34);
	assert_int_equal(strlen(first.modified), strlen("Wed, 25 Nov 2026 03:00:00 GMT"));
	assert_int_equal(get("/feed", first.etag, first.modified, &again, &f), 0);
	assert_true(again.is_unchanged);
	assert_null(again.bytes);
	assert_string_equal(again.etag, first.etag);
	assert_int_equal(get("/feed", "\"another\"", "", &again, &f), 0);
	assert_false(again.is_unchanged);
}

static void a_file_without_tags_and_one_behind_three_steps(void **state)
{
	static const char *const paths[] = { "/untagged", "/hop/3" };

	(void) state;
	if (!is_shown("good"))
		skip();
	for (size_t i = 0; i < 2; i++) {
		CLEANUP(holidays_feed_done) struct holidays_feed_answer a = { 0 };
		struct fault f;

		assert_int_equal(get(paths[i], "", "", &a, &f), 0);
		assert_true(a.n > 1000);
		assert_int_equal(*a.etag == '\0', i == 0);
	}
}

static const struct {
	const char *why;
	const char *certificate;
	const char *path;
	int code;
	enum fault_kind kind;
	bool is_transient;
	const char *words;
} rows[] = {
	{ "no such file", "good", "/status/404", -ENOENT, FAULT_MISSING, false,
		"localhost: the server has no such file; check [calendar] url (HTTP 404)" },
	{ "refused", "good", "/status/403", -EACCES, FAULT_PROTOCOL, false, "(HTTP 403)" },
	{ "asked too often", "good", "/status/429", -EPROTO, FAULT_PROTOCOL, true, "(HTTP 429)" },
	{ "out of order", "good", "/status/503", -EPROTO, FAULT_PROTOCOL, true,
		"out of order (HTTP 503)" },
	{ "no content", "good", "/status/204", -EPROTO, FAULT_PROTOCOL, false,
		"neither the file nor an error (HTTP 204)" },
	{ "not modified, though nothing was known", "good", "/status/304", -EPROTO, FAULT_PROTOCOL,
		false, "(HTTP 304)" },
	{ "too many steps", "good", "/hop/4", -EPROTO, FAULT_PROTOCOL, true, "more than 3 times" },
	{ "a step out of HTTPS", "good", "/clear", -EPROTO, FAULT_PROTOCOL, true, "not https://" },
	{ "cut off", "good", "/cut", -ECONNRESET, FAULT_NETWORK, true, "localhost: " },
	{ "said to be too long", "good", "/long", -EMSGSIZE, FAULT_PROTOCOL, true, "longer than" },
	{ "a byte too long, which nobody said", "good", "/size/1048577", -EMSGSIZE, FAULT_PROTOCOL,
		true, "longer than" },
	{ "without end", "good", "/endless", -EMSGSIZE, FAULT_PROTOCOL, true, "longer than" },
	{ "expired", "expired", "/feed", -EKEYREJECTED, FAULT_TLS, false, "has expired" },
	{ "signed by nobody we trust", "foreign", "/feed", -EKEYREJECTED, FAULT_TLS, false,
		"unknown authority" },
	{ "for another host", "othername", "/feed", -EKEYREJECTED, FAULT_TLS, false,
		"another host name" },
	{ "away", "away", "/feed", -ECONNREFUSED, FAULT_NETWORK, true, "localhost: no connection" },
};

static void what_goes_wrong_is_told(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct holidays_feed_answer a = { .n = 77 };
		struct fault f;

		if (!is_shown(rows[i].certificate))
			continue;
		print_message("%s\n", rows[i].why);
		assert_int_equal(get(rows[i].path, "", "", &a, &f), rows[i].code);
		print_message("    %s\n", f.text);
		assert_string_equal(fault_kind_word(f.kind), fault_kind_word(rows[i].kind));
		assert_int_equal(f.transient, rows[i].is_transient);
		assert_non_null(strstr(f.text, rows[i].words));
		assert_int_equal(a.n, 77);
	}
}

static void all_that_it_may_be_is_taken(void **state)
{
	CLEANUP(holidays_feed_done) struct holidays_feed_answer a = { 0 };
	struct fault f;

	(void) state;
	if (!is_shown("good"))
		skip();
	assert_int_equal(get("/size/1048576", "", "", &a, &f), 0);
	assert_int_equal(a.n, HOLIDAYS_FILE_MAX);
}

/* 64 MiB of blanks in 64 KiB: they are taken as they come. */
static void nothing_is_unpacked(void **state)
{
	CLEANUP(holidays_feed_done) struct holidays_feed_answer a = { 0 };
	struct fault f;

	(void) state;
	if (!is_shown("good"))
		skip();
	assert_int_equal(get("/packed", "", "", &a, &f), 0);
	assert_in_range(a.n, 1000, HOLIDAYS_FILE_MAX);
	assert_int_equal((unsigned char) a.bytes[0], 0x1f);
}

static void addresses_that_are_none(void **state)
{
	static const char *const urls[] = { "http://localhost/feed", "file:///etc/passwd", "",
		"x" };

	(void) state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		const struct holidays_feed_request request = {
			.url = urls[i], .ca_file = "", .etag = "", .modified = ""
		};
		struct holidays_feed_answer a = { 0 };
		struct fault f = { 0 };

		assert_true(holidays_feed_get(&request, &a, &f) < 0);
		assert_null(a.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_file_once),
		cmocka_unit_test(a_file_without_tags_and_one_behind_three_steps),
		cmocka_unit_test(what_goes_wrong_is_told),
		cmocka_unit_test(all_that_it_may_be_is_taken),
		cmocka_unit_test(nothing_is_unpacked),
		cmocka_unit_test(addresses_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
