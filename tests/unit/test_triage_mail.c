/* test_triage_mail.c - whole mails through the reader to their verdict: ours and the samples. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/letter.h"
#include "tests/support/triage_row.h"
#include "tests/support/triage_world.h"

enum {
	FILE_MAX = 64 * 1024,
	NAME_MAX_BYTES = 64,
};

static const struct mail {
	const char *why;
	const char *bytes; /* LF line ends */
	enum fate fate;
	bool clock;
	enum acknowledge acknowledge;
	const char *rules;
	const char *about;
} mails[] = {
#include "tests/unit/triage_mails.inc"
};

/* Puts CRLF in place of LF. */
static size_t to_wire(const char *s, char ret[static FILE_MAX])
{
	size_t n = 0;

	for (; *s && n + 2 < FILE_MAX; s++) {
		if (*s == '\n')
			ret[n++] = '\r';
		ret[n++] = *s;
	}
	return n;
}

static struct letter *read_mail(struct letter_reader *reader, const char *bytes)
{
	static char wire[FILE_MAX];
	size_t n = to_wire(bytes, wire);
	struct letter *l;

	assert_int_equal(letter_parse(reader, wire, n, false, &l, NULL), 0);
	return l;
}

static void mails_are_judged_as_they_say(void **state)
{
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof mails / sizeof mails[0]; i++) {
		const struct mail *mail = &mails[i];
		struct triage_row row = { .why = mail->why,
			.fate = mail->fate,
			.clock = mail->clock,
			.acknowledge = mail->acknowledge,
			.opens = mail->fate == FATE_REQUEST  ? "request"
				 : mail->fate == FATE_REVIEW ? "review"
							     : "",
			.rules = mail->rules,
			.about = mail->about };
		char filled[TRIAGE_WORLD_TEXT_MAX];
		struct matching_keys keys;
		struct triage_facts facts;
		struct triage_verdict v;
		struct letter *l;

		triage_world_fill(mail->bytes, filled);
		l = read_mail(*state, filled);
		triage_world_look(l, &keys, &facts);
		triage_judge(&triage_world_policy, l, &keys, &facts, &v);
		wrong += !triage_row_is_met(&row, &v);
		letter_free(l);
	}
	assert_int_equal(wrong, 0);
}

/* ---- the samples ------------------------------------------------------------------------------- */

static const struct triage_form sample_form = { .from = "no-reply@foi.example.org",
	.authserv_id = "",
	.email_field = "",
	.name_field = "",
	.text_field = "Request:" };

static const char *const sample_platforms[] = { "wdtk.example.net" };

static const struct triage_policy sample_policy = { .own_address = "foi@foi.example.org",
	.platforms = { sample_platforms, 1 },
	.forms = &sample_form,
	.n_forms = 1,
	.authserv_id = "",
	.acknowledge = ACKNOWLEDGE_SEND,
	.regime = STATUTE_FOIA };

/* A sample whose reference is that of an open case, and whose answered mail carries our token. */
static void read_sample(const char *name, char ret[static FILE_MAX])
{
	static const char *const places[][2] = { { "@REFERENCE@", "FOI 000012/26" },
		{ "<@ACK_MESSAGE_ID@>", "{m:FOI 000012/26}" } };
	char path[512];
	size_t n = 0;
	char line[4096];
	FILE *file;

	(void) snprintf(path, sizeof path, FOIMAILD_TESTS "/samples/%s.eml", name);
	file = fopen(path, "re");
	if (!file)
		fail_msg("%s", path);
	while (fgets(line, sizeof line, file)) {
		char filled[TRIAGE_WORLD_TEXT_MAX];

		for (size_t i = 0; i < 2; i++) {
			char *at = strstr(line, places[i][0]);
			char rest[4096];

			if (!at)
				continue;
			(void) snprintf(rest, sizeof rest, "%s", at + strlen(places[i][0]));
			(void) snprintf(
				at, sizeof line - (size_t) (at - line), "%s%s", places[i][1], rest);
		}
		triage_world_fill(line, filled);
		n += (size_t) snprintf(ret + n, FILE_MAX - n, "%s", filled);
		assert_true(n < FILE_MAX);
	}
	(void) fclose(file);
}

