/* statute.c - the regimes as a table, and what a working day is under each. */
/* SPDX-License-Identifier: MIT */
#include "domain/statute.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum {
	BETWEEN_MAX = 36525, /* days that statute_working_days_between() looks at */
};

/* Schools and transferred public records (SI 2004/3364) would be rows of their own. */
static const struct statute statutes[STATUTE_REGIME_COUNT] = {
	[STATUTE_FOIA] = {
		.key = "foia",
		.short_name = "FOIA",
		.name = "Freedom of Information Act 2000",
		.name_cy = "Deddf Rhyddid Gwybodaeth 2000",
		.request_days = 20,
		.review_days = 20,
		.review_days_max = 40,
		.review_is_law = false,
		.divisions = CALENDAR_UK,
		.names_good_friday = true,
		.fee = STATUTE_FEE_ENDS,
		.law_fee = "FOI 2000 s.10(2)",
		.law_request = "FOI 2000 s.10(1)",
		.law_review = "s.45 Code of Practice 2018, section 5",
		.law_working_day = "FOI 2000 s.10(6)",
		.sentence = "A request must be complied with promptly, and not later than the"
			    " twentieth working day following the date of receipt.",
		.sentence_review = "A review should be answered within 20 working days of its"
				   " receipt, and within 40 where it is complex.",
		.sentence_working = "A working day is any day but a Saturday, a Sunday, Christmas"
				    " Day, Good Friday or a bank holiday in any part of the United"
				    " Kingdom.",
	},
	[STATUTE_EIR] = {
		.key = "eir",
		.short_name = "EIR",
		.name = "Environmental Information Regulations 2004",
		.name_cy = "Rheoliadau Gwybodaeth Amgylcheddol 2004",
		.request_days = 20,
		.extended_days = 40, /* reg 7(1): complex and voluminous */
		.review_days = 40,
		.review_days_max = 40,
		.review_is_law = true,
		.divisions = CALENDAR_UK,
		.names_good_friday = true,
		/* From memory of the Regulations: the setting eir_charge can change it. */
		.fee = STATUTE_FEE_BETWEEN,
		.law_fee = "EIR 2004 reg 8(6)",
		.law_request = "EIR 2004 reg 5(2)",
		.law_review = "EIR 2004 reg 11",
		.law_working_day = "EIR 2004 reg 2(1)",
		.sentence = "Information must be made available as soon as possible, and no later"
			    " than 20 working days after the date of receipt.",
		.sentence_review = "Representations must be answered as soon as possible, and no"
				   " later than 40 working days after their receipt.",
		.sentence_working = "A working day is any day but a Saturday, a Sunday, Christmas"
				    " Day, Good Friday or a bank holiday in any part of the United"
				    " Kingdom.",
	},
	[STATUTE_FOISA] = {
		.key = "foisa",
		.short_name = "FOISA",
		.name = "Freedom of Information (Scotland) Act 2002",
		.name_cy = "Deddf Rhyddid Gwybodaeth (Yr Alban) 2002",
		.request_days = 20,
		.review_days = 20,
		.review_days_max = 20,
		.review_is_law = true,
		.divisions = CALENDAR_SCOTLAND,
		.names_good_friday = false,
		.presumes_sent = true,
		.law_presumption = "FOISA 2002 s.74",
		.law_request = "FOISA 2002 s.10(1)",
		.law_review = "FOISA 2002 s.21(1)",
		.law_working_day = "FOISA 2002 s.73",
		.sentence = "A request must be complied with promptly, and not later than the"
			    " twentieth working day after its receipt.",
		.sentence_review = "A requirement for review must be complied with promptly, and"
				   " not later than the twentieth working day after its receipt.",
		.sentence_working = "A working day is any day but a Saturday, a Sunday, Christmas"
				    " Day or a bank holiday in Scotland.",
	},
	[STATUTE_SAR] = {
		.key = "sar",
		.short_name = "UK GDPR",
		.name = "UK General Data Protection Regulation: subject access",
		.name_cy = "Rheoliad Cyffredinol y DU ar Ddiogelu Data: cais am fynediad",
		.request_months = 1,
		.divisions = CALENDAR_UK,
		.names_good_friday = true,
		.law_request = "UK GDPR art 12(3)",
		.law_review = "UK GDPR art 12(3)",
		.law_working_day = "the Information Commissioner's guidance on the time limit",
		.sentence = "A request must be answered without undue delay, and within one month"
			    " of its receipt.",
		.sentence_review = "There is no internal review; a complaint goes to the"
				   " Information Commissioner.",
		.sentence_working = "A last day that is a Saturday, a Sunday or a public holiday"
				    " moves to the next working day.",
	},
};

