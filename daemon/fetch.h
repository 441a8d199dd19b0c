/* fetch.h - the fetch role: one process a mailbox, between the IMAP server and register.
 *
 * It keeps no state of its own: register knows which UIDs it has, fetch only looks and carries.
 * Records (adapters/channel.h); times are seconds since 1970 UTC, a "set" is uidset text:
 *
 * register -> fetch
 *   begin   mailbox, url, user, auth ("password" or "none"), secret, ca_file,
 *           folders [{name, junk}], sent_folder, after ("none", "keyword", "move"),
 *           after_argument, poll_sec, mail_bytes_max, once (bool), change (bool: false under
 *           --observe: nothing in the mailbox is touched, folders are opened by EXAMINE),
 *           plaintext (bool, may be missing: imap:// without TLS, to loopback only),
 *           recall (bool, may be missing: our own mails are brought first, before any look).
 *           The first record, once.
 *   look    folder, uidvalidity, since (0, or the instant from which a backlog is wanted).
 *           Answer to "folder".
 *   want    folder, uidvalidity; memfd: set of the UIDs to bring. Answer to each "seen".
 *           careful and header_only (texts, may be missing): sets too, parts of the one in the
 *           memfd; these UIDs are taken last, each alone, the latter only as the first 64 KiB of
 *           their header, marked truncated. For UIDs during whose fetch this process died.
 *           known (list of {uid, internaldate, size}, may be missing): what these UIDs named when
 *           they were taken. Where one names another mail now "reused" is the answer.
 *           again (bool, may be missing): the next look is to list all UIDs. For one that was
 *           shown and is not there now: only a second list says that it has vanished.
 *   done    folder, uidvalidity, set: these are durable. Gives back the credit of those on the
 *           way; then the server is told (keyword or move) as configured, in one command a batch.
 *           May name UIDs of an earlier life of this process, to have them told again.
 *   on      answer to "paused" and to "recalled": everything brought is durable.
 *   append  id; memfd: a mail for the Sent folder.
 *
 * fetch -> register
 *   recall  sent (bool: from the Sent folder), internaldate, truncated (bool); memfd: the first
 *           FETCH_RECALL_BYTES of a mail that may carry our tokens. At most FETCH_CREDIT of them
 *           come before the next
 *   paused  : more come after "on".
 *   recalled  sent (bool: the Sent folder could be read whole): these were all. Waits for "on".
 *   step    what, ms: the next record comes within that time, or this process is stuck. Sent before
 *           every step that takes time. Before bodies are read: folder, uidvalidity and set
 *           too, the UIDs in hand should this process die, and internaldate and size of the first.
 *   folder  folder, uidvalidity, uidnext, exists: SELECT succeeded. Comes again whenever the
 *           folder is opened again, which is at each look when several folders are watched.
 *           uidnext is 0 where the server does not say.
 *   backlog folder, uidvalidity; memfd: set of the UIDs whose INTERNALDATE is not before "since"
 *           (a day early rather than late: servers search by date, in zones of their own).
 *           Only when "since" was not 0; comes before the first "seen".
 *   seen    folder, uidvalidity, exists; memfd: set of UIDs the server shows now (all of them
 *           on connect, hourly and when EXISTS does not fit; else the last 1,000 and all new ones),
 *           and full (bool): the set is complete.
 *   reused  folder, uidvalidity: see "known". Nothing is brought, the folder is opened again.
 *   mail    folder, uidvalidity, uid, internaldate, size (RFC822.SIZE), truncated (bool),
 *           junk (bool), heard_us (CLOCK_MONOTONIC microseconds when the EXISTS that announced it
 *           was read from the socket; 0: found otherwise); memfd: the raw mail. At most
 *           FETCH_CREDIT mails and FETCH_CREDIT_BYTES bytes are on the way without a "done".
 *   gone    folder, uidvalidity, uid; internaldate and size where the server told them: was wanted,
 *           vanished before its body was read, and was not found by its Message-ID in the folders
 *           that the server lists. One that was found comes as a "mail" all the same.
 *   refused folder, uidvalidity, uid, internaldate, size: it is there, but the server does not
 *           give its bytes even when asked for it alone. Other mails go on.
 *   cycle   folder, uidvalidity, exists: everything wanted was brought; waiting from now on.
 *   told    folder, uidvalidity, set: the server has been told.
 *   untold  folder, uidvalidity, set, and as channel_fault_record(): the server refused (no
 *           keywords, read-only, no such folder). Intake goes on; "done" may be given again later.
 *   appended  id.
 *   unfiled   id, and as channel_fault_record(): the append failed, or there is no connection.
 *           Every append is answered by one of these two; it may be given again later, and can
 *           come to stand twice when the connection broke before the answer.
 *   fault   as channel_fault_record(), and folder if it concerns one ("" : the connection).
 *           With a folder: it cannot be opened and is left out until the next look (poll_sec).
 *           Without: the connection is dropped; fetch tries again by itself with back-off and
 *           jitter (5 s doubling to 5 min; after FAULT_AUTH 5 min doubling to 1 h: accounts get locked).
 *   finished  only with once: every folder had its cycle or its fault, every "done" is told or
 *           untold; it then waits for EOF, which ends it as always. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FETCH_H
#define DAEMON_FETCH_H

enum {
	FETCH_CREDIT = 64,
	FETCH_CREDIT_BYTES = 16 * 1024 * 1024, /* one larger mail travels alone */
	FETCH_RECENT_UIDS = 1000,
	FETCH_RECALL_BYTES = 64 * 1024, /* of one mail of ours; acknowledgements are shorter */
};

/* Runs the role on its end of the channel until EOF. Return: exit status. */
int fetch_main(int channel);

#endif
