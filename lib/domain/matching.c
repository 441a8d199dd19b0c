/* matching.c - the keys in a letter by which its case can be found.
 *
 * Security: everything looked at is the sender's. Lists are bounded by LETTER_*_MAX, the text is
 * gone through once a template. */
/* SPDX-License-Identifier: MIT */
#include "domain/matching.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	PLATFORM_HASH_DIGITS = 8,
	PLATFORM_ID_DIGITS_MAX = 12,
	TEXT_TOKENS_MAX = 16, /* candidates for a token that are tried in one text */
	WIDE_MAX = 4096,      /* bytes of a text with full-width letters that are looked at */
};

/* Headers in which a server leaves the address that it really delivered to. */
static const char *const delivered_headers[] = { "Delivered-To", "X-Original-To", "Envelope-To" };

/* ---- our own tokens --------------------------------------------------------------------------- */

/* Puts the reference of the token in @id into @ret, unless there is one already. */
static void read_token(
	const struct matching_policy *p, const char *id, bool with_tag, char ret[REFERENCE_MAX])
{
	enum token_purpose purpose;
	char reference[REFERENCE_MAX];

	if (ret[0] || token_read(p->key, id, &purpose, reference) < 0)
		return;
	if ((purpose == TOKEN_BOUNCE) == with_tag)
		memcpy(ret, reference, sizeof reference);
}

static void find_thread(
	const struct matching_policy *p, const struct letter *l, char ret[REFERENCE_MAX])
{
	for (size_t i = 0; i < l->n_in_reply_to; i++)
		read_token(p, l->in_reply_to[i], false, ret);
	/* The last of References is the mail that was answered. */
	for (size_t i = l->n_references; i > 0; i--)
		read_token(p, l->references[i - 1], false, ret);
}

/* Reports of qmail, Exim and others enclose our mail as plain text with its headers. */
static void find_in_text(const struct matching_policy *p, const char *text, char ret[REFERENCE_MAX])
{
	size_t tried = 0;

	for (const char *s = text; (s = strstr(s, "<foi.")) && tried < TEXT_TOKENS_MAX; s++) {
		char id[TOKEN_ID_MAX];
		size_t n = strcspn(s, "> \t\r\n");

		tried++;
		if (s[n] != '>' || n + 2 > sizeof id)
			continue;
		memcpy(id, s, n + 1);
		id[n + 1] = '\0';
		read_token(p, id, false, ret);
	}
}

static void find_embedded(
	const struct matching_policy *p, const struct letter *l, char ret[REFERENCE_MAX])
{
	for (size_t i = 0; i < l->n_embedded_ids; i++)
		read_token(p, l->embedded_ids[i], false, ret);
	for (size_t i = 0; i < l->n_to; i++)
		read_token(p, l->to[i].mailbox, true, ret);
	for (size_t i = 0; i < l->n_headers; i++)
		for (size_t k = 0; k < sizeof delivered_headers / sizeof delivered_headers[0]; k++)
			if (text_is_equal_ci(l->headers[i].name, delivered_headers[k]))
				read_token(p, l->headers[i].value, true, ret);
	find_in_text(p, l->text, ret);
}

/* ---- WhatDoTheyKnow and kin -------------------------------------------------------------------- */

static bool is_platform(const struct matching_policy *p, const char *domain)
{
	for (size_t i = 0; i < p->n_wdtk_domains; i++) {
		const char *own = p->wdtk_domains[i];

		if (text_is_equal_ci(domain, own[0] == '@' ? own + 1 : own))
			return true;
	}
	return false;
}

/* Number of digits at @s, decimal or hexadecimal. */
static size_t digits(const char *s, bool hex)
{
	size_t n = 0;

	while (hex ? isxdigit((unsigned char) s[n]) : isdigit((unsigned char) s[n]))
		n++;
	return n;
}

/* Whether "<id>-<8 hex>" and nothing else stands before the "@" at @s. */
static bool is_request_key(const char *s)
{
	size_t n = digits(s, false);

	if (n == 0 || n > PLATFORM_ID_DIGITS_MAX || s[n] != '-')
		return false;
	s += n + 1;
	return digits(s, true) == PLATFORM_HASH_DIGITS && s[PLATFORM_HASH_DIGITS] == '@';
}

