#!/bin/bash
# packages.sh - install the Debian packages that are missing for a purpose: build, test, lint, fuzz.
# SPDX-License-Identifier: MIT
#
# Usage: tests/packages.sh PURPOSE...
#
# With everything in place nothing is done and nothing is asked. Otherwise apt-get runs, under
# sudo unless already root, adds only what is listed, and removes nothing (--no-remove): the
# machine may be somebody's mail server. `test` also fetches Exim into build/servers/exim, and
# does not install it, because any installed MTA would have to go for it.
set -euo pipefail
cd "$(dirname "$0")/.."

# One package a word; a|b is one package under the names that different Debian releases give it;
# a? is wanted only where the release has it.
BUILD='gcc libc6-dev make pkg-config libetpan-dev libcurl4-gnutls-dev libsqlite3-dev libsystemd-dev
	libjansson-dev libseccomp-dev libinih-dev nettle-dev libgumbo-dev'
TEST='libcmocka-dev dovecot-imapd dovecot-lmtpd dovecot-sieve sqlite3 openssl ca-certificates python3
	curl procps strace libnss-wrapper libidn12 libnsl2 libpcre2-8-0 libdb5.3t64|libdb5.3
	libgnutls-dane0t64|libgnutls-dane0 libc-gconv-modules-extra?'
LINT='shellcheck clang clang-tidy clang-format cppcheck universal-ctags python3 systemd'
FUZZ='clang libclang-rt-dev binutils'

EXIM_CACHE=build/servers/exim
POLICY=/usr/sbin/policy-rc.d

say() { printf 'packages: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# is_installed NAME: whether dpkg has the package in place.
is_installed() {
	[[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# has_candidate NAME: whether the package lists of this machine offer it.
has_candidate() {
	[[ $(apt-cache policy "$1" 2>/dev/null) =~ Candidate:\ [^\(] ]]
}

# is_satisfied WORD: whether one of its names is installed, or this release does without.
is_satisfied() {
	local name names=${1%\?}
	for name in ${names//|/ }; do
		is_installed "$name" && return 0
	done
	[[ $1 == *\? ]] && ! has_candidate "$names"
}

# missing WORD...: the words that no installed package satisfies, one a line.
missing() {
	local word
	for word; do
		is_satisfied "$word" || printf '%s\n' "$word"
	done
}

# pick_names WORD...: for each word the first name that apt knows, one a line; fails on none.
pick_names() {
	local word name
	for word; do
		word=${word%\?}
		for name in ${word//|/ }; do
			has_candidate "$name" && break
			name=
		done
		[[ -n $name ]] || return 1
		printf '%s\n' "$name"
	done
}

# need_root WHAT: asks for sudo's password, if for any, here; says what to run where we cannot become root.
need_root() {
	local why='this user is not root and there is no sudo'
	((EUID != 0)) || return 0
	if command -v sudo >/dev/null; then
		why='sudo refused'
		! sudo true || return 0
	fi
	die "$why; as root, run
  $1
and then the same command again"
}

# as_root CMD...: run it with the right to install; only after need_root.
as_root() {
	if ((EUID == 0)); then
		"$@"
	else
		sudo "$@"
	fi
}

# keep_services_down: no daemon that a package brings may start on this machine by our doing.
keep_services_down() {
	[[ ! -e $POLICY && ! -L $POLICY ]] || return 0
	trap 'as_root rm -f "$POLICY"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
	as_root chmod 755 "$POLICY"
}

# keep_boot_quiet NAME...: what we brought to this machine does not start with it from now on.
keep_boot_quiet() {
	command -v systemctl >/dev/null || return 0
	say "not to be started at boot: $*"
	as_root systemctl --quiet --no-reload disable "$@" || say "could not disable $*"
}

update_lists() {
	need_root 'apt-get update'
	say 'reading the package lists (apt-get update)'
	as_root apt-get update -qq
}

# try_install WORD...: one attempt with the package lists as they are.
try_install() {
	local -a names
	local text
	text=$(pick_names "$@") || return 1
	mapfile -t names <<<"$text"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
		--no-install-recommends --no-remove "${names[@]}"
}

# install_missing WORD...: lists that are absent or stale are renewed once.
install_missing() {
	local names had_dovecot=no
	names=$(pick_names "$@") || names=${*//|*/}
	need_root "apt-get update && apt-get install --no-install-recommends ${names//$'\n'/ }"
	say "installing ${names//$'\n'/ }"
	! is_installed dovecot-core || had_dovecot=yes
	keep_services_down
	try_install "$@" || { update_lists && try_install "$@"; } ||
		die "apt-get could not install: $*"
	[[ $had_dovecot == yes ]] || ! is_installed dovecot-core ||
		keep_boot_quiet dovecot.service dovecot.socket
}

# download_exim DIR: the package into DIR, by the same apt sources as everything else.
download_exim() {
	(cd "$1" && apt-get download -qq -o APT::Sandbox::User="$(id -un)" exim4-daemon-light) >&2
}

# fetch_exim: Exim's program into the cache; complete or not there at all.
fetch_exim() {
	[[ ! -x $EXIM_CACHE/usr/sbin/exim4 ]] || return 0
	local work
	mkdir -p "${EXIM_CACHE%/*}"
	work=$(mktemp -d "${EXIM_CACHE%/*}/fetch.XXXXXX")
	say "fetching exim4-daemon-light into $EXIM_CACHE (it is not installed)"
	download_exim "$work" || { update_lists && download_exim "$work"; } ||
		die 'apt-get download exim4-daemon-light failed'
	dpkg-deb -x "$work"/exim4-daemon-light_*.deb "$work/root"
	# The unpacked file is setuid root where root unpacks it; nobody may find such a thing here.
	chmod 755 "$work/root" "$work/root/usr/sbin/exim4"
	rm -rf "$EXIM_CACHE"
	mv "$work/root" "$EXIM_CACHE"
	rm -rf "$work"
}

# words_of PURPOSE: what it needs.
words_of() {
	case $1 in
	build) echo "$BUILD" ;;
	test) echo "$TEST" ;;
	lint) echo "$LINT" ;;
	fuzz) echo "$FUZZ" ;;
	*) return 1 ;;
	esac
}

main() {
	local purpose text
	local -a words=() lacking=()
	(($# > 0)) || { say 'usage: tests/packages.sh build|test|lint|fuzz...'; exit 2; }
	for purpose; do
		text=$(words_of "$purpose") || { say "no such purpose: $purpose"; exit 2; }
		read -r -d '' -a text <<<"$text" || true
		words+=("${text[@]}")
	done
	command -v dpkg-query >/dev/null || die "this needs Debian; elsewhere install by hand: ${words[*]}"
	# Twice, because fresh package lists may show that the release has a word with a "?".
	for _ in first again; do
		mapfile -t lacking < <(missing "${words[@]}")
		((${#lacking[@]} == 0)) || install_missing "${lacking[@]}"
	done
	for purpose; do
		[[ $purpose != test ]] || fetch_exim
	done
}

main "$@"
