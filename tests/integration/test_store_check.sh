#!/bin/bash
# test_store_check.sh - the store is looked over after an unclean stop and once a week; damage ends all writing, a backup puts it right.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

CHECKED='INFO store-checked: '

arrive() {
	request "$1"
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/$1.eml"
}

taken() {
	arrive "$1"
	check "$1 is acknowledged" acknowledged "$1" 20
}

# by_hand SQL: another program writes to the store, which nobody has open.
by_hand() {
	servers_as "$dir" sqlite3 "$dir/foi/store" "$1" >/dev/null
}

killed() {
	local pid
	pid=$(cat "$dir/foi/pid")
	kill -KILL "$pid"
	daemon_wait "$dir" || true
	check "$1: no worker lives on" wait_for no_worker_of "$pid"
}

no_worker_of() {
	! pgrep -f -- "--parent=$1\$" >/dev/null
}

test_when() {
	check 'it starts' daemon_start "$dir"
	taken first
	check 'it stops' daemon_stop "$dir"
	check 'it starts again' daemon_start "$dir"
	taken second
	logged 'in order: nothing is looked over' 0 "$CHECKED"
	killed 'killed'
	check 'killed: one pass leaves it to the daemon' daemon_run "$dir" --once
	check 'killed: it starts' daemon_start "$dir"
	check 'killed: the store is looked over' daemon_await "$dir" "$CHECKED" 20
	taken third
	check 'it stops' daemon_stop "$dir"
	by_hand "UPDATE daily SET at = at - 6 * 86400 WHERE name = 'check'"
	check 'six days later it starts' daemon_start "$dir"
	taken fourth
	logged 'six days: nothing is looked over' 0 "$CHECKED"
	check 'it stops' daemon_stop "$dir"
	by_hand "UPDATE daily SET at = at - 86400 WHERE name = 'check'"
	check 'a week later it starts' daemon_start "$dir"
	check 'a week: the store is looked over' daemon_await "$dir" "$CHECKED" 20
	check 'it stops' daemon_stop "$dir"
	check 'and starts' daemon_start "$dir"
	taken fifth
	logged 'once is enough' 0 "$CHECKED"
}

# damage: one page of the mails themselves, which nothing reads at a start, holds rubbish.
damage() {
	by_hand 'PRAGMA wal_checkpoint(TRUNCATE)'
	servers_as "$dir" python3 - "$dir/foi/store" <<-'END'
		import sqlite3, sys
		c = sqlite3.connect(sys.argv[1])
		size = c.execute('PRAGMA page_size').fetchone()[0]
		page = c.execute("SELECT pageno FROM dbstat WHERE name = 'raw_mail' AND pagetype = 'leaf'").fetchone()[0]
		c.close()
		with open(sys.argv[1], 'r+b') as f:
		    f.seek((page - 1) * size)
		    f.write(b'\x0d' + b'\xff' * (size - 1))
	END
}

test_damaged() {
	local waiting
	check 'it stops' daemon_stop "$dir"
	mkdir "$dir/backup"
	cp "$dir/foi/store" "$dir/backup/"
	check 'it starts' daemon_start "$dir"
	killed 'before the damage'
	damage
	check 'damaged: it starts' daemon_start "$dir"
	check 'damaged: a line tells it, where it is and what to do' daemon_await "$dir" \
		'ERR store-damaged .*the database file is damaged: .*[Pp]age .*restore a backup .*foimaild\(8\)' 20
	arrive waiting
	waiting=$(store_sql "$dir" 'SELECT reference FROM foi_case ORDER BY id LIMIT 1')
	exits 'damaged: no order is carried out' 1 foictl_run "$dir" record "$waiting" exemption --exemption 's. 21' --on "$(date -I)"
	says 'damaged: it says where to look' 'see what the journal says'
	exits 'damaged: cases are shown' 0 foictl_run "$dir" show "$waiting"
	check 'damaged: status tells it' grep -q 'restore a backup' <<<"$(foictl_run "$dir" status)"
	at_rest damaged
	equal 'damaged: no mail is taken' 5 "$(store_sql "$dir" 'SELECT count(*) FROM message')"
	equal 'damaged: nothing is sent' 0 "$(mailbox_count "$dir" "$(requester waiting)")"
	logged 'damaged: it is told once' 1 ' store-(damaged|fault|full|busy)'
	check 'damaged: it stops' daemon_stop "$dir"
	exits 'damaged: it does not start again' 1 daemon_run "$dir"
	says 'damaged: and tells it again' '<3>ERR store-damaged .*store was found damaged before.*restore a backup'
}

# The commands of foimaild(8).
test_restored() {
	servers_as "$dir" mkdir "$dir/foi/damaged"
	servers_as "$dir" bash -c 'mv "$0"/store* "$0/damaged/"' "$dir/foi"
	install -m 600 "$dir/backup/store" "$dir/foi/store"
	if ((EUID == 0)); then chown "nobody:$(id -g nobody)" "$dir/foi/store"; fi
	check 'restored: it starts' daemon_start "$dir"
	check 'restored: the mail that waited is acknowledged' acknowledged waiting 40
	equal 'restored: the store is whole' ok "$(store_sql "$dir" 'PRAGMA integrity_check')"
	equal 'restored: every mail once' '6|6' "$(store_sql "$dir" 'SELECT count(*), count(DISTINCT uid) FROM message')"
	check 'it stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
test_when
test_damaged
test_restored
integration_end
