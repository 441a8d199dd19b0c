/* triage_form.c - mail of the authority's own web forms, which is really the requester's.
 *
 * Security: such a mail is automatic and from our own domain, so anyone may try to look like it.
 * Where the configuration names a server, its Authentication-Results must pass for the form's
 * domain. The requester named in it is somebody whom the sender chose: one acknowledgement goes
 * there, with nothing of the sender's in it. */
/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "domain/triage_view.h"

enum {
	ADDRESS_MAX = 254, /* RFC 5321 s.4.5.3.1.3 */
};

/* Value of the first line "FIELD value"; a value may stand alone on the next line. NULL: none. */
static const char *find_field(const char *text, const char *field, size_t *ret_n)
{
	for (const char *s = text; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		const char *value;

		s += strspn(s, " \t>*\n");
		if (!text_has_prefix_ci(s, field))
			continue;
		value = s + strlen(field);
		value += strspn(value, " \t:*");
		if (*value == '\n')
			value += strspn(value, " \t\r\n");
		*ret_n = strcspn(value, "\r\n");
		return value;
	}
	return NULL;
}

/* A plain addr-spec: what else stands in a form's field is not written to. */
static bool is_address(const char *s, size_t n)
{
	const char *at = memchr(s, '@', n);

	if (!at || at == s || n > ADDRESS_MAX || n - (size_t) (at - s) < 4)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char) s[i] <= ' ' || strchr("<>()[]\\,;:\"'\x7F", s[i]) ||
			(s[i] == '@' && s + i != at))
			return false;
	return memchr(at, '.', n - (size_t) (at - s)) != NULL;
}

/* Bytes of @value without the link to itself that HTML puts behind an address. */
static size_t without_link(const char *value, size_t n)
{
	static const char link[] = "<mailto:";
	size_t m = strcspn(value, " <\r\n");
	const char *at = value + m + strspn(value + m, " ");

	if (m == 0 || !text_has_prefix_ci(at, link))
		return n;
	at += strlen(link);
	return strncasecmp(at, value, m) == 0 && at[m] == '>' ? m : n;
}

static void take_requester(const struct triage_view *v, struct triage_verdict *ret)
{
	const struct triage_form *form = v->form;
	size_t n = 0;
	const char *value =
		form->email_field[0] ? find_field(v->l->text, form->email_field, &n) : NULL;

	ret->requester[0] = '\0';
	ret->requester_name[0] = '\0';
	if (!form->email_field[0] && v->l->n_reply_to == 1) {
		value = v->l->reply_to[0].mailbox;
		n = strlen(value);
	}
	n = value ? without_link(value, n) : 0;
	if (value && is_address(value, n))
		triage_copy(ret->requester, sizeof ret->requester, value, n);
	value = form->name_field[0] ? find_field(v->l->text, form->name_field, &n) : NULL;
	if (!form->name_field[0] && v->l->n_reply_to == 1) {
		value = v->l->reply_to[0].name;
		n = strlen(value);
	}
	if (value)
		triage_copy(ret->requester_name, sizeof ret->requester_name, value, n);
}

static const struct triage_form *find_form(const struct triage_view *v)
{
	for (size_t i = 0; i < v->p->n_forms; i++)
		if (v->sender[0] && text_is_equal_ci(v->p->forms[i].from, v->sender))
			return &v->p->forms[i];
	return NULL;
}

bool triage_ask_form(struct triage_view *v, struct triage_verdict *ret)
{
	const struct triage_form *form = find_form(v);
	const char *at = strrchr(v->sender, '@');
	const char *text = NULL;
	size_t n;

	if (!form)
		return false;
	if (form->authserv_id[0] &&
		!triage_is_authenticated(v->l, form->authserv_id, at ? at + 1 : "")) {
		triage_add_reason(ret, "web-form-unproved",
			"It has the sender of a web form, but the mail server does not confirm "
			"it.");
		return triage_ask_person(ret);
	}
	v->form = form;
	take_requester(v, ret);
	triage_add_reason(ret, "web-form", "It comes from a web form of this authority.");
	if (!ret->requester[0]) {
		triage_add_reason(ret, "web-form-no-sender",
			"The form names no usable e-mail address of the person who asks.");
		return triage_ask_person(ret);
	}
	if (form->text_field[0])
		text = find_field(v->l->text, form->text_field, &n);
	v->text = text ? text : v->l->text;
	triage_words_fold(v->text, v->words, sizeof v->words);
	return false;
}
