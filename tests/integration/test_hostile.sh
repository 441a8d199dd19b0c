#!/bin/bash
# test_hostile.sh - mails made to hurt their reader: each has its fate within seconds, and harms no other.
# SPDX-License-Identifier: MIT
#
# Sixty-odd kinds (tests/servers/hostile_*.py), up to 50 MB each. First each alone: a line of the
# table says how long it took from its arrival in the mailbox, and what became of it. Then all in one
# batch, with the mails of other people before, among and behind them, into a new store. Twice what
# they have together, 4 GB, has to be free in /tmp: they lie in the mailbox and in the store.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

SECONDS_MAX=5   # for one mail alone
MEMORY_MAX=320  # MiB (PSS) of all processes of the daemon at any moment; 160 to 190 are usual
KEPT_MAX=90     # the same when an ordinary mail has come behind them; 65 are usual
CUT_MB=0        # MB of a mail that are let in; 0: all
REGISTER_MAX=22 # of register alone; 13 are usual, 30 where glibc keeps what a long mail took
IN_PART_MAX=4   # kinds that a busy machine may have no time to read whole
OTHERS=30       # mails of other people in the batch

# Sanitizers make a reader ten times as slow, and keep what was freed.
if is_sanitized; then
	SECONDS_MAX=50
	MEMORY_MAX=1600
	KEPT_MAX=1600
	REGISTER_MAX=1600
	CUT_MB=1
fi

# watched HOW FILE...: lets the mails in, and prints what became of them.
watched() {
	local status=0
	python3 "$INTEGRATION_HOME/watch_hostile.py" "$1" "$maildir" "$dir/foi/pid" "$dir/foi/store" \
		$((SECONDS_MAX * 4)) "${@:2}" >"$dir/seen" || status=$?
	awk -F '\t' 'NF == 4 { printf "     %-24s %5s MB %6s s  %s\n", $1, $2, $3, $4; next } { print "     " $0 }' "$dir/seen"
	return "$status"
}

# memory WHEN: MiB of all processes before, at the peak or after.
memory() {
	awk -F '\t' -v when="$1" '$1 == when { print int($2) }' "$dir/seen"
}

# register_memory: MiB of register alone afterwards.
register_memory() {
	sed -nE 's/^after\t.*register ([0-9]+)\..*/\1/p' "$dir/seen"
}

# slow [SECONDS]: the kinds that took longer.
slow() {
	awk -F '\t' -v max="${1:-$SECONDS_MAX}" 'NF == 4 && $3 > max { print $1 }' "$dir/seen"
}

# fates: kind and fate of each mail of ours, by name; "in-part" where a busy machine left no time for more than its header.
fates() {
	store_sql "$dir" "SELECT substr(message_id, 2, instr(message_id, '@') - 2) kind,
		CASE WHEN fate = 'unreadable' OR reasons LIKE '%\"header-only\"%' THEN 'in-part' ELSE fate END
		FROM message m JOIN message_text t ON t.message = m.id
		WHERE message_id LIKE '%@hostile.example.com>' AND fate <> 'duplicate' ORDER BY 1"
}

# changed FILE FILE: kinds whose fate, where both could be read, is another.
changed() {
	join -t '|' "$1" "$2" | awk -F '|' '$2 != $3 && $2 != "in-part" && $3 != "in-part" { print }'
}

# unharmed WHEN: the daemon is what it was.
unharmed() {
	check "$1: register has not died" kill -0 "$(cat "$dir/foi/pid")"
	check "$1: of memory at most $MEMORY_MAX MiB at its peak: $(memory peak)" test "$(memory peak)" -le "$MEMORY_MAX"
	check "$1: of memory at most $KEPT_MAX MiB afterwards: $(memory after)" test "$(memory after)" -le "$KEPT_MAX"
	check "$1: of it at most $REGISTER_MAX MiB in register" test "$(register_memory)" -le "$REGISTER_MAX"
	equal "$1: the journal names nobody" 0 "$(grep -ciE '@|robin|requester|hostile|street lamp' "$dir/foi/log" || true)"
}

