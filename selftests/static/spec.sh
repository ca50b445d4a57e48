#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is generated from include/nat64.yaml, by the kernel's own generator, is what is checked in.
cd "$(dirname "$0")/../.." || exit
KSRC=$(selftests/vm/ynl) || exit
KSRC=$KSRC exec include/regen --check
