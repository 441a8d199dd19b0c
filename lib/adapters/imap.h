/* imap.h - one authenticated IMAP connection: look, fetch, wait, tell.
 *
 * libcurl opens the connection, with TLS verified and the login done; libetpan speaks the grammar
 * over it. Straight-line and blocking: every call ends within a bound that the caller can know
 * beforehand (IMAP_COMMAND_MS, imap_transfer_ms()). After a failure imap_is_usable() says whether
 * the server merely refused a command or the connection is lost; a lost one is only closed.
 * Nothing here sets \Seen: bodies are read with BODY.PEEK. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_IMAP_H
#define ADAPTERS_IMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/uidset.h"

enum {
	IMAP_CONNECT_MS = 60 * 1000,   /* name, TCP, TLS and login together */
	IMAP_COMMAND_MS = 60 * 1000,   /* one command without bodies */
	IMAP_IDLE_MS = 28 * 60 * 1000, /* RFC 2177: servers may hang up after 30 minutes */
	IMAP_BATCH_MAX = 64,	       /* mails in one command */
	IMAP_HEADER_MAX = 64 * 1024,   /* of a mail of which only the header is read */
	IMAP_MESSAGE_ID_MAX = 256,     /* with its end */
	IMAP_LIST_MAX = 300,	       /* folders in which something is looked for */
};

struct imap; /* imap_open(), imap_close() */

struct imap_options {
	const char *url;      /* imaps://host[:port], or imap://host[:port]: STARTTLS is required */
	const char *user;     /* NULL: no login */
	const char *secret;   /* NULL without user */
	const char *ca_file;  /* NULL or "": the system's authorities */
	bool plaintext;	      /* imap:// without TLS; refused but for loopback */
	int stop_fd;	      /* when its peer hangs up every wait ends; -1: none */
	unsigned patience_ms; /* bound on every connect and command instead of ours; 0: ours */
	int64_t (*now_us)(void); /* CLOCK_MONOTONIC, microseconds */
};

/* What SELECT told. */
struct imap_folder {
	uint32_t uidvalidity; /* never 0 */
	uint32_t uidnext;     /* 0: the server did not say */
	uint32_t exists;
	bool read_only;
};

/* One mail of the selected folder. */
struct imap_mail {
	uint32_t uid;
	int64_t internaldate;		      /* seconds since 1970 UTC */
	uint64_t size;			      /* RFC822.SIZE; some servers only guess it */
	int fd;				      /* sealed memfd with the bytes; -1: not read. Owned */
	uint64_t bytes;			      /* in the memfd */
	char message_id[IMAP_MESSAGE_ID_MAX]; /* "<a@b>"; "": not known */
};

/* Folders that the server lists, named as imap_glance() takes them. Starts from zero bytes. */
struct imap_list {
	char *names[IMAP_LIST_MAX]; /* owned */
	size_t n;
};

/* What is read of each mail. */
enum imap_part {
	IMAP_PART_WHOLE,  /* all of it */
	IMAP_PART_BEGIN,  /* the first bytes_max bytes */
	IMAP_PART_HEADER, /* the first IMAP_HEADER_MAX bytes of the header */
};

enum imap_wake {
	IMAP_WAKE_TIME,	   /* the time is over */
	IMAP_WAKE_MAIL,	   /* EXISTS differs, or mails were taken away */
	IMAP_WAKE_CHANNEL, /* the other descriptor can be read */
};

/**
 * imap_open - connect, verify, log in and ask what the server can do.
 *
 * Return: 0; else negative errno with a kind that says what to look at: FAULT_NETWORK,
 *         FAULT_TLS, FAULT_AUTH, FAULT_PROTOCOL, FAULT_CONFIG. -ECANCELED: stop_fd hung up.
 * Security: no secret is sent before the server's certificate was verified; plain text only to
 *           loopback, and only when asked for.
 */
int imap_open(const struct imap_options *options, struct imap **ret, struct fault *f);

/* Drops the connection without a word. NULL is fine. */
struct imap *imap_close(struct imap *i);
void imap_closep(struct imap **i);

/* Whether another command may be given. */
bool imap_is_usable(const struct imap *i);

bool imap_has_idle(const struct imap *i);

/* Number of mails in the selected folder as the server last told it. */
uint32_t imap_exists(const struct imap *i);

/* How long a command that carries @bytes may take: slow lines are allowed for, but never more than
 * 51 minutes. */
unsigned imap_transfer_ms(uint64_t bytes);

/**
 * imap_select - open a folder.
 * @folder:  UTF-8
 * @examine: read-only, for trials; else SELECT, without which a Maildir that nobody opens stays
 *           slow under Dovecot
 *
 * Return: 0; -ENOENT refused; -EBUSY the server is busy ([INUSE], [LIMIT], [UNAVAILABLE]).
 */
