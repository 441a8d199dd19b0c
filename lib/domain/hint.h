/* hint.h - what an officer may want to know about a mail; never a decision.
 *
 * A hint says what a mail looks like: it changes no fate, no clock, no acknowledgement and no law.
 * Only mails are looked at for which a clock runs.
 *
 * Pure: the letter and its verdict go in, and what the store knows of mails like it. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_HINT_H
#define DOMAIN_HINT_H

#include "domain/triage.h"

enum {
	HINT_EVIDENCE_MAX = 320,
};

enum hint_kind {
	HINT_EIR,
	HINT_SUBJECT_ACCESS,
	HINT_BUSINESS_AS_USUAL,
	HINT_OTHER_AUTHORITY,
	HINT_OTHER_REFERENCE,
	HINT_NEAR_IDENTICAL,
	HINT_NO_REAL_NAME,
	HINT_FORWARDED,
	HINT_COUNT,
};

/* The word for machines, "eir", "subject-access", ... */
const char *hint_word(enum hint_kind kind);

struct hint_policy {
	const struct triage_policy *triage;	    /* borrowed */
	const char *authority;			    /* our configured name; "" : not known */
	const struct reference_template *templates; /* ours, borrowed */
	size_t n_templates;
};

/* A case that a mail which says nearly the same has opened. */
struct hint_like {
	char reference[REFERENCE_MAX];
	unsigned alike; /* of LIKENESS_HASHES */
	bool is_same_sender;
	size_t n_more; /* further cases like it, as far as was looked */
};

struct hint {
	enum hint_kind kind;
	char evidence[HINT_EVIDENCE_MAX]; /* plain English that quotes a few words of the mail: it
					   * stays in the case and out of the journal */
};

/* At most one of each kind. */
struct hint_list {
	struct hint hints[HINT_COUNT];
	size_t n;
};

/* Whether the mail is one that mails like it are looked for: it opens a request, or a person must
 * look. Reviews are left out, since platforms write their words. */
bool hint_wants_like(const struct triage_verdict *v);

/* The words that count: what the writer wrote now; all of it where that is nothing, or where it was
 * passed on by a colleague or a partner. Borrowed from @l. */
const char *hint_text(const struct letter *l, const struct triage_verdict *v);

/**
 * hint_find - what the mail looks like.
 * @like: NULL: none
 *
 * Law:      EIR 2004 reg 2(1) (what is environmental information); FOI 2000 s.8(1)(b) (the name of
 *           the applicant); UK GDPR art 15.
 * Security: @l is the sender's; time is linear in its bounded text.
 */
void hint_find(const struct hint_policy *p, const struct letter *l, const struct triage_verdict *v,
	const struct hint_like *like, struct hint_list *ret);

#endif
