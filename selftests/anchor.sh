#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The link nat64 deleted, down, renamed or carried off: what it would have
# translated is closed, not open; load or set prefix brings it back.
#
#   $host6 ---- lan  $router  wan ---- $host4
#                      |
#          default routes of both families: upstream, which must see nothing
. "$(dirname "$0")/lib.sh"
need curl nft

topology
upstream='' elsewhere=''
setup_ns upstream elsewhere
link "$router" uplink "$upstream" down0
addr "$router" uplink 2001:db8:ff::1/64 203.0.113.1/24
addr "$upstream" down0 2001:db8:ff::2/64 203.0.113.2/24
run in_ns "$router" ip route add default via 203.0.113.2
run in_ns "$router" ip route add default via 2001:db8:ff::2
run in_ns "$upstream" ip route add default via 2001:db8:ff::1
cat >"$tmp/nat64.toml" <<'END'
Nat64Prefix = "64:ff9b::/96"
[Pool]
Prefixes = ["192.0.2.0/24"]
Static = [{ v4 = "192.0.2.2", v6 = "2001:db8:1::2" }]
END
run r nat64ctl load "$tmp/nat64.toml"
http_server "$host4" $host4_v4 80
http_server "$host6" $host6_v6 80
run in_ns "$upstream" nft -f - <<'END'
table inet leaked {
	counter leaked { }
	chain prerouting {
		type filter hook prerouting priority raw
		ip6 daddr 64:ff9b::/96 counter name leaked
		ip saddr 192.0.2.0/24 counter name leaked
		ip daddr 192.0.2.0/24 counter name leaked
		ip6 saddr 64:ff9b::/96 counter name leaked
	}
}
END

open() {
	ok "$1: from IPv6" fetch "$host6" "http://[$host4_v6]/page"
	ok "$1: from IPv4" fetch "$host4" "http://$host6_v4/page"
}
closed() {
	local before
	before=$(counted drop-no-anchor)
	fails "$1: TCP from IPv6 gets nowhere" h6 curl -gsS --connect-timeout 1 "http://[$host4_v6]/page"
	fails "$1: TCP from IPv4 gets nowhere" h4 curl -gsS --connect-timeout 1 "http://$host6_v4/page"
	fails "$1: ping from IPv6 gets nowhere" h6 ping -c 1 -W 0.5 $host4_v6
	fails "$1: ping from IPv4 gets nowhere" h4 ping -c 1 -W 0.5 $host6_v4
	ok "$1: what is closed is counted" grew $((before + 3)) counted drop-no-anchor
	same 0 "$(packets "$upstream" inet leaked leaked)" "$1: nothing leaks upstream"
	ok "$1: other traffic goes on" h6 ping -c 1 -W 10 2001:db8:ff::2
}
routed() {
	ok "$1: the prefix is routed to it" grep "dev nat64" <(r ip -6 route show 64:ff9b::/96)
	ok "$1: the pool is routed to it" grep "dev nat64" <(r ip route show 192.0.2.0/24)
}

routed "at first"
open "at first"
output=$(r ip -6 addr show dev nat64)
same "" "$output" "it has no IPv6 address"
ok "no address is ever made up for it" grep "addrgenmode none" <(r ip -d link show dev nat64)

run r ip link set nat64 down
closed down
run r nat64ctl set prefix 64:ff9b::/96
routed "set prefix brings it up"
open "set prefix brings it up"

run r ip link set nat64 down
run r ip link set nat64 up
run r nat64ctl load "$tmp/nat64.toml"
routed "load after down and up"
open "load after down and up"

run r ip link del nat64
closed deleted
ok "the configuration is still there" grep '64:ff9b::/96' <(r nat64ctl show)
run r nat64ctl load "$tmp/nat64.toml"
routed "load makes it again"
open "load makes it again"

run r ip link del nat64
run r nat64ctl set prefix 64:ff9b::/96
routed "set prefix makes it again"
open "set prefix makes it again"

run r ip link set nat64 netns "$elsewhere"
closed "moved to another namespace"
run in_ns "$elsewhere" ip link set nat64 up
run in_ns "$elsewhere" ip -6 route add 64:ff9b::/96 dev nat64
run in_ns "$elsewhere" ip addr add 192.0.2.77/32 dev lo
fails "the one that was moved carries nothing" in_ns "$elsewhere" ping -c 1 -W 0.5 $host4_v6
run r nat64ctl load "$tmp/nat64.toml"
open "load makes another"
run in_ns "$elsewhere" ip link del nat64

# Before 6.2 only what is down can be renamed, and what goes down loses its routes.
run r ip link set nat64 down
run r ip link set nat64 name siit0
run r nat64ctl load "$tmp/nat64.toml"
open "renamed"
run r nat64ctl reset
fails "reset deletes it by whatever name" r ip link show dev siit0
same "" "$(r ip -6 route show 64:ff9b::/96)$(r ip route show 192.0.2.0/24)" "no route is left"
fails "nothing of that name is left" r ip link show dev nat64

run r ip link add nat64 type dummy
refused "another link is named nat64" "a stranger of that name is not taken" r nat64ctl set prefix 64:ff9b::/96
refused "another link is named nat64" "nor would it be" r nat64ctl check "$tmp/nat64.toml"
same "[]" "$(r nat64ctl --json list maps)" "and nothing was configured"
run r ip link del nat64
ok "when it has gone check is content" r nat64ctl check "$tmp/nat64.toml"
run r nat64ctl load "$tmp/nat64.toml"
open "after the stranger has gone"

run r nat64ctl reset
run r sysctl -qw net.ipv6.conf.default.disable_ipv6=1
run r nat64ctl load "$tmp/nat64.toml"
open "where new links are without IPv6"

# A namespace that ends with its anchor in another is no reason to fall.
run r ip link set nat64 netns "$elsewhere"
finish
