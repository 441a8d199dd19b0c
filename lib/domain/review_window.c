/* review_window.c - until when a requester may ask for a review. */
/* SPDX-License-Identifier: MIT */
#include "domain/review_window.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"

/* What the time runs from. */
enum begin {
	BEGIN_NEVER,	       /* there is no review */
	BEGIN_ANSWER,	       /* the answer alone */
	BEGIN_ANSWER_OR_DUE,   /* the answer; without one the last day for it */
	BEGIN_ANSWER_IF_LATER, /* the last day for the answer, or a later answer */
};

static const struct rule {
	enum begin begin;
	unsigned working_days; /* 0: the authority's own window */
	const char *law;
} rules[STATUTE_REGIME_COUNT] = {
	[STATUTE_FOIA] = { BEGIN_ANSWER, 0, "s.45 Code of Practice 2018, section 5" },
	[STATUTE_EIR] = { BEGIN_ANSWER_OR_DUE, 40, "EIR 2004 reg 11(2)" },
	[STATUTE_FOISA] = { BEGIN_ANSWER_IF_LATER, 40, "FOISA 2002 s.20(5)" },
	[STATUTE_SAR] = { BEGIN_NEVER, 0, "UK GDPR" },
};

static const struct unit {
	const char *word;
	unsigned factor;
	enum review_window_unit unit;
} units[] = {
	{ "working days", 1, REVIEW_WINDOW_WORKING_DAYS },
	{ "working day", 1, REVIEW_WINDOW_WORKING_DAYS },
	{ "days", 1, REVIEW_WINDOW_DAYS },
	{ "day", 1, REVIEW_WINDOW_DAYS },
	{ "weeks", 7, REVIEW_WINDOW_DAYS },
	{ "week", 7, REVIEW_WINDOW_DAYS },
};

static const struct unit *find_unit(const char *word)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text_is_equal_ci(word, units[i].word))
			return &units[i];
	return NULL;
}

int review_window_parse(const char *text, struct review_window *ret, struct fault *f)
{
	char digits[8] = "";
	size_t n = strspn(text, "0123456789");
	const char *word = text + n + strspn(text + n, " ");
	const struct unit *unit = find_unit(word);
	uint64_t number;

	if (n > 0 && !*word)
		return fault_set(f, -EINVAL,
			"needs a unit, because days of the calendar and working days differ; write "
			"40 working days, 20 days or 8 weeks");
	if (n == 0 || n >= sizeof digits || !unit)
		return fault_set(
			f, -EINVAL, "is no time; write it as 40 working days, 20 days or 8 weeks");
	memcpy(digits, text, n);
	if (text_uint(digits, 1, REVIEW_WINDOW_MAX / unit->factor, &number) < 0)
		return fault_set(
			f, -ERANGE, "is out of range; give 1 to %d days", REVIEW_WINDOW_MAX);
	*ret = (struct review_window){ .n = (unsigned) number * unit->factor, .unit = unit->unit };
	return 0;
}

/* The day after which the time is counted. Return: whether it has begun. */
static bool find_begin(enum begin begin, const struct review_window_answer *a, struct day *ret)
{
	bool is_later = a->is_answered && day_compare(a->answered, a->due) > 0;

	switch (begin) {
	case BEGIN_NEVER:
		return false;
	case BEGIN_ANSWER:
		*ret = a->answered;
		return a->is_answered;
	case BEGIN_ANSWER_OR_DUE:
		*ret = a->is_answered ? a->answered : a->due;
		return true;
	case BEGIN_ANSWER_IF_LATER:
		*ret = is_later ? a->answered : a->due;
		return true;
	}
	return false;
}

static int count(enum statute_regime regime, const struct review_window *window, struct day begin,
	const struct calendar *cal, struct review_window_verdict *ret, struct fault *f)
{
	struct statute_clock clock = {
		.regime = regime, .working_days = window->n, .received = begin
	};
	struct deadline deadline;
	int r;

	if (window->unit == REVIEW_WINDOW_DAYS) {
		ret->last = day_add(begin, (int32_t) window->n);
		return 0;
	}
	r = statute_deadline(&clock, cal, &deadline, f);
	if (r < 0)
		return r;
	ret->last = deadline.due;
	ret->is_provisional = deadline.provisional;
	deadline_done(&deadline);
	return 0;
}

/* "The request was answered on 14 June 2018" */
static void tell_answer(const struct review_window_answer *a, char *text, size_t room)
{
	char day[DAY_TEXT_MAX];

	if (a->is_answered)
		(void) snprintf(text, room, "the request was answered on %s",
			day_text(a->answered, DAY_ENGLISH, day));
	else
		(void) snprintf(text, room,
			"the request was not answered; its last day for an answer is %s",
			day_text(a->due, DAY_ENGLISH, day));
}

/* All texts are bounded by DAY_TEXT_MAX and by the table above, so that they fit. */
static void tell(const struct review_window_answer *a, const struct review_window *window,
	struct day asked, struct review_window_verdict *ret)
{
	char answer[128];
	char asked_day[DAY_TEXT_MAX];
	char last[DAY_TEXT_MAX];

	tell_answer(a, answer, sizeof answer);
	if (ret->has_last)
		(void) snprintf(ret->why, sizeof ret->why,
			"asked for on %s, %s: %s, and a review may be asked for until %s%s (%u%s "
			"days; %s)%s",
			day_text(asked, DAY_ENGLISH, asked_day), ret->is_late ? "late" : "in time",
			answer, day_text(ret->last, DAY_ENGLISH, last),
			ret->is_provisional ? " at least, as not all bank holidays are known yet"
					    : "",
			window->n, window->unit == REVIEW_WINDOW_WORKING_DAYS ? " working" : "",
			rules[a->regime].law,
			ret->is_late ? "; its clock runs all the same, and an officer decides"
				     : "");
	else
		(void) snprintf(ret->why, sizeof ret->why, "asked for on %s: %s, and %s (%s)",
			day_text(asked, DAY_ENGLISH, asked_day), answer,
			rules[a->regime].begin == BEGIN_NEVER
				? "there is no internal review"
				: "the time to ask for a review begins with the answer",
			rules[a->regime].law);
}

int review_window_judge(const struct review_window_answer *answer,
	const struct review_window *window, struct day asked, const struct calendar *cal,
	struct review_window_verdict *ret, struct fault *f)
{
	const struct rule *rule = &rules[answer->regime];
	struct review_window fixed = { .n = rule->working_days };
	const struct review_window *used = rule->working_days > 0 ? &fixed : window;
	struct review_window_verdict verdict = { 0 };
	struct day begin;
	int r;

	verdict.has_last = find_begin(rule->begin, answer, &begin);
	if (verdict.has_last) {
		r = count(answer->regime, used, begin, cal, &verdict, f);
		if (r < 0)
			return r;
		verdict.is_late = day_compare(asked, verdict.last) > 0;
	}
	tell(answer, used, asked, &verdict);
	*ret = verdict;
	return 0;
}
