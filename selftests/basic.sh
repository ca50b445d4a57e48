#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Translation itself: TCP, UDP and ping both ways through a static map and the
# prefix, at each length that RFC 6052 has; and what is not ours is left alone.
#
#   $host6                     $router                      $host4
#   2001:db8:1::2 -------- 2001:db8:1::1  198.51.100.1 -------- 198.51.100.2
#   mapped: 192.0.2.2          64:ff9b::/96                   2001:db8:4::2
#   203.0.113.2 ---------- 203.0.113.1    2001:db8:4::1 -------- mapped: 192.0.2.4
. "$(dirname "$0")/lib.sh"
need curl socat tcpdump ethtool

basic
http_server "$host4" $host4_v4 80
http4_log=$tmp/log.$pid
http_server "$host6" $host6_v6 8080
http6_log=$tmp/log.$pid
echo_server "$host4" udp4 7
echo_server "$host6" udp6 7

# Original checksums, so that a capture can tell whether they are right.
in_ns "$host6" ethtool -K lan tx off >/dev/null
in_ns "$host4" ethtool -K wan tx off >/dev/null
in_ns "$router" ethtool -K lan gro off >/dev/null
in_ns "$router" ethtool -K wan gro off >/dev/null

# --- both ways

ok "IPv6 host fetches a page from an IPv4 server" fetch "$host6" "http://[$host4_v6]/page"
same "hello from $host4_v4" "$output" "the page is the server's"
ok "the IPv4 server sees the host's mapped address" visited $host6_v4 "$http4_log"
ok "IPv4 host fetches a page from the IPv6 host" fetch "$host4" "http://$host6_v4:8080/page"
same "hello from $host6_v6" "$output" "the page is the IPv6 host's"
ok "the IPv6 server sees the IPv4 client inside the prefix" \
	visited $host4_v6 "$http6_log"
ok "UDP echo, from IPv6" echoes "$host6" udp $host4_v6 7
ok "UDP echo, from IPv4" echoes "$host4" udp $host6_v4 7
ok "ping from IPv6" h6 ping -c 3 -i 0.2 -W 10 $host4_v6
ok "ping from IPv4" h4 ping -c 3 -i 0.2 -W 10 $host6_v4

# --- what a capture on the router shows

capture "$router" lan "$tmp/lan"
lan=$pid
capture "$router" wan "$tmp/wan"
wan=$pid
ok "fetch under capture" fetch "$host6" "http://[$host4_v6]/page"
ok "UDP under capture" echoes "$host4" udp $host6_v4 7
ok "ping under capture" h6 ping -c 1 -W 10 $host4_v6
captured "$lan" "$tmp/lan" >/dev/null
captured "$wan" "$tmp/wan" >/dev/null
# lines FILE: one line each, what they carry is left out; no neighbours, no groups.
lines() { tcpdump -nnvvr "$1" 2>/dev/null | sed ':a;N;$!ba;s/\n[ \t]\+/ /g' | grep -v 'solicitation\|advertisement\|HBH\|ARP\|HTTP/1'; }
lines "$tmp/lan" >"$tmp/lan.text"
lines "$tmp/wan" >"$tmp/wan.text"

# all FILE PATTERN...: every line of it matches one of the patterns, each matches some.
all() {
	local pattern rest
	rest=$(cat "$1")
	for pattern in "${@:2}"; do
		grep -qE "$pattern" "$1" || { echo "nothing like $pattern in:"; cat "$1"; return 1; }
		rest=$(grep -vE "$pattern" <<<"$rest")
	done
	[ -z "$rest" ] || { echo "not expected:"; echo "$rest"; return 1; }
}
ok "on the LAN a capture shows IPv6 only, as it was sent" all "$tmp/lan.text" \
	"$host6_v6\.[0-9]+ > $host4_v6\.80: Flags" "$host4_v6\.80 > $host6_v6\.[0-9]+: Flags" \
	"$host4_v6\.[0-9]+ > $host6_v6\.7: .*UDP" "$host6_v6\.7 > $host4_v6\.[0-9]+: .*UDP" \
	"$host6_v6 > $host4_v6: .*echo request" "$host4_v6 > $host6_v6: .*echo reply"
ok "on the WAN it shows IPv4 only" all "$tmp/wan.text" \
	"$host6_v4\.[0-9]+ > $host4_v4\.80: Flags" "$host4_v4\.80 > $host6_v4\.[0-9]+: Flags" \
	"$host4_v4\.[0-9]+ > $host6_v4\.7: .*UDP" "$host6_v4\.7 > $host4_v4\.[0-9]+: .*UDP" \
	"$host6_v4 > $host4_v4: .*echo request" "$host4_v4 > $host6_v4: .*echo reply"
# tcpdump says nothing about a right checksum of ICMP.
correct() { all "$1" "cksum 0x[0-9a-f]+ \(correct\)|udp sum ok|icmp6 sum ok|ICMP echo"; }
ok "every checksum on the LAN is right" correct "$tmp/lan.text"
ok "every checksum on the WAN is right" correct "$tmp/wan.text"
status 1 "no ICMP checksum on the WAN is wrong" grep -i "wrong\|bad\|incorrect" "$tmp/wan.text"

