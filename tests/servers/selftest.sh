#!/bin/bash
# selftest.sh - shows that the test servers do what lib.sh says, as this user and, run by root, as nobody.
# SPDX-License-Identifier: MIT
#
# Usage: tests/servers/selftest.sh [once]
# Prints one line a check and ends with "selftest: N checks passed"; non-zero on the first that fails.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
checks=0

# check TEXT CMD...: CMD has to succeed.
check() {
	"${@:2}" || { printf 'FAIL %s\n' "$1" >&2; servers_logs "$dir" >&2; exit 1; }
	checks=$((checks + 1))
	printf 'ok   %s\n' "$1"
}

# fails_with TEXT CMD...: CMD has to fail and to say TEXT.
fails_with() {
	local said
	said=$("${@:2}" 2>&1 >"$dir/output") && return 1
	contains "$said" "$1"
}

quietly() {
	"$@" >"$dir/output"
}

equal() {
	[[ $1 == "$2" ]] || { printf '"%s" is not "%s"\n' "$1" "$2" >&2; return 1; }
}

contains() {
	[[ $1 == *"$2"* ]] || { printf 'no "%s" in:\n%s\n' "$2" "$1" >&2; return 1; }
}

# letter NAME SUBJECT: a mail in $dir/NAME with what transports tend to spoil.
letter() {
	printf '%s\n' 'From: Jo Example <jo@requester.example.com>' 'To: foi@foi.example.org' \
		"Subject: $2" "Message-ID: <$1@requester.example.com>" '' \
		'Dear Council,' '.a line that starts with a dot' 'From here on, nothing more.' >"$dir/$1"
}

# body_of: what follows the header on standard input, line ends made plain.
body_of() {
	tr -d '\r' | sed '1,/^$/d'
}

# leftovers: processes that run a program of the sandbox, or in it.
leftovers() {
	local link
	for link in /proc/[0-9]*/{exe,cwd}; do
		[[ $(readlink "$link" 2>/dev/null) != "$dir"* ]] || printf '%s\n' "$link"
	done
}

test_delivery() {
	local id sent
	letter smtp 'By SMTP'
	letter auth 'By submission'
	letter lmtp 'Trwy LMTP =?UTF-8?Q?t=C5=B7?='
	sent=$(body_of <"$dir/smtp")
	id=$(deliver_smtp "$dir" - foi@foi.example.org "$dir/smtp")
	check 'SMTP with STARTTLS gives a queue id' contains "$id" -
	check 'the mail reaches the mailbox' mailbox_wait "$dir" "$IMAP_USER" 1 10
	check 'SMTP with STARTTLS and AUTH' quietly submit_smtp "$dir" foi+t@foi.example.org jo@requester.example.com "$dir/auth"
	check 'SMTPS with AUTH' quietly submit_smtps "$dir" foi+t@foi.example.org jo@requester.example.com "$dir/auth"
	check 'the requester has both' mailbox_wait "$dir" jo@requester.example.com 2 10
	check 'the tagged envelope sender arrives' contains \
		"$(mailbox_read "$dir" jo@requester.example.com last)" 'Return-Path: <foi+t@foi.example.org>'
	check 'LMTP' deliver_lmtp "$dir" foi+tag@foi.example.org "$dir/lmtp"
	check 'a tagged address is the same mailbox' equal "$(mailbox_count "$dir" "$IMAP_USER")" 2
	check 'the body is unchanged on disk' equal "$(mailbox_read "$dir" "$IMAP_USER" 1 | body_of)" "$sent"
	check 'the body is unchanged by IMAPS' equal "$(imap_read "$dir" "$IMAP_USER" 1 | body_of)" "$sent"
	check 'the body is unchanged by STARTTLS' equal "$(imap_read_starttls "$dir" "$IMAP_USER" 1 | body_of)" "$sent"
	check 'a decoded header is found' equal "$(mailbox_search_header "$dir" "$IMAP_USER" Subject 'LMTP tŷ')" 2
	check 'a header that is not there is not found' fails_with 'no mail' mailbox_search_header "$dir" "$IMAP_USER" Subject absent
	check 'the list has a line a mail' equal "$(mailbox_list "$dir" "$IMAP_USER" | wc -l)" 2
}

