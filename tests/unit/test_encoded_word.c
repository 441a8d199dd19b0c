/* test_encoded_word.c - header text and MIME parameters, as written and as abused. */
/* SPDX-License-Identifier: MIT */
#include "domain/encoded_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/mime_value.h"

static const struct row {
	const char *why;
	const char *raw;
	const char *wanted;
	int unknown;
} words[] = {
	{ "plain", "plain words", "plain words", 0 },
	{ "q", "=?utf-8?q?caf=C3=A9?=", "café", 0 },
	{ "b", "=?UTF-8?B?Y2Fmw6k=?=", "café", 0 },
	{ "underscore", "=?utf-8?Q?a_b=5Fc?=", "a b_c", 0 },
	{ "words joined", "=?utf-8?q?a?= =?utf-8?q?b?=", "ab", 0 },
	{ "words joined over a fold", "=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab", 0 },
	{ "words joined that touch", "=?utf-8?q?a?==?utf-8?q?b?=", "ab", 0 },
	{ "text between words", "=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b", 0 },
	{ "text around", "Re: =?utf-8?q?a?= (x)", "Re: a (x)", 0 },
	{ "a character split, q", "=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é", 0 },
	{ "a character split, b then q", "=?utf-8?b?ww==?= =?UTF-8?q?=A9?=", "é", 0 },
	{ "two sets", "=?iso-8859-1?q?=E9?= =?utf-8?q?=C3=A9?=", "éé", 0 },
	{ "blanks in a word", "=?utf-8?q?a b c?=", "a b c", 0 },
	{ "a question mark in a word", "=?utf-8?q?why? a?=", "why? a", 0 },
	{ "bad escape", "=?utf-8?q?100=_=4?=", "100= =4", 0 },
	{ "no end", "=?utf-8?q?abc", "=?utf-8?q?abc", 0 },
	{ "no charset",
		"=?"
		"?q?abc?=",
		"=?"
		"?q?abc?=",
		0 },
	{ "another encoding", "=?utf-8?z?abc?=", "=?utf-8?z?abc?=", 0 },
	{ "empty word", "a=?utf-8?q?\?=b", "ab", 0 },
	{ "language", "=?utf-8*cy?q?t=C5=B7?=", "tŷ", 0 },
	{ "unknown set", "=?x-x?q?=E9?=", "é", 1 },
	{ "line ends within", "=?utf-8?q?a=0D=0ABcc:_b?=", "a Bcc: b", 0 },
	{ "escape sequences", "=?utf-8?q?=1B[31mred?=", "[31mred", 0 },
	{ "direction marks", "=?utf-8?b?4oCuYWJj?=", "abc", 0 },
	{ "a word within a word", "=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=", "=?utf-8?q?x?=", 0 },
	{ "base64 cut anywhere", "=?utf-8?b?Y2Fmw?= =?utf-8?b?6k=?=", "café", 0 },
	{ "base64 cut after two digits", "=?utf-8?b?Y2Fmw6?= =?utf-8?b?k=?=", "café", 0 },
	{ "no padding, then another word", "=?utf-8?b?YQ?= =?utf-8?b?Yg?=", "ab", 0 },
	{ "cut base64, then a q word", "=?utf-8?b?YWJjZ?= =?utf-8?q?x?=", "abcx", 0 },
	{ "blanks among cut digits", "=?utf-8?b?YWJj Z?= =?utf-8?b?GVm?=", "abcdef", 0 },
	{ "an empty base64 word", "a=?utf-8?b?\?=b", "ab", 0 },
	{ "raw UTF-8", "caf\xC3\xA9", "café", 0 },
	{ "raw Windows-1252", "caf\xE9 \x96 x", "café – x", 0 },
	{ "nothing", "", "", 0 },
};

static void test_words(void **state)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const struct row *row = &words[i];
		char *have = NULL;

		assert_int_equal(
			encoded_word_decode(*state, row->raw, strlen(row->raw), 200, &have),
			row->unknown);
		if (strcmp(have, row->wanted) != 0)
			fail_msg("%s: \"%s\"", row->why, have);
		free(have);
	}
}

static void test_bound(void **state)
{
	char *have = NULL;

	assert_int_equal(
		encoded_word_decode(*state, "caf\xC3\xA9s", 6, 4, &have), ENCODED_WORD_CUT);
	assert_string_equal(have, "caf");
	free(have);
	assert_int_equal(encoded_word_decode(*state, "caf\xC3\xA9 ", 6, 5, &have), 0);
	assert_string_equal(have, "café");
	free(have);
}

