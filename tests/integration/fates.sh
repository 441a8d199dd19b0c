# shellcheck shell=bash
# fates.sh - what has to be true of the store, the mailbox and the mails that went out, looked at from outside.
# SPDX-License-Identifier: MIT
#
# Source it after daemon.sh. For tests that kill the daemon or let its system calls fail.

# fates_broken DIR STORE [SENT]: what does not hold, one "invariant|what" a line; nothing when all is
# well. It holds at every instant, also of a store that was copied from under a daemon that was killed.
# SENT: a file with "recipient<tab>Message-ID" of each acknowledgement that somebody received.
fates_broken() {
	{
		fates_sql
		if (($# > 2)); then
			printf '%s\n' 'CREATE TEMP TABLE received (recipient, message_id);' '.mode tabs' \
				".import $3 received" '.mode list'
			fates_sent_sql
		fi
	} | servers_as "$1" sqlite3 -bail -readonly "$2" || printf 'store|it cannot be read\n'
}

# fates_sql: the statements that find what is broken between the rows.
fates_sql() {
	cat <<-'END'
		SELECT 'store', 'integrity_check: ' || integrity_check FROM pragma_integrity_check
			WHERE integrity_check <> 'ok';
		SELECT 'store', 'a foreign key of ' || "table" FROM pragma_foreign_key_check;

		SELECT 'fate', 'UID ' || uid || ' has ' || count(*) || ' rows' FROM message
			GROUP BY epoch, uid HAVING count(*) > 1;
		SELECT 'fate', mails || ' mails are counted as ' || word FROM fate
			WHERE mails <> (SELECT count(*) FROM message WHERE fate = word);

		SELECT 'case', 'mail ' || message || ' has ' || count(*) || ' cases' FROM foi_case
			GROUP BY message HAVING count(*) > 1;
		SELECT 'case', 'mail ' || id || ' has a clock and no case' FROM message m
			WHERE fate IN ('request', 'review', 'triage', 'unreadable')
			AND NOT EXISTS (SELECT 1 FROM foi_case WHERE message = m.id);
		SELECT 'case', reference || ' came of a mail that has no clock' FROM foi_case c
			JOIN message m ON m.id = c.message
			WHERE m.fate NOT IN ('request', 'review', 'triage', 'unreadable');

		SELECT 'reference', name || ' runs from ' || min(n) || ' to ' || max(n) || ' with ' || count(*)
			FROM (SELECT substr(reference, 1, 3) AS name, 0 + substr(reference, -9, 6) AS n
				FROM case_reference)
			GROUP BY name HAVING max(n) <> count(*) OR min(n) <> 1;
		SELECT 'reference', 'the counters gave ' || given || ', the cases have ' || n
			FROM (SELECT coalesce(sum(value), 0) AS given FROM counter),
				(SELECT count(*) AS n FROM case_reference) WHERE given <> n;
		SELECT 'reference', reference || ' is not in the list of all' FROM foi_case c
			WHERE NOT EXISTS (SELECT 1 FROM case_reference WHERE reference = c.reference AND case_id = c.id);

		SELECT 'together', 'mail ' || id || ' has no text' FROM message m
			WHERE NOT EXISTS (SELECT 1 FROM message_text WHERE message = m.id);
		SELECT 'together', reference || ' has no part' FROM foi_case c
			WHERE NOT EXISTS (SELECT 1 FROM part WHERE case_id = c.id);
		SELECT 'together', 'part ' || id || ' has no deadline' FROM part p
			WHERE NOT EXISTS (SELECT 1 FROM deadline WHERE part = p.id);
		SELECT 'together', 'part ' || id || ' has no authority' FROM part p
			WHERE NOT EXISTS (SELECT 1 FROM part_authority WHERE part = p.id);
		SELECT 'together', reference || ' has no event ' || word FROM foi_case c,
			(SELECT 'opened' AS word UNION SELECT 'received')
			WHERE NOT EXISTS (SELECT 1 FROM event WHERE case_id = c.id AND what = word);
		SELECT 'together', reference || ' has ' || events || ' events and ' || rows || ' acknowledgements'
			FROM (SELECT reference, (SELECT count(*) FROM event WHERE case_id = c.id AND what IN
					('acknowledgement-queued', 'acknowledgement-held')) AS events,
				(SELECT count(*) FROM outbox WHERE case_id = c.id AND kind = 'acknowledgement') AS rows
				FROM foi_case c)
			WHERE events <> rows OR rows > 1;
		SELECT 'together', reference || ' has ' || answers || ' decisions whether it is acknowledged'
			FROM (SELECT reference, (SELECT count(*) FROM event WHERE case_id = c.id AND what IN
					('acknowledgement-queued', 'acknowledgement-held', 'acknowledgement-impossible')) AS answers
				FROM foi_case c JOIN message m ON m.id = c.message WHERE m.fate IN ('request', 'review'))
			WHERE answers <> 1;
		SELECT 'together', 'acknowledgement ' || id || ' has no text' FROM outbox o
			WHERE NOT EXISTS (SELECT 1 FROM outbox_mail WHERE outbox = o.id);
	END
}

# fates_sent_sql: the same of what was received: nothing that the store does not know.
fates_sent_sql() {
	cat <<-'END'
		SELECT 'known', message_id || ' was received, and no case has it' FROM received r
			WHERE NOT EXISTS (SELECT 1 FROM outbox o JOIN foi_case c ON c.id = o.case_id
				WHERE o.message_id = r.message_id AND o.recipient = r.recipient);
		SELECT 'acknowledged', message_id || ' is marked as sent, and nobody has it' FROM outbox o
			WHERE state = 'sent' AND kind = 'acknowledgement'
			AND NOT EXISTS (SELECT 1 FROM received r WHERE r.message_id = o.message_id);
	END
}

# fates_mailbox DIR USER: every mail that lies there with its marks and its sum, one a line, but for our
# own copies in Sent. Whoever looks by IMAP moves mails from new to cur, which is no change.
fates_mailbox() {
	local home=$1/mail/${2#*@}/${2%@*}/Maildir
	find "$home" -path "$home/.Sent" -prune -o -type f \( -path '*/new/*' -o -path '*/cur/*' \) -print0 |
		xargs -0 -r sha256sum | sed -E -e 's|/(new\|cur)/|/|' -e 's/:2,$//' | sort
}
