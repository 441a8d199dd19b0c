/* foictl_clock.c - what a clock means, in sentences. */
/* SPDX-License-Identifier: MIT */
#include "daemon/foictl_clock.h"

#include <stdio.h>
#include <string.h>

#include "domain/foi_move.h"

/* A day member as people read it, with its weekday; "" where there is none. Return: @buf. */
static char *day_of(const json_t *clock, const char *key, char buf[static FOICTL_DATE_MAX])
{
	return foictl_day(foictl_text(clock, key), buf);
}

static const char *law_of(const json_t *clock, const char *key)
{
	return foictl_text(json_object_get(clock, "law"), key);
}

static bool is(const json_t *clock, const char *key, const char *word)
{
	return strcmp(foictl_text(clock, key), word) == 0;
}

/* ---- ended ----------------------------------------------------------------------------------- */

/* Whether the end of a part is a matter of days: who withdrew or never paid needs no answer. */
static bool is_timed(const char *word)
{
	enum foi_outcome outcome;

	return foi_outcome_parse(word, &outcome) == 0 && outcome != FOI_OUTCOME_WITHDRAWN &&
	       outcome != FOI_OUTCOME_LAPSED;
}

/* ISO days compare as texts do. */
static void add_timeliness(const json_t *clock, char buf[static FOICTL_VALUE_MAX])
{
	const char *ended = foictl_text(clock, "ended");
	const char *notice = foictl_text(clock, "notice");
	const char *last = *foictl_text(clock, "final") ? "final" : "counted_to";
	bool is_late = strcmp(ended, foictl_text(clock, last)) > 0;
	bool is_notice_late = *notice && !json_is_true(json_object_get(clock, "notice_given")) &&
			      strcmp(ended, notice) > 0;
	size_t n = strlen(buf);
	char day[FOICTL_DATE_MAX];

	n += (size_t) snprintf(buf + n, FOICTL_VALUE_MAX - n, " That was %s: the last day was %s.",
		is_late ? "late" : "in time", day_of(clock, last, day));
	if (is_notice_late && n < FOICTL_VALUE_MAX)
		(void) snprintf(buf + n, FOICTL_VALUE_MAX - n,
			" But no refusal notice was recorded, which was due by %s (FOI 2000 "
			"s.17(1)).",
			day_of(clock, "notice", day));
}

char *foictl_clock_end(const json_t *clock, char buf[static FOICTL_VALUE_MAX])
{
	const char *outcome = foictl_text(clock, "outcome");
	char exemptions[FOICTL_VALUE_MAX];
	char day[FOICTL_DATE_MAX];

	buf[0] = '\0';
	if (!*outcome)
		return buf;
	exemptions[0] = '\0';
	if (foictl_rests_on_exemptions(outcome))
		(void) foictl_exemptions(json_object_get(clock, "exemptions"), exemptions);
	(void) snprintf(buf, FOICTL_VALUE_MAX, "It ended on %s: %.40s%s%.400s%s.",
		day_of(clock, "ended", day), foictl_outcome(outcome), *exemptions ? " (" : "",
		exemptions, *exemptions ? ")" : "");
	if (is_timed(outcome))
		add_timeliness(clock, buf);
	return buf;
}

/* ---- not ended ------------------------------------------------------------------------------- */

static void tell_waiting(const json_t *clock, char buf[static FOICTL_VALUE_MAX])
{
	bool is_fee = is(clock, "waiting", "fee");
	char since[FOICTL_DATE_MAX];
	char until[FOICTL_DATE_MAX];

	(void) day_of(clock, "since", since);
	(void) day_of(clock, "due", until);
	if (is_fee)
		(void) snprintf(buf, FOICTL_VALUE_MAX,
			"The clock stands since %s, until the fee is paid (%s). The requester may "
			"pay until %s; after that \"lapsed\" can be recorded.",
			since, law_of(clock, "fee"), until);
	else
		(void) snprintf(buf, FOICTL_VALUE_MAX,
			"The clock stands since %s, until the clarification comes; a new one runs "
			"from that day (%s). If nothing has come by %s, think of \"lapsed\".",
			since, law_of(clock, "clarification"), until);
}

static void tell_extension(const json_t *clock, char buf[static FOICTL_VALUE_MAX])
{
	bool is_given = json_is_true(json_object_get(clock, "notice_given"));
	char notice[FOICTL_DATE_MAX];
	char final[FOICTL_DATE_MAX];

	(void) day_of(clock, "notice", notice);
	(void) day_of(clock, "final", final);
	if (is_given)
		(void) snprintf(buf, FOICTL_VALUE_MAX,
			"The refusal notice was given. The answer is due by %s (FOI 2000 "
			"s.10(3)).",
			final);
	else
		(void) snprintf(buf, FOICTL_VALUE_MAX,
			"The refusal notice is due by %s all the same (FOI 2000 s.17(1)); the "
			"answer by %s.",
			notice, final);
}

/* "20 working days", "one month" */
static void length_of(const json_t *clock, char buf[static FOICTL_DATE_MAX])
{
	json_int_t days = foictl_number(clock, "working_days");
	json_int_t months = foictl_number(clock, "months");

	if (months == 1)
		(void) snprintf(buf, FOICTL_DATE_MAX, "one month");
	else
		(void) snprintf(buf, FOICTL_DATE_MAX, "%" JSON_INTEGER_FORMAT " %s",
			months ? months : days, months ? "months" : "working days");
}

static void tell_running(const json_t *clock, char buf[static FOICTL_VALUE_MAX])
{
	bool is_new = strcmp(foictl_text(clock, "received"), foictl_text(clock, "first_received"));
	bool is_provisional = json_is_true(json_object_get(clock, "provisional"));
	char length[FOICTL_DATE_MAX];
	char due[FOICTL_DATE_MAX];

	length_of(clock, length);
	(void) snprintf(buf, FOICTL_VALUE_MAX, "%s of %s runs; the last day is %s.%s",
		is_new ? "A new clock" : "The clock", length, day_of(clock, "due", due),
		is_provisional ? " It is provisional, since bank holidays are not known so far: "
				 "tell it to nobody."
			       : "");
}

const char *foictl_clock_holding(const json_t *clock)
{
	enum statute_regime regime;
	const char *law = NULL;

	if (!json_is_true(json_object_get(clock, "transferred")) || *foictl_text(clock, "outcome"))
		return "";
	if (statute_regime_parse(foictl_text(clock, "regime"), &regime) == 0)
		law = foi_move_of(FOI_MOVE_HOLDING_TOLD)->law[regime];
	return law ? law : "";
}

/* Who passes a request on still owes the answer whether it holds the information. */
static void add_holding(const json_t *clock, char buf[static FOICTL_VALUE_MAX])
{
	const char *law = foictl_clock_holding(clock);
	size_t n = strlen(buf);

	if (*law)
		(void) snprintf(buf + n, FOICTL_VALUE_MAX - n,
			" The requester must still be told whether it is held (%s): then record "
			"\"holding-told\".",
			law);
}

char *foictl_clock_now(const json_t *clock, char buf[static FOICTL_VALUE_MAX])
{
	if (*foictl_clock_end(clock, buf))
		return buf;
	if (is(clock, "state", "waiting"))
		tell_waiting(clock, buf);
	else if (*foictl_text(clock, "notice"))
		tell_extension(clock, buf);
	else if (*foictl_text(clock, "due"))
		tell_running(clock, buf);
	add_holding(clock, buf);
	return buf;
}
