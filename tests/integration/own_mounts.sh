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

# own_disk FOLDER SIZE: a tmpfs of that size over it, as only we see it. mount(8) refuses who is not root, the kernel does not.
own_disk() {
	python3 - "$1" "size=$2,mode=777" <<-'END'
		import ctypes, os, sys
		libc = ctypes.CDLL(None, use_errno=True)
		libc.mount(b'none', b'/', None, 1 << 14 | 1 << 18, None)  # MS_REC | MS_PRIVATE
		if libc.mount(b'tmpfs', sys.argv[1].encode(), b'tmpfs', 0, sys.argv[2].encode()):
		    sys.exit(os.strerror(ctypes.get_errno()))
	END
}
