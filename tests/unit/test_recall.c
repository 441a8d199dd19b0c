/* test_recall.c - a restored store is told by our own mail what it has lost.
 *
 * Mails are taken in, the store is copied, more come; then the copy takes the store's place, reads the
 * acknowledgements that have left, and the same mails come again. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/store_care.h"
#include "adapters/store_internal.h"
#include "domain/letter.h"
#include "flow/recall.h"
#include "tests/support/intake_world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum {
	SENT_MAX = 16,
	BEFORE = 2, /* of the mails: taken before the copy was made */
};

static const struct mail {
	const char *why;
	const char *headers;
	const char *text;
	const char *reference; /* "" : it opens no case */
} mails[] = {
	{ "a request", "From: jane@example.net\nSubject: Bicycles\n",
		"Under the Freedom of Information Act, how many bicycles does the force own?",
		"FOI 000001/18" },
	{ "another", "From: alex@example.com\nSubject: Horses\n",
		"Under the Freedom of Information Act, how many horses does the force own?",
		"FOI 000002/18" },
	/* Here the copy is made. */
	{ "a request that was lost", "From: kim@example.net\nSubject: Dogs\n",
		"Under the Freedom of Information Act, how many dogs does the force own?",
		"FOI 000003/18" },
	{ "a review by its reference", "From: jane@example.net\nSubject: FOI 000001/18\n",
		"I request an internal review of your handling of my request.", "IR 000001/18" },
	{ "no request", "From: sam@example.net\nSubject: Hello\n", "A fine day to you all.",
		"IN 000001/18" },
	{ "a newsletter",
		"From: news@example.net\nSubject: News\nList-Id: <news.example.net>\n"
		"List-Unsubscribe: <mailto:news@example.net>\nPrecedence: list\n",
		"All the news of the week.", "" },
	{ "one without a Message-ID", "From: lee@example.net\nSubject: Boats\n",
		"Under the Freedom of Information Act, how many boats does the force own?",
		"FOI 000004/18" },
	{ "a review and a request",
		"From: alex@example.com\nSubject: Re: Your request FOI 000002/18\n",
		"I request an internal review of your decision.\n\n"
		"I would also like to know the cost of the drones.",
		"IR 000002/18 and FOI 000005/18" },
};

/* An acknowledgement as it left. */
struct sent {
	char *bytes;
	char reference[REFERENCE_MAX];
};

struct recall_world {
	struct intake_world *w;
	struct letter_reader *reader;
	struct sent sent[SENT_MAX];
	size_t n_sent;
	char copy[160];
};

static int setup(void **state)
{
	struct recall_world *x = calloc(1, sizeof *x);

	assert_non_null(x);
	assert_int_equal(intake_world_setup((void **) &x->w), 0);
	assert_int_equal(letter_reader_new(&x->reader, NULL), 0);
	(void) snprintf(x->copy, sizeof x->copy, "%s/copy", x->w->fixture->folder);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct recall_world *x = *state;

	for (size_t i = 0; i < x->n_sent; i++)
		free(x->sent[i].bytes);
	letter_reader_free(x->reader);
	assert_int_equal(intake_world_teardown((void **) &x->w), 0);
	free(x);
	return 0;
}

/* Keeps what the outbox holds for the last mail, as the Sent folder would. */
static void keep_sent(struct recall_world *x)
{
	struct sent *s = &x->sent[x->n_sent];

	if (!x->w->out.is_queued)
		return;
	assert_true(x->n_sent < SENT_MAX);
	s->bytes = strdup(intake_world_text(
		x->w, "SELECT CAST(bytes AS TEXT) FROM outbox_mail ORDER BY outbox DESC LIMIT 1"));
	assert_non_null(s->bytes);
	(void) snprintf(s->reference, sizeof s->reference, "%s", x->w->out.cases[0].reference);
	x->n_sent++;
}

static void take(struct recall_world *x, size_t i)
{
	x->w->is_nameless = strstr(mails[i].why, "without a Message-ID") != NULL;
	x->w->uid = (uint32_t) i;
	intake_world_take(x->w, mails[i].headers, mails[i].text);
	x->w->now += 3600;
}

static void expect_case(const struct recall_world *x, size_t i, const char *reference)
{
	const struct intake_outcome *out = &x->w->out;
	char got[2 * REFERENCE_MAX + 8];

	(void) snprintf(got, sizeof got, "%s%s%s", out->n_cases > 0 ? out->cases[0].reference : "",
		out->n_cases > 1 ? " and " : "", out->n_cases > 1 ? out->cases[1].reference : "");

	if (strcmp(got, reference) != 0)
		fail_msg("%s: \"%s\", expected \"%s\"", mails[i].why, got, reference);
}

static void use(struct recall_world *x, struct store *s)
{
	x->w->fixture->store = s;
	x->w->in.store = s;
}

