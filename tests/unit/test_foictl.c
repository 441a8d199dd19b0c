/* test_foictl.c - the commands of foictl against a service that says what the test wants. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/foictl_case.h"
#include "tests/support/foictl_service.h"

#define ROW                                                                                        \
	"{\"reference\":\"FOI 001761/18\",\"kind\":\"request\",\"state\":\"open\","                \
	"\"regime\":\"foia\",\"authority\":\"Example Council\",\"mailbox\":\"foi\","               \
	"\"received\":\"2018-05-16\",\"due\":\"2018-06-14\",\"provisional\":false,"                \
	"\"overdue\":false,\"days_left\":1,\"subject\":\"Parking\\u001b[2J fines\",\"flags\":[],"  \
	"\"parent\":null,\"acknowledgement\":\"sent\",\"opened\":\"2018-05-16T09:30:00Z\"}"
#define LATE                                                                                       \
	"{\"reference\":\"IN 000002/18\",\"kind\":\"request\",\"state\":\"triage\","               \
	"\"received\":\"2018-01-02\",\"due\":\"2018-01-30\",\"provisional\":true,"                 \
	"\"overdue\":true,\"days_left\":-94,\"subject\":\"Hello\",\"flags\":[\"suspect\"]}"

static void a_list_is_a_table(void **state)
{
	static const char answer[] = "{\"continues\":true,\"parameters\":{\"case\":" LATE "}}\0"
				     "{\"continues\":true,\"parameters\":{\"case\":" ROW "}}\0"
				     "{\"parameters\":{\"case\":null,\"cursor\":\"c1\"}}";
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(list_command, (const char *const[6]){ "list", "--limit", "2" },
		"{\"method\":\"org.foimaild.Cases.List\",\"parameters\":{\"state\":\"live\","
		"\"overdue\":false,\"limit\":2},\"more\":true}",
		answer, sizeof answer, &r);
	assert_string_equal(r.out,
		"REFERENCE      KIND        RECEIVED      LAST DAY     LEFT  STATE     SUBJECT\n"
		"IN 000002/18   request   2 Jan 2018  30 Jan 2018*  94 late  triage !  Hello\n"
		"FOI 001761/18  request  16 May 2018   14 Jun 2018        1  open      "
		"Parking [2J fines\n"
		"* provisional: do not tell it to anyone yet\n"
		"! something to look at: foictl show REFERENCE\n");
	assert_string_equal(r.err, "There are more: foictl list --limit 20\n");
	assert_int_equal(r.status, FOICTL_DONE);
}

static void a_list_for_scripts(void **state)
{
	static const char answer[] = "{\"parameters\":{}}";
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(list_command,
		(const char *const[6]){
			"list", "--json", "--overdue", "--kind=review", "--state=any" },
		"{\"method\":\"org.foimaild.Cases.List\",\"parameters\":{\"kind\":\"review\","
		"\"state\":\"any\",\"overdue\":true,\"limit\":100},\"more\":true}",
		answer, sizeof answer, &r);
	assert_string_equal(r.out, "{\n  \"cases\": [],\n  \"more\": false\n}\n");
	assert_int_equal(r.status, FOICTL_DONE);
}

#define CASE                                                                                       \
	"{\"summary\":" ROW ",\"requester\":\"ann@example.org\",\"requester_name\":\"Ann\","       \
	"\"deadlines\":[{\"working_days\":20,\"regime\":\"foia\",\"rule\":\"statute\"}],"          \
	"\"linked\":[{\"reference\":\"IR 000003/18\",\"how\":\"review\"}],"                        \
	"\"outgoing\":[{\"kind\":\"acknowledgement\",\"state\":\"sent\","                          \
	"\"to\":\"ann@example.org\",\"tries\":1,\"sent\":\"2018-05-16T09:31:00Z\","                \
	"\"code\":250,\"status\":\"2.0.0\",\"reply\":\"queued\",\"due_told\":\"2018-06-14\"}],"    \
	"\"messages\":[{\"from\":\"ann@example.org\",\"from_name\":\"Ann\","                       \
	"\"internaldate\":\"2018-05-16T09:29:58Z\",\"first_seen\":\"2018-05-16T09:30:00Z\","       \
	"\"gateway\":null,\"folder\":\"INBOX\",\"uid\":7,\"fate\":\"request\","                    \
	"\"subject\":\"Parking\",\"text\":\"Dear all,\\n\\nhow many?\\n\",\"text_cut\":false,"     \
	"\"reasons\":[{\"rule\":\"asks\",\"evidence\":\"asks how many\"}],"                        \
	"\"hints\":[{\"hint\":\"eir\",\"evidence\":\"It speaks of \\\"air\\u001b[2J\\\".\"},"      \
	"{\"hint\":\"no-real-name\",\"evidence\":\"The only name is \\\"Ann\\\".\"}],"             \
	"\"warnings\":[],"                                                                         \
	"\"attachments\":[{\"name\":\"a.pdf\",\"type\":\"application/pdf\",\"bytes\":12}]}],"      \
	"\"parts\":[{\"number\":1,\"due\":\"2018-06-14\",\"notice\":\"2018-06-14\","               \
	"\"final\":\"2018-07-12\",\"outcome\":\"part-granted\",\"ended\":\"2018-06-11\","          \
	"\"exemptions\":[{\"section\":\"s.21\",\"denies\":false},{\"section\":\"s.31(1)\","        \
	"\"denies\":true}]}],"                                                                     \
	"\"events\":[{\"at\":\"2018-12-16T09:30:00Z\",\"actor\":\"daemon\",\"what\":\"opened\","   \
	"\"why\":\"by a mail\",\"details\":null},{\"id\":17,\"at\":\"2018-12-16T09:31:00Z\","      \
	"\"actor\":\"uid 0 (root)\",\"what\":\"responded\",\"why\":\"the answer left\","           \
	"\"details\":{},\"undone\":18},{\"id\":18,\"at\":\"2018-12-16T09:32:00Z\","                \
	"\"actor\":\"uid 0 (root)\",\"what\":\"undone\",\"why\":\"\",\"details\":{},"              \
	"\"undoes\":17}]}"

static const char show_expected[] =
	"FOI 001761/18  request, open\n"
	"  Subject     Parking [2J fines\n"
	"  Requester   Ann <ann@example.org>\n"
	"  Received    Wednesday 16 May 2018\n"
	"  Last day    Thursday 14 June 2018, 1 working day left\n"
	"  Counted     20 working days, FOIA\n"
	"  Notice by   Thursday 14 June 2018 (FOI 2000 s.17(1))\n"
	"  Answer by   Thursday 12 July 2018 (FOI 2000 s.10(3))\n"
	"  Exemptions  s.21, s.31(1) (neither confirmed nor denied)\n"
	"  Ended       Monday 11 June 2018: granted in part\n"
	"  Authority   Example Council\n"
	"  Mailbox     foi\n"
	"  Linked      IR 000003/18 (review)\n"
	"\n"
	"Worth a look\n"
	"  It speaks of \"air [2J\".\n"
	"  The only name is \"Ann\".\n"
	"\n"
	"Our acknowledgement\n"
	"  State       sent 16 May 2018, 10:31\n"
	"  To          ann@example.org\n"
	"  Told        last day Thursday 14 June 2018\n"
	"  Tries       1\n"
	"  Server said 250 2.0.0 queued\n"
	"\n"
	"Mail of 16 May 2018, 10:29\n"
	"  From        Ann <ann@example.org>\n"
	"  Subject     Parking\n"
	"  Taken as    request\n"
	"  Because     asks how many\n"
	"  Evidence    server 16 May 2018, 10:29; seen 16 May 2018, 10:30\n"
	"  Where       INBOX, UID 7\n"
	"  Attached    a.pdf, application/pdf, 12 bytes\n"
	"\n"
	"      Dear all,\n"
	"      \n"
	"      how many?\n"
	"\n"
	"History\n"
	"  16 Dec 2018, 09:30 daemon, opened: by a mail\n"
	"  16 Dec 2018, 09:31 uid 0 (root), move 17 responded (undone by move 18): the answer "
	"left\n"
	"  16 Dec 2018, 09:32 uid 0 (root), move 18 undone (of move 17)\n";

static void a_case_is_a_page(void **state)
{
	static const char answer[] = "{\"parameters\":{\"case\":" CASE "}}";
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(show_command, (const char *const[6]){ "show", "FOI 001761/18" },
		"{\"method\":\"org.foimaild.Cases.Get\",\"parameters\":"
		"{\"reference\":\"FOI 001761/18\"}}",
		answer, sizeof answer, &r);
	assert_string_equal(r.out, show_expected);
	assert_int_equal(r.status, FOICTL_DONE);
}

static void status_says_how_it_is(void **state)
{
	static const char answer[] =
		"{\"parameters\":{\"status\":{\"version\":\"0.1.0\","
		"\"started\":\"2018-05-16T09:30:00Z\",\"mailboxes\":[{\"name\":\"foi\","
		"\"connected\":false,\"last_look\":null,\"age\":null,\"failing\":true,\"mails\":0,"
		"\"fates\":{\"request\":0},\"to_take\":12,\"unsent\":{\"held\":0},"
		"\"trouble\":\"refused\"},{\"name\":\"eir\",\"connected\":true,"
		"\"last_look\":\"2018-05-16T09:30:00Z\",\"age\":125,\"failing\":false,"
		"\"mails\":4,\"fates\":{\"request\":3,\"own\":0,\"bounce\":1},\"to_take\":1,"
		"\"unsent\":{\"queued\":2,\"held\":1},\"trouble\":null}],"
		"\"fates\":{\"request\":3,\"own\":0},\"open\":2,\"triage\":1,"
		"\"waiting\":0,\"ended\":0,\"overdue\":1,\"calendar_until\":\"2026-12-31\","
		"\"last_backup\":\"2018-05-17T00:00:00Z\","
		"\"outgoing\":{\"sent\":9,\"held\":1,\"failed\":2},"
		"\"troubles\":[\"the disk is full\"]}}}";
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(status_command, (const char *const[6]){ "status" },
		"{\"method\":\"org.foimaild.Cases.Status\",\"parameters\":{}}", answer,
		sizeof answer, &r);
	assert_string_equal(r.out,
		"foimaild      0.1.0, running since 16 May 2018, 10:30\n"
		"Mailbox       foi: not connected; no mail can be taken in; refused\n"
		"              0 mails taken in: none\n"
		"              12 wait to be taken in\n"
		"              Not sent yet: none\n"
		"Mailbox       eir: connected, looked at 2 minutes ago (16 May 2018, 10:30)\n"
		"              4 mails taken in: 3 request, 1 bounce\n"
		"              1 waits to be taken in\n"
		"              Not sent yet: 2 queued, 1 held\n"
		"Cases         2 open, 1 in triage, 0 waiting for the requester, 0 ended\n"
		"Overdue       1: foictl list --overdue\n"
		"Mails         3 request\n"
		"Ours          9 sent, 1 held, 2 failed\n"
		"Not sent      2 given up, 1 held: foictl outbox\n"
		"Bank holidays Thursday 31 December 2026\n"
		"Last backup   17 May 2018, 01:00\n"
		"Trouble       the disk is full\n");
}

static void a_backup_says_what_it_holds_and_what_not(void **state)
{
	static const char answer[] =
		"{\"continues\":true,\"parameters\":{\"copied\":4096,\"of\":12345678}}\0"
		"{\"parameters\":{\"backup\":{\"name\":\"monday\",\"file\":\"/s/backup/monday.db\","
		"\"bytes\":12345678,\"made\":\"2018-05-16T09:30:00Z\"}}}";
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(backup_command, (const char *const[6]){ "backup", "monday" },
		"{\"method\":\"org.foimaild.Cases.Backup\",\"parameters\":{\"name\":\"monday\"},"
		"\"more\":true}",
		answer, sizeof answer, &r);
	assert_int_equal(r.status, FOICTL_DONE);
	assert_string_equal(r.err, "");
	assert_string_equal(r.out,
		"Backup made: /s/backup/monday.db (12.3 MB)\n"
		"\n"
		"It holds every mail, case, deadline and letter, the bank holidays in force and "
		"the "
		"secret key, so it\n"
		"is as secret as the register itself. Keep it on another machine too.\n"
		"It does not hold the configuration, edited templates, passwords, TLS "
		"certificates, "
		"or the mailbox\n"
		"itself. How to restore it: foimaild(8), BACKUP AND RESTORE.\n");
}

static void a_backup_for_scripts(void **state)
{
	static const char answer[] = "{\"parameters\":{\"backup\":{\"name\":\"a\"}}}";
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

	(void) state;
	foictl_service_ask(backup_command, (const char *const[6]){ "backup", "--json" },
		"{\"method\":\"org.foimaild.Cases.Backup\",\"parameters\":{},\"more\":true}",
		answer, sizeof answer, &r);
	assert_string_equal(r.out, "{\n  \"name\": \"a\"\n}\n");
	assert_int_equal(r.status, FOICTL_DONE);
}

static const struct refusal {
	const char *why;
	const char *answer;
	int status;
	const char *expected; /* a part of what is said */
} refusals[] = {
	{ "no such case",
		"{\"error\":\"org.foimaild.Cases.NoSuchCase\",\"parameters\":"
		"{\"reference\":\"FOI 1\"}}",
		FOICTL_NOT_FOUND, "there is no case FOI 1\n" },
	{ "not permitted",
		"{\"error\":\"org.foimaild.Cases.NotPermitted\",\"parameters\":"
		"{\"need\":\"foi-officer\"}}",
		FOICTL_NOT_PERMITTED, "the group foi-officer\n" },
	{ "refused at the door", "{\"error\":\"org.varlink.service.PermissionDenied\"}",
		FOICTL_NOT_PERMITTED, "not permitted" },
	{ "mistakes in the configuration",
		"{\"error\":\"org.foimaild.Cases.BadConfiguration\",\"parameters\":"
		"{\"mistakes\":[\"c:3: a\",\"c:4: b\"]}}",
		FOICTL_FAILED, "foictl: c:3: a\nfoictl: c:4: b\n" },
	{ "not now",
		"{\"error\":\"org.foimaild.Cases.Unavailable\",\"parameters\":"
		"{\"why\":\"the store is busy\"}}",
		FOICTL_FAILED, "foictl: the store is busy\n" },
	{ "not possible",
		"{\"error\":\"org.foimaild.Cases.ImpossibleMove\",\"parameters\":"
		"{\"why\":\"it is closed\"}}",
		FOICTL_FAILED, "nothing was recorded: it is closed\n" },
	{ "wrong or missing",
		"{\"error\":\"org.foimaild.Cases.BadMove\",\"parameters\":"
		"{\"why\":\"needs the outcome\"}}",
		FOICTL_USAGE, "nothing was recorded: needs the outcome\n" },
	{ "no such mail", "{\"error\":\"org.foimaild.Cases.NoSuchMail\",\"parameters\":{\"id\":7}}",
		FOICTL_NOT_FOUND, "there is no mail of that number; see \"foictl outbox\"\n" },
	{ "not with that mail",
		"{\"error\":\"org.foimaild.Cases.ImpossibleForMail\",\"parameters\":"
		"{\"why\":\"it was sent already\",\"anyway\":false}}",
		FOICTL_FAILED, "nothing was changed: it was sent already\n" },
	{ "a parameter",
		"{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":"
		"{\"parameter\":\"limit\"}}",
		FOICTL_USAGE, "this value of limit\n" },
	{ "a backup of that name",
		"{\"error\":\"org.foimaild.Cases.BackupExists\",\"parameters\":"
		"{\"name\":\"monday\"}}",
		FOICTL_FAILED, "there is one of that name, and it is kept: monday\n" },
	{ "another error", "{\"error\":\"a.b\\u001b\"}", FOICTL_FAILED, "refuses: a.b\n" },
	{ "rubbish", "rubbish", FOICTL_NOT_REACHABLE, "not reachable: a message is no JSON" },
};

