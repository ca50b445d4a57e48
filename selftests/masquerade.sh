#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nft masquerade on the IPv4 side makes a stateful NAPT64 of it: many hosts
# behind one address, and still connections from either side.
#
#   $host6                  $router                          $host4
#   2001:db8:1::2 -------- nat64 -- masquerade -- 198.51.100.1 ---- 198.51.100.2
#   2001:db8:1::3          192.0.2.2, .3        dnat port 8080
#   2001:db8:1::4          pool 203.0.113.0/29  to 192.0.2.2 port 80
. "$(dirname "$0")/lib.sh"
need curl socat nft conntrack

topology
# Only who asks for one of these gets it as source.
for other in 2001:db8:1::3 2001:db8:1::4; do
	run in_ns "$host6" ip addr add $other/64 dev lan nodad preferred_lft 0
done
run r nft -f - <<END
table ip nat {
	chain prerouting {
		type nat hook prerouting priority dstnat
		iifname "wan" ip daddr $router_v4 tcp dport 8080 dnat to $host6_v4:80
		iifname "wan" ip daddr $router_v4 udp dport 8080 dnat to $host6_v4:7
	}
	chain postrouting {
		type nat hook postrouting priority srcnat
		oifname "wan" masquerade
	}
}
table inet invalid {
	counter invalid4 { }
	counter invalid6 { }
	chain prerouting {
		type filter hook prerouting priority filter
		ct state invalid meta nfproto ipv4 counter name invalid4
		ct state invalid meta nfproto ipv6 meta l4proto != ipv6-icmp counter name invalid6
	}
	chain output {
		type filter hook output priority filter
		ct state invalid meta nfproto ipv4 counter name invalid4
	}
	chain forward {
		type filter hook forward priority filter
		ct state new,established,related accept
	}
}
END
run r nat64ctl set prefix 64:ff9b::/96
run r nat64ctl add map $host6_v4 $host6_v6
run r nat64ctl add map 192.0.2.3 2001:db8:1::3
run r nat64ctl add pool 203.0.113.0/29
http_server "$host4" $host4_v4 80
http4_log=$tmp/log.$pid
http_server "$host6" $host6_v6 80
http6_log=$tmp/log.$pid
echo_server "$host4" tcp4 7
echo_server "$host4" udp4 7
echo_server "$host6" tcp6 7
echo_server "$host6" udp6 7

# --- many hosts, one address

for source in $host6_v6 2001:db8:1::3 2001:db8:1::4; do
	ok "$source fetches a page" h6 curl -gsS --max-time 20 --interface $source "http://[$host4_v6]/page"
	ok "$source pings" h6 ping -c 2 -i 0.2 -W 10 -I $source $host4_v6
done
same "3 $router_v4" "$(sed -n 's,:[0-9]*: url:/page$,,p' "$http4_log" | sort | uniq -c | sed 's/^ *//')" \
	"the server saw one address for all of them"
ok "UDP" echoes "$host6" udp $host4_v6 7
same_port() {
	h6 bash -c "
		for source in $host6_v6 2001:db8:1::3; do
			echo \$source | socat -t 5 - TCP6:[$host4_v6]:7,bind=[\$source]:4242,reuseaddr || exit
		done"
}
ok "two hosts use the same source port at once" same_port
same "$host6_v6 2001:db8:1::3" "$(echo $output)" "each gets its own answer"
status 1 "ICMP errors find the host behind the masquerade" h6 bash -c \
	"exec 3<>/dev/udp/$host4_v6/9 && echo >&3 && read -r -t 10 <&3"
ok "the sender is told: connection refused" grep "Connection refused" <<<"$output"

# --- from IPv4, beside the masquerade

ok "an IPv4 client fetches from the mapped host" fetch "$host4" "http://$host6_v4/page"
ok "and is seen by its own address" visited $host4_v6 "$http6_log"
ok "UDP from IPv4" echoes "$host4" udp $host6_v4 7
ok "ping from IPv4" h4 ping -c 2 -i 0.2 -W 10 $host6_v4
: >"$http6_log"
ok "port forwarding: a page from the router's own address" fetch "$host4" "http://$router_v4:8080/page"
same "hello from $host6_v6" "$output" "it comes from the mapped host"
ok "which sees the client's address" visited $host4_v6 "$http6_log"
ok "port forwarding: UDP" echoes "$host4" udp $router_v4 8080
ok "the router itself still fetches" fetch "$router" "http://$host4_v4/page"

# --- conntrack

start ip netns exec "$host6" bash -c \
	"exec 3<>/dev/tcp/$host4_v6/7 && echo hello >&3 && read -r line <&3 && echo \$line; exec sleep infinity"
ok "a connection stays open" busywait 10000 grep hello "$tmp/log.$pid"
start ip netns exec "$host4" bash -c \
	"exec 3<>/dev/tcp/$host6_v4/7 && echo hello >&3 && read -r line <&3 && echo \$line; exec sleep infinity"
ok "and one from IPv4" busywait 10000 grep hello "$tmp/log.$pid"
entries() { r conntrack -L -f "$1" -p tcp --orig-port-dst 7 --state ESTABLISHED 2>/dev/null; }
ok "assured, masqueraded" grep "ESTABLISHED src=$host6_v4 dst=$host4_v4 .*src=$host4_v4 dst=$router_v4 .*\[ASSURED\]" <(entries ipv4)
ok "assured, from IPv4" grep "ESTABLISHED src=$host4_v4 dst=$host6_v4 .*src=$host6_v4 dst=$host4_v4 .*\[ASSURED\]" <(entries ipv4)
ok "assured in IPv6" grep "ESTABLISHED src=$host6_v6 dst=$host4_v6 .*\[ASSURED\]" <(entries ipv6)
ok "assured in IPv6, from IPv4" grep "ESTABLISHED src=$host4_v6 dst=$host6_v6 .*\[ASSURED\]" <(entries ipv6)
same 0 "$(packets "$router" inet invalid invalid4)" "no IPv4 packet is invalid to conntrack"
same 0 "$(packets "$router" inet invalid invalid6)" "no IPv6 packet is invalid to conntrack"
finish
