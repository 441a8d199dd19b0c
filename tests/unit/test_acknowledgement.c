/* test_acknowledgement.c - the mail that a requester gets, read back byte by byte. */
/* SPDX-License-Identifier: MIT */
#include "domain/acknowledgement.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/reference.h"

static const char plain_template[] = "# for tests\n"
				     "Subject: Your request: {reference}\n"
				     "\n"
				     "We received it on {received}.\n"
				     "We must answer by {due:weekday}.\n"
				     "\n"
				     "# a comment in the body\n"
				     "{emergency}\n"
				     "\n"
				     "Erbyn {due:cy}, {received:weekday-cy}. {{brace}\n"
				     "\n"
				     "{authority}\n";

static const char *const no_references[] = { NULL };

struct mail {
	char *bytes;
	size_t n;
};

static struct acknowledgement sample(const struct acknowledgement_template *t)
{
	struct acknowledgement a = {
		.template = t,
		.words = { "Authority of Exampleshire", "", "", "", "", "" },
		.from = "foi@authority.example.org",
		.from_name = "FOI Team",
		.to = "jane@example.net",
		.reference = "FOI 001761/18",
		.parent = "",
		.working_days = 20,
		.regime = STATUTE_FOIA,
		.date = 1528967472, /* 2018-06-14 09:11:12 UTC */
		.message_id = "<foi.m.FOI_001761/18.00000000000000000000000000000000@example.org>",
		.thread_token =
			"<foi.t.FOI_001761/18.11111111111111111111111111111111@example.org>",
		.in_reply_to = "<1@example.net>",
		.references = no_references,
	};

	assert_int_equal(day_parse("2018-05-16", &a.received), 0);
	assert_int_equal(day_parse("2018-06-14", &a.due), 0);
	return a;
}

static struct acknowledgement_template *parsed(const char *text, enum acknowledgement_kind kind)
{
	struct acknowledgement_template *t = NULL;
	struct fault f = { .code = 0 };

	if (acknowledgement_template_parse(text, strlen(text), "test", kind, &t, &f) < 0)
		fail_msg("%s", f.text);
	return t;
}

static struct mail built(const struct acknowledgement *a)
{
	struct mail m = { NULL, 0 };
	struct fault f = { .code = 0 };

	if (acknowledgement_build(a, &m.bytes, &m.n, &f) < 0)
		fail_msg("%s", f.text);
	return m;
}

/* Every line ends in CRLF, none is too long, every byte is printable ASCII. */
static void check_form(const struct mail *m)
{
	const char *end = strstr(m->bytes, "\r\n\r\n");
	size_t start = 0;

	assert_non_null(end);
	assert_int_equal(strlen(m->bytes), m->n);
	for (size_t i = 0; i < m->n; i++) {
		unsigned char c = (unsigned char) m->bytes[i];

		if (c == '\n') {
			size_t length = i - 1 - start;

			assert_true(i > 0 && m->bytes[i - 1] == '\r');
			assert_true(length <= (m->bytes + i > end ? 76 : 998));
			start = i + 1;
		} else if (c == '\r') {
			assert_int_equal(m->bytes[i + 1], '\n');
		} else if (c < ' ' || c > '~') {
			fail_msg("byte %u at %zu", c, i);
		}
	}
	assert_int_equal(start, m->n);
}

/* The value of a header, unfolded; "" : there is none. There must not be two. */
static void header(const struct mail *m, const char *name, char ret[static 4096])
{
	size_t n = 0;
	int seen = 0;
	bool inside = false;

	for (const char *s = m->bytes; s[0] != '\r'; s = strstr(s, "\r\n") + 2) {
		size_t line = strcspn(s, "\r");

		if (s[0] != ' ') {
			inside = strncasecmp(s, name, strlen(name)) == 0 && s[strlen(name)] == ':';
			seen += inside;
		}
		if (inside && s[0] != ' ') {
			s += strlen(name) + 1;
			line -= strlen(name) + 1;
		}
		if (inside) {
			assert_true(n + line < 4096);
			memcpy(ret + n, s, line);
			n += line;
		}
	}
	assert_true(seen <= 1);
	ret[n] = '\0';
	memmove(ret, ret + strspn(ret, " "), strlen(ret + strspn(ret, " ")) + 1);
}

static int hex(char c)
{
	return c >= 'A' ? c - 'A' + 10 : c - '0';
}

