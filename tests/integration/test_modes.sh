#!/bin/bash
# test_modes.sh - one pass, observation, which mail is old, what is acknowledged, what is changed in the mailbox, several mailboxes.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# arrive NAME...: requests that come now.
arrive() {
	local name
	for name; do
		request "$name"
		deliver_lmtp "$dir" "$IMAP_USER" "$dir/$name.eml"
	done
}

# append NAME DATE [FOLDER]: a request that came at DATE, as date(1) reads it in London.
append() {
	request "$1"
	mailbox_append "$dir" "$IMAP_USER${3:+/$3}" "$dir/$1.eml" "$(TZ=Europe/London date -d "$2" --iso-8601=seconds)"
}

flags() {
	dovecot_adm "$dir" fetch -u "$IMAP_USER" 'uid flags' mailbox INBOX all | sed 's/\\Recent//; s/ *$//' # that one tells of sessions
}

folder_count() {
	dovecot_adm "$dir" fetch -u "$IMAP_USER" uid mailbox "$1" all | grep -c '^uid' || true
}

# taken: who has a case, in the order of the cases.
taken() {
	store_sql "$dir" "SELECT replace(subject, 'A question of ', '') FROM foi_case ORDER BY id" | paste -s -d ' '
}

unanswered() {
	local name
	for name; do
		equal "$name has no acknowledgement" 0 "$(mailbox_count "$dir" "$(requester "$name")")"
	done
}

test_once() {
	integration_reset -e 's/^poll = .*/&\nstart = all/'
	arrive once-one once-two
	deliver_lmtp "$dir" "$IMAP_USER" "$DAEMON_ROOT/tests/samples/13-newsletter.eml"
	exits '--once' 0 daemon_run "$dir" --once
	says '--once: taken in' '^mails taken in: 3$'
	says '--once: fates' '^ +request +2$'
	says '--once: sent' '^acknowledgements sent: 2$'
	says '--once: left over' '^left over: 0$'
	check '--once: acknowledged' acknowledged once-one
	check '--once: acknowledged' acknowledged once-two
	exits '--once again' 0 daemon_run "$dir" --once
	says '--once again: nothing' '^mails taken in: 0$'
	says '--once again: nothing sent' '^acknowledgements sent: 0$'
	exim_stop "$dir"
	arrive once-three
	exits '--once without SMTP' 1 daemon_run "$dir" --once
	says '--once without SMTP: taken in' '^mails taken in: 1$'
	says '--once without SMTP: left over' '^left over: 1$'
	says '--once without SMTP: why' 'smtp-fault .*fault=network'
	exim_start "$dir"
	exits '--once with SMTP again' 0 daemon_run "$dir" --once
	says '--once with SMTP again: sent' '^acknowledgements sent: 1$'
	check 'acknowledged' acknowledged once-three
	dovecot_stop "$dir"
	exits '--once without IMAP' 1 daemon_run "$dir" --once
	says '--once without IMAP: why' 'mailbox-fault .*fault=network'
	dovecot_start "$dir"
	daemon_configure "$dir" -e 's/^junk_folders = .*/junk_folders = Nowhere/'
	arrive once-four
	exits '--once without a folder' 1 daemon_run "$dir" --once
	says '--once without a folder: the others are read' '^acknowledgements sent: 1$'
	check 'acknowledged' acknowledged once-four
}

