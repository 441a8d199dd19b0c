/* fetch.h - the fetch role: one process a mailbox, between the IMAP server and register.
 *
 * It keeps no state of its own: register knows which UIDs it has, fetch only looks and carries.
 * Records (adapters/channel.h); times are seconds since 1970 UTC, a "set" is uidset text:
 *
 * register -> fetch
 *   begin   mailbox, url, user, auth ("password" or "none"), secret, ca_file,
 *           folders [{name, junk}], sent_folder, after ("none", "keyword", "move"),
 *           after_argument, poll_sec, mail_bytes_max, once (bool), change (bool: false under
 *           --observe: nothing in the mailbox is touched). The first record, once.
 *   look    folder, uidvalidity, since (0, or the instant from which a backlog is wanted).
 *           Answer to "folder".
 *   want    folder, uidvalidity; memfd: set of the UIDs to bring. Answer to each "seen".
 *   done    folder, uidvalidity, set: these are durable. Gives back the credit for as many mails;
 *           then the server is told (keyword or move) as configured, in one command a batch.
 *   append  id; memfd: a mail for the Sent folder.
 *
 * fetch -> register
 *   step    what, ms: the next record comes within that time, or this process is stuck. Sent before
 *           every step that can take longer than the last one announced (IDLE included).
 *   folder  folder, uidvalidity, uidnext, exists: SELECT succeeded.
 *   backlog folder, uidvalidity; memfd: set of the UIDs whose INTERNALDATE is not before "since".
 *           Only when "since" was not 0; comes before the first "seen".
 *   seen    folder, uidvalidity, exists; memfd: set of UIDs the server shows now (all of them
 *           on connect, hourly and when EXISTS does not fit; else the last 1,000 and all new ones),
 *           and full (bool): the set is complete.
 *   mail    folder, uidvalidity, uid, internaldate, size (RFC822.SIZE), truncated (bool),
 *           junk (bool), heard_us (CLOCK_MONOTONIC microseconds when the EXISTS that announced it
 *           was read from the socket; 0: found otherwise); memfd: the raw mail. At most
 *           FETCH_CREDIT mails and FETCH_CREDIT_BYTES bytes are on the way without a "done".
 *   gone    folder, uidvalidity, uid: was wanted, vanished before its body was read.
 *   cycle   folder, uidvalidity, exists: everything wanted was brought; waiting from now on.
 *   told    folder, uidvalidity, set: the server has been told. Or fault follows.
 *   appended  id.
 *   fault   as channel_fault_record(), and folder if it concerns one ("" : the connection). The
 *           connection is dropped; fetch tries again by itself with back-off and jitter
 *           (5 s doubling to 5 min; after FAULT_AUTH 5 min at once: accounts get locked).
 *   finished  only with once: every folder had its cycle, every "done" is told; it then waits for
 *           EOF, which ends it as always. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FETCH_H
#define DAEMON_FETCH_H

enum {
	FETCH_CREDIT = 64,
	FETCH_CREDIT_BYTES = 16 * 1024 * 1024, /* one larger mail travels alone */
	FETCH_RECENT_UIDS = 1000,
};

/* Runs the role on its end of the channel until EOF. Return: exit status. */
int fetch_main(int channel);

#endif
