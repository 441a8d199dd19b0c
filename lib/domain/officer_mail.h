/* officer_mail.h - the text of the mails that officers get: the daily digest, the escalation.
 *
 * References and dates only: no name, address or subject of anybody. Pure: plain data in, text out;
 * flow/reminders gathers the data. */
/* SPDX-License-Identifier: MIT */
#ifndef DOMAIN_OFFICER_MAIL_H
#define DOMAIN_OFFICER_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "domain/day.h"
#include "domain/fate.h"
#include "domain/reference.h"

enum {
	OFFICER_LIST_MAX = 100, /* references of one list that are told; the rest is counted */
};

enum officer_mail_kind {
	OFFICER_MAIL_DIGEST,
	OFFICER_MAIL_ESCALATION,
	OFFICER_MAIL_KIND_COUNT,
};

/* "digest", "escalation": as the outbox and the journal call them. */
const char *officer_mail_word(enum officer_mail_kind kind);

struct officer_item {
	char reference[REFERENCE_MAX];
	struct day day;
	unsigned days; /* working days to or from @day */
};

/* The earliest days of all that were added, in order. Starts from zero bytes. */
struct officer_list {
	struct officer_item items[OFFICER_LIST_MAX];
	size_t n;
	uint64_t total; /* of all */
};

void officer_list_add(struct officer_list *l, const char *reference, struct day day, unsigned days);

/* When a mailbox was last seen whole. */
struct officer_look {
	const char *mailbox; /* borrowed; its name in the configuration */
	int64_t last_look;   /* 0: not since the daemon started */
	bool is_in_trouble;
	enum fault_kind trouble;
	int64_t since;
};

/* Everything that the mails tell. */
struct officer_report {
	struct day today;
	int64_t now;
	unsigned due_soon_days;
	unsigned escalate_after_days;

	struct officer_list overdue; /* day: the date that rules; days: late */
	struct officer_list due_soon;
	struct officer_list triage;    /* day: opened; days: since */
	struct officer_list untouched; /* of these, those that waited too long */
	struct officer_list lapse;     /* day: when the requester's time was over */
	struct officer_list held;      /* acknowledgements; day: made */
	uint64_t n_sender_limited;     /* of these, by the limit of one sender */
	uint64_t n_hour_limited;       /* by the limit of an hour */
	struct officer_list failed;    /* refused, come back, or never made */

	uint64_t n_unsent; /* acknowledgements on their way */
	int64_t oldest_unsent;

	int64_t since; /* the digest before; 0: there was none */
	uint64_t fates[FATE_COUNT];
	uint64_t n_opened;

	const struct officer_look *looks; /* borrowed */
	size_t n_looks;

	bool has_horizon;
	struct day horizon; /* last day of the known bank holidays */
	bool feed_waits;    /* a new holiday file waits for an officer */
};

/* Whether there is anything that the mail of @kind must be sent for: a digest always. */
bool officer_mail_is_wanted(enum officer_mail_kind kind, const struct officer_report *r);

/**
 * officer_mail_text - subject and text of a mail.
 * @ret_subject, @ret_body: heap texts, ASCII, LF line ends; to be freed by the caller
 *
 * Lines of lists begin with two spaces: Outlook takes other line ends for superfluous ones.
 *
 * Return: 0; -ENOMEM.
 */
int officer_mail_text(enum officer_mail_kind kind, const struct officer_report *r,
	char **ret_subject, char **ret_body);

#endif
