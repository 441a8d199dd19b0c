/* store_sql.c - the text of every statement. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

/* ?1 is the sender: whether that address has a place on the case. */
#define TRIAGE_CASE                                                                                \
	"SELECT c.id, c.reference, c.kind, c.state NOT IN ('answered', 'closed'),"                 \
	" EXISTS (SELECT 1 FROM party p WHERE p.case_id = c.id AND p.address = lower(?1)),"        \
	" (SELECT regime FROM part WHERE case_id = c.id ORDER BY n LIMIT 1)"

/* A mail that is here, with the mailbox in which it was seen. */
#define SEEN                                                                                       \
	"SELECT id, case_id, received,"                                                            \
	" (SELECT b.name FROM epoch e JOIN folder d ON d.id = e.folder"                            \
	"  JOIN mailbox b ON b.id = d.mailbox WHERE e.id = message.epoch) FROM message WHERE "

/* The newest mails, ?5 at most, whose sketch has that band. */
#define OF_BAND(n)                                                                                 \
	"SELECT message FROM likeness WHERE band_" n " = ?" n " ORDER BY message DESC LIMIT ?5"

/* Of the acknowledgements: those that the partial indexes of counting hold. */
#define MADE " AND kind = 'acknowledgement' AND "

#define OUTBOX                                                                                     \
	"SELECT o.id, o.case_id, m.name, o.kind, c.reference, o.message_id, o.sender,"             \
	" o.recipient, b.bytes, o.wants_copy, o.told, o.state, o.tries, o.created_at, o.next_try"  \
	" FROM outbox o JOIN mailbox m ON m.id = o.mailbox"                                        \
	" JOIN outbox_mail b ON b.outbox = o.id"                                                   \
	" LEFT JOIN foi_case c ON c.id = o.case_id "

/* A case in a list. The authority is the first one of its first part. */
#define CASE_ROW                                                                                   \
	"SELECT c.id, c.reference, c.kind, c.state, c.flags, c.received, c.due, c.is_provisional," \
	" p.regime, c.subject, c.requester, c.requester_name, up.reference, m.name,"               \
	" (SELECT a.name FROM part_authority pa JOIN authority a ON a.id = pa.authority"           \
	"  WHERE pa.part = p.id ORDER BY pa.authority LIMIT 1),"                                   \
	" o.state, c.opened_at"                                                                    \
	" FROM foi_case c"                                                                         \
	" LEFT JOIN foi_case up ON up.id = c.parent"                                               \
	" LEFT JOIN mailbox m ON m.id = c.mailbox"                                                 \
	" LEFT JOIN part p ON p.case_id = c.id AND p.n = 1"                                        \
	" LEFT JOIN outbox o ON o.case_id = c.id AND o.kind = 'acknowledgement' "

/* What every list has in common: ?1 kind or NULL, ?2 and ?3 the cursor's day and id, ?4 rows. */
#define OF_KIND " AND (?1 IS NULL OR c.kind = ?1) "

/* Of a part. */
#define IS_ANSWERED "(state IN ('answered', 'closed') AND ended IS NOT NULL AND outcome <> 'void')"

/* The mails of a case ?1: those filed on it, and the one that opened it (which may be filed on
 * another case that it opened too). */
#define CASE_MAILS                                                                                 \
	"(SELECT id FROM message WHERE case_id = ?1"                                               \
	" UNION SELECT message FROM foi_case WHERE id = ?1 AND message IS NOT NULL)"

