#!/bin/bash
# test_backup.sh - a backup while mails come in: whole, marked and restorable; refused, killed, without room it leaves none behind.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=own_mounts.sh
. "$(dirname "$0")/own_mounts.sh" "${1:-}" 'no disk is filled'
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

DISK=/mnt
MAILS=300
PADDING_MB=120 # so that a copy takes long enough to be met half way

# in_backup NAME SQL: what the copy says.
in_backup() {
	servers_as "$dir" sqlite3 -readonly "$dir/foi/backup/$1.db" "$2"
}

backups() {
	(cd "$dir/foi/backup" && printf '%s\n' *)
}

# consistent NAME: what was written together is there together.
consistent() {
	equal "$1: whole" ok "$(in_backup "$1" 'PRAGMA integrity_check')"
	equal "$1: nothing that belongs to nothing" 0 "$(in_backup "$1" 'SELECT count(*) FROM pragma_foreign_key_check')"
	equal "$1: every mail has its fate counted, its text and itself" 1 "$(in_backup "$1" \
		'SELECT (SELECT sum(mails) FROM fate) = count(*) AND (SELECT count(*) FROM message_text) = count(*)
		AND (SELECT count(*) FROM raw_mail) = count(*) FROM message')"
	equal "$1: every case has its number, part, deadline and first event" '0|0' "$(in_backup "$1" \
		"SELECT (SELECT count(*) FROM foi_case c WHERE NOT EXISTS (SELECT 1 FROM case_reference r WHERE r.case_id = c.id)
		OR NOT EXISTS (SELECT 1 FROM part p JOIN deadline d ON d.part = p.id WHERE p.case_id = c.id)
		OR NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id AND e.what = 'opened')),
		(SELECT count(*) FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM outbox_mail m WHERE m.outbox = o.id))")"
	equal "$1: it is marked as a copy" 1 "$(in_backup "$1" "SELECT since > unixepoch() - 600 FROM recovering")"
}

test_named() {
	send_request first
	check 'a case' acknowledged first
	exits 'a backup' 0 foictl_run "$dir" backup before-upgrade
	says 'it says where' "^Backup made: $dir/foi/backup/before-upgrade\.db"
	says 'it says what it holds' 'secret key'
	says 'it says what it does not hold' 'not hold the configuration.*passwords'
	check 'the journal has it' daemon_await "$dir" 'INFO backup-made peer=' 5
	equal 'only the daemon may read it' '700 600' "$(stat -c %a "$dir/foi/backup" "$dir/foi/backup/before-upgrade.db" | paste -s -d ' ')"
	consistent before-upgrade
	equal 'the key is the same' "$(store_sql "$dir" 'SELECT hex(key) FROM meta')" "$(in_backup before-upgrade 'SELECT hex(key) FROM meta')"
	equal 'the bank holidays are the same' "$(store_sql "$dir" 'SELECT * FROM calendar_entry ORDER BY 1, 2' | sha256sum)" \
		"$(in_backup before-upgrade 'SELECT * FROM calendar_entry ORDER BY 1, 2' | sha256sum)"
	equal 'the store in use is not marked' 0 "$(store_sql "$dir" 'SELECT count(*) FROM recovering')"
	exits 'a name is used once' 1 foictl_run "$dir" backup before-upgrade
	says 'it says so' 'there is one of that name, and it is kept: before-upgrade'
	exits 'no path' 2 foictl_run "$dir" backup ../elsewhere
	exits 'without a name' 0 foictl_run "$dir" backup --json
	equal 'it has that of the moment' true "$(json '__import__("re").fullmatch("[0-9-]{17}Z", j["name"]) is not None' <"$dir/said")"
	check 'status tells when' grep -qE 'Last backup +[0-9]+ [A-Z][a-z]+ [0-9]{4}, [0-9:]{5}' <<<"$(foictl_run "$dir" status)"
}

taken() {
	(($(store_sql "$dir" 'SELECT count(*) FROM message') >= $1))
}

test_while_mails_come_in() {
	local n mails before=1
	mailbox_make "$dir/mails" "$MAILS"
	deliver_lmtp_many "$dir" "$IMAP_USER" "@$dir/mails/list" &
	local delivery=$!
	for n in 1 2 3 4; do
		check "$((n * MAILS / 5)) of $MAILS mails are taken in" wait_for taken $((n * MAILS / 5))
		exits "backup $n, while mails come in" 0 foictl_run "$dir" backup "flood-$n"
	done
	check 'all mails were delivered' wait "$delivery"
	check 'and taken in' wait_for taken $((MAILS + 1))
	for n in 1 2 3 4; do
		consistent "flood-$n"
		mails=$(in_backup "flood-$n" 'SELECT count(*) FROM message')
		check "flood-$n: $mails mails, no fewer than the one before" test "$mails" -ge "$before"
		before=$mails
	done
	equal 'every mail once' "$((MAILS + 1))|$((MAILS + 1))" "$(store_sql "$dir" 'SELECT count(*), count(DISTINCT uid) FROM message')"
}

