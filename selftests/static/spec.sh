#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is generated from include/nat64.yaml, by the kernel's own generator, is what is checked in.
cd "$(dirname "$0")/../.." || exit
dir=${NAT64_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nat64}/ynl-6.12
tarball=/usr/src/linux-source-6.12.tar.xz

if [ ! -e "$dir/tools/net/ynl/ynl-gen-c.py" ]; then
	[ -e "$tarball" ] || { echo "no linux-source-6.12 package"; exit 4; }
	mkdir -p "$dir.tmp"
	tar -xJf "$tarball" -C "$dir.tmp" --strip-components=1 --wildcards \
		'*/tools/net/ynl/*.py' '*/tools/net/ynl/lib/*' '*/Documentation/netlink/*.yaml' &&
		mv "$dir.tmp" "$dir" || exit
fi
KSRC=$dir exec include/regen --check
