#!/bin/bash
# test_store_io.sh - the store's disk fails to write or to sync, or has become read-only: one line, no haste, nothing lost.
# SPDX-License-Identifier: MIT
#
# No disk fails when it is asked to, so strace(1) lets the system calls of register fail. The disk that is read-only
# from the start is a real one, in a mount namespace of our own.
set -euo pipefail
# shellcheck source=own_mounts.sh
. "$(dirname "$0")/own_mounts.sh" "${1:-}" 'no disk is read-only'
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

DISK=/mnt
ATTEMPTS_A_MINUTE=120 # as in test_store_faults.sh

arrive() {
	request "$1"
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/$1.eml"
}

is_traced() {
	! grep -q '^TracerPid:.*[^0-9]0$' "/proc/$(cat "$dir/foi/pid")/status"
}

# fail_calls CALLS ERROR: from here on these system calls of register fail so, until calls_work.
fail_calls() {
	strace -qq -o "$dir/strace" -e "trace=$1" -e "inject=$1:error=$2" -p "$(cat "$dir/foi/pid")" 2>"$dir/strace.said" &
	tracer=$!
	check "$1 fails with $2" wait_for is_traced
}

calls_work() {
	kill -INT "$tracer"
	wait "$tracer" 2>/dev/null || true # it ends by that signal
}

# failing NAME CALLS ERROR WORDS: a request comes while they fail.
failing() {
	local name=$1
	daemon_mark "$dir"
	fail_calls "$2" "$3"
	haste_begin
	arrive "$name"
	check "$name: a line tells it" daemon_await "$dir" "ERR store-fault .*$4.*check disk, file system and permissions" 20
	no_haste "$name"
	check "$name: status tells it" grep -q 'check disk' <<<"$(foictl_run "$dir" status)"
	equal "$name: nothing is acknowledged that is not recorded" 0 "$(mailbox_count "$dir" "$(requester "$name")")"
	calls_work
	check "$name: it goes on by itself" daemon_await "$dir" 'INFO store-recovered' 60
	check "$name: it is acknowledged" acknowledged "$name" 40
	logged "$name" 1 ' store-(full|fault|busy|damaged)'
	logged "$name: workers that died" 0 ' worker-'
	haste_end "$name"
	equal "$name: the store is whole" ok "$(store_sql "$dir" 'PRAGMA integrity_check')"
}

may_trace() {
	command -v strace >/dev/null && { ((EUID == 0)); } # nobody else may look into a process that gives no core
}

test_failing() {
	may_trace || { echo 'SKIPPED: no strace, or it may not look into register, so no system call fails' >&2; return 0; }
	check 'it starts' daemon_start "$dir" --debug
	failing sync-error fdatasync,fsync EIO 'disk I/O error'
	failing write-error pwrite64 EIO 'disk I/O error'
	failing read-only pwrite64 EROFS 'Read-only file system'
	equal 'every mail once' '3|3' "$(store_sql "$dir" 'SELECT count(*), count(DISTINCT uid) FROM message')"
	check 'it stops' daemon_stop "$dir"
}

# disk OPTIONS FLAGS: a tmpfs over $DISK, or the one that is there mounted anew (32, MS_REMOUNT).
disk() {
	python3 - "$DISK" "$1" "$2" <<-'END'
		import ctypes, os, sys
		libc = ctypes.CDLL(None, use_errno=True)
		libc.mount(b'none', b'/', None, 1 << 14 | 1 << 18, None)  # MS_REC | MS_PRIVATE
		if libc.mount(b'tmpfs', sys.argv[1].encode(), b'tmpfs', int(sys.argv[3]), sys.argv[2].encode()):
		    sys.exit(os.strerror(ctypes.get_errno()))
	END
}

test_read_only() {
	disk size=16m,mode=777 0 || { echo 'SKIPPED: no tmpfs can be mounted, so no disk is read-only' >&2; return 0; }
	integration_reset -e "s|^path = .*/store$|path = $DISK/store|"
	check 'read-only: it starts before' daemon_start "$dir"
	arrive before
	check 'read-only: it is acknowledged' acknowledged before 40
	check 'it stops' daemon_stop "$dir"
	disk size=16m,mode=777 $((32 | 1))
	exits 'read-only at the start' 1 daemon_run "$dir"
	says 'read-only at the start: what to do' '<3>ERR store-fault .*Read-only file system; check disk, file system'
	equal 'one line' 1 "$(grep -cE '^<[34]>' "$dir/said")"
	disk size=16m,mode=777 32
	check 'with all in order it starts' daemon_start "$dir"
	check 'and stops' daemon_stop "$dir"
}

integration_begin
. "$dir/env"
test_failing
if [[ ${1:-} == inside ]]; then
	test_read_only
fi
integration_end
