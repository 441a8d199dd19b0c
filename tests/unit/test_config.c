/* test_config.c - reading foimaild.conf: its values, and what holds for those that are not there. */
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

static void presets_hold_for_what_is_not_said(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	const struct config_mailbox *m;
	struct config_try *t = *state;

	assert_int_equal(
		config_try(t, CONFIG_TRY_AUTHORITY CONFIG_TRY_MAILBOX CONFIG_TRY_SMTP, &c), 0);
	assert_string_equal(t->text, "");
	assert_string_equal(c->authority_name, "Example Council");
	assert_int_equal(c->regime, STATUTE_FOIA);
	assert_int_equal(c->review_window.n, 40);
	assert_int_equal(c->review_window.unit, REVIEW_WINDOW_WORKING_DAYS);
	assert_int_equal(c->law.eir_charge_days, statute_settings_default.eir_charge_days);
	assert_int_equal(c->law.eir_charge, statute_settings_default.eir_charge);
	assert_int_equal(
		c->law.eir_particulars_restart, statute_settings_default.eir_particulars_restart);
	assert_int_equal(c->law.eir_transfer_ends, statute_settings_default.eir_transfer_ends);
	assert_int_equal(c->law.foia_extension_needs_date,
		statute_settings_default.foia_extension_needs_date);
	assert_int_equal(c->law.foisa_clarification_restarts,
		statute_settings_default.foisa_clarification_restarts);
	assert_int_equal(c->first, 1);
	assert_int_equal(c->request.n, 4);
	assert_int_equal(c->bounce, CONFIG_BOUNCE_PLAIN);
	assert_string_equal(c->smtp_from_name, "Example Council");
	assert_string_equal(c->smtp_from, "");
	assert_string_equal(c->store_path, "/var/lib/foimaild/foimaild.db");
	assert_string_equal(c->read_group, "foi-read");
	assert_int_equal(c->platforms.n, 1);
	assert_string_equal(c->platforms.entries[0], "whatdotheyknow.com");
	assert_int_equal(c->reminders_at, 7 * 60);
	assert_int_equal(c->reminder_steps.n, 4);
	assert_int_equal(c->reminder_steps.days[0], 10);
	assert_int_equal(c->reminder_steps.days[3], 0);
	assert_int_equal(c->digest_to.n, 0);
	assert_int_equal(c->due_soon_days, 5);
	assert_int_equal(c->escalate_to.n, 0);
	assert_int_equal(c->escalate_after_days, 2);
	assert_int_equal(c->n_forms, 0);
	assert_int_equal(c->n_mailboxes, 1);
	m = &c->mailboxes[0];
	assert_string_equal(m->name, "foi");
	assert_string_equal(m->user, "foi@example.org");
	assert_int_equal(m->folders.n, 1);
	assert_string_equal(m->folders.entries[0], "INBOX");
	assert_int_equal(m->start, CONFIG_START_NEW);
	assert_int_equal(m->acknowledge, ACKNOWLEDGE_SEND);
	assert_int_equal(m->acknowledge_within_days, 3);
	assert_int_equal(m->after, CONFIG_AFTER_NONE);
	assert_string_equal(m->after_argument, "");
	assert_int_equal(m->poll_sec, 300);
	assert_int_equal(m->alarm_after_sec, 600);
	assert_int_equal(m->mail_bytes_max, 50 * 1024 * 1024);
}

