#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 1:1 IPv4 NAT, byte for byte: any protocol, fragments, checksums, and ICMP errors with the packet that they quote, both
# ways, with conntrack and without. The rows are in wire/nat44.py.
#
#   $host6                      $router                        $host4
#  (no addresses) lan --- lan 10.0.0.1  192.0.2.1 wan --- wan (no addresses)
#
#   10.0.0.2 is 198.51.100.2 and 10.0.0.3 is 198.51.100.3 on wan
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire/topology"
need python3 nft ethtool
/usr/bin/python3 -c "import scapy.layers.inet" 2>/dev/null || skip "no scapy"

setup_ns host6 router host4
export host6 router host4
forwarding "$router"
link "$host6" lan "$router" lan
link "$host4" wan "$router" wan
addr "$router" lan 10.0.0.1/24
addr "$router" wan 192.0.2.1/24
# Nobody shall answer by himself, nor complain.
for ns in "$host6" "$router" "$host4"; do
	in_ns "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done
r sysctl -qw net.ipv4.icmp_ratelimit=0
# What the router itself sends shall be finished when it is looked at.
r ethtool -K wan tx off >/dev/null
neighbour lan 10.0.0.2 "$host6"
neighbour lan 10.0.0.3 "$host6"
neighbour wan 192.0.2.33 "$host4"
run ip -n "$router" route add default via 192.0.2.33 dev wan
run r nat64ctl add nat44 10.0.0.2 198.51.100.2 dev wan
run r nat64ctl add nat44 10.0.0.3 198.51.100.3 dev wan

table nat44.py
run r nft "add table ip t; add chain ip t c { type filter hook prerouting priority 0; }; add rule ip t c ct state new counter"
table nat44.py conntrack
finish
