/* reminders.h - which last days are near or past, and what officers are told of it, once a day.
 *
 * A run goes through all live cases in pages, one a transaction of the caller, and ends with the
 * mails to officers. A run that was cut off is begun again from the start: what was given is kept
 * by the store, so that nothing comes twice. */
/* SPDX-License-Identifier: MIT */
#ifndef FLOW_REMINDERS_H
#define FLOW_REMINDERS_H

#include "adapters/config.h"
#include "adapters/store_remind.h"
#include "domain/calendar.h"
#include "domain/officer_mail.h"

enum {
	REMINDERS_PAGE_MAX = 200, /* cases of one transaction */
};

/* What reminders work with; all borrowed. */
struct reminders {
	struct store *store;
	const struct config *conf;
	const struct calendar *calendar;
};

enum reminder_kind {
	REMINDER_NEAR,	 /* days: working days left; 0: today is the last */
	REMINDER_PASSED, /* days: working days late */
	REMINDER_LAPSE,	 /* the requester neither clarified nor paid */
};

struct reminder {
	enum reminder_kind kind;
	char reference[REFERENCE_MAX];
	struct day due; /* the date that rules */
	unsigned days;
};

/* One day's run. Some 60 KB: not for the stack. */
struct reminders_run {
	struct day today;
	struct store_remind_place place;
	struct officer_report report;
	bool is_done;				 /* the step before was the last */
	size_t n_mails[OFFICER_MAIL_KIND_COUNT]; /* queued by it */

	/* What the step before decided, to be told once it is committed. */
	struct reminder told[REMINDERS_PAGE_MAX];
	size_t n_told;
};

/* The instant of [reminders] at on @day. */
int64_t reminders_instant(const struct config *conf, struct day day);

/**
 * reminders_next - when the next run is due.
 * @now:      seconds UTC
 * @ret_when: at most @now: it is due
 *
 * Runs are on working days of the authority's regime, once each; one that was missed is due at
 * once if its day is still the same, else it is made up for by the next. A clock that went back by
 * days does not repeat them; one that had been wrong by more than a week is not waited for.
 *
 * Return: 0; the store's faults.
 */
int reminders_next(const struct reminders *in, int64_t now, int64_t *ret_when, struct fault *f);

/* Makes @run that of the day of @now. */
void reminders_begin(const struct reminders *in, int64_t now, struct reminders_run *run);

/**
 * reminders_step - one page of cases, or the end of the run.
 * @looks: what is known of the mailboxes now; borrowed for the call
 *
 * Call between store_begin() and store_commit(), until run->is_done. After a failure, or a commit
 * that failed, the run must be begun again.
 *
 * Law:    FOI 2000 s.10(1), EIR 2004 reg 5(2), FOISA 2002 s.10(1): the days that are reminded of.
 *         The one that the requester was told rules where it is earlier.
 * Return: 0; the store's faults; -ENOMEM; -EINVAL, -EOVERFLOW an address of the configuration that
 *         cannot stand in a mail.
 */
int reminders_step(const struct reminders *in, struct reminders_run *run, int64_t now,
	const struct officer_look *looks, size_t n_looks, struct fault *f);

#endif
