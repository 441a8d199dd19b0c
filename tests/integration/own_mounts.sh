#!/bin/bash
# own_mounts.sh - a mount namespace of our own, so that no mount of a test outlives it.
# SPDX-License-Identifier: MIT
#
# Sourced with two words, the test's own arguments and what is skipped where there is no such
# namespace: . own_mounts.sh "${1:-}" 'no disk is filled'. Starts the test anew within one.

if [[ $1 != inside ]]; then
	for options in '--mount' '--user --keep-caps --map-current-user --mount'; do
		# shellcheck disable=SC2086 # one option a word
		unshare $options true 2>/dev/null || continue
		# shellcheck disable=SC2086 # as above
		exec unshare $options "$0" inside
	done
	echo "SKIPPED: this machine lets us have no mount namespace, so $2" >&2
fi
