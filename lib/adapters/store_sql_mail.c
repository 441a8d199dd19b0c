/* store_sql_mail.c - the text of the statements about the store itself, folders and mails. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

/* A mail that is here, with the mailbox in which it was seen. */
#define SEEN                                                                                       \
	"SELECT id, case_id, received,"                                                            \
	" (SELECT b.name FROM epoch e JOIN folder d ON d.id = e.folder"                            \
	"  JOIN mailbox b ON b.id = d.mailbox WHERE e.id = message.epoch) FROM message WHERE "

/* The newest mails, ?5 at most, whose sketch has that band. */
#define OF_BAND(n)                                                                                 \
	"SELECT message FROM likeness WHERE band_" n " = ?" n " ORDER BY message DESC LIMIT ?5"

const char *const store_sql_mail[STORE_SQL_COUNT] = {
	[STORE_SQL_META] = "SELECT key, is_dirty FROM meta WHERE id = 1",
	/* Where it is damaged, up to the first place; no values. */
	[STORE_SQL_CHECK] = "PRAGMA quick_check(1)",
	[STORE_SQL_META_ADD] = "INSERT INTO meta (id, key, is_dirty, created_at, opened_at)"
			       " VALUES (1, ?1, 1, ?2, ?2)",
	[STORE_SQL_META_DIRTY] = "UPDATE meta SET is_dirty = ?1,"
				 " opened_at = COALESCE(?2, opened_at) WHERE id = 1",
	[STORE_SQL_RECOVERING] = "SELECT since FROM recovering WHERE id = 1",
	[STORE_SQL_RECOVERING_BEGIN] = "INSERT INTO recovering (id, since) VALUES (1, ?1)"
				       " ON CONFLICT (id) DO NOTHING",
	[STORE_SQL_RECOVERING_END] = "DELETE FROM recovering",

	[STORE_SQL_MAILBOX_ADD] = "INSERT INTO mailbox (name) VALUES (?1)"
				  " ON CONFLICT (name) DO NOTHING",
	[STORE_SQL_FOLDER] =
		"SELECT f.id, f.created_at, EXISTS (SELECT 1 FROM epoch e WHERE e.folder = f.id)"
		" FROM folder f JOIN mailbox m ON m.id = f.mailbox"
		" WHERE m.name = ?1 AND f.name = ?2",
	[STORE_SQL_FOLDER_ADD] = "INSERT INTO folder (mailbox, name, created_at)"
				 " SELECT id, ?2, ?3 FROM mailbox WHERE name = ?1",
	[STORE_SQL_EPOCH] = "SELECT id, baseline, backlog FROM epoch"
			    " WHERE folder = ?1 AND uidvalidity = ?2",
	[STORE_SQL_EPOCH_ADD] =
		"INSERT INTO epoch (folder, uidvalidity, baseline, backlog, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
	[STORE_SQL_EPOCH_RETIRE] =
		"UPDATE epoch SET uidvalidity = 4294967295 - (SELECT count(*) FROM epoch e"
		" WHERE e.folder = epoch.folder AND e.uidvalidity > 4294900000) WHERE id = ?1",
	[STORE_SQL_UNTOLD] = "SELECT uids FROM untold WHERE epoch = ?1",
	[STORE_SQL_UNTOLD_SET] = "INSERT INTO untold (epoch, uids) VALUES (?1, ?2)"
				 " ON CONFLICT (epoch) DO UPDATE SET uids = excluded.uids",
	[STORE_SQL_UNTOLD_CLEAR] = "DELETE FROM untold WHERE epoch = ?1",
	[STORE_SQL_KNOWN] = "SELECT uid, internaldate, size FROM message WHERE epoch = ?1"
			    " AND internaldate > 0 AND size > 0 ORDER BY uid DESC",
	[STORE_SQL_UIDS] = "SELECT uid FROM message WHERE epoch = ?1 AND uid >= ?2 ORDER BY uid",

	[STORE_SQL_SHOWN] = "SELECT first, last FROM shown WHERE epoch = ?1 ORDER BY first",
	[STORE_SQL_SHOWN_ADD] = "INSERT INTO shown (epoch, first, last, at) VALUES (?1, ?2, ?3, ?4)"
				" ON CONFLICT (epoch, first, last) DO NOTHING",
	[STORE_SQL_SHOWN_AT] = "SELECT at FROM shown WHERE epoch = ?1 AND first <= ?2"
			       " AND last >= ?2 ORDER BY at LIMIT 1",
	[STORE_SQL_SHOWN_FORGET] = "DELETE FROM shown WHERE epoch = ?1 AND last < ?2",
	[STORE_SQL_FATE_COUNT] = "UPDATE fate SET mails = mails + 1 WHERE word = ?1",
	[STORE_SQL_MAILBOX_FATE_COUNT] =
		"INSERT INTO mailbox_fate (mailbox, fate, mails)"
		" SELECT f.mailbox, ?2, 1 FROM epoch e JOIN folder f ON f.id = e.folder"
		" WHERE e.id = ?1 ON CONFLICT (mailbox, fate) DO UPDATE SET mails = mails + 1",
	[STORE_SQL_MESSAGE_ADD] =
		"INSERT INTO message (epoch, uid, fate, first_seen, internaldate, gateway, size,"
		" received, is_receipt_disputed, is_suspect, is_readable, case_id, duplicate_of,"
		" message_id, content, date, sender, sender_name, platform_message)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
		" ?17, ?18, ?19) ON CONFLICT (epoch, uid) DO NOTHING",
	[STORE_SQL_MESSAGE_TEXT_ADD] =
		"INSERT INTO message_text (message, subject, text, new_text, reasons, warnings,"
		" hints) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[STORE_SQL_MESSAGE_CASE] = "UPDATE message SET case_id = ?2 WHERE id = ?1",
	[STORE_SQL_RAW_ADD] = "INSERT INTO raw_mail (message, bytes) VALUES (?1, ?2)",
	[STORE_SQL_ATTACHMENT_ADD] =
		"INSERT INTO attachment (message, n, name, type, bytes, sha256)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[STORE_SQL_LIKENESS_ADD] =
		"INSERT INTO likeness (message, band_1, band_2, band_3, band_4, sketch)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	/* UNION: a mail that shares two bands is one row. */
	[STORE_SQL_LIKE] =
		"SELECT l.sketch, c.reference, m.sender FROM ("
		"SELECT message FROM (" OF_BAND(
			"1") ") AS in_1"
			     " UNION SELECT message FROM (" OF_BAND(
				     "2") ") AS in_2"
					  " UNION SELECT message FROM (" OF_BAND(
						  "3") ") AS in_3"
						       " UNION SELECT message FROM (" OF_BAND(
							       "4") ") AS in_4"
								    ") AS near JOIN likeness l ON "
								    "l.message = near.message"
								    " JOIN message m ON m.id = "
								    "near.message"
								    " JOIN foi_case c ON c.id = "
								    "m.case_id ORDER BY "
								    "near.message DESC",
	[STORE_SQL_SEEN_SAME] = SEEN "message_id = ?1 AND content = ?2 AND date = ?3"
				     " AND sender = ?4 ORDER BY id LIMIT 1",
	[STORE_SQL_SEEN] = SEEN "message_id = ?1 LIMIT 1",
	[STORE_SQL_SEEN_NAMELESS_SAME] = SEEN "message_id IS NULL AND content = ?1 AND sender = ?2"
					      " AND date = ?3 AND internaldate = ?4"
					      " ORDER BY id LIMIT 1",
	[STORE_SQL_SEEN_NAMELESS] = SEEN "message_id IS NULL AND content = ?1 AND sender = ?2"
					 " AND date = ?3 LIMIT 1",
	[STORE_SQL_SEEN_PLATFORM] = SEEN "platform_message = ?1 ORDER BY id LIMIT 1",
};
