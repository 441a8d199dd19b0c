#!/bin/bash
# test_large_folder.sh - a folder of more than 100,000 mails: started on, listened to, numbered anew, within bounds of time and memory.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

OLD_MAILS=110000
MEMORY_KB=60000 # of any process of the daemon; a small folder needs some 20,000
if is_sanitized; then
	MEMORY_KB=300000 # they keep a shadow of it, and what was freed
fi

# fill LETTER: so many old mails, all of them links to a few files (a file system counts links in 16 bits).
fill() {
	dovecot_adm "$dir" mailbox status -u "$IMAP_USER" messages INBOX >/dev/null
	servers_as "$dir" python3 - "$dir/mail/foi.example.org/foi/Maildir" "$1" "$OLD_MAILS" <<-'END'
		import os, sys
		maildir, letter, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
		text = open(letter, 'rb').read()
		for k in range(n):
		    if k % 30000 == 0:
		        first = f'{maildir}/cur/{1400000000 + k}.M{k}.old,S={len(text)}:2,S'
		        with open(first, 'wb') as file:
		            file.write(text)
		        os.utime(first, (1400000000, 1400000000))
		    else:
		        os.link(first, f'{maildir}/cur/{1400000000 + k}.M{k}.old,S={len(text)}:2,S')
	END
}

# largest: the most memory, in KB, that any process of the daemon has ever had.
largest() {
	local pid
	for pid in $(daemon_pids "$dir"); do
		sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB$/\1/p' "/proc/$pid/status"
	done | sort -n | tail -n 1
}

# within WHAT: so far.
within() {
	local kb
	kb=$(largest)
	check "$1: no process has had more than $MEMORY_KB KB: $kb KB" test "$kb" -lt "$MEMORY_KB"
}

integration_begin
. "$dir/env"
request old
fill "$dir/old.eml"
daemon_configure "$dir" -e 's/^poll = .*/poll = 10/'
check 'it starts' daemon_start "$dir"
check 'the folder was seen whole' daemon_await "$dir" "INFO baseline .*count=$OLD_MAILS" 60
for name in one two; do
	send_request "$name"
	check "$name: acknowledged" acknowledged "$name" 30
done
within 'a large folder'
daemon_mark "$dir"
dovecot_adm "$dir" mailbox update -u "$IMAP_USER" --uid-validity 7654321 INBOX
send_request three
check 'three: acknowledged, in a folder numbered anew' acknowledged three 90
equal 'cases' 3 "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
equal 'mails with a row' 5 "$(store_sql "$dir" 'SELECT count(*) FROM message')"
within 'numbered anew'
check 'it stops' daemon_stop "$dir"
integration_end