static void refusals_have_their_exit_status(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

		foictl_service_ask(reload_command, (const char *const[6]){ "reload" },
			"{\"method\":\"org.foimaild.Cases.Reload\",\"parameters\":{}}",
			refusals[i].answer, strlen(refusals[i].answer) + 1, &r);
		if (r.status != refusals[i].status || !strstr(r.err, refusals[i].expected))
			fail_msg("%s: %d, %s", refusals[i].why, r.status, r.err);
		assert_string_equal(r.out, "");
	}
}

static const struct usage {
	const char *why;
	foictl_command *c;
	const char *words[6];
	int status;
	const char *expected;
} usages[] = {
	{ "unknown option", list_command, { "list", "--colour" }, FOICTL_USAGE, "\"--colour\"" },
	{ "unknown state", list_command, { "list", "--state", "lost" }, FOICTL_USAGE, "\"lost\"" },
	{ "limit of nothing", list_command, { "list", "--limit=0" }, FOICTL_USAGE, "--limit=0" },
	{ "option of another command", status_command, { "status", "--overdue" }, FOICTL_USAGE,
		"--overdue" },
	{ "no reference", show_command, { "show" }, FOICTL_USAGE, "takes one reference" },
	{ "two references", show_command, { "show", "a", "b" }, FOICTL_USAGE, "one reference" },
	{ "something too much", status_command, { "status", "now" }, FOICTL_USAGE, "only options" },
	{ "a backup elsewhere", backup_command, { "backup", "../a" }, FOICTL_USAGE, "no path" },
	{ "two backups", backup_command, { "backup", "a", "b" }, FOICTL_USAGE, "too much: b" },
	{ "a backup of no option", backup_command, { "backup", "--list" }, FOICTL_USAGE, "--list" },
	{ "help", show_command, { "show", "--help" }, FOICTL_DONE, "" },
};

