/* test_token.c - keyed tokens: made, read back, forged. */
/* SPDX-License-Identifier: MIT */
#include "domain/token.h"

#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[DIGEST_KEY_BYTES] = "a key of the tests, 32 bytes lon";
static const uint8_t other_key[DIGEST_KEY_BYTES] = "another key of the tests, 32 byt";

static const char *const references[] = { "FOI 001761/18", "IR 000001/26", "FOI2023/15063",
	"2018060000941", "foi-a:b.c 12/26", "F-2022-01268", "k-s 1/26", "FOI-w/9" };

static void message_ids_are_read_back(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
		for (int p = TOKEN_MESSAGE_ID; p <= TOKEN_THREAD; p++) {
			enum token_purpose purpose = TOKEN_BOUNCE;
			char reference[REFERENCE_MAX];
			char id[TOKEN_ID_MAX];

			assert_int_equal(token_message_id(key, (enum token_purpose) p,
						 references[i], "example.org", id),
				0);
			assert_int_equal(token_read(key, id, &purpose, reference), 0);
			assert_int_equal(purpose, p);
			assert_string_equal(reference, references[i]);
		}
	}
}

static void a_message_id_is_as_documented(void **state)
{
	char id[TOKEN_ID_MAX];

	(void) state;
	assert_int_equal(
		token_message_id(key, TOKEN_MESSAGE_ID, "FOI 001761/18", "example.org", id), 0);
	assert_int_equal(strncmp(id, "<foi.m.FOI_001761/18.", 21), 0);
	assert_string_equal(id + 21 + 32, "@example.org>");
	assert_int_equal(strspn(id + 21, "0123456789abcdef"), 32);
}

static void tags_are_read_back(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
		enum token_purpose purpose = TOKEN_THREAD;
		char reference[REFERENCE_MAX];
		char tag[TOKEN_TAG_MAX];
		char address[256];

		assert_int_equal(token_tag(key, references[i], tag), 0);
		assert_int_equal(strspn(tag, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(tag));
		(void) snprintf(address, sizeof address, "foi+%s@example.org", tag);
		assert_int_equal(token_read(key, address, &purpose, reference), 0);
		assert_int_equal(purpose, TOKEN_BOUNCE);
		assert_string_equal(reference, references[i]);
	}
}

static void a_tag_survives_folding_of_case(void **state)
{
	char tag[TOKEN_TAG_MAX];
	char address[256];
	char reference[REFERENCE_MAX];
	enum token_purpose purpose;

	(void) state;
	assert_int_equal(token_tag(key, "FOI 001761/18", tag), 0);
	for (char *c = tag; *c; c++)
		*c = (char) toupper((unsigned char) *c);
	(void) snprintf(address, sizeof address, "FOI+%s@EXAMPLE.ORG", tag);
	assert_int_equal(token_read(key, address, &purpose, reference), 0);
	assert_string_equal(reference, "FOI 001761/18");
	assert_true(strlen(tag) + strlen("foi+") <= 64); /* RFC 5321 s.4.5.3.1.1 */
}

/* Every single byte of the part that is ours matters. */
static void no_changed_token_is_ours(void **state)
{
	char id[TOKEN_ID_MAX];
	char reference[REFERENCE_MAX];
	enum token_purpose purpose;
	size_t n;

	(void) state;
	assert_int_equal(
		token_message_id(key, TOKEN_THREAD, "FOI 001761/18", "example.org", id), 0);
	n = (size_t) (strchr(id, '@') - id);
	for (size_t i = 1; i < n; i++) {
		char changed[TOKEN_ID_MAX];

		memcpy(changed, id, sizeof changed);
		changed[i] = changed[i] == 'a' ? 'b' : 'a';
		if (token_read(key, changed, &purpose, reference) != -ENOENT)
			fail_msg("byte %zu of '%s' does not matter", i, changed);
		(void) snprintf(changed, sizeof changed, "%.*s%s", (int) i, id, id + i + 1);
		if (token_read(key, changed, &purpose, reference) != -ENOENT)
			fail_msg("byte %zu can be left out of '%s'", i, id);
	}
}

