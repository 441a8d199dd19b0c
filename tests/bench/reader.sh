#!/bin/bash
# reader.sh - how many mails and MB a second are read: by the parse worker, letter_parse() and libetpan.
# SPDX-License-Identifier: MIT
#
# No limit fails it. The target is half of libetpan's rate: beside its search for parts for mails
# without attachments, beside its decoding of every attachment for all mails (each of ours is also
# digested by SHA-256, and all text becomes UTF-8).
set -euo pipefail

MAILS=${1:-5000}
ROUNDS=${2:-5}

dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
python3 "$(dirname "$0")/../servers/make_mailbox.py" "$dir" "$MAILS"
"$DAEMON_BUILD/tests/bench/reader" "$dir" "$ROUNDS"