/* The body as a reader shows it: quoted-printable decoded, flowed lines joined. */
static void body(const struct mail *m, char ret[static 8192])
{
	size_t n = 0;

	for (const char *s = strstr(m->bytes, "\r\n\r\n") + 4; *s;) {
		if (strncmp(s, "=\r\n", 3) == 0) {
			s += 3;
		} else if (*s == '=') {
			ret[n++] = (char) (hex(s[1]) * 16 + hex(s[2]));
			s += 3;
		} else if (strncmp(s, "\r\n", 2) == 0) {
			if (n == 0 || ret[n - 1] != ' ')
				ret[n++] = '\n';
			s += 2;
		} else {
			ret[n++] = *s++;
		}
		assert_true(n + 2 < 8192);
	}
	ret[n] = '\0';
}

static void a_mail_is_as_the_standards_want_it(void **state)
{
	struct acknowledgement_template *t = parsed(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = sample(t);
	struct mail m = built(&a);
	char text[8192];
	static const struct {
		const char *name;
		const char *value;
	} want[] = {
		{ "From", "FOI Team <foi@authority.example.org>" },
		{ "To", "<jane@example.net>" },
		{ "Subject", "Your request: FOI 001761/18" },
		{ "Date", "Thu, 14 Jun 2018 10:11:12 +0100" },
		{ "Message-ID",
			"<foi.m.FOI_001761/18.00000000000000000000000000000000@example.org>" },
		{ "In-Reply-To", "<1@example.net>" },
		{ "References",
			"<1@example.net> "
			"<foi.t.FOI_001761/18.11111111111111111111111111111111@example.org>" },
		{ "Auto-Submitted", "auto-replied" },
		{ "Content-Type", "text/plain; charset=UTF-8; format=flowed" },
		{ "Content-Transfer-Encoding", "quoted-printable" },
		{ "MIME-Version", "1.0" },
		{ "Precedence", "" },
		{ "Bcc", "" },
	};

	(void) state;
	check_form(&m);
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		header(&m, want[i].name, text);
		assert_string_equal(text, want[i].value);
	}
	body(&m, text);
	assert_string_equal(text,
		"We received it on 16 May 2018. We must answer by Thursday 14 June "
		"2018.\n\nErbyn 14 Mehefin 2018, Dydd Mercher 16 Mai 2018. "
		"{brace}\n\nAuthority of Exampleshire\n");
	free(m.bytes);
	acknowledgement_template_free(t);
}

static void a_paragraph_with_an_empty_field_is_left_out(void **state)
{
	struct acknowledgement_template *t = parsed(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = sample(t);
	char text[8192];
	struct mail m;

	(void) state;
	a.words.emergency = "In danger? Call 999.";
	m = built(&a);
	body(&m, text);
	assert_non_null(strstr(text, "2018.\n\nIn danger? Call 999.\n\nErbyn"));
	assert_null(strstr(text, "comment"));
	free(m.bytes);
	acknowledgement_template_free(t);
}

/* Each value in turn; nothing of them reaches the mail, or there is no mail. */
static void nothing_can_be_injected(void **state)
{
	static const char *const hostile[] = { "a@example.net\r\nBcc: b@example.com",
		"a@example.net\nBcc: b@example.com", "a@example.net\rBcc: b@example.com",
		"a@example.net\xE2\x80\xA8"
		"Bcc: b@example.com",
		"a@example.net\xC2\x85"
		"Bcc: b@example.com",
		"a@example.net, b@example.com", "a@example.net> <b@example.com",
		"a\x01@example.net", "\xFF@example.net", "a b@example.net", "", "nobody",
		"@example.net", "a@" };
	struct acknowledgement_template *t = parsed(plain_template, ACKNOWLEDGEMENT_REQUEST);

	(void) state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct acknowledgement a = sample(t);
		struct mail m = { NULL, 0 };

		a.to = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("recipient %zu", i);
		a = sample(t);
		a.from = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("sender %zu", i);
		a = sample(t);
		a.message_id = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("Message-ID %zu", i);
		assert_null(m.bytes);
	}
	acknowledgement_template_free(t);
}

static void names_with_line_ends_are_refused(void **state)
{
	static const char *const hostile[] = { "a\r\nBcc: b@example.com", "a\nb", "a\rb", "a\tb",
		"a\xE2\x80\xA8"
		"b",
		"a\xE2\x80\xA9"
		"b",
		"a\x7F", "\xC3" };
	struct acknowledgement_template *t = parsed(plain_template, ACKNOWLEDGEMENT_REQUEST);

	(void) state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct acknowledgement a = sample(t);
		struct mail m = { NULL, 0 };

		a.from_name = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("name %zu", i);
		a = sample(t);
		a.reference = hostile[i];
		if (acknowledgement_build(&a, &m.bytes, &m.n, NULL) != -EINVAL)
			fail_msg("reference %zu", i);
	}
	acknowledgement_template_free(t);
}