static const char *const texts[STORE_SQL_COUNT] = {
	[STORE_SQL_META] = "SELECT key, is_dirty FROM meta WHERE id = 1",
	/* Where it is damaged, up to the first place; no values. */
	[STORE_SQL_CHECK] = "PRAGMA quick_check(1)",
	[STORE_SQL_META_ADD] = "INSERT INTO meta (id, key, is_dirty, created_at, opened_at)"
			       " VALUES (1, ?1, 1, ?2, ?2)",
	[STORE_SQL_META_DIRTY] = "UPDATE meta SET is_dirty = ?1,"
				 " opened_at = COALESCE(?2, opened_at) WHERE id = 1",

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
	[STORE_SQL_KNOWN] = "SELECT uid, internaldate, size FROM message WHERE epoch = ?1"
			    " AND internaldate > 0 AND size > 0 ORDER BY uid DESC",
	[STORE_SQL_UIDS] = "SELECT uid FROM message WHERE epoch = ?1 AND uid >= ?2 ORDER BY uid",

	[STORE_SQL_FATE_COUNT] = "UPDATE fate SET mails = mails + 1 WHERE word = ?1",
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

	[STORE_SQL_CASE_BY_REFERENCE] = TRIAGE_CASE
	" FROM case_reference r JOIN foi_case c ON c.id = r.case_id WHERE r.reference = ?2",
	[STORE_SQL_CASE_BY_PLATFORM] = TRIAGE_CASE
	" FROM thread_key t JOIN foi_case c ON c.id = t.case_id"
	" WHERE t.kind = 'platform' AND t.value = lower(?2) ORDER BY t.case_id LIMIT 1",
	[STORE_SQL_CASE_BY_ID] = TRIAGE_CASE " FROM foi_case c WHERE c.id = ?2",
	[STORE_SQL_NUMBER_NEXT] = "INSERT INTO counter (name, period, value) VALUES (?1, ?2, ?3)"
				  " ON CONFLICT (name, period) DO UPDATE"
				  " SET value = counter.value + 1 RETURNING value",
	[STORE_SQL_AUTHORITY_ADD] = "INSERT INTO authority (name) VALUES (?1)"
				    " ON CONFLICT (name) DO NOTHING",
	[STORE_SQL_CASE_ADD] =
		"INSERT INTO foi_case (reference, kind, state, parent, message, mailbox, received,"
		" due, is_provisional, flags, opened_at, requester, requester_name, subject)"
		" VALUES (?1, ?2, ?3, ?4, ?5, (SELECT id FROM mailbox WHERE name = ?6), ?7, ?8,"
		" ?9, ?10, ?11, ?12, ?13, ?14)",
	[STORE_SQL_CASE_FLAG] = "UPDATE foi_case SET flags = flags | ?2 WHERE id = ?1",
	[STORE_SQL_CASE_ANSWER] = "SELECT (SELECT regime FROM part WHERE case_id = ?1"
				  "  ORDER BY " IS_ANSWERED " DESC, ended DESC, n LIMIT 1),"
				  " min(due), max(CASE WHEN " IS_ANSWERED " THEN ended END)"
				  " FROM part WHERE case_id = ?1 AND outcome <> 'void'",
	[STORE_SQL_REFERENCE_ADD] = "INSERT INTO case_reference (reference, case_id)"
				    " VALUES (?1, ?2)",
	[STORE_SQL_PART_ADD] =
		"INSERT INTO part (case_id, n, question, regime, state, due, is_provisional,"
		" checked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[STORE_SQL_PART_AUTHORITY_ADD] = "INSERT INTO part_authority (part, authority)"
					 " SELECT ?1, id FROM authority WHERE name = ?2",
	[STORE_SQL_DEADLINE_ADD] =
		"INSERT INTO deadline (part, at, regime, rule, working_days, received, due,"
		" is_provisional, calendar_hash, cause)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[STORE_SQL_PARTY_ADD] = "INSERT INTO party (case_id, address, name, role, added_at)"
				" VALUES (?1, lower(?2), ?3, ?4, ?5)"
				" ON CONFLICT (case_id, address) DO NOTHING",
	[STORE_SQL_THREAD_KEY_ADD] = "INSERT INTO thread_key (kind, value, case_id)"
				     " VALUES (?1, lower(?2), ?3)"
				     " ON CONFLICT (kind, value, case_id) DO NOTHING",
	[STORE_SQL_LINK_ADD] = "INSERT INTO case_link (case_id, other, how) VALUES (?1, ?2, ?3)"
			       " ON CONFLICT (case_id, other, how) DO NOTHING",
	[STORE_SQL_EVENT_ADD] = "INSERT INTO event (case_id, message, at, actor, what, why)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",

	/* What the acknowledgement told counts even if it has not left yet, but not if it will not. */
	[STORE_SQL_FILE] = "SELECT c.reference, c.kind, c.state, c.flags, c.due, c.told,"
			   " (SELECT o.told FROM outbox o WHERE o.case_id = c.id AND o.kind = "
			   "'acknowledgement'"
			   "  AND o.state NOT IN ('held', 'failed'))"
			   " FROM foi_case c WHERE c.id = ?1",
	[STORE_SQL_FILE_FIND] = "SELECT case_id FROM case_reference WHERE reference = ?1",
	[STORE_SQL_FILE_PARTS] =
		"SELECT p.id, p.n, p.state, p.regime, p.due, p.is_provisional, p.notice, p.final,"
		" p.ended, p.outcome, p.checked, p.question,"
		" (SELECT a.name FROM part_authority pa JOIN authority a ON a.id = pa.authority"
		"  WHERE pa.part = p.id ORDER BY pa.authority LIMIT 1),"
		" d.regime, d.rule, d.working_days, d.received"
		" FROM part p JOIN deadline d"
		"  ON d.id = (SELECT min(f.id) FROM deadline f WHERE f.part = p.id)"
		" WHERE p.case_id = ?1 ORDER BY p.n",
	[STORE_SQL_FILE_MOVES] = "SELECT e.id, e.what, p.n, e.actor, e.day, e.undoes, e.details"
				 " FROM event e LEFT JOIN part p ON p.id = e.part"
				 " WHERE e.case_id = ?1 AND e.details IS NOT NULL ORDER BY e.id",
	[STORE_SQL_MOVE_ADD] =
		"INSERT INTO event (case_id, part, at, actor, what, why, day, details, undoes)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[STORE_SQL_PART_AUTHORITY_COPY] =
		"INSERT INTO part_authority (part, authority) SELECT ?1, pa.authority"
		" FROM part_authority pa JOIN part p ON p.id = pa.part"
		" WHERE p.case_id = ?2 AND p.n = 1",
	[STORE_SQL_PART_SET] =
		"UPDATE part SET state = ?2, regime = ?3, due = ?4, is_provisional = ?5,"
		" notice = ?6, final = ?7, ended = ?8, outcome = ?9, checked = ?10 WHERE id = ?1",
	[STORE_SQL_CASE_SET] =
		"UPDATE foi_case SET state = ?2, due = ?3, is_provisional = ?4,"
		" flags = (flags & ~?5) | ?6,"
		" told = CASE WHEN ?7 THEN (SELECT o.told FROM outbox o WHERE o.case_id = ?1"
		"  AND o.kind = 'acknowledgement' AND o.state NOT IN ('held', 'failed')) END"
		" WHERE id = ?1",
	[STORE_SQL_UNCHECKED] =
		"SELECT DISTINCT case_id FROM part WHERE state NOT IN ('answered', 'closed')"
		" AND checked <> ?1 AND case_id > ?2 ORDER BY case_id LIMIT ?3",

	[STORE_SQL_OUTBOX_ADD] =
		"INSERT INTO outbox (case_id, mailbox, kind, message_id, sender, recipient, told,"
		" wants_copy, state, created_at, next_try, counted_as, held_for)"
		" SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13 FROM mailbox"
		" WHERE name = ?2"
		" ON CONFLICT (case_id) WHERE kind = 'acknowledgement' DO NOTHING",
	[STORE_SQL_CASE_TOLD] = "UPDATE foi_case SET told = ?2 WHERE id = ?1",
	[STORE_SQL_OUTBOX_MAIL_ADD] = "INSERT INTO outbox_mail (outbox, bytes) VALUES (?1, ?2)",
	[STORE_SQL_OUTBOX_DUE] = OUTBOX "WHERE o.state = 'queued' AND o.next_try <= ?1"
					" ORDER BY o.next_try, o.id LIMIT ?2",
	[STORE_SQL_OUTBOX_NEXT] = "SELECT min(next_try) FROM outbox WHERE state = 'queued'",
	[STORE_SQL_OUTBOX_STATE] = "SELECT state FROM outbox WHERE id = ?1",
	/* A reply that was told stays until another one is. */
	[STORE_SQL_OUTBOX_MARK] = "UPDATE outbox SET state = ?2, tries = tries + ?3, next_try = ?4,"
				  " sent_at = ?5,"
				  " code = CASE WHEN ?6 = 0 AND ?8 = '' THEN code ELSE ?6 END,"
				  " status = CASE WHEN ?6 = 0 AND ?8 = '' THEN status ELSE ?7 END,"
				  " reply = CASE WHEN ?6 = 0 AND ?8 = '' THEN reply ELSE ?8 END"
				  " WHERE id = ?1 AND state <> 'sent'",
	[STORE_SQL_OUTBOX_REQUEUE] = "UPDATE outbox SET state = 'queued', next_try = ?1"
				     " WHERE state = 'sending' AND state <> 'sent'",
	[STORE_SQL_OUTBOX_UNFILED] = OUTBOX
	"WHERE o.state = 'sent' AND o.wants_copy = 1 AND o.filed_at IS NULL"
	" AND o.mailbox = (SELECT id FROM mailbox WHERE name = ?1) ORDER BY o.id LIMIT ?2",
	[STORE_SQL_OUTBOX_FILED] = "UPDATE outbox SET filed_at = ?2"
				   " WHERE id = ?1 AND state = 'sent' AND filed_at IS NULL",
	[STORE_SQL_OUTBOX_COUNT_TO] =
		"SELECT count(*) FROM (SELECT 1 FROM outbox WHERE counted_as = ?1" MADE
		"held_for = ?2 AND created_at BETWEEN ?3 AND ?4 LIMIT ?5)",
	[STORE_SQL_OUTBOX_COUNT] = "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE TRUE" MADE
				   "held_for = ?1 AND created_at BETWEEN ?2 AND ?3 LIMIT ?4)",

	/* Each of the counts reads an index of few rows, or a whole table's number of rows, which
	 * SQLite has without looking at them. */
	[STORE_SQL_COUNT_FATES] = "SELECT word, mails FROM fate",
	[STORE_SQL_COUNT_MAILS] = "SELECT count(*) FROM message",
	[STORE_SQL_COUNT_LIVE] = "SELECT state, count(*) FROM foi_case"
				 " WHERE state IN ('open', 'triage', 'waiting') GROUP BY state",
	[STORE_SQL_COUNT_CASES] = "SELECT count(*) FROM foi_case",
	[STORE_SQL_COUNT_OVERDUE] = "SELECT count(*) FROM foi_case"
				    " WHERE state NOT IN ('answered', 'closed')"
				    " AND state <> 'waiting' AND due < ?1",
	[STORE_SQL_COUNT_UNSENT] = "SELECT state, count(*) FROM outbox WHERE state <> 'sent'"
				   " GROUP BY state",
	[STORE_SQL_COUNT_OUTBOX] = "SELECT count(*) FROM outbox",

	/* ?6: with 'waiting' those whose clock stands are passed over. */
	[STORE_SQL_LIST_LIVE] =
		CASE_ROW "WHERE c.state NOT IN ('answered', 'closed')" OF_KIND "AND c.state <> ?6"
			 " AND (c.due, c.id) > (?2, ?3) AND c.due <= ?5"
			 " ORDER BY c.due, c.id LIMIT ?4",
	[STORE_SQL_LIST_STATE] =
		CASE_ROW "WHERE c.state = ?6" OF_KIND "AND (c.due, c.id) > (?2, ?3) AND c.due <= ?5"
			 " ORDER BY c.due, c.id LIMIT ?4",
	[STORE_SQL_LIST_ENDED] =
		CASE_ROW "WHERE c.state = ?6" OF_KIND "AND (c.due, c.id) < (?2, ?3)"
			 " ORDER BY c.due DESC, c.id DESC LIMIT ?4",
	[STORE_SQL_LIST_ALL] = CASE_ROW "WHERE c.id < ?3" OF_KIND " ORDER BY c.id DESC LIMIT ?4",
	[STORE_SQL_GET] = CASE_ROW "JOIN case_reference r ON r.case_id = c.id"
				   " WHERE r.reference = ?1",

	[STORE_SQL_VIEW_MESSAGES] =
		"SELECT m.id, b.name, f.name, e.uidvalidity, m.uid, m.fate, m.first_seen,"
		" m.internaldate, m.gateway, m.received, m.sender, m.sender_name, t.subject,"
		" m.message_id, t.text, t.new_text, t.reasons, t.warnings, t.hints"
		" FROM message m JOIN epoch e ON e.id = m.epoch JOIN folder f ON f.id = e.folder"
		" JOIN mailbox b ON b.id = f.mailbox LEFT JOIN message_text t ON t.message = m.id"
		" WHERE m.id IN " CASE_MAILS " ORDER BY m.id",
	[STORE_SQL_VIEW_ATTACHMENTS] = "SELECT message, name, type, bytes, sha256 FROM attachment"
				       " WHERE message IN " CASE_MAILS " ORDER BY message, n",
	[STORE_SQL_VIEW_EVENTS] =
		"SELECT e.id, e.at, e.actor, e.what, e.why, p.n, e.day, e.details, e.undoes, u.id"
		" FROM event e LEFT JOIN part p ON p.id = e.part"
		" LEFT JOIN event u ON u.undoes = e.id WHERE e.case_id = ?1 ORDER BY e.id",
	[STORE_SQL_VIEW_DEADLINES] =
		"SELECT d.at, d.regime, d.rule, d.working_days, d.received, d.due,"
		" d.is_provisional, d.calendar_hash, p.question,"
		" (SELECT a.name FROM part_authority pa JOIN authority a ON a.id = pa.authority"
		"  WHERE pa.part = p.id ORDER BY pa.authority LIMIT 1)"
		" FROM part p JOIN deadline d ON d.part = p.id"
		" WHERE p.case_id = ?1 ORDER BY d.id",
	[STORE_SQL_VIEW_OUTBOX] =
		"SELECT id, kind, state, recipient, message_id, tries, created_at, sent_at,"
		" next_try, code, status, reply, told, held_for FROM outbox WHERE case_id = ?1 "
		"ORDER BY id",
	[STORE_SQL_VIEW_LINKED] =
		"SELECT up.reference, 'parent' FROM foi_case c JOIN foi_case up ON up.id = c.parent"
		" WHERE c.id = ?1"
		" UNION ALL SELECT down.reference, down.kind FROM foi_case down"
		" WHERE down.parent = ?1"
		" UNION ALL SELECT c.reference, l.how FROM case_link l"
		" JOIN foi_case c ON c.id = l.other WHERE l.case_id = ?1"
		" UNION ALL SELECT c.reference, l.how FROM case_link l"
		" JOIN foi_case c ON c.id = l.case_id WHERE l.other = ?1",

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
	/* By the Act of the live part whose last day it is. */
	[STORE_SQL_REMIND_CASES] =
		"SELECT c.id, c.reference, c.state,"
		" COALESCE((SELECT regime FROM part WHERE case_id = c.id AND due = c.due"
		"  AND state NOT IN ('answered', 'closed') ORDER BY n LIMIT 1),"
		"  (SELECT regime FROM part WHERE case_id = c.id AND n = 1)),"
		" c.due, c.told, c.opened_at,"
		" c.state = 'triage' AND EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id"
		"  AND e.actor LIKE 'uid %')"
		" FROM foi_case c"
		" WHERE c.state NOT IN ('answered', 'closed') AND (c.due, c.id) > (?1, ?2)"
		" ORDER BY c.due, c.id LIMIT ?3",
	[STORE_SQL_REMIND_UNGIVE] =
		"DELETE FROM reminder WHERE case_id = ?1 AND due = ?2 AND at > ?3",
	/* ?5: no step below it is one of this kind. */
	[STORE_SQL_REMIND_USE] =
		"INSERT INTO reminder (case_id, due, step, at) SELECT ?1, ?2, ?3, ?4"
		" WHERE NOT EXISTS (SELECT 1 FROM reminder WHERE case_id = ?1 AND due = ?2"
		"  AND step BETWEEN ?5 AND ?3)",
	[STORE_SQL_DAILY] = "SELECT day, at, last_message, last_case FROM daily WHERE name = ?1",
	[STORE_SQL_DAILY_DONE] =
		"INSERT INTO daily (name, day, at, last_message, last_case) VALUES (?1, ?2, ?3,"
		" COALESCE((SELECT max(id) FROM message), 0),"
		" COALESCE((SELECT max(id) FROM foi_case), 0)) ON CONFLICT (name) DO UPDATE"
		" SET day = excluded.day, at = excluded.at, last_message = excluded.last_message,"
		" last_case = excluded.last_case",
	[STORE_SQL_REMIND_FATES] = "SELECT fate, count(*) FROM message WHERE id > ?1 GROUP BY fate",
	[STORE_SQL_REMIND_OPENED] = "SELECT count(*) FROM foi_case WHERE id > ?1",
	[STORE_SQL_REMIND_UNSENT] =
		"SELECT count(*), COALESCE(min(created_at), 0) FROM outbox WHERE state <> 'sent'"
		" AND state IN ('queued', 'sending') AND kind = 'acknowledgement'",
	/* What an ended case was not sent matters to nobody any more. */
	[STORE_SQL_REMIND_HELD] =
		"SELECT c.reference, o.created_at, o.held_for"
		" FROM outbox o JOIN foi_case c ON c.id = o.case_id"
		" WHERE o.state = 'held' AND o.state <> 'sent' AND o.kind = 'acknowledgement'"
		" AND c.state NOT IN ('answered', 'closed') ORDER BY o.id",
	/* ?1: FOI_CASE_NOT_ACKNOWLEDGED. Refused by the mail server, come back as a report of failure,
	 * or never made, since there is no address. */
	[STORE_SQL_REMIND_FAILED] =
		"SELECT c.reference, COALESCE(o.created_at, c.opened_at), ''"
		" FROM foi_case c LEFT JOIN outbox o ON o.case_id = c.id"
		"  AND o.kind = 'acknowledgement'"
		" WHERE c.state NOT IN ('answered', 'closed') AND (o.state = 'failed'"
		"  OR (c.flags & ?1 AND COALESCE(o.state, 'sent') = 'sent')) ORDER BY c.id",
	[STORE_SQL_REMIND_QUEUED] = "SELECT count(*) FROM outbox WHERE message_id = ?1",
};

const char *store_sql_text(enum store_sql sql)
{
	return texts[sql];
}
