# shellcheck shell=bash
# cases.sh - many open cases in the store of a stopped daemon, for tests and benchmarks.
# SPDX-License-Identifier: MIT
#
# Source it after daemon.sh. The rows are what intake writes for a case of one part without a mail.

# cases_make DIR N: N requests received on the 40 days before today, counted with the configured
# calendar as `foictl deadline` counts it; references "OLD 000001/26" and up.
cases_make() {
	local dir=$1 n=$2 back day due
	{
		printf 'BEGIN;\nCREATE TEMP TABLE clock (i INTEGER PRIMARY KEY, received, due);\n'
		for back in {0..39}; do
			day=$(date -u -d "-$back day" +%F)
			due=$("$dir/bin/foictl" deadline "$day" --calendar "$dir/conf/bank-holidays.json" --json |
				sed -n 's/.*"deadline": "\([^"]*\)".*/\1/p')
			printf "INSERT INTO clock VALUES (%d, '%s', '%s');\n" "$back" "$day" "$due"
		done
		cases_sql "$n"
		printf 'COMMIT;\n'
	} >"$dir/cases.sql" || return 1
	servers_as "$dir" sqlite3 -bail "$dir/foi/store" <"$dir/cases.sql"
}

# cases_sql N: the statements that make them from the table of clocks.
cases_sql() {
	cat <<-END
		INSERT INTO mailbox (name) VALUES ('foi') ON CONFLICT DO NOTHING;
		INSERT INTO authority (name) VALUES ('Exampleshire Council') ON CONFLICT DO NOTHING;
		CREATE TEMP TABLE fresh AS WITH RECURSIVE n (i) AS (
			SELECT 1 UNION ALL SELECT n.i + 1 FROM n WHERE n.i < $1)
			SELECT n.i, printf('OLD %06d/26', n.i) AS reference, received, due,
				(SELECT coalesce(max(id), 0) FROM foi_case) + n.i AS id
			FROM n JOIN clock c ON c.i = n.i % 40;
		INSERT INTO foi_case (id, reference, kind, state, mailbox, received, due, is_provisional,
				flags, opened_at, requester, requester_name, subject)
			SELECT id, reference, 'request', 'open', (SELECT id FROM mailbox WHERE name = 'foi'),
				received, due, 0, 0, strftime('%s', received), 'old' || i || '@example.com',
				'', 'An older question' FROM fresh;
		INSERT INTO case_reference SELECT reference, id FROM fresh;
		INSERT INTO part (case_id, n, question, regime, state, due, checked)
			SELECT id, 1, '', 'foia', 'open', due, 'an older calendar' FROM fresh;
		INSERT INTO part_authority SELECT p.id, a.id FROM part p
			JOIN fresh f ON f.id = p.case_id
			JOIN authority a ON a.name = 'Exampleshire Council';
		INSERT INTO deadline (part, at, regime, rule, working_days, received, due,
				is_provisional, calendar_hash)
			SELECT p.id, 0, 'foia', 'statute', 20, f.received, f.due, 0, 'an older calendar'
			FROM part p JOIN fresh f ON f.id = p.case_id;
	END
}

# cases_proclaim DIR DAY: one more bank holiday, in Northern Ireland, in the file DIR/conf/extra.json.
cases_proclaim() {
	cat >"$1/conf/extra.json" <<-END
		{"northern-ireland": {"division": "northern-ireland", "events": [
			{"title": "Day of the proclamation", "date": "$2", "notes": "", "bunting": false}]}}
	END
}
