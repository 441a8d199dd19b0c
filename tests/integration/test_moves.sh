#!/bin/bash
# test_moves.sh - an officer's work with the real daemon: record what happened, take it back, ask why.
# SPDX-License-Identifier: MIT
#
# The cases were received in May 2018, so that every day of the story is past and known. The part
# with other users needs root and is skipped, loudly, without.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

READERS=games # two groups that every Debian has
OFFICERS=news

# received NAME TIME: a request that the server got then; its reference is in $case.
received() {
	daemon_mark "$dir"
	request "$1"
	mailbox_append "$dir" "$IMAP_USER" "$dir/$1.eml" "$2"
	check "$1: a case" daemon_await "$dir" ' case-opened ' 20
	case=$(store_sql "$dir" 'SELECT reference FROM foi_case ORDER BY id DESC LIMIT 1')
}

# ordered WHAT ARGUMENT...: foictl does it; `says` looks at what it said.
ordered() {
	exits "$1" 0 foictl_run "$dir" "${@:2}"
}

# not_possible WHAT PATTERN ARGUMENT...: the law or the case is against it.
not_possible() {
	exits "$1" 1 foictl_run "$dir" "${@:3}"
	says "$1: why" "nothing was recorded: .*$2"
}

# why PATTERN...: foictl why has these lines.
why() {
	local pattern
	foictl_run "$dir" why "$case" >"$dir/why"
	for pattern; do
		says "why: $pattern" "$pattern" "$dir/why"
	done
}

test_extension() {
	received extension 2018-05-16T09:30:00+01:00
	why '^Last day +Thursday 14 June 2018, the 20th working day$' 'FOI 2000 s\.10\(1\)' '\[20\]'
	not_possible 'more time without an exemption' 'no qualified exemption' \
		record "$case" extended-public-interest --until 2018-07-12 --on 2018-06-01
	ordered 'an absolute exemption' record "$case" exemption --exemption 's. 21' --on 2018-06-01
	not_possible 'more time with an absolute one' 'no qualified exemption' \
		record "$case" extended-public-interest --until 2018-07-12 --on 2018-06-01
	exits 'more time without a date' 2 foictl_run "$dir" \
		record "$case" extended-public-interest --exemption '31 (1)' --on 2018-06-01
	says 'more time without a date: why' 'estimated date \(FOI 2000 s\.17\(2\)\)'
	ordered 'more time with a qualified one' record "$case" extended-public-interest \
		--exemption '31 (1)' --until 2018-07-12 --on 2018-06-01
	says 'the notice is due all the same' 'refusal notice is due by Thursday 14 June 2018 all the same \(FOI 2000'
	why '^  Now +The refusal notice is due by Thursday 14 June' '^  Exemptions +s\.21, s\.31\(1\)$'
	ordered 'show' show "$case"
	says 'show: the notice' '^  Notice by +Thursday 14 June 2018'
	says 'show: the answer' '^  Answer by +Thursday 12 July 2018'
	ordered 'the notice' record "$case" notice-given --on 2018-06-14
	says 'the answer is left' 'The answer is due by Thursday 12 July 2018'
}

test_answer() {
	not_possible 'the extension of another law' 'unknown to the Freedom of Information Act 2000' \
		record "$case" extended-complex --complex --voluminous --on 2018-06-14
	ordered 'an answer' record "$case" responded --outcome granted --on 2018-07-11
	ordered 'of another case' undo "$case" --why 'it was the other case'
	says 'of another case: what' 'taken back: the answer left, Wednesday 11 July 2018'
	exits 'it is not there any more' 2 foictl_run "$dir" undo "$case" 1
	ordered 'the answer' record "$case" responded --outcome part-granted --deny 's.24(2)' --on 2018-07-12
	says 'the answer: in time' 'That was in time'
	ordered 'show' show "$case"
	says 'show: the end' '^  Ended +Thursday 12 July 2018: granted in part'
	says 'show: the exemptions' 's\.24\(2\) \(neither confirmed nor denied\)'
	says 'show: the history' 'responded \(undone by move [0-9]+\)'
	why '^  Ended +It ended on Thursday 12 July 2018: granted in part'
	not_possible 'another answer' 'has been answered' record "$case" responded --outcome granted --on 2018-07-13
	equal 'it is not in the list' 0 "$(foictl_run "$dir" list | grep -c "$case" || true)"
}