static void mistakes_of_the_caller_are_usage(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof usages / sizeof *usages; i++) {
		CLEANUP(foictl_result_done) struct foictl_result r = { 0 };

		foictl_service_run(usages[i].c, usages[i].words, &r);
		if (r.status != usages[i].status || !strstr(r.err, usages[i].expected))
			fail_msg("%s: %d, %s", usages[i].why, r.status, r.err);
		assert_int_equal(*r.out != '\0', r.status == FOICTL_DONE);
	}
}

static void where_no_daemon_is(void **state)
{
	CLEANUP(foictl_result_done) struct foictl_result r = { 0 };
	char *argv[] = { "status", "--socket", "/nonexistent/socket", NULL };
	size_t n;
	FILE *err = open_memstream(&r.err, &n);
	FILE *out = open_memstream(&r.out, &n);

	(void) state;
	assert_int_equal(status_command(3, argv, out, err), FOICTL_NOT_REACHABLE);
	(void) fclose(out); /* memory only */
	(void) fclose(err);
	assert_non_null(strstr(r.err, "systemctl status foimaild"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_a_table),
		cmocka_unit_test(a_list_for_scripts),
		cmocka_unit_test(a_case_is_a_page),
		cmocka_unit_test(status_says_how_it_is),
		cmocka_unit_test(a_backup_says_what_it_holds_and_what_not),
		cmocka_unit_test(a_backup_for_scripts),
		cmocka_unit_test(refusals_have_their_exit_status),
		cmocka_unit_test(mistakes_of_the_caller_are_usage),
		cmocka_unit_test(where_no_daemon_is),
	};

	return cmocka_run_group_tests(tests, foictl_service_setup, foictl_service_teardown);
}
