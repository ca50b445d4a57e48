#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "make install" puts everything where it is looked for, on each kernel, and "make uninstall" takes it away again; in a
# copy of the sources, as an operator has them.
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
failed=0
wrong() {
	echo "$*"
	failed=1
}

# the modules' index is made anew for the kernel that they are installed for
for series in 6.1 6.12; do
	kernel=$(selftests/vm/kernel "$series" 2>/dev/null) || { echo "no kernel $series"; exit 4; }
	release=$(make -s --eval='show: ; @echo $(release)' KDIR="$kernel/build" show)
	[ "$release" = "$(cat "$kernel/release")" ] || wrong "$series: depmod for $release, not $(cat "$kernel/release")"
done

mkdir "$tmp/nat64" "$tmp/root" || exit
tar -c --exclude=./build --exclude=./.git --exclude='*.o' --exclude='*.ko' . | tar -x -C "$tmp/nat64" || exit
install=(make -s -j2 -C "$tmp/nat64" KDIR="$kernel/build" DESTDIR="$tmp/root" prefix=/usr)

"${install[@]}" install || exit
[ -x "$tmp/root/usr/sbin/nat64ctl" ] || wrong "no nat64ctl"
"$tmp/root/usr/sbin/nat64ctl" check "$tmp/root/etc/nat64.toml" || failed=1
cmp README.md "$tmp/root/usr/share/doc/nat64/README.md" || failed=1
# It may be compressed.
module=$(find "$tmp/root/lib/modules/$release/updates" -name 'nat64.ko*')
[ "$(modinfo -F vermagic "$module" | cut -d ' ' -f 1)" = "$release" ] || wrong "no module for $release"
echo "# mine" >>"$tmp/root/etc/nat64.toml"
"${install[@]}" install || exit
grep -qx "# mine" "$tmp/root/etc/nat64.toml" || wrong "the operator's file is lost"
"${install[@]}" uninstall || exit
left=$(cd "$tmp/root" && find . ! -type d -o -name '*nat64*')
[ "$left" = ./etc/nat64.toml ] || wrong "left behind: $left"
exit $failed
