#!/bin/bash
# test_outbox.sh - what is not sent: greylisted, refused, too large, too late; what an officer makes of it.
# SPDX-License-Identifier: MIT
#
# Exim greylists, refuses and takes; a scripted server does what Exim cannot be made to do. A minute of
# back-off, and days, pass by the store's times being set back while the daemon is stopped.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

faults_pid=

# arrive NAME [DOMAIN]: a request of NAME@DOMAIN comes in.
arrive() {
	request "$1"
	sed -i "s/requester\.example\.com/${2:-requester.example.com}/" "$dir/$1.eml"
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/$1.eml"
}

# mail_of NAME: the number of the mail to that requester.
mail_of() {
	store_sql "$dir" "SELECT id FROM outbox WHERE recipient LIKE '$1@%'"
}

outbox() {
	exits "outbox $*" "$1" foictl_run "$dir" outbox "${@:2}"
}

# state NAME: state, tries and the case's flags, "queued 1 0".
state() {
	store_sql "$dir" "SELECT o.state || ' ' || o.tries || ' ' || c.flags FROM outbox o
		JOIN foi_case c ON c.id = o.case_id WHERE o.recipient LIKE '$1@%'"
}

# later SQL: the daemon is stopped, times are set back, and it is started again.
later() {
	check 'it stops' daemon_stop "$dir"
	sqlite3_run "$1"
	check 'it starts' daemon_start "$dir"
}

sqlite3_run() {
	python3 -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute(sys.argv[2])
c.commit()' "$dir/foi/store" "$1"
}

history() {
	store_sql "$dir" "SELECT e.actor || ': ' || e.what || ': ' || e.why FROM event e
		JOIN outbox o ON o.case_id = e.case_id WHERE o.recipient LIKE '$1@%' ORDER BY e.id"
}

test_greylisted() {
	check 'it starts' daemon_start "$dir"
	arrive grey grey.example.net
	check 'greylisted: a line tells it' daemon_await "$dir" 'WARNING acknowledgement-deferred .*code=450 status=4.2.0 try=1' 20
	equal 'greylisted: it waits' 'queued 1 0' "$(state grey)"
	equal 'greylisted: a minute, and a quarter at most' 1 "$(store_sql "$dir" \
		"SELECT next_try - created_at BETWEEN 60 AND 85 FROM outbox WHERE id = $(mail_of grey)")"
	outbox 0
	says 'greylisted: it is listed' "^ *$(mail_of grey)  FOI .*  acknowledgement  queued  +1  .*  450 4.2.0  +greylisted"
	touch "$dir/exim/grey-over"
	later "UPDATE outbox SET next_try = 1 WHERE state = 'queued'"
	check 'greylisted: it goes at the next try' mailbox_wait "$dir" grey@grey.example.net 1 20
	check 'greylisted: told' daemon_await "$dir" 'INFO acknowledgement-sent .*try=2' 20
	outbox 0
	says 'nothing is left' '^No mails'
	rm "$dir/exim/grey-over"
}

# Its time is over while it is greylisted; an officer tries once more.
test_given_up() {
	local id message_id
	arrive slow grey.example.net
	check 'given up: deferred first' daemon_await "$dir" 'acknowledgement-deferred ' 20
	later "UPDATE outbox SET next_try = 1, queued_at = queued_at - 6 * 86400 WHERE state = 'queued'"
	check 'given up: an error tells it' daemon_await "$dir" 'ERR acknowledgement-failed .*code=450' 20
	equal 'given up: the case is marked' 'failed 2 32' "$(state slow)"
	id=$(mail_of slow) message_id=$(store_sql "$dir" "SELECT message_id FROM outbox WHERE id = $id")
	exits 'status' 0 foictl_run "$dir" status
	says 'given up: status tells it' '^Not sent +1 given up, 0 held: foictl outbox$'
	outbox 1 hold "$id"
	says 'given up: it cannot be held' 'nothing was changed: it is not queued: it was given up'
	outbox 1 release "$id"
	says 'given up: nor released' 'retry it instead'
	touch "$dir/exim/grey-over"
	outbox 0 retry "$id" --why 'they say that it works now'
	says 'given up: tried again' "^Mail $id of FOI .* is queued"
	check 'given up: it goes' mailbox_wait "$dir" slow@grey.example.net 1 20
	check 'given up: told' daemon_await "$dir" "outbox-order ref=.* kind=acknowledgement .*: retry$" 20
	check 'given up: sent' daemon_await "$dir" 'INFO acknowledgement-sent .*try=1' 20
	equal 'given up: the mark is gone' 'sent 1 0' "$(state slow)"
	equal 'given up: the same Message-ID' "$message_id" "$(mailbox_header "$dir" slow@grey.example.net 1 Message-ID)"
	check 'given up: who ordered it, and why' grep -q '^uid [0-9]* (.*): acknowledgement-retried: they say that it works now$' <<<"$(history slow)"
	outbox 1 retry "$id"
	says 'sent is sent' 'it was sent already'
	outbox 3 retry 4711
	rm "$dir/exim/grey-over"
}

