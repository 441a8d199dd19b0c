#!/bin/bash
# memory.sh - a backlog of mixed mails: mails a second, and the memory of all processes together.
# SPDX-License-Identifier: MIT
#
# Lays the mails into the mailbox past the servers, starts the daemon with `start = all` and prints
# how fast they were committed, how fast their acknowledgements left, and the PSS of all processes
# of the daemon together: the peak while it worked (sampled), and afterwards. The target is 48 MiB.
# No limit fails it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../integration/common.sh
. "$(dirname "$0")/../integration/common.sh"

MAILS=${1:-5000}

integration_begin
# shellcheck disable=SC1091 # made a line above
. "$dir/env"
mailbox_make "$dir/mails" "$MAILS"
daemon_configure "$dir" -e 's/^poll = .*/&\nstart = all/'
mailbox_fill "$dir" "$IMAP_USER" "@$dir/mails/list"
dovecot_adm "$dir" mailbox status -u "$IMAP_USER" messages INBOX >/dev/null # its index is not what is measured
daemon_launch "$dir"
python3 "$(dirname "$0")/watch_memory.py" "$dir/foi/pid" "$dir/foi/store" "$MAILS"
