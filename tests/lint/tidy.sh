#!/bin/bash
# tidy.sh - clang-tidy over lib and daemon, one file a processor; prints findings only.
# SPDX-License-Identifier: MIT
#
# Usage: tests/lint/tidy.sh COMPILER-FLAG...
set -euo pipefail
cd "$(dirname "$0")/../.."

# tidy COMPILER-FLAG... FILE: the file comes last because xargs puts it there.
tidy() {
	local file=${*: -1} output
	output=$(clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option "$file" -- \
		"${@:1:$#-1}" 2>&1) || { printf '%s\n' "$output"; return 1; }
}
export -f tidy

printf '%s\0' lib/*/*.c daemon/*.c |
	xargs -0 -P"$(nproc)" -n1 bash -c 'tidy "$@"' tidy "$@"
echo 'tidy: clang-tidy finds nothing'
