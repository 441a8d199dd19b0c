/* triage_standing.c - who the sender is, and what the mail server thinks of the mail.
 *
 * Security: anyone can write an Authentication-Results header. Only those of the configured
 * authserv-id count, and RFC 8601 s.5 has that server remove foreign ones with its name. Of what is
 * left any failure counts, but a pass only in the uppermost, which our server wrote last. */
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

static const char *const unread_names[] = { "mailer-daemon", "mailerdaemon", "postmaster",
	"noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply",
	"do.not.reply", "dontreply", "auto_reply", "auto-reply", "autoreply", "autoresponder",
	"bounce", "bounces", "nobody", "listserv", "majordomo", "owner" };

/* The name must stand at the beginning and as a word of its own: "beetroot@" is a person. */
bool triage_is_unread_address(const char *address)
{
	for (size_t i = 0; i < sizeof unread_names / sizeof unread_names[0]; i++) {
		size_t n = strlen(unread_names[i]);

		if (text_has_prefix_ci(address, unread_names[i]) &&
			!isalnum((unsigned char) address[n]))
			return true;
	}
	return false;
}

bool triage_is_mail_system(const struct triage_view *v)
{
	const char *path = letter_header(v->l, "Return-Path");

	return !v->sender[0] || text_has_prefix_ci(v->sender, "mailer-daemon@") ||
	       text_has_prefix_ci(v->sender, "postmaster@") ||
	       text_has_prefix_ci(
		       v->sender, "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@") ||
	       (path && strncmp(path, "<>", 2) == 0);
}

/* ---- Authentication-Results (RFC 8601) --------------------------------------------------------- */

/* Copies @s without its comments, in small letters. */
static void drop_comments(const char *s, char *ret, size_t room)
{
	size_t depth = 0;
	size_t n = 0;

	for (; *s && n + 1 < room; s++) {
		if (*s == '(')
			depth++;
		else if (*s == ')' && depth > 0)
			depth--;
		else if (depth == 0)
			ret[n++] = *s;
	}
	ret[n] = '\0';
	text_lower(ret);
}

/* Whether @value (without comments) was written by @authserv_id; @ret_rest is behind its ";". */
static bool is_from_server(const char *value, const char *authserv_id, const char **ret_rest)
{
	size_t n;

	value += strspn(value, " \t");
	n = strcspn(value, " \t;");
	if (n != strlen(authserv_id) || !text_has_prefix_ci(value, authserv_id))
		return false;
	*ret_rest = value + strcspn(value, ";");
	return true;
}

/* The part "method=result ..." in @s up to its ";". Return: false if @s has no such method. */
static bool find_method(const char *s, const char *method, char *ret, size_t room)
{
	size_t n = strlen(method);

	while (*s == ';') {
		s++;
		s += strspn(s, " \t");
		if (strncmp(s, method, n) == 0 && (s[n] == '=' || s[n] == ' ' || s[n] == '/')) {
			const char *result = s + n + strcspn(s + n, "=");

			if (*result == '=')
				result += 1 + strspn(result + 1, " \t");
			(void) snprintf(ret, room, "%.*s", (int) strcspn(result, ";"), result);
			return true;
		}
		s += strcspn(s, ";");
	}
	return false;
}

static bool is_result(const char *part, const char *word)
{
	size_t n = strlen(word);

	return strncmp(part, word, n) == 0 && !isalnum((unsigned char) part[n]);
}

/* Whether @part says that the signing or sending domain is @domain. */
static bool is_aligned(const char *part, const char *domain)
{
	static const char *const properties[] = {
		"header.d=", "header.i=", "smtp.mailfrom=", "header.from="
	};

	for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
		const char *s = strstr(part, properties[i]);
		char value[256];
		const char *at;

		if (!s)
			continue;
		s += strlen(properties[i]);
		(void) snprintf(value, sizeof value, "%.*s", (int) strcspn(s, " \t;"), s);
		at = strrchr(value, '@');
		if (text_is_equal_ci(at ? at + 1 : value, domain))
			return true;
	}
	return false;
}

