/* triage_review.c - demands for an internal review, in English and Welsh.
 *
 * Judged on the subject and on what the writer wrote now. A sentence in which somebody only talks
 * of reviews (asks for statistics of them, threatens with one, quotes the right to one) is none.
 *
 * Law: s.45 Code of Practice 2018 section 5; EIR 2004 reg 11 (any representation that the
 *      authority did not comply); FOISA 2002 s.20 (a requirement for review). */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "domain/triage_view.h"

/* Enough by themselves. */
static const char *const formal_demands[] = { "request an internal review",
	"requesting an internal review", "request * for an internal review",
	"request for internal review", "request for an internal review", "request internal review",
	"request * internal review of", "ask for an internal review",
	"asking for an internal review", "ask you to * internal review",
	"asking you to * internal review", "like an internal review", "like to * internal review",
	"want an internal review", "want * an internal review", "wish * internal review",
	"seek an internal review", "seeking an internal review", "apply for an internal review",
	"carry out an internal review", "conduct an internal review",
	"undertake an internal review", "perform an internal review", "initiate an internal review",
	"start an internal review", "please * internal review", "internal review please",
	"as a * internal review", "as an internal review", "as * request for * review",
	"require an internal review", "internal review of * handling", "internal review of your",
	"internal review of this", "internal review of the decision",
	"internal review of the refusal", "internal review is * requested",
	"internal review requested", "requirement for review", "requirement for a review",
	"require you to review", "request an internal-review", "request internal-review",
	"an internal-review", "internal reveiw", "internal reviw", "interal review",
	"representations under regulation 11", "review under regulation 11",
	"review under section 20", "adolygiad mewnol o", "gofyn am adolygiad mewnol",
	"cais am adolygiad mewnol", "cynnal adolygiad mewnol", "gwneud adolygiad mewnol", NULL };

/* Enough where the same sentence speaks of a request or of an answer of ours: people are also
 * dissatisfied with the response to a burglary. */
static const char *const plain_demands[] = { "request a review", "requesting a review",
	"request that you review", "ask for a review", "asking for a review", "like a review",
	"like * reviewed", "like you to review", "ask you to review", "please review the decision",
	"please review this decision", "please review the handling", "please review the refusal",
	"review your decision", "review of your decision", "review of the decision",
	"review of this decision", "review of your refusal", "review of your response",
	"review of the handling", "review of your handling", "appeal against", "appeal your",
	"appeal the decision", "appeal this", "appeal the refusal", "wish to appeal",
	"want to appeal", "like to appeal", "formally appeal", "lodge an appeal",
	"dissatisfied with * response", "dissatisfied with * reply", "dissatisfied with * answer",
	"dissatisfied with * decision", "dissatisfied with * handl%", "dissatisfied with * refusal",
	"dissatisfied with * outcome", "dissatisfied with the way", "dissatisfied with how",
	"not satisfied with * response", "not satisfied with * reply",
	"not satisfied with * answer", "not satisfied with * decision",
	"not satisfied with * handl%", "not satisfied with how", "unhappy with * response",
	"unhappy with * reply", "unhappy with * decision", "unhappy with * handl%",
	"unhappy with how", "unhappy with * refusal", "not happy with * response",
	"not content with", "disappointed with * response", "disappointed with * reply",
	"disappointed with * answer", "disappointed with * decision", "disappointed by * response",
	"disappointed by * refusal", "not happy with * reply", "not happy with * decision",
	"not happy with * handl%", "not happy with how", "not happy with * refusal",
	"complain about * handl%", "complain about * response", "complain about * refus%",
	"complain about * decision", "complain about how", "complaint about * handl%",
	"complaint about * response", "complaint about * refus%", "complaint about * decision",
	"complaint about how", "complaint about * failure to", "complain about * failure to",
	"reconsider your", "reconsider the decision", "reconsider this decision",
	"reconsider the refusal", "reconsider the use", "reconsider the application of",
	"look at * decision again", "look again at * decision", "look again at my request",
	"look at my request again", "challenge the * exemption", "challenge your",
	"challenge the decision", "challenge this decision", "challenge the refusal",
	"challenge the use of", "challenge the application of", "challenging your",
	"challenging the", "do not accept * exemption%", "don't accept * exemption%",
	"disagree with * exemption%", "do not accept that", "don't accept that",
	"do not accept * section", "do not agree with * exemption%", "do not agree with * redact%",
	"do not agree with * decision", "don't agree with * decision", "contest your",
	"contest the", "dispute your", "dispute the", "dispute that", "revisit your",
	"revisit the decision", "disagree with your", "disagree with the decision",
	"wrongly applied", "wrongly refused", "wrongly relied", "wrongly withheld",
	"exemption% * not apply", "does not apply to my request", "have not answered * within",
	"have not responded * within", "have not replied * within", "not answered within",
	"not responded within", "not received a response within", "not received a reply within",
	"failed to respond", "failed to answer", "failed to reply", "failed to comply",
	"failure to respond", "no response within", "working days have passed",
	"working days has passed", "working day deadline has passed", "statutory deadline * passed",
	"statutory time limit * passed", "missed the * deadline", "breach of section 10",
	"breached section 10", "gofyn am adolygiad", "hoffwn gael adolygiad", "hoffwn adolygiad",
	"adolygwch", "anfodlon", "anhapus gyda", "anhapus a'r", "apelio yn erbyn", "dymuno apelio",
	"hoffwn apelio", "cwyno am", "gwyno am", "ddim yn fodlon", "nid wyf yn fodlon",
	"ddim yn hapus", "nid wyf yn hapus", "nid ydych wedi ateb", "nid ydych wedi ymateb",
	"adolygu eich penderfyniad", "ailystyried", "ailystyriwch", "ail-ystyried",
	"heb ymateb o fewn", "heb ateb o fewn", "heb gael ateb o fewn", NULL };

