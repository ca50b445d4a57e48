#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the README gives to resolvers and to Prometheus is what they take; and there is no block, of commands or of a
# file, but those below, each with the test that takes it as it stands there.
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT

awk '/^## / { section = substr($0, 4); split("", n) }
	/^```/ && open { open = 0; next }
	/^```/ { open = 1; language = substr($0, 4) }
	/^```./ { print section "|" language "|" ++n[language] }' README.md >"$tmp/blocks"
# The demo and the check do what stands there themselves.
cat >"$tmp/tested" <<'END'
See it work|sh|1|Makefile
A real router|sh|1|selftests/deb/run
A real router|toml|1|selftests/readme.sh
A real router|sh|2|selftests/readme.sh
Debian packages|sh|1|selftests/deb/run
Debian packages|sh|2|selftests/deb/guest
Services|sh|1|selftests/deb/guest
Firewall|nft|1|selftests/readme.sh
DNS64|unbound|1|selftests/static/readme.sh
DNS64|bind|1|selftests/static/readme.sh
Many hosts behind one address|nft|1|selftests/readme.sh
1:1 IPv4 NAT|sh|1|selftests/readme.sh
1:1 IPv4 NAT|toml|1|selftests/readme.sh
Day by day|sh|1|selftests/readme.sh
Prometheus and Grafana|yaml|1|selftests/static/readme.sh
Tests|sh|1|Makefile
END
cut -d '|' -f 1-3 "$tmp/tested" | diff "$tmp/blocks" - || { echo "blocks of the README, and those that are tested"; exit 1; }
while IFS='|' read -r section _ _ test; do
	[ "$test" = Makefile ] || grep -qF "$section" "$test" || { echo "$test knows no block of $section"; exit 1; }
done <"$tmp/tested"

while read -r name section; do
	selftests/block "$section" "$name" >"$tmp/$name" || { echo "no block for $name"; exit 1; }
done <<'END'
unbound DNS64
bind DNS64
yaml Prometheus and Grafana
END
{ echo "options {" && cat "$tmp/bind" && echo "};"; } >"$tmp/options"
/usr/sbin/unbound-checkconf "$tmp/unbound" && /usr/bin/named-checkconf "$tmp/options" && promtool check config "$tmp/yaml"
