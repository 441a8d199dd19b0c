/* test_store_check.c - a store that is no more what was written: found, and written to no more. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"

static int check(struct store_fixture *x, struct fault *f)
{
	struct store *reader = NULL;
	int r = store_open_reader(x->path, &reader, f);

	if (r == 0)
		r = store_check(reader, f);
	store_close(reader);
	return r;
}

static void what_was_written_is_sound(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };

	store_fixture_add_mails(x, 1, 50);
	store_fixture_expect(check(x, &f), &f);
	x->store = store_close(x->store);
	store_fixture_expect(check(x, &f), &f);
}

/* A reader beside the writer, as in the daemon. */
static void a_page_of_rubbish_is_found(void **state)
{
	static const unsigned char rubbish[64] = { 0x0d, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	int64_t page;
	int fd;

	store_fixture_add_mails(x, 1, 50);
	store_fixture_reopen(x);
	page = store_fixture_number(
		x, "SELECT pageno FROM dbstat WHERE name = 'raw_mail' AND pagetype = 'leaf'");
	fd = open(x->path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, (page - 1) * 4096), sizeof rubbish);
	assert_int_equal(check(x, &f), -EUCLEAN);
	store_fixture_fault(&f, FAULT_STORE_DAMAGED, "damaged: ");
	/* Closed by hand at last: closing it earlier would drop the locks of the store. */
	assert_int_equal(close(fd), 0);
}

static void what_is_distrusted_is_read_only(void **state)
{
	struct store_fixture *x = *state;
	struct fault f = { 0 };
	char mark[128];

	store_fixture_add_mails(x, 1, 50);
	store_distrust(x->store);
	assert_int_equal(store_begin(x->store, &f), -EUCLEAN);
	store_fixture_fault(&f, FAULT_STORE_DAMAGED, "nothing more is written");
	assert_false(store_is_open(x->store));
	assert_int_equal(store_fixture_number(x, "SELECT count(*) FROM message"), 50);
	x->store = store_close(x->store);
	assert_int_equal(store_open(x->path, 1, &x->store, &f), -EUCLEAN);
	store_fixture_fault(&f, FAULT_STORE_DAMAGED, "found damaged before");
	(void) snprintf(mark, sizeof mark, "%s.damaged", x->path);
	assert_int_equal(unlink(mark), 0);
	store_fixture_expect(store_open(x->path, 1, &x->store, &f), &f);
	assert_false(store_was_clean(x->store)); /* so that it is looked over again */
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_is_sound),
		TEST(a_page_of_rubbish_is_found),
		TEST(what_is_distrusted_is_read_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
