/* test_register_report.c - what the journal tells of a mail and of what the mail server said of ours. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/register_internal.h"
#include "tests/support/intake_world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define JANE	 "From: Jane Roe <jane@example.net>\n"
#define DAEMON	 "From: Mail Delivery System <mailer-daemon@mx.example.net>\n"
#define ASKS	 "Under the Freedom of Information Act, how many bicycles does the force own?"

enum {
	LOG_MAX = 8192,
};

/* register with a store and a journal, and nothing else. */
struct stage {
	struct intake_world *world;
	struct register_options options;
	struct register_state reg;
	struct watch watch;
	struct watch_folder folder;
	int log; /* memfd */
};

static int set_up(void **state)
{
	static char inbox[] = "INBOX";
	struct stage *s = calloc(1, sizeof *s);

	assert_non_null(s);
	assert_int_equal(intake_world_setup((void **) &s->world), 0);
	s->watch.conf = &s->world->conf->mailboxes[0];
	s->folder.name = inbox;
	s->reg.options = &s->options;
	s->reg.store = s->world->in.store;
	s->reg.loaded.conf = s->world->conf;
	assert_int_equal(sd_event_new(&s->reg.event), 0);
	s->log = memfd_create("log", MFD_CLOEXEC);
	assert_true(s->log >= 0);
	assert_int_equal(journal_open(s->log, true, false, &s->reg.journal, NULL), 0);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct stage *s = *state;

	journal_close(s->reg.journal);
	(void) close(s->log);
	sd_event_unref(s->reg.event);
	assert_int_equal(intake_world_teardown((void **) &s->world), 0);
	free(s);
	return 0;
}

/* All that was logged, which is emptied. Valid until the next call. */
static const char *logged(struct stage *s)
{
	static char text[LOG_MAX];

	memset(text, 0, sizeof text);
	assert_in_range(pread(s->log, text, sizeof text, 0), 0, sizeof text - 1);
	assert_int_equal(ftruncate(s->log, 0), 0);
	assert_int_equal(lseek(s->log, 0, SEEK_SET), 0);
	return text;
}

/* A mail comes in and is told. */
static const char *take(struct stage *s, const char *headers, const char *text)
{
	struct mail m = { .watch = &s->watch, .folder = &s->folder };

	intake_world_take(s->world, headers, text);
	m.uid = s->world->uid;
	m.letter = s->world->letter;
	m.outcome = s->world->out;
	report_mail(&s->reg, &m);
	return logged(s);
}

/* ---- mails ----------------------------------------------------------------------------------- */

static void a_report_is_told_by_what_it_says(void **state)
{
	static const struct {
		const char *why;
		const char *headers;
		const char *text; /* before our Message-ID */
		const char *line;
	} rows[] = {
		{ "late is not lost, and alarms nobody",
			DAEMON "Subject: Warning: message 1xWDIX-0004wV-0f delayed 24 hours\n", "",
			"<6>INFO mail-fate ref=\"FOI 000001/18\" fate=bounce mailbox=foi "
			"folder=INBOX uid=2 because=delivery-delayed: a mail was dealt with: it "
			"tells of no failure: a mail of ours is late, or was passed on\n" },
		{ "lost is for a person",
			DAEMON "Subject: Mail delivery failed: returning message to sender\n",
			"This message was created automatically.\n",
			"<3>ERR bounce-recorded ref=\"FOI 000001/18\" fate=bounce mailbox=foi "
			"folder=INBOX uid=3 because=delivery-failed: the requester did not get our "
			"mail; reach them "
			"another way\n" },
	};
	struct stage *s = *state;

	take(s, JANE "Subject: Bicycles\n", ASKS);
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[512];

		print_message("%s\n", rows[i].why);
		(void) snprintf(text, sizeof text, "%sMessage-ID: %s\n", rows[i].text,
			intake_world_text(s->world, "SELECT message_id FROM outbox WHERE id = 1"));
		assert_string_equal(take(s, rows[i].headers, text), rows[i].line);
		assert_int_equal(s->world->out.is_undelivered, i == 1);
		assert_int_equal(
			intake_world_number(s->world, "SELECT flags FROM foi_case WHERE id = 1"),
			i == 1 ? FOI_CASE_NOT_ACKNOWLEDGED : 0);
	}
}

