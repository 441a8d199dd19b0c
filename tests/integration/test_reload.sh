#!/bin/bash
# test_reload.sh - reload and stop in the middle of 500 mails: nothing lost, doubled or blamed.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

MAILS=500

# reload: one SIGHUP; returns when the configuration is in force.
reload() {
	daemon_mark "$dir"
	kill -HUP "$(cat "$dir/foi/pid")"
	daemon_await "$dir" ' config-reloaded:' 40
}

is_settled() {
	[[ $(store_sql "$dir" "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM outbox
		WHERE state <> 'sent' OR filed_at IS NULL)") == "$MAILS|0" ]]
}

integration_begin
. "$dir/env"
mailbox_make "$dir/mails" "$MAILS"
mailbox_fill "$dir" "$IMAP_USER" "@$dir/mails/list"
daemon_configure "$dir" -e 's/^poll = .*/&\nstart = all/'

daemon_launch "$dir"
check 'mails come in' daemon_await "$dir" ' case-opened ' 30 3
for round in 1 2 3; do
	check "reload $round in the middle" reload
done
daemon_mark "$dir"
kill -HUP "$(cat "$dir/foi/pid")"
kill -HUP "$(cat "$dir/foi/pid")"
check 'two at once are both heeded' daemon_await "$dir" ' config-reloaded:' 40
sed -i 's|^path = .*/store$|&.other|' "$dir/foi/foimaild.conf"
daemon_mark "$dir"
kill -HUP "$(cat "$dir/foi/pid")"
check 'another store needs a restart, and that is said' daemon_await "$dir" \
	' config-mistake.*\[store\] path: a restart' 40
check 'a list comes from the store in use' foictl_run "$dir" list
sed -i 's|\.other$||' "$dir/foi/foimaild.conf"
check 'it stops in order' daemon_stop "$dir"
equal 'workers that died or were killed, letters sent twice, troubles' '' \
	"$(grep -E ' (worker-[a-z]+|[a-z]+-fault|unexpected|acknowledgement-ambiguous) ' "$dir/foi/log" || true)"

check 'the next start' daemon_start "$dir"
check "all $MAILS mails have their rows, all is sent and filed" wait_for is_settled
equal 'each UID once' "$MAILS" "$(store_sql "$dir" 'SELECT count(DISTINCT uid) FROM message')"
equal 'copies in the Sent folder' "$(store_sql "$dir" 'SELECT count(*) FROM outbox')" \
	"$(mailbox_count "$dir" "$IMAP_USER/Sent")"
integration_end
