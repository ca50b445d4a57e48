#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "make install" puts everything where it is looked for, on each kernel, and "make uninstall" takes it away again.
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
failed=0

# the modules' index is made anew for the kernel that they are installed for
for series in 6.1 6.12; do
	kernel=$(selftests/vm/kernel "$series" 2>/dev/null) || { echo "no kernel $series"; exit 4; }
	release=$(make -s --eval='show: ; @echo $(release)' KDIR="$kernel/build" show)
	[ "$release" = "$(cat "$kernel/release")" ] ||
		{ echo "$series: depmod for $release, not $(cat "$kernel/release")"; failed=1; }
done

make -s -C tools O="$tmp/build" DESTDIR="$tmp/root" prefix=/usr install || exit
[ -x "$tmp/root/usr/sbin/nat64ctl" ] || { echo "no nat64ctl"; failed=1; }
"$tmp/root/usr/sbin/nat64ctl" check "$tmp/root/etc/nat64.toml" || failed=1
cmp README.md "$tmp/root/usr/share/doc/nat64/README.md" || failed=1
echo "# mine" >>"$tmp/root/etc/nat64.toml"
make -s -C tools O="$tmp/build" DESTDIR="$tmp/root" prefix=/usr install || exit
grep -qx "# mine" "$tmp/root/etc/nat64.toml" || { echo "the operator's file is lost"; failed=1; }
make -s -C tools O="$tmp/build" DESTDIR="$tmp/root" prefix=/usr uninstall || exit
left=$(cd "$tmp/root" && find . ! -type d -o -name '*nat64*')
[ "$left" = ./etc/nat64.toml ] || { echo "left behind: $left"; failed=1; }
exit $failed
