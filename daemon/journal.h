/* journal.h - what the daemon tells its administrator, one record an outcome.
 *
 * Every kind of record has a fixed MESSAGE_ID, explained in contrib/systemd/foimaild.catalog
 * (`journalctl -x`), and fields to search by (`journalctl FOI_REF="FOI 001761/18"`). The message
 * is one canonical line:
 *
 *   case-opened ref="FOI 001761/18" kind=request received=2018-05-16 due=2018-06-14: SENTENCE
 *
 * Where standard error is no stream of the journal the same line goes there, as
 * "<6>INFO case-opened ...". ERR: a person must act. WARNING: it is tried again, or a person should
 * look. INFO: an outcome. DEBUG: the rest.
 *
 * No personal data, by construction: an event has no member for a name, an address, a subject or
 * what a server said. References, dates, our own mailboxes and folders, counts and codes only. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_JOURNAL_H
#define DAEMON_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "daemon/trouble.h"
#include "domain/day.h"

enum journal_kind {
	JOURNAL_STARTED, /* detail: version and role */
	JOURNAL_READY,
	JOURNAL_STOPPING,
	JOURNAL_CONFIG_MISTAKE, /* detail: one mistake */
	JOURNAL_CONFIG_RELOADED,
	JOURNAL_BASELINE,    /* mailbox, folder, count: older mails left alone */
	JOURNAL_CASE_OPENED, /* reference, case_kind, received, due, mailbox, uid */
	JOURNAL_MAIL_FATE,   /* mailbox, folder, uid, fate; reference if it belongs to a case */
	JOURNAL_TRIAGE,	     /* as MAIL_FATE; reference: the intake number; due: provisional */
	JOURNAL_UNREADABLE,  /* as CASE_OPENED */
	JOURNAL_MAIL_GONE,   /* mailbox, folder, uid */
	JOURNAL_ACKNOWLEDGEMENT_SENT,
	JOURNAL_ACKNOWLEDGEMENT_DEFERRED, /* reference, code, status, attempt */
	JOURNAL_ACKNOWLEDGEMENT_FAILED,	  /* reference, code, status */
	JOURNAL_ACKNOWLEDGEMENT_HELD,	  /* reference, detail: why */
	JOURNAL_ACKNOWLEDGEMENT_AMBIGUOUS,
	JOURNAL_BOUNCE_RECORDED, /* reference, status */
	JOURNAL_MAILBOX_CONNECTED,
	JOURNAL_MAILBOX_FAULT, /* mailbox, folder, fault */
	JOURNAL_MAILBOX_RECOVERED,
	JOURNAL_INTAKE_FAILING,	       /* mailbox, lasted_sec; detail: what hinders it */
	JOURNAL_INTAKE_RECOVERED,      /* mailbox, lasted_sec */
	JOURNAL_AUTHENTICATION_FAILED, /* role: fetch or send; mailbox, fault */
	JOURNAL_MAILBOX_TAKEN,	       /* fault */
	JOURNAL_SMTP_FAULT,
	JOURNAL_SMTP_RECOVERED,
	JOURNAL_STORE_FULL,
	JOURNAL_STORE_BUSY,
	JOURNAL_STORE_FAULT,
	JOURNAL_STORE_DAMAGED,
	JOURNAL_STORE_CHECKED, /* lasted_sec */
	JOURNAL_STORE_RECOVERED,
	JOURNAL_BACKUP_MADE,   /* peer, lasted_sec */
	JOURNAL_BACKUP_FAILED, /* peer, fault */
	JOURNAL_WORKER_DIED,   /* role, mailbox, detail: signal or status */
	JOURNAL_WORKER_KILLED, /* role, mailbox, detail: why */
	JOURNAL_WORKER_RESTARTED,
	JOURNAL_RECONCILED,	      /* mailbox, folder, count; detail: of which kind */
	JOURNAL_UIDVALIDITY_CHANGED,  /* mailbox, folder */
	JOURNAL_PEER_REFUSED,	      /* peer */
	JOURNAL_DEADLINE_PROVISIONAL, /* reference, received, due */
	JOURNAL_CLOCK_RESTARTED,      /* reference, received, due */
	JOURNAL_DEADLINE_CHANGED,     /* reference, due; detail: the days before and told */
	JOURNAL_RECOUNTED,	  /* count: cases whose last day moved; detail: how many in all */
	JOURNAL_RECOUNT_FAILED,	  /* reference, fault */
	JOURNAL_CALENDAR_LOADED,  /* due: last day it covers; detail: its hash */
	JOURNAL_CALENDAR_CHANGED, /* due, peer; detail: days that came and went */
	JOURNAL_CALENDAR_PENDING, /* detail: command and reasons */
	JOURNAL_CALENDAR_WITHDRAWN,
	JOURNAL_CALENDAR_KEPT,	     /* due, fault */
	JOURNAL_CALENDAR_ENDS,	     /* due */
	JOURNAL_CALENDAR_FEED_FAULT, /* fault */
	JOURNAL_CALENDAR_FEED_RECOVERED,
	JOURNAL_RECEIPT_DISPUTED,	 /* reference, received */
	JOURNAL_SENDER_LIMIT,		 /* reference: of the first that is held */
	JOURNAL_HOUR_LIMIT,		 /* reference: as above */
	JOURNAL_ACKNOWLEDGEMENT_LIMITED, /* reference; detail: which limit */
	JOURNAL_DEADLINE_NEAR,		 /* reference, due, count: working days left */
	JOURNAL_DEADLINE_PASSED,	 /* reference, due, count: working days late */
	JOURNAL_LAPSE_POSSIBLE,		 /* reference, due */
	JOURNAL_TRIAGE_WAITING,		 /* count */
	JOURNAL_DIGEST_QUEUED,		 /* count: addresses */
	JOURNAL_OFFICER_MAIL_SENT,	 /* case_kind: digest, escalation */
	JOURNAL_OFFICER_MAIL_DEFERRED,	 /* case_kind, code, status, attempt */
	JOURNAL_OFFICER_MAIL_FAILED,	 /* case_kind, code, status */
	JOURNAL_UNEXPECTED,		 /* fault: a failure that has no kind of its own */
	JOURNAL_OUTBOX_ORDER,	/* reference, case_kind: of the mail, peer; detail: the order */
	JOURNAL_CASE_MOVED,	/* reference, case_kind, due; detail: the move's word */
	JOURNAL_RECOVERING,	/* detail: the day of the backup */
	JOURNAL_RECOVERY_BLIND, /* mailbox */
	JOURNAL_RECOVERY_KNOWN,
	JOURNAL_RECOVERED,    /* count: cases opened from our own mail; peer */
	JOURNAL_CASE_REBUILT, /* as CASE_OPENED */
	JOURNAL_STORE_OLDER,
	JOURNAL_DEBUG, /* detail */
	JOURNAL_KIND_COUNT,
};

