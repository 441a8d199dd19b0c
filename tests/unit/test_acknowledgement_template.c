/* test_acknowledgement_template.c - what a template may hold, and that the installed ones say what the law wants. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/acknowledgement_mail.h"

static void templates_are_checked(void **state)
{
	static const struct {
		const char *why;
		const char *text;
		enum acknowledgement_kind kind;
		const char *says; /* NULL: it is accepted */
	} rows[] = {
		{ "smallest", "Subject: {reference}\n\nx\n", ACKNOWLEDGEMENT_REQUEST, NULL },
		{ "CRLF", "Subject: {reference}\r\n\r\nx\r\n", ACKNOWLEDGEMENT_REQUEST, NULL },
		{ "no subject", "Dear you\n\nx\n", ACKNOWLEDGEMENT_REQUEST, "Subject" },
		{ "empty subject", "Subject:\n\nx\n", ACKNOWLEDGEMENT_REQUEST, "empty" },
		{ "no blank line", "Subject: {reference}\nx\n", ACKNOWLEDGEMENT_REQUEST, "blank" },
		{ "no body", "Subject: {reference}\n\n\n", ACKNOWLEDGEMENT_REQUEST, "body" },
		{ "no reference", "Subject: Hello\n\nx\n", ACKNOWLEDGEMENT_REVIEW, "{reference}" },
		{ "unknown field", "Subject: {reference}\n\nx\n{subject}\n",
			ACKNOWLEDGEMENT_REQUEST, "test:4: unknown field '{subject}" },
		{ "unknown form of a date", "Subject: {reference}\n\n{due:fr}\n",
			ACKNOWLEDGEMENT_REQUEST, "test:3" },
		{ "open brace: what is below it is not shown",
			"Subject: {reference}\n\n{due\nmore\n", ACKNOWLEDGEMENT_REQUEST,
			"test:3: unknown field '{due'" },
		{ "a date in the neutral one", "Subject: x\n\n{due}\n", ACKNOWLEDGEMENT_NEUTRAL,
			"must not hold {due}" },
		{ "a day of receipt in the neutral one", "Subject: x\n\n{received:cy}\n",
			ACKNOWLEDGEMENT_NEUTRAL, "must not hold" },
		{ "a parent in a request", "Subject: {reference}\n\n{parent}\n",
			ACKNOWLEDGEMENT_REQUEST, "must not hold" },
		{ "not UTF-8", "Subject: {reference}\n\n\xFF\n", ACKNOWLEDGEMENT_REQUEST, "UTF-8" },
		{ "a field in a comment", "# {nonsense}\nSubject: {reference}\n\nx\n",
			ACKNOWLEDGEMENT_REQUEST, NULL },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct acknowledgement_template *t = NULL;
		struct fault f = { .code = 0 };
		int r = acknowledgement_template_parse(
			rows[i].text, strlen(rows[i].text), "test", rows[i].kind, &t, &f);

		if (r != (rows[i].says ? -EINVAL : 0) ||
			(rows[i].says && !strstr(f.text, rows[i].says)))
			fail_msg("%s: %d %s", rows[i].why, r, f.text);
		acknowledgement_template_free(t);
	}
}

static struct acknowledgement_template *read_template(
	const char *name, enum acknowledgement_kind kind)
{
	static char text[ACKNOWLEDGEMENT_TEMPLATE_MAX];
	char path[512];
	FILE *file;
	size_t n;

	(void) snprintf(path, sizeof path, "%s/acknowledgement-%s", FOIMAILD_CONF, name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s", path);
	n = fread(text, 1, sizeof text - 1, file);
	(void) fclose(file); /* it was only read */
	text[n] = '\0';
	return acknowledgement_mail_template(text, kind);
}

/* The files that are installed say what the law wants said. */
static void installed_templates_are_sound(void **state)
{
	static const struct {
		const char *name;
		enum acknowledgement_kind kind;
		enum statute_regime regime;
		const char *says;
	} rows[] = {
		{ "request-foia.txt", ACKNOWLEDGEMENT_REQUEST, STATUTE_FOIA,
			"promptly and by law no later than Thursday 14 June 2018" },
		{ "request-eir.txt", ACKNOWLEDGEMENT_REQUEST, STATUTE_EIR,
			"by law no later than Thursday 14 June 2018" },
		{ "request-foisa.txt", ACKNOWLEDGEMENT_REQUEST, STATUTE_FOISA,
			"promptly and by law no later than Thursday 14 June 2018" },
		{ "review-foia.txt", ACKNOWLEDGEMENT_REVIEW, STATUTE_FOIA, "We aim to" },
		{ "review-eir.txt", ACKNOWLEDGEMENT_REVIEW, STATUTE_EIR, "by law no later than" },
		{ "review-foisa.txt", ACKNOWLEDGEMENT_REVIEW, STATUTE_FOISA,
			"by law no later than" },
		{ "neutral.txt", ACKNOWLEDGEMENT_NEUTRAL, STATUTE_FOIA, "FOI 001761/18" },
		{ "request-foia.cy-en.txt", ACKNOWLEDGEMENT_REQUEST, STATUTE_FOIA,
			"14 Mehefin 2018" },
		{ "request-foia.en-cy.txt", ACKNOWLEDGEMENT_REQUEST, STATUTE_FOIA,
			"14 Mehefin 2018" },
		{ "request-eir.cy-en.txt", ACKNOWLEDGEMENT_REQUEST, STATUTE_EIR,
			"14 Mehefin 2018" },
		{ "request-eir.en-cy.txt", ACKNOWLEDGEMENT_REQUEST, STATUTE_EIR,
			"14 Mehefin 2018" },
		{ "review-foia.cy-en.txt", ACKNOWLEDGEMENT_REVIEW, STATUTE_FOIA, "Ein nod yw" },
		{ "review-foia.en-cy.txt", ACKNOWLEDGEMENT_REVIEW, STATUTE_FOIA, "Ein nod yw" },
		{ "review-eir.cy-en.txt", ACKNOWLEDGEMENT_REVIEW, STATUTE_EIR, "gyfraith" },
		{ "review-eir.en-cy.txt", ACKNOWLEDGEMENT_REVIEW, STATUTE_EIR, "gyfraith" },
		{ "neutral.cy-en.txt", ACKNOWLEDGEMENT_NEUTRAL, STATUTE_FOIA, "Diolch" },
		{ "neutral.en-cy.txt", ACKNOWLEDGEMENT_NEUTRAL, STATUTE_FOIA, "Diolch" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct acknowledgement_template *t = read_template(rows[i].name, rows[i].kind);
		struct acknowledgement a = acknowledgement_mail_sample(t);
		struct acknowledgement_mail m;
		char text[8192];

		a.regime = rows[i].regime;
		m = acknowledgement_mail_build(&a);
		acknowledgement_mail_check(&m);
		acknowledgement_mail_body(&m, text);
		if (!strstr(text, rows[i].says) || strchr(text, '{') || strstr(text, "complain to"))
			fail_msg("%s: %s", rows[i].name, text);
		if (rows[i].kind == ACKNOWLEDGEMENT_NEUTRAL && strstr(text, "2018"))
			fail_msg("%s tells a date", rows[i].name);
		if (rows[i].kind == ACKNOWLEDGEMENT_REQUEST && rows[i].regime != STATUTE_FOISA &&
			!strstr(text, "unless we write to you about clarification, a fee or an "
				      "extension"))
			fail_msg("%s has no unless", rows[i].name);
		free(m.bytes);
		acknowledgement_template_free(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_checked),
		cmocka_unit_test(installed_templates_are_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
