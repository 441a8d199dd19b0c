/* config_check.c - what must fit together in foimaild.conf. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Texts that were refused are NULL: they have their mistake already, nothing more is said. */
static bool is_given(const char *s)
{
	return s && *s;
}

static bool is_missing(const char *s)
{
	return s && !*s;
}

static unsigned line_of(const struct config_section *s, const char *key)
{
	int i = config_key_find(s->kind->name, key);

	return i >= 0 && s->lines[i] > 0 ? s->lines[i] : s->line;
}

static bool is_set(const struct config_section *s, const char *key)
{
	int i = config_key_find(s->kind->name, key);

	return i >= 0 && s->lines[i] > 0;
}

/* Replaces an empty text by what it means. */
static void set_default(struct config_reading *in, char **text, const char *meaning)
{
	char *copy;

	if (!is_missing(*text) || !meaning)
		return;
	copy = strdup(meaning);
	if (!copy) {
		in->error = -ENOMEM;
		return;
	}
	free(*text);
	*text = copy;
}

/* Without TLS a password and the requesters' letters travel in clear. */
static void check_tls(struct config_reading *in, const struct config_section *s, const char *url,
	const char *plain_scheme, bool is_off)
{
	if (!is_off || !url)
		return;
	if (!*url || !config_url_has_scheme(url, plain_scheme))
		config_mistake(in, line_of(s, "tls"), s, "tls",
			"off fits %s:// only; take the line out, or change url", plain_scheme);
	else if (!config_url_is_loopback(url))
		config_mistake(in, line_of(s, "tls"), s, "tls",
			"off is allowed for 127.0.0.1, ::1 and localhost only; take the line out");
}

static void check_auth(
	struct config_reading *in, const struct config_section *s, const struct config_mailbox *m)
{
	if (m->auth == CONFIG_AUTH_PASSWORD) {
		if (is_missing(m->credential))
			config_mistake(in, s->line, s, "credential",
				"is missing; name the systemd credential (or the file) that holds "
				"the mailbox's password");
		return;
	}
	if (m->url && !config_url_is_loopback(m->url))
		config_mistake(in, line_of(s, "auth"), s, "auth",
			"none is allowed for 127.0.0.1, ::1 and localhost only");
	else if (is_given(m->credential) || is_given(m->user))
		config_mistake(in, line_of(s, "auth"), s, "auth",
			"none needs neither user nor credential; take them out");
}

static bool is_in(const struct config_list *l, const char *entry)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->entries[i], entry) == 0)
			return true;
	return false;
}

static void check_folders(
	struct config_reading *in, const struct config_section *s, const struct config_mailbox *m)
{
	for (size_t i = 0; i < m->junk_folders.n; i++)
		if (is_in(&m->folders, m->junk_folders.entries[i]))
			config_mistake(in, line_of(s, "junk_folders"), s, "junk_folders",
				"names a folder that folders names too; a folder is one or the "
				"other");
	/* A mail moved into a watched folder would come in again under a new UID, for ever. */
	if (m->after == CONFIG_AFTER_MOVE && m->after_argument &&
		(is_in(&m->folders, m->after_argument) ||
			is_in(&m->junk_folders, m->after_argument)))
		config_mistake(in, line_of(s, "after"), s, "after",
			"moves into a folder that is watched; name another one");
}

static void check_mailbox(struct config_reading *in, const struct config_section *s)
{
	struct config_mailbox *m = s->base;

	if (!is_set(s, "regime"))
		m->regime = in->c->regime;
	if (!is_set(s, "receipt_rule"))
		m->receipt_rule = in->c->receipt_rule;
	check_tls(in, s, m->url, "imap", m->plaintext);
	check_auth(in, s, m);
	check_folders(in, s, m);
	if (m->auth == CONFIG_AUTH_PASSWORD)
		set_default(in, &m->user, m->address);
}

static bool wants_smtp(const struct config *c)
{
	for (size_t i = 0; i < c->n_mailboxes; i++)
		if (c->mailboxes[i].acknowledge == ACKNOWLEDGE_SEND)
			return true;
	return false;
}

static void check_smtp(struct config_reading *in, const struct config_section *s)
{
	struct config *c = in->c;

	check_tls(in, s, c->smtp_url, "smtp", c->smtp_allow_plaintext);
	if (is_given(c->smtp_user) && is_missing(c->smtp_credential))
		config_mistake(in, line_of(s, "user"), s, "user",
			"needs a credential; name the systemd credential (or the file) that holds "
			"the password");
	if (is_given(c->smtp_credential) && is_missing(c->smtp_user))
		config_mistake(in, line_of(s, "credential"), s, "credential",
			"needs a user; give the name to log in with");
	/* Doubts are worth reading only once there is no mistake. */
	if (in->n_mistakes == 0 && is_missing(c->smtp_url) && wants_smtp(c))
		config_warning(in, s->line, s, "url",
			"is not set: acknowledgements are kept and none is sent");
	set_default(in, &c->smtp_from_name, c->authority_name);
}

/* Whether mail to @to comes into @mailbox: also with a tag, foi+digest@... */
static bool is_address_of(const char *to, const char *mailbox)
{
	const char *at = strrchr(to, '@');
	const char *own_at = strrchr(mailbox, '@');
	size_t n = strcspn(to, "+@");

	if (text_is_equal_ci(to, mailbox))
		return true; /* its own address may have a plus sign */
	return at && own_at && text_is_equal_ci(at, own_at) && n == (size_t) (own_at - mailbox) &&
	       strncasecmp(to, mailbox, n) == 0;
}

static bool is_watched(const struct config *c, const char *to)
{
	for (size_t i = 0; i < c->n_mailboxes; i++)
		if (c->mailboxes[i].address && is_address_of(to, c->mailboxes[i].address))
			return true;
	return false;
}

static void check_officers(struct config_reading *in, const struct config_section *s,
	const char *key, const struct config_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!is_watched(in->c, list->entries[i]))
			continue;
		config_mistake(in, line_of(s, key), s, key,
			"names a mailbox that is watched, where the mail would come in again; give "
			"the address of a person or of a team's other mailbox");
		return;
	}
	if (in->n_mistakes == 0 && list->n > 0 && is_missing(in->c->smtp_url))
		config_warning(in, line_of(s, key), s, key,
			"cannot be reached: [smtp] url is not set, so nothing is sent");
}

static void check_reminders(struct config_reading *in, const struct config_section *s)
{
	check_officers(in, s, "digest_to", &in->c->digest_to);
	check_officers(in, s, "escalate_to", &in->c->escalate_to);
}

void config_check(struct config_reading *in)
{
	if (in->c->n_mailboxes == 0)
		config_mistake(in, 0, NULL, NULL,
			"there is no [mailbox NAME]; add one for the mailbox that requests come "
			"to");
	for (size_t i = 0; i < in->n_sections; i++) {
		const struct config_section *s = &in->sections[i];

		if (strcmp(s->kind->name, "mailbox") == 0)
			check_mailbox(in, s);
		else if (strcmp(s->kind->name, "smtp") == 0)
			check_smtp(in, s);
		else if (strcmp(s->kind->name, "reminders") == 0)
			check_reminders(in, s);
	}
}
