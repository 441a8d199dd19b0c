/* triage.c - decide what an incoming mail is, in the order of the design's section 5.
 *
 * triage_judge() asks a table of questions one after the other until one has decided. Each starts
 * from the safe answer: a person must look, the clock runs, nobody is answered. */
/* SPDX-License-Identifier: MIT */
#include "domain/triage.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "domain/triage_view.h"

enum {
	EVIDENCE_WORDS_MAX = 80,
	TAG_MAX = 40, /* bytes of "[EXTERNAL]" in a subject */
};

/* ---- verdict ----------------------------------------------------------------------------------- */

/* Cuts half a character at the end of @s. */
static void trim_to_character(char *s)
{
	size_t n = strlen(s);
	size_t k = n;

	while (k > 0 && ((unsigned char) s[k - 1] & 0xC0) == 0x80)
		k--;
	if (k > 0 && !text_is_utf8(s + k - 1, n - k + 1))
		s[k - 1] = '\0';
}

void triage_copy(char *ret, size_t room, const char *text, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n && text[i] && k + 1 < room; i++) {
		unsigned char c = (unsigned char) text[i];

		ret[k++] = c < 0x20 || c == 0x7F ? ' ' : text[i];
	}
	ret[k] = '\0';
	trim_to_character(ret);
}

/* "%.40s" may cut within a character; one byte that is no UTF-8 would cost the whole reason where it
 * becomes JSON. */
static void drop_halves(char *s)
{
	size_t k = 0;

	for (const char *at = s; *at;) {
		size_t n = 1;

		while (n < 4 && !text_is_utf8(at, n))
			n++;
		if (!text_is_utf8(at, n)) {
			at++;
			continue;
		}
		memmove(s + k, at, n);
		k += n;
		at += n;
	}
	s[k] = '\0';
}

void triage_add_reason(struct triage_verdict *ret, const char *rule, const char *format, ...)
{
	struct triage_reason *reason;
	va_list list;

	if (ret->n_reasons == TRIAGE_REASONS_MAX)
		return;
	reason = &ret->reasons[ret->n_reasons++];
	reason->rule = rule;
	va_start(list, format);
	(void) vsnprintf(reason->evidence, sizeof reason->evidence, format, list);
	va_end(list);
	drop_halves(reason->evidence);
}

bool triage_has_reason(const struct triage_verdict *v, const char *rule)
{
	for (size_t i = 0; i < v->n_reasons; i++)
		if (strcmp(v->reasons[i].rule, rule) == 0)
			return true;
	return false;
}

void triage_add_words(
	struct triage_verdict *ret, const char *rule, const char *what, struct triage_span span)
{
	char words[EVIDENCE_WORDS_MAX];
	size_t n = triage_words_rest(span);

	triage_copy(words, sizeof words, span.at, n);
	triage_add_reason(ret, rule, "%s: \"%s%s\"", what, words, n >= sizeof words ? "..." : "");
}

bool triage_ask_person(struct triage_verdict *ret)
{
	ret->fate = FATE_TRIAGE;
	ret->n_opens = 0;
	ret->clock = true;
	ret->acknowledge = ACKNOWLEDGE_NO;
	return true;
}

/* ---- view -------------------------------------------------------------------------------------- */

/* Of Outlook in the languages of Europe, folded. */
static const char *const reply_prefixes[] = { "re:", "re :", "aw:", "sv:", "vs:", "antw:", "ateb:",
	"rv:", "res:", "odp:", "ynt:", "va:", "ats:", "atb:", "απ:", "ΑΠ:", "отг:", "Отг:" };
static const char *const forward_prefixes[] = {
	"fw:", "fwd:", "wg:", "tr:", "vb:", "vl:", "doorst:", "enc:", "pd:", "i'w anfon ymlaen:"
};

static size_t prefix_length(const char *s, const char *const *prefixes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_has_prefix_ci(s, prefixes[i]))
			return strlen(prefixes[i]);
	return 0;
}

