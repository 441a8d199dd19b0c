#!/bin/bash
# test_calendar.sh - the bank holidays keep themselves up to date, and a bad answer or file changes nothing.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=../servers/feed.sh
. "$(dirname "$0")/../servers/feed.sh"

clean() {
	local status=$?
	set +e
	feed_stop "$dir"
	(exit "$status")
	integration_clean
}

# configure: the feed is on our server.
configure() {
	daemon_configure "$dir" -e "s|^url =\$|url = $(feed_url "$dir" /feed)\nca_file = $dir/ca.pem|"
}

# in_force EXPRESSION: what the Python expression makes of `j`, the status of the calendar.
in_force() {
	foictl_run "$dir" calendar --json | json "$1"
}

days() {
	store_sql "$dir" 'SELECT count(*) FROM calendar_entry'
}

is_answered() {
	[[ $(feed_requests "$dir") -ge $1 && $(in_force 'j["asking"]') == false ]]
}

# refresh WHAT [REQUESTS]: asks, and returns when that is over; so many requests are made of it.
refresh() {
	local before
	before=$(feed_requests "$dir")
	daemon_mark "$dir"
	check "$1: asked for" foictl_run "$dir" calendar refresh
	check "$1: answered" wait_for is_answered $((before + ${2:-1}))
}

# nothing_changed WHAT DAYS
nothing_changed() {
	equal "$1: days in force" "$2" "$(days)"
	equal "$1: as many are told" "$2" "$(in_force 'j["days"]')"
	logged "$1: no change is told" 0 'calendar-changed'
}

# in_hours WHAT FROM TO: it is asked again so many hours after the last asking.
in_hours() {
	check "$1: asked again in $2 to $3 hours" test "$(in_force "[$2 * 3600 <= (t(j['next']) - t(j['asked'])).total_seconds() <= $3 * 3600
		for t in [lambda s: __import__('datetime').datetime.fromisoformat(s.rstrip('Z'))]]")" = true
}

test_first() {
	feed_edit "$dir" 'add("scotland", day(200))'
	check 'it starts' daemon_start "$dir" --debug
	check 'the first answer counts by itself' daemon_await "$dir" \
		'INFO calendar-changed due=[0-9-]+: .*: added [0-9]+ [A-Z][a-z]+ [0-9]+ \(Scotland\)$' 20
	check 'it was asked once' wait_for is_answered 1
	equal 'without tags' '/feed - -' "$(cat "$dir/feed/requests")"
	nothing=$(days)
	equal 'one day more than the files have' 1 $((nothing - files))
	equal 'the history says who and why' 1 "$(store_sql "$dir" "SELECT count(*) FROM calendar_change
		WHERE actor = 'daemon' AND why LIKE 'GOV.UK%added%Scotland%' AND old_hash <> new_hash")"
	equal 'the hash is that of the history' "$(in_force 'j["hash"]')" \
		"$(store_sql "$dir" 'SELECT new_hash FROM calendar_change ORDER BY id DESC LIMIT 1')"
	refresh 'the next'
	check 'the next: the server says that nothing is new' daemon_await "$dir" 'DEBUG debug: .*unchanged' 5
	check 'the next: with what the server gave' grep -qE '^/feed "[0-9a-f]{32}" [A-Z]' <<<"$(tail -n 1 "$dir/feed/requests")"
	nothing_changed 'the next' $((files + 1))
}

# A day that the feed gave stays while the daemon is down, and a restart asks nobody.
test_restart() {
	local before
	before=$(feed_requests "$dir")
	check 'it stops' daemon_stop "$dir"
	check 'it starts again' daemon_start "$dir" --debug
	equal 'the day is still in force' $((files + 1)) "$(in_force 'j["days"]')"
	exits 'a list is counted with it' 0 foictl_run "$dir" list
	equal 'nobody was asked so soon again' "$before" "$(feed_requests "$dir")"
	in_hours 'a restart' 24 26.4
}

