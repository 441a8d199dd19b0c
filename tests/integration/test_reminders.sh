#!/bin/bash
# test_reminders.sh - reminders, the officers' digest and the escalation, as they arrive.
# SPDX-License-Identifier: MIT
#
# The daemon's clock is the machine's. A file of the test's own makes today a bank holiday, on which
# nothing may come. On a weekend that is all that can be tried.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

STAFF=staff.example.org

# officers AT KEY VALUE...: the configuration with these keys of [reminders].
officers() {
	local section="[reminders]\\nat = $1"
	shift
	while (($#)); do
		section+="\\n$1 = $2"
		shift 2
	done
	printf '%s' "\$a $section"
}

# run_once: one pass; its output in $dir/out, its log in $dir/foi/log.
run_once() {
	local status=0
	daemon_pass "$dir" || status=$?
	equal "$1: --once ends with" "${2:-0}" "$status"
}

# told WHAT TIMES PATTERN: so many lines of the last pass match.
told() {
	equal "$1: lines logged" "$2" "$(grep -cE -- "$3" "$dir/foi/log" || true)"
}

# text USER [N]: subject and text of a mail, decoded.
text() {
	mailbox_read "$dir" "$1" "${2:-last}" | python3 -c '
import email, email.policy, sys
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
print(m["Subject"]); print(); print(m.get_content(), end="")'
}

is_working_day() {
	[[ $(foictl_run "$dir" deadline "$(date -d yesterday +%F)" --days 1 \
		--calendar "$dir/conf/bank-holidays.json" --json | json 'j["deadline"]') == $(date +%F) ]]
}

today() {
	LC_ALL=C TZ=Europe/London date '+%-d %B %Y'
}

# old_request NAME: a request that came long ago.
old_request() {
	request "$1"
	mailbox_append "$dir" "$IMAP_USER" "$dir/$1.eml" "$(date -d '60 days ago' +%FT10:00:00+00:00)"
}

# nothing_comes WHAT: one pass on a day that is no working day, with a request long overdue.
nothing_comes() {
	run_once "$1"
	equal "$1: the overdue request is known" 1 "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
	equal "$1: mails to officers" 0 \
		"$(store_sql "$dir" "SELECT count(*) FROM outbox WHERE kind <> 'acknowledgement'")"
	equal "$1: reminders given" 0 "$(store_sql "$dir" 'SELECT count(*) FROM reminder')"
	told "$1: reminders" 0 ' (deadline-|digest-|triage-waiting)'
}

test_no_working_day() {
	local late
	late=$(officers 00:00 digest_to "ray@$STAFF" escalate_to "ray@$STAFF")
	printf '{ "scotland": { "division": "scotland", "events": [ { "title": "Today", "date": "%s" } ] } }' \
		"$(TZ=Europe/London date +%F)" >"$dir/conf/today.json"
	daemon_configure "$dir" -e "$late" -e 's/^poll = .*/&\nstart = all/' \
		-e "s|^files = .*|&, $dir/conf/today.json|"
	old_request holiday
	nothing_comes 'a bank holiday of one part of the UK'
	is_working_day || return 0
	daemon_configure "$dir" -e "$late" -e 's/^poll = .*/&\nstart = all/'
	run_once 'the same day, if it is none'
	told 'the same day, if it is none: overdue' 1 ' deadline-passed '
	told 'the same day, if it is none: a digest' 1 ' digest-queued count=1:'
	integration_reset
}

test_nothing_due() {
	local to=kim@$STAFF
	digest() { mailbox_header "$dir" "$to" 1 "$1"; }
	daemon_configure "$dir" -e "$(officers 00:00 digest_to "$to")"
	check 'it starts' daemon_start "$dir"
	check 'nothing is due, and the digest comes' mailbox_wait "$dir" "$to" 1 30
	check 'the journal says so' daemon_await "$dir" 'INFO officer-mail-sent kind=digest' 20
	logged 'queued for one address' 1 'INFO digest-queued count=1:'
	logged 'it is no acknowledgement' 0 ' acknowledgement-'
	equal 'Subject' "FOI: nothing due ($(today))" "$(digest Subject)"
	equal 'Auto-Submitted' auto-generated "$(digest Auto-Submitted)"
	equal 'From' 'Exampleshire Council <foi@foi.example.org>' "$(digest From)"
	equal 'To' "<$to>" "$(digest To)"
	equal 'the envelope sender' '<foi@foi.example.org>' "$(digest Return-Path)"
	equal 'bytes that are not 7-bit' 0 \
		"$(mailbox_read "$dir" "$to" 1 | LC_ALL=C grep -c '[^	 -~]' || true)"
	text "$to" | tee "$dir/said"
	says 'nothing is overdue' '^Nothing is overdue or due within 5 working days'
	says 'the mailbox was looked at' "^ *foi: last looked at on $(today), "
	equal 'the socket shows it among our mails' 1 \
		"$(foictl_run "$dir" status --json | json 'j["outgoing"]["sent"]')"
	check 'it stops' daemon_stop "$dir"
}

test_not_again() {
	run_once 'the same day again'
	check 'it starts again' daemon_start "$dir"
	send_request again
	check 'and works' acknowledged again
	check 'it stops' daemon_stop "$dir"
	equal 'mails to officers' 1 "$(store_sql "$dir" "SELECT count(*) FROM outbox WHERE kind = 'digest'")"
	equal 'the digest came once' 1 "$(mailbox_count "$dir" "kim@$STAFF")"
	equal 'counted as an acknowledgement in --once' 0 \
		"$(sed -n 's/^acknowledgements sent: //p' "$dir/out")"
}

test_overdue() {
	local reference late
	integration_reset -e 's/^poll = .*/&\nstart = all/' \
		-e "$(officers 00:00 digest_to "lee@$STAFF" escalate_to "head@$STAFF")"
	old_request late
	run_once 'an old request'
	reference=$(store_sql "$dir" 'SELECT reference FROM foi_case')
	told 'it is overdue' 1 "ERR deadline-passed ref=\"$reference\" due=[0-9-]+ count=[0-9]+: "
	late=$(sed -n 's/.*deadline-passed.* count=\([0-9]*\):.*/\1/p' "$dir/foi/log")
	check 'by some working days' test "$late" -gt 10
	check 'the escalation came' mailbox_wait "$dir" "head@$STAFF" 1 20
	text "head@$STAFF" | tee "$dir/said"
	says 'its subject' "^FOI: to act on: 1 overdue \\($(today)\\)$"
	says 'its line' "^ *$reference  last day .*, $late working days late$"
	check 'the digest came' mailbox_wait "$dir" "lee@$STAFF" 1 20
	text "lee@$STAFF" | tee "$dir/said"
	says 'its subject' "^FOI: 1 overdue \\($(today)\\)$"
	says 'its line' "^ *$reference  last day .*, $late working days late$"
	says 'what came in' '^ *mails received: 1$'
	says 'what is held, since it is old' "^ *$reference  made on $(today)$"
	equal 'who asked is not in it' 0 "$(grep -ciE 'robin|late@|lamp' "$dir/said" || true)"
	run_once 'the same day'
	told 'nothing is told twice' 0 ' (deadline-|digest-|officer-mail)'
	equal 'the escalation came once' 1 "$(mailbox_count "$dir" "head@$STAFF")"
	equal 'the digest came once' 1 "$(mailbox_count "$dir" "lee@$STAFF")"
}

# absence ID: an officer's machine answers the digest.
absence() {
	cat >"$dir/absence.eml" <<-END
		From: Lee Officer <lee@$STAFF>
		To: foi@foi.example.org
		Subject: Automatic reply: FOI: 1 overdue ($(today))
		Auto-Submitted: auto-replied
		In-Reply-To: $1
		Message-ID: <absence@$STAFF>
		Date: $(date -R)

		I am away. Could you please ask the team for information?
	END
	deliver_smtp "$dir" '' foi@foi.example.org "$dir/absence.eml" >/dev/null
}

test_what_comes_back() {
	local cases
	cases=$(store_sql "$dir" 'SELECT count(*) FROM foi_case')
	absence "$(mailbox_header "$dir" "lee@$STAFF" 1 Message-ID)"
	check 'an absence note comes' mailbox_wait "$dir" "$IMAP_USER" 2 20
	run_once 'an absence note'
	told 'it is dealt with' 1 'INFO mail-fate fate=automatic '
	equal 'it opens no case' "$cases" "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
}

test_refused() {
	integration_reset -e 's/^poll = .*/&\nstart = all/' \
		-e "$(officers 00:00 digest_to 'a@gone.example.net, b@refuse.example.net, c@later.example.net')"
	run_once 'three addresses that do not work' 1
	told 'two are refused or put off' 1 'ERR officer-mail-failed kind=digest .*code=550 '
	told 'one waits' 1 'WARNING officer-mail-deferred kind=digest .*code=451 '
	told 'one is taken' 1 'INFO officer-mail-sent kind=digest'
	check 'and its report of failure comes' mailbox_wait "$dir" "$IMAP_USER" 1 20
	run_once 'the report of failure' 1
	told 'it is a bounce' 1 'ERR bounce-recorded .*digest_to'
	equal 'it opens no case' 0 "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
}

# A mail that asks for nothing, and that has lain there for ten days.
waiting_mail() {
	cat >"$dir/waiting.eml" <<-END
		From: Alex Waiting <alex@requester.example.com>
		To: foi@foi.example.org
		Subject: As discussed
		Message-ID: <waiting@requester.example.com>
		Date: $(date -R)

		Here it is.
	END
	deliver_smtp "$dir" alex@requester.example.com foi@foi.example.org "$dir/waiting.eml" >/dev/null
	daemon_await "$dir" 'WARNING triage ' 20 && daemon_stop "$dir" &&
		servers_as "$dir" sqlite3 "$dir/foi/store" \
			'UPDATE foi_case SET opened_at = opened_at - 10 * 86400'
}

# Before its hour nothing comes; a reload with another hour is enough to make it come.
test_triage_waiting() {
	integration_reset -e "$(officers 23:59 escalate_to "deputy@$STAFF")"
	check 'before its hour: it starts' daemon_start "$dir"
	check 'a mail waits in triage' waiting_mail
	check 'before its hour: it starts again' daemon_start "$dir"
	send_request before
	check 'and works' acknowledged before
	logged 'before its hour' 0 ' (deadline-|triage-waiting)'
	daemon_mark "$dir"
	daemon_configure "$dir" -e "$(officers 00:00 escalate_to "deputy@$STAFF")"
	exits 'a reload behind its hour' 0 foictl_run "$dir" reload
	check 'it is told' daemon_await "$dir" 'ERR triage-waiting count=1: ' 30
	check 'and the mail comes' mailbox_wait "$dir" "deputy@$STAFF" 1 20
	text "deputy@$STAFF" | tee "$dir/said"
	says 'its subject' "^FOI: to act on: 1 untouched in triage \\($(today)\\)$"
	says 'its line' '^ *IN 000001/[0-9]+  here since .*, [3-8] working days$'
	check 'it stops' daemon_stop "$dir"
	logged 'told once' 1 ' triage-waiting '
}

test_watched_mailbox() {
	daemon_configure "$dir" -e "$(officers 00:00 digest_to 'FOI@foi.example.org')"
	exits 'the digest would come in again' 1 daemon_run "$dir" --check
	says 'it names the key and what to do' \
		'foimaild.conf:[0-9]+: \[reminders\] digest_to: names a mailbox that is watched.*give the address'
}

integration_begin
. "$dir/env"
test_watched_mailbox
test_no_working_day
if is_working_day; then
	test_nothing_due
	test_not_again
	test_overdue
	test_what_comes_back
	test_refused
	test_triage_waiting
fi
integration_end
