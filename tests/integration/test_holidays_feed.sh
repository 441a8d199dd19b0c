#!/bin/bash
# test_holidays_feed.sh - one HTTPS request for the bank holidays, against a server that does all it can do wrong.
# SPDX-License-Identifier: MIT
#
# DAEMON_BUILD is where test_holidays_feed is built; `tests/packages.sh test` has to have run before.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/servers/lib.sh
. tests/servers/daemon.sh
. tests/servers/feed.sh

unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY # our server is on this machine
program=$(realpath "${DAEMON_BUILD:-build}/tests/integration/test_holidays_feed")
dir=$(servers_dir)
trap 'feed_stop "$dir"; rm -rf "$dir"' EXIT

mkdir "$dir/tls"
certificates_make "$dir/tls"
if ((EUID == 0)); then chown -R "$(servers_user)" "$dir/tls"; fi
feed_start "$dir"
FEED_URL=$(feed_url "$dir" '') FEED_CA=$dir/tls/ca.pem
export FEED_URL FEED_CA
for FEED_CERT in good expired foreign othername; do
	export FEED_CERT
	feed_certificate "$dir" "$FEED_CERT"
	printf '== certificate: %s\n' "$FEED_CERT"
	"$program"
done
feed_stop "$dir"
FEED_CERT=away "$program"
