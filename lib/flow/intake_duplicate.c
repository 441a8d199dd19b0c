/* intake_duplicate.c - a mail that is here already: in two mailboxes, moved, or copied back.
 *
 * The first that was seen decides: its mailbox gives the law, its case stays, and nobody is answered
 * a second time. What the copy tells besides is kept for an officer. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "domain/statute.h"
#include "flow/intake_internal.h"

enum {
	WHY_MAX = 384,
};

/* A request is received when it reaches the authority at any of its addresses: a copy that came on
 * an earlier day may be the one whose day counts (FOI 2000 s.10(1)). */
static int note_earlier(struct intake_work *w, struct fault *f)
{
	struct intake_outcome *out = w->out;
	char here[DAY_TEXT_MAX];
	char first[DAY_TEXT_MAX];
	char why[WHY_MAX];
	int r;

	(void) snprintf(why, sizeof why,
		"this copy was received on %s, the one that opened the case on %s: see which day "
		"counts",
		day_text(out->receipt.day, DAY_ENGLISH, here),
		day_text(w->seen.received, DAY_ENGLISH, first)); /* fits */
	r = intake_note(w, out->verdict.about.id, "received-earlier", why, f);
	out->is_earlier = true;
	return r < 0 ? r
		     : store_case_flag(
			       w->in->store, out->verdict.about.id, FOI_CASE_RECEIPT_DISPUTED, f);
}

int intake_note_duplicate(struct intake_work *w, struct fault *f)
{
	const struct triage_verdict *v = &w->out->verdict;
	const char *mailbox = w->policy.mailbox->name;
	char why[WHY_MAX];
	int n = snprintf(why, sizeof why, "%s", v->n_reasons > 0 ? v->reasons[0].evidence : "");
	int r;

	if (strcmp(mailbox, w->seen.mailbox) != 0 && n >= 0 && (size_t) n < sizeof why)
		(void) snprintf(why + n, sizeof why - (size_t) n,
			" It is in mailbox %s too; the case stays with mailbox %s, where it was "
			"seen first, under the %s.",
			mailbox, w->seen.mailbox, statute_of(v->about.regime)->name); /* fits */
	r = intake_note(w, v->about.id, fate_word(v->fate), why, f);
	if (r == 0 && day_compare(w->out->receipt.day, w->seen.received) < 0)
		r = note_earlier(w, f);
	return r;
}
