#!/bin/bash
# run.sh - runs the fuzz targets one after another and reports what each did.
# SPDX-License-Identifier: MIT
#
# Usage: tests/fuzz/run.sh FOLDER SECONDS [TARGET...]
#
# FOLDER holds the programs as `make fuzz` builds them; new finds are kept below it and are seeds of
# the next run. The seeds of the tree are only read. Ends with 1 if any target crashed, took too
# long, took too much memory or leaked; then the input and the command that shows it are printed.
set -euo pipefail
cd "$(dirname "$0")/../.."

TIMEOUT=10   # seconds for one input
MEMORY=2048  # MiB
TABLE='%-16s %8s %12s %8s %8s %9s %8s %8s\n'

folder=$1
limit=$2
shift 2
kept=$folder/kept
failed=0

# settings NAME: the longest input and the folders of other seeds, from targets.txt.
settings() {
	awk -v name="$1" '$1 == name { $1 = ""; print; found = 1 } END { exit !found }' \
		tests/fuzz/targets.txt
}

# last_number LOG WORD: the number behind the last "WORD" in what libFuzzer said; "-": none.
last_number() {
	grep -oE "$2 +[0-9]+" "$1" | awk 'END { print NR ? $NF : "-" }'
}

# fuzz NAME: one run; its log, its finds and its crashes are below $kept. Prints its row.
fuzz() {
	local name=$1 crashes=$kept/crashes/$1 log=$kept/$1.log started=$SECONDS status=0 n_crashes
	local -a words dictionary=()
	read -r -a words < <(settings "$name")
	mkdir -p "$kept/corpus/$name" "$crashes"
	[[ ! -f tests/fuzz/$name.dict ]] || dictionary=(-dict="tests/fuzz/$name.dict")
	touch "$kept/started"
	ASAN_OPTIONS=allow_addr2line=1 "$folder/tests/fuzz/fuzz_$name" \
		-max_total_time="$limit" -max_len="${words[0]}" -timeout="$TIMEOUT" \
		-rss_limit_mb="$MEMORY" -detect_leaks=1 -print_final_stats=1 \
		-artifact_prefix="$crashes/" "${dictionary[@]}" "$kept/corpus/$name" \
		"tests/fuzz/corpus/$name" "${words[@]:1}" >"$log" 2>&1 || status=$?
	n_crashes=$(find "$crashes" -type f ! -name 'slow-unit-*' -newer "$kept/started" | wc -l)
	# shellcheck disable=SC2059 # the table's form
	printf "$TABLE" "$name" $((SECONDS - started)) \
		"$(last_number "$log" stat::number_of_executed_units:)" \
		"$(last_number "$log" stat::average_exec_per_sec:)" \
		"$(last_number "$log" cov:)" "$(last_number "$log" ft:)" \
		"$(last_number "$log" corp:)" "$n_crashes"
	((status == 0)) || report "$name" "$status" "$crashes" "$log"
}

# report NAME STATUS CRASHES LOG: what went wrong, and how to see it again.
report() {
	local input
	failed=1
	printf '%s ended with status %d:\n' "$1" "$2" >&2
	grep -E '^==[0-9]+==ERROR|^SUMMARY|runtime error|does not hold|ALARM' "$4" >&2 || tail -n 20 "$4" >&2
	find "$3" -type f -newer "$kept/started" | while read -r input; do
		printf 'the input is %s; to see it again:\n  %s %s\n' "$input" \
			"$folder/tests/fuzz/fuzz_$1" "$input" >&2
	done
	printf 'all that it said: %s\n' "$4" >&2
}

(($# > 0)) || mapfile -t names < <(find tests/fuzz -name 'fuzz_*.c' -printf '%f\n' | sort)
(($# == 0)) || names=("$@")
mkdir -p "$kept"
# shellcheck disable=SC2059 # the table's form
printf "$TABLE" target seconds executions a_second edges features corpus crashes
for name in "${names[@]}"; do
	name=${name#fuzz_}
	fuzz "${name%.c}"
done
exit "$failed"
