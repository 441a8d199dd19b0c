#!/bin/bash
# structure.sh - functions fit a screen, files hold one subject, names and marks are in order.
# SPDX-License-Identifier: MIT
set -euo pipefail
cd "$(dirname "$0")/../.."
FUNCTION_LINES_MAX=60
FILE_LINES_MAX=400
status=0

long=$(find lib daemon -name '*.[ch]' -print0 | xargs -0 wc -l |
	awk -v max="$FILE_LINES_MAX" '$2 != "total" && $1 > max { print $2 ": " $1 " lines" }')
[[ -z $long ]] || { printf 'files over %d lines:\n%s\n' "$FILE_LINES_MAX" "$long" >&2; status=1; }

lengths=$(find lib daemon -name '*.c' | sort |
	ctags -x --c-kinds=f --_xformat='%{input} %{name} %{line} %{end}' -L - |
	awk '{ print $4 - $3 + 1, $1 ":" $3, $2 }' | sort -n)
long=$(awk -v max="$FUNCTION_LINES_MAX" '$1 > max' <<<"$lengths")
[[ -z $long ]] || { printf 'functions over %d lines:\n%s\n' "$FUNCTION_LINES_MAX" "$long" >&2; status=1; }

spdx=$(grep -L 'SPDX-License-Identifier: MIT' -r lib daemon tests --include='*.[ch]' --include='*.sh' || true)
[[ -z $spdx ]] || { printf 'without a licence line:\n%s\n' "$spdx" >&2; status=1; }

marks=$(grep -nE '\b(TODO|FIXME|XXX)\b' -r lib daemon contrib conf Makefile || true)
[[ -z $marks ]] || { printf 'unfinished marks:\n%s\n' "$marks" >&2; status=1; }

plain=$(find tests -name 'test_*.sh' ! -perm -u+x)
[[ -z $plain ]] || { printf 'tests that cannot be run (chmod +x):\n%s\n' "$plain" >&2; status=1; }

awk '{ n[NR] = $1 } END { printf "structure: %d functions, median %d lines, 95th percentile %d, longest %d\n",
	NR, n[int((NR + 1) / 2)], n[int(NR * 0.95)], n[NR] }' <<<"$lengths"
exit "$status"
