/* test_fault.c - faults: what is kept, what is cut, what may be tried again. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"

static const struct {
	enum fault_kind kind;
	const char *word;
	bool transient;
} kinds[] = {
	{ FAULT_OTHER, "other", false },
	{ FAULT_NETWORK, "network", true },
	{ FAULT_TLS, "tls", false },
	{ FAULT_AUTH, "auth", false },
	{ FAULT_PROTOCOL, "protocol", false },
	{ FAULT_MISSING, "missing", false },
	{ FAULT_STORE_FULL, "store-full", false },
	{ FAULT_STORE_BUSY, "store-busy", true },
	{ FAULT_STORE_DAMAGED, "store-damaged", false },
	{ FAULT_STORE, "store", false },
	{ FAULT_CONFIG, "config", false },
};

static void test_kinds(void **state)
{
	(void) state;
	assert_int_equal(sizeof kinds / sizeof *kinds, FAULT_KIND_COUNT);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct fault f = { 0 };

		print_message("%s\n", kinds[i].word);
		assert_string_equal(fault_kind_word(kinds[i].kind), kinds[i].word);
		assert_int_equal(fault_kind_of(kinds[i].word), kinds[i].kind);
		assert_int_equal(fault_set_kind(&f, kinds[i].kind, -EIO, "it broke"), -EIO);
		assert_int_equal(f.kind, kinds[i].kind);
		assert_int_equal(f.transient, kinds[i].transient);
		assert_int_equal(f.code, -EIO);
	}
	assert_string_equal(fault_kind_word(FAULT_KIND_COUNT), "other");
	assert_int_equal(fault_kind_of("Network"), FAULT_OTHER);
	assert_int_equal(fault_kind_of(""), FAULT_OTHER);
	assert_int_equal(fault_kind_of(NULL), FAULT_OTHER);
}

static void test_set(void **state)
{
	struct fault f = { .kind = FAULT_NETWORK, .transient = true };

	(void) state;
	assert_int_equal(fault_set(&f, -EBADMSG, "message uid=%u has no From", 7U), -EBADMSG);
	assert_string_equal(f.text, "message uid=7 has no From");
	assert_int_equal(f.code, -EBADMSG);
	assert_int_equal(f.kind, FAULT_OTHER);
	assert_int_equal(f.transient, false);
}

static void test_nobody_listens(void **state)
{
	(void) state;
	assert_int_equal(fault_set(NULL, -EIO, "%s", "lost"), -EIO);
	assert_int_equal(fault_set_kind(NULL, FAULT_TLS, -EPERM, "%s", "lost"), -EPERM);
	fault_prefix(NULL, "%s", "nowhere");
}

static void test_prefix(void **state)
{
	struct fault f = { 0 };

	(void) state;
	(void) fault_set_kind(&f, FAULT_STORE_BUSY, -EBUSY, "database is locked");
	fault_prefix(&f, "case %s", "FOI 000042/26");
	fault_prefix(&f, "100%% of mailbox %s", "foi");
	assert_string_equal(f.text, "100% of mailbox foi: case FOI 000042/26: database is locked");
	assert_int_equal(f.code, -EBUSY);
	assert_int_equal(f.kind, FAULT_STORE_BUSY);
	assert_int_equal(f.transient, true);
}

static void test_long_texts(void **state)
{
	char text[2 * FAULT_TEXT_MAX];
	char expected[FAULT_TEXT_MAX];
	struct fault f = { 0 };

	(void) state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	(void) fault_set(&f, -E2BIG, "%s", text);
	assert_int_equal(strlen(f.text), FAULT_TEXT_MAX - 1);

	/* The place is cut at 200 bytes, the detail behind it where the room ends. */
	memset(text, 'y', sizeof text - 1);
	fault_prefix(&f, "%s", text);
	memset(expected, 'x', sizeof expected);
	memset(expected, 'y', 200);
	memcpy(expected + 200, ": ", 2);
	expected[FAULT_TEXT_MAX - 1] = '\0';
	assert_string_equal(f.text, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_long_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
