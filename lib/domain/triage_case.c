/* triage_case.c - whose case a mail belongs to, and what it wants there.
 *
 * The keys in the order of their strength: our token, the one address a request on a public
 * platform, a reference in the subject from somebody who is on that case. A reference in the text
 * is a hint: it names the parent of a review and nothing more.
 *
 * Security: a right reference from a stranger changes no case; it goes to a person with a clock of
 * its own. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "domain/triage_view.h"

/* ---- whose ------------------------------------------------------------------------------------- */

static bool find_by_token(const struct triage_view *v, struct triage_verdict *ret)
{
	/* With another sender our Message-ID itself is a mail of ours that somebody passed on. */
	const struct triage_case *found =
		v->facts->thread.id != 0 ? &v->facts->thread : &v->facts->own;

	if (found->id == 0)
		return false;
	ret->about = *found;
	triage_add_reason(ret, "thread", "It answers a mail of ours about %s.", found->reference);
	if (!found->has_sender)
		triage_add_reason(ret, "other-sender",
			"The sender has our mail, but is not a correspondent of that case yet.");
	return true;
}

static bool find_by_platform(const struct triage_view *v, struct triage_verdict *ret)
{
	if (v->facts->platform.id == 0)
		return false;
	ret->about = v->facts->platform;
	ret->about.has_sender = true; /* the address is the case's */
	triage_add_reason(ret, "platform-address",
		"It comes from the platform's own address for the request that is %s.",
		ret->about.reference);
	return true;
}

static bool find_by_subject(const struct triage_view *v, struct triage_verdict *ret)
{
	for (size_t i = 0; i < v->keys->n_references; i++) {
		const struct triage_case *c = &v->facts->references[i];

		if (!v->keys->references[i].in_subject || c->id == 0 || !c->has_sender)
			continue;
		ret->about = *c;
		triage_add_reason(ret, "reference",
			"It names %s in its subject, and the sender is on that case.",
			c->reference);
		return true;
	}
	return false;
}

/* Two cases in one mail: the officer is told of the one that it was not filed under. */
static void note_others(const struct triage_view *v, struct triage_verdict *ret)
{
	for (size_t i = 0; i < v->keys->n_references; i++) {
		const struct triage_case *c = &v->facts->references[i];

		if ((c->id != 0 && c->id == ret->about.id) ||
			!(v->keys->references[i].in_subject || v->keys->references[i].in_new_text))
			continue;
		if (c->id == 0)
			triage_add_reason(ret, "reference-unknown",
				"It also names %s, a reference of ours that is in no case.",
				v->keys->references[i].reference);
		else
			triage_add_reason(ret, "several-cases", "It also names %s.", c->reference);
	}
}

static bool find_case(const struct triage_view *v, struct triage_verdict *ret)
{
	if (!find_by_token(v, ret) && !find_by_platform(v, ret) && !find_by_subject(v, ret))
		return false;
	note_others(v, ret);
	return true;
}

/* ---- what -------------------------------------------------------------------------------------- */

/* A review falls under the law of what is reviewed, whatever the demand for it names. There is none
 * under subject access: such a case gets the clock of the request that it was taken for. */
static enum statute_regime review_regime(const struct triage_view *v, struct triage_verdict *ret)
{
	const struct triage_case *about = &ret->about;

	if (about->id <= 0 || !about->has_regime || about->regime == STATUTE_SAR)
		return triage_regime_of(v, ret);
	if (about->regime != v->p->regime)
		triage_add_reason(ret, "regime", "What is to be reviewed falls under the %s.",
			statute_of(about->regime)->short_name);
	return about->regime;
}

static bool open_review(
	const struct triage_view *v, struct triage_span sign, struct triage_verdict *ret)
{
	struct triage_span request = triage_new_request(v, false);

	triage_add_words(ret, "asks-for-review", "The writer wants it looked at again", sign);
	ret->fate = FATE_REVIEW;
	ret->opens[ret->n_opens++] = CASE_REVIEW;
	ret->clock = true;
	ret->acknowledge = v->p->acknowledge;
	ret->regime = review_regime(v, ret);
	if (request.at) {
		triage_add_words(ret, "new-request", "It makes a new request too", request);
		ret->opens[ret->n_opens++] = CASE_REQUEST;
	}
	return true;
}

static bool open_new_request(
	const struct triage_view *v, struct triage_span sign, struct triage_verdict *ret)
{
	triage_add_words(ret, "new-request", "It makes a new request", sign);
	ret->fate = FATE_REQUEST;
	ret->opens[ret->n_opens++] = CASE_REQUEST;
	ret->clock = true;
	ret->acknowledge = v->p->acknowledge;
	ret->regime = triage_regime_of(v, ret);
	return true;
}

static bool file_without_clock(struct triage_verdict *ret)
{
	ret->fate = FATE_CORRESPONDENCE;
	ret->clock = false;
	ret->acknowledge = ACKNOWLEDGE_NO;
	return true;
}

static bool file_on_open_case(const struct triage_view *v, struct triage_verdict *ret)
{
	struct triage_span sign = triage_sign_of_request(v);

	if (triage_attached_words(v) != ATTACHMENT_OTHER) {
		triage_add_reason(ret, "attachment-only",
			"What the writer wants can only be in the attachment: a person must open "
			"it.");
		(void) file_without_clock(ret); /* true, as this is */
		ret->clock = true;
		return true;
	}
	(void) file_without_clock(ret); /* true, as this is */
	if (triage_is_reminder(v)) {
		triage_add_reason(ret, "reminder", "The writer asks how the case is getting on.");
		sign = triage_asks_beside_reminder(v);
	} else {
		triage_add_reason(ret, "on-open-case", "The case is open: it is filed there.");
	}
	if (sign.at) {
		triage_add_words(ret, "added-questions",
			"It may add questions, which have a date of their own", sign);
		ret->clock = true;
	}
	return true;
}

