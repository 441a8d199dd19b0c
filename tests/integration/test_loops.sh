#!/bin/bash
# test_loops.sh - robots that answer each other come to an end, and what a limit holds is not lost.
# SPDX-License-Identifier: MIT
#
# Whether something more would have come is never waited for. An acknowledgement is in the outbox in
# the transaction that takes its mail in, and a robot answers only what it gets: so once all mails
# have their rows, and none is under way, the exchange is over.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

ASKS='Under the Freedom of Information Act 2000 please send me the number of street lamps.'
OTHER_NUMBERS='s|^request = .*|request = REQ{yyyy}/{seq:4}|'

# letter FROM TO SUBJECT TEXT: a plain mail of a person, by SMTP.
letter() {
	cat >"$dir/letter.eml" <<-END
		From: Kim Person <$1>
		To: $2
		Subject: $3
		Date: $(date -R)
		Message-ID: <$(openssl rand -hex 8)@person.example.com>

		$4
	END
	deliver_smtp "$dir" "$1" "$2" "$dir/letter.eml" >/dev/null
}

# made HOME [MORE]: acknowledgements in that daemon's outbox.
made() {
	store_sql "$1" "SELECT count(*) FROM outbox WHERE kind = 'acknowledgement' ${2-}"
}

# taken HOME: mails that this daemon has taken in.
taken() {
	store_sql "$1" 'SELECT count(*) FROM message'
}

# fates HOME [MORE]: what that daemon took its mails for, each once.
fates() {
	store_sql "$1" "SELECT group_concat(DISTINCT fate) FROM message ${2-}"
}

# watching HOME USER...: the daemons whose exchange is looked at, each with its mailbox.
watching() {
	watched=("$@")
}

