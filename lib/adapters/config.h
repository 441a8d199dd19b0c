/* config.h - foimaild.conf: read, checked and explained.
 *
 * conf/foimaild.conf, every key commented, is the contract. All mistakes of a file are reported
 * before it is refused, each with file, line, key and, where one is near, the key that was meant.
 * No check looks beyond the file: whether a server answers or a folder exists shows later. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_CONFIG_H
#define ADAPTERS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "domain/day.h"
#include "domain/fate.h"
#include "domain/reference.h"
#include "domain/review_window.h"
#include "domain/statute.h"

enum {
	CONFIG_MAILBOXES_MAX = 16,
	CONFIG_FORMS_MAX = 16,
	CONFIG_LIST_MAX = 256,	       /* entries of one list */
	CONFIG_FILES_MAX = 8,	       /* calendar files */
	CONFIG_BYTES_MAX = 256 * 1024, /* of the file */
	CONFIG_NAME_MAX = 33,	       /* of a mailbox or form, with the NUL */
	CONFIG_TEXT_MAX = 2000,	       /* bytes of one value */
	CONFIG_SECRET_MAX = 4096,      /* bytes of a password or token */
	CONFIG_STEPS_MAX = 16,	       /* distances of reminders */
	CONFIG_OFFICERS_MAX = 16,      /* addresses of one list of officers */
};

/* A list of words or addresses, lower case where case has no meaning. */
struct config_list {
	char **entries; /* owned, each owned */
	size_t n;
};

/* Distances from a last day in working days, each once, the greatest first. */
struct config_steps {
	unsigned days[CONFIG_STEPS_MAX];
	size_t n;
};

enum config_start {
	CONFIG_START_NEW,  /* only what arrives from the first start on */
	CONFIG_START_ALL,  /* the whole backlog */
	CONFIG_START_DATE, /* the backlog from start_date on */
};

enum config_after {
	CONFIG_AFTER_NONE,    /* nothing in the mailbox is changed (default) */
	CONFIG_AFTER_KEYWORD, /* keyword:NAME */
	CONFIG_AFTER_MOVE,    /* move:FOLDER */
};

enum config_auth {
	CONFIG_AUTH_PASSWORD,
	CONFIG_AUTH_NONE, /* a server on loopback that asks for none */
};

enum config_bounce {
	CONFIG_BOUNCE_PLAIN,  /* the mailbox's own address (default) */
	CONFIG_BOUNCE_TAGGED, /* with a keyed tag: foi+tag@... */
	CONFIG_BOUNCE_NULL,   /* <>: no failure ever comes back */
};

enum config_year_of {
	CONFIG_YEAR_RECEIVED,
	CONFIG_YEAR_LOGGED,
};

enum config_language {
	CONFIG_LANGUAGE_ENGLISH,
	CONFIG_LANGUAGE_WELSH_FIRST,   /* both, Welsh before English */
	CONFIG_LANGUAGE_ENGLISH_FIRST, /* both, English before Welsh */
};

/* [mailbox NAME] */
struct config_mailbox {
	char *name;	/* owned; of the section */
	char *address;	/* owned; addr-spec that requests are sent to */
	char *url;	/* owned; imaps://host[:port] or imap://host[:port] (STARTTLS required) */
	bool plaintext; /* tls = off: no STARTTLS; imap:// on loopback only */
	char *user;	/* owned; default: the address; "" with CONFIG_AUTH_NONE */
	enum config_auth auth;
	char *credential; /* owned; name of a systemd credential, or an absolute path; "" with
				     * CONFIG_AUTH_NONE */
	char *ca_file;	  /* owned; "" : the system's */
	struct config_list folders;	 /* default INBOX */
	struct config_list junk_folders; /* watched too; default none */
	char *sent_folder;		 /* owned; "" : no copy is filed */
	enum config_start start;
	struct day start_date;
	enum acknowledge acknowledge;	  /* auto: SEND, hold: HOLD, off: NO */
	unsigned acknowledge_within_days; /* default 3 */
	enum config_after after;
	char *after_argument;		/* owned; keyword or folder; "" */
	unsigned poll_sec;		/* safety net beside IDLE; default 300 */
	unsigned alarm_after_sec;	/* intake that fails for so long is told; default 600 */
	uint64_t mail_bytes_max;	/* a longer mail is read truncated; default 50 MiB */
	enum statute_regime regime;	/* default: the authority's */
	enum statute_rule receipt_rule; /* default: the authority's */
};

/* [form NAME] */
struct config_form {
	char *name;	   /* owned; of the section */
	char *from;	   /* owned; addr-spec, lower case */
	char *authserv_id; /* owned; "" : none must pass */
	char *email_field; /* owned; "" : Reply-To */
	char *name_field;  /* owned; "" : Reply-To's name */
	char *text_field;  /* owned; "" : the whole text */
};

