#!/bin/bash
# test_bounces.sh - an acknowledgement that does not arrive is on its case, and the officer is told.
# SPDX-License-Identifier: MIT
#
# Exim makes the reports itself: at gone.example.net after it has taken the mail, at refuse.example.net
# it takes none, and at slow.example.net it keeps trying and says so.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# ask NAME DOMAIN: a request of somebody there; their own mail server is not ours, so it comes by LMTP.
ask() {
	cat >"$dir/$1.eml" <<-END
		From: Robin $1 <$1@$2>
		To: foi@foi.example.org
		Subject: A question of $1
		Date: $(date -R)
		Message-ID: <$1@$2>

		Under the Freedom of Information Act 2000 please send me the number of
		street lamps in the county.
	END
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/$1.eml"
}

# reference_of NAME: of the case of that person.
reference_of() {
	store_sql "$dir" "SELECT reference FROM foi_case WHERE requester LIKE '$1@%'"
}

# page NAME: what foictl shows of that person's case, in $dir/said.
page() {
	exits "$1: its page" 0 foictl_run "$dir" show "$(reference_of "$1")"
}

# marked NAME: whether that case waits for an officer to write.
marked() {
	foictl_run "$dir" list --state any --json |
		json "[c['reference'] for c in j['cases'] if 'not-acknowledged' in c['flags']]" |
		grep -cxF -- "$(reference_of "$1")"
}

test_failed() {
	daemon_mark "$dir"
	ask gone gone.example.net
	check 'gone: the report is recorded' daemon_await "$dir" 'ERR bounce-recorded ' 30
	logged 'gone: under its case' 1 "ERR bounce-recorded ref=\"$(reference_of gone)\".* fate=bounce"
	page gone
	says 'gone: its history has the report' 'daemon, bounce: The delivery report says that a mail of ours could not be$'
	says 'gone: its mark' '^ *Look at .*not-acknowledged'
	says 'gone: the mail was sent' '^ *State *sent '
	equal 'gone: it opened no case of its own' 1 "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
	equal 'gone: nobody answered the report' 1 "$(store_sql "$dir" 'SELECT count(*) FROM outbox')"
	equal 'gone: no person in the journal' 0 "$(daemon_log "$dir" | grep -c 'gone@\|gone\.example' || true)"
}

test_refused() {
	daemon_mark "$dir"
	ask refused refuse.example.net
	check 'refused: it is told' daemon_await "$dir" 'ERR acknowledgement-failed .*code=550' 30
	page refused
	says 'refused: its history' 'daemon, acknowledgement-failed: the mail server does not take it \(550\): reach'
	says 'refused: its mark' '^ *Look at .*not-acknowledged'
	says 'refused: the mail' '^ *State *failed$'
}

# Late is not lost: nobody is alarmed, and no mark is set.
test_delayed() {
	daemon_mark "$dir"
	ask slow slow.example.net
	check 'slow: the warning is taken in' daemon_await "$dir" 'INFO mail-fate .*fate=bounce' 60
	logged 'slow: no failure is told' 0 ' bounce-recorded '
	page slow
	says 'slow: its history says that it is late' 'daemon, bounce: The delivery report says that a mail of ours is delayed, not$'
	equal 'slow: no mark' 0 "$(grep -c 'not-acknowledged' "$dir/said" || true)"
}

# officers AT: the configuration with a digest at that time of the day.
officers() {
	daemon_configure "$dir" -e "\$a [reminders]\nat = $1\ndigest_to = lee@staff.example.org"
}

is_working_day() {
	[[ $(foictl_run "$dir" deadline "$(date -d yesterday +%F)" --days 1 \
		--calendar "$dir/conf/bank-holidays.json" --json | json 'j["deadline"]') == $(date +%F) ]]
}

# What the officer reads the next morning.
test_digest() {
	officers 00:00
	exits 'the digest: a reload' 0 foictl_run "$dir" reload
	check 'the digest comes' mailbox_wait "$dir" lee@staff.example.org 1 30
	mailbox_read "$dir" lee@staff.example.org 1 >"$dir/said"
	says 'it counts those that failed' '^ACKNOWLEDGEMENTS THAT FAILED.*: 2$'
	says 'the one that came back' "^ *$(reference_of gone)  made on "
	says 'the one that was refused' "^ *$(reference_of refused)  made on "
	equal 'not the one that is late' 0 "$(grep -c "$(reference_of slow)" "$dir/said" || true)"
}

# With a tag in the envelope the case is known even where the report encloses nothing of our mail.
test_tagged() {
	integration_reset -e 's/^\[store\]/bounce_address = tagged\n&/'
	sed -i 's/^bounce_return_message = .*/bounce_return_message = false/' "$dir/exim/exim.conf"
	exim_stop "$dir"
	exim_start "$dir"
	check 'tagged: it starts' daemon_start "$dir"
	ask tagged gone.example.net
	check 'tagged: the report is recorded' daemon_await "$dir" 'ERR bounce-recorded ref=' 30
	equal 'tagged: it is marked' 1 "$(marked tagged)"
	equal 'tagged: cases' 1 "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
	check 'tagged: it stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
officers 23:59 # not before there is something to tell
check 'it starts' daemon_start "$dir"
test_failed
test_refused
test_delayed
equal 'marked: the two' 2 "$(foictl_run "$dir" list --state any --json |
	json "sum('not-acknowledged' in c['flags'] for c in j['cases'])")"
! is_working_day || test_digest
check 'it stops' daemon_stop "$dir"
test_tagged
integration_end
