/* config_keys.c - the table of every section and key of foimaild.conf. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct config_choice regimes[] = {
	{ "foia", STATUTE_FOIA },
	{ "eir", STATUTE_EIR },
	{ "foisa", STATUTE_FOISA },
	{ 0 },
};
static const struct config_choice rules[] = {
	{ "statute", STATUTE_RULE_STATUTE },
	{ "s45code", STATUTE_RULE_S45CODE },
	{ 0 },
};
static const struct config_choice charges[] = {
	{ "between", STATUTE_FEE_BETWEEN },
	{ "ends", STATUTE_FEE_ENDS },
	{ "none", STATUTE_FEE_NONE },
	{ 0 },
};
static const struct config_choice restarts[] = { { "restart", true }, { "run", false }, { 0 } };
static const struct config_choice transfers[] = { { "ends", true }, { "runs", false }, { 0 } };
static const struct config_choice needs[] = { { "required", true }, { "optional", false }, { 0 } };
static const struct config_choice languages[] = {
	{ "english", CONFIG_LANGUAGE_ENGLISH },
	{ "welsh-first", CONFIG_LANGUAGE_WELSH_FIRST },
	{ "english-first", CONFIG_LANGUAGE_ENGLISH_FIRST },
	{ 0 },
};
static const struct config_choice resets[] = { { "never", false }, { "yearly", true }, { 0 } };
static const struct config_choice years[] = {
	{ "received", CONFIG_YEAR_RECEIVED },
	{ "logged", CONFIG_YEAR_LOGGED },
	{ 0 },
};
static const struct config_choice auths[] = {
	{ "password", CONFIG_AUTH_PASSWORD },
	{ "none", CONFIG_AUTH_NONE },
	{ 0 },
};
/* What is kept is whether it is switched off. */
static const struct config_choice tls[] = { { "on", false }, { "off", true }, { 0 } };
static const struct config_choice acknowledges[] = {
	{ "auto", ACKNOWLEDGE_SEND },
	{ "hold", ACKNOWLEDGE_HOLD },
	{ "off", ACKNOWLEDGE_NO },
	{ 0 },
};
static const struct config_choice bounces[] = {
	{ "plain", CONFIG_BOUNCE_PLAIN },
	{ "tagged", CONFIG_BOUNCE_TAGGED },
	{ "null", CONFIG_BOUNCE_NULL },
	{ 0 },
};
static const struct config_unit days[] = { { "days", 1 }, { "day", 1 }, { "weeks", 7 }, { 0 } };
static const struct config_unit working_days[] = {
	{ "working days", 1 },
	{ "working day", 1 },
	{ "days", 1 },
	{ "day", 1 },
	{ 0 },
};
static const struct config_unit seconds[] = {
	{ "s", 1 },
	{ "min", 60 },
	{ "h", 3600 },
	{ 0 },
};
static const struct config_unit hours[] = {
	{ "h", 3600 },
	{ "day", 86400 },
	{ "days", 86400 },
	{ 0 },
};
static const struct config_unit bytes[] = {
	{ "bytes", 1 },
	{ "KiB", 1024 },
	{ "MiB", UINT64_C(1024) * 1024 },
	{ 0 },
};

/* What follows the member is the preset and then whatever else the row needs. */
#define ROW(section_, name_, type_, struct_, member, ...)                                          \
	{                                                                                          \
		.section = (section_), .name = (name_), .type = &config_type_##type_,              \
		.offset = offsetof(struct struct_, member), .preset = __VA_ARGS__                  \
	}
#define ROOT(section_, name_, type_, member, ...)                                                  \
	ROW(section_, name_, type_, config, member, __VA_ARGS__)
#define MAILBOX(name_, type_, member, ...)                                                         \
	ROW("mailbox", name_, type_, config_mailbox, member, __VA_ARGS__)
#define FORM(name_, type_, member, ...) ROW("form", name_, type_, config_form, member, __VA_ARGS__)