/* The first header of @authserv_id from the top that has @method; the part in @ret. */
static bool top_result(
	const struct letter *l, const char *authserv_id, const char *method, char *ret, size_t room)
{
	for (size_t i = 0; i < l->n_headers; i++) {
		char value[LETTER_VALUE_MAX];
		const char *rest;

		if (!text_is_equal_ci(l->headers[i].name, "Authentication-Results"))
			continue;
		drop_comments(l->headers[i].value, value, sizeof value);
		if (is_from_server(value, authserv_id, &rest) &&
			find_method(rest, method, ret, room))
			return true;
	}
	return false;
}

bool triage_is_authenticated(const struct letter *l, const char *authserv_id, const char *domain)
{
	static const char *const methods[] = { "dmarc", "dkim", "spf" };

	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		char part[512];

		if (top_result(l, authserv_id, methods[i], part, sizeof part) &&
			is_result(part, "pass") && is_aligned(part, domain))
			return true;
	}
	return false;
}

enum triage_authentication triage_authentication_of(const struct letter *l, const char *authserv_id)
{
	enum triage_authentication found = TRIAGE_AUTHENTICATION_NONE;

	for (size_t i = 0; authserv_id[0] && i < l->n_headers; i++) {
		char value[LETTER_VALUE_MAX];
		char part[512];
		const char *rest;

		if (!text_is_equal_ci(l->headers[i].name, "Authentication-Results"))
			continue;
		drop_comments(l->headers[i].value, value, sizeof value);
		if (!is_from_server(value, authserv_id, &rest) ||
			!find_method(rest, "dmarc", part, sizeof part))
			continue;
		if (is_result(part, "fail"))
			return TRIAGE_AUTHENTICATION_FAIL;
		if (is_result(part, "pass"))
			found = TRIAGE_AUTHENTICATION_PASS;
	}
	return found;
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
	{ "X-Proofpoint-Spam-Details", "rule=spam", false },
	{ "X-Forefront-Antispam-Report", "sfv:spm", true },
	{ "X-Forefront-Antispam-Report", "cat:spm", true },
	{ "X-Forefront-Antispam-Report", "cat:phsh", true },
	{ "X-Forefront-Antispam-Report", "cat:hphsh", true },
};

static bool has_high_scl(const struct letter *l)
{
	const char *value = letter_header(l, "X-MS-Exchange-Organization-SCL");
	uint64_t level;

	return value && text_uint(value, SCL_SPAM, 99, &level) == 0;
}

static const char *find_spam_header(const struct letter *l)
{
	for (size_t i = 0; i < sizeof spam_marks / sizeof spam_marks[0]; i++) {
		const struct spam_mark *m = &spam_marks[i];
		const char *value = letter_header(l, m->header);

		if (value && (m->anywhere ? text_find_ci(value, m->word) != NULL
					  : text_has_prefix_ci(value, m->word)))
			return m->header;
	}
	return has_high_scl(l) ? "X-MS-Exchange-Organization-SCL" : NULL;
}

/* A mail that answers ours with our token is wanted, whatever a filter thinks of it. */
static bool is_unwanted(const struct triage_view *v, struct triage_verdict *ret)
{
	const char *header = find_spam_header(v->l);

	if (v->facts->is_in_junk)
		triage_add_reason(ret, "junk-folder", "It was found in a folder for junk mail.");
	if (header)
		triage_add_reason(
			ret, "spam", "The mail server marked it as unwanted (%s).", header);
	return (header || v->facts->is_in_junk) && v->facts->thread.id == 0;
}

bool triage_ask_standing(struct triage_view *v, struct triage_verdict *ret)
{
	if (v->authentication == TRIAGE_AUTHENTICATION_FAIL) {
		triage_add_reason(ret, "not-authentic",
			"The sender's domain says that this mail is not its own (DMARC fail).");
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
	return false;
}

bool triage_ask_readable(struct triage_view *v, struct triage_verdict *ret)
{
	if (v->l->marks.is_truncated)
		triage_add_reason(ret, "truncated", "The mail is larger than what is read of it.");
	if (!v->l->marks.is_encrypted)
		return false;
	triage_add_reason(
		ret, "encrypted", "The mail is encrypted: its words cannot be read here.");
	return triage_ask_person(ret);
}
