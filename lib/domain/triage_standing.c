/* triage_standing.c - who the sender is, and what the mail server thinks of the mail. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "domain/triage_view.h"

enum {
	SCL_SPAM = 5, /* Exchange: from this spam confidence level on it goes to Junk */
};

/* ---- addresses --------------------------------------------------------------------------------- */

static bool is_below(const char *domain, const char *parent)
{
	size_t n = strlen(domain);
	size_t m = strlen(parent);

	return m > 0 && n > m && domain[n - m - 1] == '.' &&
	       text_is_equal_ci(domain + n - m, parent);
}

bool triage_list_has(const struct triage_list *list, const char *address)
{
	const char *at = strrchr(address, '@');

	for (size_t i = 0; at && i < list->n; i++) {
		const char *entry = list->entries[i];
		const char *entry_at = strchr(entry, '@');

		if (text_is_equal_ci(entry, address) || text_is_equal_ci(entry, at) ||
			(!entry_at && (text_is_equal_ci(entry, at + 1) || is_below(at + 1, entry))))
			return true;
	}
	return false;
}

bool triage_is_ours(const struct triage_policy *p, const char *address)
{
	const char *own = strrchr(p->own_address, '@');
	const char *at = strrchr(address, '@');

	return (own && at && text_is_equal_ci(own, at)) || triage_list_has(&p->colleagues, address);
}

bool triage_is_our_domain(const struct triage_policy *p, const char *domain)
{
	const char *own = strrchr(p->own_address, '@');
	char address[256];

	(void) snprintf(address, sizeof address, "@%s", domain);
	if (own && (text_is_equal_ci(own, address) || is_below(domain, own + 1)))
		return true;
	for (size_t i = 0; i < p->colleagues.n; i++) {
		const char *entry = p->colleagues.entries[i];

		entry += entry[0] == '@';
		if (text_is_equal_ci(entry, domain) || is_below(domain, entry))
			return true;
	}
	return false;
}

static const char *const unread_names[] = { "mailer-daemon", "mailerdaemon", "postmaster",
	"noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply",
	"do.not.reply", "dontreply", "auto_reply", "auto-reply", "autoreply", "autoresponder",
	"bounce", "bounces", "nobody", "listserv", "majordomo", "owner" };

/* The name must stand at the beginning and as a word of its own: "beetroot@" is a person. */
static bool begins_with_name(const char *address, const char *name)
{
	return text_has_prefix_ci(address, name) && !isalnum((unsigned char) address[strlen(name)]);
}

bool triage_is_unread_address(const char *address)
{
	for (size_t i = 0; i < sizeof unread_names / sizeof unread_names[0]; i++)
		if (begins_with_name(address, unread_names[i]))
			return true;
	return false;
}

bool triage_is_null_path(const char *path)
{
	path += strspn(path, " \t");
	return path[0] == '<' && path[1 + strspn(path + 1, " \t")] == '>';
}

/* Senders of reports; the last is Exchange's own. */
static const char *const system_names[] = { "mailer-daemon", "postmaster",
	"microsoftexchange329e71ec88ae4615bbc36ab6ce41109e" };

bool triage_is_mail_system(const struct triage_view *v)
{
	const char *path = letter_header(v->l, "Return-Path");

	for (size_t i = 0; i < sizeof system_names / sizeof system_names[0]; i++)
		if (begins_with_name(v->sender, system_names[i]))
			return true;
	return !v->sender[0] || (path && triage_is_null_path(path));
}

/* ---- the mail server's verdict ----------------------------------------------------------------- */

/* A header that says spam when its value begins with, or holds, a word. */
static const struct spam_mark {
	const char *header;
	const char *word;
	bool anywhere;
} spam_marks[] = {
	{ "X-Spam-Flag", "yes", false },
	{ "X-Spam-Status", "yes", false },
	{ "X-Spam", "yes", false },
	{ "X-Spam", "true", false },
	{ "X-Spamd-Result", "default: true", true },
	{ "X-Rspamd-Action", "reject", false },
	{ "X-Rspamd-Action", "add header", false },
	{ "X-Rspamd-Action", "add_header", false },
	{ "X-Rspamd-Action", "rewrite subject", false },
	{ "X-Bogosity", "spam", false },
	{ "X-DSPAM-Result", "spam", false },
	{ "X-Barracuda-Spam-Flag", "yes", false },
	{ "X-Barracuda-Spam-Status", "yes", false },
	{ "X-Proofpoint-Spam-Details", "rule=spam", false },
	{ "X-Gm-Spam", "1", false },
	{ "X-Gm-Phishy", "1", false },
	{ "X-Forefront-Antispam-Report", "sfv:spm", true },
	{ "X-Forefront-Antispam-Report", "sfv:sks", true },
	{ "X-Forefront-Antispam-Report", "sfv:skb", true },
	{ "X-Forefront-Antispam-Report", "cat:spm", true },
	{ "X-Forefront-Antispam-Report", "cat:hspm", true },
	{ "X-Forefront-Antispam-Report", "cat:phsh", true },
	{ "X-Forefront-Antispam-Report", "cat:hphsh", true },
	{ "X-Forefront-Antispam-Report", "cat:spoof", true },
	{ "X-Forefront-Antispam-Report", "cat:uimp", true },
	{ "X-Forefront-Antispam-Report", "cat:dimp", true },
	{ "X-Forefront-Antispam-Report", "cat:malw", true },
};

