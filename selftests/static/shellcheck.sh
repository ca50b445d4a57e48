#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every shell script of ours is clean to shellcheck.
cd "$(dirname "$0")/../.." || exit
mapfile -t scripts < <(git ls-files -co --exclude-standard | while read -r file; do
	[ -f "$file" ] || continue
	case $file in
	*.sh) echo "$file" ;;
	*) ! head -n 1 "$file" | grep -qaE '^#!.*\b(ba)?sh( |$)' || echo "$file" ;;
	esac
done)
[ ${#scripts[@]} -gt 5 ] || { echo "found only ${#scripts[@]} scripts"; exit 1; }
shellcheck -S warning -x -P SCRIPTDIR "${scripts[@]}"
