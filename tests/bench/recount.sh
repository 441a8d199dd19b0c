#!/bin/bash
# recount.sh - 100,000 open cases are counted anew: time, memory, and intake meanwhile.
# SPDX-License-Identifier: MIT
#
# Makes the cases, proclaims one more bank holiday at a reload, and prints how long the daemon took,
# the memory of all its processes together (the peak, sampled) and how long mails that came in
# meanwhile took to their commit. No limit fails it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../integration/common.sh
. "$(dirname "$0")/../integration/common.sh"
# shellcheck source-path=SCRIPTDIR source=../servers/cases.sh
. "$(dirname "$0")/../servers/cases.sh"

CASES=${1:-100000}
MAILS=${2:-200}

integration_begin
# shellcheck disable=SC1091 # made a line above
. "$dir/env"
daemon_start "$dir"
daemon_stop "$dir"
cases_make "$dir" "$CASES"
daemon_start "$dir"
daemon_await "$dir" 'INFO recounted' 600
printf 'nothing has changed: %s\n' "$(grep -oE '[0-9]+ cases in [0-9]+ ms' "$dir/foi/log" | tail -n 1)"

proclaimed=$("$dir/bin/foictl" deadline "$(date -u +%F)" --days 7 --calendar "$dir/conf/bank-holidays.json" --json | json 'j["deadline"]')
cases_proclaim "$dir" "$proclaimed"
daemon_configure "$dir" -e "s|^files = .*|files = $dir/conf/bank-holidays.json, $dir/conf/extra.json|"
mailbox_make "$dir/mails" "$MAILS" --only request
daemon_mark "$dir"
exec {watch}< <(python3 "$(dirname "$0")/watch_recount.py" "$LMTP_SOCKET" "$IMAP_USER" "$dir/mails/list" \
	"$dir/foi/log" "$dir/foi/pid")
read -r _ <&"$watch" # it watches now
foictl_run "$dir" reload
cat <&"$watch" >"$dir/watched" # ends with it
printf 'one more bank holiday: %s, %s of them changed, %s lines in the journal\n' \
	"$(daemon_log "$dir" | grep -oE '[0-9]+ cases in [0-9]+ ms' | tail -n 1)" \
	"$(store_sql "$dir" "SELECT count(*) FROM deadline WHERE cause = 'calendar'")" \
	"$(daemon_log "$dir" | grep -c 'deadline-changed')"
cat "$dir/watched"
