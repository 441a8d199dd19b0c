/* receipt.c - the day on which the authority received a mail.
 *
 * Security: Received lines below our own gateway's are the sender's to forge. */
/* SPDX-License-Identifier: MIT */
#include "domain/receipt.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "domain/mail_date.h"

/* 1 January 2005, when FOI 2000 s.1(1), the EIR and FOISA came into force. Servers give mails that
 * they cannot date, or that were imported, dates from 1970 on; no request was received then. */
static const int64_t RIGHT_OF_ACCESS = 1104537600;

/* The words behind "by " in @value; NULL: there are none. A comment may hold what a stranger wrote,
 * such as the name in his certificate, so words in comments do not count. */
static const char *by_clause(const char *value)
{
	unsigned depth = 0;

	for (const char *p = value; *p; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (depth == 0 && (p == value || p[-1] == ' ') &&
			 strncasecmp(p, "by ", 3) == 0)
			return p + 3 + strspn(p + 3, " ");
	}
	return NULL;
}

/* Whether @text starts with the name of one of our hosts. */
static bool is_ours(const char *text, const char *const *hosts, size_t n_hosts)
{
	for (size_t i = 0; i < n_hosts; i++) {
		size_t n = strlen(hosts[i]);

		if (strncasecmp(text, hosts[i], n) == 0 && strchr(" ;\t()[]", text[n]))
			return true;
	}
	return false;
}

/* Whether the mail came to the writer of this line from one of our own hosts, or from no other
 * host at all. A stranger may write "by" one of our names below the line of the host that he handed
 * the mail to; only what our own hosts handed on makes the next line ours too. Greeting us by our
 * own name would pass: mail servers refuse that. */
static bool is_from_us(const char *value, const char *by, const char *const *hosts, size_t n_hosts)
{
	if (!text_has_prefix_ci(value, "from "))
		return true;
	for (const char *p = value + 5; p < by; p++)
		if (strchr(" =([", p[-1]) && is_ours(p, hosts, n_hosts))
			return true;
	return false;
}

int64_t receipt_gateway(const struct letter *l, const char *const *hosts, size_t n_hosts)
{
	bool is_inside = true;
	const char *ours = NULL;
	const char *semicolon;
	int64_t instant;

	for (size_t i = 0; is_inside && i < l->n_headers; i++) {
		const char *value = l->headers[i].value;
		const char *by;

		if (!text_is_equal_ci(l->headers[i].name, "Received"))
			continue;
		by = by_clause(value);
		if (!by || !is_ours(by, hosts, n_hosts))
			break;
		ours = value;
		is_inside = is_from_us(value, by, hosts, n_hosts);
	}
	semicolon = ours ? strrchr(ours, ';') : NULL;
	if (!semicolon || mail_date_parse(semicolon + 1, &instant) < 0)
		return 0;
	return instant < RIGHT_OF_ACCESS ? 0 : instant;
}

/* Whether the server's date can be believed beside the rest. */
static bool is_trusted(const struct receipt_evidence *e)
{
	if (e->internaldate < RIGHT_OF_ACCESS || e->internaldate > e->first_seen)
		return false;
	return e->gateway == 0 ||
	       e->internaldate >= e->gateway - (int64_t) RECEIPT_TRUST_DAYS * 86400;
}

/* "server 16 May 2018", or nothing for an instant that is not there. */
static void tell(char *text, size_t room, const char *what, int64_t instant)
{
	char day[DAY_TEXT_MAX];
	size_t n = strlen(text);

	if (instant != 0)
		(void) snprintf(text + n, room - n, "%s%s %s", n ? ", " : "", what,
			day_text(day_of_instant(instant), DAY_ENGLISH, day)); /* fits */
}

/* Whether the sender's Date may bring the day of receipt forward from @earliest. */
static bool is_sent_before(const struct receipt_evidence *e, int64_t earliest)
{
	return e->sent < earliest && e->sent >= earliest - (int64_t) RECEIPT_TRUST_DAYS * 86400;
}

/* Applies the presumption of FOISA 2002 s.74 to the day that the servers' evidence gives. */
static void presume_sent(const struct receipt_evidence *e, const struct statute *law,
	int64_t earliest, struct receipt *ret)
{
	struct day sent = day_of_instant(e->sent);
	size_t n = strlen(ret->why);
	char day[DAY_TEXT_MAX];
	bool is_presumed = is_sent_before(e, earliest);

	if (day_compare(sent, ret->day) == 0)
		return;
	if (is_presumed)
		ret->day = sent;
	ret->is_disputed = true;
	(void) snprintf(ret->why + n, sizeof ret->why - n,
		"; the sender dated it %s, and an e-mail is presumed received on the day it was "
		"sent (%s): %s, and an officer must look at it",
		day_text(sent, DAY_ENGLISH, day), law->law_presumption,
		is_presumed ? "that day counts" : "that day is not believed"); /* fits */
}

void receipt_propose(
	const struct receipt_evidence *e, const struct statute *law, struct receipt *ret)
{
	int64_t earliest = e->first_seen;
	char text[160] = ""; /* three times a word and a day */

	if (e->gateway != 0 && e->gateway < earliest)
		earliest = e->gateway;
	if (is_trusted(e) && e->internaldate < earliest)
		earliest = e->internaldate;
	ret->day = day_of_instant(earliest);
	ret->is_disputed =
		(e->internaldate != 0 && day_of_instant(e->internaldate).n != ret->day.n) ||
		(e->gateway != 0 && day_of_instant(e->gateway).n != ret->day.n);
	tell(text, sizeof text, "mail server", e->internaldate);
	tell(text, sizeof text, "our gateway", e->gateway);
	tell(text, sizeof text, "first seen", e->first_seen);
	(void) snprintf(ret->why, sizeof ret->why, "evidence of receipt: %s%s", text,
		ret->is_disputed ? "; it disagrees, the earliest trusted day counts" : "");
	if (law->presumes_sent && e->sent != 0)
		presume_sent(e, law, earliest, ret);
}
