/* test_control_backup.c - Backup over the local socket, with a real query process. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "daemon/role.h"
#include "tests/support/control_stage.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define CASES	 CONTROL_STAGE_CASES
#define BACKUP(parameters)                                                                         \
	"{\"method\":\"" CASES "Backup\",\"more\":true,\"parameters\":{" parameters "}}"
#define STATUS "{\"method\":\"" CASES "Status\"}"

static bool is_there(const struct control_stage *s, const char *name)
{
	CLEANUP(freep) char *path = store_backup_path(s->world->conf->store_path, name);

	return access(path, F_OK) == 0;
}

static void it_is_made_and_told(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = control_stage_join(s, true, true);

	control_stage_expect(control_stage_ask(s, fd, STATUS), "\"last_backup\":null");
	control_stage_expect(
		control_stage_ask(s, fd, BACKUP("\"name\":\"monday\"")), "/backup/monday.db\"");
	assert_true(is_there(s, "monday"));
	assert_true(control_stage_has_told(s, "INFO backup-made peer="));
	/* The name is a person's word: the journal does not repeat it. */
	assert_false(control_stage_has_told(s, "monday"));
	control_stage_expect(control_stage_ask(s, fd, STATUS), "\"last_backup\":\"20");
}

static void without_a_name_it_has_that_of_the_moment(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = control_stage_join(s, true, true);

	control_stage_expect(control_stage_ask(s, fd, BACKUP("")), "\"name\":\"20");
}

static const struct {
	const char *why;
	bool act;
	const char *call;
	const char *answer; /* is in it */
} refusals[] = {
	{ "a reader may not", false, BACKUP("\"name\":\"one\""), "\"need\":\"foi-officer\"" },
	{ "it is there", true, BACKUP("\"name\":\"there\""), CASES "BackupExists" },
	{ "a path", true, BACKUP("\"name\":\"../one\""), "InvalidParameter" },
	{ "no text", true, BACKUP("\"name\":1"), "InvalidParameter" },
	{ "too long", true,
		BACKUP("\"name\":"
		       "\"a23456789b123456789c123456789d123456789e123456789f123456789g1234\""),
		"InvalidParameter" },
	{ "another parameter", true, BACKUP("\"path\":\"/tmp/one\""), "InvalidParameter" },
	{ "without more", true,
		"{\"method\":\"" CASES "Backup\",\"parameters\":{\"name\":\"one\"}}",
		"ExpectedMore" },
};

static void refused(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int first = control_stage_join(s, true, true);

	control_stage_expect(control_stage_ask(s, first, BACKUP("\"name\":\"there\"")), "there.db");
	for (size_t i = 0; i < COUNT(refusals); i++) {
		CLEANUP(closep) int fd = control_stage_join(s, true, refusals[i].act);

		print_message("%s\n", refusals[i].why);
		control_stage_expect(
			control_stage_ask(s, fd, refusals[i].call), refusals[i].answer);
		assert_false(is_there(s, "one"));
		control_stage_expect(control_stage_ask(s, fd, STATUS), "\"status\"");
	}
	assert_false(control_stage_has_told(s, "backup-failed"));
}

/* Sends a call without waiting for the answer, until it is under way. */
static void begin(struct control_stage *s, int fd, const char *call)
{
	assert_int_equal(write(fd, call, strlen(call) + 1), strlen(call) + 1);
	while (!control_backup_is_running(s->control))
		control_stage_turn(s);
}

static void one_at_a_time(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int first = control_stage_join(s, true, true);
	CLEANUP(closep) int second = control_stage_join(s, true, true);

	begin(s, first, BACKUP("\"name\":\"one\""));
	control_stage_expect(control_stage_ask(s, second, BACKUP("\"name\":\"two\"")),
		"a backup is being made already");
	control_stage_expect(control_stage_hear(s, first), "one.db");
	control_stage_expect(control_stage_ask(s, second, BACKUP("\"name\":\"two\"")), "two.db");
}

/* Two calls in one go by one client: the second begins when the first has ended. */
static void one_behind_the_other(void **state)
{
	static const char two[] = BACKUP("\"name\":\"one\"") "\0" BACKUP("\"name\":\"two\"");
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = control_stage_join(s, true, true);

	assert_int_equal(write(fd, two, sizeof two), sizeof two);
	control_stage_expect(control_stage_hear(s, fd), "one.db");
	control_stage_expect(control_stage_hear(s, fd), "two.db");
}

static void who_goes_away_ends_it(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int other = control_stage_join(s, true, true);
	int fd = control_stage_join(s, true, true);

	begin(s, fd, BACKUP("\"name\":\"one\""));
	assert_int_equal(close(fd), 0);
	while (control_backup_is_running(s->control))
		control_stage_turn(s);
	assert_true(control_stage_has_told(s, "ERR backup-failed peer="));
	control_stage_expect(control_stage_ask(s, other, BACKUP("\"name\":\"two\"")), "two.db");
}

static void damage_is_told(void **state)
{
	struct control_stage *s = *state;
	CLEANUP(closep) int fd = control_stage_join(s, true, true);

	free(s->world->conf->store_path);
	s->world->conf->store_path = strdup("/nonexistent/store");
	assert_non_null(s->world->conf->store_path);
	control_stage_expect(control_stage_ask(s, fd, BACKUP("\"name\":\"one\"")),
		"Unavailable\",\"parameters\":{\"why\":\"no backup was made: ");
	assert_true(control_stage_has_told(s, "ERR backup-failed peer="));
	control_stage_expect(control_stage_ask(s, fd, STATUS), "\"last_backup\":null");
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, control_stage_setup, control_stage_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_made_and_told),
		TEST(without_a_name_it_has_that_of_the_moment),
		TEST(refused),
		TEST(one_at_a_time),
		TEST(one_behind_the_other),
		TEST(who_goes_away_ends_it),
		TEST(damage_is_told),
	};
	int status = role_run(argc, argv); /* the query processes are this program */
	sigset_t child;

	if (status >= 0)
		return status;
	/* sd-event asks for that. */
	(void) sigemptyset(&child);
	(void) sigaddset(&child, SIGCHLD);
	(void) sigprocmask(SIG_BLOCK, &child, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
