/* register_internal.h - the state of register, shared by its files.
 *
 * The way of a mail: fetch brings it (register_mailbox.c), parse reads it (register_parse.c), a
 * turn commits it (register_turn.c), then fetch is told and the journal has its line. Nothing is
 * dropped between: a mail that is not committed is brought again at the next start, because only
 * committed UIDs count as known. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_INTERNAL_H
#define DAEMON_REGISTER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <systemd/sd-event.h>

#include "adapters/config.h"
#include "adapters/store.h"
#include "base/digest.h"
#include "base/sealed.h"
#include "base/uidset.h"
#include "daemon/alarm.h"
#include "daemon/control.h"
#include "daemon/journal.h"
#include "daemon/ladder.h"
#include "daemon/register.h"
#include "daemon/register_calendar.h"
#include "daemon/register_load.h"
#include "daemon/register_mail.h"
#include "daemon/register_recount.h"
#include "daemon/register_recover.h"
#include "daemon/trouble.h"
#include "daemon/worker.h"
#include "flow/intake.h"
#include "flow/templates.h"

enum {
	REGISTER_TURN_MAILS = 100, /* rows of one transaction */
	REGISTER_TURN_VERDICTS = 64,
	REGISTER_STOP_MSEC = 30000, /* a worker's time to finish what it has in hand */
	REGISTER_LOOK_SEC = 3600,   /* the longest time between two looks at the clock */
	WATCH_COPIES_MAX = 16,	    /* copies for the Sent folder on the way at once */
};

struct daily;
struct pick;
struct verify;
struct watch;
struct watch_folder;

/* One watched folder. */
struct watch_folder {
	char *name; /* owned */
	bool is_junk;
	int64_t id; /* store_folder.id */
	int64_t created_at;
	bool is_first; /* the configuration names it since this start */
	bool has_epochs;
	uint32_t uidvalidity; /* 0: not selected yet */
	uint32_t uidnext;
	uint64_t exists;
	struct store_epoch epoch; /* id 0: not known yet */
	struct uidset backlog;	  /* told, for the baseline that "seen" completes */
	struct uidset in_hand;	  /* fetch reads these at this moment */
	int64_t in_hand_date;	  /* INTERNALDATE of the first of them */
	uint64_t in_hand_size;
	struct uidset wanted;  /* asked for, not brought yet */
	bool is_check_due;     /* of the known ones, since the folder was opened */
	uint32_t wanted_in;    /* the UIDVALIDITY of these and the next */
	struct uidset shown;   /* by the server, and without a row: wanted, on the way, missing */
	struct uidset unsaved; /* of these, still to be noted in the store */
	struct uidset missing; /* of these; the last complete list did not show them */
	struct uidset careful; /* of these, to be taken alone */
	struct uidset header_only; /* of these, only the header */
	struct uidset told;	   /* the server knows of them now; for the next turn to record */
	bool is_cycled;		   /* the last look has ended: everything wanted was brought */
	uint64_t cycled_usec;	   /* when it did last, CLOCK_MONOTONIC */
	int64_t last_cycle;	   /* 0: none in this run */
	struct trouble trouble;	   /* it cannot be opened; the mailbox itself is well */
	bool is_settled;	   /* as the watch's */
};

/* One mailbox: its fetch process and its folders. */
struct watch {
	struct register_state *reg; /* borrowed */
	size_t index;		    /* into conf->mailboxes */
	const struct config_mailbox *conf;
	struct worker *fetch;	      /* owned */
	struct watch_folder *folders; /* owned */
	size_t n_folders;
	struct trouble trouble;
	struct fault fault;	     /* the last one that was met */
	struct alarm alarm;	     /* intake has failed for long */
	uint64_t n_rows;	     /* mails committed in this configuration */
	uint64_t n_rows_looked_at;   /* of these, when the alarm looked last */
	struct trouble tell_trouble; /* keyword or move refused */
	struct trouble copy_trouble; /* copies for the Sent folder refused */
	bool is_settled;	     /* baseline committed, or it failed: READY need not wait */
	bool is_finished;	     /* --once: everything is brought and told */
	unsigned life;		     /* counts the starts of fetch */
	size_t n_credit;	     /* mails on the way without "done" */
	int64_t copies[WATCH_COPIES_MAX]; /* outbox rows on the way to the Sent folder */
	size_t n_copies;
	struct recover_scan scan;
};

/* One account that no other daemon of this machine watches; see register_sole.h. */
struct sole {
	char name[DIGEST_HEX_MAX];
	int fd;		     /* owned */
	sd_event_source *io; /* owned */
};

/* What SMTP said of one row, kept until the next turn. */
struct verdict {
	int64_t id;
	char outcome[16];
	int code;
	char status[16];
	char reply[512];
	struct fault fault; /* kind FAULT_OTHER and no text: none */
	bool is_about_server;
	bool is_lost;	   /* none came: send died while it delivered this one */
	bool is_untouched; /* none came: send died before it began this one */
};

