/* triage_delivery.c - our own mail come back, and reports on mail that we sent.
 *
 * A report must have a report's shape and be about something of ours: its token, or a reference of
 * ours together with the sender of a mail system. A text that merely talks of a failure is none.
 *
 * Security: shape and reference can be forged, a token cannot. A forged report can only make an
 * officer look; it stops no clock, and nobody is answered. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "domain/triage_view.h"

enum delivery {
	DELIVERY_NONE,
	DELIVERY_FAILED,
	DELIVERY_DELAYED,
	DELIVERY_OTHER,
};

/* How mail systems say it where there is no RFC 3464 part; folded, what is no failure first. Exchange
 * writes in the language of whoever wrote the mail or of the server. */
static const struct shape {
	const char *system;
	const char *words;
	bool in_subject;
	enum delivery says;
} shapes[] = {
	{ "Postfix", "successful mail delivery report", true, DELIVERY_OTHER },
	{ "Exchange", "relayed:%", true, DELIVERY_OTHER },
	{ "Exchange", "delivered:%", true, DELIVERY_OTHER },
	{ "Exim", "warning: message * delayed", true, DELIVERY_DELAYED },
	{ "Postfix", "delayed mail (still being retried)", true, DELIVERY_DELAYED },
	{ "Gmail", "delivery status notification (delay)", true, DELIVERY_DELAYED },
	{ "Exchange", "delivery delayed:%", true, DELIVERY_DELAYED },
	{ "sendmail", "warning: could not send message for past", true, DELIVERY_DELAYED },
	{ "Exim", "message * has not been delivered to one or more recipients yet", false,
		DELIVERY_DELAYED },
	{ "Exim", "has not yet been delivered to one or more", false, DELIVERY_DELAYED },
	{ "Gmail", "gmail will retry", false, DELIVERY_DELAYED },
	{ "Exim", "mail delivery failed", true, DELIVERY_FAILED },
	{ "Postfix", "undelivered mail returned to sender", true, DELIVERY_FAILED },
	{ "qmail", "failure notice", true, DELIVERY_FAILED },
	{ "Exchange", "undeliverable:%", true, DELIVERY_FAILED },
	{ "Exchange", "unzustellbar:%", true, DELIVERY_FAILED },
	{ "Exchange", "non remis", true, DELIVERY_FAILED },
	{ "Exchange", "no se puede entregar", true, DELIVERY_FAILED },
	{ "Exchange", "non recapitabile", true, DELIVERY_FAILED },
	{ "Exchange", "onbestelbaar:%", true, DELIVERY_FAILED },
	{ "Exchange", "nao e possivel entregar", true, DELIVERY_FAILED },
	{ "Gmail", "delivery status notification (failure)", true, DELIVERY_FAILED },
	{ "sendmail", "returned mail", true, DELIVERY_FAILED },
	{ "Barracuda", "message you sent blocked", true, DELIVERY_FAILED },
	{ "", "mail delivery system", true, DELIVERY_FAILED },
	{ "", "delivery failure", true, DELIVERY_FAILED },
	{ "", "mail could not be delivered", true, DELIVERY_FAILED },
	{ "", "undeliverable mail", true, DELIVERY_FAILED },
	{ "qmail", "this is the qmail-send program", false, DELIVERY_FAILED },
	{ "Exim", "this message was created automatically by mail delivery software", false,
		DELIVERY_FAILED },
	{ "Postfix", "this is the mail system at host", false, DELIVERY_FAILED },
	{ "Exchange", "delivery has failed to these recipients", false, DELIVERY_FAILED },
	{ "Gmail", "your message wasn't delivered to", false, DELIVERY_FAILED },
	{ "Gmail", "address not found", false, DELIVERY_FAILED },
	{ "sendmail", "had permanent fatal errors", false, DELIVERY_FAILED },
	{ "Courier", "the following recipients cannot be delivered", false, DELIVERY_FAILED },
};

static const struct action_word {
	const char *word;
	enum delivery says;
} action_words[] = {
	{ "failed", DELIVERY_FAILED },
	{ "delayed", DELIVERY_DELAYED },
	{ "delivered", DELIVERY_OTHER },
	{ "relayed", DELIVERY_OTHER },
	{ "expanded", DELIVERY_OTHER },
};

/* WhatDoTheyKnow refuses answers to closed requests with a mail of its own, which is no DSN. */
static const char platform_refusal[] = "your response to an foi request was not delivered";

struct report {
	enum delivery says;
	const char *by;	    /* who says it */
	const char *system; /* which kind of mail system; "" : not known */
};

/* Any header that says so: a second one may deny it. */
static bool is_auto_submitted(const struct letter *l)
{
	for (size_t i = 0; i < l->n_headers; i++)
		if (text_is_equal_ci(l->headers[i].name, "Auto-Submitted") &&
			text_has_prefix_ci(l->headers[i].value, "auto-"))
			return true;
	return false;
}