/* Silence: a complaint of it is none about the housing team's. */
static const char *const silence[] = { "received no response", "received no reply",
	"received no answer", "had no response", "had no reply", "had no answer", "heard nothing",
	"not had a response", "not had a reply", "not received a response", "not received a reply",
	"not received an answer", "not received any", "no response to my", "no reply to my",
	"no answer to my", "working days since", "working days ago", "working days are over",
	"o fewn 20 diwrnod gwaith", NULL };

static const char *const about_foi[] = { "foi", "foia", "eir", "freedom of information",
	"information act", "information request", "request for information",
	"environmental information%", "20 working days", "twenty working days", "section 10",
	"cais am wybodaeth", "rhyddid gwybodaeth", "20 diwrnod gwaith", NULL };

/* What an authority decides, and is late with, besides. */
static const char *const other_matters[] = { "planning", "parking", "penalty charge%", "pcn",
	"council tax", "benefit%", "school place%", "admission%", "housing", "tenancy", "licence",
	"licensing", "blue badge", "eviction", "care package%", "job", "grievance", "fine",
	"caniatad cynllunio", "parcio", NULL };

static const char *const about_request[] = { "request%", "foi", "freedom of information",
	"information act", "your response", "your reply", "your answer", "your decision",
	"your refusal", "exemption%", "withheld", "section 10", "cais", "nghais", "penderfyniad",
	"ymateb%", NULL };

/* Enough in answer to us, where it cannot be about anything else. */
static const char *const demands_on_case[] = { "internal review", "internal-review", "dissatisfied",
	"not satisfied", "not content", "disappointed", "unsatisfactory", "unsatisfied",
	"unhappy with", "not happy with", "complaint", "complain", "appeal", "reconsider",
	"look at * again", "look again at", "think again", "not good enough", "unacceptable",
	"challenge", "contest", "dispute", "disagree", "do not agree", "don't agree",
	"do not accept", "don't accept", "revisit", "escalate", "another look",
	"take a second look", "does not answer", "doesn't answer", "did not answer",
	"didn't answer", "not answered question%", "please review", "is overdue", "overdue",
	"you are late", "out of time", "not answered my", "have not answered", "have not responded",
	"have not replied", "haven't answered", "haven't responded", "haven't replied",
	"adolygiad mewnol", "apel", "cwyn", "cwyno", "herio", "anghytuno", NULL };

