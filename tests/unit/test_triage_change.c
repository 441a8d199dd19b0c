/* test_triage_change.c - what must not change when a mail of the table is changed a little.
 *
 * Whoever writes a mail can add any header, and every mailer adds "Re:" and quotes. None of that may
 * take a clock away (FOI 2000 s.10(1)), and what makes a mail look automatic may never bring it an
 * answer (RFC 3834 s.2). */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/triage_row.h"
#include "tests/support/triage_world.h"
#include "tests/unit/triage_rows.h"

enum {
	TEXT_MAX = 3072,
};

static struct triage_verdict judge(const struct triage_row *row, const char *more)
{
	return triage_row_judge(row, &triage_world_policy, more);
}

/* Headers that are worth nothing because of who wrote them. */
static const char *const worthless[] = {
	"In-Reply-To: {w:FOI 000012/26}\n",
	"References: {w:FOI 000007/25} {c:FOI 000012/26}\n",
	"In-Reply-To: {o:FOI 000012/25}\n",
	"References: {p:FOI 000012/26}\n",
	"X-FOI-Reference: FOI 000012/26\n",
	"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\n",
	"Authentication-Results: mx.example.com; dmarc=fail\n",
	"Authentication-Results: mx.authority.example.org.example.com; dmarc=fail\n",
	"ARC-Authentication-Results: i=1; mx.authority.example.org; dmarc=fail\n",
	"Authentication-Results-Original: mx.authority.example.org; dmarc=fail\n",
	"X-Spam-Flag: NO\n",
	"X-Spam-Status: No, score=-9.0\n",
	"X-MS-Exchange-Organization-SCL: -1\n",
	"X-Rspamd-Action: no action\n",
	"X-Auto-Response-Suppress: All\n",
	"Auto-Submitted: no\n",
};

static void worthless_headers_change_nothing(void **state)
{
	(void) state;
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof worthless / sizeof worthless[0]; k++) {
			struct triage_verdict before = judge(&rows[i], "");
			struct triage_verdict after = judge(&rows[i], worthless[k]);

			if (after.fate != before.fate || after.clock != before.clock ||
				after.acknowledge != before.acknowledge ||
				after.n_opens != before.n_opens ||
				after.about.id != before.about.id)
				fail_msg("%s + %s", rows[i].why, worthless[k]);
		}
}

/* A verdict that can be forged only ever makes a person look. */
static const char *const doubtful[] = {
	"Authentication-Results: mx.authority.example.org; dmarc=fail\n",
	"Authentication-Results: mx.authority.example.org; compauth=fail reason=001\n",
	"X-Spam-Flag: YES\n",
	"X-Spam-Status: Yes, score=9.0\n",
	"X-MS-Exchange-Organization-SCL: 9\n",
	"X-Spamd-Result: default: True [99.0 / 15.0]\n",
};

static void a_bad_verdict_takes_no_clock_and_brings_no_answer(void **state)
{
	size_t lost = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof doubtful / sizeof doubtful[0]; k++) {
			struct triage_verdict before = judge(&rows[i], "");
			struct triage_verdict after = judge(&rows[i], doubtful[k]);

			if (before.clock && !after.clock)
				fail_msg("%s + %s", rows[i].why, doubtful[k]);
			if (after.acknowledge > before.acknowledge)
				fail_msg("answered: %s + %s", rows[i].why, doubtful[k]);
			lost += after.acknowledge < before.acknowledge;
		}
	assert_true(lost > 100);
}

static const char *const automatic[] = {
	"Auto-Submitted: auto-generated\n",
	"Auto-Submitted: auto-replied\n",
	"Return-Path: <>\n",
	"Precedence: bulk\n",
	"Precedence: list\n",
	"X-Autoreply: yes\n",
	"List-Id: <any.lists.example.net>\n",
	"List-Unsubscribe: <https://lists.example.net/u>\n",
};

