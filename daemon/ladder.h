/* ladder.h - how much of a mail its reader is given, and for how long.
 *
 * A mail may kill its reader, or keep it busy for ever. Each time that happens to a mail that was
 * alone with its reader the mail goes one step down: whole, whole once more, its header only. One
 * that none of them reads is recorded from what the mail server tells. The daemon and `foictl
 * explain` go down the same ladder. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_LADDER_H
#define DAEMON_LADDER_H

#include <stdint.h>

#include "base/sealed.h"
#include "domain/letter.h"

enum mail_share {
	MAIL_WHOLE,
	MAIL_ALONE,	  /* whole, but with no other beside it */
	MAIL_HEADER_ONLY, /* alone, and the body cut away */
	MAIL_UNREADABLE,  /* not given any more */
};

/* The wall time for one mail. All steps together stay below five seconds with what the IMAP server
 * takes to announce a mail; the longest mail that is known to be slow takes a third of a second. */
uint64_t ladder_msec(enum mail_share share);

/**
 * ladder_cut - the header of a mail, as far as a reader of MAIL_HEADER_ONLY is given it.
 *
 * Return: a sealed memfd; negative errno.
 */
int ladder_cut(const struct sealed *raw);

/* Says on a letter that was read as MAIL_HEADER_ONLY that its body was not. */
void ladder_mark(struct letter *l);

#endif
