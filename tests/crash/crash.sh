# shellcheck shell=bash disable=SC2154,SC2034
# crash.sh - one run of the daemon in which a system call is its last, or fails; then what is true of it.
# SPDX-License-Identifier: MIT
#
# Source it after common.sh. Ten mails lie in the mailbox, `foimaild --once` takes them in and
# acknowledges them, under strace(1). At one chosen call of one of its processes it is killed, or
# the call fails. Then it runs once more, undisturbed. Looked at from outside, between the two runs
# and behind them: the store, the mailbox, and the mails that the SMTP server said 250 to.
#
# A point is "ACTION ROLE CALL N": at the Nth such call of the first process of that role. ACTION is
# `kill`: it dies before the call is carried out; `late`: it stops behind the call, and dies when the others
# have had a while to go on with what they were told; or the error that the call fails with, with a +
# behind it if all calls from there on do.

CRASH_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../integration/fates.sh
. "$CRASH_HOME/../integration/fates.sh"
# shellcheck source-path=SCRIPTDIR source=../servers/samples.sh
. "$CRASH_HOME/../servers/samples.sh"

CRASH_CALLS=write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg,fsync,fdatasync,sync_file_range,ftruncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,mkdirat
CRASH_STORE_CALLS='pwrite64 fsync fdatasync ftruncate rename unlink'
CRASH_ROOM_CALLS='pwrite64 ftruncate fallocate' # that can meet a full disk
CRASH_FULL_EVERY=50 # a disk that stays full: --once tries for 20 s until it gives up
CRASH_LATE_SECONDS=0.06 # in which the SMTP server takes several mails
CRASH_NET_CALLS='sendto recvfrom'
CRASH_ROLES='fetch parse send'
CRASH_SECONDS_MAX=120 # for one run, on a machine that does much else

# ---- the scene ---------------------------------------------------------------------------------

# crash_letter SAMPLE [SED...]: the sample as a mail of the batch.
crash_letter() {
	local file
	file=$dir/batch/$(printf %02d $(($(find "$dir/batch" -name '*.eml' | wc -l) + 1))).eml
	sample_fill "$SAMPLES/$1.eml" 'FOI 000001/26' 'none@foi.example.org' | sed -e '' "${@:2}" >"$file"
	printf '%s\n' "$file" >>"$dir/batch/list"
}

# crash_batch: ten mails with all kinds of fates that need no human hand, past the servers.
crash_batch() {
	mkdir "$dir/batch"
	crash_letter 06-windows-1252-request
	crash_letter 01-plain-request
	crash_letter 03-wdtk-request
	crash_letter 09-review-by-reference -e "s|000001/26|000001/$(date +%y)|"
	crash_letter 05-request-with-pdf
	crash_letter 01-plain-request
	crash_letter 13-newsletter
	crash_letter 12-bounce -e "s|^Subject: .*|&: FOI 000001/$(date +%y)|"
	crash_letter 14-eir-request
	mailbox_make "$dir/away" 1 --only away
	printf '%s\n' "$dir/away/000001.eml" >>"$dir/batch/list"
	mailbox_fill "$dir" "$IMAP_USER" "@$dir/batch/list"
}

# crash_people: the names, addresses and subjects in the batch, none of which a journal may hold.
crash_people() {
	xargs python3 -c '
import email, email.policy, sys
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        mail = email.message_from_binary_file(file, policy=email.policy.default)
    print(mail["Subject"])
    for address in mail["From"].addresses:
        print(address.addr_spec, address.display_name, sep="\n")' <"$dir/batch/list" | sed '/^$/d' | sort -u
}

# crash_sink: Exim keeps what it takes in its spool, so that it is counted once the server has said 250.
crash_sink() {
	exim_stop "$dir"
	sed -i 's/^message_size_limit/queue_only = true\n&/' "$dir/exim/exim.conf"
	exim_start "$dir" ''
}

