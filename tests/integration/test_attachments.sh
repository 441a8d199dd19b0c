#!/bin/bash
# test_attachments.sh - letters whose words are attached: what an officer sees of the files.
# SPDX-License-Identifier: MIT
#
# The names are made to hurt: devices, paths, escape sequences of terminals.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

MAILS=$INTEGRATION_HOME/../mail

# deliver NAME: the letter of tests/mail, as a mail server would bring it.
deliver() {
	{
		printf 'Message-ID: <%s@example.org>\nDate: Wed, 16 May 2018 09:30:00 +0100\n' "$1"
		cat "$MAILS/$1.eml"
	} >"$dir/$1.eml"
	deliver_lmtp "$dir" "$IMAP_USER" "$dir/$1.eml"
}

# page NAME: the page of the case that the letter opened.
page() {
	foictl_run "$dir" show "$(store_sql "$dir" "SELECT reference FROM foi_case JOIN message
		ON message.id = foi_case.message WHERE message_id = '<$1@example.org>'")" >"$dir/page"
}

# shows WHAT TEXT: the page has it, however its columns are set.
shows() {
	check "$1" grep -qF -- "$2" <<<"$(tr -s ' \n' ' ' <"$dir/page")"
}

fate_of() {
	store_sql "$dir" "SELECT fate FROM message WHERE message_id = '<$1@example.org>'"
}

integration_begin
. "$dir/env"
daemon_start "$dir"
for name in attachment-names attachment-see attachment-logo; do
	deliver "$name"
done
check 'three letters are dealt with' daemon_await "$dir" ' (case-opened|triage) ' 30 3

equal 'no words and documents' request "$(fate_of attachment-names)"
equal 'a letter that says where the request is' request "$(fate_of attachment-see)"
equal 'no words and a logo' triage "$(fate_of attachment-logo)"

page attachment-names
equal 'control characters on the page' 0 "$(LC_ALL=C tr -d '\n' <"$dir/page" | LC_ALL=C grep -c '[[:cntrl:]]' || true)"
equal 'marks of the other direction on the page' 0 "$(grep -c $'\u202e' "$dir/page" || true)"
shows 'a device' '_NUL.pdf, application/pdf, 1 bytes'
shows 'a share' ' unc.pdf, application/pdf, 1 bytes'
shows 'an escape sequence' '[2Jesc .pdf, application/pdf, 1 bytes'
shows 'why' 'a person must open it'
shows 'the warning' 'a person must open what is attached'
equal 'lines with a path' 0 "$(grep -cF -e share -e .. -e \\ "$dir/page" || true)"

page attachment-see
shows 'a letter' 'letter.odt, application/vnd.oasis.opendocument.text, 1 bytes'
shows 'its warning' 'a person must open what is attached'

equal 'the sum of each file is kept' 8 "$(store_sql "$dir" "SELECT count(*) FROM attachment
	WHERE sha256 = '$(printf x | sha256sum | cut -d ' ' -f 1)' AND name LIKE '%.%' AND type LIKE '%application%'")"
equal 'workers that died' 0 "$(grep -c ' worker-died ' "$dir/foi/log" || true)"
integration_end
