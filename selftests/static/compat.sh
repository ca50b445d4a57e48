#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What differs between kernels is in kernel/compat alone: the sources ask for no version, and each shadow header
# there goes on to the kernel's own.
cd "$(dirname "$0")/../.." || exit
failures=0
if grep -rnE 'LINUX_VERSION|KERNEL_VERSION|RHEL_RELEASE' --include='*.[ch]' kernel include selftests/kunit |
	grep -v '^kernel/compat/'; then
	echo "asks for the kernel's version"
	failures=1
fi
headers=$(find kernel/compat -name '*.h')
[ -n "$headers" ] || { echo "no shadow headers"; failures=1; }
for header in $headers; do
	grep -qx "#include_next <${header#kernel/compat/}>" "$header" || { echo "$header shadows more than it says"; failures=1; }
done
exit $failures
