#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# RFC 6791: an error from an IPv6 router without a map passes, its source the
# router's own address or the one that was set, and never takes a lease. The
# rows are in wire/rfc6791.py.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"

wires
table rfc6791.py 192.0.2.1
ok "an address for them is set" r nat64ctl set icmp-source 192.0.2.254
table rfc6791.py 192.0.2.254
ok "and a pool" r nat64ctl add pool 203.0.113.0/24
table rfc6791.py 192.0.2.254
ok "leases are listed" r nat64ctl --json list maps dynamic
same "[]" "$output" "no error took one"
finish
