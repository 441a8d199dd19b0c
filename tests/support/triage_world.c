/* triage_world.c - a small authority for the tests of triage. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/triage_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t key[DIGEST_KEY_BYTES] = "a key of the tests, 32 bytes lon";

static const char *const colleagues[] = { "@authority.example.org", "authority-trust.example.org" };
static const char *const regulators[] = { "commissioner.example.org", "@tribunal.example.org" };
static const char *const partners[] = { "partner.example.org" };
static const char *const ignored[] = { "alerts@example.com", "staff-news.example.com" };
static const char *const platforms[] = { "asks.example.net", "fragen.example.com" };

static const struct triage_form forms[] = {
	{ .from = "no-reply@forms.example.org",
		.authserv_id = "mx.authority.example.org",
		.email_field = "Email:",
		.name_field = "Name:",
		.text_field = "Request:" },
	{ .from = "web@authority.example.org",
		.authserv_id = "",
		.email_field = "",
		.name_field = "",
		.text_field = "" },
};

const struct triage_policy triage_world_policy = {
	.own_address = "foi@authority.example.org",
	.colleagues = { colleagues, 2 },
	.regulators = { regulators, 2 },
	.partners = { partners, 1 },
	.ignored = { ignored, 2 },
	.platforms = { platforms, 2 },
	.forms = forms,
	.n_forms = 2,
	.authserv_id = "mx.authority.example.org",
	.acknowledge = ACKNOWLEDGE_SEND,
	.regime = STATUTE_FOIA,
};

static const struct known {
	struct triage_case known;
	const char *sender;
	const char *other_sender; /* NULL: none */
} cases[] = {
	{ { 12, "FOI 000012/26", CASE_REQUEST, true, false, true, STATUTE_FOIA },
		"jane@example.net", "joint@example.com" },
	{ { 7, "FOI 000007/25", CASE_REQUEST, false, false, true, STATUTE_FOIA },
		"jane@example.net", NULL },
	{ { 3, "IR 000003/26", CASE_REVIEW, true, false, true, STATUTE_FOIA }, "jane@example.net",
		NULL },
	{ { 20, "FOI 000020/26", CASE_REQUEST, false, false, true, STATUTE_FOIA },
		"request-4711-0a1b2c3d@asks.example.net", NULL },
};

static int make_token(char kind, const char *reference, char ret[static TOKEN_ID_MAX])
{
	static const uint8_t other_key[DIGEST_KEY_BYTES] = "another key, of other officers";
	const uint8_t *with = kind == 'w' ? other_key : key;

	if (kind == 'b')
		return token_tag(key, reference, ret);
	return token_message_id(with, kind == 't' ? TOKEN_THREAD : TOKEN_MESSAGE_ID, reference,
		"authority.example.org", ret);
}

/* What somebody who has a true token can make of it. */
static void spoil_token(char kind, char *id)
{
	enum {
		SUM = 32, /* digits before the "@" */
	};
	char *at = strchr(id, '@');

	if (!at)
		abort();
	if (kind == 'c') /* a digit short */
		memmove(at - 1, at, strlen(at) + 1);
	if (kind == 'o') /* before another reference: its last digit is the next one */
		at[-SUM - 2]++;
	if (kind == 'p') /* for another purpose: "foi.t." */
		id[strlen("<foi.")] = 't';
}

static void write_token(char kind, const char *reference, char *buf, size_t room)
{
	char id[TOKEN_ID_MAX];

	if (make_token(kind, reference, id) < 0)
		abort();
	if (strchr("cop", kind))
		spoil_token(kind, id);
	(void) snprintf(buf, room, "%s", id);
}

void triage_world_fill(const char *headers, char ret[static TRIAGE_WORLD_TEXT_MAX])
{
	size_t n = 0;

	while (*headers && n + 1 < TRIAGE_WORLD_TEXT_MAX) {
		char reference[REFERENCE_MAX];
		size_t k = strcspn(headers, "}");

		if (headers[0] != '{' || headers[2] != ':' || k - 3 >= sizeof reference) {
			ret[n++] = *headers++;
			continue;
		}
		(void) snprintf(reference, sizeof reference, "%.*s", (int) k - 3, headers + 3);
		write_token(headers[1], reference, ret + n, TRIAGE_WORLD_TEXT_MAX - n);
		n += strlen(ret + n);
		headers += k + 1;
	}
	ret[n] = '\0';
}

static struct triage_case look_up(const char *reference, const char *sender)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (strcmp(cases[i].known.reference, reference) == 0) {
			struct triage_case found = cases[i].known;

			const char *other = cases[i].other_sender;

			found.has_sender = strcmp(cases[i].sender, sender) == 0 ||
					   (other && strcmp(other, sender) == 0);
			return found;
		}
	return (struct triage_case){ .id = 0 };
}

void triage_world_look(
	const struct letter *l, struct matching_keys *ret_keys, struct triage_facts *ret_facts)
{
	struct reference_template templates[2];
	struct matching_policy p = { key, templates, 2, platforms, 2 };
	const char *sender = letter_sender(l);

	if (reference_template_parse("FOI {seq:6}/{yy}", &templates[0], NULL) < 0 ||
		reference_template_parse("IR {seq:6}/{yy}", &templates[1], NULL) < 0)
		abort();
	matching_find(&p, l, ret_keys);
	*ret_facts = (struct triage_facts){ .is_seen = false };
	ret_facts->own = look_up(ret_keys->own, sender);
	ret_facts->thread = look_up(ret_keys->thread, sender);
	ret_facts->embedded = look_up(ret_keys->embedded, sender);
	for (size_t i = 0; i < ret_keys->n_references; i++)
		ret_facts->references[i] = look_up(ret_keys->references[i].reference, sender);
	if (strcmp(ret_keys->platform_address, cases[3].sender) == 0)
		ret_facts->platform = look_up(cases[3].known.reference, sender);
}
