#!/bin/bash
# test_once.sh - foimaild --once with a full mailbox: it ends, with everything done and no worker lost.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

MAILS=500

# run_once: one pass within a minute; its output in $dir/out, its log in $dir/foi/log, its exit status in $status.
run_once() {
	status=0
	daemon_pass "$dir" || status=$?
}

# printed WORDS: the number behind them in what --once printed.
printed() {
	sed -n "s/^ *$1:* *\([0-9]*\)$/\1/p" "$dir/out"
}

integration_begin
. "$dir/env"
mailbox_make "$dir/mails" "$MAILS"
mailbox_fill "$dir" "$IMAP_USER" "@$dir/mails/list"
daemon_configure "$dir" -e 's/^poll = .*/&\nstart = all/'

run_once
equal 'a full mailbox: it ends with' 0 "$status"
equal 'mails taken in' "$MAILS" "$(printed 'mails taken in')"
equal 'left over' 0 "$(printed 'left over')"
equal 'acknowledgements sent, one a request' "$(printed request)" "$(printed 'acknowledgements sent')"
equal 'copies in the Sent folder' "$(printed 'acknowledgements sent')" \
	"$(mailbox_count "$dir" "$IMAP_USER/Sent")"
equal 'workers that died or were killed, troubles' '' \
	"$(grep -E ' (worker-[a-z]+|[a-z]+-fault|unexpected) |Too many' "$dir/foi/log" || true)"

run_once
equal 'nothing new: it ends with' 0 "$status"
equal 'nothing new: mails taken in' 0 "$(printed 'mails taken in')"
equal 'nothing new: acknowledgements sent' 0 "$(printed 'acknowledgements sent')"

exim_stop "$dir"
deliver_lmtp "$dir" "$IMAP_USER" "$(head -n 1 "$dir/mails/list")"
sed -i -e 's/^Message-ID: </&again./I' -e 's/^Subject: /&Once more: /' "$(head -n 1 "$dir/mails/list")"
deliver_lmtp "$dir" "$IMAP_USER" "$(head -n 1 "$dir/mails/list")"
run_once
equal 'without a mail server: it ends with' 1 "$status"
equal 'without a mail server: mails taken in' 2 "$(printed 'mails taken in')"
equal 'without a mail server: left over' 1 "$(printed 'left over')"

sed -i "/^\[smtp\]/,/^\[store\]/s|^credential = .*|credential = $dir/foi/missing|" "$dir/foi/foimaild.conf"
run_once
equal 'without the password of the mail server: it ends with' 1 "$status"
equal 'without the password of the mail server: left over' 1 "$(printed 'left over')"
integration_end