test_file() {
	ordered 'the file' record "$case" closed --on 2018-07-20
	ordered 'the regulator' record "$case" regulator-opened --number IC-12345 --on 2018-08-01
	not_possible 'a closed file' 'closed' record "$case" withdrawn --on 2018-08-02
	ordered 'list' list --state closed
	says 'list: closed' "$case"
	equal 'every move is in the journal' 8 "$(daemon_log "$dir" | grep -c "INFO case-moved ref=\"$case\"")"
	equal 'no text of an officer is' 0 "$(daemon_log "$dir" | grep -c 'the other case\|IC-12345' || true)"
}

test_clarification() {
	received clarification 2018-05-16T09:30:00+01:00
	ordered 'a question' record "$case" clarification-asked --on 2018-05-21
	says 'the clock stands' 'The clock stands since Monday 21 May 2018'
	why '^Stands +since Monday 21 May 2018; 2 of 20 working days had passed$' '= the clock stands'
	check 'why: no last day' test "$(grep -c 'Last day' "$dir/why" || true)" = 0
	ordered 'list' list --state waiting
	says 'list: waiting' "$case"
	exits 'an answer before the question' 2 foictl_run "$dir" record "$case" clarified --on 2018-05-20
	ordered 'an answer' record "$case" clarified --on 2018-06-04
	says 'a new clock' 'A new clock of 20 working days runs; the last day is Monday 2 July 2018\.'
	why '^  Clarified +the request came on Wednesday 16 May 2018' '^Received +Monday 4 June 2018$'
	ordered 'a fee' record "$case" fee-asked --text '25 pounds' --on 2018-06-11
	not_possible 'lapsed too early' 'may pay until 11 September 2018' record "$case" lapsed --on 2018-09-11
	ordered 'it is paid' record "$case" fee-paid --on 2018-06-13
	says 'the fee: the last day' 'last day is Thursday 5 July 2018'
	why 'Mon 11 Jun 2018 to Wed 13 Jun 2018  fees notice not yet paid' '^  Fee +asked for on Monday 11 June 2018'
	ordered 'too late' record "$case" responded --outcome not-held --on 2018-07-06
	says 'too late: it says so' 'That was late: the last day was Thursday 5 July 2018'
}

test_parts() {
	received parts 2018-05-16T09:30:00+01:00
	ordered 'the environment' record "$case" regime --regime eir --on 2018-05-18
	ordered 'complex' record "$case" extended-complex --complex --voluminous --on 2018-05-21
	says 'complex: 40 days' 'The clock of 40 working days runs; the last day is Friday 13 July 2018'
	why 'Counted here: 40 working days, extended under EIR 2004 reg 7\(1\)'
	ordered 'a part' record "$case" part-added --question 'How many?' --authority 'Other Council' --regime foia --on 2018-05-22
	exits 'which part' 2 foictl_run "$dir" record "$case" withdrawn
	says 'which part: it asks' 'say which part'
	ordered 'a transfer' record "$case" transferred --part 2 --to 'Other Council' --on 2018-05-23
	says 'a transfer: the duty that stays' 'still be told whether it is held'
	ordered 'it is told' record "$case" holding-told --part 2 --on 2018-05-24
	says 'it is told: that ends it' 'Part 2: It ended on Thursday 24 May 2018: transferred'
	why '^Part 1$' '^Part 2: How many\?$' '^  Ended +It ended on Thursday 24 May 2018: transferred'
	ordered 'the last part' record "$case" responded --outcome withheld --exemption '12(5)(e)' --on 2018-06-01
	equal 'the case' answered "$(foictl_run "$dir" show --json "$case" | json 'j["summary"]["state"]')"
	equal 'its parts' 'withheld transferred' \
		"$(foictl_run "$dir" show --json "$case" | json '[p["outcome"] for p in j["parts"]]' | paste -s -d ' ')"
}

