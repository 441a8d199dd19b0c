/* test_matching.c - the keys in a letter by which its case can be found. */
/* SPDX-License-Identifier: MIT */
#include "domain/matching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/letter_builder.h"
#include "tests/support/triage_world.h"

struct expected {
	const char *why;
	const char *headers;
	const char *text;
	const char *own;
	const char *thread;
	const char *embedded;
	const char *platform_address;
	const char *platform_message;
};

static struct matching_keys keys_of(const char *headers, const char *text, const char *embedded)
{
	char filled[TRIAGE_WORLD_TEXT_MAX];
	char filled_text[TRIAGE_WORLD_TEXT_MAX];
	struct matching_keys keys;
	struct triage_facts facts;
	struct letter *l;

	triage_world_fill(headers, filled);
	triage_world_fill(text, filled_text);
	l = letter_builder_new(filled, filled_text, NULL);
	if (embedded) {
		triage_world_fill(embedded, filled);
		letter_builder_embed(l, filled);
	}
	triage_world_look(l, &keys, &facts);
	letter_free(l);
	return keys;
}

static const struct expected rows[] = {
	{ "nothing of ours", "From: a@example.com\nIn-Reply-To: <1@example.com>\n", "Hi", "", "",
		"", "", "" },
	{ "our Message-ID", "From: a@example.com\nMessage-ID: {m:FOI 000012/26}\n", "",
		"FOI 000012/26", "", "", "", "" },
	{ "In-Reply-To", "In-Reply-To: {m:FOI 000012/26}\n", "", "", "FOI 000012/26", "", "", "" },
	{ "token in References, Message-ID replaced",
		"In-Reply-To: <9@provider.example.com>\nReferences: {t:FOI 000012/26} "
		"<9@provider.example.com>\n",
		"", "", "FOI 000012/26", "", "", "" },
	{ "In-Reply-To before References",
		"References: {t:FOI 000007/25}\nIn-Reply-To: {m:FOI 000012/26}\n", "", "",
		"FOI 000012/26", "", "", "" },
	{ "the last of References is the nearest",
		"References: {t:FOI 000007/25} {t:FOI 000012/26}\n", "", "", "FOI 000012/26", "",
		"", "" },
	{ "a bounce tag is no thread", "In-Reply-To: <foi+{b:FOI 000012/26}@example.org>\n", "", "",
		"", "", "", "" },
	{ "our tag in To", "To: foi+{b:FOI 000012/26}@authority.example.org\n", "", "", "",
		"FOI 000012/26", "", "" },
	{ "our tag where it was delivered",
		"To: foi@authority.example.org\nX-Original-To: "
		"foi+{b:FOI 000012/26}@authority.example.org\n",
		"", "", "", "FOI 000012/26", "", "" },
	{ "enclosed as plain text", "From: a@example.com\n",
		"--- copy\nMessage-ID: {m:FOI 000012/26}\n", "", "", "FOI 000012/26", "", "" },
	{ "an unfinished token in the text", "From: a@example.com\n", "<foi.m.FOI_000012/26.", "",
		"", "", "", "" },
	{ "platform", "From: Request-4711-0A1B2C3D@Asks.example.net\n", "", "", "", "",
		"request-4711-0a1b2c3d@asks.example.net", "" },
	{ "platform with a prefix", "From: foi+request-4711-0a1b2c3d@asks.example.net\n", "", "",
		"", "", "request-4711-0a1b2c3d@asks.example.net", "" },
	{ "platform, old form", "From: request-bounce-4711-0a1b2c3d@asks.example.net\n", "", "", "",
		"", "request-4711-0a1b2c3d@asks.example.net", "" },
	{ "platform, seven digits", "From: request-4711-0a1b2c3@asks.example.net\n", "", "", "", "",
		"", "" },
	{ "platform, no number", "From: request-x-0a1b2c3d@asks.example.net\n", "", "", "", "", "",
		"" },
	{ "platform's look-alike", "From: request-4711-0a1b2c3d@notasks.example.net\n", "", "", "",
		"", "", "" },
	{ "a resend's key",
		"From: request-4711-0a1b2c3d@asks.example.net\n"
		"Message-ID: <ogm-815+0123456789abc-0001@asks.example.net>\n",
		"", "", "", "", "request-4711-0a1b2c3d@asks.example.net",
		"ogm-815:request-4711-0a1b2c3d@asks.example.net" },
	{ "a resend's key from elsewhere",
		"From: a@example.com\n"
		"Message-ID: <ogm-815+0123456789abc-0001@asks.example.net>\n",
		"", "", "", "", "", "" },
};

