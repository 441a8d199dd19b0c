/* test_triage.c - what a mail is: a table of mails, and what must hold for all of them. */
/* SPDX-License-Identifier: MIT */
#include "domain/triage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/letter_builder.h"
#include "tests/support/triage_world.h"
#include "tests/unit/triage_rows.h"

enum {
	N_ROWS = sizeof rows / sizeof rows[0],
};

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
	l->marks.is_encrypted = marks & MARK_ENCRYPTED;
	l->marks.is_disposition = marks & MARK_RECEIPT;
}

static struct letter *letter_of(const struct row *row)
{
	char headers[TRIAGE_WORLD_TEXT_MAX];
	char text[TRIAGE_WORLD_TEXT_MAX];
	struct letter *l;

	triage_world_fill(row->headers, headers);
	triage_world_fill(row->text, text);
	l = letter_builder_new(headers, text, row->new_text);
	mark_letter(l, row->marks);
	return l;
}

static struct triage_verdict judge(const struct row *row, const struct triage_policy *p)
{
	struct letter *l = letter_of(row);
	struct matching_keys keys;
	struct triage_facts facts;
	struct triage_verdict verdict;

	triage_world_look(l, &keys, &facts);
	facts.is_seen = row->marks & MARK_SEEN;
	facts.is_seen_platform = row->marks & MARK_SENT_AGAIN;
	facts.is_seen_id_only = row->marks & MARK_SAME_ID;
	facts.is_in_junk = row->marks & MARK_JUNK;
	triage_judge(p, l, &keys, &facts, &verdict);
	letter_free(l);
	return verdict;
}

static bool has_rule(const struct triage_verdict *v, const char *rule)
{
	for (size_t i = 0; i < v->n_reasons; i++)
		if (strcmp(v->reasons[i].rule, rule) == 0)
			return true;
	return false;
}

static void opens_text(const struct triage_verdict *v, char ret[static 32])
{
	size_t n = 0;

	ret[0] = '\0';
	for (size_t i = 0; i < v->n_opens; i++)
		n += (size_t) snprintf(
			ret + n, 32 - n, "%s%s", i ? "+" : "", case_kind_word(v->opens[i]));
}

static void explain(const struct row *row, const struct triage_verdict *v)
{
	char opens[32];

	opens_text(v, opens);
	print_error("%s: fate %s, clock %d, acknowledge %s, opens '%s'\n", row->why,
		fate_word(v->fate), v->clock, acknowledge_word(v->acknowledge), opens);
	for (size_t i = 0; i < v->n_reasons; i++)
		print_error("    %s: %s\n", v->reasons[i].rule, v->reasons[i].evidence);
}

static void every_row_is_judged_as_it_says(void **state)
{
	size_t wrong = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct row *row = &rows[i];
		struct triage_verdict v = judge(row, &triage_world_policy);
		char opens[32];

		opens_text(&v, opens);
		if (v.fate == row->fate && v.clock == row->clock &&
			v.acknowledge == row->acknowledge && strcmp(opens, row->opens) == 0 &&
			(!row->rule || has_rule(&v, row->rule)))
			continue;
		explain(row, &v);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* RFC 3834 s.2: two robots that answer each other never stop. */
static void no_automatic_mail_is_acknowledged(void **state)
{
	static const char *const robots[] = { "automatic", "automatic-reply", "read-receipt",
		"calendar-reply", "list-mail", "own", "delivery-failed", "delivery-delayed",
		"delivery-other", "delivery-foreign", "seen-before", "sent-again", "ignored" };
	size_t seen = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		for (size_t k = 0; k < sizeof robots / sizeof robots[0]; k++) {
			if (!has_rule(&v, robots[k]))
				continue;
			seen++;
			if (v.acknowledge != ACKNOWLEDGE_NO)
				fail_msg("%s", rows[i].why);
		}
	}
	assert_true(seen > 40);
}

