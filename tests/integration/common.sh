# shellcheck shell=bash disable=SC1091
# common.sh - what the integration tests share: the servers, checks that are counted, the end.
# SPDX-License-Identifier: MIT
#
# Source it first. It loads lib.sh and daemon.sh, makes the sandbox $dir (integration_begin) and
# takes care of its end: whatever happens, no process and no file stays behind, but for
# build/logs/journal, where search_journal.py looks for what no log may hold.
#
#	. "$(dirname "$0")/common.sh"
#	integration_begin
#	equal fates 200 "$(store_sql "$dir" "SELECT count(*) FROM message")"
#	integration_end

INTEGRATION_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../servers/lib.sh
. "$INTEGRATION_HOME/../servers/lib.sh"
# shellcheck source=../servers/daemon.sh
. "$INTEGRATION_HOME/../servers/daemon.sh"

journal=$INTEGRATION_HOME/../../build/logs/journal/$(basename "$0" .sh)
dir=
checks_passed=0
integration_homes=() # of further daemons, which are stopped too

# integration_begin: starts both servers in a new sandbox $dir, with foimaild installed beside them.
integration_begin() {
	dir=$(servers_dir)
	mkdir -p "${journal%/*}"
	rm -f "$journal".{log,values}
	DAEMON_ARGUMENTS=(--debug) # no line of any level may tell of a person
	trap integration_clean EXIT
	trap 'exit 130' INT TERM
	servers_start "$dir"
	daemon_install "$dir"
	daemon_configure "$dir"
}

# integration_end: the closing line that tests/run.sh shows.
integration_end() {
	printf 'checks: %d passed\n' "$checks_passed"
}

integration_clean() {
	local status=$?
	trap - EXIT
	if ((status != 0)); then
		{ tail -n 60 "$dir/foi/log" 2>/dev/null || true; servers_logs "$dir"; } >&2
	fi
	local home
	for home in "${integration_homes[@]}"; do
		daemon_stop "$home" || true
	done
	daemon_stop "$dir" || true # a test that cares for the status has stopped it itself
	servers_stop "$dir" || status=1
	integration_keep || status=1
	cat "$dir"/foi/{logged,log} "${integration_homes[@]/%//foi/log}" >"$journal.log" 2>/dev/null || true # it may have made none
	rm -rf "$dir"
	exit "$status"
}

# integration_keep: whom and what the mails are about that the sandbox holds now.
integration_keep() {
	python3 "$INTEGRATION_HOME/../servers/mail_values.py" "$dir" >>"$journal.values"
}

# integration_reset [SED...]: a new store and an empty mailbox of the same servers, configured anew; the daemon has to be stopped.
integration_reset() {
	integration_keep
	dovecot_adm "$dir" expunge -u "$IMAP_USER" mailbox '*' all &&
		rm -f "$dir"/foi/store* &&
		daemon_log_anew "$dir" &&
		daemon_configure "$dir" "$@"
}

# check WHAT COMMAND...: counts a success; ends the test with WHAT on a failure.
check() {
	if "${@:2}"; then
		checks_passed=$((checks_passed + 1))
		printf 'ok   %s\n' "$1"
	else
		printf 'FAIL %s: %s\n' "$1" "${*:2}" >&2
		exit 1
	fi
}

# equal WHAT EXPECTED ACTUAL: both texts are the same, or the test ends.
equal() {
	if [[ $2 == "$3" ]]; then
		checks_passed=$((checks_passed + 1))
		printf 'ok   %s: %s\n' "$1" "$(equal_shown "$2")"
	else
		printf 'FAIL %s: expected "%s", got "%s"\n' "$1" "$2" "$3" >&2
		exit 1
	fi
}

# equal_shown TEXT: one short line of it.
equal_shown() {
	local first=${1%%$'\n'*}
	if [[ $first != "$1" ]]; then
		printf '%s ... (%d lines)' "${first:0:60}" "$(wc -l <<<"$1")"
	else
		printf '%s' "${first:-(nothing)}"
	fi
}

# exits WHAT STATUS COMMAND...: it ends with that exit status; what it said is in $dir/said.
exits() {
	local status=0
	"${@:3}" >"$dir/said" 2>&1 || status=$?
	((status == $2)) || cat "$dir/said" >&2
	equal "$1: exit status" "$2" "$status"
}

