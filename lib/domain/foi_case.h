/* foi_case.h - a case as it is kept: parts under authorities, deadlines, people, history.
 *
 * A case has one or more parts (a question or a group of questions) under one or more authorities.
 * Regime, deadline and outcome belong to a part; the case's last day is the earliest of its open
 * parts. A case of one part looks as simple as if parts did not exist. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_FOI_CASE_H
#define DOMAIN_FOI_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "domain/day.h"
#include "domain/fate.h"
#include "domain/reference.h"
#include "domain/statute.h"

/* Where a case, or a part of it, stands. The moves between them are domain/foi_part.h's. */
enum foi_case_state {
	FOI_CASE_OPEN,	   /* the clock runs */
	FOI_CASE_TRIAGE,   /* provisional: a person must accept it; it has an intake number only */
	FOI_CASE_WAITING,  /* the clock stands: the requester must clarify or pay */
	FOI_CASE_ANSWERED, /* the authority's duty has ended, in whatever way */
	FOI_CASE_CLOSED,   /* the file is closed */
	FOI_CASE_STATE_COUNT,
};

/* Whether somebody still has to do something: not answered and not closed. */
bool foi_case_is_live(enum foi_case_state state);

/* Whether the clock runs: open, or in triage. */
bool foi_case_is_running(enum foi_case_state state);

const char *foi_case_state_word(enum foi_case_state state);	   /* "open", ... */
int foi_case_state_of(const char *word, enum foi_case_state *ret); /* 0; -EINVAL */

/* Marks that an officer should see on the case. */
enum foi_case_flag {
	FOI_CASE_RECEIPT_DISPUTED = 1 << 0, /* evidence of receipt falls on different days */
	FOI_CASE_PROVISIONAL = 1 << 1,	    /* the deadline is past the calendar's horizon */
	FOI_CASE_SUBJECT_ACCESS = 1 << 2,   /* looks like a request for the writer's own data */
	FOI_CASE_NO_PARENT = 1 << 3,	    /* a review whose case is not known */
	FOI_CASE_UNREADABLE = 1 << 4,	    /* opened from what the server told */
	FOI_CASE_NOT_ACKNOWLEDGED = 1 << 5, /* it is held for another reason than a person's
					     * choice, failed, or there is no address: an officer
					     * must write */
	FOI_CASE_SUSPECT = 1 << 6,	    /* perhaps the mail of another case, and perhaps not */
	FOI_CASE_ADDED_QUESTIONS = 1
				   << 7, /* a later mail may ask more: with a last day of its own */
	FOI_CASE_REVIEW_LATE = 1 << 8,	 /* the review was asked for after its window */
	FOI_CASE_TOLD_OTHERWISE =
		1 << 9,		/* the last day is not the one that the requester was told */
	FOI_CASE_ICO = 1 << 10, /* the regulator looks at it: nothing of it may be erased */
	FOI_CASE_REPLY_UNSURE =
		1 << 11,	    /* the case waits, and a mail came that may be the answer */
	FOI_CASE_REBUILT = 1 << 12, /* after a restore, from our own mail: what it was told, and
				     * when it came, is to be compared */
	FOI_CASE_FLAG_LAST = FOI_CASE_REBUILT,
};

/* The flag's word for machines ("receipt-disputed", ...); NULL: no such flag. */
const char *foi_case_flag_word(unsigned flag);

/* One computed deadline; a recomputation adds another, the last one counts. */
struct foi_case_deadline {
	enum statute_regime regime;
	enum statute_rule rule;
	unsigned working_days; /* 0: a calendar month */
	struct day received;
	struct day due;
	bool is_provisional;
	char calendar_hash[DIGEST_HEX_MAX];
};

/* What is needed to open a case of one part. Texts are borrowed. */
struct foi_case_opening {
	enum case_kind kind;
	enum foi_case_state state;
	char reference[REFERENCE_MAX]; /* "FOI 001761/18"; an intake number in triage */
	int64_t parent;		       /* case under review; 0: none */
	int64_t sibling;	       /* the other case opened by the same mail; 0: none */
	int64_t message;	       /* the mail that opened it */
	const char *mailbox;
	const char *authority;
	const char *requester;	    /* addr-spec; "" : unknown */
	const char *requester_name; /* "" : unknown */
	const char *subject;
	const char *platform_address; /* WhatDoTheyKnow's address of the request; "" : none */
	unsigned flags;		      /* of enum foi_case_flag */
	int64_t opened_at;	      /* seconds UTC */
	struct foi_case_deadline deadline;
};

#endif
