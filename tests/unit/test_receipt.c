/* test_receipt.c - the day of receipt, from evidence that may be late, forged or wrong. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "domain/receipt.h"
#include "tests/support/letter_builder.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Seconds UTC of 2018. */
#define MAY(day, hour, minute)	(1525132800 + ((day) -1) * 86400 + (hour) *3600 + (minute) *60)
#define JUNE(day, hour, minute) (MAY(day, hour, minute) + 31 * 86400)

static const char *const hosts[] = { "mail.authority.example.org", "mx1.authority.example.org",
	"mx2.authority.example.org" };

/* ---- the gateway's line ---------------------------------------------------------------------- */

static const struct {
	const char *why;
	const char *headers;
	int64_t instant;
} gateways[] = {
	{ "no Received line", "From: a@example.org", 0 },
	{ "one line of ours",
		"Received: from out.example.net (out.example.net [192.0.2.7]) by"
		" mx1.authority.example.org (Postfix) with ESMTPS id 4711 for"
		" <foi@authority.example.org>; Wed, 16 May 2018 10:12:00 +0100 (BST)",
		MAY(16, 9, 12) },
	{ "the last of a run: that is where a stranger handed it over",
		"Received: from mx1.authority.example.org by mail.authority.example.org with LMTP;"
		" Wed, 16 May 2018 09:30:00 +0000\n"
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000\n"
		"Received: from laptop by out.example.net; Wed, 16 May 2018 09:00:00 +0000",
		MAY(16, 9, 12) },
	{ "other headers between do not end the run",
		"Return-Path: <a@example.net>\n"
		"Received: from mx1.authority.example.org by mail.authority.example.org; Wed, 16 "
		"May"
		" 2018 09:30:00 +0000\n"
		"X-Spam: no\n"
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000",
		MAY(16, 9, 12) },
	{ "the top line is not ours: nothing below can be believed",
		"Received: from mx1.authority.example.org by imap.provider.example; Wed, 16 May"
		" 2018 09:30:00 +0000\n"
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000",
		0 },
	{ "a forged line of our name right below the gateway's",
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000\n"
		"Received: from x.example.net by mx2.authority.example.org; Tue, 1 May 2018"
		" 09:00:00 +0000",
		MAY(16, 9, 12) },
	{ "a whole forged run",
		"Received: from mx1.authority.example.org by mail.authority.example.org; Wed, 16 "
		"May"
		" 2018 09:30:00 +0000\n"
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000\n"
		"Received: from mx2.authority.example.org by mx2.authority.example.org; Tue, 1 May"
		" 2018 09:00:00 +0000\n"
		"Received: from x.example.net by mx2.authority.example.org; Tue, 1 May 2018"
		" 08:00:00 +0000",
		MAY(16, 9, 12) },
	{ "a forged line further below",
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000\n"
		"Received: from laptop by out.example.net; Wed, 16 May 2018 09:00:00 +0000\n"
		"Received: from x by mx1.authority.example.org; Tue, 1 May 2018 09:00:00 +0000",
		MAY(16, 9, 12) },
	{ "handed on within one machine, from no host",
		"Received: by mail.authority.example.org (Postfix, from userid 1000); Wed, 16 May"
		" 2018 09:30:00 +0000\n"
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000",
		MAY(16, 9, 12) },
	{ "our host named by Exim, in a comment",
		"Received: from [192.0.2.5] (helo=mx1.authority.example.org) by"
		" mail.authority.example.org with esmtp; Wed, 16 May 2018 09:30:00 +0000\n"
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000",
		MAY(16, 9, 12) },
	{ "our host named by its address's name",
		"Received: from mx (mx1.authority.example.org [192.0.2.5]) by"
		" mail.authority.example.org; Wed, 16 May 2018 09:30:00 +0000\n"
		"Received: from out.example.net by mx1.authority.example.org; Wed, 16 May 2018"
		" 09:12:00 +0000",
		MAY(16, 9, 12) },
	{ "any case of letters",
		"received: FROM out.example.net BY MX1.Authority.Example.ORG; Wed, 16 May 2018"
		" 09:12:00 +0000",
		MAY(16, 9, 12) },
	{ "a name that only begins like ours",
		"Received: from x by mx1.authority.example.org.example.net; Tue, 1 May 2018"
		" 09:00:00 +0000",
		0 },
	{ "a name that only ends like ours",
		"Received: from x by notmx1.authority.example.org; Tue, 1 May 2018 09:00:00 +0000",
		0 },
	{ "a greeting that only ends like ours is a stranger's",
		"Received: from notmx1.authority.example.org by mail.authority.example.org; Wed, 16"
		" May 2018 09:12:00 +0000\n"
		"Received: from x by mx1.authority.example.org; Tue, 1 May 2018 09:00:00 +0000",
		MAY(16, 9, 12) },
	{ "a stranger's certificate that says \"by\"",
		"Received: from out.example.net (Client CN \"x by evil.example.net\", Issuer \"y\""
		" (not verified)) by mx1.authority.example.org (Postfix); Wed, 16 May 2018"
		" 09:12:00 +0000",
		MAY(16, 9, 12) },
	{ "and one that names us",
		"Received: from out.example.net (Client CN \"x by mx1.authority.example.org\") by"
		" imap.provider.example; Wed, 16 May 2018 09:12:00 +0000",
		0 },
	{ "no date", "Received: from x by mx1.authority.example.org", 0 },
	{ "a date that cannot be read",
		"Received: from x by mx1.authority.example.org; some time in May", 0 },
	{ "the date is behind the last semicolon",
		"Received: from x (HELO a; Tue, 1 May 2018 09:00:00 +0000) by"
		" mx1.authority.example.org; Wed, 16 May 2018 09:12:00 +0000",
		MAY(16, 9, 12) },
	{ "a gateway whose clock begins in 1970",
		"Received: from x by mx1.authority.example.org; Thu, 1 Jan 1970 00:12:00 +0000",
		0 },
	{ "a line without \"by\"",
		"Received: from out.example.net with SMTP; Wed, 16 May 2018 09:12:00 +0000", 0 },
	{ "an empty value", "Received:", 0 },
};