# says WHAT PATTERN [FILE]: the last command of `exits`, or FILE, has a line that matches the extended regular expression.
says() {
	if ! grep -qE -- "$2" "${3:-$dir/said}"; then
		cat "${3:-$dir/said}" >&2
	fi
	check "$1" grep -qE -- "$2" "${3:-$dir/said}"
}

# logged WHAT TIMES PATTERN: so many lines since the mark match.
logged() {
	equal "$1: lines logged" "$2" "$(daemon_log "$dir" | grep -cE -- "$3" || true)"
}

# json EXPRESSION: what the Python expression makes of `j`, the JSON on standard input; booleans as true and false, a list one entry a line.
json() {
	python3 -c '
import json, sys
j = json.load(sys.stdin)
v = eval(sys.argv[1])
for v in v if isinstance(v, list) else [v]:
    print(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False))' "$1"
}

# requester NAME: the address of a made requester.
requester() {
	printf '%s@requester.example.com' "$1"
}

# request NAME: a plain request of that requester, in $dir/NAME.eml.
request() {
	cat >"$dir/$1.eml" <<-END
		From: Robin $1 <$(requester "$1")>
		To: foi@foi.example.org
		Subject: A question of $1
		Date: $(date -R)
		Message-ID: <$1@requester.example.com>

		Under the Freedom of Information Act 2000 please send me the number of
		street lamps in the county.
	END
}

# send_request NAME [TO]: the request arrives by SMTP.
send_request() {
	request "$1" && deliver_smtp "$dir" "$(requester "$1")" "${2:-foi@foi.example.org}" "$dir/$1.eml" >/dev/null
}

# acknowledged NAME [SECONDS]: the requester has exactly one acknowledgement.
acknowledged() {
	mailbox_wait "$dir" "$(requester "$1")" 1 "${2:-20}" &&
		[[ $(mailbox_count "$dir" "$(requester "$1")") == 1 ]]
}

# gone PID...: none of them lives.
gone() {
	local pid
	for pid; do
		! kill -0 "$pid" 2>/dev/null || return 1
	done
}

# attempts: how often something failed since the mark, told or not. The daemon has to run with --debug.
attempts() {
	daemon_log "$dir" | grep -cE '^<[34]>.* fault=|DEBUG debug .*: failed again: ' || true
}

# haste_begin: from here on haste_end counts.
haste_begin() {
	haste_attempts=$(attempts)
	haste_began=$EPOCHSECONDS
}

# haste_end WHAT: no more attempts failed than five and ATTEMPTS_A_MINUTE. A loop without a wait makes hundreds, on a machine that is busy too.
haste_end() {
	local n=$(($(attempts) - haste_attempts)) seconds=$((EPOCHSECONDS - haste_began))
	check "$1: no haste: $n attempts in $seconds s" test "$n" -le $((5 + seconds * ATTEMPTS_A_MINUTE / 60))
}

# at_rest WHAT: all processes of the daemon sleep, but for a moment now and then. One that spins is found
# running each time, on a machine that is busy too: to wait for a processor is to run.
at_rest() {
	local pid line look busy=0
	for ((look = 0; look < 30; look++)); do
		for pid in $(daemon_pids "$dir"); do
			{ read -r line <"/proc/$pid/stat"; } 2>/dev/null || continue # it has just ended
			[[ ${line##*) } == R* ]] || continue
			busy=$((busy + 1))
			break
		done
		sleep 0.1 # the span that is looked at; nothing is waited for
	done
	check "$1: at rest: found running $busy times of $look" test "$busy" -lt 10
}

# no_haste WHAT: while it waits for better times, for three seconds, it neither spins nor tries and tries.
no_haste() {
	local haste_attempts haste_began
	haste_begin
	at_rest "$1"
	haste_end "$1, while it lasts"
}

# is_sanitized: whether the daemon is built with sanitizers, which take memory and time of their own.
# (`grep -q` would leave before nm has written all, which pipefail would take for an error.)
is_sanitized() {
	[ "$(nm "$DAEMON_BUILD/foimaild" | grep -c __asan_init)" -gt 0 ]
}