static void bad_ids_are_left_out(void **state)
{
	char longest[1001];
	const char *references[] = { "<2@example.net>", "<3 3@example.net>", "<4@example.net",
		"<5@example.net>\r\nBcc: x", "<6@exam\xC3\xA9ple.net>", "<@>", "", longest,
		"<7@example.net>" };
	struct acknowledgement_template *t = parsed(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = sample(t);
	char text[8192];
	struct mail m;

	(void) state;
	memset(longest, 'x', sizeof longest - 1);
	memcpy(longest, "<8@", 3);
	longest[999] = '>';
	longest[1000] = '\0';
	a.references = references;
	a.n_references = sizeof references / sizeof references[0];
	a.in_reply_to = "<1@example.net>\r\nBcc: b@example.com";
	m = built(&a);
	check_form(&m);
	header(&m, "References", text);
	assert_string_equal(text,
		"<2@example.net> <7@example.net> "
		"<foi.t.FOI_001761/18.11111111111111111111111111111111@example.org>");
	header(&m, "In-Reply-To", text);
	assert_string_equal(text, "");
	header(&m, "Bcc", text);
	assert_string_equal(text, "");
	free(m.bytes);
	acknowledgement_template_free(t);
}

static void only_the_last_references_are_carried(void **state)
{
	char ids[60][32];
	const char *references[60];
	struct acknowledgement_template *t = parsed(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = sample(t);
	char text[8192];
	struct mail m;

	(void) state;
	for (int i = 0; i < 60; i++) {
		(void) snprintf(ids[i], sizeof ids[i], "<%d@example.com>", i);
		references[i] = ids[i];
	}
	a.references = references;
	a.n_references = 60;
	m = built(&a);
	header(&m, "References", text);
	assert_int_equal(strncmp(text, "<50@example.com> <51@example.com>", 33), 0);
	free(m.bytes);
	acknowledgement_template_free(t);
}

static void an_address_beyond_ascii_stays_out_of_the_header(void **state)
{
	struct acknowledgement_template *t = parsed(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = sample(t);
	char text[8192];
	struct mail m;

	(void) state;
	a.to = "s\xC3\xAEn@example.net";
	m = built(&a);
	check_form(&m);
	header(&m, "To", text);
	assert_string_equal(text, "undisclosed-recipients:;");
	free(m.bytes);
	acknowledgement_template_free(t);
}

static void long_words_are_cut_into_lines(void **state)
{
	char word[1001];
	struct acknowledgement_template *t = parsed(plain_template, ACKNOWLEDGEMENT_REQUEST);
	struct acknowledgement a = sample(t);
	struct mail m;

	(void) state;
	memset(word, 'w', 1000);
	word[1000] = '\0';
	a.words.authority = word;
	a.words.emergency =
		"\xC5\xB4\xC5\xB4\xC5\xB4 \xC5\xB4\xC5\xB4 \xC5\xB4\xC5\xB4\xC5\xB4\xC5\xB4"
		"\xC5\xB4 \xC5\xB4\xC5\xB4\xC5\xB4\xC5\xB4 .\r\n.\r\nQUIT";
	word[200] = '\0';
	a.from_name = word;
	m = built(&a);
	check_form(&m);
	assert_null(strstr(m.bytes, "\r\n."));
	free(m.bytes);
	acknowledgement_template_free(t);
}

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
	return parsed(text, kind);
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
		struct acknowledgement a = sample(t);
		struct mail m;
		char text[8192];

		a.regime = rows[i].regime;
		m = built(&a);
		check_form(&m);
		body(&m, text);
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
		cmocka_unit_test(a_mail_is_as_the_standards_want_it),
		cmocka_unit_test(a_paragraph_with_an_empty_field_is_left_out),
		cmocka_unit_test(nothing_can_be_injected),
		cmocka_unit_test(names_with_line_ends_are_refused),
		cmocka_unit_test(bad_ids_are_left_out),
		cmocka_unit_test(only_the_last_references_are_carried),
		cmocka_unit_test(an_address_beyond_ascii_stays_out_of_the_header),
		cmocka_unit_test(long_words_are_cut_into_lines),
		cmocka_unit_test(templates_are_checked),
		cmocka_unit_test(installed_templates_are_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