static bool ask_about_closed(struct triage_verdict *ret)
{
	triage_add_reason(ret, "on-closed-case",
		"The case is answered or closed, and this is plainly neither thanks, nor a review, "
		"nor a new request.");
	return triage_ask_person(ret);
}

/* All its words are quoted: they may be ours, so they thank for nothing and demand nothing. Answers
 * may stand within the quote, though, so a person looks. */
static bool judge_without_words(const struct triage_view *v, struct triage_verdict *ret)
{
	triage_add_reason(ret, "nothing-new",
		"The writer added no words to what is quoted; a person must look for answers "
		"within it.");
	if (!ret->about.is_open)
		return ask_about_closed(ret);
	(void) file_on_open_case(v, ret); /* true, as this is */
	ret->clock = true;
	return true;
}

static bool is_in_subject(const struct triage_view *v, struct triage_span span)
{
	return span.at >= v->subject && span.at < v->subject + sizeof v->subject;
}

static bool judge_on_case(const struct triage_view *v, struct triage_verdict *ret)
{
	struct triage_span review = triage_demand_for_review(v, true);
	struct triage_span request = triage_new_request(v, true);

	if (v->is_forward && !is_in_subject(v, review) && !is_in_subject(v, request))
		return judge_without_words(v, ret);
	if (review.at && ret->about.kind == CASE_REVIEW) {
		triage_add_words(ret, "review-of-review",
			"The case is a review already; the next step is the regulator", review);
		return triage_ask_person(ret);
	}
	if (review.at)
		return open_review(v, review, ret);
	if (request.at)
		return open_new_request(v, request, ret);
	if (triage_is_thanks(v)) {
		triage_add_reason(ret, "thanks", "It only says thanks.");
		return file_without_clock(ret);
	}
	if (ret->about.is_open)
		return file_on_open_case(v, ret);
	return ask_about_closed(ret);
}

/* ---- no case of the sender's ------------------------------------------------------------------- */

/* Somebody else's case, or a reference that is in no case, in the subject or in fresh words. */
static bool ask_about_reference(
	const struct triage_view *v, bool is_review, struct triage_verdict *ret)
{
	for (size_t i = 0; i < v->keys->n_references; i++) {
		const struct matching_reference *key = &v->keys->references[i];
		const struct triage_case *c = &v->facts->references[i];

		if (!key->in_subject && !key->in_new_text)
			continue;
		if (c->id == 0) {
			triage_add_reason(ret, "reference-unknown",
				"It names %s, a reference of ours that is in no case: mistyped, or "
				"from before.",
				key->reference);
			return triage_ask_person(ret);
		}
		if (!c->has_sender && (key->in_subject || is_review)) {
			triage_add_reason(ret, "reference-stranger",
				"It names %s, but the sender is not on that case, which stays as "
				"it "
				"is.",
				key->reference);
			return triage_ask_person(ret);
		}
	}
	return false;
}

bool triage_ask_case(struct triage_view *v, struct triage_verdict *ret)
{
	struct triage_span review;

	if (find_case(v, ret)) {
		(void) judge_on_case(v, ret); /* always decides */
		if (!ret->about.has_sender && ret->acknowledge == ACKNOWLEDGE_SEND)
			ret->acknowledge = ACKNOWLEDGE_HOLD;
		return true;
	}
	review = triage_demand_for_review(v, false);
	if (ask_about_reference(v, review.at != NULL, ret))
		return true;
	if (v->keys->platform_address[0] && v->is_reply) {
		triage_add_reason(ret, "platform-unknown",
			"It follows up something on a public platform that is not known here.");
		return triage_ask_person(ret);
	}
	/* "Re:" with nothing but our letter in it is no request, but who knows what it answers. */
	if (v->is_forward && v->is_reply && !v->form) {
		triage_add_reason(ret, "nothing-new",
			"It answers a mail that is not known here and adds no words to what is "
			"quoted.");
		return triage_ask_person(ret);
	}
	return false;
}

/* The parent of a review that is named in its text only, by somebody who is on that case. */
static void find_parent_in_text(const struct triage_view *v, struct triage_verdict *ret)
{
	for (size_t i = 0; ret->about.id == 0 && i < v->keys->n_references; i++) {
		const struct triage_case *c = &v->facts->references[i];

		if (c->id == 0 || !c->has_sender)
			continue;
		ret->about = *c;
		triage_add_reason(ret, "reference-in-text",
			"It names %s in its text, and the sender is on that case.", c->reference);
	}
}

bool triage_ask_review(struct triage_view *v, struct triage_verdict *ret)
{
	struct triage_span review = triage_demand_for_review(v, false);

	if (!review.at)
		return false;
	if (v->is_forward) {
		triage_add_reason(ret, "forwarded", "The writer added no words of his own.");
		triage_add_words(
			ret, "asks-for-review", "The mail passed on wants a review", review);
		return triage_ask_person(ret);
	}
	find_parent_in_text(v, ret);
	if (ret->about.id == 0)
		triage_add_reason(ret, "no-parent",
			"What is to be reviewed is not known: an officer must link it.");
	return open_review(v, review, ret);
}
