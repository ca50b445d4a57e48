#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 1:1 IPv4 NAT in the middle of a path: traceroute and path MTU discovery from either end, and packets that are not
# finished yet: segments that a link still has to cut, sums that it still has to compute.
#
#   $inside              $near                 $router               $far                 $outside
#   10.0.1.2 ---- 10.0.1.1  10.0.0.2 ---- 10.0.0.1  192.0.2.1 ---- 192.0.2.2  203.0.113.1 ---- 203.0.113.2
#   lan        lan     wan          lan      wan            lan      wan             wan
#        <- later 1400 bytes                                              later 1300 bytes ->
#
#   10.0.0.0/16 is 100.64.0.0/16 towards $far, so $inside is 100.64.1.2 and $near 100.64.0.2
. "$(dirname "$0")/lib.sh"
need curl ethtool tcpdump traceroute tracepath

inside='' near='' far='' outside=''
setup_ns inside near router far outside
for ns in "$near" "$router" "$far"; do
	forwarding "$ns"
done
# traceroute asks faster than a host would answer
for ns in "$inside" "$near" "$router" "$far" "$outside"; do
	in_ns "$ns" sysctl -qw net.ipv4.icmp_ratelimit=0
done
link "$inside" lan "$near" lan
link "$near" wan "$router" lan
link "$router" wan "$far" lan
link "$far" wan "$outside" wan
addr "$inside" lan 10.0.1.2/24
addr "$near" lan 10.0.1.1/24
addr "$near" wan 10.0.0.2/24
addr "$router" lan 10.0.0.1/24
addr "$router" wan 192.0.2.1/24
addr "$far" lan 192.0.2.2/24
addr "$far" wan 203.0.113.1/24
addr "$outside" wan 203.0.113.2/24
run ip -n "$inside" route add default via 10.0.1.1
run ip -n "$near" route add default via 10.0.0.1
run ip -n "$router" route add 10.0.1.0/24 via 10.0.0.2
run ip -n "$router" route add default via 192.0.2.2
run ip -n "$far" route add 100.64.0.0/16 via 192.0.2.1
run ip -n "$outside" route add default via 203.0.113.1
run r nat64ctl add nat44 10.0.0.0/16 100.64.0.0/16 dev wan

head -c 2000000 /dev/urandom >"$tmp/data"
for ns in inside outside; do
	mkdir "$tmp/$ns"
	cp "$tmp/data" "$tmp/$ns/page"
	start ip netns exec "${!ns}" busybox httpd -f -p 80 -h "$tmp/$ns"
	wait_listen "${!ns}" tcp 80
done

# --- traceroute

# hops NS ADDRESS OPTION...: the routers on the way, and the host.
hops() { in_ns "$1" traceroute -n -q 1 -w 10 -z 0 "${@:3}" "$2" | awk 'NR > 1 {print $2}' | xargs; }
for how in -U -I -T; do
	same "10.0.1.1 10.0.0.1 192.0.2.2 203.0.113.2" "$(hops "$inside" 203.0.113.2 $how)" "traceroute $how from inside"
	same "203.0.113.1 192.0.2.1 100.64.0.2 100.64.1.2" "$(hops "$outside" 100.64.1.2 $how)" "traceroute $how from outside"
done
status 1 "a closed port, from inside" in_ns "$inside" bash -c "exec 3<>/dev/udp/203.0.113.2/99 && echo >&3 && read -r -t 10 <&3"
ok "is told to who asked" grep "Connection refused" <<<"$output"
status 1 "a closed port, from outside" in_ns "$outside" bash -c "exec 3<>/dev/udp/100.64.1.2/99 && echo >&3 && read -r -t 10 <&3"
ok "is told to who asked" grep "Connection refused" <<<"$output"

# --- segments that are not cut yet

# whole NS ADDRESS SOURCE DESTINATION: the page is fetched, and on $far a packet from the source to the destination was
# larger than the link may carry at once.
whole() {
	capture "$far" lan "$tmp/whole" "greater 3000 and src $3 and dst $4"
	in_ns "$1" curl -sS --max-time 20 -o "$tmp/got" "http://$2/page" || return
	captured "$pid" "$tmp/whole" >"$tmp/whole.text"
	[ -s "$tmp/whole.text" ] || return
	cmp "$tmp/got" "$tmp/data"
}
ok "large segments in" whole "$inside" 203.0.113.2 203.0.113.2 100.64.1.2
ok "large segments out" whole "$outside" 100.64.1.2 100.64.1.2 203.0.113.2
# --- super-packets of a tunnel, which the router cuts up, and both of whose sums it computes