/* One mail given to send. */
struct sending {
	int64_t id;
	int64_t case_id; /* 0: about none */
	char reference[REFERENCE_MAX];
	char mailbox[64];
	char kind[16]; /* of the outbox */
	int64_t queued_at;
	unsigned tries;
	uint64_t order; /* in which they were handed over, and are delivered */
};

enum register_phase {
	REGISTER_STARTING,
	REGISTER_RUNNING,
	REGISTER_RELOADING, /* workers are ending, then the new configuration counts */
	REGISTER_STOPPING,
};

struct register_state {
	const struct register_options *options;
	sd_event *event;
	struct journal *journal;
	struct loaded loaded; /* the configuration in force */
	struct loaded next;   /* while reloading */
	char observe_dir[64]; /* folder of the store of --observe; "" : none */
	struct store *store;
	struct control *control;
	enum register_phase phase;
	bool is_ready;
	bool reload_again; /* asked for while one was under way */
	int64_t started_at;
	int64_t stopped_at; /* when it was told to stop */

	struct watch *watches; /* owned */
	size_t n_watches;

	/* Twice as many: while a configuration is loaded its mailboxes come beside the old ones. */
	struct sole soles[2 * CONFIG_MAILBOXES_MAX];
	size_t n_soles;

	struct worker *parse;
	struct mail_list mails; /* in the order in which they came */
	size_t n_mails;
	size_t n_reading;
	size_t n_read;
	uint64_t next_mail_id;
	bool parse_is_ready;  /* its wall is up */
	bool parse_alone;     /* one at a time, until the suspects are through */
	unsigned parse_given; /* in this life of the parse process */

	struct worker *send; /* NULL: acknowledgements are not sent */
	struct trouble send_trouble;
	struct sending sending[REGISTER_TURN_VERDICTS];
	size_t n_sending;
	uint64_t n_handed_over;
	struct verdict verdicts[REGISTER_TURN_VERDICTS];
	size_t n_verdicts;
	struct pick *pick;	 /* owned; rows marked in the open transaction */
	int64_t send_not_before; /* after trouble with the server */
	unsigned send_failures;

	int64_t filed[REGISTER_TURN_VERDICTS]; /* outbox rows whose Sent copy is there */
	size_t n_filed;

	struct feed_state feed;
	struct daily *daily;   /* owned; NULL: --observe */
	struct verify *verify; /* owned; NULL: --observe, --once */
	struct recount recount;
	struct recover recover;

	struct trouble store_trouble;
	bool is_baseline_late; /* one taken from here on must not skip what came meanwhile */
	unsigned store_failures;
	uint64_t blamed;	     /* the mail at which the last turn failed; 0: none */
	sd_event_source *turn;	     /* runs a turn when nothing else is to be done */
	sd_event_source *turn_timer; /* runs one later: store trouble, next try of the outbox */
	sd_event_source *watchdog;
	uint64_t watchdog_usec; /* 0: systemd wants no pings */

	uint64_t n_taken; /* mails committed in this run */
	uint64_t fates[FATE_COUNT];
	uint64_t n_sent;
	int exit_status;
};

/* register.c */
void register_check_finished(struct register_state *reg); /* --once, reload, stop: look soon */
void register_finish_if_done(struct register_state *reg); /* the same, now */
void register_settled(struct register_state *reg);	  /* a watch settled: READY may be due */
void register_stop(struct register_state *reg);
void register_stop_workers(struct register_state *reg);

/* register_reload.c */
void register_report_mistake(void *reg, const char *text); /* a config_report */
void reload_keep_fixed(struct register_state *reg); /* before the next configuration counts */
/* Return: 0 under way; -EBUSY it reloads or stops; -EINVAL mistakes, told to the journal and @also
 * (NULL: to nobody else). */
int register_reload(struct register_state *reg, config_report *also, void *context);

/* register_event.c */
int register_add_events(struct register_state *reg, struct fault *f);
int64_t register_now(const struct register_state *reg);	       /* seconds UTC of this event */
uint64_t register_monotonic(void);			       /* microseconds, of this moment */
void register_wake(struct register_state *reg);		       /* a turn soon */
void register_later(struct register_state *reg, int64_t when); /* a turn then, if none is sooner */
/* A timer for a time of the day. It counts CLOCK_BOOTTIME and rings every REGISTER_LOOK_SEC at the
 * latest: one of CLOCK_REALTIME sleeps through the time by which a wrong clock is put back, which may
 * be years. What it rings for has to look at the clock. It is off at first. */
int register_add_alarm(
	struct register_state *reg, sd_event_time_handler_t call, sd_event_source **ret);
void register_set_alarm(struct register_state *reg, sd_event_source *alarm, int64_t when);

/* register_mailbox.c */
int watch_take_record(
	void *context, struct worker *worker, const json_t *record, int *passed, struct fault *f);