/* What happened until the store was lost; then its copy is in its place. */
static void lose(struct recall_world *x)
{
	struct fault f = { 0 };
	struct store *s = NULL;

	for (size_t i = 0; i < COUNT(mails); i++) {
		if (i == BEFORE)
			store_fixture_expect(
				store_copy(x->w->in.store, x->copy, x->w->now, &f), &f);
		take(x, i);
		expect_case(x, i, mails[i].reference);
		keep_sent(x);
	}
	store_close(x->w->in.store);
	store_fixture_expect(store_open(x->copy, x->w->now, &s, &f), &f);
	use(x, s);
}

static bool recall(struct recall_world *x, const char *bytes, bool is_sent)
{
	struct letter *letter = NULL;
	struct recall_mail mail = { .internaldate = x->w->now,
		.is_sent = is_sent,
		.raw = bytes,
		.raw_bytes = strlen(bytes) };
	struct fault f = { 0 };
	bool is_found = false;

	assert_int_equal(letter_parse(x->reader, bytes, strlen(bytes), false, &letter, &f), 0);
	mail.letter = letter;
	store_fixture_expect(store_begin(x->w->in.store, &f), &f);
	store_fixture_expect(recall_take(&x->w->in, &mail, x->w->now, &is_found, &f), &f);
	store_fixture_expect(store_commit(x->w->in.store, &f), &f);
	letter_free(letter);
	return is_found;
}

static void set_known(struct recall_world *x, int64_t hold_before)
{
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->w->in.store, &f), &f);
	store_fixture_expect(store_recovery_set(x->w->in.store, true, hold_before, &f), &f);
	store_fixture_expect(store_commit(x->w->in.store, &f), &f);
}

static void count_opened(void *context, const struct recall_opened *opened)
{
	(void) opened;
	++*(size_t *) context;
}

static size_t finish(struct recall_world *x)
{
	struct fault f = { 0 };
	size_t n = 0;

	store_fixture_expect(store_begin(x->w->in.store, &f), &f);
	store_fixture_expect(
		recall_finish(&x->w->in, "uid 1", x->w->now, count_opened, &n, &f), &f);
	store_fixture_expect(store_commit(x->w->in.store, &f), &f);
	return n;
}

static void test_same_numbers(void **state)
{
	struct recall_world *x = *state;

	lose(x);
	for (size_t i = 0; i < x->n_sent; i++)
		assert_true(recall(x, x->sent[i].bytes, true));
	/* The two from before are known to the copy, as queued: nobody sends them again. */
	assert_int_equal(
		intake_world_number(x->w, "SELECT count(*) FROM outbox WHERE state = 'sent'"), 2);
	assert_int_equal(intake_world_number(x->w, "SELECT count(*) FROM recalled"), 4);
	set_known(x, 0);
	for (size_t i = BEFORE; i < COUNT(mails); i++) {
		take(x, i);
		expect_case(x, i, mails[i].reference);
		assert_int_equal(x->w->out.is_queued, false);
	}
	assert_int_equal(
		intake_world_number(x->w, "SELECT count(*) FROM outbox WHERE state <> 'sent'"), 0);
	assert_int_equal(intake_world_number(x->w, "SELECT count(*) FROM outbox"), x->n_sent);
	assert_int_equal(
		intake_world_number(x->w, "SELECT count(*) FROM foi_case WHERE told = due"), 5);
	intake_world_expect_text(
		x->w, "SELECT group_concat(flags) FROM (SELECT DISTINCT flags FROM foi_case)", "0");
	assert_int_equal(finish(x), 0);
	x->w->is_nameless = false;
	x->w->uid = 100;
	intake_world_take(x->w, "From: new@example.net\nSubject: Cats\n",
		"Under the Freedom of Information Act, how many cats does the force own?");
	assert_string_equal(x->w->out.cases[0].reference, "FOI 000006/18");
	assert_int_equal(x->w->out.is_queued, true);
}

/* A new mail before those of the lost time: its number lies above the highest that was told. */
static void test_new_mail_first(void **state)
{
	struct recall_world *x = *state;

	lose(x);
	for (size_t i = 0; i < x->n_sent; i++)
		assert_true(recall(x, x->sent[i].bytes, true));
	set_known(x, 0);
	x->w->uid = 200;
	intake_world_take(x->w, "From: new@example.net\nSubject: Cats\n",
		"Under the Freedom of Information Act, how many cats does the force own?");
	assert_string_equal(x->w->out.cases[0].reference, "FOI 000006/18");
	take(x, 2);
	expect_case(x, 2, mails[2].reference);
}

static void test_no_number_before_it_is_known(void **state)
{
	struct recall_world *x = *state;
	struct store *s;

	lose(x);
	s = x->w->in.store;
	x->w->uid = 300;
	assert_int_equal(intake_world_try(x->w, mails[2].headers, mails[2].text), -EAGAIN);
	store_rollback(s);
	set_known(x, 0);
	take(x, 2);
	assert_int_equal(x->w->out.n_cases, 1);
}

