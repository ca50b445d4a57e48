#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One place to filter: the IPv6 forward chain. A stateful firewall there lets
# replies in and keeps unsolicited IPv4 out, and conntrack of both families
# sees both directions.
#
#   $host6 ---- lan [ $router: ip6 forward, policy drop ] wan ---- $host4
#                          oifname "nat64" ->
#                       <- iifname "nat64"
. "$(dirname "$0")/lib.sh"
need curl socat nft conntrack

basic
http_server "$host4" $host4_v4 80
http_server "$host6" $host6_v6 80
echo_server "$host4" tcp4 7
echo_server "$host6" tcp6 7
echo_server "$host4" udp4 7
echo_server "$host6" udp6 7

run r nft -f - <<'END'
table ip6 filter {
	counter to_ipv4 { }
	counter from_ipv4 { }
	counter unsolicited { }
	counter no_way_back { }
	chain prerouting {
		type filter hook prerouting priority raw
		fib saddr . iif oif missing counter name no_way_back drop
	}
	chain forward {
		type filter hook forward priority filter; policy drop
		iifname "lan" oifname "nat64" counter name to_ipv4
		iifname "nat64" oifname "lan" counter name from_ipv4
		ct state established,related accept
		iifname "lan" oifname "nat64" accept
		iifname "nat64" counter name unsolicited
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
	chain postrouting {
		type filter hook postrouting priority filter
		ct state invalid meta nfproto ipv4 counter name invalid4
	}
}
END

ok "TCP from IPv6: replies come in" fetch "$host6" "http://[$host4_v6]/page"
ok "UDP from IPv6: replies come in" echoes "$host6" udp $host4_v6 7
ok "ping from IPv6: replies come in" h6 ping -c 2 -i 0.2 -W 10 $host4_v6
status 1 "ICMP errors come in as related" h6 bash -c \
	"exec 3<>/dev/udp/$host4_v6/9 && echo >&3 && read -r -t 10 <&3"
ok "the sender is told: connection refused" grep "Connection refused" <<<"$output"
same 0 "$(packets "$router" ip6 filter unsolicited)" "no reply counts as unsolicited"


# kept_out WHAT STATUS COMMAND...: the firewall sees it and stops it.
kept_out() {
	local before
	before=$(packets "$router" ip6 filter unsolicited)
	status "$2" "unsolicited $1 from IPv4 gets no answer" "${@:3}"
	ok "the forward chain has stopped it" grew "$before" packets "$router" ip6 filter unsolicited
}
# waits FAMILY PROTOCOL: for how many seconds conntrack keeps the entries of connections without an answer.
waits() { r conntrack -L -f "$1" -p "$2" 2>/dev/null | sed -nE '/\[UNREPLIED\]/s/^[a-z]+ +[0-9]+ +([0-9]+) .*/\1/p'; }
kept_out TCP 28 h4 curl -sS --connect-timeout 2 "http://$host6_v4/page"
for left in $(waits ipv4 tcp); do
	[ "$left" -le 10 ]
	point $? "IPv4's conntrack forgets it soon: in $left s"
done
same 1 "$(waits ipv4 tcp | wc -l)" "it has one entry"
kept_out UDP 124 h4 timeout 2 bash -c "exec 3<>/dev/udp/$host6_v4/7 && echo >&3 && read -r <&3"
kept_out ping 1 h4 ping -c 1 -W 1 $host6_v4

run r nft insert rule ip6 filter forward iifname nat64 oifname lan tcp dport 80 accept
ok "a rule lets TCP port 80 in" fetch "$host4" "http://$host6_v4/page"
kept_out "TCP to another port" 28 h4 curl -sS --connect-timeout 2 "http://$host6_v4:7/page"
run r nft insert rule ip6 filter forward iifname nat64 ip6 saddr $host4_v6 accept
ok "a rule lets UDP in, by source" echoes "$host4" udp $host6_v4 7
ok "and ping" h4 ping -c 1 -W 10 $host6_v4

fails 'packets to IPv4 match oifname "nat64"' test "$(packets "$router" ip6 filter to_ipv4)" = 0
fails 'packets from IPv4 match iifname "nat64"' test "$(packets "$router" ip6 filter from_ipv4)" = 0
same 0 "$(packets "$router" ip6 filter no_way_back)" "strict fib filter: every packet came where its answer goes"
same 0 "$(packets "$router" inet invalid invalid4)" "no IPv4 packet is invalid to conntrack"
same 0 "$(packets "$router" inet invalid invalid6)" "no IPv6 packet is invalid to conntrack"

# --- conntrack, while a connection is open

# talk NS ADDRESS: a connection that said something each way and stays open.
talk() {
	start ip netns exec "$1" bash -c \
		"exec 3<>/dev/tcp/$2/7 && echo hello >&3 && read -r line <&3 && echo \$line; exec sleep infinity"
	ok "a connection from $1 to $2" busywait 10000 grep hello "$tmp/log.$pid"
}
entries() { r conntrack -L -f "$1" -p tcp --orig-port-dst 7 2>/dev/null; }
run r conntrack -F
talk "$host6" $host4_v6
ok "assured in IPv6" grep "ESTABLISHED src=$host6_v6 dst=$host4_v6 .*\[ASSURED\]" <(entries ipv6)
ok "assured in IPv4" grep "ESTABLISHED src=$host6_v4 dst=$host4_v4 .*\[ASSURED\]" <(entries ipv4)
run r conntrack -F
talk "$host4" $host6_v4
ok "assured in IPv6" grep "ESTABLISHED src=$host4_v6 dst=$host6_v6 .*\[ASSURED\]" <(entries ipv6)
ok "assured in IPv4" grep "ESTABLISHED src=$host4_v4 dst=$host6_v4 .*\[ASSURED\]" <(entries ipv4)
ok "for as long as any" grep -E "^tcp +6 +4[0-9]{5} ESTABLISHED" <(entries ipv4)
same 2 "$({ entries ipv4; entries ipv6; } | wc -l)" "and there are no other entries"
finish
