/* test_config_mistakes.c - what foimaild.conf must not say, and how that is told. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/config.h"
#include "adapters/config_private.h"
#include "base/cleanup.h"
#include "tests/support/config_try.h"

static void three_mistakes_are_three_reports(void **state)
{
	struct config *c = NULL;
	struct fault f = { 0 };
	struct config_try *t = *state;

	assert_int_equal(
		config_try(t,
			CONFIG_TRY_AUTHORITY "regimee = foia\n"
					     "[mailbox foi]\naddress = foi\n"
					     "url = imaps://mail.example.org\n" CONFIG_TRY_SMTP,
			&c),
		-EINVAL);
	assert_null(c);
	assert_string_equal(t->text,
		":3: [authority] regimee: is not a known key; did you mean regime?\n"
		":5: [mailbox foi] address: is no mail address; write it as foi@example.gov.uk, "
		"without name or angle brackets\n"
		":4: [mailbox foi] credential: is missing; name the systemd credential (or the "
		"file) that holds the mailbox's password\n");
	assert_int_equal(config_load(t->path, NULL, NULL, &c, &f), -EINVAL);
	assert_int_equal(f.kind, FAULT_CONFIG);
	assert_non_null(strstr(f.text, ": 3 mistakes"));
}

static const struct mistake {
	const char *why;
	const char *
		text; /* after CONFIG_TRY_AUTHORITY CONFIG_TRY_MAILBOX, or whole when it starts with '[' */
	const char *expected; /* the only report, or a part of it */
} mistakes[] = {
	{ "unknown key, nothing near", "colour = blue\n",
		":7: [mailbox foi] colour: is not a known key; see foimaild.conf(5)" },
	{ "two letters swapped", "fodlers = INBOX\n", "did you mean folders?" },
	{ "key of another section", "bounce_address = null\n",
		":7: [mailbox foi] bounce_address: is not a key of this section; it belongs to "
		"[smtp]" },
	{ "password in the file", "password = hunter2\n",
		":7: [mailbox foi] password: secrets must not be in this file" },
	{ "token in the file", "oauth_token = x\n", "secrets must not be in this file" },
	{ "key twice", "address = a@example.org\n",
		":7: [mailbox foi] address: is there twice, first in line 4; keep one" },
	{ "no equals sign", "folders INBOX\n", ":7: [mailbox foi]: the line has no =" },
	{ "unknown section", "[smpt]\nx = y\n",
		":7: [smpt] is not a known section; did you mean [smtp]?" },
	{ "unknown section, nothing near", "[weather]\n",
		":7: [weather] is not a known section; see" },
	{ "unknown section with a control character", "[weat\x7Fher]\n",
		":7: [weat her] is not a known section; see" },
	{ "unknown section, cut within a character",
		"[123456789012345678901234567890123456789\xC3\xA9]\n",
		":7: [123456789012345678901234567890123456789\xEF\xBF\xBD] is not" },
	{ "section twice", "[authority]\nregime = eir\n",
		":7: [authority]: is there twice, first in line 1" },
	{ "mailbox twice", "[mailbox foi]\n",
		":7: [mailbox foi]: is there twice, first in line 3" },
	{ "mailbox without name", "[mailbox]\n", ":7: [mailbox NAME] needs a name" },
	{ "name with a slash", "[mailbox a/b]\n", ":7: [mailbox NAME] needs a name" },
	{ "name too long", "[form aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n", ":7: [form NAME] needs" },
	{ "name where none belongs", "[smtp out]\n", ":7: [smtp] has no name; write [smtp]" },
	{ "bracket not closed", "[smtp\n", ":7: a section is a name in [ and ]" },
	{ "words after the bracket", "[smtp] url = x\n", ":7: a section is a name in [ and ]" },
	{ "control character", "user = a\x07\n", ":7: [mailbox foi]: the line holds a control" },
	{ "not UTF-8", "user = \xE9\n", ":7: [mailbox foi]: the line is not UTF-8" },
	{ "inih would cut the comment", "folders = INBOX ; and more\n",
		":7: [mailbox foi]: a comment needs a line of its own" },
	{ "nothing to carry on", "[smtp]\n url = smtp://a.example.org\n",
		":8: [smtp]: a line that begins with a space carries on" },
	{ "word of a set", "acknowledge = yes\n",
		":7: [mailbox foi] acknowledge: \"yes\" is not known; give auto, hold or off" },
	{ "number with a sign", "poll = -5\n",
		"poll: is no whole number of s; write it as in 5 min" },
	{ "number with another unit", "poll = 5 days\n", "poll: is no whole number" },
	{ "no reading of the law", "[law]\neir_charge = both\n",
		":8: [law] eir_charge: \"both\" is not known; give between, ends or none" },
	{ "no time to pay", "[law]\neir_charge_days = 0\n",
		":8: [law] eir_charge_days: is out of range; give 1 to 250" },
	{ "number too small", "poll = 9\n", "poll: is out of range; give 10 to 86400 s" },
	{ "an alarm at once", "alarm_after = 9 s\n", "alarm_after: is out of range" },
	{ "number too big", "poll = 25 h\n", "poll: is out of range" },
	{ "number beyond 64 bits", "mail_max = 99999999999999999999 MiB\n", "out of range" },
	{ "product beyond 64 bits", "mail_max = 268435456 MiB\n", "out of range" },
	{ "not a date", "start = 2018-02-30\n", "start: is not known; give new, all or a day" },
	{ "keyword with a space", "after = keyword:a b\n", "after: is not known; give none" },
	{ "keyword is a system flag", "after = keyword:\\Seen\n", "after: is not known" },
	{ "move to nowhere", "after = move:\n", "after: is not known" },
	{ "move into a watched folder", "after = move:INBOX\n",
		"moves into a folder that is watched" },
	{ "folder watched twice", "junk_folders = INBOX\n",
		"names a folder that folders names too" },
	{ "empty list", "folders =\n", "folders: is empty; give at least one entry" },
	{ "empty entry", "folders = a,,b\n", "folders: has an empty entry" },
	{ "no TLS over imaps", "tls = off\n", ":7: [mailbox foi] tls: off fits imap:// only" },
	{ "no login on a foreign host", "auth = none\n",
		":7: [mailbox foi] auth: none is allowed for 127.0.0.1, ::1 and localhost only" },
	{ "smtp without TLS on a foreign host",
		"[smtp]\nurl = smtp://mail.example.org\ntls = off\n",
		":9: [smtp] tls: off is allowed for 127.0.0.1, ::1 and localhost only" },
	{ "host that only begins with a loopback name",
		"[smtp]\nurl = smtp://localhost.example.org\ntls = off\n",
		"tls: off is allowed for" },
	{ "user without credential", "[smtp]\nuser = a\n", ":8: [smtp] user: needs a credential" },
	{ "credential without user", "[smtp]\ncredential = a\n", "credential: needs a user" },
	{ "other scheme", "[smtp]\nurl = https://example.org\n",
		":8: [smtp] url: must begin with smtp:// or smtps://" },
	{ "password in the URL", "[smtp]\nurl = smtp://a:pw@example.org\n",
		"url: holds a user name or password" },
	{ "path", "[smtp]\nurl = smtp://example.org/x\n", "url: goes on after the host" },
	{ "no host", "[smtp]\nurl = smtp://:25\n", "url: has no valid host name" },
	{ "host with a blank label", "[smtp]\nurl = smtp://a..b\n", "url: has no valid host name" },
	{ "port zero", "[smtp]\nurl = smtp://a.example.org:0\n", "url: has no port number" },
	{ "port too big", "[smtp]\nurl = smtp://a.example.org:65536\n", "url: has no port number" },
	{ "bank holidays in clear", "[calendar]\nurl = http://www.gov.uk/bank-holidays.json\n",
		"[calendar] url: must begin with https://" },
	{ "bank holidays from nowhere", "[calendar]\nurl = bank-holidays.json\n",
		"[calendar] url: must begin with https://" },
	{ "bank holidays of no host", "[calendar]\nurl = https:///bank-holidays.json\n",
		"[calendar] url: has no valid host name" },
	{ "a password in the address of the bank holidays",
		"[calendar]\nurl = https://a:hunter2@example.org/x\n",
		"[calendar] url: holds a character" },
	{ "bank holidays too often", "[calendar]\nrefresh = 0 h\n", "[calendar] refresh: " },
	{ "IPv6 not closed", "[smtp]\nurl = smtp://[::1\n", "url: has a [ without a ]" },
	{ "not IPv6", "[smtp]\nurl = smtp://[a.example.org]\n", "url: has no IPv6 address" },
	{ "sender is neither", "[senders]\nignored = a b\n",
		"ignored: has an entry that is neither" },
	{ "two at signs", "[smtp]\nfrom = a@b@example.org\n", "from: is no mail address" },
	{ "digest into a watched mailbox",
		"[reminders]\ndigest_to = a@example.org, FOI@example.org\n",
		":8: [reminders] digest_to: names a mailbox that is watched, where the mail would "
		"come in again; give the address of" },
	{ "escalation into a watched mailbox, by a tag",
		"[reminders]\nescalate_to = foi+late@Example.org\n",
		":8: [reminders] escalate_to: names a mailbox that is watched" },
	{ "a watched mailbox whose own address has a plus sign",
		"[mailbox team]\naddress = team+foi@example.org\nurl = imaps://mail.example.org\n"
		"user = team\ncredential = /dev/null\n"
		"[reminders]\ndigest_to = Team+FOI@example.org\n",
		"[reminders] digest_to: names a mailbox that is watched" },
	{ "officer without a domain", "[reminders]\ndigest_to = jane\n",
		":8: [reminders] digest_to: has an entry that is no mail address; write it" },
	{ "no time of day", "[reminders]\nat = 7\n",
		":8: [reminders] at: is no time of day; write it as in 07:00" },
	{ "time beyond midnight", "[reminders]\nat = 24:00\n", "at: is no time of day" },
	{ "minute beyond the hour", "[reminders]\nat = 07:60\n", "at: is no time of day" },
	{ "no number among the steps", "[reminders]\nsteps = 10, soon\n",
		":8: [reminders] steps: has an entry that is no number of working days from 0 to "
		"60" },
	{ "step too far away", "[reminders]\nsteps = 61\n", "steps: has an entry that is no" },
	{ "no steps", "[reminders]\nsteps =\n", "steps: is empty; give at least one entry" },
	{ "step twice", "[reminders]\nsteps = 5, 1, 5\n", "steps: names 5 twice" },
	{ "due soon, in other days", "[reminders]\ndue_soon = 2 months\n",
		"due_soon: is no whole number of working days; write it as in 5 working days" },
	{ "escalation at once", "[reminders]\nescalate_after = 0\n",
		"escalate_after: is out of range; give 1 to 60 working days" },
	{ "form without from", "[form web]\nemail_field = E\n", ":7: [form web] from: is missing" },
	{ "template without number", "[reference]\nrequest = FOI {yy}\n",
		":8: [reference] request: " },
};

