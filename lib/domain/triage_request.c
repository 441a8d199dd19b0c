/* triage_request.c - the last question: whether a mail is a request, and under which law.
 *
 * Law: FOI 2000 s.8(1): in writing, a name, an address, a description of the information; no magic
 *      words. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "domain/triage_view.h"

static const char *const advertising[] = { "seo", "search engine%", "backlink%", "guest post%",
	"your website", "increase your", "boost your", "grow your business", "special offer%",
	"limited time", "free trial", "book a demo", "schedule a * call", "schedule a demo",
	"quick call", "would you be interested", "are you interested in", "you may be interested",
	"we are a leading", "leading provider", "our products and services", "our range of",
	"competitive prices", "price list", "casino", "crypto%", "bitcoin%", "lottery",
	"inheritance", "next of kin", "million dollars", "business proposal",
	"investment opportunit%", "unsubscribe", "click here", "webinar%", "discount%", "act now",
	"limited offer", NULL };

/* What is for sale is not asked for in these words: "how much did your website cost". */
static const char *const asked_of_us[] = { "how many", "how much", "a copy of", "copies of",
	"a breakdown", "spent on", "spend on", "sawl", "faint", NULL };

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

static const char *const eir_names[] = { "environmental information regulation%", "eir", "eirs",
	"environmental information (scotland) regulation%", "gwybodaeth amgylcheddol", NULL };

static const char *const foi_names[] = { "freedom of information", "foi", "foia",
	"rhyddid gwybodaeth", NULL };

static const char *const foisa_names[] = { "foisa", "freedom of information (scotland)", NULL };

static const char *const nothing[] = { NULL };

/* Papers that people send and that ask for no information. */
static const char *const other_papers[] = { "invoice%", "remittance", "purchase order%",
	"statement of account%", "quotation%", "curriculum vitae", "my cv", "anfoneb%", NULL };

static const char *const see_attached[] = { "see attached", "see the attached", "find attached",
	"see * attachment", "attached request", "attached letter", "find enclosed", "see enclosed",
	"enclosed", "attached", "attachment%", "atodiad", "ynghlwm", "atodedig", "amgaeedig",
	"amgaeaf", NULL };

/* What is attached of the kind that says most; a document says more than a picture. */
static enum attachment_kind best_attachment(const struct letter *l)
{
	enum attachment_kind best = ATTACHMENT_OTHER;

	for (size_t i = 0; i < l->n_attachments && best != ATTACHMENT_DOCUMENT; i++) {
		const struct letter_attachment *a = &l->attachments[i];
		enum attachment_kind kind = attachment_kind_of(a->name, a->type, a->bytes);

		if (kind != ATTACHMENT_OTHER)
			best = kind;
	}
	return best;
}

enum attachment_kind triage_attached_words(const struct triage_view *v)
{
	size_t n = v->is_forward ? 0 : strlen(v->words);

	if (triage_words_any(v->words, other_papers).at ||
		triage_words_any(v->subject, other_papers).at)
		return ATTACHMENT_OTHER;
	return n < 20 || (n < 300 && triage_words_any(v->words, see_attached).at)
		       ? best_attachment(v->l)
		       : ATTACHMENT_OTHER;
}

bool triage_is_advertisement(const struct triage_view *v)
{
	return triage_words_any(v->words, advertising).at != NULL &&
	       !triage_words_any(v->words, asked_of_us).at && !triage_names_law(v->words) &&
	       !triage_names_law(v->subject);
}

bool triage_is_subject_access(const struct triage_view *v, struct triage_span *ret)
{
	*ret = triage_find_in_both(v, own_data, not_own_data);
	return ret->at != NULL;
}

/* The mailbox's regime, unless the mail names the other law of England, Wales and Northern Ireland
 * alone. FOISA is a matter of where the authority is, not of what the writer calls it. */
enum statute_regime triage_regime_of(const struct triage_view *v, struct triage_verdict *ret)
{
	struct triage_span eir = triage_find_in_both(v, eir_names, nothing);
	struct triage_span foi = triage_find_in_both(v, foi_names, nothing);
	struct triage_span foisa = triage_find_in_both(v, foisa_names, nothing);

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
	if (triage_is_chaser(v) && !v->keys->platform_address[0] && !v->form) {
		triage_add_reason(ret, "reminder",
			"The writer asks how a request gets on, but it is not known which.");
		return triage_ask_person(ret);
	}
	if (v->is_forward)
		triage_add_reason(ret, "forwarded",
			"The writer added no words of his own; the mail passed on was judged.");
	if (sign.at)
		triage_add_words(ret, "asks", "It asks for something", sign);
	if (sign.at || v->form || v->keys->platform_address[0] || ret->is_subject_access)
		return open_request(v, ret);
	if (triage_attached_words(v) == ATTACHMENT_DOCUMENT) {
		triage_add_reason(ret, "attachment-only",
			"The mail itself says nothing, so the request must be in its attachment: a "
			"person must open it.");
		return open_request(v, ret);
	}
	if (triage_attached_words(v) == ATTACHMENT_PICTURE) {
		triage_add_reason(ret, "attachment-only",
			"The mail itself says nothing, and the attached picture may be a letter: a "
			"person must open it.");
		return triage_ask_person(ret);
	}
	triage_add_reason(ret, "no-sign",
		"Nothing in it asks for information. A person must look; the clock runs until "
		"then.");
	return triage_ask_person(ret);
}
