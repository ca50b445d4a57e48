#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Path MTU discovery through the translator: small links that only a router far
# away knows, on either side; nobody clamps an MSS. What ping and traceroute say
# is true.
#
#   $host6 ----- $far6 ----- $router ----- $far4 ----- $host4
#         1500        1280         1500         1400
#                 (later 1500)              (as $far4 sees it)
#   2001:db8:1::2 ::1  2001:db8:2::2 ::1  203.0.113.1 .2  198.51.100.1 .2
#
# RFC 7915 4.2: packet too big tells the IPv4 MTU and 20; 5.2: fragmentation
# needed tells the IPv6 MTU less 20.
. "$(dirname "$0")/lib.sh"
need socat traceroute tracepath nft

far6=
far4=
chain() {
	setup_ns host6 far6 router far4 host4
	forwarding "$far6"
	forwarding "$router"
	forwarding "$far4"
	link "$host6" lan "$far6" lan
	link "$far6" core "$router" lan
	link "$router" wan "$far4" core
	link "$far4" wan "$host4" wan
	addr "$host6" lan $host6_v6/64
	addr "$far6" lan 2001:db8:1::1/64
	addr "$far6" core 2001:db8:2::2/64
	addr "$router" lan 2001:db8:2::1/64
	addr "$router" wan 203.0.113.1/24
	addr "$far4" core 203.0.113.2/24
	addr "$far4" wan 198.51.100.1/24
	addr "$host4" wan $host4_v4/24
	ip -n "$host6" route add default via 2001:db8:1::1
	ip -n "$far6" route add default via 2001:db8:2::1
	ip -n "$router" -6 route add 2001:db8:1::/64 via 2001:db8:2::2
	ip -n "$router" route add default via 203.0.113.2
	ip -n "$far4" route add default via 203.0.113.1
	ip -n "$host4" route add default via 198.51.100.1
	run r nat64ctl set prefix 64:ff9b::/96
	run r nat64ctl add map $host6_v4 $host6_v6
	for ns in "$host6" "$far6" "$router" "$far4" "$host4"; do
		in_ns "$ns" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
	done
}

# mtu NS1 DEV1 NS2 DEV2 BYTES: of both ends of a cable; nobody remembers another.
mtu() {
	run ip -n "$1" link set "$2" mtu "$5"
	run ip -n "$3" link set "$4" mtu "$5"
	ip -n "$host6" -6 route flush cache
	ip -n "$host4" route flush cache
}

# narrow BYTES: the last link as far4 sees it. The host's own end stays large, or
# the MSS that it offers would hide the other.
narrow() {
	run ip -n "$far4" route replace 198.51.100.0/24 dev wan scope link src 198.51.100.1 mtu lock "$1"
	ip -n "$host6" -6 route flush cache
}

# learnt NS ADDRESS: the path MTU that the kernel has learnt, if any.
learnt() { ip -n "$1" route get "$2" | sed -n 's/.* mtu \([0-9]*\).*/\1/p'; }

# upload FROM TO ADDRESS FAMILY PORT: 500 kB by TCP arrive as they left.
upload() {
	start ip netns exec "$2" socat -u "TCP$4-LISTEN:$5,reuseaddr" "CREATE:$tmp/got.$5"
	local server=$pid
	wait_listen "$2" tcp "$5"
	timeout 60 ip netns exec "$1" socat -u "FILE:$tmp/data" "TCP:$3:$5" || return
	wait "$server"
	cmp "$tmp/data" "$tmp/got.$5"
}

# told FAMILY NS SIZE ADDRESS PATTERN DESCRIPTION: a ping that may not be
# fragmented is told that it is too long, and how long it may be.
told() {
	local got
	got=$(in_ns "$2" ping "-$1" -M "do" -c 1 -W 5 -s "$3" "$4" 2>&1)
	[[ $got =~ $5 ]]
	point $? "$6"
	[[ $got =~ $5 ]] || echo "# ${got//$'\n'/$'\n'# }"
}

# goes FAMILY NS SIZE ADDRESS DESCRIPTION: and one that is not, passes.
goes() { ok "$5" in_ns "$2" ping "-$1" -M "do" -c 1 -W 10 -s "$3" "$4"; }

# hops FAMILY NS ADDRESS: the addresses that traceroute shows.
hops() { in_ns "$2" traceroute "-$1" -n -q 1 -w 5 -m 8 "$3" | awk 'NR > 1 {print $2}' | paste -sd ' '; }

