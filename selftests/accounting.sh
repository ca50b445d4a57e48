#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# With accounting on, every map counts packets and bytes each way: of a host, of
# a prefix pair, and of a lease.
. "$(dirname "$0")/lib.sh"
need ping socat ethtool

basic
run r nat64ctl add map 203.0.113.0/24 2001:db8:6::/120
run r nat64ctl add pool 192.0.2.128/25
addr "$host6" lan 2001:db8:6::7/128 2001:db8:1::3/64
run r ip -6 route add 2001:db8:6::/120 via $host6_v6

# pings NUMBER [SOURCE]: echoes of 84 bytes IPv4, 104 bytes IPv6.
pings() { h6 ping -c "$1" -i 0.1 -W 10 -I "${2:-$host6_v6}" $host4_v6; }

# map V6: what is counted by its map: packets64 bytes64 packets46 bytes46.
map() {
	r nat64ctl --json list maps | tr -d '\n' | tr '{' '\n' | grep -F "\"v6\":\"$1\"" |
		sed -nE 's/.*"packets64":([0-9]+),"bytes64":([0-9]+),"packets46":([0-9]+),"bytes46":([0-9]+).*/\1 \2 \3 \4/p'
}

ok "off: traffic" pings 1
same "" "$(map $host6_v6)" "off: nothing is counted"
fails "off: no columns" grep PACKETS <(r nat64ctl list maps)

run r nat64ctl set accounting on
same "0 0 0 0" "$(map $host6_v6)" "on: from nothing"
ok "on: three echoes of a host" pings 3
same "3 312 3 252" "$(map $host6_v6)" "on: they are counted, bytes as they came"
ok "on: two of a host of a prefix pair" pings 2 2001:db8:6::7
same "2 208 2 168" "$(map 2001:db8:6::/120)" "on: they are counted by the pair"
ok "on: four of a host without a map" pings 4 2001:db8:1::3
same "4 416 4 336" "$(map 2001:db8:1::3)" "on: they are counted by its lease, the first one too"
same "3 312 3 252" "$(map $host6_v6)" "on: and by no other map"
ok "on: columns" grep -E "^V4 +V6 .* PACKETS64 +BYTES64 +PACKETS46 +BYTES46$" <(r nat64ctl list maps)

# Super-packets are counted as what they are on a wire: of TCP, 40 bytes of IPv6 and 32 of TCP with each packet, and 8 of
# options more with the first.
run r nat64ctl set accounting off
run r nat64ctl set accounting on
h6 ethtool -K lan tso on gso on >/dev/null
head -c 1000000 /dev/urandom >"$tmp/data"
start ip netns exec "$host4" socat -u TCP-LISTEN:5000 "CREATE:$tmp/got"
wait_listen "$host4" tcp 5000
ok "a megabyte of TCP" h6 socat -u -b 250000 "FILE:$tmp/data" "TCP:[$host4_v6]:5000,bind=[$host6_v6]"
busywait 10000 cmp "$tmp/data" "$tmp/got"
read -r packets bytes _ <<<"$(map $host6_v6)"
# A slow machine sends some of it again, and that counts, too.
again=$(h6 awk '/^Tcp: [0-9]/ { print $13 }' /proc/self/net/snmp)
sent=$((bytes - 72 * packets - 8))
echo "# $sent bytes by $packets packets, $again of them repeated"
[ "$sent" -ge 1000000 ] && [ "$sent" -le $((1000000 + 1440 * again)) ]
point $? "every packet of it is counted with its headers"
[ "$packets" -gt 690 ]
point $? "there were $packets, as many as on a wire"
run r nat64ctl set accounting off
run r nat64ctl set accounting on
ok "three echoes" pings 3
ok "a change of the configuration" r nat64ctl set max-idle 100
same "3 312 3 252" "$(map $host6_v6)" "does not forget what was counted"

run r nat64ctl set accounting off
same "" "$(map $host6_v6)" "off again: nothing is shown"
ok "off again: traffic" pings 2
run r nat64ctl set accounting on
same "0 0 0 0" "$(map $host6_v6)" "on again: from nothing"
same "0 0 0 0" "$(map 2001:db8:1::3)" "on again: leases too"
ok "on again: traffic" pings 1
same "1 104 1 84" "$(map $host6_v6)" "on again: counted"
run r nat64ctl del map $host6_v6
run r nat64ctl flush maps
finish