test_folders() {
	check 'APPEND to Sent' mailbox_append "$dir" "$IMAP_USER/Sent" "$dir/smtp" 2018-05-16T09:30:00+01:00
	check 'the mail lies in Sent' equal "$(mailbox_count "$dir" "$IMAP_USER/Sent")" 1
	check 'with the date it was given' contains \
		"$(dovecot_adm "$dir" fetch -u "$IMAP_USER" date.received.unixtime mailbox Sent all)" 1526459400
	check 'Junk is there' contains "$(dovecot_adm "$dir" mailbox list -u "$IMAP_USER")" Junk
}

test_many() {
	local n
	for n in {1..40}; do
		letter "many$n" "Number $n"
		printf '%s\n' "$dir/many$n"
	done >"$dir/many"
	check '40 mails over one connection' deliver_lmtp_many "$dir" many@foi.example.org "@$dir/many"
	check 'all 40 are there' equal "$(mailbox_count "$dir" many@foi.example.org)" 40
	check 'in the order they came' equal \
		"$(mailbox_list "$dir" many@foi.example.org | cut -f 3 | tr '\n' ' ')" \
		"$(printf 'Number %s ' {1..40})"
}

# test_samples: what the demo delivers gets through whole, 8-bit text and null senders too.
test_samples() {
	local file sent n=0
	for file in "$here"/../samples/*.eml; do
		sample_fill "$file" 'FOI 000001/18' 'token.1@foi.example.org' >"$dir/sample"
		sent=$(body_of <"$dir/sample" | base64)
		deliver_smtp "$dir" - samples@foi.example.org "$dir/sample" >/dev/null
		n=$((n + 1))
		mailbox_wait "$dir" samples@foi.example.org "$n" 10
		check "${file##*/} arrives unchanged" equal \
			"$(mailbox_read "$dir" samples@foi.example.org "$n" | body_of | base64)" "$sent"
	done
	check 'no token is left in them' equal "$(grep -rl '@REFERENCE@\|@ACK_MESSAGE_ID@' "$dir/mail")" ''
	check 'a null sender stays one' contains "$(mailbox_read "$dir" samples@foi.example.org 12)" 'Return-Path: <>'
	check 'a header can be asked for' equal \
		"$(mailbox_header "$dir" samples@foi.example.org 9 Subject)" 'FOI 000001/18 - request for internal review'
}

# test_generator: a made mailbox is the same for the same seed, and arrives.
test_generator() {
	mailbox_make "$dir/a" 60
	mailbox_make "$dir/b" 60
	check 'one seed, one mailbox' equal "$(cat "$dir"/a/*.eml | cksum)" "$(cat "$dir"/b/*.eml | cksum)"
	check 'the made mails are delivered' deliver_lmtp_many "$dir" made@foi.example.org "@$dir/a/list"
	check 'or laid into the mailbox' mailbox_fill "$dir" filled@foi.example.org "@$dir/a/list"
	check 'where IMAP finds them' contains "$(dovecot_adm "$dir" mailbox status \
		-u filled@foi.example.org messages INBOX)" 'messages=60'
	check 'the same ones' equal "$(imap_read "$dir" filled@foi.example.org 60 | body_of | cksum)" \
		"$(imap_read "$dir" made@foi.example.org 60 | body_of | cksum)"
	check 'all 60 of them' equal "$(mailbox_count "$dir" made@foi.example.org)" 60
}

test_refusals() {
	letter lost 'To nobody'
	check 'an unknown address is taken' quietly submit_smtp "$dir" foi+b@foi.example.org nobody@gone.example.net "$dir/lost"
	check 'and comes back' mailbox_wait "$dir" "$IMAP_USER" 3 10
	check 'as a delivery report' contains "$(mailbox_read "$dir" "$IMAP_USER" last)" \
		'Content-Type: multipart/report; report-type=delivery-status'
	check 'from the null sender' contains "$(mailbox_read "$dir" "$IMAP_USER" last)" 'Return-Path: <>'
	check '550 at RCPT' fails_with '550 no such user' submit_smtp "$dir" foi@foi.example.org jo@refuse.example.net "$dir/lost"
	check '451 at RCPT' fails_with '451 mailbox busy' submit_smtp "$dir" foi@foi.example.org jo@later.example.net "$dir/lost"
	check 'no relaying' fails_with '550 relay' submit_smtp "$dir" foi@foi.example.org jo@elsewhere.example "$dir/lost"
	printf wrong >"$dir/wrong"
	check 'a wrong password is refused by SMTP' fails_with 535 servers_mail smtp --port "$SMTP_PORT" --ca "$CA_FILE" \
		--user "$SMTP_USER" --password-file "$dir/wrong" -- - "$IMAP_USER" "$dir/lost"
	check 'a wrong password is refused by IMAP' fails_with AUTHENTICATIONFAILED servers_mail fetch --port "$IMAPS_PORT" --ca "$CA_FILE" \
		--password-file "$dir/wrong" -- "$IMAP_USER" 1
}