int imap_select(
	struct imap *i, const char *folder, bool examine, struct imap_folder *ret, struct fault *f);

/* The UIDs at or above @first that the folder holds. 1: all. */
int imap_search(struct imap *i, uint32_t first, struct uidset *ret, struct fault *f);

/* The UIDs whose INTERNALDATE is not before @since (seconds since 1970 UTC); and, since SEARCH goes by
 * days, some of up to two days before. */
int imap_search_since(struct imap *i, int64_t since, struct uidset *ret, struct fault *f);

/* The UIDs of mails with that Message-ID whose INTERNALDATE is not before @since, as above.
 * @message_id: of imap_sizes(). */
int imap_search_id(
	struct imap *i, const char *message_id, int64_t since, struct uidset *ret, struct fault *f);

/* The UIDs of mails that have @text, a word of ours, in Message-ID, References or In-Reply-To. */
int imap_search_token(struct imap *i, const char *text, struct uidset *ret, struct fault *f);

/* The folders that may be opened, IMAP_LIST_MAX of them at most; imap_list_done() @ret. */
int imap_list(struct imap *i, struct imap_list *ret, struct fault *f);
void imap_list_done(struct imap_list *list);

/* Whether @folder (UTF-8, as for imap_select()) is the one that is listed so. */
bool imap_is_listed_as(const char *folder, const char *listed);

/* Opens a listed folder for reading. Return: as imap_select(). */
int imap_glance(struct imap *i, const char *listed, struct fault *f);

/* Hears what the server has to tell, such as which mails were taken away meanwhile. */
int imap_noop(struct imap *i, struct fault *f);

/**
 * imap_sizes - INTERNALDATE and size of some mails.
 * @uids:     at most IMAP_BATCH_MAX
 * @with_ids: their Message-IDs too
 * @ret_mails: as many as are there, in rising UID; fd -1
 */
int imap_sizes(struct imap *i, const struct uidset *uids, bool with_ids,
	struct imap_mail ret_mails[IMAP_BATCH_MAX], size_t *ret_n, struct fault *f);

/**
 * imap_bodies - read the bytes of @n mails, one command.
 * @mails:     from imap_sizes(); fd is set where the mail was read, stays -1 where it vanished
 *             (some servers answer with no bytes then)
 * @bytes_max: for IMAP_PART_BEGIN, and the bound on any one mail
 *
 * Return: 0; -EREMOTEIO the server refused (what came before that is in @mails); -EBUSY.
 * Security: a literal that is much longer than the announced size ends the connection.
 */
int imap_bodies(struct imap *i, struct imap_mail *mails, size_t n, enum imap_part part,
	uint64_t bytes_max, struct fault *f);

/* How long imap_bodies() may take with these arguments. */
unsigned imap_bodies_ms(const struct imap_mail *mails, size_t n, uint64_t bytes_max);

/* Frees what the mails hold. */
void imap_mails_done(struct imap_mail *mails, size_t n);

/* Sets a keyword (STORE +FLAGS.SILENT). Return: 0; -EREMOTEIO refused, or the folder does not keep it. */
int imap_keyword(struct imap *i, const struct uidset *uids, const char *keyword, struct fault *f);

/**
 * imap_move - file mails in another folder.
 *
 * Without MOVE (RFC 6851): COPY, then \Deleted on these; they are expunged only where UID EXPUNGE
 * (RFC 4315) can name them, since a plain EXPUNGE would take others' deleted mail along.
 *
 * Return: 0; -EREMOTEIO refused.
 */
int imap_move(struct imap *i, const struct uidset *uids, const char *folder, struct fault *f);

/* Stores a mail, marked as read, in @folder. Return: 0; -EREMOTEIO refused. */
int imap_append(struct imap *i, const char *folder, const char *bytes, size_t n, struct fault *f);

/**
 * imap_wait - wait for new mail by IDLE, or merely wait where the server has no IDLE.
 * @channel:   ends the wait when it can be read or hangs up; -1: none
 * @exists:    number of mails that the caller knows of; another one ends the wait at once
 * @ms:        at most IMAP_IDLE_MS
 * @ret_heard: microseconds of options.now_us when the news could be read; 0: by other means
 *
 * IDLE is left (DONE, and its answer read) on every return of 0.
 *
 * Standard: RFC 2177.
 */
int imap_wait(struct imap *i, int channel, uint32_t exists, unsigned ms, enum imap_wake *ret,
	int64_t *ret_heard, struct fault *f);

#endif
