#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the README gives to resolvers and to Prometheus is what they take. (selftests/readme.sh does the rest.)
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT

for name in unbound bind yaml; do
	sed -n "/^\`\`\`$name\$/,/^\`\`\`\$/p" README.md | grep -v '^```' >"$tmp/$name" || { echo "no block for $name"; exit 1; }
done
{ echo "options {" && cat "$tmp/bind" && echo "};"; } >"$tmp/options"
/usr/sbin/unbound-checkconf "$tmp/unbound" && /usr/bin/named-checkconf "$tmp/options" && promtool check config "$tmp/yaml"
