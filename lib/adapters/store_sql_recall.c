/* store_sql_recall.c - the text of the statements about what a restored store is told. */
/* SPDX-License-Identifier: MIT */
#include "adapters/store_internal.h"

#define RECALLED                                                                                   \
	"SELECT r.reference, r.second, r.proof, m.name, r.message_id, r.recipient, r.at, r.text,"  \
	" r.bytes FROM recalled r JOIN mailbox m ON m.id = r.mailbox WHERE r.case_id IS NULL AND "

#define OLDEST " ORDER BY r.at, r.reference LIMIT 1"

const char *const store_sql_recall[STORE_SQL_COUNT] = {
	[STORE_SQL_RECALLED_ADD] =
		"INSERT INTO recalled (reference, second, proof, mailbox, message_id, in_reply_to,"
		" recipient, at, text, bytes)"
		" SELECT ?1, ?2, ?3, id, ?5, ?6, lower(?7), ?8, ?9, ?10 FROM mailbox WHERE name = "
		"?4"
		" ON CONFLICT (reference) DO UPDATE SET second = excluded.second,"
		" proof = excluded.proof, mailbox = excluded.mailbox,"
		" message_id = excluded.message_id, in_reply_to = excluded.in_reply_to,"
		" recipient = excluded.recipient, at = excluded.at, text = excluded.text,"
		" bytes = excluded.bytes"
		" WHERE excluded.proof > recalled.proof AND recalled.case_id IS NULL",
	[STORE_SQL_RECALLED_FIND] = RECALLED "r.proof > 0 AND r.in_reply_to = ?1" OLDEST,
	[STORE_SQL_RECALLED_FIND_NAMELESS] =
		RECALLED "r.proof > 0 AND r.in_reply_to IS NULL AND r.recipient = lower(?1)" OLDEST,
	[STORE_SQL_RECALLED_NEXT] = RECALLED "TRUE ORDER BY r.reference LIMIT 1",
	[STORE_SQL_RECALLED_USE] = "UPDATE recalled SET case_id = ?2"
				   " WHERE reference = ?1 AND case_id IS NULL",
	[STORE_SQL_RECALLED_COUNT] = "SELECT count(*) FROM recalled WHERE case_id IS NULL",
	[STORE_SQL_OUTBOX_PROVE] = "UPDATE outbox SET state = 'sent', next_try = NULL, sent_at = ?2"
				   " WHERE case_id = ?1 AND kind = 'acknowledgement'"
				   " AND state <> 'sent'",
	[STORE_SQL_OUTBOX_PROVE_FILED] = "UPDATE outbox SET filed_at = ?2 WHERE case_id = ?1"
					 " AND kind = 'acknowledgement' AND state = 'sent'"
					 " AND filed_at IS NULL",
	[STORE_SQL_NUMBER_RAISE] = "INSERT INTO counter (name, period, value) VALUES (?1, ?2, ?3)"
				   " ON CONFLICT (name, period) DO UPDATE"
				   " SET value = max(counter.value, excluded.value)",
	[STORE_SQL_RECOVERY] = "SELECT COALESCE((SELECT since FROM recovering WHERE id = 1), 0),"
			       " is_known, hold_before FROM recovery WHERE id = 1",
	[STORE_SQL_RECOVERY_SET] = "UPDATE recovery SET is_known = ?1,"
				   " hold_before = max(hold_before, ?2) WHERE id = 1",
	[STORE_SQL_RECOVERY_NOTE] = "INSERT INTO recovery_event (at, actor, what, why)"
				    " VALUES (?1, ?2, ?3, ?4)",
};
