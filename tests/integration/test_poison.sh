#!/bin/bash
# test_poison.sh - mails that take their reader over: each has its fate within seconds, and harms no other.
# SPDX-License-Identifier: MIT
#
# No mail is known that takes the parse process over, so a preloaded library (poison.c) plays it,
# behind the wall of that process: it dies, loops, sleeps, wants memory without end, opens files and
# sockets, lies to register. First each alone, with the time it takes, then all in one batch among
# mails of other people; then what `foictl explain` makes of them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# The poison, what becomes of its mail, and how often its reader ends over it.
POISONS='die unreadable 3
spin unreadable 3
hang unreadable 3
recurse unreadable 3
fill unreadable 3
eat unreadable 0
open request 0
socket unreadable 3
lie unreadable 3
lie-long unreadable 3
nonsense unreadable 3
time unreadable 3
ready unreadable 3
no-letter unreadable 3
body-die triage 2
body-spin triage 2
body-eat triage 0'
OUTCOME=' (case-opened|triage|mail-fate|unreadable) '
SECONDS_MAX=10 # for one mail, on a machine that does much else; the ladder's own sum is 3.5
MAILS=40
BUILD_DIR=$DAEMON_BUILD

# Sanitizers limit neither addresses nor what else they need themselves, and take ten times as long.
if is_sanitized; then
	POISONS=$(grep -vE '^(body-)?(eat|recurse|fill) ' <<<"$POISONS")
	SECONDS_MAX=60
fi

# poisoned KIND: a mail whose request is its attachment, so that it is one only as long as it has its body.
poisoned() {
	cat <<-END
		From: Jo Figure <jo.$1@requester.example.com>
		To: foi@foi.example.org
		Subject: About $1
		Date: Wed, 16 May 2018 09:30:00 +0100
		Message-ID: <$1@requester.example.com>
		X-Poison: $1
		Content-Type: multipart/mixed; boundary=part

		--part

		Regards, Jo
		--part
		Content-Type: application/pdf

		x
		--part--
	END
}

# reader_ends: how often register saw the parse process end since the mark.
reader_ends() {
	daemon_log "$dir" | grep -cE ' worker-(died|killed) .*role=parse' || true
}

# poison_alone KIND FATE ENDS
poison_alone() {
	local seconds=
	daemon_mark "$dir"
	poisoned "$1" >"$dir/$1.eml"
	python3 "$INTEGRATION_HOME/watch_hostile.py" one "$maildir" "$dir/foi/pid" "$dir/foi/store" \
		"$SECONDS_MAX" "$dir/$1.eml" >"$dir/seen"
	seconds=$(awk -F '\t' -v name="$1" '$1 == name { print $3 }' "$dir/seen")
	printf '     %-10s %s s, fate %s\n' "$1" "$seconds" "$(cut -f 4 <(grep "^$1	" "$dir/seen"))"
	equal "$1: fate" "$2" "$(store_sql "$dir" 'SELECT fate FROM message ORDER BY id DESC LIMIT 1')"
	equal "$1: ends of its reader" "$3" "$(reader_ends)"
}

test_alone() {
	local kind fate ends
	while read -r kind fate ends; do
		poison_alone "$kind" "$fate" "$ends"
	done <<<"$POISONS"
}

