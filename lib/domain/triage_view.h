/* triage_view.h - what the parts of triage share; nobody else includes it.
 *
 * Each question looks at the view, may add reasons to the verdict, and says whether it has decided.
 * The questions are asked in the order of the table in triage.c. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_TRIAGE_VIEW_H
#define DOMAIN_TRIAGE_VIEW_H

#include "domain/attachment.h"
#include "domain/triage.h"
#include "domain/triage_words.h"

enum {
	TRIAGE_SUBJECT_MAX = 512,
};

/* The authserv-id that stands for Exchange Online, which writes none before its results. */
#define TRIAGE_NAMELESS_SERVER "exchange-online"

/* What the trusted Authentication-Results say of the sender's domain. */
enum triage_authentication {
	TRIAGE_AUTHENTICATION_NONE, /* nothing is configured, or nothing is said */
	TRIAGE_AUTHENTICATION_PASS,
	TRIAGE_AUTHENTICATION_FAIL,
};

struct triage_view {
	const struct triage_policy *p;
	const struct letter *l;
	const struct matching_keys *keys;
	const struct triage_facts *facts;

	const char *sender; /* addr-spec; "" : none */
	const char *text;   /* what the writer wrote now; all of it where that is nothing */
	bool is_forward;    /* the writer added nothing of his own */
	bool is_reply;	    /* the subject begins with "Re:" or its like */
	enum triage_authentication authentication;
	const struct triage_form *form; /* the web form that it comes from; NULL: none */

	char subject[TRIAGE_SUBJECT_MAX]; /* folded, without "Re:" */
	char words[TRIAGE_WORDS_MAX];	  /* folded @text without its greeting */
};

/* ---- verdict ----------------------------------------------------------------------------------- */

/* Notes a reason; dropped when there are TRIAGE_REASONS_MAX. @rule is one of triage_rules. */
void triage_add_reason(struct triage_verdict *ret, const char *rule, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Notes a reason with the words that it was found in. */
void triage_add_words(
	struct triage_verdict *ret, const char *rule, const char *what, struct triage_span span);

/* A person must look, the clock runs, nobody is answered. Return: true, so that a question can end
 * in it. */
bool triage_ask_person(struct triage_verdict *ret);

/* Copies a text of the sender's on one line, cut at a character's edge. */
void triage_copy(char *ret, size_t room, const char *text, size_t n);

/* ---- senders ----------------------------------------------------------------------------------- */

/* Whether the trusted results say that the mail really is from @domain. */
bool triage_is_authenticated(const struct letter *l, const char *authserv_id, const char *domain);

enum triage_authentication triage_authentication_of(
	const struct letter *l, const char *authserv_id);

/* Whether the local part is one that nobody reads, such as "no-reply" or "mailer-daemon". */
bool triage_is_unread_address(const char *address);

/* Whether it is the sender of mail systems: nobody, "mailer-daemon", "postmaster". */
bool triage_is_mail_system(const struct triage_view *v);

/* Whether @path, a Return-Path, names nobody: "<>". */
bool triage_is_null_path(const char *path);

/* Whether @domain is the watched mailbox's, one of the authority's, or below one. */
bool triage_is_our_domain(const struct triage_policy *p, const char *domain);

/* Whether the mail itself is a delivery report (RFC 3464). */
bool triage_is_report(const struct triage_view *v);

/* ---- signs in the words ------------------------------------------------------------------------ */

/* A sign that something is asked for. NULL in .at: none. */
struct triage_span triage_sign_of_request(const struct triage_view *v);

/* The same, but only what names the law or asks plainly: lists are full of questions. */
struct triage_span triage_plain_request(const struct triage_view *v);

/* The first place of any of @patterns in the subject or the words, in a sentence without any of
 * @exceptions. In a reply the subject is somebody else's and is not looked at. */
struct triage_span triage_find_in_both(
	const struct triage_view *v, const char *const *patterns, const char *const *exceptions);

bool triage_names_law(const char *words);

/* A demand in the words, in a sentence without any of @exceptions; NULL: what sounds like a demand
 * and asks for no information. */
struct triage_span triage_demand(const struct triage_view *v, const char *const *exceptions);

struct triage_span triage_question(const struct triage_view *v);

/* "Could you also ...", in a sentence without any of @exceptions. */
struct triage_span triage_request_besides(
	const struct triage_view *v, const char *const *exceptions);

/* What a program's mail demands, beside what absence notes and receipts ask everybody. */
struct triage_span triage_demand_of_robot(const struct triage_view *v);

/* A question or demand in list mail that can only be meant for an authority. */
struct triage_span triage_question_to_us(const struct triage_view *v);

/* A request that does not belong to what was answered. @plain: it says so itself. */
struct triage_span triage_new_request(const struct triage_view *v, bool plain);

/* A demand for review. @on_case: on a known case fewer words are enough. */
struct triage_span triage_demand_for_review(const struct triage_view *v, bool on_case);

/* What is attached to a letter that is nothing but its envelope; else ATTACHMENT_OTHER. */
enum attachment_kind triage_attached_words(const struct triage_view *v);

bool triage_is_thanks(const struct triage_view *v);
bool triage_is_reminder(const struct triage_view *v);

/* Whether it asks how a request gets on, and for nothing else. */
bool triage_is_chaser(const struct triage_view *v);

/* What a reminder asks for besides, in a sentence of its own. */
struct triage_span triage_asks_beside_reminder(const struct triage_view *v);

bool triage_is_advertisement(const struct triage_view *v);
bool triage_is_subject_access(const struct triage_view *v, struct triage_span *ret);
enum statute_regime triage_regime_of(const struct triage_view *v, struct triage_verdict *ret);

/* ---- questions: true when decided -------------------------------------------------------------- */

bool triage_ask_own(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_delivery(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_form(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_sender(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_automatic(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_seen(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_standing(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_readable(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_case(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_review(struct triage_view *v, struct triage_verdict *ret);
bool triage_ask_request(struct triage_view *v, struct triage_verdict *ret);

#endif