/* Everything that a record can hold; a member of zero is left out. Texts are borrowed. */
struct journal_event {
	enum journal_kind kind;
	const char *reference; /* FOI_REF; of a case, or an intake number */
	const char *case_kind; /* FOI_KIND; case_kind_word() */
	struct day received;   /* FOI_RECEIVED */
	struct day due;	       /* FOI_DUE */
	bool provisional;      /* FOI_PROVISIONAL=yes: due is not certain */
	const char *mailbox;   /* FOI_MAILBOX; name of the [mailbox NAME] */
	const char *folder;    /* FOI_FOLDER; one that the configuration names */
	uint32_t uid;	       /* FOI_UID */
	const char *fate;      /* FOI_FATE; fate_word() */
	const char *because;   /* FOI_BECAUSE; words of triage_rules, "automatic,list-mail" */
	const char *role;      /* FOI_ROLE; fetch, parse, send, query, feed */
	unsigned code;	       /* FOI_CODE; SMTP reply */
	const char *status;    /* FOI_STATUS; enhanced status code, "5.1.1" */
	unsigned attempt;      /* FOI_ATTEMPT */
	bool has_count;
	uint64_t count;	    /* FOI_COUNT; told even when 0 if has_count */
	int64_t lasted_sec; /* FOI_LASTED_SEC */
	bool has_peer;
	uid_t peer;		   /* FOI_PEER; uid at the socket */
	const char *detail;	   /* our own words, part of the line only */
	const struct fault *fault; /* FOI_FAULT and FOI_ERRNO; its text and an advice are told */
};

/* The fixed part of a kind. */
struct journal_kind_entry {
	const char *id;	      /* MESSAGE_ID, 32 hexadecimal digits; never changed, never reused */
	const char *word;     /* FOI_EVENT */
	int priority;	      /* LOG_ERR, LOG_WARNING, LOG_INFO or LOG_DEBUG */
	const char *sentence; /* closes the line */
};

struct journal;

/**
 * journal_open - find out where records go.
 * @fd:    standard error (a test gives another); stays the caller's, used until journal_close()
 * @lines: write lines to @fd even if the journal is there (--once, --observe, a foreground run)
 * @debug: write JOURNAL_DEBUG too
 *
 * Return: 0; -ENOMEM.
 */
int journal_open(int fd, bool lines, bool debug, struct journal **ret, struct fault *f);
struct journal *journal_close(struct journal *j);
void journal_closep(struct journal **j);

/* Writes one record. It cannot fail visibly: there is nobody left to tell. A kind of level WARNING
 * whose fault is not transient is raised to ERR: it will not go away by itself. */
void journal_write(const struct journal *j, const struct journal_event *e);

/* Writes @e with @fault if @t holds it worth telling (daemon/trouble.h), else a JOURNAL_DEBUG. */
void journal_trouble(const struct journal *j, const struct journal_event *e,
	const struct fault *fault, struct trouble *t, int64_t now_sec);

/* Writes @e (a ..._RECOVERED) with the time it lasted, if @t was in trouble. */
void journal_relief(
	const struct journal *j, const struct journal_event *e, struct trouble *t, int64_t now_sec);

/* The entry of a kind. */
const struct journal_kind_entry *journal_kind(enum journal_kind kind);

/* What to do about a fault of @kind; a sentence without a full stop. */
const char *journal_advice(enum fault_kind kind);

#endif
