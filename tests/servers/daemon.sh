# shellcheck shell=bash disable=SC1091
# daemon.sh - foimaild itself in the sandbox of lib.sh, for the demo, the tests and the benchmarks.
# SPDX-License-Identifier: MIT
#
# Source it after lib.sh; every function takes the sandbox's folder DIR first. The daemon runs as
# the servers' user from a copy of the programs in DIR/bin, with DIR/foi as its home: the
# configuration DIR/foi/foimaild.conf, the store DIR/foi/store, the socket DIR/foi/socket, and what
# it logs in DIR/foi/log; what it logged before that file was begun anew is in DIR/foi/logged.

DAEMON_ROOT=$(cd "$SERVERS_HOME/../.." && pwd)
DAEMON_BUILD=${DAEMON_BUILD:-$DAEMON_ROOT/build}
DAEMON_ENV=()
DAEMON_ARGUMENTS=() # of every run

# daemon_install DIR: copies the programs and what they read; once a sandbox.
daemon_install() {
	local dir=$1
	mkdir -p "$dir/bin" "$dir/conf" "$dir/foi" &&
		install -m 755 "$DAEMON_BUILD/foimaild" "$DAEMON_BUILD/foictl" "$dir/bin" &&
		cp "$DAEMON_ROOT"/conf/bank-holidays*.json "$DAEMON_ROOT"/conf/acknowledgement-* "$dir/conf" &&
		install -m 600 "$dir/imap-password" "$dir/foi/password" &&
		if ((EUID == 0)); then chown -R "nobody:$(id -g nobody)" "$dir/foi"; fi
}

# daemon_configure DIR [SED...]: writes the configuration; each SED is an `-e` script over it.
daemon_configure() (
	dir=$1
	. "$dir/env" || exit 1
	cat >"$dir/foi/plain.conf" <<-END
		[authority]
		name = Exampleshire Council
		regime = foia
		received_by = mx.foi.example.org
		emergency = If somebody is in danger, call 999.
		templates = $dir/conf
		[reference]
		request = FOI {seq:6}/{yy}
		review = IR {seq:6}/{yy}
		[mailbox foi]
		address = foi@foi.example.org
		url = imaps://localhost:$IMAPS_PORT
		user = $IMAP_USER
		credential = $dir/foi/password
		ca_file = $CA_FILE
		sent_folder = Sent
		junk_folders = Junk
		poll = 60
		[smtp]
		url = smtp://localhost:$SMTP_PORT
		user = $SMTP_USER
		credential = $dir/foi/password
		ca_file = $CA_FILE
		hour_limit = 100000
		[store]
		path = $dir/foi/store
		[socket]
		path = $dir/foi/socket
		[calendar]
		files = $dir/conf/bank-holidays.json
		url =
		[senders]
		platforms = wdtk.example.net
		[form website]
		from = no-reply@foi.example.org
		email_field = Email:
		name_field = Name:
		text_field = Request:
	END
	shift
	sed -e "" "$@" "$dir/foi/plain.conf" >"$dir/foi/foimaild.conf"
)

# daemon_run DIR ARGUMENT...: foimaild in the foreground, for --check, --once and --observe; with DAEMON_CONFIG set that is its configuration.
daemon_run() {
	local dir=$1 status=0
	servers_as "$dir" "$dir/bin/foimaild" --config "${DAEMON_CONFIG:-$dir/foi/foimaild.conf}" \
		"${DAEMON_ARGUMENTS[@]}" "${@:2}" 2>"$dir/foi/run" || status=$?
	cat "$dir/foi/run" >>"$dir/foi/logged"
	cat "$dir/foi/run" >&2
	return "$status"
}

# daemon_pass DIR: foimaild --once, within a minute; its output in DIR/out, its log in DIR/foi/log. Returns with its exit status.
daemon_pass() {
	daemon_log_anew "$1"
	servers_as "$1" timeout 60 "$1/bin/foimaild" --config "$1/foi/foimaild.conf" \
		"${DAEMON_ARGUMENTS[@]}" --once >"$1/out" 2>"$1/foi/log"
}

# daemon_log_anew DIR: its log is empty.
daemon_log_anew() {
	[[ ! -e $1/foi/log ]] || cat "$1/foi/log" >>"$1/foi/logged"
	rm -f "$1/foi/log" "$1/foi/mark"
}

