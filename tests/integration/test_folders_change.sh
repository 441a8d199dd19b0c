#!/bin/bash
# test_folders_change.sh - folders that are numbered anew, renamed, deleted and made again: nothing is lost, nothing is opened twice.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

NEST='Requests.Année 2018' # Dovecot parts the names of a Maildir by dots

# cases: how many are in the register.
cases() {
	store_sql "$dir" 'SELECT count(*) FROM foi_case'
}

# taken NAME: its request has one case and one acknowledgement.
taken() {
	check "$1: acknowledged" acknowledged "$1" 40
}

# renumber FOLDER VALIDITY: the server gives all its mails new UIDs, as after a restore.
renumber() {
	dovecot_adm "$dir" mailbox update -u "$IMAP_USER" --uid-validity "$2" "$1"
}

# put NAME FOLDER: the request lies in that folder.
put() {
	request "$1"
	dovecot_adm "$dir" save -u "$IMAP_USER" -m "$2" <"$dir/$1.eml"
}

test_renumbered_while_away() {
	integration_reset
	request old
	mailbox_append "$dir" "$IMAP_USER" "$dir/old.eml" 2018-05-16T09:30:00+01:00
	check 'renumbered: it starts' daemon_start "$dir"
	for name in one two three; do
		send_request "$name"
		taken "$name"
	done
	check 'renumbered: it stops' daemon_stop "$dir"
	renumber INBOX 1234567
	send_request meanwhile
	check 'renumbered: it starts again' daemon_start "$dir"
	taken meanwhile
	send_request later
	taken later
	for name in one two three; do
		check "renumbered: $name is not answered again" acknowledged "$name" 1
	done
	equal 'renumbered: cases' 5 "$(cases)"
	equal 'renumbered: known again' 3 "$(store_sql "$dir" "SELECT count(*) FROM message WHERE fate = 'duplicate'")"
	logged renumbered 1 'WARNING uidvalidity-changed'
	check 'renumbered: it stops' daemon_stop "$dir"
}

test_renumbered_under_our_feet() {
	integration_reset -e 's/^poll = .*/poll = 10/'
	check 'under our feet: it starts' daemon_start "$dir"
	send_request four
	taken four
	renumber INBOX 2345678
	send_request five
	taken five
	check 'under our feet: four is not answered again' acknowledged four 1
	equal 'under our feet: cases' 2 "$(cases)"
	logged 'under our feet' 1 'WARNING uidvalidity-changed'
	check 'under our feet: it stops' daemon_stop "$dir"
}

# The one folder that is watched is renamed and made anew: the session of IDLE may follow the old one for ever.
test_made_anew() {
	integration_reset -e 's/^poll = .*/poll = 10/' -e "s/^junk_folders = .*/folders = $NEST/"
	dovecot_adm "$dir" mailbox create -u "$IMAP_USER" "$NEST"
	check 'made anew: it starts' daemon_start "$dir"
	put six "$NEST"
	taken six
	dovecot_adm "$dir" mailbox rename -u "$IMAP_USER" "$NEST" Requests.2017
	dovecot_adm "$dir" mailbox create -u "$IMAP_USER" "$NEST"
	put seven "$NEST"
	taken seven
	dovecot_adm "$dir" mailbox delete -u "$IMAP_USER" "$NEST"
	check 'made anew: that it is missing is told' daemon_await "$dir" ' mailbox-fault .*fault=missing' 40
	dovecot_adm "$dir" mailbox create -u "$IMAP_USER" "$NEST"
	put eight "$NEST"
	check 'made anew: it recovers by itself' daemon_await "$dir" 'INFO mailbox-recovered' 60
	taken eight
	for name in six seven; do
		check "made anew: $name is not answered again" acknowledged "$name" 1
	done
	equal 'made anew: cases' 3 "$(cases)"
	check 'made anew: it stops' daemon_stop "$dir"
}

# What a person files by hand between two watched folders, also below one another, is one request.
test_moved_between_folders() {
	integration_reset -e 's/^poll = .*/poll = 10/' -e "s|^sent_folder = .*|&\nfolders = INBOX, $NEST|"
	check 'moved: it starts' daemon_start "$dir"
	send_request nine
	taken nine
	dovecot_adm "$dir" move -u "$IMAP_USER" "$NEST" mailbox INBOX all
	check 'moved: seen there' daemon_await "$dir" 'mail-fate .*fate=duplicate' 40
	check 'moved: not answered again' acknowledged nine 1
	equal 'moved: cases' 1 "$(cases)"
	check 'moved: it stops' daemon_stop "$dir"
}

# The server is restored from a backup that lacks the last mails, and numbers the next ones as those were.
test_restored() {
	local maildir=$dir/mail/foi.example.org/foi/Maildir
	integration_reset -e 's/^poll = .*/poll = 10/'
	check 'restored: it starts' daemon_start "$dir"
	send_request ten
	taken ten
	cp -a "$maildir" "$dir/backup"
	for name in eleven twelve; do
		send_request "$name"
		taken "$name"
	done
	dovecot_stop "$dir"
	rm -r "$maildir"
	mv "$dir/backup" "$maildir"
	dovecot_start "$dir"
	daemon_mark "$dir"
	for name in thirteen fourteen fifteen; do
		send_request "$name"
	done
	for name in thirteen fourteen fifteen; do
		taken "$name"
	done
	for name in ten eleven twelve; do
		check "restored: $name is not answered again" acknowledged "$name" 1
	done
	equal 'restored: cases' 6 "$(cases)"
	logged restored 1 'WARNING uidvalidity-changed'
	check 'restored: it stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
test_renumbered_while_away
test_renumbered_under_our_feet
test_made_anew
test_moved_between_folders
test_restored
integration_end
