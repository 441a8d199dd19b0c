/* store_sql_outbox.c - the text of the statements about what is sent, and about reminders. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

/* Of the acknowledgements: those that the partial indexes of counting hold. */
#define MADE " AND kind = 'acknowledgement' AND "

#define OUTBOX                                                                                     \
	"SELECT o.id, o.case_id, m.name, o.kind, c.reference, o.message_id, o.sender,"             \
	" o.recipient, b.bytes, o.wants_copy, o.told, o.state, o.tries, o.created_at, o.next_try," \
	" o.queued_at, o.held_for, c.received"                                                     \
	" FROM outbox o JOIN mailbox m ON m.id = o.mailbox"                                        \
	" JOIN outbox_mail b ON b.outbox = o.id"                                                   \
	" LEFT JOIN foi_case c ON c.id = o.case_id "

/* As officers see it; the index of what is left bears the order. */
#define ENTRY                                                                                      \
	"SELECT o.id, o.case_id, c.reference, o.kind, o.state, o.held_for, o.tries, o.created_at," \
	" o.next_try, o.code, o.status, o.reply, o.told, m.name, c.received, c.due, c.state"       \
	" FROM outbox o JOIN mailbox m ON m.id = o.mailbox"                                        \
	" LEFT JOIN foi_case c ON c.id = o.case_id "

const char *const store_sql_outbox[STORE_SQL_COUNT] = {
	[STORE_SQL_OUTBOX_ADD] =
		"INSERT INTO outbox (case_id, mailbox, kind, message_id, sender, recipient, told,"
		" wants_copy, state, created_at, next_try, counted_as, held_for, queued_at)"
		" SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?10 FROM mailbox"
		" WHERE name = ?2"
		" ON CONFLICT (case_id) WHERE kind = 'acknowledgement' DO NOTHING",
	[STORE_SQL_CASE_TOLD] = "UPDATE foi_case SET told = ?2 WHERE id = ?1",
	/* Of a mail that was never handed over: nobody can have read it. */
	[STORE_SQL_CASE_UNTOLD] = "UPDATE foi_case SET told = NULL WHERE id = (SELECT case_id"
				  " FROM outbox WHERE id = ?1 AND kind = 'acknowledgement'"
				  " AND tries = 0)",
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
	[STORE_SQL_OUTBOX_GET] = ENTRY "WHERE o.id = ?1",
	[STORE_SQL_OUTBOX_LIST] =
		ENTRY "WHERE o.state <> 'sent' AND o.id > ?1 ORDER BY o.id LIMIT ?2",
	/* The + keeps to the index that has them in order. */
	[STORE_SQL_OUTBOX_LIST_STATE] = ENTRY "WHERE +o.state = ?3 AND o.state <> 'sent'"
					      " AND o.id > ?1 ORDER BY o.id LIMIT ?2",
	[STORE_SQL_OUTBOX_HOLD] = "UPDATE outbox SET state = 'held', next_try = NULL,"
				  " held_for = ?2 WHERE id = ?1 AND state = 'queued'",
	/* ?3: '' leaves it as it is. */
	[STORE_SQL_OUTBOX_AGAIN] =
		"UPDATE outbox SET state = 'queued', next_try = ?2, queued_at = ?2, tries = 0,"
		" held_for = CASE WHEN ?3 = '' THEN held_for ELSE ?3 END"
		" WHERE id = ?1 AND state IN ('queued', 'held', 'failed')",
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
