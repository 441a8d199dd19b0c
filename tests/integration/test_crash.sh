#!/bin/bash
# test_crash.sh - a sample of `make check-crash`: the daemon is killed at system calls, or they fail; nothing is lost or doubled.
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source-path=SCRIPTDIR source=../crash/crash.sh
. "$INTEGRATION_HOME/../crash/crash.sh"
# shellcheck source-path=SCRIPTDIR source=../crash/walk.sh
. "$INTEGRATION_HOME/../crash/walk.sh"

POINTS=20

# A process under strace cannot look for leaks at its end.
if is_sanitized; then
	POINTS=1 # one of each kind
	DAEMON_ENV=("ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0")
fi

crash_begin
if ! crash_may_trace "$dir"; then
	echo 'checks: none, SKIPPED: strace may not trace on this machine, so nothing is killed at a system call'
	exit 0
fi
crash_plan | grep -v '^ENOSPC+ ' | walk_pick "$POINTS" >"$dir/plan" # a disk that stays full takes 20 s
walk "$dir/plan" "$dir/results" 10
check 'nothing is broken' walk_sums "$dir/results"
check 'the calls came' test "$(grep -c "$(printf '\t')hit" "$dir/results")" -gt $(($(wc -l <"$dir/plan") * 8 / 10))
printf 'checks: %d points, no violation\n' "$(wc -l <"$dir/results")"
