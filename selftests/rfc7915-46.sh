#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# RFC 7915 section 4: IPv4 packets become the IPv6 packets that it says, byte
# for byte, or are answered as it says. The rows are in wire/rfc7915_46.py.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"

wires
table rfc7915_46.py
finish
