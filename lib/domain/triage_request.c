/* triage_request.c - the signs by which a mail shows that it asks for information.
 *
 * Law: FOI 2000 s.8(1): in writing, a name, an address, a description of the information. No magic
 *      words; so a question or a demand is a sign as good as the name of the Act. EIR 2004 has no
 *      form at all. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "domain/triage_view.h"

static const char *const law_names[] = { "freedom of information", "foi", "foia", "f.o.i", "f.o.i.",
	"fois", "environmental information regulation%", "eir", "eirs", "foisa",
	"information (scotland) act", "rhyddid gwybodaeth", "gwybodaeth amgylcheddol", NULL };

/* In a reference the letters name no law: "thank you for FOI 000012/26" asks for nothing. */
static const char *const in_reference[] = { "foi 0%", "foi 1%", "foi 2%", "foi 3%", "foi 4%",
	"foi 5%", "foi 6%", "foi 7%", "foi 8%", "foi 9%", "foi-0%", "foi-1%", "foi-2%", "foi-3%",
	"foi-4%", "foi-5%", "foi-6%", "foi-7%", "foi-8%", "foi-9%", "foi ref%", "foi no%", NULL };

static const char *const demands[] = { "please provide", "please could you", "please can you",
	"please would you", "please send", "please supply", "please disclose", "please release",
	"please confirm", "please tell", "please let me have", "please let me know",
	"please advise", "please state", "please list", "please give", "please share",
	"please specify", "please explain", "please detail", "please outline", "please also",
	"please answer", "please furnish", "kindly provide", "kindly send", "kindly confirm",
	"can you please", "could you please", "can you * send", "could you * send",
	"can you * provide", "could you * provide", "can you * tell", "could you * tell",
	"can you * confirm", "could you * confirm", "can you * supply", "could you * supply",
	"can you * let me", "could you * let me", "could i * have", "can i * have", "may i * have",
	"could i * see", "can i * see", "i would like to know", "i would like to request",
	"i would like to ask", "i would like to see", "i would like to obtain",
	"i would like to receive", "i would like to have", "i would like * information",
	"i would like * cop%", "i would like * details", "i'd like to know", "i'd like to request",
	"i'd like to ask", "i'd like to see", "i'd like * information", "i'd like * cop%",
	"i wish to request", "i wish to know", "i wish to obtain", "i wish to see",
	"i wish to receive", "to request information", "to request the following",
	"to request cop%", "to request a cop%", "i request", "i hereby request", "i am requesting",
	"i'm requesting", "i am asking", "i am seeking", "i'm seeking", "i want to know",
	"i want to see", "i need to know", "i require", "we request", "we would like",
	"we are requesting", "request for information", "requesting information",
	"request for disclosure", "information request", "make a request", "making a request",
	"be grateful if you", "be grateful for", "appreciate it if you could",
	"the following information", "the following questions", "a copy of", "copies of",
	"i should like", "asking you to provide", "request the following", "request access to",
	"rhowch", "anfonwch", "darparwch", "a allwch", "allwch chi", "a wnewch", "hoffwn wybod",
	"hoffwn gael", "hoffwn ofyn", "hoffwn wneud cais", "hoffem wybod", "gofyn am wybodaeth",
	"cais am wybodaeth", "yn gofyn am", "dywedwch wrth%", "copi o", "copiau o",
	"a fyddech cystal", "a fyddech chi", NULL };

/* Sentences that sound like demands and ask for no information. */
static const char *const no_demands[] = { "confirm receipt", "acknowledge receipt",
	"confirm that you have received", "let me know if you need", "let me know if you have any",
	"let me know if you require", "let us know if you", "do not hesitate", "request has been",
	"your request", "have a * day", "i hope you", "please note", "unsubscribe", NULL };

static const char *const pleasantries[] = { "how are you", "are you well", "you are well",
	"how are things", "hope * well", "know what i mean", "confirm receipt",
	"acknowledge receipt", "sut mae", NULL };

static const char *const advertising[] = { "seo", "search engine%", "backlink%", "guest post%",
	"your website", "increase your", "boost your", "grow your business", "special offer%",
	"limited time", "free trial", "book a demo", "schedule a * call", "schedule a demo",
	"quick call", "would you be interested", "are you interested in", "you may be interested",
	"we are a leading", "leading provider", "our products and services", "our range of",
	"competitive prices", "price list", "casino", "crypto%", "bitcoin%", "lottery",
	"inheritance", "next of kin", "million dollars", "business proposal",
	"investment opportunit%", "unsubscribe", "click here", "webinar%", "discount%", "act now",
	"limited offer", NULL };

static const char *const own_data[] = { "subject access", "subject access request", "sar", "dsar",
	"data subject", "my personal data", "my own data", "my personal information",
	"information you hold about me", "information you hold on me", "data you hold about me",
	"data you hold on me", "information held about me", "data held about me",
	"information held on me", "data held on me", "information about myself",
	"records you hold about me", "everything you hold on me", "everything you hold about me",
	"article 15", "my police record", "my medical records", "my own records",
	"cais gwrthrych am wybodaeth", "cais gwrthrych am weld", "fy nata personol",
	"gwybodaeth amdanaf", NULL };

