/* control_stage.c - the local socket of a register that has a store, and peers of it. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/control_stage.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/store_calendar.h"

enum {
	ROUNDS_MAX = 200, /* of the loop, 50 ms each at most */
	ANSWER_MAX = 256 * 1024,
	LINE_MAX_BYTES = 4096,
};

/* As register does at its start: query reads it from the store. */
static void save_calendar(struct control_stage *s)
{
	const struct store_calendar_change change = {
		.actor = "daemon", .old_hash = "", .new_hash = "", .why = ""
	};
	struct fault f = { 0 };

	store_fixture_expect(store_begin(s->reg.store, &f), &f);
	store_fixture_expect(
		store_calendar_save(s->reg.store, s->world->calendar, &change, &f), &f);
	store_fixture_expect(store_commit(s->reg.store, &f), &f);
}

int control_stage_setup(void **state)
{
	struct control_stage *s = calloc(1, sizeof *s);
	char path[128];

	assert_non_null(s);
	assert_int_equal(intake_world_setup((void **) &s->world), 0);
	(void) snprintf(path, sizeof path, "%s/socket", s->world->fixture->folder);
	free(s->world->conf->socket_path);
	s->world->conf->socket_path = strdup(path);
	assert_non_null(s->world->conf->socket_path);
	s->reg.options = &s->options;
	s->reg.loaded.conf = s->world->conf;
	s->reg.loaded.calendar = s->world->calendar;
	s->reg.store = s->world->in.store;
	save_calendar(s);
	s->lines = tmpfile();
	assert_non_null(s->lines);
	assert_int_equal(journal_open(fileno(s->lines), true, false, &s->journal, NULL), 0);
	s->reg.journal = s->journal;
	assert_int_equal(sd_event_new(&s->reg.event), 0);
	*state = s;
	return 0;
}

int control_stage_teardown(void **state)
{
	struct control_stage *s = *state;

	control_free(s->control);
	sd_event_unref(s->reg.event);
	journal_closep(&s->journal);
	(void) fclose(s->lines); /* it was only for reading back */
	assert_int_equal(intake_world_teardown((void **) &s->world), 0);
	free(s);
	return 0;
}

void control_stage_listen(struct control_stage *s)
{
	struct fault f = { 0 };

	if (control_new(&s->reg, &s->control, &f) < 0)
		fail_msg("%s", f.text);
}

int control_stage_join(struct control_stage *s, bool read, bool act)
{
	int ends[2];

	if (!s->control)
		control_stage_listen(s);
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
	assert_int_equal(control_client_new(s->control, ends[0], 4711,
				 (struct control_rights){ .read = read, .act = act }),
		0);
	return ends[1];
}

void control_stage_turn(struct control_stage *s)
{
	assert_true(sd_event_run(s->reg.event, 50000) >= 0);
}

const char *control_stage_hear(struct control_stage *s, int fd)
{
	static char buf[ANSWER_MAX];
	size_t n = 0;

	for (unsigned i = 0; i < ROUNDS_MAX;) {
		ssize_t got = recv(fd, buf + n, 1, 0);

		if (got == 0) {
			buf[0] = '\0';
			return buf;
		}
		if (got < 0) {
			assert_int_equal(errno, EAGAIN);
			control_stage_turn(s);
			i++;
			continue;
		}
		if (buf[n] == '\0')
			return buf;
		assert_in_range(++n, 0, sizeof buf - 1);
	}
	fail_msg("no answer");
	return buf;
}

const char *control_stage_ask(struct control_stage *s, int fd, const char *call)
{
	size_t n = strlen(call) + 1;

	assert_int_equal(send(fd, call, n, MSG_NOSIGNAL), n);
	return control_stage_hear(s, fd);
}

void control_stage_expect(const char *answer, const char *words)
{
	if (!strstr(answer, words))
		fail_msg("no %s in %s", words, answer);
}

bool control_stage_has_told(struct control_stage *s, const char *words)
{
	char line[LINE_MAX_BYTES];
	bool has = false;

	rewind(s->lines);
	while (fgets(line, sizeof line, s->lines))
		has = has || strstr(line, words);
	return has;
}