test_held() {
	local id
	arrive held grey.example.net
	check 'held: deferred first' daemon_await "$dir" 'acknowledgement-deferred ' 20
	id=$(mail_of held)
	outbox 0 hold "$id" --why 'the officer writes'
	touch "$dir/exim/grey-over"
	later "UPDATE outbox SET next_try = 1 WHERE state = 'queued'"
	outbox 0 --state held
	says 'held: it stays so over a restart' "^ *$id .* held \(officer\)"
	outbox 0 release "$id"
	check 'held: released, it goes' mailbox_wait "$dir" held@grey.example.net 1 20
	check 'held: recorded' grep -q '^uid .*: acknowledgement-held: the officer writes$' <<<"$(history held)"
	check 'held: and the release' grep -q '^uid .*: acknowledgement-released: $' <<<"$(history held)"
	rm "$dir/exim/grey-over"
}

# One waited for four days, another until the day that it states was past.
test_late() {
	local late past
	arrive late grey.example.net
	arrive past grey.example.net
	check 'late: deferred first' daemon_await "$dir" 'acknowledgement-deferred ' 20 2
	late=$(mail_of late) past=$(mail_of past)
	touch "$dir/exim/grey-over"
	check 'it stops' daemon_stop "$dir"
	sqlite3_run "UPDATE foi_case SET received = date('now', '-4 days')"
	sqlite3_run "UPDATE outbox SET next_try = 1 WHERE state = 'queued'"
	sqlite3_run "UPDATE outbox SET told = date('now', '-1 day') WHERE id = $past"
	check 'it starts' daemon_start "$dir"
	check 'late: both are held' daemon_await "$dir" 'WARNING acknowledgement-held ' 20 2
	check 'late: and why' daemon_await "$dir" 'acknowledgement-held .*it would leave 4 days after' 1
	check 'past: and why' daemon_await "$dir" 'acknowledgement-held .*the last day that it states, .*, is past' 1
	equal 'late: the case is marked' 'held 1 32' "$(state late)"
	outbox 1 release "$late"
	says 'late: needs a word more' 'with --anyway it is sent all the same'
	outbox 1 release "$past" --anyway
	says 'past: is never sent' 'is past; write to the requester yourself'
	outbox 0 release "$late" --anyway --why 'told by telephone'
	check 'late: it goes' mailbox_wait "$dir" late@grey.example.net 1 20
	check 'late: sent' daemon_await "$dir" 'INFO acknowledgement-sent ' 20
	equal 'late: the mark is gone' 'sent 1 0' "$(state late)"
	equal 'past: nothing went' 0 "$(mailbox_count "$dir" past@grey.example.net)"
	check 'it stops' daemon_stop "$dir"
}

faults_start() {
	local port
	port=$(servers_mail ports 1)
	mkdir -p "$dir/faults"
	touch "$dir/faults/$1"
	python3 "$(dirname "$0")/smtp_faults.py" "$port" "$dir/faults" &
	faults_pid=$!
	for _ in {1..200}; do [[ ! -e $dir/faults/up ]] || break; sleep 0.05; done
	integration_reset -e "/^\\[smtp\\]/,/^\\[store\\]/{s|^url = .*|url = smtp://127.0.0.1:$port\\ntls = off|;/^user/d;/^credential/d;/^ca_file/d}"
}

faults_end() {
	check 'it stops' daemon_stop "$dir"
	kill "$faults_pid"
	wait "$faults_pid" || true
	faults_pid=
	rm -r "$dir/faults"
}

# faults_kill STATUS: for the end, whatever it is; returns STATUS.
faults_kill() {
	[[ -z $faults_pid ]] || kill "$faults_pid" || true
	return "$1"
}

# The whole mail was given, and no answer came: it goes again, and is the same.
test_dropped() {
	faults_start drop
	check 'it starts' daemon_start "$dir"
	arrive dropped
	check 'dropped: a line tells it' daemon_await "$dir" 'WARNING acknowledgement-ambiguous ' 20
	equal 'dropped: it waits' 'queued 1 0' "$(state dropped)"
	outbox 0 retry "$(mail_of dropped)"
	check 'dropped: sent' daemon_await "$dir" 'INFO acknowledgement-sent ' 20
	equal 'dropped: two came, one as the other' 2 "$(find "$dir/faults" -name '[12]' | wc -l)"
	check 'dropped: byte for byte' cmp "$dir/faults/1" "$dir/faults/2"
	faults_end
}

test_too_large() {
	faults_start small
	check 'it starts' daemon_start "$dir"
	arrive large
	check 'too large: an error tells it' daemon_await "$dir" 'ERR acknowledgement-failed .*status=5.3.4' 20
	equal 'too large: the case is marked' 'failed 1 32' "$(state large)"
	outbox 0
	says 'too large: and why' 'failed .* 5.3.4 +the mail server takes no mail of more than 100 bytes'
	rm "$dir/faults/small"
	outbox 0 retry "$(mail_of large)"
	check 'too large: a larger bound, and it goes' daemon_await "$dir" 'INFO acknowledgement-sent ' 20
	faults_end
}

integration_begin
. "$dir/env"
trap 'if faults_kill $?; then integration_clean; else integration_clean; fi' EXIT # which looks at $?
test_greylisted
test_given_up
test_held
test_late
test_dropped
test_too_large
equal 'no address, no word of a server is in the log' 0 "$(grep -cE 'grey\.example|greylisted, come|by telephone' "$dir/foi/log" || true)"
integration_end
