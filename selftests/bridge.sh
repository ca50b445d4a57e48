#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bridges whose packets netfilter sees (br_netfilter), as LAN and as WAN. What a
# bridge merely passes on is not touched, though its addresses be mapped ones.
#
#   $host6  ---- p1 \                          / p3 ---- $host4  198.51.100.2
#                    br-lan  $router  br-wan
#   $other6 ---- p2 /                          \ p4 ---- $other4 198.51.100.3,
#   2001:db8:1::3, 64:ff9b::7                            192.0.2.7 (mapped, too)
. "$(dirname "$0")/lib.sh"
need curl socat nft
modprobe br_netfilter 2>/dev/null
[ -e /proc/sys/net/bridge ] || skip "no br_netfilter in this kernel"

other6='' other4=''
setup_ns host6 other6 router host4 other4
forwarding "$router"
for bridge in lan wan; do
	run in_ns "$router" ip link add br-$bridge type bridge
	run in_ns "$router" ip link set br-$bridge up
done
link "$host6" lan "$router" p1
link "$other6" lan "$router" p2
link "$host4" wan "$router" p3
link "$other4" wan "$router" p4
for port in "p1 br-lan" "p2 br-lan" "p3 br-wan" "p4 br-wan"; do
	run in_ns "$router" ip link set "${port% *}" master "${port#* }"
done
addr "$host6" lan $host6_v6/64
addr "$other6" lan 2001:db8:1::3/64 64:ff9b::7/128
addr "$router" br-lan $router_v6/64
addr "$router" br-wan $router_v4/24
addr "$host4" wan $host4_v4/24
addr "$other4" wan 198.51.100.3/24 192.0.2.7/32
run in_ns "$host6" ip route add default via $router_v6
run in_ns "$other6" ip route add default via $router_v6
run in_ns "$host4" ip route add default via $router_v4
run in_ns "$other4" ip route add default via $router_v4
# Straight across the bridge, past the router.
run in_ns "$host6" ip route add 64:ff9b::7/128 dev lan
run in_ns "$host4" ip route add 192.0.2.7/32 dev wan

run r sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1
# Conntrack of both families sees what is bridged, too.
run r nft -f - <<'END'
table inet t {
	counter bridged4 { }
	counter invalid { }
	chain prerouting {
		type filter hook prerouting priority filter
		iifname { "br-wan", "p3", "p4" } ip daddr 192.0.2.7 counter name bridged4
		ct state invalid meta l4proto != ipv6-icmp counter name invalid
	}
	chain forward {
		type filter hook forward priority filter
		ct state new,established,related,untracked accept
	}
}
END

run r nat64ctl set prefix 64:ff9b::/96
run r nat64ctl add map $host6_v4 $host6_v6
run r nat64ctl add map 192.0.2.7 2001:db8:1::3
http_server "$host4" $host4_v4 80
http_server "$host6" $host6_v6 80
http_server "$other4" 192.0.2.7 80
http_server "$other6" 64:ff9b::7 80
echo_server "$host4" udp4 7
echo_server "$host6" udp6 7

# --- what the router is asked to carry

both_ways() {
	ok "$1: TCP from IPv6" fetch "$host6" "http://[$host4_v6]/page"
	same "hello from $host4_v4" "$output" "$1: the page"
	ok "$1: TCP from IPv4" fetch "$host4" "http://$host6_v4/page"
	same "hello from $host6_v6" "$output" "$1: the page"
	ok "$1: UDP from IPv6" echoes "$host6" udp $host4_v6 7
	ok "$1: UDP from IPv4" echoes "$host4" udp $host6_v4 7
	ok "$1: ping from IPv6" h6 ping -c 1 -W 10 $host4_v6
	ok "$1: ping from IPv4" h4 ping -c 1 -W 10 $host6_v4
	ok "$1: fragments from IPv6" h6 ping -c 1 -W 10 -s 3000 $host4_v6
	ok "$1: fragments from IPv4" h4 ping -c 1 -W 10 -s 3000 $host6_v4
}
both_ways "bridges with netfilter"
same 0 "$(packets "$router" inet t invalid)" "nothing is invalid to conntrack"

# --- what passes by

before=$(r nat64ctl stats)
ok "IPv4 to a mapped address across the bridge" fetch "$host4" http://192.0.2.7/page
same "hello from 192.0.2.7" "$output" "reaches the host that has it there"
ok "it was seen by netfilter" grew 3 packets "$router" inet t bridged4
ok "IPv6 into the prefix across the bridge" fetch "$host6" "http://[64:ff9b::7]/page"
same "hello from 64:ff9b::7" "$output" "reaches the host that has it there"
same "$before" "$(r nat64ctl stats)" "none of it was translated or dropped"

run r sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0
both_ways "bridges without netfilter"
finish