test_observe() {
	local before trial
	integration_reset -e 's/^poll = .*/&\nstart = all/' -e 's/^poll = .*/&\nafter = keyword:$FoiCase/'
	arrive look-one look-two
	before=$(flags)
	daemon_launch "$dir" --observe
	check '--observe: what it would do' daemon_await "$dir" \
		'^foi/INBOX UID [0-9]+: request, would open a request received .*; acknowledgement: would be sent' 30 2
	check '--observe: and why' daemon_await "$dir" '^    because It asks for something' 5 2
	trial=$(readlink "/proc/$(cat "$dir/foi/pid")"/fd/* | grep -m 1 -o '^/tmp/foimaild-observe\.[^/]*')
	check '--observe: its own store' test -e "$trial/store"
	check '--observe: no store of ours' test ! -e "$dir/foi/store"
	check '--observe: no socket' test ! -e "$dir/foi/socket"
	check '--observe: it stops' daemon_stop "$dir"
	check '--observe: its store is gone' test ! -e "$trial"
	equal '--observe: flags' "$before" "$(flags)"
	unanswered look-one look-two
	equal '--observe: no copy' 0 "$(folder_count Sent)"
}

test_start() {
	local before
	integration_reset
	arrive old-one old-two old-three
	before=$(flags)
	check 'start = new' daemon_start "$dir"
	logged 'start = new: how many are left alone' 1 'INFO baseline .*folder=INBOX count=3'
	arrive new
	check 'start = new: a new one' acknowledged new
	equal 'start = new: taken' new "$(taken)"
	unanswered old-one old-two old-three
	equal 'start = new: flags of the old ones' "$before" "$(flags | head -n "$(wc -l <<<"$before")")"
	check 'it stops' daemon_stop "$dir"
	integration_reset -e "s/^poll = .*/&\nstart = $(TZ=Europe/London date -d '5 days ago' +%F)/"
	append far '40 days ago'
	append eve '6 days ago 23:30'
	append morning '5 days ago 00:30'
	append late '1 day ago'
	check 'start = DATE' daemon_start "$dir"
	check 'start = DATE: taken' daemon_await "$dir" ' case-opened ' 20 2
	logged 'start = DATE: left alone' 1 'INFO baseline .*folder=INBOX count=2'
	check 'start = DATE: a late one is acknowledged' acknowledged late
	equal 'start = DATE: which' 'morning late' "$(taken)"
	check 'it stops' daemon_stop "$dir"
}

test_acknowledge() {
	integration_reset -e 's/^poll = .*/&\nstart = all/'
	append stale '10 days ago'
	arrive fresh
	check 'acknowledge_within' daemon_start "$dir"
	check 'an old mail: told' daemon_await "$dir" 'WARNING acknowledgement-held .*too long ago' 20
	check 'a fresh one goes' acknowledged fresh
	equal 'an old mail: its case' "$(TZ=Europe/London date -d '10 days ago' +%F)" \
		"$(store_sql "$dir" "SELECT received FROM foi_case WHERE subject LIKE '%stale'")"
	equal 'an old mail: its acknowledgement' held "$(store_sql "$dir" "SELECT state FROM outbox WHERE recipient LIKE 'stale%'")"
	unanswered stale
	check 'it stops' daemon_stop "$dir"
	integration_reset -e 's/^poll = .*/&\nacknowledge = hold/'
	check 'acknowledge = hold' daemon_start "$dir"
	arrive hold
	check 'hold: told' daemon_await "$dir" 'WARNING acknowledgement-held .*an officer releases it' 20
	equal 'hold: the case' 'FOI 000001' "$(store_sql "$dir" 'SELECT substr(reference, 1, 10) FROM foi_case')"
	unanswered hold
	check 'it stops' daemon_stop "$dir"
	integration_reset -e 's/^poll = .*/&\nacknowledge = off/'
	check 'acknowledge = off' daemon_start "$dir"
	arrive off
	check 'off: the case' daemon_await "$dir" ' case-opened ' 20
	equal 'off: nothing to send' 0 "$(store_sql "$dir" 'SELECT count(*) FROM outbox')"
	unanswered off
	check 'it stops' daemon_stop "$dir"
}

has_keywords() {
	[[ $(flags | grep -c '^flags:.*\$FoiCase') == "$1" ]]
}

nothing_untold() {
	[[ $(store_sql "$dir" 'SELECT count(*) FROM untold') == 0 ]]
}

is_moved() {
	[[ $(folder_count Done) == "$1" && $(folder_count INBOX) == 0 ]]
}

# again MAILS: a new start does nothing new to them; one more mail shows that it has looked.
again() {
	check "$2: it stops" daemon_stop "$dir"
	check "$2: a new start" daemon_start "$dir"
	arrive "$2-again"
	check "$2: one mail more" acknowledged "$2-again"
	equal "$2: and no other" $(($1 + 1)) "$(store_sql "$dir" 'SELECT count(*) FROM message')"
}

test_after() {
	local name
	integration_reset -e 's/^poll = .*/&\nafter = keyword:$FoiCase/'
	check 'after = keyword' daemon_start "$dir"
	arrive word-one word-two
	check 'keyword: on both' wait_for has_keywords 2
	equal 'keyword: read marks are the staff'"'"'s' 0 "$(flags | grep -c 'Seen' || true)"
	again 2 keyword
	check 'keyword: each has it' wait_for has_keywords 3
	check 'it stops' daemon_stop "$dir"
	integration_reset -e 's/^poll = .*/&\nafter = move:Done/'
	check 'after = move' daemon_start "$dir"
	arrive move-one
	check 'move: no such folder is told' daemon_await "$dir" ' mailbox-fault .*is the folder of after there' 20
	check 'move: acknowledged all the same' acknowledged move-one
	equal 'move: the mail stays' 1 "$(folder_count INBOX)"
	check 'move: it stops before the server is told' daemon_stop "$dir"
	dovecot_adm "$dir" mailbox create -u "$IMAP_USER" Done
	equal 'move: what is untold is kept' 1 "$(store_sql "$dir" 'SELECT count(*) FROM untold')"
	check 'move: a new start' daemon_start "$dir"
	check 'move: the server is told then' wait_for is_moved 1
	check 'move: and that is recorded' wait_for nothing_untold
	arrive move-two move-three
	check 'move: acknowledged' acknowledged move-three
	again 3 move
	check 'move: all are in the folder' wait_for is_moved 4
	for name in move-one move-two move-three move-again; do
		check "move: $name is whole" grep -q "^Message-ID: <$name@" \
			<<<"$(dovecot_adm "$dir" fetch -u "$IMAP_USER" text mailbox Done header Message-ID "$name@")"
		check "move: $name has one acknowledgement" acknowledged "$name"
	done
	check 'it stops' daemon_stop "$dir"
}

test_junk() {
	integration_reset
	check 'junk' daemon_start "$dir"
	append spam now Junk
	arrive beside
	check 'junk: a person is asked' daemon_await "$dir" 'WARNING triage .*folder=Junk' 90
	check 'junk: the rest goes' acknowledged beside
	equal 'junk: a clock runs' 1 "$(store_sql "$dir" "SELECT count(*) FROM foi_case WHERE state = 'triage'")"
	unanswered spam
	check 'it stops' daemon_stop "$dir"
}

two_mailboxes() {
	integration_reset
	sed -n '/^\[mailbox foi\]/,/^\[smtp\]/p' "$dir/foi/plain.conf" |
		sed -e 's/^\[mailbox foi\]/[mailbox info]/; s/^address = .*/address = info@foi.example.org/
			s/^user = .*/user = info@foi.example.org/; /^\[smtp\]/d' "$@" >>"$dir/foi/foimaild.conf"
}

test_two() {
	two_mailboxes
	check 'two mailboxes' daemon_start "$dir"
	equal 'two mailboxes: two fetch' 2 "$(daemon_pids "$dir" fetch | wc -l)"
	send_request both-one
	send_request both-two info@foi.example.org
	check 'the first answers' acknowledged both-one
	check 'the second answers' acknowledged both-two
	equal 'for itself' 'Exampleshire Council <info@foi.example.org>' "$(mailbox_header "$dir" "$(requester both-two)" 1 From)"
	equal 'from one counter' 'FOI 000001 FOI 000002' "$(store_sql "$dir" 'SELECT substr(reference, 1, 10) FROM foi_case ORDER BY id' | paste -s -d ' ')"
	check 'its copy is in its own folder' mailbox_wait "$dir" info@foi.example.org/Sent 1 20
	check 'it stops' daemon_stop "$dir"
	two_mailboxes -e 's|^url = .*|url = imaps://mail.nowhere.invalid|'
	check 'one of two cannot be reached' daemon_start "$dir"
	send_request alone
	check 'the other goes on' acknowledged alone
	logged 'it is told for that one' 1 ' mailbox-fault mailbox=info '
	check 'it stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
test_once
test_observe
test_start
test_acknowledge
test_after
test_junk
test_two
integration_end