# What an officer and an administrator find of them.
test_records() {
	local all n
	n=$(grep -c ' unreadable ' <<<"$POISONS")
	equal 'each unreadable mail has a case whose clock runs' "$n" "$(store_sql "$dir" "SELECT count(*) FROM foi_case c
		JOIN message m ON m.id = c.message WHERE m.fate = 'unreadable' AND c.state <> 'closed' AND c.due > c.received")"
	equal 'each has a record of priority ERR' "$n" "$(grep -cE '^<3>.* unreadable ' "$dir/foi/log")"
	equal 'nobody is acknowledged for it' 0 "$(store_sql "$dir" "SELECT count(*) FROM outbox o
		JOIN foi_case c ON c.id = o.case_id JOIN message m ON m.id = c.message WHERE m.fate = 'unreadable'")"
	all=$(store_sql "$dir" "SELECT warnings FROM message_text t JOIN message m ON m.id = t.message WHERE m.fate = 'triage'")
	equal 'what lost its body says so' "$(grep -c '^body-' <<<"$POISONS")" "$(grep -c 'Only the header could be read' <<<"$all")"
	all=$(store_sql "$dir" "SELECT reasons FROM message_text t JOIN message m ON m.id = t.message WHERE m.fate = 'triage'")
	equal 'and why a person must look' "$(grep -c '^body-' <<<"$POISONS")" "$(grep -c '"rule":"header-only"' <<<"$all")"
	says 'the journal says what a reader was killed for' 'worker-killed role=parse: .*: it did not finish reading a mail' "$dir/foi/log"
	equal 'the journal names nobody' 0 "$(grep -cE 'requester|Jo |About' "$dir/foi/log" || true)"
}

test_batch() {
	local kind n=0 before
	before=$(store_sql "$dir" 'SELECT max(id) FROM message')
	mailbox_make "$dir/mails" "$MAILS" --only request
	: >"$dir/list"
	while read -r kind _; do
		n=$((n + 1))
		sed 's/^Message-ID: </&again./' <(poisoned "$kind") >"$dir/batch-$kind.eml"
		printf '%s\n' "$dir/mails/$(printf %06d "$n").eml" "$dir/batch-$kind.eml" >>"$dir/list"
	done <<<"$POISONS"
	tail -n +$((n + 1)) "$dir/mails/list" >>"$dir/list"
	daemon_mark "$dir"
	mailbox_fill "$dir" "$IMAP_USER" "@$dir/list"
	check 'all in one batch: every mail has its fate' daemon_await "$dir" "$OUTCOME" $((SECONDS_MAX * n)) $((MAILS + n))
	equal 'every mail of other people is a request' "$MAILS" "$(store_sql "$dir" "SELECT count(*) FROM message
		WHERE id > $before AND fate = 'request' AND sender NOT LIKE 'jo.open@%'")"
	equal 'every poison has the fate it had alone' "$(cut -d ' ' -f 2 <<<"$POISONS" | grep -v request | sort | uniq -c)" \
		"$(store_sql "$dir" "SELECT fate FROM message WHERE id > $before AND fate <> 'request' ORDER BY fate" | uniq -c)"
}

# explained KIND: what `foictl explain` says of it, with no daemon and no configuration.
explained() {
	servers_as "$dir" env "${DAEMON_ENV[@]}" "$dir/bin/foictl" explain --json "$dir/batch-$1.eml" | json 'j["fate"]'
}

test_explain() {
	local kind fate
	while read -r kind fate _; do
		equal "explain $kind" "$fate" "$(explained "$kind")"
	done <<<"$POISONS"
}

integration_begin
# shellcheck disable=SC1091 # made a line above
. "$dir/env"
install -m 755 "$BUILD_DIR/tests/integration/poison.so" "$dir/bin"
DAEMON_ENV=("LD_PRELOAD=$dir/bin/poison.so" "ASAN_OPTIONS=verify_asan_link_order=0")
maildir=$MAIL_ROOT/${IMAP_USER#*@}/${IMAP_USER%@*}/Maildir # the daemon's first look makes it
daemon_start "$dir"
pid=$(cat "$dir/foi/pid")
test_alone
test_records
test_batch
check 'register has not died' kill -0 "$pid"
daemon_mark "$dir"
deliver_lmtp "$dir" "$IMAP_USER" "$dir/mails/000001.eml"
check 'the reader reads on' daemon_await "$dir" ' mail-fate .*fate=duplicate ' 20
test_explain
check 'it stops in order' daemon_stop "$dir"
integration_end
