#!/bin/bash
# test_kill.sh - kill -9 of each process in the middle of 200 mails: nothing lost, nothing doubled.
# SPDX-License-Identifier: MIT
#
# Register is killed and started again; workers are killed and replaced by register. Afterwards the
# store, the mailboxes of the requesters and the list of what was delivered must agree. A kill comes
# behind a line of the log (kill_at.py), never behind a while.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source-path=SCRIPTDIR source=fates.sh
. "$INTEGRATION_HOME/fates.sh"

MAILS=200
OUTCOME=' (case-opened|triage|mail-fate|bounce-recorded|unreadable) '
SENT=' acknowledgement-sent '

# launch_watched ROLE PATTERN N...: the daemon, its log going through kill_at.py.
launch_watched() {
	rm -f "$dir/pipe"
	python3 "$INTEGRATION_HOME/kill_at.py" "$dir/pipe" "$dir/foi/log" "$dir/foi/pid" "$@" &
	watcher=$!
	wait_for test -p "$dir/pipe"
	DAEMON_LOG=$dir/pipe daemon_launch "$dir"
}

# no_process_of PID: neither register nor a worker of it is there.
no_process_of() {
	! kill -0 "$1" 2>/dev/null && ! pgrep -f -- "--parent=$1\$" >/dev/null
}

fates_now() {
	store_sql "$dir" 'SELECT fate, count(*) FROM message GROUP BY fate'
}

rows() {
	store_sql "$dir" 'SELECT count(*) FROM message'
}

is_settled() {
	[[ $(store_sql "$dir" "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM outbox
		WHERE state <> 'sent')" 2>/dev/null) == "$MAILS|0" ]] # there may be no store yet
}

# acknowledgements: "address<tab>Message-ID" of everything that arrived at requesters.
acknowledgements() {
	find "$dir/mail" -path "$dir/mail/foi.example.org" -prune -o -type f \
		\( -path '*/Maildir/new/*' -o -path '*/Maildir/cur/*' \) -print0 |
		xargs -0 -r awk -v OFS='\t' '
			FNR == 1 { is_id = 0; to = "" }
			/^Delivered-To: / && to == "" { to = $2 }
			is_id { print to, $1; nextfile }
			tolower($1) == "message-id:" { if ($2 != "") { print to, $2; nextfile } is_id = 1 }' |
		sort
}

is_acknowledged() {
	[[ $(acknowledgements | cut -f 1 | sort -u) == "$(store_sql "$dir" \
		'SELECT DISTINCT recipient FROM outbox' | sort)" ]]
}

# check_all WHAT: every promise about what is in the store and what went out.
check_all() {
	check "$1: $MAILS mails have their rows and the outbox is empty" wait_for is_settled
	equal "$1: each UID once" "$MAILS|$MAILS" "$(store_sql "$dir" 'SELECT count(DISTINCT uid), max(uid) - min(uid) + 1 FROM message')"
	equal "$1: the mails that were delivered" "$(cut -f 3 "$dir/mails/index" | sort)" \
		"$(store_sql "$dir" "SELECT trim(message_id, '<>') FROM message" | sort)"
	equal "$1: fates" "$fates" "$(fates_now)"
	check "$1: each acknowledged requester has one" wait_for is_acknowledged
	acknowledgements >"$dir/received"
	equal "$1: what is broken between mails, cases, numbers, deadlines and acknowledgements" '' \
		"$(fates_broken "$dir" "$dir/foi/store" "$dir/received")"
	equal "$1: the mailbox is as it was filled" "$lies" "$(fates_mailbox "$dir" "$IMAP_USER")"
	doubles=$(($(wc -l <"$dir/received") - $(sort -u "$dir/received" | wc -l)))
	printf 'note %s: %d acknowledgements came twice, under one Message-ID\n' "$1" "$doubles"
}

# fresh: an empty mailbox and store, then all mails at once, past the servers: one batch.
fresh() {
	integration_reset -e 's/^poll = .*/&\nstart = all/'
	find "$dir/mail" -mindepth 1 -maxdepth 1 ! -name foi.example.org -exec rm -r {} +
	mailbox_fill "$dir" "$IMAP_USER" "@$dir/mails/list"
	lies=$(fates_mailbox "$dir" "$IMAP_USER")
}

stop_watched() {
	local pid
	pid=$(cat "$dir/foi/pid")
	check "$1: it stops in order" daemon_stop "$dir"
	wait "$watcher"
	check "$1: no process is left" no_process_of "$pid"
}

# calm: what becomes of the mails when nothing is killed.
calm() {
	fresh
	launch_watched register never 0
	check 'calm: all mails have their rows' wait_for is_settled
	fates=$(fates_now)
	check_all calm
	equal 'calm: nothing came twice' 0 "$doubles"
	stop_watched calm
}

# kill_worker ROLE PATTERN N...: register replaces it each time and the work goes on.
kill_worker() {
	local role=$1 times=$(($# - 2))
	fresh
	launch_watched "$@"
	check_all "$role"
	equal "$role: so often it was killed" "$times" "$(grep -c "^killed $role " "$dir/foi/log")"
	equal "$role: so often register said so" "$times" "$(grep -cE " worker-died .*role=$role" "$dir/foi/log")"
	stop_watched "$role"
}

# kill_register N...: killed behind N outcomes, started again at once; the next N the same.
kill_register() {
	local behind status killed=0 killed_watcher=0
	fresh
	for behind in "$@" 0; do
		launch_watched register "$OUTCOME" "$behind"
		if ((killed != 0)); then
			wait "$killed_watcher" # its pipe ends when the last worker is gone
			check 'register: no worker outlives it' no_process_of "$killed"
		fi
		((behind > 0)) || break
		killed=$(cat "$dir/foi/pid")
		killed_watcher=$watcher
		status=0
		daemon_wait "$dir" || status=$?
		equal 'register: it was killed' 137 "$status"
		check "register: in the middle, with $(rows) rows" test "$(rows)" -lt "$MAILS"
	done
	check_all register
	stop_watched register
}

integration_begin
# shellcheck disable=SC1091 # made a line above
. "$dir/env"
mailbox_make "$dir/mails" "$MAILS"
calm
kill_worker fetch "$OUTCOME" 40 90 140
kill_worker parse "$OUTCOME" 40 90 140
kill_worker send "$SENT" 30 80 130
kill_register 50 60
integration_end