# crash_tracer: how the preloaded library starts strace; its options stand in a file beside it.
crash_tracer() {
	install -m 755 "$DAEMON_BUILD/tests/crash/trace_worker.so" "$dir/bin/trace_worker.so"
	cat >"$dir/bin/trace" <<-'END'
		#!/bin/bash
		mapfile -t options <"${0%/*}/trace.options"
		exec strace "${options[@]}" "$@"
	END
	chmod 755 "$dir/bin/trace"
}

# crash_begin: the servers, the mails, and what becomes of them when nothing happens.
crash_begin() {
	integration_begin
	. "$dir/env"
	crash_sink
	crash_batch
	crash_people >"$dir/people"
	crash_tracer
	daemon_configure "$dir" -e 's/^poll = .*/&\nstart = all/'
	fates_mailbox "$dir" "$IMAP_USER" >"$dir/filled.mailbox"
	crash_reset
	crash_again
	equal 'calm: it ends with' 0 "$status"
	equal 'calm: the fates' '1 automatic 1 bounce 1 duplicate 5 request 1 review 1 triage' \
		"$(store_sql "$dir" 'SELECT count(*), fate FROM message GROUP BY fate' | tr '|\n' '  ' | sed 's/ $//')"
	crash_fates >"$dir/calm.fates"
	cut -f 1 "$dir/sent.end" >"$dir/calm.recipients"
	equal 'calm: acknowledgements' 6 "$(wc -l <"$dir/calm.recipients")"
	equal 'calm: what is broken' '' "$(crash_look_end)"
}

# crash_may_trace: whether strace is there and may do its work on this machine.
crash_may_trace() {
	local status=0
	command -v strace >/dev/null || return 1
	# Refused, it says so and lets the program run untraced.
	{ servers_as "$1" strace -D -qq -o /dev/null -e inject=exit_group:signal=KILL true || status=$?; } 2>/dev/null
	((status == 137))
}

# ---- one run -----------------------------------------------------------------------------------