/* The one mail that is automatic and answered is that of a form, to whom it names. */
static void an_automatic_mail_gains_no_answer(void **state)
{
	size_t silenced = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof automatic / sizeof automatic[0]; k++) {
			struct triage_verdict before = judge(&rows[i], "");
			struct triage_verdict after = judge(&rows[i], automatic[k]);

			if (after.acknowledge > before.acknowledge)
				fail_msg("%s + %s", rows[i].why, automatic[k]);
			if (after.acknowledge != ACKNOWLEDGE_NO &&
				!triage_row_has_rule(&after, "web-form"))
				fail_msg("answered: %s + %s", rows[i].why, automatic[k]);
			silenced += after.acknowledge < before.acknowledge;
		}
	assert_true(silenced > 500);
}

/* What a program merely made, and no list sent, keeps the clock that it has as a person's. */
static void what_a_program_made_keeps_its_clock(void **state)
{
	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct triage_verdict before = judge(&rows[i], "");
		struct triage_verdict after = judge(&rows[i], "Precedence: bulk\n");

		if (before.n_opens > 0 && !after.clock)
			fail_msg("%s", rows[i].why);
	}
}

/* @row with a subject that begins with @prefix; @headers has room for TEXT_MAX. */
static struct triage_row with_prefix(
	const struct triage_row *row, const char *prefix, char *headers)
{
	struct triage_row changed = *row;
	const char *subject = strstr(row->headers, "Subject: ");

	if (!subject)
		return changed;
	subject += strlen("Subject: ");
	(void) snprintf(headers, TEXT_MAX, "%.*s%s%s", (int) (subject - row->headers), row->headers,
		prefix, subject);
	changed.headers = headers;
	return changed;
}

static void a_prefix_takes_no_clock_from_a_request(void **state)
{
	static const char *const prefixes[] = {
		"Re: ", "RE: FW: ", "Fwd: ", "Ateb: ", "Re: Re: Re: ", "[EXTERNAL] Re: "
	};
	size_t n = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof prefixes / sizeof prefixes[0]; k++) {
			char headers[TEXT_MAX];
			struct triage_row row = with_prefix(&rows[i], prefixes[k], headers);
			struct triage_verdict before = judge(&rows[i], "");
			struct triage_verdict after = judge(&row, "");

			if (before.n_opens == 0)
				continue;
			n++;
			if (!after.clock)
				fail_msg("%s: %s", prefixes[k], rows[i].why);
		}
	assert_true(n > 500);
}

static void a_quoted_tail_takes_no_clock(void **state)
{
	static const char *const tails[] = {
		"\n\n> Thank you very much.\n> Kind regards\n",
		"\n\n> If you are dissatisfied you may request an internal review.\n",
		"\n\nOn Monday FOI wrote:\n> Your request FOI 000007/25 was answered.\n",
		"\n\n> I am out of the office. This is an automatic reply.\n",
		"\n\n> Delivery has failed to these recipients or groups.\n",
	};
	size_t n = 0;

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof tails / sizeof tails[0]; k++) {
			char text[TEXT_MAX];
			struct triage_row row = rows[i];
			struct triage_verdict before = judge(&rows[i], "");
			struct triage_verdict after;

			(void) snprintf(text, sizeof text, "%s%s", rows[i].text, tails[k]);
			row.text = text;
			row.new_text = rows[i].new_text ? rows[i].new_text : rows[i].text;
			after = judge(&row, "");
			/* What a report encloses is what it is about. */
			if (triage_row_has_rule(&before, "delivery-foreign"))
				continue;
			n += before.clock;
			if (before.clock && !after.clock)
				fail_msg("%s: %s", rows[i].why, tails[k]);
			if (after.acknowledge > before.acknowledge)
				fail_msg("answered: %s: %s", rows[i].why, tails[k]);
		}
	assert_true(n > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worthless_headers_change_nothing),
		cmocka_unit_test(a_bad_verdict_takes_no_clock_and_brings_no_answer),
		cmocka_unit_test(an_automatic_mail_gains_no_answer),
		cmocka_unit_test(what_a_program_made_keeps_its_clock),
		cmocka_unit_test(a_prefix_takes_no_clock_from_a_request),
		cmocka_unit_test(a_quoted_tail_takes_no_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