static void each_mistake_names_line_key_and_remedy(void **state)
{
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const struct mistake *m = &mistakes[i];
		CLEANUP(freep) char *text = NULL;
		struct config *c = NULL;
		struct config_try *t = *state;

		assert_true(asprintf(&text, "%s%s", CONFIG_TRY_AUTHORITY CONFIG_TRY_MAILBOX,
				    m->text) > 0);
		if (config_try(t, text, &c) != -EINVAL || !strstr(t->text, m->expected) ||
			t->mistakes != 1)
			fail_msg("%s: got \"%s\"", m->why, t->text);
		assert_null(c);
	}
}

static void reports_never_repeat_what_may_be_secret(void **state)
{
	struct config *c = NULL;
	struct config_try *t = *state;

	assert_int_equal(config_try(t,
				 CONFIG_TRY_AUTHORITY
				 "password = hunter2\n[mailbox foi]\naddress = hunter2\n"
				 "url = imap://a:hunter2@example.org\n",
				 &c),
		-EINVAL);
	assert_null(strstr(t->text, "hunter2"));
}

static void what_is_missing_is_told_with_its_section(void **state)
{
	struct config *c = NULL;
	struct config_try *t = *state;

	assert_int_equal(config_try(t, "", &c), -EINVAL);
	assert_string_equal(t->text,
		": [authority] name: is missing; add it with its section\n"
		": there is no [mailbox NAME]; add one for the mailbox that requests come to\n");
	assert_int_equal(config_try(t, "name = x\n[authority]\n[mailbox foi]\n", &c), -EINVAL);
	assert_string_equal(t->text,
		":1: name: stands before any [section]; put it below the one it belongs to\n"
		":2: [authority] name: is missing; add it\n"
		":3: [mailbox foi] address: is missing; add it\n"
		":3: [mailbox foi] url: is missing; add it\n"
		":3: [mailbox foi] credential: is missing; name the systemd credential (or the "
		"file) that holds the mailbox's password\n");
}