/* clang-format off */
const struct config_key config_keys[] = {
	ROOT("authority", "name", text, authority_name, NULL, .required = true, .min = 1, .max = 200),
	ROOT("authority", "regime", choice, regime, "foia", .choices = regimes),
	ROOT("authority", "receipt_rule", choice, receipt_rule, "statute", .choices = rules),
	ROOT("authority", "review_window", window, review_window, "40 working days"),
	ROOT("authority", "received_by", hosts, received_by, ""),
	ROOT("authority", "authserv_id", word, authserv_id, ""),
	ROOT("authority", "language", choice, language, "english", .choices = languages),
	ROOT("authority", "emergency", text, emergency, ""),
	ROOT("authority", "formats", text, formats, ""),
	ROOT("authority", "privacy_notice", text, privacy_notice, ""),
	ROOT("authority", "regulator", text, regulator, ""),
	ROOT("authority", "contact", text, contact, ""),
	ROOT("authority", "templates", path, templates_dir,
		FOIMAILD_PREFIX "/share/foimaild/templates", .min = 1),

	ROOT("law", "eir_charge_days", unsigned, law.eir_charge_days, "60", .min = 1, .max = 250),
	ROOT("law", "eir_charge", choice, law.eir_charge, "between", .choices = charges),
	ROOT("law", "eir_particulars", flag, law.eir_particulars_restart, "restart",
		.choices = restarts),
	ROOT("law", "eir_transfer", flag, law.eir_transfer_ends, "ends", .choices = transfers),
	ROOT("law", "foia_extension_date", flag, law.foia_extension_needs_date, "required",
		.choices = needs),
	ROOT("law", "foisa_clarification", flag, law.foisa_clarification_restarts, "restart",
		.choices = restarts),

	ROOT("reference", "request", template, request, "FOI {seq:6}/{yy}"),
	ROOT("reference", "review", template, review, "IR {seq:6}/{yy}"),
	ROOT("reference", "intake", template, intake, "IN {seq:6}/{yy}"),
	ROOT("reference", "first", uint64, first, "1", .min = 1, .max = 999999999),
	ROOT("reference", "reset", flag, reset_yearly, "never", .choices = resets),
	ROOT("reference", "year_of", choice, year_of, "received", .choices = years),

	MAILBOX("address", address, address, NULL, .required = true),
	MAILBOX("url", imap_url, url, NULL, .required = true),
	MAILBOX("tls", flag, plaintext, "on", .choices = tls),
	MAILBOX("user", name, user, ""),
	MAILBOX("auth", choice, auth, "password", .choices = auths),
	MAILBOX("credential", credential, credential, ""),
	MAILBOX("ca_file", path, ca_file, ""),
	MAILBOX("folders", list, folders, "INBOX", .min = 1, .max = 16),
	MAILBOX("junk_folders", list, junk_folders, "", .max = 16),
	MAILBOX("sent_folder", text, sent_folder, "", .max = 200),
	MAILBOX("start", start, start, "new"),
	MAILBOX("acknowledge", choice, acknowledge, "auto", .choices = acknowledges),
	MAILBOX("acknowledge_within", unsigned, acknowledge_within_days, "3 days", .min = 0,
		.max = 60, .units = days),
	MAILBOX("after", after, after, "none"),
	MAILBOX("poll", unsigned, poll_sec, "5 min", .min = 10, .max = 86400, .units = seconds),
	MAILBOX("alarm_after", unsigned, alarm_after_sec, "10 min", .min = 10, .max = 86400,
		.units = seconds),
	MAILBOX("mail_max", uint64, mail_bytes_max, "50 MiB", .min = UINT64_C(64) * 1024,
		.max = UINT64_C(256) * 1024 * 1024, .units = bytes),
	MAILBOX("regime", choice, regime, NULL, .choices = regimes),
	MAILBOX("receipt_rule", choice, receipt_rule, NULL, .choices = rules),

	ROOT("smtp", "url", smtp_url, smtp_url, ""),
	ROOT("smtp", "tls", flag, smtp_allow_plaintext, "on", .choices = tls),
	ROOT("smtp", "user", name, smtp_user, ""),
	ROOT("smtp", "credential", credential, smtp_credential, ""),
	ROOT("smtp", "ca_file", path, smtp_ca_file, ""),
	ROOT("smtp", "from", address, smtp_from, ""),
	ROOT("smtp", "from_name", text, smtp_from_name, "", .max = 200),
	ROOT("smtp", "bounce_address", choice, bounce, "plain", .choices = bounces),
	ROOT("smtp", "give_up_after", unsigned, give_up_after_sec, "5 days", .min = 3600,
		.max = 30 * 86400, .units = hours),
	ROOT("smtp", "sender_limit", unsigned, sender_limit, "5", .min = 1, .max = 1000),
	ROOT("smtp", "hour_limit", unsigned, hour_limit, "200", .min = 1, .max = 100000),

	ROOT("store", "path", path, store_path, "/var/lib/foimaild/foimaild.db", .min = 1),

	ROOT("socket", "path", path, socket_path, "/run/foimaild/socket"),

	ROOT("calendar", "files", paths, calendar_files,
		FOIMAILD_PREFIX "/share/foimaild/bank-holidays.json", .min = 1,
		.max = CONFIG_FILES_MAX),
	ROOT("calendar", "url", https_url, calendar_url, "https://www.gov.uk/bank-holidays.json"),
	ROOT("calendar", "refresh", unsigned, calendar_refresh_sec, "1 day", .min = 3600,
		.max = 30 * 86400, .units = hours),
	ROOT("calendar", "ca_file", path, calendar_ca_file, ""),

	ROOT("senders", "colleagues", senders, colleagues, ""),
	ROOT("senders", "regulators", senders, regulators,
		"ico.org.uk, foi.scot, itspublicknowledge.info, grc@justice.gov.uk"),
	ROOT("senders", "partners", senders, partners, ""),
	ROOT("senders", "ignored", senders, ignored, ""),
	ROOT("senders", "platforms", senders, platforms, "whatdotheyknow.com"),

	ROOT("reminders", "at", time, reminders_at, "07:00"),
	ROOT("reminders", "steps", steps, reminder_steps, "10, 5, 1, 0", .max = 60),
	ROOT("reminders", "digest_to", addresses, digest_to, "", .max = CONFIG_OFFICERS_MAX),
	ROOT("reminders", "due_soon", unsigned, due_soon_days, "5 working days", .min = 0,
		.max = 60, .units = working_days),
	ROOT("reminders", "escalate_to", addresses, escalate_to, "", .max = CONFIG_OFFICERS_MAX),
	ROOT("reminders", "escalate_after", unsigned, escalate_after_days, "2 working days",
		.min = 1, .max = 60, .units = working_days),

	FORM("from", address, from, NULL, .required = true),
	FORM("authserv_id", word, authserv_id, ""),
	FORM("email_field", text, email_field, "", .max = 60),
	FORM("name_field", text, name_field, "", .max = 60),
	FORM("text_field", text, text_field, "", .max = 60),

	ROOT("officers", "read_group", name, read_group, "foi-read", .min = 1, .max = 31),
	ROOT("officers", "officer_group", name, officer_group, "foi-officer", .min = 1, .max = 31),
};
/* clang-format on */

