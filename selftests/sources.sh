#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# IPv4 sources stay honest: martian ones never come in, and where reverse path
# filtering is on the others must come from where they are routed to.
#
#   $host6 ---- lan $router wan ---- 198.51.100.2 $host4, which also sends as
#  192.0.2.2        203.0.113.0/24 is            others: 203.0.113.9 (elsewhere),
#  when mapped      routed to lan                203.0.114.9 (nowhere), martians
. "$(dirname "$0")/lib.sh"
need curl socat nft

basic
run r nat64ctl add pool 100.64.0.0/24
run in_ns "$router" ip route add 203.0.113.0/24 dev lan
http_server "$host4" $host4_v4 80
http_server "$host6" $host6_v6 80
echo_server "$host4" udp4 7
echo_server "$host6" udp6 7

# What the IPv6 host gets of it.
run h6 nft -f - <<END
table ip6 seen {
	counter honest { }
	counter spoofed { }
	chain prerouting {
		type filter hook prerouting priority filter
		icmpv6 type echo-request ip6 saddr $host4_v6 counter name honest
		icmpv6 type echo-request ip6 saddr 64:ff9b::/96 ip6 saddr != $host4_v6 counter name spoofed
	}
}
END
seen() { packets "$host6" ip6 seen "$1"; }

# rp_filter MODE: 0 off, 1 strict, 2 loose, on every link there is.
rp_filter() {
	local conf
	for conf in all default lan wan nat64; do
		run r sysctl -qw "net.ipv4.conf.$conf.rp_filter=$1"
	done
}

both_ways() {
	ok "$1: fetch from IPv6" fetch "$host6" "http://[$host4_v6]/page"
	ok "$1: fetch from IPv4" fetch "$host4" "http://$host6_v4/page"
	ok "$1: UDP from IPv6" echoes "$host6" udp $host4_v6 7
	ok "$1: UDP from IPv4" echoes "$host4" udp $host6_v4 7
	ok "$1: ping from IPv6" h6 ping -c 1 -W 10 $host4_v6
	ok "$1: ping from IPv4" h4 ping -c 1 -W 10 $host6_v4
	ok "$1: an IPv4 program on the router" r ping -c 1 -W 10 100.64.0.2
	ok "$1: a host leases and reaches the router itself" \
		h6 ping -c 1 -W 10 -I 2001:db8:1::9 64:ff9b::$router_v4
}
# Only who asks for one of these gets it as source.
for other in 2001:db8:1::8 2001:db8:1::9; do
	run in_ns "$host6" ip addr add $other/64 dev lan nodad preferred_lft 0
done
run r nat64ctl set allow-private on
run r nat64ctl add map 100.64.0.2 2001:db8:1::8

# sends PASS|STOP WHAT COUNTER SOURCE...: through or not, and counted by us when
# not. An honest packet behind them says that all of them have been there.
sends() {
	local verdict=$1 what=$2 counter=$3 honest spoofed dropped
	shift 3
	honest=$(seen honest)
	spoofed=$(seen spoofed)
	[ "$verdict" = PASS ] || dropped=$(counted "$counter")
	run h4 python3 "$(dirname "$0")/spoof.py" $host6_v4 "$@" $host4_v4
	ok "an honest packet comes through" busywait 10000 grew "$honest" seen honest
	if [ "$verdict" = PASS ]; then
		ok "$what: passed" busywait 10000 equals $((spoofed + $#)) seen spoofed
	else
		ok "$what: counted as $counter" busywait 10000 equals $((dropped + $#)) counted "$counter"
		same "$spoofed" "$(seen spoofed)" "$what: stopped"
	fi
}
# equals NUMBER COMMAND...: the command prints it.
equals() { [ "$("${@:2}")" = "$1" ]; }
martians="127.0.0.1 127.1.2.3 0.1.2.3 224.0.0.1 239.1.2.3 240.0.0.1 255.255.255.255"
elsewhere=203.0.113.9
nowhere=203.0.114.9

rp_filter 1
both_ways strict
sends STOP "strict, a source that is routed elsewhere" drop-rp-filter $elsewhere
sends STOP "strict, a source that is routed nowhere" drop-rp-filter $nowhere
# shellcheck disable=SC2086 # one word an address
sends STOP "strict, martian sources" drop-martian $martians $router_v4

rp_filter 2
both_ways loose
sends PASS "loose, a source that is routed elsewhere" - $elsewhere
sends STOP "loose, a source that is routed nowhere" drop-rp-filter $nowhere
# shellcheck disable=SC2086
sends STOP "loose, martian sources" drop-martian $martians $router_v4

rp_filter 0
both_ways off
sends PASS "off, sources from elsewhere and nowhere" - $elsewhere $nowhere
# shellcheck disable=SC2086
sends STOP "off, martian sources" drop-martian $martians $router_v4

# The filter of one link, not of all.
run r sysctl -qw net.ipv4.conf.wan.rp_filter=1
sends STOP "strict on that link" drop-rp-filter $elsewhere
finish