static void test_gateway(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(gateways); i++) {
		CLEANUP(letter_freep)
		struct letter *l = letter_builder_new(gateways[i].headers, "", NULL);

		print_message("%s\n", gateways[i].why);
		assert_int_equal(receipt_gateway(l, hosts, COUNT(hosts)), gateways[i].instant);
	}
}

static void test_no_gateway_is_configured(void **state)
{
	CLEANUP(letter_freep) struct letter *l = letter_builder_new(gateways[1].headers, "", NULL);

	(void) state;
	assert_int_equal(receipt_gateway(l, NULL, 0), 0);
}

/* ---- the day --------------------------------------------------------------------------------- */

static const struct {
	const char *why;
	struct receipt_evidence e; /* without a Date header */
	const char *day;
	bool is_disputed;
} days[] = {
	{ "all agree", { MAY(16, 9, 13), MAY(16, 9, 12), MAY(16, 9, 14), 0 }, "2018-05-16", false },
	{ "the server alone", { MAY(16, 9, 13), 0, MAY(16, 9, 14), 0 }, "2018-05-16", false },
	{ "nothing but our own sight", { 0, 0, MAY(16, 9, 14), 0 }, "2018-05-16", false },
	{ "the gateway without the server", { 0, MAY(16, 9, 12), MAY(16, 9, 14), 0 }, "2018-05-16",
		false },
	{ "23:30 UTC on 30 June is 1 July in London",
		{ JUNE(30, 23, 30), JUNE(30, 23, 29), JUNE(30, 23, 31), 0 }, "2018-07-01", false },
	{ "22:59:59 UTC is still 30 June", { JUNE(30, 22, 59) + 59, 0, JUNE(30, 22, 59) + 59, 0 },
		"2018-06-30", false },
	{ "23:00 UTC is not", { JUNE(30, 23, 0), 0, JUNE(30, 23, 0), 0 }, "2018-07-01", false },
	{ "daemon down from Friday to Monday is no dispute",
		{ MAY(18, 17, 0), MAY(18, 16, 59), MAY(21, 8, 0), 0 }, "2018-05-18", false },
	{ "nor without a gateway", { MAY(18, 17, 0), 0, MAY(21, 8, 0), 0 }, "2018-05-18", false },
	{ "held up behind the gateway over midnight: the authority had it the day before",
		{ MAY(17, 0, 10), MAY(16, 21, 0), MAY(17, 0, 11), 0 }, "2018-05-16", true },
	{ "midnight in London between the two",
		{ MAY(15, 23, 1), MAY(15, 22, 59), MAY(15, 23, 2), 0 }, "2018-05-15", true },
	{ "a server's clock a little ahead of ours is no dispute",
		{ MAY(16, 9, 19), 0, MAY(16, 9, 14), 0 }, "2018-05-16", false },
	{ "a date ahead over midnight is another day", { MAY(15, 23, 1), 0, MAY(15, 22, 59), 0 },
		"2018-05-15", true },
	{ "a server's date in the future is not", { MAY(19, 9, 0), 0, MAY(16, 9, 14), 0 },
		"2018-05-16", true },
	{ "nor beside a gateway", { MAY(19, 9, 0), MAY(15, 9, 0), MAY(16, 9, 14), 0 }, "2018-05-15",
		true },
	{ "later on the same day it is wrong and changes nothing",
		{ MAY(16, 18, 0), 0, MAY(16, 9, 14), 0 }, "2018-05-16", false },
	{ "seven days before the gateway is the last that is believed",
		{ MAY(9, 9, 12), MAY(16, 9, 12), MAY(16, 9, 14), 0 }, "2018-05-09", true },
	{ "a second more is not", { MAY(9, 9, 12) - 1, MAY(16, 9, 12), MAY(16, 9, 14), 0 },
		"2018-05-16", true },
	{ "an old date without a gateway stands: a mailbox that is first watched today",
		{ MAY(1, 9, 0), 0, JUNE(30, 9, 0), 0 }, "2018-05-01", false },
	{ "imported with the date 0 of Unix plus a second", { 1, 0, MAY(16, 9, 14), 0 },
		"2018-05-16", true },
	{ "the second before there was a right of access", { 1104537599, 0, MAY(16, 9, 14), 0 },
		"2018-05-16", true },
	{ "the first second of it", { 1104537600, 0, MAY(16, 9, 14), 0 }, "2005-01-01", false },
	{ "a date before 1970", { -86400, 0, MAY(16, 9, 14), 0 }, "2018-05-16", true },
	{ "the gateway's clock is ahead, and there is nothing else",
		{ 0, MAY(17, 9, 12), MAY(16, 9, 14), 0 }, "2018-05-16", true },
	{ "the gateway's clock is ahead: our own sight was earlier",
		{ MAY(16, 9, 13), MAY(17, 9, 12), MAY(16, 9, 14), 0 }, "2018-05-16", true },
};

