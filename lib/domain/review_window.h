/* review_window.h - until when a requester may ask for a review of how a request was handled.
 *
 * Only FOIA leaves the time to a Code of Practice and so to the authority; the Regulations and the
 * Scottish Act fix it. A review that is asked for late is taken in like any other: lateness is
 * told to an officer, who decides. Pure: calendar and days are arguments. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_REVIEW_WINDOW_H
#define DOMAIN_REVIEW_WINDOW_H

#include <stdbool.h>

#include "domain/statute.h"

enum {
	REVIEW_WINDOW_MAX = 400, /* days of a window */
	REVIEW_WINDOW_WHY_MAX = 512,
};

enum review_window_unit {
	REVIEW_WINDOW_WORKING_DAYS,
	REVIEW_WINDOW_DAYS, /* of the calendar */
};

/* The authority's own time under FOIA. Zero bytes are no window. */
struct review_window {
	unsigned n; /* 1 to REVIEW_WINDOW_MAX */
	enum review_window_unit unit;
};

/**
 * review_window_parse - read "40 working days", "20 days" or "8 weeks".
 *
 * A number alone is refused: "20 days" of a letter are days of the calendar, and twenty working days
 * are four weeks.
 *
 * Return: 0; -EINVAL with what to write; -ERANGE not 1 to REVIEW_WINDOW_MAX days.
 */
int review_window_parse(const char *text, struct review_window *ret, struct fault *f);

/* What is known of the case whose handling is to be reviewed. */
struct review_window_answer {
	enum statute_regime regime;
	bool is_answered;    /* false: the demand is about the silence */
	struct day answered; /* the day the answer left, the last one if there were several */
	struct day due;	     /* the last day for the answer */
};

/* The window and where a demand falls in it. */
struct review_window_verdict {
	bool has_last;	     /* false: no time has begun to run, or the law knows no review */
	struct day last;     /* the last day on which a review may be asked for */
	bool is_provisional; /* the bank holidays up to that day are not all known */
	bool is_late;	     /* asked for after it */
	char why[REVIEW_WINDOW_WHY_MAX]; /* plain English, with the law */
};

/**
 * review_window_judge - whether a review is asked for in time.
 * @window: of the authority; looked at under FOIA only
 * @asked:  the day on which the demand was received
 *
 * FOIA: @window after the answer; while there is no answer no time runs. EIR: 40 working days after
 * the answer, or without one after the last day for it, since the requester must believe that the
 * authority has failed. FOISA: 40 working days after the last day for the answer, or after a later
 * answer. Its day of receipt by the requester is taken to be the day it left.
 *
 * Law:    s.45 Code of Practice 2018, section 5; EIR 2004 reg 11(2); FOISA 2002 s.20(5).
 * Return: 0; as statute_deadline().
 */
int review_window_judge(const struct review_window_answer *answer,
	const struct review_window *window, struct day asked, const struct calendar *cal,
	struct review_window_verdict *ret, struct fault *f);

#endif
