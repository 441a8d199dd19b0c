/* test_mail_date.c - the instant in a Date header, also in bad ones. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/mail_date.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum {
	MAY_16 = 1526461921, /* 2018-05-16 09:12:01 UTC */
};

static const struct {
	const char *why;
	const char *text;
	int64_t instant;
} good[] = {
	{ "plain", "Wed, 16 May 2018 09:12:01 +0000", MAY_16 },
	{ "ahead of UTC", "Wed, 16 May 2018 10:12:01 +0100", MAY_16 },
	{ "behind UTC", "Wed, 16 May 2018 04:12:01 -0500", MAY_16 },
	{ "half an hour", "Wed, 16 May 2018 14:42:01 +0530", MAY_16 },
	{ "over midnight", "Tue, 15 May 2018 23:12:01 -1000", MAY_16 },
	{ "a comment behind", "Wed, 16 May 2018 10:12:01 +0100 (BST)", MAY_16 },
	{ "comments everywhere", "Wed(a), (b) 16 (c) May (d (e)) 2018 09 (f) : 12 : 01 (g) +0000",
		MAY_16 },
	{ "a comment with a quoted bracket", "16 May 2018 10:12:01 (a \\) b) +0100", MAY_16 },
	{ "a comment with a quoted opening", "16 May 2018 10:12:01 (a \\( b) +0100", MAY_16 },
	{ "no weekday", "16 May 2018 09:12:01 +0000", MAY_16 },
	{ "a wrong weekday says nothing", "Mon, 16 May 2018 09:12:01 +0000", MAY_16 },
	{ "no seconds", "Wed, 16 May 2018 09:12 +0000", MAY_16 - 1 },
	{ "folded", "Wed,\r\n\t16 May 2018\r\n 09:12:01 +0000", MAY_16 },
	{ "a month in any case", "16 mAY 2018 09:12:01 +0000", MAY_16 },
	{ "one digit of a day", "Wed, 6 May 2018 09:12:01 +0000", MAY_16 - 10 * 86400 },
	{ "one digit of an hour", "16 May 2018 9:12:01 +0000", MAY_16 },
	{ "two digits of a year", "16 May 18 09:12:01 +0000", MAY_16 },
	{ "the last of this century", "1 Jan 49 00:00:00 +0000", 2493072000 },
	{ "the first of the last", "1 Jan 50 00:00:00 +0000", -631152000 },
	{ "three digits, from mailers of 2000", "16 May 118 09:12:01 +0000", MAY_16 },
	{ "GMT", "16 May 2018 09:12:01 GMT", MAY_16 },
	{ "UT", "16 May 2018 09:12:01 UT", MAY_16 },
	{ "UTC, which the RFC does not know", "16 May 2018 09:12:01 UTC", MAY_16 },
	{ "Z", "16 May 2018 09:12:01 Z", MAY_16 },
	{ "British summer time", "16 May 2018 10:12:01 BST", MAY_16 },
	{ "EST", "16 May 2018 04:12:01 EST", MAY_16 },
	{ "EDT", "16 May 2018 05:12:01 EDT", MAY_16 },
	{ "CST", "16 May 2018 03:12:01 CST", MAY_16 },
	{ "CDT", "16 May 2018 04:12:01 CDT", MAY_16 },
	{ "MST", "16 May 2018 02:12:01 MST", MAY_16 },
	{ "MDT", "16 May 2018 03:12:01 MDT", MAY_16 },
	{ "PST", "16 May 2018 01:12:01 PST", MAY_16 },
	{ "PDT", "16 May 2018 02:12:01 pdt", MAY_16 },
	{ "an unknown zone is UTC: RFC 5322 s.4.3", "16 May 2018 09:12:01 CEST", MAY_16 },
	{ "a military zone is UTC", "16 May 2018 09:12:01 A", MAY_16 },
	{ "no zone", "16 May 2018 09:12:01", MAY_16 },
	{ "a zone that says it knows none", "16 May 2018 09:12:01 -0000", MAY_16 },
	{ "a leap second is the next one", "Sat, 31 Dec 2016 23:59:60 +0000", 1483228800 },
	{ "29 February", "29 Feb 2020 00:00:00 +0000", 1582934400 },
	{ "a weekday without its comma", "Wed 16 May 2018 09:12:01 +0000", MAY_16 },
	{ "whole names", "Wednesday, 16 May 2018 09:12:01 +0000", MAY_16 },
	{ "a whole month's name", "16 June 2018 09:12:01 +0000", MAY_16 + 31 * 86400 },
	{ "a month of four letters and a full stop", "16 Sept. 2018 09:12:01 +0000",
		MAY_16 + 123 * 86400 },
	{ "hyphens", "16-May-2018 09:12:01 +0000", MAY_16 },
	{ "hyphens and two digits of a year", "Wed, 16-May-18 09:12:01 GMT", MAY_16 },
	{ "the month first", "May 16, 2018 09:12:01 +0000", MAY_16 },
	{ "the year last, as C writes it", "Wed May 16 09:12:01 2018", MAY_16 },
	{ "the year last, behind a zone", "Wed May 16 10:12:01 BST 2018", MAY_16 },
	{ "the year last, before a zone", "Wed May 16 10:12:01 2018 +0100", MAY_16 },
	{ "ISO 8601", "2018-05-16T09:12:01Z", MAY_16 },
	{ "ISO 8601 with a blank and a zone", "2018-05-16 10:12:01 +0100", MAY_16 },
	{ "a zone with a colon", "16 May 2018 10:12:01 +01:00", MAY_16 },
	{ "a zone with its base", "Wed, 16 May 2018 10:12:01 GMT+0100", MAY_16 },
	{ "before 1970", "31 Dec 1969 23:59:59 +0000", -1 },
};

