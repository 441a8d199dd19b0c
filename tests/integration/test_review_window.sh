#!/bin/bash
# test_review_window.sh - a review that is asked for too late is a case whose clock runs, and an officer is told.
# SPDX-License-Identifier: MIT
#
# The cases are of 2018, so that every day of the story is past and known: the request came on 16 May
# and was answered on 14 June.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# arrives NAME TIME: that mail, as the server got it then; its case is in $case.
arrives() {
	daemon_mark "$dir"
	mailbox_append "$dir" "$IMAP_USER" "$dir/$1.eml" "$2"
	check "$1: a case" daemon_await "$dir" ' case-opened ' 20
	case=$(store_sql "$dir" 'SELECT reference FROM foi_case ORDER BY id DESC LIMIT 1')
}

# answered NAME: a request of that requester is answered; its reference is in $parent.
answered() {
	request "$1"
	arrives "$1" 2018-05-16T09:30:00+01:00
	parent=$case
	exits "$1: the answer" 0 foictl_run "$dir" record "$case" responded --outcome not-held --on 2018-06-14
}

# asks_again NAME ID TIME: that requester wants a review of $parent.
asks_again() {
	cat >"$dir/$2.eml" <<-END
		From: Robin $1 <$(requester "$1")>
		To: foi@foi.example.org
		Subject: Internal review of $parent
		Date: $(date -R)
		Message-ID: <$2@requester.example.com>

		I am not satisfied with your answer and request an internal review of it.
	END
	arrives "$2" "$3"
	logged "$2: a review" 1 ' case-opened .*kind=review fate=review '
	equal "$2: it is linked to its request" "$parent" \
		"$(foictl_run "$dir" show "$case" --json | json 'j["linked"][0]["reference"]')"
}

# in_time ID DAY: no flag. The history says until when.
in_time() {
	exits "$1: its page" 0 foictl_run "$dir" show "$case"
	equal "$1: no flag" 0 "$(grep -c 'review-late' "$dir/said" || true)"
	says "$1: the history" "daemon, review-asked: asked for on $2, in time: "
}

# late ID DAY: flagged, with a clock like any other.
late() {
	exits "$1: its page" 0 foictl_run "$dir" show "$case"
	says "$1: flagged" '^  Look at +.*review-late'
	says "$1: the history" "daemon, review-asked: asked for on $2, late: "
	says "$1: its clock runs" '^  Last day +.* 2018, '
	equal "$1: it is open" open "$(store_sql "$dir" "SELECT state FROM foi_case WHERE reference = '$case'")"
}

# The Code's 40 working days end on 13 August 2018.
test_code() {
	check 'it starts' daemon_start "$dir"
	answered code
	asks_again code code-in-time 2018-08-13T23:30:00+01:00
	in_time code-in-time '13 August 2018'
	asks_again code code-late 2018-08-14T00:30:00+01:00
	late code-late '14 August 2018'
	exits 'the list' 0 foictl_run "$dir" list --state any --json
	equal 'the list: flagged' "$case" \
		"$(json "[c['reference'] for c in j['cases'] if 'review-late' in c['flags']]" <"$dir/said")"
	check 'it stops' daemon_stop "$dir"
}

# An authority whose letters say "within 20 days": these are days of the calendar, until 4 July 2018.
test_own_window() {
	integration_reset -e 's/^regime = foia/&\nreview_window = 20 days/'
	check 'with a window of its own it starts' daemon_start "$dir"
	answered own
	asks_again own own-in-time 2018-07-04T17:00:00+01:00
	in_time own-in-time '4 July 2018'
	asks_again own own-late 2018-07-05T09:00:00+01:00
	late own-late '5 July 2018'
	check 'and stops' daemon_stop "$dir"
}

# "20" alone could be days of either kind.
test_unclear_window() {
	daemon_configure "$dir" -e 's/^regime = foia/&\nreview_window = 20/'
	exits 'a window without its unit' 1 daemon_run "$dir" --check
	says 'a window without its unit: the line' 'review_window'
}

integration_begin
. "$dir/env"
test_code
test_own_window
test_unclear_window
integration_end
