/* statute.h - the statutory clocks: which days count, and which is the last lawful one.
 *
 * The regimes are a table; no code asks which regime it has before it. Every function is pure:
 * calendar and days are arguments. A deadline says itself whether it may be told to a requester:
 * one that reaches a year the calendar does not know is provisional. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_STATUTE_H
#define DOMAIN_STATUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "domain/calendar.h"
#include "domain/day.h"

struct fault;

enum statute_regime {
	STATUTE_FOIA,  /* Freedom of Information Act 2000 */
	STATUTE_EIR,   /* Environmental Information Regulations 2004 */
	STATUTE_FOISA, /* Freedom of Information (Scotland) Act 2002 */
	STATUTE_SAR,   /* UK GDPR art 15: subject access, for mail that was misdirected */
	STATUTE_REGIME_COUNT,
};

/* What becomes of a receipt on a day that is no working day. */
enum statute_rule {
	STATUTE_RULE_STATUTE, /* that day is day zero all the same: FOI 2000 s.10(1); the ICO */
	STATUTE_RULE_S45CODE, /* the next working day is: s.45 Code of Practice 2018 para 4.2 */
	STATUTE_RULE_COUNT,
};

enum {
	STATUTE_DAYS_MAX = 500, /* working days that may be asked for */
	STATUTE_WHY_MAX = CALENDAR_TITLE_MAX,
	STATUTE_MONTHS_MAX = 12,
	STATUTE_PAUSES_MAX = 8, /* of one clock */
};

/* Which days a fee takes out of the count while it is not paid. */
enum statute_fee {
	STATUTE_FEE_NONE,    /* it stops no clock */
	STATUTE_FEE_BETWEEN, /* the days between notice and payment, not these two */
	STATUTE_FEE_ENDS,    /* the day of the notice and the day of payment too */
};

/* What of the law is known from general knowledge only, and so is the authority's to set. */
struct statute_settings {
	unsigned eir_charge_days;     /* working days to pay an advance charge: EIR 2004 reg 8(5) */
	enum statute_fee eir_charge;  /* what an unpaid charge takes out: EIR 2004 reg 8(6) */
	bool eir_particulars_restart; /* particulars that come in start a new clock: EIR 2004 reg
				       * 9(4); false: the clock of the request goes on */
	bool eir_transfer_ends;	      /* a transfer ends the clock: EIR 2004 reg 10 */
	bool foia_extension_needs_date;	   /* a public interest extension states the day on which a
					 * decision is expected: FOI 2000 s.17(2) */
	bool foisa_clarification_restarts; /* as the particulars: FOISA 2002 s.1(3) */
};

/* As the laws are commonly read; the presets of the configuration's [law]. */
extern const struct statute_settings statute_settings_default;

/* One regime, as the law has it. All texts are static. */
struct statute {
	const char *key; /* "foia", "eir", "foisa", "sar": configuration, store, command line */
	const char *short_name;	  /* "FOIA" */
	const char *name;	  /* "Freedom of Information Act 2000" */
	const char *name_cy;	  /* the same in Welsh */
	unsigned request_days;	  /* working days for an answer; 0: request_months counts */
	unsigned request_months;  /* calendar months for an answer; 0: working days count */
	unsigned extended_days;	  /* working days where the law lets it grow; 0: it does not */
	unsigned review_days;	  /* working days for the answer to a demand for review */
	unsigned review_days_max; /* at most, where the case is complex */
	bool review_is_law;	  /* false: the Code's aim ("we aim to"); true: "by law" */
	unsigned divisions;	  /* whose bank holidays stop the clock: calendar.h's mask */
	bool names_good_friday;	  /* the law itself names it, whatever the calendar says */
	bool presumes_sent;	  /* an e-mail is presumed received on the day it was sent */
	enum statute_fee fee;	  /* what a fees notice does to the clock */
	const char *law_request;  /* "FOI 2000 s.10(1)" */
	const char *law_review;
	const char *law_working_day;
	const char *law_presumption;  /* of the day of receipt; NULL: there is none */
	const char *law_fee;	      /* NULL: a fee stops no clock */
	const char *sentence;	      /* of the request's clock, without the citation */
	const char *sentence_review;  /* of the review's */
	const char *sentence_working; /* what a working day is */
};

/* Days that do not count because a fee was asked for: FOI 2000 s.9, s.10(2); EIR 2004 reg 8. */
struct statute_pause {
	struct day notice; /* the day the notice was given */
	struct day paid;   /* the day the fee was received, not before the notice */
};

/* What the clock is started with. Zero bytes and a @received are a FOIA request. */
struct statute_clock {
	enum statute_regime regime;
	enum statute_rule rule;
	unsigned working_days; /* 0: the regime's for a request; else 1 to STATUTE_DAYS_MAX */
	unsigned months;       /* of a regime that counts months; 0: the regime's */
	struct day received;
	enum statute_fee fee;		    /* what the pauses take out */
	const struct statute_pause *pauses; /* borrowed; in order, one after the other */
	size_t n_pauses;		    /* at most STATUTE_PAUSES_MAX */
};