/* A sentence with one of these only talks about reviews. */
static const char *const only_talk[] = { "how many", "number of * review%",
	"number of * complaint%", "number of * appeal%", "cop% of * internal review%",
	"outcome of * internal review", "result of * internal review", "outcomes of",
	"internal review procedure%", "internal review process%", "internal review polic%",
	"internal review stat%", "internal review team", "internal review panel",
	"internal review decision", "internal review response", "internal review outcome",
	"previous internal review", "earlier internal review", "last internal review",
	"following * internal review", "after * internal review", "internal review i requested",
	"requested an internal review", "had requested", "i asked for an internal review",
	"thank% * for * internal review", "not asking for", "not requesting", "not request%",
	"do not want", "don't want", "do not wish", "not wish", "no need for", "no complaint%",
	"not a complaint", "not complaining", "not to appeal", "no wish to", "if you are",
	"if you remain", "if you have any complaint%", "should you be", "should you wish",
	"should you remain", "you may request", "you may ask", "you can request", "you can ask",
	"you have the right", "have a right to", "you are entitled", "your right to", "if i am",
	"if i do not", "if i don't", "if you do not", "if you don't", "if you fail", "unless you",
	"reserve the right", "may ask for", "before i", "otherwise i", "will have to",
	"complaint% you received", "complaint% received", "complaint% against officers",
	"complaints about", "appeals", "requesters", "applicants", "people who", "those who",
	"residents who", "please review the attached", "os ydych", "os nad", "sawl", "faint",
	NULL };

/* WhatDoTheyKnow makes this subject itself; its users cannot change it. */
static const char *const review_subjects[] = { "internal review of freedom of information request",
	"internal review of environmental information regulations request", "internal review of",
	"internal review", "request for internal review", "request for an internal review",
	"internal review request", "adolygiad mewnol", NULL };

/* The request's own title follows, whatever it is about. */
static const char *const platform_subjects[] = {
	"internal review of freedom of information request",
	"internal review of environmental information regulations request", NULL
};

/* So plain that words of a quoted title in the same sentence change nothing. */
static const char *const unmistakable[] = { "i am writing to request an internal review",
	"i'm writing to request an internal review", "i wish to request an internal review",
	"i would like to request an internal review", "i'd like to request an internal review",
	"i hereby request an internal review", "i request an internal review", NULL };

static const char *const conditions[] = { "if i", "if you", "unless", "before i", "otherwise",
	"reserve the right", "should you", NULL };

static const char *const review_subject_exceptions[] = { "procedure%", "polic%", "statistic%",
	"process%", "how many", "number of", "outcomes", "report", "of internal reviews", NULL };

static struct triage_span find_in_subject(const struct triage_view *v)
{
	struct triage_span none = { NULL, 0 };
	struct triage_span span = none;

	/* Behind "Re:" stand our own words. */
	if (v->is_reply)
		return none;
	if (v->keys->platform_address[0])
		span = triage_words_any(v->subject, platform_subjects);
	if (!span.at)
		span = triage_words_unless(v->subject, review_subjects, review_subject_exceptions);
	/* "FOI request: internal review of fleet contracts" asks about somebody else's review. */
	if (span.at == v->subject)
		return span;
	span = triage_words_unless(v->subject, formal_demands, only_talk);
	return span.at ? span
		       : triage_words_where(v->subject, plain_demands, only_talk, about_request);
}

/* Without a case the sentence must speak of a request, and the mail of no other matter. */
static struct triage_span find_without_case(const struct triage_view *v)
{
	struct triage_span none = { NULL, 0 };
	struct triage_span span =
		triage_words_where(v->words, plain_demands, only_talk, about_request);
	bool is_other = triage_words_any(v->words, other_matters).at &&
			!triage_words_any(v->words, about_foi).at &&
			!triage_words_any(v->subject, about_foi).at;

	if (!span.at)
		span = triage_words_where(v->words, silence, only_talk, about_foi);
	return is_other ? none : span;
}

static struct triage_span find_on_case(const struct triage_view *v)
{
	struct triage_span span = triage_words_unless(v->words, plain_demands, only_talk);

	if (!span.at)
		span = triage_words_where(v->words, silence, only_talk, about_request);
	return span.at ? span : triage_words_unless(v->words, demands_on_case, only_talk);
}

struct triage_span triage_demand_for_review(const struct triage_view *v, bool on_case)
{
	struct triage_span span = find_in_subject(v);

	if (!span.at)
		span = triage_words_unless(v->words, unmistakable, conditions);
	if (!span.at)
		span = triage_words_unless(v->words, formal_demands, only_talk);
	if (!span.at)
		span = on_case ? find_on_case(v) : find_without_case(v);
	return span;
}