chain
head -c 500000 /dev/urandom >"$tmp/data"
mtu "$far6" core "$router" lan 1280
narrow 1400

# --- the IPv6 link is the smallest: 1280 bytes of IPv6 are 1260 of IPv4

ok "TCP from IPv6" upload "$host6" "$host4" "[$host4_v6]" 4 5001
same 1280 "$(learnt "$host6" $host4_v6)" "the IPv6 sender has learnt 1280 bytes"
# Who has learnt it offers an MSS to match.
mtu "$far6" core "$router" lan 1280
ok "TCP from IPv4" upload "$host4" "$host6" $host6_v4 6 5002
same 1260 "$(learnt "$host4" $host6_v4)" "the IPv4 sender has learnt 1260 bytes"
mtu "$far6" core "$router" lan 1280
told 4 "$host4" 1233 $host6_v4 "mtu ?= ?1260" "ping from IPv4, 1261 bytes: fragmentation needed, mtu 1260"
goes 4 "$host4" 1232 $host6_v4 "ping from IPv4, 1260 bytes"
# Fragments of ICMP pass only when they are put together.
for family in ip ip6; do
	run r nft "add table $family t; add chain $family t c { type filter hook prerouting priority 0; }; add rule $family t c ct state new counter"
done
# The first answer may be lost: the IPv6 host, too, has to learn.
ok "ping from IPv4, 3000 bytes that may be fragmented" h4 ping -M dont -c 3 -W 10 -s 2972 $host6_v4
told 6 "$host6" 1300 $host4_v6 "mtu ?[=:] ?1280" "ping from IPv6, 1348 bytes: packet too big, mtu 1280"
goes 6 "$host6" 1232 $host4_v6 "ping from IPv6, 1280 bytes"
ok "ping from IPv6, 3000 bytes in fragments" h6 ping -c 1 -W 10 -s 2952 $host4_v6
run r nft flush ruleset
ok "tracepath from IPv4" h4 tracepath -n -4 $host6_v4
[[ $output =~ Resume:\ pmtu\ 1260 ]]
point $? "tracepath from IPv4 finds 1260"

# --- the IPv4 link is the smallest: 1400 bytes of IPv4 are 1420 of IPv6

mtu "$far6" core "$router" lan 1500
ok "TCP from IPv6" upload "$host6" "$host4" "[$host4_v6]" 4 5003
ok "TCP from IPv4" upload "$host4" "$host6" $host6_v4 6 5004
same 1420 "$(learnt "$host6" $host4_v6)" "the IPv6 sender has learnt 1420 bytes"
mtu "$far6" core "$router" lan 1500
told 6 "$host6" 1373 $host4_v6 "mtu ?[=:] ?1420" "ping from IPv6, 1421 bytes: packet too big, mtu 1420"
goes 6 "$host6" 1372 $host4_v6 "ping from IPv6, 1420 bytes"
ok "tracepath from IPv6" h6 tracepath -n -6 $host4_v6
[[ $output =~ Resume:\ pmtu\ 1420 ]]
point $? "tracepath from IPv6 finds 1420"

# --- the small link is the router's own

narrow 1500
mtu "$router" wan "$far4" core 1400
told 6 "$host6" 1373 $host4_v6 "mtu ?[=:] ?1420" "its IPv4 link: packet too big, mtu 1420"
ok "TCP from IPv6" upload "$host6" "$host4" "[$host4_v6]" 4 5005
mtu "$router" wan "$far4" core 1500
mtu "$far6" core "$router" lan 1280
told 4 "$host4" 1233 $host6_v4 "mtu ?= ?1260" "its IPv6 link: fragmentation needed, mtu 1260"
ok "TCP from IPv4" upload "$host4" "$host6" $host6_v4 6 5006

# --- the way there

same "2001:db8:1::1 2001:db8:2::1 64:ff9b::cb00:7102 $host4_v6" "$(hops 6 "$host6" $host4_v6)" \
	"traceroute from IPv6 shows every router, those of IPv4 inside the prefix"
same "198.51.100.1 203.0.113.1 203.0.113.1 $host6_v4" "$(hops 4 "$host4" $host6_v4)" \
	"traceroute from IPv4 shows every router, those of IPv6 by the translator's address"
finish
