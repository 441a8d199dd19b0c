/* foi_part.h - one part of a case: what its moves make of it, and what its clock says.
 *
 * A part is never kept as such: it is what it began with and the moves recorded since, taken in
 * their order. So a move that is undone leaves no trace in it, and a new calendar counts all of it
 * anew. Pure; the day and the calendar are arguments.
 *
 * The clock (FOI 2000 s.10): it runs from the day of receipt. A request for clarification stops it,
 * and the day on which the clarification comes is a new day of receipt. A fees notice stops it until
 * the fee is paid, and the days between are disregarded. The public-interest extension gives more
 * time for the answer but not for the refusal notice of s.17(1): there are two last days then. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_FOI_PART_H
#define DOMAIN_FOI_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/calendar.h"
#include "domain/foi_move.h"

enum foi_wait {
	FOI_WAIT_NOTHING,
	FOI_WAIT_CLARIFICATION,
	FOI_WAIT_FEE,
};

enum {
	FOI_FEE_MONTHS = 3,	/* to pay a fee: FOI 2000 s.9(2) */
	FOI_INTEREST_DAYS = 40, /* in all, to weigh the public interest: ICO guidance on s.10(3) */
	/* No law says how long clarification may take: from here on it is proposed that the
	 * request has lapsed, and a person decides. */
	FOI_CLARIFY_MONTHS = 3,
};

/* What a part begins with. */
struct foi_part_begin {
	enum case_kind kind;
	enum foi_case_state state; /* open, or in triage */
	enum statute_regime regime;
	enum statute_rule rule;
	unsigned working_days; /* of the first count; 0: the law's own */
	struct day received;
};

/* A part as its moves have made it. Plain data. */
struct foi_part {
	struct foi_part_begin begin;
	enum foi_case_state state; /* open, triage, waiting or answered */
	enum statute_regime regime;
	struct day received;   /* day zero of the clock that runs now */
	unsigned working_days; /* its allowance; 0 where months count */
	enum foi_wait wait;
	struct day wait_since;
	bool wait_stops;				 /* the clock stands meanwhile */
	enum statute_fee fee;				 /* what the pauses take out */
	struct statute_pause pauses[STATUTE_PAUSES_MAX]; /* fees paid, on this clock */
	size_t n_pauses;
	struct foi_exemption exemptions[FOI_EXEMPTIONS_MAX];
	size_t n_exemptions;
	bool is_extended; /* to weigh the public interest */
	bool has_until;
	struct day until; /* the estimated date that the requester was given */
	bool is_notice_given;
	bool is_transferred;
	bool is_holding_told;
	bool is_clock_changed; /* by a person: a date that was told before means nothing now */
	enum foi_outcome outcome;
	struct day ended; /* once there is an outcome */
};

/* What the clock of a part says. Release with foi_clock_done(). */
struct foi_clock {
	struct deadline deadline; /* the statutory count; of an ended part the one it ended under */
	struct day due;		  /* last day of the duty that is next; of a waiting part the day on
				   * which the requester's time is over */
	bool has_notice;
	struct day notice; /* last day for the refusal notice; FOI 2000 s.17(1) */
	bool has_final;
	struct day final; /* estimated date for the answer; FOI 2000 s.10(3) */
	bool is_provisional;
};

/* What the law leaves to the authority, and the day; all borrowed. */
struct foi_law {
	const struct calendar *calendar;
	const struct statute_settings *settings;
	struct day today; /* London */
};

void foi_part_begin(const struct foi_part_begin *begin, struct foi_part *ret);

/**
 * foi_part_apply - what one recorded move makes of a part.
 * @m: a move of one part, not of the whole case
 *
 * Asks the table and the order of things, not the calendar, and of the settings only where the
 * record does not say what the move did: a move that was rightly recorded stays right when a bank
 * holiday is proclaimed or a setting changed later. On failure @p is as before.
 *
 * Law:    beside each move in foi_move.c.
 * Return: 0; -EPERM impossible now, with the reason; -EINVAL bad details; -E2BIG a bound.
 */
int foi_part_apply(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings, struct fault *f);

/**
 * foi_part_settle - what a move that was recorded rightly makes of a part that it no longer fits.
 *
 * A table of another version, a record without its effect, or a hand at the store can make it so. What
 * was recorded is a fact all the same: an answer that left has left. Where its meaning is lost it is
 * passed over, so that rather a clock runs than stands. Of two ends the later counts.
 */
void foi_part_settle(struct foi_part *p, const struct foi_move_record *m,
	const struct statute_settings *settings);

/**
 * foi_part_check - whether a new move may be recorded, beyond what foi_part_apply() asks.
 *
 * Only a person moves a case, but for what its row allows the daemon; nothing happens after @law's
 * today. An EIR extension must be told within the first 20 working days (reg 7(3)). A fees notice is
 * given, and clarification asked for, while the time runs; a fee lapses only when its time is over.
 * Whether an extension needs an estimated date is a setting, which may have been another one before.
 *
 * Return: 0; -EPERM with the reason; -EINVAL a day that cannot be; -ENOMEM.
 */
int foi_part_check(const struct foi_part *p, const struct foi_move_record *m,
	const struct foi_law *law, struct fault *f);

/**
 * foi_part_count - the last days of a part.
 * @ret: set on success only; foi_clock_done() it
 *
 * Law:    FOI 2000 s.10, s.17(1); EIR 2004 reg 5(2), reg 7(1), reg 8; FOISA 2002 s.10(1).
 * Return: 0; as statute_deadline().
 */
int foi_part_count(const struct foi_part *p, const struct foi_law *law, struct foi_clock *ret,
	struct fault *f);

void foi_clock_done(struct foi_clock *c);

/* The count that foi_part_count() makes, for whoever wants to show it. It borrows from @p. */
void foi_part_clock(const struct foi_part *p, struct statute_clock *ret);

#endif