static const struct row parameters[] = {
	{ "token", "a/b; name=x.pdf", "x.pdf", 0 },
	{ "quoted", "a/b; name=\"a;b \\\"c\\\".pdf\"", "a;b \"c\".pdf", 0 },
	{ "capitals", "a/b; NAME=x", "x", 0 },
	{ "blanks around", "a/b ; name = x ; y=z", "x", 0 },
	{ "another one first", "a/b; names=y; name=x", "x", 0 },
	{ "the first counts", "a/b; name=x; name=y", "x", 0 },
	{ "none", "a/b; charset=x", "", 0 },
	{ "no value", "a/b; name", "", 0 },
	{ "within a quoted value", "a/b; x=\"; name=bad\"; name=good", "good", 0 },
	{ "extended", "a/b; name*=utf-8''caf%C3%A9", "café", 0 },
	{ "extended before plain", "a/b; name=x; name*=utf-8''caf%C3%A9", "café", 0 },
	{ "language", "a/b; name*=iso-8859-14'cy't%FE", "tŷ", 0 },
	{ "no quotes in extended", "a/b; name*=caf%C3%A9", "café", 0 },
	{ "sections", "a/b; name*0=one; name*1=\" two\"", "one two", 0 },
	{ "sections out of order", "a/b; name*1=two; name*0=one", "onetwo", 0 },
	{ "a section missing", "a/b; name*0=one; name*2=three", "one", 0 },
	{ "encoded sections", "a/b; name*0*=utf-8''%C3; name*1*=%A9; name*2=.x", "é.x", 0 },
	{ "sections from one", "a/b; name*1=one; name*2=two", "onetwo", 0 },
	{ "an encoded section from one", "a/b; name*1*=utf-8''%C3; name*2*=%A9", "é", 0 },
	{ "a word that percent signs spell", "a/b; name*=utf-8''%3D%3Futf-8%3Fq%3Fx%3F%3D",
		"=?utf-8?q?x?=", 0 },
	{ "a word behind name*= without percent signs", "a/b; name*==?utf-8?q?x?=", "x", 0 },
	{ "NUL and line ends in percent signs", "a/b; name*=utf-8''x%00y%0D%0Az", "x y z", 0 },
	{ "no semicolon before it", "a/b name=x", "x", 0 },
	{ "no semicolon between two", "a/b; name=x y=z", "x y=z", 0 },
	{ "a section's number too large", "a/b; name*99=x; name*100=y", "", ENCODED_WORD_CUT },
	{ "no section's number", "a/b; name*9x=x; name**=y", "", 0 },
	{ "a broken percent sign", "a/b; name*=utf-8''100%zz%4", "100%zz%4", 0 },
	{ "unknown set", "a/b; name*=x-x''%E9", "é", 1 },
	{ "an encoded word", "a/b; name=\"=?utf-8?q?caf=C3=A9?=\"", "café", 0 },
	{ "a Windows path", "a/b; name=\"C:\\temp\\x\"", "C:\\temp\\x", 0 },
	{ "a quote never closed", "a/b; name=\"x; y=z", "x; y=z", 0 },
};

static void test_parameters(void **state)
{
	for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
		const struct row *row = &parameters[i];
		char *have = NULL;

		assert_int_equal(mime_value_parameter(
					 *state, row->raw, strlen(row->raw), "name", 200, &have),
			row->unknown);
		if (strcmp(have, row->wanted) != 0)
			fail_msg("%s: \"%s\"", row->why, have);
		free(have);
	}
}

static void test_value_words(void **state)
{
	static const struct row rows[] = {
		{ "a type", " Text/Plain; charset=x", "text/plain", 0 },
		{ "alone", "inline", "inline", 0 },
		{ "a comment", "text/plain (x); a=b", "text/plain", 0 },
		{ "blanks within", "text / plain", "text/plain", 0 },
		{ "a parameter without its semicolon", "text/plain charset=x", "text/plain", 0 },
		{ "folded before the semicolon", "text/plain\r\n ; charset=x", "text/plain", 0 },
		{ "nothing", "; a=b", "", 0 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char have[MIME_WORD_MAX];

		mime_value_word(rows[i].raw, strlen(rows[i].raw), have);
		assert_string_equal(have, rows[i].wanted);
	}
}

static int set_up(void **state)
{
	struct charset_table *t = NULL;

	if (charset_open_all(&t, NULL) < 0)
		return -1;
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	charset_close_all(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_value_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
