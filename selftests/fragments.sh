#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fragments, where conntrack puts them together before they are translated:
# on the IPv4 side, on the IPv6 side, on both. What comes out is cut like what
# came in. Without conntrack: see rfc7915-64 and -46. The rows are in wire/fragments.py.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"
need nft

# track FAMILY...: conntrack, and with it reassembly, for these families only.
track() {
	local family
	r nft flush ruleset
	for family; do
		r nft "add table $family t; add chain $family t c { type filter hook prerouting priority 0; }; add rule $family t c ct state new counter" ||
			skip "no conntrack for $family"
	done
}

wires
for families in ip ip6 "ip ip6"; do
	# shellcheck disable=SC2086 # one word a family
	track $families
	# shellcheck disable=SC2086
	table fragments.py $families
done
finish
