/* triage.h - decide what an incoming mail is, in the order of the design's section 5.
 *
 * Whether to answer and whether a clock runs are two decisions: doubt about the first holds the
 * answer back, doubt about the second keeps the clock running and asks a person.
 *
 * Pure: a letter, its keys, what the store knows of them, and the policy go in; a verdict with its
 * reasons comes out. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_TRIAGE_H
#define DOMAIN_TRIAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/fate.h"
#include "domain/letter.h"
#include "domain/matching.h"
#include "domain/statute.h"

enum {
	TRIAGE_REASONS_MAX = 16,
	TRIAGE_EVIDENCE_MAX = 160,
	TRIAGE_OPENS_MAX = 2,
	TRIAGE_NAME_MAX = 256,
};

/* A web form of the authority's own: its mail is really the requester's. */
struct triage_form {
	const char *from; /* addr-spec it is sent from, lower case */
	const char
		*authserv_id; /* Authentication-Results of this host must pass for it; "" : none */
	const char *
		email_field; /* "Email:" line of the text that names the requester; "" : Reply-To */
	const char *name_field; /* "Name:"; "" : Reply-To's name */
	const char *text_field; /* "Request:"; "" : the whole text */
};

/* Lists of senders: an entry is "user@domain" or "@domain" or "domain". Borrowed, lower case. */
struct triage_list {
	const char *const *entries;
	size_t n;
};

struct triage_policy {
	const char *own_address;       /* of the watched mailbox */
	struct triage_list colleagues; /* own domains */
	struct triage_list regulators;
	struct triage_list partners;
	struct triage_list ignored;
	struct triage_list platforms; /* domains of WhatDoTheyKnow and kin */
	const struct triage_form *forms;
	size_t n_forms;
	const char *authserv_id;      /* whose Authentication-Results are trusted; "" : nobody's */
	enum acknowledge acknowledge; /* what is done with those that may be acknowledged */
	enum statute_regime regime;   /* of the mailbox */
};

/* What the store knows of one case that the mail may be about. */
struct triage_case {
	int64_t id; /* 0: no such case */
	char reference[REFERENCE_MAX];
	enum case_kind kind;
	bool is_open;
	bool has_sender;	    /* the mail's sender is a correspondent of this case */
	bool has_regime;	    /* false: the case is assumed only, and no law is known */
	enum statute_regime regime; /* of its first part */
};

/* What was asked of the store and of the server. */
struct triage_facts {
	struct triage_case own;	     /* of matching_keys.own */
	struct triage_case thread;   /* of matching_keys.thread */
	struct triage_case embedded; /* of matching_keys.embedded */
	struct triage_case platform; /* of matching_keys.platform_address */
	struct triage_case references[MATCHING_REFERENCES_MAX]; /* as matching_keys.references */
	bool is_seen;	       /* the same mail is here: ID, sender, Date and content, or without an
				* ID as much as there is */
	bool is_seen_platform; /* same platform_message as a mail we have */
	bool is_seen_id_only;  /* same Message-ID, other content */
	bool is_seen_words_only; /* no Message-ID and no Date, same sender and content */
	bool is_in_junk;	 /* found in a folder for junk */
};

struct triage_reason {
	const char *rule; /* static; "automatic", "asks-for-review", ...: one of triage_rules */
	char evidence
		[TRIAGE_EVIDENCE_MAX]; /* plain English for a non-programmer; may quote the mail,
					     * so it stays in the case and out of the journal */
};

struct triage_verdict {
	enum fate fate;
	enum case_kind opens[TRIAGE_OPENS_MAX]; /* the fate is that of the first */
	size_t n_opens;
	bool clock; /* a statutory clock runs for this mail */
	enum acknowledge acknowledge;
	struct triage_case about;	 /* the case it belongs to or reviews; id 0: none known */
	char requester[TRIAGE_NAME_MAX]; /* addr-spec who asks and who is answered; "" : nobody */
	char requester_name[TRIAGE_NAME_MAX];
	enum statute_regime regime; /* the mailbox's, unless the mail plainly names another */
	bool is_subject_access;	    /* asks for the writer's own data: no date is told */
	bool is_suspect;	    /* perhaps a mail that is here already, and perhaps not */
	struct triage_reason reasons[TRIAGE_REASONS_MAX];
	size_t n_reasons;
};

/* Whether @address, or its domain, is on the list. */
bool triage_list_has(const struct triage_list *list, const char *address);

/* Whether @address is in the domain of the watched mailbox or in one of the authority's. */
bool triage_is_ours(const struct triage_policy *p, const char *address);

/* Whether the verdict rests on that rule, one of triage_rules. */
bool triage_has_reason(const struct triage_verdict *v, const char *rule);

/* Every rule word there is and what it means, for the manual and for `foictl explain`. */
struct triage_rule {
	const char *word;
	const char *meaning;
};

extern const struct triage_rule triage_rules[];
extern const size_t triage_rules_count;

/**
 * triage_judge - what this mail is.
 *
 * Always decides: a mail about which nothing can be said goes to FATE_TRIAGE with its clock.
 *
 * Law:      FOI 2000 s.8(1) (a request needs no magic words), s.10(1) (the clock starts whether
 *           or not anybody looked).
 * Standard: RFC 3834 s.2 (what must never be answered).
 * Security: every field of @l is the sender's; only @facts and @p are ours.
 */
void triage_judge(const struct triage_policy *p, const struct letter *l,
	const struct matching_keys *keys, const struct triage_facts *facts,
	struct triage_verdict *ret);

#endif
