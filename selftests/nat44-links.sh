#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 1:1 IPv4 NAT on a VLAN; and on a bridge, with br_netfilter and without, which also passes on what is not for the router.
#
#   $inside                   $router                               $outside
#   10.0.0.2, .3, .4 ---- lan 10.0.0.1
#                             br-wan 203.0.113.254 -- port1 ------- wan 203.0.113.1
#                               10.9.0.1            \ port2 ------- wan 203.0.113.2, 192.0.2.3 $beside
#                                                                       10.9.0.2 via the router
#                             port1.7 198.51.100.1 ---------------- wan.7 198.51.100.2
. "$(dirname "$0")/lib.sh"
need nft python3

inside='' outside='' beside=''
setup_ns inside router outside beside
forwarding "$router"
# The router leads back to where it came from.
r sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
run ip -n "$router" link add br-wan type bridge
run ip -n "$router" link set br-wan up
link "$inside" lan "$router" lan
link "$outside" wan "$router" port1
link "$beside" wan "$router" port2
run ip -n "$router" link add link port1 name port1.7 type vlan id 7
run ip -n "$outside" link add link wan name wan.7 type vlan id 7
run ip -n "$router" link set port1.7 up
run ip -n "$outside" link set wan.7 up
run ip -n "$router" link set port1 master br-wan
run ip -n "$router" link set port2 master br-wan
addr "$inside" lan 10.0.0.2/24 10.0.0.3/24 10.0.0.4/24
addr "$router" lan 10.0.0.1/24
addr "$router" br-wan 203.0.113.254/24 10.9.0.1/24
addr "$router" port1.7 198.51.100.1/24
addr "$outside" wan 203.0.113.1/24
addr "$outside" wan.7 198.51.100.2/24
addr "$beside" wan 203.0.113.2/24 192.0.2.3/32 10.9.0.2/32
run ip -n "$inside" route add default via 10.0.0.1
run ip -n "$beside" route add 10.9.0.1 dev wan
run ip -n "$beside" route add default via 10.9.0.1 dev wan table 9
run ip -n "$beside" rule add from 10.9.0.2 lookup 9

nat64() { r nat64ctl "$@"; }
tellers "$inside" "$outside" "$beside"
modprobe br_netfilter 2>/dev/null
[ ! -e /proc/sys/net/bridge ] || r sysctl -qw net.bridge.bridge-nf-call-iptables=0

# --- a VLAN

run ip -n "$outside" route add 192.0.2.0/24 via 198.51.100.1
ok "a rule on a VLAN" nat64 add nat44 10.0.0.2 192.0.2.2 dev port1.7
seen "$inside" 10.0.0.2 198.51.100.2 192.0.2.2 198.51.100.2 "out by the VLAN"
seen "$outside" 198.51.100.2 192.0.2.2 198.51.100.2 10.0.0.2 "in by the VLAN"
run ip -n "$outside" route add 10.0.0.0/24 via 203.0.113.254
same "10.0.0.2 203.0.113.1" "$(tells "$inside" tcp 10.0.0.2 203.0.113.1)" "what is not in the VLAN leaves as it is"
ok "a rule on the link that carries the VLAN" nat64 add nat44 10.0.0.4 192.0.2.4 dev port1
run ip -n "$outside" route replace 10.0.0.0/24 via 198.51.100.1
same "10.0.0.4 198.51.100.2" "$(tells "$inside" tcp 10.0.0.4 198.51.100.2)" "is not for what is in the VLAN"
run ip -n "$outside" route del 10.0.0.0/24 via 198.51.100.1

# --- a bridge

run ip -n "$outside" route replace 192.0.2.0/24 via 203.0.113.254
run ip -n "$outside" route add 192.0.2.3/32 dev wan
ok "a rule on a bridge" nat64 add nat44 10.0.0.2 192.0.2.2 dev br-wan
ok "one whose external address somebody there has" nat64 add nat44 10.0.0.3 192.0.2.3 dev br-wan
ok "one whose internal address somebody there has" nat64 add nat44 203.0.113.2 192.0.2.8 dev br-wan
ok "one for a host that the router reaches by the same bridge" nat64 add nat44 10.9.0.2 192.0.2.9 dev br-wan

bridged() {
	seen "$inside" 10.0.0.2 203.0.113.1 192.0.2.2 203.0.113.1 "$1: out by the bridge"
	seen "$outside" 203.0.113.1 192.0.2.2 203.0.113.1 10.0.0.2 "$1: in by the bridge"
	seen "$beside" 10.9.0.2 203.0.113.1 192.0.2.9 203.0.113.1 "$1: from the bridge, out by it"
	seen "$outside" 203.0.113.1 192.0.2.9 203.0.113.1 10.9.0.2 "$1: in by the bridge, back to it"
	same "203.0.113.2 203.0.113.1" "$(tells "$beside" tcp 203.0.113.2 203.0.113.1)" \
		"$1: the source of what is only passed on stays"
	same "203.0.113.1 192.0.2.3" "$(tells "$outside" tcp 203.0.113.1 192.0.2.3)" \
		"$1: the destination of what is only passed on stays"
	run ip -n "$outside" route add 10.0.0.0/24 via 203.0.113.254
	same "10.0.0.4 203.0.113.1" "$(tells "$inside" tcp 10.0.0.4 203.0.113.1)" "$1: a rule on a port is for nothing"
	run ip -n "$outside" route del 10.0.0.0/24 via 203.0.113.254
}
bridged "a bridge"
if [ -e /proc/sys/net/bridge ]; then
	run r sysctl -qw net.bridge.bridge-nf-call-iptables=1
	bridged "br_netfilter"
	run r nft "add table ip t; add chain ip t c { type filter hook prerouting priority 0; }; add rule ip t c ct state new counter"
	bridged "br_netfilter and conntrack"
	run r nft flush ruleset
fi
finish
