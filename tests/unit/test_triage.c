/* test_triage.c - what a mail is: a table of mails, and what must hold for all of them. */
/* SPDX-License-Identifier: MIT */
#include "domain/triage.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/letter_builder.h"
#include "tests/support/triage_world.h"
#include "tests/unit/triage_rows.h"

static struct triage_verdict judge(const struct triage_row *row, const struct triage_policy *p)
{
	return triage_row_judge(row, p, "");
}

static void every_row_is_judged_as_it_says(void **state)
{
	size_t wrong = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		wrong += !triage_row_is_met(&rows[i], &v);
	}
	assert_int_equal(wrong, 0);
}

/* A table of easy mails would prove little. */
static void the_table_is_large_and_hard(void **state)
{
	size_t hard = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++)
		hard += (rows[i].marks & MARK_HARD) != 0;
	print_message("%d rows, %zu of them hard\n", N_ROWS, hard);
	assert_true(N_ROWS >= 300);
	assert_true(hard * 3 >= N_ROWS);
}

static void every_row_has_a_name_of_its_own(void **state)
{
	(void) state;
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(rows[i].why, rows[k].why) == 0)
				fail_msg("twice: %s", rows[i].why);
}

/* RFC 3834 s.2: two robots that answer each other never stop. */
static void no_automatic_mail_is_acknowledged(void **state)
{
	static const char *const robots[] = { "automatic", "automatic-reply", "read-receipt",
		"calendar-reply", "list-mail", "own", "delivery-failed", "delivery-delayed",
		"delivery-other", "delivery-foreign", "seen-before", "sent-again", "ignored" };
	enum {
		N_ROBOTS = sizeof robots / sizeof robots[0],
	};
	size_t seen[N_ROBOTS] = { 0 };

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		for (size_t k = 0; k < N_ROBOTS; k++) {
			if (!triage_row_has_rule(&v, robots[k]))
				continue;
			seen[k]++;
			if (v.acknowledge != ACKNOWLEDGE_NO)
				fail_msg("%s", rows[i].why);
		}
	}
	for (size_t k = 0; k < N_ROBOTS; k++)
		if (seen[k] == 0)
			fail_msg("no row is '%s'", robots[k]);
	assert_true(seen[0] > 60);
}

/* Why a mail may end without a clock; each is in itself no request. */
static bool may_be_without(const struct triage_verdict *v)
{
	static const char *const reasons[FATE_COUNT][5] = {
		[FATE_CORRESPONDENCE] = { "regulator", "thanks", "on-open-case", "reminder" },
		[FATE_BOUNCE] = { "delivery-failed", "delivery-delayed", "delivery-other" },
		[FATE_AUTOMATIC] = { "automatic-reply", "read-receipt", "calendar-reply",
			"list-mail", "ignored" },
		[FATE_OWN] = { "own" },
		[FATE_DUPLICATE] = { "seen-before", "sent-again" },
	};

	for (size_t k = 0; k < 5 && reasons[v->fate][k]; k++)
		if (triage_row_has_rule(v, reasons[v->fate][k]))
			return true;
	return false;
}

/* FOI 2000 s.10(1): whatever is not plainly without a request has its clock. */
static void no_clock_is_lost(void **state)
{
	size_t with = 0;
	size_t without[FATE_COUNT] = { 0 };

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		/* The clock that the row wants, and that its fate wants. */
		if (rows[i].clock && !v.clock)
			fail_msg("%s", rows[i].why);
		if (!v.clock && !may_be_without(&v))
			fail_msg("without a reason: %s", rows[i].why);
		/* Filed without a clock only on a case that has one, or for a regulator. */
		if (!v.clock && v.fate == FATE_CORRESPONDENCE && v.about.id == 0 &&
			!triage_row_has_rule(&v, "regulator"))
			fail_msg("%s", rows[i].why);
		if (v.n_opens > 0 && !v.clock)
			fail_msg("%s", rows[i].why);
		with += v.clock;
		without[v.fate] += !v.clock;
	}
	assert_true(with > 200);
	for (enum fate fate = 0; fate < FATE_COUNT; fate++) {
		bool may = fate == FATE_CORRESPONDENCE || fate == FATE_BOUNCE ||
			   fate == FATE_AUTOMATIC || fate == FATE_OWN || fate == FATE_DUPLICATE;

		assert_int_equal(without[fate] > 0, may);
	}
}

static bool is_listed(const char *rule)
{
	for (size_t i = 0; i < triage_rules_count; i++)
		if (strcmp(triage_rules[i].word, rule) == 0)
			return true;
	return false;
}

