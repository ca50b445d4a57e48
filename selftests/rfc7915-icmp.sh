#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# RFC 7915 sections 4.2, 4.3, 5.2 and 5.3: every ICMP type and code that they
# name, both ways, and what errors quote. The rows are in wire/rfc7915_icmp.py.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"

wires
table rfc7915_icmp.py

# kinds DIRECTION: the types and codes that were translated that way.
kinds() { r nat64ctl list icmp | awk -v way="$1" '$1 == way { print $2 "/" $3 }' | xargs; }
packets() { r nat64ctl list icmp | awk -v way="$1" '$1 == way { sum += $4 } END { print sum + 0 }'; }
same "1/0 1/1 1/2 1/3 1/4 2/0 3/0 3/1 4/0 4/1 128/0 128/3 129/0" "$(kinds 6to4)" "what was translated to IPv4 is counted by type and code"
same "0/0 3/0 3/1 3/2 3/3 3/4 3/5 3/6 3/7 3/8 3/9 3/10 3/11 3/12 3/13 3/15 8/0 8/3 11/0 11/1 12/0 12/2" "$(kinds 4to6)" \
	"and what was to IPv6"
same "$(counted icmp-64-packets) $(counted icmp-46-packets)" "$(packets 6to4) $(packets 4to6)" "and nothing else as ICMP"
finish
