#!/bin/bash
# test_restore.sh - a backup that is 50 cases old is restored: no number twice, no acknowledgement twice.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# restore: the backup takes the store's place; the lost one is kept in $dir/lost, outside its reach.
restore() {
	cp "$dir/foi/store" "$dir/lost" &&
		rm -f "$dir"/foi/store* &&
		servers_as "$dir" cp "$dir/foi/backup/old.db" "$dir/foi/store"
}

lost_sql() {
	sqlite3 -readonly "$dir/lost" "$1"
}

# letter NAME SUBJECT TEXT [HEADER]: a mail of that requester, into the mailbox.
letter() {
	{
		printf 'From: Robin %s <%s>\nTo: foi@foi.example.org\nSubject: %s\nDate: %s\n' \
			"$1" "$(requester "$1")" "$2" "$(date -R)"
		printf 'Message-ID: <%s.%s@requester.example.com>\n%s\n%s\n' "$1" "$RANDOM$RANDOM" "${4:+$4$'\n'}" "$3"
	} >"$dir/$1.eml"
	batch+=("$dir/$1.eml")
}

# requests PREFIX FIRST LAST
requests() {
	local i
	for ((i = $2; i <= $3; i++)); do
		letter "$1$i" "Question $i of $1" "Under the Freedom of Information Act 2000, how many lamps has street $i of $1?"
	done
}

# deliver: the batch arrives.
deliver() {
	deliver_lmtp_many "$dir" "$IMAP_USER" "${batch[@]}"
	batch=()
}

has_mails() {
	[[ $(store_sql "$dir" 'SELECT count(*) FROM message' 2>/dev/null) == "$1" ]]
}

is_sent() {
	[[ $(store_sql "$dir" "SELECT count(*) FROM outbox WHERE state <> 'sent' OR (wants_copy AND filed_at IS NULL)") == 0 ]]
}

# sink: "address<tab>Message-ID" of every acknowledgement that arrived at a requester.
sink() {
	local box
	for box in "$dir"/mail/requester.example.com/*; do
		find "$box" -path '*/Maildir/*' -type f -print0 2>/dev/null |
			xargs -0 -r grep -l -i '^Auto-Submitted: auto-replied' |
			while read -r f; do
				printf '%s\t%s\n' "${box##*/}" "$(grep -i -A 1 -m 1 '^Message-ID:' "$f" | tr -d '\n ')"
			done
	done | sort
}

cases() {
	"$1" "SELECT c.reference, c.kind, c.received, c.due, c.told, m.message_id, m.internaldate
		FROM foi_case c JOIN message m ON m.id = c.message ORDER BY m.internaldate, m.message_id"
}

here_sql() {
	store_sql "$dir" "$1"
}

# recovered: the officer's word is taken once all mail was taken in.
recovered() {
	foictl_run "$dir" recovered "$@" >"$dir/said" 2>&1
}

batch=()
integration_begin
. "$dir/env"

# ---- until the store is lost

daemon_start "$dir"
requests old 1 30
deliver
check 'before: 30 mails' wait_for has_mails 30
check 'before: acknowledged' wait_for is_sent
exits 'before: a backup' 0 foictl_run "$dir" backup old
requests new 1 46
letter review1 'My request FOI 000001/26 of this year' 'I request an internal review of how you handled my request.'
sed -i -e "s/^From: .*/From: Robin old1 <$(requester old1)>/" "$dir/review1.eml"
letter review2 'My request FOI 000002/26 of this year' 'I am not content and ask for an internal review.'
sed -i -e "s/^From: .*/From: Robin old2 <$(requester old2)>/" "$dir/review2.eml"
letter hello 'Hello' 'A fine day to you all.'
letter news 'News' 'All the news of the week.' $'List-Id: <news.example.com>\nPrecedence: list'
deliver
check 'lost time: 50 mails more' wait_for has_mails 80
check 'lost time: acknowledged' wait_for is_sent
exim_stop "$dir"
requests late 1 1
deliver
check 'lost time: one is not acknowledged' wait_for has_mails 81
daemon_stop "$dir"
exim_start "$dir"
restore
sink >"$dir/sink.before"
equal 'before: acknowledgements' 78 "$(wc -l <"$dir/sink.before")"
cases lost_sql >"$dir/cases.before"

# ---- recovering, killed in the middle of it

daemon_start "$dir"
daemon_kill "$dir"
daemon_wait "$dir" || true
daemon_start "$dir"
logged 'recovering' 1 'ERR recovering\b'
daemon_await "$dir" 'INFO recovery-known\b' 60
check 'recovering: the 51 mails are there again' wait_for has_mails 81
cases here_sql >"$dir/cases.after"
equal 'recovering: same references, days and what was told' '' \
	"$(diff "$dir/cases.before" "$dir/cases.after" || true)"
