/* register_stage.c - register with fake workers and a real store.
 *
 * The store is one file for all inputs. A copy of it in memory is written back over it where an input
 * has changed anything, which takes less time than to make it anew. */
/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/register_stage.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "adapters/store_internal.h"
#include "base/cleanup.h"
#include "daemon/fetch.h"
#include "daemon/parse.h"
#include "daemon/send.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/worker_fake.h"
#include "tests/support/intake_world.h"

static struct intake_world *world;
static struct calendar *in_force; /* before any answer of the feed */
static struct journal *journal;
static int journal_fd = -1;
static sd_event *event;
static sqlite3 *pristine; /* the store as it is before an input */
static int changes;	  /* of the store, as SQLite counts them, when it was last as before */

static const struct register_options options;
static struct register_state state;

static void copy_database(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");

	REQUIRE(copy && sqlite3_backup_step(copy, -1) == SQLITE_DONE);
	REQUIRE(sqlite3_backup_finish(copy) == SQLITE_OK);
}

static void replace(char **text, const char *with)
{
	free(*text);
	*text = strdup(with);
	REQUIRE(*text);
}

/* All roles have something to do. */
static void configure(struct config *conf)
{
	replace(&conf->smtp_url, "smtp://127.0.0.1:25");
	replace(&conf->calendar_url, "https://www.example.org/bank-holidays.json");
	replace(&conf->mailboxes[0].sent_folder, "Sent");
	conf->mailboxes[0].acknowledge_within_days = 36500; /* old mails are answered too */
}

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

static void add_sources(struct register_state *reg)
{
	REQUIRE(sd_event_add_defer(event, &reg->turn, ignore, reg) >= 0);
	REQUIRE(sd_event_source_set_enabled(reg->turn, SD_EVENT_OFF) >= 0);
	REQUIRE(sd_event_add_time(
			event, &reg->turn_timer, CLOCK_REALTIME, 0, 0, ignore_time, reg) >= 0);
	REQUIRE(sd_event_source_set_enabled(reg->turn_timer, SD_EVENT_OFF) >= 0);
}

void register_stage_open(void)
{
	struct register_state *reg;

	REQUIRE(intake_world_setup((void **) &world) == 0);
	configure(world->conf);
	in_force = world->calendar;
	journal_fd = memfd_create("journal", MFD_CLOEXEC);
	REQUIRE(journal_fd >= 0 && journal_open(journal_fd, true, true, &journal, NULL) == 0);
	REQUIRE(sd_event_new(&event) >= 0);
	/* What is not kept needs no disk. */
	REQUIRE(sqlite3_exec(world->in.store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL) ==
		SQLITE_OK);
	reg = register_stage_begin();
	REQUIRE(calendar_settle(reg, &reg->loaded, NULL, NULL) == 0);
	REQUIRE(sqlite3_open(":memory:", &pristine) == SQLITE_OK);
	copy_database(pristine, world->in.store->db);
	register_stage_end();
}

struct register_state *register_stage_begin(void)
{
	struct register_state *reg = &state;
	struct fault f = { 0 };

	*reg = (struct register_state){ .options = &options,
		.event = event,
		.journal = journal,
		.phase = REGISTER_RUNNING,
		.store = world->in.store };
	TAILQ_INIT(&reg->mails);
	reg->loaded.conf = world->conf;
	reg->loaded.templates = world->templates;
	REQUIRE(calendar_new(&reg->loaded.calendar) == 0);
	REQUIRE(calendar_merge(reg->loaded.calendar, in_force, NULL) == 0);
	REQUIRE(calendar_hash(reg->loaded.calendar, reg->loaded.hash) == 0);
	add_sources(reg);
	reg->started_at = register_now(reg);
	REQUIRE(feed_new(reg, &f) == 0 && parse_new(reg, &f) == 0 && outbox_new(reg, &f) == 0);
	REQUIRE(watch_new_all(reg, &f) == 0 && worker_start(reg->parse, &f) == 0);
	REQUIRE(worker_start(reg->send, &f) == 0 && watch_start_all(reg, &f) == 0);
	return reg;
}

