#!/bin/bash
# test_duplicates.sh - one mail in two places is one case with one acknowledgement.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

EIR=eir@foi.example.org

# two_mailboxes: the usual one with a second folder, and one under another law.
two_mailboxes() {
	daemon_configure "$dir" -e 's/^poll = .*/&\nfolders = INBOX, Requests/' \
		-e "s|^\\[smtp\\]|[mailbox eir]\\naddress = $EIR\\nurl = imaps://localhost:$IMAPS_PORT\\nuser = $EIR\\ncredential = $dir/foi/password\\nca_file = $CA_FILE\\nregime = eir\\n&|"
	dovecot_adm "$dir" mailbox create -u "$IMAP_USER" Requests Archive
	dovecot_adm "$dir" mailbox status -u "$EIR" messages INBOX >"$dir/output" # makes it
}

# number SQL: what it counts.
number() {
	store_sql "$dir" "SELECT count(*) FROM $1"
}

# same WHAT CASES MAILS: so many cases and acknowledgements, and so many mails.
same() {
	equal "$1: mails" "$3" "$(number message)"
	equal "$1: cases" "$2" "$(number foi_case)"
	equal "$1: acknowledgements" "$2" "$(number outbox)"
}

# move FROM TO MESSAGE_ID: as a person does in Outlook.
move() {
	dovecot_adm "$dir" move -u "$IMAP_USER" "$2" mailbox "$1" header Message-ID "$3"
}

# again WHAT COMMAND...: what comes of it is a duplicate.
again() {
	daemon_mark "$dir"
	check "$1" "${@:2}"
	check "$1: it is known" daemon_await "$dir" 'INFO mail-fate .*fate=duplicate' 30
}

# to EVERYONE: both mailboxes get the same mail, the first of them first.
test_two_mailboxes() {
	request both
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/both.eml"
	check 'two mailboxes: the first has its case' acknowledged both
	again 'two mailboxes: the second gets it too' deliver_lmtp "$dir" "$EIR" "$dir/both.eml"
	same 'two mailboxes' 1 2
	logged 'two mailboxes: under the case' 1 "mail-fate ref=\"FOI 000001/.* fate=duplicate mailbox=eir "
	exits 'two mailboxes: its page' 0 foictl_run "$dir" show "$(store_sql "$dir" 'SELECT reference FROM foi_case')" --json
	says 'two mailboxes: the case says whose law it keeps' \
		'It is in mailbox eir too; the case stays with mailbox foi, where it was seen first, under the Freedom of Information Act 2000\.'
	equal 'two mailboxes: its law' foia "$(store_sql "$dir" 'SELECT regime FROM part')"
}

test_moved() {
	local id='<both@requester.example.com>'
	again 'moved to another watched folder' move INBOX Requests "$id"
	again 'and back' move Requests INBOX "$id"
	check 'moved to a folder that nobody watches' move INBOX Archive "$id"
	again 'copied back from there' dovecot_adm "$dir" copy -u "$IMAP_USER" INBOX mailbox Archive header Message-ID "$id"
	again 'put back by a program, with the date of today' mailbox_append "$dir" "$IMAP_USER" "$dir/both.eml"
	same 'moved and copied' 1 6
	equal 'every copy is on the case' 6 "$(number 'message WHERE case_id = 1')"
}

# The same Message-ID with other words is a mail of its own, and a person looks.
test_same_id() {
	daemon_mark "$dir"
	sed -e 's/street lamps/benches/' "$dir/both.eml" >"$dir/other.eml"
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/other.eml"
	check 'the same Message-ID with other words: it is held' daemon_await "$dir" 'WARNING acknowledgement-held ' 20
	same 'the same Message-ID with other words' 2 7
	exits 'it is listed' 0 foictl_run "$dir" list --state any --json
	says 'with its mark' '"suspect"'
}

# nameless TEXT: a mail with neither Message-ID nor Date.
nameless() {
	printf 'From: Sam <sam@requester.example.com>\nTo: foi@foi.example.org\nSubject: Trees\n\n%s\n' \
		"Under the Freedom of Information Act 2000 please send me $1." >"$dir/nameless.eml"
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/nameless.eml"
}

test_nameless() {
	daemon_mark "$dir"
	nameless 'the number of trees'
	check 'no Message-ID: a case' daemon_await "$dir" ' acknowledgement-sent ' 20
	again 'no Message-ID: moved' dovecot_adm "$dir" move -u "$IMAP_USER" Requests mailbox INBOX header Subject Trees
	same 'no Message-ID, moved' 3 9
	daemon_mark "$dir"
	nameless 'the number of hedges'
	check 'no Message-ID: other words' daemon_await "$dir" ' acknowledgement-sent ' 20
	same 'no Message-ID, other words' 4 10
}

integration_begin
. "$dir/env"
two_mailboxes
check 'it starts' daemon_start "$dir"
test_two_mailboxes
test_moved
test_same_id
test_nameless
check 'it stops' daemon_stop "$dir"
integration_end