/* A sentence that an officer can read: no bare word, nothing cut off in the middle. */
static bool is_sentence(const char *s)
{
	size_t n = strlen(s);

	return n > 10 && isupper((unsigned char) s[0]) && strchr(s, ' ') &&
	       (s[n - 1] == '.' || s[n - 1] == '"');
}

/* And every rule of the list is reached by some row. */
static void every_verdict_has_listed_reasons(void **state)
{
	bool reached[128] = { false };

	(void) state;
	assert_true(triage_rules_count < 128);
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		if (v.n_reasons == 0 && !(rows[i].rules == NULL))
			fail_msg("%s: no reason", rows[i].why);
		for (size_t k = 0; k < v.n_reasons; k++)
			if (!is_listed(v.reasons[k].rule) || !is_sentence(v.reasons[k].evidence))
				fail_msg("%s: %s '%s'", rows[i].why, v.reasons[k].rule,
					v.reasons[k].evidence);
		for (size_t k = 0; k < triage_rules_count; k++)
			reached[k] = reached[k] || triage_row_has_rule(&v, triage_rules[k].word);
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
		struct triage_row row = { .headers = headers, .text = table[i].text };
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
		struct triage_row row = { .headers = table[i].headers, .text = table[i].text };
		struct triage_verdict v = judge(&row, &triage_world_policy);

		if (strcmp(v.requester, table[i].requester) != 0 ||
			strcmp(v.requester_name, table[i].name) != 0)
			fail_msg("%s: '%s' '%s'", table[i].why, v.requester, v.requester_name);
	}
}

/* Exchange Online names no server; the lines of others do, and those of nobody count for no other. */
static void exchange_online_names_no_server(void **state)
{
	static const struct {
		const char *why;
		const char *value;
		const char *authserv_id;
		enum fate fate;
	} table[] = {
		{ "fails", "spf=pass (sender IP is 192.0.2.1); dmarc=fail action=none",
			"exchange-online", FATE_TRIAGE },
		{ "fails together", "spf=none; dmarc=none; compauth=fail reason=001",
			"exchange-online", FATE_TRIAGE },
		{ "fails at once", "dmarc=fail", "Exchange-Online", FATE_TRIAGE },
		{ "passes", "spf=pass; dmarc=pass; compauth=pass", "exchange-online",
			FATE_REQUEST },
		{ "a named server fails", "mx.example.com; dmarc=fail", "exchange-online",
			FATE_REQUEST },
		{ "nobody's line for another", "spf=pass; dmarc=fail", "mx.authority.example.org",
			FATE_REQUEST },
		{ "nothing is configured", "spf=pass; dmarc=fail", "", FATE_REQUEST },
		{ "nothing at all", "", "exchange-online", FATE_REQUEST },
	};

	(void) state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct triage_policy p = triage_world_policy;
		char headers[256];
		struct triage_row row = { .headers = headers, .text = CAMERAS };

		(void) snprintf(headers, sizeof headers,
			ALEX "Authentication-Results: %s\nSubject: Q\n", table[i].value);
		p.authserv_id = table[i].authserv_id;
		if (judge(&row, &p).fate != table[i].fate)
			fail_msg("%s", table[i].why);
	}
}

/* A stranger's mail, whatever it names, is never filed on the case that it names. */
static void strangers_change_no_case(void **state)
{
	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict v = judge(&rows[i], &triage_world_policy);

		if ((triage_row_has_rule(&v, "reference-stranger") ||
			    triage_row_has_rule(&v, "not-authentic")) &&
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
		struct triage_row row = {
			.headers = "From: a@example.com\nSubject: Re: FOI 000012/26\n"
		};
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
		cmocka_unit_test(the_table_is_large_and_hard),
		cmocka_unit_test(every_row_has_a_name_of_its_own),
		cmocka_unit_test(no_automatic_mail_is_acknowledged),
		cmocka_unit_test(no_clock_is_lost),
		cmocka_unit_test(every_verdict_has_listed_reasons),
		cmocka_unit_test(the_policy_is_a_ceiling),
		cmocka_unit_test(without_configuration_nothing_is_lost),
		cmocka_unit_test(regimes_are_read_from_the_words),
		cmocka_unit_test(the_requester_is_named),
		cmocka_unit_test(exchange_online_names_no_server),
		cmocka_unit_test(strangers_change_no_case),
		cmocka_unit_test(hostile_words_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
