/* test_store_view.c - a case opened with everything is read back as it was written. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/store_view.h"
#include "../support/store_fixture.h"

/* What the callbacks were given, one line a row. */
struct notes {
	char text[4096];
	size_t n;
	int answer;
};

static void write_note(struct notes *notes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void write_note(struct notes *notes, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	notes->n += (size_t) vsnprintf(
		notes->text + notes->n, sizeof notes->text - notes->n, format, ap);
	va_end(ap);
	assert_true(notes->n < sizeof notes->text);
}

static int note_message(void *context, const struct store_message_row *row)
{
	struct notes *notes = context;
	char day[DAY_ISO_MAX];

	write_note(notes, "mail %s/%s %u/%u %s %s seen+%d internal+%d gateway+%d\n", row->mailbox,
		row->folder, row->uidvalidity, row->uid, fate_word(row->fate),
		day_iso(row->received, day), (int) (row->first_seen - STORE_FIXTURE_NOW),
		(int) (row->internaldate - STORE_FIXTURE_NOW),
		(int) (row->gateway - STORE_FIXTURE_NOW));
	write_note(notes, " %s <%s> %s %s\n %s\n %s\n %s\n", row->from_name, row->from,
		row->message_id, row->subject, row->new_text, row->reasons, row->warnings);
	assert_string_equal(row->text, row->new_text);
	return notes->answer;
}

static int note_attachment(void *context, const struct store_attachment_row *row)
{
	write_note(context, "attachment \"%s\" %s %u %s\n", row->name, row->type,
		(unsigned) row->bytes, row->sha256);
	return 0;
}

static int note_event(void *context, const struct store_event_row *row)
{
	write_note(context, "event %d %s %s: %s\n", (int) row->at, row->actor, row->what, row->why);
	return 0;
}

static int note_deadline(void *context, const struct store_deadline_row *row)
{
	char received[DAY_ISO_MAX];
	char due[DAY_ISO_MAX];

	write_note(context, "deadline +%d %s %s %u %s to %s %d %s \"%s\" %s\n",
		(int) (row->at - STORE_FIXTURE_NOW), statute_of(row->deadline.regime)->key,
		statute_rule_key(row->deadline.rule), row->deadline.working_days,
		day_iso(row->deadline.received, received), day_iso(row->deadline.due, due),
		row->deadline.is_provisional, row->deadline.calendar_hash, row->part,
		row->authority);
	return 0;
}

static int note_outbox(void *context, const struct store_outbox_view *row)
{
	char told[DAY_ISO_MAX] = "nothing";

	if (row->tells_due)
		(void) day_iso(row->due_told, told);
	write_note(context,
		"outbox %s %s to %s as %s, %u tries, %d, %d, %d: %d %s %s; told %s; held for %s\n",
		row->kind, store_outbox_state_word(row->state), row->to, row->message_id,
		row->tries, (int) row->created_at, (int) row->sent_at, (int) row->next_try,
		row->code, row->status, row->reply, told, hold_word(row->hold));
	return 0;
}

static int note_linked(void *context, const char *reference, const char *how)
{
	write_note(context, "linked %s %s\n", how, reference);
	return 0;
}

static const struct store_case_view all = {
	.message = note_message,
	.attachment = note_attachment,
	.event = note_event,
	.deadline = note_deadline,
	.outbox = note_outbox,
	.linked = note_linked,
};

static void add_acknowledgement(struct store_fixture *x, int64_t case_id)
{
	struct store_outbox o = {
		.case_id = case_id,
		.mailbox = "foi",
		.kind = "acknowledgement",
		.message_id = "<foi.m.1@example.com>",
		.from = "foi@example.com",
		.to = "jane@example.org",
		.bytes = "mail",
		.n = 4,
		.tells_due = true,
		.due_told = store_fixture_day("2018-06-14"),
		.created_at = 100,
		.next_try = 100,
	};
	struct store_outbox_result result = {
		.state = STORE_OUTBOX_SENT,
		.at = 105,
		.code = 250,
		.status = "2.0.0",
		.reply = "OK id=1",
		.is_try = true,
	};
	struct fault f = { 0 };

	store_fixture_expect(store_outbox_add(x->store, &o, &result.id, &f), &f);
	store_fixture_expect(store_outbox_mark(x->store, &result, &f), &f);
}

/* A mail that opened a review and a request at once, and the case that is reviewed. */
struct family {
	int64_t parent;
	int64_t review;
	int64_t request;
};

static struct family add_family(struct store_fixture *x)
{
	struct foi_case_opening review = store_fixture_opening("IR 000001/18");
	struct foi_case_opening request = store_fixture_opening("FOI 000002/18");
	struct store_message m = store_fixture_message(x, 2);
	struct family family;
	struct fault f = { 0 };

	store_fixture_expect(store_begin(x->store, &f), &f);
	family.parent = store_fixture_case(x, 1, "FOI 000001/18");
	store_fixture_expect(store_event_add(x->store, family.parent, 0, 7, "daemon", "opened",
				     "it asks for information", &f),
		&f);
	add_acknowledgement(x, family.parent);
	store_fixture_expect(store_message_add(x->store, &m, &review.message, &f), &f);
	review.kind = CASE_REVIEW;
	review.parent = family.parent;
	store_fixture_expect(store_case_add(x->store, &review, &family.review, &f), &f);
	request.message = review.message;
	request.sibling = family.review;
	store_fixture_expect(store_case_add(x->store, &request, &family.request, &f), &f);
	store_fixture_expect(store_message_case(x->store, review.message, family.review, &f), &f);
	store_fixture_expect(store_case_sibling(x->store, family.request, family.review, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	return family;
}

static void a_whole_case_is_read_back(void **state)
{
	struct store_fixture *x = *state;
	struct family family = add_family(x);
	struct notes notes = { 0 };
	struct fault f = { 0 };

	store_fixture_expect(store_view(x->store, family.parent, &all, &notes, &f), &f);
	assert_string_equal(notes.text,
		"mail foi/INBOX 77/1 request 2018-05-16 seen+5 internal+3 gateway+2\n"
		" Jane Example <jane@example.org> <one@example.org> Request for information\n"
		" Please tell me how many bicycles the force owns.\n"
		" [{\"rule\":\"asks\",\"evidence\":\"asks \\\"how many\\\"\"}]\n"
		" [\"The mail names a character set that is not known\"]\n"
		"attachment \"questions.pdf\" application/pdf 12345 aa11\n"
		"attachment \"\" text/plain 7 bb22\n"
		"event 7 daemon opened: it asks for information\n"
		"deadline +6 foia statute 20 2018-05-16 to 2018-06-14 0 ca1e \"\""
		" Example Constabulary\n"
		"outbox acknowledgement sent to jane@example.org as <foi.m.1@example.com>, 1 tries,"
		" 100, 105, 0: 250 2.0.0 OK id=1; told 2018-06-14; held for \n"
		"linked review IR 000001/18\n");
}

static void cases_of_one_mail_know_each_other(void **state)
{
	struct store_fixture *x = *state;
	struct family family = add_family(x);
	const struct store_case_view linked = { .linked = note_linked };
	struct notes notes = { 0 };
	struct fault f = { 0 };

	store_fixture_expect(store_view(x->store, family.review, &linked, &notes, &f), &f);
	assert_string_equal(
		notes.text, "linked parent FOI 000001/18\nlinked sibling FOI 000002/18\n");
	notes = (struct notes){ 0 };
	store_fixture_expect(store_view(x->store, family.request, &linked, &notes, &f), &f);
	assert_string_equal(notes.text, "linked sibling IR 000001/18\n");
}

static void the_opening_mail_is_shown_on_both_its_cases(void **state)
{
	struct store_fixture *x = *state;
	struct family family = add_family(x);
	const struct store_case_view mails = { .message = note_message };
	struct notes review = { 0 };
	struct notes request = { 0 };
	struct fault f = { 0 };

	store_fixture_expect(store_view(x->store, family.review, &mails, &review, &f), &f);
	store_fixture_expect(store_view(x->store, family.request, &mails, &request, &f), &f);
	assert_string_equal(review.text, request.text);
	assert_non_null(strstr(request.text, "mail foi/INBOX 77/2"));
}

static int note_row(void *context, const struct store_case_row *row)
{
	char received[DAY_ISO_MAX];
	char due[DAY_ISO_MAX];

	write_note(context, "%s %s %s %x %s %s %d %s|%s|%s|%s|%s|%s|%s|%s|+%d\n", row->reference,
		case_kind_word(row->kind), foi_case_state_word(row->state), row->flags,
		day_iso(row->received, received), day_iso(row->due, due), row->is_provisional,
		statute_of(row->regime)->key, row->subject, row->requester, row->requester_name,
		row->parent_reference, row->mailbox, row->authority, row->acknowledgement,
		(int) (row->opened_at - STORE_FIXTURE_NOW));
	return 0;
}

static void a_row_of_a_list_is_whole(void **state)
{
	struct store_fixture *x = *state;
	struct foi_case_opening c = store_fixture_opening("IR 000009/18");
	struct notes notes = { 0 };
	struct fault f = { 0 };
	int64_t id;

	(void) add_family(x);
	c.kind = CASE_REVIEW;
	c.state = FOI_CASE_TRIAGE;
	c.flags = FOI_CASE_NO_PARENT | FOI_CASE_PROVISIONAL;
	c.deadline.regime = STATUTE_EIR;
	c.deadline.is_provisional = true;
	store_fixture_expect(store_begin(x->store, &f), &f);
	store_fixture_expect(store_case_add(x->store, &c, &id, &f), &f);
	store_fixture_expect(store_commit(x->store, &f), &f);
	assert_int_equal(store_get(x->store, "FOI 000001/18", note_row, &notes, &f), 1);
	assert_int_equal(store_get(x->store, "IR 000001/18", note_row, &notes, &f), 1);
	assert_int_equal(store_get(x->store, "IR 000009/18", note_row, &notes, &f), 1);
	assert_string_equal(notes.text,
		"FOI 000001/18 request open 0 2018-05-16 2018-06-14 0 foia|Request for information"
		"|Jane@example.org|Jane Example||foi|Example Constabulary|sent|+6\n"
		"IR 000001/18 review open 0 2018-05-16 2018-06-14 0 foia|Request for information"
		"|Jane@example.org|Jane Example|FOI 000001/18|foi|Example Constabulary||+6\n"
		"IR 000009/18 review triage a 2018-05-16 2018-06-14 1 eir|Request for information"
		"|Jane@example.org|Jane Example||foi|Example Constabulary||+6\n");
}

static void a_view_of_nothing_is_empty(void **state)
{
	struct store_fixture *x = *state;
	struct notes notes = { 0 };
	struct fault f = { 0 };

	store_fixture_expect(store_view(x->store, 4711, &all, &notes, &f), &f);
	assert_string_equal(notes.text, "");
}

static void a_callback_ends_the_view(void **state)
{
	struct store_fixture *x = *state;
	struct family family = add_family(x);
	struct notes notes = { .answer = -EPIPE };
	struct fault f = { 0 };

	assert_int_equal(store_view(x->store, family.parent, &all, &notes, &f), -EPIPE);
	assert_null(strstr(notes.text, "attachment"));
	/* What it began to read is let go of: a write is possible at once. */
	store_fixture_expect(store_begin(x->store, &f), &f);
	(void) store_fixture_case(x, 3, "FOI 000003/18");
	store_fixture_expect(store_commit(x->store, &f), &f);
}

static void texts_that_were_erased_leave_the_case_readable(void **state)
{
	struct store_fixture *x = *state;
	struct family family = add_family(x);
	const struct store_case_view mails = { .message = note_message };
	struct notes notes = { 0 };
	struct fault f = { 0 };

	assert_int_equal(store_fixture_number(x, "DELETE FROM raw_mail RETURNING 1"), 1);
	assert_int_equal(store_fixture_number(x, "DELETE FROM message_text RETURNING 1"), 1);
	store_fixture_expect(store_view(x->store, family.parent, &mails, &notes, &f), &f);
	assert_non_null(strstr(notes.text, "mail foi/INBOX 77/1 request 2018-05-16"));
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, store_fixture_setup, store_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_whole_case_is_read_back),
		TEST(cases_of_one_mail_know_each_other),
		TEST(the_opening_mail_is_shown_on_both_its_cases),
		TEST(a_row_of_a_list_is_whole),
		TEST(a_view_of_nothing_is_empty),
		TEST(a_callback_ends_the_view),
		TEST(texts_that_were_erased_leave_the_case_readable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