static const char level_header[] = "X-MS-Exchange-Organization-SCL";

static bool says_spam(const struct letter_header *h)
{
	uint64_t level;

	for (size_t i = 0; i < sizeof spam_marks / sizeof spam_marks[0]; i++) {
		const struct spam_mark *m = &spam_marks[i];

		if (text_is_equal_ci(h->name, m->header) &&
			(m->anywhere ? text_find_ci(h->value, m->word) != NULL
				     : text_has_prefix_ci(h->value, m->word)))
			return true;
	}
	return text_is_equal_ci(h->name, level_header) &&
	       text_uint(h->value, SCL_SPAM, 99, &level) == 0;
}

/* Any header that says so counts: the sender may have written one that denies it. */
static const char *find_spam_header(const struct letter *l)
{
	for (size_t i = 0; i < l->n_headers; i++)
		if (says_spam(&l->headers[i]))
			return l->headers[i].name;
	return NULL;
}

/* A mail that answers ours with our token is wanted, whatever a filter thinks of it. */
static bool is_unwanted(const struct triage_view *v, struct triage_verdict *ret)
{
	const char *header = find_spam_header(v->l);

	if (v->facts->is_in_junk)
		triage_add_reason(ret, "junk-folder", "It was found in a folder for junk mail.");
	if (header)
		triage_add_reason(
			ret, "spam", "The mail server marked it as unwanted (%.60s).", header);
	return (header || v->facts->is_in_junk) && v->facts->thread.id == 0;
}

bool triage_ask_standing(struct triage_view *v, struct triage_verdict *ret)
{
	if (v->authentication == TRIAGE_AUTHENTICATION_FAIL) {
		triage_add_reason(ret, "not-authentic",
			"The mail server found that this mail does not come from its sender's "
			"domain (DMARC or a check like it failed).");
		return triage_ask_person(ret);
	}
	return is_unwanted(v, ret) && triage_ask_person(ret);
}

/* ---- sender's class ---------------------------------------------------------------------------- */

static bool ask_regulator(struct triage_view *v, struct triage_verdict *ret)
{
	if (v->authentication == TRIAGE_AUTHENTICATION_FAIL ||
		!triage_list_has(&v->p->regulators, v->sender))
		return false;
	triage_add_reason(ret, "regulator",
		"The sender is on the list of regulators: an officer should see it at once.");
	ret->fate = FATE_CORRESPONDENCE;
	ret->clock = false;
	if (v->facts->thread.id != 0)
		ret->about = v->facts->thread;
	for (size_t i = 0; ret->about.id == 0 && i < v->keys->n_references; i++)
		if (v->facts->references[i].id != 0)
			ret->about = v->facts->references[i];
	return true;
}

bool triage_ask_sender(struct triage_view *v, struct triage_verdict *ret)
{
	if (v->form)
		return false;
	if (ask_regulator(v, ret))
		return true;
	if (triage_list_has(&v->p->ignored, v->sender) &&
		v->authentication != TRIAGE_AUTHENTICATION_FAIL) {
		triage_add_reason(ret, "ignored", "The sender is on the list of those to ignore.");
		ret->fate = FATE_AUTOMATIC;
		ret->clock = false;
		return true;
	}
	if (triage_is_ours(v->p, v->sender)) {
		/* Their robots are judged like all others. */
		if (triage_ask_automatic(v, ret))
			return true;
		triage_add_reason(ret, "colleague",
			"The sender is of this authority. If it is passed on, it was received "
			"when the colleague received it.");
		ret->requester[0] = '\0';
		ret->requester_name[0] = '\0';
		return triage_ask_person(ret);
	}
	if (triage_list_has(&v->p->partners, v->sender)) {
		if (triage_ask_automatic(v, ret))
			return true;
		triage_add_reason(ret, "partner",
			"The sender is a partner authority: who asks must be confirmed.");
		return triage_ask_person(ret);
	}
	return false;
}

bool triage_ask_seen(struct triage_view *v, struct triage_verdict *ret)
{
	if (v->facts->is_seen || v->facts->is_seen_platform) {
		triage_add_reason(ret, v->facts->is_seen ? "seen-before" : "sent-again",
			v->facts->is_seen ? "The same mail is here already."
					  : "The platform sent the same message a second time.");
		ret->fate = FATE_DUPLICATE;
		ret->clock = false;
		return true;
	}
	if (v->facts->is_seen_id_only) {
		triage_add_reason(ret, "same-id",
			"Another mail has the same Message-ID, but says something else.");
		ret->is_suspect = true;
	}
	if (v->facts->is_seen_words_only) {
		triage_add_reason(ret, "same-words",
			"This sender sent the same words before; the mails bear neither a "
			"Message-ID nor a date, so it may be one mail or two.");
		ret->is_suspect = true;
	}
	return false;
}

bool triage_ask_readable(struct triage_view *v, struct triage_verdict *ret)
{
	if (v->l->marks.is_truncated)
		triage_add_reason(ret, "truncated", "The mail is too large: its end was not read.");
	if (v->l->marks.is_header_only)
		triage_add_reason(ret, "header-only",
			"The words of the mail could not be read, only its header: it must be "
			"opened in the mailbox.");
	if (!v->l->marks.is_encrypted)
		return false;
	triage_add_reason(
		ret, "encrypted", "The mail is encrypted: its words cannot be read here.");
	return triage_ask_person(ret);
}