struct config {
	/* [authority] */
	char *authority_name; /* owned */
	enum statute_regime regime;
	enum statute_rule receipt_rule;
	struct review_window review_window; /* default 40 working days (FOIA only) */
	struct config_list
		received_by; /* host names of our own gateways, as in their Received lines */
	char *authserv_id;   /* owned; "" : Authentication-Results are not trusted */
	enum config_language language;
	char *emergency;      /* owned; words for templates, as the next four; "" : none */
	char *formats;	      /* owned */
	char *privacy_notice; /* owned */
	char *regulator;      /* owned */
	char *contact;	      /* owned */
	char *templates_dir;  /* owned; folder of the acknowledgement templates */

	struct statute_settings law; /* [law]; default statute_settings_default */

	/* [reference] */
	struct reference_template request;
	struct reference_template review;
	struct reference_template
		intake; /* numbers of mails in triage; default "IN {seq:6}/{yy}" */
	uint64_t first; /* first number of a new counter; default 1 */
	bool reset_yearly;
	enum config_year_of year_of;

	struct config_mailbox *mailboxes; /* owned */
	size_t n_mailboxes;

	/* [smtp] */
	char *smtp_url;	 /* owned; smtp:// (STARTTLS required), smtps://, "" : acknowledgements are
			 * kept and not sent */
	char *smtp_user; /* owned; "" : no AUTH */
	char *smtp_credential;	   /* owned; as of a mailbox; "" without a user */
	char *smtp_ca_file;	   /* owned; "" : the system's */
	char *smtp_from;	   /* owned; "" : the address of the mailbox it is about */
	char *smtp_from_name;	   /* owned; default: the authority's name */
	bool smtp_allow_plaintext; /* tls = off: only for loopback */
	enum config_bounce bounce;
	unsigned give_up_after_sec; /* how long a mail is tried; default 5 days */
	unsigned sender_limit;	    /* acknowledgements to one sender within 24 hours; default 5 */
	unsigned hour_limit;	    /* acknowledgements to all within an hour; default 200 */

	char *store_path;    /* owned; [store] path */
	char *socket_path;   /* owned; [socket] path; "" : none but systemd's */
	char *read_group;    /* owned; default foi-read */
	char *officer_group; /* owned; default foi-officer */

	/* [calendar] */
	struct config_list calendar_files; /* merged in order */
	char *calendar_url;		   /* owned; https://, "" : no feed is asked */
	char *calendar_ca_file;		   /* owned; "" : the system's */
	unsigned calendar_refresh_sec;	   /* how often the feed is asked; default a day */

	/* [senders] */
	struct config_list colleagues;
	struct config_list regulators;
	struct config_list partners;
	struct config_list ignored;
	struct config_list platforms; /* default whatdotheyknow.com */

	/* [reminders] */
	unsigned reminders_at; /* minutes of the day, by the clocks of London; default 07:00 */
	struct config_steps reminder_steps; /* default 10, 5, 1, 0 */
	struct config_list digest_to;	    /* addresses; empty: no digest is sent */
	unsigned due_soon_days;		    /* working days; default 5 */
	struct config_list escalate_to;	    /* addresses; empty: nobody */
	unsigned escalate_after_days;	    /* working days; default 2 */

	struct config_form *forms; /* owned */
	size_t n_forms;
};

/* Told of each mistake: "FILE:LINE: [section] key: what is wrong; what to do". */
typedef void config_report(void *context, const char *text);

/**
 * config_load - read and check a configuration.
 * @report: called for each mistake and, with "warning: " before it, for each doubt; may be NULL
 *
 * Relative paths are relative to the file's folder, so that a private set-up can be moved. Reports
 * name keys, and values only where they are words of a fixed set or numbers.
 *
 * Return: 0; -EINVAL there were mistakes (all reported; @f holds their number); -ENOENT and other
 *         errno of reading the file.
 */
int config_load(const char *path, config_report *report, void *context, struct config **ret,
	struct fault *f);
struct config *config_free(struct config *c);
void config_freep(struct config **c);

/**
 * config_secret - the password that a credential names.
 * @credential:     a name below @credentials_dir, or an absolute path
 * @credentials_dir: $CREDENTIALS_DIRECTORY as the caller found it; NULL: systemd gave none
 * @ret:            heap text without the trailing line end, at most 4,096 bytes; wipe and free it
 *                  with config_secret_free()
 *
 * Return: 0; -ENOENT with the name and what to do; -EPERM a file outside the credentials
 *         directory that others than its owner can read; -EINVAL empty or too long.
 */
int config_secret(const char *credential, const char *credentials_dir, char **ret, struct fault *f);
void config_secret_free(char *secret);

#endif
