/* acknowledgement_mail.c - an acknowledgement of the tests, and how a mail program would show it. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/acknowledgement_mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

static const char *const no_references[] = { NULL };

struct acknowledgement acknowledgement_mail_sample(const struct acknowledgement_template *t)
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

struct acknowledgement_template *acknowledgement_mail_template(
	const char *text, enum acknowledgement_kind kind)
{
	struct acknowledgement_template *t = NULL;
	struct fault f = { .code = 0 };

	if (acknowledgement_template_parse(text, strlen(text), "test", kind, &t, &f) < 0)
		fail_msg("%s", f.text);
	return t;
}

struct acknowledgement_mail acknowledgement_mail_build(const struct acknowledgement *a)
{
	struct acknowledgement_mail m = { NULL, 0 };
	struct fault f = { .code = 0 };

	if (acknowledgement_build(a, &m.bytes, &m.n, &f) < 0)
		fail_msg("%s", f.text);
	return m;
}

void acknowledgement_mail_check(const struct acknowledgement_mail *m)
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

void acknowledgement_mail_header(
	const struct acknowledgement_mail *m, const char *name, char ret[static 4096])
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

void acknowledgement_mail_body(const struct acknowledgement_mail *m, char ret[static 8192])
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