static const char every_kind[] =
	"\xEF\xBB\xBF; a comment\n"
	"[authority]\r\nname = Cyngor Enghraifft\r\nregime = EIR\n"
	"receipt_rule = s45code\nreview_window = 20 days\nlanguage = welsh-first\n"
	"received_by = MX1.example.org , mx2.example.org\n"
	"authserv_id = MX.Example.Org\n"
	"emergency = If somebody is in danger,\n  call 999;\n\tdo not write.\n"
	"templates = texts\n"
	"[law]\neir_charge_days = 30\neir_charge = ends\n"
	"eir_particulars = run\neir_transfer = runs\n"
	"foia_extension_date = optional\nfoisa_clarification = run\n"
	"[reference]\nrequest = F{yyyy}-{seq}\nfirst = 1761\nreset = yearly\n"
	"year_of = logged\n"
	"[mailbox a.b-c_1]\naddress = foi@example.org\n"
	"url = IMAP://[::1]:1143/\ntls = off\nauth = none\n"
	"folders = INBOX, Requests/New\njunk_folders = Junk\n"
	"start = 2018-05-16\nacknowledge = hold\n"
	"acknowledge_within = 2 weeks\nafter = keyword:$FoiCase\n"
	"poll = 2 min\nmail_max = 1 MiB\nregime = foisa\n"
	"[mailbox two]\naddress = eir@example.org\nurl = "
	"imap://mail.example.org:143\n"
	"credential = ./pw\nuser = u\nafter = move:Done, by us\n"
	"[form web]\nfrom = web@example.org\nemail_field = Email\n"
	"[smtp]\nurl = smtps://mail.example.org:465\nuser = foi\n"
	"credential = smtp\nbounce_address = tagged\nfrom = out@example.org\n"
	"[calendar]\nfiles = /a.json, b.json\n"
	"[socket]\npath =\n"
	"[reminders]\nat = 16:05\nsteps = 1,20, 3\n"
	"digest_to = Foi.Team@example.org, b@example.net\n"
	"due_soon = 10\nescalate_after = 1 working day\n"
	"escalate_to = head@example.org\n"
	"[senders]\ncolleagues = Example.org, @a.example.net, B@example.com";

static void check_authority(const struct config *c, const char *folder)
{
	char expected[128];

	assert_int_equal(c->regime, STATUTE_EIR);
	assert_int_equal(c->receipt_rule, STATUTE_RULE_S45CODE);
	assert_int_equal(c->review_window.n, 20);
	assert_int_equal(c->review_window.unit, REVIEW_WINDOW_DAYS);
	assert_int_equal(c->language, CONFIG_LANGUAGE_WELSH_FIRST);
	assert_int_equal(c->received_by.n, 2);
	assert_string_equal(c->received_by.entries[0], "mx1.example.org");
	assert_string_equal(c->authserv_id, "mx.example.org");
	assert_string_equal(c->emergency, "If somebody is in danger, call 999; do not write.");
	(void) snprintf(expected, sizeof expected, "%s/texts", folder);
	assert_string_equal(c->templates_dir, expected);
	assert_int_equal(c->law.eir_charge_days, 30);
	assert_int_equal(c->law.eir_charge, STATUTE_FEE_ENDS);
	assert_false(c->law.eir_particulars_restart);
	assert_false(c->law.eir_transfer_ends);
	assert_false(c->law.foia_extension_needs_date);
	assert_false(c->law.foisa_clarification_restarts);
}

static void check_numbers_and_reminders(const struct config *c)
{
	assert_int_equal(c->first, 1761);
	assert_true(c->reset_yearly);
	assert_int_equal(c->year_of, CONFIG_YEAR_LOGGED);
	assert_int_equal(c->reminders_at, 16 * 60 + 5);
	assert_int_equal(c->reminder_steps.n, 3);
	assert_int_equal(c->reminder_steps.days[0], 20);
	assert_int_equal(c->reminder_steps.days[1], 3);
	assert_int_equal(c->reminder_steps.days[2], 1);
	assert_int_equal(c->digest_to.n, 2);
	assert_string_equal(c->digest_to.entries[0], "Foi.Team@example.org");
	assert_int_equal(c->due_soon_days, 10);
	assert_int_equal(c->escalate_after_days, 1);
	assert_string_equal(c->escalate_to.entries[0], "head@example.org");
}