#define PREFIX_LENGTH(s, prefixes)                                                                 \
	prefix_length(s, prefixes, sizeof(prefixes) / sizeof(prefixes)[0])

/* Bytes of a gateway's "[EXTERNAL] " at @s; 0: there is none. */
static size_t tag_length(const char *s)
{
	size_t n = *s == '[' ? strcspn(s, "]") : 0;

	if (n == 0 || n > TAG_MAX || s[n] != ']')
		return 0;
	return n + 1 + strspn(s + n + 1, " ");
}

static void look_at_subject(struct triage_view *v)
{
	const char *s;

	triage_words_fold(v->l->subject, v->subject, sizeof v->subject);
	s = v->subject + tag_length(v->subject);
	/* A tag is the gateway's only before "Re:", else it may be the writer's. */
	if (!PREFIX_LENGTH(s, reply_prefixes) && !PREFIX_LENGTH(s, forward_prefixes))
		s = v->subject;
	for (;;) {
		size_t reply = PREFIX_LENGTH(s, reply_prefixes);
		size_t forward = PREFIX_LENGTH(s, forward_prefixes);

		if (!reply && !forward)
			break;
		v->is_reply = v->is_reply || reply > 0;
		s += reply ? reply : forward;
		s += strspn(s, " ");
	}
	memmove(v->subject, s, strlen(s) + 1);
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

static const char *const greetings[] = { "dear", "hi", "hello", "good", "annwyl", "helo", "bore",
	"prynhawn", "to", "fao", "f.a.o.", "for" };

/* Whether the line of @n bytes at @s greets somebody: "Dear FOI Team" asks for nothing. */
static bool is_greeting(const char *s, size_t n)
{
	if (n == 0 || n > 80 || memchr(s, '?', n) || memchr(s, '.', n))
		return false;
	for (size_t i = 0; i < sizeof greetings / sizeof greetings[0]; i++) {
		size_t k = strlen(greetings[i]);

		if (k < n && text_has_prefix_ci(s, greetings[i]) && !isalnum((unsigned char) s[k]))
			return true;
	}
	return false;
}

/* @text behind its greeting. One that shares its line with the letter ends at its comma. */
static const char *behind_greeting(const char *text)
{
	size_t line;
	size_t n;

	text += strspn(text, " \t\r\n");
	line = strcspn(text, "\n");
	n = strcspn(text, ",\n");
	return is_greeting(text, n) && (n < line || line <= 60) ? text + n : text;
}

static void look(struct triage_view *v, const struct triage_policy *p, const struct letter *l,
	const struct matching_keys *keys, const struct triage_facts *facts)
{
	v->p = p;
	v->l = l;
	v->keys = keys;
	v->facts = facts;
	v->sender = letter_sender(l);
	v->form = NULL;
	v->is_reply = false;
	v->is_forward = is_blank(l->new_text) && !is_blank(l->text);
	v->text = v->is_forward ? l->text : l->new_text;
	v->authentication = triage_authentication_of(l, p->authserv_id);
	look_at_subject(v);
	if (v->is_forward)
		triage_words_fold_quoted(v->text, v->words, sizeof v->words);
	else
		triage_words_fold(behind_greeting(v->text), v->words, sizeof v->words);
}

/* ---- who is answered --------------------------------------------------------------------------- */

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : "";
}

/* Whether @address is in @domain or below it. */
static bool is_in_domain(const char *address, const char *domain)
{
	const char *own = domain_of(address);
	size_t n = strlen(own);
	size_t m = strlen(domain);

	if (m == 0 || n < m || !text_is_equal_ci(own + n - m, domain))
		return false;
	return n == m || own[n - m - 1] == '.';
}

static void name_requester(const struct letter_address *who, struct triage_verdict *ret)
{
	triage_copy(ret->requester, sizeof ret->requester, who->mailbox, strlen(who->mailbox));
	/* A cut address is somebody else's. */
	if (strlen(who->mailbox) >= sizeof ret->requester)
		ret->requester[0] = '\0';
	triage_copy(ret->requester_name, sizeof ret->requester_name, who->name, strlen(who->name));
}