test_lost_years() {
	local hash
	feed_edit "$dir" 'for v in d: drop(v, lambda date: date < "2024")'
	refresh 'lost years'
	check 'lost years: told' daemon_await "$dir" \
		'ERR calendar-pending: .*foictl calendar accept [0-9a-f]{64}: it no longer has the days of 2012 to 2023' 5
	nothing_changed 'lost years' $((files + 1))
	hash=$(in_force 'j["pending"]["hash"]')
	equal 'lost years: the hash is that of the bytes' "$(sha256sum <"$dir/feed/feed" | cut -d ' ' -f 1)" "$hash"
	exits 'the page' 0 foictl_run "$dir" calendar
	says 'the page says when' '^Next +[0-9]'
	says 'the page says why' '^Because +it no longer has the days of 2012 to 2023'
	says 'the page says what to do' "^    foictl calendar accept $hash --why REASON"
	exits 'the state of the daemon' 0 foictl_run "$dir" status
	says 'it says so' '^Trouble +new bank holidays wait for an officer: foictl calendar$'
	refresh 'the same again'
	logged 'the same again is not told' 0 'calendar-pending'
	check 'it stops' daemon_stop "$dir"
	check 'it starts again' daemon_start "$dir" --debug
	logged 'what waits is told again at a start' 1 'ERR calendar-pending: .*it no longer has'
	exits 'another hash' 3 foictl_run "$dir" calendar accept "$(sha256sum </dev/null | cut -d ' ' -f 1)"
	says 'another hash' 'no bank holidays of that hash wait'
	nothing_changed 'another hash' $((files + 1))
	check 'accepted' foictl_run "$dir" calendar accept "$hash" --why 'GOV.UK has cut old years'
	check 'accepted: told, with the uid' daemon_await "$dir" \
		'INFO calendar-changed .*peer=[0-9]+: .*: dropped [0-9]+ [A-Z][a-z]+ [0-9]+ \(Scotland\)$' 5
	equal 'accepted: years that were lost stay' "$files" "$(days)"
	equal 'accepted: nothing waits' null "$(in_force 'j["pending"]')"
	equal 'accepted: by whom and why' 1 "$(store_sql "$dir" "SELECT count(*) FROM calendar_change
		WHERE actor LIKE 'uid %(%)' AND why LIKE 'accepted, GOV.UK has cut old years: it no longer has%'")"
	exits 'accepted twice' 3 foictl_run "$dir" calendar accept "$hash"
	refresh 'that loss is known'
	logged 'that loss is known' 0 'calendar-pending'
}

