/* store_sql_calendar.c - the text of the statements about the bank holidays in force. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

const char *const store_sql_calendar[STORE_SQL_COUNT] = {
	[STORE_SQL_CALENDAR] = "SELECT day, division, title FROM calendar_entry",
	[STORE_SQL_CALENDAR_CLEAR] = "DELETE FROM calendar_entry",
	[STORE_SQL_CALENDAR_ADD] = "INSERT INTO calendar_entry (day, division, title)"
				   " VALUES (?1, ?2, ?3)",
	[STORE_SQL_CALENDAR_ADDED] = "SELECT day, division, title FROM calendar_correction"
				     " WHERE is_removed = 0",
	[STORE_SQL_CALENDAR_REMOVED] = "SELECT day, division, title FROM calendar_correction"
				       " WHERE is_removed = 1",
	[STORE_SQL_CALENDAR_CORRECTION_ADD] =
		"INSERT INTO calendar_correction (day, division, title, is_removed, at)"
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (day, division) DO UPDATE"
		" SET title = excluded.title, is_removed = excluded.is_removed, at = excluded.at",
	[STORE_SQL_CALENDAR_CHANGE_ADD] =
		"INSERT INTO calendar_change (at, actor, old_hash, new_hash, why)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
	[STORE_SQL_CALENDAR_FEED] = "SELECT etag, modified, asked_at, answered_at, pending_hash,"
				    " pending_why, url FROM calendar_feed WHERE id = 1",
	[STORE_SQL_CALENDAR_ASKED] = "UPDATE calendar_feed SET asked_at = ?1 WHERE id = 1",
	[STORE_SQL_CALENDAR_ANSWERED] = "UPDATE calendar_feed SET url = ?1, etag = ?2,"
					" modified = ?3, answered_at = ?4 WHERE id = 1",
	[STORE_SQL_CALENDAR_FORGET] = "UPDATE calendar_feed SET etag = '', modified = ''"
				      " WHERE id = 1",
	[STORE_SQL_CALENDAR_PEND] = "UPDATE calendar_feed SET pending = ?1, pending_hash = ?2,"
				    " pending_why = ?3 WHERE id = 1",
	[STORE_SQL_CALENDAR_TAKE] = "UPDATE calendar_feed SET taken = ?1, pending = NULL,"
				    " pending_hash = '', pending_why = '' WHERE id = 1",
	[STORE_SQL_CALENDAR_PENDING] = "SELECT pending FROM calendar_feed"
				       " WHERE id = 1 AND pending IS NOT NULL",
	[STORE_SQL_CALENDAR_TAKEN] = "SELECT taken FROM calendar_feed"
				     " WHERE id = 1 AND taken IS NOT NULL",
};