/* Who asks: From, or its Reply-To in the same domain. Return: false when answers must be held. */
static bool find_requester(const struct triage_view *v, struct triage_verdict *ret)
{
	const struct letter *l = v->l;
	bool is_sure = l->n_from == 1;

	if (l->n_from == 0)
		return true;
	name_requester(&l->from[0], ret);
	if (!is_sure)
		triage_add_reason(ret, "several-senders", "The mail names %zu senders.", l->n_from);
	for (size_t i = 0; i < l->n_reply_to; i++) {
		if (is_in_domain(l->reply_to[i].mailbox, domain_of(v->sender)))
			continue;
		is_sure = false;
		triage_add_reason(ret, "reply-to-elsewhere",
			"Answers would go to %.60s, another domain than the sender's.",
			domain_of(l->reply_to[i].mailbox));
		return is_sure;
	}
	if (l->n_reply_to > 0) {
		char name[TRIAGE_NAME_MAX];

		memcpy(name, ret->requester_name, sizeof name);
		name_requester(&l->reply_to[0], ret);
		if (!ret->requester_name[0])
			memcpy(ret->requester_name, name, sizeof name);
	}
	return is_sure;
}

static enum acknowledge lower(enum acknowledge a, enum acknowledge b)
{
	return a < b ? a : b;
}

/* What the verdict may still lose of its answer, whatever the questions said. */
static void check_answer(const struct triage_view *v, bool is_sure, struct triage_verdict *ret)
{
	ret->acknowledge = lower(ret->acknowledge, v->p->acknowledge);
	if (!is_sure || ret->is_suspect)
		ret->acknowledge = lower(ret->acknowledge, ACKNOWLEDGE_HOLD);
	if (ret->acknowledge == ACKNOWLEDGE_NO)
		return;
	if (!ret->requester[0] || !strchr(ret->requester, '@')) {
		triage_add_reason(ret, "no-address", "There is no address to answer to.");
		ret->acknowledge = ACKNOWLEDGE_NO;
	} else if (triage_is_unread_address(ret->requester)) {
		triage_add_reason(ret, "unread-address",
			"The sender's address is one that nobody reads, so no answer is sent.");
		ret->acknowledge = ACKNOWLEDGE_NO;
	}
	if (!ret->requester_name[0])
		triage_add_reason(ret, "no-name", "The sender gives no name; the Act wants one.");
}

/* ---- the order of the questions ---------------------------------------------------------------- */

static bool (*const questions[])(struct triage_view *v, struct triage_verdict *ret) = {
	triage_ask_own,	      /* a */
	triage_ask_seen,      /* f: before all that asks a person, or a copy would ask again */
	triage_ask_delivery,  /* b */
	triage_ask_form,      /* c */
	triage_ask_sender,    /* d */
	triage_ask_automatic, /* e */
	triage_ask_standing,  /* g: may it touch a case at all? i: the server's verdict */
	triage_ask_readable, triage_ask_case, /* g, h */
	triage_ask_review,		      /* h, without a case */
	triage_ask_request,		      /* j */
};

void triage_judge(const struct triage_policy *p, const struct letter *l,
	const struct matching_keys *keys, const struct triage_facts *facts,
	struct triage_verdict *ret)
{
	struct triage_view v;
	bool is_sure;

	*ret = (struct triage_verdict){ .fate = FATE_TRIAGE, .clock = true, .regime = p->regime };
	look(&v, p, l, keys, facts);
	is_sure = find_requester(&v, ret);
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
		if (questions[i](&v, ret))
			break;
	/* A form names its requester itself; its Reply-To is part of that. */
	check_answer(&v, is_sure || v.form, ret);
	assert(ret->fate < FATE_COUNT);
}