test_waits() {
	local past
	past=$(python3 -c '
import datetime, json, sys
today = str(datetime.date.today())
print(max(e["date"] for e in json.load(open(sys.argv[1]))["scotland"]["events"] if e["date"] <= today))' \
		"$dir/conf/bank-holidays.json")
	feed_edit "$dir" "drop('scotland', lambda date: date == '$past')"
	refresh 'a past day dropped'
	check 'a past day dropped: told' daemon_await "$dir" 'ERR calendar-pending: .*it drops .*\(Scotland\), which has come already' 5
	nothing_changed 'a past day dropped' "$files"
	feed_edit "$dir" 'near = day(9)
for v in d: add(v, near)'
	refresh 'a day proclaimed nine days ahead'
	check 'nine days ahead: told' daemon_await "$dir" 'ERR calendar-pending: .*it adds .*\(all parts of the UK\), which is within 14 days' 5
	nothing_changed 'nine days ahead' "$files"
	feed_edit "$dir" ''
	refresh 'a later answer takes its place'
	check 'a later answer: told' daemon_await "$dir" 'INFO calendar-withdrawn' 5
	equal 'a later answer: nothing waits' null "$(in_force 'j["pending"]')"
	nothing_changed 'a later answer' "$files"
	feed_edit "$dir" 'far = day(60)
for v in d: add(v, far)'
	refresh 'a day two months ahead'
	check 'two months ahead: counts by itself' daemon_await "$dir" 'INFO calendar-changed .*added .*\(all parts of the UK\)' 5
	equal 'two months ahead: in force' $((files + 3)) "$(days)"
	feed_edit "$dir" ''
	refresh 'it is taken back'
	check 'taken back: told' daemon_await "$dir" 'INFO calendar-changed .*: dropped .*\(all parts of the UK\)' 5
	equal 'taken back' "$files" "$(days)"
}

# bad WHAT WORDS: the answer is refused whole, with that reason.
bad() {
	refresh "$1"
	check "$1: the reason" grep -qE -- "$2" <<<"$(in_force 'j["trouble"]')"
	nothing_changed "$1" "$files"
}

test_bad() {
	head -c 20000 "$dir/conf/bank-holidays.json" >"$dir/feed/feed"
	bad 'cut off' 'the file ends too early'
	logged 'cut off' 1 'WARNING calendar-feed-fault .*localhost.*line [0-9]+.*the file ends too early'
	{ cat "$dir/conf/bank-holidays.json" && head -c 2000000 /dev/zero | tr '\0' ' '; } >"$dir/feed/feed"
	in_hours 'cut off' 1 1.1
	exits 'the state of the daemon' 0 foictl_run "$dir" status
	says 'it says so' '^Trouble +bank holidays: https://localhost:.*line [0-9]+, column'
	bad 'huge' 'longer than the 1048576 bytes'
	logged 'the same kind of trouble is not told again so soon' 0 'calendar-feed-fault'
	in_hours 'the second failure' 2 2.2
	feed_edit "$dir" 'd["scotland"]["events"].insert(1, d["scotland"]["events"][0])'
	bad 'a day twice' 'scotland: event 2: the date stands twice'
	feed_edit "$dir" 'd["scotland"]["events"].reverse()'
	bad 'out of order' 'scotland: event 2: the dates are not in order'
	feed_edit "$dir" 'd["scotland"]["events"][3]["date"] = "30 February"'
	bad 'no date' "scotland: event 4: not a date of the form YYYY-MM-DD: '30 February'"
	feed_edit "$dir" 'd["barsetshire"] = {"division": "barsetshire", "events": []}'
	bad 'a local holiday' 'FOI 2000 s.10\(6\)'
	printf '<html>' >"$dir/feed/feed"
	bad 'a page' 'this is no valid JSON'
	feed_edit "$dir" ''
	feed_stop "$dir"
	daemon_mark "$dir"
	refresh 'the server is away' 0
	check 'away: told' daemon_await "$dir" 'WARNING calendar-feed-fault .*fault=network .*no connection' 20
	feed_start "$dir"
	feed_certificate "$dir" foreign
	refresh 'a certificate of strangers' 0
	check 'strangers: told' daemon_await "$dir" 'ERR calendar-feed-fault .*fault=tls .*unknown authority' 20
	feed_certificate "$dir" good
	daemon_mark "$dir"
	check 'all is well again: a reload' foictl_run "$dir" reload
	check 'well again: asked at once, and told' daemon_await "$dir" 'INFO calendar-feed-recovered' 20
	equal 'well again: no trouble' null "$(in_force 'j["trouble"]')"
	in_hours 'well again' 24 26.4
	nothing_changed 'well again' "$files"
}

# A second file with a day of its own is a change too, and one that the feed never had stays.
test_files() {
	cat >"$dir/conf/own.json" <<-END
		{ "scotland": { "division": "scotland", "events": [ { "title": "Proclaimed", "date": "$(date -d '+100 days' +%F)" } ] } }
	END
	sed -i "s|^files = .*|&, $dir/conf/own.json|" "$dir/foi/foimaild.conf"
	daemon_mark "$dir"
	check 'one more file' foictl_run "$dir" reload
	check 'one more file: told' daemon_await "$dir" 'INFO calendar-changed .*added .*\(Scotland\)' 10
	check 'one more file: in force' daemon_await "$dir" 'INFO config-reloaded' 20
	equal 'one more file: days' $((files + 1)) "$(in_force 'j["days"]')"
	refresh 'the feed lags'
	equal 'the feed lags: the day stays' $((files + 1)) "$(days)"
	check 'the feed lags: the answer was a whole one' grep -q '^/feed - -' <<<"$(tail -n 1 "$dir/feed/requests")"
}

# What one server said of its file says nothing to another.
test_another_url() {
	sed -i 's|/feed$|/untagged|' "$dir/foi/foimaild.conf"
	daemon_mark "$dir"
	check 'another address' foictl_run "$dir" reload
	check 'another address: in force' daemon_await "$dir" 'INFO config-reloaded' 20
	refresh 'another address'
	equal 'another address: asked without tags' '/untagged - -' "$(tail -n 1 "$dir/feed/requests")"
	feed_edit "$dir" 'drop("scotland", lambda date: date < "2026-01-03")'
	refresh 'an answer that waits'
	logged 'an answer that waits' 1 'ERR calendar-pending'
	refresh 'the same whole once more'
	logged 'it is told once' 0 'calendar-pending'
	feed_edit "$dir" ''
	refresh 'one that can be used'
	sed -i 's|/untagged$|/feed|' "$dir/foi/foimaild.conf"
	daemon_mark "$dir"
	check 'the old address' foictl_run "$dir" reload
	check 'the old address: in force' daemon_await "$dir" 'INFO config-reloaded' 20
}

due() {
	store_sql "$dir" "SELECT due FROM foi_case WHERE subject LIKE '%counted'"
}

# accept WHAT: what waits is accepted, and open cases are counted again.
accept() {
	daemon_mark "$dir"
	check "$1: accepted" foictl_run "$dir" calendar accept "$(in_force 'j["pending"]["hash"]')"
	check "$1: open cases are counted again" daemon_await "$dir" 'INFO recounted ' 20
}

# A day of mourning nine days ahead moves the last day of an open case, once an officer has said so.
test_counted() {
	local before
	send_request counted
	check 'a request' acknowledged counted
	before=$(due)
	feed_edit "$dir" $'near = day(9)\nfor v in d: add(v, near)'
	refresh 'a day of mourning'
	equal 'a day of mourning: the last day stays until it is accepted' "$before" "$(due)"
	accept 'a day of mourning'
	check "a day of mourning: the last day is later than $before: $(due)" test "$(due)" '>' "$before"
	feed_edit "$dir" ''
	refresh 'it was a mistake'
	accept 'it was a mistake'
	equal 'it was a mistake: the last day is what it was' "$before" "$(due)"
}

test_last_good() {
	head -c 9000 "$DAEMON_ROOT/conf/bank-holidays.json" >"$dir/conf/bank-holidays.json"
	exits 'a reload with a file cut off' 1 foictl_run "$dir" reload
	says 'it names file and place' 'conf/bank-holidays.json: line [0-9]+, column [0-9]+: the file ends too early'
	check 'it stops' daemon_stop "$dir"
	exits '--check' 1 daemon_run "$dir" --check
	says '--check names it' 'conf/bank-holidays.json: line [0-9]+'
	check 'it starts all the same' daemon_start "$dir" --debug
	logged 'and says so' 1 'ERR calendar-kept due=[0-9-]+ fault=config .*conf/bank-holidays.json: line [0-9]+.*ends too early'
	equal 'with the last good calendar' $((files + 1)) "$(in_force 'j["days"]')"
	logged 'which is no change' 0 'calendar-changed'
	send_request kept
	check 'it works' acknowledged kept
	equal 'a list counts with it as register does' \
		"$(foictl_run "$dir" list --json | json 'j["cases"][0]["days_left"]')" \
		"$(foictl_run "$dir" show "$(foictl_run "$dir" list --json | json 'j["cases"][0]["reference"]')" --json | json 'j["summary"]["days_left"]')"
	check 'it stops' daemon_stop "$dir"
	rm "$dir/conf/bank-holidays.json"
	check 'without the file too' daemon_start "$dir" --debug
	logged 'and says so' 1 'ERR calendar-kept .*fault=missing .*conf/bank-holidays.json'
	cp "$DAEMON_ROOT/conf/bank-holidays.json" "$dir/conf/bank-holidays.json"
	check 'the file is back' foictl_run "$dir" reload
	check 'it is taken' daemon_await "$dir" 'INFO config-reloaded' 20
	check 'it stops' daemon_stop "$dir"
	rm -f "$dir"/foi/store*
	head -c 9000 "$DAEMON_ROOT/conf/bank-holidays.json" >"$dir/conf/bank-holidays.json"
	exits 'without any good one it does not start' 1 daemon_run "$dir"
	says 'and says why' 'ERR config-mistake: .*conf/bank-holidays.json: line [0-9]+'
	cp "$DAEMON_ROOT/conf/bank-holidays.json" "$dir/conf/bank-holidays.json"
}

# Without this year and those behind it every deadline would be provisional.
test_ends() {
	python3 - "$DAEMON_ROOT/conf/bank-holidays.json" >"$dir/conf/old.json" <<-END
		import datetime, json, sys
		d = json.load(open(sys.argv[1]))
		for v in d.values():
		    v["events"] = [e for e in v["events"] if e["date"] < str(datetime.date.today().year)]
		json.dump(d, sys.stdout)
	END
	rm -f "$dir"/foi/store*
	daemon_configure "$dir" -e "s|^files = .*|files = $dir/conf/old.json|"
	exits 'a calendar that ends' 0 daemon_run "$dir" --once
	says 'it is told' "WARNING calendar-ends due=$(($(date +%Y) - 1))-12-31: "
	rm -f "$dir"/foi/store*
	daemon_configure "$dir"
	exits 'one that does not end soon' 0 daemon_run "$dir" --once
	check 'of that nothing is told' test "$(grep -c calendar-ends "$dir/said")" -eq 0
}

# A day of an office's own is a working day to the Acts.
test_local_days() {
	printf '{ "barsetshire": { "division": "barsetshire", "events": [] } }' >"$dir/conf/local.json"
	daemon_configure "$dir" -e "s|^files = .*|&, $dir/conf/local.json|"
	exits 'a local holiday' 1 daemon_run "$dir" --check
	says 'it is refused by law' "local.json: unknown division: 'barsetshire'; .*a working day to FOI 2000 s.10\(6\)"
}

test_not_asked() {
	local before
	before=$(feed_requests "$dir")
	rm -f "$dir"/foi/store*
	configure
	exits '--once' 0 daemon_run "$dir" --once
	daemon_configure "$dir"
	check 'without url' daemon_start "$dir"
	exits 'a refresh without url' 1 foictl_run "$dir" calendar refresh
	says 'a refresh without url' 'url is empty'
	exits 'a page without url' 0 foictl_run "$dir" calendar
	says 'a page without url' '^Feed +none'
	equal 'nobody was asked' "$before" "$(feed_requests "$dir")"
	check 'it stops' daemon_stop "$dir"
}

integration_begin
trap clean EXIT
feed_start "$dir"
configure
files=$(python3 -c 'import json, sys; print(sum(len(v["events"]) for v in json.load(open(sys.argv[1])).values()))' "$dir/conf/bank-holidays.json")
test_first
test_restart
test_lost_years
test_waits
test_bad
test_files
test_another_url
test_counted
test_last_good
test_not_asked
test_ends
test_local_days
integration_end