static void test_good(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t instant = 0;

		print_message("%s\n", good[i].why);
		assert_int_equal(mail_date_parse(good[i].text, &instant), 0);
		assert_int_equal(instant, good[i].instant);
	}
}

static const struct {
	const char *why;
	const char *text;
} bad[] = {
	{ "empty", "" },
	{ "blanks", " \t\r\n" },
	{ "words", "yesterday at noon" },
	{ "a comment that never ends", "(16 May 2018 09:12:01 +0000" },
	{ "a backslash at the very end of one", "(\\" },
	{ "29 February of no leap year", "29 Feb 2018 00:00:00 +0000" },
	{ "31 April", "31 Apr 2018 00:00:00 +0000" },
	{ "day 0", "0 May 2018 00:00:00 +0000" },
	{ "three digits of a day", "016 May 2018 00:00:00 +0000" },
	{ "hour 24", "16 May 2018 24:00:00 +0000" },
	{ "minute 60", "16 May 2018 00:60:00 +0000" },
	{ "second 61", "16 May 2018 00:00:61 +0000" },
	{ "no such month", "16 Mai 2018 00:00:00 +0000" },
	{ "five digits of a year", "16 May 20180 00:00:00 +0000" },
	{ "year 0", "16 May 0000 00:00:00 +0000" },
	{ "a month that does not exist", "2018-13-16T09:12:01Z" },
	{ "ISO 8601 without hyphens", "20180516T091201Z" },
	{ "a year and a word", "2018-May-16 09:12:01" },
	{ "a month and nothing", "May" },
	{ "a month and a day", "Wed, May 16" },
	{ "the year last and missing", "Wed May 16 09:12:01" },
	{ "the year last and missing behind a zone", "Wed May 16 09:12:01 BST" },
	{ "half a zone with a colon", "16 May 2018 09:12:01 +01:0" },
	{ "no time", "16 May 2018" },
	{ "no minutes", "16 May 2018 09" },
	{ "a colon and no seconds", "16 May 2018 09:12: +0000" },
	{ "a short zone", "16 May 2018 09:12:01 +100" },
	{ "60 minutes of a zone", "16 May 2018 09:12:01 +0060" },
	{ "a sign and nothing", "16 May 2018 09:12:01 +" },
};

static void test_bad(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		int64_t instant = 4711;

		print_message("%s\n", bad[i].why);
		assert_int_equal(mail_date_parse(bad[i].text, &instant), -EINVAL);
		assert_int_equal(instant, 4711);
	}
}

/* What lies behind the bound is not looked at: the zone is lost, but nothing else happens. */
static void test_bound(void **state)
{
	static const char date[] = "16 May 2018 09:12:01";
	char text[200];
	int64_t instant;

	(void) state;
	memset(text, ' ', sizeof text);
	memcpy(text, date, sizeof date - 1);
	memcpy(text + 123, "+0100", 6);
	assert_int_equal(mail_date_parse(text, &instant), 0);
	assert_int_equal(instant, MAY_16 - 3600);
	memcpy(text + 123, " +0100", 7); /* its last digit is over the bound */
	assert_int_equal(mail_date_parse(text, &instant), -EINVAL);
	memcpy(text + 123, "      +0100", 12);
	assert_int_equal(mail_date_parse(text, &instant), 0);
	assert_int_equal(instant, MAY_16);
}

static const struct {
	const char *why;
	int64_t instant;
	const char *text;
} written[] = {
	{ "summer", MAY_16, "Wed, 16 May 2018 10:12:01 +0100" },
	{ "winter", 1515974400, "Mon, 15 Jan 2018 00:00:00 +0000" },
	{ "the last second of winter time", 1521939599, "Sun, 25 Mar 2018 00:59:59 +0000" },
	{ "the first of summer time", 1521939600, "Sun, 25 Mar 2018 02:00:00 +0100" },
	{ "tomorrow already in London", 1530401400, "Sun, 1 Jul 2018 00:30:00 +0100" },
};

static void test_written(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(written); i++) {
		char buf[MAIL_DATE_TEXT_MAX];
		const char *text = mail_date_text(written[i].instant, buf);
		int64_t instant = 0;

		print_message("%s\n", written[i].why);
		assert_ptr_equal(text, buf);
		assert_string_equal(text, written[i].text);
		assert_int_equal(mail_date_parse(text, &instant), 0);
		assert_int_equal(instant, written[i].instant);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
