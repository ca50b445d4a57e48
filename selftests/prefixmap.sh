#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# RFC 7757: pairs of prefixes, of the shapes of its figure 3; the longest match
# decides, either way; bits that IPv6 has in excess are zero one way and ignored
# the other. The rows are made by wire/prefixmap.py.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"

map() { ok "map $1 $2" r nat64ctl add map "$1" "$2"; }

wires
map 198.18.0.1 2001:db8:aaaa::
map 198.18.0.2 2001:db8:bbbb::b
map 198.18.0.16/28 2001:db8:cccc::/124
map 198.18.0.128/26 2001:db8:dddd::/64
map 198.18.0.192/29 2001:db8:eeee:8::/62
map 198.18.0.224/31 64:ff9b::/127
table prefixmap.py \
	198.18.0.1=2001:db8:aaaa:: 198.18.0.2=2001:db8:bbbb::b \
	198.18.0.16=2001:db8:cccc:: 198.18.0.17=2001:db8:cccc::1 198.18.0.31=2001:db8:cccc::f \
	198.18.0.128=2001:db8:dddd:: 198.18.0.131=2001:db8:dddd:0:c00:: 198.18.0.191=2001:db8:dddd:0:fc00:: \
	"198.18.0.131<2001:db8:dddd:0:fff::5" \
	198.18.0.193=2001:db8:eeee:8:8000:: 198.18.0.198=2001:db8:eeee:b:: "198.18.0.199<2001:db8:eeee:b:ffff::1" \
	198.18.0.224=64:ff9b:: 198.18.0.225=64:ff9b::1

# --- prefixes and hosts inside prefixes

map 198.18.0.0/24 2001:db8:6::/120
map 198.18.0.5 2001:db8:5::5
map 198.19.0.0/28 2001:db8:6::20/124
table prefixmap.py \
	198.18.0.3=2001:db8:6::3 198.18.0.255=2001:db8:6::ff \
	198.18.0.17=2001:db8:cccc::1 "198.18.0.17<2001:db8:6::11" \
	198.18.0.5=2001:db8:5::5 "198.18.0.5<2001:db8:6::5" \
	198.19.0.1=2001:db8:6::21 "198.18.0.33>2001:db8:6::21"
ok "the pair inside is deleted" r nat64ctl del map 198.18.0.16/28
table prefixmap.py 198.18.0.17=2001:db8:6::11
ok "the outer one is deleted" r nat64ctl del map 2001:db8:6::/120
table prefixmap.py 198.18.0.5=2001:db8:5::5 198.19.0.1=2001:db8:6::21

# --- what can be no pair

refused . "fewer bits behind the IPv6 prefix than behind the IPv4 one" r nat64ctl add map 198.18.1.0/24 2001:db8:7::/121
refused 2001:db8:dddd:: "the same IPv4 prefix twice" r nat64ctl add map 198.18.0.128/26 2001:db8:7::/64
refused 198.18.0.128 "the same IPv6 prefix twice" r nat64ctl add map 198.18.1.0/26 2001:db8:dddd::/64
refused . "bits behind the IPv4 prefix" r nat64ctl add map 198.18.1.1/24 2001:db8:7::/64
refused . "bits behind the IPv6 prefix" r nat64ctl add map 198.18.1.0/24 2001:db8:7::1/64
refused . "a pair inside the prefix that is not its own RFC 6052 form" r nat64ctl add map 198.18.1.0/24 2001:db8:155::/64
ok "the maps are listed" r nat64ctl --json list maps
[[ $(tr -d ' \n' <<<"$output") =~ \"198.18.0.128/26\",\"v6\":\"2001:db8:dddd::/64\",\"type\":\"static\" ]]
point $? "a pair is listed with its lengths"
finish
