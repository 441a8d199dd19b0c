/* register_mail.h - a mail between fetch and its commit; for the files of register alone. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_REGISTER_MAIL_H
#define DAEMON_REGISTER_MAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/sealed.h"
#include "daemon/ladder.h"
#include "flow/intake.h"

struct watch;
struct watch_folder;

enum mail_state {
	MAIL_WAITING, /* for parse */
	MAIL_READING, /* parse has it */
	MAIL_READ,    /* for the next turn */
};

/* One mail between fetch and its commit. */
struct mail {
	TAILQ_ENTRY(mail) entries;
	uint64_t id;
	struct watch *watch;	     /* borrowed */
	struct watch_folder *folder; /* borrowed; NULL: it is of none */
	unsigned life; /* of fetch, in which it was brought; 0: it takes up no credit */
	enum mail_state state;
	enum mail_share share;
	uint32_t uidvalidity;
	int64_t epoch;
	uint32_t uid;
	int64_t internaldate;
	int64_t first_seen;
	int64_t heard_us; /* see fetch.h */
	uint64_t size;
	bool is_truncated;
	bool is_broken;	       /* the record of it could not be made: tried as unreadable next */
	int memfd;	       /* owned; -1: it could not be had */
	struct sealed raw;     /* owned mapping of memfd */
	struct letter *letter; /* owned; NULL: not read, or unreadable */
	bool is_recalled;      /* one of ours, for register_recover.c; folder is NULL */
	bool is_sent;	       /* it lies in the Sent folder */
	bool is_new;	       /* a row was written for it in this turn */
	struct intake_outcome outcome;
};

TAILQ_HEAD(mail_list, mail);

#endif