/* A person may enclose a report that came to him: then the mail itself is none. */
bool triage_is_report(const struct triage_view *v)
{
	const char *type = letter_header(v->l, "Content-Type");

	return v->l->delivery.is_report &&
	       (triage_is_mail_system(v) || is_auto_submitted(v->l) ||
		       (type && text_find_ci(type, "multipart/report")));
}

static struct report read_standard_report(const struct triage_view *v)
{
	struct report r = { DELIVERY_FAILED, "The delivery report", "" };

	/* A report that says nothing clear is shown as a failure: an officer looks. */
	for (size_t i = 0; i < sizeof action_words / sizeof action_words[0]; i++)
		if (text_is_equal_ci(v->l->delivery.action, action_words[i].word))
			r.says = action_words[i].says;
	return r;
}

static struct report read_shape(const struct triage_view *v)
{
	bool is_system = triage_is_mail_system(v) || letter_header(v->l, "X-Failed-Recipients");

	for (size_t i = 0; is_system && i < sizeof shapes / sizeof shapes[0]; i++) {
		const char *where = shapes[i].in_subject ? v->subject : v->words;

		if (triage_words_find(where, shapes[i].words).at)
			return (struct report){ shapes[i].says, "A mail system", shapes[i].system };
	}
	if (letter_header(v->l, "X-Failed-Recipients"))
		return (struct report){ DELIVERY_FAILED, "A mail system", "" };
	return (struct report){ DELIVERY_NONE, "", "" };
}

static bool is_platform_refusal(const struct triage_view *v)
{
	return triage_words_find(v->subject, platform_refusal).at &&
	       triage_list_has(&v->p->platforms, v->sender);
}

static struct report read_report(const struct triage_view *v)
{
	if (is_platform_refusal(v))
		return (struct report){ DELIVERY_FAILED, "The public platform", "" };
	if (triage_is_report(v))
		return read_standard_report(v);
	return read_shape(v);
}

/* What it is about. A text may name a case and be a report about somebody else's mail, so only the
 * subject counts where there is no token. Return: whether that is something that we sent. */
static bool find_subject_of(const struct triage_view *v, struct triage_case *ret)
{
	const struct triage_facts *facts = v->facts;

	*ret = facts->embedded.id ? facts->embedded : facts->thread;
	for (size_t i = 0; ret->id == 0 && i < v->keys->n_references; i++)
		if (v->keys->references[i].in_subject || is_platform_refusal(v))
			*ret = facts->references[i];
	/* A token of ours proves that we sent it, whatever became of its case. */
	return ret->id != 0 || v->keys->embedded[0] || v->keys->thread[0];
}

static void explain(const struct triage_view *v, struct report report, struct triage_verdict *ret)
{
	static const char *const rules[] = { "delivery-foreign", "delivery-failed",
		"delivery-delayed", "delivery-other" };
	static const char *const says[] = { "", "could not be delivered", "is delayed, not lost",
		"was handed on" };
	const char *status = v->l->delivery.status;

	triage_add_reason(ret, rules[report.says], "%s%s%s%s says that a mail of ours %s%s%s.",
		report.by, report.system[0] ? " (" : "", report.system, report.system[0] ? ")" : "",
		says[report.says], status[0] ? ", status " : "", status);
}

bool triage_ask_delivery(struct triage_view *v, struct triage_verdict *ret)
{
	struct report report = read_report(v);
	struct triage_case about;

	if (report.says == DELIVERY_NONE)
		return false;
	if (!find_subject_of(v, &about)) {
		triage_add_reason(ret, "delivery-foreign",
			"It is a delivery report, but not about a mail that was sent from here.");
		return false;
	}
	explain(v, report, ret);
	ret->about = about;
	ret->fate = FATE_BOUNCE;
	ret->clock = false;
	return true;
}

/* Our Message-ID is proof enough only under a sender of ours: whoever had our mail knows it, and
 * could otherwise hide a request behind it. A provider may have replaced the Message-ID; then our
 * address and the token in References tell. */
bool triage_ask_own(struct triage_view *v, struct triage_verdict *ret)
{
	bool is_own_sender = !v->sender[0] || text_is_equal_ci(v->sender, v->p->own_address) ||
			     (v->keys->own[0] && triage_is_ours(v->p, v->sender));
	bool is_automatic = v->keys->thread[0] && v->sender[0] && is_auto_submitted(v->l);

	if (!is_own_sender || !(v->keys->own[0] || is_automatic))
		return false;
	triage_add_reason(ret, "own", "It carries our own mark and our own sender.");
	ret->about = v->keys->own[0] ? v->facts->own : v->facts->thread;
	ret->fate = FATE_OWN;
	ret->clock = false;
	return true;
}