const size_t config_n_keys = sizeof config_keys / sizeof *config_keys;
_Static_assert(sizeof config_keys / sizeof *config_keys <= CONFIG_KEYS_MAX, "room for the lines");

static void *add_root(struct config *c)
{
	return c;
}

static void *add_mailbox(struct config *c)
{
	return c->n_mailboxes < CONFIG_MAILBOXES_MAX ? &c->mailboxes[c->n_mailboxes++] : NULL;
}

static void *add_form(struct config *c)
{
	return c->n_forms < CONFIG_FORMS_MAX ? &c->forms[c->n_forms++] : NULL;
}

static char **mailbox_name(void *base)
{
	return &((struct config_mailbox *) base)->name;
}

static char **form_name(void *base)
{
	return &((struct config_form *) base)->name;
}

const struct config_kind config_kinds[] = {
	{ "authority", false, add_root, NULL },
	{ "law", false, add_root, NULL },
	{ "reference", false, add_root, NULL },
	{ "mailbox", true, add_mailbox, mailbox_name },
	{ "smtp", false, add_root, NULL },
	{ "store", false, add_root, NULL },
	{ "socket", false, add_root, NULL },
	{ "calendar", false, add_root, NULL },
	{ "senders", false, add_root, NULL },
	{ "reminders", false, add_root, NULL },
	{ "form", true, add_form, form_name },
	{ "officers", false, add_root, NULL },
};

const size_t config_n_kinds = sizeof config_kinds / sizeof *config_kinds;

int config_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < config_n_keys; i++)
		if (strcmp(config_keys[i].section, section) == 0 &&
			strcmp(config_keys[i].name, name) == 0)
			return (int) i;
	return -1;
}

enum {
	NEAR_MAX = 2,	  /* edits */
	NEAR_LENGTH = 40, /* longer words are near to nothing */
};

static size_t least(size_t a, size_t b, size_t c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/* Edits from @a to @b: a letter added, dropped, changed, or two neighbours swapped. NEAR_LENGTH
 * when a word is too long to ask. */
static size_t distance(const char *a, const char *b)
{
	size_t n = strlen(a);
	size_t m = strlen(b);
	size_t d[NEAR_LENGTH + 1][NEAR_LENGTH + 1];

	if (n > NEAR_LENGTH || m > NEAR_LENGTH)
		return NEAR_LENGTH;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		d[i][0] = i;
		for (size_t j = 1; j <= m; j++) {
			d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1,
				d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[n][m];
}

/* Keeps @word in @best if it is nearer to @name. A word of which more than half would have to be
 * changed was not meant. */
static void consider(const char *name, const char *word, size_t *best_distance, const char **best)
{
	size_t d = distance(name, word);

	if (d <= NEAR_MAX && d * 2 <= strlen(word) && d < *best_distance) {
		*best_distance = d;
		*best = word;
	}
}

const char *config_key_near(const char *section, const char *name)
{
	size_t best_distance = NEAR_MAX + 1;
	const char *best = NULL;

	for (size_t i = 0; i < config_n_keys; i++)
		if (strcmp(config_keys[i].section, section) == 0)
			consider(name, config_keys[i].name, &best_distance, &best);
	return best;
}

const char *config_kind_near(const char *name)
{
	size_t best_distance = NEAR_MAX + 1;
	const char *best = NULL;

	for (size_t i = 0; i < config_n_kinds; i++)
		consider(name, config_kinds[i].name, &best_distance, &best);
	return best;
}

bool config_key_is_secret(const char *name)
{
	static const char *const parts[] = { "password", "passwd", "passphrase", "secret", "token",
		"pwd" };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (text_find_ci(name, parts[i]))
			return true;
	return text_is_equal_ci(name, "pass");
}