# counted: for each of them the mails that lie in its mailbox, those it has taken in, and those it has still to send. No count ever falls but the last.
counted() {
	local i
	for ((i = 0; i < ${#watched[@]}; i += 2)); do
		printf '%s %s %s\n' "$(mailbox_count "$dir" "${watched[i + 1]}")" "$(taken "${watched[i]}")" \
			"$(store_sql "${watched[i]}" "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'held', 'failed')")"
	done
}

# all_over: all that lies in a mailbox is taken in, nothing is to be sent, and nothing is with a mail server; and
# as nothing was counted anew meanwhile, all of that was so at one moment.
all_over() {
	local before there taken pending
	before=$(counted) && [[ -z $(exim_queue "$dir") && $(counted) == "$before" ]] || return 1
	while read -r there taken pending; do
		[[ $there == "$taken" && $pending == 0 ]] || return 1
	done <<<"$before"
}

# settled WHAT HOME MAILS SENT: the exchange is over, with so many mails taken in and so many acknowledgements sent.
settled() {
	check "$1: it is over" wait_for all_over
	equal "$1: mails taken in" "$3" "$(taken "$2")"
	equal "$1: acknowledgements sent" "$4" "$(made "$2" "AND state = 'sent'")"
}

# ---- a responder that keeps the rules ---------------------------------------------------------

# on_holiday USER: a vacation responder in that mailbox.
on_holiday() {
	local home=$dir/mail/${1#*@}/${1%@*}
	servers_as "$dir" mkdir -p "$home" &&
		servers_as "$dir" tee "$home/.dovecot.sieve" >/dev/null <<-'END'
			require ["vacation"];
			vacation :days 7 "I am away until Monday. Please ask again then.";
		END
}

# answers_people USER NAME: that responder answers a person of that name.
answers_people() {
	letter "$(requester "$2")" "$1" 'Lunch' 'Shall we have lunch?' &&
		mailbox_wait "$dir" "$(requester "$2")" 1 20 &&
		[[ $(mailbox_header "$dir" "$(requester "$2")" 1 Auto-Submitted) == auto-replied* ]]
}

test_vacation() {
	local jo=jo@absent.example.net
	on_holiday "$jo"
	check 'a vacation responder: it answers people' answers_people "$jo" first
	letter "$jo" foi@foi.example.org 'Lamps' "$ASKS"
	check 'its owner gets the acknowledgement' mailbox_wait "$dir" "$jo" 2 20
	check 'and it answers people still' answers_people "$jo" second
	settled 'the exchange' "$dir" 1 1
	equal 'its owner has one acknowledgement' 1 \
		"$(mailbox_search_header "$dir" "$jo" Auto-Submitted auto-replied | wc -l)"
}

# An officer's own answer is no robot's, so the responder answers it; and that is all.
test_absence_note() {
	local reference
	reference=$(store_sql "$dir" 'SELECT reference FROM foi_case')
	daemon_mark "$dir"
	letter foi@foi.example.org jo@absent.example.net "Your request $reference" 'We are on it.'
	check 'an absence note comes' daemon_await "$dir" ' (mail-fate|triage|case-opened) ' 20
	settled 'an absence note' "$dir" 2 1
	equal 'an absence note: it is known for one' automatic "$(fates "$dir" 'WHERE id > 1')"
}

# ---- two authorities --------------------------------------------------------------------------

# second_home SED...: another daemon with a mailbox of its own at the same servers; its home is $b.
second_home() {
	b=$dir/b
	mkdir -p "$b"
	cp -p "$dir/env" "$dir/imap-password" "$b"
	daemon_install "$b"
	integration_homes+=("$b")
	configure_second
}

configure_second() {
	daemon_configure "$b" -e 's/^address = .*/address = foi@other.example.net/' \
		-e '/^\[mailbox/,/^\[smtp/s/^user = .*/user = foi@other.example.net/' \
		-e 's/^name = .*/name = Otherton Council/' "$@"
}

# both_start USER OTHER: both daemons with those mailboxes; all is empty.
both_start() {
	local user
	for user; do
		dovecot_adm "$dir" mailbox status -u "$user" messages INBOX >"$dir/output" # makes it
		dovecot_adm "$dir" expunge -u "$user" mailbox '*' all
	done
	watching "$dir" "$1" "$b" "$2"
	integration_keep
	rm -f "$dir"/foi/store* "$b"/foi/store*
	check 'the first daemon starts' daemon_start "$dir"
	check 'the second daemon starts' daemon_start "$b"
}

both_stop() {
	check 'the first daemon stops' daemon_stop "$dir"
	check 'the second daemon stops' daemon_stop "$b"
}

# A colleague writes from the watched mailbox of one authority to that of the other, whose acknowledgement
# has nothing that the first knows: but for its marks it would be a request.
test_one_asks_the_other() {
	configure_second -e "$OTHER_NUMBERS"
	both_start foi@foi.example.org foi@other.example.net
	letter foi@foi.example.org foi@other.example.net 'Lamps' "$ASKS"
	settled 'who was asked' "$b" 1 1
	settled 'who asked' "$dir" 1 0
	equal 'who asked: a person looks' triage "$(fates "$dir")"
	both_stop
}

# Both have a case of the same number, and ask each other at once.
test_both_ask() {
	configure_second
	both_start foi@foi.example.org foi@other.example.net
	letter foi@other.example.net foi@foi.example.org 'Benches' "$ASKS And benches?"
	letter foi@foi.example.org foi@other.example.net 'Bins' "$ASKS And bins?"
	settled 'both ask, the second' "$b" 2 1
	settled 'both ask, the first' "$dir" 2 1
	both_stop
}

# Both mailboxes have a vacation responder besides.
test_both_on_holiday() {
	on_holiday foi@foi.example.org
	on_holiday foi@other.example.net
	both_start foi@foi.example.org foi@other.example.net
	letter foi@foi.example.org foi@other.example.net 'Trees' "$ASKS And trees?"
	settled 'on holiday, who was asked' "$b" 1 1
	settled 'on holiday, who asked' "$dir" 2 0
	both_stop
	rm -f "$dir"/mail/foi.example.org/foi/.dovecot.s* "$dir"/mail/other.example.net/foi/.dovecot.s*
}

# A gateway on the way takes Auto-Submitted off, and the second numbers its cases in its own way: so
# an acknowledgement reads like a person's mail about a request. Each sends one at most.
test_stripped() {
	daemon_configure "$dir" -e 's/^address = .*/address = foi@stripped.example.org/' \
		-e '/^\[mailbox/,/^\[smtp/s/^user = .*/user = foi@stripped.example.org/'
	configure_second -e 's/^address = .*/address = foi@stripped.example.net/' \
		-e '/^\[mailbox/,/^\[smtp/s/^user = .*/user = foi@stripped.example.net/' \
		-e "$OTHER_NUMBERS"
	both_start foi@stripped.example.org foi@stripped.example.net
	letter foi@stripped.example.org foi@stripped.example.net 'Ponds' "$ASKS And ponds?"
	settled 'stripped, who was asked' "$b" 2 1
	settled 'stripped, who asked' "$dir" 1 1
	both_stop
}

# ---- a responder that keeps no rule -----------------------------------------------------------

# robot KIND [SED...]: a new store, and that robot asks.
robot() {
	integration_reset "${@:2}"
	watching "$dir" foi@foi.example.org
	check "robot $1: the daemon starts" daemon_start "$dir"
	letter "$1@robot.example.net" foi@foi.example.org 'Lamps' "$ASKS"
}

# With our reference in the subject it is mail on its case, however it is sent.
test_robot_re() {
	robot re
	check 're: it is acknowledged' daemon_await "$dir" ' acknowledgement-sent ' 20
	check 're: the answer belongs to the case' daemon_await "$dir" ' mail-fate .* fate=correspondence ' 20
	settled 're' "$dir" 2 1
	equal 're: cases' 1 "$(store_sql "$dir" 'SELECT count(*) FROM foi_case')"
	check 're: it stops' daemon_stop "$dir"
}

# With nothing in it that leads to a case each answer is a request, and the limit ends it.
test_robot_ask() {
	local last
	robot ask
	check 'ask: the limit holds' daemon_await "$dir" 'WARNING sender-limit ' 60
	settled 'ask' "$dir" 6 5
	logged 'ask: each that is held has its line' 1 'INFO acknowledgement-limited '
	equal 'ask: cases whose clock runs' 6 "$(store_sql "$dir" "SELECT count(*) FROM foi_case WHERE state = 'open'")"
	last=$(store_sql "$dir" 'SELECT reference FROM foi_case ORDER BY id DESC LIMIT 1')
	exits 'ask: its page' 0 foictl_run "$dir" show "$last"
	says 'ask: it shows the held one' '^ *State *held$'
	says 'ask: and why' '^ *Held *this sender has had as many as one sender may have within a day$'
	says 'ask: the history too' 'acknowledgement-held'
	says 'ask: and its mark' '^ *Look at .*not-acknowledged'
	check 'ask: it stops' daemon_stop "$dir"
}

# The count is the store's, so that a new start opens no gate.
test_robot_again() {
	check 'again: it starts' daemon_start "$dir"
	letter Ask@robot.example.net foi@foi.example.org 'Lamps' "$ASKS And then?"
	check 'again: it is held' daemon_await "$dir" 'INFO acknowledgement-limited ' 20
	settled 'again' "$dir" 7 5
	logged 'again: no second warning' 0 ' sender-limit '
	send_request another
	check 'again: others are answered' acknowledged another
	check 'again: it stops' daemon_stop "$dir"
}

test_robot_tag() {
	robot tag -e 's/^hour_limit = .*/&\nsender_limit = 2/'
	check 'tag: the limit holds' daemon_await "$dir" 'WARNING sender-limit ' 60
	settled 'tag' "$dir" 3 2
	check 'tag: it stops' daemon_stop "$dir"
}

# Who takes a new address each time is ended by the hour's limit.
test_robot_fresh() {
	robot fresh -e "s/^hour_limit = .*/hour_limit = 4/"
	check 'fresh: the limit holds' daemon_await "$dir" 'WARNING hour-limit ' 60
	settled 'fresh' "$dir" 5 4
	daemon_mark "$dir"
	send_request late
	check 'fresh: it holds for all' daemon_await "$dir" 'INFO acknowledgement-limited ' 20
	logged 'fresh: and is told once' 0 'WARNING hour-limit '
	equal 'fresh: no case is lost' 6 "$(store_sql "$dir" "SELECT count(*) FROM foi_case WHERE state = 'open'")"
	check 'fresh: no person in the journal' test "$(daemon_log "$dir" | grep -cE 'robot|requester')" == 0
	check 'fresh: it stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
watching "$dir" foi@foi.example.org
check 'it starts' daemon_start "$dir"
test_vacation
test_absence_note
check 'it stops' daemon_stop "$dir"
second_home
test_one_asks_the_other
test_both_ask
test_both_on_holiday
test_stripped
test_robot_re
test_robot_ask
test_robot_again
test_robot_tag
test_robot_fresh
integration_end
