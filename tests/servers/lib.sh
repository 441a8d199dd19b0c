# shellcheck shell=bash disable=SC1091
# lib.sh - real mail servers on loopback for the demo, the integration tests and the benchmarks.
# SPDX-License-Identifier: MIT
#
# Source it; every function takes the sandbox's folder DIR first. A sandbox is one Dovecot (IMAP,
# IMAPS, LMTP) and one Exim (SMTP, SMTPS) with certificates of an authority of its own, on free
# ports of 127.0.0.1. They run as the caller; where that is root, as nobody, so that both runs are
# the same. `tests/packages.sh test` has to have run before.
#
#	. tests/servers/lib.sh
#	dir=$(servers_dir); trap 'servers_stop "$dir"; rm -rf "$dir"' EXIT
#	servers_start "$dir"; . "$dir/env"
#
# Every function returns non-zero, with a line on stderr that says why, on any failure.

SERVERS_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SERVERS_EXIM=${SERVERS_EXIM:-$SERVERS_HOME/../../build/servers/exim/usr/sbin/exim4}
SERVERS_PATIENCE=20 # seconds that a start or stop may take on a slow, busy machine

# shellcheck source=certificates.sh
. "$SERVERS_HOME/certificates.sh"
# shellcheck source=processes.sh
. "$SERVERS_HOME/processes.sh"

# ---- the two of them --------------------------------------------------------------------------

# servers_dir: makes an empty folder for a sandbox, prints its name (short, for unix socket paths; reachable by nobody).
servers_dir() {
	local dir
	dir=$(mktemp -d /tmp/foi.XXXXXX) && chmod 755 "$dir" && printf '%s\n' "$dir"
}

# servers_start DIR: fills DIR, starts both servers and returns when every port answers.
servers_start() {
	servers_make "$1" && dovecot_start "$1" && exim_start "$1" && return 0
	servers_stop "$1"
	return 1
}

# servers_stop DIR: stops both, returns when no process is left; safe to call twice, early, or from a trap.
servers_stop() {
	local status=0
	exim_stop "$1" || status=1
	dovecot_stop "$1" || status=1
	return "$status"
}

# servers_use_cert DIR good|expired|foreign|othername: both servers start again with that certificate.
servers_use_cert() {
	[[ -r $1/tls/$2.pem ]] || { servers_say "no certificate named $2"; return 1; }
	servers_stop "$1" &&
		servers_as "$1" cp "$1/tls/$2.pem" "$1/tls/cert.pem" &&
		dovecot_start "$1" && exim_start "$1"
}

# servers_pids DIR: the processes of both servers, one id a line; empty when all is stopped.
servers_pids() {
	session_pids "$1/dovecot/session"
	session_pids "$1/exim/session"
}

