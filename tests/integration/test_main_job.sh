#!/bin/bash
# test_main_job.sh - the sample letters through the daemon, and everything that came of them.
# SPDX-License-Identifier: MIT
#
# Fates, cases, acknowledgements as they lie in the requesters' mailboxes, copies in Sent, foictl,
# the two ways to reload, stop and start, and that the log of it all names nobody.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=../servers/samples.sh
. "$INTEGRATION_HOME/../servers/samples.sh"

body() {
	python3 -c '
import email, email.policy, sys
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
print(m["Subject"]); print(m.get_content())'
}

has_reference() {
	[[ $(mailbox_header "$dir" "$(requester "$1")" 1 Subject) == *"$2"* ]]
}

test_letters() {
	check 'nine letters arrive' samples_deliver "$dir" first
	check 'and are dealt with' samples_await "$dir" first
	daemon_mark "$dir"
	check 'six answers arrive' samples_deliver "$dir" answers
	check 'and are dealt with' samples_await "$dir" answers
	check 'fates and acknowledgements' samples_check "$dir"
}

test_acknowledgement() {
	local to=eleri.sample@requester.example.com of=5f0a7c1e-2b1d-4d6e-9a52-01c2d3e4f501@requester.example.com
	local references one other
	ack() { mailbox_header "$dir" "$to" 1 "$1"; }
	references=$(ack References)
	equal 'Auto-Submitted' auto-replied "$(ack Auto-Submitted)"
	equal 'In-Reply-To is the request' "<$of>" "$(ack In-Reply-To)"
	check 'References begin with the request' test "${references%% *}" = "<$of>"
	check 'and end with the keyed token' grep -qE ' <foi\.t\.FOI_000001/26\.[0-9a-f]{32}@foi\.example\.org>$' \
		<<<"${references//\/[0-9][0-9]./\/26.}"
	check 'Message-ID is of our own making' grep -qE '^<foi\.m\..*@foi\.example\.org>$' <<<"$(ack Message-ID)"
	equal 'From' 'Exampleshire Council <foi@foi.example.org>' "$(ack From)"
	equal 'To' "<$to>" "$(ack To)"
	equal 'no Cc' '' "$(ack Cc)"
	equal 'the envelope sender' '<foi@foi.example.org>' "$(ack Return-Path)"
	equal 'bytes that are not 7-bit' 0 "$(mailbox_read "$dir" "$to" 1 | LC_ALL=C grep -c '[^	 -~]' || true)"
	# Two letters without a word in common: what differs between their answers is the reference.
	one=$(mailbox_read "$dir" "$to" 1 | body)
	other=$(mailbox_read "$dir" "$(sample_requester 05-request-with-pdf)" 1 | body)
	equal 'nothing of the letter is repeated' \
		"${one//$(sample_case "$dir" 01-plain-request | cut -f 1)/REF}" \
		"${other//$(sample_case "$dir" 05-request-with-pdf | cut -f 1)/REF}"
}

test_copies() {
	check 'copies are filed in Sent' mailbox_wait "$dir" "$IMAP_USER/Sent" 11 20
	equal 'the history says of each when it left' \
		"$(store_sql "$dir" "SELECT count(*) FROM outbox WHERE kind = 'acknowledgement' AND state = 'sent'")" \
		"$(store_sql "$dir" "SELECT count(DISTINCT case_id) FROM event WHERE what = 'acknowledged' AND actor = 'daemon'")"
	equal 'each acknowledgement once' \
		"$(store_sql "$dir" "SELECT message_id FROM outbox ORDER BY message_id")" \
		"$(mailbox_list "$dir" "$IMAP_USER/Sent" | cut -f 4 | sort)"
}

