/* triage_talk.c - what a mail about a case says where it asks for no information: thanks, how it gets
 * on. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "domain/triage_view.h"

static const char *const reminders[] = { "any update", "an update", "update on", "any progress",
	"any news", "when can i expect", "when should i expect", "when will i", "when will you",
	"have you had a chance", "have you received my", "did you receive my", "chasing",
	"following up", "follow up on", "a reminder", "the status of", "looking forward to",
	"confirm receipt", "acknowledge receipt", "still waiting", "how long", "oes diweddariad",
	"yn dal i aros", "pryd y gallaf", NULL };

/* Questions how a request gets on, and what they are about. */
static const char *const chasers[] = { "any update", "an update", "update on", "any progress",
	"any news", "when can i expect", "when should i expect", "when will i", "when will you",
	"have you had a chance", "have you received my", "did you receive my", "chasing",
	"following up", "follow up on", "a reminder", "the status of", "still waiting",
	"oes diweddariad", "yn dal i aros", "pryd y gallaf", NULL };

static const char *const of_a_request[] = { "my request", "my foi", "my foia", "my eir",
	"my freedom of information", "foi request", "freedom of information request",
	"information request", "request for information", "request of", "request dated",
	"my information", "our request", "fy nghais", "fy nghais i", NULL };

/* Facts that are asked for, not the state of the case. */
static const char *const facts[] = { "how many", "how much", "a copy of", "copies of", "a list of",
	"a breakdown", "also * want", "sawl", "faint", "copi o", "copiau o", NULL };

/* With these the sentence speaks of what was asked already. */
static const char *const asked_already[] = { "any update", "an update", "update on", "how long",
	"i asked", "i requested", "i have asked", "my request", "your reply", "your response",
	"how many days", "how many weeks", "how much longer", "how much time", "a copy of my",
	"a copy of the request", "a copy of this", "following up", "chasing", NULL };

static const char *const thanks[] = { "thank you", "thank-you", "thanks", "ta", "cheers",
	"much appreciated", "appreciate your", "grateful for your", "received with thanks",
	"no further action", "that is * helpful", "very helpful", "diolch", "gwerthfawrogi", NULL };

/* With one of these the thanks are only a beginning. */
static const char *const not_only_thanks[] = { "but", "however", "although", "though",
	"unfortunately", "disappoint%", "surpris%", "wrong%", "incorrect%", "incomplete", "missing",
	"not", "isn't", "doesn't", "didn't", "don't", "haven't", "hasn't", "why", "also", "unhappy",
	"dissatisf%", "complain%", "appeal%", "ond", "fodd bynnag", "anfodlon", NULL };

static const char *const nothing[] = { NULL };

bool triage_is_thanks(const struct triage_view *v)
{
	return strlen(v->words) < 300 && v->l->n_attachments == 0 &&
	       triage_words_any(v->words, thanks).at != NULL &&
	       !triage_words_any(v->words, not_only_thanks).at && !triage_demand(v, NULL).at &&
	       !triage_question(v).at;
}

bool triage_is_reminder(const struct triage_view *v)
{
	return strlen(v->words) < 800 && triage_words_any(v->words, reminders).at != NULL;
}

bool triage_is_chaser(const struct triage_view *v)
{
	return triage_words_where(v->words, chasers, nothing, of_a_request).at != NULL &&
	       !triage_demand(v, of_a_request).at &&
	       !triage_words_unless(v->words, facts, asked_already).at;
}

struct triage_span triage_asks_beside_reminder(const struct triage_view *v)
{
	struct triage_span span = triage_request_besides(v, asked_already);

	return span.at ? span : triage_words_unless(v->words, facts, asked_already);
}
