/* test_digest.c - SHA-256 and HMAC against published vectors. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/digest.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* FIPS 180-4 examples, and the empty message. */
static const struct {
	const char *why;
	const char *message;
	const char *hex;
} sums[] = {
	{ "empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "one block", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static void test_sha256(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(sums); i++) {
		char hex[DIGEST_HEX_MAX];

		print_message("%s\n", sums[i].why);
		digest_sha256(sums[i].message, strlen(sums[i].message), hex);
		assert_string_equal(hex, sums[i].hex);
	}
}

/* Whatever the pieces, the sum is that of the whole; and it starts anew after its end. */
static void test_pieces(void **state)
{
	CLEANUP(digest_freep) struct digest *d = digest_new();
	char hex[DIGEST_HEX_MAX];

	(void) state;
	assert_non_null(d);
	for (size_t i = 0; i < COUNT(sums); i++) {
		size_t n = strlen(sums[i].message);

		for (size_t k = 0; k < n; k += 5)
			digest_update(d, sums[i].message + k, n - k < 5 ? n - k : 5);
		digest_final(d, hex);
		assert_string_equal(hex, sums[i].hex);
	}
	d = digest_free(d);
	assert_null(d);
	assert_null(digest_free(NULL));
}

/* FIPS 180-4: a million times "a". */
static void test_long(void **state)
{
	CLEANUP(digest_freep) struct digest *d = digest_new();
	char block[1000];
	char hex[DIGEST_HEX_MAX];

	(void) state;
	assert_non_null(d);
	memset(block, 'a', sizeof block);
	for (unsigned i = 0; i < 1000; i++)
		digest_update(d, block, sizeof block);
	digest_final(d, hex);
	assert_string_equal(
		hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 4231: HMAC pads a short key with zeros, so its short keys are ours with zeros behind them. */
static const struct {
	const char *why;
	uint8_t key[DIGEST_KEY_BYTES];
	const char *message;
	size_t n;
	const char *hex;
} macs[] = {
	{ "RFC 4231 case 1",
		{ 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
			0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b },
		"Hi There", 8, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ "RFC 4231 case 2", { 'J', 'e', 'f', 'e' }, "what do ya want for nothing?", 28,
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "RFC 4231 case 4",
		{ 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d,
			0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19 },
		"\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
		"\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
		"\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd",
		50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
	{ "a key of full length, by Python's hmac",
		{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
			24, 25, 26, 27, 28, 29, 30, 31, 32 },
		"FOI 001761/18", 13,
		"7a42797b9064c612472db68d007031777d151965293ca5e628a3dc3c05976126" },
};

static void test_hmac(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(macs); i++) {
		char hex[DIGEST_HEX_MAX];

		print_message("%s\n", macs[i].why);
		digest_hmac(macs[i].key, macs[i].message, macs[i].n, hex);
		assert_string_equal(hex, macs[i].hex);
	}
}

static void test_random(void **state)
{
	uint8_t a[300] = { 0 };
	uint8_t b[300] = { 0 };
	static const uint8_t zero[16];

	(void) state;
	assert_int_equal(digest_random(a, sizeof a), 0);
	assert_int_equal(digest_random(b, sizeof b), 0);
	assert_memory_not_equal(a, b, sizeof a);
	/* The end is filled too: a chance of one in 2^128 to fail. */
	assert_memory_not_equal(a + sizeof a - sizeof zero, zero, sizeof zero);
	assert_int_equal(digest_random(a, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