test_show() {
	local parent review due
	parent=$(sample_case "$dir" 01-plain-request | cut -f 1)
	review=$(store_sql "$dir" "SELECT c.reference FROM foi_case c JOIN message m ON m.id = c.message
		WHERE c.kind = 'review' AND m.sender LIKE 'eleri.%'")
	show "$parent" >"$dir/parent"
	show "$review" >"$dir/review"
	equal 'the review is linked to its parent' "$parent" "$(json '[l["reference"] for l in j["linked"]]' <"$dir/review")"
	equal 'and the parent to it' "$review" "$(json '[l["reference"] for l in j["linked"]]' <"$dir/parent")"
	due=$(foictl_run "$dir" deadline "$(json 'j["summary"]["received"]' <"$dir/parent")" \
		--calendar "$dir/conf/bank-holidays.json" --json | json 'j["deadline"]')
	equal 'the last day is the counted one' "$due" "$(json 'j["summary"]["due"]' <"$dir/parent")"
	check 'and the one that was told' grep -qF "$(LC_ALL=C date -d "$due" '+%A %-d %B %Y')" \
		<<<"$(mailbox_read "$dir" "$(sample_requester 01-plain-request)" 1 | body | tr '\n' ' ' | tr -s ' ')"
}

show() {
	foictl_run "$dir" show "$1" --json
}

show_sample() {
	show "$(sample_case "$dir" "$1" | cut -f 1)" | json "$2"
}

test_texts() {
	local sample pdf
	sample=$SAMPLES/05-request-with-pdf.eml
	pdf=$(sed -n '/^JVBERi/,/^$/p' "$sample" | base64 -d | sha256sum | cut -d ' ' -f 1)
	equal 'the attachment: name, type, size, SHA-256' "Lift request.pdf application/pdf 775 $pdf" \
		"$(show_sample 05-request-with-pdf '" ".join(str(a[k]) for a in j["messages"][0]["attachments"]
			for k in ("name", "type", "bytes", "sha256"))')"
	equal 'Windows-1252: the subject' 'Library closures – “temporary” or not?' \
		"$(show_sample 06-windows-1252-request 'j["messages"][0]["subject"]')"
	check 'Windows-1252: the text' grep -qF 'what will be saved – in £, not “efficiencies” – in this year and next.' \
		<<<"$(show_sample 06-windows-1252-request 'j["messages"][0]["text"]')"
	equal 'Welsh: the subject' 'Cais am wybodaeth: bysiau ysgol i Dŷ Enghraifft' \
		"$(show_sample 07-welsh-request 'j["messages"][0]["subject"]')"
	equal 'Welsh: the name' 'Siân Ôl-Enghraifft' "$(show_sample 07-welsh-request 'j["requester_name"]')"
	check 'Welsh: the text' grep -qF 'dŵr ar y ffordd i Dŷ Enghraifft' \
		<<<"$(show_sample 07-welsh-request 'j["messages"][0]["text"]' | tr '\n' ' ')"
	equal 'the web form: the requester' priya.illustration@requester.example.com \
		"$(show_sample 10-web-form 'j["requester"]')"
}

test_foictl() {
	equal 'list --json: rows' 11 "$(foictl_run "$dir" list --json | json 'len(j["cases"])')"
	equal 'status --json: mails' 15 "$(foictl_run "$dir" status --json | json 'j["mails"]')"
	equal 'status --json: the mailbox is watched' true "$(foictl_run "$dir" status --json | json 'j["mailboxes"][0]["connected"]')"
	exits 'an unknown reference' 3 foictl_run "$dir" show 'FOI 999999/26'
	exits 'no reference' 2 foictl_run "$dir" show
	exits 'an unknown command' 2 foictl_run "$dir" acknowledge
	exits 'an unknown option' 2 foictl_run "$dir" list --late
	exits 'no daemon there' 5 foictl_run "$dir" status --socket "$dir/foi/nobody"
}

