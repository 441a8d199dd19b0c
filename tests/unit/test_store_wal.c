/* test_store_wal.c - the write-ahead log is cut again, whoever has read for however long. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"

enum {
	WAL_BYTES_MAX = 16777216,
	MAIL_BYTES = 64 * 1024,
	MANY = 400, /* mails that fill more than the log may keep */
	ROUNDS_MAX = 200,
	ROUND_MAILS = 20,
};

static void add_mails(struct store_fixture *x, uint32_t *uid, uint32_t n)
{
	static char raw[MAIL_BYTES];
	struct fault f = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		struct store_message m = store_fixture_message(x, ++*uid);
		int64_t id;

		m.raw = raw;
		m.raw_bytes = sizeof raw;
		store_fixture_expect(store_begin(x->store, &f), &f);
		store_fixture_expect(store_message_add(x->store, &m, &id, &f), &f);
		store_fixture_expect(store_commit(x->store, &f), &f);
	}
}

static int64_t wal_bytes(const struct store_fixture *x)
{
	char path[128];
	struct stat st;

	(void) snprintf(path, sizeof path, "%s-wal", x->path);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* A query that has begun, and sees @wanted mails until it ends. */
static struct store *begin_to_read(const struct store_fixture *x, uint64_t wanted)
{
	struct store *reader = NULL;
	struct store_counts counts;
	struct fault f = { 0 };

	store_fixture_expect(store_open_reader(x->path, &reader, &f), &f);
	store_fixture_expect(store_begin(reader, &f), &f);
	store_fixture_expect(
		store_counts(reader, store_fixture_day("2018-06-14"), &counts, &f), &f);
	assert_int_equal(counts.mails, wanted);
	return reader;
}

static void a_long_reader_costs_no_disk_for_ever(void **state)
{
	struct store_fixture *x = *state;
	struct store *reader;
	uint32_t uid = 0;

	add_mails(x, &uid, 1);
	reader = begin_to_read(x, 1);
	add_mails(x, &uid, MANY);
	assert_true(wal_bytes(x) > WAL_BYTES_MAX); /* what was read could not be overwritten */
	store_close(reader);
	add_mails(x, &uid, 2); /* the first finishes the log, the second begins it anew */
	assert_in_range(wal_bytes(x), 1, WAL_BYTES_MAX);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM message"), uid);
}

/* Somebody always reads, though nobody for long: the log is not cut until none is let in. */
static void readers_in_turn(void **state)
{
	struct store_fixture *x = *state;
	struct store *reader = NULL;
	unsigned rounds = 0;
	uint32_t uid = 0;

	while (!store_is_crowded(x->store)) {
		struct store *next = begin_to_read(x, uid);

		assert_true(++rounds < ROUNDS_MAX);
		store_close(reader);
		reader = next;
		add_mails(x, &uid, ROUND_MAILS);
	}
	assert_in_range(wal_bytes(x), STORE_LOG_BYTES_MAX, 2 * STORE_LOG_BYTES_MAX);
	add_mails(x, &uid, 1); /* nobody waits for the reader */
	assert_true(store_is_crowded(x->store));
	store_close(reader);
	assert_false(store_is_crowded(x->store));
	assert_int_equal(wal_bytes(x), 0);
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM message"), uid);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_long_reader_costs_no_disk_for_ever),
		TEST(readers_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
