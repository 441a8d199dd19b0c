# shellcheck shell=bash
# processes.sh - starts one server in a session of its own, and stops all that came of it.
# SPDX-License-Identifier: MIT
#
# Sourced by lib.sh. The id of a server's session stands in DIR/NAME/session while it runs.

# server_launch DIR NAME CMD...: CMD in a session of its own, whose id lands in DIR/NAME/session.
server_launch() {
	local dir=$1 name=$2
	[[ -z $(session_pids "$dir/$name/session") ]] || { servers_say "$name runs already"; return 1; }
	rm -f "$dir/$name/session"
	# A session of its own: its processes can be found again, and ^C reaches us alone, who stop it in order.
	# shellcheck disable=SC2016 # for the inner shell
	(servers_as "$dir" setsid bash -c '
		for fd in /proc/self/fd/*; do
			fd=${fd##*/}
			((fd < 3)) || eval "exec $fd>&-"
		done
		echo "$$" >"$0/session.new" && mv "$0/session.new" "$0/session"
		exec "$@"' "$dir/$name" "${@:3}" </dev/null >>"$dir/$name/startlog" 2>&1 &)
	wait_for server_launched "$dir/$name/session" || { server_failed "$dir" "$name"; return 1; }
}

server_launched() {
	[[ -s $1 ]]
}

# server_await DIR NAME PORT-OR-SOCKET...: returns when all of them take a connection; 1 when the server died.
server_await() {
	servers_mail await -- "$SERVERS_PATIENCE" "$(<"$1/$2/session")" "${@:3}" ||
		{ server_failed "$1" "$2"; return 1; }
}

server_failed() {
	servers_say "$2 did not start:"
	servers_logs "$1" >&2
	server_stop "$1" "$2"
}

# server_stop DIR NAME: SIGTERM to its first process, and to the rest SIGKILL when the time is over.
server_stop() {
	local file=$1/$2/session
	local -a pids
	[[ -s $file ]] || return 0
	kill -TERM "$(<"$file")" 2>/dev/null || true # it may have ended by itself
	if ! wait_for session_is_gone "$file"; then
		mapfile -t pids < <(session_pids "$file")
		servers_say "$2 has to be killed: processes ${pids[*]}"
		kill -KILL "${pids[@]}" 2>/dev/null || true # as above
		wait_for session_is_gone "$file" || { servers_say "$2: ${pids[*]} do not end"; return 1; }
	fi
	rm -f "$file"
}

session_is_gone() {
	[[ -z $(session_pids "$1") ]]
}

# session_pids FILE: the live processes of the session named in FILE, one id a line.
session_pids() {
	local sid stat line
	local -a field
	[[ -s $1 ]] && sid=$(<"$1") || return 0
	for stat in /proc/[0-9]*/stat; do
		{ read -r line <"$stat"; } 2>/dev/null || continue
		# After "pid (name) ": state, parent, group, session. A name may hold blanks and brackets.
		read -r -a field <<<"${line##*) }"
		[[ ${field[3]} != "$sid" || ${field[0]} == Z ]] || printf '%s\n' "${line%% *}"
	done
}

# wait_for CMD...: asks every 20 ms until CMD succeeds; 1 when SERVERS_PATIENCE is over.
wait_for() {
	local end=$((SECONDS + SERVERS_PATIENCE))
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.02
	done
}