/* FOI 2000 s.10(1): whatever is not plainly without a request has its clock. */
static void no_clock_is_lost(void **state)
{
	static const bool may_be_without[FATE_COUNT] = {
		[FATE_CORRESPONDENCE] = true,
		[FATE_BOUNCE] = true,
		[FATE_AUTOMATIC] = true,
		[FATE_OWN] = true,
		[FATE_DUPLICATE] = true,
	};

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		if (!v.clock && !may_be_without[v.fate])
			fail_msg("%s", rows[i].why);
		/* Filed without a clock only on a case that has one, or for a regulator. */
		if (!v.clock && v.fate == FATE_CORRESPONDENCE && v.about.id == 0 &&
			!has_rule(&v, "regulator"))
			fail_msg("%s", rows[i].why);
		if (v.n_opens > 0 && !v.clock)
			fail_msg("%s", rows[i].why);
	}
}

static bool is_listed(const char *rule)
{
	for (size_t i = 0; i < triage_rules_count; i++)
		if (strcmp(triage_rules[i].word, rule) == 0)
			return true;
	return false;
}

/* And every rule of the list is reached by some row. */
static void every_verdict_has_listed_reasons(void **state)
{
	bool reached[128] = { false };

	(void) state;
	assert_true(triage_rules_count < 128);
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		if (v.n_reasons == 0 && !(rows[i].rule == NULL))
			fail_msg("%s: no reason", rows[i].why);
		for (size_t k = 0; k < v.n_reasons; k++)
			if (!is_listed(v.reasons[k].rule) || !v.reasons[k].evidence[0])
				fail_msg("%s: '%s'", rows[i].why, v.reasons[k].rule);
		for (size_t k = 0; k < triage_rules_count; k++)
			reached[k] = reached[k] || has_rule(&v, triage_rules[k].word);
	}
	for (size_t k = 0; k < triage_rules_count; k++)
		if (!reached[k])
			fail_msg("no row reaches '%s'", triage_rules[k].word);
}

/* The policy may lower every answer, and nothing raises one. */
static void the_policy_is_a_ceiling(void **state)
{
	struct triage_policy p = triage_world_policy;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		p.acknowledge = ACKNOWLEDGE_HOLD;
		if (judge(&rows[i], &p).acknowledge !=
			(rows[i].acknowledge == ACKNOWLEDGE_NO ? ACKNOWLEDGE_NO : ACKNOWLEDGE_HOLD))
			fail_msg("hold: %s", rows[i].why);
		p.acknowledge = ACKNOWLEDGE_NO;
		if (judge(&rows[i], &p).acknowledge != ACKNOWLEDGE_NO)
			fail_msg("no: %s", rows[i].why);
	}
}

/* With nothing configured nothing is trusted, and still no clock is lost. */
static void without_configuration_nothing_is_lost(void **state)
{
	struct triage_policy bare = { .own_address = "foi@authority.example.org",
		.authserv_id = "",
		.acknowledge = ACKNOWLEDGE_SEND };

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &bare);

		if (rows[i].clock && !v.clock)
			fail_msg("%s", rows[i].why);
	}
}

static void regimes_are_read_from_the_words(void **state)
{
	static const struct {
		const char *why;
		const char *subject;
		const char *text;
		enum statute_regime mailbox;
		enum statute_regime want;
	} table[] = {
		{ "nothing named", "Q", "How many are there?", STATUTE_FOIA, STATUTE_FOIA },
		{ "names the regulations", "Environmental Information Regulations request - River",
			"The levels please.", STATUTE_FOIA, STATUTE_EIR },
		{ "short name in the text", "River", "Under EIR please send the levels.",
			STATUTE_FOIA, STATUTE_EIR },
		{ "both are named", "FOI or EIR", "Please send the levels.", STATUTE_FOIA,
			STATUTE_FOIA },
		{ "a word that holds the letters", "Their heirs", "Please send their list.",
			STATUTE_FOIA, STATUTE_FOIA },
		{ "EIR mailbox, FOI named", "FOI request", "Please send it.", STATUTE_EIR,
			STATUTE_FOIA },
		{ "Scottish mailbox", "EIR request", "Please send it.", STATUTE_FOISA,
			STATUTE_FOISA },
		{ "Scottish Act in England", "FOISA", "Please send it.", STATUTE_FOIA,
			STATUTE_FOIA },
	};

	(void) state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct triage_policy p = triage_world_policy;
		char headers[256];
		struct row row = { .headers = headers, .text = table[i].text };
		struct triage_verdict v;

		(void) snprintf(headers, sizeof headers, "From: A <a@example.com>\nSubject: %s\n",
			table[i].subject);
		p.regime = table[i].mailbox;
		v = judge(&row, &p);
		if (v.fate != FATE_REQUEST || v.regime != table[i].want)
			fail_msg("%s: regime %d", table[i].why, (int) v.regime);
	}
}