static void test_day(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(days); i++) {
		struct receipt receipt;
		char iso[DAY_ISO_MAX];

		print_message("%s\n", days[i].why);
		memset(&receipt, 0xA5, sizeof receipt);
		receipt_propose(&days[i].e, statute_of(STATUTE_FOIA), &receipt);
		assert_string_equal(day_iso(receipt.day, iso), days[i].day);
		assert_int_equal(receipt.is_disputed, days[i].is_disputed);
		assert_int_equal(strstr(receipt.why, "disagrees") != NULL, days[i].is_disputed);
	}
}

static void test_why(void **state)
{
	struct receipt receipt;

	(void) state;
	receipt_propose(
		&(struct receipt_evidence){ JUNE(17, 9, 0), JUNE(16, 9, 0), JUNE(18, 9, 0), 0 },
		statute_of(STATUTE_FOIA), &receipt);
	assert_string_equal(receipt.why,
		"evidence of receipt: mail server 17 June 2018, our gateway 16 June 2018, first "
		"seen"
		" 18 June 2018; it disagrees, the earliest trusted day counts");
	receipt_propose(&(struct receipt_evidence){ .first_seen = MAY(16, 9, 0) },
		statute_of(STATUTE_FOIA), &receipt);
	assert_string_equal(receipt.why, "evidence of receipt: first seen 16 May 2018");
}

/* ---- the day on which it was sent ------------------------------------------------------------- */

