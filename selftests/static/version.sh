#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module, the tool, DKMS and the packages have the same version.
cd "$(dirname "$0")/../.." || exit
versions=$(
	sed -n 's/^MODULE_VERSION("\(.*\)");/\1 kernel\/main.c/p' kernel/main.c
	sed -n 's/^VERSION[[:space:]]*:= *\(.*\)/\1 tools\/Makefile/p' tools/Makefile
	sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1 dkms.conf/p' dkms.conf
	sed -n '1s/^nat64 (\([^)]*\)).*/\1 debian\/changelog/p' debian/changelog
)
echo "$versions"
[ "$(wc -l <<<"$versions")" = 4 ] && [ "$(cut -d' ' -f1 <<<"$versions" | sort -u | wc -l)" = 1 ]