# servers_logs DIR: what both servers logged, for a failing test to show.
servers_logs() {
	local log
	for log in "$1"/dovecot/*log "$1"/exim/*log; do
		[[ ! -s $log ]] || { printf -- '---- %s\n' "$log"; tail -n 40 "$log"; }
	done
}

# ---- one at a time ----------------------------------------------------------------------------

# dovecot_start DIR: returns when IMAP, IMAPS and LMTP answer.
dovecot_start() (
	. "$1/env" || exit 1
	server_launch "$1" dovecot "$DOVECOT_PROGRAM" -F -c "$1/dovecot/dovecot.conf" &&
		server_await "$1" dovecot "$IMAP_PORT" "$IMAPS_PORT" "$LMTP_SOCKET"
)

# dovecot_stop DIR: clients are cut off; returns when its last process is gone.
dovecot_stop() {
	server_stop "$1" dovecot
}

# exim_start DIR [RUNS]: returns when SMTP and SMTPS answer. RUNS: how it looks after its queue, else -q2s; '' for not at all.
exim_start() (
	. "$1/env" || exit 1
	runs=${2--q2s}
	# Exim looks up the user that Debian built in; nss_wrapper names the one we run as so.
	server_launch "$1" exim env LD_PRELOAD=libnss_wrapper.so \
		NSS_WRAPPER_PASSWD="$1/exim/passwd" NSS_WRAPPER_GROUP="$1/exim/group" \
		"$1/exim/exim" -C "$1/exim/exim.conf" -bdf ${runs:+"$runs"} &&
		server_await "$1" exim "$SMTP_PORT" "$SMTPS_PORT"
)

# exim_stop DIR: a delivery in hand ends first; what is queued stays queued for the next start.
exim_stop() {
	server_stop "$1" exim
}

# exim_queue DIR: what waits in Exim's queue, as `exim -bp` prints it; empty when all is delivered.
exim_queue() {
	servers_as "$1" env LD_PRELOAD=libnss_wrapper.so \
		NSS_WRAPPER_PASSWD="$1/exim/passwd" NSS_WRAPPER_GROUP="$1/exim/group" \
		"$1/exim/exim" -C "$1/exim/exim.conf" -bp
}

# dovecot_adm DIR ARGUMENT...: doveadm on the sandbox's mailboxes, e.g. `dovecot_adm "$dir" mailbox list -u "$IMAP_USER"`.
dovecot_adm() {
	local dir=$1
	servers_as "$dir" doveadm -c "$dir/dovecot/dovecot.conf" "${@:2}"
}

# ---- mail in ----------------------------------------------------------------------------------

# deliver_smtp DIR FROM TO FILE: by SMTP with STARTTLS as a stranger's server would; FROM '' is the null sender, - the file's Return-Path; prints the queue id.
deliver_smtp() (
	. "$1/env" || exit 1
	servers_mail smtp --port "$SMTP_PORT" --ca "$CA_FILE" -- "$2" "$3" "${@:4}"
)

# submit_smtp DIR FROM TO FILE: the same over STARTTLS and AUTH, as foimaild submits; prints the queue id.
submit_smtp() (
	. "$1/env" || exit 1
	servers_mail smtp --port "$SMTP_PORT" --ca "$CA_FILE" --user "$SMTP_USER" \
		--password-file "$SMTP_PASSWORD_FILE" -- "$2" "$3" "${@:4}"
)

# submit_smtps DIR FROM TO FILE: the same over the port that is TLS from the first byte.
submit_smtps() (
	. "$1/env" || exit 1
	servers_mail smtp --smtps --port "$SMTPS_PORT" --ca "$CA_FILE" --user "$SMTP_USER" \
		--password-file "$SMTP_PASSWORD_FILE" -- "$2" "$3" "${@:4}"
)

# deliver_lmtp DIR USER FILE: straight into the mailbox; the envelope sender is the file's Return-Path, else its From.
deliver_lmtp() {
	deliver_lmtp_many "$1" "$2" "$3"
}

# deliver_lmtp_many DIR USER FILE...: all of them over one connection; for many names write @LIST, a file with one a line.
deliver_lmtp_many() (
	. "$1/env" || exit 1
	servers_mail lmtp -- "$LMTP_SOCKET" "$2" "${@:3}"
)

# mailbox_fill DIR USER FILE...: many mails at once past every server, into the Maildir itself; @LIST as above. For backlogs.
mailbox_fill() {
	dovecot_adm "$1" mailbox status -u "$2" messages INBOX >"$1/output" && # makes it where it is not
		servers_mail fill -- "$1/mail" "$2" "${@:3}"
}

# mailbox_append DIR USER[/FOLDER] FILE [DATE]: by IMAP APPEND with that INTERNALDATE (2018-05-16T09:30:00+01:00); default now.
mailbox_append() (
	. "$1/env" || exit 1
	servers_mail append --port "$IMAPS_PORT" --ca "$CA_FILE" \
		--password-file "$IMAP_PASSWORD_FILE" -- "$2" "$3" "${4:-}"
)

# ---- mail out: USER may be user@host/FOLDER; mails are numbered from 1 in the order they came --

# mailbox_count DIR USER: how many mails are there.
mailbox_count() {
	servers_mail count -- "$1/mail" "$2"
}

# mailbox_wait DIR USER COUNT SECONDS: returns once at least COUNT mails are there; 1 when the time is over.
mailbox_wait() {
	servers_mail wait -- "$1/mail" "$2" "$3" "$4"
}

# mailbox_list DIR USER: one line a mail: number, From, Subject, Message-ID, separated by tabs.
mailbox_list() {
	servers_mail list -- "$1/mail" "$2"
}

# mailbox_read DIR USER N: mail N byte for byte as it lies in the mailbox (lines end in LF); N may be `last`.
mailbox_read() {
	servers_mail read -- "$1/mail" "$2" "$3"
}

# mailbox_header DIR USER N HEADER: the decoded HEADER of mail N on one line, e.g. its Message-ID; empty when it has none.
mailbox_header() {
	servers_mail header -- "$1/mail" "$2" "$3" "$4"
}

# mailbox_search_header DIR USER HEADER TEXT: numbers of the mails whose decoded HEADER contains TEXT; 1 when there is none.
mailbox_search_header() {
	servers_mail search -- "$1/mail" "$2" "$3" "$4"
}

# imap_read DIR USER N: the same mail as an IMAPS client gets it that verifies the certificate (lines end in CRLF).
imap_read() (
	. "$1/env" || exit 1
	servers_mail fetch --port "$IMAPS_PORT" --ca "$CA_FILE" \
		--password-file "$IMAP_PASSWORD_FILE" -- "$2" "$3"
)

# imap_read_starttls DIR USER N: the same over STARTTLS.
imap_read_starttls() (
	. "$1/env" || exit 1
	servers_mail fetch --starttls --port "$IMAP_PORT" --ca "$CA_FILE" \
		--password-file "$IMAP_PASSWORD_FILE" -- "$2" "$3"
)

# mailbox_make FOLDER COUNT [--seed N] [--only KIND]: COUNT mixed mails, FOLDER/list for deliver_lmtp_many @FOLDER/list, FOLDER/index.
mailbox_make() {
	python3 "$SERVERS_HOME/make_mailbox.py" "$@"
}

# sample_fill FILE REFERENCE MESSAGE_ID: the sample on stdout with @REFERENCE@ and @ACK_MESSAGE_ID@ (without <>) filled in.
sample_fill() {
	sed -e "s|@REFERENCE@|$(sed_text "$2")|g" -e "s|@ACK_MESSAGE_ID@|$(sed_text "$3")|g" "$1"
}

# ---- below here: for this file only -----------------------------------------------------------

servers_say() {
	printf 'servers: %s\n' "$*" >&2
}

# sed_text TEXT: TEXT as the replacement of a sed s||| command.
sed_text() {
	# shellcheck disable=SC2001 # bash 5.1 and 5.2 disagree on & in a replacement
	sed -e 's/[\\&|]/\\&/g' <<<"$1"
}

servers_mail() {
	python3 "$SERVERS_HOME/mail_client.py" "$@"
}

# servers_user: the user that the servers run as.
servers_user() {
	if ((EUID == 0)); then
		echo nobody
	else
		id -un || { servers_say "user id $EUID has no name in the password database"; return 1; }
	fi
}

# servers_as DIR CMD...: runs CMD as the servers' user with an empty environment and no descriptor of ours.
servers_as() {
	local dir=$1
	local -a drop=()
	((EUID != 0)) || drop=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
	(cd "$dir" && env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME="$dir" \
		"${drop[@]}" "${@:2}")
}

# servers_make DIR: folders, secrets, certificates, configurations and DIR/env; starts nothing.
servers_make() {
	local dir=$1
	servers_check "$dir" &&
		mkdir -p "$dir"/{dovecot/state,exim/spool,mail,tls} &&
		install -m 755 "$SERVERS_EXIM" "$dir/exim/exim" &&
		install -m 644 "$SERVERS_HOME/robot.py" "$dir/exim/robot.py" &&
		servers_secret "$dir/imap-password" && cp -p "$dir/imap-password" "$dir/smtp-password" &&
		servers_env "$dir" >"$dir/env" &&
		certificates_make "$dir/tls" &&
		cp "$dir/tls/ca.pem" "$dir/tls/foreign-ca.pem" "$dir" &&
		cp "$dir/tls/good.pem" "$dir/tls/cert.pem" &&
		servers_configure "$dir" &&
		servers_own "$dir"
}

# servers_check DIR: what has to be so before anything is made.
servers_check() {
	[[ $1 == /* && ${#1} -le 60 ]] ||
		{ servers_say "$1: not an absolute path of at most 60 bytes (sockets lie below it)"; return 1; }
	[[ -x $SERVERS_EXIM ]] || { servers_say "no $SERVERS_EXIM: run tests/packages.sh test"; return 1; }
	dovecot_program >/dev/null || { servers_say 'no dovecot: run tests/packages.sh test'; return 1; }
	[[ ! -e $1/env ]] || { servers_say "$1 is in use already"; return 1; }
	mkdir -p "$1" || return 1
	servers_as "$1" test -x "$1" ||
		{ servers_say "$1 cannot be reached by user $(servers_user)"; return 1; }
}

dovecot_program() {
	PATH=$PATH:/usr/sbin:/sbin command -v dovecot
}

# servers_secret FILE: a password of 24 letters and digits that only we can read, without a newline.
servers_secret() {
	(umask 077 && printf '%s' "$(openssl rand -hex 12)" >"$1")
}

# servers_env DIR: the text of DIR/env.
servers_env() {
	local dir=$1 ports text
	text=$(servers_mail ports 4) || return 1
	read -r -a ports <<<"$text"
	printf '%s=%q\n' \
		SERVERS_DIR "$dir" \
		SERVER_HOST localhost \
		IMAP_PORT "${ports[0]}" \
		IMAPS_PORT "${ports[1]}" \
		IMAP_USER foi@foi.example.org \
		IMAP_PASSWORD_FILE "$dir/imap-password" \
		SMTP_PORT "${ports[2]}" \
		SMTPS_PORT "${ports[3]}" \
		SMTP_USER foi@foi.example.org \
		SMTP_PASSWORD_FILE "$dir/smtp-password" \
		LMTP_SOCKET "$dir/dovecot/run/lmtp" \
		CA_FILE "$dir/ca.pem" \
		FOREIGN_CA_FILE "$dir/foreign-ca.pem" \
		MAIL_ROOT "$dir/mail" \
		DOVECOT_LOG "$dir/dovecot/log" \
		EXIM_LOG "$dir/exim/mainlog" \
		DOVECOT_PROGRAM "$(dovecot_program)"
}

# servers_configure DIR: the configuration files of both servers, for the Dovecot that is installed.
servers_configure() (
	local work=$1 user uid gid version template
	. "$work/env" || exit 1
	user=$(servers_user) && uid=$(id -u "$user") && gid=$(id -g "$user") || exit 1
	umask 077
	version=$("$DOVECOT_PROGRAM" --version) || exit 1
	case $version in
	2.3.*) template=dovecot-2.3.conf.in ;;
	2.4.*) template=dovecot-2.4.conf.in ;;
	*) servers_say "no configuration for Dovecot $version"; exit 1 ;;
	esac
	set -- -e "s|@WORK@|$(sed_text "$work")|g" -e "s|@USER@|$user|g" -e "s|@GROUP@|$(id -gn "$user")|g" \
		-e "s|@UID@|$uid|g" -e "s|@GID@|$gid|g" -e "s|@PASSWORD@|$(cat "$IMAP_PASSWORD_FILE")|g" \
		-e "s|@SMTP_USER@|$SMTP_USER|g" -e "s|@IMAP_PORT@|$IMAP_PORT|g" \
		-e "s|@IMAPS_PORT@|$IMAPS_PORT|g" -e "s|@SMTP_PORT@|$SMTP_PORT|g" -e "s|@SMTPS_PORT@|$SMTPS_PORT|g"
	sed "$@" "$SERVERS_HOME/$template" >"$work/dovecot/dovecot.conf" &&
		sed "$@" "$SERVERS_HOME/exim.conf.in" >"$work/exim/exim.conf" &&
		printf '%s\n' 'root:x:0:0::/:/bin/false' "Debian-exim:x:$uid:$gid::/:/bin/false" >"$work/exim/passwd" &&
		printf '%s\n' 'root:x:0:' "Debian-exim:x:$gid:" >"$work/exim/group"
)

# servers_own DIR: the servers' folders become their user's; ours stay ours.
servers_own() {
	((EUID == 0)) || return 0
	chown -R "nobody:$(id -g nobody)" "$1"/{dovecot,exim,mail,tls}
}
