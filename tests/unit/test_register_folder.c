/* test_register_folder.c - which UIDs of a folder are wanted, and what becomes of those that vanish. */
/* SPDX-License-Identifier: MIT */
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
#include "daemon/register_internal.h"
#include "tests/support/intake_world.h"

enum {
	LOG_MAX = 64 * 1024,
};

/* register with one mailbox and no process. */
struct stage {
	struct intake_world *world;
	struct register_options options;
	struct register_state reg;
	struct watch *watch;
	struct watch_folder *folder;
	int log; /* memfd */
	struct fault fault;
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

static int set_up(void **state)
{
	struct stage *s = calloc(1, sizeof *s);
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

static int tear_down(void **state)
{
	struct stage *s = *state;
	struct mail *m;

	while ((m = TAILQ_FIRST(&s->reg.mails))) {
		TAILQ_REMOVE(&s->reg.mails, m, entries);
		mail_free(m);
	}
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
static unsigned told(struct stage *s, const char *word)
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

static int say(struct stage *s, json_t *record, int passed)
{
	int r;

	assert_non_null(record);
	r = watch_take_record(s->watch, s->watch->fetch, record, &passed, &s->fault);
	json_decref(record);
	closep(&passed);
	return r;
}

static void open_folder(struct stage *s, int uidvalidity, int uidnext)
{
	assert_int_equal(say(s,
				 json_pack("{s:s, s:s, s:i, s:i, s:i}", "type", "folder", "folder",
					 s->folder->name, "uidvalidity", uidvalidity, "uidnext",
					 uidnext, "exists", 0),
				 -1),
		0);
}

static void see(struct stage *s, const char *uids, bool is_full)
{
	int fd = sealed_new("seen", uids, strlen(uids));

	assert_true(fd >= 0);
	assert_int_equal(
		say(s,
			json_pack("{s:s, s:s, s:i, s:i, s:b}", "type", "seen", "folder",
				s->folder->name, "uidvalidity", (int) s->folder->uidvalidity,
				"exists", 0, "full", (int) is_full),
			fd),
		0);
}

static int gone(struct stage *s, int uidvalidity, int uid)
{
	return say(s,
		json_pack("{s:s, s:s, s:i, s:i, s:i, s:i}", "type", "gone", "folder",
			s->folder->name, "uidvalidity", uidvalidity, "uid", uid, "internaldate",
			INTAKE_WORLD_NOW, "size", 300),
		-1);
}

static void assert_wanted(const struct stage *s, const char *uids)
{
	CLEANUP(freep) char *text = NULL;

	assert_int_equal(uidset_text(&s->folder->wanted, &text), 0);
	assert_string_equal(text, uids);
}

/* All that is on its way becomes durable. */
static int64_t commit(struct stage *s)
{
	register_turn(&s->reg);
	assert_int_equal(s->reg.n_mails, 0);
	return intake_world_number(
		s->world, "SELECT count(*) FROM message WHERE fate = 'unreadable'");
}

/* ---- those that vanish --------------------------------------------------------------------------- */

static void one_that_fetch_missed(void **state)
{
	struct stage *s = *state;

	open_folder(s, 7, 5);
	see(s, "5:7", true);
	assert_wanted(s, "5:7");
	assert_int_equal(gone(s, 7, 6), 0);
	assert_wanted(s, "5,7");
	assert_int_equal(told(s, "ERR mail-gone"), 1);
	assert_int_equal(commit(s), 1);
	assert_int_equal(intake_world_number(s->world, "SELECT uid FROM message"), 6);
	assert_int_equal(told(s, "ERR unreadable ref="), 1);
	see(s, "5,7", true);
	assert_int_equal(commit(s), 1);
}

/* Security: fetch may have been taken over. */
static void one_that_was_not_wanted(void **state)
{
	struct stage *s = *state;

	open_folder(s, 7, 5);
	see(s, "1:5", true);
	assert_int_equal(gone(s, 7, 4), -EBADMSG);
	assert_int_equal(gone(s, 8, 5), -EBADMSG);
	assert_int_equal(gone(s, 7, 6), -EBADMSG);
	assert_int_equal(told(s, "mail-gone"), 0);
	assert_int_equal(commit(s), 0);
}

/* The connection, or the process, was lost before they were brought. */
static void some_that_vanish_between_connections(void **state)
{
	struct stage *s = *state;

	open_folder(s, 7, 5);
	see(s, "5:9", true);
	watch_forget(s->watch);
	open_folder(s, 7, 5);
	see(s, "6,9", true);
	assert_wanted(s, "6,9");
	assert_int_equal(told(s, "mail-gone"), 0);
	see(s, "6,8:9", true);
	assert_wanted(s, "6,8:9");
	assert_int_equal(told(s, "ERR mail-gone"), 2);
	assert_int_equal(commit(s), 2);
	see(s, "6,8:9", true);
	assert_int_equal(told(s, "mail-gone"), 0);
}

/* Only a complete list can say that something is not there. */
static void a_short_list_is_no_loss(void **state)
{
	struct stage *s = *state;

	open_folder(s, 7, 5);
	see(s, "5:9", true);
	see(s, "9", false);
	see(s, "9", false);
	see(s, "", false);
	assert_int_equal(told(s, "mail-gone"), 0);
	see(s, "", true); /* a server that fails over */
	see(s, "5:9", true);
	see(s, "5:9", true);
	assert_wanted(s, "5:9");
	assert_int_equal(told(s, "mail-gone"), 0);
	assert_int_equal(commit(s), 0);
}

/* ---- a folder made anew ---------------------------------------------------------------------------- */

static void another_uidvalidity(void **state)
{
	struct stage *s = *state;

	open_folder(s, 7, 5);
	see(s, "5:9", true);
	(void) told(s, ""); /* the world's own mails have another UIDVALIDITY than this folder */
	open_folder(s, 8, 3);
	assert_wanted(s, "");
	assert_int_equal(told(s, "WARNING uidvalidity-changed"), 1);
	assert_int_equal(s->folder->epoch.id, 0);
	see(s, "1:3", true);
	see(s, "1:3", true);
	assert_int_equal(told(s, "uidvalidity-changed"), 0);
	assert_wanted(s, "3"); /* no backlog was told: none came since the first start */
	assert_int_equal(commit(s), 0);
}

/* ---- UIDs given away twice -------------------------------------------------------------------------- */

static int reused(struct stage *s, int uidvalidity)
{
	return say(s,
		json_pack("{s:s, s:s, s:i}", "type", "reused", "folder", s->folder->name,
			"uidvalidity", uidvalidity),
		-1);
}

static void tell_backlog(struct stage *s, const char *uids)
{
	int fd = sealed_new("backlog", uids, strlen(uids));

	assert_int_equal(
		say(s,
			json_pack("{s:s, s:s, s:i}", "type", "backlog", "folder", s->folder->name,
				"uidvalidity", (int) s->folder->uidvalidity),
			fd),
		0);
}

/* The server was restored from a backup: UID 5 has a row and names a new mail. */
static void uids_given_away_twice(void **state)
{
	struct stage *s = *state;
	CLEANUP(uidset_done) struct uidset seen = { 0 };
	struct store_known known[STORE_KNOWN_MAX];
	size_t n = 0;

	open_folder(s, 7, 5);
	see(s, "5", true);
	assert_int_equal(gone(s, 7, 5), 0);
	assert_int_equal(commit(s), 1);
	assert_int_equal(uidset_add(&seen, 4, 6), 0);
	store_fixture_expect(
		store_known(s->reg.store, s->folder->epoch.id, &seen, known, &n, &s->fault),
		&s->fault);
	assert_int_equal(n, 1);
	assert_int_equal(known[0].uid, 5);
	assert_int_equal(known[0].internaldate, INTAKE_WORLD_NOW);
	assert_int_equal(known[0].size, 300);
	see(s, "5", true);
	assert_wanted(s, "");
	(void) told(s, "");
	assert_int_equal(reused(s, 8), -EBADMSG);
	for (int again = 1; again <= 2; again++) {
		assert_int_equal(reused(s, 7), 0);
		assert_int_equal(reused(s, 7), -EBADMSG);
		open_folder(s, 7, 6);
		assert_int_equal(told(s, "WARNING uidvalidity-changed"), 1);
		tell_backlog(s, "5");
		see(s, "4:5", true);
		assert_wanted(s, "5");
	}
	assert_int_equal(gone(s, 7, 5), 0);
	assert_int_equal(commit(s), 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_that_fetch_missed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_that_was_not_wanted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			some_that_vanish_between_connections, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_short_list_is_no_loss, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_uidvalidity, set_up, tear_down),
		cmocka_unit_test_setup_teardown(uids_given_away_twice, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
