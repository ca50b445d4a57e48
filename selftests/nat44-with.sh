#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 1:1 IPv4 NAT together with others: NAT64, whose addresses may be internal ones; masquerade and dnat of nft; and hosts
# inside that reach each other by their external addresses.
#
#   $host6                      $router                             $host4
#   2001:db8:1::2 ------- lan 2001:db8:1::1  198.51.100.1 wan ------ 198.51.100.2
#   2001:db8:1::77
#   mapped: 192.0.2.2, leased: one of 100.64.0.0/24
#   $inside
#   10.0.0.2, .3, .4 ---- dmz 10.0.0.1
#
#   on wan 192.0.2.2 is 203.0.113.2, 100.64.0.0/24 is 203.0.114.0/24, 10.0.0.2 is 203.0.113.102, 10.0.0.3 .103
. "$(dirname "$0")/lib.sh"
need curl socat nft python3 conntrack traceroute

topology
inside=''
setup_ns inside
link "$inside" lan "$router" dmz
addr "$inside" lan 10.0.0.2/24 10.0.0.3/24 10.0.0.4/24
addr "$router" dmz 10.0.0.1/24
run ip -n "$host6" addr add 2001:db8:1::77/64 dev lan nodad preferred_lft 0
run ip -n "$inside" route add default via 10.0.0.1
run ip -n "$router" route add default via $host4_v4
# The world knows external addresses only.
run ip -n "$host4" route del default
run ip -n "$host4" route add 203.0.112.0/22 via $router_v4
for ns in "$host6" "$router" "$host4" "$inside"; do
	in_ns "$ns" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
done

nat64() { r nat64ctl "$@"; }
run nat64 set prefix 64:ff9b::/96
run nat64 add map $host6_v4 $host6_v6
run nat64 add pool 100.64.0.0/24
run nat64 add nat44 $host6_v4 203.0.113.2 dev wan
run nat64 add nat44 100.64.0.0/24 203.0.114.0/24 dev wan
run nat64 add nat44 10.0.0.2 203.0.113.102 dev wan
run nat64 add nat44 10.0.0.3 203.0.113.103 dev wan
tellers "$inside" "$host4"
http_server "$host4" $host4_v4 80
http4_log=$tmp/log.$pid
http_server "$host6" :: 80
http6_log=$tmp/log.$pid
echo_server "$host4" udp4 7
echo_server "$host6" udp6 7

# --- NAT64

