# shellcheck shell=bash
# feed.sh - a web server that gives bank holidays as GOV.UK does, well or badly: feed_server.py.
# SPDX-License-Identifier: MIT
#
# Source it after lib.sh. The file it gives is DIR/feed/feed; what it was asked stands in
# DIR/feed/requests; its certificate is DIR/feed/cert.pem, read anew for each connection.

# feed_start DIR: makes DIR/feed at the first time; returns when it answers. The port stays the same.
feed_start() {
	local dir=$1
	if [[ ! -e $dir/feed/port ]]; then
		mkdir -p "$dir/feed" && servers_mail ports 1 >"$dir/feed/port" &&
			cp "$DAEMON_ROOT/conf/bank-holidays.json" "$dir/feed/feed" &&
			feed_certificate "$dir" good || return 1
		if ((EUID == 0)); then chown "$(servers_user)" "$dir/feed"; fi
	fi
	server_launch "$dir" feed python3 "$SERVERS_HOME/feed_server.py" "$dir/feed" "$dir/feed/cert.pem" \
		"$dir/tls/key.pem" "$(<"$dir/feed/port")" &&
		server_await "$dir" feed "$(<"$dir/feed/port")"
}

# feed_stop DIR
feed_stop() {
	server_stop "$1" feed
}

# feed_certificate DIR good|expired|foreign|othername: which one it shows from now on.
feed_certificate() {
	cp "$1/tls/$2.pem" "$1/feed/cert.new" && chmod 644 "$1/feed/cert.new" && mv "$1/feed/cert.new" "$1/feed/cert.pem"
}

# feed_url DIR PATH
feed_url() {
	printf 'https://localhost:%s%s' "$(<"$1/feed/port")" "$2"
}

# feed_edit DIR PYTHON: gives what the Python statements make of `d`, the shipped bank holidays.
feed_edit() {
	python3 - "$DAEMON_ROOT/conf/bank-holidays.json" "$1/feed/feed.new" "$2" <<-'END' &&
		import datetime, json, sys
		d = json.load(open(sys.argv[1]))

		def day(offset):
		    """The weekday that many days from today, or the next."""
		    when = datetime.date.today() + datetime.timedelta(offset)
		    while when.weekday() > 4 or any(e["date"] == str(when) for v in d.values() for e in v["events"]):
		        when += datetime.timedelta(1)
		    return str(when)

		def add(division, date, title="A day"):
		    d[division]["events"].append({"title": title, "date": date, "notes": "", "bunting": False})
		    d[division]["events"].sort(key=lambda e: e["date"])

		def drop(division, wanted):
		    d[division]["events"] = [e for e in d[division]["events"] if not wanted(e["date"])]

		exec(sys.argv[3])
		json.dump(d, open(sys.argv[2], "w"))
	END
		mv "$1/feed/feed.new" "$1/feed/feed"
}

# feed_requests DIR: how many requests came.
feed_requests() {
	if [[ -e $1/feed/requests ]]; then wc -l <"$1/feed/requests"; else echo 0; fi
}
