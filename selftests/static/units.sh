#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The units are right to systemd, as they are installed; each is sandboxed so that systemd-analyze rates its exposure
# below 3; and uninstall takes away what install brought.
cd "$(dirname "$0")/../.." || exit
command -v systemd-analyze >/dev/null || { echo "no systemd-analyze"; exit 4; }
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
failures=0
export NAT64CTL=${NAT64CTL:-$PWD/nat64ctl}
[ -x "$NAT64CTL" ] || make -s -C tools || exit
tool=(make -s -C tools O="$(dirname "$NAT64CTL")" DESTDIR="$tmp")

failed() {
	echo "$*"
	failures=$((failures + 1))
}

# Where this is an installed path, verify finds the program there too.
"${tool[@]}" install >"$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }
grep -rq /usr/sbin/nat64ctl "$tmp/usr/lib/systemd/system" || failed "the units do not run what install installs"
make -s -C tools DESTDIR="$tmp" prefix="$tmp" sbindir="$(dirname "$NAT64CTL")" unitdir=/units install-units || exit
units=("$tmp"/units/*)
[ ${#units[@]} = 7 ] || failed "install brought ${#units[@]} units, not 7"

for unit in "${units[@]}"; do
	name=$(basename "$unit")
	# An instance, because a template alone cannot be verified. Only what is said of our units counts.
	case $name in
	*@.service) cp "$unit" "${unit/@/@verify}" && unit=${unit/@/@verify} ;;
	esac
	SYSTEMD_UNIT_PATH="$tmp/units:" systemd-analyze verify --man=no --recursive-errors=no "$unit" >"$tmp/said" 2>&1 ||
		failed "systemd-analyze verify $name fails"
	! grep nat64 "$tmp/said" || failed "systemd-analyze verify $name complains"
	[[ $name != *.timer ]] || continue
	systemd-analyze security --offline=true --threshold=29 --no-pager "$unit" >"$tmp/said" 2>&1 || {
		grep -v '✓' "$tmp/said"
		failed "systemd-analyze security $name: not below 3"
	}
	tail -n 1 "$tmp/said"
done

"${tool[@]}" uninstall >"$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }
rm -r "$tmp/units" "$tmp/said" "$tmp/log"
left=$(find "$tmp" ! -type d)
[ -z "$left" ] || failed "uninstall leaves $left"

[ $failures = 0 ]
