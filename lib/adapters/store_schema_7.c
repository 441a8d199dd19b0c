/* store_schema_7.c - the seventh migration: what our own mail tells a restored store.
 *
 * What the tables are for stands at the top of store_schema.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

const char *const store_schema_7[] = {
	/* proof: 0 somebody quotes our mail, 1 our mail lies in the mailbox, 2 in the Sent folder. */
	"CREATE TABLE recalled ("
	" reference TEXT PRIMARY KEY,"
	" second TEXT NOT NULL,"
	" proof INTEGER NOT NULL CHECK (proof BETWEEN 0 AND 2),"
	" mailbox INTEGER NOT NULL REFERENCES mailbox (id),"
	" message_id TEXT NOT NULL,"
	" in_reply_to TEXT,"
	" recipient TEXT NOT NULL,"
	" at INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" bytes BLOB NOT NULL,"
	" case_id INTEGER REFERENCES foi_case (id)) STRICT;",
	"CREATE INDEX recalled_answers ON recalled (in_reply_to, recipient, at)"
	" WHERE case_id IS NULL AND proof > 0;",
	"CREATE INDEX recalled_case ON recalled (case_id) WHERE case_id IS NOT NULL;",
	"CREATE INDEX recalled_open ON recalled (reference) WHERE case_id IS NULL;",

	STORE_RECOVERY_TABLE,
	"INSERT INTO recovery (id) VALUES (1);",
	"CREATE TABLE recovery_event ("
	" id INTEGER PRIMARY KEY,"
	" at INTEGER NOT NULL,"
	" actor TEXT NOT NULL,"
	" what TEXT NOT NULL,"
	" why TEXT NOT NULL) STRICT;",
	"CREATE TRIGGER recovery_event_kept BEFORE UPDATE ON recovery_event"
	" BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;",
	"CREATE TRIGGER recovery_event_there BEFORE DELETE ON recovery_event"
	" BEGIN SELECT RAISE(ABORT, 'the history is never deleted'); END;",

	"PRAGMA user_version = 7;",
	NULL,
};