/* Each line of the journal is one record, whatever a worker said. */
static void check_journal(void)
{
	CLEANUP(freep) char *text = NULL;
	struct stat st;
	const uint8_t *at;
	size_t n_line;
	char *line;

	REQUIRE(fstat(journal_fd, &st) == 0);
	text = malloc((size_t) st.st_size + 1);
	REQUIRE(text && pread(journal_fd, text, (size_t) st.st_size, 0) == st.st_size);
	at = (const uint8_t *) text;
	while ((line = fuzz_line(&at, (const uint8_t *) text + st.st_size, &n_line))) {
		REQUIRE(strlen(line) == n_line && line[0] == '<' && line[2] == '>');
		for (const char *s = line; *s; s++)
			REQUIRE((unsigned char) *s >= ' ' && *s != 0x7F);
		free(line);
	}
	REQUIRE(ftruncate(journal_fd, 0) == 0 && lseek(journal_fd, 0, SEEK_SET) == 0);
}

static void free_mails(struct register_state *reg)
{
	struct mail *m;

	while ((m = TAILQ_FIRST(&reg->mails))) {
		TAILQ_REMOVE(&reg->mails, m, entries);
		mail_free(m);
	}
}

static void restore_store(void)
{
	sqlite3 *db = world->in.store->db;

	REQUIRE(!store_is_open(world->in.store));
	if (sqlite3_total_changes(db) != changes)
		copy_database(db, pristine);
	changes = sqlite3_total_changes(db);
}

void register_stage_end(void)
{
	struct register_state *reg = &state;

	check_journal();
	free_mails(reg);
	outbox_take_back(reg);
	watch_free_all(reg);
	worker_free(reg->parse);
	worker_free(reg->send);
	feed_free(reg);
	sd_event_source_disable_unref(reg->turn);
	sd_event_source_disable_unref(reg->turn_timer);
	calendar_free(reg->loaded.calendar);
	restore_store();
}

/* ---- what must hold -------------------------------------------------------------------------- */

static void check_mails(const struct register_state *reg)
{
	size_t n[MAIL_READ + 1] = { 0 };
	const struct mail *m;

	TAILQ_FOREACH(m, &reg->mails, entries)
	{
		n[m->state]++;
		REQUIRE(m->uid > 0 && m->uidvalidity > 0 && m->epoch > 0);
		REQUIRE((m->memfd >= 0) || m->share == MAIL_UNREADABLE);
		REQUIRE(m->state != MAIL_READ || m->letter || m->share == MAIL_UNREADABLE);
	}
	REQUIRE(n[MAIL_WAITING] + n[MAIL_READING] + n[MAIL_READ] == reg->n_mails);
	REQUIRE(n[MAIL_READING] == reg->n_reading && n[MAIL_READ] == reg->n_read);
	REQUIRE(reg->n_reading <= (reg->parse_alone ? 1 : PARSE_CREDIT));
	/* None is lost: each that was taken is on its way, or has its row. */
	REQUIRE(reg->next_mail_id == reg->n_taken + reg->n_mails);
}

static void check_watch(const struct watch *w)
{
	REQUIRE(w->n_credit <= FETCH_CREDIT && w->n_copies <= WATCH_COPIES_MAX);
	for (size_t i = 0; i < w->n_folders; i++) {
		const struct watch_folder *folder = &w->folders[i];

		REQUIRE(uidset_count(&folder->in_hand) <= FETCH_CREDIT);
		REQUIRE(folder->wanted.n == 0 || folder->epoch.id != 0);
	}
}

void register_stage_check(const struct register_state *reg)
{
	REQUIRE(!store_is_open(reg->store));
	REQUIRE(reg->store_failures == 0 && !reg->store_trouble.on);
	REQUIRE(reg->n_verdicts <= reg->n_sending && reg->n_sending <= SEND_CREDIT);
	REQUIRE(reg->n_filed <= REGISTER_TURN_VERDICTS);
	check_mails(reg);
	for (size_t i = 0; i < reg->n_watches; i++)
		check_watch(&reg->watches[i]);
}
