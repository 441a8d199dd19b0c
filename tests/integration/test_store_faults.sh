#!/bin/bash
# test_store_faults.sh - the store's disk is full, another process holds it, it may not be written: one line, no haste, nothing lost.
# SPDX-License-Identifier: MIT
#
# The full disk is a small tmpfs in a mount namespace of our own, so that no mount outlives us.
set -euo pipefail
# shellcheck source=own_mounts.sh
. "$(dirname "$0")/own_mounts.sh" "${1:-}" 'no disk is filled'
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

DISK=/mnt
ATTEMPTS_A_MINUTE=120 # that fail: the shortest wait is 1 s, of what is recorded and of what is asked

arrive() {
	local name
	for name; do
		request "$name"
		deliver_lmtp "$dir" "$IMAP_USER" "$dir/$name.eml"
	done
}

all_acknowledged() {
	local name
	for name; do
		check "$name is acknowledged" acknowledged "$name" 40
	done
}

calm() {
	haste_end "$1"
	logged "$1: workers that died" 0 ' worker-'
	equal "$1: the store is whole" ok "$(store_sql "$dir" 'PRAGMA integrity_check')"
}

fill() {
	dd if=/dev/zero of="$DISK/filler" bs=4096 2>/dev/null || true # until no space is left
}

test_full() {
	own_disk "$DISK" 3m || { echo 'SKIPPED: no tmpfs can be mounted, so no disk is filled' >&2; return 0; }
	ln -sf "$DISK/store" "$dir/foi/store" # where store_sql looks
	daemon_configure "$dir" -e "s|^path = .*/store$|path = $DISK/store|" -e 's/^poll = .*/&\nalarm_after = 10 s/'
	check 'it starts' daemon_start "$dir" --debug
	arrive before
	all_acknowledged before
	fill
	haste_begin
	arrive full-one full-two full-three
	check 'full: a line tells it' daemon_await "$dir" 'ERR store-full .*free space on the store.s file system; it goes on by itself' 20
	no_haste full
	check 'full: status tells it' grep -q 'free space' <<<"$(foictl_run "$dir" status)"
	equal 'full: nothing is acknowledged that is not recorded' 0 "$(mailbox_count "$dir" "$(requester full-one)")"
	check 'full: it lasts: an alarm' daemon_await "$dir" 'ERR intake-failing mailbox=foi lasted=[0-9]+' 30
	rm "$DISK/filler"
	check 'full: it goes on by itself' daemon_await "$dir" 'INFO store-recovered' 60
	all_acknowledged full-one full-two full-three
	check 'full: the end of the alarm' daemon_await "$dir" 'INFO intake-recovered mailbox=foi lasted=' 30
	logged 'full: one alarm' 1 ' intake-failing '
	logged full 1 ' store-(full|fault|busy)'
	calm full
	equal 'full: every mail once' '4|4' "$(store_sql "$dir" 'SELECT count(*), count(DISTINCT uid) FROM message')"
	check 'full: it stops' daemon_stop "$dir"
	fill
	rm -f "$DISK"/store*
	fill
	exits 'full at the start' 1 daemon_run "$dir"
	says 'full at the start: what to do' '<3>ERR store-full .*free space'
	rm "$DISK/filler"
	rm -f "$dir/foi/store"
}

