#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What begins or ends on the router itself, and what turns around on it.
#
#   $host6  2001:db8:1::2 (192.0.2.2) ---- lan  $router  wan ---- 198.51.100.2 $host4
#   $other6 2001:db8:2::2 (192.0.2.3) ---- lan2   |
#                          2001:db8:1::1 (192.0.2.1), pool 192.0.2.0/28 -> nat64
. "$(dirname "$0")/lib.sh"
need curl socat nft

topology
other6=
setup_ns other6
link "$other6" lan "$router" lan2
addr "$other6" lan 2001:db8:2::2/64
addr "$router" lan2 2001:db8:2::1/64
run in_ns "$other6" ip route add default via 2001:db8:2::1
run r nat64ctl set prefix 64:ff9b::/96
run r nat64ctl add pool 192.0.2.0/28
run r nat64ctl add map 192.0.2.1 $router_v6
run r nat64ctl add map $host6_v4 $host6_v6
run r nat64ctl add map 192.0.2.3 2001:db8:2::2

# server NS ADDRESS PORT: HTTP there, and its log in $log.
declare -A log
server() {
	http_server "$1" "$2" "$3"
	log[$1]=$tmp/log.$pid
}
server "$router" $router_v4 80
server "$host4" $host4_v4 80
server "$host6" $host6_v6 80
server "$other6" 2001:db8:2::2 80
for ns in "$router" "$host4"; do echo_server "$ns" udp4 7; done
for ns in "$host6" "$other6"; do echo_server "$ns" udp6 7; done
saw() { visited "$2" "${log[$1]}"; }

run r nft -f - <<END
table ip where {
	counter by_nat64 { }
	counter by_lo { }
	counter by_others { }
	counter reached { }
	counter left { }
	chain input {
		type filter hook input priority filter
		ip saddr { $host6_v4, 192.0.2.3 } iifname "nat64" ip daddr $router_v4 counter name by_nat64
		ip saddr { $host6_v4, 192.0.2.3 } iifname "lo" counter name by_lo
		ip saddr { $host6_v4, 192.0.2.3 } iifname != { "nat64", "lo" } counter name by_others
		ip saddr $host6_v4 ip daddr != $router_v4 counter name reached
	}
	chain postrouting {
		type filter hook postrouting priority filter
		ip saddr $host6_v4 ip daddr != { $host4_v4, $router_v4 } counter name left
	}
}
END

# --- the router's own IPv4 address, through the prefix

ok "ping the router's IPv4 address through the prefix" h6 ping -c 2 -i 0.2 -W 10 64:ff9b::$router_v4
ok "fetch from it" fetch "$host6" "http://[64:ff9b::$router_v4]/page"
ok "the router sees the host's mapped address" saw "$router" $host6_v4
ok "UDP to it" echoes "$host6" udp 64:ff9b::$router_v4 7
ok "it arrived on nat64" grew 5 packets "$router" ip where by_nat64
same 0 "$(packets "$router" ip where by_lo)" "never on lo"
same 0 "$(packets "$router" ip where by_others)" "nor on any other link"
run r nft add rule ip where input iifname nat64 tcp dport 80 reject
status 7 "an INPUT rule with iifname nat64 stops it" h6 curl -gsS --connect-timeout 5 "http://[64:ff9b::$router_v4]/page"
run r nft flush chain ip where input
run r nft add rule ip where input ip saddr $host6_v4 ip daddr != $router_v4 counter name reached

# --- destinations that nobody may ask for

