#!/bin/bash
# soak.sh - years of a mail server's accidents in minutes, under a steady stream of mail.
# SPDX-License-Identifier: MIT
#
# Usage: soak.sh [MINUTES [MAILS [SEED]]]
# While MAILS mixed mails come in over MINUTES, what SEED chooses happens every few seconds: register or a
# worker is killed (kill -9), Dovecot or Exim is away for some seconds, connections are reset or fall silent,
# the clock of the daemon steps a day forward or an hour back (clock.c), somebody asks something. In
# the second half register is left alone, so that what it leaks can be seen. Afterwards judge.py
# looks at everything. The same seed makes the same mails and the same accidents, but not to
# the millisecond.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../integration/common.sh
. "$(dirname "$0")/../integration/common.sh"
# shellcheck source-path=SCRIPTDIR source=../integration/fates.sh
. "$INTEGRATION_HOME/fates.sh"

MINUTES=${1:-30}
MAILS=${2:-20000}
SEED=${3:-$RANDOM}
SOAK_HOME=$(cd "$(dirname "$0")" && pwd)
PATIENCE=300 # seconds until all is done, once the last mail has come
DAY=86400
HOUR=3600
AHEAD_MAX=$((20 * DAY)) # the servers' certificates hold from now on for thirty days

# What happens, and how often of a hundred times.
ACCIDENTS='kill_register 12
kill_worker:fetch 12
kill_worker:parse 12
kill_worker:send 14
restart:dovecot 7
restart:exim 7
cut:drop:imap 8
cut:drop:smtp 10
cut:silence:imap 2
step:forward 3
step:back 3
ask 10'

helpers=()

# draw N: a number from 0 to N - 1, in $drawn; no subshell, which would not move the seed on.
draw() {
	drawn=$((RANDOM % $1))
}

# event WORDS: what is done now, for judge.py.
event() {
	printf '%s %s\n' "$EPOCHREALTIME" "$*" >>"$dir/events"
}

# set_clock SECONDS: the daemon's clock is ahead by so much.
set_clock() {
	ahead=$1
	python3 -c 'import struct, sys; open(sys.argv[1], "r+b").write(struct.pack("q", int(sys.argv[2])))' \
		"$dir/clock" "$ahead"
}

# start_until_ready: as systemd does, until it runs: workers of the one before may hold the mailbox for a moment.
start_until_ready() {
	local try
	for ((try = 0; try < 10; try++)); do
		! daemon_start "$dir" || return 0
		daemon_wait "$dir" || true
		event 'start again'
	done
	return 1
}

is_half_over() {
	((EPOCHSECONDS - began >= MINUTES * 30))
}

# kill_register: now and then once more while it starts.
kill_register() {
	is_half_over && return 0
	event 'kill register'
	daemon_kill "$dir"
	daemon_wait "$dir" || true
	draw 3
	if ((drawn == 0)); then
		daemon_launch "$dir"
		draw 40
		sleep "0.$(printf %02d "$drawn")"
		event 'kill register'
		daemon_kill "$dir"
		daemon_wait "$dir" || true
	fi
	start_until_ready
}

kill_worker() {
	event "kill $1"
	daemon_kill "$dir" "$1"
}

# restart SERVER: it is away for some seconds.
restart() {
	event "restart $1"
	"$1_stop" "$dir"
	draw 6
	sleep "$drawn"
	"$1_start" "$dir"
	event "back $1"
}

# cut HOW SERVER: all connections of the daemon to it.
cut() {
	event "$1 $2"
	printf '%s %s\n' "$1" "$2" >"$dir/orders"
}

step() {
	event "step $1"
	case $1 in
	forward) ((ahead > AHEAD_MAX)) || set_clock $((ahead + DAY)) ;;
	back) set_clock $((ahead - HOUR)) ;;
	esac
}

ask() {
	event ask
	foictl_run "$dir" status >"$dir/asked"
	foictl_run "$dir" list --state any >"$dir/asked"
}

# accident: one that the seed chooses.
accident() {
	local what often
	draw 100
	while read -r what often; do
		((drawn -= often)) || true
		((drawn >= 0)) || break
	done <<<"$ACCIDENTS"
	IFS=: read -r -a words <<<"$what"
	"${words[@]}"
}

# helper COMMAND...: runs beside us until the end.
helper() {
	"$@" <&0 & # or the shell gives it nothing to read
	helpers+=($!)
}

