/* folder_stage.c - register with one mailbox and no process: what fetch says is said by the test. */
/* SPDX-License-Identifier: MIT */
#include "tests/support/folder_stage.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"

enum {
	LOG_MAX = 64 * 1024,
};

static int ignore(sd_event_source *source, void *userdata)
{
	(void) source;
	(void) userdata;
	return 0;
}

static int ignore_time(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void) source;
	(void) usec;
	(void) userdata;
	return 0;
}

static void add_events(struct register_state *reg)
{
	assert_int_equal(sd_event_new(&reg->event), 0);
	assert_true(sd_event_add_defer(reg->event, &reg->turn, ignore, reg) >= 0);
	assert_true(sd_event_add_time(reg->event, &reg->turn_timer, CLOCK_REALTIME, 0, 0,
			    ignore_time, reg) >= 0);
}

int folder_stage_set_up(void **state)
{
	struct folder_stage *s = calloc(1, sizeof *s);
	struct register_state *reg;

	assert_non_null(s);
	reg = &s->reg;
	assert_int_equal(intake_world_setup((void **) &s->world), 0);
	reg->options = &s->options;
	reg->phase = REGISTER_RUNNING;
	reg->store = s->world->in.store;
	reg->loaded.conf = s->world->conf;
	reg->loaded.calendar = s->world->calendar;
	reg->loaded.templates = s->world->templates;
	TAILQ_INIT(&reg->mails);
	add_events(reg);
	s->log = memfd_create("log", MFD_CLOEXEC);
	assert_true(s->log >= 0);
	assert_int_equal(journal_open(s->log, true, true, &reg->journal, NULL), 0);
	reg->started_at = register_now(reg);
	store_fixture_expect(parse_new(reg, &s->fault), &s->fault);
	store_fixture_expect(watch_new_all(reg, &s->fault), &s->fault);
	s->watch = &reg->watches[0];
	s->folder = &s->watch->folders[0];
	*state = s;
	return 0;
}

static void drop_mails(struct register_state *reg)
{
	struct mail *m;

	while ((m = TAILQ_FIRST(&reg->mails))) {
		TAILQ_REMOVE(&reg->mails, m, entries);
		mail_free(m);
	}
	reg->n_mails = 0;
	reg->n_read = 0;
}

void folder_stage_restart(struct folder_stage *s)
{
	drop_mails(&s->reg);
	watch_free_all(&s->reg);
	store_fixture_expect(watch_new_all(&s->reg, &s->fault), &s->fault);
	s->watch = &s->reg.watches[0];
	s->folder = &s->watch->folders[0];
}

int folder_stage_tear_down(void **state)
{
	struct folder_stage *s = *state;

	drop_mails(&s->reg);
	watch_free_all(&s->reg);
	worker_free(s->reg.parse);
	sd_event_source_disable_unref(s->reg.turn);
	sd_event_source_disable_unref(s->reg.turn_timer);
	sd_event_unref(s->reg.event);
	journal_close(s->reg.journal);
	(void) close(s->log);
	assert_int_equal(intake_world_teardown((void **) &s->world), 0);
	free(s);
	return 0;
}

/* How often @word is in the log, which is emptied. */
unsigned folder_stage_told(struct folder_stage *s, const char *word)
{
	static char text[LOG_MAX];
	unsigned n = 0;

	memset(text, 0, sizeof text);
	assert_true(pread(s->log, text, sizeof text - 1, 0) >= 0);
	for (const char *at = text; *at && (at = strstr(at, word)) != NULL; at++)
		n++;
	assert_int_equal(ftruncate(s->log, 0), 0);
	assert_int_equal(lseek(s->log, 0, SEEK_SET), 0);
	return n;
}

/* ---- what fetch says --------------------------------------------------------------------------- */

int folder_stage_say(struct folder_stage *s, json_t *record, int passed)
{
	int r;

	assert_non_null(record);
	r = watch_take_record(s->watch, s->watch->fetch, record, &passed, &s->fault);
	json_decref(record);
	closep(&passed);
	return r;
}

void folder_stage_open_folder(struct folder_stage *s, int uidvalidity, int uidnext)
{
	assert_int_equal(folder_stage_say(s,
				 json_pack("{s:s, s:s, s:i, s:i, s:i}", "type", "folder", "folder",
					 s->folder->name, "uidvalidity", uidvalidity, "uidnext",
					 uidnext, "exists", 0),
				 -1),
		0);
}

void folder_stage_see(struct folder_stage *s, const char *uids, bool is_full)
{
	int fd = sealed_new("seen", uids, strlen(uids));

	assert_true(fd >= 0);
	assert_int_equal(
		folder_stage_say(s,
			json_pack("{s:s, s:s, s:i, s:i, s:b}", "type", "seen", "folder",
				s->folder->name, "uidvalidity", (int) s->folder->uidvalidity,
				"exists", 0, "full", (int) is_full),
			fd),
		0);
}

int folder_stage_gone(struct folder_stage *s, int uidvalidity, int uid)
{
	return folder_stage_say(s,
		json_pack("{s:s, s:s, s:i, s:i, s:i, s:i}", "type", "gone", "folder",
			s->folder->name, "uidvalidity", uidvalidity, "uid", uid, "internaldate",
			INTAKE_WORLD_NOW, "size", 300),
		-1);
}

void folder_stage_assert_wanted(const struct folder_stage *s, const char *uids)
{
	CLEANUP(freep) char *text = NULL;

	assert_int_equal(uidset_text(&s->folder->wanted, &text), 0);
	assert_string_equal(text, uids);
}

/* All that is on its way becomes durable. */
int64_t folder_stage_commit(struct folder_stage *s)
{
	register_turn(&s->reg);
	assert_int_equal(s->reg.n_mails, 0);
	return intake_world_number(
		s->world, "SELECT count(*) FROM message WHERE fate = 'unreadable'");
}
