#!/bin/bash
# test_faults_imap.sh - everything that may be wrong with the mailbox: one line that says what to do, no haste, recovery.
# SPDX-License-Identifier: MIT
#
# In each case a mail comes in while the mailbox cannot be read; it has its acknowledgement once the
# cause has gone. Nothing is restarted: a server that is back is found by itself, and a password or
# a configuration that was corrected is read by `foictl reload` (a refused login is tried again by
# itself only after 5 minutes, since accounts get locked).
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

ATTEMPTS_A_MINUTE=20 # that fail: the first waits are of 5 s and 10 s

# begin_fault [SED...]: a new store and an empty mailbox; the daemon starts with the fault in place.
begin_fault() {
	integration_reset -e '/^junk_folders/d' "$@"
	check 'it starts all the same' daemon_start "$dir" --debug
	haste_begin
}

# arrives NAME: past SMTP, whose certificate may be the bad one.
arrives() {
	request "$1"
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/$1.eml"
}

# told WHAT PATTERN [KIND]: one line tells it, and it says what to do.
told() {
	check "$1: a line tells it" daemon_await "$dir" " ${3:-mailbox-fault} .*$2" 20
}

# end_fault NAME PATTERN [KIND]: the cause has gone.
end_fault() {
	check "$1: the mail that came meanwhile is acknowledged" acknowledged "$1" 40
	logged "$1" 1 "(ERR|WARNING) ${3:-mailbox-fault} .*$2"
	haste_end "$1"
	check "$1: no worker died" test "$(daemon_log "$dir" | grep -c ' worker-')" -eq 0
	equal "$1: one case" 1 "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
	check "$1: it stops" daemon_stop "$dir"
}

test_password() {
	printf wrong >"$dir/foi/password"
	begin_fault
	told password 'role=fetch .*fault=auth.*correct user or credential' authentication-failed
	no_haste password
	arrives password
	cat "$dir/imap-password" >"$dir/foi/password"
	exits 'password corrected: reload' 0 foictl_run "$dir" reload
	logged 'password: under its own name' 0 mailbox-fault
	end_fault password 'fault=auth' authentication-failed
}

test_no_password() {
	chmod 644 "$dir/foi/password"
	begin_fault
	told no-password 'fault=config.*chmod 600'
	no_haste no-password
	arrives no-password
	chmod 600 "$dir/foi/password"
	end_fault no-password 'fault=config'
}

test_host() {
	begin_fault -e 's|^url = imaps:.*|url = imaps://mail.nowhere.invalid|'
	told host 'fault=network.*check that the server runs'
	arrives host
	daemon_configure "$dir"
	exits 'host corrected: reload' 0 foictl_run "$dir" reload
	end_fault host 'fault=network'
}

test_certificate() {
	servers_use_cert "$dir" "$1"
	before=$(wc -c <"$DOVECOT_LOG")
	begin_fault
	told "$1" 'fault=tls.*nothing is sent unprotected'
	no_haste "$1"
	equal "$1: logins that were tried" 0 "$(tail -c "+$before" "$DOVECOT_LOG" | grep -cE 'Login: user|auth failed' || true)"
	arrives "$1"
	servers_use_cert "$dir" good
	check "$1: it recovers by itself" daemon_await "$dir" 'INFO mailbox-recovered' 40
	end_fault "$1" 'fault=tls'
}

# It lasts: an alarm, once, and once its end.
test_outage() {
	begin_fault -e 's/^poll = .*/poll = 60\nalarm_after = 10 s/'
	request outage
	dovecot_stop "$dir"
	told outage 'fault=network.*it is tried again by itself'
	no_haste outage
	check 'outage: an alarm' daemon_await "$dir" 'ERR intake-failing mailbox=foi lasted=[0-9]+: .*cannot be read' 30
	equal 'outage: status tells it' true "$(foictl_run "$dir" status --json | json 'j["mailboxes"][0]["failing"]')"
	dovecot_start "$dir"
	arrives outage
	check 'outage: it recovers by itself' daemon_await "$dir" 'INFO mailbox-recovered' 40
	check 'outage: the end of the alarm' daemon_await "$dir" 'INFO intake-recovered mailbox=foi lasted=' 20
	logged 'outage: one alarm' 1 ' intake-failing '
	logged 'outage: one end' 1 ' intake-recovered '
	equal 'outage: status has its numbers' 'foi 0 0' \
		"$(foictl_run "$dir" status --json | json '"%s %d %d" % (j["mailboxes"][0]["name"], j["mailboxes"][0]["age"] // 60, j["mailboxes"][0]["failing"])')"
	end_fault outage 'fault=network'
}

# A folder that is not there is told once, however often it is looked for, and the rest goes on.
test_folder() {
	integration_reset -e 's/^junk_folders = .*/junk_folders = Junk, Elsewhere/'
	check 'folder: it starts all the same' daemon_start "$dir" --debug
	haste_begin
	told folder 'folder=Elsewhere.*fault=missing.*make what is missing'
	arrives first
	check 'folder: the others are watched' acknowledged first
	for again in second third; do # every mail makes it look at all folders
		arrives "$again"
		check "folder: acknowledged, $again" acknowledged "$again"
	done
	logged folder 1 '(ERR|WARNING) mailbox-fault'
	logged 'folder: nothing recovered' 0 mailbox-recovered
	check 'folder: status tells it' grep -q 'make what is missing' <<<"$(foictl_run "$dir" status)"
	dovecot_adm "$dir" mailbox create -u "$IMAP_USER" Elsewhere
	arrives fourth
	check 'folder: it is found when it is there' daemon_await "$dir" 'INFO mailbox-recovered .*folder=Elsewhere' 20
	mailbox_append "$dir" "$IMAP_USER/Elsewhere" "$dir/first.eml"
	arrives fifth
	check 'folder: and watched' daemon_await "$dir" ' (triage|mail-fate) .*folder=Elsewhere' 30
	haste_end folder
	check 'folder: it stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
test_password
test_no_password
test_host
test_outage
test_folder
test_certificate expired
test_certificate foreign
test_certificate othername
integration_end
