#!/bin/bash
# test_socket.sh - who may ask and act at the local socket, and what those who misbehave can do: nothing.
# SPDX-License-Identifier: MIT
#
# The part with other users needs root and is skipped, loudly, without.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

READERS=games  # two groups that every Debian has
OFFICERS=news

peer() {
	servers_as "$dir" python3 "$dir/varlink_peer.py" "$dir/foi/socket" "$@"
}

# as UID GROUP[,GROUP...]|- COMMAND...: foictl as that user, who is a member of these groups.
as() {
	local -a groups=(--clear-groups)
	[[ $2 == - ]] || groups=(--groups "$2")
	(cd / && setpriv --reuid="$1" --regid="$1" "${groups[@]}" \
		env FOIMAILD_SOCKET="$dir/foi/socket" "$dir/bin/foictl" "${@:3}")
}

gid() {
	getent group "$1" | cut -d : -f 3
}

serves() {
	foictl_run "$dir" status >"$dir/said" 2>&1
}

test_rights() {
	local case=$1 readers officers
	readers=$(gid "$READERS")
	officers=$(gid "$OFFICERS")
	daemon_mark "$dir"
	exits 'a stranger: list' 4 as 4711 - list
	says 'it names the group to ask for' "member of the group $READERS"
	exits 'a stranger: show' 4 as 4711 - show "$case"
	equal 'a stranger sees nothing' 0 "$(grep -c classroom "$dir/said" || true)"
	exits 'a stranger: status' 4 as 4711 - status
	exits 'a stranger: reload' 4 as 4711 - reload
	logged 'refused, once an hour' 1 'WARNING peer-refused peer=4711'
	exits 'another stranger' 4 as 4712 1,2 list
	logged 'is told as well' 1 'WARNING peer-refused peer=4712'
	exits 'a reader: list' 0 as 4713 "$readers" list
	exits 'a reader among many groups: show' 0 as 4713 "1,2,4,$readers,$(seq -s , 5000 5100)" show "$case"
	exits 'a reader: reload' 4 as 4713 "$readers" reload
	says 'a reader: it names the other group' "member of the group $OFFICERS"
	exits 'a reader: backup' 4 as 4713 "$readers" backup
	check 'and none is made' test ! -e "$dir/foi/backup"
	exits 'by the first group' 0 setpriv --reuid=4714 --regid="$readers" --clear-groups \
		"$dir/bin/foictl" list --socket "$dir/foi/socket"
	exits 'an officer: list' 0 as 4715 "$officers" list
	exits 'an officer: reload' 0 as 4715 "$officers" reload
	check 'it is done' daemon_await "$dir" 'INFO config-reloaded' 20
	exits 'root: status' 0 "$dir/bin/foictl" status --socket "$dir/foi/socket"
	logged 'no other was refused' 2 'peer-refused'
	# What the configuration says now counts, also for who is refused.
	daemon_mark "$dir"
	daemon_configure "$dir" -e "\$a[officers]\nread_group = $OFFICERS\nofficer_group = no-such-group"
	exits 'root: reload' 0 "$dir/bin/foictl" reload --socket "$dir/foi/socket"
	check 'it is done' daemon_await "$dir" 'INFO config-reloaded' 20
	exits 'a reader of before' 4 as 4713 "$readers" list
	exits 'an officer of before: list' 0 as 4715 "$officers" list
	exits 'an officer of before: reload' 4 as 4715 "$officers" reload
}

test_varlink() {
	local reference=$1
	peer call org.varlink.service.GetInfo >"$dir/info"
	equal 'GetInfo: interfaces' 'org.varlink.service org.foimaild.Cases' \
		"$(json 'sorted(j["parameters"]["interfaces"], reverse=True)' <"$dir/info" | paste -s -d ' ')"
	equal 'GetInfo: what else' 'product url vendor version' \
		"$(json 'sorted(k for k in j["parameters"] if k != "interfaces")' <"$dir/info" | paste -s -d ' ')"
	equal 'GetInterfaceDescription is the file of the tree' "$(cat "$DAEMON_ROOT/conf/org.foimaild.Cases.varlink")" \
		"$(peer text org.foimaild.Cases)"
	check 'the service describes itself' grep -q 'method GetInfo' <<<"$(peer text org.varlink.service)"
	equal 'Get' "$reference" "$(peer call org.foimaild.Cases.Get "{\"reference\": \"$reference\"}" |
		json 'j["parameters"]["case"]["summary"]["reference"]')"
	equal 'an unknown interface' org.varlink.service.InterfaceNotFound "$(peer call org.example.None.Ask | json 'j["error"]')"
	equal 'an unknown method' org.varlink.service.MethodNotFound "$(peer call org.foimaild.Cases.Delete | json 'j["error"]')"
	equal 'a parameter that is missing' org.varlink.service.InvalidParameter "$(peer call org.foimaild.Cases.Get | json 'j["error"]')"
	equal 'one of another type' org.varlink.service.InvalidParameter \
		"$(peer call org.foimaild.Cases.Get '{"reference": 7}' | json 'j["error"]')"
	equal 'a case that is not there' org.foimaild.Cases.NoSuchCase \
		"$(peer call org.foimaild.Cases.Get '{"reference": "FOI 999999/26"}' | json 'j["error"]')"
	equal 'List without more' org.varlink.service.ExpectedMore "$(peer call org.foimaild.Cases.List | json 'j["error"]')"
}

test_rubbish() {
	local what
	for what in bytes json array number parameters utf-8 deep endless long empty; do
		check "rubbish ($what): the connection is closed" peer rubbish "$what"
		check "rubbish ($what): others are served" serves
	done
}

# beside WHAT ACTION...: others are served while a peer does that.
beside() {
	local answer
	coproc PEER { peer "${@:2}"; }
	read -r -t 60 answer <&"${PEER[0]}"
	check "$1" test "$answer" = ready
}

end_beside() {
	local pid=$PEER_PID
	eval "exec ${PEER[1]}>&-"
	wait "$pid"
}

test_crowd() {
	beside 'a peer that asks and never reads' flood
	check 'others are served' serves
	send_request crowd
	check 'mail is taken' acknowledged crowd
	at_rest 'a peer that never reads'
	end_beside
	beside 'a user with 500 connections' hold 500
	if ((EUID == 0)); then
		exits 'another user is served' 0 "$dir/bin/foictl" status --socket "$dir/foi/socket"
	fi
	send_request hold
	check 'mail is taken' acknowledged hold
	end_beside
	check 'and then that one again' wait_for serves
}

integration_begin
. "$dir/env"
install -m 644 "$INTEGRATION_HOME/varlink_peer.py" "$dir"
daemon_configure "$dir" -e "\$a[officers]\nread_group = $READERS\nofficer_group = $OFFICERS"
check 'it starts' daemon_start "$dir"
sed -n '1!p' "$DAEMON_ROOT/tests/samples/01-plain-request.eml" >"$dir/letter.eml"
deliver_lmtp "$dir" "$IMAP_USER" "$dir/letter.eml"
check 'a case' daemon_await "$dir" ' case-opened ' 20
reference=$(store_sql "$dir" 'SELECT reference FROM foi_case')
mapfile -t before < <(daemon_pids "$dir")
test_varlink "$reference"
test_rubbish
test_crowd
equal 'the same processes as before' "${before[*]}" "$(daemon_pids "$dir" | paste -s -d ' ')"
if ((EUID == 0)); then
	test_rights "$reference"
else
	echo 'SKIPPED: only root can be several users, so nobody is refused' >&2
fi
check 'it stops' daemon_stop "$dir"
integration_end
