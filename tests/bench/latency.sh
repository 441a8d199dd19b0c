#!/bin/bash
# latency.sh - how long a mail takes from the server's word to the disk, one mail at a time.
# SPDX-License-Identifier: MIT
#
# Delivers mails one after another by LMTP into the idle daemon and prints median and p99 of
# - heard to durable: from the moment the untagged EXISTS can be read on fetch's socket to the
#   commit of the case, as the daemon itself measures it under --debug;
# - delivered to durable: from LMTP's 250 to the line that tells the commit. Dovecot waits half a
#   second of it before it tells IDLE.
# No limit fails it: a machine under load is slow. The target is 5 ms and 20 ms.
set -euo pipefail
# shellcheck source=../integration/common.sh
. "$(dirname "$0")/../integration/common.sh"

MAILS=${1:-50}

# percentiles NAME: median and p99 of the numbers (microseconds) on stdin.
percentiles() {
	sort -n | awk -v name="$1" '
		{ value[NR] = $1 / 1000 }
		END {
			if (NR == 0) exit 1
			printf "%-21s n %3d   median %8.2f ms   p99 %8.2f ms   max %8.2f ms\n", name, NR,
				value[int((NR + 1) / 2)], value[int(NR * 0.99 + 0.999999)], value[NR]
		}'
}

integration_begin
. "$dir/env"
mailbox_make "$dir/mails" "$MAILS" --only request
daemon_start "$dir" --debug
python3 "$(dirname "$0")/deliver_one_by_one.py" "$LMTP_SOCKET" "$IMAP_USER" "$dir/mails/list" \
	"$dir/foi/log" "$dir/foi/pid" >"$dir/delivered"
equal 'cases' "$MAILS" "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
printf '%d mails of 1 to 5 kB into an idle daemon; the store lies on %s, %d processors\n' \
	"$MAILS" "$(stat -f -c %T "$dir/foi")" "$(nproc)"
grep -oE 'heard-to-durable usec=[0-9]+' "$dir/foi/log" | cut -d = -f 2 | percentiles 'heard to durable'
percentiles 'delivered to durable' <"$dir/delivered"
