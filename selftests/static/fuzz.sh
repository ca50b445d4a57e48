#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What reads text of others takes what nobody would write: the fuzz targets of tools/, for 20 seconds; SLOW: 300.
cd "$(dirname "$0")/../.." || exit
echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
	clang -fsanitize=fuzzer,address -x c -o /dev/null - 2>/dev/null || { echo "no clang with libFuzzer"; exit 4; }
exec make -s -C tools O="$PWD/build/fuzz" OBJ="$PWD/build/fuzz" FUZZ_SECONDS="${SLOW:+300}" fuzz