static void what_is_not_ours_is_not_read(void **state)
{
	static const struct {
		const char *why;
		const char *id;
	} rows[] = {
		{ "nothing", "" },
		{ "no at sign", "<foi.m.FOI_1/26.00000000000000000000000000000000>" },
		{ "only brackets", "<@>" },
		{ "an at sign first", "@" },
		{ "a stranger's", "<20260102030405.abc@mail.example.net>" },
		{ "a forged sum",
			"<foi.m.FOI_000001/26.00000000000000000000000000000000@example.org>" },
		{ "no sum", "<foi.m.FOI_000001/26@example.org>" },
		{ "no reference", "<foi.m..00000000000000000000000000000000@example.org>" },
		{ "a forged tag", "foi+foi-s000001-l26-k0000000000000000@example.org" },
		{ "an empty tag", "foi+@example.org" },
		{ "a tag that ends in an escape", "foi+foi-@example.org" },
		{ "a tag that ends in a small letter's escape", "foi+foi-w@example.org" },
		{ "another tag", "jane+news@example.org" },
		{ "too long",
			"<foi.m."
			"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			"AAAA"
			"AAAAAAAAAAAAAAAAAAAAAAAAA.00000000000000000000000000000000@example.org>" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum token_purpose purpose;
		char reference[REFERENCE_MAX] = "unchanged";

		if (token_read(key, rows[i].id, &purpose, reference) != -ENOENT)
			fail_msg("%s", rows[i].why);
		assert_string_equal(reference, "unchanged");
	}
}

static void another_key_or_purpose_does_not_fit(void **state)
{
	char id[TOKEN_ID_MAX];
	char tag[TOKEN_TAG_MAX];
	char reference[REFERENCE_MAX];
	char address[256];
	enum token_purpose purpose;

	(void) state;
	assert_int_equal(
		token_message_id(key, TOKEN_MESSAGE_ID, "FOI 000001/26", "example.org", id), 0);
	assert_int_equal(token_read(other_key, id, &purpose, reference), -ENOENT);
	id[5] = 't'; /* <foi.m. becomes <foi.t. */
	assert_int_equal(token_read(key, id, &purpose, reference), -ENOENT);
	assert_int_equal(token_tag(key, "FOI 000001/26", tag), 0);
	(void) snprintf(address, sizeof address, "foi+%s@example.org", tag);
	assert_int_equal(token_read(other_key, address, &purpose, reference), -ENOENT);
}

static void what_cannot_be_written_is_refused(void **state)
{
	char longest[REFERENCE_MAX + 1];
	char id[TOKEN_ID_MAX];
	char tag[TOKEN_TAG_MAX];

	(void) state;
	memset(longest, 'A', REFERENCE_MAX);
	longest[REFERENCE_MAX] = '\0';
	assert_int_equal(
		token_message_id(key, TOKEN_THREAD, longest, "example.org", id), -EOVERFLOW);
	assert_int_equal(token_tag(key, longest, tag), -EOVERFLOW);
	longest[REFERENCE_MAX - 1] = '\0';
	assert_int_equal(token_message_id(key, TOKEN_THREAD, longest, "example.org", id), 0);
	assert_int_equal(token_tag(key, longest, tag), 0);
	memset(longest, 'a', REFERENCE_MAX - 1);
	assert_int_equal(token_tag(key, longest, tag), -EOVERFLOW);
	assert_int_equal(token_message_id(key, TOKEN_THREAD, "FOI 1", "a b", id), -EINVAL);
	assert_int_equal(token_message_id(key, TOKEN_THREAD, "FOI 1", "a\r\nBcc: x", id), -EINVAL);
	assert_int_equal(token_message_id(key, TOKEN_THREAD, "FOI 1", "", id), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_ids_are_read_back),
		cmocka_unit_test(a_message_id_is_as_documented),
		cmocka_unit_test(tags_are_read_back),
		cmocka_unit_test(a_tag_survives_folding_of_case),
		cmocka_unit_test(no_changed_token_is_ours),
		cmocka_unit_test(what_is_not_ours_is_not_read),
		cmocka_unit_test(another_key_or_purpose_does_not_fit),
		cmocka_unit_test(what_cannot_be_written_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
