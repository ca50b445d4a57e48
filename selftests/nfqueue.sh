#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A program of the user's decides in an NFQUEUE rule, in any chain of either
# family: what it accepts is translated and goes on as without it. Packets that
# wait in the queue do not keep the module, nor bring the kernel down later.
#
#   $host6 ---- lan  $router  wan ---- $host4
#                      |
#         ip, ip6: prerouting, input, forward, output, postrouting -> queue
. "$(dirname "$0")/lib.sh"
need curl socat nft python3
ko=${NAT64_KO:-/out/nat64.ko}

basic
run r nat64ctl add pool 192.0.2.0/24
http_server "$host4" $host4_v4 80
http_server "$host6" $host6_v6 80
echo_server "$host4" udp4 7
echo_server "$host6" udp6 7

# queuer accept|hold: the program, its id in $queuer.
queuer() {
	start ip netns exec "$router" python3 "$(dirname "$0")/nfqueue.py" "$1" 64
	queuer=$pid
	busywait 20000 grep ready "$tmp/log.$queuer" || run false "no queue: $(cat "$tmp/log.$queuer")"
}
queuer accept

both_ways() {
	ok "$1: TCP from IPv6" fetch "$host6" "http://[$host4_v6]/page"
	ok "$1: TCP from IPv4" fetch "$host4" "http://$host6_v4/page"
	ok "$1: UDP from IPv6" echoes "$host6" udp $host4_v6 7
	ok "$1: ping from IPv4" h4 ping -c 1 -W 10 $host6_v4
}

# pings FAMILY: matches them.
pings() {
	case $1 in
	ip) echo "icmp type { echo-request, echo-reply }" ;;
	ip6) echo "icmpv6 type { echo-request, echo-reply }" ;;
	esac
}

# Family, hook, priority: before and after the places where packets change family.
while read -r family hook priority; do
	run r nft -f - <<-END
		table $family queued {
			counter queued { }
			chain c {
				type filter hook $hook priority $priority
				meta l4proto { tcp, udp } counter name queued queue num 64
				$(pings "$family") counter name queued queue num 64
			}
		}
	END
	ok "$family $hook $priority: TCP from IPv6" fetch "$host6" "http://[$host4_v6]/page"
	ok "$family $hook $priority: TCP from IPv4" fetch "$host4" "http://$host6_v4/page"
	ok "$family $hook $priority: ping" h6 ping -c 1 -W 10 $host4_v6
	ok "$family $hook $priority: packets were queued" grew 10 packets "$router" "$family" queued queued
	run r nft delete table "$family" queued
done <<'END'
ip6 prerouting -300
ip6 forward 0
ip6 postrouting 0
ip prerouting -300
ip prerouting 0
ip output 0
ip postrouting 300
END

# All of them at once, and conntrack before and after.
for family in ip ip6; do
	for hook in prerouting input forward output postrouting; do
		echo "add table $family queued
			add chain $family queued $hook { type filter hook $hook priority filter; }
			add rule $family queued $hook ct state invalid drop
			add rule $family queued $hook meta l4proto { tcp, udp } queue num 64"
	done
done >"$tmp/all.nft"
run r nft -f "$tmp/all.nft"
both_ways "all chains"
ok "all chains: the router itself, IPv4" fetch "$router" "http://$host6_v4/page"
ok "all chains: the router itself, IPv6" fetch "$router" "http://[$host4_v6]/page"
stop "$queuer"
run r nft flush ruleset

# --- packets that wait while the module goes

# How many packets wait.
queue_total() { r awk '$1 == 64 {print $3}' /proc/net/netfilter/nfnetlink_queue; }
wait_in() {
	run r nft -f - <<-END
		table $1 held {
			chain c {
				type filter hook $2 priority $3
				$(pings "$1") queue num 64
			}
		}
	END
	queuer hold
	start ip netns exec "$host6" ping -q -i 0.05 $host4_v6
	pings6=$pid
	start ip netns exec "$host4" ping -q -i 0.05 $host6_v4
	pings4=$pid
	ok "$1 $2: packets wait" busywait 10000 grew 5 queue_total
}
few() { [ "$(queue_total)" -lt 5 ]; }
release() {
	kill -USR1 "$queuer"
	ok "$1: the program lets go of them" busywait 10000 grep releasing "$tmp/log.$queuer"
	ok "$1: hardly any is left" busywait 10000 few
	stop "$pings6"
	stop "$pings4"
	stop "$queuer"
	run r nft flush ruleset
}
configure() {
	run r nat64ctl set prefix 64:ff9b::/96
	run r nat64ctl add map $host6_v4 $host6_v6
}
for chain in "ip6 postrouting 0" "ip prerouting 0"; do
	# shellcheck disable=SC2086 # three words
	wait_in $chain
	run r nat64ctl reset
	release "$chain, reset"
	configure
	ok "$chain: works again after reset" h6 ping -c 1 -W 10 $host4_v6
	if [ -e "$ko" ]; then
		# shellcheck disable=SC2086
		wait_in $chain
		run rmmod nat64
		release "$chain, rmmod"
		run insmod "$ko"
		configure
		ok "$chain: works again after rmmod" h6 ping -c 1 -W 10 $host4_v6
	fi
done
finish