/* Its mail was deleted: the number stays used, and the case is there. */
static void test_mail_is_gone(void **state)
{
	struct recall_world *x = *state;

	lose(x);
	for (size_t i = 0; i < x->n_sent; i++)
		assert_true(recall(x, x->sent[i].bytes, true));
	set_known(x, 0);
	assert_int_equal(finish(x), 5);
	intake_world_expect_text(x->w,
		"SELECT group_concat(reference || ' ' || kind || ' ' || requester || ' ' || flags, "
		"', ')"
		" FROM (SELECT * FROM foi_case WHERE id > 2 ORDER BY reference)",
		"FOI 000003/18 request kim@example.net 4097,"
		" FOI 000004/18 request lee@example.net 4097,"
		" FOI 000005/18 request alex@example.com 4097,"
		" IR 000001/18 review jane@example.net 4105,"
		" IR 000002/18 review alex@example.com 4105");
	assert_int_equal(
		intake_world_number(x->w, "SELECT count(*) FROM outbox WHERE state <> 'sent'"), 0);
	assert_int_equal(intake_world_number(x->w, "SELECT count(*) FROM recovering"), 0);
	assert_int_equal(intake_world_number(x->w, "SELECT is_known FROM recovery"), 0);
}

/* A copy in the mailbox proves the number; one that an outsider wrote proves nothing. */
static void test_mailbox(void **state)
{
	struct recall_world *x = *state;
	char forged[512];

	lose(x);
	assert_true(recall(x, x->sent[2].bytes, false));
	assert_int_equal(intake_world_number(x->w, "SELECT proof FROM recalled"), 1);
	(void) snprintf(forged, sizeof forged,
		"From: eve@example.net\r\nTo: foi@authority.example.org\r\n"
		"Message-ID: <foi.m.FOI_009999/18.00112233445566778899aabbccddeeff@x>\r\n"
		"In-Reply-To: <one@example.net>\r\n\r\nx\r\n");
	assert_false(recall(x, forged, true));
	set_known(x, 0);
	x->w->uid = 400;
	intake_world_take(x->w, "From: new@example.net\nSubject: Cats\n",
		"Under the Freedom of Information Act, how many cats does the force own?");
	assert_string_equal(x->w->out.cases[0].reference, "FOI 000004/18");
}

/* Nothing tells what was acknowledged: mail of before waits for an officer. */
static void test_nothing_tells(void **state)
{
	struct recall_world *x = *state;
	struct fault f = { 0 };

	lose(x);
	store_fixture_expect(store_begin(x->w->in.store, &f), &f);
	assert_int_equal(recall_next(&x->w->in, "FOI 1900/18", &f), -EINVAL);
	store_fixture_expect(recall_next(&x->w->in, "FOI 001900/18", &f), &f);
	store_fixture_expect(store_commit(x->w->in.store, &f), &f);
	set_known(x, x->w->now);
	x->w->mail.internaldate = x->w->now - 60;
	take(x, 2);
	expect_case(x, 2, "FOI 001900/18");
	assert_int_equal(x->w->out.hold, HOLD_RESTORED);
	x->w->mail.internaldate = 0;
	x->w->uid = 500;
	intake_world_take(x->w, "From: new@example.net\nSubject: Cats\n",
		"Under the Freedom of Information Act, how many cats does the force own?");
	assert_string_equal(x->w->out.cases[0].reference, "FOI 001901/18");
	assert_int_equal(x->w->out.hold, HOLD_NONE);
}

/* A store that was put back without a mark: the first of our own mails tells. */
static void test_unmarked(void **state)
{
	struct recall_world *x = *state;
	struct fault f = { 0 };
	char headers[512];
	char id[TOKEN_ID_MAX];

	lose(x);
	store_fixture_expect(store_begin(x->w->in.store, &f), &f);
	store_fixture_expect(store_recovering_end(x->w->in.store, &f), &f);
	store_fixture_expect(store_commit(x->w->in.store, &f), &f);
	assert_int_equal(token_message_id(store_key(x->w->in.store), TOKEN_THREAD, "FOI 000004/18",
				 "authority.example.org", id),
		0);
	(void) snprintf(headers, sizeof headers,
		"From: lee@example.net\nSubject: Re: Boats\nReferences: %s\n", id);
	x->w->uid = 600;
	assert_int_equal(intake_world_try(x->w, headers, "When do I hear from you?"), -ESTALE);
	store_rollback(x->w->in.store);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_same_numbers),
		TEST(test_new_mail_first),
		TEST(test_no_number_before_it_is_known),
		TEST(test_mail_is_gone),
		TEST(test_mailbox),
		TEST(test_nothing_tells),
		TEST(test_unmarked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