# hold: a process that holds the store for writing until its standard input ends.
hold() {
	coproc HOLDER { servers_as "$dir" python3 -c '
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
c.execute("ROLLBACK")' "$dir/foi/store"; }
	holder=$HOLDER_PID
	read -r answer <&"${HOLDER[0]}"
	check 'another process holds the store' test "$answer" = held
}

release() {
	eval "exec ${HOLDER[1]}>&-"
	wait "$holder" 2>/dev/null || true # bash forgets it when it has ended
}

test_locked() {
	integration_reset
	check 'it starts' daemon_start "$dir" --debug
	hold
	haste_begin
	arrive locked-one locked-two
	check 'locked: a line tells it' daemon_await "$dir" 'WARNING store-busy .*end the other process' 30
	no_haste locked
	exits 'locked: status is answered all the same' 0 foictl_run "$dir" status
	release
	check 'locked: it goes on by itself' daemon_await "$dir" 'INFO store-recovered' 30
	all_acknowledged locked-one locked-two
	logged locked 1 ' store-(full|fault|busy)'
	calm locked
	equal 'locked: every mail once' 2 "$(store_sql "$dir" 'SELECT count(*) FROM message')"
}

# The one of test_locked() still runs.
test_second() {
	exits 'a second daemon' 1 daemon_run "$dir"
	says 'a second daemon: it says why' '<4>WARNING store-busy .*held by another daemon|<3>ERR store-busy .*held by another daemon'
	equal 'a second daemon: nothing else' 0 "$(grep -cE '<6>INFO ready|worker-' "$dir/said" || true)"
	exits 'a second pass' 1 daemon_run "$dir" --once
	arrive beside
	all_acknowledged beside
	exits 'the first is reached all the same' 0 foictl_run "$dir" status
}

second() {
	DAEMON_CONFIG=$dir/foi/second.conf daemon_run "$dir" "$@"
}

# One mailbox and two stores; the one of test_locked() still runs.
test_same_mailbox() {
	sed -e "s|^path = .*/store$|path = $dir/foi/other|" -e "s|^path = .*/socket$|path = $dir/foi/other-socket|" \
		"$dir/foi/foimaild.conf" >"$dir/foi/second.conf"
	exits 'a second daemon on the mailbox' 1 second
	says 'a second daemon on the mailbox: it says why' '<3>ERR mailbox-taken .*\[mailbox foi\]: another foimaild'
	exits 'a second pass on the mailbox' 1 second --once
	exits 'it may be reloaded all the same' 0 foictl_run "$dir" reload
	check 'it is reloaded' daemon_await "$dir" 'INFO config-reloaded' 20
	exits 'a second daemon beside the reloaded one' 1 second
}

# With the store held: a start waits for a while, then says so.
test_locked_start() {
	check 'it stops' daemon_stop "$dir"
	exits 'the mailbox is free again' 0 second --once
	hold
	check 'held at the start: it is launched' daemon_launch "$dir"
	at_rest 'held at the start'
	logged 'held at the start: it waits' 0 ' store-busy|INFO ready'
	release
	check 'held at the start: it goes on by itself' daemon_await "$dir" 'INFO ready' 20
	check 'it stops' daemon_stop "$dir"
	hold
	exits 'held for ever' 1 daemon_run "$dir"
	says 'held for ever: what to do' '<[34]>(WARNING|ERR) store-busy .*end the other process'
	release
}

test_refused() {
	integration_reset -e "s|^path = .*/store$|path = $dir/foi/closed/store|"
	exits 'no folder for the store' 1 daemon_run "$dir"
	says 'no folder: what to do' '<3>ERR store-fault .*closed/store.*the directory is not there; make what is missing'
	servers_as "$dir" mkdir -m 555 "$dir/foi/closed"
	# With the capabilities of a user namespace one writes everywhere in it, whatever the modes say.
	if servers_as "$dir" touch "$dir/foi/closed/try" 2>/dev/null; then
		rm "$dir/foi/closed/try"
		echo 'SKIPPED: a folder that may not be written: this user may' >&2
	else
		exits 'a folder that may not be written' 1 daemon_run "$dir"
		says 'it says what to do' '<3>ERR store-fault .*Permission denied; check disk, file system and permissions'
		equal 'one line' 1 "$(grep -cE '^<[34]>' "$dir/said")"
	fi
	servers_as "$dir" chmod 755 "$dir/foi/closed"
	servers_as "$dir" bash -c 'head -c 8192 /dev/urandom >"$0/store"; chmod 600 "$0/store"' "$dir/foi/closed"
	exits 'a file that is no store' 1 daemon_run "$dir"
	says 'it says what to do' '<3>ERR store-damaged .*restore a backup'
	rm "$dir/foi/closed/store"
	check 'with all in order it starts' daemon_start "$dir"
	check 'and stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
if [[ ${1:-} == inside ]]; then
	test_full
fi
test_locked
test_second
test_same_mailbox
test_locked_start
test_refused
integration_end
