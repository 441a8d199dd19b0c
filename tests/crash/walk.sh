# shellcheck shell=bash disable=SC2154
# walk.sh - from point to point: progress, what is kept of a point that breaks something, the sums.
# SPDX-License-Identifier: MIT
#
# Source it after crash.sh. The results stand in a file, one line a point, columns parted by tabs: the
# point; hit or missed; whether there was a store (the number of its schema); the doubles, each with its
# reason; the invariants that were broken.

WALK_INVARIANTS='mailbox store fate case reference together acknowledged copies known restart silent'

# walk_pick N: of the points on standard input N in all, or a few more: each kind of them has at least one, and they lie evenly.
walk_pick() {
	sort -k 1,3 -k 4,4n | awk -v wanted="$1" '
		{ line[NR] = $0; kind[NR] = $1 " " $2 " " $3; n[kind[NR]]++ }
		END {
			for (i = 1; i <= NR; i++) {
				k = kind[i]
				take = int(wanted * n[k] / NR + 0.5)
				if (take < 1) take = 1
				seen[k]++
				# the middle one of each of the equal stretches
				if (int(take * seen[k] / n[k] + 0.5) > int(take * (seen[k] - 1) / n[k] + 0.5)) print line[i]
			}
		}'
}

# walk_keep FOLDER: everything that tells how it came.
walk_keep() {
	mkdir -p "$1"
	cp -r "$dir/foi" "$dir"/sent.* "$dir/broken" "$dir/doubles" "$dir/sending" "$1"
}

# walk_point RESULTS POINT: tries it and writes its line.
walk_point() {
	local results=$1 point=$2 hit
	# shellcheck disable=SC2086 # four words
	crash_point $point
	hit=missed
	((!is_hit)) || hit=hit
	printf '%s\t%s\t%s\t%s\t%s\n' "$point" "$hit" "$is_there" \
		"$(cut -d ' ' -f 3 "$dir/doubles" | tr '\n' ' ')" \
		"$(cut -d '|' -f 1 "$dir/broken" | tr '\n' ' ')" >>"$results"
	if [[ -s $dir/broken ]]; then
		sed "s/^/BROKEN at $point: /" "$dir/broken"
		walk_keep "$(dirname "$results")/${point// /-}"
	fi
}

# walk PLAN RESULTS EVERY: all points of the file that have no result yet; says every so many points how far it is.
walk() {
	local plan=$1 results=$2 every=$3 point n=0 total began=$SECONDS
	: >>"$results"
	total=$(grep -vxFf <(cut -f 1 "$results") "$plan" | tee "$dir/todo" | wc -l)
	while read -r point <&4; do
		walk_point "$results" "$point"
		n=$((n + 1))
		((n % every != 0)) || printf '%d of %d points, %d s, about %d s more\n' "$n" "$total" \
			$((SECONDS - began)) $(((SECONDS - began) * (total - n) / n))
	done 4<"$dir/todo"
}

# walk_sums RESULTS: how many points of each kind, what was broken, which doubles; fails if anything was broken.
walk_sums() {
	awk -F '\t' -v invariants="$WALK_INVARIANTS" '
		{
			split($1, p, " ")
			kills = p[1] == "kill" || p[1] == "late"
			what = p[1] == "kill" ? "killed" : p[1] == "late" ? "killed a while later" : "failed with " p[1]
			if ($2 == "hit") { tried[what]++; at[what "\t" p[2]]++; points++ }
			else missed++
			if ($2 == "hit" && kills && $3 == 0) before++
			m = split($4, d, " ")
			for (i = 1; i <= m; i++) doubles[d[i]]++
			all += m
			if (m) with++
			m = split($5, b, " ")
			for (i = 1; i <= m; i++) { broken[b[i]]++; n_broken++ }
		}
		END {
			printf "points tried: %d\n", points
			for (what in tried) {
				printf "  %-24s %5d ", what, tried[what]
				for (k in at) { split(k, w, "\t"); if (w[1] == what) printf " %s %d", w[2], at[k] }
				print ""
			}
			printf "  of those killed, before there was a store: %d\n", before
			printf "points that the run did not come to: %d\n", missed
			print "violations:"
			n = split(invariants, name, " ")
			for (i = 1; i <= n; i++) printf "  %-24s %5d\n", name[i], broken[name[i]]
			printf "acknowledgements received twice, under one Message-ID and the same to the byte: %d, at %d points\n", all, with
			printf "  %5d the row stood at sending: it ended between the taking of the mail and our commit\n", doubles["sending"]
			printf "  %5d tried twice: the reply was lost, or send died before it told of it\n", doubles["tried-twice"]
			printf "  %5d without such a reason\n", doubles["unexplained"]
			exit n_broken > 0
		}' "$1"
}
