/* test_store_likeness.c - the case whose mail says nearly the same, and hints that are kept. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_fixture.h"
#include "adapters/store_internal.h"
#include "adapters/store_view.h"

enum {
	MANY = 200,
};

static struct likeness base(void)
{
	struct likeness l;

	for (unsigned i = 0; i < LIKENESS_HASHES; i++)
		l.hashes[i] = 1000 + i;
	return l;
}

/* A sketch whose last @n numbers are others. */
static struct likeness apart(unsigned n)
{
	struct likeness l = base();

	for (unsigned i = 0; i < n; i++)
		l.hashes[LIKENESS_HASHES - 1 - i] = 5000 + n * 100 + i;
	return l;
}

/* The mail with that UID opens that case and has that sketch. */
static void add(struct store_fixture *x, uint32_t uid, const char *reference, unsigned n)
{
	struct likeness l = apart(n);
	struct fault f = { 0 };
	int64_t id;

	store_fixture_expect(store_begin(x->store, &f), &f);
	id = store_fixture_case(x, uid, reference);
	store_fixture_expect(
		store_message_case(
			x->store, store_fixture_number(x, "SELECT max(id) FROM message"), id, &f),
		&f);
	store_fixture_expect(
		store_likeness_add(
			x->store, store_fixture_number(x, "SELECT max(id) FROM message"), &l, &f),
		&f);
	store_fixture_expect(store_commit(x->store, &f), &f);
}

static int ask(struct store_fixture *x, const char *sender, struct hint_like *ret)
{
	struct likeness l = base();
	struct fault f = { 0 };
	int r = store_like(x->store, &l, sender, ret, &f);

	if (r < 0)
		fail_msg("%s", f.text);
	return r;
}

static void nothing_is_like_it_in_an_empty_store(void **state)
{
	struct hint_like like = { .alike = 9 };

	assert_int_equal(ask(*state, "a@example.com", &like), 0);
}

static void the_nearest_is_found(void **state)
{
	struct store_fixture *x = *state;
	struct hint_like like;

	add(x, 1, "FOI 1", 6);
	add(x, 2, "FOI 2", 2);
	add(x, 3, "FOI 3", 4);
	add(x, 4, "FOI 4", 9); /* shares its bands, but is not near */
	assert_int_equal(ask(x, "someone@example.com", &like), 1);
	assert_string_equal(like.reference, "FOI 2");
	assert_int_equal(like.alike, LIKENESS_HASHES - 2);
	assert_int_equal(like.n_more, 2);
	assert_false(like.is_same_sender);
	assert_int_equal(ask(x, "Jane@Example.org", &like), 1);
	assert_true(like.is_same_sender);
}

static void of_the_equally_near_the_newest_is_told(void **state)
{
	struct store_fixture *x = *state;
	struct hint_like like;

	add(x, 1, "FOI 1", 0);
	add(x, 2, "FOI 2", 0);
	assert_int_equal(ask(x, "", &like), 1);
	assert_string_equal(like.reference, "FOI 2");
	assert_int_equal(like.n_more, 1);
}

/* However many mails a campaign has, a look costs the same. */
static void a_look_is_bounded(void **state)
{
	struct store_fixture *x = *state;
	struct hint_like like;
	char reference[REFERENCE_MAX];

	for (unsigned i = 0; i < MANY; i++) {
		(void) snprintf(reference, sizeof reference, "FOI %u", i + 1);
		add(x, i + 1, reference, 0);
	}
	assert_int_equal(ask(x, "", &like), 1);
	(void) snprintf(reference, sizeof reference, "FOI %d", MANY);
	assert_string_equal(like.reference, reference);
	assert_int_equal(like.n_more, STORE_LIKE_BAND_MAX - 1);
}

/* A look asks the index of each band, and never passes over a whole table. */
static void a_look_uses_the_indexes(void **state)
{
	struct store_fixture *x = *state;
	sqlite3_stmt *q = NULL;
	char sql[2048];
	unsigned searches = 0;

	(void) snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", store_sql_text(STORE_SQL_LIKE));
	assert_int_equal(sqlite3_prepare_v2(x->store->db, sql, -1, &q, NULL), SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *detail = (const char *) sqlite3_column_text(q, 3);

		searches += strstr(detail, "SEARCH likeness USING COVERING INDEX") != NULL;
		if (strstr(detail, "SCAN likeness") || strstr(detail, "SCAN m") ||
			strstr(detail, "SCAN c") || strcmp(detail, "SCAN l") == 0)
			fail_msg("%s", detail);
	}
	assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
	assert_int_equal(searches, LIKENESS_BANDS);
}

static int take_hints(void *context, const struct store_message_row *row)
{
	(void) snprintf(context, 256, "%s", row->hints);
	return 0;
}

static void hints_are_kept_with_their_mail(void **state)
{
	struct store_fixture *x = *state;
	static const struct hint_list hints = { .n = 2,
		.hints = { { HINT_EIR, "It speaks of \"air\"." },
			{ HINT_FORWARDED, "It was passed on." } } };
	struct store_message m = store_fixture_message(x, 7);
	struct foi_case_opening c = store_fixture_opening("FOI 1");
	const struct store_case_view view = { .message = take_hints };
	struct fault f = { 0 };
	char text[256] = "";
	int64_t id;

	m.hints = &hints;
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_message_add(x->store, &m, &c.message, &f), &f);
	store_fixture_expect(store_case_add(x->store, &c, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	store_fixture_expect(store_view(x->store, id, &view, text, &f), &f);
	assert_string_equal(text, "[{\"hint\":\"eir\",\"evidence\":\"It speaks of \\\"air\\\".\"},"
				  "{\"hint\":\"forwarded\",\"evidence\":\"It was passed on.\"}]");
}

#define TEST(function)                                                                             \
	cmocka_unit_test_setup_teardown(function, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_like_it_in_an_empty_store),
		TEST(the_nearest_is_found),
		TEST(of_the_equally_near_the_newest_is_told),
		TEST(a_look_is_bounded),
		TEST(a_look_uses_the_indexes),
		TEST(hints_are_kept_with_their_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