static void keys_are_found(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct matching_keys k = keys_of(rows[i].headers, rows[i].text, NULL);

		if (strcmp(k.own, rows[i].own) || strcmp(k.thread, rows[i].thread) ||
			strcmp(k.embedded, rows[i].embedded) ||
			strcmp(k.platform_address, rows[i].platform_address) ||
			strcmp(k.platform_message, rows[i].platform_message))
			fail_msg("%s: '%s' '%s' '%s' '%s' '%s'", rows[i].why, k.own, k.thread,
				k.embedded, k.platform_address, k.platform_message);
	}
}

static void an_enclosed_mail_is_looked_at(void **state)
{
	struct matching_keys k = keys_of("From: a@example.com\n", "", "{t:IR 000003/26}");

	(void) state;
	assert_string_equal(k.embedded, "IR 000003/26");
	assert_string_equal(k.thread, "");
}

static void references_know_their_place(void **state)
{
	char text[TRIAGE_WORLD_TEXT_MAX] = "About IR 3/26 and FOI 12/26.\n> FOI 7/25";
	struct letter *l = letter_builder_new(
		"Subject: FOI 000012/26\n", text, "About IR 3/26 and FOI 12/26.");
	struct matching_keys k;
	struct triage_facts facts;

	(void) state;
	triage_world_look(l, &k, &facts);
	letter_free(l);
	assert_int_equal(k.n_references, 3);
	assert_string_equal(k.references[0].reference, "FOI 000012/26");
	assert_true(k.references[0].in_subject);
	assert_true(k.references[0].in_new_text);
	assert_string_equal(k.references[1].reference, "IR 000003/26");
	assert_false(k.references[1].in_subject);
	assert_true(k.references[1].in_new_text);
	assert_string_equal(k.references[2].reference, "FOI 000007/25");
	assert_false(k.references[2].in_subject);
	assert_false(k.references[2].in_new_text);
}

/* As some keyboards write it, in letters and digits of full width; what is cut is no reference. */
static void wide_letters_are_read(void **state)
{
	static const char wide[] = "\xEF\xBC\xA6\xEF\xBD\x8F\xEF\xBC\xA9\xE3\x80\x80\xEF\xBC\x91"
				   "\xEF\xBC\x92\xEF\xBC\x8F\xEF\xBC\x92\xEF\xBC\x96";
	struct matching_keys k;

	(void) state;
	k = keys_of("From: a@example.com\n", wide, NULL);
	assert_int_equal(k.n_references, 1);
	assert_string_equal(k.references[0].reference, "FOI 000012/26");
	k = keys_of("From: a@example.com\n", "FOI 12/2\xEF\xBC", NULL);
	assert_int_equal(k.n_references, 0);
	k = keys_of("From: a@example.com\n", "\xEF\xBC\xA6 of FOI 12/26", NULL);
	assert_int_equal(k.n_references, 1);
}

/* A mail full of references must not push out the one of its subject. */
static void the_subject_comes_first(void **state)
{
	char text[TRIAGE_WORLD_TEXT_MAX] = "";
	struct letter *l;
	struct matching_keys k;
	struct triage_facts facts;

	(void) state;
	for (int i = 1; i < 40; i++) {
		size_t n = strlen(text);

		(void) snprintf(text + n, sizeof text - n, "FOI %d/24 ", i);
	}
	l = letter_builder_new("Subject: FOI 000012/26\n", text, NULL);
	triage_world_look(l, &k, &facts);
	letter_free(l);
	assert_int_equal(k.n_references, MATCHING_REFERENCES_MAX);
	assert_string_equal(k.references[0].reference, "FOI 000012/26");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_found),
		cmocka_unit_test(an_enclosed_mail_is_looked_at),
		cmocka_unit_test(references_know_their_place),
		cmocka_unit_test(wide_letters_are_read),
		cmocka_unit_test(the_subject_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
