#!/bin/bash
# test_config.sh - a configuration with mistakes: all of them are told, with line and remedy, and nothing starts.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# line PATTERN: the number of the line of the configuration that matches.
line() {
	grep -nE "$1" "$dir/foi/foimaild.conf" | cut -d : -f 1 | head -n 1
}

located() {
	equal "$1: mistakes with their line" "$2" "$(grep -cE 'foimaild\.conf:[0-9]+: ' "$dir/said" || true)"
}

refused() {
	exits "$1" 1 daemon_run "$dir" --check
	located "$1" 1
	says "$1: the line" "foimaild\.conf:$(line "$2"): "
	says "$1: what to do" "$3"
}

test_good() {
	exits 'a good configuration' 0 daemon_run "$dir" --check
	says 'it says so' 'no mistake found'
	equal 'in one line' 1 "$(wc -l <"$dir/said")"
}

test_three() {
	daemon_configure "$dir" -e 's/^regime = .*/regime = fioa/' -e 's/^request = .*/reqest = FOI {seq:6}/' \
		-e 's/^poll = .*/poll = soon/'
	exits 'three mistakes' 1 daemon_run "$dir" --check
	located 'three mistakes' 3
	says 'the first' "foimaild\.conf:$(line ^regime): \[authority\] regime: .*give foia, eir or foisa"
	says 'the second' "foimaild\.conf:$(line ^reqest): \[reference\] reqest: .*did you mean request\?"
	says 'the third' "foimaild\.conf:$(line ^poll): \[mailbox foi\] poll: "
	says 'their number' '3 mistakes'
	exits 'the daemon does not start' 1 daemon_run "$dir"
	located 'the daemon' 3
	equal 'each as an error' 3 "$(grep -cE '^<3>ERR config-mistake: .*conf:[0-9]+: ' "$dir/said")"
	check 'it has made no store' test ! -e "$dir/foi/store"
	check 'and no socket' test ! -e "$dir/foi/socket"
}

test_single() {
	daemon_configure "$dir" -e 's/^credential = .*/&\npassword = hunter2/'
	exits 'a password in it' 1 daemon_run "$dir" --check
	says 'a password: where to put it' 'secrets must not be in this file'
	check 'a password is not repeated' test "$(grep -c hunter2 "$dir/said")" -eq 0
	daemon_configure "$dir" -e 's/^poll = .*/&\ntls = off/; s|^url = imaps.*|url = imap://mail.example.org|'
	refused 'no TLS to another machine' '^tls' 'tls'
	daemon_configure "$dir" -e 's/^emergency = .*/&\nreceipt_rul = statute/'
	refused 'a slip of the pen' '^receipt_rul ' 'did you mean receipt_rule\?'
	daemon_configure "$dir" -e 's/^poll = .*/&\npoll = 2 min/'
	refused 'a key twice' '^poll = 2' 'is there twice, first in line'
	daemon_configure "$dir" -e 's/^review = .*/review = IR {sec:6}/'
	refused 'a template with an unknown field' '^review' 'seq'
}

test_files() {
	daemon_configure "$dir"
	chmod 644 "$dir/foi/password"
	exits 'a password that others can read' 1 daemon_run "$dir" --check
	says 'what to do' 'chmod 600'
	rm "$dir/foi/password"
	exits 'no password' 1 daemon_run "$dir" --check
	says 'it names the file' "$dir/foi/password: No such file"
	DAEMON_CONFIG=$dir/nowhere.conf exits 'no configuration' 1 daemon_run "$dir" --check
	says 'it names it' "$dir/nowhere.conf: No such file"
	daemon_configure "$dir" -e "s|^files = .*|files = $dir/conf/none.json|"
	exits 'no calendar' 1 daemon_run "$dir" --check
	says 'it names the calendar' "$dir/conf/none.json"
	daemon_configure "$dir" -e "s|^templates = .*|templates = $dir/mail|"
	exits 'no templates' 1 daemon_run "$dir" --check
	says 'it names the template' "$dir/mail/acknowledgement-"
}

# What is shipped lacks the four values that nobody but the administrator knows.
test_shipped() {
	DAEMON_CONFIG=$dir/conf/foimaild.conf exits 'the shipped one' 1 daemon_run "$dir" --check
	located 'the shipped one' 4
	for key in name address url credential; do
		says "it asks for $key" "conf/foimaild.conf:[0-9]+: \[[a-z ]*\] $key: "
	done
	exits 'an unknown option' 2 daemon_run "$dir" --chek
	exits 'an argument' 2 daemon_run "$dir" now
}

integration_begin
test_good
test_three
test_single
test_files
cp "$DAEMON_ROOT/conf/foimaild.conf" "$dir/conf"
test_shipped
integration_end
