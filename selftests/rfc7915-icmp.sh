#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# RFC 7915 sections 4.2, 4.3, 5.2 and 5.3: every ICMP type and code that they
# name, both ways, and what errors quote. The rows are in wire/rfc7915_icmp.py.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"

wires
table rfc7915_icmp.py
finish
