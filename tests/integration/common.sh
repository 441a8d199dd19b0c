# shellcheck shell=bash disable=SC1091
# common.sh - what the integration tests share: the servers, checks that are counted, the end.
# SPDX-License-Identifier: MIT
#
# Source it first. It loads lib.sh and daemon.sh, makes the sandbox $dir (integration_begin) and
# takes care of its end: whatever happens, no process and no file stays behind.
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

dir=
checks_passed=0

# integration_begin: starts both servers in a new sandbox $dir, with foimaild installed beside them.
integration_begin() {
	dir=$(servers_dir)
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
	daemon_stop "$dir" || true # a test that cares for the status has stopped it itself
	servers_stop "$dir" || status=1
	rm -rf "$dir"
	exit "$status"
}

# integration_reset [SED...]: a new store and an empty mailbox of the same servers, configured anew; the daemon has to be stopped.
integration_reset() {
	dovecot_adm "$dir" expunge -u "$IMAP_USER" mailbox '*' all &&
		rm -f "$dir"/foi/store* "$dir/foi/log" "$dir/foi/mark" &&
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
