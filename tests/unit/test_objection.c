/* test_objection.c - what stands against an acknowledgement that has waited. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/objection.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct day day(const char *iso)
{
	struct day d;

	assert_int_equal(day_parse(iso, &d), 0);
	return d;
}

/* Of a request of 16 May 2018, with 3 days allowed. */
static const struct row {
	const char *why;
	const char *stated; /* NULL: no day is */
	const char *due;
	bool has_ended;
	const char *today;
	enum objection sending;
	enum objection release;
} rows[] = {
	{ "on the day of receipt", "2018-06-14", "2018-06-14", false, "2018-05-16", OBJECTION_NONE,
		OBJECTION_NONE },
	{ "three days later", "2018-06-14", "2018-06-14", false, "2018-05-19", OBJECTION_NONE,
		OBJECTION_NONE },
	{ "four days later", "2018-06-14", "2018-06-14", false, "2018-05-20", OBJECTION_LATE,
		OBJECTION_LATE },
	{ "one that states no day, too", NULL, "2018-06-14", false, "2018-05-20", OBJECTION_LATE,
		OBJECTION_LATE },
	{ "but never a past one", NULL, "2018-06-14", false, "2018-06-15", OBJECTION_LATE,
		OBJECTION_LATE },
	{ "a clock that went back makes nothing late", "2018-06-14", "2018-06-14", false,
		"2018-05-15", OBJECTION_NONE, OBJECTION_NONE },
	{ "the last day itself is not past, but late", "2018-06-14", "2018-06-14", false,
		"2018-06-14", OBJECTION_LATE, OBJECTION_LATE },
	{ "the day after it is", "2018-06-14", "2018-06-14", false, "2018-06-15", OBJECTION_PAST,
		OBJECTION_PAST },
	{ "even in time", "2018-05-16", "2018-05-16", false, "2018-05-17", OBJECTION_PAST,
		OBJECTION_PAST },
	{ "a day that the case has no more", "2018-06-14", "2018-07-02", false, "2018-05-17",
		OBJECTION_NONE, OBJECTION_CHANGED },
	{ "and which was earlier now", "2018-06-14", "2018-06-13", false, "2018-05-17",
		OBJECTION_NONE, OBJECTION_CHANGED },
	{ "one that states none cannot state a wrong one", NULL, "2018-07-02", false, "2018-05-17",
		OBJECTION_NONE, OBJECTION_NONE },
	{ "answered: its last day means nothing any more", "2018-06-14", "2018-05-17", true,
		"2018-05-17", OBJECTION_NONE, OBJECTION_ENDED },
	{ "and past", "2018-06-14", "2018-06-14", true, "2018-06-15", OBJECTION_PAST,
		OBJECTION_PAST },
};

static void each_is_found(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		const struct objection_facts facts = { .states_due = row->stated != NULL,
			.stated = row->stated ? day(row->stated) : (struct day){ 0 },
			.received = day("2018-05-16"),
			.within_days = 3,
			.due = day(row->due),
			.has_ended = row->has_ended };

		print_message("%s\n", row->why);
		assert_int_equal(objection_to_sending(&facts, day(row->today)), row->sending);
		assert_int_equal(objection_to_release(&facts, day(row->today)), row->release);
	}
}

static void each_is_put_in_words(void **state)
{
	static const struct {
		bool can_be_waived;
		const char *text;
	} words[OBJECTION_COUNT] = {
		[OBJECTION_NONE] = { false, "" },
		[OBJECTION_PAST] = { false, "the last day that it states, 14 June 2018, is past" },
		[OBJECTION_CHANGED] = { false, "it states 14 June 2018 as the last day, and the "
					       "case has another one now" },
		[OBJECTION_ENDED] = { true, "the case was answered or closed" },
		[OBJECTION_LATE] = { true, "it would leave 5 days after the mail was received, 16 "
					   "May 2018, and acknowledge_within allows 3" },
	};
	const struct objection_facts facts = { .states_due = true,
		.stated = day("2018-06-14"),
		.received = day("2018-05-16"),
		.within_days = 3 };
	char buf[OBJECTION_TEXT_MAX];

	(void) state;
	for (unsigned i = 0; i < OBJECTION_COUNT; i++) {
		enum objection o = (enum objection) i;

		assert_int_equal(objection_can_be_waived(o), words[i].can_be_waived);
		assert_string_equal(
			objection_text(o, &facts, day("2018-05-21"), buf), words[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found),
		cmocka_unit_test(each_is_put_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
