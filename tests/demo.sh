#!/bin/bash
# demo.sh - the main job before your eyes: letters in, cases, deadlines and acknowledgements out.
# SPDX-License-Identifier: MIT
#
# Run by `make demo`. Starts a private Dovecot and Exim on loopback and foimaild beside them, sends
# the letters of tests/samples/ as the public would, and shows what came of them. Everything lives
# in one folder below /tmp and is gone at the end. Ends with 1 when a letter has no fate or an
# acknowledgement is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=servers/lib.sh
. "$here/servers/lib.sh"
# shellcheck source=servers/daemon.sh
. "$here/servers/daemon.sh"
# shellcheck source=servers/samples.sh
. "$here/servers/samples.sh"

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
[[ -t 1 ]] || say() { printf '\n== %s\n' "$*"; }

clean_up() {
	local status=$?
	trap - EXIT
	daemon_stop "$dir" || status=1
	servers_stop "$dir" || status=1
	rm -rf "$dir"
	exit "$status"
}

dir=$(servers_dir)
trap clean_up EXIT
trap 'exit 130' INT TERM

say 'Starting a private Dovecot (IMAPS), Exim (SMTP with STARTTLS) and foimaild'
servers_start "$dir"
daemon_install "$dir"
daemon_configure "$dir"
daemon_start "$dir"
daemon_mark "$dir"

say 'Nine letters arrive by SMTP'
samples_deliver "$dir" first
samples_await "$dir" first

say 'Six more answer what came of them'
daemon_mark "$dir"
samples_deliver "$dir" answers
samples_await "$dir" answers

say 'foictl status'
foictl_run "$dir" status

say 'foictl list --state any'
foictl_run "$dir" list --state any

reference=$(sample_case "$dir" 01-plain-request | cut -f 1)
say "foictl show '$reference'"
foictl_run "$dir" show "$reference"

say 'The acknowledgement, as it lies in the requester'"'"'s mailbox'
mailbox_read "$dir" "$(sample_requester 01-plain-request)" 1

say 'What the journal says (here: what foimaild wrote to its standard error)'
grep -E ' (case-opened|mail-fate|bounce-recorded|acknowledgement-sent) ' "$dir/foi/log"

say 'Checking: every letter has its fate, every acknowledgement arrived once'
samples_check "$dir"
echo "All $(grep -vc '^#' "$SAMPLES/expected.tsv") letters have the fate they should have, and every acknowledgement arrived once."
