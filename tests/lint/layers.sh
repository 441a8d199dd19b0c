#!/bin/bash
# layers.sh - holds the architecture: who may include whom, and one module a foreign library.
# SPDX-License-Identifier: MIT
#
# Rows from below to above: lib/base, lib/domain, lib/adapters, lib/flow, daemon. A file includes
# only from its own row and rows below. Prints each breach and ends with 1 if there is any.
set -euo pipefail
cd "$(dirname "$0")/../.."

# HEADER PATTERN (extended regular expression) | FILES (shell patterns) that may include it
FOREIGN='
^<sqlite3\.h>             | lib/adapters/store*
^<libetpan/               | lib/adapters/imap* lib/domain/letter* lib/domain/transfer*
^<curl/                   | lib/adapters/imap* lib/adapters/smtp* lib/adapters/curl_fault* lib/adapters/holidays_feed*
^<nettle/                 | lib/base/digest.c
^<gumbo\.h>               | lib/domain/html*
^<iconv\.h>               | lib/domain/charset*
^<ini\.h>                 | lib/adapters/config*
^<jansson\.h>             | lib/adapters/* daemon/*
^<systemd/sd-journal\.h>  | daemon/journal*
^<systemd/                | daemon/*
^<seccomp\.h>             | daemon/wall*
'

breaches=0
breach() { printf '%s\n' "$*" >&2; breaches=$((breaches + 1)); }

rank() {
	case $1 in
	lib/base/*|base/*) echo 1 ;;
	lib/domain/*|domain/*) echo 2 ;;
	lib/adapters/*|adapters/*) echo 3 ;;
	lib/flow/*|flow/*) echo 4 ;;
	daemon/*) echo 5 ;;
	*) echo 0 ;;
	esac
}

check_own() {
	local file=$1 header=$2 mine theirs
	mine=$(rank "$file")
	theirs=$(rank "$header")
	((theirs > 0)) || breach "$file: \"$header\" is in no row"
	((theirs <= mine)) || breach "$file: includes \"$header\" from a row above its own"
}

check_foreign() {
	local file=$1 header=$2 pattern files one
	while IFS='|' read -r pattern files; do
		pattern=${pattern// /}
		[[ -n $pattern && $header =~ $pattern ]] || continue
		for one in $files; do
			# shellcheck disable=SC2053 # the right side is a pattern
			[[ $file != $one ]] || return 0
		done
		breach "$file: $header belongs to $files"
		return 0
	done <<<"$FOREIGN"
}

while IFS=: read -r file line; do
	header=${line#*include }
	case $header in
	\"*) header=${header#\"}; check_own "$file" "${header%%\"*}" ;;
	\<*) check_foreign "$file" "$header" ;;
	esac
done < <(grep -HE '^[[:space:]]*#[[:space:]]*include ' -r lib daemon --include='*.[ch]')

# What lib/ must never do: log, end the process, read the clock, keep state between calls.
if grep -nE '\b(sd_journal|syslog|exit|abort|getenv|time|gettimeofday|clock_gettime|localtime|sleep|usleep|alloca|sprintf|strcpy|strcat|strtok|atoi|strtol|strtoul|system|popen) ?\(' \
	-r lib --include='*.c' | grep -vE '^[^:]+:[0-9]+:[[:space:]]*(/?\*|//)'; then
	breach 'lib/: calls that are banned there (see above)'
fi

((breaches == 0)) || { printf 'layers: %d breaches\n' "$breaches" >&2; exit 1; }
echo 'layers: every include is where it may be'
