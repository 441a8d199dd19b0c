#!/bin/bash
# test_reconcile.sh - the folder and the register differ: a mail that is shown late, one that was shown and vanished while nobody looked.
# SPDX-License-Identifier: MIT
#
# The mail server is test_reconcile.c: real ones number in order, and cannot be stopped between the word
# of a mail and its bytes.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

PLAYER=$(realpath "$DAEMON_BUILD/tests/integration/test_reconcile")

# play NAME: the server of that name, and a daemon configured for it.
play() {
	rm -f "$dir/url" "$dir"/foi/store*
	"$PLAYER" "$1" >"$dir/url" 2>"$dir/player.log" &
	player=$!
	wait_for test -s "$dir/url"
	daemon_configure "$dir" -e "s|^url = imaps:.*|url = $(cat "$dir/url")|" -e 's/^poll = .*/poll = 10\nstart = all/' \
		-e '/^\[mailbox foi\]/a tls = off\nauth = none' -e '/^sent_folder/d' -e '/^junk_folders/d' \
		-e '/^\[mailbox/,/^\[smtp\]/{/^user/d;/^credential/d;/^ca_file/d}' \
		-e '/^\[smtp\]/,/^\[store\]/{/^url/d;/^user/d;/^credential/d;/^ca_file/d}'
}

# played WHAT: the daemon asked what the script says, and nothing else.
played() {
	check "$1: it stops" daemon_stop "$dir"
	wait "$player" || { cat "$dir/player.log" >&2; check "$1: the server is content" false; }
}

is_noted() {
	[[ $(store_sql "$dir" 'SELECT count(*) FROM shown' 2>/dev/null) == 1 ]] # there may be no store yet
}

test_late() {
	play late
	check 'late: it starts' daemon_start "$dir"
	check 'late: it is told' daemon_await "$dir" \
		'WARNING reconciled mailbox=foi folder=INBOX count=1: .*1 shown late, 0 not brought' 20
	check 'late: all are taken' daemon_await "$dir" ' case-opened .*uid=6' 20
	equal 'late: UIDs' '5 6 7' "$(store_sql "$dir" "SELECT group_concat(uid, ' ') FROM (SELECT uid FROM message ORDER BY uid)")"
	logged 'late: told once' 1 ' reconciled '
	played late
}

# Killed between the word of the mail and its bytes; deleted before the next start.
test_vanished() {
	play vanished
	check 'vanished: it starts' daemon_launch "$dir"
	check 'vanished: it is noted at once' wait_for is_noted
	daemon_kill "$dir"
	check 'vanished: it starts again' daemon_start "$dir"
	check 'vanished: it is missed' daemon_await "$dir" 'ERR mail-gone mailbox=foi folder=INBOX uid=5' 20
	check 'vanished: a case is opened' daemon_await "$dir" 'ERR unreadable ref=' 20
	check 'vanished: the next one too' daemon_await "$dir" ' case-opened .*uid=6' 20
	equal 'vanished: fates' '5|unreadable 6|request' \
		"$(store_sql "$dir" "SELECT group_concat(uid || '|' || fate, ' ') FROM (SELECT uid, fate FROM message ORDER BY uid)")"
	logged 'vanished: told once' 1 ' mail-gone '
	played vanished
}

integration_begin
. "$dir/env"
test_late
test_vanished
integration_end
