#!/bin/bash
# test_faults_smtp.sh - everything that may be wrong with the server that sends: cases are opened all the same, one line tells it, nothing is lost or sent twice.
# SPDX-License-Identifier: MIT
#
# Nothing is restarted: a server that is back is found by itself; a password that was corrected is
# read by `foictl reload`.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

ATTEMPTS_A_MINUTE=20 # that fail: the first waits are of 5 s and 10 s

begin_fault() {
	integration_reset "$@"
	check 'it starts all the same' daemon_start "$dir" --debug
	haste_begin
}

arrive() {
	local name
	for name; do
		request "$name"
		deliver_lmtp "$dir" "$IMAP_USER" "$dir/$name.eml"
	done
}

told() {
	check "$1: the cases are opened" daemon_await "$dir" ' case-opened ' 20 2
	check "$1: a line tells it" daemon_await "$dir" " ${3:-smtp-fault} .*$2" 20
	equal "$1: the acknowledgements wait" 2 "$(store_sql "$dir" "SELECT count(*) FROM outbox WHERE state <> 'sent'")"
}

end_fault() {
	local what=$1 name
	for name in "$what-one" "$what-two"; do
		check "$what: $name is acknowledged" acknowledged "$name" 40
	done
	check "$what: both are recorded as sent" daemon_await "$dir" ' acknowledgement-sent ' 20 2
	logged "$what" 1 "(ERR|WARNING) ${2:-smtp-fault}"
	haste_end "$what"
	logged "$what: workers that died" 0 ' worker-'
	logged "$what: sent" 2 ' acknowledgement-sent '
	check "$what: it stops" daemon_stop "$dir"
}

test_down() {
	begin_fault
	exim_stop "$dir"
	arrive down-one down-two
	told down 'fault=network.*it is tried again by itself'
	no_haste down
	check 'down: status tells it' grep -q 'tried again by itself' <<<"$(foictl_run "$dir" status)"
	exim_start "$dir"
	check 'down: it recovers by itself' daemon_await "$dir" 'INFO smtp-recovered' 40
	end_fault down
}

test_password() {
	printf wrong >"$dir/foi/other"
	chmod 600 "$dir/foi/other"
	((EUID != 0)) || chown nobody "$dir/foi/other"
	begin_fault -e '/^\[smtp\]/,/^\[store\]/s|^credential = .*|credential = '"$dir/foi/other|"
	arrive password-one password-two
	told password 'role=send .*fault=auth.*correct user or credential' authentication-failed
	logged 'password: under its own name' 0 ' smtp-fault '
	cat "$dir/imap-password" >"$dir/foi/other"
	exits 'password corrected: reload' 0 foictl_run "$dir" reload
	end_fault password authentication-failed
}

test_no_password() {
	rm -f "$dir/foi/other"
	begin_fault -e '/^\[smtp\]/,/^\[store\]/s|^credential = .*|credential = '"$dir/foi/other|"
	arrive missing-one missing-two
	told missing 'fault=config.*check LoadCredential= of the unit, or the path'
	no_haste missing
	install -m 600 "$dir/imap-password" "$dir/foi/other.new"
	((EUID != 0)) || chown nobody "$dir/foi/other.new"
	mv "$dir/foi/other.new" "$dir/foi/other"
	check 'missing: it recovers by itself' daemon_await "$dir" 'INFO smtp-recovered' 40
	end_fault missing
}

# The mailbox trusts the right authority, [smtp] another one until the file is corrected.
test_certificate() {
	cp "$FOREIGN_CA_FILE" "$dir/conf/smtp-ca.pem"
	begin_fault -e '/^\[smtp\]/,/^\[store\]/s|^ca_file = .*|ca_file = '"$dir/conf/smtp-ca.pem|"
	arrive tls-one tls-two
	told tls 'fault=tls.*nothing is sent unprotected'
	no_haste tls
	cp "$CA_FILE" "$dir/conf/smtp-ca.pem"
	check 'tls: it recovers by itself' daemon_await "$dir" 'INFO smtp-recovered' 40
	end_fault tls
}

# Refused for good, and put off: verdicts on one mail, not trouble with the server.
test_verdicts() {
	begin_fault
	arrive verdict
	sed 's/verdict@requester.example.com/jo@refuse.example.net/' "$dir/verdict.eml" >"$dir/refused.eml"
	sed -i 's/^Message-ID: .*/Message-ID: <refused@refuse.example.net>/' "$dir/refused.eml"
	sed 's/verdict@requester.example.com/jo@later.example.net/' "$dir/verdict.eml" >"$dir/later.eml"
	sed -i 's/^Message-ID: .*/Message-ID: <later@later.example.net>/' "$dir/later.eml"
	deliver_lmtp_many "$dir" "$IMAP_USER" "$dir/refused.eml" "$dir/later.eml"
	check 'a refused one is told' daemon_await "$dir" 'ERR acknowledgement-failed .*code=550 .*reach them another way' 20
	check 'one put off is told' daemon_await "$dir" 'WARNING acknowledgement-deferred .*code=451 .*come again later' 20
	check 'the others go' acknowledged verdict
	logged 'the server is well' 0 smtp-fault
	equal 'no address is in the log' 0 "$(grep -cE 'refuse\.example|later\.example|mailbox busy' "$dir/foi/log" || true)"
	equal 'what the server said is in the case' 'mailbox busy, try again later' \
		"$(store_sql "$dir" "SELECT reply FROM outbox WHERE recipient LIKE '%later%'")"
	check 'it stops' daemon_stop "$dir"
}

# The folder for copies is not there: told once; the acknowledgements go, the copies are filed when it is.
test_sent_folder() {
	begin_fault -e 's/^sent_folder = .*/sent_folder = Filed/'
	arrive copy-one
	check 'no Sent folder: acknowledged' acknowledged copy-one
	check 'no Sent folder: a line tells it' daemon_await "$dir" ' mailbox-fault .*fault=missing' 20
	arrive copy-two
	check 'no Sent folder: acknowledged again' acknowledged copy-two
	dovecot_adm "$dir" mailbox create -u "$IMAP_USER" Filed
	arrive copy-three
	check 'Sent folder there: acknowledged' acknowledged copy-three
	check 'Sent folder there: all three are filed' mailbox_wait "$dir" "$IMAP_USER/Filed" 3 20
	check 'Sent folder there: told' daemon_await "$dir" 'INFO mailbox-recovered' 20
	logged 'no Sent folder' 1 '(ERR|WARNING) mailbox-fault'
	equal 'each copy once' 3 "$(mailbox_count "$dir" "$IMAP_USER/Filed")"
	check 'it stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
test_down
test_password
test_no_password
test_certificate
test_verdicts
test_sent_folder
integration_end