/* A day from Monday to Friday that did not count. */
struct deadline_excluded {
	struct day day;
	char why[STATUTE_WHY_MAX]; /* the holiday's title, or what stopped the clock */
	unsigned divisions;	   /* that keep it; 0: the law names the day itself, or a fee */
};

/* The last lawful day and how it was found. Release with deadline_done(). */
struct deadline {
	struct day received;
	struct day counted_from; /* day zero: differs from received under the Code's rule only */
	struct day due;
	unsigned working_days;	 /* 0 where months were counted */
	unsigned months;	 /* 0 where working days were counted */
	bool provisional;	 /* a year in the span is unknown: do not tell it to anyone */
	bool has_covers_until;	 /* false: the calendar knows no year for these divisions */
	struct day covers_until; /* end of the known years that follow the receipt without a gap;
				  * of all known years if the first counted day is not among them */
	char calendar_hash[DIGEST_HEX_MAX];
	struct deadline_excluded *excluded; /* owned; in order; weekends are not listed */
	size_t n_excluded;
};

/* The table's row. @regime below STATUTE_REGIME_COUNT. */
const struct statute *statute_of(enum statute_regime regime);

/* A regime or rule from its key, "foia", "sar" or "s45code". Return: 0; -EINVAL for any other word. */
int statute_regime_parse(const char *key, enum statute_regime *ret);
int statute_rule_parse(const char *key, enum statute_rule *ret);

const char *statute_rule_key(enum statute_rule rule);

/* Why @day does not count under @law: "Saturday", a holiday's title (borrowed from @cal), a day the
 * law itself names; NULL: it is a working day. @ret_divisions: who keeps the holiday, or 0. */
const char *statute_why_not(const struct statute *law, const struct calendar *cal, struct day day,
	unsigned *ret_divisions);

/**
 * statute_is_working_day - whether the clock of @regime counts @day.
 *
 * Christmas Day, and Good Friday where the law names it, are out even if @cal does not list them.
 * In a year that @cal does not know, bank holidays are taken for working days.
 *
 * Law: FOI 2000 s.10(6); EIR 2004 reg 2(1); FOISA 2002 s.73.
 */
bool statute_is_working_day(enum statute_regime regime, const struct calendar *cal, struct day day);

/**
 * statute_deadline - the last day on which the authority may lawfully answer.
 * @in:  the clock
 * @cal: borrowed for the call only
 * @ret: set on success only; deadline_done() it
 *
 * The day of receipt is day zero, working or not (but see STATUTE_RULE_S45CODE).
 * Working days under a fee that was not paid yet do not count: clock.fee says which these are.
 * A regime that counts months is counted by statute_calendar_month(); it knows no rule and no fee.
 * Where the span from the receipt to the result touches a year that @cal does not know, the result
 * counts what is known and is marked provisional.
 *
 * Law:    FOI 2000 s.10(1), s.10(2), s.10(6); EIR 2004 reg 5(2); FOISA 2002 s.10(1), s.73.
 * Return: 0; -EINVAL bad regime, rule, number of days or order of days, or pauses where a fee
 *         stops no clock; -ERANGE a day outside CALENDAR_YEAR_MIN to
 *         CALENDAR_YEAR_MAX; -ENOMEM.
 */
int statute_deadline(const struct statute_clock *in, const struct calendar *cal,
	struct deadline *ret, struct fault *f);

/* Frees the list and zeroes @d. NULL and zero bytes are fine. */
void deadline_done(struct deadline *d);

/**
 * statute_calendar_month - the last day for a request that is subject access.
 * @months: 1; 3 when extended; at most STATUTE_MONTHS_MAX
 *
 * The same date @months later, the last of that month if it is shorter, and then the next working
 * day. The day of receipt counts, working or not. @ret as of statute_deadline(), with working_days
 * 0 and counted_from the day before it was rolled forward.
 *
 * Law:    UK GDPR art 12(3); ICO: public holidays of any part of the United Kingdom.
 * Return: as statute_deadline().
 */
int statute_calendar_month(const struct calendar *cal, struct day received, unsigned months,
	struct deadline *ret, struct fault *f);

/**
 * statute_working_days_between - how far @to is away, as officers count.
 *
 * Working days after @from up to and including @to; negative when @to lies before. The day itself
 * gives 0, but so does a Sunday after a last Friday: whether a case is overdue is the question of
 * day_compare(), not of this number. A century or more away saturates.
 */
int statute_working_days_between(
	enum statute_regime regime, const struct calendar *cal, struct day from, struct day to);

#endif
