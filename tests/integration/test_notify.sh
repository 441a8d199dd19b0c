#!/bin/bash
# test_notify.sh - the conversation with systemd: ready, status, watchdog, reload, stop.
# SPDX-License-Identifier: MIT
#
# A listener on NOTIFY_SOCKET stands where systemd stands. A stopped (SIGSTOP) parse process must
# be killed by register, with the watchdog still pinged; a stopped register must ping no more.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# notified PATTERN SECONDS [TIMES]: so many lines since the last notify_mark match.
notified() {
	local found
	found=$(timeout "$2" bash -c 'grep -m "$4" -E -c -- "$1" < <(exec tail -c "+$(($2 + 1))" -F -s 0.1 "$3" 2>/dev/null)' \
		- "$1" "$mark" "$dir/notified" "${3:-1}") || true
	[[ ${found:-0} -ge ${3:-1} ]]
}

not() {
	! "$@"
}

notify_mark() {
	mark=$(wc -c <"$dir/notified")
}

stop_listener() {
	kill "$listener" 2>/dev/null || true
	wait "$listener" 2>/dev/null || true
}

# What has failed is not forgotten over the listener.
clean() {
	local status=$?
	set +e
	stop_listener
	(exit "$status")
	integration_clean
}

start() {
	mark=0
	: >"$dir/notified"
	python3 "$INTEGRATION_HOME/notify_listen.py" "$dir/notify" "$dir/notified" &
	listener=$!
	trap clean EXIT
	check 'the listener stands' notified 'LISTENING=1' 10
	DAEMON_ENV=(NOTIFY_SOCKET="$dir/notify" WATCHDOG_USEC=2000000)
	check 'the daemon starts' daemon_start "$dir"
	check 'READY=1' notified 'READY=1' 10
	check 'time to copy a large store is asked for' notified 'EXTEND_TIMEOUT_USEC=3600000000' 5
	equal 'the baseline is committed before' 1 "$(store_sql "$dir" "SELECT count(*) > 0 FROM epoch")"
}

test_reload() {
	notify_mark
	kill -HUP "$(cat "$dir/foi/pid")"
	check 'RELOADING=1' notified 'RELOADING=1' 10
	check 'with the time it began' notified 'MONOTONIC_USEC=[0-9]+' 10
	check 'and READY=1 behind it' notified 'READY=1' 20
}

test_stalled_worker() {
	local stopped
	stopped=$(daemon_pids "$dir" parse)
	daemon_mark "$dir"
	kill -STOP "$stopped"
	notify_mark
	send_request stalled
	check 'the stalled parse is killed by register' daemon_await "$dir" 'worker-killed .*role=parse' 60
	check 'the watchdog is pinged meanwhile' notified 'WATCHDOG=1' 1
	check 'it is gone' gone "$stopped"
	check 'the mail has its case all the same' daemon_await "$dir" 'case-opened' 60
	check 'and its acknowledgement' acknowledged stalled
	notify_mark
	check 'pings go on' notified 'WATCHDOG=1' 10 2
}

test_stalled_register() {
	local pid
	pid=$(cat "$dir/foi/pid")
	kill -STOP "$pid"
	notify_mark
	check 'a stopped register pings no more' not notified 'WATCHDOG=1' 5
	kill -CONT "$pid"
	check 'and goes on where it was' notified 'WATCHDOG=1' 10
}

test_stop() {
	local pids
	pids=$(daemon_pids "$dir")
	notify_mark
	daemon_stop "$dir"
	check 'STOPPING=1' notified 'STOPPING=1' 5
	# shellcheck disable=SC2086 # one id a word
	check 'nobody is left' gone $pids
	equal 'only register spoke' 1 "$(grep -v '^0 ' "$dir/notified" | cut -d ' ' -f 1 | sort -u | wc -l)"
}

integration_begin
start
test_reload
test_stalled_worker
test_stalled_register
test_stop
stop_listener
integration_end
