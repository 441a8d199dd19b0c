/* hint.c - what an officer may want to know about a mail; never a decision.
 *
 * A table says of which fates each hint is looked for, and by which finder.
 *
 * Security: the letter is a stranger's; what is quoted of it is cut and made one line. */
/* SPDX-License-Identifier: MIT */
#include "domain/hint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "domain/forwarded.h"
#include "domain/hint_internal.h"
#include "domain/hint_words.h"
#include "domain/likeness.h"
#include "domain/public_body.h"
#include "domain/real_name.h"

enum {
	QUOTE_MAX = 64,
	BODIES_MAX = 3,
	FOLDED_MAX = TRIAGE_WORDS_MAX + 1024,
};

static const char *const words[HINT_COUNT] = {
	[HINT_EIR] = "eir",
	[HINT_SUBJECT_ACCESS] = "subject-access",
	[HINT_BUSINESS_AS_USUAL] = "business-as-usual",
	[HINT_OTHER_AUTHORITY] = "other-authority",
	[HINT_OTHER_REFERENCE] = "other-reference",
	[HINT_NEAR_IDENTICAL] = "near-identical",
	[HINT_NO_REAL_NAME] = "no-real-name",
	[HINT_FORWARDED] = "forwarded",
};

const char *hint_word(enum hint_kind kind)
{
	return words[kind];
}

/* What the finders look at. */
struct view {
	const struct hint_policy *p;
	const struct letter *l;
	const struct triage_verdict *v;
	const struct hint_like *like;
	const char *text;
	const char *subject;	     /* "" where it is somebody else's */
	char folded[FOLDED_MAX];     /* subject and text */
	struct triage_starts starts; /* of that */
};

/* ---- evidence ---------------------------------------------------------------------------------- */