static void the_requester_is_named(void **state)
{
	static const struct {
		const char *why;
		const char *headers;
		const char *text;
		const char *requester;
		const char *name;
	} table[] = {
		{ "sender", "From: Alex Poe <alex@example.com>\n", "How many are there?",
			"alex@example.com", "Alex Poe" },
		{ "Reply-To of the same domain",
			"From: Alex Poe <alex@example.com>\nReply-To: desk@example.com\n",
			"How many are there?", "desk@example.com", "Alex Poe" },
		{ "Reply-To elsewhere",
			"From: Alex Poe <alex@example.com>\nReply-To: x@example.net\n",
			"How many are there?", "alex@example.com", "Alex Poe" },
		{ "form's fields",
			"From: no-reply@forms.example.org\nAuthentication-Results: "
			"mx.authority.example.org; spf=pass "
			"smtp.mailfrom=no-reply@forms.example.org\n",
			"*Name:* Max Doe\nEmail:\n  max@example.com\nRequest: drones",
			"max@example.com", "Max Doe" },
		{ "a colleague is not the requester", "From: Sam <sam@authority.example.org>\n",
			"How many are there?", "", "" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct row row = { .headers = table[i].headers, .text = table[i].text };
		struct triage_verdict v = judge(&row, &triage_world_policy);

		if (strcmp(v.requester, table[i].requester) != 0 ||
			strcmp(v.requester_name, table[i].name) != 0)
			fail_msg("%s: '%s' '%s'", table[i].why, v.requester, v.requester_name);
	}
}

/* A stranger's mail, whatever it names, is never filed on the case that it names. */
static void strangers_change_no_case(void **state)
{
	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		if ((has_rule(&v, "reference-stranger") || has_rule(&v, "not-authentic")) &&
			v.about.id != 0)
			fail_msg("%s", rows[i].why);
	}
}

static void hostile_words_are_bounded(void **state)
{
	enum {
		BYTES = 1024 * 1024,
	};
	static const char *const pieces[] = { "please ", "please also ", "dissatisfied with ", "? ",
		"i would like \n\n", "\xE2\x80\x98", "review of your a " };
	char *text = malloc(BYTES + 64);

	(void) state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct row row = { .headers = "From: a@example.com\nSubject: Re: FOI 000012/26\n" };
		struct letter *l;
		struct matching_keys keys;
		struct triage_facts facts;
		struct triage_verdict v;
		size_t n = 0;

		while (n < BYTES)
			n += (size_t) snprintf(text + n, 64, "%s", pieces[i]);
		l = letter_builder_new(row.headers, text, NULL);
		triage_world_look(l, &keys, &facts);
		triage_judge(&triage_world_policy, l, &keys, &facts, &v);
		assert_true(v.clock);
		letter_free(l);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_judged_as_it_says),
		cmocka_unit_test(no_automatic_mail_is_acknowledged),
		cmocka_unit_test(no_clock_is_lost),
		cmocka_unit_test(every_verdict_has_listed_reasons),
		cmocka_unit_test(the_policy_is_a_ceiling),
		cmocka_unit_test(without_configuration_nothing_is_lost),
		cmocka_unit_test(regimes_are_read_from_the_words),
		cmocka_unit_test(the_requester_is_named),
		cmocka_unit_test(strangers_change_no_case),
		cmocka_unit_test(hostile_words_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