/* What a stranger's report calls its status is told only if it is one. */
/* FOI 2000 s.10 runs or not by these words, and none of them is the writer's. */
static void what_is_not_answered_is_told_with_its_reasons(void **state)
{
	static const struct {
		const char *why;
		const char *headers;
		const char *because;
	} rows[] = {
		{ "a list's mail",
			"From: News <news@lists.example.com>\nList-Id: <news.lists.example.com>\n"
			"List-Unsubscribe: <https://lists.example.com/u>\nSubject: May\n",
			" uid=1 because=automatic,list-mail: a mail was dealt with\n" },
		{ "a person must look", JANE "Subject: May\n", " uid=2 because=no-sign: " },
	};
	struct stage *s = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *text = take(s, rows[i].headers, "It was a fine month.");

		print_message("%s\n", rows[i].why);
		if (!strstr(text, rows[i].because))
			fail_msg("\"%s\" is not in: %s", rows[i].because, text);
	}
}

static void a_status_is_digits(void **state)
{
	struct stage *s = *state;
	struct letter letter = { .delivery.status = "5.1.1" };
	struct mail m = { .watch = &s->watch, .folder = &s->folder, .letter = &letter };

	m.outcome.verdict.fate = FATE_BOUNCE;
	m.outcome.is_undelivered = true;
	report_mail(&s->reg, &m);
	assert_non_null(strstr(logged(s), "status=5.1.1"));
	(void) snprintf(letter.delivery.status, sizeof letter.delivery.status, "jane@x.example");
	report_mail(&s->reg, &m);
	assert_null(strstr(logged(s), "jane"));
}

static void each_that_is_held_is_told_with_its_reason(void **state)
{
	struct stage *s = *state;
	struct config *conf = s->world->conf;
	const char *told;

	conf->sender_limit = 1;
	told = take(s, JANE "Subject: 1\n", ASKS);
	assert_null(strstr(told, "held"));
	told = take(s, JANE "Subject: 2\n", ASKS " 2?");
	assert_non_null(strstr(told, "<4>WARNING sender-limit ref=\"FOI 000002/18\": "));
	assert_non_null(strstr(told, "<6>INFO acknowledgement-limited ref=\"FOI 000002/18\": "));
	assert_non_null(strstr(told, ": this sender has had as many as one sender may have within "
				     "a day\n"));
	told = take(s, JANE "Subject: 3\n", ASKS " 3?");
	assert_null(strstr(told, "WARNING"));
	assert_non_null(strstr(told, "<6>INFO acknowledgement-limited ref=\"FOI 000003/18\": "));
	conf->sender_limit = 99;
	conf->hour_limit = 1;
	told = take(s, JANE "Subject: 4\n", ASKS " 4?");
	assert_non_null(strstr(told, "<4>WARNING hour-limit ref=\"FOI 000004/18\": "));
	assert_non_null(strstr(told, ": as many as may leave within an hour have left"));
	told = take(s, JANE "Subject: 5\n", ASKS " 5?");
	assert_null(strstr(told, "WARNING"));
	conf->mailboxes[0].acknowledge = ACKNOWLEDGE_HOLD;
	told = take(s, JANE "Subject: 6\n", ASKS " 6?");
	assert_non_null(strstr(told, " acknowledgement-held ref=\"FOI 000006/18\": "));
	assert_non_null(strstr(told, ": an officer releases it\n"));
	s->world->mail.internaldate = s->world->now - 30 * 86400;
	told = take(s, JANE "Subject: 7\n", ASKS " 7?");
	assert_non_null(strstr(told, ": the mail came too long ago to be answered by a program\n"));
}