requests fresh 1 1
deliver
check 'recovering: a new mail is taken in' wait_for has_mails 82
highest=$(lost_sql "SELECT max(reference) FROM foi_case WHERE reference LIKE 'FOI %'")
check 'recovering: its number is above the highest' test "$(here_sql \
	"SELECT c.reference > '$highest' FROM foi_case c JOIN message m ON m.id = c.message WHERE m.message_id LIKE '<fresh1.%'")" = 1
equal 'recovering: nothing was sent' '' "$(diff "$dir/sink.before" <(sink) || true)"
equal 'recovering: what waits' 2 "$(here_sql "SELECT count(*) FROM outbox WHERE state = 'queued'")"
foictl_run "$dir" status >"$dir/said"
says 'recovering: status says so' 'recovering: the store is a backup of'

# ---- recovered

check 'recovered' wait_for recovered
logged 'recovered' 1 'INFO recovered\b'
check 'recovered: what waited is sent' wait_for is_sent
sink >"$dir/sink.after"
equal 'recovered: exactly the missing acknowledgements left' "fresh1 late1" \
	"$(comm -13 "$dir/sink.before" "$dir/sink.after" | cut -f 1 | sort | xargs)"
equal 'recovered: no acknowledgement came twice' '' "$(cut -f 2 "$dir/sink.after" | sort | uniq -d)"
equal 'recovered: no number was used twice' '' "$(cut -f 2 "$dir/sink.after" | sed -e 's/.*foi\.m\.//' -e 's/\..*//' | sort | uniq -d)"
equal 'recovered: one copy each in the Sent folder' 80 "$(mailbox_count "$dir" "$IMAP_USER/Sent")"
exits 'recovered: a second time' 1 foictl_run "$dir" recovered
daemon_stop "$dir"

# ---- no Sent folder: nothing tells what was sent

restore
daemon_configure "$dir" -e '/^sent_folder/d'
daemon_start "$dir"
daemon_await "$dir" 'ERR recovery-blind\b' 60
equal 'blind: no mail is taken in' 30 "$(here_sql 'SELECT count(*) FROM message')"
exits 'blind: without a number' 1 foictl_run "$dir" recovered
says 'blind: it says what is needed' 'recovered --next'
exits 'blind: no reference' 2 foictl_run "$dir" recovered --next 'FOI 1900' --next-review 'IR 000100/26'
foictl_run "$dir" recovered --next 'FOI 001900/26' --next-review 'IR 000100/26' >"$dir/said" 2>&1 || true
check 'blind: mail is taken in' wait_for has_mails 82
check 'blind: recovered' wait_for recovered
equal 'blind: numbers go on from there' 'FOI 001900/26' "$(here_sql \
	"SELECT min(reference) FROM foi_case WHERE reference > 'FOI 000030/26' AND reference LIKE 'FOI %'")"
equal 'blind: what may have been sent is held' 50 "$(here_sql "SELECT count(*) FROM outbox WHERE state = 'held' AND held_for = 'restored'")"
equal 'blind: nothing was sent twice' '' "$(diff "$dir/sink.after" <(sink) || true)"
daemon_stop "$dir"

# ---- an older store without a mark, and the mails are gone: an answer to a lost case tells

restore
servers_as "$dir" sqlite3 "$dir/foi/store" 'DELETE FROM recovering'
daemon_configure "$dir"
dovecot_adm "$dir" expunge -u "$IMAP_USER" mailbox INBOX all
token=$(find "$dir/mail/requester.example.com/new7" -type f -exec grep -h -o -m 1 '<foi\.t\.[^>]*>' {} +)
check 'unmarked: a token that was sent' test -n "$token"
letter new7 'Re: Question 7' 'When do I hear from you?' "References: $token"
deliver
daemon_start "$dir"
daemon_await "$dir" 'ERR store-older\b' 60
daemon_await "$dir" 'INFO recovery-known\b' 60
check 'unmarked: the answer is taken in' wait_for has_mails 31
equal 'unmarked: nothing was sent' '' "$(diff "$dir/sink.after" <(sink) || true)"
check 'unmarked: recovered' wait_for recovered
logged 'unmarked: cases whose mail is gone' 50 'WARNING case-rebuilt '
equal 'unmarked: every number that was told has its case' 80 \
	"$(here_sql "SELECT count(*) FROM foi_case WHERE message IS NULL OR message <> (SELECT max(id) FROM message)")"
equal 'unmarked: the answer is not acknowledged by itself' 0 \
	"$(here_sql "SELECT count(*) FROM outbox WHERE state <> 'sent' AND state <> 'held'")"
requests last 1 1
deliver
check 'unmarked: the next mail is acknowledged' acknowledged last1
sink >"$dir/sink.last"
equal 'unmarked: under a number of its own' '' "$(cut -f 2 "$dir/sink.last" | sed -e 's/.*foi\.m\.//' -e 's/\..*//' | sort | uniq -d)"
equal 'unmarked: no acknowledgement came twice' 81 "$(wc -l <"$dir/sink.last")"
daemon_stop "$dir"
integration_end
