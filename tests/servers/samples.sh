# shellcheck shell=bash disable=SC1091
# samples.sh - the sample letters on their way through the daemon, for the demo and the tests.
# SPDX-License-Identifier: MIT
#
# Source it after daemon.sh. tests/samples/expected.tsv says what has to become of each letter.

SAMPLES=$SERVERS_HOME/../samples

# samples_rows first|answers: the rows of the letters that answer nothing, or of those that do.
samples_rows() {
	grep -v '^#' "$SAMPLES/expected.tsv" |
		awk -F '\t' -v which="$1" '($2 == "-") == (which == "first")'
}

# sample_requester NAME: who is acknowledged for that letter.
sample_requester() {
	awk -F '\t' -v name="$1" '$1 == name { print $4 }' "$SAMPLES/expected.tsv"
}

# sample_case DIR NAME: "REFERENCE<tab>MESSAGE-ID" of the acknowledgement that the letter got.
sample_case() {
	local requester subject id reference
	requester=$(sample_requester "$2")
	subject=$(mailbox_header "$1" "$requester" 1 Subject) || return 1
	id=$(mailbox_header "$1" "$requester" 1 Message-ID) || return 1
	reference=$(grep -oE '(FOI|IR) [0-9]{6}/[0-9]{2}' <<<"$subject" | head -n 1)
	[[ -n $reference ]] || { servers_say "no reference in the acknowledgement of $2"; return 1; }
	id=${id#<}
	printf '%s\t%s\n' "$reference" "${id%>}"
}

# samples_deliver DIR first|answers: by SMTP, as strangers' servers would; prints each name.
samples_deliver() {
	local dir=$1 name answers to reference id
	while IFS=$'\t' read -r name answers _ to <&3; do
		cp "$SAMPLES/$name.eml" "$dir/letter.eml"
		if [[ $answers != - ]]; then
			IFS=$'\t' read -r reference id < <(sample_case "$dir" "$answers")
			[[ -n $id ]] || return 1
			sample_fill "$SAMPLES/$name.eml" "$reference" "$id" >"$dir/letter.eml"
		fi
		deliver_smtp "$dir" - foi@foi.example.org "$dir/letter.eml" >/dev/null || return 1
		printf '  %s\n' "$name"
	done 3< <(samples_rows "$2")
}

# samples_await DIR first|answers: returns once every acknowledgement of these letters has arrived
# and every one of them has its fate in the daemon's log since the mark.
samples_await() {
	local dir=$1 which=$2 name to wanted
	wanted=$(samples_rows "$which" | wc -l)
	daemon_await "$dir" ' (case-opened|mail-fate|triage|unreadable|bounce-recorded) ' 60 "$wanted" || return 1
	while IFS=$'\t' read -r name _ _ to <&3; do
		[[ $to != - ]] || continue
		wanted=$(if [[ $which == first ]]; then echo 1; else echo 2; fi)
		mailbox_wait "$dir" "$to" "$wanted" 60 ||
			{ servers_say "no acknowledgement for $name"; return 1; }
	done 3< <(samples_rows "$which")
}

# samples_check DIR: compares every fate and every count of acknowledgements with what has to be;
# prints what differs.
samples_check() {
	local dir=$1 status=0 expected actual to
	expected=$(grep -v '^#' "$SAMPLES/expected.tsv" | cut -f 3 | sort | uniq -c | awk '{ print $2, $1 }')
	actual=$(store_sql "$dir" 'SELECT fate FROM message' | sort | uniq -c | awk '{ print $2, $1 }')
	[[ $expected == "$actual" ]] ||
		{ printf 'fates differ:\n%s\n' "$(diff <(echo "$expected") <(echo "$actual"))" >&2; status=1; }
	while read -r to <&3; do
		expected=$(grep -v '^#' "$SAMPLES/expected.tsv" | cut -f 4 | grep -cxF -- "$to")
		actual=$(mailbox_count "$dir" "$to")
		[[ $expected == "$actual" ]] ||
			{ servers_say "$actual acknowledgements in a mailbox that should have $expected"; status=1; }
	done 3< <(grep -v '^#' "$SAMPLES/expected.tsv" | cut -f 4 | grep -v '^-$' | sort -u)
	return "$status"
}
