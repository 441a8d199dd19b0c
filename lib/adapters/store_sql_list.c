/* store_sql_list.c - the text of the statements that count, list and show. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

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

/* The mails of a case ?1: those filed on it, and the one that opened it (which may be filed on
 * another case that it opened too). */
#define CASE_MAILS                                                                                 \
	"(SELECT id FROM message WHERE case_id = ?1"                                               \
	" UNION SELECT message FROM foi_case WHERE id = ?1 AND message IS NOT NULL)"

const char *const store_sql_list[STORE_SQL_COUNT] = {
	/* Each of the counts reads an index of few rows, or a whole table's number of rows, which
	 * SQLite has without looking at them. */
	[STORE_SQL_COUNT_FATES] = "SELECT word, mails FROM fate",
	[STORE_SQL_COUNT_MAILBOX_FATES] =
		"SELECT fate, mails FROM mailbox_fate"
		" WHERE mailbox = (SELECT id FROM mailbox WHERE name = ?1)",
	[STORE_SQL_COUNT_MAILBOX_UNSENT] =
		"SELECT state, count(*) FROM outbox WHERE state <> 'sent'"
		" AND mailbox = (SELECT id FROM mailbox WHERE name = ?1) GROUP BY state",
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
};
