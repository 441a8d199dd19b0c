#!/bin/bash
# test_fetch_dovecot.sh - the fetch role against a private Dovecot, under each of its certificates.
# SPDX-License-Identifier: MIT
#
# DAEMON_BUILD is where test_fetch_dovecot is built; `tests/packages.sh test` has to have run before.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/servers/lib.sh

program=${DAEMON_BUILD:-build}/tests/integration/test_fetch_dovecot
dir=$(servers_dir)
trap 'dovecot_stop "$dir"; rm -rf "$dir"' EXIT

servers_make "$dir"
set -a
. "$dir/env"
set +a
for SERVERS_CERT in good expired foreign othername; do
	export SERVERS_CERT
	servers_as "$dir" cp "$dir/tls/$SERVERS_CERT.pem" "$dir/tls/cert.pem"
	dovecot_start "$dir"
	printf '== certificate: %s\n' "$SERVERS_CERT"
	"$program" || { servers_logs "$dir"; exit 1; }
	dovecot_stop "$dir"
done