test_narrowed() {
	local new
	received narrowed 2018-05-16T09:30:00+01:00
	ordered 'too costly' record "$case" responded --outcome refused-cost --on 2018-06-01
	ordered 'a narrowed request' record "$case" narrowed --on 2018-06-04
	new=$(store_sql "$dir" 'SELECT reference FROM foi_case ORDER BY id DESC LIMIT 1')
	says 'a new case' "the new case $new"
	logged 'the new case' 1 "INFO case-opened ref=\"$new\" kind=request received=2018-06-04 due=2018-07-02"
	ordered 'show' show "$case"
	says 'show: linked' "^  Linked +$new"
}

test_told() {
	send_request told
	check 'acknowledged' acknowledged told
	case=$(store_sql "$dir" 'SELECT reference FROM foi_case ORDER BY id DESC LIMIT 1')
	why '^  Told +the requester was told '
	exits 'a day that is not yet' 2 foictl_run "$dir" record "$case" withdrawn --on 2199-01-01
	ordered 'withdrawn' record "$case" withdrawn
	says 'withdrawn: today' 'the requester withdrew it, today\.'
}

test_mistakes() {
	exits 'no such case' 3 foictl_run "$dir" record 'FOI 999999/18' closed
	exits 'no such case to explain' 3 foictl_run "$dir" why 'FOI 999999/18'
	exits 'no such move' 2 foictl_run "$dir" record "$case" eaten
	exits 'no such part' 3 foictl_run "$dir" why "$case" --part 7
	exits 'subject access has no review' 2 foictl_run "$dir" deadline 2018-05-16 --regime sar --review
}

# as UID GROUP COMMAND...: foictl as that user, who is a member of that group.
as() {
	(cd / && setpriv --reuid="$1" --regid="$1" --groups "$2" \
		env FOIMAILD_SOCKET="$dir/foi/socket" "$dir/bin/foictl" "${@:3}")
}

gid() {
	getent group "$1" | cut -d : -f 3
}

test_rights() {
	exits 'a reader may ask' 0 as 4713 "$(gid "$READERS")" why "$case"
	exits 'a reader may not record' 4 as 4713 "$(gid "$READERS")" record "$case" closed
	says 'it names the group' "member of the group $OFFICERS"
	exits 'nor undo' 4 as 4713 "$(gid "$READERS")" undo "$case"
	exits 'an officer may' 0 as 4715 "$(gid "$OFFICERS")" record "$case" closed
	exits 'show' 0 foictl_run "$dir" show "$case"
	says 'it says who did it' 'uid 4715, move [0-9]+ closed'
}

# What was recorded is on disk: another life of the daemon says the same.
test_another_life() {
	foictl_run "$dir" why "$case" --json >"$dir/before"
	check 'it is killed' daemon_kill "$dir"
	daemon_wait "$dir" || true # 137
	check 'it starts' daemon_start "$dir"
	foictl_run "$dir" why "$case" --json >"$dir/after"
	check 'it says the same' cmp "$dir/before" "$dir/after"
}

integration_begin
. "$dir/env"
daemon_configure "$dir" -e "\$a[officers]\nread_group = $READERS\nofficer_group = $OFFICERS"
check 'it starts' daemon_start "$dir"
test_extension
test_answer
test_file
test_clarification
test_parts
test_narrowed
test_another_life
test_told
test_mistakes
if ((EUID == 0)); then
	test_rights
else
	echo 'SKIPPED: only root can be several users, so nobody is refused' >&2
fi
check 'it stops' daemon_stop "$dir"
integration_end