static void check_first_mailbox(const struct config *c)
{
	const struct config_mailbox *m = &c->mailboxes[0];

	assert_int_equal(c->n_mailboxes, 2);
	assert_string_equal(m->name, "a.b-c_1");
	assert_string_equal(m->url, "imap://[::1]:1143");
	assert_true(m->plaintext);
	assert_int_equal(m->auth, CONFIG_AUTH_NONE);
	assert_string_equal(m->user, "");
	assert_string_equal(m->folders.entries[1], "Requests/New");
	assert_string_equal(m->junk_folders.entries[0], "Junk");
	assert_int_equal(m->start, CONFIG_START_DATE);
	assert_int_equal(m->start_date.n, 17667);
	assert_int_equal(m->acknowledge, ACKNOWLEDGE_HOLD);
	assert_int_equal(m->acknowledge_within_days, 14);
	assert_int_equal(m->after, CONFIG_AFTER_KEYWORD);
	assert_string_equal(m->after_argument, "$FoiCase");
	assert_int_equal(m->poll_sec, 120);
	assert_int_equal(m->mail_bytes_max, 1024 * 1024);
	assert_int_equal(m->regime, STATUTE_FOISA);
	assert_int_equal(m->receipt_rule, STATUTE_RULE_S45CODE);
}

static void check_second_mailbox(const struct config *c, const char *folder)
{
	const struct config_mailbox *m = &c->mailboxes[1];
	char expected[128];

	(void) snprintf(expected, sizeof expected, "%s/./pw", folder);
	assert_string_equal(m->credential, expected);
	assert_false(m->plaintext);
	assert_int_equal(m->regime, STATUTE_EIR);
	assert_int_equal(m->after, CONFIG_AFTER_MOVE);
	assert_string_equal(m->after_argument, "Done, by us");
}

static void check_ways_out(const struct config *c, const char *folder)
{
	char expected[128];

	assert_int_equal(c->n_forms, 1);
	assert_string_equal(c->forms[0].name, "web");
	assert_string_equal(c->forms[0].email_field, "Email");
	assert_int_equal(c->bounce, CONFIG_BOUNCE_TAGGED);
	assert_string_equal(c->smtp_from, "out@example.org");
	assert_string_equal(c->calendar_files.entries[0], "/a.json");
	(void) snprintf(expected, sizeof expected, "%s/b.json", folder);
	assert_string_equal(c->calendar_files.entries[1], expected);
	assert_string_equal(c->socket_path, "");
	assert_string_equal(c->colleagues.entries[0], "example.org");
	assert_string_equal(c->colleagues.entries[1], "@a.example.net");
	assert_string_equal(c->colleagues.entries[2], "b@example.com");
}

static void every_kind_of_value_is_read(void **state)
{
	CLEANUP(config_freep) struct config *c = NULL;
	struct config_try *t = *state;

	assert_int_equal(config_try(t, every_kind, &c), 0);
	assert_string_equal(t->text, "");
	check_authority(c, t->folder);
	check_numbers_and_reminders(c);
	check_first_mailbox(c);
	check_second_mailbox(c, t->folder);
	check_ways_out(c, t->folder);
}

static void near_words(void **state)
{
	(void) state;
	(void) state;
	assert_string_equal(config_key_near("mailbox", "credentials"), "credential");
	assert_string_equal(config_key_near("mailbox", "adress"), "address");
	assert_string_equal(config_key_near("smtp", "ulr"), "url");
	assert_null(config_key_near("smtp", "x"));
	assert_null(config_key_near("store", "address"));
	assert_string_equal(config_kind_near("mailboxes"), "mailbox");
	assert_null(config_kind_near("outbox"));
	assert_null(config_kind_near("a-very-long-word-that-is-beyond-every-name-in-the-table"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presets_hold_for_what_is_not_said),
		cmocka_unit_test(every_kind_of_value_is_read),
		cmocka_unit_test(near_words),
	};

	return cmocka_run_group_tests(tests, config_try_set_up, config_try_tear_down);
}