# crash_reset: no store, nothing sent; the mailbox stays, since nothing may change in it.
crash_reset() {
	rm -rf "$dir"/foi/store* "$dir"/foi/trace "$dir"/mail/foi.example.org/foi/Maildir/.Sent/{new,cur}/* \
		"$dir"/exim/spool/{input,msglog}/*
}

# crash_late: kills register a while after strace has stopped it. Ends with the run, by crash_point.
crash_late() {
	until grep -q 'stopped by SIGSTOP' "$dir/foi/trace" 2>/dev/null; do
		sleep 0.01 # nobody is told when a process is stopped
	done
	sleep "$CRASH_LATE_SECONDS" # what this is about
	kill -KILL "$(<"$dir/foi/victim")"
}

# crash_once COMMAND...: `foimaild --once` by that command; its exit status in $status.
crash_once() {
	status=0
	# The shell's own words about a process that was killed are of no use to anybody.
	# shellcheck disable=SC2016 # expanded by the shell that becomes the daemon
	{ servers_as "$dir" timeout -k 5 "$CRASH_SECONDS_MAX" bash -c 'echo $$ >"$0/foi/victim"; exec "$@"' "$dir" \
		env "${DAEMON_ENV[@]}" "$@" "$dir/bin/foimaild" --config "$dir/foi/foimaild.conf" --once \
		>"$dir/out" 2>>"$dir/foi/log" || status=$?; } 2>/dev/null
	wait_for crash_is_quiet || crash_broken restart 'a process is left, or a connection to Exim'
}

# crash_is_quiet: no process holds the store's lock (all workers do), and Exim is through with what it was told.
crash_is_quiet() {
	local pid
	[[ ! -e $dir/foi/store.lock ]] || flock -n "$dir/foi/store.lock" true || return 1
	pid=$(<"$dir/exim/session")
	[[ -z $(<"/proc/$pid/task/$pid/children") ]]
}

# crash_traced ROLE CALLS [OPTION]: one run, those calls of that role traced to $dir/foi/trace.
crash_traced() {
	local -a options=(-D -q -o "$dir/foi/trace" -e signal=STOP -e "trace=$2" "${@:3}")
	daemon_log_anew "$dir"
	if [[ $1 == register ]]; then
		crash_once strace "${options[@]}"
		return
	fi
	printf '%s\n' "${options[@]}" >"$dir/bin/trace.options"
	servers_as "$dir" touch "$dir/foi/armed"
	crash_once env LD_PRELOAD="$dir/bin/trace_worker.so" TRACE_ROLE="$1" TRACE_ARMED="$dir/foi/armed" \
		TRACE_BY="$dir/bin/trace"
}

# crash_again: the run behind it. What is put off because a server was in trouble is due an hour later; an hour passes here.
crash_again() {
	crash_once
	if ((status == 1)) && [[ $(store_sql "$dir" "SELECT count(*) FROM outbox WHERE state = 'queued'") != 0 ]]; then
		servers_as "$dir" sqlite3 "$dir/foi/store" "UPDATE outbox SET next_try = next_try - 3600 WHERE state = 'queued'"
		crash_once
	fi
	crash_sent >"$dir/sent.end"
}

# crash_inject POINT: strace's words for it.
crash_inject() {
	local what=error=${1%+} when=$3
	[[ $1 != kill ]] || what=signal=KILL
	[[ $1 != late ]] || what=signal=STOP
	[[ $1 != *+ ]] || when+=+
	printf 'inject=%s:%s:when=%s' "$2" "$what" "$when"
}

# ---- what is true of it ------------------------------------------------------------------------

# crash_broken INVARIANT WHAT: one line for crash_point's list.
crash_broken() {
	printf '%s|%s\n' "$1" "$2" >>"$dir/broken"
}

crash_sent() {
	python3 "$CRASH_HOME/sink.py" "$dir/exim/spool/input"
}

crash_fates() {
	store_sql "$dir" 'SELECT uid, fate, message_id FROM message ORDER BY uid'
}

# crash_copy: the store as the first run left it, where to look changes nothing for the second.
crash_copy() {
	# shellcheck disable=SC2016 # expanded by that shell
	servers_as "$dir" bash -c 'cd "$0/foi" && rm -rf copy && mkdir copy && for f in store store-wal store-journal; do
		[[ ! -e $f ]] || cp "$f" copy || exit; done' "$dir"
}

# crash_look: between the runs. Sets is_there, whether there is a store with tables in it.
crash_look() {
	crash_copy
	crash_sent >"$dir/sent.crash"
	cut -f 1,2 "$dir/sent.crash" >"$dir/sent.known"
	is_there=0
	[[ ! -s $dir/foi/copy/store ]] ||
		is_there=$(servers_as "$dir" sqlite3 "$dir/foi/copy/store" 'PRAGMA user_version') || is_there=1
	if ((is_there)); then
		fates_broken "$dir" "$dir/foi/copy/store" "$dir/sent.known"
		servers_as "$dir" sqlite3 "$dir/foi/copy/store" "SELECT message_id FROM outbox WHERE state = 'sending'" >"$dir/sending"
	else
		: >"$dir/sending"
		sed 's/^.*$/known|sent without a store/' "$dir/sent.crash"
	fi
}

# crash_look_end: behind the second run.
crash_look_end() {
	cut -f 1,2 "$dir/sent.end" >"$dir/sent.known"
	fates_broken "$dir" "$dir/foi/store" "$dir/sent.known"
	cmp -s "$dir/calm.fates" <(crash_fates) || echo 'fate|other fates than in calm'
	cmp -s "$dir/calm.recipients" <(cut -f 1,2 "$dir/sent.end" | sort -u | cut -f 1) ||
		echo 'acknowledged|not each requester once, under one Message-ID'
	cmp -s "$dir/filled.mailbox" <(fates_mailbox "$dir" "$IMAP_USER") || echo 'mailbox|it is not as it was'
	! grep -qiFf "$dir/people" "$dir/foi/log" || echo 'silent|the journal names somebody, or a subject'
	[[ $(cut -f 2 "$dir/sent.end" | sort -u | wc -l) == $(cut -f 2,3 "$dir/sent.end" | sort -u | wc -l) ]] ||
		echo 'copies|two copies are not the same'
}

# crash_doubles: "Message-ID copies why" of each acknowledgement that was received more than once. It may be, where
# send or register ended, or the connection, between the server's taking it and our commit: then the row
# stood at `sending`, or it was tried twice. Never more than twice for one such end.
crash_doubles() {
	local copies id why
	cut -f 2 "$dir/sent.end" | sort | uniq -cd | while read -r copies id; do
		why=unexplained
		if ((copies == 2)) && grep -qxF "$id" "$dir/sending"; then
			why=sending
		elif ((copies == 2)) && [[ $(store_sql "$dir" "SELECT tries FROM outbox WHERE message_id = '$id'") -ge 2 ]]; then
			why=tried-twice
		fi
		printf '%s %s %s\n' "$id" "$copies" "$why"
	done
}

# crash_was_hit ACTION ROLE: whether the call came. A process that is killed in one leaves it without a result.
crash_was_hit() {
	case $1,$2 in
	kill,register | late,register) ((status == 137)) ;;
	kill,*) grep -qE '= \?$' "$dir/foi/trace" ;;
	*) grep -q INJECTED "$dir/foi/trace" ;;
	esac 2>/dev/null # a worker that was never started has no trace
}

# crash_point ACTION ROLE CALL N: both runs and all that is looked at. Sets is_hit, is_there and doubles
# (a file, $dir/doubles); what is broken stands in $dir/broken, one "invariant|what" a line.
crash_point() {
	local late=
	: >"$dir/broken"
	crash_reset
	if [[ $1 == late ]]; then
		crash_late &
		late=$!
	fi
	crash_traced "$2" "$3" -e "$(crash_inject "$1" "$3" "$4")"
	[[ -z $late ]] || { kill "$late" 2>/dev/null || true; wait "$late" || true; } # where the call did not come
	((status != 124)) || crash_broken restart 'the disturbed run does not end'
	is_hit=0
	! crash_was_hit "$1" "$2" || is_hit=1
	crash_look >>"$dir/broken"
	crash_again
	((status == 0)) || crash_broken restart "the run behind it ends with $status"
	crash_look_end >>"$dir/broken"
	crash_doubles >"$dir/doubles"
	sed -n 's/^\(.*\) unexplained$/copies|\1/p' "$dir/doubles" >>"$dir/broken"
}

# ---- which points ------------------------------------------------------------------------------

# crash_counts ROLE CALLS: "CALL N" for each call that a run without a fault makes.
crash_counts() {
	crash_reset
	crash_traced "$1" "$2"
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$dir/foi/trace" | sort | uniq -c | awk '{ print $2, $1 }'
}

# crash_each ACTION ROLE EVERY: the points of the counts on standard input.
crash_each() {
	awk -v action="$1" -v role="$2" -v every="$3" \
		'{ for (i = 1; i <= $2; i += every) print action, role, $1, i }'
}

# crash_plan: all points, one a line, those that kill first; each kind in an order of chance that is always
# the same, so that what was done when it is broken off is a fair sample.
crash_plan() {
	local role
	crash_counts register "$CRASH_CALLS" >"$dir/counts"
	{
		crash_each kill register 1 <"$dir/counts"
		crash_each late register 1 <"$dir/counts"
		for role in $CRASH_ROLES; do
			crash_counts "$role" "$CRASH_CALLS" | crash_each kill "$role" 1
		done
	} | shuf --random-source=<(yes)
	grep -E "^(${CRASH_STORE_CALLS// /|}) " "$dir/counts" >"$dir/counts.store"
	grep -E "^(${CRASH_ROOM_CALLS// /|}) " "$dir/counts" >"$dir/counts.room"
	{
		crash_each EIO register 1 <"$dir/counts.store"
		crash_each ENOSPC register 1 <"$dir/counts.room"
		crash_each ENOSPC+ register "$CRASH_FULL_EVERY" <"$dir/counts.room"
		for role in fetch send; do
			crash_counts "$role" "${CRASH_NET_CALLS// /,}" | crash_each ECONNRESET "$role" 1
		done
	} | shuf --random-source=<(yes)
}