/* Fits: each quotation is bounded, and HINT_EVIDENCE_MAX is more than the longest sentence. */
static bool say(struct hint *ret, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool say(struct hint *ret, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	(void) vsnprintf(ret->evidence, sizeof ret->evidence, format, list);
	va_end(list);
	return true;
}

/* A few words of the sender's on one line, cut at a character's edge. Return: @buf. */
static const char *quote(const char *text, size_t n, char buf[static QUOTE_MAX])
{
	size_t k = n < QUOTE_MAX ? n : QUOTE_MAX - 1;

	while (k < n && k > 0 && ((unsigned char) text[k] & 0xC0) == 0x80)
		k--;
	for (size_t i = 0; i < k; i++)
		buf[i] = (unsigned char) text[i] < 0x20 || text[i] == 0x7F || text[i] == '"'
				 ? ' '
				 : text[i];
	buf[k] = '\0';
	return buf;
}

static const char *quote_span(struct triage_span span, char buf[static QUOTE_MAX])
{
	return quote(span.at, span.n, buf);
}

static struct triage_span find(const struct view *w, const struct hint_words *list)
{
	return triage_words_listed(w->folded, &w->starts, list->patterns, list->exceptions);
}

/* ---- finders: true with evidence --------------------------------------------------------------- */

static bool find_eir(const struct view *w, struct hint *ret)
{
	struct triage_span named = find(w, &hint_eir_named);
	struct triage_span about = find(w, &hint_environment);
	char buf[QUOTE_MAX];

	if (w->v->regime == STATUTE_EIR)
		return false;
	if (named.at)
		return say(ret,
			"It names the environmental regulations beside another law (\"%s\"): an "
			"officer decides which part falls under which.",
			quote_span(named, buf));
	if (!about.at)
		return false;
	return say(ret,
		"It speaks of the environment (\"%s\"): the Environmental Information Regulations "
		"may apply in place of the Act.",
		quote_span(about, buf));
}

static bool find_subject_access(const struct view *w, struct hint *ret)
{
	struct triage_span span = find(w, &hint_own_data);
	char buf[QUOTE_MAX];

	if (span.at)
		return say(ret,
			"It may ask for the writer's own data (\"%s\"): a subject access request "
			"has one month (UK GDPR art 12(3)), not twenty working days.",
			quote_span(span, buf));
	return w->v->is_subject_access &&
	       say(ret, "It may ask for the writer's own data: a subject access request has one "
			"month (UK GDPR art 12(3)), not twenty working days.");
}

static bool find_business(const struct view *w, struct hint *ret)
{
	char buf[QUOTE_MAX];

	if (triage_words_any(w->folded, hint_law_named).at)
		return false;
	for (const struct hint_words *list = hint_business; list->what; list++) {
		struct triage_span span = find(w, list);

		if (span.at)
			return say(ret,
				"It reads like business as usual, %s (\"%s\"): it may belong to "
				"another team, and can be answered outside the Act.",
				list->what, quote_span(span, buf));
	}
	return false;
}

static bool find_authority(const struct view *w, struct hint *ret)
{
	char names[BODIES_MAX][PUBLIC_BODY_MAX];
	size_t n = 0;

	if (!*w->p->authority)
		return false;
	if (*w->subject)
		n = public_body_find(w->subject, w->p->authority, names, BODIES_MAX);
	if (n == 0)
		n = public_body_find(w->text, w->p->authority, names, BODIES_MAX);
	if (n == 0)
		return false;
	return say(ret,
		"It names %s%s%s%s%s: perhaps it is meant for another authority, or for more "
		"than one.",
		names[0], n > 2 ? ", " : "", n > 2 ? names[2] : "", n > 1 ? " and " : "",
		n > 1 ? names[1] : "");
}

static bool find_reference(const struct view *w, struct hint *ret)
{
	struct triage_span span = hint_other_reference(w->p, w->l->subject);
	char buf[QUOTE_MAX];

	if (!span.at)
		span = hint_other_reference(w->p, w->text);
	if (!span.at)
		return false;
	if (strncasecmp(span.at, "IC-", 3) == 0)
		return say(ret,
			"It holds a number of the Information Commissioner's (\"%s\"): the "
			"regulator "
			"may look at a case.",
			quote_span(span, buf));
	return say(ret,
		"It holds a reference that is not in our form (\"%s\"): perhaps another "
		"authority's.",
		quote_span(span, buf));
}

static bool find_near_identical(const struct view *w, struct hint *ret)
{
	const struct hint_like *like = w->like;
	char more[64] = "";

	if (!like || !*like->reference)
		return false;
	if (like->n_more > 0)
		(void) snprintf(more, sizeof more, ", and like at least %zu more", like->n_more);
	if (like->alike == LIKENESS_HASHES)
		return say(ret, "It says the same as %s, from %s sender%s.", like->reference,
			like->is_same_sender ? "the same" : "another", more);
	return say(ret,
		"It says nearly the same as %s, from %s sender (about %u in 100 phrases)%s.",
		like->reference, like->is_same_sender ? "the same" : "another",
		like->alike * 100 / LIKENESS_HASHES, more);
}

/* A program has no name of its own; who asks through it is seen by a person. */
static bool is_of_program(const struct triage_verdict *v)
{
	return triage_has_reason(v, "automatic") || triage_has_reason(v, "delivery-foreign") ||
	       triage_has_reason(v, "unread-address");
}

static bool find_no_name(const struct view *w, struct hint *ret)
{
	const char *name = w->v->requester_name;
	const enum real_name is = real_name_of(name);
	char buf[QUOTE_MAX];

	/* The regulations ask for no name. */
	if (w->v->regime == STATUTE_EIR || hint_is_passed_on(w->v) || is_of_program(w->v) ||
		is == REAL_NAME_LIKELY || real_name_is_signed(w->text))
		return false;
	(void) quote(name, strlen(name), buf);
	switch (is) {
	case REAL_NAME_NONE:
		return say(ret,
			"Neither the sender's address nor the letter bears a name: a request "
			"states the applicant's (s.8(1)(b) of the Act).");
	case REAL_NAME_SINGLE:
		return say(ret,
			"The only name is \"%s\": a request states the applicant's real name "
			"(s.8(1)(b) of the Act).",
			buf);
	case REAL_NAME_PSEUDONYM:
		return say(ret,
			"\"%s\" does not look like a real name, which a request states (s.8(1)(b) "
			"of "
			"the Act).",
			buf);
	case REAL_NAME_ROLE:
		return say(ret,
			"\"%s\" names no person. A company or body may ask under its own name "
			"(s.8(1)(b) of the Act).",
			buf);
	case REAL_NAME_LIKELY:
		break;
	}
	return false;
}

/* The mail inside that is from outside; else the last one. Return: whether there is one. */
static bool find_original(const struct view *w, struct forwarded *ret)
{
	bool is_found = false;
	struct forwarded f;

	for (const char *at = w->l->text; (at = forwarded_next(at, &f)) != NULL;) {
		*ret = f;
		is_found = true;
		if (f.address[0] && !triage_is_ours(w->p->triage, f.address))
			break;
	}
	return is_found;
}

static bool find_forwarded(const struct view *w, struct hint *ret)
{
	const char *by = triage_has_reason(w->v, "colleague") ? "a colleague" : "a partner";
	struct forwarded f;
	char from[QUOTE_MAX];
	char date[QUOTE_MAX];

	if (!hint_is_passed_on(w->v))
		return false;
	if (find_original(w, &f))
		return say(ret,
			"It was passed on by %s. The mail inside is from \"%s\", dated \"%s\": "
			"confirm "
			"who asks and on which day the authority received it; nothing is "
			"acknowledged until then.",
			by, quote(f.from, strlen(f.from), from),
			quote(f.date, strlen(f.date), date));
	return w->l->marks.has_forward &&
	       say(ret,
		       "It was passed on by %s. Who wrote the mail inside, and when, cannot be "
		       "read: "
		       "open it, and confirm who asks and when it was received.",
		       by);
}

/* ---- which, of what ---------------------------------------------------------------------------- */

enum {
	ON_REQUEST = 1 << FATE_REQUEST,
	ON_REVIEW = 1 << FATE_REVIEW,
	ON_TRIAGE = 1 << FATE_TRIAGE,
	ON_ADDED = 1 << FATE_CORRESPONDENCE, /* with a clock: it may ask for more */
};

static const struct finder {
	unsigned fates;
	bool (*find)(const struct view *w, struct hint *ret);
} finders[HINT_COUNT] = {
	[HINT_EIR] = { ON_REQUEST | ON_TRIAGE | ON_ADDED, find_eir },
	[HINT_SUBJECT_ACCESS] = { ON_REQUEST | ON_TRIAGE | ON_ADDED, find_subject_access },
	[HINT_BUSINESS_AS_USUAL] = { ON_REQUEST | ON_TRIAGE, find_business },
	[HINT_OTHER_AUTHORITY] = { ON_REQUEST | ON_REVIEW | ON_TRIAGE, find_authority },
	[HINT_OTHER_REFERENCE] = { ON_REQUEST | ON_REVIEW | ON_TRIAGE, find_reference },
	[HINT_NEAR_IDENTICAL] = { ON_REQUEST | ON_TRIAGE, find_near_identical },
	[HINT_NO_REAL_NAME] = { ON_REQUEST | ON_REVIEW | ON_TRIAGE, find_no_name },
	[HINT_FORWARDED] = { ON_TRIAGE, find_forwarded },
};

bool hint_is_passed_on(const struct triage_verdict *v)
{
	return triage_has_reason(v, "colleague") || triage_has_reason(v, "partner");
}

bool hint_wants_like(const struct triage_verdict *v)
{
	return v->clock && (v->fate == FATE_REQUEST || v->fate == FATE_TRIAGE);
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

const char *hint_text(const struct letter *l, const struct triage_verdict *v)
{
	return is_blank(l->new_text) || hint_is_passed_on(v) ? l->text : l->new_text;
}

static void look(struct view *w)
{
	size_t n;

	w->text = hint_text(w->l, w->v);
	w->subject = text_has_prefix_ci(w->l->subject, "re:") ? "" : w->l->subject;
	triage_words_fold(w->subject, w->folded, 1024);
	n = strlen(w->folded);
	w->folded[n++] = '\n';
	triage_words_fold(w->text, w->folded + n, sizeof w->folded - n);
	triage_words_starts(w->folded, &w->starts);
}

void hint_find(const struct hint_policy *p, const struct letter *l, const struct triage_verdict *v,
	const struct hint_like *like, struct hint_list *ret)
{
	struct view w = { .p = p, .l = l, .v = v, .like = like };

	ret->n = 0;
	if (!v->clock)
		return;
	look(&w);
	for (int kind = 0; kind < HINT_COUNT; kind++) {
		struct hint *hint = &ret->hints[ret->n];

		hint->kind = (enum hint_kind) kind;
		if ((finders[kind].fates >> v->fate & 1) && finders[kind].find(&w, hint))
			ret->n++;
	}
}