# not_at_all COUNTER WHAT ADDRESS...: no packet to them gets anywhere; each is counted there.
not_at_all() {
	local counter=$1 what=$2 address before
	shift 2
	before=$(counted "$counter")
	for address; do
		# shellcheck disable=SC2086
		h6 ping -c 1 -W 0.1 "$address" >/dev/null 2>&1
	done
	ok "an honest ping behind them" h6 ping -c 1 -W 10 $host4_v6
	same $((before + $#)) "$(counted "$counter")" "$what: counted as $counter"
	same 0 "$(packets "$router" ip where reached)" "$what: none reached the router's own programs"
	same 0 "$(packets "$router" ip where left)" "$what: none left the router"
}
server "$router" 127.0.0.1 81
loopback="127.0.0.1 127.1.2.3"
martians="0.0.0.0 0.0.0.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 198.51.100.255"
# shellcheck disable=SC2046,SC2086 # one word an address
not_at_all drop-martian "well-known prefix" $(printf "64:ff9b::%s " $martians)
# What the well-known prefix must not stand for (RFC 6052 3.1); some of each.
# shellcheck disable=SC2046,SC2086
not_at_all drop-private "private addresses" $(printf "64:ff9b::%s " $loopback 10.1.2.3 172.31.255.1 192.168.0.1 \
	100.64.0.1 100.127.255.254 169.254.1.2)
run r nat64ctl set allow-private on
# shellcheck disable=SC2046,SC2086
not_at_all drop-martian "private addresses allowed" $(printf "64:ff9b::%s " $loopback $martians)
run r nat64ctl set prefix 3fff:64::/96
# shellcheck disable=SC2046,SC2086
host4_v6=3fff:64::c633:6402 not_at_all drop-martian "another prefix" $(printf "3fff:64::%s " $loopback $martians)
run r nat64ctl set prefix 64:ff9b::/96
run r nat64ctl set allow-private off
# The sender is told, but not more often than net.ipv6.icmp.ratelimit allows.
status 7 "a server on 127.0.0.1 is not reached" h6 curl -gsS --connect-timeout 10 "http://[64:ff9b::127.0.0.1]:81/page"
same 0 "$(packets "$router" ip where reached)" "no packet was let in"
before=$(counted drop-private)
status 1 "nor is a private address" h6 ping -c 3 -W 3 64:ff9b::10.1.2.3
ok "which the host is told" grep "Administratively prohibited" <<<"$output"
same $((before + 3)) "$(counted drop-private)" "and which is counted"

# --- programs on the router

ok "the router itself fetches through the prefix" fetch "$router" "http://[$host4_v6]/page"
ok "and is seen by its map" saw "$host4" 192.0.2.1
ok "UDP through the prefix" echoes "$router" udp $host4_v6 7
ok "ping through the prefix" r ping -c 2 -i 0.2 -W 10 $host4_v6
ok "ping the router by its map" h4 ping -c 2 -i 0.2 -W 10 192.0.2.1
server "$router" $router_v6 8080
ok "fetch from the router by its map" fetch "$host4" "http://192.0.2.1:8080/page"
ok "which sees the client inside the prefix" saw "$router" $host4_v6
big() { r python3 -c "
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.settimeout(10)
s.sendto(b'x' * 4000, ('$host4_v6', 7))
print(len(s.recv(65535)))"; }
ok "a datagram longer than the MTU, from the router" big
same 4000 "$output" "comes back whole"

ok "an IPv4 program on the router fetches from a mapped host" fetch "$router" "http://$host6_v4/page"
ok "which sees the router inside the prefix" saw "$host6" "64:ff9b::c633:6401"
ok "UDP to a mapped host" echoes "$router" udp $host6_v4 7
ok "ping a mapped host" r ping -c 2 -i 0.2 -W 10 $host6_v4
# The link nat64 has a large MTU: the first one learns what the path has.
big4() { r python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(3)
for again in 1, 2, 3:
	try:
		s.sendto(b'x' * 4000, ('$host6_v4', 7))
		print(len(s.recv(65535)))
		break
	except TimeoutError:
		pass"; }
ok "a datagram longer than the MTU, to a mapped host" big4
same 4000 "$output" "comes back whole"
status 1 "an address of the pool that nobody holds, from the router" r ping -c 1 -W 5 192.0.2.9
ok "is answered as unreachable" grep "Destination Host Unreachable" <<<"$output"
status 1 "the same from an IPv4 host" h4 ping -c 1 -W 5 192.0.2.9
ok "is answered as unreachable" grep "^From $router_v4 .*Destination Host Unreachable" <<<"$output"

# --- hairpin

ok "one mapped host fetches from another by its IPv4 address" fetch "$host6" "http://[64:ff9b::192.0.2.3]/page"
ok "which sees the first one's IPv4 address" saw "$other6" "64:ff9b::c000:202"
ok "and the other way" fetch "$other6" "http://[64:ff9b::192.0.2.2]/page"
ok "UDP" echoes "$host6" udp 64:ff9b::192.0.2.3 7
ok "ping" h6 ping -c 2 -i 0.2 -W 10 64:ff9b::192.0.2.3
ok "a host reaches itself" h6 ping -c 1 -W 10 64:ff9b::$host6_v4
status 1 "hop limit 1 ends at the router" h6 ping -c 1 -W 10 -t 1 64:ff9b::192.0.2.3
ok "which says so" grep "^From $router_v6 .*Time exceeded" <<<"$output"
finish
