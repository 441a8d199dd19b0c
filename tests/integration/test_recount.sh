#!/bin/bash
# test_recount.sh - a bank holiday is proclaimed: open cases are counted anew, with the real daemon.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=../servers/cases.sh
. "$(dirname "$0")/../servers/cases.sh"

CASES=3000

# deadline DAY [OPTION...]: the last day that foictl counts.
deadline() {
	"$dir/bin/foictl" deadline "$@" --json | json 'j["deadline"]'
}

# wrong_days FILE...: open cases whose last day is not what foictl counts with these calendars.
wrong_days() {
	local day due wrong=0 file
	local -a calendars=()
	for file; do calendars+=(--calendar "$file"); done
	while IFS='|' read -r day due; do
		[[ $(deadline "$day" "${calendars[@]}") == "$due" ]] || wrong=$((wrong + 1))
	done < <(store_sql "$dir" "SELECT DISTINCT received, due FROM foi_case WHERE state = 'open'")
	printf '%d\n' "$wrong"
}

integration_begin
shipped=$dir/conf/bank-holidays.json
extra=$dir/conf/extra.json
# A working day that stands inside the clock of what came in today.
proclaimed=$("$dir/bin/foictl" deadline "$(date -u +%F)" --days 7 --calendar "$shipped" --json | json 'j["deadline"]')

daemon_start "$dir"
send_request before
check 'a request is acknowledged' acknowledged before
check 'the daemon stops' daemon_stop "$dir"
told=$(store_sql "$dir" "SELECT told FROM foi_case WHERE reference = 'FOI 000001/26'")
cases_make "$dir" "$CASES"
check 'cases are made' test "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')" == $((CASES + 1))
equal 'their last days are right before it' 0 "$(wrong_days "$shipped")"

# ---- a calendar that changes nothing ---------------------------------------------------------
daemon_start "$dir"
check 'counted with the calendar in force' daemon_await "$dir" 'INFO recounted' 60
logged 'nothing has changed: no line' 0 'deadline-changed'
logged 'how many' 1 "INFO recounted count=0.* $CASES cases"
equal 'no deadline was added' $((CASES + 1)) "$(store_sql "$dir" 'SELECT count(*) FROM deadline')"

# ---- a day is proclaimed, and mail comes in meanwhile --------------------------------------------
cases_proclaim "$dir" "$proclaimed"
daemon_configure "$dir" -e "s|^files = .*|files = $shipped, $extra|"
daemon_mark "$dir"
check 'the configuration is read again' foictl_run "$dir" reload
send_request meanwhile
check 'a request that comes meanwhile is acknowledged' acknowledged meanwhile
check 'counted anew' daemon_await "$dir" 'INFO recounted' 60
changed=$(store_sql "$dir" "SELECT count(*) FROM deadline WHERE cause = 'calendar'")
check "some cases have another last day: $changed" test "$changed" -gt 100
check 'and some have not' test "$changed" -lt "$CASES"
logged 'one line a case' "$changed" 'WARNING deadline-changed ref='
equal 'every last day is right' 0 "$(wrong_days "$shipped" "$extra")"
equal 'the history has old and new' "$changed" \
	"$(store_sql "$dir" "SELECT count(*) FROM event WHERE what = 'recounted' AND why LIKE '%before it was%'")"
equal 'what the requester was told stays' "$told" \
	"$(store_sql "$dir" "SELECT told FROM foi_case WHERE reference = 'FOI 000001/26'")"
logged 'the line says what they were told' 1 "deadline-changed ref=\"FOI 000001/26\".*was $told, told $told"
equal 'and the case is flagged' true \
	"$(foictl_run "$dir" show 'FOI 000001/26' --json | json '"told-otherwise" in j["summary"]["flags"]')"
equal 'a case of afterwards was told the new day' "$(deadline "$(date -u +%F)" --calendar "$shipped" --calendar "$extra")" \
	"$(store_sql "$dir" "SELECT told FROM foi_case WHERE reference = 'FOI 000002/26'")"

# ---- killed in the middle ----------------------------------------------------------------------
check 'the daemon stops' daemon_stop "$dir"
daemon_configure "$dir"
daemon_launch "$dir"
check 'some were counted back' daemon_await "$dir" 'WARNING deadline-changed' 30 50
daemon_kill "$dir"
daemon_wait "$dir" || true
left=$(store_sql "$dir" "SELECT count(*) FROM foi_case c JOIN part p ON p.case_id = c.id
	WHERE p.checked <> (SELECT new_hash FROM calendar_change ORDER BY id DESC LIMIT 1)")
printf 'killed with %d cases left\n' "$left"
servers_as "$dir" sqlite3 "$dir/foi/store" "UPDATE part SET outcome = 'nonsense', checked = 'x'
	WHERE id = (SELECT max(p.id) FROM part p JOIN foi_case c ON c.id = p.case_id
		WHERE c.reference LIKE 'OLD %' AND p.id NOT IN (SELECT part FROM deadline WHERE cause = 'calendar'))" # a hand has spoiled one whose day had not moved
daemon_start "$dir"
check 'the rest is counted' daemon_await "$dir" 'INFO recounted' 60
logged 'the spoiled one is told' 1 'ERR recount-failed ref="OLD '
equal 'only that one is left' 1 "$(store_sql "$dir" "SELECT count(*) FROM part
	WHERE checked <> (SELECT new_hash FROM calendar_change ORDER BY id DESC LIMIT 1)")"
servers_as "$dir" sqlite3 "$dir/foi/store" "UPDATE part SET outcome = '' WHERE outcome = 'nonsense'"
equal 'each case was counted back once' "$changed" "$(store_sql "$dir" "SELECT count(*) FROM
	(SELECT part FROM deadline WHERE cause = 'calendar' GROUP BY part HAVING count(*) = 2)")"
check 'the daemon stops' daemon_stop "$dir"
integration_end