# once_more: those that were slow once more, alone: a machine that does much else may have made them so.
once_more() {
	local kind files=()
	for kind in $(slow); do
		cp -l "$dir/hostile/$kind.eml" "$dir/in"
		files+=("$dir/in/$kind.eml")
	done
	((${#files[@]} == 0)) || watched one "${files[@]}"
}

test_alone() {
	cp -l "$dir"/hostile/*.eml "$dir/mails/000001.eml" "$dir/in"
	check 'each alone has a fate' watched one "$dir"/in/[a-z]*.eml "$dir/in/000001.eml"
	equal 'count of fates' $((kinds + 1)) "$(store_sql "$dir" 'SELECT count(*) FROM message')"
	unharmed alone
	once_more
	once_more
	equal "over $SECONDS_MAX s each time" '' "$(slow)"
	fates >"$dir/alone"
	equal 'kinds with a fate of their own' "$kinds" "$(wc -l <"$dir/alone")"
	check 'it stops in order' daemon_stop "$dir"
}

# batch: the files, some of other people's first, then one behind every third of ours, then the rest.
batch() {
	local file n=0 other
	other=("$dir"/in/0*.eml)
	printf '%s\n' "${other[@]:0:3}"
	for file in "$dir"/in/[a-z]*.eml; do
		n=$((n + 1))
		printf '%s\n' "$file"
		((n % 3 != 0)) || printf '%s\n' "${other[n / 3 + 2]}"
	done
	printf '%s\n' "${other[@]:n / 3 + 3}"
}

others_acknowledged() {
	[[ $(store_sql "$dir" "SELECT count(*) FROM outbox o JOIN foi_case c ON c.id = o.case_id JOIN message m ON m.id = c.message
		WHERE o.state = 'sent' AND m.message_id NOT LIKE '%@hostile.example.com>'") == "$OTHERS" ]]
}

test_batch() {
	local -a files
	# shellcheck disable=SC2119 # the configuration stays as it is
	integration_reset
	daemon_start "$dir"
	cp -l "$dir"/hostile/*.eml "$dir"/mails/*.eml "$dir/in"
	mapfile -t files < <(batch)
	equal 'mails in the batch' $((kinds + OTHERS)) "${#files[@]}"
	check 'all in one batch: each has a fate' watched batch "${files[@]}"
	equal 'count of fates' $((kinds + OTHERS)) "$(store_sql "$dir" 'SELECT count(*) FROM message')"
	unharmed batch
	equal "over $((SECONDS_MAX * 2)) s behind the one before" '' "$(slow $((SECONDS_MAX * 2)))"
	fates >"$dir/batch"
	equal 'kinds with a fate of their own' "$kinds" "$(wc -l <"$dir/batch")"
	equal 'with another fate than alone' '' "$(changed "$dir/alone" "$dir/batch")"
	check "read in part: at most $IN_PART_MAX" test "$(cat "$dir/alone" "$dir/batch" | grep -c 'in-part')" -le "$IN_PART_MAX"
	equal 'the mails of other people are requests, read without a warning' "$OTHERS" "$(store_sql "$dir" "SELECT count(*)
		FROM message m JOIN message_text t ON t.message = m.id JOIN foi_case c ON c.message = m.id
		WHERE m.fate = 'request' AND t.warnings = '[]' AND c.due > c.received AND m.message_id NOT LIKE '%@hostile.example.com>'")"
	check 'and are acknowledged' wait_for others_acknowledged
	check 'it stops in order' daemon_stop "$dir"
}

integration_begin
# shellcheck disable=SC1091 # made a line above
. "$dir/env"
maildir=$MAIL_ROOT/${IMAP_USER#*@}/${IMAP_USER%@*}/Maildir # the daemon's first look makes it
mkdir "$dir/in"
mailbox_make "$dir/mails" "$OTHERS" --only request
python3 "$INTEGRATION_HOME/../servers/make_hostile.py" "$dir/hostile" "$CUT_MB"
kinds=$(find "$dir/hostile" -name '*.eml' | wc -l)
daemon_start "$dir"
test_alone
test_batch
integration_end