/* Numbers asked about such requests are FOI: "how many subject access requests did you get". */
static const char *const not_own_data[] = { "how many", "number of", "subject access requests",
	"dsars", "sars", "policy", "policies", "procedure%", "statistics", "sut mae eich", "sawl",
	"not a subject access", "publish my", "publishing my", "redact%", "withhold my", NULL };

static const char *const reminders[] = { "any update", "an update", "update on", "any progress",
	"any news", "when can i expect", "when should i expect", "when will i", "when will you",
	"have you had a chance", "have you received my", "did you receive my", "chasing",
	"following up", "follow up on", "a reminder", "the status of", "looking forward to",
	"confirm receipt", "acknowledge receipt", "still waiting", "how long", "oes diweddariad",
	"yn dal i aros", "pryd y gallaf", NULL };

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

static const char *const new_plainly[] = { "new request", "new foi", "new freedom of information",
	"new eir", "fresh request", "further request", "further foi", "another request",
	"another foi", "second request", "separate request", "separate foi", "additional request",
	"additional foi", "following new", "cais newydd", "cais pellach", "cais arall", NULL };

static const char *const new_besides[] = { "also * like to request", "also * like to know",
	"also * like to ask", "also * like to receive", "also * like to see", "also request",
	"also requesting", "also asking", "please also provide", "please also send",
	"please also tell", "please also supply", "also please provide", "also please send",
	"also please tell", "could you also", "can you also", "also how many", "also how much",
	"in addition please", "in addition i", "separately please", "separately i", "hoffwn hefyd",
	"hefyd hoffwn", NULL };

/* What belongs to the old request though it says "new" or "also". */
static const char *const not_new[] = { "not a new", "not a fresh", "rather than a new",
	"instead of a new", "submit a new", "need to make a new", "have to make a new",
	"treat * as a new", "should i make", "i requested", "i asked for", "i had requested",
	"originally requested", "originally asked", "i already", "explain", "why",
	"confirm receipt", "acknowledge", "internal review", "review of", "adolygiad", "complain%",
	NULL };

static const char *const under_the_law[] = { "under the freedom of information act",
	"under the foi act", "under foi", "under the foia", "under foia",
	"under the environmental information regulations", "under the eir", "under eir",
	"under foisa", "under the freedom of information (scotland) act", "o dan y ddeddf rhyddid%",
	NULL };

static const char *const eir_names[] = { "environmental information regulation%", "eir", "eirs",
	"environmental information (scotland) regulation%", "gwybodaeth amgylcheddol", NULL };

static const char *const foi_names[] = { "freedom of information", "foi", "foia",
	"rhyddid gwybodaeth", NULL };

static const char *const foisa_names[] = { "foisa", "freedom of information (scotland)", NULL };

static const char *const nothing[] = { NULL };

/* Endings of documents in which a request may stand; logos and cards are none. */
static const char *const document_endings[] = { ".pdf", ".doc", ".docx", ".odt", ".rtf", ".txt",
	".pages", ".dot", ".docm", ".xls", ".xlsx", ".tif", ".tiff" };

static const char *const document_types[] = { "application/pdf", "application/msword",
	"application/rtf", "text/rtf", "application/vnd.oasis.opendocument.text",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "image/tiff" };

static const char *const see_attached[] = { "see attached", "see the attached", "find attached",
	"see * attachment", "attached request", "attached letter", "find enclosed", "attached",
	"atodiad", "ynghlwm", "atodedig", NULL };

/* In a reply the subject is somebody else's. */
static struct triage_span find_in_both(
	const struct triage_view *v, const char *const *patterns, const char *const *exceptions)
{
	struct triage_span span = { NULL, 0 };

	if (!v->is_reply)
		span = triage_words_unless(v->subject, patterns, exceptions);
	return span.at ? span : triage_words_unless(v->words, patterns, exceptions);
}

struct triage_span triage_plain_request(const struct triage_view *v)
{
	struct triage_span span = find_in_both(v, law_names, in_reference);

	return span.at ? span : find_in_both(v, demands, no_demands);
}

struct triage_span triage_sign_of_request(const struct triage_view *v)
{
	struct triage_span span = triage_plain_request(v);

	return span.at ? span : triage_words_question(v->words, pleasantries);
}

struct triage_span triage_new_request(const struct triage_view *v, bool plain)
{
	struct triage_span span = find_in_both(v, new_plainly, not_new);

	if (!span.at && plain) {
		span = triage_words_unless(v->words, under_the_law, not_new);
		/* Naming the law is one thing, asking under it another. */
		if (span.at && !triage_words_unless(v->words, demands, not_new).at)
			span.at = NULL;
	} else if (!span.at) {
		span = triage_words_unless(v->words, new_besides, not_new);
	}
	return span;
}