tunnel() {
	ip -n "$inside" link add tunnel type vxlan id 1 local 10.0.1.2 remote 203.0.113.2 dstport 4789 dev lan "$1" &&
		ip -n "$outside" link add tunnel type vxlan id 1 local 203.0.113.2 remote 100.64.1.2 dstport 4789 dev wan "$1" &&
		ip -n "$inside" addr add 172.16.0.1/24 dev tunnel && ip -n "$outside" addr add 172.16.0.2/24 dev tunnel &&
		ip -n "$inside" link set tunnel up && ip -n "$outside" link set tunnel up
}
fetched() { in_ns "$1" curl -sS --max-time 20 -o "$tmp/got" "http://$2/page" && cmp "$tmp/got" "$tmp/data"; }
for link in lan wan; do
	in_ns "$router" ethtool -K $link tso off gso off tx off >/dev/null
done
if tunnel udpcsum 2>/dev/null; then
	ok "a tunnel's super-packets, in" fetched "$inside" 172.16.0.2
	ok "a tunnel's super-packets, out" fetched "$outside" 172.16.0.1
	for ns in inside outside; do
		same "UdpInCsumErrors 0" "$(in_ns "${!ns}" nstat -asz UdpInCsumErrors | awk '/^Udp/ {print $1, $2}')" \
			"all with the right checksum, $ns"
	done
	run ip -n "$inside" link del tunnel
	run ip -n "$outside" link del tunnel
fi
for link in lan wan; do
	in_ns "$router" ethtool -K $link tso on gso on tx on >/dev/null
done

# --- segments that are put together

in_ns "$near" ethtool -K wan tso off gso off tx off >/dev/null
in_ns "$far" ethtool -K lan tso off gso off tx off >/dev/null
in_ns "$router" ethtool -K lan gro on >/dev/null
in_ns "$router" ethtool -K wan gro on >/dev/null
ok "segments that are put together on the way in" fetched "$inside" 203.0.113.2
ok "segments that are put together on the way out" fetched "$outside" 100.64.1.2

# --- sums that are not computed yet, of a header further in

for sum in noudpcsum udpcsum; do
	if tunnel $sum 2>/dev/null; then
		ok "a tunnel through it, $sum, in" fetched "$inside" 172.16.0.2
		ok "a tunnel through it, $sum, out" fetched "$outside" 172.16.0.1
		run ip -n "$inside" link del tunnel
		run ip -n "$outside" link del tunnel
	fi
done

# --- path MTU discovery

# small NS DEV MTU: the link takes no more in this direction.
small() { run ip -n "$1" link set "$2" mtu "$3"; }
# learns NS ADDRESS MTU: it has been told what fits.
learns() {
	ip -n "$1" route get "$2" | tee "$tmp/route"
	grep -q "mtu $3" "$tmp/route"
}
small "$far" wan 1300
status 1 "a ping from inside that is too big" in_ns "$inside" ping -c 1 -W 10 -M "do" -s 1472 203.0.113.2
ok "is answered by the router that cannot pass it on" grep "From 192.0.2.2 .*mtu = 1300" <<<"$output"
ok "the host has learnt it" learns "$inside" 203.0.113.2 1300
run ip -n "$inside" route flush cache
run r nat64ctl add exclude 192.0.2.2
status 1 "the same when that router is excluded" in_ns "$inside" ping -c 1 -W 10 -M "do" -s 1472 203.0.113.2
ok "is answered all the same: the host is not" grep "From 192.0.2.2 .*mtu = 1300" <<<"$output"
run r nat64ctl del exclude 192.0.2.2
run ip -n "$inside" route flush cache
ok "a page from inside gets through" fetched "$outside" 100.64.1.2
ok "its host has learnt the path's MTU" learns "$inside" 203.0.113.2 1300
run ip -n "$inside" route flush cache
ok "tracepath from inside finds it" grep "pmtu 1300" <(in_ns "$inside" tracepath -n 203.0.113.2)
small "$far" wan 1500
# or 6.1 asks for segments as small as that, which then fit
run ip -n "$inside" route flush cache

small "$near" lan 1400
status 1 "a ping from outside that is too big" in_ns "$outside" ping -c 1 -W 10 -M "do" -s 1472 100.64.1.2
ok "is answered by the inner router, from its external address" grep "From 100.64.0.2 .*mtu = 1400" <<<"$output"
ok "the host has learnt it" learns "$outside" 100.64.1.2 1400
run ip -n "$outside" route flush cache
ok "a page from outside gets through" fetched "$inside" 203.0.113.2
ok "its host has learnt the path's MTU" learns "$outside" 100.64.1.2 1400
run ip -n "$outside" route flush cache
ok "tracepath from outside finds it" grep "pmtu 1400" <(in_ns "$outside" tracepath -n 100.64.1.2)
finish
