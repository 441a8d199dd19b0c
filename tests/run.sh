#!/bin/bash
# run.sh - runs tests one after another and counts them.
# SPDX-License-Identifier: MIT
#
# Usage: tests/run.sh NAME PROGRAM...
# A program passes with exit status 0. Its output is kept in build/logs and shown when it fails.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
name=$1
shift
limit=${TEST_SECONDS_MAX:-900}
logs=build/logs
mkdir -p "$logs"
passed=0
failed=0

for program; do
	log=$logs/$(basename "$program").log
	started=$SECONDS
	if timeout --kill-after=30 "$limit" "$program" >"$log" 2>&1; then
		passed=$((passed + 1))
		printf 'ok   %-40s %3d s  %s\n' "$(basename "$program")" $((SECONDS - started)) \
			"$(grep -ohE '\[  PASSED  \] .*|^checks: .*' "$log" | tail -n 1)"
	else
		failed=$((failed + 1))
		printf 'FAIL %-40s %3d s\n' "$(basename "$program")" $((SECONDS - started))
		tail -n 100 "$log"
	fi
done
((passed + failed > 0)) || { echo "$name: there are no tests" >&2; exit 1; }
printf '%s: %d passed, %d failed\n' "$name" "$passed" "$failed"
((failed == 0))