static bool is_document(const struct letter_attachment *a)
{
	for (size_t i = 0; i < sizeof document_endings / sizeof document_endings[0]; i++)
		if (text_has_suffix_ci(a->name, document_endings[i]))
			return true;
	for (size_t i = 0; i < sizeof document_types / sizeof document_types[0]; i++)
		if (text_is_equal_ci(a->type, document_types[i]))
			return true;
	return false;
}

bool triage_is_attachment_only(const struct triage_view *v)
{
	size_t n = strlen(v->words);
	bool has_document = false;

	for (size_t i = 0; i < v->l->n_attachments; i++)
		has_document = has_document || is_document(&v->l->attachments[i]);
	return has_document && (n < 20 || (n < 300 && triage_words_any(v->words, see_attached).at));
}

bool triage_is_thanks(const struct triage_view *v)
{
	return strlen(v->words) < 300 && v->l->n_attachments == 0 &&
	       triage_words_any(v->words, thanks).at != NULL &&
	       !triage_words_any(v->words, not_only_thanks).at &&
	       !triage_words_unless(v->words, demands, no_demands).at &&
	       !triage_words_question(v->words, pleasantries).at;
}

bool triage_is_reminder(const struct triage_view *v)
{
	return strlen(v->words) < 800 && triage_words_any(v->words, reminders).at != NULL;
}

struct triage_span triage_asks_beside_reminder(const struct triage_view *v)
{
	struct triage_span span = triage_words_unless(v->words, new_besides, asked_already);

	return span.at ? span : triage_words_unless(v->words, facts, asked_already);
}

bool triage_is_advertisement(const struct triage_view *v)
{
	return triage_words_any(v->words, advertising).at != NULL &&
	       !triage_words_any(v->words, law_names).at &&
	       !triage_words_any(v->subject, law_names).at;
}

bool triage_is_subject_access(const struct triage_view *v, struct triage_span *ret)
{
	*ret = find_in_both(v, own_data, not_own_data);
	return ret->at != NULL;
}

/* The mailbox's regime, unless the mail names the other law of England, Wales and Northern Ireland
 * alone. FOISA is a matter of where the authority is, not of what the writer calls it. */
enum statute_regime triage_regime_of(const struct triage_view *v, struct triage_verdict *ret)
{
	struct triage_span eir = find_in_both(v, eir_names, nothing);
	struct triage_span foi = find_in_both(v, foi_names, nothing);
	struct triage_span foisa = find_in_both(v, foisa_names, nothing);

	if (foisa.at && v->p->regime != STATUTE_FOISA)
		triage_add_words(ret, "regime", "It names the Scottish Act, not ours", foisa);
	if (eir.at && v->p->regime == STATUTE_FOISA)
		triage_add_words(ret, "regime", "It names the environmental regulations", eir);
	if (v->p->regime == STATUTE_FOISA)
		return STATUTE_FOISA;
	if (eir.at && !foi.at) {
		triage_add_words(ret, "regime", "It names the environmental regulations", eir);
		return STATUTE_EIR;
	}
	return foi.at && !eir.at ? STATUTE_FOIA : v->p->regime;
}

/* ---- j ----------------------------------------------------------------------------------------- */

static bool open_request(struct triage_view *v, struct triage_verdict *ret)
{
	ret->fate = FATE_REQUEST;
	ret->opens[0] = CASE_REQUEST;
	ret->n_opens = 1;
	ret->clock = true;
	ret->acknowledge = v->p->acknowledge;
	ret->regime = triage_regime_of(v, ret);
	return true;
}

static void look_for_own_data(const struct triage_view *v, struct triage_verdict *ret)
{
	struct triage_span span;

	ret->is_subject_access = triage_is_subject_access(v, &span);
	if (ret->is_subject_access)
		triage_add_words(ret, "subject-access", "It asks for the writer's own data", span);
}

bool triage_ask_request(struct triage_view *v, struct triage_verdict *ret)
{
	struct triage_span sign = triage_sign_of_request(v);

	look_for_own_data(v, ret);
	if (triage_is_advertisement(v) && !v->keys->platform_address[0] && !v->form) {
		triage_add_reason(ret, "advertisement", "It reads like an advertisement.");
		return triage_ask_person(ret);
	}
	if (v->is_forward)
		triage_add_reason(ret, "forwarded",
			"The writer added no words of his own; the mail passed on was judged.");
	if (sign.at)
		triage_add_words(ret, "asks", "It asks for something", sign);
	if (sign.at || v->form || v->keys->platform_address[0] || ret->is_subject_access)
		return open_request(v, ret);
	if (triage_is_attachment_only(v)) {
		triage_add_reason(ret, "attachment-only",
			"The mail itself says nothing, so the request must be in its attachment.");
		return open_request(v, ret);
	}
	triage_add_reason(ret, "no-sign",
		"Nothing in it asks for information. A person must look; the clock runs until "
		"then.");
	return triage_ask_person(ret);
}
