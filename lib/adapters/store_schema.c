/* store_schema.c - the tables, what holds between them, and how an older schema becomes this one.
 *
 * meta            one row: the store's secret key, and whether the last writer closed it.
 * recovering      one row in a copy of the store: when it was made; none in the store that was copied.
 * recalled        a case that our own mail names and a restored store did not know; case_id: it is there
 *                 again. recovery: one row, how far a recovery has come; recovery_event: who did what.
 * mailbox         a watched mailbox by its name in the configuration;
 * folder          a folder of it;
 * epoch           one UIDVALIDITY of a folder (RFC 3501 s.2.3.1.1), with the UIDs that are wanted.
 * untold          UIDs of an epoch that are durable and of which the server is still to be told, by a
 *                 keyword or a move.
 * shown           UIDs of an epoch that the server has shown, and when, noted before their mails are
 *                 read and kept until each has its row in `message`.
 * fate            the words that a mail's fate may be, with the number of mails of each;
 * mailbox_fate    the same numbers for each mailbox.
 * message         one row for every (epoch, UID) that the server ever showed us. The evidence of
 *                 receipt (first_seen, internaldate, gateway), the day proposed from it, the fate
 *                 and the place on the server never change: an officer's correction is the case's.
 * message_text    what can be read in it: its own table, since it is erased when retention ends.
 *                 `hints` (JSON) are what an officer may want to know; they decide nothing.
 * likeness        a sketch of what a mail that opened a case says, in whole and in four bands, each
 *                 with its index, by which mails that say nearly the same are found.
 * raw_mail        the mail itself as proof; never changed, erased when retention ends.
 * attachment      name, type, size and sum of each attachment.
 * foi_case        a case. `reference` is the one it bears now; `due` is the earliest last day of its
 *                 open parts and stands here so that lists need no join; `message` is the mail that
 *                 opened it (none: entered by hand).
 * case_reference  every reference that a case ever bore: a number in triage, a merged case's.
 *                 The key makes each unique for ever, so none is used twice.
 * case_link       two cases that belong together without one being the other's parent.
 * part            a question or group of questions of a case, with its regime and its last day;
 * authority, part_authority: whom it is put to.
 * deadline        each computation of a part's last day; the last row of a part counts. Append-only.
 * party           addresses on a case, in lower case: who may be heard about it. '' is nobody.
 * thread_key      other keys by which mail finds its case ('platform': WhatDoTheyKnow's address).
 * event           the history. Append-only. A row with `details` (JSON) is a move of the case or of
 *                 its `part` (0: NULL): `day` is when it happened in the world, `undoes` the move that
 *                 it takes back. What stands in foi_case and part follows from the moves.
 * reminder        which reminder of which last day was given: each at most once.
 *                 Once one was given, those of greater numbers are used up.
 * daily           the last day on which something that is done once a day was done, the instant, and
 *                 the last mail and the last case that were there then.
 * calendar_entry  the bank holidays in force, so that a file that cannot be read any more costs nothing;
 * calendar_correction: what GOV.UK's feed has added to or taken from those of the files;
 * calendar_feed   one row: what is known of the feed, and what of it waits for an officer;
 * calendar_change each change of what is in force. Append-only.
 * counter         the last number given of each counter and period.
 * outbox          what is to be sent, one acknowledgement a case at most, and mails to officers,
 *                 which belong to no case; by counted_as and held_for the acknowledgements are
 *                 counted that were made lately; queued_at is when its time began, after which it is
 *                 given up: an officer's word begins it anew. outbox_mail: its bytes, apart because
 *                 a row is rewritten when it is marked.
 *
 * case_kind, case_state, outbox_state and regime hold the words that are allowed, so that a new word
 * is a row and no rebuilt table.
 *
 * A mail, its case, reference, deadline, events and queued acknowledgement are written in one
 * transaction. Days are ISO 8601 text (civil dates of London), instants seconds since 1970 UTC. What
 * is not known is NULL in columns that are looked up, '' in those that are only shown.
 *
 * "Append-only" is kept by triggers: also a hand at the sqlite3 prompt has to remove them first.
 *
 * PRAGMA user_version is the number of migrations that were applied. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

static const char *const schema_1[] = {
	"PRAGMA application_id = 1179601229;",
	"CREATE TABLE meta ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" key BLOB NOT NULL CHECK (length(key) = 32),"
	" is_dirty INTEGER NOT NULL CHECK (is_dirty IN (0, 1)),"
	" created_at INTEGER NOT NULL,"
	" opened_at INTEGER NOT NULL) STRICT;",

	"CREATE TABLE fate (word TEXT PRIMARY KEY, mails INTEGER NOT NULL DEFAULT 0) STRICT;",
	"INSERT INTO fate (word) VALUES ('request'), ('review'), ('correspondence'), ('bounce'),"
	" ('automatic'), ('own'), ('duplicate'), ('triage'), ('unreadable');",
	"CREATE TABLE case_kind (word TEXT PRIMARY KEY) STRICT;",
	"INSERT INTO case_kind (word) VALUES ('request'), ('review');",
	"CREATE TABLE case_state (word TEXT PRIMARY KEY) STRICT;",
	"INSERT INTO case_state (word) VALUES ('open'), ('triage'), ('closed');",
	"CREATE TABLE outbox_state (word TEXT PRIMARY KEY) STRICT;",
	"INSERT INTO outbox_state (word) VALUES ('queued'), ('sending'), ('sent'), ('failed'),"
	" ('held');",
	"CREATE TABLE regime (word TEXT PRIMARY KEY) STRICT;",
	"INSERT INTO regime (word) VALUES ('foia'), ('eir'), ('foisa');",

	"CREATE TABLE mailbox ("
	" id INTEGER PRIMARY KEY,"
	" name TEXT NOT NULL UNIQUE) STRICT;",
	"CREATE TABLE folder ("
	" id INTEGER PRIMARY KEY,"
	" mailbox INTEGER NOT NULL REFERENCES mailbox (id),"
	" name TEXT NOT NULL,"
	" created_at INTEGER NOT NULL,"
	" UNIQUE (mailbox, name)) STRICT;",
	"CREATE TABLE epoch ("
	" id INTEGER PRIMARY KEY,"
	" folder INTEGER NOT NULL REFERENCES folder (id),"
	" uidvalidity INTEGER NOT NULL CHECK (uidvalidity BETWEEN 0 AND 4294967295),"
	" baseline INTEGER NOT NULL CHECK (baseline BETWEEN 0 AND 4294967295),"
	" backlog TEXT NOT NULL,"
	" created_at INTEGER NOT NULL,"
	" UNIQUE (folder, uidvalidity)) STRICT;",

	"CREATE TABLE message ("
	" id INTEGER PRIMARY KEY,"
	" epoch INTEGER NOT NULL REFERENCES epoch (id),"
	" uid INTEGER NOT NULL CHECK (uid BETWEEN 1 AND 4294967295),"
	" fate TEXT NOT NULL REFERENCES fate (word),"
	" first_seen INTEGER NOT NULL,"
	" internaldate INTEGER NOT NULL,"
	" gateway INTEGER,"
	" size INTEGER NOT NULL CHECK (size >= 0),"
	" received TEXT NOT NULL CHECK (length(received) = 10),"
	" is_receipt_disputed INTEGER NOT NULL CHECK (is_receipt_disputed IN (0, 1)),"
	" is_suspect INTEGER NOT NULL CHECK (is_suspect IN (0, 1)),"
	" is_readable INTEGER NOT NULL CHECK (is_readable IN (0, 1)),"
	" case_id INTEGER REFERENCES foi_case (id),"
	" duplicate_of INTEGER REFERENCES message (id),"
	" message_id TEXT,"
	" content TEXT,"
	" date INTEGER,"
	" sender TEXT NOT NULL,"
	" sender_name TEXT NOT NULL,"
	" platform_message TEXT,"
	" UNIQUE (epoch, uid)) STRICT;",
	/* Seen before? All four, so that mails made to share three of them cost nothing. */
	"CREATE INDEX message_seen ON message (message_id, content, date, sender)"
	" WHERE message_id IS NOT NULL;",
	"CREATE INDEX message_platform ON message (platform_message)"
	" WHERE platform_message IS NOT NULL;",
	"CREATE INDEX message_case ON message (case_id) WHERE case_id IS NOT NULL;",
	"CREATE INDEX message_duplicate ON message (duplicate_of) WHERE duplicate_of IS NOT NULL;",
	"CREATE TRIGGER message_evidence BEFORE UPDATE OF id, epoch, uid, fate, first_seen,"
	" internaldate, gateway, size, received ON message"
	" BEGIN SELECT RAISE(ABORT, 'the evidence of a mail is never changed'); END;",
	"CREATE TRIGGER message_kept BEFORE DELETE ON message"
	" BEGIN SELECT RAISE(ABORT, 'a mail that was shown keeps its row'); END;",

	"CREATE TABLE message_text ("
	" message INTEGER PRIMARY KEY REFERENCES message (id),"
	" subject TEXT NOT NULL,"
	" text TEXT NOT NULL,"
	" new_text TEXT NOT NULL,"
	" reasons TEXT NOT NULL,"
	" warnings TEXT NOT NULL) STRICT;",
	"CREATE TABLE raw_mail ("
	" message INTEGER PRIMARY KEY REFERENCES message (id),"
	" bytes BLOB NOT NULL) STRICT;",
	"CREATE TRIGGER raw_mail_kept BEFORE UPDATE ON raw_mail"
	" BEGIN SELECT RAISE(ABORT, 'the mail itself is never changed'); END;",
	"CREATE TABLE attachment ("
	" message INTEGER NOT NULL REFERENCES message (id),"
	" n INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" type TEXT NOT NULL,"
	" bytes INTEGER NOT NULL,"
	" sha256 TEXT NOT NULL,"
	" PRIMARY KEY (message, n)) STRICT;",

	"CREATE TABLE foi_case ("
	" id INTEGER PRIMARY KEY,"
	" reference TEXT NOT NULL UNIQUE,"
	" kind TEXT NOT NULL REFERENCES case_kind (word),"
	" state TEXT NOT NULL REFERENCES case_state (word),"
	" parent INTEGER REFERENCES foi_case (id),"
	" message INTEGER REFERENCES message (id),"
	" mailbox INTEGER REFERENCES mailbox (id),"
	" received TEXT NOT NULL CHECK (length(received) = 10),"
	" due TEXT NOT NULL CHECK (length(due) = 10),"
	" is_provisional INTEGER NOT NULL CHECK (is_provisional IN (0, 1)),"
	" flags INTEGER NOT NULL,"
	" opened_at INTEGER NOT NULL,"
	" requester TEXT NOT NULL,"
	" requester_name TEXT NOT NULL,"
	" subject TEXT NOT NULL) STRICT;",
	/* The lists: the kind stands in them so that the wrong ones are passed over in the index. */
	"CREATE INDEX foi_case_live ON foi_case (due, id, kind) WHERE state <> 'closed';",
	"CREATE INDEX foi_case_state ON foi_case (state, due, id, kind);",
	"CREATE INDEX foi_case_parent ON foi_case (parent) WHERE parent IS NOT NULL;",
	"CREATE INDEX foi_case_message ON foi_case (message) WHERE message IS NOT NULL;",
	"CREATE TABLE case_reference ("
	" reference TEXT PRIMARY KEY,"
	" case_id INTEGER NOT NULL REFERENCES foi_case (id)) STRICT;",
	"CREATE INDEX case_reference_case ON case_reference (case_id);",
	"CREATE TABLE case_link ("
	" case_id INTEGER NOT NULL REFERENCES foi_case (id),"
	" other INTEGER NOT NULL REFERENCES foi_case (id),"
	" how TEXT NOT NULL,"
	" PRIMARY KEY (case_id, other, how),"
	" CHECK (case_id <> other)) STRICT;",
	"CREATE INDEX case_link_other ON case_link (other);",

	"CREATE TABLE authority ("
	" id INTEGER PRIMARY KEY,"
	" name TEXT NOT NULL UNIQUE) STRICT;",
	"CREATE TABLE part ("
	" id INTEGER PRIMARY KEY,"
	" case_id INTEGER NOT NULL REFERENCES foi_case (id),"
	" n INTEGER NOT NULL CHECK (n >= 1),"
	" question TEXT NOT NULL,"
	" regime TEXT NOT NULL REFERENCES regime (word),"
	" state TEXT NOT NULL REFERENCES case_state (word),"
	" due TEXT NOT NULL CHECK (length(due) = 10),"
	" UNIQUE (case_id, n)) STRICT;",
	"CREATE TABLE part_authority ("
	" part INTEGER NOT NULL REFERENCES part (id),"
	" authority INTEGER NOT NULL REFERENCES authority (id),"
	" PRIMARY KEY (part, authority)) STRICT;",
	"CREATE INDEX part_authority_authority ON part_authority (authority);",
	"CREATE TABLE deadline ("
	" id INTEGER PRIMARY KEY,"
	" part INTEGER NOT NULL REFERENCES part (id),"
	" at INTEGER NOT NULL,"
	" regime TEXT NOT NULL REFERENCES regime (word),"
	" rule TEXT NOT NULL,"
	" working_days INTEGER NOT NULL,"
	" received TEXT NOT NULL CHECK (length(received) = 10),"
	" due TEXT NOT NULL CHECK (length(due) = 10),"
	" is_provisional INTEGER NOT NULL CHECK (is_provisional IN (0, 1)),"
	" calendar_hash TEXT NOT NULL) STRICT;",
	"CREATE INDEX deadline_part ON deadline (part);",
	"CREATE TRIGGER deadline_kept BEFORE UPDATE ON deadline"
	" BEGIN SELECT RAISE(ABORT, 'a computed deadline is never changed'); END;",
	"CREATE TRIGGER deadline_there BEFORE DELETE ON deadline"
	" BEGIN SELECT RAISE(ABORT, 'a computed deadline is never deleted'); END;",

	"CREATE TABLE party ("
	" case_id INTEGER NOT NULL REFERENCES foi_case (id),"
	" address TEXT NOT NULL CHECK (address <> ''),"
	" name TEXT NOT NULL,"
	" role TEXT NOT NULL,"
	" added_at INTEGER NOT NULL,"
	" PRIMARY KEY (case_id, address)) STRICT;",
	"CREATE INDEX party_address ON party (address);",
	"CREATE TABLE thread_key ("
	" kind TEXT NOT NULL,"
	" value TEXT NOT NULL,"
	" case_id INTEGER NOT NULL REFERENCES foi_case (id),"
	" PRIMARY KEY (kind, value, case_id)) STRICT;",
	"CREATE INDEX thread_key_case ON thread_key (case_id);",

	"CREATE TABLE event ("
	" id INTEGER PRIMARY KEY,"
	" case_id INTEGER REFERENCES foi_case (id),"
	" message INTEGER REFERENCES message (id),"
	" at INTEGER NOT NULL,"
	" actor TEXT NOT NULL,"
	" what TEXT NOT NULL,"
	" why TEXT NOT NULL,"
	" CHECK (case_id IS NOT NULL OR message IS NOT NULL)) STRICT;",
	"CREATE INDEX event_case ON event (case_id) WHERE case_id IS NOT NULL;",
	"CREATE INDEX event_message ON event (message) WHERE message IS NOT NULL;",
	"CREATE TRIGGER event_kept BEFORE UPDATE ON event"
	" BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;",
	"CREATE TRIGGER event_there BEFORE DELETE ON event"
	" BEGIN SELECT RAISE(ABORT, 'the history is never deleted'); END;",

	"CREATE TABLE counter ("
	" name TEXT NOT NULL,"
	" period TEXT NOT NULL,"
	" value INTEGER NOT NULL CHECK (value >= 0),"
	" PRIMARY KEY (name, period)) STRICT;",

	"CREATE TABLE outbox ("
	" id INTEGER PRIMARY KEY,"
	" case_id INTEGER REFERENCES foi_case (id),"
	" mailbox INTEGER NOT NULL REFERENCES mailbox (id),"
	" kind TEXT NOT NULL,"
	" message_id TEXT NOT NULL UNIQUE,"
	" sender TEXT NOT NULL,"
	" recipient TEXT NOT NULL,"
	" told TEXT CHECK (length(told) = 10),"
	" wants_copy INTEGER NOT NULL CHECK (wants_copy IN (0, 1)),"
	" state TEXT NOT NULL REFERENCES outbox_state (word),"
	" tries INTEGER NOT NULL DEFAULT 0,"
	" created_at INTEGER NOT NULL,"
	" next_try INTEGER,"
	" sent_at INTEGER,"
	" filed_at INTEGER,"
	" code INTEGER NOT NULL DEFAULT 0,"
	" status TEXT NOT NULL DEFAULT '',"
	" reply TEXT NOT NULL DEFAULT '',"
	" CHECK (state <> 'queued' OR next_try IS NOT NULL),"
	" CHECK (state <> 'sent' OR sent_at IS NOT NULL)) STRICT;",
	/* Two acknowledgements of one case cannot be written down, whatever the code does. */
	"CREATE UNIQUE INDEX outbox_once ON outbox (case_id) WHERE kind = 'acknowledgement';",
	"CREATE INDEX outbox_case ON outbox (case_id) WHERE case_id IS NOT NULL;",
	"CREATE INDEX outbox_due ON outbox (next_try, id) WHERE state = 'queued';",
	"CREATE INDEX outbox_unsent ON outbox (state) WHERE state <> 'sent';",
	"CREATE INDEX outbox_unfiled ON outbox (mailbox, id)"
	" WHERE state = 'sent' AND wants_copy = 1 AND filed_at IS NULL;",
	"CREATE INDEX outbox_recipient ON outbox (lower(recipient), created_at);",
	"CREATE TABLE outbox_mail ("
	" outbox INTEGER PRIMARY KEY REFERENCES outbox (id),"
	" bytes BLOB NOT NULL) STRICT;",

	"PRAGMA user_version = 1;",
	NULL,
};

/* Each is one step, run in the transaction of all; none is changed once it was released. */
const char *const *const store_migrations[] = {
	schema_1,
	store_schema_2,
	store_schema_3,
	store_schema_4,
	store_schema_5,
	store_schema_6,
	store_schema_7,
	store_schema_8,
	store_schema_9,
	NULL,
};
