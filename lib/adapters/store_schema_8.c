/* store_schema_8.c - the eighth migration: what a server has shown, and counts of each mailbox.
 *
 * What the tables are for stands at the top of store_schema.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

const char *const store_schema_8[] = {
	"CREATE TABLE shown ("
	" epoch INTEGER NOT NULL REFERENCES epoch (id),"
	" first INTEGER NOT NULL CHECK (first BETWEEN 1 AND 4294967295),"
	" last INTEGER NOT NULL CHECK (last BETWEEN first AND 4294967295),"
	" at INTEGER NOT NULL,"
	" PRIMARY KEY (epoch, first, last)) STRICT, WITHOUT ROWID;",

	"CREATE TABLE mailbox_fate ("
	" mailbox INTEGER NOT NULL REFERENCES mailbox (id),"
	" fate TEXT NOT NULL REFERENCES fate (word),"
	" mails INTEGER NOT NULL,"
	" PRIMARY KEY (mailbox, fate)) STRICT, WITHOUT ROWID;",
	"INSERT INTO mailbox_fate (mailbox, fate, mails)"
	" SELECT f.mailbox, m.fate, count(*) FROM message m JOIN epoch e ON e.id = m.epoch"
	" JOIN folder f ON f.id = e.folder GROUP BY f.mailbox, m.fate;",
	/* With the mailbox in it, so that what waits to leave is counted for each. */
	"DROP INDEX outbox_unsent;",
	"CREATE INDEX outbox_unsent ON outbox (state, mailbox) WHERE state <> 'sent';",

	"PRAGMA user_version = 8;",
	NULL,
};