# daemon_start DIR [ARGUMENT...]: starts it; returns when it is ready, or 1 when it ended before.
daemon_start() {
	daemon_launch "$@" && daemon_await "$1" 'INFO ready' 30
}

# daemon_launch DIR [ARGUMENT...]: the same without waiting; with DAEMON_LOG set it logs there; DAEMON_ENV is added to its environment.
daemon_launch() {
	local dir=$1
	: >>"$dir/foi/log"
	daemon_mark "$dir"
	rm -f "$dir/foi/started"
	servers_as "$dir" mkfifo "$dir/foi/started" || return 1
	# The shell becomes the daemon, so that the process id it tells is the daemon's.
	# shellcheck disable=SC2016 # expanded by that shell
	servers_as "$dir" env "${DAEMON_ENV[@]}" bash -c 'echo $$ >"$1/foi/started"; exec "$1/bin/foimaild" --config "$1/foi/foimaild.conf" "${@:2}"' \
		- "$dir" "${DAEMON_ARGUMENTS[@]}" "${@:2}" </dev/null >>"${DAEMON_LOG:-$dir/foi/log}" 2>&1 &
	echo $! >"$dir/job"
	timeout 20 head -n 1 "$dir/foi/started" >"$dir/foi/pid"
}

# daemon_mark DIR: daemon_await looks at what is logged from here on.
daemon_mark() {
	wc -c <"$1/foi/log" >"$1/foi/mark"
}

# daemon_await DIR PATTERN SECONDS [TIMES]: returns once that many lines logged since the mark match the extended regular expression.
daemon_await() {
	local dir=$1 pattern=$2 seconds=$3 times=${4:-1} found
	# tail ends with the daemon, grep with the last line it needs: no polling, no sleeping.
	found=$(timeout "$seconds" bash -c 'grep -m "$5" -E -c -- "$1" < <(exec tail -c "+$(($2 + 1))" -F -s 0.1 --pid="$3" "$4" 2>/dev/null)' \
		- "$pattern" "$(cat "$dir/foi/mark")" "$(cat "$dir/foi/pid")" "$dir/foi/log" "$times") || true
	[[ ${found:-0} -lt $times ]] || return 0
	servers_say "logged ${found:-fewer than $times} times within $seconds s, not $times: $pattern"
	tail -n 15 "$dir/foi/log" >&2
	return 1
}

# daemon_log DIR: what it logged since the mark.
daemon_log() {
	tail -c "+$(($(cat "$1/foi/mark") + 1))" "$1/foi/log"
}

# daemon_pids DIR [ROLE]: its processes, one id a line; of one role (fetch, parse, send) or all.
daemon_pids() {
	local pid
	pid=$(cat "$1/foi/pid" 2>/dev/null) || return 0
	if (($# > 1)); then
		pgrep -P "$pid" -f -- "--role=$2" || true
	else
		{ ! kill -0 "$pid" 2>/dev/null || echo "$pid"; pgrep -P "$pid" || true; }
	fi
}

# daemon_stop DIR: SIGTERM; returns with its exit status when it has ended.
daemon_stop() {
	local pid
	pid=$(cat "$1/foi/pid" 2>/dev/null) || return 0
	kill -TERM "$pid" 2>/dev/null || true
	daemon_wait "$1"
}

# daemon_wait DIR: returns with its exit status when it has ended.
daemon_wait() {
	local status=0
	wait "$(cat "$1/job")" 2>/dev/null || status=$?
	rm -f "$1/foi/pid"
	return "$status"
}

# daemon_kill DIR [ROLE]: kill -9 of register, or of the workers of a role.
daemon_kill() {
	local pids
	if (($# > 1)); then
		pids=$(daemon_pids "$1" "$2")
	else
		pids=$(cat "$1/foi/pid")
	fi
	# shellcheck disable=SC2086 # one id a word
	[[ -z $pids ]] || kill -KILL $pids 2>/dev/null || true
}

# foictl_run DIR ARGUMENT...: foictl on the daemon's socket.
foictl_run() {
	servers_as "$1" env COLUMNS="${COLUMNS:-100}" FOIMAILD_SOCKET="$1/foi/socket" "$1/bin/foictl" "${@:2}"
}

# store_sql DIR SQL: one answer a line, columns parted by |; reads only.
store_sql() {
	servers_as "$1" sqlite3 -readonly "$1/foi/store" "$2"
}