half_way() {
	[[ -n $(daemon_pids "$dir" query) && -s $dir/foi/backup/$1.db.part ]]
}

# stopped_half_way NAME: a backup that has begun and goes no further.
stopped_half_way() {
	foictl_run "$dir" backup "$1" >"$dir/backup.said" 2>&1 &
	backup=$!
	check "$1: it has begun" wait_for half_way "$1"
	query=$(daemon_pids "$dir" query)
	check "$1: and is stopped half way" kill -STOP "$query"
}

test_half_way() {
	local status=0
	check 'it stops' daemon_stop "$dir"
	servers_as "$dir" sqlite3 "$dir/foi/store" "CREATE TABLE padding (bytes BLOB);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $PADDING_MB)
		INSERT INTO padding SELECT randomblob(1000000) FROM n"
	check 'with a large store it starts' daemon_start "$dir"
	stopped_half_way large
	exits 'a second one beside it' 1 foictl_run "$dir" backup other
	says 'it says so' 'a backup is being made already'
	send_request meanwhile
	check 'half way: mail is taken in and acknowledged' acknowledged meanwhile
	exits 'half way: lists are answered' 0 foictl_run "$dir" list
	kill -KILL "$query"
	wait "$backup" || status=$?
	equal 'killed: exit status' 1 "$status"
	says 'killed: it says so' 'no backup was made: the process that makes the backup ended' "$dir/backup.said"
	check 'killed: the journal has it' daemon_await "$dir" 'ERR backup-failed peer=' 5
	check 'killed: nothing that looks like a backup' test ! -e "$dir/foi/backup/large.db"
	stopped_half_way again
	kill "$(pgrep -f -- "^$dir/bin/foictl backup again")"
	check 'whoever asked goes away: the copying ends' wait_for gone "$query"
	exits 'and again' 0 foictl_run "$dir" backup large
	equal 'what was killed is cleared away' '' "$(backups | grep -v '\.db$' || true)"
	equal 'it is whole' ok "$(in_backup large 'PRAGMA quick_check')"
	stopped_half_way last
	check 'told to stop half way: it stops' daemon_stop "$dir"
	status=0
	wait "$backup" || status=$?
	equal 'told to stop half way: exit status' 5 "$status"
	check 'told to stop half way: the journal has it' grep -q 'ERR backup-failed peer=' <<<"$(daemon_log "$dir" | tail -n 3)"
	check 'told to stop half way: no worker lives on' wait_for gone "$query"
}

# restored: the steps of foimaild(8), into another folder.
test_restored() {
	servers_as "$dir" mkdir -m 700 "$dir/foi/second"
	servers_as "$dir" install -m 600 "$dir/foi/backup/before-upgrade.db" "$dir/foi/second/store"
	sed -e "s|^path = .*/store$|path = $dir/foi/second/store|" -e "s|^path = .*/socket$|path = $dir/foi/second/socket|" \
		"$dir/foi/foimaild.conf" >"$dir/foi/second.conf"
	exits 'the configuration is right' 0 servers_as "$dir" "$dir/bin/foimaild" --config "$dir/foi/second.conf" --check
	equal 'restored: whole' ok "$(servers_as "$dir" sqlite3 "$dir/foi/second/store" 'PRAGMA integrity_check')"
	equal 'restored: the first case' 1 "$(servers_as "$dir" sqlite3 "$dir/foi/second/store" 'SELECT count(*) FROM foi_case')"
}

test_full() {
	own_disk "$DISK" 3m || { echo 'SKIPPED: no tmpfs can be mounted, so no disk is filled' >&2; return 0; }
	integration_reset -e "s|^path = .*/store$|path = $DISK/store|"
	ln -sf "$DISK/store" "$dir/foi/store" # where store_sql looks
	check 'it starts' daemon_start "$dir"
	arrive_at_full before
	dd if=/dev/zero of="$DISK/filler" bs=4096 2>/dev/null || true # until no space is left
	truncate -s -600K "$DISK/filler"
	daemon_mark "$dir"
	exits 'too little room' 1 foictl_run "$dir" backup full
	says 'it says how much it needs' 'no space left for a backup: it needs [0-9.]+ MB, and 0\.6 MB are free'
	check 'the journal has it' daemon_await "$dir" 'ERR backup-failed peer=.*[Nn]o space left' 5
	equal 'nothing is left behind' 0 "$(find "$DISK/backup" -type f | wc -l)"
	arrive_at_full behind
	logged 'intake had no trouble' 0 ' store-(full|fault|busy)'
	rm "$DISK/filler"
	exits 'with room' 0 foictl_run "$dir" backup full
	check 'it stops' daemon_stop "$dir"
}

arrive_at_full() {
	request "$1"
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/$1.eml"
	check "$1 is acknowledged" acknowledged "$1" 40
}

integration_begin
. "$dir/env"
check 'it starts' daemon_start "$dir"
test_named
test_while_mails_come_in
test_half_way
test_restored
if [[ ${1:-} == inside ]]; then
	test_full
fi
integration_end