/* "40 days" once meant working days: a number without its unit is not guessed at. */
static void a_review_window_without_a_unit_is_refused(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	struct config_try *t = *state;

	assert_int_equal(config_try(t,
				 CONFIG_TRY_AUTHORITY
				 "review_window = 40\n" CONFIG_TRY_MAILBOX CONFIG_TRY_SMTP,
				 &c),
		-EINVAL);
	assert_string_equal(t->text,
		":3: [authority] review_window: needs a unit, because days of the calendar and "
		"working days differ; write 40 working days, 20 days or 8 weeks\n");
}

static void one_thing_is_worth_a_warning(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	struct config_try *t = *state;

	assert_int_equal(config_try(t, CONFIG_TRY_AUTHORITY CONFIG_TRY_MAILBOX, &c), 0);
	assert_string_equal(t->text,
		"warning: : [smtp] url: is not set: acknowledgements are kept and none is sent\n");
}

static void officers_who_cannot_be_reached_are_worth_a_warning(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	struct config_try *t = *state;

	assert_int_equal(config_try(t,
				 CONFIG_TRY_AUTHORITY CONFIG_TRY_MAILBOX
				 "acknowledge = off\n[reminders]\ndigest_to = a@example.org\n",
				 &c),
		0);
	assert_string_equal(t->text,
		"warning: :9: [reminders] digest_to: cannot be reached: [smtp] "
		"url is not set, so nothing is sent\n");
}

