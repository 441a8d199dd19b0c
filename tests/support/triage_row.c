/* triage_row.c - one mail of a table and what it is. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/triage_row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/letter_builder.h"
#include "tests/support/triage_world.h"

static void set_delivery(struct letter *l, const char *action)
{
	l->delivery.is_report = true;
	(void) snprintf(l->delivery.action, sizeof l->delivery.action, "%s", action);
}

static void mark_letter(struct letter *l, unsigned marks)
{
	char id[TRIAGE_WORLD_TEXT_MAX];

	if (marks & MARK_PDF)
		letter_builder_attach(l, "Request.PDF", "application/octet-stream");
	if (marks & MARK_DOCX)
		letter_builder_attach(l, "letter.docx", "application/octet-stream");
	if (marks & MARK_PNG)
		letter_builder_attach(l, "logo.png", "image/png");
	if (marks & MARK_PHOTO) {
		letter_builder_attach(l, "IMG_0001.JPG", "image/jpeg");
		l->attachments[l->n_attachments - 1].bytes = 400000;
	}
	if (marks & MARK_FAILED)
		set_delivery(l, "failed");
	if (marks & MARK_DELAYED)
		set_delivery(l, "delayed");
	if (marks & MARK_DELIVERED)
		set_delivery(l, "delivered");
	if (marks & MARK_EMBEDDED) {
		triage_world_fill("{m:FOI 000012/26}", id);
		letter_builder_embed(l, id);
	}
	l->marks.is_calendar = marks & MARK_CALENDAR;
	l->marks.is_truncated = marks & MARK_TRUNCATED;
	l->marks.is_header_only = marks & MARK_HEADER_ONLY;
	l->marks.is_encrypted = marks & MARK_ENCRYPTED;
	l->marks.is_disposition = marks & MARK_RECEIPT;
}

struct letter *triage_row_letter(const struct triage_row *row, const char *more)
{
	char joined[TRIAGE_WORLD_TEXT_MAX];
	char headers[TRIAGE_WORLD_TEXT_MAX];
	char text[TRIAGE_WORLD_TEXT_MAX];
	struct letter *l;

	if (snprintf(joined, sizeof joined, "%s%s", more, row->headers) >= (int) sizeof joined)
		abort();
	triage_world_fill(joined, headers);
	triage_world_fill(row->text, text);
	l = letter_builder_new(headers, text, row->new_text);
	mark_letter(l, row->marks);
	return l;
}

struct triage_verdict triage_row_judge(
	const struct triage_row *row, const struct triage_policy *p, const char *more)
{
	struct letter *l = triage_row_letter(row, more);
	struct matching_keys keys;
	struct triage_facts facts;
	struct triage_verdict verdict;

	triage_world_look(l, &keys, &facts);
	facts.is_seen = row->marks & MARK_SEEN;
	facts.is_seen_platform = row->marks & MARK_SENT_AGAIN;
	facts.is_seen_id_only = row->marks & MARK_SAME_ID;
	facts.is_seen_words_only = row->marks & MARK_SAME_WORDS;
	facts.is_in_junk = row->marks & MARK_JUNK;
	triage_judge(p, l, &keys, &facts, &verdict);
	letter_free(l);
	return verdict;
}

bool triage_row_has_rule(const struct triage_verdict *v, const char *rule)
{
	for (size_t i = 0; i < v->n_reasons; i++)
		if (strcmp(v->reasons[i].rule, rule) == 0)
			return true;
	return false;
}

static bool has_rules(const struct triage_verdict *v, const char *rules)
{
	for (const char *s = rules; s && *s; s += strspn(s, " ")) {
		char rule[64];
		size_t n = strcspn(s, " ");

		(void) snprintf(rule, sizeof rule, "%.*s", (int) n, s);
		if (!triage_row_has_rule(v, rule))
			return false;
		s += n;
	}
	return true;
}

static void opens_text(const struct triage_verdict *v, char ret[static 32])
{
	size_t n = 0;

	ret[0] = '\0';
	for (size_t i = 0; i < v->n_opens; i++)
		n += (size_t) snprintf(
			ret + n, 32 - n, "%s%s", i ? "+" : "", case_kind_word(v->opens[i]));
}

static void explain(const struct triage_row *row, const struct triage_verdict *v, const char *opens)
{
	print_error("%s: fate %s, clock %d, acknowledge %s, opens '%s', about '%s'\n", row->why,
		fate_word(v->fate), v->clock, acknowledge_word(v->acknowledge), opens,
		v->about.reference);
	for (size_t i = 0; i < v->n_reasons; i++)
		print_error("    %s: %s\n", v->reasons[i].rule, v->reasons[i].evidence);
}

bool triage_row_is_met(const struct triage_row *row, const struct triage_verdict *v)
{
	char opens[32];

	opens_text(v, opens);
	if (v->fate == row->fate && v->clock == row->clock && v->acknowledge == row->acknowledge &&
		strcmp(opens, row->opens) == 0 &&
		strcmp(v->about.reference, row->about ? row->about : "") == 0 &&
		has_rules(v, row->rules))
		return true;
	explain(row, v, opens);
	return false;
}