/* The server took it over on 16 May 2018 at 09:12 UTC, and it was seen two minutes later. */
static const struct {
	const char *why;
	enum statute_regime regime;
	int64_t sent;
	const char *day;
	bool is_disputed;
	const char *says; /* in the reasons */
} sents[] = {
	{ "the same day", STATUTE_FOISA, MAY(16, 9, 0), "2018-05-16", false, NULL },
	{ "no Date header", STATUTE_FOISA, 0, "2018-05-16", false, NULL },
	{ "sent the evening before: that day counts", STATUTE_FOISA, MAY(15, 20, 0), "2018-05-15",
		true,
		"dated it 15 May 2018, and an e-mail is presumed received on the day it was "
		"sent (FOISA 2002 s.74): that day counts" },
	{ "23:00 UTC is the same day in summer", STATUTE_FOISA, MAY(15, 23, 0), "2018-05-16", false,
		NULL },
	{ "a second before is not", STATUTE_FOISA, MAY(15, 22, 59) + 59, "2018-05-15", true,
		"15 May 2018" },
	{ "seven days before is the last that is believed", STATUTE_FOISA, MAY(9, 9, 12),
		"2018-05-09", true, "that day counts" },
	{ "a second more is not", STATUTE_FOISA, MAY(9, 9, 12) - 1, "2018-05-16", true,
		"dated it 9 May 2018, and an e-mail is presumed received on the day it was sent "
		"(FOISA 2002 s.74): that day is not believed" },
	{ "forged, of 1990", STATUTE_FOISA, 631152000, "2018-05-16", true, "not believed" },
	{ "before 1970", STATUTE_FOISA, -86400, "2018-05-16", true, "not believed" },
	{ "later on that day", STATUTE_FOISA, MAY(16, 18, 0), "2018-05-16", false, NULL },
	{ "in the future", STATUTE_FOISA, MAY(17, 9, 0), "2018-05-16", true, "not believed" },
	{ "in the far future", STATUTE_FOISA, INT64_MAX, "2018-05-16", true, "not believed" },
	{ "the other laws know no such presumption", STATUTE_FOIA, MAY(15, 20, 0), "2018-05-16",
		false, NULL },
	{ "nor do the Regulations", STATUTE_EIR, MAY(15, 20, 0), "2018-05-16", false, NULL },
};

static void test_sent(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(sents); i++) {
		struct receipt_evidence e = { MAY(16, 9, 12), 0, MAY(16, 9, 14), sents[i].sent };
		struct receipt receipt;
		char iso[DAY_ISO_MAX];

		print_message("%s\n", sents[i].why);
		receipt_propose(&e, statute_of(sents[i].regime), &receipt);
		assert_string_equal(day_iso(receipt.day, iso), sents[i].day);
		assert_int_equal(receipt.is_disputed, sents[i].is_disputed);
		if (sents[i].says)
			assert_non_null(strstr(receipt.why, sents[i].says));
		else
			assert_null(strstr(receipt.why, "sender"));
	}
}

/* A mail that the servers themselves date to two days stays disputed, whatever its sender says; the
 * reasons have room for all of it. */
static void test_sent_beside_a_dispute(void **state)
{
	struct receipt_evidence e = { MAY(17, 0, 10), MAY(16, 21, 0), MAY(17, 0, 11),
		MAY(16, 20, 0) };
	struct receipt receipt;
	char iso[DAY_ISO_MAX];

	(void) state;
	receipt_propose(&e, statute_of(STATUTE_FOISA), &receipt);
	assert_string_equal(day_iso(receipt.day, iso), "2018-05-16");
	assert_int_equal(receipt.is_disputed, true);
	e = (struct receipt_evidence){ 1538261400, 1538168400, 1538261400, 1537909200 };
	receipt_propose(&e, statute_of(STATUTE_FOISA), &receipt);
	assert_string_equal(receipt.why,
		"evidence of receipt: mail server 29 September 2018, our gateway 28 September 2018,"
		" first seen 29 September 2018; it disagrees, the earliest trusted day counts; the"
		" sender dated it 25 September 2018, and an e-mail is presumed received on the day"
		" it was sent (FOISA 2002 s.74): that day counts, and an officer must look at it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gateway),
		cmocka_unit_test(test_no_gateway_is_configured),
		cmocka_unit_test(test_day),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_sent),
		cmocka_unit_test(test_sent_beside_a_dispute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
