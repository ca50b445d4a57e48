#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each network namespace has its own configuration, or none at all.
#
#   $host6a 2001:db8:1::2 ---- $ra: 64:ff9b::/96, 192.0.2.2 ---- 198.51.100.2 $host4a
#   $host6b 2001:db8:1::2 ---- $rb: 3fff:64::/96, 203.0.113.2 -- 198.51.100.2 $host4b
#   $host6c 2001:db8:1::2 ---- $rc: not configured ------------- 198.51.100.2 $host4c
. "$(dirname "$0")/lib.sh"
need curl nft

# network HOST6 ROUTER HOST4: the topology of lib.sh, with servers; what the IPv4
# one has seen is in $log.
network() {
	forwarding "$2"
	link "$1" lan "$2" lan
	link "$3" wan "$2" wan
	addr "$1" lan $host6_v6/64
	addr "$2" lan $router_v6/64
	addr "$2" wan $router_v4/24
	addr "$3" wan $host4_v4/24
	run in_ns "$1" ip route add default via $router_v6
	run in_ns "$3" ip route add default via $router_v4
	http_server "$1" $host6_v6 80
	http_server "$3" $host4_v4 80
	log=$tmp/log.$pid
}
setup_ns host6a ra host4a host6b rb host4b host6c rc host4c
# shellcheck disable=SC2154 # setup_ns gives them their names
network "$host6a" "$ra" "$host4a"
log_a=$log
# shellcheck disable=SC2154
network "$host6b" "$rb" "$host4b"
log_b=$log
# shellcheck disable=SC2154
network "$host6c" "$rc" "$host4c"

run in_ns "$ra" nat64ctl set prefix 64:ff9b::/96
run in_ns "$ra" nat64ctl add map 192.0.2.2 $host6_v6
# The other way to say where.
run nat64ctl -n "$rb" set prefix 3fff:64::/96
run nat64ctl -n "$rb" add map 203.0.113.2 $host6_v6

ok "a: from IPv6" fetch "$host6a" "http://[64:ff9b::$host4_v4]/page"
ok "a: seen as 192.0.2.2" visited 192.0.2.2 "$log_a"
ok "a: from IPv4" fetch "$host4a" "http://192.0.2.2/page"
ok "b: from IPv6" fetch "$host6b" "http://[3fff:64::$host4_v4]/page"
ok "b: seen as 203.0.113.2" visited 203.0.113.2 "$log_b"
ok "b: from IPv4" fetch "$host4b" "http://203.0.113.2/page"
fails "a does not know b's prefix" in_ns "$host6a" ping -c 1 -W 0.5 3fff:64::$host4_v4
fails "a does not know b's map" in_ns "$host4a" ping -c 1 -W 0.5 203.0.113.2
fails "b does not know a's prefix" in_ns "$host6b" ping -c 1 -W 0.5 64:ff9b::$host4_v4
fails "b does not know a's map" in_ns "$host4b" ping -c 1 -W 0.5 192.0.2.2
same '[{"v4":"192.0.2.2","v6":"2001:db8:1::2","type":"static"}]' \
	"$(in_ns "$ra" nat64ctl --json list maps | tr -d ' \n')" "a lists its own"
same '[{"v4":"203.0.113.2","v6":"2001:db8:1::2","type":"static"}]' \
	"$(nat64ctl -n "$rb" --json list maps | tr -d ' \n')" "b lists its own"

# --- the third: same addresses, owned by hosts, forwarded as they are

same "[]" "$(in_ns "$rc" nat64ctl --json list maps)" "c has none"
addr "$host6c" lan 192.0.2.2/32 192.0.2.222/24
addr "$rc" lan 192.0.2.1/24
addr "$rc" wan 64:ff9b::1/64
addr "$host4c" wan 64:ff9b::$host4_v4/64
run in_ns "$host6c" ip route add default via 192.0.2.1
run in_ns "$host4c" ip route add default via 64:ff9b::1
ok "c: a host owns 192.0.2.2" in_ns "$host4c" ping -c 1 -W 10 192.0.2.2
ok "c: a host owns 64:ff9b::198.51.100.2" in_ns "$host6c" ping -c 1 -W 10 64:ff9b::$host4_v4
fails "c: no link" in_ns "$rc" ip link show dev nat64
# 6.1 as Debian builds it does not tell which hooks there are: it prints nothing.
ok "nft lists hooks" in_ns "$ra" nft list hooks
if [ -n "$output" ]; then
	ok "a: it has hooks" grep -F "[nat64]" <<<"$output"
	ok "nft lists hooks" in_ns "$rc" nft list hooks
	fails "c: it has none" grep -F "[nat64]" <<<"$output"
else
	point 0 "a: it has hooks, c: it has none # SKIP this kernel does not list hooks"
fi

# --- one ends, the others go on

run nat64ctl -n "$ra" reset
fails "a has been reset" in_ns "$host6a" ping -c 1 -W 0.5 64:ff9b::$host4_v4
ok "b goes on" fetch "$host6b" "http://[3fff:64::$host4_v4]/page"
run in_ns "$ra" nat64ctl set prefix 64:ff9b::/96
run in_ns "$ra" nat64ctl add map 192.0.2.2 $host6_v6
ok "a again" in_ns "$host6a" ping -c 1 -W 10 64:ff9b::$host4_v4
run ip netns del "$rb"
ok "a goes on when b's namespace has ended" fetch "$host6a" "http://[64:ff9b::$host4_v4]/page"
finish
