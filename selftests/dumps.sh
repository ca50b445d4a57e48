#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A list is right however slowly it is read and whatever changes meanwhile, and what nat64ctl shows is one configuration,
# never a mixture of two.
. "$(dirname "$0")/lib.sh"
need_ynl

here=$(readlink -f "$(dirname "$0")")
topology

while IFS= read -r line; do
	case $line in
	"ok "*) point 0 "${line#ok }" ;;
	*) point 1 "$line" ;;
	esac
done < <(r python3 -B "$here/dumps.py" "$ynl" "$here/../include/nat64.yaml" 2>&1)

# --- nat64ctl's

# file N: whatever can differ does.
file() {
	cat <<-END
		Nat64Prefix = "2001:db8:$1::/96"
		Nat44 = [{ Internal = "10.0.$1.1", External = "198.51.100.$1", Interface = "wan" }]
		Nat44Exclude = ["9.9.9.$1"]
		[Pool]
		Prefixes = ["203.0.$1.0/24"]
		AllowFrom = ["2001:db8:$1::/48"]
		Static = [{ v4 = "198.18.0.$1", v6 = "2001:db8:1::$1" }]
	END
}
run r nat64ctl reset
for i in 101 102; do
	file $i >"$tmp/$i.toml"
	run r nat64ctl load "$tmp/$i.toml"
	r nat64ctl show >"$tmp/$i.shown"
done
alternate() { while nat64ctl load "$1/101.toml" && nat64ctl load "$1/102.toml"; do :; done; }
export -f alternate
start ip netns exec "$router" bash -c 'alternate "$@"' - "$tmp"
declare -A shown=()
for _ in $(seq 40); do
	text=$(r nat64ctl show 2>"$tmp/notes")
	case $text in
	"$(<"$tmp/101.shown")") shown[101]=1 ;;
	"$(<"$tmp/102.shown")") shown[102]=1 ;;
	*) grep -q "changed while it was read" "$tmp/notes" || shown[mixed]=$text ;;
	esac
done
stop "$pid"
same "" "${shown[mixed]-}" "what is shown while two files are loaded in turn is one of them"
same 11 "${shown[101]-}${shown[102]-}" "now this one, now the other"
finish
