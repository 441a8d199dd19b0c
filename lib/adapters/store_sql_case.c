/* store_sql_case.c - the text of the statements about cases, their parts and their history. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

/* ?1 is the sender: whether that address has a place on the case. */
#define TRIAGE_CASE                                                                                \
	"SELECT c.id, c.reference, c.kind, c.state NOT IN ('answered', 'closed'),"                 \
	" EXISTS (SELECT 1 FROM party p WHERE p.case_id = c.id AND p.address = lower(?1)),"        \
	" (SELECT regime FROM part WHERE case_id = c.id ORDER BY n LIMIT 1)"

/* Of a part. */
#define IS_ANSWERED "(state IN ('answered', 'closed') AND ended IS NOT NULL AND outcome <> 'void')"

const char *const store_sql_case[STORE_SQL_COUNT] = {
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
	[STORE_SQL_CASE_UNFLAG] = "UPDATE foi_case SET flags = flags & ~?2 WHERE id = ?1",
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
};