const struct statute_settings statute_settings_default = {
	.eir_charge_days = 60,
	.eir_charge = STATUTE_FEE_BETWEEN,
	.eir_particulars_restart = true,
	.eir_transfer_ends = true,
	.foia_extension_needs_date = true,
	.foisa_clarification_restarts = true,
};

static const char *const rule_keys[STATUTE_RULE_COUNT] = {
	[STATUTE_RULE_STATUTE] = "statute",
	[STATUTE_RULE_S45CODE] = "s45code",
};

const struct statute *statute_of(enum statute_regime regime)
{
	assert(regime < STATUTE_REGIME_COUNT);
	return &statutes[regime];
}

int statute_regime_parse(const char *key, enum statute_regime *ret)
{
	for (unsigned i = 0; i < STATUTE_REGIME_COUNT; i++) {
		if (strcmp(statutes[i].key, key) == 0) {
			*ret = (enum statute_regime) i;
			return 0;
		}
	}
	return -EINVAL;
}

int statute_rule_parse(const char *key, enum statute_rule *ret)
{
	for (unsigned i = 0; i < STATUTE_RULE_COUNT; i++) {
		if (strcmp(rule_keys[i], key) == 0) {
			*ret = (enum statute_rule) i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *statute_rule_key(enum statute_rule rule)
{
	assert(rule < STATUTE_RULE_COUNT);
	return rule_keys[rule];
}

/* The Sunday that the tables of the Calendar (New Style) Act 1750 give, as a formula: the full
 * moon of the church by golden number and epact, then the Sunday after it. */
static struct day easter(int year)
{
	int golden = year % 19 + 1;
	int century = year / 100 + 1;
	int solar = 3 * century / 4 - 12; /* leap years dropped */
	int lunar = (8 * century + 5) / 25 - 5;
	int sunday = 5 * year / 4 - solar - 10;
	int epact = (11 * golden + 20 + lunar - solar) % 30;
	int march; /* day of the full moon, counted on from 1 March */
	struct day d = { 0 };

	if ((epact == 25 && golden > 11) || epact == 24)
		epact++;
	march = 44 - epact;
	if (march < 21)
		march += 30;
	march += 7 - (sunday + march) % 7;

	if (day_from_civil(year, 3, 1, &d) < 0)
		return d; /* no year of day_to_civil() comes here */
	return day_add(d, march - 1);
}

/* The name of a day that the law takes out itself, whatever the calendar says; else NULL. */
static const char *named_day(const struct statute *law, struct day day)
{
	struct day_civil c = day_to_civil(day);

	if (c.month == 12 && c.dayofmonth == 25)
		return "Christmas Day";
	if (!law->names_good_friday || c.month < 3 || c.month > 4)
		return NULL;
	return day_compare(day, day_add(easter(c.year), -2)) == 0 ? "Good Friday" : NULL;
}

const char *statute_why_not(const struct statute *law, const struct calendar *cal, struct day day,
	unsigned *ret_divisions)
{
	enum day_weekday weekday = day_weekday(day);
	const char *title = NULL;

	*ret_divisions = 0;
	if (weekday >= DAY_SATURDAY)
		return day_weekday_name(weekday, DAY_ENGLISH);
	*ret_divisions = calendar_find(cal, law->divisions, day, &title);
	return *ret_divisions ? title : named_day(law, day);
}

static bool is_working(const struct statute *law, const struct calendar *cal, struct day day)
{
	unsigned divisions;

	return !statute_why_not(law, cal, day, &divisions);
}

bool statute_is_working_day(enum statute_regime regime, const struct calendar *cal, struct day day)
{
	return is_working(statute_of(regime), cal, day);
}

/* Working days after @early up to and including @late. */
static int working_days(
	const struct statute *law, const struct calendar *cal, struct day early, struct day late)
{
	int n = 0;

	for (int i = 0; day_compare(early, late) < 0 && i < BETWEEN_MAX; i++) {
		early = day_add(early, 1);
		n += is_working(law, cal, early);
	}
	return n;
}

int statute_working_days_between(
	enum statute_regime regime, const struct calendar *cal, struct day from, struct day to)
{
	const struct statute *law = statute_of(regime);

	return day_compare(from, to) <= 0 ? working_days(law, cal, from, to)
					  : -working_days(law, cal, to, from);
}