clean() {
	local status=$?
	set +e
	kill "${helpers[@]}" 2>/dev/null
	wait "${helpers[@]}" 2>/dev/null
	(exit "$status")
	integration_clean
}

# wires_lay: the daemon reaches the servers through proxy.py, on ports of its own.
wires_lay() {
	local ports
	read -r -a ports < <(servers_mail ports 2)
	mkfifo "$dir/orders"
	helper python3 "$SOAK_HOME/proxy.py" imap "${ports[0]}" "$IMAPS_PORT" smtp "${ports[1]}" "$SMTP_PORT" \
		0<>"$dir/orders" >"$dir/wires" # opened for both, the pipe waits for nobody and never ends
	check 'the wires are laid' wait_for grep -q ready "$dir/wires"
	daemon_configure "$dir" -e "s|^url = imaps:.*|url = imaps://localhost:${ports[0]}|" \
		-e "s|^url = smtp:.*|url = smtp://localhost:${ports[1]}|" \
		-e 's/^poll = .*/poll = 10\nstart = all\nacknowledge_within = 60 days/'
}

all_is_done() {
	[[ $(store_sql "$dir" "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM outbox
		WHERE state NOT IN ('sent', 'held'))") == "$MAILS|0" && -z $(exim_queue "$dir") ]]
}

# descriptors: how many register has open.
descriptors() {
	find "/proc/$(cat "$dir/foi/pid")/fd" -mindepth 1 | wc -l
}

# at_ease: descriptors, once the count has stood still for some seconds.
at_ease() {
	local now before='' still=0
	while ((still < 10)); do
		now=$(descriptors)
		[[ $now == "$before" ]] || still=0
		before=$now
		still=$((still + 1))
		sleep 0.5
	done
	printf '%s\n' "$now"
}

no_process() {
	! pgrep -f "^$dir/bin/foimaild" >/dev/null
}

prepare() {
	integration_begin
	# shellcheck disable=SC1091 # made a line above
	. "$dir/env"
	trap clean EXIT
	printf 'soak: %d minutes, %d mails, seed %d\n' "$MINUTES" "$MAILS" "$SEED"
	mailbox_make "$dir/mails" "$MAILS" --seed "$SEED"
	install -m 755 "$DAEMON_BUILD/tests/soak/clock.so" "$dir/bin"
	truncate -s 8 "$dir/clock"
	set_clock "$DAY"
	wires_lay
	DAEMON_ENV=("LD_PRELOAD=$dir/bin/clock.so" "SOAK_CLOCK=$dir/clock")
	dovecot_adm "$dir" mailbox status -u "$IMAP_USER" messages INBOX >"$dir/output" # makes it
	check 'it starts' daemon_start "$dir"
	helper python3 "$SOAK_HOME/watch.py" "$dir/foi/pid" "$dir/samples"
}

# storm: accidents as long as mail comes in.
storm() {
	local feeder
	RANDOM=$SEED
	python3 "$SOAK_HOME/feed.py" "$dir/mails/list" "$MAIL_ROOT/${IMAP_USER#*@}/${IMAP_USER%@*}/Maildir" $((MINUTES * 60)) &
	feeder=$!
	helpers+=("$feeder")
	while kill -0 "$feeder" 2>/dev/null; do
		draw 30
		sleep "$((drawn / 10)).$((drawn % 10))"
		accident
	done
	check 'every mail has been delivered' wait "$feeder"
}

prepare
began=$EPOCHSECONDS
storm
behind=$EPOCHSECONDS
step forward # what waits for a time of the day that was put back an hour comes now
# shellcheck disable=SC2034 # for wait_for
SERVERS_PATIENCE=$PATIENCE
check "all is done within $PATIENCE s" wait_for all_is_done
printf 'note: all is done %d s behind the last mail\n' $((EPOCHSECONDS - behind))
used=$(at_ease)
check 'it stops in order' daemon_stop "$dir"
check 'no process is left' no_process
check 'it starts once more' daemon_start "$dir"
fresh=$(at_ease) # it may look its store over then
check "descriptors at ease: $used, after a fresh start $fresh" test "$used" -le "$fresh"
check 'it stops' daemon_stop "$dir"
equal 'what does not hold in the store' '' "$(fates_broken "$dir" "$dir/foi/store")"
check 'every promise is kept' python3 "$SOAK_HOME/judge.py" "$dir"
integration_end
