#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The manuals are well-formed to scdoc, man and mandoc, "make install" brings every one, and none of ours that a manual,
# a unit or the README names is missing.
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
failures=0

failed() {
	echo "$*"
	failures=$((failures + 1))
}

make -s -C tools OBJ="$tmp" DESTDIR="$tmp/root" prefix=/usr install-man || exit
for source in tools/man/*.scd; do
	page=$(basename "$source" .scd)
	installed=$tmp/root/usr/share/man/man${page##*.}/$page
	[ -e "$installed" ] || { failed "$page is not installed"; continue; }
	LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$installed" 2>&1 >"$tmp/page" | tee "$tmp/said"
	if [ -s "$tmp/said" ] || [ ! -s "$tmp/page" ]; then
		failed "man has something to say about $page"
	fi
	# scdoc writes more paragraphs than there are.
	! mandoc -T lint -W warning "$installed" | grep -v 'skipping paragraph macro' ||
		failed "mandoc has something to say about $page"
done

# nat64ctl(8), or *nat64ctl*(8)
grep -ohE '\*?\bnat64[a-z.]*\*?\([1-9]\)' README.md tools/man/*.scd tools/systemd/* | tr -d '*' | sort -u >"$tmp/named"
[ "$(wc -l <"$tmp/named")" -ge 3 ] || failed "the manuals name hardly any"
while IFS='()' read -r name section; do
	[ -e "tools/man/$name.$section.scd" ] || failed "$name($section) is named, but there is none"
done <"$tmp/named"

[ $failures = 0 ]