static void long_lines_are_refused_whole(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	char line[1024];
	struct config_try *t = *state;

	(void) snprintf(line, sizeof line, "%sformats = %0*d\n  more\n%s", CONFIG_TRY_AUTHORITY,
		600, 1, CONFIG_TRY_MAILBOX CONFIG_TRY_SMTP);
	assert_int_equal(config_try(t, line, &c), -EINVAL);
	assert_string_equal(t->text, ":3: [authority]: the line is too long; go on in a next line "
				     "that begins with a space\n");
	(void) snprintf(line, sizeof line, "%sformats = %0*d\n  %0*d\n  %0*d\n%s",
		CONFIG_TRY_AUTHORITY, 150, 1, 150, 2, 150, 3, CONFIG_TRY_MAILBOX CONFIG_TRY_SMTP);
	assert_int_equal(config_try(t, line, &c), 0);
	assert_int_equal(strlen(c->formats), 452);
}

static void files_that_are_no_configuration_are_refused(void **state)
{
	CLEANUP(freep) char *big = malloc(CONFIG_BYTES_MAX + 1);
	struct config *c = NULL;
	struct fault f;
	struct config_try *t = *state;

	assert_non_null(big);
	memset(big, '\n', CONFIG_BYTES_MAX + 1);
	assert_int_equal(config_try_bytes(t, big, CONFIG_BYTES_MAX + 1, &c), -EFBIG);
	assert_int_equal(config_try_bytes(t, "[smtp]\nurl = a\0b\n", 17, &c), -EINVAL);
	assert_non_null(strstr(t->text, ":2: [smtp]: the line holds a control character"));
	assert_int_equal(config_load(t->folder, NULL, NULL, &c, &f), -EINVAL);
	assert_int_equal(config_load("/nonexistent/foimaild.conf", NULL, NULL, &c, &f), -ENOENT);
	assert_int_equal(f.kind, FAULT_CONFIG);
}

static void more_sections_than_served_are_refused(void **state)
{
	char text[8192] = CONFIG_TRY_AUTHORITY;
	struct config *c = NULL;
	struct config_try *t = *state;

	for (int i = 0; i <= CONFIG_MAILBOXES_MAX; i++) {
		size_t n = strlen(text);

		(void) snprintf(text + n, sizeof text - n,
			"[mailbox m%d]\naddress = m%d@example.org\nurl = imaps://a.example.org\n"
			"credential = c\nacknowledge = off\n",
			i, i);
	}
	assert_int_equal(config_try(t, text, &c), -EINVAL);
	assert_string_equal(
		t->text, ":83: there are more [mailbox] sections than this program can serve\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_mistakes_are_three_reports),
		cmocka_unit_test(each_mistake_names_line_key_and_remedy),
		cmocka_unit_test(reports_never_repeat_what_may_be_secret),
		cmocka_unit_test(what_is_missing_is_told_with_its_section),
		cmocka_unit_test(a_review_window_without_a_unit_is_refused),
		cmocka_unit_test(one_thing_is_worth_a_warning),
		cmocka_unit_test(officers_who_cannot_be_reached_are_worth_a_warning),
		cmocka_unit_test(long_lines_are_refused_whole),
		cmocka_unit_test(files_that_are_no_configuration_are_refused),
		cmocka_unit_test(more_sections_than_served_are_refused),
	};

	return cmocka_run_group_tests(tests, config_try_set_up, config_try_tear_down);
}