/* What the store would say once all that comes before has been taken in. */
static void know_sample(const struct matching_keys *keys, bool answers, struct triage_facts *facts)
{
	struct triage_case known = { .id = 12,
		.reference = "FOI 000012/26",
		.kind = CASE_REQUEST,
		.is_open = true,
		.has_sender = true };

	for (size_t i = 0; i < keys->n_references; i++)
		facts->references[i] = known;
	if (keys->thread[0])
		facts->thread = known;
	if (keys->embedded[0])
		facts->embedded = known;
	if (keys->platform_address[0] && answers)
		facts->platform = known;
}

/* A sentence that an officer can read: no bare word, nothing cut off in the middle. */
static bool is_sentence(const char *s)
{
	size_t n = strlen(s);

	return n > 10 && isupper((unsigned char) s[0]) && strchr(s, ' ') &&
	       (s[n - 1] == '.' || s[n - 1] == '"');
}

static void check_sample(struct letter_reader *reader, const char *name, const char *answers,
	const char *fate, const char *requester)
{
	static char bytes[FILE_MAX];
	struct matching_keys keys;
	struct triage_facts facts;
	struct triage_verdict v;
	bool is_answered = strcmp(requester, "-") != 0;
	struct letter *l;

	read_sample(name, bytes);
	l = read_mail(reader, bytes);
	triage_world_look(l, &keys, &facts);
	if (strstr(name, "wdtk"))
		(void) snprintf(keys.platform_address, sizeof keys.platform_address, "%s",
			letter_sender(l));
	know_sample(&keys, strcmp(answers, "-") != 0, &facts);
	triage_judge(&sample_policy, l, &keys, &facts, &v);
	if (strcmp(fate_word(v.fate), fate) != 0 ||
		(v.acknowledge == ACKNOWLEDGE_SEND) != is_answered ||
		(is_answered && strcmp(v.requester, requester) != 0))
		fail_msg("%s: %s, %s to %s", name, fate_word(v.fate),
			acknowledge_word(v.acknowledge), v.requester);
	if ((v.about.id == 12) != (strcmp(answers, "-") != 0))
		fail_msg("%s: about %s", name, v.about.reference);
	assert_true(v.n_reasons > 0);
	for (size_t i = 0; i < v.n_reasons; i++)
		if (!is_sentence(v.reasons[i].evidence))
			fail_msg("%s: '%s'", name, v.reasons[i].evidence);
	letter_free(l);
}

static void samples_become_what_they_should(void **state)
{
	FILE *file = fopen(FOIMAILD_TESTS "/samples/expected.tsv", "re");
	char line[512];
	size_t n = 0;

	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		char name[NAME_MAX_BYTES];
		char answers[NAME_MAX_BYTES];
		char fate[NAME_MAX_BYTES];
		char requester[NAME_MAX_BYTES];

		if (line[0] == '#')
			continue;
		assert_int_equal(
			sscanf(line, "%63s %63s %63s %63s", name, answers, fate, requester), 4);
		check_sample(*state, name, answers, fate, requester);
		n++;
	}
	(void) fclose(file);
	assert_int_equal(n, 15);
}

/* Whatever of the sender's words a reason shows, and wherever it cuts them. */
static void reasons_are_cut_between_letters(void **state)
{
	for (int n = 20; n < 60; n++) {
		struct matching_keys keys;
		struct triage_facts facts;
		struct triage_verdict v;
		struct letter *l = NULL;
		char mail[256];
		int length = snprintf(mail, sizeof mail,
			"From: a@example.net\r\nX-Autoreply: "
			"%.*s\xC3\xA9\xE2\x82\xAC\xC3\xA9\r\n\r\nx",
			n, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

		assert_int_equal(letter_parse(*state, mail, (size_t) length, false, &l, NULL), 0);
		triage_world_look(l, &keys, &facts);
		triage_judge(&triage_world_policy, l, &keys, &facts, &v);
		assert_true(v.n_reasons > 0);
		for (size_t i = 0; i < v.n_reasons; i++) {
			const char *evidence = v.reasons[i].evidence;

			if (!text_is_utf8(evidence, strlen(evidence)))
				fail_msg("behind %d letters: %s", n, evidence);
		}
		letter_free(l);
	}
}

static int open_reader(void **state)
{
	struct letter_reader *reader;

	if (letter_reader_new(&reader, NULL) < 0)
		return -1;
	*state = reader;
	return 0;
}

static int close_reader(void **state)
{
	letter_reader_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mails_are_judged_as_they_say),
		cmocka_unit_test(samples_become_what_they_should),
		cmocka_unit_test(reasons_are_cut_between_letters),
	};

	return cmocka_run_group_tests(tests, open_reader, close_reader);
}