/* ---- what the mail server said of ours --------------------------------------------------------- */

static const struct {
	const char *why;
	const char *outcome;
	int code;
	const char *status;
	const char *line; /* of the journal */
	const char *event;
	unsigned flags;
} submissions[] = {
	{ "it takes it", "sent", 250, "2.0.0", "<6>INFO acknowledgement-sent ", "", 0 },
	{ "it wants to be asked again", "deferred", 451, "4.7.1",
		"<4>WARNING acknowledgement-deferred ", "", FOI_CASE_NOT_ACKNOWLEDGED },
	{ "it refuses it for good", "refused", 550, "5.1.1", "<3>ERR acknowledgement-failed ",
		"acknowledgement-failed: the mail server does not take it (550 5.1.1): reach the "
		"requester another way",
		FOI_CASE_NOT_ACKNOWLEDGED },
	{ "it refuses it without a status", "refused", 554, "", "<3>ERR acknowledgement-failed ",
		"acknowledgement-failed: the mail server does not take it (554): reach the "
		"requester another way",
		FOI_CASE_NOT_ACKNOWLEDGED },
	{ "it never answered in the time that a mail may take", "deferred", 0, "",
		"<3>ERR acknowledgement-failed ",
		"acknowledgement-failed: the mail server does not take it: reach the requester "
		"another way",
		FOI_CASE_NOT_ACKNOWLEDGED },
};

static void submit(struct stage *s, size_t i)
{
	struct register_state *reg = &s->reg;
	struct fault f = { 0 };
	/* The last one is from years ago. */
	int64_t made = submissions[i].code == 0 ? INTAKE_WORLD_NOW : register_now(reg);

	reg->sending[0] = (struct sending){ .id = 1,
		.case_id = 1,
		.reference = "FOI 000001/18",
		.mailbox = "foi",
		.kind = "acknowledgement",
		.queued_at = made };
	reg->n_sending = 1;
	reg->verdicts[0] = (struct verdict){ .id = 1, .code = submissions[i].code };
	(void) snprintf(reg->verdicts[0].outcome, sizeof reg->verdicts[0].outcome, "%s",
		submissions[i].outcome);
	(void) snprintf(reg->verdicts[0].status, sizeof reg->verdicts[0].status, "%s",
		submissions[i].status);
	reg->n_verdicts = 1;
	store_fixture_expect(store_begin(reg->store, &f), &f);
	store_fixture_expect(outbox_record(reg, &f), &f);
	store_fixture_expect(store_commit(reg->store, &f), &f);
	outbox_report(reg);
}

static void a_refused_acknowledgement_is_on_its_case(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(submissions); i++) {
		struct stage *s;

		print_message("%s\n", submissions[i].why);
		assert_int_equal(set_up((void **) &s), 0);
		take(s, JANE "Subject: Bicycles\n", ASKS);
		store_fixture_run(
			s->world->fixture, "UPDATE outbox SET state = 'sending', next_try = NULL");
		store_fixture_run(s->world->fixture, "UPDATE foi_case SET flags = 32");
		submit(s, i);
		assert_non_null(strstr(logged(s), submissions[i].line));
		/* One that is sent in the end needs nobody's look any more. */
		assert_int_equal(
			intake_world_number(s->world, "SELECT flags FROM foi_case WHERE id = 1"),
			submissions[i].flags);
		assert_string_equal(
			intake_world_text(s->world,
				"SELECT coalesce(max(what || ': ' || why), '') FROM event"
				" WHERE what = 'acknowledgement-failed'"),
			submissions[i].event);
		assert_int_equal(tear_down((void **) &s), 0);
	}
}

#define STAGE_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_report_is_told_by_what_it_says),
		STAGE_TEST(what_is_not_answered_is_told_with_its_reasons),
		STAGE_TEST(a_status_is_digits),
		STAGE_TEST(each_that_is_held_is_told_with_its_reason),
		cmocka_unit_test(a_refused_acknowledgement_is_on_its_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
