#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No memory: whichever allocation of a request fails, the request is refused, nothing has changed, and nothing leaks.
# In kernels with fault injection, that is, in user-mode Linux.
. "$(dirname "$0")/lib.sh"
need python3
python3 -c "import yaml" 2>/dev/null || skip "no python3-yaml"
ynl=${YNL:-/out/ynl}
[ -e "$ynl/lib/ynl.py" ] || skip "no kernel tree to take its netlink client from"
failslab=/sys/kernel/debug/failslab
[ -w /proc/thread-self/fail-nth ] && [ -d $failslab ] || skip "a kernel without fault injection"

# Those that may sleep fail, too; and nothing is said about it.
echo 0 >$failslab/verbose
echo 0 >$failslab/ignore-gfp-wait

here=$(readlink -f "$(dirname "$0")")
topology
while IFS= read -r line; do
	case $line in
	"ok "*) point 0 "${line#ok }" ;;
	"not ok "*) point 1 "${line#not ok }" ;;
	*) echo "# $line" ;;
	esac
done < <(r python3 -B "$here/enomem.py" "$ynl" "$here/../include/nat64.yaml" 2>&1; echo "exit status $?" >"$tmp/status")
same "exit status 0" "$(<"$tmp/status")" "all were tried"
finish
