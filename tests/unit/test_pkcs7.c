/* test_pkcs7.c - the words inside a signed part, in the ways that BER can pack them. */
/* SPDX-License-Identifier: MIT */
#include "domain/pkcs7.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SIGNED_DATA	   "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"
#define ENVELOPED_DATA	   "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03"
#define DATA		   "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01"
#define VERSION		   "\x02\x01\x01"
#define NO_ALGORITHMS	   "\x31\x00"
#define ENDLESS_ALGORITHMS "\x31\x80\x30\x80\x05\x00\x00\x00\x00\x00"
#define ENDLESS(tag)	   tag "\x80"
#define END		   "\x00\x00"

#define ROW(why, bytes, kind, wanted)                                                              \
	{                                                                                          \
		why, bytes, sizeof(bytes) - 1, kind, wanted                                        \
	}

static const struct {
	const char *why;
	const char *bytes;
	size_t n;
	enum pkcs7_kind kind;
	const char *wanted;
} rows[] = {
	ROW("with lengths",
		"\x30\x2A" SIGNED_DATA "\xA0\x1D\x30\x1B" VERSION NO_ALGORITHMS "\x30\x14" DATA
		"\xA0\x07\x04\x05words",
		PKCS7_SIGNED, "words"),
	ROW("without lengths, the string in two pieces",
		ENDLESS("\x30") SIGNED_DATA ENDLESS("\xA0") ENDLESS("\x30")
			VERSION ENDLESS_ALGORITHMS ENDLESS("\x30") DATA ENDLESS("\xA0")
				ENDLESS("\x24") "\x04\x02wo\x04\x03rds" END END END END END END,
		PKCS7_SIGNED, "words"),
	ROW("pieces of pieces, with and without a length",
		ENDLESS("\x30") SIGNED_DATA ENDLESS("\xA0") ENDLESS("\x30")
			VERSION NO_ALGORITHMS ENDLESS("\x30") DATA ENDLESS("\xA0") ENDLESS("\x24")
				ENDLESS("\x24") "\x04\x02wo" END "\x24\x05\x04\x03rds" END END
						"\x04\x01x",
		PKCS7_SIGNED, "words"),
	ROW("pieces within a length, and other things behind it",
		ENDLESS("\x30") SIGNED_DATA ENDLESS("\xA0") ENDLESS("\x30")
			VERSION NO_ALGORITHMS ENDLESS("\x30")
				DATA ENDLESS("\xA0") "\x24\x07\x04\x02wo\x04\x01r\x04\x01x",
		PKCS7_SIGNED, "wor"),
	ROW("a length of two bytes",
		ENDLESS("\x30") SIGNED_DATA ENDLESS("\xA0") ENDLESS("\x30")
			VERSION NO_ALGORITHMS ENDLESS("\x30")
				DATA ENDLESS("\xA0") "\x04\x82\x00\x05words",
		PKCS7_SIGNED, "words"),
	ROW("a string that is cut off",
		ENDLESS("\x30") SIGNED_DATA ENDLESS("\xA0") ENDLESS("\x30")
			VERSION NO_ALGORITHMS ENDLESS("\x30") DATA ENDLESS("\xA0") "\x04\x7Fwor",
		PKCS7_SIGNED, "wor"),
	ROW("nothing wrapped: the words stand elsewhere",
		ENDLESS("\x30") SIGNED_DATA ENDLESS("\xA0") ENDLESS("\x30")
			VERSION NO_ALGORITHMS ENDLESS("\x30") DATA END,
		PKCS7_SIGNED, ""),
	ROW("encrypted", "\x30\x80" ENVELOPED_DATA "\xA0\x80", PKCS7_OTHER, ""),
	ROW("a length of eight bytes", "\x30\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF" SIGNED_DATA,
		PKCS7_OTHER, ""),
	ROW("a string without a length that is not in pieces",
		ENDLESS("\x30") SIGNED_DATA ENDLESS("\xA0") ENDLESS("\x30")
			VERSION NO_ALGORITHMS ENDLESS("\x30") DATA ENDLESS("\xA0") "\x04\x80words",
		PKCS7_SIGNED, ""),
	ROW("words that are packed in nothing", "Dear all", PKCS7_OTHER, ""),
	ROW("nothing", "", PKCS7_OTHER, ""),
};

static void test_rows(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum pkcs7_kind kind = PKCS7_OTHER;
		char *have = NULL;
		size_t n = 0;

		assert_int_equal(pkcs7_content(rows[i].bytes, rows[i].n, &kind, &have, &n), 0);
		if (kind != rows[i].kind || n != strlen(rows[i].wanted) ||
			memcmp(have, rows[i].wanted, n) != 0)
			fail_msg("%s: kind %d, \"%.*s\"", rows[i].why, kind, (int) n, have);
		free(have);
	}
}

/* Cut anywhere, it gives the beginning of the words at the most. */
static void test_cut(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (size_t cut = 0; cut < rows[i].n; cut++) {
			char *bytes = malloc(cut + 1); /* exact, for the address sanitizer */
			enum pkcs7_kind kind;
			char *have = NULL;
			size_t n = 0;

			assert_non_null(bytes);
			memcpy(bytes, rows[i].bytes, cut);
			assert_int_equal(pkcs7_content(bytes, cut, &kind, &have, &n), 0);
			assert_in_range(n, 0, strlen(rows[i].wanted));
			assert_memory_equal(have, rows[i].wanted, n);
			free(have);
			free(bytes);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
