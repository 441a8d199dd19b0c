/* test_transfer.c - content transfer encodings: whole, broken, and across the pieces they come in. */
/* SPDX-License-Identifier: MIT */
#include "domain/transfer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static int add(void *context, const char *bytes, size_t n)
{
	bytes_add(context, bytes, n);
	return 0;
}

static const struct row {
	const char *why;
	enum transfer encoding;
	const char *encoded;
	const char *decoded;
	size_t broken;
} rows[] = {
	{ "nothing", TRANSFER_BASE64, "", "", 0 },
	{ "whole groups", TRANSFER_BASE64, "SGVsbG8h", "Hello!", 0 },
	{ "one byte over", TRANSFER_BASE64, "SGVsbG8hIQ==", "Hello!!", 0 },
	{ "two bytes over", TRANSFER_BASE64, "SGVsbG8hIUE=", "Hello!!A", 0 },
	{ "padding left out", TRANSFER_BASE64, "SGVsbG8hIUE", "Hello!!A", 0 },
	{ "line ends between groups", TRANSFER_BASE64, "SGVs\r\nbG8h\r\n", "Hello!", 0 },
	{ "line ends within groups", TRANSFER_BASE64, "SGVsbG\r\n8h", "Hello!", 0 },
	{ "two texts joined", TRANSFER_BASE64, "SGk=SGVsbG8h", "HiHello!", 0 },
	{ "what is no digit is skipped", TRANSFER_BASE64, "SG*Vs!bG8h", "Hello!", 2 },
	{ "a byte over 127 is no digit", TRANSFER_BASE64,
		"SGVs\xC3\xA9"
		"bG8h",
		"Hello!", 2 },
	{ "a lonely last digit", TRANSFER_BASE64, "SGVsb", "Hel", 1 },
	{ "no escapes", TRANSFER_QUOTED, "a b\r\nc", "a b\r\nc", 0 },
	{ "escapes side by side", TRANSFER_QUOTED, "=C3=A9=c3=a9", "\xC3\xA9\xC3\xA9", 0 },
	{ "an escape first and last", TRANSFER_QUOTED, "=41b=43", "AbC", 0 },
	{ "a soft line break", TRANSFER_QUOTED, "ab=\r\ncd=\ne", "abcde", 0 },
	{ "a soft line break after blanks", TRANSFER_QUOTED, "ab= \t\r\ncd", "abcd", 0 },
	{ "the end after a mark", TRANSFER_QUOTED, "ab=", "ab", 0 },
	{ "half an escape at the end", TRANSFER_QUOTED, "ab=4", "ab=4", 1 },
	{ "what is no escape stays", TRANSFER_QUOTED, "1+1=2, =ZZ", "1+1=2, =ZZ", 2 },
};

static void test_rows(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct bytes out;
		size_t broken;

		bytes_init(&out, SIZE_MAX);
		transfer_decode(
			row->encoding, row->encoded, strlen(row->encoded), add, &out, &broken);
		if (out.n != strlen(row->decoded) ||
			memcmp(out.n ? out.at : "", row->decoded, out.n) != 0)
			fail_msg("%s", row->why);
		if (broken != row->broken)
			fail_msg("%s: %zu broken places", row->why, broken);
		bytes_done(&out);
	}
}

/* Byte @i of what the long texts below hold. */
static char byte_at(size_t i)
{
	return (char) (unsigned char) (i * 31 + i / 251);
}

static void encode_base64(const char *bytes, size_t n, size_t line, struct bytes *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t column = 0;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t bits = 0;
		size_t left = n - i < 3 ? n - i : 3;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < left ? (unsigned char) bytes[i + k] : 0U);
		for (size_t k = 0; k < 4; k++) {
			if (column++ % line == line - 1)
				bytes_add_text(out, "\r\n");
			bytes_add_char(out, k <= left ? digits[bits >> (18 - 6 * k) & 63] : '=');
		}
	}
}

/* Every second byte escaped in the first half, none in the second, so that runs of all lengths meet
 * the end of a piece. */
static void encode_quoted(const char *bytes, size_t n, size_t line, struct bytes *out)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char) bytes[i];

		if (i % line == line - 1)
			bytes_add_text(out, "=\r\n");
		if (c != '=' && (i % 2 == 0 || i > n / 2)) {
			bytes_add_char(out, (char) c);
			continue;
		}
		bytes_add_char(out, '=');
		bytes_add_char(out, digits[c >> 4]);
		bytes_add_char(out, digits[c & 15]);
	}
}

static void check_long(enum transfer encoding, const char *bytes, size_t n, size_t line)
{
	struct bytes encoded;
	struct bytes out;
	size_t broken;

	bytes_init(&encoded, SIZE_MAX);
	bytes_init(&out, SIZE_MAX);
	if (encoding == TRANSFER_BASE64)
		encode_base64(bytes, n, line, &encoded);
	else
		encode_quoted(bytes, n, line, &encoded);
	transfer_decode(encoding, encoded.at, encoded.n, add, &out, &broken);
	assert_int_equal(broken, 0);
	assert_int_equal(out.n, n);
	assert_memory_equal(out.at, bytes, n);
	bytes_done(&encoded);
	bytes_done(&out);
}

/* Decoded text is handed on in pieces of 8,192 bytes: lengths around them, lines of all kinds. */
static void test_long(void **state)
{
	static const size_t lines[] = { 76, 64, 75, 1000, SIZE_MAX };
	static char bytes[3 * 8192 + 8];

	(void) state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = byte_at(i);
	for (size_t around = 1; around <= 3; around++)
		for (size_t n = around * 8192 - 4; n <= around * 8192 + 4; n++)
			for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
				check_long(TRANSFER_BASE64, bytes, n, lines[i]);
				check_long(TRANSFER_QUOTED, bytes, n, lines[i]);
			}
}

static int count_and_stop(void *context, const char *bytes, size_t n)
{
	size_t *calls = context;

	(void) bytes;
	(void) n;
	(*calls)++;
	return 1;
}

/* Who has enough is not called again. */
static void test_stop(void **state)
{
	static char letters[100000];

	(void) state;
	memset(letters, 'A', sizeof letters);
	for (enum transfer e = TRANSFER_IDENTITY; e <= TRANSFER_UUENCODE; e++) {
		size_t calls = 0;

		transfer_decode(e, letters, sizeof letters, count_and_stop, &calls, NULL);
		assert_int_equal(calls, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
