#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# IPsec policies of the router: what an IPv6 policy wants wrapped is not
# translated, IPv4 ones decide about what becomes IPv4 and about what was.
#
#   $host6 ---- lan  $router  wan ==== ESP tunnel ==== wan $host4
#               2001:db8:1::1  198.51.100.1            198.51.100.2
. "$(dirname "$0")/lib.sh"
need curl socat nft

# half NS SRC DST SPI: one direction of a tunnel.
half() {
	ip netns exec "$1" ip xfrm state add src "$2" dst "$3" proto esp spi "$4" reqid 64 mode tunnel \
		aead "rfc4106(gcm(aes))" "0x$(printf %040d 64)" 128
}

basic
half "$router" $router_v4 $host4_v4 0x100 || skip "no ESP with AES-GCM in this kernel"
run r ip xfrm state flush
http_server "$host4" $host4_v4 80
http_server "$host6" $host6_v6 80
echo_server "$host4" udp4 7
echo_server "$host6" udp6 7
run r nft -f - <<END
table inet wan {
	counter esp_out { }
	counter esp_in { }
	counter plain_out { }
	counter lan_esp { }
	chain egress {
		type filter hook postrouting priority 300
		oifname "wan" meta l4proto esp counter name esp_out
		oifname "wan" ip saddr $host6_v4 counter name plain_out
		oifname "lan" meta l4proto esp counter name lan_esp
	}
	chain ingress {
		type filter hook prerouting priority raw
		iifname "wan" meta l4proto esp counter name esp_in
	}
}
END
# What the IPv4 host gets of ours without a tunnel around it.
run h4 nft -f - <<END
table ip seen {
	counter plain { }
	chain prerouting {
		type filter hook prerouting priority raw
		ip saddr $host6_v4 meta ipsec missing counter name plain
	}
}
END
both_ways() {
	ok "$1: TCP from IPv6" fetch "$host6" "http://[$host4_v6]/page"
	ok "$1: TCP from IPv4" fetch "$host4" "http://$host6_v4/page"
	ok "$1: UDP from IPv6" echoes "$host6" udp $host4_v6 7
	ok "$1: ping from IPv4" h4 ping -c 1 -W 10 $host6_v4
}

# --- policies that forbid

run r ip xfrm policy add dir fwd src $host4_v4 dst $host6_v4 action block
before=$(counted drop-policy)
fails "an IPv4 forward policy forbids: nothing from IPv4" h4 ping -c 1 -W 1 $host6_v4
ok "it is counted" grew "$before" counted drop-policy
run r ip xfrm policy flush
ok "without it: open" h4 ping -c 1 -W 10 $host6_v4

run r ip xfrm policy add dir out src $host6_v4 dst $host4_v4 action block
fails "an IPv4 out policy forbids: nothing from IPv6" h6 ping -c 1 -W 1 $host4_v6
run r ip xfrm policy flush
ok "without it: open" h6 ping -c 1 -W 10 $host4_v6

run r ip xfrm policy add dir fwd src $host4_v4 dst $host6_v4 \
	tmpl src $host4_v4 dst $router_v4 proto esp mode tunnel
before=$(counted drop-policy)
fails "a policy wants ESP: what comes plain is dropped" h4 ping -c 1 -W 1 $host6_v4
ok "it is counted" grew "$before" counted drop-policy
run r ip xfrm policy flush

# --- a tunnel on the IPv4 side

for ns in "$router" "$host4"; do
	run half "$ns" $router_v4 $host4_v4 0x100
	run half "$ns" $host4_v4 $router_v4 0x200
done
policy() {
	run in_ns "$1" ip xfrm policy add dir "$2" src "$3" dst "$4" \
		tmpl src "$5" dst "$6" proto esp reqid 64 mode tunnel
}
policy "$router" out $host6_v4 $host4_v4 $router_v4 $host4_v4
policy "$router" fwd $host4_v4 $host6_v4 $host4_v4 $router_v4
policy "$host4" out $host4_v4 $host6_v4 $host4_v4 $router_v4
policy "$host4" in $host6_v4 $host4_v4 $router_v4 $host4_v4
run r nft reset counters
run h4 nft reset counters
both_ways "IPv4 tunnel"
ok "IPv4 tunnel: what went out was wrapped" grew 10 packets "$router" inet wan esp_out
ok "IPv4 tunnel: what came in was, too" grew 10 packets "$router" inet wan esp_in
same 0 "$(packets "$host4" ip seen plain)" "IPv4 tunnel: nothing came plain"
run r ip xfrm policy flush
run in_ns "$host4" ip xfrm policy flush

# --- an IPv6 policy for the prefix: not for us

both_ways "no policy"
run r ip xfrm state add src $router_v6 dst $host6_v6 proto esp spi 0x300 reqid 65 mode tunnel \
	aead "rfc4106(gcm(aes))" "0x$(printf %040d 65)" 128
run r ip xfrm policy add dir out src $host6_v6 dst $host4_v6 \
	tmpl src $router_v6 dst $host6_v6 proto esp reqid 65 mode tunnel
before=$(counted icmp-64-packets)
run r nft reset counters
fails "an IPv6 policy wants it wrapped: no answer" h6 ping -c 2 -i 0.2 -W 1 $host4_v6
same "$before" "$(counted icmp-64-packets)" "none was translated"
same 0 "$(packets "$router" inet wan plain_out)" "nothing went to the IPv4 side"
same 2 "$(packets "$router" inet wan lan_esp)" "they left wrapped"
run r ip xfrm policy flush
both_ways "policy gone"
finish