# --- one hop

hops() {
	capture "$1" "$2" "$tmp/hops" "$3"
	ip netns exec "$4" ping -c 1 -W 10 -t 5 "$5" >/dev/null
	captured "$pid" "$tmp/hops"
}
ok "a packet from IPv6 arrives with the hop limit less one" \
	grep "ttl 4," <<<"$(hops "$host4" wan "icmp[icmptype] = icmp-echo" "$host6" $host4_v6)"
ok "a packet from IPv4 arrives with the TTL less one" \
	grep "hlim 4," <<<"$(hops "$host6" lan "icmp6 and ip6[40] = 128" "$host4" $host6_v4)"
status 1 "hop limit 1 does not get through" h6 ping -c 1 -W 10 -t 1 $host4_v6
ok "the router answers it, from its IPv6 address" grep "^From $router_v6 .*Time exceeded: Hop limit" <<<"$output"
status 1 "TTL 1 does not get through" h4 ping -c 1 -W 10 -t 1 $host6_v4
ok "the router answers it, from its IPv4 address" grep "^From $router_v4 .*Time to live exceeded" <<<"$output"

# --- each prefix length, RFC 6052 section 2.4 with the documentation prefix 3fff::/20

while read -r prefix v6; do
	run r nat64ctl set prefix "$prefix"
	ok "$prefix: ping from IPv6" h6 ping -c 1 -W 10 "$v6"
	: >"$http6_log"
	ok "$prefix: fetch from IPv4" fetch "$host4" "http://$host6_v4:8080/page"
	ok "$prefix: the client is seen as $v6" visited $v6 "$http6_log"
done <<END
3fff:64::/32          3fff:64:c633:6402::
3fff:64:100::/40      3fff:64:1c6:3364:2::
3fff:64:122::/48      3fff:64:122:c633:64:200::
3fff:64:122:300::/56  3fff:64:122:3c6:33:6402::
3fff:64:122:344::/64  3fff:64:122:344:c6:3364:200:0
3fff:64:122:344::/96  3fff:64:122:344::c633:6402
END
run r nat64ctl set prefix 64:ff9b::/96

# --- what is not ours

addr "$host6" lan 203.0.113.2/24
addr "$router" lan 203.0.113.1/24
addr "$host4" wan 2001:db8:4::2/64
addr "$router" wan 2001:db8:4::1/64
run in_ns "$host6" ip route add default via 203.0.113.1
run in_ns "$host4" ip route add default via 2001:db8:4::1
run r nat64ctl add map 192.0.2.4 2001:db8:4::2
http_server "$host6" :: 81
plain_log=$tmp/log.$pid
before=$(r nat64ctl stats)
ok "ping to the router, IPv6" h6 ping -c 1 -W 10 $router_v6
ok "ping to the router, IPv4" h4 ping -c 1 -W 10 $router_v4
ok "ping through the router, IPv4 to IPv4" h4 ping -c 1 -W 10 203.0.113.2
ok "ping between mapped hosts, IPv6 to IPv6" h6 ping -c 1 -W 10 2001:db8:4::2
ok "fetch between mapped hosts, IPv6 to IPv6" fetch "$host4" "http://[$host6_v6]:81/page"
ok "their own addresses are seen" visited 2001:db8:4::2 "$plain_log"
ok "fetch, IPv4 to IPv4" fetch "$host4" "http://203.0.113.2:81/page"
ok "the own address is seen" visited ::ffff:198.51.100.2 "$plain_log"
ok "the router talks to itself, IPv4" r ping -c 1 -W 10 127.0.0.1
ok "the router talks to itself, IPv6" r ping -c 1 -W 10 ::1
ok "link-local IPv6" h6 ping -c 1 -W 10 "$(r ip -6 -br addr show dev lan scope link | grep -o 'fe80[^/]*')%lan"
ok "multicast IPv6" h6 ping -c 1 -W 10 ff02::1%lan
same "$before" "$(r nat64ctl stats)" "none of it was translated, dropped or counted"
# A datagram without a checksum, straight from a file: computing one makes the kernel copy it.
cat >"$tmp/receive" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("", 5000))
print("ready", flush=True)
s.settimeout(20)
sys.stdout.buffer.write(s.recv(2000))
END
cat >"$tmp/send" <<'END'
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 11, 1)  # SO_NO_CHECK
s.connect((sys.argv[1], 5000))
f = os.open(sys.argv[2], os.O_RDONLY)
assert os.sendfile(s.fileno(), f, 0, 1200) == 1200
END
head -c 1200 /dev/urandom >"$tmp/data"
start ip netns exec "$host6" /usr/bin/python3 "$tmp/receive"
log=$tmp/log.$pid
busywait 20000 grep -q ready "$log" || give_up "no receiver"
ok "UDP from IPv4 without a checksum, in a file's pages" h4 /usr/bin/python3 "$tmp/send" $host6_v4 "$tmp/data"
arrived() { tail -c 1200 "$log" | cmp - "$tmp/data"; }
ok "arrives as it was" busywait 20000 arrived
finish