test_reload() {
	daemon_mark "$dir"
	sed -i 's/^Thank you for your request/Many thanks for your request/' "$dir/conf/acknowledgement-request-foia.txt"
	kill -HUP "$(cat "$dir/foi/pid")"
	check 'SIGHUP: read anew' daemon_await "$dir" ' config-reloaded' 20
	send_request hup
	check 'SIGHUP: acknowledged' acknowledged hup
	check 'SIGHUP: in the new words' grep -q 'Many thanks for your request' <<<"$(mailbox_read "$dir" "$(requester hup)" 1)"
	daemon_mark "$dir"
	daemon_configure "$dir" -e 's|^request = .*|request = REQ {seq:4}-{yyyy}|'
	exits 'foictl reload' 0 foictl_run "$dir" reload
	check 'foictl reload: read anew' daemon_await "$dir" ' config-reloaded' 20
	send_request reload
	check 'foictl reload: acknowledged' acknowledged reload
	check 'foictl reload: under the new template' has_reference reload 'REQ 00'
	daemon_mark "$dir"
	daemon_configure "$dir" -e 's|^request = .*|reqest = X {seq:4}|' -e 's|^regime = .*|regime = fioa|'
	exits 'a reload with two mistakes' 1 foictl_run "$dir" reload
	says 'it says that the old one stays' 'goes on with the old one'
	says 'it names the key that was meant' 'foimaild.conf:[0-9]+: .*reqest.*did you mean request'
	logged 'the mistakes' 2 'ERR config-mistake.*foimaild.conf:[0-9]+: '
	logged 'nothing was reloaded' 0 config-reloaded
	kill -HUP "$(cat "$dir/foi/pid")"
	check 'SIGHUP says the same' daemon_await "$dir" 'ERR config-mistake.*conf:[0-9]+: ' 20 4
	send_request still
	check 'it goes on with the old one' acknowledged still
	check 'with the template of before' has_reference still 'REQ 00'
}

# Nothing is left of it, and the next one begins nothing anew.
test_stop() {
	local pids mails sent
	mails=$(store_sql "$dir" 'SELECT count(*) FROM message')
	sent=$(grep -c ' acknowledgement-sent ' "$dir/foi/log")
	mapfile -t pids < <(daemon_pids "$dir")
	check 'register and three workers' test "${#pids[@]}" -eq 4
	check 'SIGTERM: it ends with 0' daemon_stop "$dir"
	check 'no process is left' gone "${pids[@]}"
	exits 'no daemon' 5 foictl_run "$dir" status
	daemon_configure "$dir"
	check 'it starts again' daemon_start "$dir" --debug
	send_request last
	check 'and goes on' acknowledged last
	equal 'one mail more' $((mails + 1)) "$(store_sql "$dir" 'SELECT count(*) FROM message')"
	equal 'one acknowledgement more' $((sent + 1)) "$(grep -c ' acknowledgement-sent ' "$dir/foi/log")"
	check 'the old ones as before' samples_mailboxes
	check 'it stops' daemon_stop "$dir"
}

samples_mailboxes() {
	[[ $(mailbox_count "$dir" eleri.sample@requester.example.com) == 2 ]] &&
		[[ $(mailbox_count "$dir" sian@post.example.net) == 1 ]]
}

# personal: every name, address, subject and Message-ID of the samples but those of the authority, one a line.
personal() {
	python3 - "$SAMPLES"/*.eml <<-'END'
		import email, email.policy, email.utils, sys
		for path in sys.argv[1:]:
		    with open(path, 'rb') as f:
		        m = email.message_from_binary_file(f, policy=email.policy.default)
		    for header in ('From', 'Reply-To', 'Cc'):
		        for a in m[header].addresses if m[header] else ():
		            if a.domain == 'foi.example.org':
		                continue
		            print(a.addr_spec, a.username, *([a.display_name] if a.display_name else []), sep='\n')
		    print(m['Subject'].replace('@REFERENCE@', ''), m['Message-ID'].strip('<>'), sep='\n')
	END
}

# The log is of a run with --debug: that level too is what somebody may turn on one night.
test_log() {
	personal | sed 's/^[- ]*//' | awk 'length($0) > 2' | sort -u >"$dir/personal"
	check 'names and subjects to look for' test "$(wc -l <"$dir/personal")" -gt 40
	check 'a log to look in' test "$(wc -l <"$dir/foi/log")" -gt 40
	equal 'lines of the log that tell of a person' '' "$(grep -iFf "$dir/personal" "$dir/foi/log" || true)"
	equal 'addresses in the log' '' "$(grep -E '[^ ]@[a-z]' "$dir/foi/log" || true)"
}

integration_begin
. "$dir/env"
check 'it starts' daemon_start "$dir" --debug
test_letters
test_acknowledgement
test_copies
test_show
test_texts
test_foictl
test_reload
test_stop
test_log
integration_end
