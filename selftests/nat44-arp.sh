#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# --proxy-arp: external addresses on a network that the router is connected to are answered for, as long as they have a
# rule.
#
#   $inside                   $router                       $outside
#   10.0.0.2, .3, .4 ---- lan 10.0.0.1  198.51.100.1 wan ---- wan 198.51.100.2
#                                 203.0.113.254 br-wan - port -- far 203.0.113.1
. "$(dirname "$0")/lib.sh"
need nft python3

inside='' outside=''
setup_ns inside router outside
# Otherwise only what is routed to another interface is answered for, by the kernel itself.
r nft add table arp probe 2>/dev/null || skip "no ARP hooks in this kernel"
forwarding "$router"
run ip -n "$router" link add br-wan type bridge
run ip -n "$router" link set br-wan up
link "$inside" lan "$router" lan
link "$outside" wan "$router" wan
link "$outside" far "$router" port
run ip -n "$router" link set port master br-wan
addr "$inside" lan 10.0.0.2/24 10.0.0.3/24 10.0.0.4/24
addr "$router" lan 10.0.0.1/24
addr "$router" wan 198.51.100.1/24
addr "$router" br-wan 203.0.113.254/24
addr "$outside" wan 198.51.100.2/24
addr "$outside" far 203.0.113.1/24
run ip -n "$inside" route add default via 10.0.0.1

nat64() { r nat64ctl "$@"; }
tellers "$inside" "$outside"
silence="[Errno 113] No route to host"
proxies() { ip -n "$router" neighbour show proxy | awk '{print $1, $2, $3}' | sort | xargs; }
forget() { ip -n "$outside" neighbour flush all 2>/dev/null; }

ok "a rule with an external address of its link's network" nat64 add nat44 10.0.0.2 198.51.100.77 dev wan
same "$silence" "$(tells "$outside" tcp 198.51.100.2 198.51.100.77)" "nobody answers ARP for it"
run nat64 flush nat44
ok "the same with --proxy-arp" nat64 add nat44 10.0.0.2 198.51.100.77 dev wan --proxy-arp
same "answers ARP for 198.51.100.77 on wan" "$output" "it says so"
same "198.51.100.77 dev wan" "$(proxies)" "it is a proxy entry of the kernel's"
forget
seen "$outside" 198.51.100.2 198.51.100.77 198.51.100.2 10.0.0.2 "it is answered for, in"
forget
seen "$inside" 10.0.0.2 198.51.100.2 198.51.100.77 198.51.100.2 "it is answered for, out"
ok "another one, on a bridge" nat64 add nat44 10.0.0.3 203.0.113.77 dev br-wan --proxy-arp
seen "$outside" 203.0.113.1 203.0.113.77 203.0.113.1 10.0.0.3 "it is answered for, too"
run nat64 add nat44 10.0.0.2 203.0.113.78 dev br-wan
same "203.0.113.78 10.0.0.3" "$(tells "$inside" tcp 10.0.0.2 203.0.113.77)" "inside it is reached by it as well"
run nat64 del nat44 10.0.0.2 dev br-wan
ok "a prefix" nat64 add nat44 10.0.1.0/30 198.51.100.80/30 dev wan --proxy-arp
same "198.51.100.77 dev wan 198.51.100.80 dev wan 198.51.100.81 dev wan 198.51.100.82 dev wan \
198.51.100.83 dev wan 203.0.113.77 dev br-wan" "$(proxies)" "each of its addresses is answered for"

run ip -n "$router" neighbour add proxy 198.51.100.88 dev wan
ok "an address that somebody answers for already" nat64 add nat44 10.0.0.4 198.51.100.88 dev wan --proxy-arp
same "" "$output" "is left alone"
ok "when its rule goes" nat64 del nat44 10.0.0.4 dev wan
ok "the entry stays" grep "198.51.100.88 dev wan" <<<"$(proxies)"
run ip -n "$router" neighbour del proxy 198.51.100.88 dev wan

ok "a rule goes" nat64 del nat44 10.0.0.2 dev wan
same "no longer answers ARP for 198.51.100.77 on wan" "$output" "it says that it no longer answers"
forget
same "$silence" "$(tells "$outside" tcp 198.51.100.2 198.51.100.77)" "nor does it"
ok "a prefix goes" nat64 del nat44 10.0.1.0/30 dev wan
same "203.0.113.77 dev br-wan" "$(proxies)" "with all of its entries"
same "203.0.113.1 10.0.0.3" "$(tells "$outside" tcp 203.0.113.1 203.0.113.77)" "others are answered for as before"

refused "no interface nowhere" "an interface that is not there" nat64 add nat44 10.0.0.2 5.5.5.5 dev nowhere --proxy-arp
refused "more than the 256" "a prefix that is too large" nat64 add nat44 10.2.0.0/23 5.5.4.0/23 dev wan --proxy-arp
printf 'add nat44 10.0.0.2 198.51.100.77 dev wan --proxy-arp\nadd nat44 10.0.0.2 198.51.100.78 dev wan\n' >"$tmp/batch"
refused "already" "a batch that is not done" nat64 --atomic -b "$tmp/batch"
same "203.0.113.77 dev br-wan" "$(proxies)" "nothing refused was answered for"
same 1 "$(nat64 list nat44 | grep -c br-wan)" "nor is any of the rules there"

nat64 show >"$tmp/shown"
ok "the file has it" grep -qx "ProxyArp = true" "$tmp/shown"
ok "all are deleted" nat64 flush nat44
same "" "$(proxies)" "nothing is answered for"
ok "the file is loaded" nat64 load "$tmp/shown"
same "answers ARP for 203.0.113.77 on br-wan" "$output" "it is answered for again"
ok "and shown as before" diff "$tmp/shown" <(nat64 show)
ok "loaded again" nat64 load "$tmp/shown"
same "" "$output" "nothing changes"
sed -i s/true/false/ "$tmp/shown"
ok "a file that does not ask for it" nat64 load "$tmp/shown"
same "" "$(proxies)" "it is answered for no more"
sed -i s/false/true/ "$tmp/shown"
run nat64 load "$tmp/shown"
ok "reset" nat64 reset
same "" "$(proxies)" "takes it back"
finish
