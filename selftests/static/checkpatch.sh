#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module is clean to checkpatch --strict, taken from Debian's kernel source.
cd "$(dirname "$0")/../.." || exit
dir=${NAT64_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nat64}/checkpatch
tarball=$(find /usr/src -name 'linux-source-6.*.tar.xz' | sort -V | tail -n 1)

if [ ! -e "$dir/checkpatch.pl" ]; then
	[ -n "$tarball" ] || { echo "no linux-source package"; exit 4; }
	mkdir -p "$dir.tmp"
	tar -xJf "$tarball" -C "$dir.tmp" --strip-components=2 --wildcards \
		'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch' &&
		mv "$dir.tmp" "$dir" || exit
fi
check() {	# check IGNORED: what is read
	xargs -0 "$dir/checkpatch.pl" --strict --no-tree --terse --no-summary --show-types --ignore "$1" -f
}
# Out of tree there is no MAINTAINERS to update, and generated files are as they come.
ignored=FILE_PATH_CHANGES,LINUX_VERSION_CODE,CONSTANT_COMPARISON
find kernel include tools selftests/kunit -name '*.[ch]' ! -name '*-gen.[ch]' \
	! -path 'tools/tests/fuzz/*' -print0 | check $ignored || exit
# libFuzzer has names of its own.
printf '%s\0' tools/tests/fuzz/*.[ch] | check $ignored,CAMELCASE
