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

/* Clocks of two servers of one house may differ by that much before we speak of the future. */
enum {
	CLOCK_SLACK_SEC = 300,
};

/* Whether @value says "by HOST" for one of our hosts. */
static bool is_by_us(const char *value, const char *const *hosts, size_t n_hosts)
{
	const char *by = text_has_prefix_ci(value, "by ") ? value : text_find_ci(value, " by ");

	if (!by)
		return false;
	by += by == value ? 3 : 4;
	by += strspn(by, " ");
	for (size_t i = 0; i < n_hosts; i++) {
		size_t n = strlen(hosts[i]);

		if (strncasecmp(by, hosts[i], n) == 0 && strchr(" ;\t(", by[n]))
			return true;
	}
	return false;
}

int64_t receipt_gateway(const struct letter *l, const char *const *hosts, size_t n_hosts)
{
	const char *ours = NULL;
	const char *semicolon;
	int64_t instant;

	for (size_t i = 0; i < l->n_headers; i++) {
		if (!text_is_equal_ci(l->headers[i].name, "Received"))
			continue;
		if (!is_by_us(l->headers[i].value, hosts, n_hosts))
			break;
		ours = l->headers[i].value;
	}
	semicolon = ours ? strrchr(ours, ';') : NULL;
	if (!semicolon || mail_date_parse(semicolon + 1, &instant) < 0)
		return 0;
	return instant;
}

/* Whether the server's date can be believed beside the rest. */
static bool is_trusted(const struct receipt_evidence *e)
{
	if (e->internaldate == 0 || e->internaldate > e->first_seen + CLOCK_SLACK_SEC)
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

void receipt_propose(const struct receipt_evidence *e, struct receipt *ret)
{
	bool trusts_server = is_trusted(e);
	int64_t earliest = e->first_seen;
	char text[RECEIPT_WHY_MAX] = "";

	if (e->gateway != 0 && e->gateway < earliest)
		earliest = e->gateway;
	if (trusts_server && e->internaldate < earliest)
		earliest = e->internaldate;
	ret->day = day_of_instant(earliest);
	ret->is_disputed = (e->internaldate != 0 && !trusts_server &&
				   day_of_instant(e->internaldate).n != ret->day.n) ||
			   (trusts_server && day_of_instant(e->internaldate).n != ret->day.n) ||
			   (e->gateway != 0 && day_of_instant(e->gateway).n != ret->day.n);
	tell(text, sizeof text, "mail server", e->internaldate);
	tell(text, sizeof text, "our gateway", e->gateway);
	tell(text, sizeof text, "first seen", e->first_seen);
	(void) snprintf(ret->why, sizeof ret->why, "evidence of receipt: %s%s", text,
		ret->is_disputed ? "; it disagrees, the earliest trusted day counts" : "");
}