/* The installation may put a prefix before "request-", older ones a "bounce-" behind it. */
static void find_platform_address(
	const struct matching_policy *p, const char *sender, char ret[MATCHING_ADDRESS_MAX])
{
	const char *at = strrchr(sender, '@');
	const char *key = text_find_ci(sender, "request-");

	if (!at || !key || !is_platform(p, at + 1) || strlen(key) >= MATCHING_ADDRESS_MAX)
		return;
	key += strlen("request-");
	if (text_has_prefix_ci(key, "bounce-"))
		key += strlen("bounce-");
	if (!is_request_key(key))
		return;
	(void) snprintf(ret, MATCHING_ADDRESS_MAX, "request-%s", key);
	text_lower(ret);
}

/* "<ogm-<n>+<13 hex>-<4 hex>@domain>": a resend has the same n and another tail. */
static void find_platform_message(
	const char *message_id, const char *address, char ret[MATCHING_ADDRESS_MAX])
{
	const char *s = message_id + strlen("<ogm-");
	size_t n;

	if (!address[0] || !text_has_prefix_ci(message_id, "<ogm-"))
		return;
	n = digits(s, false);
	if (n == 0 || n > PLATFORM_ID_DIGITS_MAX || s[n] != '+')
		return;
	if (snprintf(ret, MATCHING_ADDRESS_MAX, "ogm-%.*s:%s", (int) n, s, address) >=
		MATCHING_ADDRESS_MAX)
		ret[0] = '\0';
}

/* ---- references -------------------------------------------------------------------------------- */

static struct matching_reference *reference_slot(struct matching_keys *keys, const char *reference)
{
	for (size_t i = 0; i < keys->n_references; i++)
		if (strcmp(keys->references[i].reference, reference) == 0)
			return &keys->references[i];
	if (keys->n_references == MATCHING_REFERENCES_MAX)
		return NULL;
	memcpy(keys->references[keys->n_references].reference, reference, REFERENCE_MAX);
	return &keys->references[keys->n_references++];
}

enum place {
	IN_SUBJECT,
	IN_NEW_TEXT,
	IN_TEXT,
};

/* Copies @text with full-width letters, digits and marks (U+FF01 to U+FF5E, U+3000) as plain ones:
 * so some people's keyboards write a reference. */
static void narrow(const char *text, char ret[static WIDE_MAX])
{
	const unsigned char *s = (const unsigned char *) text;
	size_t n = 0;

	for (; *s && n + 1 < WIDE_MAX; s++) {
		unsigned wide = s[0] == 0xEF && (s[1] == 0xBC || s[1] == 0xBD)
					? (s[1] - 0xBCU) * 0x40 + s[2] - 0x80 + 0x20
					: 0;
		bool is_space = s[0] == 0xE3 && s[1] == 0x80 && s[2] == 0x80;

		if (is_space || (wide > ' ' && wide <= '~'))
			s += 2;
		else
			wide = *s;
		ret[n++] = is_space ? ' ' : (char) wide;
	}
	ret[n] = '\0';
}

static void find_references(const struct matching_policy *p, const char *text, enum place place,
	struct matching_keys *ret)
{
	char plain[WIDE_MAX];

	if (strstr(text, "\xEF\xBC")) {
		narrow(text, plain);
		text = plain;
	}
	for (size_t i = 0; i < p->n_templates; i++) {
		struct reference_hit hits[MATCHING_REFERENCES_MAX];
		size_t n = reference_find(&p->templates[i], text, hits, MATCHING_REFERENCES_MAX);

		for (size_t k = 0; k < n; k++) {
			struct matching_reference *slot = reference_slot(ret, hits[k].reference);

			if (!slot)
				return;
			slot->in_subject = slot->in_subject || place == IN_SUBJECT;
			slot->in_new_text = slot->in_new_text || place == IN_NEW_TEXT;
		}
	}
}

void matching_find(
	const struct matching_policy *p, const struct letter *l, struct matching_keys *ret)
{
	*ret = (struct matching_keys){ .n_references = 0 };
	read_token(p, l->message_id, false, ret->own);
	find_thread(p, l, ret->thread);
	find_embedded(p, l, ret->embedded);
	find_platform_address(p, letter_sender(l), ret->platform_address);
	find_platform_message(l->message_id, ret->platform_address, ret->platform_message);
	/* The surest first: there is room for a few only. */
	find_references(p, l->subject, IN_SUBJECT, ret);
	find_references(p, l->new_text, IN_NEW_TEXT, ret);
	find_references(p, l->text, IN_TEXT, ret);
}