# fetched_as NS URL LOG ADDRESS: the server with this log sees the address.
fetched_as() {
	: >"$3"
	fetch "$1" "$2" && visited "$4" "$3"
}
# The prefix inside which IPv6 sees an external address: 203.0.113.102 here.
hairpin_v6=64:ff9b::cb00:7166
with_nat64() {
	ok "$1: a mapped host is seen by its external address" fetched_as "$host6" "http://[$host4_v6]/page" "$http4_log" 203.0.113.2
	ok "$1: UDP" echoes "$host6" udp $host4_v6 7
	ok "$1: ping" h6 ping -c 1 -W 10 $host4_v6
	ok "$1: it is reached by its external address" fetched_as "$host4" http://203.0.113.2/page "$http6_log" $host4_v6
	ok "$1: UDP" echoes "$host4" udp 203.0.113.2 7
	ok "$1: ping" h4 ping -c 1 -W 10 203.0.113.2
	status 1 "$1: an error finds the IPv6 host" h6 bash -c "exec 3<>/dev/udp/$host4_v6/99 && echo >&3 && read -r -t 10 <&3"
	ok "$1: it tells who asked" grep "Connection refused" <<<"$output"
	status 1 "$1: an error finds the IPv4 host" h4 bash -c "exec 3<>/dev/udp/203.0.113.2/99 && echo >&3 && read -r -t 10 <&3"
	ok "$1: it tells who asked" grep "Connection refused" <<<"$output"
	same "$router_v4 203.0.113.2" "$(h4 traceroute -n -q 1 -w 10 -z 0 203.0.113.2 | awk 'NR > 1 {print $2}' | xargs)" \
		"$1: traceroute ends at the external address"
}
with_nat64 "NAT64"
ok "a host with a lease" h6 curl -gsS --max-time 20 --interface 2001:db8:1::77 "http://[$host4_v6]/page"
lease=$(nat64 list maps dynamic | awk '$2 == "2001:db8:1::77" {print $1}')
external=203.0.114.${lease##*.}
ok "is seen by its external address" visited "$external" "$http4_log"
ok "and reached by it" fetched_as "$host4" "http://$external/page" "$http6_log" $host4_v6
ok "an IPv6 host reaches another's external address" h6 ping -c 1 -W 10 $hairpin_v6
run nat64 add exclude $host4_v4
run ip -n "$host4" route add 192.0.2.0/24 via $router_v4
ok "to who is excluded the mapped address is seen" fetched_as "$host6" "http://[$host4_v6]/page" "$http4_log" $host6_v4
run ip -n "$host4" route del 192.0.2.0/24
run nat64 del exclude $host4_v4

# --- hairpin

hairpin() {
	seen "$inside" 10.0.0.2 203.0.113.103 203.0.113.102 10.0.0.3 "$1: to another's external address"
	seen "$inside" 10.0.0.3 203.0.113.102 203.0.113.103 10.0.0.2 "$1: the other way round"
	seen "$inside" 10.0.0.2 203.0.113.102 203.0.113.102 10.0.0.2 "$1: to its own"
	status 1 "$1: a closed port" in_ns "$inside" bash -c "exec 3<>/dev/udp/203.0.113.103/99 && echo >&3 && read -r -t 10 <&3"
	ok "$1: it tells who asked" grep "Connection refused" <<<"$output"
}
hairpin "hairpin"

# --- nft

run r nft -f - <<END
table ip nat {
	chain prerouting {
		type nat hook prerouting priority dstnat
		iifname "wan" ip daddr $router_v4 meta l4proto { tcp, udp } th dport 9 dnat to 10.0.0.2
	}
	chain postrouting {
		type nat hook postrouting priority srcnat
		oifname "wan" ip saddr 10.0.0.4 masquerade
	}
}
table inet filter {
	counter invalid { }
	chain prerouting {
		type filter hook prerouting priority filter
		ct state invalid meta l4proto != ipv6-icmp counter name invalid
	}
	chain forward {
		type filter hook forward priority filter; policy drop
		ct state established,related accept
		iifname { "lan", "dmz" } accept
		iifname "nat64" ip6 daddr $host6_v6 accept
		iifname "wan" ip daddr 10.0.0.2 accept
	}
}
END
seen "$inside" 10.0.0.2 $host4_v4 203.0.113.102 $host4_v4 "out by the rule, beside masquerade"
seen "$inside" 10.0.0.4 $host4_v4 $router_v4 $host4_v4 "out by masquerade, beside the rule"
seen "$host4" $host4_v4 203.0.113.102 $host4_v4 10.0.0.2 "in by the rule, as the firewall lets the internal address"
for proto in tcp udp; do
	same "$host4_v4 10.0.0.2" "$(tells "$host4" $proto $host4_v4 $router_v4)" "in by dnat to a host with a rule, ${proto^^}"
done
status 1 "the firewall stops what is for another internal address" h4 ping -c 1 -W 1 203.0.113.103
run r nft 'add rule ip nat postrouting oifname "wan" ip saddr 10.0.0.3 masquerade'
same "$router_v4 $host4_v4" "$(tells "$inside" tcp 10.0.0.3 $host4_v4)" "what is masqueraded has no use for its rule"
run r nft 'add rule inet filter forward iifname "wan" ip daddr 10.0.0.3 accept'
same "$host4_v4 10.0.0.3" "$(tells "$host4" tcp $host4_v4 203.0.113.103)" "but what it answers has"
run r nft flush chain ip nat postrouting
with_nat64 "NAT64, conntrack"
ok "NAT64, conntrack: fragments, out" h6 ping -c 1 -W 10 -s 3000 $host4_v6
ok "NAT64, conntrack: fragments, in" h4 ping -c 1 -W 10 -s 3000 203.0.113.2
hairpin "hairpin, conntrack"
same 0 "$(packets "$router" inet filter invalid)" "nothing is invalid to conntrack"
finish
