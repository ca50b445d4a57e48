#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the README gives to bind and to Prometheus is what they take; and there is no block, of commands or of a file, but
# those below, each with the test that takes it as it stands there: it has a call of block or typed for just that one.
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT

awk '/^## / { section = substr($0, 4); split("", n) }
	/^```/ && open { open = 0; next }
	/^```/ { open = 1; language = substr($0, 4) }
	/^```./ { print section "|" language "|" ++n[language] }' README.md >"$tmp/blocks"
# What the Makefile is to know is what starts this. selftests/check shows the demo with SLOW, and runs deb/run then, too.
cat >"$tmp/tested" <<'END'
See it work|sh|1|selftests/check
A real router|sh|1|selftests/deb/run
A real router|toml|1|selftests/readme.sh
A real router|sh|2|selftests/readme.sh
Debian packages|sh|1|selftests/deb/run
Debian packages|sh|2|selftests/deb/guest
Services|sh|1|selftests/deb/guest
Firewall|nft|1|selftests/readme.sh
DNS64|unbound|1|selftests/readme.sh
DNS64|bind|1|selftests/static/readme.sh
Many hosts behind one address|nft|1|selftests/readme.sh
1:1 IPv4 NAT|sh|1|selftests/readme.sh
1:1 IPv4 NAT|toml|1|selftests/readme.sh
Day by day|sh|1|selftests/readme.sh
Prometheus and Grafana|yaml|1|selftests/static/readme.sh
Tests|sh|1|Makefile
END
cut -d '|' -f 1-3 "$tmp/tested" | diff "$tmp/blocks" - || { echo "blocks of the README, and those that are tested"; exit 1; }

# has PATTERN FILE: not in a comment.
has() { sed 's/^[[:space:]]*#.*//' "$2" | grep -qE "$1"; }

# takes SECTION LANGUAGE N TEST
takes() {
	local block="block\"? \"?$1\"? $2" command
	case $4 in
	Makefile)
		while read -r command; do
			[[ $command != "make "* ]] || has "^${command#make }:" Makefile || return
		done < <(selftests/block "$1" "$2" "$3")
		return
		;;
	# types the first block alone, or a line of it
	selftests/deb/run) [ "$2 $3" != "sh 1" ] || ! has "typed \"?$1\"?( |$)" "$4" || return 0 ;;
	*) [ "$2" != sh ] || ! has "(^|[[:space:]])typed \"?$1\"? $3( |$)" "$4" || return 0 ;;
	esac
	case $3 in
	1) has "$block( 1)?( *[^ 0-9]|$)" "$4" ;;
	*) has "$block $3( |$)" "$4" ;;
	esac
}

while IFS='|' read -r section language n test; do
	takes "$section" "$language" "$n" "$test" || { echo "$test takes no block of $section, $language $n"; exit 1; }
done <"$tmp/tested"

{ echo "options {" && selftests/block DNS64 bind && echo "};"; } >"$tmp/options" &&
	/usr/bin/named-checkconf "$tmp/options" || exit
selftests/block "Prometheus and Grafana" yaml >"$tmp/yaml" && promtool check config "$tmp/yaml"