/* register_watch.c */
void watch_settle(struct watch *w);

/* Finds or makes the store's row of @folder: its date is that of our first start, before which mail
 * is old. */
int watch_find_row(struct watch *w, struct watch_folder *folder, struct fault *f);

/* watch_settle(), once it is so for all folders. */
void watch_settle_folder(struct watch *w, struct watch_folder *folder);

/* Tells that @folder cannot be opened; NULL: that the mailbox cannot be read. */
void watch_meet_fault(struct watch *w, struct watch_folder *folder, const struct fault *fault);

int watch_new_all(struct register_state *reg, struct fault *f);
void watch_free_all(struct register_state *reg);
int watch_start_all(struct register_state *reg, struct fault *f);
void watch_tell_done(const struct mail_list *done);
void watch_file_copies(struct register_state *reg);

/* register_folder.c */
struct watch_folder *watch_folder_find(struct watch *w, const char *name);
int watch_take_folder(
	struct watch *w, struct watch_folder *folder, const json_t *record, struct fault *f);
int watch_take_backlog(struct watch *w, struct watch_folder *folder, int passed, struct fault *f);
int watch_take_seen(
	struct watch *w, struct watch_folder *folder, int passed, bool is_full, struct fault *f);
void watch_forget(struct watch *w);

/* register_gone.c */
/* Whether register asked for that mail, in this UIDVALIDITY, and does not have it yet. */
bool watch_is_wanted(const struct watch_folder *folder, uint32_t uidvalidity, uint32_t uid);
int watch_take_gone(struct watch *w, struct watch_folder *folder, const json_t *record, int *passed,
	struct fault *f);
/* Finds what was shown and is not in @seen, all that the folder holds now. */
int watch_find_gone(
	struct watch *w, struct watch_folder *folder, const struct uidset *seen, struct fault *f);

/* register_reused.c */
/* Adds to @want by what the known ones among @seen are told from other mails. */
int watch_add_known(struct watch *w, struct watch_folder *folder, const struct uidset *seen,
	json_t *want, struct fault *f);
int watch_take_reused(struct watch *w, struct watch_folder *folder, const json_t *record,
	int *passed, struct fault *f);

/* register_untold.c */
/* Inside a turn: keeps of which of its first @n_mails the server is to be told, and forgets of which it
 * has been. */
int untold_record(struct register_state *reg, size_t n_mails, struct fault *f);
void untold_recorded(struct register_state *reg); /* that is durable */
/* Whether untold_record() has something to forget. */
bool untold_has_news(const struct register_state *reg);
int untold_take_told(
	struct watch *w, struct watch_folder *folder, const json_t *record, struct fault *f);
/* The folder is open: gives fetch what an earlier connection left untold. */
int untold_tell_again(struct watch *w, const struct watch_folder *folder, struct fault *f);

/* register_suspect.c */
int watch_take_step(struct watch *w, struct watch_folder *folder, const json_t *record, int *passed,
	struct fault *f);
void watch_suspect(struct watch *w);

/* register_mailbox.c: a mail that cannot be brought, for a turn to record as unreadable */
int watch_give_up(struct watch *w, struct watch_folder *folder, uint32_t uid, int64_t internaldate,
	uint64_t size);

/* register_parse.c */
int parse_new(struct register_state *reg, struct fault *f);
void parse_feed(struct register_state *reg);
struct mail *mail_free(struct mail *m);
void mail_set_read(struct register_state *reg, struct mail *m);

/* register_turn.c */
void register_turn(struct register_state *reg);

/* Tells that the store cannot be used, as often as such a trouble is worth it. */
void register_store_trouble(struct register_state *reg, const struct fault *f);

/* register_send.c */
int outbox_new(struct register_state *reg, struct fault *f);

/* register_outbox.c, register_pick.c */
int outbox_take_record(
	void *context, struct worker *worker, const json_t *record, int *passed, struct fault *f);
/* Trouble with the mail server, not with a mail: all wait for a while, longer each time. */
void outbox_meet_fault(struct register_state *reg, const struct fault *fault);
int outbox_record(struct register_state *reg, struct fault *f); /* verdicts, inside a turn */
bool outbox_may_send(const struct register_state *reg);
int outbox_pick(struct register_state *reg, struct fault *f); /* due rows, inside a turn */
size_t outbox_room(const struct register_state *reg);	      /* how many may be handed over now */
void outbox_hand_over(struct register_state *reg);	      /* after the commit */
void outbox_take_back(struct register_state *reg);	      /* after a rollback */
void outbox_report(struct register_state *reg);

/* register_report.c */
void report_mail(struct register_state *reg, const struct mail *m);
void report_status(struct register_state *reg);
bool report_once(struct register_state *reg); /* prints the counts; whether nothing is left */
void report_worker(struct register_state *reg, const struct worker *w, enum worker_end how,
	int signal, const char *mailbox);

#endif
