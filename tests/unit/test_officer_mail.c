/* test_officer_mail.c - what officers read, word by word, and how long it can get. */
/* SPDX-License-Identifier: MIT */
#include "domain/officer_mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"

enum {
	SEVEN = 1795590000, /* 2026-11-25 07:00 in London */
};

static struct day day(const char *iso)
{
	struct day d;

	assert_int_equal(day_parse(iso, &d), 0);
	return d;
}

static const struct officer_look well[] = {
	{ .mailbox = "foi", .last_look = SEVEN - 120 },
};

/* A day on which there is nothing to do. */
static struct officer_report *quiet(void)
{
	struct officer_report *r = calloc(1, sizeof *r);

	assert_non_null(r);
	r->today = day("2026-11-25");
	r->now = SEVEN;
	r->due_soon_days = 5;
	r->escalate_after_days = 2;
	r->since = SEVEN - 86400;
	r->looks = well;
	r->n_looks = 1;
	r->has_horizon = true;
	r->horizon = day("2028-12-31");
	return r;
}

static void expect(enum officer_mail_kind kind, const struct officer_report *r, const char *subject,
	const char *body)
{
	CLEANUP(freep) char *got_subject = NULL;
	CLEANUP(freep) char *got_body = NULL;

	assert_int_equal(officer_mail_text(kind, r, &got_subject, &got_body), 0);
	assert_string_equal(got_subject, subject);
	assert_string_equal(got_body, body);
}

#define CLOSING                                                                                    \
	"This mail comes every working day, also when nothing is due. If it does not come, "       \
	"foimaild or its mail server is in trouble.\n\nPlease do not answer it: an answer would "  \
	"come in as one more mail to be dealt with. foictl show REFERENCE has each case.\n"

static void nothing_due(void **state)
{
	CLEANUP(freep) struct officer_report *r = quiet();

	(void) state;
	expect(OFFICER_MAIL_DIGEST, r, "FOI: nothing due (25 November 2026)",
		"Requests for information on Wednesday 25 November 2026\n"
		"\n"
		"Nothing is overdue or due within 5 working days, and nothing waits in triage.\n"
		"\n"
		"MAILBOXES\n"
		"  foi: last looked at on 25 November 2026, 06:58\n"
		"\n"
		"SINCE 24 November 2026, 07:00\n"
		"  mails received: 0\n"
		"  cases opened: 0\n"
		"\n"
		"Bank holidays are known until 31 December 2028.\n"
		"\n" CLOSING);
	assert_true(officer_mail_is_wanted(OFFICER_MAIL_DIGEST, r));
	assert_false(officer_mail_is_wanted(OFFICER_MAIL_ESCALATION, r));
}

/* One of everything that a digest can tell. */
static struct officer_report *full(void)
{
	static const struct officer_look looks[] = {
		{ .mailbox = "foi", .last_look = SEVEN - 120 },
		{ .mailbox = "eir",
			.last_look = SEVEN - 40000,
			.is_in_trouble = true,
			.trouble = FAULT_AUTH,
			.since = SEVEN - 39000 },
		{ .mailbox = "new", .is_in_trouble = true, .since = SEVEN - 60 },
	};
	struct officer_report *r = quiet();

	officer_list_add(&r->overdue, "FOI 000013/26", day("2026-11-24"), 1);
	officer_list_add(&r->overdue, "FOI 000012/26", day("2026-11-23"), 2);
	officer_list_add(&r->overdue, "FOI 000014/26", day("2026-11-24"), 0);
	officer_list_add(&r->due_soon, "FOI 000031/26", day("2026-11-25"), 0);
	officer_list_add(&r->due_soon, "FOI 000032/26", day("2026-11-26"), 1);
	officer_list_add(&r->due_soon, "FOI 000033/26", day("2026-11-29"), 0);
	officer_list_add(&r->due_soon, "IN 000007/26", day("2026-12-02"), 4);
	officer_list_add(&r->triage, "IN 000007/26", day("2026-11-04"), 15);
	officer_list_add(&r->triage, "IN 000008/26", day("2026-11-24"), 1);
	officer_list_add(&r->untouched, "IN 000007/26", day("2026-11-04"), 15);
	officer_list_add(&r->lapse, "FOI 000002/26", day("2026-11-20"), 0);
	officer_list_add(&r->held, "FOI 000040/26", day("2026-11-24"), 0);
	officer_list_add(&r->failed, "FOI 000039/26", day("2026-11-19"), 0);
	r->n_unsent = 2;
	r->oldest_unsent = SEVEN - 3600;
	r->fates[FATE_REQUEST] = 5;
	r->fates[FATE_BOUNCE] = 1;
	r->n_opened = 6;
	r->since = 0;
	r->looks = looks;
	r->n_looks = 3;
	r->feed_waits = true;
	return r;
}

#define OVERDUE                                                                                    \
	"OVERDUE: 3\n"                                                                             \
	"  FOI 000012/26  last day 23 November 2026, 2 working days late\n"                        \
	"  FOI 000013/26  last day 24 November 2026, 1 working day late\n"                         \
	"  FOI 000014/26  last day 24 November 2026, late since the weekend or a holiday\n"        \
	"\n"

