#!/bin/bash
# test_letters.sh - foictl explain reads every mail of tests/mail as Python does, but for the differences that are listed.
# SPDX-License-Identifier: MIT
set -euo pipefail
build=${DAEMON_BUILD:?the folder that holds foictl}
root=$(cd "$(dirname "$0")/../.." && pwd)
exec python3 "$root/tests/integration/letters_peer.py" "$build/foictl" "$root/tests/mail"
