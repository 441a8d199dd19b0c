#!/bin/bash
# run.sh - the daemon is killed at every system call that writes, syncs or sends, and lets each fail once.
# SPDX-License-Identifier: MIT
#
# Usage: tests/crash/run.sh
# In the environment: POINTS=N, so many points instead of all; RESUME=1, go on where the last run was
# broken off. Results, and all that belongs to a point that broke something, lie in build/crash.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../integration/common.sh
. "$here/../integration/common.sh"
# shellcheck source-path=SCRIPTDIR source=crash.sh
. "$here/crash.sh"
# shellcheck source-path=SCRIPTDIR source=walk.sh
. "$here/walk.sh"

keep=$here/../../build/crash
crash_begin
crash_may_trace "$dir" || { echo 'strace may not trace on this machine' >&2; exit 1; }
if [[ -z ${RESUME:-} || ! -s $keep/plan ]]; then
	rm -rf "$keep"
	mkdir -p "$keep"
	crash_plan >"$dir/plan"
	if [[ -n ${POINTS:-} ]]; then
		walk_pick "$POINTS" <"$dir/plan" >"$dir/picked"
		mv "$dir/picked" "$dir/plan"
	fi
	mv "$dir/plan" "$keep/plan"
fi
walk "$keep/plan" "$keep/results" 25
walk_sums "$keep/results"
