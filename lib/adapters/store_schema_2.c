/* store_schema_2.c - the second migration: moves of a case, reminders, the calendar in force.
 *
 * What the tables are for stands at the top of store_schema.c. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#include <stddef.h>

#define IS_DAY(column) "CHECK (length(" column ") = 10)"

const char *const store_schema_2[] = {
	"INSERT INTO case_state (word) VALUES ('waiting'), ('answered');",
	"INSERT INTO regime (word) VALUES ('sar');",

	/* A case that was answered is in no list of what is to be done. */
	"DROP INDEX foi_case_live;",
	"CREATE INDEX foi_case_live ON foi_case (due, id, kind, state)"
	" WHERE state NOT IN ('answered', 'closed');",

	/* told: the last day that the requester was told, while it still means the clock that runs. */
	"ALTER TABLE foi_case ADD COLUMN told TEXT " IS_DAY("told") ";",
	"UPDATE foi_case SET told = (SELECT o.told FROM outbox o WHERE o.case_id = foi_case.id"
	" AND o.kind = 'acknowledgement' AND o.state NOT IN ('held', 'failed'));",

	/* What the moves of a part come to; `state` and `due` were there before. `due` is the last day
	 * of the duty that is next, notice the day of a refusal notice and final the day of the answer
	 * where these differ. checked: the calendar that the days were last counted with. */
	"ALTER TABLE part ADD COLUMN is_provisional INTEGER NOT NULL DEFAULT 0"
	" CHECK (is_provisional IN (0, 1));",
	"ALTER TABLE part ADD COLUMN notice TEXT " IS_DAY("notice") ";",
	"ALTER TABLE part ADD COLUMN final TEXT " IS_DAY("final") ";",
	"ALTER TABLE part ADD COLUMN ended TEXT " IS_DAY("ended") ";",
	"ALTER TABLE part ADD COLUMN outcome TEXT NOT NULL DEFAULT '';",
	"ALTER TABLE part ADD COLUMN checked TEXT NOT NULL DEFAULT '';",
	"UPDATE part SET (is_provisional, checked) = (SELECT d.is_provisional, d.calendar_hash"
	" FROM deadline d WHERE d.part = part.id ORDER BY d.id DESC LIMIT 1)"
	" WHERE EXISTS (SELECT 1 FROM deadline d WHERE d.part = part.id);",
	"CREATE INDEX part_live ON part (case_id, checked)"
	" WHERE state NOT IN ('answered', 'closed');",
	/* Why it was counted: 'opened', 'calendar', or the word of a move. */
	"ALTER TABLE deadline ADD COLUMN cause TEXT NOT NULL DEFAULT 'opened';",

	"ALTER TABLE event ADD COLUMN part INTEGER REFERENCES part (id);",
	"ALTER TABLE event ADD COLUMN day TEXT " IS_DAY("day") ";",
	"ALTER TABLE event ADD COLUMN details TEXT;",
	"ALTER TABLE event ADD COLUMN undoes INTEGER REFERENCES event (id);",
	"CREATE UNIQUE INDEX event_undone ON event (undoes) WHERE undoes IS NOT NULL;",
	"CREATE INDEX event_part ON event (part) WHERE part IS NOT NULL;",

	/* step: working days before the last day; 0 on it; below 0 behind it. */
	"CREATE TABLE reminder ("
	" case_id INTEGER NOT NULL REFERENCES foi_case (id),"
	" due TEXT NOT NULL " IS_DAY("due") ","
					    " step INTEGER NOT NULL,"
					    " at INTEGER NOT NULL,"
					    " PRIMARY KEY (case_id, due, step)) STRICT;",
	/* What is done once a day, when last, and up to which mail and case it looked then. */
	"CREATE TABLE daily ("
	" name TEXT PRIMARY KEY,"
	" day TEXT NOT NULL " IS_DAY("day") ","
					    " at INTEGER NOT NULL DEFAULT 0,"
					    " last_message INTEGER NOT NULL DEFAULT 0,"
					    " last_case INTEGER NOT NULL DEFAULT 0) STRICT;",

	"CREATE TABLE calendar_entry ("
	" day TEXT NOT NULL " IS_DAY("day") ","
					    " division TEXT NOT NULL,"
					    " title TEXT NOT NULL,"
					    " PRIMARY KEY (day, division)) STRICT;",
	"CREATE TABLE calendar_correction ("
	" day TEXT NOT NULL " IS_DAY(
		"day") ","
		       " division TEXT NOT NULL,"
		       " title TEXT NOT NULL,"
		       " is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),"
		       " at INTEGER NOT NULL,"
		       " PRIMARY KEY (day, division)) STRICT;",
	/* pending: the file as it came, NULL when nothing waits; pending_hash is its SHA-256, by which
	 * an officer says which one is accepted. taken: the one that was taken last, with which the
	 * next is compared. url: who gave etag and modified. */
	"CREATE TABLE calendar_feed ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" url TEXT NOT NULL DEFAULT '',"
	" etag TEXT NOT NULL DEFAULT '',"
	" modified TEXT NOT NULL DEFAULT '',"
	" asked_at INTEGER NOT NULL DEFAULT 0,"
	" answered_at INTEGER NOT NULL DEFAULT 0,"
	" taken BLOB,"
	" pending BLOB,"
	" pending_hash TEXT NOT NULL DEFAULT '',"
	" pending_why TEXT NOT NULL DEFAULT '') STRICT;",
	"INSERT INTO calendar_feed (id) VALUES (1);",
	"CREATE TABLE calendar_change ("
	" id INTEGER PRIMARY KEY,"
	" at INTEGER NOT NULL,"
	" actor TEXT NOT NULL,"
	" old_hash TEXT NOT NULL,"
	" new_hash TEXT NOT NULL,"
	" why TEXT NOT NULL) STRICT;",
	"CREATE TRIGGER calendar_change_kept BEFORE UPDATE ON calendar_change"
	" BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;",
	"CREATE TRIGGER calendar_change_there BEFORE DELETE ON calendar_change"
	" BEGIN SELECT RAISE(ABORT, 'the history is never deleted'); END;",

	"PRAGMA user_version = 2;",
	NULL,
};