# test_refused NAME WHY: every port refuses us under certificate NAME for that reason.
test_refused() {
	check "the servers start with the $1 certificate" servers_use_cert "$dir" "$1"
	check "IMAPS: $1 is refused" fails_with "$2" imap_read "$dir" "$IMAP_USER" 1
	check "IMAP with STARTTLS: $1 is refused" fails_with "$2" imap_read_starttls "$dir" "$IMAP_USER" 1
	check "SMTP with STARTTLS: $1 is refused" fails_with "$2" submit_smtp "$dir" - "$IMAP_USER" "$dir/smtp"
	check "SMTPS: $1 is refused" fails_with "$2" submit_smtps "$dir" - "$IMAP_USER" "$dir/smtp"
}

test_certificates() {
	test_refused expired 'certificate has expired'
	test_refused othername 'IP address mismatch'
	test_refused foreign 'unable to get local issuer'
	check 'who trusts the foreign authority gets in' contains "$(servers_mail fetch --port "$IMAPS_PORT" \
		--ca "$FOREIGN_CA_FILE" --password-file "$IMAP_PASSWORD_FILE" -- "$IMAP_USER" 1)" 'By SMTP'
	check 'back to the good one' servers_use_cert "$dir" good
	check 'which is accepted' contains "$(imap_read "$dir" "$IMAP_USER" 1)" 'By SMTP'
}

test_outages() {
	letter waits 'Waits in the queue'
	check 'Dovecot stops' dovecot_stop "$dir"
	check 'Exim takes a mail all the same' quietly deliver_smtp "$dir" - "$IMAP_USER" "$dir/waits"
	check 'and queues it' contains "$(exim_queue "$dir")" jo@requester.example.com
	check 'Exim stops' exim_stop "$dir"
	check 'no process is left of either' equal "$(servers_pids "$dir")" ''
	check 'Dovecot starts' dovecot_start "$dir"
	check 'Exim starts' exim_start "$dir"
	check 'and delivers what waited' mailbox_wait "$dir" "$IMAP_USER" 4 15
	check 'a second start is refused' fails_with 'runs already' exim_start "$dir"
}

# one_run: everything once, in a sandbox of its own.
one_run() {
	dir=$(servers_dir)
	trap 'servers_stop "$dir"; rm -rf "$dir"' EXIT
	check "the servers start as $(servers_user), called by $(id -un)" servers_start "$dir"
	# shellcheck source=/dev/null
	. "$dir/env"
	check 'their processes are seen' contains "$(leftovers)" /cwd
	test_delivery
	test_folders
	test_many
	test_samples
	test_generator
	test_refusals
	test_certificates
	test_outages
	check 'the servers stop' servers_stop "$dir"
	check 'no process is left' equal "$(leftovers)" ''
	check 'stopping twice does no harm' servers_stop "$dir"
	rm -rf "$dir"
	printf 'selftest: %s checks passed\n' "$checks"
}

# as_nobody: the same by a user that is not root, from a copy that this user can read.
as_nobody() {
	copy=$(servers_dir)
	trap 'rm -rf "$copy"' EXIT
	cp -r "$here" "$here/../samples" "$copy"
	install -m 755 "$SERVERS_EXIM" "$copy/exim4"
	chmod -R a+rX "$copy"
	mkdir "$copy/home" && chown nobody "$copy/home"
	(cd "$copy" && setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups \
		env HOME="$copy/home" SERVERS_EXIM="$copy/exim4" bash "$copy/servers/selftest.sh" once)
}

if [[ ${1:-} == once ]]; then
	one_run
	exit
fi
bash "$0" once
bash "$0" once
if ((EUID == 0)); then
	as_nobody
fi