static void everything(void **state)
{
	CLEANUP(freep) struct officer_report *r = full();

	(void) state;
	expect(OFFICER_MAIL_DIGEST, r,
		"FOI: 4 due soon, 3 overdue, 2 in triage, 2 mailboxes in trouble (25 November "
		"2026)",
		"Requests for information on Wednesday 25 November 2026\n"
		"\n" OVERDUE "DUE SOON, within 5 working days: 4\n"
		"  FOI 000031/26  last day 25 November 2026, today\n"
		"  FOI 000032/26  last day 26 November 2026, 1 working day left\n"
		"  FOI 000033/26  last day 29 November 2026, today is the last working day\n"
		"  IN 000007/26  last day 2 December 2026, 4 working days left\n"
		"\n"
		"IN TRIAGE, for a person to look at: 2\n"
		"  IN 000007/26  here since 4 November 2026, 15 working days\n"
		"  IN 000008/26  here since 24 November 2026, 1 working day\n"
		"\n"
		"LAPSE POSSIBLE, the requester neither clarified nor paid in time: 1\n"
		"  FOI 000002/26  the requester had until 20 November 2026\n"
		"\n"
		"ACKNOWLEDGEMENTS HELD, for an officer to release: 1\n"
		"  FOI 000040/26  made on 24 November 2026\n"
		"\n"
		"ACKNOWLEDGEMENTS THAT FAILED, reach the requester another way: 1\n"
		"  FOI 000039/26  made on 19 November 2026\n"
		"\n"
		"ACKNOWLEDGEMENTS NOT SENT YET: 2\n"
		"  the oldest since 25 November 2026, 06:00\n"
		"\n"
		"MAILBOXES\n"
		"  foi: last looked at on 25 November 2026, 06:58\n"
		"  eir: IN TROUBLE, the password is refused, since 24 November 2026, 20:10; last "
		"looked at on 24 November 2026, 19:53\n"
		"  new: IN TROUBLE, it cannot be read, since 25 November 2026, 06:59; not looked "
		"at "
		"since the daemon started\n"
		"\n"
		"SINCE THE BEGINNING\n"
		"  mails received: 6\n"
		"    request: 5\n"
		"    bounce: 1\n"
		"  cases opened: 6\n"
		"\n"
		"Bank holidays are known until 31 December 2028.\n"
		"A new list of bank holidays waits for an officer to accept it.\n"
		"\n" CLOSING);
}

static void escalation(void **state)
{
	CLEANUP(freep) struct officer_report *r = full();

	(void) state;
	assert_true(officer_mail_is_wanted(OFFICER_MAIL_ESCALATION, r));
	expect(OFFICER_MAIL_ESCALATION, r,
		"FOI: to act on: 3 overdue, 1 untouched in triage (25 November 2026)",
		"Requests for information on Wednesday 25 November 2026\n"
		"\n" OVERDUE "IN TRIAGE for 2 working days or more, touched by nobody: 1\n"
		"  IN 000007/26  here since 4 November 2026, 15 working days\n"
		"\n"
		"This mail comes on each working day on which there is any of these.\n"
		"\n"
		"Please do not answer it: an answer would come in as one more mail to be dealt "
		"with. foictl show REFERENCE has each case.\n");
}

static void without_a_calendar(void **state)
{
	CLEANUP(freep) struct officer_report *r = quiet();
	CLEANUP(freep) char *subject = NULL;
	CLEANUP(freep) char *body = NULL;

	(void) state;
	r->has_horizon = false;
	assert_int_equal(officer_mail_text(OFFICER_MAIL_DIGEST, r, &subject, &body), 0);
	assert_non_null(
		strstr(body, "No bank holidays are known: no last day can be relied on.\n"));
}

/* The most urgent are told, whatever order they come in, and the rest is counted. */
static void long_lists_are_cut(void **state)
{
	CLEANUP(freep) struct officer_report *r = quiet();
	CLEANUP(freep) char *subject = NULL;
	CLEANUP(freep) char *body = NULL;
	char reference[REFERENCE_MAX];

	(void) state;
	for (int i = 0; i < 250; i++) {
		int late = i * 7 % 250;

		(void) snprintf(reference, sizeof reference, "FOI %06d/26", late);
		officer_list_add(
			&r->overdue, reference, day_add(r->today, -1 - late), (unsigned) late);
	}
	assert_int_equal(r->overdue.n, OFFICER_LIST_MAX);
	assert_int_equal(r->overdue.total, 250);
	for (int i = 0; i < OFFICER_LIST_MAX; i++)
		assert_int_equal(r->overdue.items[i].days, 249 - i);
	assert_int_equal(officer_mail_text(OFFICER_MAIL_DIGEST, r, &subject, &body), 0);
	assert_non_null(strstr(body, "OVERDUE: 250\n  FOI 000249/26  last day "));
	assert_non_null(strstr(body, "\n  and 150 more: foictl list --overdue\n"));
	assert_null(strstr(body, "FOI 000149/26"));
	assert_string_equal(subject, "FOI: 250 overdue (25 November 2026)");
}

/* A flood: the list is cut, and why there are so many is told. */
static void a_limit_is_told_by_its_name(void **state)
{
	CLEANUP(freep) struct officer_report *r = quiet();
	CLEANUP(freep) char *subject = NULL;
	CLEANUP(freep) char *body = NULL;
	char reference[REFERENCE_MAX];

	(void) state;
	for (int i = 0; i < OFFICER_LIST_MAX + 7; i++) {
		(void) snprintf(reference, sizeof reference, "FOI %06d/26", i);
		officer_list_add(&r->held, reference, day("2026-11-24"), 0);
	}
	r->n_sender_limited = 3;
	r->n_hour_limited = OFFICER_LIST_MAX + 4;
	assert_int_equal(officer_mail_text(OFFICER_MAIL_DIGEST, r, &subject, &body), 0);
	assert_non_null(strstr(body, "\n  and 7 more: foictl list --json\n\n"
				     "  of these by sender_limit: 3; by hour_limit: 104\n\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_due),
		cmocka_unit_test(everything),
		cmocka_unit_test(escalation),
		cmocka_unit_test(without_a_calendar),
		cmocka_unit_test(long_lists_are_cut),
		cmocka_unit_test(a_limit_is_told_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
