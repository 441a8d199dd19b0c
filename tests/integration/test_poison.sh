#!/bin/bash
# test_poison.sh - a mail that kills its reader: it gets a case all the same, and harms no other.
# SPDX-License-Identifier: MIT
#
# No mail is known that kills the parse process, so the test does it: whenever that process holds
# one certain mail, known by its size, it dies by kill -9. Nearly all of that mail is header, so
# that it is as deadly when register gives no more than the header.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

MAILS=40
OUTCOME=' (case-opened|triage|mail-fate|unreadable) '

# poison: 14 MB of header lines and no body.
poison() {
	cat <<-END
		Return-Path: <jo.figure@requester.example.com>
		From: Jo Figure <jo.figure@requester.example.com>
		To: foi@foi.example.org
		Subject: Request for information
		Date: Wed, 16 May 2018 09:30:00 +0100
		Message-ID: <poison@requester.example.com>
	END
	head -c $((14 * 1024 * 1024)) < <(yes 'X-Filler: a header line of no use to anybody, of which there are many')
	printf '\n'
}

# deaths: how often register saw the parse process die.
deaths() {
	grep -cE ' worker-died .*role=parse' "$dir/foi/log"
}

integration_begin
# shellcheck disable=SC1091 # made a line above
. "$dir/env"
mailbox_make "$dir/mails" "$MAILS" --only request
poison >"$dir/poison.eml"
{ head -n $((MAILS / 2)) "$dir/mails/list"; echo "$dir/poison.eml"; tail -n $((MAILS / 2)) "$dir/mails/list"; } >"$dir/list"

daemon_start "$dir"
pid=$(cat "$dir/foi/pid")
mkfifo "$dir/killer"
python3 "$INTEGRATION_HOME/kill_reader.py" "$pid" $((10 * 1024 * 1024)) >"$dir/killer" &
killer=$!
read -r _ <"$dir/killer"
daemon_mark "$dir"
mailbox_fill "$dir" "$IMAP_USER" "@$dir/list"
check 'every mail has its fate' daemon_await "$dir" "$OUTCOME" 60 $((MAILS + 1))

equal 'fates' "request|$MAILS
unreadable|1" "$(store_sql "$dir" 'SELECT fate, count(*) FROM message GROUP BY fate ORDER BY fate')"
equal 'the unreadable one is the poison' $((MAILS / 2 + 1)) \
	"$(store_sql "$dir" "SELECT uid FROM message WHERE fate = 'unreadable'")"
equal 'it has a case whose clock runs' 1 "$(store_sql "$dir" "SELECT count(*) FROM foi_case c
	JOIN message m ON m.id = c.message WHERE m.fate = 'unreadable' AND c.state <> 'closed' AND c.due > c.received")"
equal 'nobody is acknowledged for it' 0 "$(store_sql "$dir" "SELECT count(*) FROM outbox o
	JOIN foi_case c ON c.id = o.case_id JOIN message m ON m.id = c.message WHERE m.fate = 'unreadable'")"
equal 'the journal has one record of priority ERR for it' 1 "$(grep -cE '^<3>.* unreadable ' "$dir/foi/log")"
check 'the reader died more than once over it' test "$(deaths)" -ge 3
check 'and not for ever' test "$(deaths)" -le 4
check 'register has not died' kill -0 "$pid"
equal 'cases' $((MAILS + 1)) "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"

daemon_mark "$dir"
deliver_lmtp "$dir" "$IMAP_USER" "$dir/mails/000001.eml"
check 'the reader reads on' daemon_await "$dir" ' mail-fate fate=duplicate ' 20
check 'it stops in order' daemon_stop "$dir"
wait "$killer"
integration_end
