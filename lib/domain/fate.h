/* fate.h - the words that the parts of the daemon share: fates, kinds of case, answers. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_FATE_H
#define DOMAIN_FATE_H

/* What became of a mail: each has exactly one, for ever. The words are stored and logged. */
enum fate {
	FATE_REQUEST,	     /* opened a request (FOI 2000 s.8) */
	FATE_REVIEW,	     /* opened an internal review */
	FATE_CORRESPONDENCE, /* belongs to a case or to a person, opens none */
	FATE_BOUNCE,	     /* a delivery report on something we sent */
	FATE_AUTOMATIC,	     /* a robot's, without a clock */
	FATE_OWN,	     /* our own mail come back */
	FATE_DUPLICATE,	     /* seen before */
	FATE_TRIAGE,	     /* a person must look; a provisional clock runs */
	FATE_UNREADABLE,     /* opened a case from what the server tells */
	FATE_COUNT,
};

enum case_kind {
	CASE_REQUEST,
	CASE_REVIEW,
	CASE_KIND_COUNT,
};

/* Whether the sender may be answered by the daemon. */
enum acknowledge {
	ACKNOWLEDGE_NO,
	ACKNOWLEDGE_HOLD, /* built, kept for an officer's release */
	ACKNOWLEDGE_SEND,
	ACKNOWLEDGE_COUNT,
};

const char *fate_word(enum fate fate);		  /* "request", "review", ... */
const char *case_kind_word(enum case_kind kind);  /* "request", "review" */
const char *acknowledge_word(enum acknowledge a); /* "no", "hold", "send" */

/* The value of a word. Return: 0; -EINVAL. */
int fate_of(const char *word, enum fate *ret);
int case_kind_of(const char *word, enum case_kind *ret);

#endif
